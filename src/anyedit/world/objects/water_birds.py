"""Duck, penguin and flamingo."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, settled
from anyedit.world.bodies import chain, eyes
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.bird_shapes import BEAK, CREAM, LEG, WINGS, beak, feathers
from anyedit.world.shapes import (
    Distance,
    blob,
    capsule,
    ellipsoid,
    loft,
    rod,
    soft,
    sweep,
)

DARK = Surface((0.10, 0.09, 0.09), "feathers")
WHITE = Surface("white", "feathers")


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
            feathers(
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
        Part("beak", beak((0, -0.1 * s, 0.59 * s), 0.075 * s, 0.024 * s, 0.2), BEAK), Part("feet", both(_paddle((0.065 * s, 0.0, 0), 0.145 * s)), LEG), *eyes((0.046 * s, -0.112 * s, 0.622 * s), 0.018 * s, outward=25),
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
            feathers(
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


register(
    Kind("duck", "animal", _duck, params={"size": (0.95, 1.15), "mallard": (0, 1)}, states=("standing", "sitting", "spreading its wings"),
         verbs={"standing": "stand up", "sitting": "sit down", "spreading its wings": "spread its wings"}, colours=("white", "brown", "gray", "beige", "yellow"), materials=("feathers",),
         scale="tabletop", contexts=("outdoor", "park", "farm", "garden", "meadow", "harbour"), wears=0.94)
)  # fmt: skip
register(
    Kind("penguin", "animal", _penguin, params={"size": (0.85, 1.15)}, states=("standing", "spreading its wings"), verbs=WINGS, colours=("charcoal", "navy", "black", "gray"),
         materials=("feathers",), scale="room", contexts=("outdoor", "snowfield", "beach", "harbour"), wears=0.95)
)  # fmt: skip
register(
    Kind("flamingo", "animal", _flamingo, params={"size": (0.95, 1.15)}, states=("standing on one leg", "standing on both legs", "spreading its wings"),
         verbs={"standing on one leg": "stand on one leg", "standing on both legs": "stand on both legs", "spreading its wings": "spread its wings"},
         colours=("pink", "coral", "salmon", "white"), materials=("feathers",), scale="room", contexts=("outdoor", "beach", "park", "garden", "harbour"), wears=0.99)
)  # fmt: skip
