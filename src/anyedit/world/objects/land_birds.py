"""Songbird, owl and chicken."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, settled
from anyedit.world.bodies import aimed, chain, eyes, limb
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.bird_shapes import BEAK, CREAM, LEG, WINGS, beak, feathers
from anyedit.world.shapes import (
    Distance,
    blob,
    capsule,
    ellipsoid,
    lathe,
    rod,
    soft,
)


def _foot(at: tuple[float, float, float], size: float, thick: float) -> Mesh:
    """Three toes ahead and one behind."""
    toes = [
        limb(at, (at[0] + np.sin(a) * size, at[1] - np.cos(a) * size, thick), (thick * 1.1, thick * 0.8), 8)
        for a in (-0.55, 0.0, 0.55)
    ]
    return joined([*toes, limb(at, (at[0], at[1] + size * 0.55, thick), (thick, thick * 0.7), 8)])


def _songbird(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["plump"]
    z = 0.035 + r * 0.95
    head = np.array([0, -r * 0.66, z + r * 1.05])
    bones: list[Distance] = [
        blob((r * 0.86, r * 1.3, r * 0.88), (0, r * 0.1, z), (28, 0, 0)), blob(r * 0.66, tuple(head)),
        capsule((0, r * 1.05, z - r * 0.18), (0, r * 1.75, z - r * 0.36), (r * 0.42, r * 0.16)),
    ]  # fmt: skip
    tail = ellipsoid((r * 0.3, r * 0.85, r * 0.09), (0, r * 2.1, z - r * 0.45), (-14, 0, 0), detail=2)
    chest = ellipsoid((r * 0.68, r * 0.66, r * 0.84), (0, -r * 0.47, z - r * 0.07), (24, 0, 0), detail=3)
    if state == "spreading its wings":
        wings = both(
            feathers((r * 0.6, r * 0.0, z + r * 0.3), (r * 3.2, r * 0.2, z + r * 1.3), r * 1.35, 9, r * 0.07)
        )
    else:
        wings = both(
            joined(
                [
                    ellipsoid(
                        (r * 0.2, r * 1.05, r * 0.56),
                        (r * 0.82, r * 0.42, z + r * 0.1),
                        (-22, 0, 8),
                        detail=3,
                    ),
                    ellipsoid(
                        (r * 0.12, r * 0.85, r * 0.28),
                        (r * 0.62, r * 1.2, z - r * 0.2),
                        (-20, 0, 12),
                        detail=2,
                    ),
                ]
            )
        )
    legs = [
        m
        for s in (-1, 1)
        for m in (
            rod((s * r * 0.36, r * 0.1, z - r * 0.7), (s * r * 0.38, r * 0.04, 0.004), r * 0.07, 8),
            _foot((s * r * 0.38, r * 0.04, 0.004), r * 0.5, 0.0035),
        )
    ]
    dark = Surface((0.16, 0.15, 0.18), "feathers") if p["dark_wings"] > 0.5 else None
    return settled([
        Part("feathers", soft({"f": bones}, r * 0.4, r * 0.155)["f"]), Part("wings", joined([wings, tail]), dark),
        Part("chest", chest, CREAM if p["cream"] > 0.4 else Surface((0.93, 0.55, 0.25), "feathers")),
        Part("beak", beak((0, head[1] - r * 0.58, head[2] - r * 0.06), r * 0.5, r * 0.17), BEAK), Part("legs", joined(legs), LEG),
        *eyes((r * 0.38, head[1] - r * 0.46, head[2] + r * 0.14), r * 0.14, outward=40),
    ])  # fmt: skip


def _owl(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["round"]
    tall = p["tall"]
    top = tall - r * 0.72
    bones: list[Distance] = [
        blob((r, r * 0.9, tall * 0.42), (0, 0, tall * 0.44)),
        blob((r * 0.96, r * 0.8, r * 0.74), (0, -r * 0.04, top)),
    ]
    for s in (-1, 1):
        bones.append(
            capsule(
                (s * r * 0.52, -r * 0.1, top + r * 0.42),
                (s * r * 0.82, -r * 0.16, top + r * 0.95),
                (r * 0.24, r * 0.05),
            )
        )
    belly = ellipsoid((r * 0.7, r * 0.62, tall * 0.31), (0, -r * 0.36, tall * 0.38), detail=3)
    flecks = []
    for row, z in enumerate(np.linspace(0.24, 0.5, 4)):
        for x in np.linspace(-1, 1, 4 if row % 2 else 3) * (0.34 if row % 2 else 0.24):
            depth = np.sqrt(max(0.0, 1 - (x / 0.7) ** 2 - ((z - 0.38) / 0.31) ** 2)) * 0.62 * r
            flecks.append(
                ellipsoid((r * 0.07, r * 0.035, r * 0.11), (x * r, -r * 0.36 - depth, z * tall), detail=1)
            )
    discs = both(
        lathe(
            [
                (0, -r * 0.05),
                (r * 0.42, -r * 0.05),
                (r * 0.42, r * 0.02),
                (r * 0.3, r * 0.06),
                (0, r * 0.075),
            ],
            28,
        ).moved(aimed((r * 0.37, -r * 0.72, top + r * 0.06), (0.38, -1, 0.06)))
    )
    iris = both(
        ellipsoid(
            (r * 0.24, r * 0.12, r * 0.24), (r * 0.405, -r * 0.8, top + r * 0.065), (0, 0, 21), detail=2
        )
    )
    pupil = eyes((r * 0.43, -r * 0.88, top + r * 0.07), r * 0.145, outward=21)
    if state == "spreading its wings":
        wings = both(
            feathers((r * 0.75, r * 0.1, tall * 0.58), (r * 3.0, r * 0.2, tall * 0.86), r * 1.5, 8, r * 0.07)
        )
    else:
        wings = both(
            ellipsoid((r * 0.24, r * 0.62, tall * 0.3), (r * 0.93, r * 0.06, tall * 0.4), (8, 7, 0), detail=3)
        )
    claws = joined(
        [
            limb(
                (s * r * 0.36 + dx, -r * 0.5, r * 0.09),
                (s * r * 0.36 + dx * 1.3, -r * 0.92, r * 0.06),
                (r * 0.09, r * 0.06),
                10,
            )
            for s in (-1, 1)
            for dx in (-r * 0.16, 0, r * 0.16)
        ]
    )
    tail = ellipsoid((r * 0.42, r * 0.16, tall * 0.2), (0, r * 0.72, tall * 0.2), (28, 0, 0), detail=2)
    return settled([
        Part("feathers", joined([soft({"f": bones}, r * 0.3, r * 0.13)["f"], tail])), Part("wings", wings), Part("belly", belly, CREAM),
        Part("flecks", joined(flecks), Surface((0.45, 0.30, 0.18), "feathers")), Part("face", discs, CREAM), Part("irises", iris, Surface((0.98, 0.70, 0.10), "plastic")),
        Part("beak", beak((0, -r * 0.82, top - r * 0.1), r * 0.34, r * 0.13, 1.6), BEAK), Part("claws", claws, LEG), *pupil,
    ])  # fmt: skip


def _chicken(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["size"]
    pecking = state == "pecking"
    z = 0.21 * s
    head = np.array([0, -0.16, 0.435]) * s if not pecking else np.array([0, -0.24, 0.11]) * s
    bones: list[Distance] = [
        blob((0.105 * s, 0.145 * s, 0.11 * s), (0, 0.0, z), (-12, 0, 0)), *chain([(0, -0.07 * s, z + 0.05 * s), tuple(head)], [0.085 * s, 0.045 * s]), blob((0.047 * s, 0.052 * s, 0.05 * s), tuple(head)),
    ]  # fmt: skip
    for k, x in enumerate((-0.035, 0.0, 0.035)):
        bones.append(
            capsule(
                (x * s, 0.09 * s, z + 0.04 * s),
                (x * 1.4 * s, 0.2 * s, z + (0.15 + 0.04 * (k == 1)) * s),
                (0.06 * s, 0.028 * s),
            )
        )
    tilt = 62 if pecking else 0
    comb = [
        ellipsoid((0.011 * s, 0.02 * s, 0.025 * s), (0, y * s, dz * s), detail=2)
        for y, dz in ((-0.03, 0.05), (0.0, 0.06), (0.028, 0.047))
    ]
    wattle = [
        ellipsoid((0.013 * s, 0.013 * s, 0.024 * s), (x * 0.014 * s, -0.05 * s, -0.045 * s), detail=2)
        for x in (-1, 1)
    ]
    at = affine(tuple(head), (tilt, 0, 0))
    face = [
        Part("comb", joined([*comb, *wattle]), Surface("red", "skin")),
        Part("beak", beak((0, -0.045 * s, -0.004 * s), 0.042 * s, 0.017 * s), BEAK),
        *eyes((0.034 * s, -0.026 * s, 0.012 * s), 0.0115 * s, outward=55),
    ]
    wing = both(
        ellipsoid(
            (0.026 * s, 0.1 * s, 0.062 * s), (0.098 * s, 0.025 * s, z + 0.012 * s), (-8, 0, 6), detail=3
        )
    )
    legs = [
        m
        for x in (-1, 1)
        for m in (
            rod((x * 0.045 * s, 0.0, z - 0.08 * s), (x * 0.048 * s, 0.0, 0.008 * s), 0.0085 * s, 8),
            _foot((x * 0.048 * s, 0, 0.008 * s), 0.06 * s, 0.007 * s),
        )
    ]
    thighs = both(ellipsoid((0.036 * s, 0.045 * s, 0.06 * s), (0.045 * s, 0, z - 0.075 * s), detail=2))
    return settled(
        [
            Part("feathers", soft({"f": bones}, 0.045 * s, 0.017 * s)["f"]),
            Part("wings", joined([wing, thighs])),
            Part("legs", joined(legs), LEG),
            *[Part(q.name, q.mesh.moved(at), q.surface) for q in face],
        ]
    )


register(
    Kind("bird", "animal", _songbird, params={"plump": (0.052, 0.066), "dark_wings": (0, 1), "cream": (0, 1)}, states=("standing", "spreading its wings"), verbs=WINGS,
         colours=("blue", "red", "yellow", "brown", "turquoise", "gray"), materials=("feathers",), scale="tabletop",
         contexts=("outdoor", "garden", "park", "forest", "meadow", "street", "beach"), wears=0.93)
)  # fmt: skip
register(
    Kind("owl", "animal", _owl, params={"round": (0.098, 0.116), "tall": (0.32, 0.38)}, states=("standing", "spreading its wings"), verbs=WINGS,
         colours=("brown", "beige", "gray", "white", "orange"), materials=("feathers",), scale="tabletop", contexts=("outdoor", "forest", "mountain", "garden", "studio"), wears=0.9)
)  # fmt: skip
register(
    Kind("chicken", "animal", _chicken, params={"size": (0.9, 1.1)}, states=("standing", "pecking"), verbs={"standing": "raise its head", "pecking": "peck at the ground"},
         colours=("white", "brown", "orange", "black", "beige"), materials=("feathers",), scale="tabletop", contexts=("outdoor", "farm", "garden", "meadow"))
)  # fmt: skip
