"""Things that stand on a table: mug, teapot, kettle, pot, bowl, plate, bottle, jar, glass, vase, candle."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, settled, wrapped_panel
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Array, Mesh, joined
from anyedit.world.shapes import Points, ellipsoid, lathe, smooth_profile, sweep
from anyedit.world.surfaces import BLACK, BRASS, CHROME

_TABLE = ("kitchen", "living room", "cafe", "indoor", "studio")


def vessel(outside: Points, wall: float, floor: float, segments: int = 48, steps: int = 6) -> Mesh:
    """A hollow turned vessel: the smooth outside (radius, height), a rim, and the same shape `wall` further in."""
    skin = smooth_profile(outside, steps)
    radius, height = skin[-1]
    inside = [(max(r - wall, 1e-4), z) for r, z in skin if z > floor][::-1]
    return lathe(
        [(0, skin[0][1]), *skin, (radius - wall / 2, height + wall / 3), *inside, (0, floor)], segments
    )


def _tube(stations: Points, steps: int = 5, segments: int = 16, flat: float = 1.0) -> Mesh:
    """A smooth bent tube through stations (x, y, z, radius)."""
    path: Array = curve(stations, steps)
    return sweep(path[:, :3], path[:, 3], segments, flat)


def _mug(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, wall = p["radius"], p["height"], 0.004
    waist = r * p["waist"]
    outside = smooth_profile([(r * 0.86, 0), (waist, h * 0.3), (r, h)])
    inside = [(radius - wall, height) for radius, height in outside if height > 0.012][::-1]
    body = lathe([(0, 0), *outside, (r - wall / 2, h + wall / 3), *inside, (0, 0.008)], 48)
    t = np.linspace(-1.15, 1.15, 16)
    handle = np.column_stack(
        [waist * 0.97 + p["grip"] * np.cos(t) - p["grip"] * 0.35, 0 * t, h * 0.5 + h * 0.32 * np.sin(t)]
    )
    return [Part("body", body), Part("handle", sweep(handle, 0.0054, flat=1.5))]


def _teapot(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    outside = smooth_profile(
        [
            (r * 0.56, 0),
            (r * 0.6, 0.006),
            (r * 0.94, h * 0.28),
            (r, h * p["belly"]),
            (r * 0.8, h * 0.82),
            (r * 0.5, h),
        ]
    )
    body = lathe([(0, 0), *outside, (0, h)], 52)
    lid = lathe(
        smooth_profile(
            [(r * 0.56, h - 0.003), (r * 0.55, h + 0.006), (r * 0.34, h + 0.022), (0, h + 0.028)], 5
        ),
        40,
    )
    knob = ellipsoid((0.013, 0.013, 0.012), (0, 0, h + 0.036))
    spout = _tube(
        [(r * 0.72, 0, h * 0.3, 0.025), (r * 1.2, 0, h * 0.42, 0.018), (r * 1.42, 0, h * 0.74, 0.0125),
         (r * 1.66, 0, h * 0.99, 0.0115)]
    )  # fmt: skip
    mouth = ellipsoid((0.009, 0.009, 0.002), (r * 1.66, 0, h * 0.99 + 0.002), (0, 38, 0), 2)
    handle = _tube(
        [(-r * 0.74, 0, h * 0.84, 0.009), (-r * 1.22, 0, h * 0.94, 0.009), (-r * 1.56, 0, h * 0.66, 0.0095),
         (-r * 1.34, 0, h * 0.34, 0.009), (-r * 0.88, 0, h * 0.22, 0.008)], flat=1.35
    )  # fmt: skip
    return settled(
        [
            Part("body", joined([body, spout, handle])),
            Part("lid", lid),
            Part("knob", knob, BRASS),
            Part("mouth", mouth, BLACK),
        ]
    )


def _kettle(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    outside = smooth_profile(
        [(r * 0.96, 0.006), (r, 0.02), (r * 0.93, h * 0.45), (r * 0.72, h * 0.82), (r * 0.46, h)]
    )
    body = lathe([(0, 0), (r * 0.94, 0), *outside, (0, h)], 56)
    lid = lathe(
        [(0, h - 0.004), (r * 0.5, h - 0.004), (r * 0.5, h + 0.006), (r * 0.3, h + 0.018), (0, h + 0.02)], 40
    )
    knob = lathe(
        [(0, 0), (0.007, 0), (0.006, 0.01), (0.016, 0.016), (0.014, 0.026), (0, 0.028)],
        24,
        at=(0, 0, h + 0.018),
    )
    spout = _tube(
        [(r * 0.62, 0, h * 0.5, 0.03), (r * 1.1, 0, h * 0.72, 0.02), (r * 1.42, 0, h * 1.02, 0.013)]
    )
    t = np.radians(np.linspace(-8, 188, 26))
    grip = np.column_stack([r * 0.78 * np.cos(t), 0 * t, h * 0.86 + p["grip"] * np.sin(t)])
    arch = sweep(grip, 0.006, 12)
    wood = sweep(grip[6:20], 0.0125, 16)
    band = lathe([(r * 1.0, 0.0), (r * 1.012, 0.0), (r * 1.012, 0.012), (r * 1.0, 0.012)], 56)
    return settled(
        [
            Part("body", joined([body, spout])),
            Part("lid", lid),
            Part("bail", joined([arch, band]), CHROME),
            Part("grip", joined([wood, knob]), Surface((0.25, 0.14, 0.08), "dark wood")),
        ]
    )


def _souvenir_mug(p: Mapping[str, float], state: str | None) -> list[Part]:
    """A straight mug that is printed on; the print's ground is the glaze, so it follows the mug's colour."""
    r, h, wall = p["radius"], p["height"], 0.0042
    outside = [(r * 0.93, 0), (r * 0.985, 0.003), (r, 0.008), (r, h - 0.002), (r - 0.001, h)]
    inside = [(r - wall, h - 0.001), (r - wall, 0.016), (r * 0.8, 0.01)]
    body = lathe([(0, 0.002), (r * 0.86, 0.002), (r * 0.87, 0), *outside, *inside, (0, 0.01)], 56)
    grip = _tube(
        [(r * 0.96, 0, h * 0.82, 0.0075), (r * 1.36, 0, h * 0.84, 0.0072), (r * 1.66, 0, h * 0.62, 0.007),
         (r * 1.6, 0, h * 0.36, 0.007), (r * 1.3, 0, h * 0.19, 0.0072), (r * 0.96, 0, h * 0.18, 0.0075)], flat=1.4
    )  # fmt: skip
    label = wrapped_panel(r + 0.0006, 84, h * 0.2, h * 0.82)
    drink = lathe(
        [(0, h * 0.86), (r - wall * 0.9, h * 0.86), (r - wall * 0.9, h * 0.868), (0, h * 0.868)], 40
    )
    return settled(
        [
            Part("body", body),
            Part("handle", grip),
            Part("coffee", drink, Surface((0.16, 0.075, 0.035), "ceramic")),
            Part("label", label, Surface("body", "ceramic"), label=True),
        ]
    )


def _cooking_pot(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    outside = [(r * 0.88, 0), (r * 0.95, 0.004), (r * 0.985, 0.014), (r, 0.03), (r, h - 0.004), (r * 1.02, h)]
    body = lathe([(0, 0), *outside, (r * 0.99, h + 0.002), (0, h + 0.002)], 60)
    dome = smooth_profile(
        [(r * 1.0, h + 0.008), (r * 0.86, h + 0.022), (r * 0.46, h + p["dome"]), (0.001, h + p["dome"] * 1.2)]
    )
    lid = lathe([(0, h), (r * 1.035, h + 0.001), (r * 1.04, h + 0.006), *dome], 56)
    rim = lathe(
        [(r * 1.0, h - 0.001), (r * 1.05, h - 0.001), (r * 1.05, h + 0.007), (r * 1.0, h + 0.007)], 60
    )
    top = h + p["dome"] * 1.2
    knob = lathe(
        smooth_profile([(0.012, -0.004), (0.009, 0.008), (0.02, 0.016), (0.021, 0.026), (0.001, 0.031)], 4),
        30,
        at=(0, 0, top),
    )
    t = np.linspace(-1, 1, 15)
    reach = r + 0.045 * np.sqrt(np.maximum(1 - np.abs(t) ** 3.2, 0))
    ear = sweep(np.column_stack([reach - 0.006, r * 0.42 * t, np.full(15, h * 0.76)]), 0.0085, 14)
    return settled(
        [
            Part("body", body),
            Part("lid", lid),
            Part("rim", rim, CHROME),
            Part("handles", joined([both(ear), knob]), BLACK),
        ]
    )


def _bowl(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    foot = r * p["foot"]
    shape = [(foot, 0), (foot * 0.97, 0.008), (r * 0.66, h * 0.26), (r * 0.91, h * 0.62), (r, h)]
    body = vessel(shape, 0.005, 0.014, 64)
    return settled([Part("body", body)])


def _plate(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, rim = p["radius"], p["rim"]
    well = r * (1 - rim)
    profile = [
        (0, 0), (r * 0.5, 0), (r * 0.53, 0.004), (well, 0.007), (well + r * 0.06, 0.014), (r, 0.023), (r + 0.001, 0.0255),
        (r - 0.003, 0.0268), (well + r * 0.05, 0.018), (well, 0.0115), (well * 0.9, 0.01), (0, 0.01),
    ]  # fmt: skip
    z = 0.0268
    band = lathe(
        [(r * 0.955, z - 0.0035), (r * 0.955, z - 0.0012), (r * 0.99, z + 0.0005), (r * 0.99, z - 0.002)], 72
    )
    return settled(
        [Part("body", lathe(profile, 72)), Part("band", band, Surface((0.86, 0.66, 0.27), "gold"))]
    )


def _bottle(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, neck = p["radius"], p["height"], 0.0145
    shoulder = h * p["shoulder"]
    side = [(r * 0.93, 0), (r, 0.006), (r, shoulder)]
    bend = smooth_profile(
        [(r, shoulder), (r * 0.9, shoulder + h * 0.06), (neck * 1.35, shoulder + h * 0.17), (neck, h * 0.86)],
        6,
    )
    ring = [
        (neck, h - 0.026),
        (neck * 1.22, h - 0.024),
        (neck * 1.22, h - 0.012),
        (neck, h - 0.01),
        (neck, h),
        (0, h),
    ]
    body = lathe([(0, 0), *side, *bend[1:], *ring], 52)
    capsule = lathe(
        [(neck * 1.02, h * 0.9), (neck * 1.08, h * 0.9), (neck * 1.3, h - 0.025), (neck * 1.3, h - 0.002), (neck, h + 0.003), (0, h + 0.003)],
        36,
    )  # fmt: skip
    label = wrapped_panel(r * 1.012, 104, shoulder * 0.2, shoulder * 0.82)
    return settled(
        [
            Part("body", body),
            Part("cap", capsule, Surface((0.75, 0.56, 0.25), "gold")),
            Part("label", label, Surface((0.95, 0.92, 0.84), "paper", second=(0.25, 0.06, 0.08)), label=True),
        ]
    )


def _jar(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    outside = smooth_profile(
        [
            (r * 0.9, 0),
            (r * 0.99, 0.012),
            (r, h * 0.5),
            (r * 0.97, h * 0.82),
            (r * 0.84, h * 0.95),
            (r * 0.82, h),
        ]
    )
    body = lathe([(0, 0), *outside, (0, h)], 52)
    top = r * 0.9
    lid = lathe(
        [
            (0, h - 0.002),
            (top - 0.003, h - 0.002),
            (top, h),
            (top, h + 0.018),
            (top - 0.004, h + 0.022),
            (0, h + 0.024),
        ],
        48,
    )
    knob = lathe(
        smooth_profile([(0.009, 0), (0.008, 0.008), (0.018, 0.018), (0.013, 0.03), (0, 0.033)], 4),
        28,
        at=(0, 0, h + 0.022),
    )
    label = wrapped_panel(r * 1.012, 84, h * 0.26, h * 0.68)
    return settled(
        [
            Part("body", body),
            Part("lid", joined([lid, knob]), Surface((0.72, 0.5, 0.29), "wood")),
            Part("label", label, Surface((0.97, 0.95, 0.89), "paper", second=(0.1, 0.1, 0.12)), label=True),
        ]
    )


def _wine_glass(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    stem = h * p["stem"]
    foot = [
        (0, 0),
        (r * 0.92, 0),
        (r * 0.93, 0.0025),
        (r * 0.5, 0.006),
        (0.0055, 0.014),
        (0.0038, stem * 0.6),
        (0.006, stem),
    ]
    cup = smooth_profile(
        [(0.006, stem), (r * 0.78, stem + (h - stem) * 0.22), (r, stem + (h - stem) * 0.48), (r * 0.76, h)], 6
    )
    wall = 0.0018
    inside = [(max(x - wall, 1e-4), z) for x, z in cup if z > stem + 0.006][::-1]
    body = lathe([*foot, *cup[1:], (r * 0.76 - wall / 2, h + 0.0006), *inside, (0, stem + 0.006)], 52)
    level = stem + (h - stem) * p["fill"]
    wine = [(max(x - wall * 1.6, 1e-4), z) for x, z in cup if stem + 0.008 < z < level]
    drink = lathe([(0, wine[0][1]), *wine, (0, wine[-1][1])], 44)
    return settled([Part("body", body), Part("wine", drink, Surface((0.32, 0.02, 0.07), "ceramic"))])


def _vase(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, neck, belly = p["radius"], p["height"], p["neck"], p["belly"]
    shape = [
        (r * 0.5, 0), (r * 0.55, 0.008), (r * 0.86, h * belly * 0.55), (r, h * belly), (r * 0.78, h * (belly + 0.2)),
        (r * neck, h * 0.88), (r * (neck + 0.17), h),
    ]  # fmt: skip
    return settled([Part("body", vessel(shape, 0.005, 0.02, 56))])


def _candle(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    lit = state == "lit"
    saucer = lathe(
        [
            (0, 0),
            (r * 1.5, 0),
            (r * 1.95, 0.012),
            (r * 1.98, 0.016),
            (r * 1.9, 0.016),
            (r * 1.45, 0.006),
            (0, 0.006),
        ],
        48,
    )
    ring = [
        (0.5 * r * 0.3 * np.cos(a) + r * 2.06, 0, 0.016 + 0.014 * np.sin(a))
        for a in np.linspace(0, 2 * np.pi, 18, endpoint=False)
    ]
    loop = sweep([(x + (x - r * 2.06) * 1.6, y, z) for x, y, z in ring], 0.0028, 8, closed=True)
    top = h + 0.006
    body = lathe(
        [
            (0, 0.006),
            (r, 0.006),
            (r, top - 0.006),
            (r * 0.97, top - 0.001),
            (r * 0.9, top),
            (r * 0.72, top - 0.006),
            (0, top - 0.009),
        ],
        44,
    )
    drips = []
    for a, length in ((-1.2, 0.32), (-2.4, 0.18), (0.6, 0.24), (2.2, 0.3)):
        x, y = r * 1.0 * np.cos(a), r * 1.0 * np.sin(a)
        drop = h * length * p["drip"]
        drips.append(
            _tube(
                [
                    (x * 0.9, y * 0.9, top - 0.002, 0.003),
                    (x, y, top - 0.008, 0.0045),
                    (x, y, top - drop, 0.0042),
                    (x, y, top - drop - 0.008, 0.006),
                    (x, y, top - drop - 0.014, 0.001),
                ],
                4,
                10,
            )
        )
    wick = _tube(
        [(0, 0, top - 0.01, 0.0016), (0, 0, top + 0.006, 0.0015), (0.003, 0, top + 0.014, 0.0013)], 3, 8
    )
    parts = [
        Part("body", joined([body, *drips])),
        Part("holder", joined([saucer, loop]), BRASS),
        Part("wick", wick, Surface((0.08, 0.07, 0.06), "fabric")),
    ]
    if lit:
        base = top + 0.006
        outer = smooth_profile([(0, 0), (0.0085, 0.009), (0.0105, 0.02), (0.0065, 0.038), (0, 0.06)], 5)
        inner = smooth_profile([(0, 0), (0.005, 0.006), (0.0055, 0.013), (0.003, 0.022), (0, 0.03)], 5)
        scale = p["flame"]
        flame = lathe([(x * scale, z * scale) for x, z in outer], 28, at=(0, 0, base))
        parts.append(Part("flame", flame, Surface((1.0, 0.62, 0.16), "plastic", glow=26.0)))
        core = lathe(
            [(x * scale * 1.0, z * scale) for x, z in inner], 20, at=(0, -0.009 * scale, base + 0.004)
        )
        parts.append(Part("core", core, Surface((1.0, 0.92, 0.66), "plastic", glow=34.0)))
    return settled(parts)


register(
    Kind(
        "mug",
        "household",
        _mug,
        params={
            "radius": (0.039, 0.047),
            "height": (0.082, 0.102),
            "waist": (0.9, 1.02),
            "grip": (0.028, 0.036),
        },
        colours=("red", "white", "blue", "teal", "yellow", "black"),
        materials=("ceramic", "plastic", "brushed metal"),
        contexts=("kitchen", "office", "living room", "cafe"),
        topples=True,
    )
)
register(
    Kind(
        "teapot",
        "household",
        _teapot,
        params={"radius": (0.068, 0.085), "height": (0.105, 0.135), "belly": (0.4, 0.55)},
        colours=("white", "blue", "teal", "red", "yellow", "green"),
        materials=("ceramic", "porcelain", "copper", "silver", "iron"),
        contexts=_TABLE,
        topples=True,
    )
)
register(
    Kind(
        "kettle",
        "household",
        _kettle,
        params={"radius": (0.095, 0.115), "height": (0.13, 0.165), "grip": (0.095, 0.12)},
        colours=("red", "teal", "gray", "yellow", "blue", "green"),
        materials=("car paint", "copper", "chrome", "steel"),
        contexts=_TABLE,
        topples=True,
    )
)
register(
    Kind(
        "bowl",
        "household",
        _bowl,
        params={"radius": (0.07, 0.12), "height": (0.055, 0.085), "foot": (0.38, 0.5)},
        colours=("white", "blue", "teal", "orange", "yellow", "red"),
        materials=("ceramic", "porcelain", "wood", "bamboo", "glass", "copper"),
        contexts=_TABLE,
    )
)
register(
    Kind(
        "plate",
        "household",
        _plate,
        params={"radius": (0.1, 0.14), "rim": (0.22, 0.32)},
        colours=("white", "blue", "teal", "green", "yellow", "red"),
        materials=("ceramic", "porcelain", "wood", "silver"),
        contexts=_TABLE,
    )
)
register(
    Kind(
        "bottle",
        "household",
        _bottle,
        params={"radius": (0.036, 0.043), "height": (0.26, 0.32), "shoulder": (0.5, 0.6)},
        colours=("green", "brown", "blue", "red", "black", "white"),
        materials=("glass", "plastic", "ceramic"),
        contexts=_TABLE,
        text=("WINE", "MILK", "JUICE", "OLIVE OIL", "CIDER", "LEMON"),
        topples=True,
    )
)
register(
    Kind(
        "jar",
        "household",
        _jar,
        params={"radius": (0.052, 0.07), "height": (0.12, 0.17)},
        colours=("white", "teal", "red", "beige", "blue", "yellow"),
        materials=("ceramic", "porcelain", "plastic", "clay"),
        contexts=_TABLE,
        text=("SUGAR", "TEA", "FLOUR", "HONEY", "COFFEE", "SALT"),
        topples=True,
    )
)
register(
    Kind(
        "wine glass",
        "household",
        _wine_glass,
        params={"radius": (0.04, 0.05), "height": (0.19, 0.23), "stem": (0.4, 0.48), "fill": (0.35, 0.55)},
        colours=("white", "cyan", "green", "blue"),
        materials=("glass",),
        contexts=_TABLE,
        plural="wine glasses",
        topples=True,
    )
)
register(
    Kind(
        "vase",
        "household",
        _vase,
        params={"radius": (0.07, 0.095), "height": (0.22, 0.34), "neck": (0.3, 0.5), "belly": (0.35, 0.52)},
        colours=("blue", "white", "teal", "red", "orange", "green"),
        materials=("ceramic", "porcelain", "glass", "clay", "marble", "copper"),
        contexts=_TABLE,
        topples=True,
    )
)
register(
    Kind(
        "candle",
        "household",
        _candle,
        params={"radius": (0.02, 0.028), "height": (0.09, 0.17), "drip": (0.6, 1.4), "flame": (0.9, 1.15)},
        colours=("white", "red", "ivory", "yellow", "blue", "green"),
        materials=("wax",),
        contexts=_TABLE,
        states=("unlit", "lit"),
        verbs={"lit": "light up"},
        effects={"light": "lit"},
        topples=True,
    )
)
register(
    Kind(
        "souvenir mug",
        "household",
        _souvenir_mug,
        params={"radius": (0.04, 0.046), "height": (0.094, 0.112)},
        colours=("white", "yellow", "red", "teal", "blue", "black"),
        materials=("ceramic", "porcelain"),
        contexts=("kitchen", "office", "living room", "cafe", "studio"),
        text=("HELLO", "COFFEE", "TEA TIME", "BOSS", "LOVE", "SMILE"),
        topples=True,
    )
)
register(
    Kind(
        "cooking pot",
        "household",
        _cooking_pot,
        params={"radius": (0.105, 0.135), "height": (0.11, 0.16), "dome": (0.035, 0.055)},
        colours=("red", "orange", "teal", "blue", "gray", "green"),
        materials=("car paint", "iron", "copper", "brushed metal", "ceramic"),
        contexts=("kitchen", "indoor", "cafe", "studio"),
    )
)
