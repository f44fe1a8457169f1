"""Tractor and steam locomotive."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, settled, side, skin, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.vehicle_shapes import wheel
from anyedit.world.shapes import (
    cut,
    cylinder,
    ellipsoid,
    extrude,
    lathe,
    loft,
    rod,
    rounded_ring,
    smooth_profile,
)
from anyedit.world.surfaces import BEAM, CHROME, LAMP, RUBBER, TRIM, WINDOW

_LIT = {"headlights on": "switch on the headlights"}

_SWITCH = {"switch_on": "headlights on"}


def _tractor(p: Mapping[str, float], state: str | None) -> list[Part]:
    big, small = p["rear"], p["rear"] * 0.58
    hood = skin(
        [
            (-1.32, 0.44, 0.72, 1.12, 0.3),
            (-1.27, 0.54, 0.66, 1.2, 0.26),
            (-0.7, 0.6, 0.66, 1.28, 0.24),
            (0.05, 0.64, 0.66, 1.34, 0.24),
        ],
        steps=3,
    )
    yellow = Surface((0.95, 0.75, 0.12), "car paint")
    wheels = []
    for sign in (-1, 1):
        wheels += wheel(big, 0.42, (sign * 0.66, 0.72, big), yellow, 0.55)
        wheels += wheel(small, 0.26, (sign * 0.62, -0.95, small), yellow, 0.55)
    lugs = []
    for sign in (-1, 1):
        for a in np.arange(18) * 20.0:
            block = slab((0.4, 0.07, 0.06), (0, 0, big * 0.975), 0.01).moved(affine(turn=(a, 0, 0)))
            lugs.append(block.moved(affine((sign * 0.66, 0.72, big))))
    fender = side(
        [
            (0.72 + (big + 0.1 + t) * np.cos(a), big + (big + 0.1 + t) * np.sin(a))
            for t, sweep_ in ((0.0, np.linspace(0.25, 2.7, 16)), (0.05, np.linspace(2.7, 0.25, 16)))
            for a in sweep_
        ],
        0.46,
    )
    top = p["cab"]
    posts = [
        rod((x, y, 1.2), (x * 0.92, y2, top), 0.035, 8)
        for x in (-0.52, 0.52)
        for y, y2 in ((0.0, 0.12), (1.0, 0.95))
    ]
    glass = loft(
        [
            rounded_ring(1.02, 0.98, 1.25, 0.12, at=(0, 0.5)),
            rounded_ring(0.92, 0.8, top - 0.02, 0.12, at=(0, 0.54)),
        ]
    )
    stack = joined(
        [
            cylinder(0.045, 0.8, (0.2, -0.5, 1.25), segments=14),
            cylinder(0.065, 0.3, (0.2, -0.5, 1.5), segments=14),
        ]
    )
    lamp = ellipsoid((0.09, 0.05, 0.07), (0.19, -1.3, 1.02), detail=2)
    grille = [slab((0.36, 0.04, 0.03), (0, -1.305, z)) for z in (0.76, 0.82, 0.88)]
    return settled(
        [
            Part("body", joined([hood, slab((0.7, 1.3, 0.6), (0, 0.55, 0.65), 0.05)])),
            Part("fenders", joined([fender.moved(affine((sign * 0.66, 0, 0))) for sign in (-1, 1)])),
            *wheels,
            Part("lugs", joined(lugs), RUBBER),
            Part("cab", glass, WINDOW),
            Part("posts", joined(posts)),
            Part("roof", slab((1.16, 1.1, 0.13), (0, 0.54, top - 0.02), 0.05)),
            Part("exhaust", stack, Surface("charcoal", "iron")),
            Part("front axle", slab((1.0, 0.16, 0.16), (0, -0.95, small - 0.08)), TRIM),
            Part("frame", slab((0.36, 1.6, 0.25), (0, -0.6, 0.45)), TRIM),
            Part("headlights", both(lamp), BEAM if state == "headlights on" else LAMP),
            Part("grille", joined(grille), TRIM),
        ]
    )


def _locomotive(p: Mapping[str, float], state: str | None) -> list[Part]:
    boiler, length = p["boiler"], p["length"]
    front, z = -length / 2, 1.55
    barrel = [
        (0, 0),
        (boiler * 0.8, 0),
        (boiler * 0.97, 0.05),
        (boiler, 0.14),
        (boiler, length * 0.62),
        (0, length * 0.62),
    ]
    tank = lathe(barrel, 40).moved(affine((0, front + 0.25, z), (-90, 0, 0)))
    bands = [
        lathe([(boiler * 0.9, 0), (boiler * 1.02, 0), (boiler * 1.02, 0.06), (boiler * 0.9, 0.06)], 40).moved(
            affine((0, front + y, z), (-90, 0, 0))
        )
        for y in (0.75, 1.45, 2.15)
    ]
    door = lathe(
        smooth_profile([(0, -0.1), (boiler * 0.45, -0.075), (boiler * 0.78, 0.0)], 4) + [(0, 0.02)], 36
    )
    chimney = lathe(
        [
            (0, 0),
            (0.2, 0),
            (0.16, 0.1),
            (0.15, 0.5),
            (0.25, 0.75),
            (0.27, 0.8),
            (0.2, 0.8),
            (0.13, 0.5),
            (0, 0.5),
        ],
        28,
    )
    dome = lathe(smooth_profile([(0.26, 0), (0.25, 0.2), (0.17, 0.36), (0, 0.4)], 4), 28)
    cab_y, cab_w = length / 2 - 0.62, 1.9
    cab = cut(
        slab((cab_w, 1.2, 1.75), (0, cab_y, 1.0), 0.03),
        slab((3, 0.62, 0.62), (0, cab_y, 1.95), 0.02),
        *[slab((0.46, 3, 0.5), (x, cab_y, 2.08), 0.02) for x in (-0.6, 0.6)],
    )
    arch = [(1.1 * np.cos(a), 2.72 + 0.3 * np.sin(a)) for a in np.linspace(0, np.pi, 14)]
    roof = extrude(arch, 1.5, (0, cab_y, 0))
    steel = Surface((0.55, 0.1, 0.08), "car paint")
    wheels: list[Part] = []
    drive = (front + 1.55, front + 2.6, front + 3.5)
    for sign in (-1, 1):
        for y in drive:
            if y < length / 2 - 0.2:
                wheels += wheel(0.5, 0.16, (sign * 0.72, y, 0.5), steel, 0.84)
        wheels += wheel(0.3, 0.14, (sign * 0.72, front + 0.6, 0.3), steel, 0.84)
    last = max(y for y in drive if y < length / 2 - 0.2)
    link = both(
        joined(
            [
                slab((0.05, last - drive[0] + 0.2, 0.09), (0.85, (drive[0] + last) / 2, 0.42), 0.01),
                rod((0.85, front + 0.5, 0.62), (0.87, drive[1], 0.48), 0.04, 8),
            ]
        )
    )
    pistons = both(cylinder(0.2, 0.6, segments=24).moved(affine((0.8, front + 0.3, 0.66), (-90, 0, 0))))
    catcher = loft(
        [
            [
                (-0.95, front - 0.02, 0.12),
                (0.95, front - 0.02, 0.12),
                (0.95, front + 0.1, 0.12),
                (-0.95, front + 0.1, 0.12),
            ],
            [
                (-0.6, front + 0.1, 0.6),
                (0.6, front + 0.1, 0.6),
                (0.6, front + 0.2, 0.6),
                (-0.6, front + 0.2, 0.6),
            ],
        ]
    )
    buffers = both(
        lathe([(0, 0), (0.05, 0), (0.05, 0.22), (0.14, 0.22), (0.14, 0.27), (0, 0.29)], 18).moved(
            affine((0.62, front + 0.1, 0.85), (90, 0, 0))
        )
    )
    brass, black = Surface((0.85, 0.62, 0.2), "gold"), Surface("charcoal", "iron")
    lamp = cylinder(0.13, 0.16, segments=24).moved(affine((0, front + 0.2, z + boiler + 0.12), (90, 0, 0)))
    glow = ellipsoid((0.1, 0.03, 0.1), (0, front + 0.04, z + boiler + 0.12), detail=2)
    return settled(
        [
            Part("boiler", tank),
            Part("smokebox door", door.moved(affine((0, front + 0.25, z), (-90, 0, 0))), black),
            Part("bands", joined(bands), brass),
            Part("chimney", chimney.moved(affine((0, front + 0.62, z + boiler * 0.95))), black),
            Part("dome", dome.moved(affine((0, front + 1.75, z + boiler * 0.93))), brass),
            Part("cab", cab),
            Part("roof", roof, black),
            Part("chassis", slab((1.5, length - 0.2, 0.3), (0, 0.05, 0.78), 0.03), black),
            Part("running board", slab((1.95, length - 0.5, 0.07), (0, 0.1, 1.02), 0.02), steel),
            *wheels,
            Part("rods", link, CHROME),
            Part("pistons", pistons, black),
            Part("cow catcher", catcher, steel),
            Part("buffers", buffers, black),
            Part("lamp", lamp, black),
            Part("lamp glass", glow, BEAM if state == "headlights on" else LAMP),
        ]
    )


register(
    Kind(
        "tractor",
        "vehicle",
        _tractor,
        params={"rear": (0.68, 0.8), "cab": (2.1, 2.4)},
        states=("parked", "headlights on"),
        verbs=_LIT,
        effects=_SWITCH,
        colours=("green", "red", "blue", "orange"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=("outdoor", "farm", "meadow"),
    )
)
register(
    Kind(
        "locomotive",
        "vehicle",
        _locomotive,
        params={"boiler": (0.56, 0.68), "length": (4.9, 5.6)},
        states=("parked", "headlights on"),
        verbs=_LIT,
        effects=_SWITCH,
        colours=("green", "black", "blue", "maroon", "red"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=("outdoor", "harbour", "mountain", "meadow"),
    )
)
