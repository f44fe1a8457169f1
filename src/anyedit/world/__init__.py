"""A procedural 3D world whose scenes, pictures, masks and edits are exact. See docs/world.md."""
