"""Baked things: bread, cake and donuts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.blocks import placed, settled
from anyedit.world.kinds import Kind, Part, Surface
from anyedit.world.mesh import Array, Mesh, affine, joined, shaded
from anyedit.world.objects.food_shapes import CHERRY, CHOCOLATE, CREAM, TABLE, food, wedge
from anyedit.world.shapes import (
    cut,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    rod,
    smooth_profile,
    sweep,
)  # fmt: skip

CRUMB = Surface((0.96, 0.86, 0.64), "cork")
PLATE = Surface("white", "porcelain")


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
        gap = wedge(r * 1.5, 58, 0.001, h * 2, -55)
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


food(
    Kind(
        "loaf of bread",
        "food",
        _bread,
        params={"length": (0.24, 0.3), "width": (0.105, 0.125)},
        states=("whole", "sliced"),
        effects={"cut": "sliced"},
        colours=("brown", "orange", "beige"),
        materials=("cork", "leather"),
        contexts=TABLE,
        plural="loaves of bread",
    )
)
food(Kind("cake", "food", _cake, params={"radius": (0.1, 0.125), "height": (0.075, 0.11), "chocolate": (0, 1)}, states=("whole", "sliced"), effects={"cut": "sliced", "eat": "sliced"},
           colours=("pink", "white", "mint", "lavender", "yellow", "brown"), materials=("wax", "matte paint"), contexts=(*TABLE, "garden", "office")))  # fmt: skip
food(
    Kind(
        "donut",
        "food",
        _donut,
        params={"radius": (0.034, 0.04), "plump": (0.54, 0.64)},
        states=("whole", "bitten"),
        effects={"bite": "bitten", "eat": "bitten"},
        colours=("pink", "brown", "white", "purple", "mint", "yellow"),
        materials=("wax", "plastic"),
        contexts=(*TABLE, "office"),
    )
)
