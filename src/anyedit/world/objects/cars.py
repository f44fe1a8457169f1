"""Car and van."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, front_at, mirrored, settled, side, skin, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, joined
from anyedit.world.objects.vehicle_shapes import LIT, ROAD, SWITCH, axles
from anyedit.world.shapes import cut, ellipsoid, loft, rounded_ring
from anyedit.world.surfaces import BEAM, CHROME, LAMP, RED_LAMP, TRIM, WINDOW

_PAINTS = ("red", "blue", "white", "yellow", "green", "black", "gray", "orange")


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
    body, wheels = axles(body, (-half * 0.62, half * 0.6), r, 0.2, w * 0.985)
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
    shell, wheels = axles(body, (-half * 0.64, half * 0.6), r, 0.22, w * 0.99)
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
        verbs=LIT,
        effects=SWITCH,
        colours=_PAINTS,
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=(*ROAD, "plaza", "beach"),
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
        verbs=LIT,
        effects=SWITCH,
        colours=("white", *_PAINTS[:2], "yellow", "teal"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=(*ROAD, "beach"),
    )
)
