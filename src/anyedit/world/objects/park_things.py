"""Park bench and trash can."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, placed, settled, slab, wrapped_panel
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import joined
from anyedit.world.shapes import (
    cut,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    rod,
    smooth_profile,
    sweep,
)
from anyedit.world.surfaces import IRON, STEEL


def _bench(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, seat, back = p["width"], p["seat"], p["back"]
    seats = [slab((w, 0.085, 0.035), (0, -0.2 + 0.1 * k, seat - 0.004 * k), 0.008) for k in range(5)]
    backs = [
        slab(
            (w, 0.085, 0.03),
            (0, 0.275 + 0.03 * k, seat + 0.13 + k * (back - 0.16) / 3),
            0.008,
            turn=(76, 0, 0),
        )
        for k in range(4)
    ]
    frames = []
    for x in (-w * 0.42, w * 0.42):
        legs = curve([(x, -0.24, 0), (x, -0.2, seat * 0.5), (x, -0.22, seat - 0.02)], 4)
        rear = curve([(x, 0.3, 0), (x, 0.22, seat * 0.5), (x, 0.25, seat), (x, 0.36, seat + back)], 4)
        arm = curve(
            [
                (x, -0.22, seat - 0.02),
                (x, -0.27, seat + 0.12),
                (x, -0.2, seat + 0.21),
                (x, 0.1, seat + 0.2),
                (x, 0.29, seat + 0.19),
            ],
            4,
        )
        frames += [sweep(path, 0.022, 10) for path in (legs, rear, arm)]
        frames += [
            rod((x, -0.22, seat - 0.025), (x, 0.25, seat - 0.025), 0.018, 10),
            cylinder(0.035, 0.02, (x, -0.24, 0), segments=16),
            cylinder(0.035, 0.02, (x, 0.3, 0), segments=16),
        ]
    return settled(
        [Part("seat", joined(seats)), Part("back", joined(backs)), Part("frame", joined(frames), IRON)]
    )


def _bin(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]

    def flare(z: float) -> float:
        return r * (0.84 + 0.16 * z / h)

    n = 96
    rings = []
    for z in (0.0, h * 0.03, h * 0.97, h):  # corrugated sheet
        angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
        depth = 0.0 if z in (0.0, h) else 0.018 * r / 0.2
        radius = flare(z) * (1 + depth / r * np.cos(24 * angle) * 0.5)
        rings.append(np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.full(n, z)]))
    can = loft(rings, crease=40)
    hollow = lathe(
        [(0, h * 0.05), (flare(h * 0.05) * 0.93, h * 0.05), (flare(h) * 0.95, h * 1.02), (0, h * 1.02)], 40
    )
    hoops = [
        lathe(
            [
                (flare(z) * 0.97, z),
                (flare(z) * 1.05, z),
                (flare(z + 0.025) * 1.05, z + 0.025),
                (flare(z + 0.025) * 0.97, z + 0.025),
            ],
            44,
        )
        for z in (0.0, h * 0.985)
    ]
    lid = lathe(
        [
            (0, 0.0),
            (r * 1.09, 0),
            (r * 1.09, 0.04),
            *smooth_profile([(r * 1.02, 0.05), (r * 0.7, 0.1), (r * 0.2, 0.125)], 4),
            (0, 0.125),
        ],
        44,
    )
    t = np.linspace(0, np.pi, 12)
    grip = sweep(np.column_stack([r * 0.26 * np.cos(t), 0 * t, 0.115 + 0.06 * np.sin(t)]), 0.012, 8)
    grips = both(
        sweep(np.column_stack([r * 0.99 + 0.05 * np.sin(t), r * 0.3 * np.cos(t), 0 * t + h * 0.78]), 0.011, 8)
    )
    label = wrapped_panel(flare(h * 0.38) * 1.06, 104, h * 0.36, h * 0.64, flare(h * 0.64) * 1.06)
    top = [Part("lid", joined([lid, grip]))]
    body = [
        Part("can", cut(can, hollow) if state in ("open", "knocked over") else can),
        Part("hoops", joined(hoops), STEEL),
        Part("handles", grips, STEEL),
        Part("label", label, Surface((0.95, 0.94, 0.9), "plastic"), label=True),
    ]
    if state == "knocked over":
        lying = placed(body, turn=(90, 0, 26))
        low = min(part.mesh.bounds[0][2] for part in lying)
        return settled([*placed(lying, (0, 0, -low)), *placed(top, (-r * 2.4, -h * 0.35, 0))])
    if state == "open":
        leaning = placed(top, (r * 1.62, -0.12, r * 1.05), (0, 72, 12))
        low = min(part.mesh.bounds[0][2] for part in leaning)
        bags = [
            ellipsoid((r * 0.62, r * 0.56, r * 0.34), (-r * 0.12, 0.0, h * 0.97), detail=2),
            ellipsoid((r * 0.4, r * 0.4, r * 0.3), (r * 0.4, r * 0.2, h * 0.99), detail=2),
        ]
        return settled(
            [
                *body,
                *placed(leaning, (0, 0, -low)),
                Part("rubbish", joined(bags), Surface("charcoal", "plastic")),
            ]
        )
    return settled([*body, *placed(top, (0, 0, h))])


register(
    Kind(
        "park bench",
        "outdoor",
        _bench,
        params={"width": (1.3, 1.7), "seat": (0.42, 0.46), "back": (0.42, 0.5)},
        colours=("brown", "green", "red", "blue", "white"),
        materials=("wood", "bamboo", "dark wood", "matte paint"),
        scale="room",
        contexts=("outdoor", "park", "garden", "plaza", "street", "harbour", "snowfield", "forest"),
        surface_of="seat",
        plural="park benches",
    )
)
register(
    Kind(
        "trash can",
        "outdoor",
        _bin,
        params={"radius": (0.2, 0.24), "height": (0.55, 0.7)},
        states=("closed", "open", "knocked over"),
        verbs={"open": "open its lid", "knocked over": "fall over"},
        effects={"knock": "knocked over", "open": "open"},
        colours=("green", "gray", "blue", "red"),
        materials=("steel", "plastic", "matte paint"),
        scale="room",
        contexts=("outdoor", "street", "park", "garage", "plaza"),
        text=("TRASH", "KEEP CLEAN", "RECYCLE", "PAPER", "GLASS"),
        topples=True,
    )
)
