"""Heads of people: face, ears and hair in three cuts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from anyedit.world.blocks import both, curve
from anyedit.world.bodies import chain, eyes, option
from anyedit.world.kinds import Part, Surface
from anyedit.world.mesh import Array, Mesh, affine, joined
from anyedit.world.shapes import Distance, blob, capsule, cut, ellipsoid, soft, sweep

HAIRS = ((0.10, 0.07, 0.05), (0.24, 0.13, 0.07), (0.42, 0.24, 0.11), (0.78, 0.58, 0.28), (0.55, 0.22, 0.09))


def head_parts(
    p: Mapping[str, float],
    r: float,
    centre: Array,
    skin: Surface,
    hair: Callable[[Mapping[str, float], float], Mesh],
) -> list[Part]:
    """Head of radius r (metres) about `centre`, facing -y: skin, eyes, mouth and the hair that `hair` makes."""
    at = affine(tuple(centre))  # type: ignore[arg-type]
    skull = soft(
        {
            "head": [
                blob((r * 0.92, r * 0.98, r * 1.06), (0, 0, r * 0.08)),
                blob((r * 0.66, r * 0.7, r * 0.6), (0, -r * 0.2, -r * 0.62)),
            ]
        },
        r * 0.4,
        r * 0.15,
    )["head"]
    ears = both(
        ellipsoid((r * 0.12, r * 0.2, r * 0.27), (r * 0.94, r * 0.06, -r * 0.1), (0, 0, -20), detail=2)
    )
    nose = ellipsoid((r * 0.14, r * 0.17, r * 0.19), (0, -r * 1.0, -r * 0.16), (-12, 0, 0), detail=2)
    tone = Surface(option(HAIRS, p["hair"]), "fur")
    brows = both(
        sweep(
            curve(
                [
                    (r * 0.2, -r * 0.95, r * 0.37),
                    (r * 0.38, -r * 0.92, r * 0.43),
                    (r * 0.56, -r * 0.8, r * 0.36),
                ],
                3,
            ),
            r * 0.045,
            8,
        )
    )
    smile = sweep(
        curve(
            [
                (-r * 0.3, -r * 0.79, -r * 0.47),
                (-r * 0.15, -r * 0.89, -r * 0.57),
                (0, -r * 0.915, -r * 0.6),
                (r * 0.15, -r * 0.89, -r * 0.57),
                (r * 0.3, -r * 0.79, -r * 0.47),
            ],
            3,
        ),
        r * 0.06,
        8,
    )
    lips = tuple(float(c * k) for c, k in zip(skin.colour, (0.78, 0.5, 0.5), strict=True))  # type: ignore[operator]
    features = [
        Part("face", joined([skull, ears, nose]), skin),
        Part("brows", brows, tone),
        Part("smile", smile, Surface(lips, "skin")),  # type: ignore[arg-type]
        Part("hair", hair(p, r), tone),
        *eyes((r * 0.36, -r * 0.86, r * 0.08), r * 0.155, outward=22),
    ]
    return [Part(part.name, part.mesh.moved(at), part.surface) for part in features]


def _cap(r: float, low: float) -> Mesh:
    """Hair that covers the skull above a line rising from the nape to the forehead."""
    shell = ellipsoid((r * 1.03, r * 1.08, r * 1.12), (0, r * 0.04, r * 0.14), detail=3)
    face = ellipsoid((r * 0.86, r * 0.8, r * 0.95), (0, -r * 0.95, -r * 0.28), detail=2)
    below = ellipsoid((r * 2.2, r * 2.0, r * 1.2), (0, -r * 0.9, -r * (1.25 + low)), detail=2)
    return cut(shell, face, below, crease=50)


def short_hair(p: Mapping[str, float], r: float) -> Mesh:
    """A cap, with a quiff for some styles."""
    quiff = soft(
        {
            "q": [
                capsule((-r * 0.4, -r * 0.72, r * 0.88), (r * 0.5, -r * 0.62, r * 0.92), r * 0.24),
                blob((r * 0.7, r * 0.6, r * 0.3), (0, -r * 0.2, r * 1.05)),
            ]
        },
        r * 0.3,
        r * 0.17,
    )["q"]
    return joined([_cap(r, 0.0), quiff]) if p["style"] > 0.4 else _cap(r, 0.0)


def long_hair(p: Mapping[str, float], r: float) -> Mesh:
    """A bun, a tail or open locks, by style."""
    if p["style"] < 0.35:
        bun = ellipsoid(r * 0.48, (0, r * 0.72, r * 1.02), detail=2)
        return joined([_cap(r, 0.1), bun])
    if p["style"] < 0.65:
        tail = sweep(
            curve(
                [
                    (0, r * 0.9, r * 0.75),
                    (0, r * 1.5, r * 0.6),
                    (0, r * 1.62, -r * 0.3),
                    (0, r * 1.4, -r * 1.5),
                ],
                5,
            ),
            [*np.linspace(0.22, 0.36, 8) * r, *np.linspace(0.36, 0.06, 8) * r],
            14,
        )
        return joined([_cap(r, 0.1), tail])
    locks: list[Distance] = [blob((r * 0.95, r * 0.6, r * 1.2), (0, r * 0.55, -r * 0.35))]
    for s in (-1, 1):
        locks += chain(
            [
                (s * r * 0.88, -r * 0.12, r * 0.5),
                (s * r * 0.98, r * 0.02, -r * 0.5),
                (s * r * 0.86, -r * 0.1, -r * 1.45),
            ],
            [r * 0.24, r * 0.26, r * 0.16],
        )
    return joined([_cap(r, 0.1), soft({"l": locks}, r * 0.35, r * 0.17)["l"]])


def young_hair(p: Mapping[str, float], r: float) -> Mesh:
    """A child's: bunches or a mop, by style."""
    if p["style"] < 0.4:
        bunches = both(
            soft(
                {
                    "b": chain(
                        [
                            (r * 1.05, r * 0.1, r * 0.35),
                            (r * 1.4, r * 0.12, r * 0.1),
                            (r * 1.38, r * 0.1, -r * 0.55),
                        ],
                        [r * 0.2, r * 0.32, r * 0.12],
                    )
                },
                r * 0.1,
                r * 0.15,
            )["b"]
        )
        return joined([_cap(r, 0.1), bunches])
    fringe = soft(
        {
            "f": [
                capsule(
                    (s * r * 0.55, -r * 0.7, r * 0.72), (s * r * 0.1, -r * 0.6, r * 1.0), (r * 0.17, r * 0.26)
                )
                for s in (-1, 1)
            ]
            + [capsule((0, -r * 0.86, r * 0.72), (0, -r * 0.5, r * 1.05), (r * 0.15, r * 0.25))]
        },
        r * 0.16,
        r * 0.15,
    )["f"]
    return joined([_cap(r, 0.0), fringe])


def mixed_tone(tones: tuple[tuple[float, float, float], ...], share: float) -> Array:
    """A colour between neighbours of the list, by a share in [0, 1]."""
    place = share * (len(tones) - 1)
    return np.array([np.interp(place, np.arange(len(tones)), channel) for channel in np.array(tones).T])
