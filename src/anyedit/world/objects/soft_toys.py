"""Teddy bear and rubber duck."""

from __future__ import annotations

from collections.abc import Mapping

from anyedit.world.blocks import both, curve, settled
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.habitats import PLAYROOM
from anyedit.world.shapes import (
    Distance,
    blob,
    capsule,
    ellipsoid,
    loft,
    rounded_ring,
    soft,
    sweep,
)
from anyedit.world.surfaces import BLACK, WHITE


def _teddy(p: Mapping[str, float], state: str | None) -> list[Part]:
    belly, head, limb = p["belly"], p["head"], p["limb"]
    neck = 0.135 + belly * 0.55
    top = neck + head * 0.86
    fur: list[Distance] = [
        blob((belly, belly * 0.86, belly * 1.16), (0, 0, 0.105)),
        blob((head * 1.08, head * 0.95, head), (0, -0.006, top)),
    ]
    cream: list[Distance] = [
        blob((head * 0.46, head * 0.42, head * 0.36), (0, -head * 0.82, top - head * 0.26))
    ]
    for s in (-1, 1):
        fur.append(blob((head * 0.4, head * 0.2, head * 0.4), (s * head * 0.82, 0.004, top + head * 0.76)))
        cream.append(
            blob((head * 0.26, head * 0.12, head * 0.26), (s * head * 0.82, -head * 0.17, top + head * 0.76))
        )
        fur.append(capsule((s * belly * 0.6, -0.03, 0.042), (s * 0.085, -0.125, 0.04), (limb * 1.12, limb)))
        cream.append(blob((limb * 0.82, limb * 0.3, limb * 0.95), (s * 0.088, -0.125 - limb * 0.9, 0.045)))
        if state == "waving" and s < 0:
            fur.append(
                capsule(
                    (s * belly * 0.66, -0.005, neck + 0.0),
                    (s * 0.135, -0.025, neck + 0.085),
                    (limb * 0.9, limb * 0.86),
                )
            )
            cream.append(
                blob((limb * 0.6, limb * 0.3, limb * 0.6), (s * 0.137, -0.025 - limb * 0.7, neck + 0.095))
            )
        elif state == "arms up":
            fur.append(
                capsule(
                    (s * belly * 0.66, -0.005, neck),
                    (s * 0.13, -0.03, neck + 0.09),
                    (limb * 0.9, limb * 0.86),
                )
            )
            cream.append(
                blob((limb * 0.6, limb * 0.3, limb * 0.6), (s * 0.132, -0.03 - limb * 0.7, neck + 0.1))
            )
        else:
            fur.append(
                capsule(
                    (s * belly * 0.72, -0.005, neck - 0.012),
                    (s * (belly * 0.92 + 0.012), -0.075, 0.1),
                    (limb * 0.86, limb * 0.82),
                )
            )
    skins = soft({"fur": fur, "cream": cream}, blend=0.014, cell=0.0076)
    eyes = both(ellipsoid(0.0088, (head * 0.36, -head * 0.86, top + head * 0.14), detail=2))
    nose = ellipsoid((0.0165, 0.009, 0.0115), (0, -head * 1.2, top - head * 0.12), detail=2)
    y = -head * 1.215
    mouth = [
        sweep([(0, y, top - head * 0.2), (0, y - 0.001, top - head * 0.36)], 0.0022, 6),
        sweep(
            curve(
                [
                    (-0.016, y + 0.01, top - head * 0.42),
                    (0, y + 0.0, top - head * 0.375),
                    (0.016, y + 0.01, top - head * 0.42),
                ][::1],
                4,
            ),
            0.0022,
            6,
        ),
    ]
    parts = [
        Part("fur", skins["fur"]),
        Part("muzzle and paws", skins["cream"], Surface((0.93, 0.82, 0.63), "fur")),
        Part("eyes", eyes, BLACK),
        Part("nose", joined([nose, *mouth]), BLACK),
    ]
    if p["bow"] > 0.5:
        z, yy = neck - 0.002, -belly * 0.86 - 0.004
        loop = both(ellipsoid((0.024, 0.009, 0.016), (0.022, yy, z), (0, -14, 0), detail=2))
        parts.append(
            Part(
                "bow", joined([loop, ellipsoid(0.01, (0, yy - 0.004, z), detail=2)]), Surface("red", "fabric")
            )
        )
    return settled(parts)


def _duck(p: Mapping[str, float], state: str | None) -> list[Part]:
    plump, head = p["plump"], p["head"]
    top = 0.062 + head * 0.7
    skins = soft(
        {
            "body": [
                blob((plump, 0.056, 0.034), (0, 0.006, 0.031)),
                blob((plump * 0.62, 0.03, 0.024), (0, 0.048, 0.044), (38, 0, 0)),
                blob(head, (0, -0.026, top)),
                capsule((0, -0.024, 0.045), (0, -0.026, top - head * 0.5), head * 0.72),
            ]
        },
        blend=0.012,
        cell=0.0034,
    )
    wing = both(ellipsoid((0.008, 0.027, 0.015), (plump * 0.93, 0.012, 0.043), (20, 0, -8), detail=2))
    upper = loft(
        [
            rounded_ring(w, d, z, 1.0, 20, (0, y))
            for w, d, z, y in (
                (0.012, 0.004, 0.006, 0),
                (0.021, 0.02, 0.003, -0.006),
                (0.023, 0.026, 0.0, -0.008),
                (0.016, 0.02, -0.004, -0.005),
            )
        ]
    )
    lower = ellipsoid((0.0085, 0.0105, 0.003), (0, -0.004, -0.006), (-8, 0, 0), detail=2)
    beak = joined([upper, lower]).moved(affine((0, -0.026 - head * 0.86, top - head * 0.12)))
    eyes = both(ellipsoid(head * 0.17, (head * 0.46, -0.026 - head * 0.78, top + head * 0.32), detail=2))
    whites = both(
        ellipsoid(
            (head * 0.27, head * 0.12, head * 0.3),
            (head * 0.45, -0.026 - head * 0.74, top + head * 0.32),
            (0, 0, 28),
            detail=2,
        )
    )
    return settled(
        [
            Part("body", skins["body"]),
            Part("wings", wing),
            Part("beak", beak, Surface((0.95, 0.38, 0.05), "rubber")),
            Part("eye whites", whites, WHITE),
            Part("eyes", eyes, BLACK),
        ]
    )


register(
    Kind(
        "teddy bear",
        "toy",
        _teddy,
        params={"belly": (0.068, 0.08), "head": (0.058, 0.066), "limb": (0.028, 0.033), "bow": (0, 1)},
        states=("sitting", "waving", "arms up"),
        verbs={"waving": "wave", "arms up": "raise both arms", "sitting": "lower its arms"},
        colours=("brown", "beige", "gray", "pink", "white"),
        materials=("fur", "wool", "velvet"),
        scale="tabletop",
        contexts=(*PLAYROOM, "park", "garden"),
        wears=0.93,
    )
)
register(
    Kind(
        "rubber duck",
        "toy",
        _duck,
        params={"plump": (0.041, 0.047), "head": (0.025, 0.029)},
        colours=("yellow", "pink", "blue", "white", "green"),
        materials=("rubber", "plastic"),
        scale="tabletop",
        contexts=("indoor", "bathroom", "bedroom", "playground", "studio"),
        wears=0.93,
    )
)
