"""Fence, rock and well."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import gable_roof, settled, slab, turned
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.countryside_shapes import grounded, rough
from anyedit.world.shapes import cylinder, ellipsoid, extrude, lathe, rod, sweep
from anyedit.world.surfaces import IRON, PLANK, TILES


def _fence(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, count, pitch = p["height"], round(p["pickets"]), 0.15
    half = (count - 1) * pitch / 2
    pickets: list[Mesh] = []
    posts: list[Mesh] = []
    for k in range(count):
        x = -half + k * pitch
        post = k in (0, count - 1)
        w, tall = (0.1, h * 1.08) if post else (0.075, h)
        tip = [(-w / 2, 0), (w / 2, 0), (w / 2, tall - 0.06), (0, tall + 0.02), (-w / 2, tall - 0.06)]
        (posts if post else pickets).append(
            extrude(
                tip, 0.07 if post else 0.022, (x, 0.0 if post else -0.03, 0.0 if post else 0.05), bevel=0.003
            )
        )
    rails = [slab((half * 2, 0.03, 0.07), (0, 0, z), 0.006) for z in (h * 0.25, h * 0.72)]
    return settled(
        [Part("pickets", joined(pickets)), Part("posts", joined(posts)), Part("rails", joined(rails))]
    )


def _rock(p: Mapping[str, float], state: str | None) -> list[Part]:
    w = p["width"]
    rock = rough((w / 2, w / 2 * p["depth"], w / 2 * p["height"]), p["form"], 0.035, detail=4, crease=24)
    small = rough((w * 0.15, w * 0.13, w * 0.1), p["form"] + 2, 0.05).moved(affine((w * 0.52, -w * 0.2, 0)))
    flat = min(rock.bounds[0][2] * 0.62, 0.0)
    parts = [
        Part("rock", grounded(rock, flat)),
        Part("stone", grounded(small.moved(affine((0, 0, flat))), flat)),
    ]
    if p["moss"] > 0.55:
        spots = [
            ellipsoid((w * 0.07, w * 0.06, w * 0.05), (x * w, -y * w, flat), detail=2)
            for x, y in ((-0.36, 0.3), (0.3, 0.38), (-0.1, 0.44))
        ]
        parts.append(
            Part(
                "grass",
                joined([grounded(mesh, flat) for mesh in spots]),
                Surface((0.3, 0.45, 0.15), "foliage"),
            )
        )
    return settled(parts)


def _well(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, wall, post = p["radius"], p["wall"], p["post"]
    ring: list[Mesh] = []
    rows, per = 4, 14
    for row in range(rows):
        for k in range(per):
            a = (k + 0.5 * (row % 2)) * 360 / per
            jut = 0.015 * ((k * 5 + row * 3) % 4 - 1.5) / 1.5
            size = (2 * np.pi * r / per * 0.99, 0.2, wall / rows * 0.97)
            ring.append(slab(size, (0, -r - jut, row * wall / rows), 0.025).moved(affine(turn=(0, 0, a))))
    inner = lathe(
        [(r * 0.9, 0), (r * 1.04, 0), (r * 1.04, wall * 0.97), (r * 0.9, wall * 0.97), (r * 0.9, 0)], 32
    )
    water = cylinder(r * 0.92, 0.02, (0, 0, wall * 0.45), segments=32)
    posts = [slab((0.11, 0.11, post), (s * r * 1.0, 0, wall * 0.4), 0.015) for s in (-1, 1)]
    top = wall * 0.4 + post
    roof = gable_roof(r * 1.9, r * 2.0, top - 0.28, top + 0.22, 0.16, 0.07)
    roof = turned(roof, 90)
    drum = rod((-r, 0, top - 0.5), (r, 0, top - 0.5), 0.07, 16)
    crank = sweep(
        [
            (r, 0, top - 0.5),
            (r + 0.2, 0, top - 0.5),
            (r + 0.22, -0.02, top - 0.52),
            (r + 0.22, -0.16, top - 0.68),
            (r + 0.36, -0.18, top - 0.7),
        ],
        0.018,
        8,
    )
    rope = lathe([(0.07, -0.16), (0.095, -0.14), (0.095, 0.14), (0.07, 0.16)], 16).moved(
        affine((0, 0, top - 0.5), (0, 90, 0))
    )
    bucket_z = wall + 0.03 if state != "bucket down" else wall * 0.3
    bucket = lathe(
        [(0, 0), (0.13, 0), (0.17, 0.28), (0.155, 0.28), (0.12, 0.03), (0, 0.03)],
        24,
        at=(0, -0.085, bucket_z),
    )
    t = np.linspace(0, np.pi, 9)
    bail = sweep(
        np.column_stack([0.165 * np.cos(t), 0 * t - 0.085, bucket_z + 0.26 + 0.16 * np.sin(t)]), 0.01, 6
    )
    line = rod((0, -0.085, bucket_z + 0.42), (0, -0.085, top - 0.5), 0.013, 6)
    hoops = [
        lathe(
            [
                (0.128 + 0.04 * h, 0),
                (0.142 + 0.04 * h, 0),
                (0.142 + 0.04 * h, 0.03),
                (0.128 + 0.04 * h, 0.03),
            ],
            24,
            at=(0, -0.085, bucket_z + 0.28 * h),
        )
        for h in (0.15, 0.75)
    ]
    return settled(
        [
            Part("stones", joined([*ring, inner])),
            Part("water", water, Surface((0.12, 0.3, 0.4), "water")),
            Part("posts", joined(posts), PLANK),
            Part("roof", roof, TILES),
            Part("drum", joined([drum]), PLANK),
            Part("rope", joined([rope, line]), Surface((0.76, 0.64, 0.42), "straw")),
            Part("crank", joined([crank, bail, *hoops]), IRON),
            Part("bucket", bucket, Surface((0.58, 0.4, 0.22), "wood")),
        ]
    )


register(
    Kind(
        "fence",
        "outdoor",
        _fence,
        params={"height": (0.8, 1.05), "pickets": (9, 13)},
        colours=("white", "brown", "green", "blue", "gray"),
        materials=("wood", "matte paint", "bamboo"),
        scale="room",
        contexts=("outdoor", "garden", "meadow", "farm", "street", "playground"),
    )
)
register(
    Kind(
        "rock",
        "outdoor",
        _rock,
        params={
            "width": (0.6, 1.0),
            "depth": (0.7, 0.95),
            "height": (0.6, 0.85),
            "form": (0, 6),
            "moss": (0, 1),
        },
        colours=("gray", "beige", "charcoal", "brown", "salmon"),
        materials=("stone", "granite", "marble", "sand"),
        scale="room",
        contexts=("outdoor", "mountain", "forest", "meadow", "desert", "beach", "garden", "snowfield"),
    )
)
register(
    Kind(
        "well",
        "building",
        _well,
        params={"radius": (0.55, 0.66), "wall": (0.7, 0.85), "post": (1.6, 1.85)},
        states=("bucket up", "bucket down"),
        verbs={"bucket down": "let down its bucket"},
        colours=("gray", "beige", "brown", "ivory"),
        materials=("stone", "brick", "granite", "marble"),
        scale="outdoor",
        contexts=("outdoor", "garden", "meadow", "farm", "forest", "plaza"),
    )
)
