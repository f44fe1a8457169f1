"""Edit types of the local group: one file each."""
