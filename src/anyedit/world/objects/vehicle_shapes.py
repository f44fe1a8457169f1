"""What several vehicles share: wheels, axles, panes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from anyedit.world.kinds import Part, Surface
from anyedit.world.mesh import Mesh, affine
from anyedit.world.shapes import Point, cut, cylinder, lathe
from anyedit.world.surfaces import RIM, RUBBER

LIT = {"headlights on": "switch on the headlights"}
ROAD = ("outdoor", "street", "night city", "garage")
SWITCH = {"switch_on": "headlights on"}


def wheel(radius: float, width: float, at: Point, rim: Surface = RIM, share: float = 0.62) -> list[Part]:
    """A tyre and its dished rim, axle along x through `at`; `share` is the rim's part of the radius."""
    tyre, face = _wheel(float(radius), float(width), share)
    # The dished face looks outward: to +x on the right, to -x on the left.
    turn = affine(tuple(at), (0, 90 if at[0] >= 0 else -90, 0))
    return [Part("tyre", tyre.moved(turn), RUBBER), Part("rim", face.moved(turn), rim)]


@lru_cache(maxsize=8)  # the wheels of a vehicle are alike
def _wheel(radius: float, width: float, share: float) -> tuple[Mesh, Mesh]:
    """The tyre and the rim of a wheel about the origin, axle along z, dished face upward."""
    r, w, s = radius, width / 2, radius * share
    tyre = lathe(
        [
            (s, -w),
            (r * 0.9, -w),
            (r * 0.98, -w * 0.75),
            (r, -w * 0.4),
            (r, w * 0.4),
            (r * 0.98, w * 0.75),
            (r * 0.9, w),
            (s, w),
            (s, -w),
        ],
        26,
    )
    disc = [(0, -w * 0.7), (s, -w * 0.7), (s, w * 0.9), (s * 0.86, w * 0.9), (s * 0.8, w * 0.55)]
    face = lathe([*disc, (s * 0.35, w * 0.6), (s * 0.3, w * 0.85), (0, w * 0.85)], 26)
    holes = [
        cylinder(s * 0.13, w, (s * 0.57 * np.cos(a), s * 0.57 * np.sin(a), w * 0.35), segments=8)
        for a in np.arange(5) * 2 * np.pi / 5
    ]
    return tyre, cut(face, *holes)


def axles(
    body: Mesh, stations: tuple[float, ...], radius: float, width: float, track: float
) -> tuple[Mesh, list[Part]]:
    """The body with wheel arches cut out, and its wheels, at the given y stations."""
    tools, wheels = [], []
    for y in stations:
        for sign in (-1, 1):
            x = sign * (track - width) / 2
            arch = cylinder(radius * 1.16, width * 1.5, bevel=0, segments=28).moved(
                affine((0, 0, -width * 0.75))
            )
            tools.append(arch.moved(affine((x + sign * width * 0.25, y, radius), (0, 90, 0))))
            wheels += wheel(radius, width, (x, y, radius))
    return cut(body, *tools), wheels
