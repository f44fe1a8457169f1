"""What several animals share: ears, legs, hooves, surfaces."""

from __future__ import annotations

from anyedit.world.bodies import aimed, chain
from anyedit.world.kinds import Surface
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import (
    Distance,
    lathe,
    smooth_profile,
)

NOSE = Surface((0.06, 0.05, 0.05), "leather")
PINK = Surface((0.93, 0.60, 0.58), "skin")
CREAM = Surface((0.95, 0.90, 0.80), "fur")
HOOF = Surface((0.16, 0.13, 0.11), "leather")
HORN = Surface((0.90, 0.85, 0.72), "ceramic")


def pointed_ear(
    at: tuple[float, float, float],
    along: tuple[float, float, float],
    width: float,
    length: float,
    thick: float = 0.3,
) -> Mesh:
    """A pointed, slightly flattened ear whose broad side faces the front."""
    profile = smooth_profile(
        [(width * 0.7, -length * 0.15), (width, length * 0.15), (width * 0.72, length * 0.6), (0, length)], 4
    )
    return lathe([(0, -length * 0.15), *profile], 18, crease=60).moved(
        aimed(at, along) @ affine(scale=(1, thick, 1))
    )


def animal_legs(x: float, front: list[list[tuple[float, float]]], radii: list[float]) -> list[Distance]:
    """Legs in the planes x and -x; each is a list of (y, z)."""
    bones = []
    for index, line in enumerate(front):
        side = x if index % 2 == 0 else -x
        bones += chain([(side, y, z) for y, z in line], radii)
    return bones


def hooves(x: float, feet: list[tuple[float, float]], r: float, h: float) -> Mesh:
    """Hooves below feet (y, z of the ankle); the order is that of `legs`."""
    profile = [(0, 0), (r * 1.12, 0), (r * 1.12, h * 0.15), (r * 0.86, h), (0, h)]
    return joined(
        [lathe(profile, 18, at=((x if i % 2 == 0 else -x), y - r * 0.1, z)) for i, (y, z) in enumerate(feet)]
    )


FARM = ("outdoor", "farm", "meadow")
