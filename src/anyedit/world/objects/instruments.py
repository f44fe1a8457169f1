"""Instruments that sing: guitar on its stand, trumpet, upright piano."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import curve, hull, placed, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import cylinder, ellipsoid, extrude, lathe, loft, rod, smooth_profile, sweep
from anyedit.world.surfaces import BLACK, BRASS, CHROME, DARK, IVORY

_MUSIC = ("indoor", "living room", "bedroom", "studio", "stage", "classroom")


def _guitar(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, waist, depth = p["width"] / 2, p["waist"], 0.1
    half = curve(
        [
            (0.0, 0.0),
            (w * 0.6, 0.018),
            (w, 0.14),
            (w * 0.86, 0.24),
            (w * waist, 0.305),
            (w * 0.74, 0.385),
            (w * 0.72, 0.44),
            (w * 0.42, 0.49),
            (0.0, 0.5),
        ],
        5,
    )
    outline = [(max(x, 0.0), z) for x, z in half]
    outline = outline + [(-x, z) for x, z in outline[::-1][1:-1]]
    inner = [(x * 0.975, 0.25 + (z - 0.25) * 0.98) for x, z in outline]
    front = -depth / 2
    body = extrude(outline, depth, bevel=0.006)
    top = extrude(inner, 0.004, (0, front - 0.001, 0))

    def disc(radius: float, thick: float, z: float) -> Mesh:
        return cylinder(radius, thick, bevel=0.0005, segments=36).moved(affine((0, front, z), (90, 0, 0)))

    hole = disc(0.05, 0.006, 0.335)
    rosette = lathe([(0.05, 0), (0.06, 0), (0.06, 0.0055), (0.05, 0.0055), (0.05, 0)], 36).moved(
        affine((0, front, 0.335), (90, 0, 0))
    )
    bridge = slab((0.16, 0.012, 0.026), (0, front - 0.007, 0.13), 0.004)
    neck = loft(
        [
            [
                (-0.026, front + 0.03, z),
                (-0.026, front - 0.004, z),
                (0.026, front - 0.004, z),
                (0.026, front + 0.03, z),
            ]
            if z < 0.6
            else [
                (-0.022, front + 0.022, z),
                (-0.022, front - 0.004, z),
                (0.022, front - 0.004, z),
                (0.022, front + 0.022, z),
            ]
            for z in (0.42, 0.56, 0.84)
        ]
    )
    board = hull(
        [
            (s * x, y, z)
            for s in (-1, 1)
            for x, z in ((0.028, 0.395), (0.0225, 0.84))
            for y in (front - 0.004, front - 0.011)
        ]
    )
    frets = [
        slab(
            (0.05, 0.002, 0.003),
            (0, front - 0.0115, 0.84 - 0.43 * (1 - 2 ** (-k / 12)) / (1 - 2 ** (-18 / 12))),
        )
        for k in range(1, 17)
    ]
    head = extrude(
        [
            (-0.024, 0.835),
            (0.024, 0.835),
            (0.037, 0.87),
            (0.036, 0.985),
            (0.012, 1.0),
            (-0.012, 1.0),
            (-0.036, 0.985),
            (-0.037, 0.87),
        ],
        0.016,
        (0, front + 0.006, 0),
        bevel=0.002,
    )
    pegs = joined(
        [
            piece
            for s in (-1, 1)
            for z in (0.885, 0.92, 0.955)
            for piece in (
                rod((s * 0.03, front + 0.006, z), (s * 0.056, front + 0.006, z), 0.004, 8),
                ellipsoid((0.009, 0.006, 0.011), (s * 0.06, front + 0.006, z), detail=1),
            )
        ]
    )
    strings = joined(
        [
            rod((x, front - 0.0145, 0.138), (x * 0.8, front - 0.0135, 0.845), 0.0008, 4)
            for x in np.linspace(-0.02, 0.02, 6)
        ]
    )
    parts = [
        Part("body", body, Surface((0.33, 0.17, 0.08), "wood")),
        Part("top", top),
        Part("sound hole", hole, Surface((0.03, 0.02, 0.02), "wood")),
        Part("rosette", rosette, IVORY),
        Part("bridge", bridge, DARK),
        Part("neck", joined([neck, head]), Surface((0.36, 0.2, 0.1), "wood")),
        Part("fretboard", board, DARK),
        Part("frets", joined(frets), CHROME),
        Part("pegs", pegs, CHROME),
        Part("strings", strings, CHROME),
    ]
    if p["guard"] > 0.4:
        drop = [(0.055 * np.cos(a) + 0.0, 0.335 + 0.055 * np.sin(a)) for a in np.linspace(0.9, -1.5, 10)] + [
            (0.05, 0.215),
            (0.1, 0.235),
            (0.095, 0.3),
        ]
        parts.append(Part("pick guard", extrude(drop, 0.003, (0, front - 0.0035, 0)), DARK))
    parts = placed(parts, (0, 0.02, 0.11), (-9, 0, 0))
    stand = [
        sweep(curve([(s * 0.17, -0.13, 0.01), (s * 0.1, 0.0, 0.09), (s * 0.02, 0.09, 0.22)], 4), 0.009, 8)
        for s in (-1, 1)
    ]
    stand += [rod((0, 0.1, 0.2), (0, 0.24, 0.005), 0.009, 8), rod((0, 0.09, 0.2), (0, 0.13, 0.5), 0.009, 8)]
    stand += [rod((s * 0.1, 0.03, 0.09), (s * 0.1, -0.1, 0.095), 0.008, 8) for s in (-1, 1)] + [
        rod((s * 0.1, -0.1, 0.095), (s * 0.1, -0.11, 0.13), 0.008, 8) for s in (-1, 1)
    ]
    return settled([*parts, Part("stand", joined(stand), BLACK)])


def _trumpet(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, bell = p["length"], p["bell"]
    half = length / 2
    flare = smooth_profile(
        [(bell, 0), (bell * 0.62, 0.022), (bell * 0.34, 0.07), (bell * 0.2, 0.15), (0.0085, 0.26)], 6
    )
    wall = [(max(r - 0.0018, 0.001), z + 0.001) for r, z in flare][::-1]
    horn = lathe([*wall, *flare, wall[0]], 40).moved(affine((-half, 0, 0), (0, 90, 0)))
    lip = sweep(
        [
            (-half + 0.001, bell * np.cos(a), bell * np.sin(a))
            for a in np.linspace(0, 2 * np.pi, 40, endpoint=False)
        ],
        0.003,
        8,
        closed=True,
    )
    low = -0.075
    upper = curve(
        [
            (-half + 0.25, 0, 0),
            (half * 0.35, 0, 0),
            (half * 0.62, 0, -0.012),
            (half * 0.68, 0, low / 2),
            (half * 0.62, 0, low + 0.012),
            (half * 0.35, 0, low),
            (-half * 0.32, 0, low),
            (-half * 0.52, 0, low + 0.01),
            (-half * 0.58, 0, low / 2 - 0.005),
        ],
        6,
    )
    lead = curve(
        [
            (half * 0.86, 0.03, -0.01),
            (0, 0.03, -0.01),
            (-half * 0.4, 0.03, -0.012),
            (-half * 0.55, 0.025, low * 0.55),
            (-half * 0.4, 0.02, low),
            (0, 0.018, low),
        ],
        5,
    )
    mouth = lathe(
        [(0, 0), (0.006, 0), (0.0065, 0.05), (0.014, 0.07), (0.0145, 0.082), (0.009, 0.082), (0, 0.07)], 24
    ).moved(affine((half * 0.86, 0.03, -0.01), (0, 90, 0)))
    valves, caps = [], []
    for k in range(3):
        x = -0.005 + 0.037 * k - 0.02
        valves.append(cylinder(0.0155, 0.12, (x, 0.014, low - 0.03), segments=24))
        caps += [cylinder(0.0172, 0.012, (x, 0.014, low + z), segments=24) for z in (-0.035, 0.083)]
        caps += [
            rod((x, 0.014, low + 0.09), (x, 0.014, low + 0.125), 0.004, 8),
            cylinder(0.0115, 0.006, (x, 0.014, low + 0.124), segments=18),
        ]
    ring = sweep(
        [
            (0.09, 0.03 + 0.0 * a, low / 2 + 0.055 + 0.014 * np.sin(a)) + np.array([0.014 * np.cos(a), 0, 0])
            for a in np.linspace(0, 2 * np.pi, 20, endpoint=False)
        ],
        0.003,
        6,
        closed=True,
    )
    parts = [
        Part("tubes", joined([horn, lip, sweep(upper, 0.0085, 12), sweep(lead, 0.007, 12), *valves, ring])),
        Part("valves", joined([*caps, mouth]), CHROME),
    ]
    # On a small stand, bell to the left, so that the whole instrument shows.
    base = [
        cylinder(0.075, 0.016, (0.0, 0.015, -0.26), segments=32),
        rod((0.0, 0.015, -0.25), (0.0, 0.015, low - 0.03), 0.007, 10),
        slab((0.13, 0.05, 0.012), (0.012, 0.015, low - 0.047), 0.004),
    ]
    return settled(placed([*parts, Part("stand", joined(base), DARK)], turn=(0, 0, 12)))


def _piano(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h, d = p["width"], p["height"], 0.58
    bed = 0.62
    case = [
        slab((w, 0.3, h - 0.03), (0, 0.14, 0.0), 0.01),
        slab((w + 0.04, 0.36, 0.035), (0, 0.13, h - 0.035), 0.012),
    ]
    case += [slab((0.05, d, 0.05), (s * (w / 2 - 0.025), 0, 0), 0.01) for s in (-1, 1)]
    case += [
        hull(
            [(s * w / 2, y, z) for y, z in ((-0.26, bed), (-0.26, bed + 0.12), (0.0, bed + 0.24), (0.0, bed))]
            + [
                (s * (w / 2 - 0.05), y, z)
                for y, z in ((-0.26, bed), (-0.26, bed + 0.12), (0.0, bed + 0.24), (0.0, bed))
            ]
        )
        for s in (-1, 1)
    ]
    case += [slab((0.06, 0.06, bed), (s * (w / 2 - 0.04), -0.22, 0), 0.012) for s in (-1, 1)]
    case += [slab((w - 0.04, 0.3, 0.05), (0, -0.13, bed - 0.02), 0.008)]
    frames = [
        slab((w * 0.42, 0.012, h * 0.2), (s * w * 0.225, -0.012, bed + 0.25), 0.004) for s in (-1, 1)
    ] + [slab((w * 0.8, 0.012, 0.36), (0, -0.012, 0.14), 0.004)]
    whites = 28
    span = (w - 0.14) / whites
    left = -(w - 0.14) / 2
    open_ = state != "lid closed"
    parts = [Part("case", joined(case)), Part("panels", joined(frames))]
    if open_:
        keys = [
            slab((span * 0.93, 0.15, 0.022), (left + span * (k + 0.5), -0.185, bed + 0.03), 0.002)
            for k in range(whites)
        ]
        sharps = [
            slab((span * 0.55, 0.095, 0.022), (left + span * (k + 1), -0.155, bed + 0.047), 0.003)
            for k in range(whites - 1)
            if k % 7 in (0, 1, 3, 4, 5)
        ]
        desk = slab((w * 0.5, 0.014, 0.2), (0, -0.04, bed + 0.26), 0.005, turn=(-14, 0, 0))
        sheet = [
            slab((0.17, 0.004, 0.22), (s * 0.09, -0.052, bed + 0.275), turn=(-14, 0, 0)) for s in (-1, 1)
        ]
        staves = [
            slab(
                (0.14, 0.002, 0.006),
                (s * 0.09, -0.0605 + 0.0112 * k, bed + 0.3 + 0.045 * k),
                turn=(-14, 0, 0),
            )
            for s in (-1, 1)
            for k in range(4)
        ]
        parts += [
            Part("white keys", joined(keys), IVORY),
            Part("black keys", joined(sharps), BLACK),
            Part("lid", slab((w - 0.12, 0.012, 0.16), (0, -0.01, bed + 0.06), 0.004, turn=(-8, 0, 0))),
            Part("music desk", desk),
            Part("sheets", joined(sheet), Surface("white", "paper")),
            Part("staves", joined(staves), BLACK),
        ]
    else:
        lid = hull(
            [
                (s * (w / 2 - 0.055), y, z)
                for s in (-1, 1)
                for y, z in (
                    (-0.265, bed + 0.03),
                    (-0.265, bed + 0.065),
                    (-0.2, bed + 0.1),
                    (0.0, bed + 0.13),
                    (0.0, bed + 0.03),
                )
            ]
        )
        parts.append(Part("lid", lid))
    pedals = [slab((0.045, 0.12, 0.014), (x, -0.06, 0.06), 0.005) for x in (-0.1, 0, 0.1)]
    legs = [slab((0.05, 0.05, 0.42), (x, y, 0), 0.01) for x in (-0.27, 0.27) for y in (-0.72, -0.52)]
    return settled(
        [
            *parts,
            Part("pedals", joined(pedals), BRASS),
            Part("bench", joined([slab((0.64, 0.3, 0.05), (0, -0.62, 0.42), 0.012), *legs])),
            Part("cushion", slab((0.62, 0.28, 0.05), (0, -0.62, 0.465), 0.022), Surface("maroon", "velvet")),
        ]
    )


register(
    Kind(
        "guitar",
        "instrument",
        _guitar,
        params={"width": (0.37, 0.41), "waist": (0.58, 0.66), "guard": (0, 1)},
        colours=("orange", "red", "beige", "blue", "brown", "black"),
        materials=("wood", "dark wood", "bamboo", "car paint"),
        scale="room",
        contexts=(*_MUSIC, "garage", "cafe"),
        topples=True,
    )
)
register(
    Kind(
        "trumpet",
        "instrument",
        _trumpet,
        params={"length": (0.46, 0.52), "bell": (0.056, 0.066)},
        colours=("yellow", "gray", "orange"),
        materials=("gold", "silver", "copper", "chrome"),
        scale="tabletop",
        contexts=_MUSIC,
    )
)
register(
    Kind(
        "piano",
        "instrument",
        _piano,
        params={"width": (1.36, 1.5), "height": (1.12, 1.25)},
        states=("lid open", "lid closed"),
        verbs={"lid closed": "close its lid"},
        effects={"close": "lid closed"},
        colours=("black", "brown", "white", "maroon"),
        materials=("car paint", "dark wood", "wood"),
        scale="room",
        contexts=("indoor", "living room", "studio", "stage", "classroom", "cafe"),
    )
)
