"""Elephant, rabbit and turtle."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from anyedit.world.blocks import both, curve, settled
from anyedit.world.bodies import chain, chains, eyes
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.animal_shapes import CREAM, HORN, NOSE, PINK, animal_legs
from anyedit.world.shapes import (
    Distance,
    blob,
    capsule,
    cylinder,
    ellipsoid,
    lathe,
    smooth_profile,
    soft,
    sweep,
)


def _rabbit(p: Mapping[str, float], state: str | None) -> list[Part]:
    e, g = p["ear"], p["plump"]
    upright = state == "standing up"
    bones: list[Distance] = [blob((0.088 * g, 0.1 * g, 0.085 * g), (0, 0.05, 0.092))]
    head = np.array([0, -0.1, 0.185])
    if upright:
        head = np.array([0, -0.03, 0.31])
        bones += [
            capsule((0, 0.045, 0.11), (0, 0.005, 0.215), (0.083 * g, 0.06)),
            *chains([(0.045, -0.03, 0.2), (0.042, -0.085, 0.175)], [0.024, 0.02]),
        ]
    else:
        bones += [
            capsule((0, 0.02, 0.095), (0, -0.06, 0.12), (0.08 * g, 0.058)),
            *chains([(0.038, -0.085, 0.09), (0.04, -0.1, 0.022), (0.04, -0.118, 0.02)], [0.03, 0.022, 0.021]),
        ]
    for s in (-1, 1):
        bones.append(blob((0.042, 0.075, 0.062), (s * 0.075 * g, 0.06, 0.07)))
    bones += chains([(0.075, 0.06, 0.024), (0.075, -0.05, 0.022)], [0.026, 0.023])
    bones += [
        blob((0.062, 0.064, 0.058), tuple(head)),
        blob((0.044, 0.034, 0.032), tuple(head + [0, -0.046, -0.02])),
    ]
    ears, inner = (
        both(
            ellipsoid(
                (0.022 * w, 0.011, e * w),
                (0.034, head[1] + 0.022 - d, head[2] + 0.042 + e * 0.86),
                (-10, 10, 0),
                detail=3,
            )
        )
        for w, d in ((1.0, 0.0), (0.72, 0.006))
    )
    return settled([
        Part("fur", soft({"fur": bones}, 0.03, 0.0125)["fur"]), Part("ears", ears), Part("inner ears", inner, PINK),
        Part("muzzle", both(ellipsoid((0.02, 0.018, 0.016), tuple(head + [0.014, -0.073, -0.024]), detail=2)), CREAM),
        Part("tail", ellipsoid(0.036, (0, 0.155, 0.075), detail=2), CREAM),
        Part("teeth", ellipsoid((0.009, 0.005, 0.012), tuple(head + [0, -0.084, -0.043]), detail=1), Surface("white", "ceramic")),
        Part("nose", ellipsoid((0.0095, 0.007, 0.0075), tuple(head + [0, -0.09, -0.011]), detail=2), PINK),
        *eyes((0.039, head[1] - 0.045, head[2] + 0.014), 0.0135, outward=42),
    ])  # fmt: skip


def _elephant(p: Mapping[str, float], state: str | None) -> list[Part]:
    k, ear = p["height"] / 2.3, p["ear"]
    raised = state == "raising its trunk"
    head = np.array([0, -1.12, 1.78])
    bones: list[Distance] = [
        blob((0.62, 0.95, 0.66), (0, 0.2, 1.4)), capsule((0, -0.5, 1.5), (0, 0.6, 1.42), (0.5, 0.52)), blob((0.42, 0.42, 0.46), tuple(head)), blob((0.3, 0.24, 0.2), tuple(head + [0, -0.05, 0.36])),
        capsule((0, -0.6, 1.55), tuple(head), 0.4),
    ]  # fmt: skip
    bones += animal_legs(
        0.36,
        [
            [(-0.5, 1.2), (-0.5, 0.6), (-0.52, 0.16)],
            [(-0.46, 1.2), (-0.44, 0.6), (-0.44, 0.16)],
            [(0.74, 1.2), (0.72, 0.6), (0.76, 0.16)],
            [(0.72, 1.2), (0.66, 0.6), (0.68, 0.16)],
        ],
        [0.26, 0.205, 0.2],
    )
    if raised:
        line = curve(
            [
                head + [0, -0.3, -0.12],
                head + [0, -0.62, -0.42],
                head + [0, -0.86, -0.2],
                head + [0, -0.84, 0.4],
                head + [0, -0.66, 0.86],
            ],
            4,
        )
    else:
        line = curve(
            [
                head + [0, -0.3, -0.1],
                head + [0, -0.5, -0.5],
                head + [0, -0.54, -1.0],
                head + [0, -0.58, -1.4],
                head + [0, -0.8, -1.52],
            ],
            4,
        )
    bones += chain([tuple(q) for q in line], list(np.linspace(0.22, 0.085, len(line))))
    wings: list[Mesh] = []
    inner: list[Mesh] = []
    for size, d in ((1.0, 0.0), (0.84, 0.035)):
        flap = ellipsoid(
            (0.46 * ear * size, 0.06, 0.56 * ear * size),
            (0.46 * ear * 0.82, 0, -0.1),
            detail=3 if d == 0 else 2,
        )
        lobe = ellipsoid(
            (0.24 * ear * size, 0.055, 0.36 * ear * size), (0.3 * ear, 0, -0.5 * ear), (0, 18, 0), detail=2
        )
        (wings if size == 1.0 else inner).append(
            joined([flap, lobe]).moved(affine((0.3, head[1] + 0.14 - d, head[2] + 0.08), (0, 0, 24)))
        )
    tusks = both(
        sweep(
            curve([head + [0.22, -0.26, -0.26], head + [0.27, -0.52, -0.5], head + [0.26, -0.82, -0.5]], 4),
            [0.075, 0.074, 0.072, 0.07, 0.065, 0.058, 0.048, 0.034, 0.012],
            14,
        )
    )
    nails = joined(
        [
            ellipsoid((0.055, 0.035, 0.06), (s * 0.36 + dx, y - 0.195 + abs(dx) * 0.35, 0.05), detail=1)
            for s, y in ((1, -0.52), (-1, -0.44), (1, 0.76), (-1, 0.68))
            for dx in (-0.11, 0, 0.11)
        ]
    )
    tail = joined(
        [
            sweep(curve([(0, 1.1, 1.6), (0, 1.28, 1.45), (0.03, 1.3, 0.95)], 5), 0.04, 10),
            ellipsoid((0.06, 0.06, 0.15), (0.03, 1.3, 0.86), detail=2),
        ]
    )
    feet = joined(
        [
            cylinder(0.215, 0.2, (s * 0.36, y, 0), bevel=0.04, segments=24)
            for s, y in ((1, -0.52), (-1, -0.44), (1, 0.76), (-1, 0.68))
        ]
    )
    parts = [
        Part("hide", joined([soft({"hide": bones}, 0.2, 0.1)["hide"], feet])), Part("ears", joined([both(wings[0]), tail])),
        Part("inner ears", both(inner[0]), Surface((0.70, 0.52, 0.50), "skin")), Part("tusks", tusks, HORN), Part("nails", nails, HORN),
        *eyes((0.315, head[1] - 0.32, head[2] + 0.06), 0.055, outward=48),
    ]  # fmt: skip
    return settled([Part(q.name, q.mesh.moved(affine(scale=k)), q.surface) for q in parts])


def _turtle(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, dome = p["radius"], p["dome"]
    hidden = state == "hiding in its shell"
    lift = 0.055 * r / 0.2 if not hidden else 0.0
    outline = smooth_profile(
        [(r * 1.0, 0), (r * 0.98, dome * 0.22), (r * 0.78, dome * 0.66), (r * 0.42, dome * 0.93), (0, dome)],
        5,
    )
    stretch = affine((0, 0, lift + r * 0.16), scale=(0.86, 1.0, 1.0))
    shell = lathe([(0, 0), *outline], 44).moved(stretch)
    rim = sweep(
        [(r * np.cos(a), r * np.sin(a), r * 0.02) for a in np.linspace(0, 2 * np.pi, 48, endpoint=False)],
        r * 0.085,
        12,
        closed=True,
    ).moved(stretch)
    radii, heights = np.array(outline[::-1]).T

    def surface(x: float, y: float) -> float:
        return float(np.interp(min(float(np.hypot(x, y)), r), radii, heights))

    seams = []
    hexagon = [(0.36 * r * np.cos(a), 0.36 * r * np.sin(a)) for a in np.arange(7) * np.pi / 3]
    lines = [hexagon] + [
        [(np.cos(a) * 0.36 * r, np.sin(a) * 0.36 * r), (np.cos(a) * r * 0.99, np.sin(a) * r * 0.99)]
        for a in np.arange(6) * np.pi / 3
    ]
    lines.append([(0.74 * r * np.cos(a), 0.74 * r * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 40)])
    for line in lines:
        dense = np.concatenate([np.linspace(a, b, 7)[:-1] for a, b in pairwise(line)] + [[line[-1]]])
        seams.append(
            sweep([(x, y, surface(x, y) + r * 0.004) for x, y in dense], r * 0.022, 6).moved(stretch)
        )
    belly = lathe([(0, -r * 0.12), (r * 0.86, -r * 0.1), (r * 0.96, r * 0.02), (0, r * 0.02)], 36).moved(
        stretch
    )
    parts = [
        Part("shell", shell),
        Part("rim", rim),
        Part("seams", joined(seams), Surface((0.22, 0.15, 0.08), "leather")),
        Part("belly", belly, Surface((0.90, 0.80, 0.50), "leather")),
    ]
    if not hidden:
        head = np.array([0, -r * 1.42, lift + r * 0.5])
        bones: list[Distance] = [
            *chain(
                [(0, -r * 0.7, lift + r * 0.2), tuple(head + [0, r * 0.12, -r * 0.1])], [r * 0.2, r * 0.19]
            ),
            blob((r * 0.25, r * 0.28, r * 0.23), tuple(head)),
        ]
        for y, turn in ((-0.62, 1.0), (0.6, -0.6)):
            bones += chains(
                [
                    (r * 0.55, y * r, lift + r * 0.12),
                    (r * 0.86, y * r - turn * r * 0.16, r * 0.13),
                    (r * 0.88, y * r - r * 0.26, r * 0.1),
                ],
                [r * 0.2, r * 0.16, r * 0.12],
            )
        bones += chain([(0, r * 0.9, lift + r * 0.08), (0, r * 1.25, lift + r * 0.0)], [r * 0.1, r * 0.03])
        smile = sweep(
            curve(
                [
                    head + d
                    for d in np.array([[-0.16, -0.2, -0.04], [0, -0.29, -0.1], [0.16, -0.2, -0.04]]) * r
                ],
                5,
            ),
            r * 0.018,
            6,
        )
        parts += [
            Part(
                "skin",
                soft({"skin": bones}, r * 0.1, r * 0.062)["skin"],
                Surface((0.45, 0.62, 0.26), "leather"),
            ),
            Part("smile", smile, NOSE),
            *eyes((r * 0.145, head[1] - r * 0.17, head[2] + r * 0.08), r * 0.068),
        ]
    return settled(parts)


register(
    Kind("rabbit", "animal", _rabbit, params={"ear": (0.062, 0.08), "plump": (0.94, 1.1)}, states=("sitting", "standing up"),
         verbs={"standing up": "stand up on its hind legs", "sitting": "sit down"}, colours=("white", "gray", "brown", "beige"), materials=("fur",), scale="tabletop",
         contexts=("outdoor", "garden", "meadow", "forest", "farm", "indoor", "living room"), wears=0.68)
)  # fmt: skip
register(
    Kind("elephant", "animal", _elephant, params={"height": (2.0, 2.7), "ear": (0.92, 1.15)}, states=("standing", "raising its trunk"),
         verbs={"raising its trunk": "raise its trunk", "standing": "lower its trunk"}, colours=("gray", "lavender", "charcoal", "pink"), materials=("skin", "leather"), scale="outdoor",
         contexts=("outdoor", "meadow", "desert", "forest"), wears=0.97)
)  # fmt: skip
register(
    Kind("turtle", "animal", _turtle, params={"radius": (0.15, 0.2), "dome": (0.11, 0.15)}, states=("walking", "hiding in its shell"),
         verbs={"walking": "come out of its shell", "hiding in its shell": "hide in its shell"}, effects={"scare": "hiding in its shell"}, colours=("green", "olive", "brown", "teal"),
         materials=("leather", "plastic"), scale="tabletop", contexts=("outdoor", "beach", "garden", "park", "studio"))
)  # fmt: skip
