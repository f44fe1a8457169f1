"""Edit types of the implicit group: one file each."""
