"""What lies about the house: umbrella, basket, suitcase, bucket, backpack, clock, mirror, picture frame, shoe."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, placed, settled, skin, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined, shaded
from anyedit.world.shapes import (
    box,
    cut,
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
from anyedit.world.surfaces import BLACK, BRASS, IVORY, LEATHER, STEEL, TIMBER, WOOD


def _canopy(radius: float, rise: float, top: float, ribs: int, thick: float = 0.004) -> Mesh:
    """An umbrella's cloth: gores that sag between the ribs, scalloped at the rim, closed underneath."""
    n, rows = ribs * 6, 9
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    between = np.abs(np.sin(angle * ribs / 2))  # 0 on a rib, 1 midway
    u = np.linspace(0, 1, rows)[:, None]
    reach = radius * u * (1 - 0.085 * u**2 * between)
    z = top - rise * u**2.1 - 0.02 * u * between * radius
    sheet = np.stack([reach * np.cos(angle), reach * np.sin(angle), z + 0 * angle], -1).reshape(-1, 3)
    points = np.vstack([sheet, sheet - [0, 0, thick]])
    k, j = np.meshgrid(np.arange(rows - 1), np.arange(n), indexing="ij")
    a, b = (k * n + j).ravel(), (k * n + (j + 1) % n).ravel()
    c, d = b + n, a + n
    upper = np.concatenate([np.column_stack([a, c, b]), np.column_stack([a, d, c])])
    upper = upper[:, [0, 2, 1]] if _downward(points, upper) else upper
    lower = upper[:, ::-1] + len(sheet)
    edge = (rows - 1) * n + np.arange(n)
    on = (rows - 1) * n + (np.arange(n) + 1) % n
    rim = np.concatenate(
        [
            np.column_stack([edge, edge + len(sheet), on + len(sheet)]),
            np.column_stack([edge, on + len(sheet), on]),
        ]
    )
    return shaded(points, np.concatenate([upper, lower, rim]), crease=22)


def _downward(points: np.ndarray, faces: np.ndarray) -> bool:
    corner = points[faces]
    return float(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])[:, 2].sum()) < 0


