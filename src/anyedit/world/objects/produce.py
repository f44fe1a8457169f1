"""From the garden: strawberry, pineapple, watermelon and carrot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.blocks import curve, placed, settled
from anyedit.world.bodies import aimed
from anyedit.world.kinds import Kind, Part, Surface
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.food_shapes import FRUIT, LEAF, food, leaf
from anyedit.world.shapes import (
    cone,
    ellipsoid,
    lathe,
    loft,
    smooth_profile,
    sweep,
)  # fmt: skip


def _strawberry(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["radius"] * 2.3
    outline = smooth_profile(
        [
            (0.001, 0),
            (r * 0.3, h * 0.04),
            (r * 0.72, h * 0.34),
            (r, h * 0.7),
            (r * 0.86, h * 0.92),
            (r * 0.4, h * 0.98),
            (0, h * 0.95),
        ],
        6,
    )
    body = lathe(outline, 36, crease=70)
    radii, heights = np.array(outline).T
    seeds = []
    for k in range(70):
        z = h * (0.1 + 0.8 * k / 70)
        rr = float(np.interp(z, heights[:-8], radii[:-8]))
        a = k * 2.39996
        seeds.append(
            ellipsoid((r * 0.03, r * 0.018, r * 0.05), (0, 0, 0), detail=0).moved(
                affine((rr * np.cos(a), rr * np.sin(a), z), (0, 0, np.degrees(a) + 90))
            )
        )
    leaves = [
        leaf(
            (0, 0, h * 0.96),
            (np.cos(a) * r * 0.98, np.sin(a) * r * 0.98, h * (0.97 + 0.04 * (k % 2))),
            r * 0.24,
        )
        for k, a in enumerate(np.arange(8) * np.pi / 4)
    ]
    stalk = sweep(curve([(0, 0, h * 0.96), (r * 0.05, 0, h * 1.1), (r * 0.26, 0, h * 1.24)], 4), r * 0.07, 8)
    parts = [
        Part("flesh", body),
        Part("seeds", joined(seeds), Surface((0.97, 0.82, 0.36), "plastic")),
        Part("leaves", joined([*leaves, stalk]), LEAF),
    ]
    return settled(placed(parts, turn=(0, 118, -35)))


def _pineapple(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    outline = smooth_profile(
        [(r * 0.6, 0), (r * 0.93, h * 0.16), (r, h * 0.45), (r * 0.92, h * 0.78), (r * 0.55, h * 0.98)], 6
    )
    radii, heights = np.array(outline).T
    core = lathe([(0, 0), *[(a * 0.97, b) for a, b in outline], (0, h)], 36)
    scales, thorns = [], []
    rows, around = 10, 13
    for row in range(rows):
        z = h * (0.05 + 0.9 * row / (rows - 1))
        rr = float(np.interp(z, heights, radii))
        size = np.pi * rr / around
        base = np.array([[0, size * 1.06, 0], [0, 0, h * 0.062], [0, -size * 1.06, 0], [0, 0, -h * 0.062]])
        scale = loft(
            [base + [-r * 0.04, 0, 0], base * 0.86 + [r * 0.035, 0, 0], base * 0.3 + [r * 0.085, 0, 0]],
            crease=20,
        )
        thorn = cone(r * 0.03, r * 0.004, r * 0.09, segments=5).moved(aimed((r * 0.07, 0, 0), (0.6, 0, 1)))
        for k in range(around):
            a = float((k + 0.5 * (row % 2)) * 2 * np.pi / around)
            frame = affine((rr * np.cos(a) * 0.985, rr * np.sin(a) * 0.985, z), (0, 0, float(np.degrees(a))))
            scales.append(scale.moved(frame))
            thorns.append(thorn.moved(frame))
    leaves = []
    for ring, count, lean, tall in (
        (0, 8, 0.95, 0.62),
        (1, 8, 0.62, 0.82),
        (2, 6, 0.34, 0.98),
        (3, 4, 0.12, 1.08),
    ):
        for k in range(count):
            a = (k + ring * 0.5) * 2 * np.pi / count + ring
            out = np.array([np.cos(a), np.sin(a), 0])
            line = curve(
                [
                    out * r * 0.2 + [0, 0, h * 0.94],
                    out * r * (0.3 + 0.45 * lean) + [0, 0, h * (0.98 + 0.3 * tall)],
                    out * r * (0.3 + 1.25 * lean) + [0, 0, h * (1 + 0.56 * tall)],
                ],
                4,
            )
            leaves.append(sweep(line, r * 0.15 * np.linspace(1, 0.05, len(line)) ** 0.7, 8, flat=0.3))
    return settled(
        [
            Part("flesh", core, Surface((0.62, 0.40, 0.10), "leather")),
            Part("scales", joined(scales)),
            Part("thorns", joined(thorns), Surface((0.40, 0.30, 0.10), "leather")),
            Part("crown", joined(leaves), LEAF),
        ]
    )


def _carrot(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, length = p["radius"], p["length"]
    t = np.linspace(0, 1, 34)
    outline = (
        r
        * np.interp(t, [0, 0.05, 0.14, 0.5, 0.86, 0.97, 1], [0.42, 0.82, 1.0, 0.76, 0.4, 0.2, 0.02])
        * (1 + 0.025 * np.sin(37 * t) * (t < 0.9))
    )
    root = lathe(
        [(0, 0), *[(a, -b * length) for a, b in zip(outline, t, strict=True)], (0, -length)][::-1],
        32,
        crease=50,
    )
    rings = []
    rng = rng_of("carrot", round(length * 1e4), "rings")
    for u in (0.16, 0.27, 0.36, 0.5, 0.63, 0.74):
        rr, a0 = float(np.interp(u, t, outline)) * 1.0, rng.uniform(0, 6)
        arc = np.linspace(a0, a0 + 1.4, 10)
        rings.append(
            sweep(
                np.column_stack([rr * np.cos(arc), rr * np.sin(arc), np.full(10, -u * length)]), r * 0.035, 6
            )
        )
    tops = []
    leaflet = leaf((0, 0, 0), (0, r * 0.1, r * 0.78), r * 0.17, 3, 6)
    for k in range(8):
        a = k * 2.4
        out = np.array([np.cos(a), np.sin(a), 0])
        line = curve(
            [
                out * r * 0.15,
                out * r * 0.45 + [0, 0, length * 0.16],
                out * r * (1.0 + 0.4 * (k % 3)) + [0, 0, length * (0.34 + 0.03 * (k % 4))],
            ],
            3,
        )
        tops.append(sweep(line, r * 0.08, 6))
        for j in (3, 4, 5, 6):
            for side in (-1, 1):
                way = np.cross(out, [0, 0, 1]) * side * 0.65 + [0, 0, 0.75]
                tops.append(leaflet.moved(aimed(line[j], way)))
    parts = [
        Part("root", root),
        Part("rings", joined(rings), Surface((0.72, 0.30, 0.03), "wax")),
        Part("greens", joined(tops), LEAF),
    ]
    return settled(placed(parts, turn=(0, -90 + float(np.degrees(r / length)) * 0.8, 28)))


def _watermelon(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, k = p["radius"], p["long"]
    stripes = []
    dark = Surface((0.07, 0.24, 0.09), "wax")
    half = state == "cut"
    for i in range(11):
        a0 = i * 2 * np.pi / 11
        t = np.linspace(0.06, (0.5 if half else 0.94), 30) * np.pi
        a = a0 + 0.07 * np.sin(11 * t + i) + 0.03 * np.sin(23 * t)
        line = (
            np.column_stack([r * np.sin(t) * np.cos(a), r * np.sin(t) * np.sin(a), -k * r * np.cos(t)])
            * 0.992
        )
        stripes.append(
            sweep(
                line, r * 0.085 * np.sin(t) ** 0.7 * (1 + 0.25 * np.sin(17 * t + i)) + r * 0.004, 8, flat=0.26
            )
        )
    if not half:
        body = lathe([(r * np.sin(t), -k * r * np.cos(t)) for t in np.linspace(0, np.pi, 26)], 48, crease=80)
        stalk = sweep(
            curve([(0, 0, k * r * 0.98), (0.02 * r, 0, k * r * 1.08), (r * 0.16, 0, k * r * 1.18)], 4),
            r * 0.035,
            8,
        )
        parts = [
            Part("rind", body),
            Part("stripes", joined([_hugging(m, r, k) for m in stripes]), dark),
            Part("stalk", stalk, LEAF),
        ]
        return settled(placed(parts, turn=(0, 84, 24)))
    shell = lathe(
        [(r * np.sin(t), -k * r * np.cos(t)) for t in np.linspace(0, np.pi / 2, 16)]
        + [(r * 0.96, 0.0), (0, 0)],
        48,
        crease=50,
    )
    pith = lathe([(0, -r * 0.05), (r * 0.965, -r * 0.02), (r * 0.965, r * 0.006), (0, r * 0.006)], 48)
    flesh = lathe([(0, 0), (r * 0.88, 0), (r * 0.87, r * 0.014), (0, r * 0.02)], 48)
    seeds = []
    for i in range(34):
        out, heading = float(np.sqrt((i + 4) / 38)) * 0.74 * r, i * 2.39996
        at = (out * float(np.cos(heading)), out * float(np.sin(heading)), r * 0.02)
        seeds.append(
            ellipsoid((r * 0.022, r * 0.04, r * 0.012), at, (0, 0, float(np.degrees(heading)) + 90), detail=1)
        )
    melon = [
        Part("rind", shell),
        Part("stripes", joined([_hugging(m, r, k) for m in stripes]), dark),
        Part("pith", pith, Surface((0.93, 0.96, 0.80), "wax")),
        Part("flesh", flesh, Surface((0.88, 0.16, 0.17), "wax")),
        Part("seeds", joined(seeds), Surface((0.07, 0.05, 0.05), "plastic")),
    ]
    return settled(placed(melon, turn=(62, 0, -10)))


def _hugging(stripe: Mesh, r: float, k: float) -> Mesh:
    """A stripe pressed onto the melon's ellipsoid, so that it lies on the rind like paint."""
    local = stripe.vertices / [r, r, k * r]
    reach = np.linalg.norm(local, axis=1, keepdims=True)
    direction = local / reach
    height = np.clip(reach, 0.99, 1.004)
    normals = direction / [r, r, k * r]
    return replace(
        stripe,
        vertices=direction * height * [r, r, k * r],
        normals=normals / np.linalg.norm(normals, axis=1, keepdims=True),
    )


food(
    Kind(
        "strawberry",
        "food",
        _strawberry,
        params={"radius": (0.017, 0.023)},
        colours=("red", "crimson", "white", "pink"),
        materials=("wax",),
        contexts=FRUIT,
        plural="strawberries",
    )
)
food(
    Kind(
        "pineapple",
        "food",
        _pineapple,
        params={"radius": (0.055, 0.066), "height": (0.15, 0.185)},
        colours=("orange", "yellow", "olive", "brown"),
        materials=("leather",),
        contexts=(*FRUIT, "beach"),
        topples=True,
    )
)
food(
    Kind(
        "carrot",
        "food",
        _carrot,
        params={"radius": (0.016, 0.022), "length": (0.15, 0.19)},
        colours=("orange", "purple", "yellow", "red"),
        materials=("wax",),
        contexts=FRUIT,
        rolls=True,
    )
)
food(
    Kind(
        "watermelon",
        "food",
        _watermelon,
        params={"radius": (0.1, 0.125), "long": (1.05, 1.3)},
        states=("whole", "cut"),
        effects={"cut": "cut"},
        colours=("green", "lime", "mint", "yellow"),
        materials=("wax",),
        contexts=(*FRUIT, "beach"),
        rolls=True,
    )
)
