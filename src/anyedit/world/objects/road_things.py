"""Fire hydrant and traffic cone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, placed, settled
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.shapes import (
    cylinder,
    lathe,
    loft,
    rounded_ring,
    smooth_profile,
    sweep,
)
from anyedit.world.surfaces import BLACK, STEEL, WHITE


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