def _umbrella(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, length, ribs = p["radius"], p["length"], 8
    hook = [
        (0, 0, 0.1),
        (0, 0, 0.045),
        (0.008, 0, 0.012),
        (0.036, 0, -0.004),
        (0.066, 0, 0.012),
        (0.072, 0, 0.042),
    ]
    grip = sweep(curve(hook, 5), 0.012, 16)
    shaft = rod((0, 0, 0.08), (0, 0, length), 0.0055, 12)
    tip = rod((0, 0, length - 0.01), (0, 0, length + 0.05), (0.007, 0.004), 12)
    if state == "open":
        rise = r * p["dome"]
        cloth = _canopy(r, rise, length, ribs)
        spokes = []
        for a in np.arange(ribs) * 2 * np.pi / ribs:
            out = np.array([np.cos(a), np.sin(a), 0])
            rib = [out * r * u + [0, 0, length - rise * u**2.1 - 0.009] for u in np.linspace(0.02, 0.99, 7)]
            spokes.append(sweep(rib, 0.003, 6))
            spokes.append(
                rod(
                    (0, 0, length - rise * 1.25),
                    tuple(out * r * 0.52 + [0, 0, length - rise * 0.52**2.1 - 0.012]),
                    0.0025,
                    6,
                )
            )
            spokes.append(ellipsoid(0.007, tuple(out * r + [0, 0, length - rise - 0.004]), detail=1))
        runner = cylinder(0.011, 0.04, (0, 0, length - rise * 1.25 - 0.03), segments=20)
        parts = [
            Part("canopy", cloth),
            Part("ribs", joined([*spokes, shaft, tip, runner]), STEEL),
            Part("handle", grip, TIMBER),
        ]
        return settled(parts)
    rings = []
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    for u in np.linspace(0, 1, 12):  # furled cloth: eight pleats, swelling towards the handle, twisted
        z = 0.16 + (length - 0.17) * u
        width = 0.012 + 0.036 * (1 - u) ** 0.8 * (0.35 + 0.65 * min(1.0, u / 0.12))
        wave = 1 + 0.3 * np.cos(ribs * angle - 2.2 * u) * (1 - 0.7 * u)
        rings.append(
            np.column_stack([width * wave * np.cos(angle), width * wave * np.sin(angle), np.full(64, z)])
        )
    strap = lathe(
        [(0.036, 0), (0.042, 0.002), (0.042, 0.024), (0.036, 0.026)], 32, at=(0, 0, 0.16 + length * 0.33)
    )
    parts = [
        Part("canopy", loft(rings, crease=50)),
        Part("ribs", joined([shaft, tip]), STEEL),
        Part("strap", strap, BLACK),
        Part("handle", grip, TIMBER),
    ]
    return settled(placed(parts, turn=(86.5, 0, 52)))  # it lies on the floor


def _basket(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, rows, posts = p["width"], p["width"] * p["depth"], p["height"], 9, 26
    angle = np.linspace(0, 2 * np.pi, posts * 2, endpoint=False)
    strands = []
    for k in range(rows):
        u = (k + 0.5) / rows
        grow = 0.84 + 0.16 * u
        weave = 1 + 0.022 * np.cos(posts * angle + np.pi * k)
        x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.72 * w / 2 * grow * weave
        y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.72 * d / 2 * grow * weave
        path = np.column_stack([x, y, np.full(len(angle), h * u)])
        strands.append(sweep(path, h / rows * 0.6, 8, closed=True))
    inner = loft(
        [rounded_ring(w * s, d * s, z, 0.66, 52) for z, s in ((0.0, 0.8), (0.012, 0.82), (h * 0.12, 0.82))],
        40,
    )
    rim_path = rounded_ring(w * 1.01, d * 1.01, h, 0.66, 56)
    rim = sweep(rim_path, 0.012, 10, closed=True)
    t = np.linspace(0, np.pi, 22)
    hoop = np.column_stack([w * 0.49 * np.cos(t), 0 * t, h * 0.9 + p["hoop"] * np.sin(t)])
    twist = 0.009 + 0.0012 * np.cos(np.arange(22) * np.pi)
    return settled(
        [
            Part("weave", joined([*strands, inner])),
            Part("rim", joined([rim, sweep(hoop, twist, 10, flat=1.5)]), Surface((0.5, 0.32, 0.17), "wood")),
        ]
    )


def _suitcase(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, lift = p["width"], p["depth"], p["height"], 0.045
    rings = [rounded_ring(w * s, h * s, y, 0.14, 56) for y, s in
             ((-d / 2, 0.93), (-d / 2 + 0.008, 0.97), (-d / 2 + 0.025, 1), (d / 2 - 0.025, 1), (d / 2 - 0.008, 0.97), (d / 2, 0.93))]  # fmt: skip
    stand = affine((0, 0, lift + h / 2), (90, 0, 0))
    shell = loft(rings, crease=40).moved(stand)
    grooves = []
    count = 5
    for k in range(count):
        x = (k - (count - 1) / 2) * w * 0.165
        grooves.append(slab((w * 0.085, 0.014, h * 0.84), (x, -d / 2 - 0.001, lift + h * 0.08), 0.006))
    zip_ = loft([rounded_ring(w * 1.006, h * 1.006, y, 0.14, 56) for y in (-0.009, 0.009)], 40).moved(stand)
    top = lift + h
    grip = sweep(
        curve(
            [
                (-0.07, 0, top - 0.002),
                (-0.062, 0, top + 0.026),
                (0, 0, top + 0.034),
                (0.062, 0, top + 0.026),
                (0.07, 0, top - 0.002),
            ],
            5,
        ),
        0.0095,
        12,
    )
    bars = [
        rod((s * 0.075, d * 0.33, top - 0.02), (s * 0.075, d * 0.33, top + p["pull"]), 0.0065, 12)
        for s in (-1, 1)
    ]
    pull = box((0.19, 0.03, 0.032), (0, d * 0.33, top + p["pull"] - 0.005), 0.014)
    wheels, forks = [], []
    for x in (-w * 0.38, w * 0.38):
        for y in (-d * 0.3, d * 0.3):
            wheels.append(cylinder(0.024, 0.02, segments=24).moved(affine((x + 0.01, y, 0.024), (0, -90, 0))))
            forks.append(box((0.05, 0.05, 0.03), (x, y, 0.026), 0.01))
    corners = [
        ellipsoid((0.04, 0.016, 0.04), (s * w * 0.455, -d / 2 + 0.018, lift + h * t), detail=2)
        for s in (-1, 1)
        for t in (0.05, 0.95)
    ]
    lock = box((0.05, 0.014, 0.03), (w * 0.5, 0, lift + h * 0.62), 0.005).moved(affine(turn=(0, 0, 0)))
    return settled(
        [
            Part("shell", joined([shell, *grooves])),
            Part("trim", joined([zip_, grip, pull, *forks, *corners]), BLACK),
            Part("metal", joined([*bars, lock]), STEEL),
            Part("wheels", joined(wheels), Surface((0.12, 0.12, 0.13), "rubber")),
        ]
    )


def _bucket(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, low = p["radius"], p["height"], p["radius"] * p["taper"]
    wall = 0.004
    profile = [(0, 0.004), (low - 0.006, 0.004), (low - 0.004, 0), (low, 0), (low + (r - low) * 0.3, h * 0.3)]
    profile += [
        (low + (r - low) * 0.3 + 0.003, h * 0.31),
        (low + (r - low) * 0.3 + 0.003, h * 0.33),
        (low + (r - low) * 0.34, h * 0.34),
    ]
    profile += [
        (r, h - 0.014),
        (r + 0.007, h - 0.012),
        (r + 0.008, h - 0.004),
        (r + 0.004, h),
        (r - wall, h - 0.003),
    ]
    profile += [(low - wall, 0.012), (0, 0.012)]
    body = lathe(profile, 56)
    t = np.linspace(0, np.pi, 24)
    swing = np.radians(p["swing"])
    bail = np.column_stack(
        [
            (r + 0.012) * np.cos(t),
            -np.sin(swing) * r * 1.05 * np.sin(t),
            h - 0.03 + np.cos(swing) * r * 1.05 * np.sin(t),
        ]
    )
    ears = both(cylinder(0.016, 0.012, segments=20).moved(affine((r - 0.004, 0, h - 0.03), (0, 90, 0))))
    return settled(
        [
            Part("body", body),
            Part("bail", joined([sweep(bail, 0.0038, 10), ears]), STEEL),
            Part("grip", sweep(bail[9:15], 0.011, 14), WOOD),
        ]
    )


def _backpack(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h = p["width"], p["depth"], p["height"]
    rings = []
    for u in np.linspace(0, 1, 14):
        swell = (1 - abs(2 * u - 1) ** 3.4) ** 0.42 if 0 < u < 1 else 0.0
        tall = 0.6 + 0.4 * swell
        narrow = 1 - 0.16 * max(0.0, u - 0.45) / 0.55
        rings.append(
            rounded_ring(w * tall * narrow, d * (0.55 + 0.45 * swell) * (1 - 0.12 * u), h * u, 0.34, 48)
        )
    body = loft(rings, crease=60)
    ph = h * 0.4
    pocket_rings = []
    for u in np.linspace(0, 1, 11):
        swell = (1 - abs(2 * u - 1) ** 3.4) ** 0.42 if 0 < u < 1 else 0.0
        pocket_rings.append(
            rounded_ring(
                w * (0.5 + 0.22 * swell), 0.08 + 0.06 * swell, h * 0.07 + ph * u, 0.36, 40, (0, -d * 0.43)
            )
        )
    pocket = loft(pocket_rings, crease=60)
    sides = both(loft([rounded_ring(0.07 * s, d * 0.5 * s, h * 0.06 + h * 0.3 * u, 0.6, 28, (w * 0.47, 0)) for u, s in
                       ((0, 0.5), (0.1, 0.9), (0.5, 1), (0.9, 1), (1, 0.86))], 60))  # fmt: skip
    t = np.linspace(np.pi * 0.04, np.pi * 0.96, 26)
    zip_path = np.column_stack(
        [w * 0.405 * np.cos(t), np.full(26, -d * 0.42) + 0.06 * np.sin(t), h * 0.52 + h * 0.41 * np.sin(t)]
    )
    zips = [
        sweep(zip_path, 0.0055, 8),
        rod((-w * 0.3, -d * 0.43 - 0.066, h * 0.385), (w * 0.3, -d * 0.43 - 0.066, h * 0.385), 0.005, 8),
    ]
    straps = both(
        sweep(
            curve(
                [
                    (w * 0.2, d * 0.36, h * 0.92),
                    (w * 0.27, d * 0.72, h * 0.74),
                    (w * 0.3, d * 0.76, h * 0.45),
                    (w * 0.36, d * 0.44, h * 0.12),
                ],
                6,
            ),
            0.03,
            10,
            flat=0.32,
        )
    )
    loop = sweep(
        curve(
            [
                (-0.045, d * 0.14, h * 0.975),
                (-0.038, d * 0.12, h * 1.03),
                (0, d * 0.11, h * 1.055),
                (0.038, d * 0.12, h * 1.03),
                (0.045, d * 0.14, h * 0.975),
            ],
            4,
        ),
        0.009,
        10,
    )
    tags = [
        box((0.014, 0.008, 0.034), (x, y, z), 0.003)
        for x, y, z in ((w * 0.395, -d * 0.44, h * 0.52), (w * 0.24, -d * 0.43 - 0.073, h * 0.35))
    ]
    badge = box((0.07, 0.008, 0.05), (0, -d * 0.43 - 0.071, h * 0.2), 0.003)
    return settled(
        [
            Part("body", joined([body, sides])),
            Part("pocket", pocket),
            Part("straps", joined([straps, loop]), Surface((0.14, 0.14, 0.16), "fabric")),
            Part("zips", joined(zips), BLACK),
            Part("tags", joined([*tags]), BRASS),
            Part("badge", badge, LEATHER),
        ]
    )


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


def _shoe(p: Mapping[str, float], state: str | None) -> list[Part]:
    """A laced trainer seen in profile, its toe to the left (-x)."""
    sole, ankle = p["sole"], p["ankle"]
    stations = np.array([
        (-0.140, 0.012, 0.030, 0.034), (-0.136, 0.044, 0.018, 0.048), (-0.120, 0.076, 0.012, 0.060),
        (-0.085, 0.098, 0.012, 0.068), (-0.040, 0.100, 0.012, 0.080), (0.000, 0.090, 0.012, 0.103),
        (0.035, 0.080, 0.012, ankle), (0.080, 0.076, 0.012, ankle + 0.004), (0.118, 0.070, 0.012, ankle + 0.014),
        (0.136, 0.046, 0.014, ankle + 0.010), (0.141, 0.012, 0.030, ankle - 0.02),
    ])  # fmt: skip
    table = np.column_stack([stations, np.full(len(stations), 0.82)])
    upper = skin(table.tolist(), 5, 40, 50)
    hollow = ellipsoid((0.03, 0.056, 0.075), (0, 0.074, ankle + 0.022))
    upper = cut(upper, hollow, crease=45)
    lining = ellipsoid((0.0255, 0.049, 0.004), (0, 0.074, ankle - 0.018))
    fine = curve(stations, 6)

    def over(x: float, y: float) -> float:
        """Height of the upper's skin at (x, y)."""
        width, low, high = (float(np.interp(y, fine[:, 0], fine[:, k])) for k in (1, 2, 3))
        power = 0.16 + 0.84 * 0.82
        c = min(abs(2 * x / width), 1.0) ** (1 / power)
        return (low + high) / 2 + float(np.sqrt(1 - c * c)) ** power * (high - low) / 2

    laces = []
    for k in range(5):
        y = -0.062 + 0.0165 * k
        for s in (-1, 1) if k < 4 else (1,):
            x = np.linspace(-0.021, 0.021, 9)
            run = y + s * x / 0.042 * (0.0165 if k < 4 else 0.002)
            path = [(a, b, over(float(a), float(b)) + 0.0012) for a, b in zip(x, run, strict=True)]
            laces.append(sweep(path, 0.0031, 8, flat=0.6))
    for s in (-1, 1):  # the bow
        loop = curve([(0, 0.006, 0.0), (s * 0.018, -0.006, 0.008), (s * 0.034, -0.006, 0.0), (s * 0.03, 0.008, -0.004),
                      (s * 0.012, 0.008, 0.004), (0, 0.006, 0.002)], 5)  # fmt: skip
        laces.append(sweep(loop + np.array([0, 0, over(0, 0.004) + 0.006]), 0.0026, 8))

    t = np.linspace(0, np.pi, 26)
    ys = -0.146 * np.cos(t)
    half = np.interp(ys, np.append(fine[:, 0], 0.2), np.append(fine[:, 1], 0.0)) * 0.5
    half = np.minimum(half * 1.05 + 0.004, 0.054 * np.sin(t) ** 0.55)
    plan = np.vstack([np.column_stack([half, ys]), np.column_stack([-half, ys])[-2:0:-1]])
    spring = 0.02 * np.clip((-plan[:, 1] - 0.07) / 0.075, 0, 1) ** 2

    def tread(z: float, grow: float) -> np.ndarray:
        return np.column_stack([plan * grow, z + spring * (1.0 if z < sole else 0.6)])

    rubber = loft([tread(0, 0.95), tread(0.004, 0.99), tread(sole * 0.6, 1.0), tread(sole, 0.985)], crease=50)
    stripe = loft([tread(sole * 0.42, 1.008), tread(sole * 0.58, 1.01)], crease=40)
    front = curve(table, 8)
    cap = [
        (y, width * 1.03, low - 0.001, high + 0.0016, r)
        for y, width, low, high, r in front[front[:, 0] < -0.096]
    ]
    toe = skin(cap, 1, 40, 60)
    parts = [
        Part("upper", upper),
        Part("sole", joined([rubber, toe]), Surface((0.93, 0.92, 0.88), "rubber")),
        Part("stripe", stripe, Surface("body", "rubber")),
        Part("laces", joined(laces), Surface((0.96, 0.96, 0.94), "fabric")),
        Part("lining", lining, Surface((0.12, 0.12, 0.13), "fabric")),
    ]
    return settled(placed(parts, turn=(0, 0, -90), scale=p["length"] / 0.29))


register(
    Kind(
        "umbrella",
        "household",
        _umbrella,
        params={"radius": (0.46, 0.56), "length": (0.82, 0.92), "dome": (0.4, 0.55)},
        states=("open", "closed"),
        verbs={"closed": "close", "open": "open"},
        effects={"close": "closed", "open": "open"},
        colours=("red", "yellow", "blue", "teal", "pink", "black", "green"),
        materials=("fabric",),
        scale="room",
        contexts=("outdoor", "beach", "street", "park", "garden", "studio", "plaza", "stage"),
    )
)
register(
    Kind(
        "basket",
        "household",
        _basket,
        params={"width": (0.32, 0.42), "depth": (0.68, 0.9), "height": (0.15, 0.2), "hoop": (0.16, 0.24)},
        colours=("beige", "brown", "orange", "white", "teal"),
        materials=("straw", "bamboo", "wood"),
        contexts=("indoor", "kitchen", "living room", "garden", "farm", "meadow", "park", "studio"),
    )
)
register(
    Kind(
        "suitcase",
        "household",
        _suitcase,
        params={"width": (0.38, 0.46), "depth": (0.22, 0.28), "height": (0.52, 0.66), "pull": (0.03, 0.3)},
        colours=("blue", "red", "teal", "yellow", "black", "pink", "orange"),
        materials=("plastic", "brushed metal", "leather", "fabric"),
        scale="room",
        contexts=("indoor", "bedroom", "living room", "street", "plaza", "studio"),
        topples=True,
    )
)
register(
    Kind(
        "bucket",
        "household",
        _bucket,
        params={"radius": (0.13, 0.16), "height": (0.24, 0.3), "taper": (0.68, 0.8), "swing": (-62, 62)},
        colours=("blue", "red", "yellow", "green", "gray", "orange"),
        materials=("plastic", "steel", "wood", "copper"),
        contexts=("indoor", "outdoor", "garden", "farm", "beach", "garage", "bathroom", "workshop"),
        topples=True,
    )
)
register(
    Kind(
        "backpack",
        "household",
        _backpack,
        params={"width": (0.3, 0.36), "depth": (0.17, 0.22), "height": (0.42, 0.5)},
        colours=("red", "blue", "green", "orange", "teal", "purple", "yellow"),
        materials=("fabric", "denim", "leather"),
        contexts=("indoor", "classroom", "bedroom", "street", "park", "mountain", "forest", "studio"),
    )
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
register(
    Kind(
        "shoe",
        "household",
        _shoe,
        params={"length": (0.26, 0.31), "sole": (0.024, 0.034), "ankle": (0.098, 0.112)},
        colours=("red", "blue", "green", "yellow", "black", "pink", "orange"),
        materials=("fabric", "leather", "denim", "velvet"),
        contexts=("indoor", "bedroom", "street", "park", "playground", "studio"),
    )
)
