"""Horse and camel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, settled
from anyedit.world.bodies import chain, eyes
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.animal_shapes import CREAM, FARM, HOOF, NOSE, animal_legs, hooves, pointed_ear
from anyedit.world.shapes import (
    Distance,
    blob,
    capsule,
    ellipsoid,
    soft,
    sweep,
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
    bones += animal_legs(0.15, legs[:2], [0.125, 0.078, 0.058, 0.054]) + animal_legs(
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
    ears = both(pointed_ear((0.065, poll[1] + 0.0, poll[2] + 0.08), (0.15, -0.05, 1), 0.045, 0.17, 0.6))
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
        Part("hooves", hooves(0.15, feet, 0.062, 0.11), HOOF),
        *eyes((0.094, poll[1] - 0.16, poll[2] - 0.045), 0.028, outward=70),
    ]
    if p["blaze"] > 0.4:
        parts.append(Part("blaze", blaze, CREAM))
    return settled([Part(q.name, q.mesh.moved(affine(scale=h / 1.65)), q.surface) for q in parts])


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
    bones += animal_legs(0.19 if not resting else 0.24, legs, [0.13, 0.085, 0.07])
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
        Part("ears", both(pointed_ear(tuple(head + [0.09, 0.1, 0.07]), (0.4, 0.15, 1), 0.042, 0.13, 0.5))),  # type: ignore[arg-type]
        Part("topknot", ellipsoid((0.09, 0.12, 0.06), tuple(head + [0, 0.05, 0.1]), detail=2), Surface((0.40, 0.25, 0.12), "fur")),
        Part("nostrils", both(ellipsoid((0.014, 0.014, 0.01), tuple(head + [0.035, -0.365, -0.075]), detail=1)), NOSE),
        *eyes((0.108, head[1] - 0.09, head[2] + 0.03), 0.03, outward=55),
    ]  # fmt: skip
    return settled([Part(q.name, q.mesh.moved(affine(scale=k)), q.surface) for q in parts])


register(
    Kind("horse", "animal", _horse, params={"height": (1.45, 1.75), "girth": (0.94, 1.08), "dark": (0, 1), "blaze": (0, 1)}, states=("standing", "galloping"),
         verbs={"standing": "stand still", "galloping": "gallop"}, colours=("brown", "white", "black", "gray", "beige"), materials=("fur",), scale="outdoor",
         contexts=(*FARM, "beach"), wears=0.97)
)  # fmt: skip
register(
    Kind("camel", "animal", _camel, params={"height": (1.9, 2.3), "humps": (0, 1)}, states=("standing", "lying"), verbs={"standing": "stand up", "lying": "lie down"},
         colours=("beige", "peach", "brown", "ivory"), materials=("fur",), scale="outdoor", contexts=("outdoor", "desert", "beach"), wears=0.97)
)  # fmt: skip
