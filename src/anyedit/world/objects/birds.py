"""Birds: songbird, duck, owl, chicken, penguin, flamingo; and the snowman, who stands among them in winter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, settled
from anyedit.world.bodies import aimed, chain, eyes, limb, option
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import (
    Distance,
    blob,
    capsule,
    ellipsoid,
    lathe,
    loft,
    rod,
    smooth_profile,
    soft,
    sweep,
)

BEAK = Surface((0.96, 0.58, 0.08), "plastic")
LEG = Surface((0.90, 0.50, 0.12), "leather")
CREAM = Surface((0.95, 0.91, 0.82), "feathers")
DARK = Surface((0.10, 0.09, 0.09), "feathers")
WHITE = Surface("white", "feathers")


def _beak(at: tuple[float, float, float], length: float, radius: float, droop: float = 0.15) -> Mesh:
    """A pointed beak that looks ahead and a little down."""
    profile = smooth_profile(
        [(radius, 0), (radius * 0.78, length * 0.4), (radius * 0.3, length * 0.82), (0, length)], 4
    )
    return lathe([(0, -length * 0.2), (radius, -length * 0.1), *profile], 18, crease=60).moved(
        aimed(at, (0, -1, -droop))
    )


def _foot(at: tuple[float, float, float], size: float, thick: float) -> Mesh:
    """Three toes ahead and one behind."""
    toes = [
        limb(at, (at[0] + np.sin(a) * size, at[1] - np.cos(a) * size, thick), (thick * 1.1, thick * 0.8), 8)
        for a in (-0.55, 0.0, 0.55)
    ]
    return joined([*toes, limb(at, (at[0], at[1] + size * 0.55, thick), (thick, thick * 0.7), 8)])


def _paddle(at: tuple[float, float, float], length: float) -> Mesh:
    """A webbed foot, lying flat, its heel at `at`."""
    x, y, _ = at
    rings = []
    for t, width in ((0.0, 0.12), (0.35, 0.26), (0.8, 0.4), (1.0, 0.3)):
        u = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        height = length * (0.16 - 0.07 * t)
        rings.append(
            np.column_stack(
                [
                    x + np.cos(u) * width * length,
                    np.full(16, y - t * length),
                    height / 2 + np.sin(u) * height / 2,
                ]
            )
        )
    return loft(rings, crease=60)


def _feathers(
    root: tuple[float, float, float],
    tip: tuple[float, float, float],
    chord: float,
    count: int,
    thick: float,
    sweep_back: float = 0.35,
) -> Mesh:
    """A spread wing: an arm from `root` out to `tip` with long overlapping feathers hanging from it."""
    a, b = np.asarray(root, float), np.asarray(tip, float)
    blades = []
    for k in range(count):
        t = k / (count - 1)
        start = a + (b - a) * t * 0.88
        along = np.array([(b - a)[0] * (0.02 + sweep_back * t), chord * 0.22, -chord * (1.0 - 0.62 * t**2)])
        along *= 0.85 + 0.3 * np.sin(np.pi * t)
        length = float(np.linalg.norm(along)) * 0.54
        blade = ellipsoid((chord * 0.2, thick, length), (0, thick * 0.25 * k, 0), detail=2)
        blades.append(blade.moved(aimed(start + along * 0.5, along)))
    return joined([*blades, limb(a, a + (b - a) * 0.86, (chord * 0.17, chord * 0.11))])


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
            _feathers((r * 0.6, r * 0.0, z + r * 0.3), (r * 3.2, r * 0.2, z + r * 1.3), r * 1.35, 9, r * 0.07)
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
        Part("beak", _beak((0, head[1] - r * 0.58, head[2] - r * 0.06), r * 0.5, r * 0.17), BEAK), Part("legs", joined(legs), LEG),
        *eyes((r * 0.38, head[1] - r * 0.46, head[2] + r * 0.14), r * 0.14, outward=40),
    ])  # fmt: skip


def _duck(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["size"]
    walking = state != "sitting"
    z = (0.16 if walking else 0.1) * s
    head = np.array([0, -0.15 * s, z + 0.22 * s])
    body: list[Distance] = [
        blob((0.1 * s, 0.17 * s, 0.092 * s), (0, 0.02 * s, z), (8, 0, 0)), capsule((0, 0.12 * s, z + 0.02 * s), (0, 0.235 * s, z + 0.09 * s), (0.055 * s, 0.018 * s)),
        capsule((0, -0.11 * s, z + 0.03 * s), (0, -0.135 * s, z + 0.09 * s), (0.066 * s, 0.043 * s)),
    ]  # fmt: skip
    neck: list[Distance] = [
        capsule((0, -0.135 * s, z + 0.1 * s), tuple(head), (0.042 * s, 0.045 * s)),
        blob((0.06 * s, 0.066 * s, 0.058 * s), tuple(head)),
    ]
    ring = sweep(
        [
            (0.046 * s * np.cos(a), -0.1375 * s + 0.046 * s * np.sin(a), z + 0.106 * s)
            for a in np.linspace(0, 2 * np.pi, 24, endpoint=False)
        ],
        0.011 * s,
        8,
        closed=True,
    )
    rings = []
    for t, w, thick, dz in (
        (0, 0.028, 0.03, 0.0),
        (0.35, 0.026, 0.018, -0.008),
        (0.75, 0.034, 0.012, -0.01),
        (1.0, 0.022, 0.008, -0.004),
    ):
        u = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        rings.append(np.column_stack([np.cos(u) * w, np.full(20, -t * 0.085), dz + np.sin(u) * thick]) * s)
    bill = loft(rings, crease=60).moved(affine((0, head[1] - 0.052 * s, head[2] - 0.012 * s), (6, 0, 0)))
    wing = both(
        ellipsoid(
            (0.026 * s, 0.125 * s, 0.062 * s), (0.088 * s, 0.06 * s, z + 0.026 * s), (12, 0, 6), detail=3
        )
    )
    if state == "spreading its wings":
        wing = both(
            _feathers(
                (0.07 * s, -0.02 * s, z + 0.05 * s), (0.36 * s, 0.0, z + 0.2 * s), 0.16 * s, 9, 0.008 * s
            )
        )
    feet = []
    for x in (-1, 1):
        if walking:
            feet += [
                rod(
                    (x * 0.045 * s, 0.02 * s, z - 0.06 * s),
                    (x * 0.048 * s, 0.012 * s, 0.01 * s),
                    0.0095 * s,
                    10,
                ),
                _paddle((x * 0.048 * s, 0.025 * s, 0), 0.075 * s),
            ]
        else:
            feet.append(_paddle((x * 0.05 * s, -0.07 * s, 0), 0.07 * s))
    collared = p["mallard"] > 0.45
    cap = soft({"n": neck}, 0.02 * s, 0.0115 * s)["n"]
    parts = [
        Part("feathers", soft({"b": body}, 0.045 * s, 0.017 * s)["b"]), Part("wings", wing), Part("head", cap, Surface((0.06, 0.30, 0.16), "feathers") if collared else None),
        Part("bill", bill, BEAK), Part("feet", joined(feet), LEG), *eyes((0.04 * s, head[1] - 0.036 * s, head[2] + 0.018 * s), 0.012 * s, outward=50),
    ]  # fmt: skip
    if collared:
        parts.append(Part("collar", ring, WHITE))
    return settled(parts)


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
            _feathers((r * 0.75, r * 0.1, tall * 0.58), (r * 3.0, r * 0.2, tall * 0.86), r * 1.5, 8, r * 0.07)
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
        Part("beak", _beak((0, -r * 0.82, top - r * 0.1), r * 0.34, r * 0.13, 1.6), BEAK), Part("claws", claws, LEG), *pupil,
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
        Part("beak", _beak((0, -0.045 * s, -0.004 * s), 0.042 * s, 0.017 * s), BEAK),
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


def _penguin(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["size"]
    bones: list[Distance] = [
        blob((0.155 * s, 0.14 * s, 0.26 * s), (0, 0, 0.31 * s)),
        blob((0.105 * s, 0.105 * s, 0.105 * s), (0, -0.012 * s, 0.6 * s)),
        capsule((0, 0.1 * s, 0.1 * s), (0, 0.19 * s, 0.03 * s), (0.06 * s, 0.02 * s)),
    ]
    belly = ellipsoid((0.125 * s, 0.105 * s, 0.225 * s), (0, -0.047 * s, 0.3 * s), detail=3)
    cheeks = both(
        ellipsoid((0.05 * s, 0.034 * s, 0.056 * s), (0.04 * s, -0.086 * s, 0.605 * s), (0, 0, 22), detail=2)
    )
    scarf_spots = both(
        ellipsoid((0.02 * s, 0.045 * s, 0.04 * s), (0.092 * s, -0.03 * s, 0.545 * s), detail=2)
    )
    aloft = state == "spreading its wings"
    flip = (0.3, 62) if aloft else (0.0, 16)
    flipper = ellipsoid((0.024 * s, 0.055 * s, 0.155 * s), (0, 0, -0.135 * s), detail=3).moved(
        affine((0.135 * s, 0.0, 0.445 * s), (0, -flip[1], 0))
    )
    return settled([
        Part("feathers", joined([soft({"f": bones}, 0.07 * s, 0.024 * s)["f"], both(flipper)])), Part("belly", joined([belly, cheeks]), WHITE), Part("neck spots", scarf_spots, Surface((0.98, 0.72, 0.16), "feathers")),
        Part("beak", _beak((0, -0.1 * s, 0.59 * s), 0.075 * s, 0.024 * s, 0.2), BEAK), Part("feet", both(_paddle((0.065 * s, 0.0, 0), 0.145 * s)), LEG), *eyes((0.046 * s, -0.112 * s, 0.622 * s), 0.018 * s, outward=25),
    ])  # fmt: skip


def _flamingo(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["size"]
    z = 0.72 * s
    head = np.array([0, -0.34, 1.22]) * s
    line = curve(
        np.array([[0, -0.14, 0.76], [0, -0.3, 0.84], [0, -0.22, 1.02], [0, -0.2, 1.18], [0, -0.34, 1.22]])
        * s,
        4,
    )
    bones: list[Distance] = [
        blob((0.125 * s, 0.22 * s, 0.13 * s), (0, 0.02, z), (10, 0, 0)),
        capsule((0, 0.14 * s, z), (0, 0.3 * s, z - 0.04 * s), (0.08 * s, 0.02 * s)),
        blob((0.052 * s, 0.07 * s, 0.054 * s), tuple(head)),
    ]
    bones += chain([tuple(q) for q in line], list(np.linspace(0.06, 0.035, len(line)) * s))
    hook = curve(
        [
            head + np.array(d) * s
            for d in ((0, -0.05, -0.005), (0, -0.115, -0.02), (0, -0.145, -0.075), (0, -0.135, -0.115))
        ],
        4,
    )
    bill = sweep(hook, np.interp(np.linspace(0, 1, len(hook)), [0, 0.5, 1], [0.034, 0.026, 0.006]) * s, 14)
    tip = sweep(hook[7:], np.interp(np.linspace(0, 1, len(hook) - 7), [0, 1], [0.026, 0.008]) * s, 14)
    wing = both(
        ellipsoid((0.035 * s, 0.19 * s, 0.09 * s), (0.112 * s, 0.08 * s, z + 0.015 * s), (14, 0, 5), detail=3)
    )
    if state == "spreading its wings":
        wing = both(
            _feathers(
                (0.09 * s, -0.06 * s, z + 0.06 * s),
                (0.62 * s, -0.02 * s, z + 0.36 * s),
                0.26 * s,
                11,
                0.013 * s,
            )
        )
    legs = [
        rod((0.05 * s, 0.02 * s, z - 0.08 * s), (0.03 * s, 0.0, 0.37 * s), 0.013 * s, 10),
        ellipsoid(0.021 * s, (0.03 * s, 0, 0.37 * s), detail=1),
        rod((0.03 * s, 0, 0.37 * s), (0.02 * s, 0.0, 0.01 * s), 0.012 * s, 10),
        _paddle((0.02 * s, 0.02 * s, 0), 0.1 * s),
    ]
    if state == "standing on both legs" or state == "spreading its wings":
        legs += [
            rod((-0.05 * s, 0.02 * s, z - 0.08 * s), (-0.055 * s, 0.03 * s, 0.37 * s), 0.013 * s, 10),
            ellipsoid(0.021 * s, (-0.055 * s, 0.03 * s, 0.37 * s), detail=1),
            rod((-0.055 * s, 0.03 * s, 0.37 * s), (-0.06 * s, 0.03 * s, 0.01 * s), 0.012 * s, 10),
            _paddle((-0.06 * s, 0.05 * s, 0), 0.1 * s),
        ]
    else:
        legs += [
            rod((-0.05 * s, 0.02 * s, z - 0.08 * s), (-0.06 * s, -0.2 * s, 0.5 * s), 0.013 * s, 10),
            ellipsoid(0.021 * s, (-0.06 * s, -0.2 * s, 0.5 * s), detail=1),
            rod((-0.06 * s, -0.2 * s, 0.5 * s), (-0.03 * s, 0.12 * s, 0.5 * s), 0.012 * s, 10),
        ]
    return settled([
        Part("feathers", soft({"f": bones}, 0.05 * s, 0.026 * s)["f"]), Part("wings", wing), Part("bill", bill, CREAM), Part("bill tip", tip, DARK),
        Part("legs", joined(legs), Surface((0.93, 0.55, 0.55), "leather")), *eyes((0.042 * s, head[1] - 0.03 * s, head[2] + 0.012 * s), 0.013 * s, outward=60),
    ])  # fmt: skip


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


_WINGS = {"standing": "fold its wings", "spreading its wings": "spread its wings"}

register(
    Kind("bird", "animal", _songbird, params={"plump": (0.052, 0.066), "dark_wings": (0, 1), "cream": (0, 1)}, states=("standing", "spreading its wings"), verbs=_WINGS,
         colours=("blue", "red", "yellow", "brown", "turquoise", "gray"), materials=("feathers",), scale="tabletop",
         contexts=("outdoor", "garden", "park", "forest", "meadow", "street", "beach"), wears=0.93)
)  # fmt: skip
register(
    Kind("duck", "animal", _duck, params={"size": (0.95, 1.15), "mallard": (0, 1)}, states=("standing", "sitting", "spreading its wings"),
         verbs={"standing": "stand up", "sitting": "sit down", "spreading its wings": "spread its wings"}, colours=("white", "brown", "gray", "beige", "yellow"), materials=("feathers",),
         scale="tabletop", contexts=("outdoor", "park", "farm", "garden", "meadow", "harbour"), wears=0.94)
)  # fmt: skip
register(
    Kind("owl", "animal", _owl, params={"round": (0.098, 0.116), "tall": (0.32, 0.38)}, states=("standing", "spreading its wings"), verbs=_WINGS,
         colours=("brown", "beige", "gray", "white", "orange"), materials=("feathers",), scale="tabletop", contexts=("outdoor", "forest", "mountain", "garden", "studio"), wears=0.9)
)  # fmt: skip
register(
    Kind("chicken", "animal", _chicken, params={"size": (0.9, 1.1)}, states=("standing", "pecking"), verbs={"standing": "raise its head", "pecking": "peck at the ground"},
         colours=("white", "brown", "orange", "black", "beige"), materials=("feathers",), scale="tabletop", contexts=("outdoor", "farm", "garden", "meadow"))
)  # fmt: skip
register(
    Kind("penguin", "animal", _penguin, params={"size": (0.85, 1.15)}, states=("standing", "spreading its wings"), verbs=_WINGS, colours=("charcoal", "navy", "black", "gray"),
         materials=("feathers",), scale="room", contexts=("outdoor", "snowfield", "beach", "harbour"), wears=0.95)
)  # fmt: skip
register(
    Kind("flamingo", "animal", _flamingo, params={"size": (0.95, 1.15)}, states=("standing on one leg", "standing on both legs", "spreading its wings"),
         verbs={"standing on one leg": "stand on one leg", "standing on both legs": "stand on both legs", "spreading its wings": "spread its wings"},
         colours=("pink", "coral", "salmon", "white"), materials=("feathers",), scale="room", contexts=("outdoor", "beach", "park", "garden", "harbour"), wears=0.99)
)  # fmt: skip
register(
    Kind("snowman", "winter figure", _snowman, params={"radius": (0.36, 0.46), "scarf": (0, 1)}, states=("standing", "melted"), verbs={"melted": "melt"}, effects={"melt": "melted"},
         colours=("white", "ivory", "lavender", "mint"), materials=("snow",), scale="room", contexts=("outdoor", "snowfield", "garden", "park", "mountain"), plural="snowmen", wears=0.97)
)  # fmt: skip
