"""What stands in towns: pavements, ledges, lamp posts, rows of houses."""

from __future__ import annotations

from functools import lru_cache

from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import (
    block,
    placed,
)
from anyedit.world.environments.outdoor import (
    SNOW_GROUND,
)
from anyedit.world.kinds import Surface
from anyedit.world.shapes import box

rounded_box = lru_cache(maxsize=16)(box)
WALL_TOP = 0.75  # metres: height of what tabletop things stand on, above the pavement


def ledge(parts: Parts, setting: Setting, surface: Surface) -> float:
    """For tabletop things a broad ledge whose top is z = 0; returns the height of the pavement."""
    if setting.scale != "tabletop":
        return 0.0
    parts.add(
        "ledge",
        SNOW_GROUND if setting.snowy else surface,
        rounded_box((3.2, 1.0, 0.12), (0, -0.08, -0.12), bevel=0.012),
    )
    parts.add("ledge wall", surface, block((3.0, 0.8, WALL_TOP - 0.12), (0, -0.08, -WALL_TOP)))
    return -WALL_TOP


def add_lowered(parts: Parts, other: Parts, z: float) -> None:
    """Add another collection, moved up by z."""
    for part in other.done():
        parts.add(part.name, part.surface, placed(part.mesh, (0, 0, z)))
