"""Vehicles on the road: car, van, truck, bus."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, front_at, mirrored, panel, settled, side, skin, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import Point, cut, cylinder, ellipsoid, lathe, loft, rounded_ring
from anyedit.world.surfaces import BEAM, CHROME, LAMP, RED_LAMP, RIM, RUBBER, TRIM, WINDOW

_LIT = {"headlights on": "switch on the headlights"}

_PAINTS = ("red", "blue", "white", "yellow", "green", "black", "gray", "orange")

_ROAD = ("outdoor", "street", "night city", "garage")

_SWITCH = {"switch_on": "headlights on"}


def wheel(radius: float, width: float, at: Point, rim: Surface = RIM, share: float = 0.62) -> list[Part]:
    """A tyre and its dished rim, axle along x through `at`; `share` is the rim's part of the radius."""
    r, w, s = radius, width / 2, radius * share
    tyre = lathe(
        [
            (s, -w),
            (r * 0.9, -w),
            (r * 0.98, -w * 0.75),
            (r, -w * 0.4),
            (r, w * 0.4),
            (r * 0.98, w * 0.75),
            (r * 0.9, w),
            (s, w),
            (s, -w),
        ],
        26,
    )
    disc = [(0, -w * 0.7), (s, -w * 0.7), (s, w * 0.9), (s * 0.86, w * 0.9), (s * 0.8, w * 0.55)]
    face = lathe([*disc, (s * 0.35, w * 0.6), (s * 0.3, w * 0.85), (0, w * 0.85)], 26)
    holes = [
        cylinder(s * 0.13, w, (s * 0.57 * np.cos(a), s * 0.57 * np.sin(a), w * 0.35), segments=8)
        for a in np.arange(5) * 2 * np.pi / 5
    ]
    # The dished face looks outward: to +x on the right, to -x on the left.
    turn = affine(tuple(at), (0, 90 if at[0] >= 0 else -90, 0))
    return [Part("tyre", tyre.moved(turn), RUBBER), Part("rim", cut(face, *holes).moved(turn), rim)]


def _axles(
    body: Mesh, stations: tuple[float, ...], radius: float, width: float, track: float
) -> tuple[Mesh, list[Part]]:
    """The body with wheel arches cut out, and its wheels, at the given y stations."""
    tools, wheels = [], []
    for y in stations:
        for sign in (-1, 1):
            x = sign * (track - width) / 2
            arch = cylinder(radius * 1.16, width * 1.5, bevel=0, segments=28).moved(
                affine((0, 0, -width * 0.75))
            )
            tools.append(arch.moved(affine((x + sign * width * 0.25, y, radius), (0, 90, 0))))
            wheels += wheel(radius, width, (x, y, radius))
    return cut(body, *tools), wheels


def _pane(outline: list[tuple[float, float]], width: float) -> Mesh:
    """A side window's opening through the whole width, from (y, z) points."""
    return side(outline, width)


