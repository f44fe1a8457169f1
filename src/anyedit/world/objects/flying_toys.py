"""Balloon and kite."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import placed, settled
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.habitats import PLAYROOM
from anyedit.world.shapes import cone, extrude, lathe, loft, rod, smooth_profile, sweep
from anyedit.world.surfaces import CORD, WOOD


def _balloon(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, height = p["radius"], p["string"]
    weight = lathe([(0, 0), (0.045, 0), (0.045, 0.006), (0.03, 0.03), (0.008, 0.05), (0, 0.05)], 28)
    parts = [Part("weight", weight, Surface((0.85, 0.8, 0.3), "gold"))]
    if state == "popped":
        t = np.linspace(0, 1, 40)
        string = np.column_stack(
            [0.14 * t * np.cos(9 * t), -0.22 * t * np.sin(7 * t + 0.4), 0.045 * (1 - t) ** 6 + 0.003]
        )
        scraps = []
        for k, (x, y, s) in enumerate(
            ((0.14, -0.16, 0.06), (-0.12, -0.1, 0.045), (-0.18, 0.1, 0.035), (0.2, 0.06, 0.03))
        ):
            n = 14
            angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
            reach = s * (1 + 0.35 * np.sin(3 * angle + k) + 0.2 * np.sin(5 * angle + 2 * k))
            ring = np.column_stack(
                [
                    x + reach * np.cos(angle),
                    y + reach * 0.7 * np.sin(angle),
                    0.004 + 0.012 * (1 + np.sin(2 * angle + k)) / 2,
                ]
            )
            scraps.append(
                loft([ring - [0, 0, 0.003], ring, (ring - [x, y, 0]) * [0.5, 0.5, 1.1] + [x, y, 0.004]])
            )
        return settled(
            [*parts, Part("string", sweep(string, 0.0022, 6), CORD), Part("balloon", joined(scraps))],
            centre=False,
        )
    z = height + r * 1.2
    outline = smooth_profile(
        [
            (0.012, -r * 1.24),
            (r * 0.34, -r * 1.02),
            (r * 0.82, -r * 0.5),
            (r, r * 0.1),
            (r * 0.86, r * 0.6),
            (r * 0.45, r * 0.94),
            (0, r * 1.03),
        ],
        6,
    )
    skin = lathe([(0, -r * 1.24), *outline], 44, at=(0, 0, z))
    knot = cone(0.02, 0.008, 0.022, (0, 0, z - r * 1.24 - 0.016), 20)
    t = np.linspace(0, 1, 24)
    string = np.column_stack([0.012 * np.sin(7 * t), 0.01 * np.sin(5 * t), 0.045 + t * (z - r * 1.25 - 0.05)])
    return settled(
        [*parts, Part("balloon", joined([skin, knot])), Part("string", sweep(string, 0.0024, 6), CORD)],
        centre=False,
    )


def _kite(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h = p["width"], p["height"]
    cross = h * 0.64
    corners = {
        "top": (0.0, h),
        "left": (-w / 2, cross),
        "right": (w / 2, cross),
        "tail": (0.0, 0.0),
        "middle": (0.0, cross),
    }

    def panel_of(*names: str) -> Mesh:
        outline = [corners[name] for name in names]
        return extrude(outline, 0.004, bevel=0.0)

    sticks = joined(
        [
            rod((0, 0.006, 0), (0, 0.006, h), 0.006, 8),
            rod((-w / 2, 0.006, cross), (w / 2, 0.006, cross), 0.006, 8),
        ]
    )
    t = np.linspace(0, 1, 40)
    tail = np.column_stack([0.1 * np.sin(9 * t) * t, 0.05 * np.sin(6 * t), -0.62 * h * t])
    bows = []
    for k, u in enumerate((0.25, 0.5, 0.75, 0.98)):
        at = (0.1 * np.sin(9 * u) * u, 0.05 * np.sin(6 * u), -0.62 * h * u)
        for s in (-1, 1):
            bow = loft(
                [
                    [(0, -0.004, -0.01), (0, 0.004, -0.01), (0, 0.004, 0.01), (0, -0.004, 0.01)],
                    [
                        (s * 0.075, -0.004, -0.04),
                        (s * 0.075, 0.004, -0.04),
                        (s * 0.075, 0.004, 0.04),
                        (s * 0.075, -0.004, 0.04),
                    ],
                ]
            )
            bows.append(bow.moved(affine(at, (0, 20 * (-1) ** k, 0))))
    second = Surface("yellow", "fabric")
    parts = [
        Part("sail", joined([panel_of("top", "left", "middle"), panel_of("right", "tail", "middle")])),
        Part(
            "second cloth",
            joined([panel_of("top", "middle", "right"), panel_of("left", "tail", "middle")]),
            second,
        ),
        Part("sticks", sticks, WOOD),
        Part("tail", sweep(tail, 0.004, 6), CORD),
        Part("bows", joined(bows)),
    ]
    if state == "flying":
        peg = cone(0.02, 0.004, 0.14, (0, 0, 0), 12)
        # The line runs from the peg in the ground to the kite's cross.
        sail = placed(parts, (0.25, 0.35, 1.35), (-32, 14, 0))
        way = np.linspace(0, 1, 24)[:, None]
        end = np.array(
            [
                0.25 + np.sin(np.radians(14)) * cross,
                0.35 + np.sin(np.radians(32)) * cross * 0.9,
                1.35 + cross * 0.82,
            ]
        )
        line = np.array([0, 0, 0.13]) * (1 - way) + end * way - np.array([0, 0, 0.22]) * way * (1 - way)
        return settled([*sail, Part("peg", peg, WOOD), Part("line", sweep(line, 0.004, 6), CORD)])
    return settled(placed(parts, turn=(-85, 0, 14)))


register(
    Kind(
        "balloon",
        "toy",
        _balloon,
        params={"radius": (0.125, 0.15), "string": (0.5, 0.8)},
        states=("inflated", "popped"),
        verbs={"popped": "pop"},
        effects={"pop": "popped", "pierce": "popped"},
        colours=("red", "blue", "yellow", "pink", "green", "orange"),
        materials=("rubber", "chrome", "plastic"),
        scale="room",
        contexts=(*PLAYROOM, "garden", "park", "stage"),
    )
)
register(
    Kind(
        "kite",
        "toy",
        _kite,
        params={"width": (0.75, 0.9), "height": (0.9, 1.1)},
        states=("flying", "lying on the ground"),
        verbs={"lying on the ground": "fall to the ground", "flying": "fly"},
        effects={"calm": "lying on the ground", "wind": "flying"},
        colours=("red", "blue", "purple", "teal", "orange"),
        materials=("fabric", "paper"),
        scale="outdoor",
        contexts=("outdoor", "beach", "meadow", "park"),
    )
)
