"""Hollow bodies turned on an axis, and bent tubes."""

from __future__ import annotations

from anyedit.world.blocks import curve
from anyedit.world.mesh import Array, Mesh
from anyedit.world.shapes import Points, sweep


def tube(stations: Points, steps: int = 5, segments: int = 16, flat: float = 1.0) -> Mesh:
    """A smooth bent tube through stations (x, y, z, radius)."""
    path: Array = curve(stations, steps)
    return sweep(path[:, :3], path[:, 3], segments, flat)
