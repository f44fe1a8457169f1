"""Rooms: floor, walls, a window, and the light of a room by day and by lamp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from anyedit.world import light
from anyedit.world.environments.base import (
    Choices,
    Environment,
    Parts,
    Setting,
    Values,
    register,
)
from anyedit.world.environments.forms import block, grid, quad, sheet, slab
from anyedit.world.environments.skies import panel_light, room_glow, window_picture
from anyedit.world.kinds import Surface
from anyedit.world.scene import Scene

SRGB = tuple[float, float, float]
WHITE = Surface((0.93, 0.92, 0.89), "matte paint")
HIGH = 3.4  # metres: height of the walls; a room is open above and in front, where its soft light comes from


@dataclass(frozen=True)
class Box:
    """The inside of a room around the place where things stand: half width, y of the back wall, z of the floor."""

    half: float
    back: float
    floor: float


BOXES = {"room": Box(4.2, 3.2, 0.0), "tabletop": Box(2.3, 2.1, -0.76)}
WALL_TONES: dict[str, SRGB] = {
    "cream": (0.90, 0.85, 0.74),
    "sage": (0.66, 0.74, 0.64),
    "sky": (0.68, 0.78, 0.85),
    "rose": (0.88, 0.75, 0.71),
    "white": (0.91, 0.90, 0.87),
    "sand": (0.83, 0.74, 0.61),
    "teal": (0.30, 0.50, 0.52),
    "ochre": (0.85, 0.68, 0.38),
    "gray": (0.70, 0.71, 0.72),
    "navy": (0.22, 0.30, 0.44),
}
WINDOW: dict[str, Choices] = {"window": ("left", "right"), "view": ("left", "none", "right")}


def add_room(
    name: str,
    phrase: str,
    tags: tuple[str, ...],
    geometry: Callable[[Setting, Parts], None],
    choices: dict[str, Choices],
    scales: tuple[str, ...] = ("tabletop", "room"),
) -> None:
    """Register an indoor environment lit by a window and lamps."""
    register(
        Environment(
            name, phrase, True, ("indoor", *tags), scales, geometry, room_lights, {**WINDOW, **choices}
        )
    )


def window_place(box: Box, view: str) -> tuple[float, float, float, float] | None:
    """(x, z, width, height) of the window in the back wall, bottom centre; None without one."""
    if view == "none":
        return None
    side = -1 if view == "left" else 1
    return (side * 0.42 * box.half, box.floor + 0.95, 0.44 * box.half, 1.25)


def walls(
    parts: Parts,
    setting: Setting,
    wall: Surface,
    floor: Surface,
    skirting: Surface = WHITE,
    view: str | None = None,
) -> Box:
    """Floor, back wall with its window opening, side walls, skirting; returns the room's box."""
    box = BOXES[setting.scale]
    h, b, z0, top = box.half, box.back, box.floor, box.floor + HIGH
    parts.add("floor", floor, sheet(-h, -9, h, b, z0))
    place = window_place(box, setting.text("view") if view is None else view)
    if place is None:
        parts.add("walls", wall, _facing(-h, h, z0, top, b))
    else:
        x, z, w, high = place
        x0, x1 = x - w / 2, x + w / 2
        for span in ((-h, x0, z0, top), (x1, h, z0, top), (x0, x1, z0, z), (x0, x1, z + high, top)):
            parts.add("walls", wall, _facing(*span, b))
        _frame(parts, x0, x1, z, z + high, b)
    parts.add("walls", wall, quad((-h, -9, z0), (-h, b, z0), (-h, b, top), (-h, -9, top)))
    parts.add("walls", wall, quad((h, b, z0), (h, -9, z0), (h, -9, top), (h, b, top)))
    parts.add("skirting", skirting, slab((-h, b - 0.02, z0), (h, b, z0 + 0.10)))
    parts.add(
        "skirting",
        skirting,
        slab((-h, -9, z0), (-h + 0.02, b, z0 + 0.10)),
        slab((h - 0.02, -9, z0), (h, b, z0 + 0.10)),
    )
    return box


def _facing(x0: float, x1: float, z0: float, z1: float, y: float) -> Any:
    return quad((x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1))


def _frame(parts: Parts, x0: float, x1: float, z0: float, z1: float, y: float) -> None:
    """Reveal, frame with one cross, and sill; the pane itself is a light."""
    t, deep = 0.055, 0.12
    middle, bar = (x0 + x1) / 2, z0 + (z1 - z0) * 0.62
    for low, high in (
        ((x0, z0), (x1, z0 + t)),
        ((x0, z1 - t), (x1, z1)),
        ((x0, z0), (x0 + t, z1)),
        ((x1 - t, z0), (x1, z1)),
    ):
        parts.add("window frame", WHITE, slab((low[0], y - 0.02, low[1]), (high[0], y + deep, high[1])))
    parts.add("window frame", WHITE, slab((middle - 0.022, y + 0.03, z0), (middle + 0.022, y + 0.07, z1)))
    parts.add("window frame", WHITE, slab((x0, y + 0.03, bar - 0.018), (x1, y + 0.07, bar + 0.018)))
    parts.add("window sill", WHITE, slab((x0 - 0.08, y - 0.14, z0 - 0.04), (x1 + 0.08, y + 0.02, z0)))


