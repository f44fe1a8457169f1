"""Skateboard and surfboard."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import placed, settled, side, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.habitats import BRIGHT
from anyedit.world.shapes import lathe, loft, rod
from anyedit.world.surfaces import BLACK, STEEL


def _skateboard(p: Mapping[str, float], state: str | None) -> list[Part]:
    half, w, wheel = p["length"] / 2, p["width"], 0.028
    deck, grip = [], []
    base = wheel * 2 + 0.035
    for y in np.concatenate([np.linspace(-1, -0.6, 9), np.linspace(-0.5, 0.5, 5), np.linspace(0.6, 1, 9)]):
        kick = max(0.0, abs(y) - 0.66) / 0.34
        z = base + 0.075 * kick**1.5
        end = max(0.0, abs(y) - 0.74) / 0.26
        width = max(w * np.sqrt(max(0.0, 1 - end**2.6)), 0.02)
        x = np.array([-0.5, -0.25, 0.25, 0.5]) * width
        camber = np.array([0.006, 0.0, 0.0, 0.006])
        top = np.column_stack([x, np.full(4, y * half), z + 0.012 + camber])
        deck.append(np.vstack([top, top[::-1] - [0, 0, 0.012]]))
        x = x * 0.985
        grip.append(
            np.vstack(
                [
                    np.column_stack([x, np.full(4, y * half * 0.99), z + 0.0135 + camber]),
                    np.column_stack([x, np.full(4, y * half * 0.99), z + 0.010 + camber])[::-1],
                ]
            )
        )
    trucks, wheels, cores = [], [], []
    for y in (-half * 0.56, half * 0.56):
        trucks += [
            slab((0.05, 0.08, 0.012), (0, y, base - 0.012)),
            slab((0.035, 0.035, 0.035), (0, y, wheel + 0.006)),
            rod((-w * 0.42, y, wheel), (w * 0.42, y, wheel), 0.011, 10),
        ]
        for sign in (-1, 1):
            turn = affine((sign * w * 0.43, y, wheel), (0, 90, 0))
            wheels.append(
                lathe(
                    [
                        (0.01, -0.018),
                        (wheel - 0.005, -0.018),
                        (wheel, -0.01),
                        (wheel, 0.01),
                        (wheel - 0.005, 0.018),
                        (0.01, 0.018),
                    ],
                    24,
                ).moved(turn)
            )
            cores.append(lathe([(0, -0.02), (0.011, -0.02), (0.011, 0.02), (0, 0.02)], 14).moved(turn))
    parts = [
        Part("deck", loft(deck, crease=40)),
        Part("grip tape", loft(grip, crease=40), Surface((0.1, 0.1, 0.11), "rubber")),
        Part("trucks", joined([*trucks, *cores]), STEEL),
        Part("wheels", joined(wheels), Surface((0.93, 0.9, 0.8), "rubber")),
    ]
    if state == "upside down":
        parts = placed(parts, turn=(0, 180, 0))
    # Along x, so that its length shows from the front.
    return settled(placed(parts, turn=(0, 0, 90)))


def _surfboard(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, w = p["length"], p["width"]

    def board(share: float, z0: float, z1: float, thick: float) -> Mesh:
        rings = []
        n = 28
        angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
        for z in np.linspace(z0, z1, 34):
            u = np.clip(z, 0.0, 1.0)
            width = (
                w * share * max(0.02, (np.sin(np.pi * (0.1 + 0.9 * u) ** 0.86)) ** 0.62 if u < 1 else 0.02)
            )
            rocker = 0.34 * (u - 0.42) ** 2 * h * 0.22
            rings.append(
                np.column_stack(
                    [
                        width / 2 * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.8,
                        rocker
                        + thick * np.sin(angle) * (0.35 + 0.65 * np.sin(np.pi * min(max(u, 0.03), 0.97))),
                        np.full(n, u * h),
                    ]
                )
            )
        return loft(rings, crease=50)

    fins = [
        side([(0.03, h * 0.07), (0.03, h * 0.15), (0.15, h * 0.05), (0.12, h * 0.06)], 0.012).moved(
            affine((x, 0, z))
        )
        for x, z in ((0, 0), (-0.12, h * 0.05), (0.12, h * 0.05))
    ]
    second = Surface("white", "plastic")
    band = [board(1.012, 0.58, 0.66, 0.0335), board(1.012, 0.69, 0.715, 0.0335)]
    parts = [
        Part("board", board(1.0, 0.0, 1.0, 0.033)),
        Part("bands", joined(band), second),
        Part("fins", joined(fins), BLACK),
    ]
    return settled(placed(parts, turn=(-4 if state != "lying on the ground" else 90, 0, 0)))


register(
    Kind(
        "skateboard",
        "sport",
        _skateboard,
        params={"length": (0.76, 0.84), "width": (0.19, 0.22)},
        states=("on its wheels", "upside down"),
        verbs={"upside down": "flip over"},
        effects={"knock": "upside down"},
        colours=BRIGHT,
        materials=("wood", "bamboo", "plastic"),
        scale="room",
        contexts=("outdoor", "street", "park", "plaza", "playground", "garage", "bedroom"),
    )
)
register(
    Kind(
        "surfboard",
        "sport",
        _surfboard,
        params={"length": (1.8, 2.3), "width": (0.5, 0.58)},
        states=("upright", "lying on the ground"),
        verbs={"lying on the ground": "fall over"},
        effects={"knock": "lying on the ground"},
        colours=("turquoise", "red", "yellow", "orange", "blue", "pink"),
        materials=("plastic", "car paint", "wood"),
        scale="outdoor",
        contexts=("outdoor", "beach", "harbour", "garage"),
    )
)
