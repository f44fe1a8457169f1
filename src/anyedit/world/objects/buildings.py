"""Buildings small enough to stand whole in a picture: house, barn, church."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, gable_roof, hull, settled, slab, turned
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import Point, cut, cylinder, ellipsoid, extrude
from anyedit.world.surfaces import FRAME, GILT, IRON, LIT_PANE, PANE, PLANK, SLATE, STONE, TILES

_LAND = ("outdoor", "meadow", "garden", "farm", "mountain", "snowfield", "forest")

_LIGHTS = {"lights on": "switch on its lights"}


def sash_window(width: float, height: float, at: Point, panes: tuple[int, int] = (2, 2)) -> tuple[Mesh, Mesh]:
    """(frame with bars, pane) of a window in a wall that faces -y at `at`, its bottom centre on the wall."""
    x, y, z = at
    bar = 0.07
    frame = [
        slab((width + 0.16, 0.1, bar), (x, y, z - bar)),
        slab((width + 0.16, 0.1, bar), (x, y, z + height)),
    ]
    frame += [slab((bar, 0.09, height), (x + s * (width / 2 + bar / 2), y, z)) for s in (-1, 1)]
    frame += [
        slab((0.035, 0.07, height), (x - width / 2 + width * k / panes[0], y, z)) for k in range(1, panes[0])
    ]
    frame += [slab((width, 0.07, 0.035), (x, y, z + height * k / panes[1])) for k in range(1, panes[1])]
    frame.append(slab((width + 0.24, 0.2, 0.06), (x, y, z - bar - 0.05)))
    return joined(frame), slab((width, 0.04, height), (x, y, z), 0.003)


def _gable(width: float, depth: float, low: float, high: float) -> Mesh:
    """The walls' upper part: a triangle that faces -y and +y."""
    return extrude([(-width / 2, low), (width / 2, low), (0, high)], depth)


