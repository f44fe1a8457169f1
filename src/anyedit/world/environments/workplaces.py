"""Rooms to work and meet in: office, workshop, cafe, classroom, garage."""

from __future__ import annotations

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import block, slab, tube
from anyedit.world.environments.furnishings import (
    ART_OF,
    FLOORS,
    OAK,
    WALNUT,
    WOOD,
    WOODS,
    free_side,
    tabletop,
    wall_surface,
)
from anyedit.world.environments.rooms import (
    SRGB,
    WALL_TONES,
    Box,
    add_room,
    walls,
)
from anyedit.world.kinds import Surface
from anyedit.world.shapes import cylinder


def _shelf(
    parts: Parts, room: Box, x0: float, x1: float, height: float, wood: Surface, key: str, boards: int = 4
) -> None:
    """A shelf along the back wall, filled with rows of coloured spines and boxes."""
    rng = rng_of("shelf", key)
    deep, z0 = 0.3, room.floor
    y = room.back - deep
    for x in (x0, x1 - 0.03):
        parts.add("shelf", wood, slab((x, y, z0), (x + 0.03, room.back - 0.01, z0 + height)))
    parts.add("shelf back", wood, slab((x0, room.back - 0.02, z0), (x1, room.back - 0.01, z0 + height)))
    tones: tuple[SRGB, ...] = (
        (0.60, 0.22, 0.18),
        (0.20, 0.34, 0.46),
        (0.84, 0.74, 0.55),
        (0.30, 0.42, 0.33),
        (0.88, 0.86, 0.80),
        (0.74, 0.52, 0.26),
    )
    step = height / boards
    for board in range(boards + 1):
        z = z0 + board * step
        parts.add(
            "shelf",
            wood,
            slab((x0, y, z - 0.03 * (board > 0)), (x1, room.back - 0.01, z + 0.03 * (board == 0))),
        )
        if board == boards:
            break
        x = x0 + 0.05
        while x < x1 - 0.12:
            if rng.random() < 0.10:
                x += float(rng.uniform(0.1, 0.3))
                continue
            thick, tall, tone = (
                float(rng.uniform(0.045, 0.10)),
                step * float(rng.uniform(0.50, 0.78)),
                int(rng.integers(6)),
            )
            if x + thick > x1 - 0.05:
                break
            base = z + (0.03 if board == 0 else 0.0)
            spine = slab((x, y + 0.05, base), (x + thick - 0.004, y + 0.24, base + tall))
            parts.add(f"spines {tone}", Surface(tones[tone], "paper"), spine)
            x += thick


def _office(setting: Setting, parts: Parts) -> None:
    room = walls(parts, setting, wall_surface(setting), FLOORS[setting.text("floor")])
    s, side = room.half / 4.2, free_side(setting)
    wood = WOODS[setting.text("wood")]
    a, b = sorted((side * 1.5 * s, side * 3.2 * s))
    _shelf(parts, room, a, b, 2.1, wood, "office" + setting.text("art"))
    x = side * 0.35 * s
    parts.add(
        "board frame",
        Surface((0.55, 0.55, 0.56), "matte paint"),
        block((1.7 * s, 0.03, 1.0), (x, room.back - 0.02, room.floor + 1.0)),
    )
    parts.add(
        "board",
        Surface((0.70, 0.52, 0.34), "matte paint"),
        block((1.62 * s, 0.01, 0.92), (x, room.back - 0.038, room.floor + 1.04)),
    )
    rng = rng_of("notes", setting.text("art"))
    for k in range(9):
        tone = ((0.96, 0.90, 0.50), (0.95, 0.95, 0.93), (0.62, 0.80, 0.88))[k % 3]
        at = (x + s * (-0.66 + 0.165 * k), room.back - 0.046, room.floor + 1.12 + float(rng.uniform(0, 0.5)))
        parts.add(f"notes {k % 3}", Surface(tone, "paper"), block((0.13, 0.004, 0.15), at))
    if setting.scale == "tabletop":
        tabletop(parts, wood)


