"""Lamps that stand on desks and floors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import curve, settled
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Array, Mesh, affine, joined
from anyedit.world.shapes import cylinder, ellipsoid, lathe, rod, smooth_profile, sweep
from anyedit.world.surfaces import BLACK, BRASS, CHROME, STEEL, TIMBER

_LIT = Surface((1.0, 0.84, 0.55), "plastic", glow=24.0)
_DARK = Surface((0.93, 0.92, 0.88), "ceramic")
_SHADE_LIT = Surface((1.0, 0.83, 0.56), "plastic", glow=2.6)


def _cone_shade(low: float, high: float, height: float, wall: float = 0.003) -> Mesh:
    """An open drum or cone shade standing on z = 0, wall to both sides."""
    return lathe([(low, 0), (high, height), (high - wall, height), (low - wall, 0), (low, 0)], 56)


def _aim(direction: Array) -> Array:
    """The map that turns +z to a direction in the x = const plane tilted about x and y: float (4, 4)."""
    d = direction / np.linalg.norm(direction)
    polar, azimuth = np.degrees(np.arccos(d[2])), np.degrees(np.arctan2(d[1], d[0]))
    return affine(turn=(0, 0, azimuth)) @ affine(turn=(0, polar, 0))


def _desk_lamp(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, low, high = 0.085, p["lower"], p["upper"]
    on = state == "on"
    base = lathe(
        [(0, 0), (r, 0), (r, 0.012), (r * 0.93, 0.02), (r * 0.3, 0.026), (0.016, 0.04), (0, 0.04)], 52
    )
    a, b = np.radians(p["lean"]), np.radians(p["reach"])
    foot = np.array([0.03, 0.0, 0.034])
    elbow = foot + low * np.array([np.sin(a), 0.0, np.cos(a)])
    wrist = elbow + high * np.array([-np.cos(b), -0.25, np.sin(b)])
    gap = np.array([0.0, 0.011, 0.0])
    arms = [
        rod(start + s * gap, end + s * gap, 0.0042, 12)
        for start, end in ((foot, elbow), (elbow, wrist))
        for s in (-1, 1)
    ]
    joints = [
        cylinder(0.014, 0.036, segments=24).moved(affine((at[0], at[1] + 0.018, at[2]), (90, 0, 0)))
        for at in (foot, elbow, wrist)
    ]
    aim = np.array([-0.3, -0.8, -0.5])
    place = affine(tuple(wrist)) @ _aim(-aim)
    bell = [(0.022, 0.02), (0.028, 0.012), (0.034, -0.02), (0.058, -0.055), (0.082, -0.1), (0.086, -0.112)]
    skin = smooth_profile(bell, 4)
    shade = lathe([(0, 0.022), *skin, *[(x - 0.003, z) for x, z in skin[::-1] if z < 0.008], (0, 0.006)], 48)
    bulb = ellipsoid((0.042, 0.042, 0.05), (0, 0, -0.086))
    # `lathe` wants outlines that run upward; this one runs down, so its skin is turned outward here.
    shade = Mesh(shade.vertices, shade.faces[:, ::-1], -shade.normals, shade.uv)
    socket = cylinder(0.02, 0.04, (0, 0, 0.012), segments=28)
    knob = cylinder(0.009, 0.008, (-0.052, -0.03, 0.016), segments=20)
    return settled(
        [
            Part("base", base),
            Part("arm", joined([*arms, *joints]), STEEL if p["lower"] < 0.24 else CHROME),
            Part("shade", joined([shade, socket]).moved(place)),
            Part("bulb", bulb.moved(place), _LIT if on else _DARK),
            Part("switch", knob, BLACK),
        ]
    )


def _floor_lamp(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, low, drum = p["height"], p["shade"], p["drum"]
    on = state == "on"
    high = low * (0.62 if p["cone"] > 0.5 else 0.92)
    z = h - drum
    if p["tripod"] > 0.5:
        hub = z - 0.1
        legs = [
            rod(
                (0.27 * np.cos(t), 0.27 * np.sin(t), 0),
                (0.025 * np.cos(t), 0.025 * np.sin(t), hub),
                (0.012, 0.018),
                16,
            )
            for t in np.radians([-90, 30, 150])
        ]
        stand = Part("stand", joined([*legs, cylinder(0.045, 0.05, (0, 0, hub - 0.03))]), TIMBER)
        stem = rod((0, 0, hub), (0, 0, z + drum * 0.5), 0.01, 14)
    else:
        foot = lathe(
            [(0, 0), (0.15, 0), (0.15, 0.012), (0.14, 0.022), (0.03, 0.034), (0.016, 0.06), (0, 0.06)], 52
        )
        rings = [
            lathe([(0.012, 0), (0.022, 0.012), (0.012, 0.024)], 28, at=(0, 0, s * z)) for s in (0.35, 0.7)
        ]
        stand = Part("stand", joined([foot, *rings, rod((0, 0, 0.03), (0, 0, z), 0.012, 18)]), BRASS)
        stem = rod((0, 0, z - 0.02), (0, 0, z + drum * 0.5), 0.008, 14)
    spokes = [
        rod((0, 0, h - 0.03), (high * 0.97 * np.cos(t), high * 0.97 * np.sin(t), h - 0.03), 0.003, 8)
        for t in (0.5, 2.6, 4.7)
    ]
    bulb = ellipsoid((0.045, 0.045, 0.06), (0, 0, z + drum * 0.5))
    shade = _cone_shade(low, high, drum).moved(affine((0, 0, z)))
    rims = [
        lathe([(q - 0.004, 0), (q + 0.003, 0), (q + 0.003, 0.01), (q - 0.004, 0.01)], 56, at=(0, 0, k))
        for q, k in ((low, z - 0.002), (high, h - 0.008))
    ]
    chain = curve(
        [
            (low * 0.55, -low * 0.55, z + 0.05),
            (low * 0.55, -low * 0.55, z - 0.05),
            (low * 0.55, -low * 0.55, z - 0.14),
        ],
        4,
    )
    return settled(
        [
            stand,
            Part("shade", shade, _SHADE_LIT if on else None),
            Part("trim", joined(rims)),
            Part(
                "fitting",
                joined([stem, *spokes, sweep(chain, 0.002, 6), ellipsoid(0.008, tuple(chain[-1]), detail=1)]),
                BRASS,
            ),
            Part("bulb", bulb, _LIT if on else _DARK),
        ]
    )


register(
    Kind(
        "desk lamp",
        "household",
        _desk_lamp,
        params={"lower": (0.2, 0.27), "upper": (0.19, 0.24), "lean": (16, 32), "reach": (12, 32)},
        states=("off", "on"),
        verbs={"on": "switch on", "off": "switch off"},
        effects={"switch_on": "on", "switch_off": "off", "nightfall": "on"},
        colours=("red", "black", "teal", "yellow", "white", "blue"),
        materials=("car paint", "matte paint", "copper", "plastic"),
        contexts=("indoor", "office", "bedroom", "living room", "classroom", "workshop", "studio"),
    )
)
register(
    Kind(
        "floor lamp",
        "furniture",
        _floor_lamp,
        params={
            "height": (1.35, 1.65),
            "shade": (0.2, 0.25),
            "drum": (0.26, 0.34),
            "cone": (0, 1),
            "tripod": (0, 1),
        },
        states=("off", "on"),
        verbs={"on": "switch on", "off": "switch off"},
        effects={"switch_on": "on", "switch_off": "off", "nightfall": "on"},
        colours=("beige", "white", "red", "teal", "orange", "gray"),
        materials=("fabric", "paper", "straw"),
        scale="room",
        contexts=("indoor", "living room", "bedroom", "office", "studio"),
        topples=True,
    )
)
