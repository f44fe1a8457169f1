"""The built-in kinds of object: one module per family, found by `anyedit.world.kinds`."""
