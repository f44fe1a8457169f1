"""What several plants share: leaves, twigs, pots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anyedit.world.blocks import curve
from anyedit.world.kinds import Surface
from anyedit.world.mesh import Array, Mesh, shaded
from anyedit.world.shapes import Point, sweep

WILTED = Surface((0.52, 0.43, 0.17), "foliage")
STEM = Surface((0.25, 0.50, 0.16), "foliage")
SOIL = Surface((0.16, 0.10, 0.07), "clay")


def leaves(at: Array, along: Array, length: float | Array, width: float) -> Mesh:
    """Small folded leaves, 4 triangles each: at (N, 3) their stalks, along (N, 3) the way they point."""
    z = along / np.linalg.norm(along, axis=1, keepdims=True)
    x = np.cross(np.where(np.abs(z[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]]), z)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    y = np.cross(z, x)
    size = np.broadcast_to(np.asarray(length, float), len(at))[:, None]
    corners = [
        at,
        at + z * size,
        at + (0.45 * z + width * x + 0.12 * y) * size,
        at + (0.45 * z - width * x + 0.12 * y) * size,
    ]
    vertices = np.stack(corners, 1).reshape(-1, 3)
    faces = np.array([[0, 3, 1], [0, 1, 2], [2, 3, 0], [1, 3, 2]])
    return shaded(vertices, (np.arange(len(at))[:, None, None] * 4 + faces).reshape(-1, 3), crease=25)


def blade(path: Sequence[Point] | Array, width: float, thick: float = 0.1) -> Mesh:
    """A broad leaf along a path of points, pointed at both ends."""
    line = curve(path, 5)
    t = np.linspace(0, 1, len(line))
    return sweep(line, np.maximum(np.sin(np.pi * t**0.8) ** 0.8, 0.05) * width, 10, flat=thick)


DRY = {"water_missing": "wilted"}
