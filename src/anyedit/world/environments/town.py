"""Outdoor places made by people: street, plaza, harbour, playground, farmyard, night city."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.environments import backdrops as far
from anyedit.world.environments import plants
from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import (
    block,
    faceted,
    grid,
    lump,
    placed,
    puddle,
    sheet,
    slab,
    tube,
)
from anyedit.world.environments.outdoor import (
    ALL,
    LAYOUT,
    PUDDLE,
    SNOW_GROUND,
    add,
    puddles,
    reach_of,
    spots,
)
from anyedit.world.environments.skies import town_lights
from anyedit.world.kinds import Surface
from anyedit.world.mesh import Mesh
from anyedit.world.shapes import box

_box = lru_cache(maxsize=16)(box)

WALL_TOP = 0.75  # metres: height of what tabletop things stand on, above the pavement
IRON = Surface((0.13, 0.14, 0.15), "matte paint")


def _paved(setting: Setting, colour: tuple[float, float, float], material: str) -> Surface:
    """Pavement: snow when it snows, darker when wet."""
    if setting.snowy:
        return SNOW_GROUND
    return Surface(tuple(c * 0.62 for c in colour) if setting.wet else colour, material)  # type: ignore[arg-type]


def _ledge(parts: Parts, setting: Setting, surface: Surface) -> float:
    """For tabletop things a broad ledge whose top is z = 0; returns the height of the pavement."""
    if setting.scale != "tabletop":
        return 0.0
    parts.add(
        "ledge",
        SNOW_GROUND if setting.snowy else surface,
        _box((3.2, 1.0, 0.12), (0, -0.08, -0.12), bevel=0.012),
    )
    parts.add("ledge wall", surface, block((3.0, 0.8, WALL_TOP - 0.12), (0, -0.08, -WALL_TOP)))
    return -WALL_TOP


def _lamp_posts(
    parts: Parts, setting: Setting, places: list[tuple[float, float]], z: float, height: float = 4.2
) -> None:
    globes: list[Mesh] = []
    for x, y in places:
        parts.add(
            "lamp posts",
            IRON,
            tube((x, y, z), (x, y, z + height), (0.07, 0.045), 9),
            block((0.3, 0.3, 0.25), (x, y, z)),
        )
        globes.append(placed(lump(0, 2, 0.0), (x, y, z + height + 0.2), 0.24))
    if setting.dark:
        parts.add("lit", far.LIT, *globes)
    else:
        parts.add("lamp globes", Surface((0.93, 0.93, 0.90), "plastic"), *globes)


def _leaves(parts: Parts, setting: Setting, key: str) -> None:
    """Autumn leaves on the pavement."""
    if setting.season == "autumn" and not setting.snowy and setting.scale != "tabletop":
        r = reach_of(setting)
        plants.fallen_leaves(parts, key, 300, 0.024 * r, (-3 * r, 3 * r), (-1.6 * r, 3 * r))


def _heaps(parts: Parts, setting: Setting, x: tuple[float, float], y: float, z: float, key: str) -> None:
    """Swept snow along a kerb, in winter."""
    if not setting.white:
        return
    rng = rng_of("heaps", key)
    for k, at in enumerate(np.linspace(x[0], x[1], 9)):
        size = (float(rng.uniform(0.8, 1.6)), float(rng.uniform(0.35, 0.6)), float(rng.uniform(0.18, 0.42)))
        parts.add("snow heaps", SNOW_GROUND, placed(lump(k % 5 + 60, 2, 0.12), (float(at), y, z), size))


def _house_row(
    parts: Parts, setting: Setting, key: str, y: float, z: float, x: tuple[float, float], flat: bool = False
) -> None:
    rng = rng_of("row", key)
    at, k = x[0], 0
    lowered = Parts()
    while at < x[1]:
        w = float(rng.uniform(6, 9.5))
        h = float(rng.choice([5.6, 6.4, 8.6])) + (2.0 if flat else 0)
        far.house(
            lowered,
            f"{key} {k}",
            (at + w / 2, y + float(rng.uniform(0, 0.6))),
            (w - 0.05, 8, h),
            setting.dark,
            setting.white,
            flat,
        )
        at, k = at + w, k + 1
    _lowered(parts, lowered, z)


def _lowered(parts: Parts, other: Parts, z: float) -> None:
    """Add another collection, moved up by z."""
    for part in other.done():
        parts.add(part.name, part.surface, placed(part.mesh, (0, 0, z)))


def _street(setting: Setting, parts: Parts) -> None:
    key = "street " + setting.text("layout")
    z = _ledge(parts, setting, Surface((0.70, 0.67, 0.62), "stone"))
    r = {"tabletop": 2.4, "room": 3.0, "outdoor": 6.0}[setting.scale]
    slabs = _paved(setting, (0.66, 0.63, 0.58), "concrete")
    road = _paved(setting, (0.33, 0.34, 0.36), "asphalt")
    if setting.scale == "outdoor":  # things stand on the road
        far.plain(parts, road, z)
        kerb = r
        marks = [sheet(x, -0.08, x + 2.2, 0.08, 0.004) for x in np.arange(-28, 28, 5.0)]
        if not setting.snowy:
            parts.add(
                "road marks",
                Surface((0.90, 0.89, 0.84), "matte paint"),
                *[placed(m, (0, -3.6, 0)) for m in marks],
            )
        parts.add("pavement", slabs, slab((-90, kerb, -0.2), (90, kerb + 4, 0.13)))
        parts.add(
            "kerb", Surface((0.60, 0.59, 0.57), "stone"), slab((-90, kerb - 0.2, -0.2), (90, kerb, 0.14))
        )
        front = kerb + 4
    else:  # things stand on the pavement, the road runs behind
        far.plain(parts, slabs, z)
        kerb, front = z, 9.5
        parts.add("road", road, sheet(-90, r, 90, r + 4.2, z + 0.012))
        parts.add("kerb", Surface((0.56, 0.55, 0.53), "stone"), slab((-90, r - 0.14, z), (90, r, z + 0.03)))
    _house_row(parts, setting, key, front, z, (-24, 24))
    _lamp_posts(parts, setting, [(-5.2, front - 1.6), (6.6, front - 1.6)], z)
    if setting.scale != "tabletop":
        plants.trees(parts, setting, [(-11.5, front - 1.7, 5.2), (12.5, front - 1.7, 5.0)], key)
        puddles(parts, setting, key, 7)
    _leaves(parts, setting, key)
    _heaps(parts, setting, (-14, 14), front - 0.5, z, key)


def _plaza(setting: Setting, parts: Parts) -> None:
    key = "plaza " + setting.text("layout")
    z = _ledge(parts, setting, Surface((0.80, 0.74, 0.64), "stone"))
    far.plain(parts, _paved(setting, (0.62, 0.57, 0.50), "cobblestone"), z)
    if not setting.snowy:
        for k in range(3):
            parts.add(
                "stone bands",
                _paved(setting, (0.78, 0.74, 0.67), "stone"),
                sheet(-60, 3.0 + 5 * k, 60, 3.5 + 5 * k, z + 0.004),
            )
    back = 15.0 if setting.scale != "outdoor" else 20.0
    _house_row(parts, setting, key, back, z, (-32, 32), flat=True)
    for k in range(-4, 5):  # an arcade of columns before the houses
        x = k * 3.2 + 1.6
        parts.add(
            "columns",
            Surface((0.86, 0.81, 0.72), "stone"),
            placed(tube((x, back - 1.6, z), (x, back - 1.6, z + 3.1), (0.24, 0.20), 14), (0, 0, 0)),
        )
    parts.add(
        "arcade",
        Surface((0.84, 0.79, 0.70), "stone"),
        slab((-13.6, back - 1.9, z + 3.1), (16.8, back - 1.3, z + 3.6)),
    )
    _lamp_posts(parts, setting, [(-6.0, back - 5), (7.2, back - 5)], z, 3.6)
    if setting.scale != "tabletop":
        puddles(parts, setting, key, 8)
        plants.trees(parts, setting, [(-12.5, back - 4, 5.5), (13.5, back - 4, 5.5)], key)
    _leaves(parts, setting, key)
    _heaps(parts, setting, (-12, 15), back - 2.4, z, key)


def _harbour(setting: Setting, parts: Parts) -> None:
    key = "harbour " + setting.text("layout")
    planks = (
        SNOW_GROUND
        if setting.snowy
        else Surface((0.40, 0.32, 0.25) if setting.wet else (0.58, 0.48, 0.37), "wood")
    )
    z = _ledge(parts, setting, Surface((0.56, 0.46, 0.35), "wood"))
    edge = {"tabletop": 2.6, "room": 3.2, "outdoor": 7.0}[setting.scale]
    sea_level = z - 1.3
    water = Parts()
    far.sea(water, setting, -20, key, waves=False)
    _lowered(parts, water, sea_level)
    rows = np.arange(-edge * 3, edge, 0.24)
    pier = (
        [slab((-60, y, z - 0.09), (60, y + 0.228, z)) for y in rows]
        if setting.scale != "outdoor"
        else [slab((-60, -40, z - 0.2), (60, edge, z))]
    )
    parts.add("pier", planks, *pier)
    parts.add(
        "pier beam",
        Surface((0.36, 0.29, 0.23), "wood"),
        slab((-60, edge - 0.15, z - 1.6), (60, edge + 0.02, z - 0.1)),
    )
    for k in range(-4, 5):
        x = k * 2.9 + 1.3
        parts.add(
            "bollards",
            Surface((0.36, 0.29, 0.23), "wood"),
            tube((x, edge + 0.1, z - 1.6), (x, edge + 0.1, z + 0.62), 0.15, 12),
            block((0.28, 0.28, 0.04), (x, edge + 0.1, z + 0.6)),
        )
    hull_tones = [(0.75, 0.20, 0.15), (0.16, 0.34, 0.52), (0.90, 0.88, 0.82)]
    for k, (x, y) in enumerate(((-9.0, 26.0), (4.5, 34.0), (15.0, 28.0))):
        _sail_boat(parts, x, y, sea_level, hull_tones[k], 1.0 + 0.12 * k, key)
    if setting.scale == "outdoor":
        parts.add(
            "quay",
            Surface((0.55, 0.54, 0.52), "concrete"),
            slab((-60, edge, z - 2), (60, edge + 0.4, z + 0.02)),
        )
    town = Parts()
    rng = rng_of(key, "town")
    for k in range(9):
        x = -48 + k * 12 + float(rng.uniform(-2, 2))
        far.house(
            town,
            f"{key} {k}",
            (x, 92),
            (float(rng.uniform(9, 12)), 8, float(rng.uniform(5, 9))),
            setting.dark,
            setting.white,
        )
    _lowered(parts, town, sea_level + 1)
    parts.add(
        "far quay",
        Surface((0.50, 0.49, 0.47), "stone"),
        slab((-130, 90, sea_level - 1), (130, 110, sea_level + 1)),
    )
    far.hills(parts, setting, key)


def _sail_boat(
    parts: Parts, x: float, y: float, z: float, hull: tuple[float, float, float], size: float, key: str
) -> None:
    s = np.linspace(-1, 1, 13)
    wide = np.sqrt(np.maximum(0, 1 - np.abs(s) ** 2.4)) * 0.9 * size
    length = 3.4 * size
    rings = [
        np.column_stack([x + s * length, y - wide * k, np.full(13, z) + h * size + 0.25 * s**2 * (h > 0.5)])
        for k, h in ((1.0, 0.95), (0.72, 0.0))
    ]
    parts.add(f"hull {hull[0]}", Surface(hull, "matte paint"), grid(np.stack(rings)))
    parts.add(
        "masts",
        Surface((0.72, 0.66, 0.56), "wood"),
        tube((x, y, z + 0.5), (x, y, z + 9 * size), (0.09, 0.05), 7),
    )
    sail = np.array(
        [[x + 0.15, y, z + 1.7 * size], [x + 3.0 * size, y, z + 1.7 * size], [x + 0.15, y, z + 8.6 * size]]
    )
    jib = np.array(
        [[x - 3.1 * size, y, z + 1.3 * size], [x - 0.2, y, z + 1.6 * size], [x - 0.2, y, z + 7.8 * size]]
    )
    parts.add(
        "sails",
        Surface((0.95, 0.93, 0.88), "fabric"),
        *[faceted(t, np.array([[0, 1, 2]])) for t in (sail, jib)],
    )


def _playground(setting: Setting, parts: Parts) -> None:
    key = "playground " + setting.text("layout")
    low = setting.scale == "tabletop"
    far.plain(parts, far.grass_surface(setting), -0.02)
    r = reach_of(setting)
    sand = (
        SNOW_GROUND
        if setting.white
        else Surface((0.84, 0.74, 0.55) if not setting.wet else (0.62, 0.53, 0.38), "sand")
    )
    half, near, back = (1.6, -1.4, 1.5) if low else (r * 2.3, -r * 3.0, r * 1.25)
    parts.add("sand", sand, sheet(-half, near, half, back, 0))
    plank = 0.13 if low else 0.24
    for k, (a, b) in enumerate(
        (
            ((-half, back, 0), (half, back + 0.14, plank)),
            ((-half - 0.14, near, 0), (-half, back + 0.14, plank)),
            ((half, near, 0), (half + 0.14, back + 0.14, plank)),
        )
    ):
        tone = [(0.86, 0.30, 0.20), (0.20, 0.46, 0.70), (0.95, 0.76, 0.20)][k]
        parts.add(f"rim {k}", Surface(tone, "wood"), slab(a, b))
    y = back + 4.2
    _climbing_frame(parts, -3.2 if int(setting.text("layout")) % 2 else 3.4, y)
    plants.trees(parts, setting, spots(key, 7, (-20, 20), (y + 5, y + 18), (5.5, 8.5)), key)
    plants.bushes(parts, setting, spots(key + "b", 7, (-13, 13), (y + 2, y + 4), (1.0, 1.6)), key)
    far.fence(parts, Surface((0.62, 0.48, 0.33), "wood"), -22, 22, y + 4.6, 1.1)
    far.forest_edge(parts, setting, key, 60, 9)
    if setting.wet and not low:
        for k in range(2):
            parts.add(
                "puddles",
                PUDDLE,
                puddle(f"{key} {k}", r * 0.16, ((k * 2 - 1) * r * 0.9, r * (0.2 + 0.5 * k), 0.002)),
            )


def _climbing_frame(parts: Parts, x: float, y: float) -> None:
    red, blue = Surface((0.80, 0.20, 0.16), "matte paint"), Surface((0.14, 0.40, 0.68), "matte paint")
    for side in (-1, 1):
        for deep in (-1, 1):
            parts.add(
                "frame",
                red,
                tube((x + side * 1.0, y + deep * 0.9, 0), (x + side * 0.9, y + deep * 0.8, 2.3), 0.05, 9),
            )
    for z in (0.8, 1.55, 2.3):
        w, d = 0.98 - z * 0.035, 0.88 - z * 0.035
        ring = [(x - w, y - d, z), (x + w, y - d, z), (x + w, y + d, z), (x - w, y + d, z)]
        parts.add("rails", blue, *[tube(ring[k], ring[(k + 1) % 4], 0.04, 8) for k in range(4)])


def _farm(setting: Setting, parts: Parts) -> None:
    key = "farm " + setting.text("layout")
    low = setting.scale == "tabletop"
    z = -0.02
    if low:
        straw = SNOW_GROUND if setting.snowy else Surface((0.85, 0.70, 0.36), "straw")
        parts.add("straw bale", straw, _box((1.9, 1.1, 0.5), (0, -0.05, -0.5), bevel=0.03))
        z = -0.5
    far.plain(parts, far.grass_surface(setting), z)
    yard = (
        SNOW_GROUND
        if setting.white
        else Surface((0.44, 0.33, 0.22) if setting.wet else (0.62, 0.49, 0.34), "soil")
    )
    parts.add("yard", yard, sheet(-24, -30, 24, 12, z + 0.02))
    barn = Parts()
    far.house(
        barn,
        key,
        (6.5 if int(setting.text("layout")) % 2 else -7.0, 21),
        (9, 11, 5.2),
        setting.dark,
        setting.white,
    )
    red = Surface((0.60, 0.17, 0.13), "wood")
    for part in barn.done():
        parts.add(
            part.name, red if part.name.startswith("front") else part.surface, placed(part.mesh, (0, 0, z))
        )
    fence = Surface((0.90, 0.88, 0.83), "matte paint")
    far.fence(parts, fence, -30, 30, 14, 1.2)
    for x, y in ((-9.5, 12.6), (-7.9, 12.4), (11, 12.2)):
        bale = SNOW_GROUND if setting.snowy else Surface((0.84, 0.69, 0.36), "straw")
        parts.add("bales", bale, block((1.4, 0.9, 0.9), (x, y, z), yaw=x * 3))
    plants.trees(parts, setting, spots(key, 5, (-26, 26), (27, 44), (7, 9)), key)
    far.hills(parts, setting, key)
    if not low:
        puddles(parts, setting, key, 3)


def _night_city(setting: Setting, parts: Parts) -> None:
    key = "city " + setting.text("layout")
    far.plain(
        parts, _paved(setting, (0.36, 0.37, 0.40), "asphalt" if setting.scale == "outdoor" else "concrete")
    )
    r = reach_of(setting)
    y = r * 1.5 + 2.5
    parts.add(
        "promenade", _paved(setting, (0.52, 0.51, 0.50), "stone"), slab((-90, y, -0.2), (90, y + 3, 0.14))
    )
    rail = Surface((0.20, 0.21, 0.23), "matte paint")
    parts.add(
        "railing",
        rail,
        slab((-60, y + 2.7, 1.05), (60, y + 2.78, 1.13)),
        slab((-60, y + 2.7, 0.5), (60, y + 2.76, 0.55)),
    )
    parts.add(
        "railing", rail, *[block((0.07, 0.07, 1.0), (x, y + 2.74, 0.12)) for x in np.arange(-24, 24.1, 1.6)]
    )
    far.skyline(parts, setting, key, 110, 22, 27)
    _lamp_posts(parts, setting, [(-4.6, y + 0.7), (4.9, y + 0.7)], 0.0, 3.8)
    puddles(parts, setting, key, 7)
    _heaps(parts, setting, (-14, 14), y - 0.2, 0, key)


add("street", "on a street", ("street", "garage"), ALL, _street, LAYOUT, lighting=town_lights)
add("plaza", "on a town square", ("plaza", "street", "stage"), ALL, _plaza, LAYOUT, lighting=town_lights)
add("harbour", "in a harbour", ("harbour",), ALL, _harbour, LAYOUT, lighting=town_lights)
add(
    "playground",
    "in a playground",
    ("playground", "park", "seasonal"),
    ALL,
    _playground,
    LAYOUT,
    lighting=town_lights,
)
add("farm", "on a farm", ("farm", "garden", "nature", "seasonal"), ALL, _farm, LAYOUT, lighting=town_lights)
add(
    "city",
    "in front of a city skyline",
    ("night city", "street"),
    ("room", "outdoor"),
    _night_city,
    LAYOUT,
    lighting=town_lights,
)
