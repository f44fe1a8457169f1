"""Edit types of the visual group: one file each."""
