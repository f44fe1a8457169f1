"""What things are carried in: basket, suitcase, bucket, backpack."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.shapes import (
    box,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    rod,
    rounded_ring,
    sweep,
)
from anyedit.world.surfaces import BLACK, BRASS, LEATHER, STEEL, WOOD


def _basket(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, rows, posts = p["width"], p["width"] * p["depth"], p["height"], 9, 26
    angle = np.linspace(0, 2 * np.pi, posts * 2, endpoint=False)
    strands = []
    for k in range(rows):
        u = (k + 0.5) / rows
        grow = 0.84 + 0.16 * u
        weave = 1 + 0.022 * np.cos(posts * angle + np.pi * k)
        x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.72 * w / 2 * grow * weave
        y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.72 * d / 2 * grow * weave
        path = np.column_stack([x, y, np.full(len(angle), h * u)])
        strands.append(sweep(path, h / rows * 0.6, 8, closed=True))
    inner = loft(
        [rounded_ring(w * s, d * s, z, 0.66, 52) for z, s in ((0.0, 0.8), (0.012, 0.82), (h * 0.12, 0.82))],
        40,
    )
    rim_path = rounded_ring(w * 1.01, d * 1.01, h, 0.66, 56)
    rim = sweep(rim_path, 0.012, 10, closed=True)
    t = np.linspace(0, np.pi, 22)
    hoop = np.column_stack([w * 0.49 * np.cos(t), 0 * t, h * 0.9 + p["hoop"] * np.sin(t)])
    twist = 0.009 + 0.0012 * np.cos(np.arange(22) * np.pi)
    return settled(
        [
            Part("weave", joined([*strands, inner])),
            Part("rim", joined([rim, sweep(hoop, twist, 10, flat=1.5)]), Surface((0.5, 0.32, 0.17), "wood")),
        ]
    )


def _suitcase(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, lift = p["width"], p["depth"], p["height"], 0.045
    rings = [rounded_ring(w * s, h * s, y, 0.14, 56) for y, s in
             ((-d / 2, 0.93), (-d / 2 + 0.008, 0.97), (-d / 2 + 0.025, 1), (d / 2 - 0.025, 1), (d / 2 - 0.008, 0.97), (d / 2, 0.93))]  # fmt: skip
    stand = affine((0, 0, lift + h / 2), (90, 0, 0))
    shell = loft(rings, crease=40).moved(stand)
    grooves = []
    count = 5
    for k in range(count):
        x = (k - (count - 1) / 2) * w * 0.165
        grooves.append(slab((w * 0.085, 0.014, h * 0.84), (x, -d / 2 - 0.001, lift + h * 0.08), 0.006))
    zip_ = loft([rounded_ring(w * 1.006, h * 1.006, y, 0.14, 56) for y in (-0.009, 0.009)], 40).moved(stand)
    top = lift + h
    grip = sweep(
        curve(
            [
                (-0.07, 0, top - 0.002),
                (-0.062, 0, top + 0.026),
                (0, 0, top + 0.034),
                (0.062, 0, top + 0.026),
                (0.07, 0, top - 0.002),
            ],
            5,
        ),
        0.0095,
        12,
    )
    bars = [
        rod((s * 0.075, d * 0.33, top - 0.02), (s * 0.075, d * 0.33, top + p["pull"]), 0.0065, 12)
        for s in (-1, 1)
    ]
    pull = box((0.19, 0.03, 0.032), (0, d * 0.33, top + p["pull"] - 0.005), 0.014)
    wheels, forks = [], []
    for x in (-w * 0.38, w * 0.38):
        for y in (-d * 0.3, d * 0.3):
            wheels.append(cylinder(0.024, 0.02, segments=24).moved(affine((x + 0.01, y, 0.024), (0, -90, 0))))
            forks.append(box((0.05, 0.05, 0.03), (x, y, 0.026), 0.01))
    corners = [
        ellipsoid((0.04, 0.016, 0.04), (s * w * 0.455, -d / 2 + 0.018, lift + h * t), detail=2)
        for s in (-1, 1)
        for t in (0.05, 0.95)
    ]
    lock = box((0.05, 0.014, 0.03), (w * 0.5, 0, lift + h * 0.62), 0.005).moved(affine(turn=(0, 0, 0)))
    return settled(
        [
            Part("shell", joined([shell, *grooves])),
            Part("trim", joined([zip_, grip, pull, *forks, *corners]), BLACK),
            Part("metal", joined([*bars, lock]), STEEL),
            Part("wheels", joined(wheels), Surface((0.12, 0.12, 0.13), "rubber")),
        ]
    )


def _bucket(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, low = p["radius"], p["height"], p["radius"] * p["taper"]
    wall = 0.004
    profile = [(0, 0.004), (low - 0.006, 0.004), (low - 0.004, 0), (low, 0), (low + (r - low) * 0.3, h * 0.3)]
    profile += [
        (low + (r - low) * 0.3 + 0.003, h * 0.31),
        (low + (r - low) * 0.3 + 0.003, h * 0.33),
        (low + (r - low) * 0.34, h * 0.34),
    ]
    profile += [
        (r, h - 0.014),
        (r + 0.007, h - 0.012),
        (r + 0.008, h - 0.004),
        (r + 0.004, h),
        (r - wall, h - 0.003),
    ]
    profile += [(low - wall, 0.012), (0, 0.012)]
    body = lathe(profile, 56)
    t = np.linspace(0, np.pi, 24)
    swing = np.radians(p["swing"])
    bail = np.column_stack(
        [
            (r + 0.012) * np.cos(t),
            -np.sin(swing) * r * 1.05 * np.sin(t),
            h - 0.03 + np.cos(swing) * r * 1.05 * np.sin(t),
        ]
    )
    ears = both(cylinder(0.016, 0.012, segments=20).moved(affine((r - 0.004, 0, h - 0.03), (0, 90, 0))))
    return settled(
        [
            Part("body", body),
            Part("bail", joined([sweep(bail, 0.0038, 10), ears]), STEEL),
            Part("grip", sweep(bail[9:15], 0.011, 14), WOOD),
        ]
    )


def _backpack(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h = p["width"], p["depth"], p["height"]
    rings = []
    for u in np.linspace(0, 1, 14):
        swell = (1 - abs(2 * u - 1) ** 3.4) ** 0.42 if 0 < u < 1 else 0.0
        tall = 0.6 + 0.4 * swell
        narrow = 1 - 0.16 * max(0.0, u - 0.45) / 0.55
        rings.append(
            rounded_ring(w * tall * narrow, d * (0.55 + 0.45 * swell) * (1 - 0.12 * u), h * u, 0.34, 48)
        )
    body = loft(rings, crease=60)
    ph = h * 0.4
    pocket_rings = []
    for u in np.linspace(0, 1, 11):
        swell = (1 - abs(2 * u - 1) ** 3.4) ** 0.42 if 0 < u < 1 else 0.0
        pocket_rings.append(
            rounded_ring(
                w * (0.5 + 0.22 * swell), 0.08 + 0.06 * swell, h * 0.07 + ph * u, 0.36, 40, (0, -d * 0.43)
            )
        )
    pocket = loft(pocket_rings, crease=60)
    sides = both(loft([rounded_ring(0.07 * s, d * 0.5 * s, h * 0.06 + h * 0.3 * u, 0.6, 28, (w * 0.47, 0)) for u, s in
                       ((0, 0.5), (0.1, 0.9), (0.5, 1), (0.9, 1), (1, 0.86))], 60))  # fmt: skip
    t = np.linspace(np.pi * 0.04, np.pi * 0.96, 26)
    zip_path = np.column_stack(
        [w * 0.405 * np.cos(t), np.full(26, -d * 0.42) + 0.06 * np.sin(t), h * 0.52 + h * 0.41 * np.sin(t)]
    )
    zips = [
        sweep(zip_path, 0.0055, 8),
        rod((-w * 0.3, -d * 0.43 - 0.066, h * 0.385), (w * 0.3, -d * 0.43 - 0.066, h * 0.385), 0.005, 8),
    ]
    straps = both(
        sweep(
            curve(
                [
                    (w * 0.2, d * 0.36, h * 0.92),
                    (w * 0.27, d * 0.72, h * 0.74),
                    (w * 0.3, d * 0.76, h * 0.45),
                    (w * 0.36, d * 0.44, h * 0.12),
                ],
                6,
            ),
            0.03,
            10,
            flat=0.32,
        )
    )
    loop = sweep(
        curve(
            [
                (-0.045, d * 0.14, h * 0.975),
                (-0.038, d * 0.12, h * 1.03),
                (0, d * 0.11, h * 1.055),
                (0.038, d * 0.12, h * 1.03),
                (0.045, d * 0.14, h * 0.975),
            ],
            4,
        ),
        0.009,
        10,
    )
    tags = [
        box((0.014, 0.008, 0.034), (x, y, z), 0.003)
        for x, y, z in ((w * 0.395, -d * 0.44, h * 0.52), (w * 0.24, -d * 0.43 - 0.073, h * 0.35))
    ]
    badge = box((0.07, 0.008, 0.05), (0, -d * 0.43 - 0.071, h * 0.2), 0.003)
    return settled(
        [
            Part("body", joined([body, sides])),
            Part("pocket", pocket),
            Part("straps", joined([straps, loop]), Surface((0.14, 0.14, 0.16), "fabric")),
            Part("zips", joined(zips), BLACK),
            Part("tags", joined([*tags]), BRASS),
            Part("badge", badge, LEATHER),
        ]
    )


register(
    Kind(
        "basket",
        "household",
        _basket,
        params={"width": (0.32, 0.42), "depth": (0.68, 0.9), "height": (0.15, 0.2), "hoop": (0.16, 0.24)},
        colours=("beige", "brown", "orange", "white", "teal"),
        materials=("straw", "bamboo", "wood"),
        contexts=("indoor", "kitchen", "living room", "garden", "farm", "meadow", "park", "studio"),
    )
)
register(
    Kind(
        "suitcase",
        "household",
        _suitcase,
        params={"width": (0.38, 0.46), "depth": (0.22, 0.28), "height": (0.52, 0.66), "pull": (0.03, 0.3)},
        colours=("blue", "red", "teal", "yellow", "black", "pink", "orange"),
        materials=("plastic", "brushed metal", "leather", "fabric"),
        scale="room",
        contexts=("indoor", "bedroom", "living room", "street", "plaza", "studio"),
        topples=True,
    )
)
register(
    Kind(
        "bucket",
        "household",
        _bucket,
        params={"radius": (0.13, 0.16), "height": (0.24, 0.3), "taper": (0.68, 0.8), "swing": (-62, 62)},
        colours=("blue", "red", "yellow", "green", "gray", "orange"),
        materials=("plastic", "steel", "wood", "copper"),
        contexts=("indoor", "outdoor", "garden", "farm", "beach", "garage", "bathroom", "workshop"),
        topples=True,
    )
)
register(
    Kind(
        "backpack",
        "household",
        _backpack,
        params={"width": (0.3, 0.36), "depth": (0.17, 0.22), "height": (0.42, 0.5)},
        colours=("red", "blue", "green", "orange", "teal", "purple", "yellow"),
        materials=("fabric", "denim", "leather"),
        contexts=("indoor", "classroom", "bedroom", "street", "park", "mountain", "forest", "studio"),
    )
)
