"""The candle."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import settled
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import joined
from anyedit.world.objects.habitats import DINING
from anyedit.world.objects.vessel_shapes import tube
from anyedit.world.shapes import lathe, smooth_profile, sweep
from anyedit.world.surfaces import BRASS


def _candle(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    lit = state == "lit"
    saucer = lathe(
        [
            (0, 0),
            (r * 1.5, 0),
            (r * 1.95, 0.012),
            (r * 1.98, 0.016),
            (r * 1.9, 0.016),
            (r * 1.45, 0.006),
            (0, 0.006),
        ],
        48,
    )
    ring = [
        (0.5 * r * 0.3 * np.cos(a) + r * 2.06, 0, 0.016 + 0.014 * np.sin(a))
        for a in np.linspace(0, 2 * np.pi, 18, endpoint=False)
    ]
    loop = sweep([(x + (x - r * 2.06) * 1.6, y, z) for x, y, z in ring], 0.0028, 8, closed=True)
    top = h + 0.006
    body = lathe(
        [
            (0, 0.006),
            (r, 0.006),
            (r, top - 0.006),
            (r * 0.97, top - 0.001),
            (r * 0.9, top),
            (r * 0.72, top - 0.006),
            (0, top - 0.009),
        ],
        44,
    )
    drips = []
    for a, length in ((-1.2, 0.32), (-2.4, 0.18), (0.6, 0.24), (2.2, 0.3)):
        x, y = r * 1.0 * np.cos(a), r * 1.0 * np.sin(a)
        drop = h * length * p["drip"]
        drips.append(
            tube(
                [
                    (x * 0.9, y * 0.9, top - 0.002, 0.003),
                    (x, y, top - 0.008, 0.0045),
                    (x, y, top - drop, 0.0042),
                    (x, y, top - drop - 0.008, 0.006),
                    (x, y, top - drop - 0.014, 0.001),
                ],
                4,
                10,
            )
        )
    wick = tube(
        [(0, 0, top - 0.01, 0.0016), (0, 0, top + 0.006, 0.0015), (0.003, 0, top + 0.014, 0.0013)], 3, 8
    )
    parts = [
        Part("body", joined([body, *drips])),
        Part("holder", joined([saucer, loop]), BRASS),
        Part("wick", wick, Surface((0.08, 0.07, 0.06), "fabric")),
    ]
    if lit:
        base = top + 0.006
        outer = smooth_profile([(0, 0), (0.0085, 0.009), (0.0105, 0.02), (0.0065, 0.038), (0, 0.06)], 5)
        inner = smooth_profile([(0, 0), (0.005, 0.006), (0.0055, 0.013), (0.003, 0.022), (0, 0.03)], 5)
        scale = p["flame"]
        flame = lathe([(x * scale, z * scale) for x, z in outer], 28, at=(0, 0, base))
        parts.append(Part("flame", flame, Surface((1.0, 0.62, 0.16), "plastic", glow=26.0)))
        core = lathe(
            [(x * scale * 1.0, z * scale) for x, z in inner], 20, at=(0, -0.009 * scale, base + 0.004)
        )
        parts.append(Part("core", core, Surface((1.0, 0.92, 0.66), "plastic", glow=34.0)))
    return settled(parts)


register(
    Kind(
        "candle",
        "household",
        _candle,
        params={"radius": (0.02, 0.028), "height": (0.09, 0.17), "drip": (0.6, 1.4), "flame": (0.9, 1.15)},
        colours=("white", "red", "ivory", "yellow", "blue", "green"),
        materials=("wax",),
        contexts=DINING,
        states=("unlit", "lit"),
        verbs={"lit": "light up"},
        effects={"light": "lit"},
        topples=True,
    )
)
