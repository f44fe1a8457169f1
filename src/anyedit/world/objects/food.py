"""Food: fruit and vegetables, baked things and sweets, some of them cut, bitten, melted or cracked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.blocks import curve, placed, prism, settled
from anyedit.world.bodies import aimed, limb, option
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Array, Mesh, affine, joined, shaded
from anyedit.world.shapes import (
    Distance,
    blob,
    box,
    cone,
    cut,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    rod,
    smooth_profile,
    soft,
    sweep,
)  # fmt: skip

WOOD = Surface((0.34, 0.21, 0.11), "wood")
LEAF = Surface((0.20, 0.50, 0.14), "foliage")
FLESH = Surface((0.97, 0.92, 0.72), "wax")
CRUMB = Surface((0.96, 0.86, 0.64), "cork")
PLATE = Surface("white", "porcelain")
CHERRY = Surface((0.75, 0.04, 0.08), "plastic")
CREAM = Surface((0.98, 0.95, 0.88), "wax")
CHOCOLATE = Surface((0.24, 0.12, 0.06), "wax")


def _leaf(
    at: tuple[float, float, float],
    tip: tuple[float, float, float],
    width: float,
    steps: int = 6,
    sides: int = 10,
) -> Mesh:
    """A small pointed leaf that arches from `at` to `tip`."""
    a, b = np.asarray(at, float), np.asarray(tip, float)
    line = curve([a, (a + b) / 2 + [0, 0, 0.22 * np.linalg.norm(b - a)], b], steps)
    t = np.linspace(0, 1, len(line))
    return sweep(line, np.maximum(np.sin(np.pi * t), 0.06) * width, sides, flat=0.16)


def _plate(r: float) -> Mesh:
    return lathe(
        [
            (0, 0),
            (r * 0.6, 0),
            (r * 0.66, r * 0.02),
            (r, r * 0.1),
            (r * 1.0, r * 0.125),
            (r * 0.68, r * 0.06),
            (r * 0.6, r * 0.045),
            (0, r * 0.045),
        ],
        48,
    )


def _apple(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    profile = smooth_profile(
        [
            (0, 0.24),
            (0.24, 0.08),
            (0.42, 0.02),
            (0.78, 0.4),
            (1.0, 1.1),
            (0.86, 1.62),
            (0.46, 1.84),
            (0.18, 1.72),
            (0, 1.5),
        ],
        6,
    )
    body = lathe([(a * r, b * r) for a, b in profile], 40, crease=70)
    # Five soft lobes at the crown and foot, as in a real apple.
    angle = np.arctan2(body.vertices[:, 1], body.vertices[:, 0])
    lobes = 1 + 0.025 * np.cos(5 * angle) * np.abs(body.vertices[:, 2] / r - 0.95)
    body = replace(body, vertices=body.vertices * np.column_stack([lobes, lobes, np.ones_like(lobes)]))
    stalk = sweep(curve([(0, 0, r * 1.5), (r * 0.03, 0, r * 1.8), (r * 0.16, 0, r * 2.12)], 4), r * 0.055, 10)
    parts = [Part("stalk", stalk, WOOD)]
    if p["leaf"] > 0.4:
        parts.append(
            Part("leaf", _leaf((r * 0.06, 0, r * 1.85), (r * 0.85, -r * 0.25, r * 1.95), r * 0.24), LEAF)
        )
    if state == "bitten":
        bites = [
            ellipsoid(r * 0.42, (r * dx, -r * 0.98, r * dz), detail=2)
            for dx, dz in ((0.36, 1.3), (0.06, 0.96), (0.4, 0.74), (0.56, 1.02))
        ]
        body = cut(body, *bites, crease=40)
        inner = cut(
            lathe([(a * r * 0.975, 0.01 * r + b * r * 0.985) for a, b in profile], 40, crease=70),
            *[
                ellipsoid(r * 0.405, (r * dx, -r * 0.98, r * dz), detail=2)
                for dx, dz in ((0.36, 1.3), (0.06, 0.96), (0.4, 0.74), (0.56, 1.02))
            ],
        )
        parts.append(Part("flesh", inner, FLESH))
    return settled([Part("skin", body), *parts])


def _pear(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    body = lathe(
        [
            (0, 0.03 * h),
            *smooth_profile(
                [
                    (r * 0.3, 0),
                    (r * 0.86, h * 0.14),
                    (r, h * 0.32),
                    (r * 0.82, h * 0.52),
                    (r * 0.5, h * 0.74),
                    (r * 0.4, h * 0.9),
                    (r * 0.2, h * 0.99),
                    (0, h),
                ],
                6,
            ),
        ],
        40,
        crease=70,
    )
    stalk = sweep(curve([(0, 0, h * 0.97), (r * 0.04, 0, h * 1.06), (r * 0.2, 0, h * 1.16)], 4), r * 0.06, 10)
    return settled(
        [
            Part("skin", body),
            Part("stalk", stalk, WOOD),
            Part("leaf", _leaf((r * 0.04, 0, h * 1.03), (-r * 0.8, -r * 0.3, h * 1.06), r * 0.24), LEAF),
        ]
    )


def _orange(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    star = joined(
        [
            _leaf((0, 0, r * 0.96), (np.cos(a) * r * 0.2, np.sin(a) * r * 0.2, r * 0.985), r * 0.05, 3, 6)
            for a in np.arange(5) * 1.2566
        ]
    )
    if state == "halved":
        half = lathe(
            [
                (0, 0),
                *[(r * np.sin(a), r - r * np.cos(a)) for a in np.linspace(0.1, np.pi / 2, 14)],
                (r * 0.9, r),
                (0, r),
            ],
            40,
            crease=50,
        )
        pith = lathe([(0, r * 0.9), (r * 0.94, r * 0.98), (r * 0.94, r * 1.004), (0, r * 1.004)], 40)
        wedges = []
        for k in range(9):
            a = np.linspace(-0.26, 0.26, 6)
            outline = [(r * 0.1, 0.0), *[(r * 0.86 * np.cos(v), r * 0.86 * np.sin(v)) for v in a]]
            wedges.append(
                prism(outline, r * 0.05, (0, 0, r * 0.97), bevel=r * 0.012).moved(affine(turn=(0, 0, k * 40)))
            )
        parts: list[Part] = []
        for move, turn in (((-r * 1.05, 0, 0), (58, 0, 14)), ((r * 1.1, r * 0.2, 0), (0, 0, 0))):
            pieces = [
                Part("peel", half),
                Part("pith", pith, CREAM),
                Part("flesh", joined(wedges), Surface((0.98, 0.56, 0.10), "wax")),
            ]
            group = settled(placed(pieces, turn=turn))
            parts += placed(group, move)
        return settled(parts)
    outline = [
        (r * np.sin(t), r * 0.96 * (1 - np.cos(t)) - r * 0.11 * np.exp(-(((np.pi - t) / 0.2) ** 2)))
        for t in np.linspace(0, np.pi, 30)
    ]
    parts = [
        Part("peel", lathe([(max(a, 0.0), b) for a, b in outline], 44, crease=80)),
        Part("star", star.moved(affine((0, 0, r * 0.86))), LEAF),
    ]
    if p["leaf"] > 0.35:
        stalk = rod((0, 0, r * 1.78), (r * 0.05, 0, r * 2.02), r * 0.045, 8)
        parts += [
            Part("stalk", stalk, WOOD),
            Part("leaf", _leaf((r * 0.04, 0, r * 1.94), (r * 0.9, -r * 0.5, r * 1.86), r * 0.27), LEAF),
        ]
    return settled(parts)


def _banana(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, reach, count = p["radius"], p["reach"], round(p["count"])
    fruits, tips, stalks = [], [], []
    for k in range(count):
        fan = (k - (count - 1) / 2) * 15
        a = np.radians(np.linspace(-64, 62, 22))
        line = np.column_stack([reach * np.sin(a), 0 * a, reach * (1 - np.cos(a))])
        t = np.linspace(0, 1, 22)
        thick = r * np.interp(t, [0, 0.06, 0.2, 0.5, 0.84, 0.95, 1], [0.3, 0.62, 0.95, 1.0, 0.86, 0.42, 0.3])
        at = (
            affine((0, (k - (count - 1) / 2) * r * 1.55, 0), (-fan * 0.9, 0, 0))
            @ affine((-reach, 0, 0), (0, 0, fan * 0.55))
            @ affine((reach, 0, 0))
        )
        fruits.append(sweep(line, thick, 6).moved(at))
        tips.append(limb(line[-1], line[-1] + (line[-1] - line[-2]) * 0.55, (r * 0.3, r * 0.24), 8).moved(at))
        head = line[0] + (line[0] - line[1]) * 1.6
        stalks.append(rod(line[0] + (line[1] - line[0]) * 0.3, head, (r * 0.33, r * 0.27), 8).moved(at))
    crown = ellipsoid(
        (r * 0.6, r * (0.5 + 0.55 * count), r * 0.55),
        tuple(np.mean([m.vertices.mean(0) for m in stalks], 0) + np.array([-r * 0.8, 0, r * 0.8])),
        (0, 40, 0),
        detail=2,
    )
    stalk = [*stalks, crown] if count > 1 else stalks
    return settled(
        [
            Part("peel", joined(fruits)),
            Part("tips", joined(tips), WOOD),
            Part("stalks", joined(stalk), Surface((0.55, 0.50, 0.14), "foliage")),
        ]
    )


def _strawberry(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["radius"] * 2.3
    outline = smooth_profile(
        [
            (0.001, 0),
            (r * 0.3, h * 0.04),
            (r * 0.72, h * 0.34),
            (r, h * 0.7),
            (r * 0.86, h * 0.92),
            (r * 0.4, h * 0.98),
            (0, h * 0.95),
        ],
        6,
    )
    body = lathe(outline, 36, crease=70)
    radii, heights = np.array(outline).T
    seeds = []
    for k in range(70):
        z = h * (0.1 + 0.8 * k / 70)
        rr = float(np.interp(z, heights[:-8], radii[:-8]))
        a = k * 2.39996
        seeds.append(
            ellipsoid((r * 0.03, r * 0.018, r * 0.05), (0, 0, 0), detail=0).moved(
                affine((rr * np.cos(a), rr * np.sin(a), z), (0, 0, np.degrees(a) + 90))
            )
        )
    leaves = [
        _leaf(
            (0, 0, h * 0.96),
            (np.cos(a) * r * 0.98, np.sin(a) * r * 0.98, h * (0.97 + 0.04 * (k % 2))),
            r * 0.24,
        )
        for k, a in enumerate(np.arange(8) * np.pi / 4)
    ]
    stalk = sweep(curve([(0, 0, h * 0.96), (r * 0.05, 0, h * 1.1), (r * 0.26, 0, h * 1.24)], 4), r * 0.07, 8)
    parts = [
        Part("flesh", body),
        Part("seeds", joined(seeds), Surface((0.97, 0.82, 0.36), "plastic")),
        Part("leaves", joined([*leaves, stalk]), LEAF),
    ]
    return settled(placed(parts, turn=(0, 118, -35)))


def _pineapple(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    outline = smooth_profile(
        [(r * 0.6, 0), (r * 0.93, h * 0.16), (r, h * 0.45), (r * 0.92, h * 0.78), (r * 0.55, h * 0.98)], 6
    )
    radii, heights = np.array(outline).T
    core = lathe([(0, 0), *[(a * 0.97, b) for a, b in outline], (0, h)], 36)
    scales, thorns = [], []
    rows, around = 10, 13
    for row in range(rows):
        z = h * (0.05 + 0.9 * row / (rows - 1))
        rr = float(np.interp(z, heights, radii))
        size = np.pi * rr / around
        base = np.array([[0, size * 1.06, 0], [0, 0, h * 0.062], [0, -size * 1.06, 0], [0, 0, -h * 0.062]])
        scale = loft(
            [base + [-r * 0.04, 0, 0], base * 0.86 + [r * 0.035, 0, 0], base * 0.3 + [r * 0.085, 0, 0]],
            crease=20,
        )
        thorn = cone(r * 0.03, r * 0.004, r * 0.09, segments=5).moved(aimed((r * 0.07, 0, 0), (0.6, 0, 1)))
        for k in range(around):
            a = float((k + 0.5 * (row % 2)) * 2 * np.pi / around)
            frame = affine((rr * np.cos(a) * 0.985, rr * np.sin(a) * 0.985, z), (0, 0, float(np.degrees(a))))
            scales.append(scale.moved(frame))
            thorns.append(thorn.moved(frame))
    leaves = []
    for ring, count, lean, tall in (
        (0, 8, 0.95, 0.62),
        (1, 8, 0.62, 0.82),
        (2, 6, 0.34, 0.98),
        (3, 4, 0.12, 1.08),
    ):
        for k in range(count):
            a = (k + ring * 0.5) * 2 * np.pi / count + ring
            out = np.array([np.cos(a), np.sin(a), 0])
            line = curve(
                [
                    out * r * 0.2 + [0, 0, h * 0.94],
                    out * r * (0.3 + 0.45 * lean) + [0, 0, h * (0.98 + 0.3 * tall)],
                    out * r * (0.3 + 1.25 * lean) + [0, 0, h * (1 + 0.56 * tall)],
                ],
                4,
            )
            leaves.append(sweep(line, r * 0.15 * np.linspace(1, 0.05, len(line)) ** 0.7, 8, flat=0.3))
    return settled(
        [
            Part("flesh", core, Surface((0.62, 0.40, 0.10), "leather")),
            Part("scales", joined(scales)),
            Part("thorns", joined(thorns), Surface((0.40, 0.30, 0.10), "leather")),
            Part("crown", joined(leaves), LEAF),
        ]
    )


def _carrot(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, length = p["radius"], p["length"]
    t = np.linspace(0, 1, 34)
    outline = (
        r
        * np.interp(t, [0, 0.05, 0.14, 0.5, 0.86, 0.97, 1], [0.42, 0.82, 1.0, 0.76, 0.4, 0.2, 0.02])
        * (1 + 0.025 * np.sin(37 * t) * (t < 0.9))
    )
    root = lathe(
        [(0, 0), *[(a, -b * length) for a, b in zip(outline, t, strict=True)], (0, -length)][::-1],
        32,
        crease=50,
    )
    rings = []
    rng = rng_of("carrot", round(length * 1e4), "rings")
    for u in (0.16, 0.27, 0.36, 0.5, 0.63, 0.74):
        rr, a0 = float(np.interp(u, t, outline)) * 1.0, rng.uniform(0, 6)
        arc = np.linspace(a0, a0 + 1.4, 10)
        rings.append(
            sweep(
                np.column_stack([rr * np.cos(arc), rr * np.sin(arc), np.full(10, -u * length)]), r * 0.035, 6
            )
        )
    tops = []
    leaflet = _leaf((0, 0, 0), (0, r * 0.1, r * 0.78), r * 0.17, 3, 6)
    for k in range(8):
        a = k * 2.4
        out = np.array([np.cos(a), np.sin(a), 0])
        line = curve(
            [
                out * r * 0.15,
                out * r * 0.45 + [0, 0, length * 0.16],
                out * r * (1.0 + 0.4 * (k % 3)) + [0, 0, length * (0.34 + 0.03 * (k % 4))],
            ],
            3,
        )
        tops.append(sweep(line, r * 0.08, 6))
        for j in (3, 4, 5, 6):
            for side in (-1, 1):
                way = np.cross(out, [0, 0, 1]) * side * 0.65 + [0, 0, 0.75]
                tops.append(leaflet.moved(aimed(line[j], way)))
    parts = [
        Part("root", root),
        Part("rings", joined(rings), Surface((0.72, 0.30, 0.03), "wax")),
        Part("greens", joined(tops), LEAF),
    ]
    return settled(placed(parts, turn=(0, -90 + float(np.degrees(r / length)) * 0.8, 28)))


def _bread(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, w, h = p["length"], p["width"], p["width"] * 0.86

    def section(x: float, share: float) -> Array:
        u = np.linspace(0, 2 * np.pi, 44, endpoint=False)
        c, s = np.cos(u), np.sin(u)
        power = np.where(s > 0, 0.8, 0.42)  # a domed top on a tin-shaped foot
        wide = w / 2 * share * np.sign(c) * np.abs(c) ** power
        tall = np.where(s > 0, 0.5 + 0.5 * np.abs(s) ** 0.85, 0.5 - 0.5 * np.abs(s) ** 0.5)
        return np.column_stack([np.full(44, x), wide, h * (tall * share + (1 - share) * 0.3)])

    def loaf(a: float, b: float, ends: tuple[bool, bool]) -> Mesh:
        rounds = [(0.0, 0.72), (0.04, 0.86), (0.12, 0.96), (0.25, 1.0)]
        rings = (
            [section(a + d * w, k) for d, k in rounds]
            if ends[0]
            else [section(a, 1.0), section(a + 0.002, 1.0)]
        )
        rings += (
            [section(b - d * w, k) for d, k in rounds[::-1]]
            if ends[1]
            else [section(b - 0.002, 1.0), section(b, 1.0)]
        )
        return loft(rings, crease=40)

    def crumb(x: float, thick: float) -> Mesh:
        outline = section(0, 0.93)
        return loft([outline + [x, 0, h * 0.0], outline + [x + thick, 0, 0]], crease=30)

    def scores(a: float, b: float) -> Mesh:
        cuts = []
        for x in np.arange(a + 0.18 * length, b - 0.06 * length, 0.2 * length):
            u = np.linspace(-1, 1, 13)
            y = u * w * 0.34
            c = (np.abs(y) / (w / 2)) ** (1 / 0.8)
            z = h * (0.5 + 0.5 * np.sqrt(1 - c**2) ** 0.85)
            cuts.append(
                sweep(
                    np.column_stack([x + u * w * 0.16, y, z]), w * 0.075 * np.sqrt(1.02 - u**2), 10, flat=0.3
                )
            )
        return joined(cuts)

    half = length / 2
    if state == "sliced":
        body = loaf(-half, half * 0.3, (True, False))
        parts = [
            Part("crust", body),
            Part("crumb", crumb(half * 0.3 - 0.001, 0.003), CRUMB),
            Part("scores", scores(-half, half * 0.3), CRUMB),
        ]
        for k, (x, lean) in enumerate(((0.42, 24), (0.72, 46))):
            piece = [
                Part("crust", loaf(-0.009, 0.009, (False, False))),
                Part("crumb", joined([crumb(0.0075, 0.003), crumb(-0.0105, 0.003)]), CRUMB),
            ]
            piece = settled(placed(piece, turn=(0, lean, 0)), centre=False)
            parts += placed(piece, (half * x, -0.004 * k, 0), (0, 0, 4 * k))
        return settled(placed(parts, turn=(0, 0, -38)))
    return settled(
        [Part("crust", loaf(-half, half, (True, True))), Part("scores", scores(-half, half), CRUMB)]
    )


def _wedge(reach: float, angle: float, low: float, high: float, heading: float) -> Mesh:
    """A prism over a slice of a disc, `angle` degrees wide, about the direction `heading`."""
    a = np.radians(np.linspace(heading - angle / 2, heading + angle / 2, 7))
    return prism([(0.0, 0.0), *[(reach * np.cos(v), reach * np.sin(v)) for v in a]], high - low, (0, 0, low))


def _cake(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, floor = p["radius"], p["height"], p["radius"] * 0.07
    sliced = state == "sliced"
    coat = cylinder(r, h, (0, 0, floor), bevel=r * 0.06, segments=52)
    inside = cylinder(r - 0.006, h - 0.007, (0, 0, floor - 0.001), bevel=0.001, segments=52)
    sponge = cylinder(r - 0.0061, h - 0.0072, (0, 0, floor), bevel=0.001, segments=52)
    layers = [
        cylinder(r - 0.0055, h * 0.09, (0, 0, floor + h * z), bevel=0.001, segments=52) for z in (0.27, 0.6)
    ]
    frosting = coat
    u = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    drip_depth = 0.16 + 0.11 * np.sin(7 * u) + 0.07 * np.sin(12 * u + 1.0)
    top = floor + h
    rings = [
        np.column_stack([k * r * np.cos(u), k * r * np.sin(u), z])
        for k, z in (
            (1.0, top - h * drip_depth),
            (1.035, top - h * drip_depth * 0.86),
            (1.03, top - h * 0.07 + 0 * u),
            (0.985, top + h * 0.022 + 0 * u),
            (0.9, top + h * 0.03 + 0 * u),
        )
    ]
    glaze = loft(rings, crease=50)
    count = 9
    swirls, cherries = [], []
    for k in range(count):
        a = np.radians(k * 360 / count + (20 if sliced else 0) - 90)
        if sliced and abs(((np.degrees(a) + 55 + 180) % 360) - 180) < 34:
            continue
        at = (r * 0.74 * np.cos(a), r * 0.74 * np.sin(a), top + h * 0.02)
        swirls.append(
            lathe(
                [
                    (0, 0),
                    *smooth_profile(
                        [(r * 0.13, 0), (r * 0.135, r * 0.05), (r * 0.09, r * 0.09), (r * 0.06, r * 0.13)], 3
                    ),
                    (0, r * 0.135),
                ],
                16,
                at=at,
            )
        )
        cherries.append(ellipsoid(r * 0.075, (at[0], at[1], at[2] + r * 0.165), detail=2))
    parts: list[Part] = []
    if sliced:
        gap = _wedge(r * 1.5, 58, 0.001, h * 2, -55)
        frosting, sponge, glaze = cut(cut(coat, inside), gap), cut(sponge, gap), cut(glaze, gap)
        layers = [cut(layer, gap) for layer in layers]
    parts += [
        Part("frosting", frosting),
        Part("glaze", glaze, CHOCOLATE if p["chocolate"] > 0.5 else CREAM),
        Part("swirls", joined(swirls), CREAM),
        Part("cherries", joined(cherries), CHERRY),
        Part("plate", _plate(r * 1.42), PLATE),
    ]
    if sliced:
        parts += [
            Part("sponge", sponge, CRUMB),
            Part("filling", joined(layers), Surface((0.80, 0.20, 0.22), "wax")),
        ]
    return settled(parts)


def _donut(p: Mapping[str, float], state: str | None) -> list[Part]:
    big, small = p["radius"], p["radius"] * p["plump"]
    u = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    dough_ring = sweep(
        np.column_stack([big * np.cos(u), big * np.sin(u), 0 * u]), small, 22, closed=True
    ).moved(affine((0, 0, small * 0.86), scale=(1, 1, 0.86)))
    edge = 0.32 + 0.13 * np.sin(6 * u) + 0.09 * np.sin(11 * u + 0.7)
    rings = []
    for a in np.linspace(0, 1, 15):
        angle = (np.pi + edge * 0.9) * (
            1 - a
        ) - edge * 0.9 * a  # from the inner rim over the top to the outer rim
        rr = big + small * 1.05 * np.cos(angle)
        rings.append(
            np.column_stack([rr * np.cos(u), rr * np.sin(u), small * 0.86 + small * 0.93 * np.sin(angle)])
        )
    under = [
        np.column_stack(
            [
                (big + small * 0.9 * np.cos(a)) * np.cos(u),
                (big + small * 0.9 * np.cos(a)) * np.sin(u),
                np.full(72, small * 0.86 + small * 0.7 * np.sin(a)),
            ]
        )
        for a in np.linspace(0.05, np.pi - 0.05, 5)
    ]
    loop = np.stack([*rings, *under])
    icing = _ring_body(loop)
    rng = rng_of("donut", round(big * 1e5), "sprinkles")
    sprinkles: dict[str, list[Mesh]] = {"yellow": [], "cyan": [], "white": [], "red": []}
    for k in range(64):
        a, phi = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, np.pi - 0.5)
        if state == "bitten" and abs((a - 5.2 + np.pi) % (2 * np.pi) - np.pi) < 0.52:
            continue
        rr = big + small * 1.06 * np.cos(phi)
        at = np.array([rr * np.cos(a), rr * np.sin(a), small * 0.86 + small * 0.95 * np.sin(phi)])
        way = rng.normal(0, 1, 3)
        normal = np.array([np.cos(phi) * np.cos(a), np.cos(phi) * np.sin(a), np.sin(phi)])
        way -= normal * (way @ normal)
        way *= small * 0.13 / np.linalg.norm(way)
        sprinkles[list(sprinkles)[k % 4]].append(rod(tuple(at - way), tuple(at + way), small * 0.045, 6))
    parts = [Part("dough", dough_ring, Surface((0.80, 0.53, 0.26), "cork")), Part("icing", icing)]
    if state == "bitten":
        a = 5.2
        bites = [
            ellipsoid(
                small * 0.75,
                (np.cos(a + d) * (big + small * o), np.sin(a + d) * (big + small * o), small),
                detail=2,
            )
            for d, o in ((-0.32, 0.3), (0.02, -0.25), (0.34, 0.3), (0.02, 0.8))
        ]
        parts = [Part("dough", cut(dough_ring, *bites), parts[0].surface), Part("icing", cut(icing, *bites))]
    parts += [
        Part(f"{name} sprinkles", joined(meshes), Surface(name, "plastic"))
        for name, meshes in sprinkles.items()
        if meshes
    ]
    return settled(parts)


def _ring_body(rings: Array) -> Mesh:
    """A closed ring, from loops (S, N, 3) about its axis that go once around its cross-section."""
    s, n = rings.shape[:2]
    i, j = (grid.ravel() for grid in np.meshgrid(np.arange(s), np.arange(n), indexing="ij"))
    a, b = i * n + j, i * n + (j + 1) % n
    c, d = ((i + 1) % s) * n + (j + 1) % n, ((i + 1) % s) * n + j
    faces = np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
    vertices = rings.reshape(-1, 3)
    corners = vertices[faces]
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum()
    return shaded(vertices, faces if volume > 0 else faces[:, ::-1], crease=60)


def _wavy_disc(r: float, z: float, thick: float, waves: int, swing: float, phase: float = 0.0) -> Mesh:
    u = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    lift = swing * np.sin(waves * u + phase)
    edge = r * (1 + 0.05 * np.cos(waves * u * 0.5 + phase))
    rings = [
        np.column_stack([k * edge * np.cos(u), k * edge * np.sin(u), z + dz + lift * k**3])
        for k, dz in (
            (0.3, 0.0),
            (0.8, 0.0),
            (1.0, thick * 0.2),
            (1.0, thick * 0.8),
            (0.8, thick),
            (0.3, thick),
        )
    ]
    return loft(rings, crease=60)


def _burger(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, tall = p["radius"], p["bun"]
    low = lathe(
        [
            (0, 0),
            *smooth_profile(
                [(r * 0.82, 0), (r * 0.98, r * 0.1), (r * 0.97, r * 0.26), (r * 0.9, r * 0.3)], 4
            ),
            (0, r * 0.3),
        ],
        44,
    )
    z = r * 0.3
    parts = [Part("bun", low)]
    parts.append(
        Part(
            "lettuce",
            _wavy_disc(r * 1.12, z + r * 0.05, r * 0.05, 11, r * 0.06),
            Surface((0.42, 0.70, 0.16), "foliage"),
        )
    )
    z += r * 0.12
    for _ in range(round(p["patties"])):
        patty = lathe(
            [
                (0, 0),
                *smooth_profile(
                    [(r * 0.9, 0), (r * 1.02, r * 0.1), (r * 0.98, r * 0.22), (r * 0.88, r * 0.25)], 4
                ),
                (0, r * 0.25),
            ],
            44,
            at=(0, 0, z),
        )
        parts.append(Part("patty", patty, Surface((0.27, 0.14, 0.08), "cork")))
        z += r * 0.25
        u = np.linspace(-1, 1, 13)
        gx, gy = np.meshgrid(u, u, indexing="ij")
        reach = np.maximum(np.hypot(gx, gy) * 0.94 - 0.82, 0)
        sheet = np.stack([gx * r * 0.92, gy * r * 0.92, z + r * 0.05 - reach * r * 0.8], -1)
        edge = np.concatenate([sheet[:-1, 0], sheet[-1, :-1], sheet[:0:-1, -1], sheet[0, :0:-1]])
        centre = sheet[6, 6]
        inner = [centre + (edge - centre) * [k, k, 1] * [1, 1, 0] + [0, 0, 0] for k in (0.55,)]
        flat = inner[0] * [1, 1, 0] + [0, 0, z + r * 0.05]
        lower = flat - [0, 0, r * 0.05]
        parts.append(
            Part(
                "cheese",
                loft([lower, edge - [0, 0, r * 0.045], edge, flat], crease=40),
                Surface((0.98, 0.70, 0.12), "wax"),
            )
        )
        z += r * 0.06
    tomato = joined(
        [
            cylinder(r * 0.46, r * 0.1, (x * r, y * r, z), bevel=r * 0.03, segments=28)
            for x, y in ((0.46, -0.3), (-0.46, -0.3), (0.0, 0.5))
        ]
    )
    parts.append(Part("tomato", tomato, Surface((0.80, 0.13, 0.08), "wax")))
    z += r * 0.1
    outline = smooth_profile(
        [
            (r * 0.9, 0),
            (r * 1.03, r * 0.1),
            (r * 0.97, r * tall * 0.5),
            (r * 0.66, r * tall * 0.86),
            (0, r * tall),
        ],
        6,
    )
    parts.append(Part("top bun", lathe([(0, 0), *outline], 44, at=(0, 0, z))))
    radii, heights = np.array(outline[::-1]).T
    seeds = []
    for k in range(44):
        s = np.sqrt((k + 0.5) / 44) * 0.86
        a = k * 2.39996
        height = float(np.interp(s * r, radii, heights))
        seeds.append(
            ellipsoid((r * 0.028, r * 0.048, r * 0.02), detail=1).moved(
                affine((s * r * np.cos(a), s * r * np.sin(a), z + height), (0, 0, np.degrees(a) * 3))
            )
        )
    parts.append(Part("sesame", joined(seeds), CREAM))
    return settled(parts)


def _pizza(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    t = r * 0.06
    crust = lathe(
        [
            (0, 0),
            (r * 0.94, 0),
            *smooth_profile(
                [
                    (r * 0.99, t * 0.4),
                    (r * 1.0, t * 1.2),
                    (r * 0.95, t * 1.75),
                    (r * 0.89, t * 1.5),
                    (r * 0.86, t * 0.9),
                ],
                4,
            ),
            (0, t * 0.9),
        ],
        60,
    )
    sauce = lathe([(0, t * 0.6), (r * 0.87, t * 0.6), (r * 0.87, t * 1.08), (0, t * 1.08)], 60)
    cheese = _wavy_disc(r * 0.82, t * 0.9, t * 0.42, 14, t * 0.05)
    rng = rng_of("pizza", round(r * 1e4), "toppings")
    spots = (
        [(0.0, 0.0)]
        + [(0.36 * np.cos(a), 0.36 * np.sin(a)) for a in np.radians([-45, 25, 95, 165, 235])]
        + [
            (0.66 * np.cos(a), 0.66 * np.sin(a))
            for a in np.radians([-62, -28, 18, 55, 92, 130, 166, 204, 242])
        ]
    )
    out = state == "with a slice out"
    gap_heading, gap_angle = -45.0, 50.0

    def in_gap(x: float, y: float) -> bool:
        return bool(
            out
            and abs((np.degrees(np.arctan2(y, x)) - gap_heading + 180) % 360 - 180) < gap_angle / 2 + 14
            and np.hypot(x, y) > 0.05
        ) or (out and np.hypot(x, y) < 0.05)

    pepperoni = [(x * r, y * r, t * 1.3) for x, y in spots if not in_gap(x, y)]
    disc = lathe(
        [
            (0, 0),
            (r * 0.105, 0),
            (r * 0.112, t * 0.25),
            (r * 0.1, t * 0.3),
            (r * 0.07, t * 0.2),
            (0, t * 0.2),
        ],
        24,
    )
    leaves, olives = [], []
    for k in range(16):
        a, d = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.76)
        x, y = d * np.cos(a), d * np.sin(a)
        if in_gap(x, y):
            continue
        if k % 2:
            leaves.append(
                _leaf(
                    (x * r, y * r, t * 1.35),
                    (x * r + rng.normal(0, 0.09) * r, y * r + rng.normal(0, 0.09) * r, t * 1.5),
                    r * 0.045,
                )
            )
        else:
            ring = np.linspace(0, 2 * np.pi, 14, endpoint=False)
            olives.append(
                sweep(
                    np.column_stack(
                        [
                            x * r + r * 0.035 * np.cos(ring),
                            y * r + r * 0.035 * np.sin(ring),
                            np.full(14, t * 1.42),
                        ]
                    ),
                    r * 0.016,
                    8,
                    closed=True,
                )
            )
    red, black = Surface((0.62, 0.12, 0.08), "wax"), Surface((0.09, 0.08, 0.10), "plastic")
    if out:
        gap = _wedge(r * 1.5, gap_angle, -t, t * 4, gap_heading)
        crust, sauce, cheese = (cut(m, gap) for m in (crust, sauce, cheese))
    board = cylinder(r * 1.14, r * 0.06, bevel=r * 0.02, segments=52)

    def on(mesh: Mesh) -> Mesh:
        return mesh.moved(affine((0, 0, r * 0.06)))

    parts = [
        Part("board", board, Surface((0.52, 0.34, 0.19), "wood")), Part("crust", on(crust)), Part("sauce", on(sauce), red), Part("cheese", on(cheese), Surface((0.98, 0.82, 0.42), "wax")),
        Part("pepperoni", on(joined([disc.moved(affine(spot)) for spot in pepperoni])), Surface((0.70, 0.17, 0.11), "wax")),
    ]  # fmt: skip
    if leaves:
        parts.append(Part("basil", on(joined(leaves)), LEAF))
    if olives:
        parts.append(Part("olives", on(joined(olives)), black))
    return settled(parts)


def _ice_cream(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    bowl_r, stem = r * 1.75, r * 1.15
    bowl = lathe(
        [
            (0, 0),
            *smooth_profile(
                [
                    (r * 1.05, 0),
                    (r * 1.0, r * 0.08),
                    (r * 0.3, r * 0.2),
                    (r * 0.18, r * 0.5),
                    (r * 0.24, stem),
                    (r * 1.1, stem + r * 0.24),
                    (bowl_r, stem + r * 1.0),
                ],
                5,
            ),
            (bowl_r * 0.96, stem + r * 1.03),
            (bowl_r * 0.92, stem + r * 0.98),
            *smooth_profile([(r * 1.1, stem + r * 0.4), (r * 0.5, stem + r * 0.22), (0, stem + r * 0.2)], 4),
        ],
        44,
    )
    rim = stem + r * 0.92
    sauce = CHOCOLATE if p["sauce"] > 0.5 else Surface((0.72, 0.10, 0.14), "wax")
    if state == "melted":
        pool = lathe(
            [
                (0, stem + r * 0.3),
                (bowl_r * 0.7, stem + r * 0.4),
                (bowl_r * 0.9, rim),
                *smooth_profile(
                    [
                        (bowl_r * 0.86, rim + r * 0.02),
                        (bowl_r * 0.5, rim + r * 0.05),
                        (r * 0.3, rim + r * 0.22),
                        (0, rim + r * 0.26),
                    ],
                    4,
                ),
            ],
            40,
        )
        a = 4.3
        drip = [
            sweep(
                curve(
                    [
                        (np.cos(a + d) * bowl_r * k, np.sin(a + d) * bowl_r * k, rim + z * r)
                        for k, z in ((0.84, 0.03), (0.99, 0.12), (1.02, -0.1), (0.84, -0.1 - s))
                    ],
                    5,
                ),
                [*np.linspace(r * 0.16, r * 0.12, 10), *np.linspace(r * 0.12, r * 0.14, 6)],
                12,
            )
            for d, s in ((0.0, 0.55), (0.75, 0.3), (-0.9, 0.4))
        ]
        puddle = soft(
            {
                "p": [
                    blob(
                        (r * 0.9, r * 0.6, r * 0.1), (np.cos(a) * bowl_r * 1.0, np.sin(a) * bowl_r * 1.0, 0.0)
                    ),
                    blob(
                        (r * 0.4, r * 0.36, r * 0.08),
                        (np.cos(a + 0.5) * bowl_r * 1.3, np.sin(a + 0.5) * bowl_r * 1.3, 0.0),
                    ),
                ]
            },
            r * 0.3,
            r * 0.09,
        )["p"]
        puddle = replace(puddle, vertices=np.maximum(puddle.vertices, [-np.inf, -np.inf, 0.0]))
        top = [Part("ice cream", joined([pool, *drip, puddle]))]
        wafer_at, cherry_at = (
            affine((bowl_r * 0.3, r * 0.2, rim + r * 0.08), (0, 78, 20)),
            (-r * 0.3, -r * 0.5, rim + r * 0.22),
        )
    else:
        places = [(-0.82, -0.28, 0.45), (0.82, -0.28, 0.45), (0.0, 0.72, 0.5), (0.0, 0.0, 1.45)]
        scoops, skirts = [], []
        for x, y, z in places:
            at = (x * r, y * r, rim + z * r)
            scoops.append(ellipsoid(r * 0.86, at, detail=3))
            u = np.linspace(0, 2 * np.pi, 40, endpoint=False)
            skirts.append(
                sweep(
                    np.column_stack(
                        [
                            at[0] + r * 0.8 * np.cos(u),
                            at[1] + r * 0.8 * np.sin(u),
                            at[2] - r * 0.36 + r * 0.04 * np.sin(7 * u),
                        ]
                    ),
                    r * (0.15 + 0.03 * np.sin(9 * u)),
                    8,
                    closed=True,
                )
            )
        second = option(
            (
                Surface((0.98, 0.93, 0.80), "wax"),
                Surface((0.36, 0.20, 0.12), "wax"),
                Surface((0.72, 0.90, 0.70), "wax"),
            ),
            p["second"],
        )
        peak = rim + r * 1.45
        u = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        low = 0.35 - 0.2 * np.sin(5 * u) - 0.1 * np.sin(8 * u)
        rings = [
            np.column_stack(
                [
                    r * k * np.sqrt(1 - z**2) * np.cos(u),
                    r * k * np.sqrt(1 - z**2) * np.sin(u),
                    peak + r * k * z,
                ]
            )
            for k, z in (
                (0.84, low),
                (0.9, low + 0.02),
                (0.905, 0.5 + low * 0.5),
                (0.9, 0.86 + 0 * u),
                (0.9, 0.985 + 0 * u),
            )
        ]
        top = [
            Part("ice cream", joined([scoops[0], skirts[0], scoops[3], skirts[3]])),
            Part("second flavour", joined([scoops[1], skirts[1], scoops[2], skirts[2]]), second),
            Part("sauce", loft(rings, crease=60), sauce),
        ]
        wafer_at, cherry_at = (
            affine((r * 0.75, r * 0.62, rim + r * 1.2), (-14, 24, 0)),
            (0.0, 0.0, peak + r * 1.06),
        )
    wafer = joined(
        [
            lathe(
                [
                    (0, 0),
                    (r * 0.2, 0),
                    (r * 0.2, r * 2.4),
                    (r * 0.14, r * 2.4),
                    (r * 0.14, r * 2.2),
                    (0, r * 2.2),
                ],
                20,
            ),
            *[
                sweep(
                    [
                        (r * 0.205 * np.cos(a), r * 0.205 * np.sin(a), r * (0.1 + 2.2 * a / 31))
                        for a in np.linspace(0, 31, 60)
                    ],
                    r * 0.025,
                    5,
                )
            ],
        ]
    ).moved(wafer_at)
    stalk = sweep(
        curve(
            [
                np.add(cherry_at, (0, 0, r * 0.2)),
                np.add(cherry_at, (r * 0.1, 0, r * 0.5)),
                np.add(cherry_at, (r * 0.34, 0, r * 0.75)),
            ],
            4,
        ),
        r * 0.025,
        6,
    )
    return settled(
        [
            *top,
            Part("bowl", bowl, Surface((0.80, 0.88, 0.92), "ceramic")),
            Part("wafer", wafer, Surface((0.83, 0.58, 0.28), "cork")),
            Part("cherry", ellipsoid(r * 0.24, cherry_at, detail=2), CHERRY),
            Part("cherry stalk", stalk, WOOD),
        ]
    )


def _cheese(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, angle = p["radius"], p["height"], p["angle"]
    a = np.radians(np.linspace(-angle / 2, angle / 2, 12))
    outline = [(0.0, 0.0), *[(r * np.cos(v), r * np.sin(v)) for v in a]]
    body = prism(outline, h, bevel=h * 0.03)
    n1 = np.array([np.sin(a[0]), -np.cos(a[0])])  # outward across the near cut face
    along = np.array([np.cos(a[0]), np.sin(a[0])])
    holes = []
    for d, z, s in (
        (0.34, 0.62, 0.14),
        (0.55, 0.28, 0.19),
        (0.76, 0.7, 0.17),
        (0.88, 0.3, 0.1),
        (0.62, 0.84, 0.08),
        (0.3, 0.24, 0.08),
    ):
        at = along * d * r + n1 * h * s * 0.25
        holes.append(ellipsoid(h * s * 1.25, (at[0], at[1], z * h), detail=2))
    for d, w, s in ((0.5, 0.1, 0.16), (0.78, -0.4, 0.2), (0.8, 0.42, 0.14), (0.32, -0.1, 0.1)):
        v = w * np.radians(angle)
        holes.append(ellipsoid(h * s, (d * r * np.cos(v), d * r * np.sin(v), h * 1.02), detail=2))
    body = cut(body, *holes, crease=35)
    rind = prism(
        [
            *[(r * 1.035 * np.cos(v), r * 1.035 * np.sin(v)) for v in a],
            *[(r * 0.985 * np.cos(v), r * 0.985 * np.sin(v)) for v in a[::-1]],
        ],
        h * 1.006,
        bevel=h * 0.012,
    )
    parts = [Part("cheese", body), Part("rind", rind, Surface((0.78, 0.30, 0.10), "wax"))]
    return settled(placed(parts, turn=(0, 0, 12)))


def _egg(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["radius"] * 2.62
    outline = smooth_profile(
        [
            (0.0, 0.0),
            (r * 0.52, h * 0.05),
            (r * 0.9, h * 0.22),
            (r, h * 0.42),
            (r * 0.86, h * 0.68),
            (r * 0.5, h * 0.92),
            (0.0, h),
        ],
        7,
    )
    if state != "cracked":
        return settled(placed([Part("shell", lathe(outline, 40, crease=80))], turn=(0, 72, 30)))
    u = np.linspace(0, 2 * np.pi, 44, endpoint=False)
    jag = h * (0.46 + 0.05 * np.where(np.arange(44) % 4 < 2, 1.0, -1.0) * (0.6 + 0.4 * np.sin(3 * u)))
    radii, heights = np.array(outline).T

    def half(lower: bool) -> Mesh:
        levels = np.linspace(0.02, 1, 9)
        outer, inner = [], []
        for t in levels:
            z = jag * t if lower else h - (h - jag) * t
            rr = np.interp(z, heights, radii)
            outer.append(np.column_stack([rr * np.cos(u), rr * np.sin(u), z]))
            inner.append(
                np.column_stack(
                    [
                        rr * 0.95 * np.cos(u),
                        rr * 0.95 * np.sin(u),
                        z + (0.03 * r if lower else -0.03 * r) * (1 - t),
                    ]
                )
            )
        return loft([*outer, *inner[::-1]], crease=50)

    shells = [
        half(True).moved(affine((-r * 2.1, r * 0.7, 0), (24, -50, 0))),
        half(False).moved(affine((r * 2.0, r * 1.1, -h * 0.4), (-20, 30, 0))),
    ]
    shells = [mesh.moved(affine((0, 0, -float(mesh.vertices[:, 2].min())))) for mesh in shells]
    white = soft(
        {
            "w": [
                blob((r * 1.9, r * 1.5, r * 0.2), (0, -r * 0.4, 0.0)),
                blob((r * 0.9, r * 0.8, r * 0.16), (r * 1.4, -r * 0.9, 0.0)),
                blob((r * 0.8, r * 0.9, r * 0.16), (-r * 1.3, -r * 0.9, 0.0)),
            ]
        },
        r * 0.4,
        r * 0.13,
    )["w"]
    white = replace(white, vertices=np.maximum(white.vertices, [-np.inf, -np.inf, 0.0]))
    yolk = ellipsoid((r * 0.72, r * 0.72, r * 0.46), (0.1 * r, -r * 0.5, r * 0.24), detail=3)
    return settled(
        [
            Part("shell", joined(shells)),
            Part("egg white", white, Surface((0.97, 0.96, 0.92), "wax")),
            Part("yolk", yolk, Surface((0.98, 0.68, 0.08), "plastic")),
        ]
    )


def _watermelon(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, k = p["radius"], p["long"]
    stripes = []
    dark = Surface((0.07, 0.24, 0.09), "wax")
    half = state == "cut"
    for i in range(11):
        a0 = i * 2 * np.pi / 11
        t = np.linspace(0.06, (0.5 if half else 0.94), 30) * np.pi
        a = a0 + 0.07 * np.sin(11 * t + i) + 0.03 * np.sin(23 * t)
        line = (
            np.column_stack([r * np.sin(t) * np.cos(a), r * np.sin(t) * np.sin(a), -k * r * np.cos(t)])
            * 0.992
        )
        stripes.append(
            sweep(
                line, r * 0.085 * np.sin(t) ** 0.7 * (1 + 0.25 * np.sin(17 * t + i)) + r * 0.004, 8, flat=0.26
            )
        )
    if not half:
        body = lathe([(r * np.sin(t), -k * r * np.cos(t)) for t in np.linspace(0, np.pi, 26)], 48, crease=80)
        stalk = sweep(
            curve([(0, 0, k * r * 0.98), (0.02 * r, 0, k * r * 1.08), (r * 0.16, 0, k * r * 1.18)], 4),
            r * 0.035,
            8,
        )
        parts = [
            Part("rind", body),
            Part("stripes", joined([_hugging(m, r, k) for m in stripes]), dark),
            Part("stalk", stalk, LEAF),
        ]
        return settled(placed(parts, turn=(0, 84, 24)))
    shell = lathe(
        [(r * np.sin(t), -k * r * np.cos(t)) for t in np.linspace(0, np.pi / 2, 16)]
        + [(r * 0.96, 0.0), (0, 0)],
        48,
        crease=50,
    )
    pith = lathe([(0, -r * 0.05), (r * 0.965, -r * 0.02), (r * 0.965, r * 0.006), (0, r * 0.006)], 48)
    flesh = lathe([(0, 0), (r * 0.88, 0), (r * 0.87, r * 0.014), (0, r * 0.02)], 48)
    seeds = []
    for i in range(34):
        out, heading = float(np.sqrt((i + 4) / 38)) * 0.74 * r, i * 2.39996
        at = (out * float(np.cos(heading)), out * float(np.sin(heading)), r * 0.02)
        seeds.append(
            ellipsoid((r * 0.022, r * 0.04, r * 0.012), at, (0, 0, float(np.degrees(heading)) + 90), detail=1)
        )
    melon = [
        Part("rind", shell),
        Part("stripes", joined([_hugging(m, r, k) for m in stripes]), dark),
        Part("pith", pith, Surface((0.93, 0.96, 0.80), "wax")),
        Part("flesh", flesh, Surface((0.88, 0.16, 0.17), "wax")),
        Part("seeds", joined(seeds), Surface((0.07, 0.05, 0.05), "plastic")),
    ]
    return settled(placed(melon, turn=(62, 0, -10)))


def _hugging(stripe: Mesh, r: float, k: float) -> Mesh:
    """A stripe pressed onto the melon's ellipsoid, so that it lies on the rind like paint."""
    local = stripe.vertices / [r, r, k * r]
    reach = np.linalg.norm(local, axis=1, keepdims=True)
    direction = local / reach
    height = np.clip(reach, 0.99, 1.004)
    normals = direction / [r, r, k * r]
    return replace(
        stripe,
        vertices=direction * height * [r, r, k * r],
        normals=normals / np.linalg.norm(normals, axis=1, keepdims=True),
    )


