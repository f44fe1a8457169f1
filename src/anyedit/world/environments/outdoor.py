"""Outdoor nature: park, meadow, beach, desert, forest, snowfield, mountain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.environments import backdrops as far
from anyedit.world.environments import plants
from anyedit.world.environments.base import (
    SKY_VALUES,
    Choices,
    Environment,
    Parts,
    Setting,
    Values,
    register,
)
from anyedit.world.environments.forms import disc, grid, puddle
from anyedit.world.environments.skies import outdoor_lights
from anyedit.world.kinds import Surface
from anyedit.world.scene import Scene
from anyedit.world.shapes import cylinder

SNOW_GROUND = Surface((0.92, 0.94, 0.97), "snow")
PUDDLE = Surface((0.22, 0.23, 0.25), "car paint")


def add(
    name: str,
    phrase: str,
    tags: tuple[str, ...],
    scales: tuple[str, ...],
    geometry: Callable[[Setting, Parts], None],
    choices: dict[str, Choices],
    lighting: Callable[[Scene, Values], dict[str, dict[str, Any]]] = outdoor_lights,
) -> None:
    """Register an outdoor environment under the open sky."""
    values = {**SKY_VALUES, **choices}
    register(Environment(name, phrase, False, ("outdoor", *tags), scales, geometry, lighting, values))


LAYOUT: dict[str, Choices] = {"layout": ("1", "2", "3", "4", "5", "6")}


def spots(
    key: str,
    count: int,
    x: tuple[float, float],
    y: tuple[float, float],
    height: tuple[float, float],
    gap: float = 0.0,
) -> list[tuple[float, float, float]]:
    """Places (x, y, height) of trees, evenly jittered across; with `gap`, none with |x| below it in the near third."""
    rng = rng_of("spots", key)
    across = np.linspace(x[0], x[1], count) + rng.uniform(-0.4, 0.4, count) * (x[1] - x[0]) / count
    along = rng.uniform(y[0], y[1], count)
    near = (np.abs(across) < gap) & (along < y[0] + (y[1] - y[0]) / 3)
    along = np.where(near, along + (y[1] - y[0]) / 2, along)
    return [
        (float(a), float(b), float(h))
        for a, b, h in zip(across, along, rng.uniform(*height, count), strict=True)
    ]


def reach_of(setting: Setting) -> float:
    """How far from the middle the near details start: the depth of the area where items stand."""
    return {"tabletop": 0.45, "room": 1.9, "outdoor": 5.5}[setting.scale]


def near_grass(
    parts: Parts, setting: Setting, key: str, height: float | None = None, flowers: bool = False
) -> None:
    """Blades behind and beside the area, flowers in spring and summer, fallen leaves in autumn."""
    r = reach_of(setting)
    tall = height or {"tabletop": 0.07, "room": 0.11, "outdoor": 0.2}[setting.scale]
    clear = (-r * 0.92, -9 * r, r * 0.92, r * 0.85)
    count = 420 if setting.scale != "outdoor" else 340
    places = plants.scattered(key, count, (-3.2 * r, 3.2 * r), (-0.4 * r, 4.5 * r), clear)
    if not setting.white:
        colour = plants.GRASS[setting.season]
        blades = Surface(tuple(c * 0.92 for c in colour), "matte paint")  # type: ignore[arg-type]
        parts.add("grass blades", blades, plants.tufts(places, tall, key))
        if flowers and setting.season in ("spring", "summer"):
            for k, petal in enumerate(((0.96, 0.93, 0.86), (0.97, 0.80, 0.18), (0.78, 0.36, 0.62))):
                heads = plants.scattered(f"{key} {k}", 70, (-3.2 * r, 3.2 * r), (-0.4 * r, 5 * r), clear)
                parts.add(
                    f"flowers {k}",
                    Surface(petal, "matte paint"),
                    plants.flakes(heads, tall * 0.22, key, tall * 0.9, 0.5),
                )
    if setting.season == "autumn" and not setting.snowy:
        size = {"tabletop": 0.018, "room": 0.05, "outdoor": 0.12}[setting.scale]
        plants.fallen_leaves(parts, key, 540, size, (-3.4 * r, 3.4 * r), (-1.6 * r, 6 * r))


def puddles(parts: Parts, setting: Setting, key: str, count: int = 6) -> None:
    """Standing water in the rain."""
    if not setting.wet:
        return
    r = reach_of(setting)
    rng = rng_of("puddles", key)
    for k in range(count):
        at = (
            float(rng.uniform(-1.8 * r, 1.8 * r)),
            float(rng.uniform(-1.2 * r, 3.2 * r)),
            0.002 + 0.0004 * k,
        )
        parts.add("puddles", PUDDLE, puddle(f"{key} {k}", r * float(rng.uniform(0.07, 0.17)), at))


def blanket(parts: Parts, colour: str, second: str) -> None:
    """A picnic blanket whose top is z = 0."""
    n = 14
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(1, -1, n))
    x, y = u * 0.78, v * 0.62 - 0.10
    edge = np.maximum(np.abs(u), np.abs(v)) ** 6
    z = -0.012 * edge + 0.004 * edge * np.sin(7 * u) * np.cos(6 * v)
    parts.add("blanket", Surface(colour, "fabric", "checks", second), grid(np.stack([x, y, z], -1)))


def _ground_z(setting: Setting) -> float:
    return -0.014 if setting.scale == "tabletop" else 0.0


def _park(setting: Setting, parts: Parts) -> None:
    key = "park " + setting.text("layout")
    far.plain(parts, far.grass_surface(setting), _ground_z(setting))
    if setting.scale == "tabletop":
        blanket(parts, setting.text("blanket"), "white")
    else:
        r = reach_of(setting)
        x = np.linspace(-60, 60, 50)
        middle = r * 1.7 + 3 + 1.3 * np.sin(x * 0.09 + float(setting.text("layout")))
        path = np.stack([np.column_stack([x, middle + s, 0 * x + 0.01]) for s in (1.1, -1.1)])
        parts.add(
            "path",
            SNOW_GROUND if setting.snowy else Surface((0.74, 0.66, 0.54), "gravel"),
            grid(path, smooth=False),
        )
    plants.trees(parts, setting, spots(key, 8, (-22, 22), (13, 32), (6, 10), gap=4), key)
    plants.bushes(parts, setting, spots(key + "b", 6, (-14, 14), (11, 15), (0.9, 1.7), gap=2), key)
    far.forest_edge(parts, setting, key, 62, 9)
    near_grass(parts, setting, key)
    puddles(parts, setting, key, 4)


def _meadow(setting: Setting, parts: Parts) -> None:
    key = "meadow " + setting.text("layout")
    far.plain(parts, far.grass_surface(setting), _ground_z(setting))
    if setting.scale == "tabletop":
        blanket(parts, setting.text("blanket"), "ivory")
    near_grass(parts, setting, key, flowers=True)
    plants.trees(parts, setting, spots(key, 4, (-30, 30), (28, 60), (7, 10)), key)
    wood = Surface((0.55, 0.45, 0.34), "wood")
    far.fence(parts, wood, -26, 26, 19, 1.1)
    far.hills(parts, setting, key)
    far.forest_edge(parts, setting, key, 115, 5)


def _beach(setting: Setting, parts: Parts) -> None:
    key = "beach " + setting.text("layout")
    sand = (
        SNOW_GROUND
        if setting.snowy
        else Surface((0.86, 0.77, 0.58) if not setting.wet else (0.62, 0.53, 0.38), "sand")
    )
    far.plain(parts, sand)
    r = reach_of(setting)
    shore = {"tabletop": 2.6, "room": 7.0, "outdoor": 12.0}[setting.scale]
    if not setting.snowy:
        x = np.linspace(-60, 60, 60)
        edge = shore + 0.5 * np.sin(x * 0.21 + 1) + 0.22 * np.sin(x * 0.63)
        rim = np.stack(
            [np.column_stack([x, edge + 0.3, 0 * x + 0.004]), np.column_stack([x, edge - 1.1, 0 * x + 0.003])]
        )
        parts.add("wet sand", Surface((0.60, 0.50, 0.36), "sand"), grid(rim, smooth=False))
    far.sea(parts, setting, shore, key)
    far.islands(parts, setting, key)
    shell = Surface((0.93, 0.88, 0.80), "stone")
    places = plants.scattered(key, 26, (-3 * r, 3 * r), (-r, 4 * r), (-r, -9 * r, r, r * 0.8))
    plants.stones(
        parts,
        "pebbles",
        shell,
        places[places[:, 1] < shore - 0.5],
        (0.012 * r + 0.004, 0.028 * r + 0.006),
        key,
    )
    if setting.scale != "tabletop":
        side = 1 if int(setting.text("layout")) % 2 else -1
        for k, (x0, y0, h) in enumerate(((2.6, 4.9, 5.6), (3.7, 5.4, 4.4), (-4.6, 5.2, 6.0))):
            widen = 1.0 if setting.scale == "room" else 1.9
            plants.palm(parts, (side * x0 * widen, y0 * widen * 0.98), h * widen * 0.55, f"{key} {k}")


def _desert(setting: Setting, parts: Parts) -> None:
    key = "desert " + setting.text("layout")
    sand = (
        SNOW_GROUND
        if setting.snowy
        else Surface((0.85, 0.64, 0.40) if not setting.wet else (0.62, 0.44, 0.27), "sand")
    )
    far.plain(parts, sand)
    dune = SNOW_GROUND if setting.snowy else Surface((0.84, 0.62, 0.38), "sand")
    parts.add("near dunes", dune, far.ridge(key + " near", 34, 3.6, 0.0, wide=1.8))
    tone = (0.88, 0.90, 0.94) if setting.snowy else far.hazed((0.86, 0.62, 0.40), 0.1)
    parts.add("dunes", Surface(tone, "matte paint"), far.ridge(key + " dunes", 95, 13, 0.1, wide=2.0))
    parts.add(
        "mesas",
        Surface(far.hazed((0.66, 0.38, 0.28), 0.28), "matte paint"),
        far.ridge(key + " far", 420, 62, 0.45),
    )
    r = reach_of(setting)
    rock = Surface((0.62, 0.42, 0.30), "stone")
    places = plants.scattered(key, 22, (-3.4 * r, 3.4 * r), (-0.5 * r, 5 * r), (-r, -9 * r, r, r * 0.9))
    plants.stones(parts, "rocks", rock, places, (0.015 * r + 0.005, 0.06 * r + 0.005), key)
    for k, (x, y, h) in enumerate(spots(key, 4, (-12, 12), (8, 20), (2.2, 3.8), gap=3)):
        plants.cactus(parts, (x, y), h, f"{key} {k}")


def _forest(setting: Setting, parts: Parts) -> None:
    key = "forest " + setting.text("layout")
    soil = (
        SNOW_GROUND
        if setting.white
        else Surface({"autumn": (0.50, 0.36, 0.20)}.get(setting.season, (0.36, 0.34, 0.19)), "soil")
    )
    low = setting.scale == "tabletop"
    far.plain(parts, soil, -0.42 if low else 0.0)
    if low:  # things stand on a tree stump
        parts.add("stump", plants.BARK, cylinder(0.70, 0.44, (0, 0, -0.445), bevel=0.02, segments=48))
        parts.add(
            "stump top",
            SNOW_GROUND if setting.snowy else Surface((0.72, 0.54, 0.36), "wood"),
            disc(0.685, (0, 0, 0), 48),
        )
    trunks = spots(key, 7, (-11, 11), (7, 17), (10, 14), gap=2.0)
    plants.pines(parts, setting, trunks[1::2] + spots(key + "p", 7, (-18, 18), (16, 26), (9, 14)), key)
    plants.trees(parts, setting, trunks[::2], key)
    far.forest_edge(parts, setting, key, 40, 14, conifer=True)
    r = max(reach_of(setting), 1.9)
    fern = plants.scattered(key, 260, (-3.5 * r, 3.5 * r), (0.2 * r, 4.5 * r), (-r, -9 * r, r, r))
    if not setting.white:
        colour = {"autumn": (0.58, 0.42, 0.16), "spring": (0.40, 0.58, 0.22)}.get(
            setting.season, (0.22, 0.40, 0.16)
        )
        if not low:
            parts.add("ferns", Surface(colour, "matte paint"), plants.tufts(fern, 0.3 if r < 3 else 0.5, key))
    plants.stones(
        parts, "rocks", Surface((0.44, 0.45, 0.43), "stone"), fern[:9], (0.12, 0.35), key
    ) if not low else None
    if not setting.white and not low:
        size = {"room": 0.045, "outdoor": 0.11}[setting.scale]
        if setting.season == "autumn":
            plants.fallen_leaves(parts, key, 420, size, (-3.4 * r, 3.4 * r), (-1.6 * r, 6 * r))
        else:
            dry = plants.scattered(key + "dry", 160, (-3.4 * r, 3.4 * r), (-1.6 * r, 6 * r))
            parts.add("dry leaves", Surface((0.46, 0.34, 0.20), "paper"), plants.flakes(dry, size * 0.8, key))
    if not low:
        puddles(parts, setting, key, 4)


def _snowfield(setting: Setting, parts: Parts) -> None:
    key = "snowfield " + setting.text("layout")
    far.plain(parts, SNOW_GROUND)
    parts.add("drifts", SNOW_GROUND, far.ridge(key + " drifts", 26, 1.8, 0.0, wide=1.9))
    white = Setting(setting.values, "winter", setting.snowy, setting.wet, setting.dark)
    plants.pines(parts, white, spots(key, 9, (-20, 20), (14, 24), (4.5, 8), gap=4), key)
    far.forest_edge(parts, white, key, 75, 4.5, conifer=True)
    far.mountains(parts, white, key, 430, 85)


def _mountain(setting: Setting, parts: Parts) -> None:
    key = "mountain " + setting.text("layout")
    low = setting.scale == "tabletop"
    far.plain(parts, far.grass_surface(setting), -0.30 if low else 0.0)
    if low:  # things stand on a flat rock
        rock = SNOW_GROUND if setting.snowy else Surface((0.52, 0.51, 0.50), "stone")
        parts.add("rock slab", rock, cylinder(0.95, 0.34, (0, 0, -0.34), bevel=0.05, segments=11))
    else:
        near_grass(parts, setting, key, flowers=True)
        r = reach_of(setting)
        places = plants.scattered(key, 16, (-3.4 * r, 3.4 * r), (0.5 * r, 5 * r), (-r, -9 * r, r, r))
        plants.stones(parts, "rocks", Surface((0.50, 0.50, 0.50), "stone"), places, (0.05 * r, 0.15 * r), key)
    plants.pines(parts, setting, spots(key, 9, (-24, 24), (18, 40), (4.5, 7.5), gap=6), key)
    far.forest_edge(parts, setting, key, 105, 5, conifer=True)
    far.mountains(parts, setting, key, 420, 92)
    parts.add(
        "foothills",
        Surface((0.84, 0.88, 0.93) if setting.white else far.hazed((0.34, 0.44, 0.30), 0.3), "matte paint"),
        far.ridge(key + " foot", 230, 17, 0.4),
    )


ALL = ("tabletop", "room", "outdoor")
NATURE = ("nature", "seasonal")  # "seasonal": captions name the season
add(
    "park",
    "in a park",
    ("park", "garden", *NATURE),
    ALL,
    _park,
    {**LAYOUT, "blanket": ("red", "blue", "green", "orange")},
)
add(
    "meadow",
    "in a meadow",
    ("meadow", "farm", "garden", *NATURE),
    ALL,
    _meadow,
    {**LAYOUT, "blanket": ("blue", "red", "teal")},
)
add("beach", "on a beach", ("beach",), ALL, _beach, LAYOUT)
add("desert", "in a desert", ("desert",), ALL, _desert, LAYOUT)
add("forest", "in a forest", ("forest", *NATURE), ALL, _forest, LAYOUT)
add("snowfield", "in a snowy field", ("snowfield", "nature"), ALL, _snowfield, LAYOUT)
add("mountain", "in the mountains", ("mountain", "meadow", *NATURE), ALL, _mountain, LAYOUT)
