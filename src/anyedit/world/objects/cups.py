"""Mugs and glasses."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import settled, wrapped_panel
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.objects.habitats import DINING
from anyedit.world.objects.vessel_shapes import tube
from anyedit.world.shapes import lathe, smooth_profile, sweep


def _mug(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, wall = p["radius"], p["height"], 0.004
    waist = r * p["waist"]
    outside = smooth_profile([(r * 0.86, 0), (waist, h * 0.3), (r, h)])
    inside = [(radius - wall, height) for radius, height in outside if height > 0.012][::-1]
    body = lathe([(0, 0), *outside, (r - wall / 2, h + wall / 3), *inside, (0, 0.008)], 48)
    t = np.linspace(-1.15, 1.15, 16)
    handle = np.column_stack(
        [waist * 0.97 + p["grip"] * np.cos(t) - p["grip"] * 0.35, 0 * t, h * 0.5 + h * 0.32 * np.sin(t)]
    )
    return [Part("body", body), Part("handle", sweep(handle, 0.0054, flat=1.5))]


def _souvenir_mug(p: Mapping[str, float], state: str | None) -> list[Part]:
    """A straight mug that is printed on; the print's ground is the glaze, so it follows the mug's colour."""
    r, h, wall = p["radius"], p["height"], 0.0042
    outside = [(r * 0.93, 0), (r * 0.985, 0.003), (r, 0.008), (r, h - 0.002), (r - 0.001, h)]
    inside = [(r - wall, h - 0.001), (r - wall, 0.016), (r * 0.8, 0.01)]
    body = lathe([(0, 0.002), (r * 0.86, 0.002), (r * 0.87, 0), *outside, *inside, (0, 0.01)], 56)
    grip = tube(
        [(r * 0.96, 0, h * 0.82, 0.0075), (r * 1.36, 0, h * 0.84, 0.0072), (r * 1.66, 0, h * 0.62, 0.007),
         (r * 1.6, 0, h * 0.36, 0.007), (r * 1.3, 0, h * 0.19, 0.0072), (r * 0.96, 0, h * 0.18, 0.0075)], flat=1.4
    )  # fmt: skip
    label = wrapped_panel(r + 0.0006, 84, h * 0.2, h * 0.82)
    drink = lathe(
        [(0, h * 0.86), (r - wall * 0.9, h * 0.86), (r - wall * 0.9, h * 0.868), (0, h * 0.868)], 40
    )
    return settled(
        [
            Part("body", body),
            Part("handle", grip),
            Part("coffee", drink, Surface((0.16, 0.075, 0.035), "ceramic")),
            Part("label", label, Surface("body", "ceramic"), label=True),
        ]
    )


def _wine_glass(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    stem = h * p["stem"]
    foot = [
        (0, 0),
        (r * 0.92, 0),
        (r * 0.93, 0.0025),
        (r * 0.5, 0.006),
        (0.0055, 0.014),
        (0.0038, stem * 0.6),
        (0.006, stem),
    ]
    cup = smooth_profile(
        [(0.006, stem), (r * 0.78, stem + (h - stem) * 0.22), (r, stem + (h - stem) * 0.48), (r * 0.76, h)], 6
    )
    wall = 0.0018
    inside = [(max(x - wall, 1e-4), z) for x, z in cup if z > stem + 0.006][::-1]
    body = lathe([*foot, *cup[1:], (r * 0.76 - wall / 2, h + 0.0006), *inside, (0, stem + 0.006)], 52)
    level = stem + (h - stem) * p["fill"]
    wine = [(max(x - wall * 1.6, 1e-4), z) for x, z in cup if stem + 0.008 < z < level]
    drink = lathe([(0, wine[0][1]), *wine, (0, wine[-1][1])], 44)
    return settled([Part("body", body), Part("wine", drink, Surface((0.32, 0.02, 0.07), "ceramic"))])


register(
    Kind(
        "mug",
        "household",
        _mug,
        params={
            "radius": (0.039, 0.047),
            "height": (0.082, 0.102),
            "waist": (0.9, 1.02),
            "grip": (0.028, 0.036),
        },
        colours=("red", "white", "blue", "teal", "yellow", "black"),
        materials=("ceramic", "plastic", "brushed metal"),
        contexts=("kitchen", "office", "living room", "cafe"),
        topples=True,
    )
)
register(
    Kind(
        "wine glass",
        "household",
        _wine_glass,
        params={"radius": (0.04, 0.05), "height": (0.19, 0.23), "stem": (0.4, 0.48), "fill": (0.35, 0.55)},
        colours=("white", "cyan", "green", "blue"),
        materials=("glass",),
        contexts=DINING,
        plural="wine glasses",
        topples=True,
    )
)
register(
    Kind(
        "souvenir mug",
        "household",
        _souvenir_mug,
        params={"radius": (0.04, 0.046), "height": (0.094, 0.112)},
        colours=("white", "yellow", "red", "teal", "blue", "black"),
        materials=("ceramic", "porcelain"),
        contexts=("kitchen", "office", "living room", "cafe", "studio"),
        text=("HELLO", "COFFEE", "TEA TIME", "BOSS", "LOVE", "SMILE"),
        topples=True,
    )
)
