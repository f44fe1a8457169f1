"""Bookshelf and cabinet."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.furniture_shapes import four_legs, pull
from anyedit.world.shapes import (
    box,
    cylinder,
    ellipsoid,
)
from anyedit.world.surfaces import BRASS, TIMBER, WOOD

_SPINES = ("crimson", "navy", "teal", "beige", "olive", "maroon", "orange", "ivory")


def _bookshelf(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, t, rows = p["width"], 0.3, p["height"], 0.024, int(p["rows"])
    boards = [slab((t, d, h), (s * (w - t) / 2, 0, 0)) for s in (-1, 1)]
    step = (h - 0.06 - t) / rows
    boards += [slab((w - 2 * t + 0.004, d - 0.012, t), (0, 0.004, 0.06 + k * step)) for k in range(rows)]
    boards.append(slab((w - 2 * t, d - 0.03, 0.06), (0, 0.01, 0)))
    top = slab((w + 0.02, d + 0.02, t), (0, 0, h))
    back = slab((w - t, 0.01, h - 0.02), (0, d / 2 - 0.005, 0.01))
    spines: dict[str, list[Mesh]] = {name: [] for name in _SPINES}
    pick = 0
    for k in range(rows):
        x, end, floor = -w / 2 + t + 0.008, w / 2 - t - 0.02, 0.06 + k * step + t
        gap = 0.28 + 0.5 * abs(np.sin(k * 2.1 + p["books"] * 6))  # how much of the row is filled
        end = x + (end - x) * (0.55 + 0.6 * gap if gap < 0.75 else 1.0)
        while True:
            pick += 1
            thick = 0.022 + 0.022 * abs(np.sin(pick * 1.93 + p["books"] * 9))
            tall = (step - t) * (0.66 + 0.26 * abs(np.sin(pick * 2.71)))
            if x + thick > min(end, w / 2 - t - 0.01):
                break
            deep = 0.17 + 0.04 * abs(np.sin(pick * 1.3))
            book = slab(
                (thick - 0.002, deep, tall),
                (x + thick / 2, -d / 2 + 0.035 + deep / 2, floor),
                0.004,
            )
            spines[_SPINES[pick * 5 % 8 if pick % 3 else (pick * 3 + 1) % 8]].append(book)
            x += thick
    parts = [Part("frame", joined(boards)), Part("top", top), Part("back", back)]
    parts += [
        Part(f"{name} books", joined(books), Surface(name, "paper"))
        for name, books in spines.items()
        if books
    ]
    return settled(parts)


def _cabinet(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, leg, t = p["width"], p["depth"], p["height"], p["leg"], 0.022
    walls = [slab((t, d - 0.02, h - leg), (s * (w - t) / 2, 0.01, leg)) for s in (-1, 1)]
    walls += [
        slab((w - 2 * t, d - 0.02, t), (0, 0.01, leg)),
        slab((w - t, 0.012, h - leg), (0, d / 2 - 0.006, leg)),
    ]
    top = box((w + 0.03, d + 0.02, 0.026), (0, 0, h), 0.007)
    feet = four_legs(w / 2 - 0.06, d / 2 - 0.06, leg, 0.042, 0.08, True)
    drawer = (h - leg) * 0.26
    leaf_w, leaf_h = w / 2 - t / 2 - 0.006, h - leg - drawer - 0.02
    drawers = both(
        slab(
            (leaf_w, 0.02, drawer - 0.012),
            (leaf_w / 2 + 0.003, -d / 2 + 0.01, h - drawer),
            0.004,
        )
    )
    handles = [both(pull((leaf_w / 2 + 0.003, -d / 2 - 0.002, h - drawer / 2 - 0.006), 0.1))]
    leaves = []
    for s in (-1, 1):
        leaf = slab((leaf_w, 0.02, leaf_h), (-s * leaf_w / 2, 0, 0), 0.004)  # hinge at the outer edge
        rim = [
            slab((leaf_w - 0.08, 0.008, 0.02), (-s * leaf_w / 2, -0.012, z)) for z in (0.04, leaf_h - 0.06)
        ]
        rim += [
            slab((0.02, 0.008, leaf_h - 0.08), (x, -0.012, 0.04)) for x in (-s * 0.05, -s * (leaf_w - 0.05))
        ]
        knob = ellipsoid(0.014, (-s * (leaf_w - 0.022), -0.028, leaf_h * 0.62), detail=2)
        hinge = affine(
            (s * (leaf_w + 0.003), -d / 2 + 0.01, leg + 0.01),
            (0, 0, s * 105 if state == "open" else 0),
        )
        leaves.append(joined([leaf, *rim]).moved(hinge))
        handles.append(knob.moved(hinge))
    parts = [
        Part("case", joined([*walls, drawers])),
        Part("top", top),
        Part("doors", joined(leaves)),
        Part("legs", feet, TIMBER),
        Part("handles", joined(handles), BRASS),
    ]
    if state == "open":
        shelf = slab((w - 2 * t, d - 0.06, 0.018), (0, 0.01, leg + leaf_h * 0.52))
        box_ = [slab((w - 2 * t, 0.01, leaf_h), (0, d / 2 - 0.016, leg + t))]
        parts.append(Part("shelf", joined([shelf, *box_]), WOOD))
        parts.append(Part("boxes", joined([box((w * 0.24, d * 0.5, leaf_h * 0.3), (-w * 0.2, 0, leg + leaf_h * 0.52 + 0.018)),
                                           box((w * 0.3, d * 0.55, leaf_h * 0.34), (w * 0.18, 0, leg + t))]), Surface("beige", "cardboard")))  # fmt: skip
        parts.append(Part("jars", joined([cylinder(w * 0.06, leaf_h * 0.32, (x, -0.02, leg + leaf_h * 0.52 + 0.018))
                                          for x in (w * 0.12, w * 0.3)]), Surface("teal", "ceramic")))  # fmt: skip
    return settled(parts)


register(
    Kind(
        "bookshelf",
        "furniture",
        _bookshelf,
        params={
            "width": (0.75, 1.05),
            "height": (0.9, 1.7),
            "rows": (3, 5),
            "books": (0, 1),
        },
        colours=("brown", "white", "black", "beige", "teal", "gray"),
        materials=("wood", "dark wood", "matte paint", "bamboo"),
        scale="room",
        contexts=("indoor", "living room", "office", "bedroom", "classroom", "studio"),
        plural="bookshelves",
    )
)
register(
    Kind(
        "cabinet",
        "furniture",
        _cabinet,
        params={
            "width": (0.8, 1.1),
            "depth": (0.38, 0.46),
            "height": (0.75, 0.95),
            "leg": (0.1, 0.17),
        },
        states=("closed", "open"),
        verbs={"open": "open its doors"},
        effects={"open": "open", "close": "closed"},
        colours=("white", "brown", "teal", "green", "gray", "navy"),
        materials=("wood", "matte paint", "dark wood"),
        scale="room",
        contexts=(
            "indoor",
            "living room",
            "kitchen",
            "bedroom",
            "office",
            "bathroom",
            "studio",
        ),
        surface_of="top",
    )
)
