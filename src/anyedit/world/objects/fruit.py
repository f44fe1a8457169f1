"""Fruit: apple, pear, orange and banana, whole, bitten or halved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anyedit.world.blocks import curve, placed, prism, settled
from anyedit.world.bodies import limb
from anyedit.world.kinds import Kind, Part, Surface
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.food_shapes import CREAM, FRUIT, LEAF, WOOD, food, leaf
from anyedit.world.shapes import (
    cut,
    ellipsoid,
    lathe,
    rod,
    smooth_profile,
    sweep,
)  # fmt: skip

FLESH = Surface((0.97, 0.92, 0.72), "wax")


def _apple(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    profile = smooth_profile(
        [
            (0, 0.24),
            (0.24, 0.08),
            (0.42, 0.02),
            (0.78, 0.4),
            (1.0, 1.1),
            (0.86, 1.62),
            (0.46, 1.84),
            (0.18, 1.72),
            (0, 1.5),
        ],
        6,
    )
    body = lathe([(a * r, b * r) for a, b in profile], 40, crease=70)
    # Five soft lobes at the crown and foot, as in a real apple.
    angle = np.arctan2(body.vertices[:, 1], body.vertices[:, 0])
    lobes = 1 + 0.025 * np.cos(5 * angle) * np.abs(body.vertices[:, 2] / r - 0.95)
    body = replace(body, vertices=body.vertices * np.column_stack([lobes, lobes, np.ones_like(lobes)]))
    stalk = sweep(curve([(0, 0, r * 1.5), (r * 0.03, 0, r * 1.8), (r * 0.16, 0, r * 2.12)], 4), r * 0.055, 10)
    parts = [Part("stalk", stalk, WOOD)]
    if p["leaf"] > 0.4:
        parts.append(
            Part("leaf", leaf((r * 0.06, 0, r * 1.85), (r * 0.85, -r * 0.25, r * 1.95), r * 0.24), LEAF)
        )
    if state == "bitten":
        bites = [
            ellipsoid(r * 0.42, (r * dx, -r * 0.98, r * dz), detail=2)
            for dx, dz in ((0.36, 1.3), (0.06, 0.96), (0.4, 0.74), (0.56, 1.02))
        ]
        body = cut(body, *bites, crease=40)
        inner = cut(
            lathe([(a * r * 0.975, 0.01 * r + b * r * 0.985) for a, b in profile], 40, crease=70),
            *[
                ellipsoid(r * 0.405, (r * dx, -r * 0.98, r * dz), detail=2)
                for dx, dz in ((0.36, 1.3), (0.06, 0.96), (0.4, 0.74), (0.56, 1.02))
            ],
        )
        parts.append(Part("flesh", inner, FLESH))
    return settled([Part("skin", body), *parts])


def _pear(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    body = lathe(
        [
            (0, 0.03 * h),
            *smooth_profile(
                [
                    (r * 0.3, 0),
                    (r * 0.86, h * 0.14),
                    (r, h * 0.32),
                    (r * 0.82, h * 0.52),
                    (r * 0.5, h * 0.74),
                    (r * 0.4, h * 0.9),
                    (r * 0.2, h * 0.99),
                    (0, h),
                ],
                6,
            ),
        ],
        40,
        crease=70,
    )
    stalk = sweep(curve([(0, 0, h * 0.97), (r * 0.04, 0, h * 1.06), (r * 0.2, 0, h * 1.16)], 4), r * 0.06, 10)
    return settled(
        [
            Part("skin", body),
            Part("stalk", stalk, WOOD),
            Part("leaf", leaf((r * 0.04, 0, h * 1.03), (-r * 0.8, -r * 0.3, h * 1.06), r * 0.24), LEAF),
        ]
    )


def _orange(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    star = joined(
        [
            leaf((0, 0, r * 0.96), (np.cos(a) * r * 0.2, np.sin(a) * r * 0.2, r * 0.985), r * 0.05, 3, 6)
            for a in np.arange(5) * 1.2566
        ]
    )
    if state == "halved":
        half = lathe(
            [
                (0, 0),
                *[(r * np.sin(a), r - r * np.cos(a)) for a in np.linspace(0.1, np.pi / 2, 14)],
                (r * 0.9, r),
                (0, r),
            ],
            40,
            crease=50,
        )
        pith = lathe([(0, r * 0.9), (r * 0.94, r * 0.98), (r * 0.94, r * 1.004), (0, r * 1.004)], 40)
        wedges = []
        for k in range(9):
            a = np.linspace(-0.26, 0.26, 6)
            outline = [(r * 0.1, 0.0), *[(r * 0.86 * np.cos(v), r * 0.86 * np.sin(v)) for v in a]]
            wedges.append(
                prism(outline, r * 0.05, (0, 0, r * 0.97), bevel=r * 0.012).moved(affine(turn=(0, 0, k * 40)))
            )
        parts: list[Part] = []
        for move, turn in (((-r * 1.05, 0, 0), (58, 0, 14)), ((r * 1.1, r * 0.2, 0), (0, 0, 0))):
            pieces = [
                Part("peel", half),
                Part("pith", pith, CREAM),
                Part("flesh", joined(wedges), Surface((0.98, 0.56, 0.10), "wax")),
            ]
            group = settled(placed(pieces, turn=turn))
            parts += placed(group, move)
        return settled(parts)
    outline = [
        (r * np.sin(t), r * 0.96 * (1 - np.cos(t)) - r * 0.11 * np.exp(-(((np.pi - t) / 0.2) ** 2)))
        for t in np.linspace(0, np.pi, 30)
    ]
    parts = [
        Part("peel", lathe([(max(a, 0.0), b) for a, b in outline], 44, crease=80)),
        Part("star", star.moved(affine((0, 0, r * 0.86))), LEAF),
    ]
    if p["leaf"] > 0.35:
        stalk = rod((0, 0, r * 1.78), (r * 0.05, 0, r * 2.02), r * 0.045, 8)
        parts += [
            Part("stalk", stalk, WOOD),
            Part("leaf", leaf((r * 0.04, 0, r * 1.94), (r * 0.9, -r * 0.5, r * 1.86), r * 0.27), LEAF),
        ]
    return settled(parts)


def _banana(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, reach, count = p["radius"], p["reach"], round(p["count"])
    fruits, tips, stalks = [], [], []
    for k in range(count):
        fan = (k - (count - 1) / 2) * 15
        a = np.radians(np.linspace(-64, 62, 22))
        line = np.column_stack([reach * np.sin(a), 0 * a, reach * (1 - np.cos(a))])
        t = np.linspace(0, 1, 22)
        thick = r * np.interp(t, [0, 0.06, 0.2, 0.5, 0.84, 0.95, 1], [0.3, 0.62, 0.95, 1.0, 0.86, 0.42, 0.3])
        at = (
            affine((0, (k - (count - 1) / 2) * r * 1.55, 0), (-fan * 0.9, 0, 0))
            @ affine((-reach, 0, 0), (0, 0, fan * 0.55))
            @ affine((reach, 0, 0))
        )
        fruits.append(sweep(line, thick, 6).moved(at))
        tips.append(limb(line[-1], line[-1] + (line[-1] - line[-2]) * 0.55, (r * 0.3, r * 0.24), 8).moved(at))
        head = line[0] + (line[0] - line[1]) * 1.6
        stalks.append(rod(line[0] + (line[1] - line[0]) * 0.3, head, (r * 0.33, r * 0.27), 8).moved(at))
    crown = ellipsoid(
        (r * 0.6, r * (0.5 + 0.55 * count), r * 0.55),
        tuple(np.mean([m.vertices.mean(0) for m in stalks], 0) + np.array([-r * 0.8, 0, r * 0.8])),
        (0, 40, 0),
        detail=2,
    )
    stalk = [*stalks, crown] if count > 1 else stalks
    return settled(
        [
            Part("peel", joined(fruits)),
            Part("tips", joined(tips), WOOD),
            Part("stalks", joined(stalk), Surface((0.55, 0.50, 0.14), "foliage")),
        ]
    )


food(Kind("apple", "food", _apple, params={"radius": (0.036, 0.044), "leaf": (0, 1)}, states=("whole", "bitten"), effects={"bite": "bitten", "eat": "bitten"},
           colours=("red", "green", "yellow", "crimson"), materials=("wax", "plastic"), contexts=(*FRUIT, "classroom"), rolls=True))  # fmt: skip
food(
    Kind(
        "pear",
        "food",
        _pear,
        params={"radius": (0.036, 0.043), "height": (0.095, 0.112)},
        colours=("lime", "yellow", "green", "olive"),
        materials=("wax",),
        contexts=FRUIT,
        topples=True,
    )
)
food(
    Kind(
        "orange",
        "food",
        _orange,
        params={"radius": (0.036, 0.043), "leaf": (0, 1)},
        states=("whole", "halved"),
        effects={"cut": "halved"},
        colours=("orange", "yellow", "lime", "coral"),
        materials=("wax", "leather"),
        contexts=FRUIT,
        rolls=True,
    )
)
food(
    Kind(
        "banana",
        "food",
        _banana,
        params={"radius": (0.016, 0.019), "reach": (0.095, 0.11), "count": (0.6, 3.4)},
        colours=("yellow", "lime", "green"),
        materials=("wax",),
        contexts=FRUIT,
    )
)
