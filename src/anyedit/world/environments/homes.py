"""Rooms of a home: living room, bedroom, kitchen, bathroom."""

from __future__ import annotations

from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import block, quad, slab, tube
from anyedit.world.environments.furnishings import (
    ART_OF,
    FLOORS,
    OAK,
    WOOD,
    WOODS,
    free_side,
    rounded_box,
    tabletop,
    wall_surface,
)
from anyedit.world.environments.rooms import (
    SRGB,
    WALL_TONES,
    WHITE,
    add_room,
    cabinet,
    curtains,
    picture,
    walls,
)
from anyedit.world.kinds import Surface

RUGS: dict[str, SRGB] = {
    "red": (0.62, 0.20, 0.17),
    "blue": (0.22, 0.34, 0.52),
    "cream": (0.86, 0.80, 0.68),
    "green": (0.34, 0.44, 0.32),
    "grey": (0.52, 0.53, 0.55),
}
ART: tuple[tuple[SRGB, SRGB], ...] = (
    ((0.20, 0.36, 0.46), (0.88, 0.66, 0.36)),
    ((0.72, 0.34, 0.26), (0.90, 0.80, 0.62)),
    ((0.28, 0.42, 0.30), (0.74, 0.80, 0.84)),
)


def _rug(parts: Parts, setting: Setting, size: tuple[float, float] = (4.6, 3.4)) -> None:
    rug = RUGS[setting.text("rug")]
    rim: SRGB = tuple(c * 0.6 for c in rug)  # type: ignore[assignment]
    w, d = size
    parts.add("rug rim", Surface(rim, "carpet"), slab((-w / 2, -d / 2, -0.02), (w / 2, d / 2, -0.004)))
    parts.add(
        "rug",
        Surface(rug, "carpet"),
        slab((-w / 2 + 0.14, -d / 2 + 0.14, -0.02), (w / 2 - 0.14, d / 2 - 0.14, 0.0)),
    )


def _living_room(setting: Setting, parts: Parts) -> None:
    room = walls(parts, setting, wall_surface(setting), FLOORS[setting.text("floor")])
    curtains(parts, room, setting.text("view"), RUGS[setting.text("rug")])
    side = free_side(setting)
    s = room.half / 4.2
    wood = WOODS[setting.text("wood")]
    a, b = sorted((side * 0.3 * s, side * 2.4 * s))
    cabinet(parts, a, b, room, 0.72, 0.42 * s, wood, 3)
    art = ART[int(setting.text("art"))]
    picture(parts, room, side * 1.35 * s, room.floor + 1.25, 1.1 * s, 0.8, art, (0.24, 0.17, 0.12))
    picture(parts, room, side * 2.55 * s, room.floor + 1.35, 0.55 * s, 0.65, art[::-1], (0.24, 0.17, 0.12))
    if setting.scale == "tabletop":
        tabletop(parts, wood)
    else:
        _rug(parts, setting)


def _bedroom(setting: Setting, parts: Parts) -> None:
    room = walls(parts, setting, wall_surface(setting, "wallpaper"), FLOORS[setting.text("floor")])
    curtains(parts, room, setting.text("view"), RUGS[setting.text("rug")])
    side, s = free_side(setting), room.half / 4.2
    wood = WOODS[setting.text("wood")]
    a, b = sorted((side * 0.5 * s, side * 2.3 * s))
    cabinet(parts, a, b, room, 1.0 if setting.scale == "room" else 0.85, 0.45 * s, wood, 2)
    picture(
        parts,
        room,
        side * 1.4 * s,
        room.floor + 1.35,
        0.8 * s,
        0.6,
        ART[int(setting.text("art"))],
        (0.90, 0.88, 0.84),
    )
    if setting.scale == "tabletop":
        tabletop(parts, wood)
    else:
        _rug(parts, setting, (4.2, 3.2))


