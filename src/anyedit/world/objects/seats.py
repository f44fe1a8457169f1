"""Chair, armchair and sofa."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, settled
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.furniture_shapes import HOME, cushion, four
from anyedit.world.shapes import (
    box,
    lathe,
    loft,
    rod,
    rounded_ring,
    sweep,
)


def _bent_back(width: float, low: float, high: float, y: float, lean: float, thick: float) -> Mesh:
    """A seat back curved about the sitter, leaning away (+y) upward."""
    rings = []
    for z in np.linspace(low, high, 8):
        u = (z - low) / (high - low)
        shrink = 0.94 + 0.06 * np.sin(np.pi * u) - 0.1 * max(0.0, u - 0.8) / 0.2
        x = np.linspace(-1, 1, 15) * width / 2 * shrink
        bow = y + lean * u + 0.05 * (1 - (2 * x / width) ** 2)
        front = np.column_stack([x, bow - thick / 2, np.full(15, z)])
        back = np.column_stack([x, bow + thick / 2, np.full(15, z)])
        rings.append(np.vstack([front, back[::-1]]))
    return loft(rings, crease=50)


def _chair(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, top = p["width"], p["depth"], p["seat"], p["seat"] + p["back"]
    seat = loft(
        [rounded_ring(w * s, d * s, z, 0.2, 48)
         for s, z in ((0.94, h - 0.04), (1, h - 0.03), (1, h - 0.01), (0.95, h))],
        crease=50,
    )  # fmt: skip
    x, y, lean = w / 2 - 0.04, d / 2 - 0.04, 0.09
    front = [rod((s * x * 1.06, -y * 1.06, 0), (s * x, -y, h - 0.03), (0.015, 0.021), 16) for s in (-1, 1)]
    rear = [
        sweep([(s * x * 1.06, y + 0.07, 0), (s * x, y + 0.01, h * 0.6), (s * x, y, h), (s * x * 0.97, y + lean * 0.5, (h + top) / 2),
               (s * x * 0.93, y + lean, top - 0.02)], [0.015, 0.02, 0.021, 0.019, 0.015], 16)
        for s in (-1, 1)
    ]  # fmt: skip
    cross = [rod((s * x, -y, h * 0.42), (s * x, y + 0.02, h * 0.42), 0.011, 12) for s in (-1, 1)]
    cross.append(rod((-x, 0, h * 0.42), (x, 0, h * 0.42), 0.011, 12))
    rest = [_bent_back(2 * x, top - 0.15, top, y + lean * 0.72, 0.03, 0.022)]
    if p["slats"] > 0.5:
        rest += [rod((u * x, y + 0.01, h - 0.02), (u * x * 0.95, y + lean * 0.72 + 0.03, top - 0.1), 0.009, 10)
                 for u in (-0.6, -0.2, 0.2, 0.6)]  # fmt: skip
    else:
        rest.append(
            _bent_back(
                2 * x,
                h + p["back"] * 0.3,
                h + p["back"] * 0.52,
                y + lean * 0.3,
                0.02,
                0.02,
            )
        )
    return settled(
        [
            Part("seat", seat),
            Part("back", joined(rest)),
            Part("legs", joined([*front, *rear, *cross])),
        ]
    )


def _upholstered(
    w: float, d: float, seats: int, seat: float, back: float, arm: float, leg: float
) -> list[Part]:
    """A sofa of so many seats: base, back, arms and loose cushions on short legs."""
    inner = w - 2 * arm
    base = box((w - 0.02, d - 0.04, seat * 0.52), (0, 0, leg), 0.03)
    arms = both(cushion(arm, d, seat + 0.16 - leg, (w / 2 - arm / 2, 0, leg), 0.16))
    rest = cushion(w - 0.03, 0.2, back - leg, (0, d / 2 - 0.1, leg), 0.14)
    share = inner / seats
    loose, pillows = [], []
    for k in range(seats):
        x = -inner / 2 + share * (k + 0.5)
        loose.append(cushion(share - 0.008, d - 0.22, seat * 0.4, (x, -0.1, seat * 0.62), 0.1))
        pillow = cushion(share - 0.02, 0.17, (back - seat) * 1.08, (0, 0, 0), 0.13)
        pillows.append(pillow.moved(affine((x, d / 2 - 0.27, seat * 0.95), (-10, 0, 0))))
    feet = [lathe([(0, 0), (0.018, 0), (0.03, leg + 0.02), (0, leg + 0.02)], 16, at=(x, y, 0))
            for x, y in four(w / 2 - 0.08, d / 2 - 0.09)]  # fmt: skip
    return [
        Part("frame", joined([base, rest, arms])),
        Part("seat", joined(loose)),
        Part("cushions", joined(pillows)),
        Part("legs", joined(feet), Surface((0.3, 0.19, 0.11), "dark wood")),
    ]


def _armchair(p: Mapping[str, float], state: str | None) -> list[Part]:
    return settled(_upholstered(p["width"], p["depth"], 1, p["seat"], p["back"], 0.17, p["leg"]))


def _sofa(p: Mapping[str, float], state: str | None) -> list[Part]:
    seats = 2 if p["seats"] < 0.45 else 3
    parts = _upholstered(0.4 + 0.6 * seats, p["depth"], seats, p["seat"], p["back"], 0.19, p["leg"])
    return settled(parts)


register(
    Kind(
        "chair",
        "furniture",
        _chair,
        params={
            "width": (0.42, 0.48),
            "depth": (0.4, 0.46),
            "seat": (0.43, 0.48),
            "back": (0.4, 0.5),
            "slats": (0, 1),
        },
        colours=("brown", "red", "white", "black", "yellow", "teal", "green"),
        materials=("wood", "matte paint", "dark wood", "plastic", "bamboo"),
        scale="room",
        contexts=(
            "indoor",
            "kitchen",
            "cafe",
            "living room",
            "classroom",
            "office",
            "studio",
            "garden",
        ),
        topples=True,
    )
)
for _name, _build, _params in (
    (
        "armchair",
        _armchair,
        {
            "width": (0.82, 0.95),
            "depth": (0.78, 0.86),
            "seat": (0.4, 0.45),
            "back": (0.78, 0.92),
            "leg": (0.07, 0.13),
        },
    ),
    (
        "sofa",
        _sofa,
        {
            "seats": (0, 1),
            "depth": (0.82, 0.92),
            "seat": (0.4, 0.45),
            "back": (0.74, 0.86),
            "leg": (0.06, 0.12),
        },
    ),
):
    register(
        Kind(
            _name,
            "furniture",
            _build,
            params=_params,
            colours=(
                "gray",
                "teal",
                "red",
                "navy",
                "beige",
                "green",
                "orange",
                "brown",
            ),
            materials=("fabric", "velvet", "leather", "wool", "denim"),
            scale="room",
            contexts=(*HOME, "office", "cafe"),
        )
    )
