"""Plants: trees, bush, potted plant, cactus, flowers and the toadstool. The body is what one would name the colour of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.blocks import curve, settled
from anyedit.world.bodies import aimed, limb, option
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Array, Mesh, affine, joined, shaded
from anyedit.world.shapes import Distance, Point, blob, ellipsoid, lathe, loft, smooth_profile, soft, sweep

BARK = Surface((0.33, 0.23, 0.15), "wood")
LEAF = Surface((0.16, 0.42, 0.12), "foliage")
WILTED = Surface((0.52, 0.43, 0.17), "foliage")
STEM = Surface((0.25, 0.50, 0.16), "foliage")
SOIL = Surface((0.16, 0.10, 0.07), "clay")


def _leaves(at: Array, along: Array, length: float | Array, width: float) -> Mesh:
    """Small folded leaves, 4 triangles each: at (N, 3) their stalks, along (N, 3) the way they point."""
    z = along / np.linalg.norm(along, axis=1, keepdims=True)
    x = np.cross(np.where(np.abs(z[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]]), z)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    y = np.cross(z, x)
    size = np.broadcast_to(np.asarray(length, float), len(at))[:, None]
    corners = [
        at,
        at + z * size,
        at + (0.45 * z + width * x + 0.12 * y) * size,
        at + (0.45 * z - width * x + 0.12 * y) * size,
    ]
    vertices = np.stack(corners, 1).reshape(-1, 3)
    faces = np.array([[0, 3, 1], [0, 1, 2], [2, 3, 0], [1, 3, 2]])
    return shaded(vertices, (np.arange(len(at))[:, None, None] * 4 + faces).reshape(-1, 3), crease=25)


def _leafy(core: Mesh, count: int, length: float, width: float, *key: str | int) -> Mesh:
    """A crown: a soft core covered with leaves that point outward and a little down."""
    rng = rng_of(*key, "leaves")
    chosen = rng.integers(0, len(core.vertices), count)
    normals = core.normals[chosen]
    along = normals + rng.normal(0, 0.75, (count, 3)) + [0, 0, -0.25]
    at = core.vertices[chosen] - normals * length * 0.35 + rng.normal(0, length * 0.25, (count, 3))
    return joined([core, _leaves(at, along, length * rng.uniform(0.75, 1.3, count), width)])


def _blade(path: Sequence[Point] | Array, width: float, thick: float = 0.1) -> Mesh:
    """A broad leaf along a path of points, pointed at both ends."""
    line = curve(path, 5)
    t = np.linspace(0, 1, len(line))
    return sweep(line, np.maximum(np.sin(np.pi * t**0.8) ** 0.8, 0.05) * width, 10, flat=thick)


def _twigs(
    start: Array, along: Array, length: float, radius: float, depth: int, rng: np.random.Generator
) -> list[Mesh]:
    """A branching limb and everything that grows from it."""
    end = start + along * length
    middle = (start + end) / 2 + rng.normal(0, length * 0.05, 3)
    grown = [
        sweep(curve([start, middle, end], 3), np.linspace(radius, radius * 0.62, 7), 8 if depth > 1 else 6)
    ]
    if depth == 0:
        return grown
    turn = rng.uniform(0, 2 * np.pi)
    for k in range(3):
        a = turn + k * 2 * np.pi / 3 + rng.normal(0, 0.25)
        aside = np.array([np.cos(a), np.sin(a), 0.0])
        way = along * 0.75 + aside * rng.uniform(0.55, 0.85) + [0, 0, 0.22]
        grown += _twigs(
            start + along * length * rng.uniform(0.82, 1.0),
            way / np.linalg.norm(way),
            length * rng.uniform(0.74, 0.9),
            radius * 0.6,
            depth - 1,
            rng,
        )
    return grown


def _tree(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, spread = p["height"], p["spread"]
    key = ("tree", round(p["height"] * 1e4), round(p["spread"] * 1e4))
    rng = rng_of(*key, "shape")
    thick = h * 0.036
    flare = lathe(
        [
            (0, 0),
            *smooth_profile([(thick * 1.9, 0), (thick * 1.25, h * 0.05), (thick, h * 0.18)], 4),
            (thick * 0.88, h * 0.36),
            (0, h * 0.36),
        ],
        20,
    )
    if state == "bare":
        boughs = _twigs(np.array([0, 0, h * 0.33]), np.array([0.04, 0.0, 1.0]), h * 0.2, thick * 0.8, 4, rng)
        fallen = rng.uniform(-1, 1, (70, 2)) * h * 0.24
        way = np.column_stack([rng.normal(0, 1, (70, 2)), np.zeros(70)])
        litter = _leaves(np.column_stack([fallen, np.full(70, 0.012)]), way, h * 0.022, 0.35)
        return settled([Part("trunk", joined([flare, *boughs]), BARK), Part("leaves", _grounded(litter))])
    crown: list[Distance] = [blob((spread * 0.74, spread * 0.74, h * 0.28), (0, 0, h * 0.66))]
    for k in range(15):
        a, level = k * 2.4, rng.uniform(-0.85, 0.95)
        reach = spread * 0.66 * np.sqrt(1 - level**2 * 0.8)
        crown.append(
            blob(
                spread * rng.uniform(0.26, 0.38),
                (reach * np.cos(a), reach * np.sin(a), h * 0.66 + level * h * 0.22),
            )
        )
    core = soft({"c": crown}, spread * 0.12, spread * 0.11)["c"]
    boughs = [
        limb(
            (0, 0, h * 0.3),
            (np.cos(a) * spread * 0.6, np.sin(a) * spread * 0.6, h * 0.52),
            (thick * 0.6, thick * 0.3),
            10,
        )
        for a in (0.4, 2.3, 4.1, 5.4)
    ]
    parts = [
        Part("trunk", joined([flare, *boughs]), BARK),
        Part("crown", _leafy(core, 1100, h * 0.042, 0.36, *key)),
    ]
    if p["fruit"] > 0.7:
        spots = rng.integers(0, len(core.vertices), 46)
        fruit = [
            ellipsoid(h * 0.016, tuple(core.vertices[i] + core.normals[i] * h * 0.008), detail=1)
            for i in spots
            if core.normals[i][2] > -0.6
        ]
        parts.append(Part("apples", joined(fruit), Surface("red", "plastic")))
    return settled(parts, centre=False)


def _pine(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r, tiers = p["height"], p["radius"], round(p["tiers"])
    rng = rng_of("pine", round(h * 1e4), round(r * 1e4), "shape")
    layers = []
    bottoms = np.linspace(0.14, 0.8, tiers) * h
    n = 44
    for k, low in enumerate(bottoms):
        t = k / max(tiers - 1, 1)
        reach, top = r * (1 - 0.74 * t), low + h * (0.3 - 0.1 * t)
        angle = np.linspace(0, 2 * np.pi, n, endpoint=False) + rng.uniform(0, 1)
        jag = np.where(np.arange(n) % 2 == 0, 1.0, 0.72) * rng.uniform(0.93, 1.07, n)
        tips = np.where(np.arange(n) % 2 == 0, -0.05, 0.0) * h
        rings = [
            np.column_stack(
                [0.3 * reach * np.cos(angle), 0.3 * reach * np.sin(angle), np.full(n, low + h * 0.015)]
            )
        ]
        rings.append(
            np.column_stack(
                [
                    reach * jag * 0.96 * np.cos(angle),
                    reach * jag * 0.96 * np.sin(angle),
                    low + tips - h * 0.008,
                ]
            )
        )
        for share, lift in ((1.0, 0.0), (0.7, 0.24), (0.42, 0.5), (0.2, 0.76), (0.03, 1.0)):
            wave = jag ** (share**0.5)
            rings.append(
                np.column_stack(
                    [
                        reach * share * wave * np.cos(angle),
                        reach * share * wave * np.sin(angle),
                        low + (top - low) * lift + tips * share,
                    ]
                )
            )
        layers.append(loft(rings, crease=28))
    trunk = lathe([(0, 0), (h * 0.042, 0), (h * 0.03, h * 0.05), (h * 0.022, h * 0.5), (0, h * 0.5)], 18)
    return settled([Part("needles", joined(layers)), Part("trunk", trunk, BARK)], centre=False)


def _palm(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, bend, count = p["height"], p["bend"], round(p["fronds"])
    t = np.linspace(0, 1, 46)
    path = np.column_stack([bend * t**2, 0 * t, t * h])
    ripple = h * (0.034 - 0.014 * t) * (1 + 0.07 * (np.arange(46) % 3 == 0)) + h * 0.022 * np.exp(-t * 22)
    top = path[-1]
    fronds, ribs = [], []
    rng = rng_of("palm", round(h * 1e4), round(bend * 1e4), "fronds")
    for k in range(count):
        a = k * 2.39996 + rng.normal(0, 0.08)
        lift = rng.uniform(0.25, 0.95) if k % 3 else rng.uniform(-0.15, 0.3)
        out = np.array([np.cos(a), np.sin(a), 0.0])
        reach = h * rng.uniform(0.3, 0.37)
        s = np.linspace(0, 1, 22)
        line = (
            top
            + np.outer(s * reach, out)
            + np.column_stack([0 * s, 0 * s, (lift * s * 0.9 - (0.75 + lift * 0.6) * s**2) * reach])
        )
        ribs.append(sweep(line, np.linspace(h * 0.006, h * 0.002, 22), 6))
        ahead = np.gradient(line, axis=0)
        ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
        aside = np.cross(out, [0, 0, 1.0])
        for side in (-1, 1):
            way = ahead[2:] * 0.75 + side * aside * 0.9 + [0, 0, -0.35]
            fronds.append(
                _leaves(line[2:], way, reach * 0.36 * np.sin(np.pi * (0.12 + 0.82 * s[2:])) ** 0.7, 0.14)
            )
    nuts = [
        ellipsoid(
            h * 0.028, tuple(top + [np.cos(a) * h * 0.036, np.sin(a) * h * 0.036, -h * 0.028]), detail=2
        )
        for a in np.arange(5) * 1.256
    ]
    return settled(
        [
            Part("trunk", sweep(path, ripple, 16), Surface((0.50, 0.38, 0.26), "wood")),
            Part("fronds", joined(fronds)),
            Part("ribs", joined(ribs), STEM),
            Part("coconuts", joined(nuts), BARK),
        ]
    )


def _grounded(mesh: Mesh) -> Mesh:
    """The mesh with whatever lies below the ground pressed onto it."""
    return replace(mesh, vertices=np.maximum(mesh.vertices, [-np.inf, -np.inf, 0.0]))


def _bush(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h = p["width"], p["height"]
    key = ("bush", round(w * 1e4), round(h * 1e4))
    rng = rng_of(*key, "shape")
    heap: list[Distance] = [blob((w * 0.36, w * 0.34, h * 0.42), (0, 0, h * 0.45))]
    for k in range(11):
        a = k * 2.4
        heap.append(
            blob(
                (w * 0.17, w * 0.17, h * 0.24),
                (w * 0.31 * np.cos(a), w * 0.28 * np.sin(a), h * rng.uniform(0.26, 0.72)),
            )
        )
        heap.append(
            blob(
                (w * 0.15, w * 0.15, h * 0.2),
                (w * 0.3 * np.cos(a + 0.3), w * 0.28 * np.sin(a + 0.3), h * 0.14),
            )
        )
    core = _grounded(soft({"c": heap}, w * 0.07, w * 0.05)["c"])
    parts = [Part("leaves", _grounded(_leafy(core, 1000, w * 0.055, 0.36, *key)))]
    if p["flowers"] > 0.5:
        spots = [i for i in rng.integers(0, len(core.vertices), 60) if core.normals[i][2] > -0.1]
        petals, hearts = [], []
        for i in spots:
            to_world = aimed(tuple(core.vertices[i] + core.normals[i] * w * 0.022), tuple(core.normals[i]))
            petals += [
                ellipsoid(
                    (w * 0.013, w * 0.02, w * 0.007),
                    (w * 0.018 * np.cos(a), w * 0.018 * np.sin(a), 0),
                    (0, 0, np.degrees(a) - 90),
                    detail=0,
                ).moved(to_world)
                for a in np.arange(5) * 1.2566
            ]
            hearts.append(ellipsoid(w * 0.009, detail=0).moved(to_world))
        tone = option(("pink", "white", "violet", "yellow"), p["tone"])
        parts += [
            Part("flowers", joined(petals), Surface(tone, "foliage")),
            Part("flower hearts", joined(hearts), Surface("orange", "foliage")),
        ]
    return settled(parts)


def _pot(r: float, h: float) -> tuple[Mesh, Mesh]:
    profile = [
        (0, 0),
        (r * 0.66, 0),
        (r * 0.7, h * 0.02),
        (r * 0.9, h * 0.76),
        (r * 1.04, h * 0.78),
        (r * 1.06, h * 0.98),
        (r * 1.03, h),
        (r * 0.94, h),
        (r * 0.88, h * 0.84),
        (0, h * 0.84),
    ]
    soil = lathe(
        [(0, h * 0.8), (r * 0.9, h * 0.8), (r * 0.86, h * 0.87), (r * 0.4, h * 0.9), (0, h * 0.9)], 30
    )
    return lathe(profile, 44), soil


def _potted_plant(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, count, reach = p["pot"], p["pot"] * 1.75, round(p["leaves"]), p["reach"]
    wilted = state == "wilted"
    pot, soil = _pot(r, h)
    rng = rng_of("potted plant", round(reach * 1e4), "leaves")
    blades, stems = [], []
    base = np.array([0, 0, h * 0.88])
    for k in range(count):
        a = k * 2.39996
        t = k / (count - 1)
        out = np.array([np.cos(a), np.sin(a), 0.0])
        size = reach * rng.uniform(0.85, 1.1)
        tall = size * (1.35 - 1.0 * t)
        if wilted:
            root = base + out * size * 0.2 + [0, 0, tall * rng.uniform(0.3, 0.52)]
            hang = rng.uniform(0.3, 0.62)
            path = [
                root,
                root + out * size * 0.14 + [0, 0, size * 0.05],
                root + out * size * 0.3 + [0, 0, -size * hang * 0.35],
                root + out * size * 0.3 + [0, 0, -size * hang],
            ]
            stems.append(
                sweep(
                    curve([base + out * r * 0.16, base + out * size * 0.12 + [0, 0, tall * 0.26], root], 3),
                    r * 0.045,
                    8,
                )
            )
        else:
            root = base + out * size * 0.2 + [0, 0, tall * 0.62]
            path = [
                root,
                root + out * size * 0.24 + [0, 0, size * 0.26],
                root + out * size * 0.58 + [0, 0, size * 0.34],
                root + out * size * 0.92 + [0, 0, size * 0.16],
            ]
            stems.append(
                sweep(
                    curve([base + out * r * 0.16, base + out * size * 0.08 + [0, 0, tall * 0.3], root], 3),
                    r * 0.045,
                    8,
                )
            )
        blades.append(_blade(path, size * (0.2 if not wilted else 0.1)))
    fallen = []
    if wilted:
        for a in (-2.0, -0.7):
            x, y = np.cos(a) * r * 1.7, np.sin(a) * r * 1.6
            fallen.append(
                _blade([(x, y, 0.008), (x + 0.03, y + 0.01, 0.02), (x + 0.08, y + 0.03, 0.008)], 0.022)
            )
    tone = (
        WILTED
        if wilted
        else option(
            (LEAF, Surface((0.25, 0.52, 0.16), "foliage"), Surface((0.10, 0.34, 0.16), "foliage")), p["tone"]
        )
    )
    return settled(
        [
            Part("pot", pot),
            Part("soil", soil, SOIL),
            Part("leaves", joined(blades + fallen), tone),
            Part("stems", joined(stems), WILTED if wilted else STEM),
        ],
        centre=False,
    )


def _ribbed(path: Array, radius: Array, ribs: int) -> Mesh:
    """A round-ended column with deep ribs along a path in a plane y = constant."""
    n = ribs * 6
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    wave = 1 + 0.12 * np.cos(ribs * angle)
    ahead = np.gradient(path, axis=0)
    rings = []
    for point, along, r in zip(path, ahead, radius, strict=True):
        frame = aimed(point, along)
        rings.append(
            np.column_stack([r * wave * np.cos(angle), r * wave * np.sin(angle), np.zeros(n)])
            @ frame[:3, :3].T
            + point
        )
    return loft(rings, crease=50)


def _rounded(count: int, radius: float, start: float = 1.0) -> Array:
    t = np.linspace(0, 1, count)
    body = np.sqrt(np.maximum(1 - np.maximum((t - 0.86) / 0.14, 0) ** 2, 0.0)) * radius
    return np.asarray(np.maximum(body * (start + (1 - start) * np.minimum(t / 0.2, 1)), radius * 0.04))


def _cactus(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["radius"]
    t = np.linspace(0, 1, 28)
    t = np.sort(np.concatenate([t, [0.97, 0.985, 0.995]]))
    columns = [
        _ribbed(
            np.column_stack([0 * t, 0 * t, t * h]),
            np.interp(t, np.linspace(0, 1, 200), _rounded(200, r, 0.86)),
            12,
        )
    ]
    lines = [np.column_stack([0 * t, 0 * t, t * h])]
    for side, low, tip in ((1, p["arm"], p["arm"] + 0.36), (-1, p["arm"] - 0.1, p["arm"] + 0.2)):
        path = curve(
            [
                (side * r * 0.4, 0, low * h),
                (side * r * 1.9, 0, low * h),
                (side * r * 2.6, 0, low * h + r * 0.9),
                (side * r * 2.65, 0, tip * h),
            ],
            7,
        )
        s = np.linspace(0, 1, len(path))
        columns.append(_ribbed(path, np.interp(s, np.linspace(0, 1, 200), _rounded(200, r * 0.62)), 9))
        lines.append(path)
    spines = []
    rng = rng_of("cactus", round(h * 1e4), "spines")
    for line, radius, count in zip(lines, (r, r * 0.62, r * 0.62), (150, 60, 60), strict=True):
        at = line[rng.integers(2, len(line) - 3, count)] + rng.uniform(-0.01, 0.01, (count, 1)) * [0, 0, 1]
        a = rng.integers(0, 12, count) * 2 * np.pi / 12
        out = np.column_stack([np.cos(a), np.sin(a), np.zeros(count)])
        spines.append(_leaves(at + out * radius * 1.08, out + rng.normal(0, 0.3, (count, 3)), r * 0.24, 0.06))
    petals = [
        _blade(
            [
                (0, 0, 0),
                (np.cos(a) * r * 0.2, np.sin(a) * r * 0.2, r * 0.24),
                (np.cos(a) * r * 0.46, np.sin(a) * r * 0.46, r * 0.34),
            ],
            r * 0.13,
            0.25,
        )
        for a in np.arange(8) * np.pi / 4
    ]
    flower = joined(petals).moved(affine((0, 0, h * 0.99)))
    mound = lathe(
        smooth_profile([(r * 3.0, 0), (r * 2.0, r * 0.12), (r * 0.9, r * 0.3), (0, r * 0.34)], 4), 32
    )
    return settled(
        [
            Part("stem", joined(columns)),
            Part("spines", joined(spines), Surface((0.95, 0.92, 0.78), "wood")),
            Part("flower", flower, Surface("pink", "foliage")),
            Part("sand", mound, Surface((0.80, 0.66, 0.44), "sand")),
        ]
    )


def _tulip(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["bloom"]
    wilted = state == "wilted"
    top = np.array([0.01, -0.02, h]) if not wilted else np.array([0.1, -0.1, h * 0.62])
    path = (
        curve([(0, 0, 0), (0.012, 0.0, h * 0.5), tuple(top)], 8)
        if not wilted
        else curve(
            [(0, 0, 0), (0.0, 0.0, h * 0.5), (0.035, -0.035, h * 0.8), (0.08, -0.08, h * 0.78), tuple(top)], 6
        )
    )
    facing = affine(tuple(top)) if not wilted else aimed(tuple(top), (0.35, -0.35, -1))  # type: ignore[arg-type]
    petals = []
    for ring, lean, size in ((0, 0.0, 1.0), (1, 0.22, 1.04)):
        for k in range(3):
            bow = [
                (0.05, 0.0),
                (0.75 + lean, 0.35),
                (0.88 + lean, 0.95),
                (0.62 + lean * 2.4 + (0.4 if wilted else 0), 1.75),
            ]
            a = np.radians(k * 120 + ring * 60)
            side, out = np.array([-np.sin(a), np.cos(a), 0]), np.array([np.cos(a), np.sin(a), 0])
            line = curve([np.array(out) * x * r + [0, 0, z * r] for x, z in bow], 4)
            rings = []
            for t, point in zip(np.linspace(0, 1, len(line)), line, strict=True):
                width = r * size * 0.8 * max(np.sin(np.pi * (0.1 + 0.87 * t)), 0.03) ** 0.7
                u = np.linspace(-1, 1, 9)
                cup = point[None] + side * (u * width)[:, None] - out * (u**2 * width * 0.5)[:, None]
                rings.append(np.vstack([cup + out * r * 0.03, (cup - out * r * 0.03)[::-1]]))
            petals.append(loft(rings, crease=60))
    bent = 0.55 if wilted else 1.0
    blades = []
    for a, s in ((0.5, 1.0), (2.8, 0.85), (4.4, 0.7)):
        out = np.array([np.cos(a), np.sin(a), 0])
        blades.append(
            _blade(
                [
                    out * 0.008,
                    out * 0.045 * s + [0, 0, h * 0.32 * s * bent],
                    out * 0.1 * s + [0, 0, h * 0.58 * s * bent**2],
                    out * 0.17 * s + [0, 0, h * 0.6 * s * bent**4],
                ],
                0.026,
                0.16,
            )
        )
    green = WILTED if wilted else STEM
    ground = lathe([(0, 0), (0.075, 0), (0.05, 0.016), (0, 0.022)], 28)
    return settled(
        [
            Part("petals", joined(petals).moved(facing)),
            Part("stem", sweep(path, 0.0075, 10), green),
            Part("leaves", joined(blades), green),
            Part("soil", ground, SOIL),
        ]
    )


def _sunflower(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["bloom"]
    wilted = state == "wilted"
    top = np.array([0, -0.05, h]) if not wilted else np.array([0, -0.22, h * 0.8])
    path = (
        curve([(0, 0, 0), (0.015, 0.01, h * 0.5), (0, 0.01, h * 0.95), tuple(top)], 7)
        if not wilted
        else curve([(0, 0, 0), (0, 0.01, h * 0.55), (0, -0.02, h * 0.9), (0, -0.14, h * 0.94), tuple(top)], 6)
    )
    facing = aimed(tuple(top), (0.0, -1, 0.28) if not wilted else (0, -0.5, -1))
    petals = []
    for ring, count in ((0, 17), (1, 17)):
        for k in range(count):
            a = (k + ring * 0.5) * 2 * np.pi / count
            out = np.array([np.cos(a), np.sin(a), 0])
            droop = -0.12 if wilted else 0.03 - ring * 0.05
            petals.append(
                _blade(
                    [
                        out * r * 0.42 - [0, 0, ring * r * 0.05],
                        out * r * 0.75 + [0, 0, r * (0.1 - ring * 0.05)],
                        out * r * (1.08 - 0.06 * ring) * (0.8 if wilted else 1.0) + [0, 0, r * droop * 3],
                    ],
                    r * 0.13,
                    0.16,
                )
            )
    disc = lathe(
        smooth_profile([(r * 0.5, -r * 0.08), (r * 0.52, r * 0.04), (r * 0.36, r * 0.14), (0, r * 0.12)], 4),
        36,
    )
    golden = np.pi * (3 - np.sqrt(5))
    seeds = []
    for k in range(90):
        s = np.sqrt((k + 0.5) / 90)
        seeds.append(
            ellipsoid(
                r * 0.034,
                (
                    s * r * 0.47 * np.cos(golden * k),
                    s * r * 0.47 * np.sin(golden * k),
                    r * (0.14 - 0.1 * s**4),
                ),
                detail=0,
            )
        )
    sepals = lathe([(0, -r * 0.22), (r * 0.2, -r * 0.2), (r * 0.5, -r * 0.06), (0, -r * 0.05)], 24)
    blades = []
    for z, a, s in ((0.28, 0.2, 1.0), (0.42, 3.0, 0.95), (0.58, 0.9, 0.8), (0.7, 3.7, 0.65)):
        out = np.array([np.cos(a), np.sin(a), 0])
        dip = 0.18 if not wilted else -0.5
        base = np.array([0.01, 0.008, z * h])
        blades.append(
            _blade(
                [
                    base,
                    base + out * r * 0.7 * s + [0, 0, r * (dip + 0.25) * s],
                    base + out * r * 1.25 * s + [0, 0, r * dip * s],
                    base + out * r * 1.6 * s + [0, 0, r * (dip - 0.45) * s],
                ],
                r * 0.42 * s,
                0.07,
            )
        )
    green = WILTED if wilted else STEM
    ground = lathe([(0, 0), (r * 0.9, 0), (r * 0.6, 0.02), (0, 0.03)], 28)
    return settled([Part("petals", joined(petals).moved(facing)), Part("disc", disc.moved(facing), Surface((0.24, 0.13, 0.06), "foliage")), Part("seeds", joined(seeds).moved(facing), Surface((0.36, 0.21, 0.08), "wood")),
                    Part("stem", joined([sweep(path, np.linspace(0.015, 0.011, len(path)), 10), sepals.moved(facing)]), green), Part("leaves", joined(blades), green), Part("soil", ground, SOIL)])  # fmt: skip


def _mushroom(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["cap"], p["height"]
    low = h - r * 0.72
    outline = smooth_profile(
        [(r * 0.98, 0), (r * 1.0, r * 0.12), (r * 0.82, r * 0.45), (r * 0.42, r * 0.67), (0, r * 0.72)], 6
    )
    cap = lathe([(r * 0.5, -r * 0.02), (r * 0.94, -r * 0.04), *outline], 44, at=(0, 0, low))
    radii, heights = np.array(outline[::-1]).T
    golden = np.pi * (3 - np.sqrt(5))
    dots = []
    for k in range(19):
        s = np.sqrt((k + 0.3) / 19) * 0.95
        x, y = s * r * np.cos(golden * k), s * r * np.sin(golden * k)
        z = low + float(np.interp(s * r, radii, heights))
        slope = np.array([x, y, 0.35 * r + (1 - s) * r])
        size = r * (0.1 - 0.03 * s) * (1.25 if k % 3 == 0 else 0.85)
        dots.append(ellipsoid((size, size, size * 0.4), detail=2).moved(aimed((x, y, z), slope)))
    gills = lathe(
        [(0, r * 0.06), (r * 0.94, -r * 0.035), (r * 0.5, r * 0.1), (0, r * 0.1)], 40, at=(0, 0, low)
    )
    stem = lathe(
        [
            (0, 0),
            *smooth_profile(
                [(r * 0.34, 0), (r * 0.4, h * 0.08), (r * 0.27, h * 0.35), (r * 0.24, low + r * 0.1)], 5
            ),
            (0, low + r * 0.1),
        ],
        32,
    )
    skirt = lathe(
        [
            (r * 0.24, low * 0.8),
            (r * 0.3, low * 0.78),
            (r * 0.42, low * 0.62),
            (r * 0.28, low * 0.72),
            (r * 0.24, low * 0.74),
        ],
        32,
        crease=60,
    )
    pale = Surface((0.95, 0.91, 0.82), "matte paint")
    parts = [
        Part("cap", cap),
        Part("dots", joined(dots), Surface("white", "matte paint")),
        Part("gills", gills, pale),
        Part("stem", joined([stem, skirt]), pale),
    ]
    if p["grass"] > 0.4:
        rng = rng_of("mushroom", round(r * 1e4), "grass")
        a, d = rng.uniform(0, 2 * np.pi, 46), rng.uniform(0.3, 0.75, 46) * r
        at = np.column_stack([d * np.cos(a), d * np.sin(a), np.zeros(46)])
        parts.append(
            Part(
                "grass",
                _leaves(
                    at,
                    at / r * 0.5 + rng.normal(0, 0.15, (46, 3)) * [1, 1, 0] + [0, 0, 1],
                    r * rng.uniform(0.45, 0.85, 46),
                    0.07,
                ),
                STEM,
            )
        )
    return settled(parts)


_WILD = ("outdoor", "park", "meadow", "forest", "garden", "farm")
_DRY = {"water_missing": "wilted"}

register(
    Kind("tree", "plant", _tree, params={"height": (3.2, 4.6), "spread": (1.05, 1.45), "fruit": (0, 1)}, states=("in leaf", "bare"), verbs={"bare": "lose its leaves", "in leaf": "grow leaves"},
         effects={"winter": "bare", "storm": "bare"}, colours=("green", "lime", "orange", "yellow", "crimson"), materials=("foliage",), scale="outdoor", contexts=(*_WILD, "street", "mountain", "plaza"))
)  # fmt: skip
register(
    Kind("pine tree", "plant", _pine, params={"height": (2.8, 4.4), "radius": (0.85, 1.15), "tiers": (5, 7.4)}, colours=("green", "teal", "olive"), materials=("foliage",), scale="outdoor",
         contexts=("outdoor", "forest", "mountain", "snowfield", "park", "garden"))
)  # fmt: skip
register(
    Kind("palm tree", "plant", _palm, params={"height": (3.2, 4.4), "bend": (-0.7, 0.7), "fronds": (11, 15)}, colours=("green", "lime", "olive"), materials=("foliage",), scale="outdoor",
         contexts=("outdoor", "beach", "desert", "street", "park", "harbour"))
)  # fmt: skip
register(
    Kind("bush", "plant", _bush, params={"width": (0.9, 1.4), "height": (0.65, 0.95), "flowers": (0, 1), "tone": (0, 1)}, colours=("green", "olive", "lime", "crimson"), materials=("foliage",), scale="outdoor",
         contexts=(*_WILD, "street", "plaza"), plural="bushes")
)  # fmt: skip
register(
    Kind("potted plant", "plant", _potted_plant, params={"pot": (0.085, 0.12), "leaves": (12, 18), "reach": (0.2, 0.27), "tone": (0, 1)}, states=("healthy", "wilted"), verbs={"wilted": "wilt", "healthy": "recover"},
         effects=_DRY, colours=("orange", "white", "blue", "teal", "yellow", "gray"), materials=("clay", "ceramic", "plastic", "concrete"), scale="tabletop",
         contexts=("indoor", "living room", "bedroom", "office", "kitchen", "cafe", "garden", "studio"), topples=True)
)  # fmt: skip
register(
    Kind("cactus", "plant", _cactus, params={"height": (1.1, 1.8), "radius": (0.11, 0.15), "arm": (0.38, 0.48)}, colours=("green", "olive", "teal"), materials=("foliage", "matte paint"), scale="outdoor",
         contexts=("outdoor", "desert"), plural="cacti", wears=0.98)
)  # fmt: skip
register(
    Kind("tulip", "plant", _tulip, params={"height": (0.34, 0.46), "bloom": (0.036, 0.046)}, states=("blooming", "wilted"), verbs={"wilted": "wilt", "blooming": "bloom"}, effects=_DRY,
         colours=("red", "yellow", "pink", "purple", "white", "orange"), materials=("foliage",), scale="tabletop", contexts=("outdoor", "garden", "park", "meadow", "farm"))
)  # fmt: skip
register(
    Kind("sunflower", "plant", _sunflower, params={"height": (0.85, 1.25), "bloom": (0.14, 0.18)}, states=("blooming", "wilted"), verbs={"wilted": "wilt", "blooming": "bloom"}, effects=_DRY,
         colours=("yellow", "orange", "crimson"), materials=("foliage",), scale="room", contexts=("outdoor", "garden", "meadow", "farm", "park"))
)  # fmt: skip
register(
    Kind("mushroom", "plant", _mushroom, params={"cap": (0.07, 0.1), "height": (0.14, 0.2), "grass": (0, 1)}, colours=("red", "orange", "brown", "white", "purple"), materials=("matte paint", "plastic"), scale="tabletop",
         contexts=("outdoor", "forest", "meadow", "garden"))
)  # fmt: skip
