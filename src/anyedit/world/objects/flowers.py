"""Flowers and mushrooms."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.blocks import curve, settled
from anyedit.world.bodies import aimed
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.plant_shapes import DRY, SOIL, STEM, WILTED, blade, leaves
from anyedit.world.shapes import ellipsoid, lathe, loft, smooth_profile, sweep


def _tulip(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["bloom"]
    wilted = state == "wilted"
    top = np.array([0.01, -0.02, h]) if not wilted else np.array([0.1, -0.1, h * 0.62])
    path = (
        curve([(0, 0, 0), (0.012, 0.0, h * 0.5), tuple(top)], 8)
        if not wilted
        else curve(
            [(0, 0, 0), (0.0, 0.0, h * 0.5), (0.035, -0.035, h * 0.8), (0.08, -0.08, h * 0.78), tuple(top)], 6
        )
    )
    facing = affine(tuple(top)) if not wilted else aimed(tuple(top), (0.35, -0.35, -1))  # type: ignore[arg-type]
    petals = []
    for ring, lean, size in ((0, 0.0, 1.0), (1, 0.22, 1.04)):
        for k in range(3):
            bow = [
                (0.05, 0.0),
                (0.75 + lean, 0.35),
                (0.88 + lean, 0.95),
                (0.62 + lean * 2.4 + (0.4 if wilted else 0), 1.75),
            ]
            a = np.radians(k * 120 + ring * 60)
            side, out = np.array([-np.sin(a), np.cos(a), 0]), np.array([np.cos(a), np.sin(a), 0])
            line = curve([np.array(out) * x * r + [0, 0, z * r] for x, z in bow], 4)
            rings = []
            for t, point in zip(np.linspace(0, 1, len(line)), line, strict=True):
                width = r * size * 0.8 * max(np.sin(np.pi * (0.1 + 0.87 * t)), 0.03) ** 0.7
                u = np.linspace(-1, 1, 9)
                cup = point[None] + side * (u * width)[:, None] - out * (u**2 * width * 0.5)[:, None]
                rings.append(np.vstack([cup + out * r * 0.03, (cup - out * r * 0.03)[::-1]]))
            petals.append(loft(rings, crease=60))
    bent = 0.55 if wilted else 1.0
    blades = []
    for a, s in ((0.5, 1.0), (2.8, 0.85), (4.4, 0.7)):
        out = np.array([np.cos(a), np.sin(a), 0])
        blades.append(
            blade(
                [
                    out * 0.008,
                    out * 0.045 * s + [0, 0, h * 0.32 * s * bent],
                    out * 0.1 * s + [0, 0, h * 0.58 * s * bent**2],
                    out * 0.17 * s + [0, 0, h * 0.6 * s * bent**4],
                ],
                0.026,
                0.16,
            )
        )
    green = WILTED if wilted else STEM
    ground = lathe([(0, 0), (0.075, 0), (0.05, 0.016), (0, 0.022)], 28)
    return settled(
        [
            Part("petals", joined(petals).moved(facing)),
            Part("stem", sweep(path, 0.0075, 10), green),
            Part("leaves", joined(blades), green),
            Part("soil", ground, SOIL),
        ]
    )


def _sunflower(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["bloom"]
    wilted = state == "wilted"
    top = np.array([0, -0.05, h]) if not wilted else np.array([0, -0.22, h * 0.8])
    path = (
        curve([(0, 0, 0), (0.015, 0.01, h * 0.5), (0, 0.01, h * 0.95), tuple(top)], 7)
        if not wilted
        else curve([(0, 0, 0), (0, 0.01, h * 0.55), (0, -0.02, h * 0.9), (0, -0.14, h * 0.94), tuple(top)], 6)
    )
    facing = aimed(tuple(top), (0.0, -1, 0.28) if not wilted else (0, -0.5, -1))
    petals = []
    for ring, count in ((0, 17), (1, 17)):
        for k in range(count):
            a = (k + ring * 0.5) * 2 * np.pi / count
            out = np.array([np.cos(a), np.sin(a), 0])
            droop = -0.12 if wilted else 0.03 - ring * 0.05
            petals.append(
                blade(
                    [
                        out * r * 0.42 - [0, 0, ring * r * 0.05],
                        out * r * 0.75 + [0, 0, r * (0.1 - ring * 0.05)],
                        out * r * (1.08 - 0.06 * ring) * (0.8 if wilted else 1.0) + [0, 0, r * droop * 3],
                    ],
                    r * 0.13,
                    0.16,
                )
            )
    disc = lathe(
        smooth_profile([(r * 0.5, -r * 0.08), (r * 0.52, r * 0.04), (r * 0.36, r * 0.14), (0, r * 0.12)], 4),
        36,
    )
    golden = np.pi * (3 - np.sqrt(5))
    seeds = []
    for k in range(90):
        s = np.sqrt((k + 0.5) / 90)
        seeds.append(
            ellipsoid(
                r * 0.034,
                (
                    s * r * 0.47 * np.cos(golden * k),
                    s * r * 0.47 * np.sin(golden * k),
                    r * (0.14 - 0.1 * s**4),
                ),
                detail=0,
            )
        )
    sepals = lathe([(0, -r * 0.22), (r * 0.2, -r * 0.2), (r * 0.5, -r * 0.06), (0, -r * 0.05)], 24)
    blades = []
    for z, a, s in ((0.28, 0.2, 1.0), (0.42, 3.0, 0.95), (0.58, 0.9, 0.8), (0.7, 3.7, 0.65)):
        out = np.array([np.cos(a), np.sin(a), 0])
        dip = 0.18 if not wilted else -0.5
        base = np.array([0.01, 0.008, z * h])
        blades.append(
            blade(
                [
                    base,
                    base + out * r * 0.7 * s + [0, 0, r * (dip + 0.25) * s],
                    base + out * r * 1.25 * s + [0, 0, r * dip * s],
                    base + out * r * 1.6 * s + [0, 0, r * (dip - 0.45) * s],
                ],
                r * 0.42 * s,
                0.07,
            )
        )
    green = WILTED if wilted else STEM
    ground = lathe([(0, 0), (r * 0.9, 0), (r * 0.6, 0.02), (0, 0.03)], 28)
    return settled([Part("petals", joined(petals).moved(facing)), Part("disc", disc.moved(facing), Surface((0.24, 0.13, 0.06), "foliage")), Part("seeds", joined(seeds).moved(facing), Surface((0.36, 0.21, 0.08), "wood")),
                    Part("stem", joined([sweep(path, np.linspace(0.015, 0.011, len(path)), 10), sepals.moved(facing)]), green), Part("leaves", joined(blades), green), Part("soil", ground, SOIL)])  # fmt: skip


def _mushroom(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["cap"], p["height"]
    low = h - r * 0.72
    outline = smooth_profile(
        [(r * 0.98, 0), (r * 1.0, r * 0.12), (r * 0.82, r * 0.45), (r * 0.42, r * 0.67), (0, r * 0.72)], 6
    )
    cap = lathe([(r * 0.5, -r * 0.02), (r * 0.94, -r * 0.04), *outline], 44, at=(0, 0, low))
    radii, heights = np.array(outline[::-1]).T
    golden = np.pi * (3 - np.sqrt(5))
    dots = []
    for k in range(19):
        s = np.sqrt((k + 0.3) / 19) * 0.95
        x, y = s * r * np.cos(golden * k), s * r * np.sin(golden * k)
        z = low + float(np.interp(s * r, radii, heights))
        slope = np.array([x, y, 0.35 * r + (1 - s) * r])
        size = r * (0.1 - 0.03 * s) * (1.25 if k % 3 == 0 else 0.85)
        dots.append(ellipsoid((size, size, size * 0.4), detail=2).moved(aimed((x, y, z), slope)))
    gills = lathe(
        [(0, r * 0.06), (r * 0.94, -r * 0.035), (r * 0.5, r * 0.1), (0, r * 0.1)], 40, at=(0, 0, low)
    )
    stem = lathe(
        [
            (0, 0),
            *smooth_profile(
                [(r * 0.34, 0), (r * 0.4, h * 0.08), (r * 0.27, h * 0.35), (r * 0.24, low + r * 0.1)], 5
            ),
            (0, low + r * 0.1),
        ],
        32,
    )
    skirt = lathe(
        [
            (r * 0.24, low * 0.8),
            (r * 0.3, low * 0.78),
            (r * 0.42, low * 0.62),
            (r * 0.28, low * 0.72),
            (r * 0.24, low * 0.74),
        ],
        32,
        crease=60,
    )
    pale = Surface((0.95, 0.91, 0.82), "matte paint")
    parts = [
        Part("cap", cap),
        Part("dots", joined(dots), Surface("white", "matte paint")),
        Part("gills", gills, pale),
        Part("stem", joined([stem, skirt]), pale),
    ]
    if p["grass"] > 0.4:
        rng = rng_of("mushroom", round(r * 1e4), "grass")
        a, d = rng.uniform(0, 2 * np.pi, 46), rng.uniform(0.3, 0.75, 46) * r
        at = np.column_stack([d * np.cos(a), d * np.sin(a), np.zeros(46)])
        parts.append(
            Part(
                "grass",
                leaves(
                    at,
                    at / r * 0.5 + rng.normal(0, 0.15, (46, 3)) * [1, 1, 0] + [0, 0, 1],
                    r * rng.uniform(0.45, 0.85, 46),
                    0.07,
                ),
                STEM,
            )
        )
    return settled(parts)


register(
    Kind("tulip", "plant", _tulip, params={"height": (0.34, 0.46), "bloom": (0.036, 0.046)}, states=("blooming", "wilted"), verbs={"wilted": "wilt", "blooming": "bloom"}, effects=DRY,
         colours=("red", "yellow", "pink", "purple", "white", "orange"), materials=("foliage",), scale="tabletop", contexts=("outdoor", "garden", "park", "meadow", "farm"))
)  # fmt: skip
register(
    Kind("sunflower", "plant", _sunflower, params={"height": (0.85, 1.25), "bloom": (0.14, 0.18)}, states=("blooming", "wilted"), verbs={"wilted": "wilt", "blooming": "bloom"}, effects=DRY,
         colours=("yellow", "orange", "crimson"), materials=("foliage",), scale="room", contexts=("outdoor", "garden", "meadow", "farm", "park"))
)  # fmt: skip
register(
    Kind("mushroom", "plant", _mushroom, params={"cap": (0.07, 0.1), "height": (0.14, 0.2), "grass": (0, 1)}, colours=("red", "orange", "brown", "white", "purple"), materials=("matte paint", "plastic"), scale="tabletop",
         contexts=("outdoor", "forest", "meadow", "garden"))
)  # fmt: skip