def _car(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, w, tall, r = p["length"], p["width"], p["height"], p["wheel"]
    half, belt, roof = length / 2, tall * 0.62, tall
    nose, boot = p["nose"], p["boot"]
    body = skin(
        [
            (-half, w * 0.72, 0.30, belt * 0.66, 0.45),
            (-half * 0.975, w * 0.88, 0.23, belt * 0.78, 0.4),
            (-half * 0.86, w * 0.97, 0.19, belt * 0.87, 0.34),
            (-half * 0.45, w, 0.18, belt * 0.99, 0.3),
            (half * 0.1, w, 0.18, belt * 1.03, 0.3),
            (half * 0.6, w, 0.19, belt * 1.05, 0.3),
            (half * 0.9, w * 0.96, 0.23, belt * (0.98 + 0.04 * boot), 0.34),
            (half * 0.985, w * 0.88, 0.28, belt * 0.92, 0.4),
            (half, w * 0.76, 0.36, belt * 0.8, 0.45),
        ]
    )
    front, back = -half * nose, half * (0.62 + 0.28 * boot)  # of the cabin at the belt line

    def cabin(shrink: float) -> Mesh:
        heights = [
            (0.0, front, back, 0.94),
            (0.45, front + 0.30, back - 0.12, 0.87),
            (0.86, front + 0.64, back - 0.30, 0.79),
            (0.97, front + 0.78, back - 0.4, 0.73),
            (1.0, front + 0.98, back - 0.6, 0.60),
        ]
        return loft(
            [
                rounded_ring(
                    w * share - shrink,
                    b - f - shrink,
                    belt * 0.97 + (roof - shrink / 2 - belt * 0.97) * h,
                    0.22,
                    36,
                    (0, (f + b) / 2),
                )
                for h, f, b, share in heights
            ],
            crease=40,
        )

    low, high = belt * 1.09, roof * 0.925
    middle = (front + back) / 2 + 0.16
    slope = 0.62 * (high - low) / (roof - belt)
    forward = _pane(
        [(front + 0.36, low), (middle - 0.04, low), (middle - 0.04, high), (front + 0.36 + slope, high)], 3
    )
    rear = _pane([(middle + 0.05, low), (back - 0.26, low), (back - 0.42, high), (middle + 0.05, high)], 3)
    screen = slab((w * 0.70, 3.0, high - low - 0.01), (0, middle, low + 0.005), bevel=0.03)
    shell = cut(cabin(0.0), forward, rear, screen)
    body, wheels = _axles(body, (-half * 0.62, half * 0.6), r, 0.2, w * 0.985)
    lamp_at = (w * 0.36, front_at(body, w * 0.36, belt * 0.66) + 0.02, belt * 0.66)
    lamp = ellipsoid((0.17, 0.07, 0.075), lamp_at, (0, 0, 22), detail=2)
    mouth = front_at(body, 0, belt * 0.5)
    tail = ellipsoid(
        (0.16, 0.06, 0.07),
        (w * 0.36, -front_at(mirrored(body, 1), w * 0.36, belt * 0.8) - 0.02, belt * 0.8),
        (0, 0, -16),
        detail=2,
    )
    mirror = ellipsoid((0.09, 0.06, 0.065), (w * 0.53, front + 0.42, belt * 1.12), detail=2)
    seam = both(
        joined([slab((0.012, 0.012, belt * 0.6), (w * 0.498, y, belt * 0.38)) for y in (front + 0.3, middle)])
    )
    handle = both(
        joined(
            [slab((0.03, 0.16, 0.025), (w * 0.498, y, belt * 0.86)) for y in (middle - 0.2, middle + 0.62)]
        )
    )
    return settled(
        [
            Part("body", joined([body, shell])),
            Part("windows", cabin(0.035), WINDOW),
            *wheels,
            Part("headlights", both(lamp), BEAM if state == "headlights on" else LAMP),
            Part("tail lights", both(tail), RED_LAMP),
            Part("mirrors", both(mirror)),
            Part("seams", seam, TRIM),
            Part("handles", handle, CHROME),
            Part("grille", slab((w * 0.46, 0.1, 0.15), (0, mouth + 0.03, belt * 0.44), 0.03), TRIM),
            Part(
                "plate",
                slab((0.4, 0.02, 0.1), (0, mouth - 0.035, belt * 0.36), 0.004),
                Surface("white", "plastic"),
            ),
            Part("sills", both(slab((0.06, length * 0.42, 0.09), (w * 0.485, 0, 0.17))), TRIM),
        ]
    )


def _van(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, w, tall = p["length"], p["width"], p["height"]
    half, r, hood = length / 2, 0.34, p["hood"]
    body = skin(
        [
            (-half, w * 0.8, 0.34, 0.80, 0.35),
            (-half * 0.97, w * 0.93, 0.26, 0.98, 0.3),
            (-half + hood * 0.7, w * 0.98, 0.24, 1.12, 0.26),
            (-half + hood * 1.0, w * 0.98, 0.24, tall * 0.66, 0.22),
            (-half + hood * 1.75, w, 0.24, tall * 0.96, 0.2),
            (-half + hood * 2.5, w, 0.24, tall, 0.2),
            (half * 0.9, w, 0.24, tall, 0.2),
            (half, w * 0.97, 0.3, tall * 0.97, 0.22),
        ],
        steps=3,
    )
    shell, wheels = _axles(body, (-half * 0.64, half * 0.6), r, 0.22, w * 0.99)
    low, high = tall * 0.56, tall * 0.86
    slope = hood * 0.85
    door = side(
        [
            (-half + hood * 1.1, low),
            (-half + hood * 3.2, low),
            (-half + hood * 3.2, high),
            (-half + hood * 1.1 + slope * 0.55, high),
        ],
        w * 1.012,
    )
    windows = [door]
    if p["glazed"] > 0.5:  # a minibus has panes all along, a delivery van none
        rows = np.linspace(-half + hood * 3.5, half * 0.9, 3)
        windows += [
            slab(
                (w * 1.012, rows[k + 1] - rows[k] - 0.1, high - low),
                (0, (rows[k] + rows[k + 1]) / 2, low),
                0.01,
            )
            for k in (0, 1)
        ]
    screen = skin(
        [
            (y - 0.035, w * s, z0, z1, 0.2)
            for y, s, z0, z1 in [
                (-half + hood * 0.86, 0.72, 1.16, 1.2),
                (-half + hood * 1.0, 0.8, 1.16, tall * 0.66),
                (-half + hood * 1.6, 0.8, 1.3, tall * 0.93),
            ]
        ],
        steps=3,
    )
    lamp = ellipsoid((0.15, 0.08, 0.1), (w * 0.36, front_at(shell, w * 0.36, 0.74) + 0.02, 0.74), detail=2)
    return settled(
        [
            Part("body", shell),
            Part("windows", joined([*windows, screen]), WINDOW),
            *wheels,
            Part("headlights", both(lamp), BEAM if state == "headlights on" else LAMP),
            Part("bumper", slab((w * 0.94, 0.16, 0.17), (0, -half * 0.99, 0.3), 0.05), TRIM),
            Part("grille", slab((w * 0.4, 0.08, 0.12), (0, -half, 0.58), 0.03), TRIM),
            Part("mirrors", both(slab((0.1, 0.08, 0.2), (w * 0.55, -half + hood * 1.15, low), 0.03)), TRIM),
            Part("tail lights", both(slab((0.1, 0.05, 0.3), (w * 0.43, half * 0.985, 0.9))), RED_LAMP),
            Part(
                "door rail", both(slab((0.02, length * 0.4, 0.03), (w * 0.5, half * 0.3, tall * 0.5))), TRIM
            ),
        ]
    )


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
    cabin, wheels = _axles(cabin, (y0 + 0.85,), r, 0.3, w * 0.99)
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
    body, wheels = _axles(body, (-half * 0.62, half * 0.5), r, 0.28, w * 0.99)
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
        "car",
        "vehicle",
        _car,
        params={
            "length": (3.7, 4.5),
            "width": (1.68, 1.8),
            "height": (1.36, 1.54),
            "wheel": (0.30, 0.34),
            "nose": (0.36, 0.46),
            "boot": (0.0, 1.0),
        },
        states=("parked", "headlights on"),
        verbs=_LIT,
        effects=_SWITCH,
        colours=_PAINTS,
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=(*_ROAD, "plaza", "beach"),
    )
)
register(
    Kind(
        "van",
        "vehicle",
        _van,
        params={
            "length": (4.6, 5.4),
            "width": (1.85, 2.0),
            "height": (1.95, 2.3),
            "hood": (0.55, 0.75),
            "glazed": (0.0, 1.0),
        },
        states=("parked", "headlights on"),
        verbs=_LIT,
        effects=_SWITCH,
        colours=("white", *_PAINTS[:2], "yellow", "teal"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=(*_ROAD, "beach"),
    )
)
register(
    Kind(
        "truck",
        "vehicle",
        _truck,
        params={"cargo": (3.2, 4.4), "height": (2.6, 3.0), "painted": (0.0, 0.8)},
        states=("parked", "headlights on"),
        verbs=_LIT,
        effects=_SWITCH,
        colours=("red", "blue", "orange", "green", "white"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=(*_ROAD, "farm", "harbour"),
    )
)
register(
    Kind(
        "bus",
        "vehicle",
        _bus,
        params={"length": (6.6, 7.8), "height": (2.7, 3.0)},
        states=("parked", "headlights on"),
        verbs=_LIT,
        effects=_SWITCH,
        colours=("red", "yellow", "blue", "green", "orange"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=("outdoor", "street", "night city", "plaza"),
        text=("CITY", "BEACH", "STATION", "SCHOOL", "ZOO", "PARK"),
    )
)
