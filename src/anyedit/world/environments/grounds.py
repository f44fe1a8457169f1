"""Playground and farm."""

from __future__ import annotations

from anyedit.world.environments import backdrops as far
from anyedit.world.environments import plants
from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import (
    block,
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
from anyedit.world.environments.town_parts import rounded_box
from anyedit.world.kinds import Surface


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
        parts.add("straw bale", straw, rounded_box((1.9, 1.1, 0.5), (0, -0.05, -0.5), bevel=0.03))
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