def _ice_cube(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["side"]
    if state != "melted":
        body = box((s, s, s * 0.94), bevel=s * 0.13)
        dent = ellipsoid((s * 0.36, s * 0.36, s * 0.12), (0, 0, s * 0.97), detail=3)
        return settled([Part("ice", cut(body, dent, crease=50).moved(affine(turn=(0, 0, p["turn"]))))])
    heap: list[Distance] = [
        blob((s * 1.15, s * 0.95, s * 0.09), (0, 0, 0)),
        blob((s * 0.5, s * 0.42, s * 0.08), (s * 0.95, -s * 0.5, 0)),
        blob((s * 0.45, s * 0.5, s * 0.08), (-s * 0.9, s * 0.35, 0)),
    ]
    puddle = soft({"w": heap}, s * 0.3, s * 0.09)["w"]
    drops = [
        ellipsoid((s * w, s * w, s * 0.05), (x * s, y * s, s * 0.01), detail=2)
        for x, y, w in ((-1.35, -0.55, 0.12), (1.6, -0.1, 0.09), (0.2, -1.3, 0.1))
    ]
    water = joined([puddle, *drops])
    water = replace(water, vertices=np.maximum(water.vertices, [-np.inf, -np.inf, 0.0]))
    rest = soft(
        {"r": [blob((s * 0.36, s * 0.3, s * 0.2), (0.05 * s, 0.05 * s, s * 0.12))]}, s * 0.1, s * 0.05
    )["r"]
    return settled(
        [
            Part("water", water, Surface((0.80, 0.90, 0.95), "water")),
            Part("ice", replace(rest, vertices=np.maximum(rest.vertices, [-np.inf, -np.inf, 0.0]))),
        ]
    )


_TABLE = ("indoor", "kitchen", "cafe", "living room", "studio")
_FRUIT = (*_TABLE, "garden", "park", "farm")


def _food(kind: Kind) -> None:
    register(replace(kind, category="food", scale="tabletop"))


_food(Kind("apple", "food", _apple, params={"radius": (0.036, 0.044), "leaf": (0, 1)}, states=("whole", "bitten"), effects={"bite": "bitten", "eat": "bitten"},
           colours=("red", "green", "yellow", "crimson"), materials=("wax", "plastic"), contexts=(*_FRUIT, "classroom"), rolls=True))  # fmt: skip
_food(
    Kind(
        "pear",
        "food",
        _pear,
        params={"radius": (0.036, 0.043), "height": (0.095, 0.112)},
        colours=("lime", "yellow", "green", "olive"),
        materials=("wax",),
        contexts=_FRUIT,
        topples=True,
    )
)
_food(
    Kind(
        "orange",
        "food",
        _orange,
        params={"radius": (0.036, 0.043), "leaf": (0, 1)},
        states=("whole", "halved"),
        effects={"cut": "halved"},
        colours=("orange", "yellow", "lime", "coral"),
        materials=("wax", "leather"),
        contexts=_FRUIT,
        rolls=True,
    )
)
_food(
    Kind(
        "banana",
        "food",
        _banana,
        params={"radius": (0.016, 0.019), "reach": (0.095, 0.11), "count": (0.6, 3.4)},
        colours=("yellow", "lime", "green"),
        materials=("wax",),
        contexts=_FRUIT,
    )
)
_food(
    Kind(
        "strawberry",
        "food",
        _strawberry,
        params={"radius": (0.017, 0.023)},
        colours=("red", "crimson", "white", "pink"),
        materials=("wax",),
        contexts=_FRUIT,
        plural="strawberries",
    )
)
_food(
    Kind(
        "pineapple",
        "food",
        _pineapple,
        params={"radius": (0.055, 0.066), "height": (0.15, 0.185)},
        colours=("orange", "yellow", "olive", "brown"),
        materials=("leather",),
        contexts=(*_FRUIT, "beach"),
        topples=True,
    )
)
_food(
    Kind(
        "carrot",
        "food",
        _carrot,
        params={"radius": (0.016, 0.022), "length": (0.15, 0.19)},
        colours=("orange", "purple", "yellow", "red"),
        materials=("wax",),
        contexts=_FRUIT,
        rolls=True,
    )
)
_food(
    Kind(
        "watermelon",
        "food",
        _watermelon,
        params={"radius": (0.1, 0.125), "long": (1.05, 1.3)},
        states=("whole", "cut"),
        effects={"cut": "cut"},
        colours=("green", "lime", "mint", "yellow"),
        materials=("wax",),
        contexts=(*_FRUIT, "beach"),
        rolls=True,
    )
)
_food(
    Kind(
        "loaf of bread",
        "food",
        _bread,
        params={"length": (0.24, 0.3), "width": (0.105, 0.125)},
        states=("whole", "sliced"),
        effects={"cut": "sliced"},
        colours=("brown", "orange", "beige"),
        materials=("cork", "leather"),
        contexts=_TABLE,
        plural="loaves of bread",
    )
)
_food(Kind("cake", "food", _cake, params={"radius": (0.1, 0.125), "height": (0.075, 0.11), "chocolate": (0, 1)}, states=("whole", "sliced"), effects={"cut": "sliced", "eat": "sliced"},
           colours=("pink", "white", "mint", "lavender", "yellow", "brown"), materials=("wax", "matte paint"), contexts=(*_TABLE, "garden", "office")))  # fmt: skip
_food(
    Kind(
        "donut",
        "food",
        _donut,
        params={"radius": (0.034, 0.04), "plump": (0.54, 0.64)},
        states=("whole", "bitten"),
        effects={"bite": "bitten", "eat": "bitten"},
        colours=("pink", "brown", "white", "purple", "mint", "yellow"),
        materials=("wax", "plastic"),
        contexts=(*_TABLE, "office"),
    )
)
_food(
    Kind(
        "burger",
        "food",
        _burger,
        params={"radius": (0.05, 0.062), "bun": (0.55, 0.75), "patties": (0.6, 2.4)},
        colours=("orange", "brown", "beige", "charcoal"),
        materials=("cork", "leather"),
        contexts=(*_TABLE, "park"),
    )
)
_food(
    Kind(
        "pizza",
        "food",
        _pizza,
        params={"radius": (0.14, 0.17)},
        states=("whole", "with a slice out"),
        effects={"cut": "with a slice out", "eat": "with a slice out"},
        colours=("beige", "peach", "brown"),
        materials=("cork", "leather"),
        contexts=(*_TABLE, "park"),
    )
)
_food(Kind("bowl of ice cream", "food", _ice_cream, params={"radius": (0.028, 0.034), "sauce": (0, 1), "second": (0, 1)}, states=("frozen", "melted"), verbs={"melted": "melt"}, effects={"melt": "melted"},
           colours=("pink", "mint", "yellow", "white", "violet", "brown"), materials=("wax", "snow"), contexts=(*_TABLE, "beach", "park"), plural="bowls of ice cream", topples=True))  # fmt: skip
_food(
    Kind(
        "cheese wedge",
        "food",
        _cheese,
        params={"radius": (0.12, 0.15), "height": (0.055, 0.075), "angle": (42, 58)},
        colours=("yellow", "orange", "ivory", "beige"),
        materials=("wax",),
        contexts=_TABLE,
    )
)
_food(
    Kind(
        "egg",
        "food",
        _egg,
        params={"radius": (0.021, 0.025)},
        states=("whole", "cracked"),
        verbs={"cracked": "crack open"},
        effects={"drop": "cracked", "break": "cracked"},
        colours=("white", "beige", "peach", "brown"),
        materials=("ceramic", "matte paint"),
        contexts=(*_TABLE, "farm"),
        rolls=True,
    )
)
_food(
    Kind(
        "ice cube",
        "food",
        _ice_cube,
        params={"side": (0.035, 0.05), "turn": (-30, 30)},
        states=("solid", "melted"),
        verbs={"melted": "melt"},
        effects={"melt": "melted"},
        colours=("white", "cyan", "turquoise", "pink"),
        materials=("ice", "glass"),
        contexts=(*_TABLE, "snowfield"),
    )
)
