"""Things that stand on a table: mugs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.kinds import Kind, Part, register
from anyedit.world.shapes import lathe, smooth_profile, sweep


def _mug(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, wall = p["radius"], p["height"], 0.004
    waist = r * p["waist"]
    outside = smooth_profile([(r * 0.86, 0), (waist, h * 0.3), (r, h)])
    inside = [(radius - wall, height) for radius, height in outside if height > 0.012][::-1]
    body = lathe([(0, 0), *outside, (r - wall / 2, h + wall / 3), *inside, (0, 0.008)], 48)
    t = np.linspace(-1.15, 1.15, 16)
    handle = np.column_stack([waist * 0.97 + p["grip"] * np.cos(t) - p["grip"] * 0.35, 0 * t, h * 0.5 + h * 0.32 * np.sin(t)])
    return [Part("body", body), Part("handle", sweep(handle, 0.0065, flat=1.4))]


register(
    Kind(
        "mug",
        "household",
        _mug,
        params={"radius": (0.036, 0.046), "height": (0.085, 0.115), "waist": (0.9, 1.02), "grip": (0.028, 0.036)},
        colours=("red", "white", "blue", "teal", "yellow", "black"),
        materials=("ceramic", "plastic", "brushed metal"),
        contexts=("kitchen", "office", "living room", "cafe"),
        topples=True,
    )
)
