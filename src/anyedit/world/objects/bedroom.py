"""Bed and door."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.furniture_shapes import cushion, four
from anyedit.world.shapes import (
    box,
    cylinder,
    ellipsoid,
    extrude,
    loft,
    rod,
)
from anyedit.world.surfaces import BRASS


def _door(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h, rim = p["width"], p["height"], 0.09
    frame = [slab((rim, 0.14, h + rim), (s * (w + rim) / 2, 0, 0)) for s in (-1, 1)]
    frame += [slab((w + 2 * rim + 0.04, 0.15, rim), (0, 0, h)), slab((w, 0.14, 0.015))]
    leaf = [box((w - 0.01, 0.045, h - 0.02), (w / 2, 0, 0.015), 0.004)]
    cols, rows = (2, 3) if p["panels"] > 0.5 else (1, 2)
    pw, ph = (w - 0.12 * (cols + 1)) / cols, (h - 0.14 * (rows + 1)) / rows
    for i in range(cols):
        for j in range(rows):
            x, z = 0.12 + pw / 2 + i * (pw + 0.12), 0.14 + j * (ph + 0.14)
            for s in (-1, 1):  # a raised field inside a bead, on both sides
                leaf.append(slab((pw, 0.03, ph), (x, s * 0.022, z), 0.013))
                leaf.append(slab((pw - 0.07, 0.03, ph - 0.07), (x, s * 0.029, z + 0.035), 0.013))
    knobs = []
    for s in (-1, 1):
        knobs.append(
            cylinder(0.034, 0.012, segments=24).moved(affine((w - 0.075, s * 0.022, h * 0.47), (90, 0, 0)))
        )
        knobs.append(ellipsoid((0.034, 0.03, 0.034), (w - 0.075, s * 0.075, h * 0.47)))
        knobs.append(rod((w - 0.075, 0, h * 0.47), (w - 0.075, s * 0.06, h * 0.47), 0.012, 12))
    hinge = affine((-w / 2 + 0.003, -0.03, 0), (0, 0, -68 if state == "open" else 0))
    parts = [
        Part("leaf", joined(leaf).moved(hinge)),
        Part("frame", joined(frame), Surface("white", "matte paint")),
        Part("handle", joined(knobs).moved(hinge), BRASS),
    ]
    return settled(parts)


def _bed(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, length, h = p["width"], p["length"], p["height"]
    head, foot = p["head"], h + 0.1
    board = extrude([(-w / 2 - 0.04, 0.06), (w / 2 + 0.04, 0.06), (w / 2 + 0.04, head * 0.86),
                     *[(w / 2 * np.cos(a), head * 0.86 + head * 0.14 * np.sin(a)) for a in np.linspace(0.12, np.pi - 0.12, 17)],
                     (-w / 2 - 0.04, head * 0.86)], 0.05, (0, length / 2 + 0.025, 0), 0.01)  # fmt: skip
    wood = [
        board,
        box((w + 0.08, 0.05, foot - 0.06), (0, -length / 2 - 0.025, 0.06), 0.012),
    ]
    wood += [slab((0.035, length, 0.2), (s * (w / 2 + 0.01), 0, 0.16)) for s in (-1, 1)]
    wood += [cylinder(0.035, z, (x, y, 0)) for x, y in four(w / 2 + 0.02, length / 2 + 0.025) for z in (0.3,)]
    mattress = cushion(w, length, h - 0.22, (0, 0, 0.24), 0.06)
    # The blanket: a puffed sheet over the lower two thirds, hanging over both sides.
    y0, y1 = -length / 2 + 0.01, length * 0.2
    rings = []
    for y, puff in (
        (y0, 0.0),
        (y0 + 0.05, 0.035),
        (y0 + length * 0.3, 0.06),
        (y1 - 0.16, 0.05),
        (y1 - 0.03, 0.05),
        (y1, 0.0),
    ):
        x = np.linspace(-1, 1, 25)
        top = h + 0.015 + puff * (1 - x**6) * (1 + 0.12 * np.sin(x * 7 + y * 5))
        out = np.column_stack([x * (w / 2 + 0.025), np.full(25, y), top])
        skirt = np.array(
            [
                [w / 2 + 0.045, y, h - 0.06],
                [w / 2 + 0.045, y, 0.27],
                [w / 2 - 0.02, y, 0.27],
            ]
        )
        rings.append(np.vstack([out, skirt, skirt[::-1] * [-1, 1, 1]]))
    blanket = loft(rings, crease=60)
    fold = box((w + 0.09, 0.2, 0.045), (0, y1 - 0.06, h + 0.03), 0.02)
    pillow = cushion(w * 0.42, 0.36, 0.15, (0, 0, 0), 0.3).moved(
        affine((w * 0.24, length / 2 - 0.22, h - 0.02), (16, 0, 0))
    )
    pillows = both(pillow) if w > 1.15 else pillow.moved(affine((-w * 0.24, 0, 0)))
    parts = [
        Part("frame", joined(wood), Surface((0.42, 0.27, 0.16), "wood")),
        Part("mattress", mattress, Surface("ivory", "fabric")),
        Part("blanket", blanket),
        Part("fold", fold, Surface("white", "fabric")),
        Part("pillows", pillows, Surface("white", "fabric")),
    ]
    return settled(parts)


register(
    Kind(
        "door",
        "furniture",
        _door,
        params={"width": (0.78, 0.92), "height": (1.95, 2.1), "panels": (0, 1)},
        states=("closed", "open"),
        verbs={"open": "open"},
        effects={"open": "open", "close": "closed"},
        colours=("red", "green", "blue", "white", "brown", "teal", "yellow"),
        materials=("matte paint", "wood", "dark wood"),
        scale="room",
        contexts=("indoor", "studio", "street", "garden", "stage"),
        repeats=False,
    )
)
register(
    Kind(
        "bed",
        "furniture",
        _bed,
        params={
            "width": (0.95, 1.6),
            "length": (1.9, 2.05),
            "height": (0.44, 0.54),
            "head": (0.9, 1.15),
        },
        colours=("blue", "red", "teal", "gray", "pink", "green", "orange"),
        materials=("fabric", "wool", "velvet"),
        scale="room",
        contexts=("indoor", "bedroom", "studio"),
        repeats=False,
    )
)
