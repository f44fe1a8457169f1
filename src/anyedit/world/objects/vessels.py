"""Bowl, plate, bottle, jar and vase."""

from __future__ import annotations

from collections.abc import Mapping

from anyedit.world.blocks import settled, wrapped_panel
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, joined
from anyedit.world.objects.habitats import DINING
from anyedit.world.shapes import Points, lathe, smooth_profile


def vessel(outside: Points, wall: float, floor: float, segments: int = 48, steps: int = 6) -> Mesh:
    """A hollow turned vessel: the smooth outside (radius, height), a rim, and the same shape `wall` further in."""
    skin = smooth_profile(outside, steps)
    radius, height = skin[-1]
    inside = [(max(r - wall, 1e-4), z) for r, z in skin if z > floor][::-1]
    return lathe(
        [(0, skin[0][1]), *skin, (radius - wall / 2, height + wall / 3), *inside, (0, floor)], segments
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


def _vase(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, neck, belly = p["radius"], p["height"], p["neck"], p["belly"]
    shape = [
        (r * 0.5, 0), (r * 0.55, 0.008), (r * 0.86, h * belly * 0.55), (r, h * belly), (r * 0.78, h * (belly + 0.2)),
        (r * neck, h * 0.88), (r * (neck + 0.17), h),
    ]  # fmt: skip
    return settled([Part("body", vessel(shape, 0.005, 0.02, 56))])


register(
    Kind(
        "bowl",
        "household",
        _bowl,
        params={"radius": (0.07, 0.12), "height": (0.055, 0.085), "foot": (0.38, 0.5)},
        colours=("white", "blue", "teal", "orange", "yellow", "red"),
        materials=("ceramic", "porcelain", "wood", "bamboo", "glass", "copper"),
        contexts=DINING,
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
        contexts=DINING,
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
        contexts=DINING,
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
        contexts=DINING,
        text=("SUGAR", "TEA", "FLOUR", "HONEY", "COFFEE", "SALT"),
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
        contexts=DINING,
        topples=True,
    )
)
