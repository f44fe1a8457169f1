"""Clock, picture frame and mirror."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import (
    cylinder,
    ellipsoid,
    extrude,
    lathe,
    loft,
    rod,
    rounded_ring,
    smooth_profile,
    sweep,
)
from anyedit.world.surfaces import BLACK, BRASS, IVORY, TIMBER


def _clock(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, d = p["radius"], 0.07
    facing = affine((0, 0, r + 0.035), (90, 0, 0))
    rim = lathe(
        [
            (0, -d / 2),
            (r * 0.9, -d / 2),
            (r, -d * 0.3),
            (r, d * 0.36),
            (r * 0.97, d * 0.5),
            (r * 0.9, d * 0.5),
            (r * 0.87, d * 0.3),
            (0, d * 0.3),
        ],
        64,
    )
    face = lathe([(0, d * 0.31), (r * 0.88, d * 0.31), (r * 0.88, d * 0.33), (0, d * 0.33)], 56)
    z = d * 0.34
    marks = []
    for k in range(12):
        long = 0.16 if k % 3 == 0 else 0.085
        tick = slab((r * (0.055 if k % 3 == 0 else 0.035), r * long, 0.003), (0, r * (0.8 - long / 2), z))
        marks.append(tick.moved(affine(turn=(0, 0, 30 * k))))
    hour, minute = p["hour"], p["minute"]

    def hand(length: float, width: float, at: float, turn: float) -> Mesh:
        blade = loft(
            [
                rounded_ring(width * s, 0.003, y, 0.2, 12)
                for y, s in ((-length * 0.16, 1.2), (0, 1), (length * 0.8, 0.7), (length, 0.16))
            ]
        )
        return blade.moved(affine((0, 0, at), (0, 0, -turn)) @ affine(turn=(-90, 0, 0)))

    hands = [hand(r * 0.46, r * 0.07, z + 0.004, 30 * hour), hand(r * 0.7, r * 0.05, z + 0.007, 6 * minute)]
    pin = cylinder(r * 0.05, 0.012, (0, 0, z), segments=24)
    feet = both(rod((r * 0.5, 0, 0.008), (r * 0.38, 0, r * 0.5), (0.011, 0.009), 14))
    toes = both(ellipsoid(0.013, (r * 0.51, 0, 0.013), detail=2))
    bells = both(lathe([(0, 0), (r * 0.34, 0), (r * 0.3, r * 0.16), (r * 0.12, r * 0.25), (0, r * 0.26)], 36).moved(
        affine((r * 0.52, 0, r * 1.93), (0, 30, 0))))  # fmt: skip
    arch = sweep(
        curve(
            [
                (-r * 0.3, 0, r * 2.16),
                (-r * 0.16, 0, r * 2.4),
                (0, 0, r * 2.48),
                (r * 0.16, 0, r * 2.4),
                (r * 0.3, 0, r * 2.16),
            ],
            4,
        ),
        0.004,
        10,
    )
    parts = [
        Part("case", rim.moved(facing)),
        Part("face", face.moved(facing), IVORY),
        Part("marks", joined(marks).moved(facing), BLACK),
        Part("hands", joined([*hands, pin]).moved(facing), BLACK),
        Part("feet", joined([feet, toes]), BRASS),
    ]
    if p["bells"] > 0.4:
        parts.append(Part("bells", joined([bells, arch]).moved(affine((0, 0, 0.035))), BRASS))
    return settled(parts)


def _frame(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h, m, d = p["width"], p["height"], p["border"], 0.024
    outer = [(-w / 2, 0), (w / 2, 0), (w / 2, h), (-w / 2, h)]
    profile = [
        (0.0, 0.0),
        (0.0, -d * 0.6),
        (m * 0.3, -d),
        (m * 0.6, -d * 0.85),
        (m, -d * 0.45),
        (m, 0.0),
    ]  # (inset, y)
    rings = []
    for inset, y in profile:
        rings.append([(x - np.sign(x) * inset, y, z + (inset if z == 0 else -inset)) for x, z in outer])
    ring = np.asarray(rings)  # (profile, corner, 3)
    moulding = []
    for k in range(4):
        moulding.append(loft([ring[:, k], ring[:, (k + 1) % 4]], crease=30))
    iw, ih = w - 2 * m, h - 2 * m
    mat = extrude([(-iw / 2, m), (iw / 2, m), (iw / 2, h - m), (-iw / 2, h - m)], 0.004, (0, -d * 0.3, 0))
    pw, ph, low = iw * 0.76, ih * 0.76, m + ih * 0.12
    y = -d * 0.3 - 0.0035

    def cut_out(points: list[tuple[float, float]], at: float) -> Mesh:
        return extrude([(x * pw, low + z * ph) for x, z in points], 0.0016, (0, at, 0))

    sky = cut_out([(-0.5, 0), (0.5, 0), (0.5, 1), (-0.5, 1)], y)
    far = cut_out(
        [
            (-0.5, 0),
            (0.5, 0),
            (0.5, 0.42),
            (0.3, 0.64),
            (0.12, 0.44),
            (-0.14, 0.76),
            (-0.36, 0.46),
            (-0.5, 0.58),
        ],
        y - 0.0012,
    )
    t = np.linspace(-0.5, 0.5, 21)
    hill = cut_out(
        [(-0.5, 0), (0.5, 0), *[(x, 0.28 + 0.1 * np.sin(5 * x + p["hills"] * 6)) for x in t[::-1]]],
        y - 0.0022,
    )
    sun_r = pw * 0.09
    sun = extrude(
        [
            (pw * 0.25 + sun_r * np.cos(a), low + ph * 0.82 + sun_r * np.sin(a))
            for a in np.linspace(0, 2 * np.pi, 28)
        ],
        0.0016,
        (0, y - 0.001, 0),
    )
    back = slab((w * 0.94, 0.006, h * 0.94), (0, -0.002, h * 0.03))
    strut = slab((w * 0.16, 0.008, h * 0.66), (0, 0, 0)).moved(affine((0, h * 0.36, 0), (20, 0, 0)))
    lean = affine(turn=(-9, 0, 0))
    upright = [
        Part("moulding", joined(moulding)),
        Part("mat", mat, Surface("ivory", "paper")),
        Part("sky", sky, Surface((0.62, 0.82, 0.93), "paper")),
        Part("sun", sun, Surface((0.98, 0.8, 0.35), "paper")),
        Part("mountains", far, Surface((0.36, 0.44, 0.6), "paper")),
        Part("hill", hill, Surface((0.36, 0.58, 0.32), "paper")),
        Part("back", back, TIMBER),
    ]
    leaning = [Part(part.name, part.mesh.moved(lean), part.surface) for part in upright]
    return settled([*leaning, Part("strut", strut, TIMBER)])


def _mirror(p: Mapping[str, float], state: str | None) -> list[Part]:
    """A full-length mirror that swings between two turned posts."""
    w, h, m = p["width"], p["height"], 0.032
    post_x, low, swing = w / 2 + 0.075, 0.2, p["tilt"]

    def oval(inset: float, y: float) -> np.ndarray:
        ring = rounded_ring(w - 2 * inset, h - 2 * inset, 0, p["round"], 64)
        return np.column_stack([ring[:, 0], np.full(64, y), ring[:, 1]])

    profile = ((0.006, 0.014), (0.0, 0.0), (0.004, -0.016), (m * 0.5, -0.024), (m * 0.9, -0.015), (m, -0.006))
    moulding = loft([oval(inset, y) for inset, y in profile], crease=50)  # its ends close behind the glass
    glass = loft([oval(m * 0.9, -0.0055), oval(m * 0.9, -0.0095)], crease=40)
    hung = affine((0, 0, low + h / 2), (swing, 0, 0))
    posts, arms = [], []
    middle = low + h / 2
    turning = [(0, 0), (0.024, 0), (0.024, 0.03), (0.016, 0.06), (0.021, 0.2), (0.014, 0.32), (0.018, middle - 0.2),
               (0.014, middle - 0.06), (0.02, middle), (0.013, middle + 0.05), (0.023, middle + 0.09), (0.001, middle + 0.125)]  # fmt: skip
    for s in (-1, 1):
        posts.append(lathe(smooth_profile(turning, 4), 22, at=(s * post_x, 0, 0.03)))
        for b in (-1, 1):
            arc = curve([(s * post_x, 0, 0.15, 0.016), (s * post_x, b * 0.1, 0.1, 0.016), (s * post_x, b * 0.2, 0.03, 0.017),
                         (s * post_x, b * 0.27, 0.018, 0.018)], 5)  # fmt: skip
            posts.append(sweep(arc[:, :3], arc[:, 3], 14))
        arms.append(rod((s * (w / 2 - 0.008), 0, middle), (s * (post_x + 0.028), 0, middle), 0.009, 14))
        arms.append(ellipsoid(0.02, (s * (post_x + 0.034), 0, middle), detail=2))
    bar = rod((-post_x, 0, 0.135), (post_x, 0, 0.135), 0.014, 16)
    return settled(
        [
            Part("frame", moulding.moved(hung)),
            Part("stand", joined([*posts, bar])),
            Part("glass", glass.moved(hung), Surface((0.93, 0.95, 0.96), "chrome")),
            Part("pivots", joined(arms), BRASS),
        ]
    )


register(
    Kind(
        "clock",
        "household",
        _clock,
        params={"radius": (0.08, 0.12), "hour": (0, 12), "minute": (0, 60), "bells": (0, 1)},
        colours=("red", "teal", "blue", "yellow", "white", "green"),
        materials=("car paint", "plastic", "copper", "wood", "gold"),
        contexts=("indoor", "bedroom", "living room", "office", "kitchen", "classroom", "studio"),
        topples=True,
    )
)
register(
    Kind(
        "picture frame",
        "household",
        _frame,
        params={"width": (0.2, 0.34), "height": (0.2, 0.3), "border": (0.02, 0.032), "hills": (0, 1)},
        colours=("brown", "black", "white", "red", "teal", "blue"),
        materials=("wood", "dark wood", "gold", "matte paint", "silver"),
        contexts=("indoor", "living room", "bedroom", "office", "studio"),
        topples=True,
    )
)
register(
    Kind(
        "mirror",
        "household",
        _mirror,
        params={"width": (0.46, 0.58), "height": (1.2, 1.4), "round": (0.05, 1.0), "tilt": (-7, 1)},
        colours=("brown", "white", "black", "beige", "gray"),
        materials=("wood", "dark wood", "gold", "matte paint"),
        scale="room",
        contexts=("indoor", "bedroom", "living room", "bathroom", "studio"),
        topples=True,
    )
)
