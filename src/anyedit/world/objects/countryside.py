"""What stands in gardens and camps: fence, rock, campfire, tent, well."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import trimesh

from anyedit.world.blocks import both, gable_roof, hull, settled, slab, turned
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined, shaded
from anyedit.world.shapes import cut, cylinder, ellipsoid, extrude, lathe, loft, rod, sweep
from anyedit.world.surfaces import IRON, PLANK, TILES


def _fence(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, count, pitch = p["height"], round(p["pickets"]), 0.15
    half = (count - 1) * pitch / 2
    pickets: list[Mesh] = []
    posts: list[Mesh] = []
    for k in range(count):
        x = -half + k * pitch
        post = k in (0, count - 1)
        w, tall = (0.1, h * 1.08) if post else (0.075, h)
        tip = [(-w / 2, 0), (w / 2, 0), (w / 2, tall - 0.06), (0, tall + 0.02), (-w / 2, tall - 0.06)]
        (posts if post else pickets).append(
            extrude(
                tip, 0.07 if post else 0.022, (x, 0.0 if post else -0.03, 0.0 if post else 0.05), bevel=0.003
            )
        )
    rails = [slab((half * 2, 0.03, 0.07), (0, 0, z), 0.006) for z in (h * 0.25, h * 0.72)]
    return settled(
        [Part("pickets", joined(pickets)), Part("posts", joined(posts)), Part("rails", joined(rails))]
    )


def _rough(
    radii: tuple[float, float, float], seed: float, amount: float, detail: int = 3, crease: float = 30.0
) -> Mesh:
    """A stone: an ellipsoid cut by planes and waved; its form follows from `seed` alone."""
    ball = trimesh.creation.icosphere(subdivisions=detail)
    v = np.asarray(ball.vertices)
    for k in range(14):  # flat facets: everything beyond a plane is drawn back onto it
        a, z = k * 2.399 + seed, 1 - 2 * ((k + 0.5) / 14)
        normal = np.array([np.sqrt(1 - z * z) * np.cos(a), np.sqrt(1 - z * z) * np.sin(a), z])
        beyond = np.maximum(v @ normal - (0.86 - 0.1 * np.sin(seed * 3 + k * 1.7)), 0)
        v = v - beyond[:, None] * normal
    wave = np.sin(v @ np.array([3.1, 1.7, 2.3]) + seed) + 0.6 * np.sin(
        v @ np.array([-4.3, 5.1, 1.9]) + 2 * seed
    )
    v = v * (1 + amount * wave)[:, None]
    return shaded(v * np.asarray(radii), np.asarray(ball.faces), crease)


def _rock(p: Mapping[str, float], state: str | None) -> list[Part]:
    w = p["width"]
    rock = _rough((w / 2, w / 2 * p["depth"], w / 2 * p["height"]), p["form"], 0.035, detail=4, crease=24)
    small = _rough((w * 0.15, w * 0.13, w * 0.1), p["form"] + 2, 0.05).moved(affine((w * 0.52, -w * 0.2, 0)))
    flat = min(rock.bounds[0][2] * 0.62, 0.0)
    parts = [
        Part("rock", _grounded(rock, flat)),
        Part("stone", _grounded(small.moved(affine((0, 0, flat))), flat)),
    ]
    if p["moss"] > 0.55:
        spots = [
            ellipsoid((w * 0.07, w * 0.06, w * 0.05), (x * w, -y * w, flat), detail=2)
            for x, y in ((-0.36, 0.3), (0.3, 0.38), (-0.1, 0.44))
        ]
        parts.append(
            Part(
                "grass",
                joined([_grounded(mesh, flat) for mesh in spots]),
                Surface((0.3, 0.45, 0.15), "foliage"),
            )
        )
    return settled(parts)


def _grounded(mesh: Mesh, low: float) -> Mesh:
    """The mesh flattened against the plane z = `low`."""
    vertices = mesh.vertices.copy()
    vertices[:, 2] = np.maximum(vertices[:, 2], low)
    return Mesh(vertices, mesh.faces, mesh.normals, mesh.uv)


def _campfire(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    stones = []
    count = 11
    for k in range(count):
        a = k * 2 * np.pi / count
        size = 0.085 * (1 + 0.22 * np.sin(k * 2.3 + p["form"]))
        stone = _rough((size, size * 0.8, size * 0.72), k + p["form"], 0.04, detail=2)
        stones.append(
            stone.moved(affine((r * np.cos(a), r * np.sin(a), size * 0.5), (0, 0, np.degrees(a) + 90)))
        )
    logs, ends = [], []
    for k in range(6):
        a = k * np.pi / 3 + 0.25
        foot, top = (
            np.array([r * 0.72 * np.cos(a), r * 0.72 * np.sin(a), 0.045]),
            np.array([0.055 * np.cos(a + 2.2), 0.055 * np.sin(a + 2.2), p["height"]]),
        )
        logs.append(rod(foot, top, (0.048, 0.038), 10))
        way = (top - foot) / np.linalg.norm(top - foot)
        ends.append(rod(foot - way * 0.004, foot - way * 0.001, (0.042, 0.044), 10))
    ash = lathe([(0, 0), (r * 0.92, 0), (r * 0.7, 0.02), (0, 0.035)], 28)
    low = min(mesh.bounds[0][2] for mesh in stones)
    parts = [
        Part("stones", joined([_grounded(stone, max(low, -0.02)) for stone in stones])),
        Part(
            "logs",
            joined(logs),
            Surface((0.3, 0.18, 0.1), "wood")
            if state != "burnt out"
            else Surface((0.09, 0.08, 0.08), "wood"),
        ),
        Part("log ends", joined(ends), Surface((0.74, 0.56, 0.36), "wood")),
        Part(
            "ash",
            ash,
            Surface((0.2, 0.19, 0.18), "sand")
            if state != "burning"
            else Surface((0.9, 0.25, 0.04), "sand", glow=1.2),
        ),
    ]
    if state == "burning":
        flames: list[Mesh] = []
        cores: list[Mesh] = []
        tongues = (
            (0.0, 0.0, 1.0),
            (0.11, 0.05, 0.72),
            (-0.1, 0.06, 0.76),
            (0.03, -0.12, 0.66),
            (-0.06, -0.09, 0.58),
            (0.09, -0.08, 0.5),
        )
        for k, (x, y, s) in enumerate(tongues):
            rise = p["height"] * 1.75 * s
            u = np.linspace(0, 1, 12)
            path = np.column_stack(
                [
                    x * (1 - 0.4 * u) + 0.035 * np.sin(4.6 * u + k) * u,
                    y * (1 - 0.4 * u) + 0.03 * np.cos(5 * u + 2 * k) * u,
                    0.03 + rise * u,
                ]
            )
            girth = 0.095 * s**0.5 * np.sin(np.pi * np.minimum(1, 0.16 + 0.84 * u) ** 0.75) ** 0.9 + 0.002
            flames.append(sweep(path, girth, 12))
            cores.append(sweep(path * [1, 1, 0.62] + [0, -0.0, 0], girth * 1.04, 12))
        parts += [
            Part("flames", joined(flames), Surface((1.0, 0.36, 0.05), "plastic", glow=4.0)),
            Part("flame cores", joined(cores), Surface((1.0, 0.72, 0.22), "plastic", glow=6.0)),
        ]
    elif state == "burnt out":
        parts = [part for part in parts if part.name != "log ends"]
        u = np.linspace(0, 1, 16)
        wisp = np.column_stack([0.05 * np.sin(6 * u), 0.03 * np.cos(5 * u), p["height"] * 0.9 + 0.45 * u])
        parts.append(
            Part("smoke", sweep(wisp, 0.012 + 0.045 * u * (1.08 - u), 10), Surface((0.8, 0.8, 0.8), "wool"))
        )
    return settled(parts)


def _tent(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, tall = p["width"], p["depth"], p["height"]
    half = d / 2
    rows = []
    for y, share, drop in (
        (-half, 1.0, 0.0),
        (-half * 0.4, 0.97, 0.05),
        (half * 0.4, 0.97, 0.05),
        (half, 1.0, 0.0),
    ):
        t = np.linspace(0, 1, 9)
        left = [
            (-w / 2 * share * (1 - u), y, (tall - drop) * u - 0.16 * tall * np.sin(np.pi * u) * (1 - u))
            for u in t
        ]
        right = [(-x, yy, z) for x, yy, z in left[::-1][1:]]
        rows.append(left + right)
    body = loft(rows, crease=25)
    opening = hull(
        [(-w * 0.24, y, -0.02) for y in (-half - 0.1, -half + 1.2)]
        + [(w * 0.24, y, -0.02) for y in (-half - 0.1, -half + 1.2)]
        + [(0, y, tall * 0.82) for y in (-half - 0.1, -half + 1.2)]
    )
    parts: list[Part] = []
    if state == "open":
        body = cut(body, opening, crease=25)
        for sign in (-1, 1):  # the flaps are rolled aside along the edges of the opening
            roll = sweep(
                [
                    (sign * w * 0.25, -half - 0.03, 0.03),
                    (sign * w * 0.14, -half - 0.04, tall * 0.36),
                    (sign * 0.02, -half - 0.03, tall * 0.8),
                ],
                [0.05, 0.06, 0.02],
                10,
            )
            parts.append(Part("flap", roll, Surface((0.9, 0.85, 0.72), "fabric")))
        parts.append(
            Part(
                "bedroll",
                cylinder(0.14, 0.7, segments=20).moved(affine((-0.35, 0.1, 0.14), (0, 90, 0))),
                Surface("navy", "fabric"),
            )
        )
    else:
        door = hull(
            [(-w * 0.24, y, 0.0) for y in (-half - 0.012, -half)]
            + [(w * 0.24, y, 0.0) for y in (-half - 0.012, -half)]
            + [(0, y, tall * 0.82) for y in (-half - 0.012, -half)]
        )
        parts += [
            Part("door", door, Surface((0.9, 0.85, 0.72), "fabric")),
            Part("zip", slab((0.03, 0.02, tall * 0.8), (0, -half - 0.015, 0)), Surface("charcoal")),
        ]
    poles = [rod((0, y, tall - 0.25), (0, y * 1.01, tall + 0.12), 0.025, 8) for y in (-half, half)]
    pegs, lines = [], []
    for sx in (-1, 1):
        for y in (-half, 0.0, half):
            end = (sx * (w / 2 + 0.45), y * 1.15, 0.02)
            lines.append(rod((sx * w * 0.22, y, tall * 0.5), end, 0.008, 5))
            pegs.append(rod((end[0], end[1], 0.0), (end[0] + sx * 0.05, end[1], 0.14), 0.015, 6))
    for y in (-1, 1):
        lines.append(rod((0, y * half, tall + 0.08), (0, y * (half + 0.7), 0.02), 0.008, 5))
    hem = both(slab((0.05, d * 1.0, 0.08), (w / 2 - 0.01, 0, 0)))
    return settled(
        [
            Part("canvas", body),
            *parts,
            Part("poles", joined(poles), PLANK),
            Part("lines", joined(lines), Surface((0.85, 0.8, 0.68), "fabric")),
            Part("pegs", joined(pegs), IRON),
            Part("hem", hem, Surface("charcoal", "fabric")),
        ]
    )


def _well(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, wall, post = p["radius"], p["wall"], p["post"]
    ring: list[Mesh] = []
    rows, per = 4, 14
    for row in range(rows):
        for k in range(per):
            a = (k + 0.5 * (row % 2)) * 360 / per
            jut = 0.015 * ((k * 5 + row * 3) % 4 - 1.5) / 1.5
            size = (2 * np.pi * r / per * 0.99, 0.2, wall / rows * 0.97)
            ring.append(slab(size, (0, -r - jut, row * wall / rows), 0.025).moved(affine(turn=(0, 0, a))))
    inner = lathe(
        [(r * 0.9, 0), (r * 1.04, 0), (r * 1.04, wall * 0.97), (r * 0.9, wall * 0.97), (r * 0.9, 0)], 32
    )
    water = cylinder(r * 0.92, 0.02, (0, 0, wall * 0.45), segments=32)
    posts = [slab((0.11, 0.11, post), (s * r * 1.0, 0, wall * 0.4), 0.015) for s in (-1, 1)]
    top = wall * 0.4 + post
    roof = gable_roof(r * 1.9, r * 2.0, top - 0.28, top + 0.22, 0.16, 0.07)
    roof = turned(roof, 90)
    drum = rod((-r, 0, top - 0.5), (r, 0, top - 0.5), 0.07, 16)
    crank = sweep(
        [
            (r, 0, top - 0.5),
            (r + 0.2, 0, top - 0.5),
            (r + 0.22, -0.02, top - 0.52),
            (r + 0.22, -0.16, top - 0.68),
            (r + 0.36, -0.18, top - 0.7),
        ],
        0.018,
        8,
    )
    rope = lathe([(0.07, -0.16), (0.095, -0.14), (0.095, 0.14), (0.07, 0.16)], 16).moved(
        affine((0, 0, top - 0.5), (0, 90, 0))
    )
    bucket_z = wall + 0.03 if state != "bucket down" else wall * 0.3
    bucket = lathe(
        [(0, 0), (0.13, 0), (0.17, 0.28), (0.155, 0.28), (0.12, 0.03), (0, 0.03)],
        24,
        at=(0, -0.085, bucket_z),
    )
    t = np.linspace(0, np.pi, 9)
    bail = sweep(
        np.column_stack([0.165 * np.cos(t), 0 * t - 0.085, bucket_z + 0.26 + 0.16 * np.sin(t)]), 0.01, 6
    )
    line = rod((0, -0.085, bucket_z + 0.42), (0, -0.085, top - 0.5), 0.013, 6)
    hoops = [
        lathe(
            [
                (0.128 + 0.04 * h, 0),
                (0.142 + 0.04 * h, 0),
                (0.142 + 0.04 * h, 0.03),
                (0.128 + 0.04 * h, 0.03),
            ],
            24,
            at=(0, -0.085, bucket_z + 0.28 * h),
        )
        for h in (0.15, 0.75)
    ]
    return settled(
        [
            Part("stones", joined([*ring, inner])),
            Part("water", water, Surface((0.12, 0.3, 0.4), "water")),
            Part("posts", joined(posts), PLANK),
            Part("roof", roof, TILES),
            Part("drum", joined([drum]), PLANK),
            Part("rope", joined([rope, line]), Surface((0.76, 0.64, 0.42), "straw")),
            Part("crank", joined([crank, bail, *hoops]), IRON),
            Part("bucket", bucket, Surface((0.58, 0.4, 0.22), "wood")),
        ]
    )


register(
    Kind(
        "fence",
        "outdoor",
        _fence,
        params={"height": (0.8, 1.05), "pickets": (9, 13)},
        colours=("white", "brown", "green", "blue", "gray"),
        materials=("wood", "matte paint", "bamboo"),
        scale="room",
        contexts=("outdoor", "garden", "meadow", "farm", "street", "playground"),
    )
)
register(
    Kind(
        "rock",
        "outdoor",
        _rock,
        params={
            "width": (0.6, 1.0),
            "depth": (0.7, 0.95),
            "height": (0.6, 0.85),
            "form": (0, 6),
            "moss": (0, 1),
        },
        colours=("gray", "beige", "charcoal", "brown", "salmon"),
        materials=("stone", "granite", "marble", "sand"),
        scale="room",
        contexts=("outdoor", "mountain", "forest", "meadow", "desert", "beach", "garden", "snowfield"),
    )
)
register(
    Kind(
        "campfire",
        "outdoor",
        _campfire,
        params={"radius": (0.36, 0.44), "height": (0.34, 0.44), "form": (0, 6)},
        states=("unlit", "burning", "burnt out"),
        verbs={"burning": "catch fire", "burnt out": "burn out"},
        effects={"light": "burning", "burn_out": "burnt out"},
        colours=("gray", "beige", "charcoal", "brown"),
        materials=("stone", "granite"),
        scale="room",
        contexts=("outdoor", "forest", "meadow", "beach", "mountain", "desert", "snowfield"),
    )
)
register(
    Kind(
        "tent",
        "building",
        _tent,
        params={"width": (1.9, 2.4), "depth": (2.1, 2.6), "height": (1.4, 1.7)},
        states=("closed", "open"),
        verbs={"open": "open its flaps"},
        effects={"open": "open"},
        colours=("orange", "green", "blue", "red", "yellow"),
        materials=("fabric",),
        scale="outdoor",
        contexts=("outdoor", "forest", "meadow", "mountain", "beach", "snowfield", "desert"),
    )
)
register(
    Kind(
        "well",
        "building",
        _well,
        params={"radius": (0.55, 0.66), "wall": (0.7, 0.85), "post": (1.6, 1.85)},
        states=("bucket up", "bucket down"),
        verbs={"bucket down": "let down its bucket"},
        colours=("gray", "beige", "brown", "ivory"),
        materials=("stone", "brick", "granite", "marble"),
        scale="outdoor",
        contexts=("outdoor", "garden", "meadow", "farm", "forest", "plaza"),
    )
)
