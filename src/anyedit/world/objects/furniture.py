"""What furnishes rooms: tables, seats, shelves, cabinet, door, bed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import (
    box,
    cylinder,
    ellipsoid,
    extrude,
    lathe,
    loft,
    rod,
    rounded_ring,
    sweep,
)
from anyedit.world.surfaces import BRASS, STEEL, TIMBER, WOOD

_WOODS = ("wood", "dark wood", "bamboo")
_HOME = ("indoor", "living room", "bedroom", "studio")


def cushion(
    width: float,
    depth: float,
    height: float,
    at: tuple[float, float, float],
    round_: float = 0.14,
) -> Mesh:
    """A pillow-like block: superellipse sections that swell in the middle; `at` is its bottom centre."""
    rings = []
    for t in np.linspace(-1, 1, 11):
        share = (1 - abs(t) ** 4) ** 0.25 if abs(t) < 1 else 0.0
        inset = 0.88 + 0.12 * share
        rings.append(
            rounded_ring(
                width * inset,
                depth * inset,
                at[2] + height * (t + 1) / 2,
                round_,
                44,
                (at[0], at[1]),
            )
        )
    return loft(rings, crease=60)


def _four(x: float, y: float) -> list[tuple[float, float]]:
    return [(-x, -y), (x, -y), (x, y), (-x, y)]


def _legs(x: float, y: float, top: float, thick: float, splay: float, round_: bool) -> Mesh:
    """Four legs from the ground to `top`, their upper ends at (±x, ±y); splay widens the feet (share)."""
    made = []
    for a, b in _four(x, y):
        if round_:
            made.append(
                rod(
                    (a * (1 + splay), b * (1 + splay), 0),
                    (a, b, top),
                    (thick * 0.33, thick * 0.52),
                    16,
                )
            )
        else:
            rings = [
                rounded_ring(t, t, z, 0.06, 20, (a * (1 + s), b * (1 + s)))
                for z, t, s in (
                    (0, thick * 0.72, splay),
                    (top * 0.75, thick, splay * 0.25),
                    (top, thick, 0),
                )
            ]
            made.append(loft(rings, crease=30))
    return joined(made)


def _table(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, t = p["width"], p["depth"], p["height"], 0.036
    if p["form"] > 0.68:  # a round top on a turned column
        r = d * 0.62
        column = lathe(
            [(0, 0), (r * 0.55, 0), (r * 0.55, 0.02), (r * 0.2, 0.06), (0.05, 0.12), (0.075, h * 0.4),
             (0.045, h * 0.6), (0.05, h - 0.14), (0.14, h - t), (0, h - t)],
            40,
        )  # fmt: skip
        return settled(
            [
                Part("top", cylinder(r, t, (0, 0, h - t), 0.01, 72)),
                Part("column", column),
            ]
        )
    x, y = w / 2 - 0.08, d / 2 - 0.08
    rails = [slab((2 * x, 0.022, 0.085), (0, s * y, h - t - 0.085)) for s in (-1, 1)]
    rails += [slab((0.022, 2 * y, 0.085), (s * x, 0, h - t - 0.085)) for s in (-1, 1)]
    legs = _legs(x, y, h - t, p["leg"], 0.0 if p["form"] < 0.4 else 0.08, p["form"] >= 0.4)
    return settled(
        [
            Part("top", box((w, d, t), (0, 0, h - t), 0.009)),
            Part("rails", joined(rails)),
            Part("legs", legs),
        ]
    )


def _coffee_table(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, t = p["width"], p["depth"], p["height"], 0.034
    plan = [rounded_ring(w * s, d * s, z, p["round"], 72) for s, z in
            ((0.985, h - t), (1, h - t + 0.008), (1, h - 0.008), (0.985, h))]  # fmt: skip
    inset = 0.36 - 0.06 * p["round"]
    legs = _legs(w * inset, d * inset, h - t, 0.05, 0.16, True)
    shelf = loft([rounded_ring(w * 0.74, d * 0.7, z, p["round"], 60) for z in (h * 0.34, h * 0.34 + 0.018)])
    return settled(
        [
            Part("top", loft(plan, crease=50)),
            Part("shelf", shelf, WOOD),
            Part("legs", legs, TIMBER),
        ]
    )


def _desk(p: Mapping[str, float], state: str | None) -> list[Part]:
    """A writing desk: three drawers under one end, two legs and a modesty board at the other."""
    w, d, h, t, side = p["width"], p["depth"], p["height"], 0.032, p["drawers"]
    low, gap = 0.05, 0.006
    x = w / 2 - 0.03 - side / 2  # middle of the drawers
    case = slab((side, d - 0.06, h - t - low), (x, 0.01, low), 0.006)
    feet = [
        slab((0.045, 0.045, low), (x + a * (side / 2 - 0.03), b * (d / 2 - 0.07), 0))
        for a in (-1, 1)
        for b in (-1, 1)
    ]
    legs = [
        rod(
            (-w / 2 + 0.06, b * (d / 2 - 0.05), 0),
            (-w / 2 + 0.085, b * (d / 2 - 0.07), h - t),
            (0.016, 0.026),
            16,
        )
        for b in (-1, 1)
    ]
    span = w - side - 0.12
    board = slab((span + 0.04, 0.018, h * 0.36), (-side / 2 - 0.015, d / 2 - 0.075, h - t - h * 0.36))
    rail = slab((span + 0.03, 0.02, 0.07), (-side / 2 - 0.015, -d / 2 + 0.06, h - t - 0.07))
    shares = (0.46, 0.3, 0.24)
    room = h - t - low - 0.024
    fronts, pulls, z = [], [], low + 0.012
    for share in shares:
        tall = room * share - gap
        fronts.append(slab((side - 0.02, 0.02, tall), (x, -d / 2 + 0.036, z), 0.004))
        pulls.append(_pull((x, -d / 2 + 0.025, z + tall * 0.62), side * 0.34))
        z += tall + gap
    return settled(
        [
            Part("top", box((w, d, t), (0, 0, h - t), 0.008)),
            Part("frame", joined([case, *feet, *legs, board, rail])),
            Part("drawers", joined(fronts), Surface("white", "matte paint")),
            Part("handles", joined(pulls), BRASS),
        ]
    )


def _bent_back(width: float, low: float, high: float, y: float, lean: float, thick: float) -> Mesh:
    """A seat back curved about the sitter, leaning away (+y) upward."""
    rings = []
    for z in np.linspace(low, high, 8):
        u = (z - low) / (high - low)
        shrink = 0.94 + 0.06 * np.sin(np.pi * u) - 0.1 * max(0.0, u - 0.8) / 0.2
        x = np.linspace(-1, 1, 15) * width / 2 * shrink
        bow = y + lean * u + 0.05 * (1 - (2 * x / width) ** 2)
        front = np.column_stack([x, bow - thick / 2, np.full(15, z)])
        back = np.column_stack([x, bow + thick / 2, np.full(15, z)])
        rings.append(np.vstack([front, back[::-1]]))
    return loft(rings, crease=50)


def _chair(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, top = p["width"], p["depth"], p["seat"], p["seat"] + p["back"]
    seat = loft(
        [rounded_ring(w * s, d * s, z, 0.2, 48)
         for s, z in ((0.94, h - 0.04), (1, h - 0.03), (1, h - 0.01), (0.95, h))],
        crease=50,
    )  # fmt: skip
    x, y, lean = w / 2 - 0.04, d / 2 - 0.04, 0.09
    front = [rod((s * x * 1.06, -y * 1.06, 0), (s * x, -y, h - 0.03), (0.015, 0.021), 16) for s in (-1, 1)]
    rear = [
        sweep([(s * x * 1.06, y + 0.07, 0), (s * x, y + 0.01, h * 0.6), (s * x, y, h), (s * x * 0.97, y + lean * 0.5, (h + top) / 2),
               (s * x * 0.93, y + lean, top - 0.02)], [0.015, 0.02, 0.021, 0.019, 0.015], 16)
        for s in (-1, 1)
    ]  # fmt: skip
    cross = [rod((s * x, -y, h * 0.42), (s * x, y + 0.02, h * 0.42), 0.011, 12) for s in (-1, 1)]
    cross.append(rod((-x, 0, h * 0.42), (x, 0, h * 0.42), 0.011, 12))
    rest = [_bent_back(2 * x, top - 0.15, top, y + lean * 0.72, 0.03, 0.022)]
    if p["slats"] > 0.5:
        rest += [rod((u * x, y + 0.01, h - 0.02), (u * x * 0.95, y + lean * 0.72 + 0.03, top - 0.1), 0.009, 10)
                 for u in (-0.6, -0.2, 0.2, 0.6)]  # fmt: skip
    else:
        rest.append(
            _bent_back(
                2 * x,
                h + p["back"] * 0.3,
                h + p["back"] * 0.52,
                y + lean * 0.3,
                0.02,
                0.02,
            )
        )
    return settled(
        [
            Part("seat", seat),
            Part("back", joined(rest)),
            Part("legs", joined([*front, *rear, *cross])),
        ]
    )


def _upholstered(
    w: float, d: float, seats: int, seat: float, back: float, arm: float, leg: float
) -> list[Part]:
    """A sofa of so many seats: base, back, arms and loose cushions on short legs."""
    inner = w - 2 * arm
    base = box((w - 0.02, d - 0.04, seat * 0.52), (0, 0, leg), 0.03)
    arms = both(cushion(arm, d, seat + 0.16 - leg, (w / 2 - arm / 2, 0, leg), 0.16))
    rest = cushion(w - 0.03, 0.2, back - leg, (0, d / 2 - 0.1, leg), 0.14)
    share = inner / seats
    loose, pillows = [], []
    for k in range(seats):
        x = -inner / 2 + share * (k + 0.5)
        loose.append(cushion(share - 0.008, d - 0.22, seat * 0.4, (x, -0.1, seat * 0.62), 0.1))
        pillow = cushion(share - 0.02, 0.17, (back - seat) * 1.08, (0, 0, 0), 0.13)
        pillows.append(pillow.moved(affine((x, d / 2 - 0.27, seat * 0.95), (-10, 0, 0))))
    feet = [lathe([(0, 0), (0.018, 0), (0.03, leg + 0.02), (0, leg + 0.02)], 16, at=(x, y, 0))
            for x, y in _four(w / 2 - 0.08, d / 2 - 0.09)]  # fmt: skip
    return [
        Part("frame", joined([base, rest, arms])),
        Part("seat", joined(loose)),
        Part("cushions", joined(pillows)),
        Part("legs", joined(feet), Surface((0.3, 0.19, 0.11), "dark wood")),
    ]


def _armchair(p: Mapping[str, float], state: str | None) -> list[Part]:
    return settled(_upholstered(p["width"], p["depth"], 1, p["seat"], p["back"], 0.17, p["leg"]))


def _sofa(p: Mapping[str, float], state: str | None) -> list[Part]:
    seats = 2 if p["seats"] < 0.45 else 3
    parts = _upholstered(0.4 + 0.6 * seats, p["depth"], seats, p["seat"], p["back"], 0.19, p["leg"])
    return settled(parts)


def _stool(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    top = cylinder(r, 0.035, (0, 0, h - 0.035), 0.01, 56)
    angles = np.radians([45, 135, 225, 315] if p["legs"] > 0.4 else [30, 150, 270])
    foot, grip = r * 1.12, r * 0.68
    legs = [rod((foot * np.cos(a), foot * np.sin(a), 0), (grip * np.cos(a), grip * np.sin(a), h - 0.03), (0.014, 0.021), 16)
            for a in angles]  # fmt: skip
    z = h * 0.34
    ring = foot + (grip - foot) * z / h
    points = [(ring * np.cos(a), ring * np.sin(a), z) for a in np.linspace(0, 2 * np.pi, 40, endpoint=False)]
    return settled(
        [
            Part("top", top),
            Part("legs", joined(legs), TIMBER),
            Part("ring", sweep(points, 0.009, 10, closed=True), STEEL),
        ]
    )


_SPINES = ("crimson", "navy", "teal", "beige", "olive", "maroon", "orange", "ivory")


def _bookshelf(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, t, rows = p["width"], 0.3, p["height"], 0.024, int(p["rows"])
    boards = [slab((t, d, h), (s * (w - t) / 2, 0, 0)) for s in (-1, 1)]
    step = (h - 0.06 - t) / rows
    boards += [slab((w - 2 * t + 0.004, d - 0.012, t), (0, 0.004, 0.06 + k * step)) for k in range(rows)]
    boards.append(slab((w - 2 * t, d - 0.03, 0.06), (0, 0.01, 0)))
    top = slab((w + 0.02, d + 0.02, t), (0, 0, h))
    back = slab((w - t, 0.01, h - 0.02), (0, d / 2 - 0.005, 0.01))
    spines: dict[str, list[Mesh]] = {name: [] for name in _SPINES}
    pick = 0
    for k in range(rows):
        x, end, floor = -w / 2 + t + 0.008, w / 2 - t - 0.02, 0.06 + k * step + t
        gap = 0.28 + 0.5 * abs(np.sin(k * 2.1 + p["books"] * 6))  # how much of the row is filled
        end = x + (end - x) * (0.55 + 0.6 * gap if gap < 0.75 else 1.0)
        while True:
            pick += 1
            thick = 0.022 + 0.022 * abs(np.sin(pick * 1.93 + p["books"] * 9))
            tall = (step - t) * (0.66 + 0.26 * abs(np.sin(pick * 2.71)))
            if x + thick > min(end, w / 2 - t - 0.01):
                break
            deep = 0.17 + 0.04 * abs(np.sin(pick * 1.3))
            book = slab(
                (thick - 0.002, deep, tall),
                (x + thick / 2, -d / 2 + 0.035 + deep / 2, floor),
                0.004,
            )
            spines[_SPINES[pick * 5 % 8 if pick % 3 else (pick * 3 + 1) % 8]].append(book)
            x += thick
    parts = [Part("frame", joined(boards)), Part("top", top), Part("back", back)]
    parts += [
        Part(f"{name} books", joined(books), Surface(name, "paper"))
        for name, books in spines.items()
        if books
    ]
    return settled(parts)


def _cabinet(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, leg, t = p["width"], p["depth"], p["height"], p["leg"], 0.022
    walls = [slab((t, d - 0.02, h - leg), (s * (w - t) / 2, 0.01, leg)) for s in (-1, 1)]
    walls += [
        slab((w - 2 * t, d - 0.02, t), (0, 0.01, leg)),
        slab((w - t, 0.012, h - leg), (0, d / 2 - 0.006, leg)),
    ]
    top = box((w + 0.03, d + 0.02, 0.026), (0, 0, h), 0.007)
    feet = _legs(w / 2 - 0.06, d / 2 - 0.06, leg, 0.042, 0.08, True)
    drawer = (h - leg) * 0.26
    leaf_w, leaf_h = w / 2 - t / 2 - 0.006, h - leg - drawer - 0.02
    drawers = both(
        slab(
            (leaf_w, 0.02, drawer - 0.012),
            (leaf_w / 2 + 0.003, -d / 2 + 0.01, h - drawer),
            0.004,
        )
    )
    handles = [both(_pull((leaf_w / 2 + 0.003, -d / 2 - 0.002, h - drawer / 2 - 0.006), 0.1))]
    leaves = []
    for s in (-1, 1):
        leaf = slab((leaf_w, 0.02, leaf_h), (-s * leaf_w / 2, 0, 0), 0.004)  # hinge at the outer edge
        rim = [
            slab((leaf_w - 0.08, 0.008, 0.02), (-s * leaf_w / 2, -0.012, z)) for z in (0.04, leaf_h - 0.06)
        ]
        rim += [
            slab((0.02, 0.008, leaf_h - 0.08), (x, -0.012, 0.04)) for x in (-s * 0.05, -s * (leaf_w - 0.05))
        ]
        knob = ellipsoid(0.014, (-s * (leaf_w - 0.022), -0.028, leaf_h * 0.62), detail=2)
        hinge = affine(
            (s * (leaf_w + 0.003), -d / 2 + 0.01, leg + 0.01),
            (0, 0, s * 105 if state == "open" else 0),
        )
        leaves.append(joined([leaf, *rim]).moved(hinge))
        handles.append(knob.moved(hinge))
    parts = [
        Part("case", joined([*walls, drawers])),
        Part("top", top),
        Part("doors", joined(leaves)),
        Part("legs", feet, TIMBER),
        Part("handles", joined(handles), BRASS),
    ]
    if state == "open":
        shelf = slab((w - 2 * t, d - 0.06, 0.018), (0, 0.01, leg + leaf_h * 0.52))
        box_ = [slab((w - 2 * t, 0.01, leaf_h), (0, d / 2 - 0.016, leg + t))]
        parts.append(Part("shelf", joined([shelf, *box_]), WOOD))
        parts.append(Part("boxes", joined([box((w * 0.24, d * 0.5, leaf_h * 0.3), (-w * 0.2, 0, leg + leaf_h * 0.52 + 0.018)),
                                           box((w * 0.3, d * 0.55, leaf_h * 0.34), (w * 0.18, 0, leg + t))]), Surface("beige", "cardboard")))  # fmt: skip
        parts.append(Part("jars", joined([cylinder(w * 0.06, leaf_h * 0.32, (x, -0.02, leg + leaf_h * 0.52 + 0.018))
                                          for x in (w * 0.12, w * 0.3)]), Surface("teal", "ceramic")))  # fmt: skip
    return settled(parts)


def _pull(at: tuple[float, float, float], width: float) -> Mesh:
    x, y, z = at
    return sweep([(x - width / 2, y, z), (x - width / 2, y - 0.02, z), (x + width / 2, y - 0.02, z), (x + width / 2, y, z)], 0.006, 10)  # fmt: skip


def _door(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h, rim = p["width"], p["height"], 0.09
    frame = [slab((rim, 0.14, h + rim), (s * (w + rim) / 2, 0, 0)) for s in (-1, 1)]
    frame += [slab((w + 2 * rim + 0.04, 0.15, rim), (0, 0, h)), slab((w, 0.14, 0.015))]
    leaf = [box((w - 0.01, 0.045, h - 0.02), (w / 2, 0, 0.015), 0.004)]
    cols, rows = (2, 3) if p["panels"] > 0.5 else (1, 2)
    pw, ph = (w - 0.12 * (cols + 1)) / cols, (h - 0.14 * (rows + 1)) / rows
    for i in range(cols):
        for j in range(rows):
            x, z = 0.12 + pw / 2 + i * (pw + 0.12), 0.14 + j * (ph + 0.14)
            for s in (-1, 1):  # a raised field inside a bead, on both sides
                leaf.append(slab((pw, 0.03, ph), (x, s * 0.022, z), 0.013))
                leaf.append(slab((pw - 0.07, 0.03, ph - 0.07), (x, s * 0.029, z + 0.035), 0.013))
    knobs = []
    for s in (-1, 1):
        knobs.append(
            cylinder(0.034, 0.012, segments=24).moved(affine((w - 0.075, s * 0.022, h * 0.47), (90, 0, 0)))
        )
        knobs.append(ellipsoid((0.034, 0.03, 0.034), (w - 0.075, s * 0.075, h * 0.47)))
        knobs.append(rod((w - 0.075, 0, h * 0.47), (w - 0.075, s * 0.06, h * 0.47), 0.012, 12))
    hinge = affine((-w / 2 + 0.003, -0.03, 0), (0, 0, -68 if state == "open" else 0))
    parts = [
        Part("leaf", joined(leaf).moved(hinge)),
        Part("frame", joined(frame), Surface("white", "matte paint")),
        Part("handle", joined(knobs).moved(hinge), BRASS),
    ]
    return settled(parts)


def _bed(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, length, h = p["width"], p["length"], p["height"]
    head, foot = p["head"], h + 0.1
    board = extrude([(-w / 2 - 0.04, 0.06), (w / 2 + 0.04, 0.06), (w / 2 + 0.04, head * 0.86),
                     *[(w / 2 * np.cos(a), head * 0.86 + head * 0.14 * np.sin(a)) for a in np.linspace(0.12, np.pi - 0.12, 17)],
                     (-w / 2 - 0.04, head * 0.86)], 0.05, (0, length / 2 + 0.025, 0), 0.01)  # fmt: skip
    wood = [
        board,
        box((w + 0.08, 0.05, foot - 0.06), (0, -length / 2 - 0.025, 0.06), 0.012),
    ]
    wood += [slab((0.035, length, 0.2), (s * (w / 2 + 0.01), 0, 0.16)) for s in (-1, 1)]
    wood += [
        cylinder(0.035, z, (x, y, 0)) for x, y in _four(w / 2 + 0.02, length / 2 + 0.025) for z in (0.3,)
    ]
    mattress = cushion(w, length, h - 0.22, (0, 0, 0.24), 0.06)
    # The blanket: a puffed sheet over the lower two thirds, hanging over both sides.
    y0, y1 = -length / 2 + 0.01, length * 0.2
    rings = []
    for y, puff in (
        (y0, 0.0),
        (y0 + 0.05, 0.035),
        (y0 + length * 0.3, 0.06),
        (y1 - 0.16, 0.05),
        (y1 - 0.03, 0.05),
        (y1, 0.0),
    ):
        x = np.linspace(-1, 1, 25)
        top = h + 0.015 + puff * (1 - x**6) * (1 + 0.12 * np.sin(x * 7 + y * 5))
        out = np.column_stack([x * (w / 2 + 0.025), np.full(25, y), top])
        skirt = np.array(
            [
                [w / 2 + 0.045, y, h - 0.06],
                [w / 2 + 0.045, y, 0.27],
                [w / 2 - 0.02, y, 0.27],
            ]
        )
        rings.append(np.vstack([out, skirt, skirt[::-1] * [-1, 1, 1]]))
    blanket = loft(rings, crease=60)
    fold = box((w + 0.09, 0.2, 0.045), (0, y1 - 0.06, h + 0.03), 0.02)
    pillow = cushion(w * 0.42, 0.36, 0.15, (0, 0, 0), 0.3).moved(
        affine((w * 0.24, length / 2 - 0.22, h - 0.02), (16, 0, 0))
    )
    pillows = both(pillow) if w > 1.15 else pillow.moved(affine((-w * 0.24, 0, 0)))
    parts = [
        Part("frame", joined(wood), Surface((0.42, 0.27, 0.16), "wood")),
        Part("mattress", mattress, Surface("ivory", "fabric")),
        Part("blanket", blanket),
        Part("fold", fold, Surface("white", "fabric")),
        Part("pillows", pillows, Surface("white", "fabric")),
    ]
    return settled(parts)


register(
    Kind(
        "table",
        "furniture",
        _table,
        params={
            "width": (1.1, 1.6),
            "depth": (0.72, 0.9),
            "height": (0.7, 0.77),
            "leg": (0.055, 0.085),
            "form": (0, 1),
        },
        colours=("brown", "beige", "white", "black", "gray", "teal"),
        materials=(*_WOODS, "marble", "matte paint"),
        scale="room",
        contexts=(
            "indoor",
            "kitchen",
            "living room",
            "cafe",
            "office",
            "classroom",
            "studio",
            "garden",
        ),
        surface_of="top",
    )
)
register(
    Kind(
        "coffee table",
        "furniture",
        _coffee_table,
        params={
            "width": (0.9, 1.2),
            "depth": (0.55, 0.72),
            "height": (0.38, 0.46),
            "round": (0.05, 0.95),
        },
        colours=("brown", "white", "black", "beige", "gray", "teal"),
        materials=(*_WOODS, "marble", "granite", "matte paint"),
        scale="room",
        contexts=_HOME,
        surface_of="top",
    )
)
register(
    Kind(
        "chair",
        "furniture",
        _chair,
        params={
            "width": (0.42, 0.48),
            "depth": (0.4, 0.46),
            "seat": (0.43, 0.48),
            "back": (0.4, 0.5),
            "slats": (0, 1),
        },
        colours=("brown", "red", "white", "black", "yellow", "teal", "green"),
        materials=("wood", "matte paint", "dark wood", "plastic", "bamboo"),
        scale="room",
        contexts=(
            "indoor",
            "kitchen",
            "cafe",
            "living room",
            "classroom",
            "office",
            "studio",
            "garden",
        ),
        topples=True,
    )
)
for _name, _build, _params in (
    (
        "armchair",
        _armchair,
        {
            "width": (0.82, 0.95),
            "depth": (0.78, 0.86),
            "seat": (0.4, 0.45),
            "back": (0.78, 0.92),
            "leg": (0.07, 0.13),
        },
    ),
    (
        "sofa",
        _sofa,
        {
            "seats": (0, 1),
            "depth": (0.82, 0.92),
            "seat": (0.4, 0.45),
            "back": (0.74, 0.86),
            "leg": (0.06, 0.12),
        },
    ),
):
    register(
        Kind(
            _name,
            "furniture",
            _build,
            params=_params,
            colours=(
                "gray",
                "teal",
                "red",
                "navy",
                "beige",
                "green",
                "orange",
                "brown",
            ),
            materials=("fabric", "velvet", "leather", "wool", "denim"),
            scale="room",
            contexts=(*_HOME, "office", "cafe"),
        )
    )
register(
    Kind(
        "stool",
        "furniture",
        _stool,
        params={"radius": (0.16, 0.2), "height": (0.45, 0.66), "legs": (0, 1)},
        colours=("red", "brown", "white", "yellow", "black", "teal"),
        materials=("wood", "dark wood", "matte paint", "plastic"),
        scale="room",
        contexts=("indoor", "kitchen", "cafe", "workshop", "studio", "stage"),
        surface_of="top",
        topples=True,
    )
)
register(
    Kind(
        "bookshelf",
        "furniture",
        _bookshelf,
        params={
            "width": (0.75, 1.05),
            "height": (0.9, 1.7),
            "rows": (3, 5),
            "books": (0, 1),
        },
        colours=("brown", "white", "black", "beige", "teal", "gray"),
        materials=("wood", "dark wood", "matte paint", "bamboo"),
        scale="room",
        contexts=("indoor", "living room", "office", "bedroom", "classroom", "studio"),
        plural="bookshelves",
    )
)
register(
    Kind(
        "cabinet",
        "furniture",
        _cabinet,
        params={
            "width": (0.8, 1.1),
            "depth": (0.38, 0.46),
            "height": (0.75, 0.95),
            "leg": (0.1, 0.17),
        },
        states=("closed", "open"),
        verbs={"open": "open its doors"},
        effects={"open": "open", "close": "closed"},
        colours=("white", "brown", "teal", "green", "gray", "navy"),
        materials=("wood", "matte paint", "dark wood"),
        scale="room",
        contexts=(
            "indoor",
            "living room",
            "kitchen",
            "bedroom",
            "office",
            "bathroom",
            "studio",
        ),
        surface_of="top",
    )
)
register(
    Kind(
        "door",
        "furniture",
        _door,
        params={"width": (0.78, 0.92), "height": (1.95, 2.1), "panels": (0, 1)},
        states=("closed", "open"),
        verbs={"open": "open"},
        effects={"open": "open", "close": "closed"},
        colours=("red", "green", "blue", "white", "brown", "teal", "yellow"),
        materials=("matte paint", "wood", "dark wood"),
        scale="room",
        contexts=("indoor", "studio", "street", "garden", "stage"),
        repeats=False,
    )
)
register(
    Kind(
        "bed",
        "furniture",
        _bed,
        params={
            "width": (0.95, 1.6),
            "length": (1.9, 2.05),
            "height": (0.44, 0.54),
            "head": (0.9, 1.15),
        },
        colours=("blue", "red", "teal", "gray", "pink", "green", "orange"),
        materials=("fabric", "wool", "velvet"),
        scale="room",
        contexts=("indoor", "bedroom", "studio"),
        repeats=False,
    )
)
register(
    Kind(
        "desk",
        "furniture",
        _desk,
        params={"width": (1.15, 1.5), "depth": (0.58, 0.72), "height": (0.72, 0.77), "drawers": (0.36, 0.44)},
        colours=("brown", "beige", "white", "black", "teal", "gray"),
        materials=("wood", "dark wood", "bamboo", "matte paint"),
        scale="room",
        contexts=("indoor", "office", "bedroom", "classroom", "studio"),
        surface_of="top",
    )
)
