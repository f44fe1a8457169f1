"""What melts: ice cream and ice cubes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anyedit.world.blocks import curve, settled
from anyedit.world.bodies import option
from anyedit.world.kinds import Kind, Part, Surface
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.food_shapes import CHERRY, CHOCOLATE, TABLE, WOOD, food
from anyedit.world.shapes import (
    Distance,
    blob,
    box,
    cut,
    ellipsoid,
    lathe,
    loft,
    smooth_profile,
    soft,
    sweep,
)  # fmt: skip


def _ice_cream(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    bowl_r, stem = r * 1.75, r * 1.15
    bowl = lathe(
        [
            (0, 0),
            *smooth_profile(
                [
                    (r * 1.05, 0),
                    (r * 1.0, r * 0.08),
                    (r * 0.3, r * 0.2),
                    (r * 0.18, r * 0.5),
                    (r * 0.24, stem),
                    (r * 1.1, stem + r * 0.24),
                    (bowl_r, stem + r * 1.0),
                ],
                5,
            ),
            (bowl_r * 0.96, stem + r * 1.03),
            (bowl_r * 0.92, stem + r * 0.98),
            *smooth_profile([(r * 1.1, stem + r * 0.4), (r * 0.5, stem + r * 0.22), (0, stem + r * 0.2)], 4),
        ],
        44,
    )
    rim = stem + r * 0.92
    sauce = CHOCOLATE if p["sauce"] > 0.5 else Surface((0.72, 0.10, 0.14), "wax")
    if state == "melted":
        pool = lathe(
            [
                (0, stem + r * 0.3),
                (bowl_r * 0.7, stem + r * 0.4),
                (bowl_r * 0.9, rim),
                *smooth_profile(
                    [
                        (bowl_r * 0.86, rim + r * 0.02),
                        (bowl_r * 0.5, rim + r * 0.05),
                        (r * 0.3, rim + r * 0.22),
                        (0, rim + r * 0.26),
                    ],
                    4,
                ),
            ],
            40,
        )
        a = 4.3
        drip = [
            sweep(
                curve(
                    [
                        (np.cos(a + d) * bowl_r * k, np.sin(a + d) * bowl_r * k, rim + z * r)
                        for k, z in ((0.84, 0.03), (0.99, 0.12), (1.02, -0.1), (0.84, -0.1 - s))
                    ],
                    5,
                ),
                [*np.linspace(r * 0.16, r * 0.12, 10), *np.linspace(r * 0.12, r * 0.14, 6)],
                12,
            )
            for d, s in ((0.0, 0.55), (0.75, 0.3), (-0.9, 0.4))
        ]
        puddle = soft(
            {
                "p": [
                    blob(
                        (r * 0.9, r * 0.6, r * 0.1), (np.cos(a) * bowl_r * 1.0, np.sin(a) * bowl_r * 1.0, 0.0)
                    ),
                    blob(
                        (r * 0.4, r * 0.36, r * 0.08),
                        (np.cos(a + 0.5) * bowl_r * 1.3, np.sin(a + 0.5) * bowl_r * 1.3, 0.0),
                    ),
                ]
            },
            r * 0.3,
            r * 0.09,
        )["p"]
        puddle = replace(puddle, vertices=np.maximum(puddle.vertices, [-np.inf, -np.inf, 0.0]))
        top = [Part("ice cream", joined([pool, *drip, puddle]))]
        wafer_at, cherry_at = (
            affine((bowl_r * 0.3, r * 0.2, rim + r * 0.08), (0, 78, 20)),
            (-r * 0.3, -r * 0.5, rim + r * 0.22),
        )
    else:
        places = [(-0.82, -0.28, 0.45), (0.82, -0.28, 0.45), (0.0, 0.72, 0.5), (0.0, 0.0, 1.45)]
        scoops, skirts = [], []
        for x, y, z in places:
            at = (x * r, y * r, rim + z * r)
            scoops.append(ellipsoid(r * 0.86, at, detail=3))
            u = np.linspace(0, 2 * np.pi, 40, endpoint=False)
            skirts.append(
                sweep(
                    np.column_stack(
                        [
                            at[0] + r * 0.8 * np.cos(u),
                            at[1] + r * 0.8 * np.sin(u),
                            at[2] - r * 0.36 + r * 0.04 * np.sin(7 * u),
                        ]
                    ),
                    r * (0.15 + 0.03 * np.sin(9 * u)),
                    8,
                    closed=True,
                )
            )
        second = option(
            (
                Surface((0.98, 0.93, 0.80), "wax"),
                Surface((0.36, 0.20, 0.12), "wax"),
                Surface((0.72, 0.90, 0.70), "wax"),
            ),
            p["second"],
        )
        peak = rim + r * 1.45
        u = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        low = 0.35 - 0.2 * np.sin(5 * u) - 0.1 * np.sin(8 * u)
        rings = [
            np.column_stack(
                [
                    r * k * np.sqrt(1 - z**2) * np.cos(u),
                    r * k * np.sqrt(1 - z**2) * np.sin(u),
                    peak + r * k * z,
                ]
            )
            for k, z in (
                (0.84, low),
                (0.9, low + 0.02),
                (0.905, 0.5 + low * 0.5),
                (0.9, 0.86 + 0 * u),
                (0.9, 0.985 + 0 * u),
            )
        ]
        top = [
            Part("ice cream", joined([scoops[0], skirts[0], scoops[3], skirts[3]])),
            Part("second flavour", joined([scoops[1], skirts[1], scoops[2], skirts[2]]), second),
            Part("sauce", loft(rings, crease=60), sauce),
        ]
        wafer_at, cherry_at = (
            affine((r * 0.75, r * 0.62, rim + r * 1.2), (-14, 24, 0)),
            (0.0, 0.0, peak + r * 1.06),
        )
    wafer = joined(
        [
            lathe(
                [
                    (0, 0),
                    (r * 0.2, 0),
                    (r * 0.2, r * 2.4),
                    (r * 0.14, r * 2.4),
                    (r * 0.14, r * 2.2),
                    (0, r * 2.2),
                ],
                20,
            ),
            *[
                sweep(
                    [
                        (r * 0.205 * np.cos(a), r * 0.205 * np.sin(a), r * (0.1 + 2.2 * a / 31))
                        for a in np.linspace(0, 31, 60)
                    ],
                    r * 0.025,
                    5,
                )
            ],
        ]
    ).moved(wafer_at)
    stalk = sweep(
        curve(
            [
                np.add(cherry_at, (0, 0, r * 0.2)),
                np.add(cherry_at, (r * 0.1, 0, r * 0.5)),
                np.add(cherry_at, (r * 0.34, 0, r * 0.75)),
            ],
            4,
        ),
        r * 0.025,
        6,
    )
    return settled(
        [
            *top,
            Part("bowl", bowl, Surface((0.80, 0.88, 0.92), "ceramic")),
            Part("wafer", wafer, Surface((0.83, 0.58, 0.28), "cork")),
            Part("cherry", ellipsoid(r * 0.24, cherry_at, detail=2), CHERRY),
            Part("cherry stalk", stalk, WOOD),
        ]
    )


def _ice_cube(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["side"]
    if state != "melted":
        body = box((s, s, s * 0.94), bevel=s * 0.13)
        dent = ellipsoid((s * 0.36, s * 0.36, s * 0.12), (0, 0, s * 0.97), detail=3)
        return settled([Part("ice", cut(body, dent, crease=50).moved(affine(turn=(0, 0, p["turn"]))))])
    heap: list[Distance] = [
        blob((s * 1.15, s * 0.95, s * 0.09), (0, 0, 0)),
        blob((s * 0.5, s * 0.42, s * 0.08), (s * 0.95, -s * 0.5, 0)),
        blob((s * 0.45, s * 0.5, s * 0.08), (-s * 0.9, s * 0.35, 0)),
    ]
    puddle = soft({"w": heap}, s * 0.3, s * 0.09)["w"]
    drops = [
        ellipsoid((s * w, s * w, s * 0.05), (x * s, y * s, s * 0.01), detail=2)
        for x, y, w in ((-1.35, -0.55, 0.12), (1.6, -0.1, 0.09), (0.2, -1.3, 0.1))
    ]
    water = joined([puddle, *drops])
    water = replace(water, vertices=np.maximum(water.vertices, [-np.inf, -np.inf, 0.0]))
    rest = soft(
        {"r": [blob((s * 0.36, s * 0.3, s * 0.2), (0.05 * s, 0.05 * s, s * 0.12))]}, s * 0.1, s * 0.05
    )["r"]
    return settled(
        [
            Part("water", water, Surface((0.80, 0.90, 0.95), "water")),
            Part("ice", replace(rest, vertices=np.maximum(rest.vertices, [-np.inf, -np.inf, 0.0]))),
        ]
    )


food(Kind("bowl of ice cream", "food", _ice_cream, params={"radius": (0.028, 0.034), "sauce": (0, 1), "second": (0, 1)}, states=("frozen", "melted"), verbs={"melted": "melt"}, effects={"melt": "melted"},
           colours=("pink", "mint", "yellow", "white", "violet", "brown"), materials=("wax", "snow"), contexts=(*TABLE, "beach", "park"), plural="bowls of ice cream", topples=True))  # fmt: skip
food(
    Kind(
        "ice cube",
        "food",
        _ice_cube,
        params={"side": (0.035, 0.05), "turn": (-30, 30)},
        states=("solid", "melted"),
        verbs={"melted": "melt"},
        effects={"melt": "melted"},
        colours=("white", "cyan", "turquoise", "pink"),
        materials=("ice", "glass"),
        contexts=(*TABLE, "snowfield"),
    )
)
