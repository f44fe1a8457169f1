"""Truck and bus."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, panel, settled, side, skin, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import joined
from anyedit.world.objects.vehicle_shapes import LIT, ROAD, SWITCH, axles, wheel
from anyedit.world.shapes import ellipsoid
from anyedit.world.surfaces import BEAM, LAMP, TRIM, WINDOW


def _truck(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, cab, cargo, tall = 2.1, 1.7, p["cargo"], p["height"]
    half, r = (cab + cargo) / 2, 0.46
    y0 = -half
    cabin = skin(
        [
            (y0, w * 0.9, 0.5, tall * 0.34, 0.24),
            (y0 + 0.08, w * 0.98, 0.45, tall * 0.52, 0.2),
            (y0 + 0.3, w, 0.45, tall * 0.80, 0.18),
            (y0 + 0.6, w, 0.45, tall * 0.86, 0.18),
            (y0 + cab - 0.1, w, 0.45, tall * 0.87, 0.18),
            (y0 + cab, w * 0.97, 0.48, tall * 0.85, 0.2),
        ],
        steps=3,
    )
    cabin, wheels = axles(cabin, (y0 + 0.85,), r, 0.3, w * 0.99)
    for y in (half - cargo * 0.42, half - cargo * 0.18):
        for sign in (-1, 1):
            wheels += wheel(r, 0.3, (sign * (w - 0.3) / 2 * 0.97, y, r))
    low, high = tall * 0.5, tall * 0.76
    screen = slab((w * 0.84, 0.16, (high - low) * 1.06), (0, y0 + 0.13, low), 0.04, turn=(-12, 0, 0))
    door = side([(y0 + 0.32, low), (y0 + 1.2, low), (y0 + 1.2, high), (y0 + 0.5, high)], w * 1.01)
    lamp = slab((0.3, 0.08, 0.16), (w * 0.36, y0 + 0.02, 0.75), 0.03)
    box_y = half - cargo / 2
    ribs = [
        slab((0.03, 0.05, tall - 1.15), (w * 0.515, box_y + k * cargo * 0.24, 1.05))
        for k in (-1.9, -1, 0, 1, 1.9)
    ]
    return settled(
        [
            Part("cab", cabin),
            Part("windows", joined([screen, door]), WINDOW),
            *wheels,
            Part(
                "cargo box",
                slab((w * 1.03, cargo - 0.12, tall - 1.0), (0, box_y + 0.06, 1.0), 0.05),
                Surface("white", "plastic") if p["painted"] < 0.5 else None,
            ),
            Part("ribs", both(joined(ribs)), Surface((0.75, 0.76, 0.78), "brushed metal")),
            Part("chassis", slab((w * 0.7, cab + cargo - 0.3, 0.3), (0, 0.1, 0.62), 0.04), TRIM),
            Part("headlights", both(lamp), BEAM if state == "headlights on" else LAMP),
            Part("bumper", slab((w * 0.99, 0.2, 0.24), (0, y0 + 0.02, 0.38), 0.05), TRIM),
            Part(
                "grille",
                joined([slab((w * 0.46, 0.06, 0.05), (0, y0 + 0.02, z)) for z in (0.74, 0.86, 0.98)]),
                TRIM,
            ),
            Part("mirrors", both(slab((0.1, 0.12, 0.4), (w * 0.58, y0 + 0.3, low), 0.03)), TRIM),
        ]
    )


def _bus(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, w, tall = p["length"], 2.3, p["height"]
    half, r = length / 2, 0.47
    body = skin(
        [
            (-half, w * 0.93, 0.42, tall * 0.94, 0.14),
            (-half + 0.05, w * 0.97, 0.36, tall * 0.975, 0.14),
            (-half + 0.15, w, 0.32, tall, 0.14),
            (half - 0.15, w, 0.32, tall, 0.14),
            (half, w * 0.96, 0.38, tall * 0.97, 0.14),
        ],
        steps=1,
    )
    body, wheels = axles(body, (-half * 0.62, half * 0.5), r, 0.28, w * 0.99)
    low, high = tall * 0.47, tall * 0.83
    count = 5
    edges = np.linspace(-half * 0.93, half * 0.95, count + 1)
    panes = [
        slab(
            (w * 1.008, edges[k + 1] - edges[k] - 0.09, high - low),
            (0, (edges[k] + edges[k + 1]) / 2, low),
            0.004,
        )
        for k in range(count)
    ]
    # The door is on the front right of the bus, seen from the front on the viewer's left.
    door = joined([slab((0.02, 0.42, high - 0.5), (-w * 0.5, -half * 0.86 + k * 0.46, 0.5)) for k in (0, 1)])
    screen = slab((w * 0.86, 0.05, tall * 0.42), (0, -half * 0.997, tall * 0.40), 0.02)
    sign = slab((w * 0.78, 0.16, tall * 0.115), (0, -half * 0.985, tall * 0.825), 0.03)
    lamp = ellipsoid((0.14, 0.05, 0.1), (w * 0.36, -half * 0.995, tall * 0.26), detail=2)
    text = panel(w * 0.72, tall * 0.1, (0, -half * 0.985 - 0.083, tall * 0.8825))
    return settled(
        [
            Part("body", body),
            Part("windows", joined([*panes, screen]), WINDOW),
            Part("door", door, WINDOW),
            *wheels,
            Part(
                "stripe",
                both(slab((0.02, length * 0.955, tall * 0.045), (w * 0.498, 0, tall * 0.36), 0.004)),
                Surface("white", "car paint"),
            ),
            Part("sign", sign, Surface((0.06, 0.06, 0.07), "plastic")),
            Part(
                "sign text",
                text,
                Surface((0.08, 0.08, 0.09), "plastic", second=(0.99, 0.72, 0.1)),
                label=True,
            ),
            Part("headlights", both(lamp), BEAM if state == "headlights on" else LAMP),
            Part("bumper", slab((w * 0.96, 0.16, 0.2), (0, -half * 0.99, 0.3), 0.05), TRIM),
            Part(
                "mirrors",
                both(
                    joined(
                        [
                            slab((0.12, 0.1, 0.34), (w * 0.57, -half * 1.0, tall * 0.6), 0.04),
                            slab((w * 0.16, 0.05, 0.05), (w * 0.5, -half * 0.985, tall * 0.72)),
                        ]
                    )
                ),
                TRIM,
            ),
            Part(
                "roof unit",
                slab((w * 0.6, length * 0.25, 0.16), (0, half * 0.3, tall * 0.985), 0.05),
                Surface("white"),
            ),
        ]
    )


register(
    Kind(
        "truck",
        "vehicle",
        _truck,
        params={"cargo": (3.2, 4.4), "height": (2.6, 3.0), "painted": (0.0, 0.8)},
        states=("parked", "headlights on"),
        verbs=LIT,
        effects=SWITCH,
        colours=("red", "blue", "orange", "green", "white"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=(*ROAD, "farm", "harbour"),
    )
)
register(
    Kind(
        "bus",
        "vehicle",
        _bus,
        params={"length": (6.6, 7.8), "height": (2.7, 3.0)},
        states=("parked", "headlights on"),
        verbs=LIT,
        effects=SWITCH,
        colours=("red", "yellow", "blue", "green", "orange"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=("outdoor", "street", "night city", "plaza"),
        text=("CITY", "BEACH", "STATION", "SCHOOL", "ZOO", "PARK"),
    )
)
