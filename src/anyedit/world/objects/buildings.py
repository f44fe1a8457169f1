"""Buildings, small enough to stand whole in a picture: house, barn, church, towers, windmill, tent, well."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, hull, prism, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import Point, cut, cylinder, ellipsoid, extrude, lathe, loft, rod, smooth_profile, sweep

PANE = Surface((0.16, 0.21, 0.27), "car paint")
LIT_PANE = Surface((1.0, 0.78, 0.42), "plastic", glow=1.8)
FRAME = Surface("white", "matte paint")
TILES = Surface((0.60, 0.26, 0.17), "clay")
SLATE = Surface((0.27, 0.29, 0.33), "stone")
PLANK = Surface((0.42, 0.27, 0.16), "wood")
STONE = Surface((0.62, 0.59, 0.54), "stone")
IRON = Surface("charcoal", "iron")
GILT = Surface((0.9, 0.68, 0.25), "gold")


def _window(width: float, height: float, at: Point, panes: tuple[int, int] = (2, 2)) -> tuple[Mesh, Mesh]:
    """(frame with bars, pane) of a window in a wall that faces -y at `at`, its bottom centre on the wall."""
    x, y, z = at
    bar = 0.07
    frame = [slab((width + 0.16, 0.1, bar), (x, y, z - bar)), slab((width + 0.16, 0.1, bar), (x, y, z + height))]
    frame += [slab((bar, 0.09, height), (x + s * (width / 2 + bar / 2), y, z)) for s in (-1, 1)]
    frame += [slab((0.035, 0.07, height), (x - width / 2 + width * k / panes[0], y, z)) for k in range(1, panes[0])]
    frame += [slab((width, 0.07, 0.035), (x, y, z + height * k / panes[1])) for k in range(1, panes[1])]
    frame.append(slab((width + 0.24, 0.2, 0.06), (x, y, z - bar - 0.05)))
    return joined(frame), slab((width, 0.04, height), (x, y, z), 0.003)


def _turned(mesh: Mesh, degrees: float) -> Mesh:
    return mesh.moved(affine(turn=(0, 0, degrees)))


def _gable(width: float, depth: float, low: float, high: float) -> Mesh:
    """The walls' upper part: a triangle that faces -y and +y."""
    return extrude([(-width / 2, low), (width / 2, low), (0, high)], depth)


def _roof(width: float, depth: float, eaves: float, ridge: float, over: float, thick: float = 0.14) -> Mesh:
    """Two slopes whose ridge runs along y, standing out over the walls."""
    slope = (ridge - eaves) / (width / 2)
    x, drop = width / 2 + over, over * slope
    outline = [(-x, eaves - drop), (0, ridge), (x, eaves - drop), (x, eaves - drop + thick), (0, ridge + thick * 1.25),
               (-x, eaves - drop + thick)]  # fmt: skip
    return extrude(outline, depth + 2 * over)


