"""Photographic studios: a seamless paper sweep, and a wooden table top before a plain wall."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from anyedit.world.environments.base import (
    Choices,
    Environment,
    Parts,
    Setting,
    Values,
    register,
)
from anyedit.world.environments.forms import block, grid, quad
from anyedit.world.environments.rooms import SRGB, daylight_in_room, times
from anyedit.world.environments.skies import panel_light, room_glow
from anyedit.world.kinds import Surface
from anyedit.world.scene import Scene
from anyedit.world.shapes import box

_box = lru_cache(maxsize=16)(box)

PAPERS: dict[str, SRGB] = {
    "white": (0.90, 0.90, 0.89),
    "light gray": (0.72, 0.73, 0.74),
    "sky blue": (0.60, 0.75, 0.86),
    "peach": (0.95, 0.76, 0.62),
    "mint": (0.66, 0.84, 0.74),
    "lemon": (0.94, 0.85, 0.52),
    "lilac": (0.78, 0.72, 0.87),
    "coral": (0.92, 0.56, 0.46),
    "slate": (0.32, 0.37, 0.44),
    "teal": (0.24, 0.48, 0.50),
}
SIZE = {"tabletop": 1.0, "room": 5.0, "outdoor": 16.0}  # metres: unit of the studio
SIDE: dict[str, Choices] = {"window": ("left", "right")}


def _sweep(setting: Setting, parts: Parts) -> None:
    """Paper that runs over the floor and bends up behind in one curve."""
    k = SIZE[setting.scale]
    turn = np.linspace(0, np.pi / 2, 24)
    bend, radius = 0.75 * k, 0.6 * k
    y = np.concatenate([[-6 * k, -2 * k, 0], bend + radius * np.sin(turn), [bend + radius]])
    z = np.concatenate([[0, 0, 0], radius * (1 - np.cos(turn)), [5 * k]])
    x = np.array([-6.0, 0, 6.0]) * k
    points = np.stack(
        [
            np.column_stack([np.full(3, 0.0) + x, np.full(3, b), np.full(3, c)])
            for b, c in zip(y, z, strict=True)
        ]
    )
    parts.add("sweep", Surface(PAPERS[setting.text("paper")], "paper"), grid(points[::-1]))


def _wooden_table(setting: Setting, parts: Parts) -> None:
    wood = (
        Surface((0.68, 0.50, 0.33), "wood")
        if setting.text("top") == "oak"
        else Surface((0.38, 0.25, 0.17), "dark wood")
    )
    parts.add("table top", wood, _box((2.6, 1.55, 0.05), (0, -0.2, -0.05), bevel=0.01))
    parts.add("table apron", wood, block((2.3, 0.03, 0.12), (0, 0.48, -0.17)))
    wall = Surface(PAPERS[setting.text("paper")], "matte paint")
    parts.add("wall", wall, quad((-9, 1.7, -2), (9, 1.7, -2), (9, 1.7, 5), (-9, 1.7, 5)))


def studio_lights(scene: Scene, values: Values) -> dict[str, dict[str, Any]]:
    """A large soft box from one side above and an even fill."""
    k = SIZE[str(values["scale"])]
    side = -1 if values.get("window", "left") == "left" else 1
    if scene.time == "night" and not scene.lights_off:
        colour, gain, fill = (1.0, 0.82, 0.60), 6.5, 0.22
    else:
        colour, gain, fill = daylight_in_room(scene)
        gain, fill = gain * 0.5, fill * 1.15
        if scene.lights_off and scene.time != "night":
            gain, fill = gain * 0.4, fill * 0.5
    low = 0.75 if scene.time in ("golden hour", "sunset") else 1.25
    return {
        "room": room_glow(*(times(colour, fill * share) for share in (0.75, 0.55, 0.2))),
        "softbox": panel_light(
            (side * 1.35 * k, -0.75 * k, low * k), (0, 0.05 * k, 0.05 * k), 0.55 * k, colour, gain
        ),
    }


register(
    Environment(
        "studio",
        "in a photo studio",
        True,
        ("indoor", "studio"),
        ("tabletop", "room", "outdoor"),
        _sweep,
        studio_lights,
        {**SIDE, "paper": tuple(PAPERS)},
    )
)
register(
    Environment(
        "wooden table",
        "on a wooden table",
        True,
        ("indoor", "studio", "kitchen", "living room"),
        ("tabletop",),
        _wooden_table,
        studio_lights,
        {**SIDE, "paper": tuple(PAPERS), "top": ("oak", "walnut")},
    )
)
