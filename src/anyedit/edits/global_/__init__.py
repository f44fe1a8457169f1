"""Edit types of the global group: one file each."""
