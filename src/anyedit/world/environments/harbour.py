"""The harbour."""

from __future__ import annotations

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.environments import backdrops as far
from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import (
    block,
    faceted,
    grid,
    slab,
    tube,
)
from anyedit.world.environments.outdoor import (
    ALL,
    LAYOUT,
    SNOW_GROUND,
    add,
)
from anyedit.world.environments.skies import town_lights
from anyedit.world.environments.town_parts import add_lowered, ledge
from anyedit.world.kinds import Surface


def _harbour(setting: Setting, parts: Parts) -> None:
    key = "harbour " + setting.text("layout")
    planks = (
        SNOW_GROUND
        if setting.snowy
        else Surface((0.40, 0.32, 0.25) if setting.wet else (0.58, 0.48, 0.37), "wood")
    )
    z = ledge(parts, setting, Surface((0.56, 0.46, 0.35), "wood"))
    edge = {"tabletop": 2.6, "room": 3.2, "outdoor": 7.0}[setting.scale]
    sea_level = z - 1.3
    water = Parts()
    far.sea(water, setting, -20, key, waves=False)
    add_lowered(parts, water, sea_level)
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
    add_lowered(parts, town, sea_level + 1)
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


add("harbour", "in a harbour", ("harbour",), ALL, _harbour, LAYOUT, lighting=town_lights)
