"""What furnishes rooms: walls, floors, table tops, rugs, shelves, pictures."""

from __future__ import annotations

from functools import lru_cache

from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import block
from anyedit.world.environments.rooms import (
    WALL_TONES,
)
from anyedit.world.kinds import Surface
from anyedit.world.shapes import box

rounded_box = lru_cache(maxsize=32)(box)  # rounded boxes cost more than all the rest of a room
OAK, WALNUT = Surface((0.70, 0.52, 0.34), "wood"), Surface((0.40, 0.26, 0.17), "dark wood")
WOODS = {"oak": OAK, "walnut": WALNUT, "pine": Surface((0.82, 0.66, 0.45), "wood")}
FLOORS = {
    "oak": Surface((0.66, 0.48, 0.31), "wood floor"),
    "walnut": Surface((0.42, 0.28, 0.19), "wood floor"),
    "pale": Surface((0.78, 0.66, 0.50), "wood floor"),
    "carpet": Surface((0.62, 0.58, 0.54), "carpet"),
    "blue carpet": Surface((0.34, 0.42, 0.52), "carpet"),
    "white tiles": Surface((0.84, 0.83, 0.80), "tiles"),
    "terracotta": Surface((0.72, 0.43, 0.30), "tiles"),
    "concrete": Surface((0.60, 0.59, 0.57), "concrete"),
}


def wall_surface(setting: Setting, material: str = "plaster") -> Surface:
    """What this setting's walls are made of, in its own tone."""
    return Surface(WALL_TONES[setting.text("wall")], material)


def tabletop(
    parts: Parts, surface: Surface, width: float = 2.2, front: float = -0.75, back: float = 0.46
) -> None:
    """A large table whose top is z = 0."""
    parts.add(
        "table top",
        surface,
        rounded_box((width, back - front, 0.045), (0, (front + back) / 2, -0.045), bevel=0.010),
    )
    parts.add(
        "table legs",
        surface,
        *[block((0.08, 0.08, 0.70), (s * (width / 2 - 0.12), back - 0.12, -0.755)) for s in (-1, 1)],
    )


def free_side(setting: Setting) -> int:
    """The side of the back wall without the window."""
    return -1 if setting.text("view") == "right" else 1


WOOD = {"wood": ("oak", "walnut", "pine")}
ART_OF = {"art": ("0", "1", "2")}
