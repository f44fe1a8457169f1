"""What stands tall in streets: lamp, traffic light, telephone box, flag."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, panel, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import box, ellipsoid, extrude, lathe, loft, rod, rounded_ring, sweep
from anyedit.world.surfaces import BLACK, GILT, STEEL, WHITE

_STREET = ("outdoor", "street", "plaza", "park", "night city")


def _lamp(p: Mapping[str, float], state: str | None) -> list[Part]:
    h = p["height"]
    post = [
        (0, 0),
        (0.2, 0),
        (0.2, 0.06),
        (0.15, 0.12),
        (0.14, 0.3),
        (0.09, 0.4),
        (0.1, 0.46),
        (0.06, 0.55),
        (0.05, h * 0.6),
        (0.075, h * 0.62),
        (0.045, h * 0.65),
        (0.04, h - 0.1),
        (0.08, h - 0.05),
        (0.05, h),
        (0, h),
    ]
    arm = both(rod((0.04, 0, h * 0.79), (0.32, 0, h * 0.79), 0.016, 10))
    tips = both(ellipsoid(0.03, (0.33, 0, h * 0.79), detail=2))
    lit = state == "on"
    glow = Surface((1.0, 0.82, 0.48), "plastic", glow=9.0) if lit else Surface((0.93, 0.91, 0.84), "ceramic")
    body = [lathe(post, 28), arm, tips]
    glass: list[Mesh] = []
    heads = ((0.0, h),) if p["heads"] < 0.55 else ((-0.34, h * 0.86), (0.34, h * 0.86), (0.0, h))
    for x, z in heads:
        if p["globe"] > 0.5:
            glass.append(ellipsoid(0.19, (x, 0, z + 0.2)))
            body += [
                lathe([(0, 0), (0.06, 0), (0.1, 0.05), (0.06, 0.07), (0, 0.07)], 24, at=(x, 0, z - 0.01)),
                lathe([(0.08, 0), (0.04, 0.04), (0.01, 0.1), (0, 0.12)], 20, at=(x, 0, z + 0.35)),
            ]
        else:
            glass.append(
                lathe([(0, 0), (0.1, 0), (0.17, 0.34), (0, 0.34)], 6, crease=10, at=(x, 0, z + 0.04))
            )
            body += [
                lathe([(0, 0), (0.12, 0), (0.12, 0.04), (0, 0.04)], 6, crease=10, at=(x, 0, z)),
                lathe(
                    [(0, 0), (0.22, 0), (0.2, 0.04), (0.09, 0.15), (0.03, 0.18), (0.03, 0.23), (0, 0.26)],
                    6,
                    crease=10,
                    at=(x, 0, z + 0.38),
                ),
            ]
            body += [
                rod(
                    (x + 0.1 * np.cos(a), 0.1 * np.sin(a), z + 0.04),
                    (x + 0.17 * np.cos(a), 0.17 * np.sin(a), z + 0.39),
                    0.011,
                    6,
                )
                for a in np.arange(6) * np.pi / 3
            ]
        if x:
            body.append(
                sweep(
                    curve(
                        [(x * 0.1, 0, h * 0.7), (x * 0.6, 0, h * 0.7), (x, 0, h * 0.76), (x, 0, z + 0.01)], 5
                    ),
                    0.02,
                    10,
                )
            )
    return settled([Part("post", joined(body)), Part("lamp", joined(glass), glow)])


def _traffic_light(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, case = p["height"], 0.3
    pole = lathe([(0, 0), (0.14, 0), (0.14, 0.05), (0.07, 0.09), (0.055, 0.14), (0.05, h), (0, h)], 24)
    tall = 0.92
    body = box((case, 0.22, tall), (0, -0.06, h - 0.02), 0.05)
    back = extrude(
        [
            (x * case * 0.78, z * tall * 0.57)
            for x, z in (
                (-1, -0.9),
                (-0.86, -1),
                (0.86, -1),
                (1, -0.9),
                (1, 0.9),
                (0.86, 1),
                (-0.86, 1),
                (-1, 0.9),
            )
        ],
        0.03,
        (0, 0.06, h - 0.02 + tall / 2),
    )
    shown = {"red": 0, "yellow": 1, "green": 2}[state or "red"]
    on = ((1.0, 0.08, 0.05), (1.0, 0.7, 0.05), (0.1, 1.0, 0.35))
    off = ((0.24, 0.04, 0.04), (0.28, 0.2, 0.04), (0.03, 0.2, 0.08))
    parts = [
        Part("pole", pole, Surface((0.3, 0.31, 0.33), "steel")),
        Part("case", body),
        Part("backboard", back, BLACK),
    ]
    visors = []
    front = -0.17
    for k in range(3):
        z = h - 0.02 + tall * (5 - 2 * k) / 6
        lens = ellipsoid((0.1, 0.035, 0.1), (0, front, z))
        parts.append(
            Part(
                ("red", "yellow", "green")[k] + " light",
                lens,
                Surface(on[k], "plastic", glow=7.0) if k == shown else Surface(off[k], "plastic"),
            )
        )
        t = np.linspace(np.radians(-15), np.radians(195), 20)
        shape = [(0.124 * np.cos(a), 0.124 * np.sin(a)) for a in t] + [
            (0.112 * np.cos(a), 0.112 * np.sin(a)) for a in t[::-1]
        ]
        visors.append(extrude(shape, 0.16, (0, front - 0.06, z)))
    return settled([*parts, Part("visors", joined(visors), BLACK)])


def _telephone_box(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h = p["width"], p["height"]
    half, post = w / 2, 0.1
    frame = [slab((w * 1.08, w * 1.08, 0.1)), slab((w, w, 0.12), (0, 0, 0.1))]
    frame += [
        slab((post, post, h - 0.4), (sx * (half - post / 2), sy * (half - post / 2), 0.2), 0.012)
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    head = h - 0.34
    frame += [
        slab((w, w, 0.34), (0, 0, head), 0.015),
        slab((w * 1.08, w * 1.08, 0.05), (0, 0, head + 0.29), 0.015),
    ]
    dome = loft(
        [
            rounded_ring(w * 1.0 * np.cos(a), w * 1.0 * np.cos(a), head + 0.34 + 0.16 * np.sin(a), 0.16, 32)
            for a in np.linspace(0, 1.25, 7)
        ]
    )
    bars, glass = [], []
    low, high, span = 0.42, head - 0.03, w - 2 * post
    for turn in (0, 90, -90, 180):
        rows = 6
        side = [slab((0.022, 0.03, high - low), (x * span, -half + 0.035, low), 0.004) for x in (-0.3, 0.3)]
        side += [
            slab((span, 0.03, 0.022), (0, -half + 0.035, low + (high - low) * k / rows - 0.011), 0.004)
            for k in range(rows + 1)
        ]
        side += [
            slab((span, 0.04, low - 0.22), (0, -half + 0.04, 0.2), 0.01),
            slab((span * 0.7, 0.03, (low - 0.22) * 0.55), (0, -half + 0.025, 0.25), 0.008),
        ]
        bars += [mesh.moved(affine(turn=(0, 0, turn))) for mesh in side]
        glass.append(
            slab((span, 0.008, high - low), (0, -half + 0.05, low), 0.001).moved(affine(turn=(0, 0, turn)))
        )
    lit = state == "lit"
    signs = [
        slab((w * 0.84, 0.02, 0.17), (0, -half - 0.006, head + 0.09), 0.006).moved(affine(turn=(0, 0, a)))
        for a in (0, 90, -90, 180)
    ]
    phone = joined(
        [
            slab((0.22, 0.12, 0.34), (0, half - 0.16, 1.15), 0.02),
            rod((-0.16, half - 0.2, 1.2), (-0.16, half - 0.2, 1.42), 0.025, 10),
        ]
    )
    return settled(
        [
            Part("frame", joined([*frame, *bars])),
            Part("roof", dome),
            Part(
                "glass",
                joined(glass),
                Surface((1.0, 0.88, 0.6), "plastic", glow=2.0)
                if lit
                else Surface((0.32, 0.4, 0.44), "car paint"),
            ),
            Part("signs", joined(signs), Surface((0.97, 0.95, 0.88), "plastic")),
            Part(
                "sign text",
                panel(w * 0.82, 0.16, (0, -half - 0.018, head + 0.175)),
                Surface((0.97, 0.95, 0.88), "plastic"),
                label=True,
            ),
            Part("handle", slab((0.03, 0.05, 0.16), (span * 0.42, -half - 0.005, 1.0), 0.01), GILT),
            Part("telephone", phone, BLACK),
        ]
    )


def _flag(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, length, fall = p["height"], p["length"], p["length"] * 0.62
    pole = [
        lathe([(0, 0), (0.035, 0), (0.026, h), (0, h)], 20, at=(0, 0, 0.12)),
        ellipsoid(0.055, (0, 0, h + 0.14), detail=2),
    ]
    base = lathe([(0, 0), (0.26, 0), (0.26, 0.08), (0.16, 0.11), (0.1, 0.18), (0, 0.18)], 32)
    top = h * 1.04 if state == "raised" else fall + 0.62 if state == "lowered" else h * 0.74
    u = np.linspace(0, 1, 30)
    parts: list[Part] = []
    calm = state == "lowered"

    def cloth(v0: float, v1: float, thick: float = 0.008) -> Mesh:
        """The strip of the flag between heights v0 and v1 (shares of its fall, from the top)."""
        rings = []
        for a in u:
            if calm:  # hanging in folds
                x, y = 0.035 + 0.34 * length * a**0.8, 0.07 * np.sin(11 * a) * (0.3 + a)
                sag = 0.34 * length * a**1.6
            else:
                x, y = 0.035 + length * a * 0.97, -0.1 * length * np.sin(6.4 * a) * (0.25 + 0.75 * a)
                sag = 0.07 * length * a**1.5
            z0, z1 = top - fall * v0 - sag, top - fall * v1 - sag
            rings.append(
                [
                    (x, y - thick / 2, z0),
                    (x, y + thick / 2, z0),
                    (x, y + thick / 2, z1),
                    (x, y - thick / 2, z1),
                ]
            )
        return loft(rings, crease=40)

    if p["bands"] > 0.4:
        parts += [
            Part("flag", joined([cloth(0, 1 / 3), cloth(2 / 3, 1)])),
            Part("band", cloth(1 / 3, 2 / 3), Surface("white", "fabric")),
        ]
    else:
        parts.append(Part("flag", cloth(0, 1)))
    rope = rod((0.05, -0.03, 0.8), (0.04, -0.03, h * 1.04), 0.006, 6)
    cleat = slab((0.03, 0.05, 0.14), (0, -0.04, 0.75), 0.01)
    return settled(
        [
            *parts,
            Part("pole", joined(pole), WHITE if p["white_pole"] > 0.5 else STEEL),
            Part("base", base, Surface("gray", "concrete")),
            Part("rope", joined([rope, cleat]), Surface((0.85, 0.82, 0.74), "fabric")),
        ],
        centre=False,
    )


register(
    Kind(
        "street lamp",
        "outdoor",
        _lamp,
        params={"height": (1.9, 2.4), "heads": (0, 1), "globe": (0, 1)},
        states=("off", "on"),
        verbs={"on": "switch on", "off": "switch off"},
        effects={"switch_on": "on", "nightfall": "on"},
        colours=("black", "green", "gray", "navy"),
        materials=("iron", "matte paint", "steel"),
        scale="outdoor",
        contexts=(*_STREET, "harbour", "snowfield"),
    )
)
register(
    Kind(
        "traffic light",
        "outdoor",
        _traffic_light,
        params={"height": (1.1, 1.5)},
        states=("red", "green", "yellow"),
        verbs={"green": "turn green", "yellow": "turn yellow", "red": "turn red"},
        effects={"wait": "green"},
        colours=("yellow", "black", "gray", "green"),
        materials=("matte paint", "plastic"),
        scale="outdoor",
        contexts=("outdoor", "street", "night city", "plaza"),
    )
)
register(
    Kind(
        "telephone box",
        "outdoor",
        _telephone_box,
        params={"width": (0.86, 0.94), "height": (2.25, 2.5)},
        states=("dark", "lit"),
        verbs={"lit": "light up"},
        effects={"switch_on": "lit", "nightfall": "lit"},
        colours=("red", "blue", "green", "yellow", "black"),
        materials=("car paint", "matte paint", "iron"),
        scale="outdoor",
        contexts=_STREET,
        plural="telephone boxes",
        text=("TELEPHONE", "TAXI", "POLICE", "CALL ME", "HELLO"),
    )
)
register(
    Kind(
        "flag",
        "outdoor",
        _flag,
        params={"height": (2.5, 3.0), "length": (1.35, 1.7), "bands": (0, 1), "white_pole": (0, 1)},
        states=("lowered", "raised", "at half-mast"),
        verbs={"raised": "be raised", "lowered": "be lowered", "at half-mast": "be set at half-mast"},
        colours=("red", "blue", "green", "orange", "purple"),
        materials=("fabric",),
        scale="outdoor",
        contexts=("outdoor", "plaza", "park", "beach", "mountain", "harbour", "meadow", "snowfield"),
    )
)
