"""Cow, sheep and pig."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, settled
from anyedit.world.bodies import aimed, chain, eyes, limb
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.animal_shapes import FARM, HOOF, HORN, NOSE, PINK, animal_legs, hooves, pointed_ear
from anyedit.world.shapes import (
    Distance,
    blob,
    capsule,
    cone,
    cylinder,
    ellipsoid,
    rod,
    soft,
    sweep,
)


def _cow(p: Mapping[str, float], state: str | None) -> list[Part]:
    g, s_ = p["girth"], p["height"] / 1.4
    down = state == "grazing"
    legs = [[(-0.52, 0.72), (-0.52, 0.4), (-0.53, 0.1)], [(-0.5, 0.72), (-0.48, 0.4), (-0.48, 0.1)],
            [(0.56, 0.8), (0.6, 0.42), (0.57, 0.1)], [(0.56, 0.8), (0.63, 0.42), (0.62, 0.1)]]  # fmt: skip
    trunk: list[Distance] = [
        capsule((0, -0.46, 0.94), (0, 0.5, 0.96), (0.29 * g, 0.3 * g)), blob((0.3 * g, 0.46, 0.32), (0, 0.1, 0.86)), blob((0.2, 0.24, 0.2), (0, 0.58, 1.06)),
    ]  # fmt: skip
    head = np.array([0, -1.06, 1.2]) if not down else np.array([0, -1.04, 0.36])
    face = np.array([0, -0.27, -0.2]) if not down else np.array([0, -0.16, -0.2])
    bones = (
        trunk
        + chain([(0, -0.55, 1.02), tuple(head + [0, 0.1, 0.0])], [0.22, 0.155])
        + animal_legs(0.2, legs, [0.14, 0.085, 0.066])
    )
    bones += [
        blob((0.15, 0.15, 0.155), tuple(head)),
        capsule(tuple(head + face * 0.2), tuple(head + face), (0.135, 0.108)),
    ]
    nose = head + face * 1.06
    patches = []
    for x, y, z, r, t in (
        (0.28, -0.18, 1.0, 0.2, 10),
        (0.3, 0.46, 0.88, 0.2, -20),
        (-0.28, -0.36, 0.86, 0.19, 30),
        (-0.29, 0.2, 1.02, 0.24, -10),
        (0.05, 0.3, 1.22, 0.17, 0),
    ):
        patches.append(
            ellipsoid((0.075 * g, r * 1.1, r * 0.85), (x * g * 0.86, y, z), (t, 0, 0), detail=2)
            if abs(x) > 0.1
            else ellipsoid((r, r * 1.2, 0.06), (x, y, z - 0.01), detail=2)
        )
    patches.append(ellipsoid((0.1, 0.12, 0.13), tuple(head + [0.075, -0.03, 0.045]), detail=2))
    horns = both(
        sweep(
            curve([head + [0.08, 0.03, 0.13], head + [0.19, 0.02, 0.19], head + [0.21, -0.02, 0.32]], 4),
            [0.034, 0.034, 0.033, 0.031, 0.028, 0.024, 0.018, 0.012, 0.004],
            12,
        )
    )
    ears = both(ellipsoid((0.13, 0.04, 0.062), tuple(head + [0.24, 0.03, 0.045]), (0, 16, 0), detail=2))
    udder = [ellipsoid((0.15, 0.17, 0.12), (0, 0.36, 0.58), detail=2)] + [
        limb((sx * 0.07, y, 0.52), (sx * 0.075, y, 0.44), (0.026, 0.018), 10)
        for sx in (-1, 1)
        for y in (0.29, 0.44)
    ]
    tail = sweep(curve([(0, 0.78, 1.14), (0, 0.9, 1.1), (0.02, 0.94, 0.8), (0.05, 0.9, 0.52)], 5), 0.024, 10)
    tuft = ellipsoid((0.045, 0.045, 0.12), (0.055, 0.9, 0.46), detail=2)
    parts = [
        Part("hide", soft({"hide": bones}, 0.1, 0.047)["hide"]),
        Part(
            "patches",
            joined([*patches, tuft]),
            Surface((0.07, 0.055, 0.05), "fur") if p["dark"] > 0.35 else Surface((0.36, 0.17, 0.08), "fur"),
        ),
        Part("ears", joined([ears, tail])),
        Part("muzzle", ellipsoid((0.125, 0.11, 0.1), tuple(nose), (30, 0, 0), detail=2), PINK),
        Part(
            "nostrils",
            both(ellipsoid((0.022, 0.014, 0.02), (0.055, nose[1] - 0.1, nose[2] + 0.005), detail=1)),
            NOSE,
        ),
        Part("horns", horns, HORN),
        Part("udder", joined(udder), PINK),
        Part("hooves", hooves(0.2, [(-0.53, 0), (-0.48, 0), (0.57, 0), (0.62, 0)], 0.078, 0.12), HOOF),
        *eyes((0.115, head[1] - 0.115, head[2] + 0.02), 0.032, outward=45),
    ]
    return settled([Part(q.name, q.mesh.moved(affine(scale=s_)), q.surface) for q in parts])


def _sheep(p: Mapping[str, float], state: str | None) -> list[Part]:
    f = p["fleece"]
    lying = state == "lying"
    drop = 0.27 if lying else 0.0
    body = np.array([0, 0.05, 0.56 - drop])
    golden = np.pi * (3 - np.sqrt(5))
    wool: list[Distance] = [blob((0.215 * f, 0.34 * f, 0.2 * f), tuple(body))]
    count = 46
    for k in range(count):
        v = 1 - 2 * (k + 0.5) / count
        w = np.sqrt(1 - v * v)
        wool.append(
            blob(
                0.088 * f,
                tuple(
                    body
                    + np.array([0.2 * w * np.cos(golden * k), 0.34 * v, 0.185 * w * np.sin(golden * k)]) * f
                ),
            )
        )
    head = np.array([0, -0.44, 0.74 - drop])
    wool += [
        blob(0.075 * f, tuple(head + d))
        for d in np.array([[0, 0.02, 0.1], [0.06, 0.05, 0.08], [-0.06, 0.05, 0.08], [0, -0.05, 0.115]])
    ]
    wool.append(blob(0.13, (0, -0.33, 0.68 - drop)))
    face = soft({"f": [capsule(tuple(head), tuple(head + [0, -0.17, -0.1]), (0.098, 0.07))]}, 0.02, 0.02)["f"]
    ears = both(ellipsoid((0.095, 0.03, 0.045), tuple(head + [0.155, 0.0, 0.015]), (0, 22, 0), detail=2))
    limbs = []
    for x in (-0.12, 0.12):
        for y in (-0.17, 0.26):
            limbs.append(
                limb((x * 1.5, y - 0.02, 0.06), (x * 1.5, y - 0.22, 0.05), 0.044)
                if lying
                else rod((x, y, 0.45), (x, y, 0.03), (0.05, 0.038))
            )
            if not lying:
                limbs.append(cone(0.05, 0.036, 0.07, (x, y - 0.005, 0), 18))
    dark = Surface((0.13, 0.11, 0.10), "fur") if p["dark"] > 0.3 else Surface((0.93, 0.82, 0.70), "fur")
    ball = both(ellipsoid((0.034, 0.024, 0.036), tuple(head + [0.06, -0.085, 0.03]), (0, 0, 30), detail=2))
    pupil, glint = eyes((0.066, head[1] - 0.108, head[2] + 0.03), 0.021)
    return settled([
        Part("wool", soft({"wool": wool}, 0.028, 0.03)["wool"]),
        Part("face and legs", joined([face, ears, *limbs]), dark),
        Part("eye whites", ball, Surface("white", "plastic")), pupil, glint,
        Part("nose", ellipsoid((0.032, 0.02, 0.022), tuple(head + [0, -0.236, -0.1]), detail=2), PINK),
    ])  # fmt: skip


def _pig(p: Mapping[str, float], state: str | None) -> list[Part]:
    g = p["girth"]
    lying = state == "lying"
    z = 0.44 if not lying else 0.25
    head = np.array([0, -0.5, z + 0.1])
    bones: list[Distance] = [
        blob((0.235 * g, 0.43, 0.23 * g), (0, 0.06, z)), capsule((0, -0.2, z), (0, 0.3, z), 0.2 * g), blob((0.185, 0.18, 0.175), tuple(head)),
        capsule(tuple(head + [0, -0.1, -0.03]), tuple(head + [0, -0.22, -0.06]), (0.115, 0.082)),
    ]  # fmt: skip
    feet = []
    for x in (-0.14, 0.14):
        for y in (-0.22, 0.32):
            bones.append(
                capsule((x, y, z - 0.1), (x, y, 0.08), (0.085, 0.058))
                if not lying
                else capsule((x * 1.35, y, 0.07), (x * 1.3, y - 0.17, 0.06), (0.075, 0.055))
            )
            feet.append(
                cone(0.062, 0.052, 0.07, (x, y, 0), 18)
                if not lying
                else ellipsoid((0.05, 0.045, 0.045), (x * 1.3, y - 0.21, 0.055), detail=2)
            )
    snout = cylinder(0.088, 0.05, bevel=0.016, segments=26).moved(
        aimed(tuple(head + [0, -0.265, -0.065]), (0, -1, -0.12))
    )
    nostrils = both(ellipsoid((0.017, 0.012, 0.026), tuple(head + [0.034, -0.315, -0.068]), detail=2))
    ears = both(pointed_ear(tuple(head + [0.11, 0.0, 0.12]), (0.45, -0.65, 0.75), 0.075, 0.19, 0.35))  # type: ignore[arg-type]
    u = np.linspace(0, 1, 26)
    tail = sweep(
        np.column_stack(
            [
                0.05 * np.sin(4 * np.pi * u),
                0.47 + 0.13 * u,
                z + 0.1 + 0.05 * np.cos(4 * np.pi * u) - 0.05 * (1 - u),
            ]
        ),
        0.018,
        8,
    )
    spots = [
        ellipsoid((0.06, 0.13, 0.1), (0.195 * g, 0.16, z + 0.06), detail=2),
        ellipsoid((0.06, 0.1, 0.09), (-0.2 * g, -0.06, z + 0.04), detail=2),
        ellipsoid((0.11, 0.1, 0.05), (-0.03, 0.3, z + 0.185 * g), detail=2),
    ]
    parts = [
        Part("hide", soft({"hide": bones}, 0.08, 0.032)["hide"]), Part("ears", joined([ears, tail])),
        Part("snout", snout, PINK), Part("nostrils", nostrils, Surface((0.45, 0.20, 0.20), "skin")), Part("feet", joined(feet), HOOF),
        *eyes((0.085, head[1] - 0.15, head[2] + 0.06), 0.03, outward=28),
    ]  # fmt: skip
    if p["spots"] > 0.55:
        parts.append(Part("spots", joined(spots), Surface((0.20, 0.13, 0.12), "skin")))
    return settled(parts)


register(
    Kind("cow", "animal", _cow, params={"height": (1.3, 1.5), "girth": (0.96, 1.12), "dark": (0, 1)}, states=("standing", "grazing"),
         verbs={"standing": "raise its head", "grazing": "graze"}, colours=("white", "beige", "brown", "peach"), materials=("fur",), scale="outdoor", contexts=(*FARM, "mountain"), wears=0.96)
)  # fmt: skip
register(
    Kind("sheep", "animal", _sheep, params={"fleece": (0.94, 1.12), "dark": (0, 1)}, states=("standing", "lying"), verbs={"standing": "stand up", "lying": "lie down"},
         colours=("white", "ivory", "beige", "gray", "black"), materials=("wool",), scale="room", contexts=(*FARM, "mountain"), plural="sheep", wears=0.96)
)  # fmt: skip
register(
    Kind("pig", "animal", _pig, params={"girth": (0.94, 1.12), "spots": (0, 1)}, states=("standing", "lying"), verbs={"standing": "stand up", "lying": "lie down"},
         colours=("pink", "salmon", "peach", "white", "charcoal"), materials=("skin",), scale="room", contexts=FARM, wears=0.96)
)  # fmt: skip
