"""What several foods share: surfaces, leaves, plates, wedges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anyedit.world.blocks import curve, prism
from anyedit.world.kinds import Kind, Surface, register
from anyedit.world.mesh import Mesh
from anyedit.world.shapes import (
    sweep,
)  # fmt: skip

WOOD = Surface((0.34, 0.21, 0.11), "wood")
LEAF = Surface((0.20, 0.50, 0.14), "foliage")
CHERRY = Surface((0.75, 0.04, 0.08), "plastic")
CREAM = Surface((0.98, 0.95, 0.88), "wax")
CHOCOLATE = Surface((0.24, 0.12, 0.06), "wax")


def leaf(
    at: tuple[float, float, float],
    tip: tuple[float, float, float],
    width: float,
    steps: int = 6,
    sides: int = 10,
) -> Mesh:
    """A small pointed leaf that arches from `at` to `tip`."""
    a, b = np.asarray(at, float), np.asarray(tip, float)
    line = curve([a, (a + b) / 2 + [0, 0, 0.22 * np.linalg.norm(b - a)], b], steps)
    t = np.linspace(0, 1, len(line))
    return sweep(line, np.maximum(np.sin(np.pi * t), 0.06) * width, sides, flat=0.16)


def wedge(reach: float, angle: float, low: float, high: float, heading: float) -> Mesh:
    """A prism over a slice of a disc, `angle` degrees wide, about the direction `heading`."""
    a = np.radians(np.linspace(heading - angle / 2, heading + angle / 2, 7))
    return prism([(0.0, 0.0), *[(reach * np.cos(v), reach * np.sin(v)) for v in a]], high - low, (0, 0, low))


TABLE = ("indoor", "kitchen", "cafe", "living room", "studio")
FRUIT = (*TABLE, "garden", "park", "farm")


def food(kind: Kind) -> None:
    """Registers a kind as food at the scale of a table."""
    register(replace(kind, category="food", scale="tabletop"))
