"""Toy robot and jack-in-the-box."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, panel, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.habitats import PLAYROOM
from anyedit.world.shapes import (
    box,
    cone,
    cylinder,
    ellipsoid,
    extrude,
    lathe,
    rod,
    sweep,
)
from anyedit.world.surfaces import BLACK, STEEL


def _robot(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, chest, head = p["chest"], p["torso"], p["head"]
    legs = 0.085
    shoulder = legs + chest - 0.02
    z_head = legs + chest + 0.018
    body = [
        box((w, 0.085, chest), (0, 0, legs), 0.012),
        box((head * 1.25, 0.075, head), (0, 0, z_head), 0.012),
    ]
    metal = [cylinder(0.02, 0.024, (0, 0, legs + chest - 0.004), segments=20)]
    limbs, dark = [], []
    for s in (-1, 1):
        x = s * w * 0.27
        metal.append(cylinder(0.015, legs - 0.02, (x, 0, 0.02), segments=18))
        dark += [
            lathe([(0.013, 0), (0.019, 0.004), (0.013, 0.008)], 18, at=(x, 0, z))
            for z in (0.032, 0.045, 0.058)
        ]
        limbs.append(box((0.05, 0.085, 0.028), (x, -0.01, 0), 0.01))
        metal.append(rod((s * w * 0.46, 0, shoulder), (s * (w / 2 + 0.016), 0, shoulder), 0.018, 16))
        raised = (state == "waving" and s < 0) or state == "arms up"
        elbow = (s * (w / 2 + 0.03), 0.0, shoulder)
        hand = (
            (s * (w / 2 + 0.055), -0.01, shoulder + 0.085)
            if raised
            else (s * (w / 2 + 0.036), -0.018, shoulder - 0.085)
        )
        limbs.append(rod(elbow, hand, (0.016, 0.019), 16))
        limbs.append(ellipsoid(0.021, elbow, detail=2))
        up = 1 if raised else -1
        claw = sweep(
            [
                (hand[0] + 0.016 * np.sin(a), hand[1], hand[2] + up * (0.018 - 0.016 * np.cos(a)))
                for a in np.linspace(0.7, 2 * np.pi - 0.7, 12) + np.pi
            ],
            0.006,
            8,
        )
        metal.append(claw)
    eyes = both(
        cylinder(0.014, 0.008, segments=24).moved(
            affine((head * 0.3, -0.036, z_head + head * 0.62), (90, 0, 0))
        )
    )
    rims = both(
        lathe([(0.013, 0), (0.018, 0), (0.018, 0.008), (0.013, 0.008), (0.013, 0)], 24).moved(
            affine((head * 0.3, -0.035, z_head + head * 0.62), (90, 0, 0))
        )
    )
    mouth = slab((head * 0.66, 0.006, head * 0.16), (0, -0.039, z_head + head * 0.16), 0.002)
    teeth = [
        slab((0.003, 0.004, head * 0.16), (x, -0.0425, z_head + head * 0.16))
        for x in np.linspace(-0.24, 0.24, 5) * head
    ]
    metal.append(
        joined(
            [
                rod((0, 0, z_head + head), (0, 0, z_head + head + 0.035), 0.0035, 8),
                both(
                    cylinder(0.014, 0.012, segments=18).moved(
                        affine((head * 0.62, 0, z_head + head * 0.5), (0, 90, 0))
                    )
                ),
            ]
        )
    )
    lit = state in ("waving", "arms up")
    plate = slab((w * 0.8, 0.008, chest * 0.36), (0, -0.043, legs + chest * 0.5), 0.003)
    knobs = [
        cylinder(0.009, 0.008, segments=18).moved(affine((x, -0.041, legs + chest * 0.24), (90, 0, 0)))
        for x in np.array([-0.28, 0, 0.28]) * w
    ]
    colours = ("red", "yellow", "green")
    return settled(
        [
            Part("body", joined(body)),
            Part("limbs", joined(limbs), Surface("gray", "matte paint") if p["grey_limbs"] > 0.5 else None),
            Part("joints", joined([*metal, rims]), STEEL),
            Part("bellows", joined(dark), BLACK),
            Part(
                "eyes",
                eyes,
                Surface((0.55, 0.95, 1.0), "plastic", glow=3.0)
                if lit
                else Surface((0.95, 0.9, 0.4), "plastic"),
            ),
            Part("mouth", mouth, BLACK),
            Part("teeth", joined(teeth), STEEL),
            Part("bulb", ellipsoid(0.009, (0, 0, z_head + head + 0.04), detail=2), Surface("red", "plastic")),
            Part("plate", plate, Surface((0.9, 0.9, 0.86), "plastic")),
            Part(
                "name",
                panel(w * 0.74, chest * 0.3, (0, -0.0475, legs + chest * 0.68)),
                Surface((0.9, 0.9, 0.86), "plastic"),
                label=True,
            ),
            *[
                Part("knob", knob, Surface(colour, "plastic"))
                for knob, colour in zip(knobs, colours, strict=True)
            ],
        ]
    )


def _jack(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["size"]
    wall = 0.006
    case = (
        [slab((s, wall, s), (0, y * (s - wall) / 2, 0)) for y in (-1, 1)]
        + [slab((wall, s, s), (x * (s - wall) / 2, 0, 0)) for x in (-1, 1)]
        + [slab((s, s, wall))]
    )
    trim = [slab((s * 1.03, s * 1.03, 0.008), (0, 0, 0))]
    trim += [slab((0.009, 0.009, s), (x * s / 2, y * s / 2, 0)) for x in (-1, 1) for y in (-1, 1)]
    trim += [slab((s * 1.02, 0.009, 0.009), (0, y * s / 2, s - 0.009)) for y in (-1, 1)] + [
        slab((0.009, s * 1.02, 0.009), (x * s / 2, 0, s - 0.009)) for x in (-1, 1)
    ]
    t = np.linspace(0, 2 * np.pi, 10, endpoint=False) + np.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, s * 0.3, s * 0.125)
    star = extrude(np.column_stack([reach * np.cos(t), reach * np.sin(t)]), 0.006)
    stars = joined(
        [star.moved(affine((0, -s / 2, s / 2))).moved(affine(turn=(0, 0, a))) for a in (0, 90, -90)]
    )
    crank = joined(
        [
            rod((s / 2, 0, s * 0.5), (s / 2 + 0.02, 0, s * 0.5), 0.005, 10),
            rod((s / 2 + 0.02, 0, s * 0.5), (s / 2 + 0.022, -0.03, s * 0.42), 0.004, 10),
        ]
    )
    knob = ellipsoid(0.008, (s / 2 + 0.03, -0.03, s * 0.42), detail=2)
    lid = slab((s * 1.04, s * 1.04, 0.009), (0, 0, 0), 0.003)
    parts = [
        Part("box", joined(case)),
        Part("trim", joined(trim), Surface("yellow", "wood")),
        Part("stars", stars, Surface("yellow", "wood")),
        Part("crank", crank, STEEL),
        Part("knob", knob, Surface("red", "wood")),
    ]
    if state != "open":
        return settled([*parts, Part("lid", lid.moved(affine((0, 0, s))))])
    back = affine((0, s * 0.5, s), (105, 0, 0))
    parts.append(Part("lid", lid.moved(affine((0, s * 0.52, 0))).moved(back)))
    turns, z0, z1 = 5.5, s * 0.25, s * 1.45
    u = np.linspace(0, 1, 90)
    coil = np.column_stack(
        [s * 0.2 * np.cos(2 * np.pi * turns * u), s * 0.2 * np.sin(2 * np.pi * turns * u), z0 + (z1 - z0) * u]
    )
    head_z, r = z1 + s * 0.3, s * 0.26
    face = ellipsoid(r, (0, 0, head_z))
    ruff = lathe(
        [(r * 0.5, -0.008), (r * 1.25, -0.012), (r * 1.3, 0.002), (r * 0.6, 0.012)], 28, at=(0, 0, z1 + 0.006)
    )
    hat = cone(r * 0.8, 0.003, r * 1.5, (0, 0, head_z + r * 0.55), 28)
    pom = ellipsoid(r * 0.22, (0, 0, head_z + r * 2.1), detail=2)
    hair = [ellipsoid(r * 0.34, (x * r * 0.95, 0.0, head_z + r * 0.25), detail=2) for x in (-1, 1)]
    smile = sweep(
        [
            (
                r * 0.5 * np.sin(a),
                -r * np.cos(a * 0.55) * 0.93,
                head_z - r * 0.28 - r * 0.16 * np.cos(a * 1.4),
            )
            for a in np.linspace(-1, 1, 12)
        ],
        r * 0.06,
        8,
    )
    cheeks = both(
        ellipsoid(
            (r * 0.17, r * 0.07, r * 0.15), (r * 0.5, -r * 0.82, head_z - r * 0.16), (0, 0, 30), detail=2
        )
    )
    parts += [
        Part("spring", sweep(coil, 0.004, 8), STEEL),
        Part("face", face, Surface((0.98, 0.8, 0.68), "matte paint")),
        Part("ruff", ruff, Surface("white", "fabric")),
        Part("hat", hat, Surface("purple", "fabric")),
        Part("pompom", pom, Surface("yellow", "wool")),
        Part("hair", joined(hair), Surface("orange", "wool")),
        Part("eyes", both(ellipsoid(r * 0.11, (r * 0.36, -r * 0.88, head_z + r * 0.22), detail=2)), BLACK),
        Part(
            "nose",
            ellipsoid(r * 0.19, (0, -r * 1.04, head_z + r * 0.02), detail=2),
            Surface("red", "plastic"),
        ),
        Part("smile", joined([smile, cheeks]), Surface("crimson", "plastic")),
    ]
    return settled(parts)


register(
    Kind(
        "toy robot",
        "toy",
        _robot,
        params={"chest": (0.1, 0.125), "torso": (0.095, 0.115), "head": (0.058, 0.07), "grey_limbs": (0, 1)},
        states=("standing", "waving", "arms up"),
        verbs={"waving": "wave", "arms up": "raise both arms", "standing": "lower its arms"},
        effects={"switch_on": "arms up"},
        colours=("red", "blue", "green", "orange", "teal", "yellow"),
        materials=("plastic", "brushed metal", "car paint"),
        scale="tabletop",
        contexts=(*PLAYROOM, "office"),
        text=("R2", "BOB", "X-1", "MAX", "HI", "ZED"),
        topples=True,
        wears=0.87,
    )
)
register(
    Kind(
        "jack-in-the-box",
        "toy",
        _jack,
        params={"size": (0.14, 0.17)},
        states=("closed", "open"),
        verbs={"open": "spring open"},
        effects={"open": "open"},
        colours=("blue", "red", "green", "purple", "teal"),
        materials=("wood", "plastic"),
        scale="tabletop",
        contexts=PLAYROOM,
        plural="jacks-in-the-box",
    )
)
