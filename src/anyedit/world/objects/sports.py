"""Racket, dumbbell, target and trophy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, settled, slab, wrapped_panel
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.habitats import BRIGHT
from anyedit.world.shapes import cylinder, ellipsoid, extrude, lathe, rod, smooth_profile, sweep
from anyedit.world.surfaces import STEEL, WHITE

_PLAY = ("outdoor", "park", "playground", "garden", "meadow", "beach", "indoor", "living room", "bedroom")


def _racket(p: Mapping[str, float], state: str | None) -> list[Part]:
    a, b, grip = p["head_width"] / 2, p["head_length"] / 2, 0.2
    t = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    z0 = 0.014
    hoop = sweep(
        np.column_stack([a * np.sin(t), -b * np.cos(t), 0 * t + z0]), 0.011, 10, flat=1.2, closed=True
    )
    throat = [
        sweep([(s * a * 0.62, b * 0.78, z0), (s * 0.035, b + 0.11, z0), (s * 0.014, b + 0.2, z0)], 0.010, 10)
        for s in (-1, 1)
    ]
    strings = [
        rod((x, -b * np.sqrt(1 - (x / a) ** 2), z0), (x, b * np.sqrt(1 - (x / a) ** 2), z0), 0.0011, 4)
        for x in np.linspace(-0.85, 0.85, 14) * a
    ]
    strings += [
        rod((-a * np.sqrt(1 - (y / b) ** 2), y, z0), (a * np.sqrt(1 - (y / b) ** 2), y, z0), 0.0011, 4)
        for y in np.linspace(-0.88, 0.88, 16) * b
    ]
    y0, y1 = b + 0.17, b + 0.17 + grip
    handle = rod((0, y0, z0), (0, y1, z0), (0.0145, 0.0155), 8)
    wrap = [rod((0, y, z0), (0, y + 0.008, z0), 0.0166, 8) for y in np.linspace(y0 + 0.01, y1 - 0.02, 8)]
    ball_r = 0.0335
    ball = (0.03, -b * 0.15, z0 + 0.001 + ball_r)
    u = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    seam = np.column_stack(
        [0.8 * np.cos(u) + 0.25 * np.cos(3 * u), 0.8 * np.sin(u) - 0.25 * np.sin(3 * u), 0.85 * np.sin(2 * u)]
    )
    seam = seam / np.linalg.norm(seam, axis=1, keepdims=True) * ball_r
    return settled(
        [
            Part("frame", joined([hoop, *throat])),
            Part("strings", joined(strings), WHITE),
            Part("grip", joined([handle, *wrap]), Surface((0.12, 0.12, 0.13), "leather")),
            Part("ball", ellipsoid(ball_r, ball), Surface((0.8, 0.92, 0.15), "wool")),
            Part("ball seam", sweep(seam + np.array(ball), 0.0015, 5, closed=True), WHITE),
        ]
    )


def _dumbbell(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, reach = p["radius"], p["grip"] / 2
    bar = rod((-reach - 0.13, 0, r), (reach + 0.13, 0, r), 0.014, 16)
    knurl = lathe(
        smooth_profile(
            [
                (0.015, -reach * 0.9),
                (0.02, -reach * 0.4),
                (0.021, 0),
                (0.02, reach * 0.4),
                (0.015, reach * 0.9),
            ],
            4,
        ),
        20,
    )
    plates, collars = [], []
    for x, share, thick in ((reach, 1.0, 0.036), (reach + 0.038, 0.86, 0.03), (reach + 0.07, 0.68, 0.024)):
        rr = r * share
        profile = [
            (0, 0),
            (rr - 0.008, 0),
            (rr, 0.008),
            (rr, thick - 0.008),
            (rr - 0.008, thick),
            (rr * 0.8, thick),
            (rr * 0.74, thick - 0.005),
            (rr * 0.4, thick - 0.005),
            (rr * 0.34, thick),
            (0, thick),
        ]
        plate = lathe(profile, 40)
        for sign in (-1, 1):
            plates.append(plate.moved(affine((sign * x, 0, r), (0, 90 * sign, 0))))
    for sign in (-1, 1):
        collars.append(
            lathe([(0, 0), (0.03, 0), (0.034, 0.005), (0.03, 0.022), (0, 0.022)], 6, crease=20).moved(
                affine((sign * (reach + 0.096), 0, r), (0, 90 * sign, 0))
            )
        )
    return settled(
        [
            Part("plates", joined(plates)),
            Part("bar", joined([bar, *collars]), STEEL),
            Part("grip", knurl.moved(affine((0, 0, r), (0, 90, 0))), Surface((0.3, 0.3, 0.32), "steel")),
        ]
    )


def _target(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, z = p["radius"], p["height"]
    tilt = -10.0
    colours = [None, Surface("white", "paper"), None, Surface("white", "paper"), None]
    parts: list[Part] = []
    seat = affine((0, 0, z), (tilt, 0, 0))
    back = cylinder(r * 1.04, 0.14, segments=44).moved(affine(turn=(90, 0, 0)))
    parts.append(
        Part("straw", back.moved(affine((0, 0.14, 0))).moved(seat), Surface((0.8, 0.65, 0.34), "straw"))
    )
    for k, surface in enumerate(colours):
        outer, inner = r * (1 - k / 5), r * (1 - (k + 1) / 5)
        ring = lathe(
            [(inner, 0), (outer, 0), (outer, 0.012), (inner, 0.012), (inner, 0)]
            if k < 4
            else [(0, 0), (outer, 0), (outer, 0.012), (0, 0.012)],
            44,
        )
        parts.append(Part("ring", ring.moved(affine((0, 0.0, 0), (90, 0, 0))).moved(seat), surface))
    if state == "hit":
        turn = affine((0.03, -0.02, 0.02), (0, 0, 12))
        shaft = rod((0, 0.08, 0), (0, -0.6, 0.05), 0.011, 8).moved(turn)
        vane = slab((0.15, 0.17, 0.006), (0, 0, -0.003))
        vanes = joined([vane.moved(affine((0, -0.5, 0.042), (0, a, 0))) for a in (0, 60, 120)]).moved(turn)
        parts += [
            Part("arrow", shaft.moved(seat), Surface((0.62, 0.42, 0.22), "wood")),
            Part("feathers", vanes.moved(seat), Surface("yellow", "feathers")),
        ]
    legs = [rod((s * 0.1, 0.12, z + r * 0.9), (s * r * 1.15, -0.02, 0), 0.028, 10) for s in (-1, 1)]
    legs += [
        rod((0, 0.2, z + r * 0.9), (0, r * 1.15, 0), 0.028, 10),
        rod((-r, 0.03, z - r * 1.02), (r, 0.03, z - r * 1.02), 0.025, 10),
    ]
    parts.append(Part("easel", joined(legs), Surface((0.5, 0.33, 0.18), "wood")))
    return settled(parts)


def _trophy(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["radius"]
    base_h = h * 0.24
    outside = smooth_profile(
        [
            (r * 0.42, base_h),
            (r * 0.34, base_h + h * 0.035),
            (r * 0.13, base_h + h * 0.09),
            (r * 0.12, h * 0.40),
            (r * 0.22, h * 0.43),
            (r * 0.13, h * 0.46),
            (r * 0.5, h * 0.55),
            (r * 0.88, h * 0.72),
            (r * 0.98, h * 0.95),
            (r * 1.08, h),
        ],
        5,
    )
    inside = [(radius - 0.006, z) for radius, z in outside if z > h * 0.6][::-1]
    cup = lathe([(0, base_h), *outside, *inside, (0, h * 0.58)], 48)
    handles = both(
        sweep(
            curve(
                [
                    (r * 0.95, 0, h * 0.92),
                    (r * 1.35, 0, h * 0.96),
                    (r * 1.62, 0, h * 0.86),
                    (r * 1.45, 0, h * 0.7),
                    (r * 1.0, 0, h * 0.62),
                    (r * 0.6, 0, h * 0.59),
                ],
                4,
            ),
            r * 0.07,
            12,
        )
    )
    foot = r * 0.92
    base = lathe(
        [
            (0, 0),
            (foot, 0),
            (foot, base_h * 0.1),
            (foot * 0.93, base_h * 0.18),
            (foot * 0.9, base_h * 0.85),
            (foot * 0.95, base_h * 0.93),
            (foot * 0.95, base_h),
            (0, base_h),
        ],
        48,
    )
    plaque = wrapped_panel(foot * 0.942, 120, base_h * 0.24, base_h * 0.8, foot * 0.92)
    parts = [
        Part("cup", cup),
        Part("handles", handles),
        Part("base", base, Surface((0.14, 0.08, 0.06), "dark wood")),
        Part("plaque", plaque, Surface((0.93, 0.82, 0.5), "plastic"), label=True),
    ]
    if p["star"] > 0.5:
        t = np.linspace(0, 2 * np.pi, 10, endpoint=False) + np.pi / 2
        reach = np.where(np.arange(10) % 2 == 0, r * 0.42, r * 0.18)
        star = extrude(
            np.column_stack([reach * np.cos(t), reach * np.sin(t)]),
            0.012,
            (0, -r * 0.92, h * 0.77),
            bevel=0.003,
        )
        parts.append(Part("star", star, Surface((0.85, 0.86, 0.88), "silver")))
    return settled(parts)


register(
    Kind(
        "tennis racket",
        "sport",
        _racket,
        params={"head_width": (0.25, 0.28), "head_length": (0.32, 0.36)},
        colours=BRIGHT,
        materials=("plastic", "car paint", "wood"),
        scale="tabletop",
        contexts=_PLAY,
    )
)
register(
    Kind(
        "dumbbell",
        "sport",
        _dumbbell,
        params={"radius": (0.075, 0.1), "grip": (0.12, 0.15)},
        colours=("black", "gray", "red", "blue", "pink"),
        materials=("iron", "rubber", "steel", "chrome"),
        scale="tabletop",
        contexts=("indoor", "bedroom", "living room", "garage", "studio"),
    )
)
register(
    Kind(
        "archery target",
        "sport",
        _target,
        params={"radius": (0.42, 0.52), "height": (0.75, 0.9)},
        states=("bare", "hit"),
        verbs={"hit": "be hit by an arrow"},
        effects={"shoot": "hit"},
        colours=("red", "blue", "green", "black"),
        materials=("paper",),
        scale="room",
        contexts=("outdoor", "meadow", "garden", "park", "forest"),
    )
)
register(
    Kind(
        "trophy",
        "sport",
        _trophy,
        params={"height": (0.3, 0.42), "radius": (0.075, 0.09), "star": (0, 1)},
        colours=("yellow", "gray", "orange", "white"),
        materials=("gold", "silver", "copper", "brushed metal"),
        scale="tabletop",
        contexts=("indoor", "living room", "office", "classroom", "stage", "bedroom", "studio"),
        plural="trophies",
        text=("WINNER", "No. 1", "CHAMPION", "FIRST", "BEST DAD", "1ST"),
        topples=True,
    )
)
