"""Trees and bushes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.blocks import curve, settled
from anyedit.world.bodies import aimed, limb, option
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Array, Mesh, joined
from anyedit.world.objects.plant_shapes import STEM, leaves
from anyedit.world.shapes import Distance, blob, ellipsoid, lathe, loft, smooth_profile, soft, sweep

BARK = Surface((0.33, 0.23, 0.15), "wood")


def _leafy(core: Mesh, count: int, length: float, width: float, *key: str | int) -> Mesh:
    """A crown: a soft core covered with leaves that point outward and a little down."""
    rng = rng_of(*key, "leaves")
    chosen = rng.integers(0, len(core.vertices), count)
    normals = core.normals[chosen]
    along = normals + rng.normal(0, 0.75, (count, 3)) + [0, 0, -0.25]
    at = core.vertices[chosen] - normals * length * 0.35 + rng.normal(0, length * 0.25, (count, 3))
    return joined([core, leaves(at, along, length * rng.uniform(0.75, 1.3, count), width)])


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
        litter = leaves(np.column_stack([fallen, np.full(70, 0.012)]), way, h * 0.022, 0.35)
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
                leaves(line[2:], way, reach * 0.36 * np.sin(np.pi * (0.12 + 0.82 * s[2:])) ** 0.7, 0.14)
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


_WILD = ("outdoor", "park", "meadow", "forest", "garden", "farm")

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
