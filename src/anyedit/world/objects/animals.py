"""Four-legged animals: pets, farm animals, wild ones. The body's colour is the fur's."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from anyedit.world.blocks import both, curve, settled
from anyedit.world.bodies import aimed, chain, chains, eyes, limb
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import (
    Distance,
    blob,
    capsule,
    cone,
    cylinder,
    ellipsoid,
    lathe,
    rod,
    smooth_profile,
    soft,
    sweep,
)

NOSE = Surface((0.06, 0.05, 0.05), "leather")
PINK = Surface((0.93, 0.60, 0.58), "skin")
CREAM = Surface((0.95, 0.90, 0.80), "fur")
HOOF = Surface((0.16, 0.13, 0.11), "leather")
HORN = Surface((0.90, 0.85, 0.72), "ceramic")


def _ear(
    at: tuple[float, float, float],
    along: tuple[float, float, float],
    width: float,
    length: float,
    thick: float = 0.3,
) -> Mesh:
    """A pointed, slightly flattened ear whose broad side faces the front."""
    profile = smooth_profile(
        [(width * 0.7, -length * 0.15), (width, length * 0.15), (width * 0.72, length * 0.6), (0, length)], 4
    )
    return lathe([(0, -length * 0.15), *profile], 18, crease=60).moved(
        aimed(at, along) @ affine(scale=(1, thick, 1))
    )


def _pet(
    posture: str, length: float, tall: float, thick: float, paw: float
) -> tuple[list[Distance], tuple[float, float, float], tuple[float, float, float]]:
    """Trunk and legs of a dog or cat: (bones, where the neck starts, where the tail starts).

    length: chest to rump; tall: height of the shoulder; thick: radius of the chest; paw: radius of a foot.
    """
    half, t = length / 2, thick
    if posture == "sitting":
        chest, rump = (0.0, -half * 0.5, tall * 0.86), (0.0, half * 0.62, t * 1.12)
        bones = [capsule(rump, chest, (t * 1.12, t * 0.9))]
        bones += chains(
            [
                (t * 0.55, -half * 0.62, tall * 0.74),
                (t * 0.62, -half * 0.78, tall * 0.4),
                (t * 0.62, -half * 0.84, paw),
            ],
            [t * 0.5, paw * 0.98, paw * 0.9],
        )
        bones += chains(
            [(t * 0.62, -half * 0.84, paw * 0.9), (t * 0.62, -half * 1.04, paw * 0.85)], [paw, paw * 0.95]
        )
        for s in (-1, 1):
            bones.append(
                blob((t * 0.55, t * 0.95, t * 0.85), (s * t * 0.98, half * 0.34, t * 0.86), (-25, 0, 0))
            )
        bones += chains([(t * 1.25, half * 0.2, paw), (t * 1.3, -half * 0.36, paw * 0.95)], [paw * 1.05, paw])
        return bones, chest, (0.0, half * 0.62 + t * 0.95, t * 0.4)
    if posture == "lying":
        chest, rump = (0.0, -half * 0.72, t * 1.12), (0.0, half * 0.75, t * 0.98)
        bones = [capsule(rump, chest, (t * 1.0, t * 1.02))]
        bones += chains(
            [(t * 0.7, -half * 0.8, t * 0.6), (t * 0.78, -half * 1.05, paw), (t * 0.72, -half * 1.75, paw)],
            [t * 0.42, paw * 1.05, paw],
        )
        for s in (-1, 1):
            bones.append(
                blob((t * 0.52, t * 1.0, t * 0.78), (s * t * 0.95, half * 0.66, t * 0.76), (-15, 0, 0))
            )
        bones += chains([(t * 1.25, half * 0.6, paw), (t * 1.35, half * 0.0, paw)], [paw * 1.05, paw])
        return bones, chest, (0.0, half * 0.75 + t * 0.9, t * 0.7)
    deep = tall - t * 0.85
    chest, rump = (0.0, -half * 0.8, deep), (0.0, half * 0.85, deep + t * 0.04)
    bones = [
        capsule(rump, chest, (t * 0.82, t)),
        capsule((0, half * 0.2, deep - t * 0.12), chest, (t * 0.7, t * 0.95)),
    ]
    front = [
        (t * 0.58, -half * 0.85, deep - t * 0.3),
        (t * 0.62, -half * 0.88, tall * 0.36),
        (t * 0.62, -half * 0.88, paw),
    ]
    bones += chains(front, [t * 0.44, paw * 0.92, paw * 0.86]) + chains(
        [(t * 0.62, -half * 0.9, paw * 0.9), (t * 0.62, -half * 0.9 - paw * 0.9, paw * 0.85)],
        [paw, paw * 0.92],
    )
    back = [
        (t * 0.5, half * 0.82, deep - t * 0.1),
        (t * 0.62, half * 0.7, tall * 0.5),
        (t * 0.64, half * 1.06, tall * 0.27),
        (t * 0.64, half * 0.98, paw),
    ]
    bones += chains(back, [t * 0.66, t * 0.46, paw * 0.85, paw * 0.82]) + chains(
        [(t * 0.64, half * 0.98, paw * 0.9), (t * 0.64, half * 0.98 - paw * 1.3, paw * 0.85)],
        [paw, paw * 0.92],
    )
    return bones, chest, (0.0, half * 0.85 + t * 0.7, deep + t * 0.35)


def _dog(p: Mapping[str, float], state: str | None) -> list[Part]:
    posture = state or "standing"
    tall, t, r = p["tall"], p["thick"], p["head"]
    bones, chest, root = _pet(posture, p["length"], tall, t, t * 0.36)
    rise = {"standing": 0.23, "sitting": 0.2, "lying": 0.2}[posture]
    y, z = chest[1] - (0.13 if posture != "sitting" else 0.06), chest[2] + rise
    bones += chain([(0, chest[1], chest[2] + t * 0.3), (0, y + r * 0.35, z - r * 0.2)], [t * 0.72, r * 0.76])
    bones += [
        blob((r, r * 1.05, r * 0.96), (0, y, z)),
        capsule((0, y - r * 0.7, z - r * 0.3), (0, y - r * 1.65, z - r * 0.42), (r * 0.56, r * 0.42)),
    ]
    muzzle = soft(
        {
            "m": [
                capsule(
                    (0, y - r * 1.1, z - r * 0.36), (0, y - r * 1.68, z - r * 0.44), (r * 0.53, r * 0.46)
                ),
                capsule(
                    (0, y - r * 0.95, z - r * 0.62), (0, y - r * 1.4, z - r * 0.72), (r * 0.36, r * 0.26)
                ),
            ]
        },
        r * 0.25,
        r * 0.17,
    )["m"]
    ears = both(
        ellipsoid((r * 0.24, r * 0.5, r * 0.86), (r * 1.02, y + r * 0.1, z - r * 0.12), (6, -14, 8), detail=2)
    )
    if p["pricked"] > 0.6:
        ears = both(_ear((r * 0.6, y + r * 0.15, z + r * 0.62), (0.35, -0.1, 1), r * 0.36, r * 1.05, 0.45))
    wags: dict[str, list[tuple[float, float, float]]] = {
        "standing": [(0, 0, 0), (0, 0.09, 0.07), (0, 0.12, 0.19)],
        "sitting": [(0, -0.02, 0), (0.07, 0.1, -0.01), (0.2, 0.08, 0.0)],
        "lying": [(0, -0.02, -0.02), (0.08, 0.1, -0.06), (0.2, 0.06, -0.065)],
    }
    wag = wags[posture]
    if posture == "standing":
        bones += chain([tuple(np.add(root, w)) for w in wag], [t * 0.26, t * 0.22, t * 0.13])
    else:
        bones += chain([(w[0], root[1] + w[1], t * 0.24) for w in wag], [t * 0.26, t * 0.22, t * 0.14])
    tongue = ellipsoid((r * 0.2, r * 0.34, r * 0.07), (0, y - r * 1.42, z - r * 0.98), (38, 0, 0), detail=2)
    low, high = np.array([0, chest[1], chest[2] + t * 0.3]), np.array([0, y + r * 0.35, z - r * 0.2])
    u = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    ring = np.column_stack([np.cos(u), np.sin(u), 0 * u]) * (t * 0.36 + r * 0.5)
    mid = low * 0.4 + high * 0.6
    collar = sweep(ring @ aimed((0, 0, 0), high - low)[:3, :3].T + mid, r * 0.13, 10, closed=True)
    ear = Surface((0.26, 0.15, 0.09), "fur") if p["dark_ears"] > 0.4 else None
    return settled(
        [
            Part("fur", soft({"fur": bones}, t * 0.45, t * 0.165)["fur"]),
            Part("muzzle", muzzle, CREAM),
            Part("ears", ears, ear),
            Part(
                "nose",
                ellipsoid((r * 0.26, r * 0.2, r * 0.19), (0, y - r * 2.05, z - r * 0.22), detail=2),
                NOSE,
            ),
            Part("tongue", tongue, PINK),
            Part("collar", collar, Surface("red", "leather")),
            *eyes((r * 0.44, y - r * 0.86, z + r * 0.24), r * 0.19),
        ]
    )


def _cat(p: Mapping[str, float], state: str | None) -> list[Part]:
    posture = state or "sitting"
    t, r = p["thick"], p["head"]
    bones, chest, root = _pet(posture, p["length"], p["tall"], t, t * 0.36)
    y, z = (
        chest[1] - {"standing": 0.085, "sitting": 0.02, "lying": 0.05}[posture],
        chest[2] + {"standing": 0.085, "sitting": 0.125, "lying": 0.105}[posture],
    )
    bones += chain([(0, chest[1], chest[2] + t * 0.2), (0, y + r * 0.3, z - r * 0.3)], [t * 0.7, r * 0.7])
    bones += [
        blob((r * 1.12, r * 0.95, r * 0.92), (0, y, z)),
        blob((r * 0.72, r * 0.5, r * 0.42), (0, y - r * 0.62, z - r * 0.36)),
    ]
    if posture == "standing":
        bones += chain(
            list(
                curve(
                    [
                        root,
                        (0.0, root[1] + 0.1, root[2] + 0.03),
                        (0.0, root[1] + 0.12, root[2] + 0.16),
                        (0.03, root[1] + 0.06, root[2] + 0.25),
                    ],
                    3,
                )
            ),
            [t * 0.24] * 10,
        )
    else:
        side = curve(
            [
                (0, root[1] - 0.02, t * 0.28),
                (t * 1.4, root[1] + 0.0, t * 0.26),
                (t * 2.2, root[1] - 0.12, t * 0.25),
                (t * 1.9, root[1] - 0.25, t * 0.24),
            ],
            3,
        )
        bones += chain([tuple(q) for q in side], [t * 0.26] * 10)
    ears, inner = (
        both(
            _ear(
                (r * 0.66, y + r * (0.05 - d), z + r * (0.6 - d * 0.4)),
                (0.38, -0.05, 1),
                r * w,
                r * w * 2.1,
                0.5,
            )
        )
        for w, d in ((0.46, 0.0), (0.3, 0.12))
    )
    muzzle = both(ellipsoid((r * 0.34, r * 0.28, r * 0.27), (r * 0.24, y - r * 0.98, z - r * 0.4), detail=2))
    whiskers = [
        rod(
            (r * 0.4, y - r * 1.12, z - r * (0.4 + k)),
            (r * 1.35, y - r * 1.1, z - r * (0.28 + 2.2 * k)),
            r * 0.018,
            5,
        )
        for k in (0.0, 0.08, 0.16)
    ]
    stripes = []
    if p["tabby"] > 0.5 and posture != "sitting":
        level = chest[2]
        for k in np.linspace(-0.62, 0.8, 5):
            u = np.linspace(-0.3, np.pi + 0.3, 18)
            radius = t * (0.91 - 0.11 * k if posture == "standing" else 1.0) * 1.04
            stripes.append(
                sweep(
                    np.column_stack(
                        [radius * np.cos(u), 0 * u + k * p["length"] / 2, level + radius * np.sin(u)]
                    ),
                    t * 0.09,
                    8,
                )
            )
    parts = [
        Part("fur", soft({"fur": bones}, t * 0.4, t * 0.165)["fur"]),
        Part("ears", ears),
        Part("inner ears", inner, PINK),
        Part("muzzle", muzzle, CREAM),
        Part("whiskers", both(joined(whiskers)), Surface("white", "plastic")),
        Part("nose", ellipsoid((r * 0.14, r * 0.1, r * 0.1), (0, y - r * 1.2, z - r * 0.22), detail=2), PINK),
        *_slit_eyes((r * 0.46, y - r * 0.76, z + r * 0.14), r * 0.27),
    ]
    if stripes:
        parts.append(Part("stripes", joined(stripes), Surface((0.22, 0.16, 0.12), "fur")))
    return settled(parts)


def _slit_eyes(at: tuple[float, float, float], r: float) -> list[Part]:
    x, y, z = at
    iris = both(ellipsoid((r, r * 0.62, r), at, (0, 0, 28), detail=2))
    pupil, glint = eyes((x * 1.02, y - r * 0.42, z), r * 0.68, outward=25)
    return [Part("irises", iris, Surface((0.55, 0.68, 0.16), "plastic")), pupil, glint]


def _legs(x: float, front: list[list[tuple[float, float]]], radii: list[float]) -> list[Distance]:
    """Legs in the planes x and -x; each is a list of (y, z)."""
    bones = []
    for index, line in enumerate(front):
        side = x if index % 2 == 0 else -x
        bones += chain([(side, y, z) for y, z in line], radii)
    return bones


def _hooves(x: float, feet: list[tuple[float, float]], r: float, h: float) -> Mesh:
    """Hooves below feet (y, z of the ankle); the order is that of `_legs`."""
    profile = [(0, 0), (r * 1.12, 0), (r * 1.12, h * 0.15), (r * 0.86, h), (0, h)]
    return joined(
        [lathe(profile, 18, at=((x if i % 2 == 0 else -x), y - r * 0.1, z)) for i, (y, z) in enumerate(feet)]
    )


def _horse(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, g = p["height"], p["girth"]
    gallop = state == "galloping"
    if gallop:  # off fore reaching, near fore folded; hind legs driving back
        legs = [
            [(-0.5, 0.9), (-0.86, 0.72), (-1.18, 0.56), (-1.28, 0.46)], [(-0.48, 0.9), (-0.72, 0.6), (-0.5, 0.36), (-0.36, 0.4)],
            [(0.5, 0.98), (0.62, 0.66), (0.98, 0.42), (1.16, 0.2)], [(0.48, 0.98), (0.5, 0.64), (0.84, 0.38), (0.9, 0.1)],
        ]  # fmt: skip
        feet = [(-1.3, 0.38), (-0.34, 0.33), (1.19, 0.1), (0.92, 0.0)]
    else:
        legs = [[(-0.5, 0.9), (-0.5, 0.5), (-0.5, 0.28), (-0.51, 0.1)], [(-0.5, 0.9), (-0.52, 0.5), (-0.52, 0.28), (-0.53, 0.1)],
                [(0.5, 0.98), (0.44, 0.66), (0.62, 0.44), (0.56, 0.1)], [(0.5, 0.98), (0.46, 0.66), (0.66, 0.44), (0.6, 0.1)]]  # fmt: skip
        feet = [(-0.51, 0.0), (-0.53, 0.0), (0.56, 0.0), (0.6, 0.0)]
    bones: list[Distance] = [
        capsule((0, -0.4, 1.06), (0, 0.42, 1.1), (0.25 * g, 0.25 * g)),
        blob((0.24 * g, 0.3, 0.27), (0, 0.5, 1.12)),
    ]
    bones += _legs(0.15, legs[:2], [0.125, 0.078, 0.058, 0.054]) + _legs(
        0.15, legs[2:], [0.17, 0.11, 0.066, 0.056]
    )
    nod = 0.0 if not gallop else -0.16
    poll = np.array([0, -1.0 + nod * 0.6, 1.78 + nod])
    bones += chain([(0, -0.48, 1.16), (0, -0.76, 1.48 + nod * 0.5), tuple(poll)], [0.215, 0.15, 0.12])
    muzzle = poll + [0, -0.36, -0.36 if not gallop else -0.24]
    bones += [
        blob((0.115, 0.15, 0.13), tuple(poll + [0, -0.09, -0.05])),
        capsule(tuple(poll + [0, -0.1, -0.08]), tuple(muzzle), (0.11, 0.075)),
        blob((0.078, 0.085, 0.08), tuple(muzzle)),
    ]
    ears = both(_ear((0.065, poll[1] + 0.0, poll[2] + 0.08), (0.15, -0.05, 1), 0.045, 0.17, 0.6))
    flow = 0.16 if gallop else 0.0
    crest = curve(
        [poll + [0, -0.12, 0.09], poll + [0, 0.02, 0.13], [0, -0.7, 1.66 + nod * 0.5], [0, -0.45, 1.4]], 5
    )
    locks: list[Distance] = []
    for k, point in enumerate(crest[::2]):
        for side in (1, -1) if k > 0 else (1,):
            locks += chain(
                [
                    tuple(point),
                    tuple(point + [side * 0.1, 0.06 + flow, -0.03 + flow * 0.4]),
                    tuple(point + [side * 0.15, 0.05 + flow * 1.6, -0.26 + flow]),
                ],
                [0.055, 0.05, 0.024],
            )
    tail = curve(
        [
            (0, 0.74, 1.22),
            (0, 0.9 + flow, 1.22),
            (0, 1.0 + flow * 3, 0.95 + flow * 1.6),
            (0.02, 0.98 + flow * 4, 0.48 + flow * 3.2),
        ],
        5,
    )
    locks += chain(
        [tuple(q) for q in tail],
        list(np.interp(np.linspace(0, 1, len(tail)), [0, 0.4, 0.8, 1], [0.045, 0.085, 0.08, 0.02])),
    )
    hair = Surface((0.10, 0.07, 0.05), "fur") if p["dark"] > 0.35 else Surface((0.93, 0.86, 0.70), "fur")
    blaze = soft(
        {"b": [capsule(tuple(poll + [0, -0.2, 0.02]), tuple(muzzle + [0, -0.02, 0.06]), (0.045, 0.035))]},
        0.01,
        0.02,
    )["b"]
    along = (muzzle - poll) / np.linalg.norm(muzzle - poll)
    up = np.array([0, along[2], -along[1]])
    nostril = muzzle + along * 0.06 + up * 0.025
    parts = [
        Part("coat", soft({"coat": bones}, 0.1, 0.05)["coat"]),
        Part("mane and tail", soft({"mane": locks}, 0.04, 0.036)["mane"], hair),
        Part("ears", ears),
        Part(
            "muzzle",
            ellipsoid((0.074, 0.076, 0.076), tuple(muzzle + along * 0.022), detail=2),
            Surface((0.24, 0.18, 0.16), "skin"),
        ),
        Part("nostrils", both(ellipsoid(0.016, (0.042, nostril[1], nostril[2]), detail=1)), NOSE),
        Part("hooves", _hooves(0.15, feet, 0.062, 0.11), HOOF),
        *eyes((0.094, poll[1] - 0.16, poll[2] - 0.045), 0.028, outward=70),
    ]
    if p["blaze"] > 0.4:
        parts.append(Part("blaze", blaze, CREAM))
    return settled([Part(q.name, q.mesh.moved(affine(scale=h / 1.65)), q.surface) for q in parts])


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
        + _legs(0.2, legs, [0.14, 0.085, 0.066])
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
        Part("hooves", _hooves(0.2, [(-0.53, 0), (-0.48, 0), (0.57, 0), (0.62, 0)], 0.078, 0.12), HOOF),
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
    ears = both(_ear(tuple(head + [0.11, 0.0, 0.12]), (0.45, -0.65, 0.75), 0.075, 0.19, 0.35))  # type: ignore[arg-type]
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
    bones += _legs(
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


def _camel(p: Mapping[str, float], state: str | None) -> list[Part]:
    k = p["height"] / 2.1
    legs = [
        [(-0.46, 1.15), (-0.48, 0.62), (-0.48, 0.06)],
        [(-0.42, 1.15), (-0.4, 0.62), (-0.38, 0.06)],
        [(0.56, 1.2), (0.52, 0.72), (0.6, 0.06)],
        [(0.54, 1.2), (0.46, 0.72), (0.5, 0.06)],
    ]
    resting = state == "lying"
    drop = 0.0
    if resting:
        drop = 0.84
        legs = [
            [(-0.46, 0.4), (-0.92, 0.13), (-0.36, 0.09)],
            [(-0.46, 0.4), (-0.9, 0.13), (-0.34, 0.09)],
            [(0.5, 0.36), (0.2, 0.16), (0.66, 0.1)],
            [(0.5, 0.36), (0.2, 0.16), (0.66, 0.1)],
        ]
    z = 1.26 - drop
    bones: list[Distance] = [
        capsule((0, -0.42, z), (0, 0.46, z + 0.02), (0.28, 0.27)),
        blob((0.3, 0.4, 0.3), (0, -0.1, z - 0.02)),
    ]
    humps = [(-0.24, 0.3), (0.36, 0.28)] if p["humps"] > 0.5 else [(0.06, 0.46)]
    for y, r in humps:
        bones += [
            blob((0.17, r * 0.72, 0.34), (0, y, z + 0.26)),
            capsule((0, y, z + 0.2), (0, y + 0.02, z + 0.42), (0.16, 0.09)),
        ]
    head = np.array([0, -1.3, z + 0.72])
    neck = curve(
        [
            (0, -0.52, z + 0.02),
            (0, -0.9, z - (0.12 if not resting else -0.02)),
            (0, -1.14, z + 0.26),
            (0, -1.18, z + 0.7),
        ],
        4,
    )
    bones += chain([tuple(q) for q in neck], list(np.linspace(0.2, 0.105, len(neck))))
    bones += [
        blob((0.12, 0.17, 0.12), tuple(head)),
        capsule(tuple(head + [0, -0.08, -0.03]), tuple(head + [0, -0.3, -0.1]), (0.1, 0.075)),
    ]
    bones += _legs(0.19 if not resting else 0.24, legs, [0.13, 0.085, 0.07])
    pads = joined(
        [
            ellipsoid(
                (0.1, 0.12, 0.06), ((0.19 if i % 2 == 0 else -0.19), line[-1][0] - 0.03, 0.055), detail=2
            )
            for i, line in enumerate(legs)
        ]
    )
    tail = joined(
        [
            sweep(curve([(0, 0.72, z + 0.1), (0, 0.84, z - 0.05), (0, 0.86, z - 0.42)], 4), 0.03, 10),
            ellipsoid((0.05, 0.05, 0.12), (0, 0.86, z - 0.48), detail=2),
        ]
    )
    parts = [
        Part("coat", soft({"coat": bones}, 0.1, 0.047)["coat"]), Part("tail", tail), Part("pads", pads, Surface((0.36, 0.26, 0.17), "skin")),
        Part("ears", both(_ear(tuple(head + [0.09, 0.1, 0.07]), (0.4, 0.15, 1), 0.042, 0.13, 0.5))),  # type: ignore[arg-type]
        Part("topknot", ellipsoid((0.09, 0.12, 0.06), tuple(head + [0, 0.05, 0.1]), detail=2), Surface((0.40, 0.25, 0.12), "fur")),
        Part("nostrils", both(ellipsoid((0.014, 0.014, 0.01), tuple(head + [0.035, -0.365, -0.075]), detail=1)), NOSE),
        *eyes((0.108, head[1] - 0.09, head[2] + 0.03), 0.03, outward=55),
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


_FARM = ("outdoor", "farm", "meadow")
_PET = ("indoor", "living room", "bedroom", "outdoor", "park", "garden", "street", "farm")

register(
    Kind("dog", "animal", _dog, params={"length": (0.5, 0.6), "tall": (0.46, 0.54), "thick": (0.115, 0.135), "head": (0.098, 0.112), "pricked": (0, 1), "dark_ears": (0, 1)},
         states=("standing", "sitting", "lying"), verbs={"standing": "stand up", "sitting": "sit down", "lying": "lie down"}, colours=("brown", "beige", "white", "black", "gray"),
         materials=("fur",), scale="room", contexts=(*_PET, "beach"), wears=0.95)
)  # fmt: skip
register(
    Kind("cat", "animal", _cat, params={"length": (0.29, 0.34), "tall": (0.25, 0.29), "thick": (0.072, 0.084), "head": (0.062, 0.07), "tabby": (0, 1)},
         states=("sitting", "standing", "lying"), verbs={"standing": "stand up", "sitting": "sit down", "lying": "lie down"}, colours=("orange", "gray", "white", "black", "beige"),
         materials=("fur",), scale="room", contexts=_PET, wears=0.9)
)  # fmt: skip
register(
    Kind("horse", "animal", _horse, params={"height": (1.45, 1.75), "girth": (0.94, 1.08), "dark": (0, 1), "blaze": (0, 1)}, states=("standing", "galloping"),
         verbs={"standing": "stand still", "galloping": "gallop"}, colours=("brown", "white", "black", "gray", "beige"), materials=("fur",), scale="outdoor",
         contexts=(*_FARM, "beach"), wears=0.97)
)  # fmt: skip
register(
    Kind("cow", "animal", _cow, params={"height": (1.3, 1.5), "girth": (0.96, 1.12), "dark": (0, 1)}, states=("standing", "grazing"),
         verbs={"standing": "raise its head", "grazing": "graze"}, colours=("white", "beige", "brown", "peach"), materials=("fur",), scale="outdoor", contexts=(*_FARM, "mountain"), wears=0.96)
)  # fmt: skip
register(
    Kind("sheep", "animal", _sheep, params={"fleece": (0.94, 1.12), "dark": (0, 1)}, states=("standing", "lying"), verbs={"standing": "stand up", "lying": "lie down"},
         colours=("white", "ivory", "beige", "gray", "black"), materials=("wool",), scale="room", contexts=(*_FARM, "mountain"), plural="sheep", wears=0.96)
)  # fmt: skip
register(
    Kind("pig", "animal", _pig, params={"girth": (0.94, 1.12), "spots": (0, 1)}, states=("standing", "lying"), verbs={"standing": "stand up", "lying": "lie down"},
         colours=("pink", "salmon", "peach", "white", "charcoal"), materials=("skin",), scale="room", contexts=_FARM, wears=0.96)
)  # fmt: skip
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
    Kind("camel", "animal", _camel, params={"height": (1.9, 2.3), "humps": (0, 1)}, states=("standing", "lying"), verbs={"standing": "stand up", "lying": "lie down"},
         colours=("beige", "peach", "brown", "ivory"), materials=("fur",), scale="outdoor", contexts=("outdoor", "desert", "beach"), wears=0.97)
)  # fmt: skip
register(
    Kind("turtle", "animal", _turtle, params={"radius": (0.15, 0.2), "dome": (0.11, 0.15)}, states=("walking", "hiding in its shell"),
         verbs={"walking": "come out of its shell", "hiding in its shell": "hide in its shell"}, effects={"scare": "hiding in its shell"}, colours=("green", "olive", "brown", "teal"),
         materials=("leather", "plastic"), scale="tabletop", contexts=("outdoor", "beach", "garden", "park", "studio"))
)  # fmt: skip
