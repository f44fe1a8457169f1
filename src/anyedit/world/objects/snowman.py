"""The snowman."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import curve, settled
from anyedit.world.bodies import aimed, limb, option
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, joined
from anyedit.world.shapes import (
    Distance,
    blob,
    ellipsoid,
    lathe,
    rod,
    smooth_profile,
    soft,
    sweep,
)


def _snowman(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    coal, wood = Surface((0.05, 0.05, 0.055), "stone"), Surface((0.33, 0.20, 0.11), "wood")
    carrot = Surface((0.95, 0.42, 0.06), "plastic")
    scarf_tone = option(
        (
            Surface("red", "wool"),
            Surface("blue", "wool"),
            Surface("green", "wool"),
            Surface("purple", "wool"),
        ),
        p["scarf"],
    )

    def nose(at: tuple[float, float, float], along: tuple[float, float, float]) -> Mesh:
        return lathe(
            [
                (0, -r * 0.08),
                *smooth_profile([(r * 0.1, 0), (r * 0.08, r * 0.25), (r * 0.015, r * 0.6)], 4),
                (0, r * 0.61),
            ],
            18,
        ).moved(aimed(at, along))

    if state == "melted":
        heap: list[Distance] = [
            blob((r * 1.9, r * 1.7, r * 0.13), (0, 0, r * 0.05)),
            blob((r * 0.8, r * 0.7, r * 0.55), (r * 0.15, r * 0.3, r * 0.15)),
            blob((r * 0.36, r * 0.34, r * 0.22), (-r * 0.9, -r * 0.5, r * 0.08)),
            blob((r * 0.6, r * 0.5, r * 0.09), (r * 1.4, -r * 0.7, r * 0.04)),
        ]
        puddle = soft({"p": heap}, r * 0.35, r * 0.085)["p"]
        floor = puddle.vertices.copy()
        floor[:, 2] = np.maximum(floor[:, 2], 0.0)
        puddle = Mesh(floor, puddle.faces, puddle.normals, puddle.uv)
        lumps = [
            ellipsoid(r * 0.085, (x * r, y * r, z * r), detail=1)
            for x, y, z in (
                (0.3, -0.75, 0.22),
                (-0.3, -0.95, 0.2),
                (0.9, -0.35, 0.2),
                (0.0, -1.25, 0.16),
                (-1.1, -0.1, 0.18),
            )
        ]
        sticks = [
            rod((-r * 1.5, r * 0.2, r * 0.2), (-r * 0.4, -r * 0.55, r * 0.24), r * 0.035, 8),
            rod((r * 0.75, -r * 0.1, r * 0.26), (r * 1.7, r * 0.35, r * 0.16), r * 0.035, 8),
        ]
        loop = curve(
            [
                (-r * 0.2, -r * 0.72, r * 0.26),
                (r * 0.25, -r * 0.5, r * 0.4),
                (r * 0.6, -r * 0.35, r * 0.34),
                (r * 0.85, -r * 0.8, r * 0.2),
                (r * 0.75, -r * 1.15, r * 0.17),
            ],
            6,
        )
        return settled(
            [
                Part("snow", puddle),
                Part("coal", joined(lumps), coal),
                Part("nose", nose((-r * 0.55, -r * 0.62, r * 0.28), (0.5, -0.8, -0.1)), carrot),
                Part("arms", joined(sticks), wood),
                Part("scarf", sweep(loop, r * 0.1, 12, flat=0.5), scarf_tone),
            ]
        )
    z1, z2, z3 = r * 0.86, r * 2.12, r * 3.05
    snow = soft(
        {"s": [blob((r, r, r * 0.94), (0, 0, z1)), blob(r * 0.74, (0, 0, z2)), blob(r * 0.54, (0, 0, z3))]},
        r * 0.12,
        r * 0.105,
    )["s"]
    bottom = snow.vertices.copy()
    bottom[:, 2] = np.maximum(bottom[:, 2], r * 0.03)
    snow = Mesh(bottom, snow.faces, snow.normals, snow.uv)
    lumps = [
        ellipsoid(r * 0.075, (0, -np.sqrt((0.74 * r) ** 2 - dz**2) - r * 0.01, z2 + dz), detail=1)
        for dz in (r * 0.3, r * 0.02, -r * 0.28)
    ]
    for a in np.linspace(-0.62, 0.62, 5):
        x, dz = np.sin(a) * r * 0.36, -r * 0.1 - np.cos(a) * r * 0.13
        lumps.append(ellipsoid(r * 0.042, (x, -np.sqrt((0.545 * r) ** 2 - x**2 - dz**2), z3 + dz), detail=1))
    lumps += [ellipsoid(r * 0.075, (s * r * 0.19, -r * 0.48, z3 + r * 0.15), detail=2) for s in (-1, 1)]
    arms = []
    for s in (-1, 1):
        elbow, hand = (
            np.array([s * r * 1.15, -r * 0.1, z2 + r * 0.4]),
            np.array([s * r * 1.5, -r * 0.16, z2 + r * (0.9 if s > 0 else 0.62)]),
        )
        arms += [
            limb((s * r * 0.6, 0, z2 + r * 0.12), elbow, (r * 0.042, r * 0.036), 8),
            limb(elbow, hand, (r * 0.036, r * 0.024), 8),
        ]
        arms += [
            limb(elbow * 0.35 + hand * 0.65, hand + np.array([s * dx, 0, dz]) * r, (r * 0.024, r * 0.016), 8)
            for dx, dz in ((0.16, -0.06), (-0.12, 0.12))
        ]
    u = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    wrap = sweep(
        np.column_stack(
            [r * 0.47 * np.cos(u), r * 0.47 * np.sin(u), z2 + r * 0.57 + r * 0.02 * np.sin(2 * u)]
        ),
        r * 0.12,
        12,
        closed=True,
    )
    end = sweep(
        curve(
            [
                (r * 0.22, -r * 0.52, z2 + r * 0.55),
                (r * 0.3, -r * 0.72, z2 + r * 0.3),
                (r * 0.34, -r * 0.8, z2 - r * 0.06),
            ],
            5,
        ),
        r * 0.12,
        12,
        flat=0.4,
    )
    return settled(
        [
            Part("snow", snow),
            Part("coal", joined(lumps), coal),
            Part("nose", nose((0, -r * 0.5, z3 + r * 0.02), (0.1, -1, -0.05)), carrot),
            Part("arms", joined(arms), wood),
            Part("scarf", joined([wrap, end]), scarf_tone),
        ]
    )


register(
    Kind("snowman", "winter figure", _snowman, params={"radius": (0.36, 0.46), "scarf": (0, 1)}, states=("standing", "melted"), verbs={"melted": "melt"}, effects={"melt": "melted"},
         colours=("white", "ivory", "lavender", "mint"), materials=("snow",), scale="room", contexts=("outdoor", "snowfield", "garden", "park", "mountain"), plural="snowmen", wears=0.97)
)  # fmt: skip