def _workshop(setting: Setting, parts: Parts) -> None:
    brick = (
        Surface((0.62, 0.36, 0.28), "brick")
        if setting.text("wall") == "sand"
        else Surface((0.80, 0.78, 0.74), "brick")
    )
    room = walls(parts, setting, brick, FLOORS["concrete"], skirting=Surface((0.40, 0.39, 0.38), "concrete"))
    s, side = room.half / 4.2, free_side(setting)
    wood = Surface((0.64, 0.47, 0.31), "wood")
    x = side * 1.4 * s
    parts.add(
        "tool wall",
        Surface((0.78, 0.66, 0.48), "wood"),
        block((2.4 * s, 0.03, 1.0), (x, room.back - 0.02, room.floor + 1.1)),
    )
    for k in range(7):
        at, z = x + s * (-0.96 + 0.32 * k), room.floor + 1.9
        length = (0.42, 0.30, 0.52, 0.36, 0.46, 0.28, 0.40)[k]
        parts.add(
            "tool shafts",
            Surface((0.30, 0.31, 0.33), "matte paint"),
            block((0.03, 0.02, length), (at, room.back - 0.05, z - length)),
        )
        tone = ((0.80, 0.24, 0.16), (0.18, 0.36, 0.56), (0.90, 0.70, 0.18))[k % 3]
        parts.add(
            f"tool grips {k % 3}",
            Surface(tone, "plastic"),
            block((0.055, 0.03, 0.15), (at, room.back - 0.055, z - length - 0.12)),
        )
    if setting.scale == "tabletop":
        tabletop(parts, wood)
    else:
        parts.add(
            "bench top", wood, slab((x - 1.5, room.back - 0.62, 0.86), (x + 1.5, room.back - 0.02, 0.93))
        )
        for dx in (-1.4, -0.0, 1.4):
            parts.add(
                "bench legs",
                wood,
                slab((x + dx - 0.05, room.back - 0.58, 0), (x + dx + 0.05, room.back - 0.1, 0.86)),
            )


def _cafe(setting: Setting, parts: Parts) -> None:
    wall = Surface((0.58, 0.34, 0.27), "brick") if setting.text("wall") == "rose" else wall_surface(setting)
    room = walls(parts, setting, wall, FLOORS[setting.text("floor")], skirting=WALNUT)
    s, side = room.half / 4.2, free_side(setting)
    x = side * 1.5 * s
    parts.add(
        "chalk board frame", WALNUT, block((1.7 * s, 0.04, 1.1), (x, room.back - 0.02, room.floor + 1.35))
    )
    parts.add(
        "chalk board",
        Surface((0.12, 0.15, 0.14), "matte paint"),
        block((1.58 * s, 0.01, 0.98), (x, room.back - 0.045, room.floor + 1.41)),
    )
    for k in range(5):
        line = (1.2, 0.8, 1.0, 0.7, 0.9)[k] * s
        at = (x - (1.3 * s - line) / 2, room.back - 0.052, room.floor + 2.2 - 0.15 * k)
        parts.add("chalk lines", Surface((0.86, 0.86, 0.82), "paper"), block((line, 0.003, 0.035), at))
    panel = Surface(
        WALL_TONES["teal"] if setting.text("panel") == "teal" else (0.38, 0.27, 0.19), "matte paint"
    )
    parts.add(
        "wainscot",
        panel,
        slab((-room.half, room.back - 0.03, room.floor), (room.half, room.back - 0.004, room.floor + 0.92)),
    )
    for bar in np.arange(-room.half + 0.3, room.half, 0.6 * s):
        parts.add(
            "wainscot",
            panel,
            slab((bar, room.back - 0.045, room.floor), (bar + 0.07, room.back - 0.02, room.floor + 0.92)),
        )
    parts.add(
        "wainscot",
        panel,
        slab(
            (-room.half, room.back - 0.06, room.floor + 0.92),
            (room.half, room.back - 0.004, room.floor + 0.97),
        ),
    )
    if setting.scale == "tabletop":  # a round marble table
        parts.add(
            "table top",
            Surface((0.90, 0.88, 0.85), "marble") if setting.text("panel") == "teal" else WALNUT,
            cylinder(0.82, 0.035, (0, -0.1, -0.035), bevel=0.01, segments=64),
        )
        parts.add(
            "table foot",
            Surface((0.14, 0.14, 0.15), "matte paint"),
            tube((0, -0.1, -0.76), (0, -0.1, -0.03), 0.05, 12),
        )


