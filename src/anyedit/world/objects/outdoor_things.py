"""What stands in streets and parks: bench, hydrant, traffic cone, trash can."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, placed, settled, slab, wrapped_panel
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.shapes import (
    cut,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    rod,
    rounded_ring,
    smooth_profile,
    sweep,
)
from anyedit.world.surfaces import BLACK, IRON, STEEL, WHITE


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


def _hydrant(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    barrel = smooth_profile([(r, h * 0.12), (r * 0.97, h * 0.4), (r, h * 0.68)], 4)
    profile = [
        (0, 0),
        (r * 1.45, 0),
        (r * 1.45, h * 0.05),
        (r * 1.05, h * 0.07),
        *barrel,
        (r * 1.28, h * 0.69),
        (r * 1.28, h * 0.73),
    ]
    dome = smooth_profile(
        [(r * 1.1, h * 0.735), (r * 0.98, h * 0.83), (r * 0.62, h * 0.91), (r * 0.22, h * 0.94)], 5
    )
    body = lathe([*profile, *dome, (0, h * 0.94)], 40)
    mid = lathe([(0, 0), (r * 1.18, 0), (r * 1.18, h * 0.035), (0, h * 0.035)], 40, at=(0, 0, h * 0.28))
    nut = lathe(
        [(0, 0), (r * 0.22, 0), (r * 0.2, h * 0.06), (0, h * 0.06)], 5, crease=20, at=(0, 0, h * 0.94)
    )
    cap = lathe(
        [
            (0, 0),
            (r * 0.42, 0),
            (r * 0.42, r * 0.4),
            (r * 0.54, r * 0.42),
            (r * 0.54, r * 0.66),
            (r * 0.46, r * 0.72),
            (r * 0.16, r * 0.74),
            (r * 0.15, r * 0.92),
            (0, r * 0.92),
        ],
        10,
        crease=40,
    )
    big = lathe(
        [
            (0, 0),
            (r * 0.56, 0),
            (r * 0.56, r * 0.3),
            (r * 0.7, r * 0.32),
            (r * 0.7, r * 0.54),
            (r * 0.6, r * 0.62),
            (r * 0.17, r * 0.64),
            (r * 0.16, r * 0.82),
            (0, r * 0.82),
        ],
        12,
        crease=40,
    )
    caps = both(cap.moved(affine((r * 0.85, 0, h * 0.56), (0, 90, 0))))
    front = big.moved(affine((0, -r * 0.85, h * 0.5), (90, 0, 0)))
    bolts = [
        cylinder(
            r * 0.09,
            h * 0.02,
            (r * 1.28 * np.cos(a) * 0.93, r * 1.28 * np.sin(a) * 0.93, h * 0.728),
            segments=8,
        )
        for a in np.arange(8) * np.pi / 4 + 0.2
    ]
    bolts += [
        cylinder(r * 0.1, h * 0.025, (r * 1.25 * np.cos(a), r * 1.25 * np.sin(a), h * 0.045), segments=8)
        for a in np.arange(8) * np.pi / 4 + 0.2
    ]
    t = np.linspace(0, 1, 16)
    chains = [
        sweep(
            np.column_stack(
                [
                    sx * (r * 1.5 - r * 0.85 * t),
                    -r * 0.3 - r * 1.0 * t,
                    h * (0.5 - 0.03 * t) - h * 0.13 * np.sin(np.pi * t),
                ]
            ),
            r * 0.045,
            6,
        )
        for sx in (-1, 1)
    ]
    parts = [
        Part("body", joined([body, mid])),
        Part(
            "caps",
            joined([caps, front, nut]),
            Surface((0.85, 0.84, 0.8), "matte paint") if p["pale_caps"] > 0.4 else None,
        ),
        Part("bolts", joined(bolts), STEEL),
        Part("chains", joined(chains), STEEL),
    ]
    if state == "spraying":
        u = np.linspace(0, 1, 18)
        streams = []
        for spread in (-0.16, 0.0, 0.16):
            path = np.column_stack(
                [spread * u * 1.1, -r * 1.4 - 0.85 * u, h * 0.5 + 0.16 * u - (h * 0.5 + 0.14) * u**2]
            )
            streams.append(sweep(path, np.linspace(r * 0.34, r * 0.42, 18) * (0.55 if spread else 1), 10))
        pool = lathe([(0, 0), (0.42, 0), (0.4, 0.012), (0, 0.014)], 32).moved(
            affine((0, -r * 1.4 - 0.85, 0), scale=(1.2, 0.75, 1))
        )
        parts += [
            Part("water", joined(streams), Surface((0.72, 0.86, 0.94), "water")),
            Part("puddle", pool, Surface((0.45, 0.6, 0.7), "water")),
        ]
    return settled(parts)


def _cone(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["radius"]
    base = loft(
        [
            rounded_ring(r * 2.7, r * 2.7, 0, 0.18, 32),
            rounded_ring(r * 2.7, r * 2.7, h * 0.035, 0.18, 32),
            rounded_ring(r * 2.3, r * 2.3, h * 0.055, 0.3, 32),
        ]
    )
    top = r * 0.2

    def at(z: float) -> float:
        return r + (top - r) * z / h

    body = lathe(
        [
            (0, h * 0.04),
            (at(h * 0.04), h * 0.04),
            (top, h * 0.98),
            (top * 0.8, h),
            (top * 0.55, h),
            (top * 0.5, h * 0.9),
            (0, h * 0.9),
        ],
        40,
    )
    bands = [
        lathe(
            [
                (at(h * a) - 0.004, h * a),
                (at(h * a) + 0.002, h * a),
                (at(h * b) + 0.002, h * b),
                (at(h * b) - 0.004, h * b),
            ],
            40,
        )
        for a, b in ((0.32, 0.52), (0.66, 0.8))
    ]
    parts = [
        Part("cone", body),
        Part("base", base, None if p["black_base"] < 0.5 else BLACK),
        Part("bands", joined(bands), WHITE),
    ]
    if state == "knocked over":
        parts = placed(parts, turn=(0, 104, 30))
    return settled(parts)


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
        "fire hydrant",
        "outdoor",
        _hydrant,
        params={"radius": (0.11, 0.13), "height": (0.66, 0.8), "pale_caps": (0, 1)},
        states=("closed", "spraying"),
        verbs={"spraying": "spray water"},
        effects={"open": "spraying", "burst": "spraying"},
        colours=("red", "yellow", "blue", "orange"),
        materials=("matte paint", "iron", "car paint"),
        scale="room",
        contexts=("outdoor", "street", "night city", "plaza", "park"),
        wears=0.94,
    )
)
register(
    Kind(
        "traffic cone",
        "outdoor",
        _cone,
        params={"height": (0.45, 0.75), "radius": (0.11, 0.14), "black_base": (0, 1)},
        states=("standing", "knocked over"),
        verbs={"knocked over": "fall over"},
        effects={"knock": "knocked over"},
        colours=("orange", "red", "yellow", "blue"),
        materials=("rubber", "plastic"),
        scale="room",
        contexts=("outdoor", "street", "garage", "plaza", "night city", "playground"),
        topples=True,
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