def _kitchen(setting: Setting, parts: Parts) -> None:
    front = Surface(WALL_TONES[setting.text("front")], "matte paint")
    top = {
        "oak": OAK,
        "marble": Surface((0.90, 0.89, 0.87), "marble"),
        "slate": Surface((0.32, 0.33, 0.35), "stone"),
    }[setting.text("top")]
    tiles = Surface(WALL_TONES[setting.text("tiles")], "tiles")
    if setting.scale == "tabletop":  # things stand on the worktop, the tiled wall is near
        parts.add("worktop", top, slab((-3.2, -0.72, -0.04), (3.2, 0.62, 0.0)))
        parts.add("tiles", tiles, quad((-3.2, 0.62, 0), (3.2, 0.62, 0), (3.2, 0.62, 3.0), (-3.2, 0.62, 3.0)))
        parts.add("cupboards", front, slab((-3.2, 0.30, 0.78), (3.2, 0.62, 1.6)))
        parts.add("ledge", top, slab((-3.2, 0.60, 0.0), (3.2, 0.62, 0.05)))
        parts.add(
            "side walls", WHITE, quad((-2.3, -9, -1), (-2.3, 0.62, -1), (-2.3, 0.62, 2.6), (-2.3, -9, 2.6))
        )
        parts.add("side walls", WHITE, quad((2.3, 0.62, -1), (2.3, -9, -1), (2.3, -9, 2.6), (2.3, 0.62, 2.6)))
        return
    room = walls(parts, setting, wall_surface(setting), FLOORS[setting.text("floor")])
    cabinet(parts, -room.half, room.half, room, 0.88, 0.6, front, 11)
    parts.add("worktop", top, slab((-room.half, room.back - 0.63, 0.88), (room.half, room.back - 0.01, 0.92)))
    parts.add(
        "tiles", tiles, slab((-room.half, room.back - 0.012, 0.92), (room.half, room.back - 0.002, 0.95))
    )
    side = free_side(setting)
    a, b = sorted((side * 0.35, side * 4.0))
    parts.add("tiles", tiles, slab((a, room.back - 0.02, 0.92), (b, room.back - 0.004, 1.55)))
    cabinet(parts, a, b, room, 0.8, 0.34, front, 5, base=1.5)


def _bathroom(setting: Setting, parts: Parts) -> None:
    tiles = Surface(WALL_TONES[setting.text("tiles")], "tiles")
    view = "none" if setting.scale == "tabletop" else None
    room = walls(parts, setting, tiles, FLOORS["white tiles"], view=view)
    s = room.half / 4.2
    side = free_side(setting)
    frame = Surface((0.80, 0.79, 0.76), "matte paint")
    parts.add(
        "mirror frame",
        frame,
        block((1.3 * s, 0.03, 1.0), (side * 1.2 * s, room.back - 0.02, room.floor + 1.15)),
    )
    parts.add(
        "mirror",
        Surface((0.82, 0.86, 0.88), "chrome"),
        block((1.22 * s, 0.01, 0.92), (side * 1.2 * s, room.back - 0.04, room.floor + 1.19)),
    )
    if setting.scale == "tabletop":
        parts.add(
            "counter",
            Surface((0.90, 0.89, 0.87), "marble"),
            rounded_box((3.4, 1.25, 0.05), (0, -0.12, -0.05), bevel=0.01),
        )
    else:
        a, b = sorted((side * 0.4, side * 2.2))
        cabinet(parts, a, b, room, 0.85, 0.5, WHITE, 2)
        parts.add(
            "rail",
            Surface((0.75, 0.76, 0.78), "matte paint"),
            tube((-side * 2.6, room.back - 0.08, 1.2), (-side * 1.6, room.back - 0.08, 1.2), 0.015),
        )


LIVING_WALLS = ("cream", "sage", "sky", "rose", "white", "teal", "ochre")
RUG = {"rug": ("red", "blue", "cream", "green", "grey")}

add_room(
    "living room",
    "in a living room",
    ("living room",),
    _living_room,
    {"wall": LIVING_WALLS, "floor": ("oak", "walnut", "pale"), **WOOD, **ART_OF, **RUG},
)
add_room(
    "bedroom",
    "in a bedroom",
    ("bedroom",),
    _bedroom,
    {
        "wall": ("sky", "rose", "cream", "sage", "navy"),
        "floor": ("carpet", "pale", "oak"),
        **WOOD,
        **ART_OF,
        **RUG,
    },
)
add_room(
    "kitchen",
    "in a kitchen",
    ("kitchen",),
    _kitchen,
    {
        "wall": ("white", "cream", "sage"),
        "floor": ("terracotta", "white tiles", "pale"),
        "front": ("sage", "white", "navy", "cream", "sky"),
        "top": ("oak", "marble", "slate"),
        "tiles": ("white", "sky", "sage", "cream"),
    },
)
add_room("bathroom", "in a bathroom", ("bathroom",), _bathroom, {"tiles": ("sky", "white", "sage", "rose")})
