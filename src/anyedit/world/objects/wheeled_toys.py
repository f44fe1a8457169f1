"""Toy train, toy rocket and spinning top."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import curve, placed, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.habitats import PLAYROOM
from anyedit.world.shapes import cylinder, ellipsoid, extrude, lathe, rod, smooth_profile
from anyedit.world.surfaces import BLACK, STEEL, WOOD


def _rocket(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["radius"]
    lift = 0.16 * h
    outline = smooth_profile(
        [(r * 0.55, lift), (r * 0.86, lift + h * 0.1), (r, h * 0.45), (r * 0.86, h * 0.7)], 6
    )
    nose = smooth_profile([(r * 0.86, h * 0.7), (r * 0.6, h * 0.86), (r * 0.25, h * 0.965), (0.0, h)], 6)
    body = lathe([(0, lift), *outline, (0, h * 0.7)], 44)
    ring = lathe(
        [(r * 0.8, 0), (r * 0.9, 0), (r * 0.885, 0.02 * h), (r * 0.8, 0.02 * h)], 44, at=(0, 0, h * 0.69)
    )
    fin = extrude(
        curve(
            [
                (r * 0.7, h * 0.36),
                (r * 1.35, h * 0.24),
                (r * 1.85, h * 0.02),
                (r * 1.82, 0.0),
                (r * 1.6, 0.0),
                (r * 1.2, h * 0.12),
                (r * 0.6, h * 0.17),
            ],
            4,
        ),
        r * 0.16,
        bevel=r * 0.02,
    )
    fins = joined([fin.moved(affine(turn=(0, 0, a))) for a in (-90, 30, 150)])
    nozzle = lathe(
        [(0, 0), (r * 0.5, 0), (r * 0.36, lift * 0.5), (r * 0.42, lift * 1.05), (0, lift * 1.05)],
        32,
        at=(0, 0, lift * 0.35),
    )
    port_y, port_z = -r * 0.985, h * 0.52
    port = ellipsoid((r * 0.33, r * 0.08, r * 0.33), (0, port_y, port_z), (-3, 0, 0))
    rim = lathe(
        [(r * 0.3, 0), (r * 0.44, 0), (r * 0.42, r * 0.14), (r * 0.32, r * 0.14), (r * 0.3, 0)], 36
    ).moved(affine((0, port_y + r * 0.05, port_z), (90, 0, 0)))
    parts = [
        Part("body", body),
        Part(
            "nose",
            lathe([(0, h * 0.7), *nose], 44),
            Surface("red", "plastic") if p["red_nose"] > 0.3 else Surface("navy", "plastic"),
        ),
        Part("fins", fins, Surface("red", "plastic") if p["red_nose"] > 0.3 else Surface("navy", "plastic")),
        Part("ring", ring, STEEL),
        Part("nozzle", nozzle, STEEL),
        Part("porthole", port, Surface((0.25, 0.5, 0.68), "car paint")),
        Part("rim", rim, STEEL),
    ]
    if state == "launching":
        flame = lathe(
            smooth_profile(
                [(0, -h * 0.62), (r * 0.34, -h * 0.36), (r * 0.62, -h * 0.1), (r * 0.42, lift * 0.4)], 6
            )
            + [(0, lift * 0.4)],
            28,
        )
        core = lathe(
            smooth_profile(
                [(0, -h * 0.34), (r * 0.22, -h * 0.2), (r * 0.34, -h * 0.06), (r * 0.26, lift * 0.42)], 6
            )
            + [(0, lift * 0.42)],
            28,
        )
        smoke = [
            ellipsoid(r * s, (r * x, r * y, -h * 0.62 + r * s * 0.6))
            for x, y, s in (
                (-1.1, -0.2, 0.6),
                (1.0, 0.1, 0.66),
                (0.1, 0.9, 0.7),
                (-0.2, -1.0, 0.55),
                (0.7, -0.8, 0.42),
            )
        ]
        parts += [
            Part("flame", flame, Surface((1.0, 0.4, 0.06), "plastic", glow=4.0)),
            Part("flame core", core, Surface((1.0, 0.85, 0.4), "plastic", glow=8.0)),
            Part("smoke", joined(smoke), Surface((0.86, 0.85, 0.83), "wool")),
        ]
    return settled(parts)


def _train(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, tall = 0.021, p["funnel"]
    red, yellow, blue = Surface("red", "wood"), Surface("yellow", "wood"), Surface("blue", "wood")
    parts: list[Part] = []

    def axles(x: float, span: float) -> list[Part]:
        """Two pairs of wheels under a car of the train, whose length runs along x."""
        spots = [affine((x + dx, s * 0.037, r), (90, 0, 0)) for dx in (-span / 2, span / 2) for s in (-1, 1)]
        rims = joined([cylinder(r, 0.012, (0, 0, -0.006), segments=22).moved(spot) for spot in spots])
        hubs = joined([cylinder(r * 0.55, 0.015, (0, 0, -0.0075), segments=16).moved(spot) for spot in spots])
        return [Part("wheels", rims, red), Part("hubs", hubs, yellow)]

    loco_x, gap = -0.125, 0.028
    base = slab((0.15, 0.062, 0.022), (loco_x, 0, r), 0.005)
    boiler = cylinder(p["boiler"], 0.09, bevel=0.006).moved(affine((loco_x - 0.07, 0, r + 0.047), (0, 90, 0)))
    cab = slab((0.05, 0.066, 0.075), (loco_x + 0.045, 0, r + 0.018), 0.004)
    roof = slab((0.068, 0.082, 0.013), (loco_x + 0.045, 0, r + 0.093), 0.005)
    funnel = lathe(
        [
            (0, 0),
            (0.009, 0),
            (0.009, 0.028 * tall),
            (0.016, 0.045 * tall),
            (0.016, 0.05 * tall),
            (0, 0.05 * tall),
        ],
        24,
        at=(loco_x - 0.045, 0, r + 0.068),
    )
    dome = ellipsoid((0.013, 0.013, 0.015), (loco_x - 0.008, 0, r + 0.074), detail=2)
    windows = slab((0.024, 0.068, 0.026), (loco_x + 0.045, 0, r + 0.056), 0.004)
    face = cylinder(0.019, 0.004, segments=28).moved(affine((loco_x - 0.0725, 0, r + 0.047), (0, 90, 0)))
    parts += [
        Part("engine", joined([boiler, cab])),
        Part("base", base, red),
        Part("roof", roof, red),
        Part("funnel", funnel, BLACK),
        Part("dome", dome, yellow),
        Part("windows", windows, Surface((0.97, 0.9, 0.7), "plastic")),
        Part("face", face, yellow),
        *axles(loco_x, 0.085),
    ]
    x = loco_x + 0.075 + gap
    links = []
    for index in range(round(p["cars"])):
        length = 0.1
        links.append(rod((x - gap - 0.004, 0, r + 0.011), (x + 0.004, 0, r + 0.011), 0.004, 8))
        centre = x + length / 2
        parts.append(
            Part(
                "wagon base",
                slab((length, 0.062, 0.018), (centre, 0, r), 0.004),
                (blue, yellow, red)[index % 3],
            )
        )
        walls = [slab((length, 0.006, 0.036), (centre, s * 0.028, r + 0.016), 0.002) for s in (-1, 1)] + [
            slab((0.006, 0.062, 0.036), (centre + s * (length / 2 - 0.003), 0, r + 0.016), 0.002)
            for s in (-1, 1)
        ]
        if index % 2 == 0:
            parts.append(Part("wagon", joined(walls), (Surface("green", "wood"), blue)[index % 2]))
            cargo = [
                slab((0.032, 0.032, 0.032), (centre + dx, dy, r + 0.018 + dz), 0.003, turn=(0, 0, a))
                for dx, dy, dz, a in ((-0.022, 0, 0, 8), (0.02, 0.003, 0, -14), (0.0, 0, 0.031, 24))
            ]
            parts += [
                Part("cargo", block, surface)
                for block, surface in zip(cargo, (red, yellow, blue), strict=True)
            ]
        else:
            tank = cylinder(0.026, length * 0.86, bevel=0.01).moved(
                affine((centre - length * 0.43, 0, r + 0.043), (0, 90, 0))
            )
            parts += [
                Part("tank", tank, Surface("orange", "wood")),
                Part("cap", cylinder(0.009, 0.012, (centre, 0, r + 0.066), segments=20), red),
            ]
        parts += axles(centre, 0.06)
        x += length + gap
    return settled(placed([*parts, Part("links", joined(links), STEEL)], turn=(0, 0, -12)))


def _top(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    upper = smooth_profile(
        [(r * 0.98, h * 0.5), (r * 0.7, h * 0.62), (r * 0.25, h * 0.68), (r * 0.1, h * 0.74)], 5
    )
    lower = smooth_profile(
        [(r * 0.05, h * 0.03), (r * 0.3, h * 0.16), (r * 0.78, h * 0.36), (r * 0.98, h * 0.46)], 5
    )

    def zone(a: float, b: float) -> Mesh:
        radii, heights = np.array(upper[::-1]).T[0], np.array(upper[::-1]).T[1]
        rs = np.linspace(a, b, 6) * r
        zs = np.interp(rs, radii, heights)
        return lathe(
            [
                (rs[0], zs[0] - 0.002),
                *[(x, z + 0.0008) for x, z in zip(rs[::-1], zs[::-1], strict=True)],
                (rs[0], zs[0] - 0.002),
            ],
            44,
        )

    parts = [
        Part("body", lathe([(0, h * 0.02), *lower, *upper, (0, h * 0.74)], 48)),
        Part("bands", joined([zone(0.76, 0.9), zone(0.3, 0.46)]), Surface("yellow", "wood")),
        Part("band", zone(0.52, 0.7), Surface("blue", "wood")),
        Part("tip", lathe([(0, 0), (r * 0.06, h * 0.05), (0, h * 0.06)], 16), STEEL),
        Part(
            "stem",
            joined(
                [
                    cylinder(r * 0.075, h * 0.26, (0, 0, h * 0.72), segments=20),
                    ellipsoid((r * 0.13, r * 0.13, r * 0.12), (0, 0, h * 0.97), detail=2),
                ]
            ),
            WOOD,
        ),
    ]
    lean = p["lean"] if state != "toppled" else 62.0
    return settled(placed(parts, turn=(0, lean, -30)))


register(
    Kind(
        "toy rocket",
        "toy",
        _rocket,
        params={"height": (0.34, 0.44), "radius": (0.055, 0.068), "red_nose": (0, 1)},
        states=("standing", "launching"),
        verbs={"launching": "take off"},
        effects={"light": "launching", "take_off": "launching"},
        colours=("white", "yellow", "cyan", "orange", "mint"),
        materials=("plastic", "car paint", "brushed metal"),
        scale="tabletop",
        contexts=(*PLAYROOM, "garden", "park"),
        topples=True,
    )
)
register(
    Kind(
        "toy train",
        "toy",
        _train,
        params={"cars": (1, 2.4), "boiler": (0.024, 0.03), "funnel": (0.9, 1.3)},
        colours=("green", "blue", "purple", "teal"),
        materials=("wood", "plastic"),
        scale="tabletop",
        contexts=PLAYROOM,
    )
)
register(
    Kind(
        "spinning top",
        "toy",
        _top,
        params={"radius": (0.04, 0.055), "height": (0.09, 0.11), "lean": (0.0, 9.0)},
        states=("spinning", "toppled"),
        verbs={"toppled": "topple over"},
        effects={"knock": "toppled"},
        colours=("red", "green", "purple", "teal", "orange"),
        materials=("wood", "plastic"),
        scale="tabletop",
        contexts=PLAYROOM,
    )
)