def _house(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, wall, ridge = p["width"], p["depth"], p["wall"], p["wall"] + p["roof"]
    front = -d / 2
    pane = LIT_PANE if state == "lights on" else PANE
    frames, panes = [], []
    for x in (-w * 0.3, w * 0.3):
        frame, glass = _window(0.85, 1.05, (x, front, 1.0))
        frames.append(frame)
        panes.append(glass)
    frame, glass = _window(0.8, 0.85, (0, front, wall + 0.2))
    frames.append(frame)
    panes.append(glass)
    for y in (-d * 0.22, d * 0.24):
        for side_ in (-90, 90):
            frame, glass = _window(0.85, 1.05, (y if side_ > 0 else -y, -w / 2, 1.0))
            frames.append(_turned(frame, side_))
            panes.append(_turned(glass, side_))
    shutters = [slab((0.3, 0.07, 1.1), (x + s * 0.67, front - 0.02, 0.98)) for x in (-w * 0.3, w * 0.3) for s in (-1, 1)]
    door = slab((0.88, 0.1, 1.95), (0, front - 0.02, 0.12), 0.02)
    panels = [slab((0.3, 0.05, h), (x, front - 0.06, z)) for x in (-0.2, 0.2) for z, h in ((0.3, 0.7), (1.15, 0.7))]
    surround = [slab((0.1, 0.12, 2.1), (s * 0.5, front - 0.02, 0.1)) for s in (-1, 1)] + [slab((1.2, 0.14, 0.12), (0, front - 0.02, 2.12))]
    porch = hull([(x, front - y, z) for x in (-0.85, 0.85) for y, z in ((0, 2.72), (0, 2.4), (0.75, 2.32), (0.75, 2.4))])
    chimney_x = w * 0.24
    chimney = joined([slab((0.5, 0.5, 1.5), (chimney_x, d * 0.15, ridge - 1.1)), slab((0.6, 0.6, 0.14), (chimney_x, d * 0.15, ridge + 0.36))])
    steps = [slab((1.3, 0.5, 0.12), (0, front - 0.25, 0)), slab((1.7, 0.85, 0.06), (0, front - 0.4, 0))]
    return settled(
        [
            Part("walls", joined([slab((w, d, wall), bevel=0.015), _gable(w, d - 0.02, wall - 0.01, ridge)])),
            Part("roof", _roof(w, d, wall, ridge, 0.35), SLATE if p["slate"] > 0.6 else TILES),
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
    roof = extrude([(-eave[0], eave[1]), (-knee[0], knee[1]), (0, tall), knee, eave, (eave[0] + t, eave[1]), (knee[0] + t * 0.7, knee[1] + t * 0.9),
                    (0, tall + t * 1.2), (-knee[0] - t * 0.7, knee[1] + t * 0.9), (-eave[0] - t, eave[1])], d + 0.5)  # fmt: skip
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
        bars += [cross.moved(affine((door_w / 2, -0.055, door_h / 2 + 0.03), (0, s * angle, 0))) for s in (-1, 1)]
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
    hatch_trim += [slab((1.1, 0.05, 0.09), (0, 0, -0.045)).moved(affine((0, front - 0.05, wall + 0.65), (0, s * 45, 0))) for s in (-1, 1)]
    siding = [slab((0.025, 0.02, wall), (x, front - 0.005, 0)) for x in np.arange(-w / 2 + 0.3, w / 2 - 0.2, 0.3) if abs(x) > door_w + 0.15]
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

    panes = [_turned(arched(0.42, 1.25, 0.06).moved(affine((y, -w / 2 - 0.005, 0.7))), s) for s in (-90, 90) for y in np.linspace(-d * 0.32, d * 0.4, 3)]
    rims = [_turned(arched(0.56, 1.36, 0.05).moved(affine((y, -w / 2 + 0.005, 0.63))), s) for s in (-90, 90) for y in np.linspace(-d * 0.32, d * 0.4, 3)]
    clock_z = tower_top - 1.42
    rim, clock = (cylinder(r, t, segments=32).moved(affine((0, tower_front + 0.02, clock_z), (90, 0, 0)))
                  for r, t in ((0.42, 0.08), (0.35, 0.1)))  # fmt: skip
    hands = [slab((0.05, 0.03, 0.28)).moved(affine((0, tower_front - 0.085, clock_z), (0, a, 0))) for a in (-40, 70)]
    louvres = [_turned(arched(0.42, 0.72, 0.05).moved(affine((0, -tw / 2 - 0.005, tower_top - 0.85))), s).moved(affine((0, tower_y, 0))) for s in (0, 90, -90)]
    base = tw / 2 + 0.12
    steeple = hull([(x * base, y * base + tower_y, tower_top + 0.06) for x in (-1, 1) for y in (-1, 1)] + [(0, tower_y, tower_top + spire)])
    cross = joined([slab((0.06, 0.06, 0.62), (0, tower_y, tower_top + spire - 0.08)), slab((0.36, 0.06, 0.06), (0, tower_y, tower_top + spire + 0.27))])
    return settled(
        [
            Part("walls", joined([slab((w, d, wall), bevel=0.02), _gable(w, d - 0.02, wall - 0.01, ridge)])),
            Part("tower", slab((tw, tw, tower_top), (0, tower_y, 0), 0.02)),
            Part("ledges", joined([slab((tw + 0.16, tw + 0.16, 0.1), (0, tower_y, z)) for z in (tower_top - 0.98, tower_top - 0.02)]), STONE),
            Part("roof", _roof(w, d, wall, ridge, 0.25, 0.12), SLATE),
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


def _lighthouse(p: Mapping[str, float], state: str | None) -> list[Part]:
    low, high, tall = p["base"], p["base"] * 0.62, p["height"]
    bands = round(p["bands"])

    def ring(a: float, b: float, extra: float = 0.0) -> Mesh:
        r = lambda z: low + (high - low) * (z / tall) ** 0.8 + extra  # noqa: E731
        zs = np.linspace(a, b, 5)
        return lathe([(0, a), *[(r(z), z) for z in zs], (0, b)], 44)

    edges = np.linspace(0.35, tall, 2 * bands)
    painted = [ring(edges[k], edges[k + 1]) for k in range(0, 2 * bands - 1, 2)]
    white = [ring(edges[k], edges[k + 1]) for k in range(1, 2 * bands - 1, 2)]
    deck = lathe([(0, 0), (high * 0.95, 0), (high * 1.35, 0.2), (high * 1.35, 0.28), (0, 0.28)], 40, at=(0, 0, tall))
    posts = [rod((high * 1.27 * np.cos(a), high * 1.27 * np.sin(a), tall + 0.25), (high * 1.27 * np.cos(a), high * 1.27 * np.sin(a), tall + 0.7), 0.018, 6)
             for a in np.arange(14) * 2 * np.pi / 14]  # fmt: skip
    t = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    rails = [sweep(np.column_stack([high * 1.27 * np.cos(t), high * 1.27 * np.sin(t), 0 * t + tall + z]), 0.02, 6, closed=True) for z in (0.48, 0.7)]
    lamp_r, lamp_z, lamp_h = high * 0.72, tall + 0.28, 0.95
    glow = state == "lamp on"
    bars = [rod((lamp_r * 1.02 * np.cos(a), lamp_r * 1.02 * np.sin(a), lamp_z), (lamp_r * 1.02 * np.cos(a), lamp_r * 1.02 * np.sin(a), lamp_z + lamp_h), 0.022, 6)
            for a in np.arange(8) * np.pi / 4]  # fmt: skip
    cap = lathe(smooth_profile([(lamp_r * 1.3, 0), (lamp_r * 1.05, 0.2), (lamp_r * 0.5, 0.5), (0.06, 0.68)], 4) + [(0.05, 0.95), (0, 1.0)], 36, at=(0, 0, lamp_z + lamp_h))
    windows = [slab((0.3, 0.1, 0.46), (0, -(low + (high - low) * (z / tall) ** 0.8) + 0.015, z), 0.04) for z in (tall * 0.42, tall * 0.74)]
    front = -low + 0.02
    return settled(
        [
            Part("bands", joined(painted)),
            Part("white bands", joined(white), Surface("white", "matte paint")),
            Part("base", lathe([(0, 0), (low * 1.32, 0), (low * 1.28, 0.3), (low * 1.12, 0.4), (0, 0.4)], 40), STONE),
            Part("gallery", joined([deck, *posts, *rails]), Surface("charcoal", "iron")),
            Part("lantern", cylinder(lamp_r, lamp_h, (0, 0, lamp_z), bevel=0.01),
                 Surface((1.0, 0.85, 0.5), "plastic", glow=6.0) if glow else Surface((0.62, 0.72, 0.76), "car paint")),
            Part("lantern bars", joined(bars), IRON),
            Part("dome", cap),
            Part("windows", joined(windows), PANE),
            Part("door", joined([slab((0.62, 0.2, 1.25), (0, front - 0.05, 0.36), 0.05), slab((0.8, 0.3, 0.1), (0, front - 0.04, 1.6))]), PLANK),
        ]
    )  # fmt: skip


def _windmill(p: Mapping[str, float], state: str | None) -> list[Part]:
    low, high, tall, reach = p["base"], p["base"] * 0.66, p["height"], p["sails"]
    body = lathe([(0, 0), (low, 0), (low * 0.9, tall * 0.3), (high, tall), (0, tall)], 8, crease=20).moved(affine(turn=(0, 0, 22.5)))
    cap = lathe(smooth_profile([(high * 1.18, 0), (high * 1.12, 0.25), (high * 0.75, 0.75), (0.05, 1.0)], 4) + [(0, 1.0)], 32, at=(0, 0, tall))
    hub = (0.0, -high * 1.22, tall + 0.28)
    bars: list[Mesh] = []
    cloth: list[Mesh] = []
    turned = 45.0 if state == "blades turned" else p["turn"]
    for k in range(4):
        stock = [slab((0.1, 0.08, reach), (0, 0, 0.05), 0.02)]
        rungs = np.linspace(0.22, 0.98, 7) * reach
        stock += [slab((0.44, 0.04, 0.035), (0.24, 0.01, z)) for z in rungs]
        stock += [slab((0.035, 0.04, reach * 0.76 + 0.04), (0.45, 0.01, reach * 0.22))]
        arm = affine(hub, (0, turned + k * 90, 0))
        bars += [piece.moved(arm) for piece in stock]
        cloth.append(slab((0.38, 0.02, reach * 0.76), (0.25, 0.035, reach * 0.22), 0.002).moved(arm))
    axle = joined([cylinder(0.16, high * 0.7, segments=20).moved(affine((0, hub[1] - 0.1, hub[2]), (-90, 0, 0)))])
    frame, glass = _window(0.42, 0.5, (0, 0, 0))
    windows, frames = [], []
    slope = float(np.degrees(np.arctan2(low * 0.9 - high, tall * 0.7)))
    for z in (tall * 0.46, tall * 0.7):
        y = -(low * 0.9 + (high - low * 0.9) * (z - tall * 0.3) / (tall * 0.7)) * np.cos(np.pi / 8)
        seat = affine((0, y, z), (-slope, 0, 0))
        frames.append(frame.moved(seat))
        windows.append(glass.moved(seat))
    y = -low * np.cos(np.pi / 8)
    door = slab((0.8, 0.24, 1.3), (0, y - 0.01, 0.0), 0.02, turn=(-4, 0, 0))
    ring = lathe([(low * 0.86, 0), (low * 1.22, 0), (low * 1.22, 0.1), (low * 0.86, 0.1)], 32, at=(0, 0, tall * 0.36))
    return settled(
        [
            Part("tower", body),
            Part("cap", cap, Surface((0.36, 0.22, 0.14), "dark wood")),
            Part("gallery", ring, PLANK),
            Part("sails", joined(cloth), Surface((0.94, 0.92, 0.86), "fabric")),
            Part("stocks", joined(bars), PLANK),
            Part("axle", axle, Surface((0.3, 0.19, 0.12), "dark wood")),
            Part("frames", joined(frames), FRAME),
            Part("windows", joined(windows), PANE),
            Part("door", door, Surface("green", "wood")),
            Part("plinth", lathe([(0, 0), (low * 1.06, 0), (low * 1.04, 0.2), (0, 0.2)], 8, crease=20).moved(affine(turn=(0, 0, 22.5))), STONE),
        ]
    )


def _castle_tower(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, tall = p["radius"], p["height"]
    shaft = lathe([(0, 0), (r * 1.14, 0), (r * 1.02, tall * 0.1), (r, tall * 0.2), (r * 0.97, tall), (0, tall)], 44)
    top_r, crown = r * 1.2, 0.95
    ledge = lathe([(0, 0), (r * 0.96, 0), (top_r, 0.38), (top_r, crown), (top_r - 0.24, crown), (top_r - 0.24, 0.5), (0, 0.5)], 44, at=(0, 0, tall))
    count = 10
    teeth = []
    for k in range(count):
        a0, a1 = (k + np.array([0.0, 0.56])) * 2 * np.pi / count
        arc = np.linspace(a0, a1, 6)
        outline = [(top_r * np.cos(a), top_r * np.sin(a)) for a in arc] + [((top_r - 0.24) * np.cos(a), (top_r - 0.24) * np.sin(a)) for a in arc[::-1]]
        teeth.append(prism(outline, 0.5, (0, 0, tall + crown - 0.01)))
    corbels = [slab((0.17, 0.2, 0.3), (0, -r * 1.02, tall + 0.02), 0.03).moved(affine(turn=(0, 0, a))) for a in np.arange(16) * 22.5]
    slits = [slab((0.14, 0.3, 0.8), (0, -r * 0.9, z), 0.02).moved(affine(turn=(0, 0, a))) for z, a in ((tall * 0.48, 0), (tall * 0.72, -52), (tall * 0.72, 52))]
    t = np.linspace(0, np.pi, 13)
    arch = lambda w, h: [(-w / 2, 0), (w / 2, 0), *[(w / 2 * np.cos(a), h - w / 2 + w / 2 * np.sin(a)) for a in t]]  # noqa: E731
    gate = extrude(arch(1.0, 1.75), 0.3, (0, -r * 1.03, 0))
    rim = extrude(arch(1.3, 1.95), 0.22, (0, -r * 1.03, 0))
    studs = [slab((1.0, 0.05, 0.09), (0, -r * 1.03 - 0.15, z)) for z in (0.35, 0.95)]
    pole = rod((0, 0, tall + 0.4), (0, 0, tall + 3.0), 0.045, 10)
    x = np.linspace(0, 1.35, 14)
    wave = 0.09 * np.sin(x * 5.0) * x
    top = [(0.04 + a, b, tall + 2.9 - 0.12 * a) for a, b in zip(x, wave, strict=True)]
    bottom = [(0.04 + a, b, tall + 2.15 + 0.26 * a) for a, b in zip(x, wave, strict=True)]
    banner = loft([[u, l, (l[0], l[1] + 0.025, l[2]), (u[0], u[1] + 0.025, u[2])] for u, l in zip(top, bottom, strict=True)], crease=30)
    stones = []
    for k in range(40):  # proud stones break up the wall; places by golden angle, no draw needed
        a, z = k * 137.5, tall * (0.12 + 0.8 * ((k * 0.618) % 1))
        if abs((a + 180) % 360 - 180) > 34 or z > 2.2:
            stones.append(slab((0.46, 0.12, 0.22), (0, -r * 0.965, z), 0.03).moved(affine(turn=(0, 0, a))))
    return settled(
        [
            Part("shaft", shaft),
            Part("battlements", joined([ledge, *teeth])),
            Part("corbels", joined(corbels), STONE),
            Part("stones", joined(stones)),
            Part("slits", joined(slits), Surface((0.05, 0.05, 0.06), "stone")),
            Part("gate", gate, PLANK),
            Part("gate rim", rim, STONE),
            Part("hinges", joined(studs), IRON),
            Part("flagpole", pole, PLANK),
            Part("banner", banner, Surface("crimson", "fabric")),
        ],
        centre=False,
    )


def _skyscraper(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, tall, floors = p["width"], p["height"], round(p["floors"])
    d = w * 0.9
    core = slab((w * 0.97, d * 0.97, tall), bevel=0.01)
    lit = state == "lights on"
    pitch = (tall - 0.7) / floors
    columns = 5
    dark: list[Mesh] = []
    bright: list[Mesh] = []
    for face, (span, off) in enumerate(((w, d), (d, w), (w, d), (d, w))):
        pattern = slab((span / columns * 0.72, 0.03, pitch * 0.62), bevel=0.0)
        for f in range(floors):
            for c in range(columns):
                x = span * ((c + 0.5) / columns - 0.5)
                pane = pattern.moved(affine((x, -off * 0.485, 0.62 + f * pitch)))
                index = face * 7 + f * 3 + c * 5 + (f * c) % 4
                (bright if lit and index % 3 else dark).append(_turned(pane, face * 90))
    fins = [_turned(slab((0.07, 0.07, tall - 0.5), (span * (c / columns - 0.5), -off * 0.49, 0.5), 0), face * 90)
            for face, (span, off) in enumerate(((w, d), (d, w), (w, d), (d, w))) for c in range(columns + 1)]  # fmt: skip
    crown = [slab((w * 1.03, d * 1.03, 0.14), (0, 0, tall - 0.07), 0.02), slab((w * 0.5, d * 0.5, 0.5), (0, 0, tall), 0.02),
             slab((w * 0.28, d * 0.28, 0.3), (0, 0, tall + 0.5), 0.02)]  # fmt: skip
    mast = rod((0, 0, tall + 0.7), (0, 0, tall + 0.7 + p["mast"]), (0.05, 0.012), 8)
    lobby = slab((w * 0.9, d, 0.42), (0, 0, 0.08), 0.005)
    canopy = slab((w * 0.55, 0.5, 0.07), (0, -d * 0.5 - 0.1, 0.5), 0.02)
    parts = [
        Part("tower", core),
        Part("fins", joined(fins)),
        Part("crown", joined(crown)),
        Part("windows", joined(dark), Surface((0.2, 0.33, 0.45), "car paint")),
        Part("mast", mast, IRON),
        Part("lobby", lobby, PANE),
        Part("canopy", canopy, Surface("charcoal", "steel")),
        Part("plinth", slab((w * 1.12, d * 1.12, 0.09)), Surface("gray", "concrete")),
    ]
    return settled([*parts, Part("lit windows", joined(bright), LIT_PANE)] if bright else parts)


def _tent(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, tall = p["width"], p["depth"], p["height"]
    half = d / 2
    rows = []
    for y, share, drop in ((-half, 1.0, 0.0), (-half * 0.4, 0.97, 0.05), (half * 0.4, 0.97, 0.05), (half, 1.0, 0.0)):
        t = np.linspace(0, 1, 9)
        left = [(-w / 2 * share * (1 - u), y, (tall - drop) * u - 0.16 * tall * np.sin(np.pi * u) * (1 - u)) for u in t]
        right = [(-x, yy, z) for x, yy, z in left[::-1][1:]]
        rows.append(left + right)
    body = loft(rows, crease=25)
    opening = hull([(-w * 0.24, y, -0.02) for y in (-half - 0.1, -half + 1.2)] + [(w * 0.24, y, -0.02) for y in (-half - 0.1, -half + 1.2)]
                   + [(0, y, tall * 0.82) for y in (-half - 0.1, -half + 1.2)])  # fmt: skip
    parts: list[Part] = []
    if state == "open":
        body = cut(body, opening, crease=25)
        for sign in (-1, 1):  # the flaps are rolled aside along the edges of the opening
            roll = sweep([(sign * w * 0.25, -half - 0.03, 0.03), (sign * w * 0.14, -half - 0.04, tall * 0.36), (sign * 0.02, -half - 0.03, tall * 0.8)], [0.05, 0.06, 0.02], 10)
            parts.append(Part("flap", roll, Surface((0.9, 0.85, 0.72), "fabric")))
        parts.append(Part("bedroll", cylinder(0.14, 0.7, segments=20).moved(affine((-0.35, 0.1, 0.14), (0, 90, 0))), Surface("navy", "fabric")))
    else:
        door = hull([(-w * 0.24, y, 0.0) for y in (-half - 0.012, -half)] + [(w * 0.24, y, 0.0) for y in (-half - 0.012, -half)] + [(0, y, tall * 0.82) for y in (-half - 0.012, -half)])
        parts += [Part("door", door, Surface((0.9, 0.85, 0.72), "fabric")),
                  Part("zip", slab((0.03, 0.02, tall * 0.8), (0, -half - 0.015, 0)), Surface("charcoal"))]  # fmt: skip
    poles = [rod((0, y, tall - 0.25), (0, y * 1.01, tall + 0.12), 0.025, 8) for y in (-half, half)]
    pegs, lines = [], []
    for sx in (-1, 1):
        for y in (-half, 0.0, half):
            end = (sx * (w / 2 + 0.45), y * 1.15, 0.02)
            lines.append(rod((sx * w * 0.22, y, tall * 0.5), end, 0.008, 5))
            pegs.append(rod((end[0], end[1], 0.0), (end[0] + sx * 0.05, end[1], 0.14), 0.015, 6))
    for y in (-1, 1):
        lines.append(rod((0, y * half, tall + 0.08), (0, y * (half + 0.7), 0.02), 0.008, 5))
    hem = both(slab((0.05, d * 1.0, 0.08), (w / 2 - 0.01, 0, 0)))
    return settled([Part("canvas", body), *parts, Part("poles", joined(poles), PLANK), Part("lines", joined(lines), Surface((0.85, 0.8, 0.68), "fabric")),
                    Part("pegs", joined(pegs), IRON), Part("hem", hem, Surface("charcoal", "fabric"))])  # fmt: skip


def _well(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, wall, post = p["radius"], p["wall"], p["post"]
    ring: list[Mesh] = []
    rows, per = 4, 14
    for row in range(rows):
        for k in range(per):
            a = (k + 0.5 * (row % 2)) * 360 / per
            jut = 0.015 * ((k * 5 + row * 3) % 4 - 1.5) / 1.5
            size = (2 * np.pi * r / per * 0.99, 0.2, wall / rows * 0.97)
            ring.append(slab(size, (0, -r - jut, row * wall / rows), 0.025).moved(affine(turn=(0, 0, a))))
    inner = lathe([(r * 0.9, 0), (r * 1.04, 0), (r * 1.04, wall * 0.97), (r * 0.9, wall * 0.97), (r * 0.9, 0)], 32)
    water = cylinder(r * 0.92, 0.02, (0, 0, wall * 0.45), segments=32)
    posts = [slab((0.11, 0.11, post), (s * r * 1.0, 0, wall * 0.4), 0.015) for s in (-1, 1)]
    top = wall * 0.4 + post
    roof = _roof(r * 1.9, r * 2.0, top - 0.28, top + 0.22, 0.16, 0.07)
    roof = _turned(roof, 90)
    drum = rod((-r, 0, top - 0.5), (r, 0, top - 0.5), 0.07, 16)
    crank = sweep([(r, 0, top - 0.5), (r + 0.2, 0, top - 0.5), (r + 0.22, -0.02, top - 0.52), (r + 0.22, -0.16, top - 0.68), (r + 0.36, -0.18, top - 0.7)], 0.018, 8)
    rope = lathe([(0.07, -0.16), (0.095, -0.14), (0.095, 0.14), (0.07, 0.16)], 16).moved(affine((0, 0, top - 0.5), (0, 90, 0)))
    bucket_z = wall + 0.03 if state != "bucket down" else wall * 0.3
    bucket = lathe([(0, 0), (0.13, 0), (0.17, 0.28), (0.155, 0.28), (0.12, 0.03), (0, 0.03)], 24, at=(0, -0.085, bucket_z))
    t = np.linspace(0, np.pi, 9)
    bail = sweep(np.column_stack([0.165 * np.cos(t), 0 * t - 0.085, bucket_z + 0.26 + 0.16 * np.sin(t)]), 0.01, 6)
    line = rod((0, -0.085, bucket_z + 0.42), (0, -0.085, top - 0.5), 0.013, 6)
    hoops = [lathe([(0.128 + 0.04 * h, 0), (0.142 + 0.04 * h, 0), (0.142 + 0.04 * h, 0.03), (0.128 + 0.04 * h, 0.03)], 24, at=(0, -0.085, bucket_z + 0.28 * h)) for h in (0.15, 0.75)]
    return settled(
        [
            Part("stones", joined([*ring, inner])),
            Part("water", water, Surface((0.12, 0.3, 0.4), "water")),
            Part("posts", joined(posts), PLANK),
            Part("roof", roof, TILES),
            Part("drum", joined([drum]), PLANK),
            Part("rope", joined([rope, line]), Surface((0.76, 0.64, 0.42), "straw")),
            Part("crank", joined([crank, bail, *hoops]), IRON),
            Part("bucket", bucket, Surface((0.58, 0.4, 0.22), "wood")),
        ]
    )


_LIGHTS = {"lights on": "switch on its lights"}
_LAND = ("outdoor", "meadow", "garden", "farm", "mountain", "snowfield", "forest")

register(
    Kind("house", "building", _house, params={"width": (4.2, 5.2), "depth": (3.6, 4.6), "wall": (2.5, 2.9), "roof": (1.6, 2.2), "slate": (0, 1)},
         states=("lights off", "lights on"), verbs=_LIGHTS, effects={"switch_on": "lights on", "nightfall": "lights on"},
         colours=("beige", "white", "yellow", "peach", "blue", "salmon"), materials=("matte paint", "brick", "wood", "stone"),
         scale="outdoor", contexts=(*_LAND, "street", "beach"))
)  # fmt: skip
register(
    Kind("barn", "building", _barn, params={"width": (4.0, 4.8), "depth": (4.4, 5.4), "wall": (2.1, 2.5), "roof": (1.9, 2.3)},
         states=("doors closed", "doors open"), verbs={"doors open": "open its doors"}, effects={"open": "doors open"},
         colours=("red", "maroon", "brown", "green", "white"), materials=("wood", "matte paint"),
         scale="outdoor", contexts=("outdoor", "farm", "meadow", "snowfield"))
)  # fmt: skip
register(
    Kind("church", "building", _church, params={"depth": (3.6, 4.4), "wall": (2.0, 2.4), "spire": (1.9, 2.6)},
         states=("lights off", "lights on"), verbs=_LIGHTS, effects={"switch_on": "lights on", "nightfall": "lights on"},
         colours=("white", "beige", "ivory", "yellow", "peach"), materials=("matte paint", "stone", "wood"), plural="churches",
         scale="outdoor", contexts=("outdoor", "meadow", "mountain", "snowfield", "plaza", "farm"))
)  # fmt: skip
register(
    Kind("lighthouse", "building", _lighthouse, params={"base": (0.95, 1.15), "height": (4.6, 5.6), "bands": (3, 4)},
         states=("lamp off", "lamp on"), verbs={"lamp on": "switch on its lamp"}, effects={"switch_on": "lamp on", "nightfall": "lamp on"},
         colours=("red", "blue", "black", "green", "orange"), materials=("matte paint", "stone"),
         scale="outdoor", contexts=("outdoor", "beach", "harbour", "meadow"))
)  # fmt: skip
register(
    Kind("windmill", "building", _windmill, params={"base": (1.25, 1.5), "height": (3.8, 4.6), "sails": (2.4, 2.8), "turn": (2.0, 20.0)},
         states=("still", "blades turned"), verbs={"blades turned": "turn its blades"}, effects={"wind": "blades turned"},
         colours=("white", "beige", "red", "brown", "gray"), materials=("matte paint", "wood", "brick", "stone"),
         scale="outdoor", contexts=("outdoor", "meadow", "farm", "beach"))
)  # fmt: skip
register(
    Kind("castle tower", "building", _castle_tower, params={"radius": (1.2, 1.5), "height": (4.0, 5.0)},
         colours=("gray", "beige", "ivory", "brown", "salmon"), materials=("stone", "granite", "brick", "sand"),
         scale="outdoor", contexts=("outdoor", "meadow", "mountain", "forest", "snowfield"))
)  # fmt: skip
register(
    Kind("skyscraper", "building", _skyscraper, params={"width": (1.9, 2.3), "height": (6.2, 7.4), "floors": (11, 13), "mast": (0.6, 1.1)},
         states=("lights off", "lights on"), verbs=_LIGHTS, effects={"switch_on": "lights on", "nightfall": "lights on"},
         colours=("gray", "beige", "white", "teal", "navy", "salmon"), materials=("concrete", "granite", "brushed metal", "marble"),
         scale="outdoor", contexts=("outdoor", "street", "night city", "plaza", "harbour"))
)  # fmt: skip
register(
    Kind("tent", "building", _tent, params={"width": (1.9, 2.4), "depth": (2.1, 2.6), "height": (1.4, 1.7)},
         states=("closed", "open"), verbs={"open": "open its flaps"}, effects={"open": "open"},
         colours=("orange", "green", "blue", "red", "yellow"), materials=("fabric",),
         scale="outdoor", contexts=("outdoor", "forest", "meadow", "mountain", "beach", "snowfield", "desert"))
)  # fmt: skip
register(
    Kind("well", "building", _well, params={"radius": (0.55, 0.66), "wall": (0.7, 0.85), "post": (1.6, 1.85)},
         states=("bucket up", "bucket down"), verbs={"bucket down": "let down its bucket"},
         colours=("gray", "beige", "brown", "ivory"), materials=("stone", "brick", "granite", "marble"),
         scale="outdoor", contexts=("outdoor", "garden", "meadow", "farm", "forest", "plaza"))
)  # fmt: skip
