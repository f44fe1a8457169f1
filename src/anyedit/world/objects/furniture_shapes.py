"""What several pieces of furniture share: legs, cushions, woods."""

from __future__ import annotations

import numpy as np

from anyedit.world.mesh import Mesh, joined
from anyedit.world.shapes import (
    loft,
    rod,
    rounded_ring,
    sweep,
)

HOME = ("indoor", "living room", "bedroom", "studio")


def cushion(
    width: float,
    depth: float,
    height: float,
    at: tuple[float, float, float],
    round_: float = 0.14,
) -> Mesh:
    """A pillow-like block: superellipse sections that swell in the middle; `at` is its bottom centre."""
    rings = []
    for t in np.linspace(-1, 1, 11):
        share = (1 - abs(t) ** 4) ** 0.25 if abs(t) < 1 else 0.0
        inset = 0.88 + 0.12 * share
        rings.append(
            rounded_ring(
                width * inset,
                depth * inset,
                at[2] + height * (t + 1) / 2,
                round_,
                44,
                (at[0], at[1]),
            )
        )
    return loft(rings, crease=60)


def four(x: float, y: float) -> list[tuple[float, float]]:
    """The corners (±x, ±y), metres, counter-clockwise from the front left."""
    return [(-x, -y), (x, -y), (x, y), (-x, y)]


def four_legs(x: float, y: float, top: float, thick: float, splay: float, round_: bool) -> Mesh:
    """Four legs from the ground to `top`, their upper ends at (±x, ±y); splay widens the feet (share)."""
    made = []
    for a, b in four(x, y):
        if round_:
            made.append(
                rod(
                    (a * (1 + splay), b * (1 + splay), 0),
                    (a, b, top),
                    (thick * 0.33, thick * 0.52),
                    16,
                )
            )
        else:
            rings = [
                rounded_ring(t, t, z, 0.06, 20, (a * (1 + s), b * (1 + s)))
                for z, t, s in (
                    (0, thick * 0.72, splay),
                    (top * 0.75, thick, splay * 0.25),
                    (top, thick, 0),
                )
            ]
            made.append(loft(rings, crease=30))
    return joined(made)


def pull(at: tuple[float, float, float], width: float) -> Mesh:
    """A drawer's handle, a bent rod `width` metres wide before the point `at`."""
    x, y, z = at
    return sweep([(x - width / 2, y, z), (x - width / 2, y - 0.02, z), (x + width / 2, y - 0.02, z), (x + width / 2, y, z)], 0.006, 10)  # fmt: skip
