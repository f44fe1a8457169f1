"""Tables, desks and stools."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import joined
from anyedit.world.objects.furniture_shapes import HOME, four_legs, pull
from anyedit.world.shapes import (
    box,
    cylinder,
    lathe,
    loft,
    rod,
    rounded_ring,
    sweep,
)
from anyedit.world.surfaces import BRASS, STEEL, TIMBER, WOOD

_WOODS = ("wood", "dark wood", "bamboo")


def _table(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, t = p["width"], p["depth"], p["height"], 0.036
    if p["form"] > 0.68:  # a round top on a turned column
        r = d * 0.62
        column = lathe(
            [(0, 0), (r * 0.55, 0), (r * 0.55, 0.02), (r * 0.2, 0.06), (0.05, 0.12), (0.075, h * 0.4),
             (0.045, h * 0.6), (0.05, h - 0.14), (0.14, h - t), (0, h - t)],
            40,
        )  # fmt: skip
        return settled(
            [
                Part("top", cylinder(r, t, (0, 0, h - t), 0.01, 72)),
                Part("column", column),
            ]
        )
    x, y = w / 2 - 0.08, d / 2 - 0.08
    rails = [slab((2 * x, 0.022, 0.085), (0, s * y, h - t - 0.085)) for s in (-1, 1)]
    rails += [slab((0.022, 2 * y, 0.085), (s * x, 0, h - t - 0.085)) for s in (-1, 1)]
    legs = four_legs(x, y, h - t, p["leg"], 0.0 if p["form"] < 0.4 else 0.08, p["form"] >= 0.4)
    return settled(
        [
            Part("top", box((w, d, t), (0, 0, h - t), 0.009)),
            Part("rails", joined(rails)),
            Part("legs", legs),
        ]
    )


def _coffee_table(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, t = p["width"], p["depth"], p["height"], 0.034
    plan = [rounded_ring(w * s, d * s, z, p["round"], 72) for s, z in
            ((0.985, h - t), (1, h - t + 0.008), (1, h - 0.008), (0.985, h))]  # fmt: skip
    inset = 0.36 - 0.06 * p["round"]
    legs = four_legs(w * inset, d * inset, h - t, 0.05, 0.16, True)
    shelf = loft([rounded_ring(w * 0.74, d * 0.7, z, p["round"], 60) for z in (h * 0.34, h * 0.34 + 0.018)])
    return settled(
        [
            Part("top", loft(plan, crease=50)),
            Part("shelf", shelf, WOOD),
            Part("legs", legs, TIMBER),
        ]
    )


def _desk(p: Mapping[str, float], state: str | None) -> list[Part]:
    """A writing desk: three drawers under one end, two legs and a modesty board at the other."""
    w, d, h, t, side = p["width"], p["depth"], p["height"], 0.032, p["drawers"]
    low, gap = 0.05, 0.006
    x = w / 2 - 0.03 - side / 2  # middle of the drawers
    case = slab((side, d - 0.06, h - t - low), (x, 0.01, low), 0.006)
    feet = [
        slab((0.045, 0.045, low), (x + a * (side / 2 - 0.03), b * (d / 2 - 0.07), 0))
        for a in (-1, 1)
        for b in (-1, 1)
    ]
    legs = [
        rod(
            (-w / 2 + 0.06, b * (d / 2 - 0.05), 0),
            (-w / 2 + 0.085, b * (d / 2 - 0.07), h - t),
            (0.016, 0.026),
            16,
        )
        for b in (-1, 1)
    ]
    span = w - side - 0.12
    board = slab((span + 0.04, 0.018, h * 0.36), (-side / 2 - 0.015, d / 2 - 0.075, h - t - h * 0.36))
    rail = slab((span + 0.03, 0.02, 0.07), (-side / 2 - 0.015, -d / 2 + 0.06, h - t - 0.07))
    shares = (0.46, 0.3, 0.24)
    room = h - t - low - 0.024
    fronts, pulls, z = [], [], low + 0.012
    for share in shares:
        tall = room * share - gap
        fronts.append(slab((side - 0.02, 0.02, tall), (x, -d / 2 + 0.036, z), 0.004))
        pulls.append(pull((x, -d / 2 + 0.025, z + tall * 0.62), side * 0.34))
        z += tall + gap
    return settled(
        [
            Part("top", box((w, d, t), (0, 0, h - t), 0.008)),
            Part("frame", joined([case, *feet, *legs, board, rail])),
            Part("drawers", joined(fronts), Surface("white", "matte paint")),
            Part("handles", joined(pulls), BRASS),
        ]
    )


def _stool(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    top = cylinder(r, 0.035, (0, 0, h - 0.035), 0.01, 56)
    angles = np.radians([45, 135, 225, 315] if p["legs"] > 0.4 else [30, 150, 270])
    foot, grip = r * 1.12, r * 0.68
    legs = [rod((foot * np.cos(a), foot * np.sin(a), 0), (grip * np.cos(a), grip * np.sin(a), h - 0.03), (0.014, 0.021), 16)
            for a in angles]  # fmt: skip
    z = h * 0.34
    ring = foot + (grip - foot) * z / h
    points = [(ring * np.cos(a), ring * np.sin(a), z) for a in np.linspace(0, 2 * np.pi, 40, endpoint=False)]
    return settled(
        [
            Part("top", top),
            Part("legs", joined(legs), TIMBER),
            Part("ring", sweep(points, 0.009, 10, closed=True), STEEL),
        ]
    )


register(
    Kind(
        "table",
        "furniture",
        _table,
        params={
            "width": (1.1, 1.6),
            "depth": (0.72, 0.9),
            "height": (0.7, 0.77),
            "leg": (0.055, 0.085),
            "form": (0, 1),
        },
        colours=("brown", "beige", "white", "black", "gray", "teal"),
        materials=(*_WOODS, "marble", "matte paint"),
        scale="room",
        contexts=(
            "indoor",
            "kitchen",
            "living room",
            "cafe",
            "office",
            "classroom",
            "studio",
            "garden",
        ),
        surface_of="top",
    )
)
register(
    Kind(
        "coffee table",
        "furniture",
        _coffee_table,
        params={
            "width": (0.9, 1.2),
            "depth": (0.55, 0.72),
            "height": (0.38, 0.46),
            "round": (0.05, 0.95),
        },
        colours=("brown", "white", "black", "beige", "gray", "teal"),
        materials=(*_WOODS, "marble", "granite", "matte paint"),
        scale="room",
        contexts=HOME,
        surface_of="top",
    )
)
register(
    Kind(
        "stool",
        "furniture",
        _stool,
        params={"radius": (0.16, 0.2), "height": (0.45, 0.66), "legs": (0, 1)},
        colours=("red", "brown", "white", "yellow", "black", "teal"),
        materials=("wood", "dark wood", "matte paint", "plastic"),
        scale="room",
        contexts=("indoor", "kitchen", "cafe", "workshop", "studio", "stage"),
        surface_of="top",
        topples=True,
    )
)
register(
    Kind(
        "desk",
        "furniture",
        _desk,
        params={"width": (1.15, 1.5), "depth": (0.58, 0.72), "height": (0.72, 0.77), "drawers": (0.36, 0.44)},
        colours=("brown", "beige", "white", "black", "teal", "gray"),
        materials=("wood", "dark wood", "bamboo", "matte paint"),
        scale="room",
        contexts=("indoor", "office", "bedroom", "classroom", "studio"),
        surface_of="top",
    )
)
