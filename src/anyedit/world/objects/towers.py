"""Towers: lighthouse, windmill, castle tower, skyscraper."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import prism, settled, slab, turned
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.buildings import sash_window
from anyedit.world.shapes import cylinder, extrude, lathe, loft, rod, smooth_profile, sweep
from anyedit.world.surfaces import FRAME, IRON, LIT_PANE, PANE, PLANK, STONE

_LIGHTS = {"lights on": "switch on its lights"}


def _lighthouse(p: Mapping[str, float], state: str | None) -> list[Part]:
    low, high, tall = p["base"], p["base"] * 0.62, p["height"]
    bands = round(p["bands"])

    def ring(a: float, b: float) -> Mesh:
        zs = np.linspace(a, b, 5)
        return lathe([(0, a), *[(low + (high - low) * (z / tall) ** 0.8, z) for z in zs], (0, b)], 44)

    edges = np.linspace(0.35, tall, 2 * bands)
    painted = [ring(edges[k], edges[k + 1]) for k in range(0, 2 * bands - 1, 2)]
    white = [ring(edges[k], edges[k + 1]) for k in range(1, 2 * bands - 1, 2)]
    deck = lathe(
        [(0, 0), (high * 0.95, 0), (high * 1.35, 0.2), (high * 1.35, 0.28), (0, 0.28)], 40, at=(0, 0, tall)
    )
    posts = [
        rod(
            (high * 1.27 * np.cos(a), high * 1.27 * np.sin(a), tall + 0.25),
            (high * 1.27 * np.cos(a), high * 1.27 * np.sin(a), tall + 0.7),
            0.018,
            6,
        )
        for a in np.arange(14) * 2 * np.pi / 14
    ]
    t = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    rails = [
        sweep(
            np.column_stack([high * 1.27 * np.cos(t), high * 1.27 * np.sin(t), 0 * t + tall + z]),
            0.02,
            6,
            closed=True,
        )
        for z in (0.48, 0.7)
    ]
    lamp_r, lamp_z, lamp_h = high * 0.72, tall + 0.28, 0.95
    glow = state == "lamp on"
    bars = [
        rod(
            (lamp_r * 1.02 * np.cos(a), lamp_r * 1.02 * np.sin(a), lamp_z),
            (lamp_r * 1.02 * np.cos(a), lamp_r * 1.02 * np.sin(a), lamp_z + lamp_h),
            0.022,
            6,
        )
        for a in np.arange(8) * np.pi / 4
    ]
    cap = lathe(
        smooth_profile([(lamp_r * 1.3, 0), (lamp_r * 1.05, 0.2), (lamp_r * 0.5, 0.5), (0.06, 0.68)], 4)
        + [(0.05, 0.95), (0, 1.0)],
        36,
        at=(0, 0, lamp_z + lamp_h),
    )
    windows = [
        slab((0.3, 0.1, 0.46), (0, -(low + (high - low) * (z / tall) ** 0.8) + 0.015, z), 0.04)
        for z in (tall * 0.42, tall * 0.74)
    ]
    front = -low + 0.02
    return settled(
        [
            Part("bands", joined(painted)),
            Part("white bands", joined(white), Surface("white", "matte paint")),
            Part(
                "base",
                lathe([(0, 0), (low * 1.32, 0), (low * 1.28, 0.3), (low * 1.12, 0.4), (0, 0.4)], 40),
                STONE,
            ),
            Part("gallery", joined([deck, *posts, *rails]), Surface("charcoal", "iron")),
            Part(
                "lantern",
                cylinder(lamp_r, lamp_h, (0, 0, lamp_z), bevel=0.01),
                Surface((1.0, 0.85, 0.5), "plastic", glow=6.0)
                if glow
                else Surface((0.62, 0.72, 0.76), "car paint"),
            ),
            Part("lantern bars", joined(bars), IRON),
            Part("dome", cap),
            Part("windows", joined(windows), PANE),
            Part(
                "door",
                joined(
                    [
                        slab((0.62, 0.2, 1.25), (0, front - 0.05, 0.36), 0.05),
                        slab((0.8, 0.3, 0.1), (0, front - 0.04, 1.6)),
                    ]
                ),
                PLANK,
            ),
        ]
    )


def _windmill(p: Mapping[str, float], state: str | None) -> list[Part]:
    low, high, tall, reach = p["base"], p["base"] * 0.66, p["height"], p["sails"]
    body = lathe([(0, 0), (low, 0), (low * 0.9, tall * 0.3), (high, tall), (0, tall)], 8, crease=20).moved(
        affine(turn=(0, 0, 22.5))
    )
    cap = lathe(
        smooth_profile([(high * 1.18, 0), (high * 1.12, 0.25), (high * 0.75, 0.75), (0.05, 1.0)], 4)
        + [(0, 1.0)],
        32,
        at=(0, 0, tall),
    )
    hub = (0.0, -high * 1.22, tall + 0.28)
    bars: list[Mesh] = []
    cloth: list[Mesh] = []
    turned = 45.0 if state == "blades turned" else p["turn"]
    for k in range(4):
        stock = [slab((0.1, 0.08, reach), (0, 0, 0.05), 0.02)]
        rungs = np.linspace(0.22, 0.98, 7) * reach
        stock += [slab((0.44, 0.04, 0.035), (0.24, 0.01, z)) for z in rungs]
        stock += [slab((0.035, 0.04, reach * 0.76 + 0.04), (0.45, 0.01, reach * 0.22))]
        arm = affine(hub, (0, turned + k * 90, 0))
        bars += [piece.moved(arm) for piece in stock]
        cloth.append(slab((0.38, 0.02, reach * 0.76), (0.25, 0.035, reach * 0.22), 0.002).moved(arm))
    axle = joined(
        [cylinder(0.16, high * 0.7, segments=20).moved(affine((0, hub[1] - 0.1, hub[2]), (-90, 0, 0)))]
    )
    frame, glass = sash_window(0.42, 0.5, (0, 0, 0))
    windows, frames = [], []
    slope = float(np.degrees(np.arctan2(low * 0.9 - high, tall * 0.7)))
    for z in (tall * 0.46, tall * 0.7):
        y = -(low * 0.9 + (high - low * 0.9) * (z - tall * 0.3) / (tall * 0.7)) * np.cos(np.pi / 8)
        seat = affine((0, y, z), (-slope, 0, 0))
        frames.append(frame.moved(seat))
        windows.append(glass.moved(seat))
    y = -low * np.cos(np.pi / 8)
    door = slab((0.8, 0.24, 1.3), (0, y - 0.01, 0.0), 0.02, turn=(-4, 0, 0))
    ring = lathe(
        [(low * 0.86, 0), (low * 1.22, 0), (low * 1.22, 0.1), (low * 0.86, 0.1)], 32, at=(0, 0, tall * 0.36)
    )
    return settled(
        [
            Part("tower", body),
            Part("cap", cap, Surface((0.36, 0.22, 0.14), "dark wood")),
            Part("gallery", ring, PLANK),
            Part("sails", joined(cloth), Surface((0.94, 0.92, 0.86), "fabric")),
            Part("stocks", joined(bars), PLANK),
            Part("axle", axle, Surface((0.3, 0.19, 0.12), "dark wood")),
            Part("frames", joined(frames), FRAME),
            Part("windows", joined(windows), PANE),
            Part("door", door, Surface("green", "wood")),
            Part(
                "plinth",
                lathe([(0, 0), (low * 1.06, 0), (low * 1.04, 0.2), (0, 0.2)], 8, crease=20).moved(
                    affine(turn=(0, 0, 22.5))
                ),
                STONE,
            ),
        ]
    )


def _castle_tower(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, tall = p["radius"], p["height"]
    shaft = lathe(
        [(0, 0), (r * 1.14, 0), (r * 1.02, tall * 0.1), (r, tall * 0.2), (r * 0.97, tall), (0, tall)], 44
    )
    top_r, crown = r * 1.2, 0.95
    ledge = lathe(
        [
            (0, 0),
            (r * 0.96, 0),
            (top_r, 0.38),
            (top_r, crown),
            (top_r - 0.24, crown),
            (top_r - 0.24, 0.5),
            (0, 0.5),
        ],
        44,
        at=(0, 0, tall),
    )
    count = 10
    teeth = []
    for k in range(count):
        a0, a1 = (k + np.array([0.0, 0.56])) * 2 * np.pi / count
        arc = np.linspace(a0, a1, 6)
        outline = [(top_r * np.cos(a), top_r * np.sin(a)) for a in arc] + [
            ((top_r - 0.24) * np.cos(a), (top_r - 0.24) * np.sin(a)) for a in arc[::-1]
        ]
        teeth.append(prism(outline, 0.5, (0, 0, tall + crown - 0.01)))
    corbels = [
        slab((0.17, 0.2, 0.3), (0, -r * 1.02, tall + 0.02), 0.03).moved(affine(turn=(0, 0, a)))
        for a in np.arange(16) * 22.5
    ]
    slits = [
        slab((0.14, 0.3, 0.8), (0, -r * 0.9, z), 0.02).moved(affine(turn=(0, 0, a)))
        for z, a in ((tall * 0.48, 0), (tall * 0.72, -52), (tall * 0.72, 52))
    ]
    t = np.linspace(0, np.pi, 13)

    def arch(w: float, h: float) -> list[tuple[float, float]]:
        crown = [(w / 2 * np.cos(a), h - w / 2 + w / 2 * np.sin(a)) for a in t]
        return [(-w / 2, 0), (w / 2, 0), *crown]

    gate = extrude(arch(1.0, 1.75), 0.3, (0, -r * 1.03, 0))
    rim = extrude(arch(1.3, 1.95), 0.22, (0, -r * 1.03, 0))
    studs = [slab((1.0, 0.05, 0.09), (0, -r * 1.03 - 0.15, z)) for z in (0.35, 0.95)]
    pole = rod((0, 0, tall + 0.4), (0, 0, tall + 3.0), 0.045, 10)
    x = np.linspace(0, 1.35, 14)
    wave = 0.09 * np.sin(x * 5.0) * x
    top = [(0.04 + a, b, tall + 2.9 - 0.12 * a) for a, b in zip(x, wave, strict=True)]
    bottom = [(0.04 + a, b, tall + 2.15 + 0.26 * a) for a, b in zip(x, wave, strict=True)]
    banner = loft(
        [
            [a, b, (b[0], b[1] + 0.025, b[2]), (a[0], a[1] + 0.025, a[2])]
            for a, b in zip(top, bottom, strict=True)
        ],
        crease=30,
    )
    stones = []
    for k in range(40):  # proud stones break up the wall; places by golden angle, no draw needed
        a, z = k * 137.5, tall * (0.12 + 0.8 * ((k * 0.618) % 1))
        if abs((a + 180) % 360 - 180) > 34 or z > 2.2:
            stones.append(slab((0.46, 0.12, 0.22), (0, -r * 0.965, z), 0.03).moved(affine(turn=(0, 0, a))))
    return settled(
        [
            Part("shaft", shaft),
            Part("battlements", joined([ledge, *teeth])),
            Part("corbels", joined(corbels), STONE),
            Part("stones", joined(stones)),
            Part("slits", joined(slits), Surface((0.05, 0.05, 0.06), "stone")),
            Part("gate", gate, PLANK),
            Part("gate rim", rim, STONE),
            Part("hinges", joined(studs), IRON),
            Part("flagpole", pole, PLANK),
            Part("banner", banner, Surface("crimson", "fabric")),
        ],
        centre=False,
    )


def _skyscraper(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, tall, floors = p["width"], p["height"], round(p["floors"])
    d = w * 0.9
    core = slab((w * 0.97, d * 0.97, tall), bevel=0.01)
    lit = state == "lights on"
    pitch = (tall - 0.7) / floors
    columns = 5
    dark: list[Mesh] = []
    bright: list[Mesh] = []
    for face, (span, off) in enumerate(((w, d), (d, w), (w, d), (d, w))):
        pattern = slab((span / columns * 0.72, 0.03, pitch * 0.62), bevel=0.0)
        for f in range(floors):
            for c in range(columns):
                x = span * ((c + 0.5) / columns - 0.5)
                pane = pattern.moved(affine((x, -off * 0.485, 0.62 + f * pitch)))
                index = face * 7 + f * 3 + c * 5 + (f * c) % 4
                (bright if lit and index % 3 else dark).append(turned(pane, face * 90))
    fins = [
        turned(slab((0.07, 0.07, tall - 0.5), (span * (c / columns - 0.5), -off * 0.49, 0.5), 0), face * 90)
        for face, (span, off) in enumerate(((w, d), (d, w), (w, d), (d, w)))
        for c in range(columns + 1)
    ]
    crown = [
        slab((w * 1.03, d * 1.03, 0.14), (0, 0, tall - 0.07), 0.02),
        slab((w * 0.5, d * 0.5, 0.5), (0, 0, tall), 0.02),
        slab((w * 0.28, d * 0.28, 0.3), (0, 0, tall + 0.5), 0.02),
    ]
    mast = rod((0, 0, tall + 0.7), (0, 0, tall + 0.7 + p["mast"]), (0.05, 0.012), 8)
    lobby = slab((w * 0.9, d, 0.42), (0, 0, 0.08), 0.005)
    canopy = slab((w * 0.55, 0.5, 0.07), (0, -d * 0.5 - 0.1, 0.5), 0.02)
    parts = [
        Part("tower", core),
        Part("fins", joined(fins)),
        Part("crown", joined(crown)),
        Part("windows", joined(dark), Surface((0.2, 0.33, 0.45), "car paint")),
        Part("mast", mast, IRON),
        Part("lobby", lobby, PANE),
        Part("canopy", canopy, Surface("charcoal", "steel")),
        Part("plinth", slab((w * 1.12, d * 1.12, 0.09)), Surface("gray", "concrete")),
    ]
    return settled([*parts, Part("lit windows", joined(bright), LIT_PANE)] if bright else parts)


register(
    Kind(
        "lighthouse",
        "building",
        _lighthouse,
        params={"base": (0.95, 1.15), "height": (4.6, 5.6), "bands": (3, 4)},
        states=("lamp off", "lamp on"),
        verbs={"lamp on": "switch on its lamp"},
        effects={"switch_on": "lamp on", "nightfall": "lamp on"},
        colours=("red", "blue", "black", "green", "orange"),
        materials=("matte paint", "stone"),
        scale="outdoor",
        contexts=("outdoor", "beach", "harbour", "meadow"),
    )
)
register(
    Kind(
        "windmill",
        "building",
        _windmill,
        params={"base": (1.25, 1.5), "height": (3.8, 4.6), "sails": (2.4, 2.8), "turn": (2.0, 20.0)},
        states=("still", "blades turned"),
        verbs={"blades turned": "turn its blades"},
        effects={"wind": "blades turned"},
        colours=("white", "beige", "red", "brown", "gray"),
        materials=("matte paint", "wood", "brick", "stone"),
        scale="outdoor",
        contexts=("outdoor", "meadow", "farm", "beach"),
    )
)
register(
    Kind(
        "castle tower",
        "building",
        _castle_tower,
        params={"radius": (1.2, 1.5), "height": (4.0, 5.0)},
        colours=("gray", "beige", "ivory", "brown", "salmon"),
        materials=("stone", "granite", "brick", "sand"),
        scale="outdoor",
        contexts=("outdoor", "meadow", "mountain", "forest", "snowfield"),
    )
)
register(
    Kind(
        "skyscraper",
        "building",
        _skyscraper,
        params={"width": (1.9, 2.3), "height": (6.2, 7.4), "floors": (11, 13), "mast": (0.6, 1.1)},
        states=("lights off", "lights on"),
        verbs=_LIGHTS,
        effects={"switch_on": "lights on", "nightfall": "lights on"},
        colours=("gray", "beige", "white", "teal", "navy", "salmon"),
        materials=("concrete", "granite", "brushed metal", "marble"),
        scale="outdoor",
        contexts=("outdoor", "street", "night city", "plaza", "harbour"),
    )
)
