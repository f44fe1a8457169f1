"""Dog and cat."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, settled
from anyedit.world.bodies import aimed, chain, chains, eyes
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import joined
from anyedit.world.objects.animal_shapes import CREAM, NOSE, PINK, pointed_ear
from anyedit.world.shapes import (
    Distance,
    blob,
    capsule,
    ellipsoid,
    rod,
    soft,
    sweep,
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
        ears = both(
            pointed_ear((r * 0.6, y + r * 0.15, z + r * 0.62), (0.35, -0.1, 1), r * 0.36, r * 1.05, 0.45)
        )
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
            pointed_ear(
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
