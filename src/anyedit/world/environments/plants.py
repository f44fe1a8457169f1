"""Plants of the surroundings by season: trees, pines, palms, cacti, bushes, grass tufts, flowers, fallen leaves."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import Point, faceted, grid, lump, placed, tube
from anyedit.world.kinds import Surface
from anyedit.world.mesh import Array, Mesh, joined

SRGB = tuple[float, float, float]
LEAVES: dict[str, tuple[SRGB, ...]] = {
    "spring": ((0.52, 0.68, 0.28), (0.60, 0.72, 0.34), (0.93, 0.72, 0.78)),
    "summer": ((0.24, 0.42, 0.16), (0.32, 0.50, 0.20), (0.20, 0.37, 0.18)),
    "autumn": ((0.82, 0.46, 0.10), (0.86, 0.62, 0.14), (0.62, 0.24, 0.08)),
}
GRASS: dict[str, SRGB] = {
    "spring": (0.48, 0.64, 0.26),
    "summer": (0.36, 0.52, 0.22),
    "autumn": (0.52, 0.50, 0.26),
    "winter": (0.62, 0.60, 0.46),
}
BARK = Surface((0.34, 0.25, 0.18), "wood")
SNOW = Surface((0.93, 0.95, 0.98), "snow")
NEEDLES: SRGB = (0.13, 0.29, 0.19)


@lru_cache(maxsize=8)
def _crown(variant: int) -> Mesh:
    rng = rng_of("crown", variant)
    lumps = [placed(lump(variant * 7, 1, 0.16), (0, 0, 0.66), (0.30, 0.30, 0.31))]
    for k in range(3):
        turn = k * 2.1 + rng.uniform(-0.4, 0.4)
        at = (0.19 * np.cos(turn), 0.19 * np.sin(turn), 0.56 + rng.uniform(-0.05, 0.16))
        lumps.append(placed(lump(variant * 7 + k + 1, 1, 0.18), at, float(rng.uniform(0.17, 0.22))))
    return joined(lumps)


@lru_cache(maxsize=8)
def _trunk(variant: int) -> Mesh:
    bend = rng_of("trunk", variant).uniform(-0.03, 0.03, 2)
    return joined(
        [
            tube((0, 0, -0.01), (*bend, 0.30), (0.036, 0.024), 9),
            tube((*bend, 0.30), (0, 0, 0.66), (0.024, 0.012), 7),
        ]
    )


@lru_cache(maxsize=8)
def _bare(variant: int) -> Mesh:
    rng = rng_of("bare", variant)
    twigs: list[Mesh] = []

    def grow(start: Array, way: Array, length: float, radius: float, level: int) -> None:
        end = start + way * length
        twigs.append(tube(start, end, (radius, radius * 0.62), 6 if level < 2 else 3))
        if level == 4:
            return
        for turn in rng.uniform(0, 6.3) + np.arange(3 if level < 2 else 2) * (2.1 if level < 2 else 3.1):
            out = np.array([np.cos(turn), np.sin(turn), 0.0]) * rng.uniform(0.5, 0.85)
            aim = way + out + [0, 0, 0.25]
            grow(
                start + way * length * rng.uniform(0.75, 1),
                aim / np.linalg.norm(aim),
                length * 0.66,
                radius * 0.6,
                level + 1,
            )

    grow(np.array([0, 0, -0.01]), np.array([0.03, 0, 1.0]), 0.36, 0.034, 0)
    return joined(twigs)


@lru_cache(maxsize=8)
def _pine(variant: int) -> tuple[Mesh, Mesh]:
    """Branches and the upper skirts of them that hold snow; unit height."""
    rng, layers, snow = rng_of("pine", variant), [], []
    n = 16
    for k in range(5):
        low, high, radius = 0.12 + k * 0.165, 0.12 + k * 0.165 + 0.27, 0.225 * (1 - k * 0.175)
        angle = np.arange(n) / n * 2 * np.pi + k
        jag = np.where(np.arange(n) % 2, 1.0, 0.72) * rng.uniform(0.9, 1.1, n)
        ring = np.column_stack([np.cos(angle) * radius * jag, np.sin(angle) * radius * jag, low - 0.04 * jag])
        tip = np.array([[0, 0, min(high, 1.0)]])
        i = np.arange(n)
        fan = np.column_stack([np.full(n, n), i, (i + 1) % n])
        layers.append(faceted(np.vstack([ring, tip]), fan))
        layers.append(faceted(np.vstack([ring, [[0, 0, low]]]), fan[:, ::-1]))
        shifted = np.vstack([(ring - tip) * 0.62 + tip, tip]) + [0, 0, 0.008]
        snow.append(faceted(shifted * [1.06, 1.06, 1], fan))
    return joined(layers), joined(snow)


def trees(parts: Parts, setting: Setting, spots: list[tuple[float, float, float]], key: str) -> None:
    """Broad-leaved trees at (x, y, height): blossoming, green, golden or bare by season."""
    rng = rng_of("trees", key)
    for x, y, height in spots:
        variant, yaw, tint = int(rng.integers(4)), float(rng.uniform(0, 360)), int(rng.integers(3))
        if setting.season == "winter":
            parts.add("bare trees", BARK, placed(_bare(variant), (x, y, 0), height, yaw))
            continue
        parts.add("trunks", BARK, placed(_trunk(variant), (x, y, 0), height, yaw))
        grey = 0.70 + 0.06 * tint
        colour: SRGB = (grey, grey + 0.05, grey + 0.05) if setting.snowy else LEAVES[setting.season][tint]
        parts.add(
            f"crowns {tint}", Surface(colour, "foliage"), placed(_crown(variant), (x, y, 0), height, yaw)
        )


def pines(parts: Parts, setting: Setting, spots: list[tuple[float, float, float]], key: str) -> None:
    """Conifers at (x, y, height), with snow on their branches in winter."""
    rng = rng_of("pines", key)
    for x, y, height in spots:
        variant, yaw = int(rng.integers(3)), float(rng.uniform(0, 360))
        branches, snow = _pine(variant)
        parts.add("pine trunks", BARK, placed(tube((0, 0, -0.01), (0, 0, 0.3), 0.03, 7), (x, y, 0), height))
        parts.add("pines", Surface(NEEDLES, "foliage"), placed(branches, (x, y, 0), height, yaw))
        if setting.white:
            parts.add("snow on pines", SNOW, placed(snow, (x, y, 0), height, yaw))


def bushes(parts: Parts, setting: Setting, spots: list[tuple[float, float, float]], key: str) -> None:
    """Low round bushes at (x, y, height)."""
    rng = rng_of("bushes", key)
    colour = {"spring": (0.46, 0.62, 0.26), "autumn": (0.56, 0.42, 0.16), "winter": (0.80, 0.83, 0.86)}.get(
        setting.season, (0.22, 0.40, 0.17)
    )
    surface = SNOW if setting.snowy else Surface(colour, "foliage")
    for x, y, height in spots:
        ball = lump(int(rng.integers(5)) + 40, 1, 0.16)
        wide = height * float(rng.uniform(0.55, 0.8))
        parts.add(
            "bushes",
            surface,
            placed(ball, (x, y, height * 0.38), (wide, wide, height * 0.6), float(rng.uniform(0, 360))),
        )


def palm(parts: Parts, at: Point, height: float, key: str) -> None:
    """A leaning palm tree."""
    rng = rng_of("palm", key)
    lean = rng.uniform(-0.16, 0.16) * height
    t = np.linspace(0, 1, 6)
    spine = np.column_stack([at[0] + lean * t**2, np.full(6, at[1]), height * t])
    for k in range(5):
        parts.add(
            "palm trunks", BARK, tube(spine[k], spine[k + 1], (0.035 * height * (1 - 0.1 * k) * 0.8,) * 2, 9)
        )
    fronds = []
    for turn in np.arange(9) * 0.7 + rng.uniform(0, 6):
        s = np.linspace(0, 1, 6)
        reach, width = 0.42 * height, 0.055 * height * np.sin(np.pi * (0.15 + 0.85 * s)) + 0.002
        out, side = np.array([np.cos(turn), np.sin(turn), 0]), np.array([-np.sin(turn), np.cos(turn), 0])
        rise = height * (0.13 * np.sin(s * 2.2) - 0.26 * s**2)
        middle = spine[-1] + np.outer(s * reach, out) + np.column_stack([0 * s, 0 * s, rise])
        edges = [
            middle + np.outer(k * width, side) - np.outer(abs(k) * width, [0, 0, 0.4]) for k in (-1, 0, 1)
        ]
        fronds.append(grid(np.stack(edges, 1), smooth=False))
    parts.add("palm leaves", Surface((0.27, 0.46, 0.16), "foliage"), *fronds)


def cactus(parts: Parts, at: Point, height: float, key: str) -> None:
    """A tall cactus with two arms."""
    rng = rng_of("cactus", key)
    r, meshes = height * 0.075, []
    x, y = at[0], at[1]
    meshes += [tube((x, y, -0.05), (x, y, height * 0.95), (r, r * 0.9), 14)]
    meshes += [placed(lump(0, 2, 0.0), (x, y, height * 0.95), r * 0.9)]
    for side, start, rise in ((-1, rng.uniform(0.35, 0.5), 0.36), (1, rng.uniform(0.45, 0.6), 0.26)):
        out, z = x + side * height * 0.2, height * start
        meshes += [tube((x, y, z), (out, y, z), r * 0.7, 12), placed(lump(0, 2, 0.0), (out, y, z), r * 0.7)]
        meshes += [tube((out, y, z), (out, y, z + height * rise), r * 0.7, 12)]
        meshes += [placed(lump(0, 2, 0.0), (out, y, z + height * rise), r * 0.7)]
    parts.add("cacti", Surface((0.30, 0.46, 0.24), "foliage"), *meshes)


def tufts(places: Array, height: float, key: str, blades: int = 4) -> Mesh:
    """Grass blades at places (N, 2): thin bent triangles, two each."""
    rng, n = rng_of("tufts", key), len(places) * blades
    root = np.repeat(np.asarray(places, float), blades, 0) + rng.normal(0, height * 0.12, (n, 2))
    tall = height * rng.uniform(0.55, 1.1, n)
    turn, lean = rng.uniform(0, 6.3, n), rng.uniform(0.05, 0.5, n) * tall
    way = np.column_stack([np.cos(turn), np.sin(turn)])
    half = 0.055 * height
    face = rng.uniform(-0.5, 0.5, n)
    side = np.column_stack([np.cos(face), np.sin(face)]) * half
    low = np.zeros(n) - 0.002
    a, b = np.column_stack([root - side, low]), np.column_stack([root + side, low])
    middle = root + way * (lean * 0.35)[:, None]
    c = np.column_stack([middle + side * 0.6, tall * 0.6])
    d = np.column_stack([root + way * lean[:, None], tall])
    vertices = np.stack([a, b, c, d], 1).reshape(-1, 3)
    k = np.arange(n)[:, None] * 4
    mesh = faceted(vertices, np.concatenate([k + [0, 1, 2], k + [0, 2, 3]]))
    normals = mesh.normals * 0.35 + [0, 0, 0.9]  # lit like the meadow that they stand in
    return Mesh(mesh.vertices, mesh.faces, normals / np.linalg.norm(normals, axis=1, keepdims=True), mesh.uv)


def flakes(places: Array, size: float, key: str, height: float = 0.0, tilt: float = 0.25) -> Mesh:
    """Small five-cornered faces looking up at places (N, 2): fallen leaves, petals, flower heads."""
    rng, n = rng_of("flakes", key), len(places)
    angle = rng.uniform(0, 6.3, (n, 1)) + np.array([0, 1.1, 2.4, 3.9, 5.2])
    reach = size * rng.uniform(0.6, 1.2, (n, 1)) * np.array([1.15, 0.75, 0.9, 0.9, 0.75])
    x, y = np.cos(angle) * reach, np.sin(angle) * reach
    slope = rng.uniform(-tilt, tilt, (n, 2))
    z = x * slope[:, :1] + y * slope[:, 1:]
    z = z - z.min(1, keepdims=True) + 0.003 + height * rng.uniform(0.6, 1.1, (n, 1))
    corners = np.stack([x + places[:, :1], y + places[:, 1:], z], -1).reshape(-1, 3)
    k = np.arange(n)[:, None] * 5
    return faceted(corners, np.concatenate([k + [0, i, i + 1] for i in (1, 2, 3)]))


def scattered(
    key: str,
    count: int,
    x: tuple[float, float],
    y: tuple[float, float],
    clear: tuple[float, ...] | None = None,
) -> Array:
    """Places (N, 2), denser towards the camera; none inside the rectangle `clear` (x0, y0, x1, y1)."""
    rng = rng_of("scattered", key)
    across = rng.uniform(x[0], x[1], count)
    along = y[0] + (y[1] - y[0]) * rng.random(count) ** 1.6
    if clear is not None:
        inside = (across > clear[0]) & (across < clear[2]) & (along > clear[1]) & (along < clear[3])
        across, along = across[~inside], along[~inside]
    return np.column_stack([across, along])


def fallen_leaves(
    parts: Parts, key: str, count: int, size: float, x: tuple[float, float], y: tuple[float, float]
) -> None:
    """Autumn leaves on the ground in three colours."""
    for k, colour in enumerate(LEAVES["autumn"]):
        places = scattered(f"{key} {k}", count // 3, x, y)
        parts.add(f"fallen leaves {k}", Surface(colour, "paper"), flakes(places, size, f"{key} {k}"))


def stones(
    parts: Parts, name: str, surface: Surface, places: Array, size: tuple[float, float], key: str
) -> None:
    """Rounded stones half sunk in the ground."""
    rng = rng_of("stones", key)
    for px, py in places:
        r = float(rng.uniform(*size))
        shape = (r, r * float(rng.uniform(0.7, 1.0)), r * float(rng.uniform(0.5, 0.75)))
        ball = lump(int(rng.integers(6)) + 80, 1 if r < 0.4 else 2, 0.16)
        parts.add(
            name, surface, placed(ball, (float(px), float(py), r * 0.18), shape, float(rng.uniform(0, 360)))
        )
