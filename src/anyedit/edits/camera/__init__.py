"""Edit types of the camera group: one file each."""
