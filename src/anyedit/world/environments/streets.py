"""Street, town square and city skyline."""

from __future__ import annotations

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.environments import backdrops as far
from anyedit.world.environments import plants
from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import (
    block,
    lump,
    placed,
    sheet,
    slab,
    tube,
)
from anyedit.world.environments.outdoor import (
    ALL,
    LAYOUT,
    SNOW_GROUND,
    add,
    puddles,
    reach_of,
)
from anyedit.world.environments.skies import town_lights
from anyedit.world.environments.town_parts import add_lowered, ledge
from anyedit.world.kinds import Surface
from anyedit.world.mesh import Mesh

IRON = Surface((0.13, 0.14, 0.15), "matte paint")


def _paved(setting: Setting, colour: tuple[float, float, float], material: str) -> Surface:
    """Pavement: snow when it snows, darker when wet."""
    if setting.snowy:
        return SNOW_GROUND
    return Surface(tuple(c * 0.62 for c in colour) if setting.wet else colour, material)  # type: ignore[arg-type]


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
    add_lowered(parts, lowered, z)


def _street(setting: Setting, parts: Parts) -> None:
    key = "street " + setting.text("layout")
    z = ledge(parts, setting, Surface((0.70, 0.67, 0.62), "stone"))
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
    z = ledge(parts, setting, Surface((0.80, 0.74, 0.64), "stone"))
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
add(
    "city",
    "in front of a city skyline",
    ("night city", "street"),
    ("room", "outdoor"),
    _night_city,
    LAYOUT,
    lighting=town_lights,
)
