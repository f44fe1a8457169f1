"""What several birds share: beaks, feet, feathers."""

from __future__ import annotations

import numpy as np

from anyedit.world.bodies import aimed, limb
from anyedit.world.kinds import Surface
from anyedit.world.mesh import Mesh, joined
from anyedit.world.shapes import (
    ellipsoid,
    lathe,
    smooth_profile,
)

BEAK = Surface((0.96, 0.58, 0.08), "plastic")
LEG = Surface((0.90, 0.50, 0.12), "leather")
CREAM = Surface((0.95, 0.91, 0.82), "feathers")


def beak(at: tuple[float, float, float], length: float, radius: float, droop: float = 0.15) -> Mesh:
    """A pointed beak that looks ahead and a little down."""
    profile = smooth_profile(
        [(radius, 0), (radius * 0.78, length * 0.4), (radius * 0.3, length * 0.82), (0, length)], 4
    )
    return lathe([(0, -length * 0.2), (radius, -length * 0.1), *profile], 18, crease=60).moved(
        aimed(at, (0, -1, -droop))
    )


def feathers(
    root: tuple[float, float, float],
    tip: tuple[float, float, float],
    chord: float,
    count: int,
    thick: float,
    sweep_back: float = 0.35,
) -> Mesh:
    """A spread wing: an arm from `root` out to `tip` with long overlapping feathers hanging from it."""
    a, b = np.asarray(root, float), np.asarray(tip, float)
    blades = []
    for k in range(count):
        t = k / (count - 1)
        start = a + (b - a) * t * 0.88
        along = np.array([(b - a)[0] * (0.02 + sweep_back * t), chord * 0.22, -chord * (1.0 - 0.62 * t**2)])
        along *= 0.85 + 0.3 * np.sin(np.pi * t)
        length = float(np.linalg.norm(along)) * 0.54
        blade = ellipsoid((chord * 0.2, thick, length), (0, thick * 0.25 * k, 0), detail=2)
        blades.append(blade.moved(aimed(start + along * 0.5, along)))
    return joined([*blades, limb(a, a + (b - a) * 0.86, (chord * 0.17, chord * 0.11))])


WINGS = {"standing": "fold its wings", "spreading its wings": "spread its wings"}