def _house(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, wall, ridge = p["width"], p["depth"], p["wall"], p["wall"] + p["roof"]
    front = -d / 2
    pane = LIT_PANE if state == "lights on" else PANE
    frames, panes = [], []
    for x in (-w * 0.3, w * 0.3):
        frame, glass = sash_window(0.85, 1.05, (x, front, 1.0))
        frames.append(frame)
        panes.append(glass)
    frame, glass = sash_window(0.8, 0.85, (0, front, wall + 0.2))
    frames.append(frame)
    panes.append(glass)
    for y in (-d * 0.22, d * 0.24):
        for side_ in (-90, 90):
            frame, glass = sash_window(0.85, 1.05, (y if side_ > 0 else -y, -w / 2, 1.0))
            frames.append(turned(frame, side_))
            panes.append(turned(glass, side_))
    shutters = [
        slab((0.3, 0.07, 1.1), (x + s * 0.67, front - 0.02, 0.98))
        for x in (-w * 0.3, w * 0.3)
        for s in (-1, 1)
    ]
    door = slab((0.88, 0.1, 1.95), (0, front - 0.02, 0.12), 0.02)
    panels = [
        slab((0.3, 0.05, h), (x, front - 0.06, z)) for x in (-0.2, 0.2) for z, h in ((0.3, 0.7), (1.15, 0.7))
    ]
    surround = [slab((0.1, 0.12, 2.1), (s * 0.5, front - 0.02, 0.1)) for s in (-1, 1)] + [
        slab((1.2, 0.14, 0.12), (0, front - 0.02, 2.12))
    ]
    porch = hull(
        [
            (x, front - y, z)
            for x in (-0.85, 0.85)
            for y, z in ((0, 2.72), (0, 2.4), (0.75, 2.32), (0.75, 2.4))
        ]
    )
    chimney_x = w * 0.24
    chimney = joined(
        [
            slab((0.5, 0.5, 1.5), (chimney_x, d * 0.15, ridge - 1.1)),
            slab((0.6, 0.6, 0.14), (chimney_x, d * 0.15, ridge + 0.36)),
        ]
    )
    steps = [slab((1.3, 0.5, 0.12), (0, front - 0.25, 0)), slab((1.7, 0.85, 0.06), (0, front - 0.4, 0))]
    return settled(
        [
            Part("walls", joined([slab((w, d, wall), bevel=0.015), _gable(w, d - 0.02, wall - 0.01, ridge)])),
            Part("roof", gable_roof(w, d, wall, ridge, 0.35), SLATE if p["slate"] > 0.6 else TILES),
            Part("frames", joined(frames), FRAME),
            Part("windows", joined(panes), pane),
            Part("shutters", joined(shutters), Surface("teal", "wood")),
            Part("door", joined([door, *panels]), Surface((0.33, 0.16, 0.1), "wood")),
            Part("door frame", joined([*surround, porch]), FRAME),
            Part("knob", ellipsoid(0.045, (0.32, front - 0.1, 1.05), detail=1), GILT),
            Part("chimney", chimney, Surface((0.55, 0.3, 0.22), "brick")),
            Part("plinth", joined([slab((w + 0.1, d + 0.1, 0.3), bevel=0.02), *steps]), STONE),
        ]
    )


def _barn(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, wall, tall = p["width"], p["depth"], p["wall"], p["wall"] + p["roof"]
    front = -d / 2
    knee = (w * 0.36, wall + (tall - wall) * 0.62)
    outline = [(-w / 2, 0), (w / 2, 0), (w / 2, wall), knee, (0, tall), (-knee[0], knee[1]), (-w / 2, wall)]
    over, t = 0.18, 0.13
    eave = (w / 2 + over, wall - over * 1.4)
    roof = extrude(
        [
            (-eave[0], eave[1]),
            (-knee[0], knee[1]),
            (0, tall),
            knee,
            eave,
            (eave[0] + t, eave[1]),
            (knee[0] + t * 0.7, knee[1] + t * 0.9),
            (0, tall + t * 1.2),
            (-knee[0] - t * 0.7, knee[1] + t * 0.9),
            (-eave[0] - t, eave[1]),
        ],
        d + 0.5,
    )
    open_ = state == "doors open"
    door_w, door_h = w * 0.25, wall * 0.86
    walls = extrude(outline, d)
    if open_:
        walls = cut(walls, slab((door_w * 2, 1.6, door_h), (0, front + 0.7, -0.01), 0))

    def leaf() -> list[Mesh]:
        """One door leaf hinged at x = 0, reaching to +x, facing -y: (boards, battens)."""
        boards = slab((door_w, 0.08, door_h), (door_w / 2, 0, 0.03), 0.01)
        angle = float(np.degrees(np.arctan2(door_h, door_w)))
        reach = float(np.hypot(door_w, door_h)) * 0.94
        bars = [slab((door_w, 0.06, 0.12), (door_w / 2, -0.06, z)) for z in (0.03, door_h - 0.1)]
        bars += [slab((0.12, 0.06, door_h), (x, -0.06, 0.03)) for x in (0.06, door_w - 0.06)]
        cross = slab((reach, 0.05, 0.1), (0, 0, -0.05))
        bars += [
            cross.moved(affine((door_w / 2, -0.055, door_h / 2 + 0.03), (0, s * angle, 0))) for s in (-1, 1)
        ]
        return [boards, joined(bars)]

    leaves: list[Mesh] = []
    bars: list[Mesh] = []
    for sign in (-1, 1):
        boards, batten = leaf()
        if sign > 0:
            boards, batten = (m.moved(affine(scale=(-1, 1, 1))) for m in (boards, batten))
        swing = affine(turn=(0, 0, sign * 115 if open_ else 0))
        at = affine((sign * door_w, front - 0.05, 0))
        leaves.append(boards.moved(swing).moved(at))
        bars.append(batten.moved(swing).moved(at))
    trim = [slab((0.14, 0.08, wall), (s * (w / 2 - 0.05), front - 0.02, 0)) for s in (-1, 1)]
    trim += [slab((door_w * 2 + 0.3, 0.1, 0.14), (0, front - 0.03, door_h + 0.03))]
    trim += [slab((0.14, 0.1, door_h), (s * (door_w + 0.08), front - 0.03, 0)) for s in (-1, 1)]
    hatch = slab((0.8, 0.08, 0.8), (0, front - 0.02, wall + 0.25), 0.01)
    hatch_trim = [slab((0.95, 0.08, 0.1), (0, front - 0.04, wall + z)) for z in (0.18, 1.02)]
    hatch_trim += [slab((0.1, 0.08, 0.85), (s * 0.43, front - 0.04, wall + 0.22)) for s in (-1, 1)]
    hatch_trim += [
        slab((1.1, 0.05, 0.09), (0, 0, -0.045)).moved(affine((0, front - 0.05, wall + 0.65), (0, s * 45, 0)))
        for s in (-1, 1)
    ]
    siding = [
        slab((0.025, 0.02, wall), (x, front - 0.005, 0))
        for x in np.arange(-w / 2 + 0.3, w / 2 - 0.2, 0.3)
        if abs(x) > door_w + 0.15
    ]
    loft_hay = slab((door_w * 1.7, 0.8, 1.0), (0, front + 1.0, 0), 0.2)
    parts = [
        Part("walls", walls),
        Part("doors", joined(leaves)),
        Part("roof", roof, SLATE),
        Part("trim", joined([*trim, *bars, *hatch_trim]), FRAME),
        Part("hatch", hatch),
        Part("siding", joined(siding), Surface((0.25, 0.07, 0.06), "wood")),
        Part("windows", both(slab((0.04, 0.7, 0.6), (w / 2 + 0.005, 0, wall * 0.5))), PANE),
    ]
    return settled([*parts, Part("hay", loft_hay, Surface((0.85, 0.68, 0.3), "straw"))] if open_ else parts)


def _church(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, wall, ridge, spire = 2.8, p["depth"], p["wall"], p["wall"] + 1.35, p["spire"]
    pane = LIT_PANE if state == "lights on" else Surface((0.12, 0.2, 0.42), "car paint")
    front, tw = -d / 2, 1.35
    tower_y, tower_top = front - tw * 0.3, ridge + 0.7
    tower_front = tower_y - tw / 2

    def arched(width: float, height: float, depth: float) -> Mesh:
        t = np.linspace(0, np.pi, 11)
        top = [(width / 2 * np.cos(a), height - width / 2 + width * 0.75 * np.sin(a)) for a in t]
        return extrude([(-width / 2, 0), (width / 2, 0), *top], depth)

    panes = [
        turned(arched(0.42, 1.25, 0.06).moved(affine((y, -w / 2 - 0.005, 0.7))), s)
        for s in (-90, 90)
        for y in np.linspace(-d * 0.32, d * 0.4, 3)
    ]
    rims = [
        turned(arched(0.56, 1.36, 0.05).moved(affine((y, -w / 2 + 0.005, 0.63))), s)
        for s in (-90, 90)
        for y in np.linspace(-d * 0.32, d * 0.4, 3)
    ]
    clock_z = tower_top - 1.42
    rim, clock = (
        cylinder(r, t, segments=32).moved(affine((0, tower_front + 0.02, clock_z), (90, 0, 0)))
        for r, t in ((0.42, 0.08), (0.35, 0.1))
    )
    hands = [
        slab((0.05, 0.03, 0.28)).moved(affine((0, tower_front - 0.085, clock_z), (0, a, 0)))
        for a in (-40, 70)
    ]
    louvres = [
        turned(arched(0.42, 0.72, 0.05).moved(affine((0, -tw / 2 - 0.005, tower_top - 0.85))), s).moved(
            affine((0, tower_y, 0))
        )
        for s in (0, 90, -90)
    ]
    base = tw / 2 + 0.12
    steeple = hull(
        [(x * base, y * base + tower_y, tower_top + 0.06) for x in (-1, 1) for y in (-1, 1)]
        + [(0, tower_y, tower_top + spire)]
    )
    cross = joined(
        [
            slab((0.06, 0.06, 0.62), (0, tower_y, tower_top + spire - 0.08)),
            slab((0.36, 0.06, 0.06), (0, tower_y, tower_top + spire + 0.27)),
        ]
    )
    return settled(
        [
            Part("walls", joined([slab((w, d, wall), bevel=0.02), _gable(w, d - 0.02, wall - 0.01, ridge)])),
            Part("tower", slab((tw, tw, tower_top), (0, tower_y, 0), 0.02)),
            Part(
                "ledges",
                joined(
                    [
                        slab((tw + 0.16, tw + 0.16, 0.1), (0, tower_y, z))
                        for z in (tower_top - 0.98, tower_top - 0.02)
                    ]
                ),
                STONE,
            ),
            Part("roof", gable_roof(w, d, wall, ridge, 0.25, 0.12), SLATE),
            Part("steeple", steeple, SLATE),
            Part("cross", cross, GILT),
            Part("window rims", joined(rims), STONE),
            Part("windows", joined(panes), pane),
            Part("louvres", joined(louvres), PANE),
            Part("door", arched(0.72, 1.45, 0.08).moved(affine((0, tower_front, 0))), PLANK),
            Part("door rim", arched(0.92, 1.58, 0.05).moved(affine((0, tower_front, 0))), STONE),
            Part("clock", clock, Surface("white", "ceramic")),
            Part("hands", joined([rim, *hands]), IRON),
            Part("step", slab((1.3, 0.4, 0.12), (0, tower_front - 0.1, 0)), STONE),
        ]
    )


register(
    Kind(
        "house",
        "building",
        _house,
        params={
            "width": (4.2, 5.2),
            "depth": (3.6, 4.6),
            "wall": (2.5, 2.9),
            "roof": (1.6, 2.2),
            "slate": (0, 1),
        },
        states=("lights off", "lights on"),
        verbs=_LIGHTS,
        effects={"switch_on": "lights on", "nightfall": "lights on"},
        colours=("beige", "white", "yellow", "peach", "blue", "salmon"),
        materials=("matte paint", "brick", "wood", "stone"),
        scale="outdoor",
        contexts=(*_LAND, "street", "beach"),
    )
)
register(
    Kind(
        "barn",
        "building",
        _barn,
        params={"width": (4.0, 4.8), "depth": (4.4, 5.4), "wall": (2.1, 2.5), "roof": (1.9, 2.3)},
        states=("doors closed", "doors open"),
        verbs={"doors open": "open its doors"},
        effects={"open": "doors open"},
        colours=("red", "maroon", "brown", "green", "white"),
        materials=("wood", "matte paint"),
        scale="outdoor",
        contexts=("outdoor", "farm", "meadow", "snowfield"),
    )
)
register(
    Kind(
        "church",
        "building",
        _church,
        params={"depth": (3.6, 4.4), "wall": (2.0, 2.4), "spire": (1.9, 2.6)},
        states=("lights off", "lights on"),
        verbs=_LIGHTS,
        effects={"switch_on": "lights on", "nightfall": "lights on"},
        colours=("white", "beige", "ivory", "yellow", "peach"),
        materials=("matte paint", "stone", "wood"),
        plural="churches",
        scale="outdoor",
        contexts=("outdoor", "meadow", "mountain", "snowfield", "plaza", "farm"),
    )
)