def curtains(parts: Parts, box: Box, view: str, colour: SRGB) -> None:
    """Two gathered curtains beside the window."""
    place = window_place(box, view)
    if place is None:
        return
    x, z, w, high = place
    low, top = box.floor + 0.06, z + high + 0.18
    for side in (-1, 1):
        edge = x + side * (w / 2 + 0.02)
        t = np.linspace(0, 1, 44)
        xs = edge + side * 0.34 * t * (0.5 if box.half < 3 else 1)
        if side < 0:
            xs = xs[::-1]
        ys = box.back - 0.11 + 0.045 * np.sin(t * 44)
        rows = [np.column_stack([xs, ys, np.full(44, height)]) for height in (top, low)]
        parts.add("curtains", Surface(colour, "fabric"), grid(np.stack(rows)))
    rail = slab((x - w / 2 - 0.5, box.back - 0.13, top), (x + w / 2 + 0.5, box.back - 0.09, top + 0.035))
    parts.add("curtain rail", Surface((0.30, 0.24, 0.20), "matte paint"), rail)


def picture(
    parts: Parts, box: Box, x: float, z: float, w: float, h: float, tones: tuple[SRGB, SRGB], frame: SRGB
) -> None:
    """A framed abstract picture on the back wall."""
    y = box.back
    parts.add("picture frames", Surface(frame, "wood"), block((w, 0.035, h), (x, y - 0.018, z)))
    parts.add(
        "picture mounts",
        Surface((0.94, 0.93, 0.90), "paper"),
        block((w - 0.07, 0.01, h - 0.07), (x, y - 0.037, z + 0.035)),
    )
    for k, tone in enumerate(tones):
        low = z + h * (0.20 + 0.30 * k)
        parts.add(
            f"picture {k}", Surface(tone, "paper"), block((w * 0.62, 0.006, h * 0.30), (x, y - 0.044, low))
        )


def cabinet(
    parts: Parts,
    x0: float,
    x1: float,
    box: Box,
    height: float,
    deep: float,
    front: Surface,
    doors: int,
    base: float = 0.0,
) -> None:
    """A low or hanging cabinet along the back wall with door fronts and knobs."""
    y, z = box.back - deep, box.floor + base
    parts.add("cabinet", front, slab((x0, y + 0.02, z + 0.05), (x1, box.back - 0.01, z + height)))
    step = (x1 - x0) / doors
    for k in range(doors):
        a = x0 + k * step + 0.012
        parts.add(
            "cabinet doors", front, slab((a, y, z + 0.08), (a + step - 0.024, y + 0.02, z + height - 0.04))
        )
        parts.add(
            "cabinet knobs",
            Surface((0.24, 0.22, 0.20), "plastic"),
            block((0.14, 0.025, 0.02), (a + step / 2, y - 0.012, z + height - 0.14)),
        )


def room_lights(scene: Scene, values: Values) -> dict[str, dict[str, Any]]:
    """A large side window and the window in view by day; a broad warm ceiling lamp by night; moonlight without."""
    import mitsuba as mi

    box = BOXES[str(values["scale"])]
    night = scene.time == "night"
    lamp = (night or scene.time == "sunset") and not scene.lights_off
    lights: dict[str, dict[str, Any]] = {}
    side = -1 if values.get("window", "left") == "left" else 1
    unit = box.half / 4.2  # lights keep their angular size in the smaller room
    if lamp:
        lights["room"] = room_glow((0.48, 0.36, 0.25), (0.26, 0.19, 0.13), (0.10, 0.07, 0.05))
        x, y = side * 0.9 * unit, -0.7 * unit  # it looks straight down: seen from below, it is the lit side
        lights["lamp"] = panel_light((x, y, 2.75 * unit), (x, y, 0), 0.75 * unit, (1.0, 0.76, 0.50), 7.0)
    else:
        colour, gain, fill = daylight_in_room(scene)
        dim = 0.55 if scene.lights_off and not night else 1.0
        lights["room"] = room_glow(*(times(colour, fill * dim * share) for share in (0.80, 0.50, 0.16)))
        at = (side * (box.half - 0.02), -1.4 * unit, box.floor + (1.9 if box.floor == 0 else 1.5))
        lights["window"] = panel_light(at, (0, 0.0, box.floor + 0.6), 1.25 * unit, colour, gain * dim)
    place = window_place(box, str(values.get("view", "none")))
    if place is not None:
        x, z, w, high = place
        shown = window_picture(scene, 1.6 if night else 3.2)
        pane = mi.ScalarTransform4f().translate([x, box.back + 0.09, z + high / 2]).rotate([1, 0, 0], 90)
        radiance = {"type": "bitmap", "bitmap": mi.Bitmap(shown), "raw": True, "wrap_mode": "clamp"}
        lights["view"] = {
            "type": "rectangle",
            "to_world": pane.scale([w / 2, high / 2, 1]),
            "emitter": {"type": "area", "radiance": radiance},
        }
    return lights


def daylight_in_room(scene: Scene) -> tuple[light.Colour, float, float]:
    """Colour of the daylight in a room, radiance of the window, share of it that fills the room."""
    if scene.time == "night":
        return (0.42, 0.60, 1.0), 0.75, 0.14
    colour: light.Colour = {
        "morning": (1.0, 0.93, 0.82),
        "noon": (0.97, 0.99, 1.0),
        "golden hour": (1.0, 0.76, 0.46),
        "sunset": (1.0, 0.62, 0.42),
    }[scene.time]
    if scene.weather == "clear":
        return colour, 14.0, 0.24
    grey: light.Colour = tuple((c + 2 * g) / 3 for c, g in zip(colour, (0.92, 0.96, 1.0), strict=True))  # type: ignore[assignment]
    return grey, 8.5, 0.36


def times(colour: light.Colour, factor: float) -> light.Colour:
    """A colour scaled; rounded, so that a scene's JSON gives the same bytes everywhere."""
    r, g, b = (round(channel * factor, 4) for channel in colour)
    return r, g, b
