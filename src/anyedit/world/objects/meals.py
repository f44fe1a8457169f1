"""Burger and pizza."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.blocks import settled
from anyedit.world.kinds import Kind, Part, Surface
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.food_shapes import CREAM, LEAF, TABLE, food, leaf, wedge
from anyedit.world.shapes import (
    cut,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    smooth_profile,
    sweep,
)  # fmt: skip


def _wavy_disc(r: float, z: float, thick: float, waves: int, swing: float, phase: float = 0.0) -> Mesh:
    u = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    lift = swing * np.sin(waves * u + phase)
    edge = r * (1 + 0.05 * np.cos(waves * u * 0.5 + phase))
    rings = [
        np.column_stack([k * edge * np.cos(u), k * edge * np.sin(u), z + dz + lift * k**3])
        for k, dz in (
            (0.3, 0.0),
            (0.8, 0.0),
            (1.0, thick * 0.2),
            (1.0, thick * 0.8),
            (0.8, thick),
            (0.3, thick),
        )
    ]
    return loft(rings, crease=60)


def _burger(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, tall = p["radius"], p["bun"]
    low = lathe(
        [
            (0, 0),
            *smooth_profile(
                [(r * 0.82, 0), (r * 0.98, r * 0.1), (r * 0.97, r * 0.26), (r * 0.9, r * 0.3)], 4
            ),
            (0, r * 0.3),
        ],
        44,
    )
    z = r * 0.3
    parts = [Part("bun", low)]
    parts.append(
        Part(
            "lettuce",
            _wavy_disc(r * 1.12, z + r * 0.05, r * 0.05, 11, r * 0.06),
            Surface((0.42, 0.70, 0.16), "foliage"),
        )
    )
    z += r * 0.12
    for _ in range(round(p["patties"])):
        patty = lathe(
            [
                (0, 0),
                *smooth_profile(
                    [(r * 0.9, 0), (r * 1.02, r * 0.1), (r * 0.98, r * 0.22), (r * 0.88, r * 0.25)], 4
                ),
                (0, r * 0.25),
            ],
            44,
            at=(0, 0, z),
        )
        parts.append(Part("patty", patty, Surface((0.27, 0.14, 0.08), "cork")))
        z += r * 0.25
        u = np.linspace(-1, 1, 13)
        gx, gy = np.meshgrid(u, u, indexing="ij")
        reach = np.maximum(np.hypot(gx, gy) * 0.94 - 0.82, 0)
        sheet = np.stack([gx * r * 0.92, gy * r * 0.92, z + r * 0.05 - reach * r * 0.8], -1)
        edge = np.concatenate([sheet[:-1, 0], sheet[-1, :-1], sheet[:0:-1, -1], sheet[0, :0:-1]])
        centre = sheet[6, 6]
        inner = [centre + (edge - centre) * [k, k, 1] * [1, 1, 0] + [0, 0, 0] for k in (0.55,)]
        flat = inner[0] * [1, 1, 0] + [0, 0, z + r * 0.05]
        lower = flat - [0, 0, r * 0.05]
        parts.append(
            Part(
                "cheese",
                loft([lower, edge - [0, 0, r * 0.045], edge, flat], crease=40),
                Surface((0.98, 0.70, 0.12), "wax"),
            )
        )
        z += r * 0.06
    tomato = joined(
        [
            cylinder(r * 0.46, r * 0.1, (x * r, y * r, z), bevel=r * 0.03, segments=28)
            for x, y in ((0.46, -0.3), (-0.46, -0.3), (0.0, 0.5))
        ]
    )
    parts.append(Part("tomato", tomato, Surface((0.80, 0.13, 0.08), "wax")))
    z += r * 0.1
    outline = smooth_profile(
        [
            (r * 0.9, 0),
            (r * 1.03, r * 0.1),
            (r * 0.97, r * tall * 0.5),
            (r * 0.66, r * tall * 0.86),
            (0, r * tall),
        ],
        6,
    )
    parts.append(Part("top bun", lathe([(0, 0), *outline], 44, at=(0, 0, z))))
    radii, heights = np.array(outline[::-1]).T
    seeds = []
    for k in range(44):
        s = np.sqrt((k + 0.5) / 44) * 0.86
        a = k * 2.39996
        height = float(np.interp(s * r, radii, heights))
        seeds.append(
            ellipsoid((r * 0.028, r * 0.048, r * 0.02), detail=1).moved(
                affine((s * r * np.cos(a), s * r * np.sin(a), z + height), (0, 0, np.degrees(a) * 3))
            )
        )
    parts.append(Part("sesame", joined(seeds), CREAM))
    return settled(parts)


def _pizza(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    t = r * 0.06
    crust = lathe(
        [
            (0, 0),
            (r * 0.94, 0),
            *smooth_profile(
                [
                    (r * 0.99, t * 0.4),
                    (r * 1.0, t * 1.2),
                    (r * 0.95, t * 1.75),
                    (r * 0.89, t * 1.5),
                    (r * 0.86, t * 0.9),
                ],
                4,
            ),
            (0, t * 0.9),
        ],
        60,
    )
    sauce = lathe([(0, t * 0.6), (r * 0.87, t * 0.6), (r * 0.87, t * 1.08), (0, t * 1.08)], 60)
    cheese = _wavy_disc(r * 0.82, t * 0.9, t * 0.42, 14, t * 0.05)
    rng = rng_of("pizza", round(r * 1e4), "toppings")
    spots = (
        [(0.0, 0.0)]
        + [(0.36 * np.cos(a), 0.36 * np.sin(a)) for a in np.radians([-45, 25, 95, 165, 235])]
        + [
            (0.66 * np.cos(a), 0.66 * np.sin(a))
            for a in np.radians([-62, -28, 18, 55, 92, 130, 166, 204, 242])
        ]
    )
    out = state == "with a slice out"
    gap_heading, gap_angle = -45.0, 50.0

    def in_gap(x: float, y: float) -> bool:
        return bool(
            out
            and abs((np.degrees(np.arctan2(y, x)) - gap_heading + 180) % 360 - 180) < gap_angle / 2 + 14
            and np.hypot(x, y) > 0.05
        ) or (out and np.hypot(x, y) < 0.05)

    pepperoni = [(x * r, y * r, t * 1.3) for x, y in spots if not in_gap(x, y)]
    disc = lathe(
        [
            (0, 0),
            (r * 0.105, 0),
            (r * 0.112, t * 0.25),
            (r * 0.1, t * 0.3),
            (r * 0.07, t * 0.2),
            (0, t * 0.2),
        ],
        24,
    )
    leaves, olives = [], []
    for k in range(16):
        a, d = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.76)
        x, y = d * np.cos(a), d * np.sin(a)
        if in_gap(x, y):
            continue
        if k % 2:
            leaves.append(
                leaf(
                    (x * r, y * r, t * 1.35),
                    (x * r + rng.normal(0, 0.09) * r, y * r + rng.normal(0, 0.09) * r, t * 1.5),
                    r * 0.045,
                )
            )
        else:
            ring = np.linspace(0, 2 * np.pi, 14, endpoint=False)
            olives.append(
                sweep(
                    np.column_stack(
                        [
                            x * r + r * 0.035 * np.cos(ring),
                            y * r + r * 0.035 * np.sin(ring),
                            np.full(14, t * 1.42),
                        ]
                    ),
                    r * 0.016,
                    8,
                    closed=True,
                )
            )
    red, black = Surface((0.62, 0.12, 0.08), "wax"), Surface((0.09, 0.08, 0.10), "plastic")
    if out:
        gap = wedge(r * 1.5, gap_angle, -t, t * 4, gap_heading)
        crust, sauce, cheese = (cut(m, gap) for m in (crust, sauce, cheese))
    board = cylinder(r * 1.14, r * 0.06, bevel=r * 0.02, segments=52)

    def on(mesh: Mesh) -> Mesh:
        return mesh.moved(affine((0, 0, r * 0.06)))

    parts = [
        Part("board", board, Surface((0.52, 0.34, 0.19), "wood")), Part("crust", on(crust)), Part("sauce", on(sauce), red), Part("cheese", on(cheese), Surface((0.98, 0.82, 0.42), "wax")),
        Part("pepperoni", on(joined([disc.moved(affine(spot)) for spot in pepperoni])), Surface((0.70, 0.17, 0.11), "wax")),
    ]  # fmt: skip
    if leaves:
        parts.append(Part("basil", on(joined(leaves)), LEAF))
    if olives:
        parts.append(Part("olives", on(joined(olives)), black))
    return settled(parts)


food(
    Kind(
        "burger",
        "food",
        _burger,
        params={"radius": (0.05, 0.062), "bun": (0.55, 0.75), "patties": (0.6, 2.4)},
        colours=("orange", "brown", "beige", "charcoal"),
        materials=("cork", "leather"),
        contexts=(*TABLE, "park"),
    )
)
food(
    Kind(
        "pizza",
        "food",
        _pizza,
        params={"radius": (0.14, 0.17)},
        states=("whole", "with a slice out"),
        effects={"cut": "with a slice out", "eat": "with a slice out"},
        colours=("beige", "peach", "brown"),
        materials=("cork", "leather"),
        contexts=(*TABLE, "park"),
    )
)
