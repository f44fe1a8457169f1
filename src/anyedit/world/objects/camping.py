"""Campfire and tent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, hull, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.countryside_shapes import grounded, rough
from anyedit.world.shapes import cut, cylinder, lathe, loft, rod, sweep
from anyedit.world.surfaces import IRON, PLANK


def _campfire(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    stones = []
    count = 11
    for k in range(count):
        a = k * 2 * np.pi / count
        size = 0.085 * (1 + 0.22 * np.sin(k * 2.3 + p["form"]))
        stone = rough((size, size * 0.8, size * 0.72), k + p["form"], 0.04, detail=2)
        stones.append(
            stone.moved(affine((r * np.cos(a), r * np.sin(a), size * 0.5), (0, 0, np.degrees(a) + 90)))
        )
    logs, ends = [], []
    for k in range(6):
        a = k * np.pi / 3 + 0.25
        foot, top = (
            np.array([r * 0.72 * np.cos(a), r * 0.72 * np.sin(a), 0.045]),
            np.array([0.055 * np.cos(a + 2.2), 0.055 * np.sin(a + 2.2), p["height"]]),
        )
        logs.append(rod(foot, top, (0.048, 0.038), 10))
        way = (top - foot) / np.linalg.norm(top - foot)
        ends.append(rod(foot - way * 0.004, foot - way * 0.001, (0.042, 0.044), 10))
    ash = lathe([(0, 0), (r * 0.92, 0), (r * 0.7, 0.02), (0, 0.035)], 28)
    low = min(mesh.bounds[0][2] for mesh in stones)
    parts = [
        Part("stones", joined([grounded(stone, max(low, -0.02)) for stone in stones])),
        Part(
            "logs",
            joined(logs),
            Surface((0.3, 0.18, 0.1), "wood")
            if state != "burnt out"
            else Surface((0.09, 0.08, 0.08), "wood"),
        ),
        Part("log ends", joined(ends), Surface((0.74, 0.56, 0.36), "wood")),
        Part(
            "ash",
            ash,
            Surface((0.2, 0.19, 0.18), "sand")
            if state != "burning"
            else Surface((0.9, 0.25, 0.04), "sand", glow=1.2),
        ),
    ]
    if state == "burning":
        flames: list[Mesh] = []
        cores: list[Mesh] = []
        tongues = (
            (0.0, 0.0, 1.0),
            (0.11, 0.05, 0.72),
            (-0.1, 0.06, 0.76),
            (0.03, -0.12, 0.66),
            (-0.06, -0.09, 0.58),
            (0.09, -0.08, 0.5),
        )
        for k, (x, y, s) in enumerate(tongues):
            rise = p["height"] * 1.75 * s
            u = np.linspace(0, 1, 12)
            path = np.column_stack(
                [
                    x * (1 - 0.4 * u) + 0.035 * np.sin(4.6 * u + k) * u,
                    y * (1 - 0.4 * u) + 0.03 * np.cos(5 * u + 2 * k) * u,
                    0.03 + rise * u,
                ]
            )
            girth = 0.095 * s**0.5 * np.sin(np.pi * np.minimum(1, 0.16 + 0.84 * u) ** 0.75) ** 0.9 + 0.002
            flames.append(sweep(path, girth, 12))
            cores.append(sweep(path * [1, 1, 0.62] + [0, -0.0, 0], girth * 1.04, 12))
        parts += [
            Part("flames", joined(flames), Surface((1.0, 0.36, 0.05), "plastic", glow=4.0)),
            Part("flame cores", joined(cores), Surface((1.0, 0.72, 0.22), "plastic", glow=6.0)),
        ]
    elif state == "burnt out":
        parts = [part for part in parts if part.name != "log ends"]
        u = np.linspace(0, 1, 16)
        wisp = np.column_stack([0.05 * np.sin(6 * u), 0.03 * np.cos(5 * u), p["height"] * 0.9 + 0.45 * u])
        parts.append(
            Part("smoke", sweep(wisp, 0.012 + 0.045 * u * (1.08 - u), 10), Surface((0.8, 0.8, 0.8), "wool"))
        )
    return settled(parts)


def _tent(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, tall = p["width"], p["depth"], p["height"]
    half = d / 2
    rows = []
    for y, share, drop in (
        (-half, 1.0, 0.0),
        (-half * 0.4, 0.97, 0.05),
        (half * 0.4, 0.97, 0.05),
        (half, 1.0, 0.0),
    ):
        t = np.linspace(0, 1, 9)
        left = [
            (-w / 2 * share * (1 - u), y, (tall - drop) * u - 0.16 * tall * np.sin(np.pi * u) * (1 - u))
            for u in t
        ]
        right = [(-x, yy, z) for x, yy, z in left[::-1][1:]]
        rows.append(left + right)
    body = loft(rows, crease=25)
    opening = hull(
        [(-w * 0.24, y, -0.02) for y in (-half - 0.1, -half + 1.2)]
        + [(w * 0.24, y, -0.02) for y in (-half - 0.1, -half + 1.2)]
        + [(0, y, tall * 0.82) for y in (-half - 0.1, -half + 1.2)]
    )
    parts: list[Part] = []
    if state == "open":
        body = cut(body, opening, crease=25)
        for sign in (-1, 1):  # the flaps are rolled aside along the edges of the opening
            roll = sweep(
                [
                    (sign * w * 0.25, -half - 0.03, 0.03),
                    (sign * w * 0.14, -half - 0.04, tall * 0.36),
                    (sign * 0.02, -half - 0.03, tall * 0.8),
                ],
                [0.05, 0.06, 0.02],
                10,
            )
            parts.append(Part("flap", roll, Surface((0.9, 0.85, 0.72), "fabric")))
        parts.append(
            Part(
                "bedroll",
                cylinder(0.14, 0.7, segments=20).moved(affine((-0.35, 0.1, 0.14), (0, 90, 0))),
                Surface("navy", "fabric"),
            )
        )
    else:
        door = hull(
            [(-w * 0.24, y, 0.0) for y in (-half - 0.012, -half)]
            + [(w * 0.24, y, 0.0) for y in (-half - 0.012, -half)]
            + [(0, y, tall * 0.82) for y in (-half - 0.012, -half)]
        )
        parts += [
            Part("door", door, Surface((0.9, 0.85, 0.72), "fabric")),
            Part("zip", slab((0.03, 0.02, tall * 0.8), (0, -half - 0.015, 0)), Surface("charcoal")),
        ]
    poles = [rod((0, y, tall - 0.25), (0, y * 1.01, tall + 0.12), 0.025, 8) for y in (-half, half)]
    pegs, lines = [], []
    for sx in (-1, 1):
        for y in (-half, 0.0, half):
            end = (sx * (w / 2 + 0.45), y * 1.15, 0.02)
            lines.append(rod((sx * w * 0.22, y, tall * 0.5), end, 0.008, 5))
            pegs.append(rod((end[0], end[1], 0.0), (end[0] + sx * 0.05, end[1], 0.14), 0.015, 6))
    for y in (-1, 1):
        lines.append(rod((0, y * half, tall + 0.08), (0, y * (half + 0.7), 0.02), 0.008, 5))
    hem = both(slab((0.05, d * 1.0, 0.08), (w / 2 - 0.01, 0, 0)))
    return settled(
        [
            Part("canvas", body),
            *parts,
            Part("poles", joined(poles), PLANK),
            Part("lines", joined(lines), Surface((0.85, 0.8, 0.68), "fabric")),
            Part("pegs", joined(pegs), IRON),
            Part("hem", hem, Surface("charcoal", "fabric")),
        ]
    )


register(
    Kind(
        "campfire",
        "outdoor",
        _campfire,
        params={"radius": (0.36, 0.44), "height": (0.34, 0.44), "form": (0, 6)},
        states=("unlit", "burning", "burnt out"),
        verbs={"burning": "catch fire", "burnt out": "burn out"},
        effects={"light": "burning", "burn_out": "burnt out"},
        colours=("gray", "beige", "charcoal", "brown"),
        materials=("stone", "granite"),
        scale="room",
        contexts=("outdoor", "forest", "meadow", "beach", "mountain", "desert", "snowfield"),
    )
)
register(
    Kind(
        "tent",
        "building",
        _tent,
        params={"width": (1.9, 2.4), "depth": (2.1, 2.6), "height": (1.4, 1.7)},
        states=("closed", "open"),
        verbs={"open": "open its flaps"},
        effects={"open": "open"},
        colours=("orange", "green", "blue", "red", "yellow"),
        materials=("fabric",),
        scale="outdoor",
        contexts=("outdoor", "forest", "meadow", "mountain", "beach", "snowfield", "desert"),
    )
)
