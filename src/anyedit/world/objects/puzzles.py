"""Blocks, rings, dice and puzzle cubes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import placed, prism, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.habitats import PLAYROOM
from anyedit.world.shapes import box, cut, cylinder, ellipsoid, extrude, lathe, sweep
from anyedit.world.surfaces import WHITE

# Rotations that bring the top of the die to each face; opposite faces sum to 7.
_FACES = {1: (0, 0, 0), 6: (180, 0, 0), 2: (90, 0, 0), 5: (-90, 0, 0), 3: (0, 90, 0), 4: (0, -90, 0)}
_PIPS = {
    1: [(0, 0)],
    2: [(-1, -1), (1, 1)],
    3: [(-1, -1), (0, 0), (1, 1)],
    4: [(-1, -1), (-1, 1), (1, -1), (1, 1)],
    5: [(-1, -1), (-1, 1), (1, -1), (1, 1), (0, 0)],
    6: [(-1, -1), (-1, 0), (-1, 1), (1, -1), (1, 0), (1, 1)],
}


def _block(shape: str, s: float) -> Mesh:
    """A toy block on z = 0 about the origin: "cube", "bridge" (an arch), "roof" (a wedge) or "drum"."""
    if shape == "roof":
        return extrude([(-s, 0), (s, 0), (0, s * 0.95)], s, bevel=s * 0.04)
    if shape == "bridge":
        t = np.linspace(np.pi, 0, 14)
        arch = [(0.5 * s * np.cos(a), 0.55 * s * np.sin(a)) for a in t]
        return extrude([(-s, 0), *arch, (s, 0), (s, s), (-s, s)], s, bevel=s * 0.03)
    if shape == "drum":
        return cylinder(s * 0.46, s, bevel=s * 0.04)
    if shape == "plank":
        return slab((s * 2.1, s, s * 0.5), bevel=s * 0.05)
    return box((s, s, s), bevel=s * 0.07)


def _tower(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["side"]
    # (shape, x, height of its underside, turn about z, colour; None is the item's own)
    stack = [
        ("cube", -0.55, 0.0, 4, None),
        ("cube", 0.55, 0.0, -5, "blue"),
        ("plank", 0.0, 1.0, 2, "yellow"),
        ("drum", -0.5, 1.5, 0, "green"),
        ("drum", 0.5, 1.5, 0, None),
        ("bridge", 0.0, 2.5, -3, "orange"),
        ("cube", 0.0, 3.5, p["twist"], "blue"),
        ("roof", 0.0, 4.5, 5, None),
    ]
    # Where each block lies after a fall: (x, y, turns), found by eye so that no two meet.
    fallen = [
        (-0.55, 0.0, (0, 0, 8)),
        (0.9, 0.15, (0, 0, -30)),
        (0.25, -1.15, (0, 0, 24)),
        (-2.2, -0.7, (90, 0, 40)),
        (2.5, -0.9, (90, 0, -50)),
        (-1.5, 1.3, (0, 0, 35)),
        (2.3, 0.9, (0, 0, 52)),
        (-1.3, -2.0, (0, 0, -28)),
    ]
    parts = []
    for (shape, x, z, turn, colour), (fx, fy, turns) in zip(stack, fallen, strict=True):
        mesh = _block(shape, s)
        if state == "collapsed":
            mesh = mesh.moved(affine(turn=turns))
            mesh = mesh.moved(affine((fx * s, fy * s, -mesh.bounds[0][2])))
        else:
            mesh = mesh.moved(affine((x * s, 0, z * s), (0, 0, turn)))
        parts.append(Part("block", mesh, None if colour is None else Surface(colour, "wood")))
    return settled(parts)


def _rings(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, tube = p["radius"], p["tube"]
    colours = ("red", "orange", "yellow", "green", "cyan", "purple")
    count = len(colours)
    base = lathe(
        [(0, 0), (r * 0.92, 0), (r * 0.98, 0.006), (r * 0.95, 0.02), (r * 0.5, 0.028), (0, 0.028)], 40
    )
    pole = lathe(
        [(0, 0), (0.012, 0), (0.008, count * tube * 1.9), (0, count * tube * 1.9)], 20, at=(0, 0, 0.024)
    )
    parts = [Part("base", base), Part("pole", pole, Surface("white", "wood"))]
    z = 0.028

    def hoop(outer: float, thick: float) -> Mesh:
        t = np.linspace(0, 2 * np.pi, 32, endpoint=False)
        return sweep(
            np.column_stack([(outer - thick) * np.cos(t), (outer - thick) * np.sin(t), 0 * t]),
            thick,
            14,
            closed=True,
        )

    spots = [(1.6, -0.5), (-1.5, -0.9), (0.5, -1.9), (-0.6, -1.75), (1.5, -1.75), (0.0, 0.0)]
    for k, colour in enumerate(colours):
        outer, thick = r * (1 - 0.105 * k), tube * (1 - 0.04 * k)
        ring = hoop(outer, thick)
        if state == "scattered" and k > 0:
            x, y = spots[k - 1]
            parts.append(
                Part(
                    "ring", ring.moved(affine((x * r * 1.1, y * r * 0.95, thick))), Surface(colour, "plastic")
                )
            )
        else:
            parts.append(Part("ring", ring.moved(affine((0, 0, z + thick))), Surface(colour, "plastic")))
        z += thick * 1.9
    ball_z = 0.024 + count * tube * 1.9
    parts.append(Part("ball", ellipsoid(tube * 1.15, (0, 0, ball_z + tube * 0.4)), None))
    return settled(parts)


def _die(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["side"]
    cube = box((s, s, s), (0, 0, -s / 2), bevel=s * 0.14)
    pips, dents = [], []
    for number, turn in _FACES.items():
        for x, y in _PIPS[number]:
            at = (x * s * 0.25, y * s * 0.25, s * 0.5)
            dents.append(ellipsoid((s * 0.09, s * 0.09, s * 0.05), at, detail=2).moved(affine(turn=turn)))
            pips.append(
                lathe(
                    [
                        (0, -s * 0.046),
                        (s * 0.05, -s * 0.036),
                        (s * 0.088, 0.0),
                        (s * 0.08, -0.0005),
                        (0, -0.0005 - s * 0.03),
                    ],
                    16,
                    at=at,
                ).moved(affine(turn=turn))
            )
    top = {"with a one on top": 1, "with a six on top": 6}.get(state or "", 5)
    # Undo the face's own rotation: that face then lies on top.
    matrix = affine(turn=_FACES[top]).T  # a rotation's inverse
    parts = [Part("die", cut(cube, *dents)), Part("pips", joined(pips), WHITE)]
    return settled(
        [
            Part(part.name, part.mesh.moved(matrix).moved(affine(turn=(0, 0, p["turn"]))), part.surface)
            for part in parts
        ]
    )


def _puzzle_cube(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["side"]
    cell, half = s / 3, s / 2
    colours = ("red", "orange", "white", "yellow", "blue", "green")
    turns = ((0, 0, 0), (0, 0, 180), (-90, 0, 0), (90, 0, 0), (0, 0, 90), (0, 0, -90))
    layer = affine(turn=(0, 0, 28.0)) if state == "half turned" else np.eye(4)
    core = [box((s * 0.995, s * 0.995, cell * 0.97), (0, 0, k * cell), bevel=cell * 0.12) for k in range(3)]
    core[2] = core[2].moved(layer)
    sticker = prism(
        [
            (
                cell * 0.42 * np.sign(np.cos(a)) * abs(np.cos(a)) ** 0.3,
                cell * 0.42 * np.sign(np.sin(a)) * abs(np.sin(a)) ** 0.3,
            )
            for a in np.linspace(0, 2 * np.pi, 24, endpoint=False)
        ],
        cell * 0.04,
    ).moved(affine(turn=(90, 0, 0)))
    stickers: dict[str, list[Mesh]] = {colour: [] for colour in colours}
    for face, turn in enumerate(turns):
        for i in range(3):
            for j in range(3):
                colour = (
                    colours[face]
                    if state != "scrambled"
                    else colours[(face * 2 + i * 3 + j * 5 + i * j * face) % 6]
                )
                flat = affine(((i - 1) * cell, -half, (j - 1) * cell))
                mesh = sticker.moved(flat).moved(affine(turn=turn)).moved(affine((0, 0, half)))
                if mesh.bounds.mean(0)[2] > 2 * cell:
                    mesh = mesh.moved(layer)
                stickers[colour].append(mesh)
    parts = [Part("core", joined(core))]
    parts += [
        Part(f"{colour} stickers", joined(found), Surface(colour, "plastic"))
        for colour, found in stickers.items()
        if found
    ]
    return settled(placed(parts, turn=(0, 0, p["turn"])))


register(
    Kind(
        "toy block tower",
        "toy",
        _tower,
        params={"side": (0.045, 0.06), "twist": (-14, 22)},
        states=("standing", "collapsed"),
        verbs={"collapsed": "collapse"},
        effects={"knock": "collapsed"},
        colours=("red", "purple", "pink", "teal", "brown"),
        materials=("wood", "plastic"),
        scale="tabletop",
        contexts=PLAYROOM,
        topples=True,
    )
)
register(
    Kind(
        "stacking rings",
        "toy",
        _rings,
        params={"radius": (0.065, 0.078), "tube": (0.0125, 0.0145)},
        states=("stacked", "scattered"),
        verbs={"scattered": "come apart"},
        effects={"knock": "scattered"},
        colours=("blue", "red", "white", "pink"),
        materials=("plastic", "wood"),
        scale="tabletop",
        contexts=PLAYROOM,
        plural="stacking rings",
        repeats=False,
    )
)
register(
    Kind(
        "die",
        "toy",
        _die,
        params={"side": (0.03, 0.05), "turn": (-20, 35)},
        states=("with a five on top", "with a one on top", "with a six on top"),
        verbs={
            "with a one on top": "show a one on top",
            "with a six on top": "show a six on top",
            "with a five on top": "show a five on top",
        },
        effects={"roll": "with a six on top"},
        colours=("red", "blue", "green", "black", "purple"),
        materials=("plastic", "wood", "ceramic", "marble"),
        scale="tabletop",
        contexts=(*PLAYROOM, "cafe", "office"),
        plural="dice",
        rolls=True,
    )
)
register(
    Kind(
        "puzzle cube",
        "toy",
        _puzzle_cube,
        params={"side": (0.055, 0.065), "turn": (-10, 25)},
        states=("solved", "scrambled", "half turned"),
        verbs={"scrambled": "get scrambled", "half turned": "turn its top layer", "solved": "get solved"},
        effects={"scramble": "scrambled"},
        colours=("black", "white", "gray"),
        materials=("plastic",),
        scale="tabletop",
        contexts=(*PLAYROOM, "office"),
    )
)