def _classroom(setting: Setting, parts: Parts) -> None:
    room = walls(parts, setting, wall_surface(setting), FLOORS[setting.text("floor")], view="none")
    s = room.half / 4.2
    parts.add("board frame", OAK, block((3.6 * s, 0.05, 1.3), (0, room.back - 0.025, room.floor + 0.9)))
    parts.add(
        "board",
        Surface((0.15, 0.30, 0.24), "matte paint"),
        block((3.45 * s, 0.01, 1.16), (0, room.back - 0.054, room.floor + 0.97)),
    )
    for k, (x, w) in enumerate(((-1.1, 0.7), (-0.9, 1.0), (0.9, 0.9), (0.7, 0.5))):
        parts.add(
            "chalk lines",
            Surface((0.88, 0.89, 0.85), "paper"),
            block((w * s, 0.004, 0.03), (x * s, room.back - 0.06, room.floor + 1.75 - 0.17 * (k % 2))),
        )
    parts.add(
        "chalk ledge",
        OAK,
        slab((-1.8 * s, room.back - 0.12, room.floor + 0.86), (1.8 * s, room.back - 0.02, room.floor + 0.9)),
    )
    for k in range(4):
        tone = ((0.80, 0.30, 0.22), (0.92, 0.74, 0.28), (0.26, 0.46, 0.62), (0.40, 0.58, 0.36))[k]
        x = (2.3 + 0.55 * (k % 2)) * (1 if k < 2 else -1) * s
        parts.add(
            f"drawings {k}",
            Surface(tone, "paper"),
            block((0.42 * s, 0.006, 0.55), (x, room.back - 0.005, room.floor + 1.25)),
        )
    if setting.scale == "tabletop":
        tabletop(parts, WOODS[setting.text("wood")])


def _garage(setting: Setting, parts: Parts) -> None:
    room = walls(
        parts,
        setting,
        Surface((0.76, 0.75, 0.72), "concrete"),
        FLOORS["concrete"],
        Surface((0.45, 0.45, 0.45), "concrete"),
        view="none",
    )
    side = free_side(setting)
    door = Surface(WALL_TONES[setting.text("wall")], "matte paint")
    for k in range(9):
        z = 0.27 * k
        parts.add(
            "roller door",
            door,
            slab(
                (side * 1.2 - 1.5, room.back - 0.05, z + 0.008),
                (side * 1.2 + 1.5, room.back - 0.01, z + 0.255),
            ),
        )
    parts.add(
        "door frame",
        Surface((0.32, 0.33, 0.35), "matte paint"),
        slab((side * 1.2 - 1.6, room.back - 0.09, 2.43), (side * 1.2 + 1.6, room.back - 0.005, 2.6)),
    )
    a, b = sorted((-side * 1.0, -side * 3.4))
    _shelf(parts, room, a, b, 1.9, Surface((0.42, 0.44, 0.47), "matte paint"), "garage", 3)
    parts.add(
        "floor stripe",
        Surface((0.90, 0.74, 0.16), "matte paint"),
        slab((-room.half, 2.3, -0.01), (room.half, 2.42, 0.002)),
    )


add_room(
    "office",
    "in an office",
    ("office",),
    _office,
    {"wall": ("white", "gray", "sky", "sage"), "floor": ("carpet", "blue carpet", "pale"), **WOOD, **ART_OF},
)
add_room("workshop", "in a workshop", ("workshop", "garage"), _workshop, {"wall": ("sand", "white")})
add_room(
    "cafe",
    "in a cafe",
    ("cafe",),
    _cafe,
    {
        "wall": ("cream", "rose", "ochre"),
        "floor": ("walnut", "terracotta", "oak"),
        "panel": ("teal", "brown"),
    },
)
add_room(
    "classroom",
    "in a classroom",
    ("classroom",),
    _classroom,
    {"wall": ("cream", "sky", "white"), "floor": ("oak", "pale"), **WOOD},
)
add_room(
    "garage",
    "in a garage",
    ("garage", "workshop"),
    _garage,
    {"wall": ("white", "gray", "teal")},
    scales=("room",),
)
