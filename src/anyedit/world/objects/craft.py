"""Vehicles on two wheels, on water and in the air: bicycle, scooter, sailboat, airplane, helicopter, balloon."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, hull, mirrored, placed, settled, side, skin, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined, shaded
from anyedit.world.objects.vehicles import CHROME, RIM, RUBBER, TRIM, WINDOW, wheel
from anyedit.world.shapes import Point, cone, cylinder, ellipsoid, lathe, loft, rod, rounded_ring, smooth_profile, sweep

LEATHER = Surface((0.22, 0.12, 0.07), "leather")
SAIL = Surface((0.95, 0.93, 0.87), "fabric")
TIMBER = Surface((0.55, 0.36, 0.2), "wood")


def _ring(radius: float, thickness: float, at: Point, segments: int = 40) -> Mesh:
    """A wheel's hoop about the x axis."""
    t = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    return sweep(np.column_stack([0 * t, radius * np.cos(t), radius * np.sin(t)]) + np.asarray(at), thickness, 8, closed=True)


def _spokes(radius: float, at: Point, count: int) -> Mesh:
    ends = [(at[0], at[1] + radius * np.cos(a), at[2] + radius * np.sin(a)) for a in np.arange(count) * 2 * np.pi / count]
    return joined([rod(at, end, 0.0035, 5) for end in ends])


def _bicycle(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, base = p["wheel"], p["base"]
    front, rear = (0.0, -base / 2, r), (0.0, base / 2, r)
    crank, seat_top = (0.0, base * 0.1, r * 0.84), (0.0, base * 0.22, p["seat"])
    head_low, head_top = (0.0, -base * 0.335, p["seat"] - 0.16), (0.0, -base * 0.30, p["seat"] + 0.02)
    joint = (0.0, base * 0.2, p["seat"] - 0.12)
    tube = 0.02
    frame = [rod(head_low, crank, tube, 12), rod(crank, joint, tube, 12), rod(head_low, head_top, tube * 1.25, 12)]
    if p["step_through"] > 0.6:
        frame.append(sweep([head_low, (0, -base * 0.12, r * 1.3), (0, base * 0.06, r * 1.1), (0, base * 0.13, r * 1.3)], tube * 0.9, 10))
    else:
        frame.append(rod((0, -base * 0.305, p["seat"] - 0.02), joint, tube * 0.9, 12))
    for sign in (-1, 1):
        x = sign * 0.045
        frame += [rod((sign * 0.02, joint[1], joint[2]), (x, *rear[1:]), tube * 0.55, 8),
                  rod((sign * 0.02, *crank[1:]), (x, *rear[1:]), tube * 0.6, 8),
                  sweep([(sign * 0.035, *head_low[1:]), (x, -base * 0.41, r * 1.25), (x, *front[1:])], tube * 0.65, 8)]  # fmt: skip
    bar = [(0.28, -base * 0.2, p["seat"] + 0.08), (0.24, -base * 0.28, p["seat"] + 0.1), (0.08, -base * 0.31, p["seat"] + 0.09),
           (-0.08, -base * 0.31, p["seat"] + 0.09), (-0.24, -base * 0.28, p["seat"] + 0.1), (-0.28, -base * 0.2, p["seat"] + 0.08)]  # fmt: skip
    grips = both(rod(bar[0], (0.285, -base * 0.12, p["seat"] + 0.07), 0.018, 10))
    saddle = skin([(base * 0.1, 0.05, seat_top[2], seat_top[2] + 0.035, 0.8), (base * 0.2, 0.09, seat_top[2] - 0.005, seat_top[2] + 0.045, 0.8),
                   (base * 0.3, 0.2, seat_top[2] - 0.01, seat_top[2] + 0.06, 0.8), (base * 0.33, 0.15, seat_top[2], seat_top[2] + 0.06, 0.8)])  # fmt: skip
    disc = cylinder(0.085, 0.012, segments=28).moved(affine((0.035, *crank[1:]), (0, 90, 0)))
    pedals = [slab((0.09, 0.08, 0.022), (sign * 0.12, crank[1] - sign * 0.12, crank[2] - sign * 0.11)) for sign in (-1, 1)]
    arms = [rod((sign * 0.06, *crank[1:]), (sign * 0.07, crank[1] - sign * 0.12, crank[2] - sign * 0.1), 0.011, 8) for sign in (-1, 1)]
    chain = [(0.042, crank[1] + 0.02, crank[2] + 0.085), (0.042, rear[1], r + 0.035), (0.042, rear[1] + 0.035, r), (0.042, rear[1], r - 0.035),
             (0.042, crank[1] + 0.02, crank[2] - 0.085)]  # fmt: skip
    fork = rod(head_top, (0, -base * 0.31, p["seat"] + 0.09), 0.014, 10)
    parts = [
        Part("frame", joined(frame)),
        Part("tyres", joined([_ring(r - 0.02, 0.021, c) for c in (front, rear)]), RUBBER),
        Part("rims", joined([_ring(r - 0.045, 0.011, c) for c in (front, rear)]), RIM),
        Part("spokes", joined([_spokes(r - 0.045, c, 14) for c in (front, rear)]), RIM),
        Part("hubs", joined([rod((-0.05, *c[1:]), (0.05, *c[1:]), 0.022, 12) for c in (front, rear)]), CHROME),
        Part("handlebar", joined([sweep(bar, 0.013, 10), fork, rod(joint, seat_top, 0.014, 10)]), CHROME),
        Part("grips", grips, LEATHER),
        Part("saddle", saddle, LEATHER),
        Part("crank", joined([disc, *arms, sweep(chain, 0.006, 5)]), Surface((0.3, 0.3, 0.32), "steel")),
        Part("pedals", joined(pedals), TRIM),
    ]
    if p["basket"] > 0.5:
        weave = loft([rounded_ring(0.26, 0.2, 0, 0.3, 20), rounded_ring(0.34, 0.27, 0.2, 0.3, 20)])
        parts.append(Part("basket", weave.moved(affine((0, -base * 0.47, p["seat"] - 0.16))), Surface((0.7, 0.52, 0.3), "straw")))
    if state == "lying on its side":
        parts = placed(parts, turn=(0, 82, 0))
    return settled(parts)


def _scooter(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, base = 0.22, p["base"]
    cream = Surface((0.93, 0.9, 0.82), "car paint")
    shield = loft([rounded_ring(w, 0.05, z, 0.5, 24, (0, y)) for w, z, y in
                   [(0.30, 0.26, -base * 0.27), (0.42, 0.4, -base * 0.33), (0.44, 0.62, -base * 0.35), (0.34, 0.82, -base * 0.345), (0.2, 0.92, -base * 0.33)]])  # fmt: skip
    floor = slab((0.36, base * 0.52, 0.06), (0, -base * 0.05, 0.23), 0.02)
    tail = skin([(base * 0.08, 0.22, 0.28, 0.62, 0.5), (base * 0.2, 0.34, 0.24, 0.72, 0.6), (base * 0.4, 0.44, 0.26, 0.74, 0.7),
                 (base * 0.56, 0.4, 0.34, 0.7, 0.7), (base * 0.68, 0.16, 0.46, 0.6, 0.8)])  # fmt: skip
    fender = skin([(-base * 0.66, 0.1, 0.3, 0.36, 0.8), (-base * 0.58, 0.2, 0.3, 0.47, 0.7), (-base * 0.48, 0.24, 0.28, 0.52, 0.7),
                   (-base * 0.36, 0.18, 0.3, 0.5, 0.7)])  # fmt: skip
    head = ellipsoid((0.13, 0.12, 0.1), (0, -base * 0.35, 0.98), detail=2)
    seat = skin([(base * 0.1, 0.2, 0.72, 0.8, 0.6), (base * 0.25, 0.28, 0.72, 0.84, 0.6), (base * 0.45, 0.28, 0.72, 0.85, 0.6), (base * 0.58, 0.2, 0.72, 0.84, 0.6)])
    bar = sweep([(0.36, -base * 0.25, 0.97), (0.2, -base * 0.31, 1.01), (0, -base * 0.33, 1.02), (-0.2, -base * 0.31, 1.01), (-0.36, -base * 0.25, 0.97)], 0.017, 10)
    lamp = ellipsoid((0.085, 0.05, 0.085), (0, -base * 0.35 - 0.1, 0.985), detail=2)
    mirrors = [rod((0.24, -base * 0.29, 1.0), (0.3, -base * 0.28, 1.2), 0.008, 6), ellipsoid((0.07, 0.02, 0.045), (0.31, -base * 0.28, 1.23), detail=2)]
    return settled(
        [
            Part("body", joined([shield, tail, fender, head])),
            Part("floor", floor, TRIM),
            Part("seat", seat, LEATHER),
            *wheel(r, 0.11, (0.0, -base / 2, r), CHROME, 0.55),
            *wheel(r, 0.11, (0.0, base * 0.42, r), CHROME, 0.55),
            Part("fork", both(rod((0.05, -base * 0.36, 0.4), (0.06, -base / 2, r), 0.02, 8)), CHROME),
            Part("handlebar", bar, CHROME),
            Part("grips", both(rod((0.3, -base * 0.275, 0.985), (0.4, -base * 0.235, 0.96), 0.024, 10)), RUBBER),
            Part("headlight", lamp, Surface((1.0, 0.93, 0.72), "plastic", glow=9.0) if state == "headlight on" else cream),
            Part("mirrors", both(joined(mirrors)), CHROME),
            Part("crest", ellipsoid((0.045, 0.02, 0.17), (0, -base * 0.35 - 0.03, 0.62), detail=2), cream),
        ]
    )


def _sail(corners: list[Point], belly: float) -> Mesh:
    """A triangular sail between three corners (foot fore, foot aft, head), bulging to +x; thin but closed."""
    a, b, c = (np.asarray(corner, float) for corner in corners)
    n = 12
    points, index = [], {}
    for i in range(n + 1):
        for j in range(n + 1 - i):
            u, v = i / n, j / n
            w = 1 - u - v
            bulge = belly * 4 * (u * v + v * w + u * w) / 1.33
            index[i, j] = len(points)
            points.append(a * w + b * u + c * v + [bulge, 0, 0])
    count = len(points)
    front = np.array(points)
    faces = []
    for i in range(n):
        for j in range(n - i):
            faces.append([index[i, j], index[i + 1, j], index[i, j + 1]])
            if j < n - i - 1:
                faces.append([index[i + 1, j], index[i + 1, j + 1], index[i, j + 1]])
    sheet = np.array(faces)
    rim = [index[i, 0] for i in range(n + 1)] + [index[n - j, j] for j in range(1, n + 1)] + [index[0, n - j] for j in range(1, n)]
    edge = []
    for k, first in enumerate(rim):
        second = rim[(k + 1) % len(rim)]
        edge += [[first, first + count, second + count], [first, second + count, second]]
    vertices = np.vstack([front, front - [0.012, 0, 0]])
    every = np.vstack([sheet, sheet[:, ::-1] + count, edge])
    corners_ = vertices[every]
    volume = np.einsum("ij,ij->i", corners_[:, 0], np.cross(corners_[:, 1], corners_[:, 2])).sum()
    return shaded(vertices, every if volume > 0 else every[:, ::-1], crease=50)


def _sailboat(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, beam, mast = p["length"], p["beam"], p["mast"]
    half = length / 2
    rings = []
    for y, width, keel, sheer, shape in [(-half, 0.03, 0.52, 0.78, 0.6), (-half * 0.8, 0.42, 0.26, 0.7, 0.6), (-half * 0.4, 0.86, 0.06, 0.62, 0.5),
                                          (half * 0.2, 1.0, 0.0, 0.58, 0.45), (half * 0.7, 0.92, 0.06, 0.6, 0.4), (half, 0.76, 0.2, 0.64, 0.4)]:  # fmt: skip
        t = np.linspace(0, np.pi, 15)
        x = np.cos(t) * beam * width / 2
        z = sheer - (sheer - keel) * np.sin(t) ** (0.4 + shape * 0.6)
        x = np.sign(np.cos(t)) * np.abs(np.cos(t)) ** 0.8 * beam * width / 2
        rings.append(np.column_stack([x, np.full(15, y), z]))
    boat = loft(rings, crease=50)
    deck = loft([[(x * 0.93, y, z - 0.012) for x, y, z in (ring[0], ring[-1])] + [(x * 0.93, y, z + 0.02) for x, y, z in (ring[-1], ring[0])]
                 for ring in [rings[0] * [1, 0.985, 1], *rings[1:-1], rings[-1] * [1, 0.985, 1]]])  # fmt: skip
    cabin = loft([rounded_ring(beam * 0.55, length * 0.3, 0.55, 0.4, 28, (0, -half * 0.1)), rounded_ring(beam * 0.5, length * 0.27, 0.82, 0.4, 28, (0, -half * 0.1)),
                  rounded_ring(beam * 0.42, length * 0.22, 0.88, 0.4, 28, (0, -half * 0.1))])  # fmt: skip
    ports = [ellipsoid((0.02, 0.07, 0.055), (beam * 0.265, -half * 0.1 + k * 0.3, 0.72), detail=2) for k in (-1, 0, 1)]
    foot = -half * 0.15
    pole = joined([rod((0, foot, 0.5), (0, foot, mast), (0.045, 0.03), 12), rod((0, foot, 1.12), (0.16, half * 0.85, 1.12), 0.03, 10)])
    lines = joined([rod((0, -half * 0.97, 0.76), (0, foot, mast - 0.15), 0.008, 5), rod((beam * 0.42, foot, 0.6), (0, foot, mast - 0.2), 0.008, 5),
                    rod((-beam * 0.42, foot, 0.6), (0, foot, mast - 0.2), 0.008, 5)])  # fmt: skip
    parts = [
        Part("hull", boat),
        Part("deck", deck, TIMBER),
        Part("cabin", cabin, Surface("white", "plastic")),
        Part("portholes", both(joined(ports)), WINDOW),
        Part("mast", pole, Surface((0.62, 0.42, 0.25), "wood")),
        Part("rigging", lines, Surface((0.5, 0.5, 0.5), "steel")),
        Part("rudder", slab((0.04, 0.3, 0.6), (0, half * 1.02, 0.05)), TIMBER),
    ]
    if state == "sails furled":
        roll = rod((0, foot + 0.1, 1.2), (0.15, half * 0.83, 1.2), (0.11, 0.07), 14)
        ties = [slab((0.22, 0.03, 0.22), (0.02 + 0.03 * k, foot + 0.3 + k * half * 0.22, 1.09)) for k in range(4)]
        parts += [Part("mainsail", roll, SAIL), Part("ties", joined(ties), TRIM)]
    else:
        main = _sail([(0.02, foot + 0.08, 1.2), (0.17, half * 0.82, 1.2), (0.0, foot + 0.06, mast - 0.1)], p["wind"])
        jib = _sail([(0.02, -half * 0.9, 0.95), (0.2, foot + 0.15, 1.0), (0.0, foot - 0.1, mast * 0.84)], p["wind"] * 0.9)
        pennant = hull([(0, foot, mast), (0.01, foot, mast), (0, foot, mast - 0.16), (0.01, foot, mast - 0.16), (0.08, foot + 0.42, mast - 0.08)])
        parts += [Part("mainsail", main, SAIL), Part("jib", jib, SAIL), Part("pennant", pennant)]
    return settled(parts)


def _wing(root: float, tip: float, span: float, thick: float, sweep_back: float, rise: float) -> Mesh:
    """One wing from the centre line to +x: leading edge at y = 0 at the root."""
    rings = []
    for share in (0.0, 0.5, 0.9, 1.0):
        chord = root + (tip - root) * share
        chord *= 0.6 if share == 1.0 else 1.0
        t = np.linspace(0, 2 * np.pi, 18, endpoint=False)
        y = sweep_back * share + chord * (0.5 - 0.5 * np.cos(t)) + (0.2 * (root - chord) if share == 1.0 else 0)
        z = rise * share + thick * (chord / root) * np.sin(t) * (0.6 + 0.4 * np.cos(t))
        rings.append(np.column_stack([np.full(18, span * share), y, z]))
    return loft(rings, crease=60)


def _airplane(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, span = p["length"], p["span"]
    half = length / 2
    body = skin([(-half * 0.93, 0.62, 0.86, 1.42, 0.9), (-half * 0.86, 0.82, 0.72, 1.5, 0.8), (-half * 0.55, 0.98, 0.62, 1.58, 0.7), (-half * 0.1, 1.06, 0.6, 1.66, 0.7),
                 (half * 0.3, 0.86, 0.72, 1.58, 0.75), (half * 0.7, 0.42, 0.98, 1.42, 0.85), (half, 0.12, 1.2, 1.36, 0.9)], steps=4)  # fmt: skip
    canopy = skin([(-half * 0.42, 0.5, 1.4, 1.62, 0.8), (-half * 0.28, 0.86, 1.4, 1.98, 0.75), (half * 0.02, 0.94, 1.4, 2.1, 0.7), (half * 0.22, 0.7, 1.4, 1.86, 0.8),
                   (half * 0.36, 0.3, 1.4, 1.6, 0.9)])  # fmt: skip
    wing = _wing(1.35, 0.95, span / 2, 0.12, 0.12, 0.28).moved(affine((0, -half * 0.42, 0.84)))
    tail = _wing(0.7, 0.45, span * 0.17, 0.05, 0.2, 0.02).moved(affine((0, half * 0.72, 1.3)))
    fin = side([(half * 0.62, 1.34), (half * 1.0, 1.3), (half * 1.05, 2.15), (half * 0.88, 2.15)], 0.08, bevel=0.02)
    nose = lathe(smooth_profile([(0.2, 0), (0.17, 0.12), (0.08, 0.26), (0, 0.3)], 4), 24).moved(affine((0, -half * 0.92, 1.13), (90, 0, 0)))
    blades = [slab((0.13, 0.03, 0.84), (0, 0, 0.06), 0.01, turn=(0, a, 0)) for a in (35, 155, 275)]
    wheels: list[Part] = []
    legs = []
    for at in ((0.62, -half * 0.1, 0.22), (-0.62, -half * 0.1, 0.22), (0.0, -half * 0.74, 0.2)):
        wheels += wheel(at[2], 0.13, at, RIM, 0.5)
        legs.append(rod(at, (at[0] * 0.5, at[1] + 0.05, 0.85), 0.04, 8))
    stripe = joined([mirrored(body).moved(affine(scale=(1.012, 1.0, 0.14), move=(0, 0, 1.0)))])
    accent = Surface("white", "car paint")
    parts = [
        Part("fuselage", body),
        Part("canopy", canopy, WINDOW),
        Part("wings", both(wing), accent),
        Part("wing tips", both(wing.moved(affine((span / 2 * 0.84, 0.03, 0), scale=(0.165, 1.03, 1.1))).moved(affine((0, 0, -0.06)))), None),
        Part("tailplane", both(tail), accent),
        Part("fin", fin),
        Part("stripe", stripe, accent),
        Part("spinner", nose, CHROME),
        Part("propeller", joined(blades).moved(affine((0, -half * 0.97, 1.13))), TRIM),
    ]
    if state == "flying":
        parts = placed(parts, (0, 0, 0), (-8, -14, 0))
        return placed(settled(parts), (0, 0, 1.4))
    return settled([*parts, *wheels, Part("legs", joined(legs), CHROME)])


def _helicopter(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, rotor = p["length"], p["rotor"]
    y0 = -length * 0.28
    body = skin([(y0 - 0.62, 0.3, 0.98, 1.3, 0.9), (y0 - 0.5, 0.8, 0.78, 1.6, 0.85), (y0, 1.25, 0.6, 1.95, 0.75), (y0 + 0.7, 1.3, 0.58, 2.05, 0.7),
                 (y0 + 1.3, 0.9, 0.72, 1.98, 0.75), (y0 + 1.7, 0.4, 1.25, 1.8, 0.85), (length * 0.4, 0.26, 1.52, 1.78, 0.9), (length * 0.52, 0.18, 1.6, 1.76, 0.9)])  # fmt: skip
    glass = skin([(y0 - 0.62, 0.26, 1.06, 1.36, 0.9), (y0 - 0.5, 0.82, 1.0, 1.65, 0.85), (y0 - 0.05, 1.24, 1.02, 1.97, 0.75), (y0 + 0.12, 1.27, 1.12, 1.98, 0.75)])
    doors = slab((1.318, 0.62, 0.5), (0, y0 + 0.58, 1.2), 0.05)
    fin = side([(length * 0.42, 1.6), (length * 0.54, 1.6), (length * 0.62, 2.3), (length * 0.53, 2.3)], 0.07, bevel=0.02)
    stab = _wing(0.3, 0.22, 0.6, 0.03, 0.05, 0).moved(affine((0, length * 0.36, 1.64)))
    hub_z = 2.42
    mast = joined([cylinder(0.07, 0.45, (0, y0 + 0.6, 2.0)), cylinder(0.16, 0.12, (0, y0 + 0.6, hub_z - 0.06)),
                   ellipsoid((0.36, 0.6, 0.2), (0, y0 + 0.75, 2.02), detail=2)])  # fmt: skip
    turn = 20.0 if state != "flying" else 50.0
    blades = [slab((rotor, 0.2, 0.03), (rotor / 2, 0, 0), 0.008).moved(affine((0, y0 + 0.6, hub_z), (0, 1.5, turn + k * 90))) for k in range(4)]
    tail_blades = [slab((0.02, 0.09, 0.52), (0.13, length * 0.56, 1.98), turn=(a, 0, 0)) for a in (20, 140, 260)]
    x = 0.72
    skid = sweep([(x, y0 - 0.75, 0.2), (x, y0 - 0.6, 0.06), (x, y0 - 0.3, 0.03), (x, y0 + 1.3, 0.03), (x, y0 + 1.45, 0.06)], 0.035, 8)
    struts = [rod((x, y0 + dy, 0.04), (0.4, y0 + dy, 0.72), 0.03, 8) for dy in (0.05, 1.0)]
    parts = [
        Part("body", joined([body])),
        Part("canopy", glass, WINDOW),
        Part("door windows", doors, WINDOW),
        Part("fin", joined([fin, both(stab)])),
        Part("mast", mast, Surface((0.6, 0.61, 0.63), "brushed metal")),
        Part("rotor", joined(blades), TRIM),
        Part("tail rotor", joined(tail_blades), TRIM),
        Part("skids", both(joined([skid, *struts])), TRIM),
    ]
    if state == "flying":
        return placed(settled(placed(parts, turn=(-10, 0, 0))), (0, 0, 1.6))
    return settled(parts)


def _balloon(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, neck = p["radius"], 2.2
    outline = smooth_profile([(r * 0.16, neck), (r * 0.42, neck + r * 0.45), (r * 0.8, neck + r * 1.0), (r, neck + r * 1.55), (r * 0.9, neck + r * 2.05),
                              (r * 0.55, neck + r * 2.4), (r * 0.12, neck + r * 2.53), (0, neck + r * 2.54)], 4)  # fmt: skip
    gores = round(p["gores"])
    per = 6
    # Each gore bulges a little between its seams; alternate gores are the body's and the second cloth's.
    sheets: tuple[list[Mesh], list[Mesh]] = ([], [])
    for g in range(gores):
        t = (g + np.linspace(0, 1, per + 1)) * 2 * np.pi / gores
        swell = 1 + 0.05 * np.sin(np.linspace(0, np.pi, per + 1))
        grid = np.array([[(radius * s * np.cos(a), radius * s * np.sin(a), z) for a, s in zip(t, swell, strict=True)] for radius, z in outline])
        rows, columns = grid.shape[:2]
        k = np.arange(rows * columns).reshape(rows, columns)
        a, b, c, d = k[:-1, :-1].ravel(), k[:-1, 1:].ravel(), k[1:, 1:].ravel(), k[1:, :-1].ravel()
        faces = np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
        sheets[g % 2].append(shaded(grid.reshape(-1, 3), faces, crease=60))
    basket = loft([rounded_ring(0.95, 0.95, 0, 0.3, 28), rounded_ring(1.05, 1.05, 0.35, 0.3, 28), rounded_ring(1.15, 1.15, 0.85, 0.3, 28)])
    rim = sweep(rounded_ring(1.15, 1.15, 0.87, 0.3, 32), 0.06, 8, closed=True)
    ropes = [rod((sx * 0.5, sy * 0.5, 0.85), (sx * r * 0.105, sy * r * 0.105, neck + 0.05), 0.02, 6) for sx in (-1, 1) for sy in (-1, 1)]
    burner = joined([cone(0.16, 0.12, 0.22, (0, 0, 1.62), 20), slab((0.7, 0.05, 0.05), (0, 0, 1.58)), slab((0.05, 0.7, 0.05), (0, 0, 1.58))])
    flame = lathe(smooth_profile([(0, 0), (0.13, 0.12), (0.09, 0.36), (0, 0.62)], 4), 16, at=(0, 0, 1.84))
    parts = [
        Part("envelope", joined(sheets[0])),
        Part("gores", joined(sheets[1]), Surface((0.96, 0.86, 0.55), "fabric")),
        Part("basket", basket, Surface((0.62, 0.43, 0.24), "straw")),
        Part("rim", rim, LEATHER),
        Part("ropes", joined(ropes), Surface((0.6, 0.5, 0.36), "fabric")),
        Part("burner", burner, CHROME),
        Part("flame", flame, Surface((1.0, 0.55, 0.12), "plastic", glow=10.0)),
    ]
    return placed(parts, (0, 0, 2.4)) if state == "flying" else parts


_TAKE_OFF = {"flying": "take off"}

register(
    Kind("bicycle", "vehicle", _bicycle,
         params={"wheel": (0.32, 0.35), "base": (1.0, 1.1), "seat": (0.84, 0.95), "step_through": (0, 1), "basket": (0, 1)},
         states=("standing", "lying on its side"), verbs={"lying on its side": "fall over"}, effects={"knock": "lying on its side"},
         colours=("red", "blue", "green", "yellow", "teal", "black"), materials=("car paint", "matte paint", "steel"),
         scale="outdoor", contexts=("outdoor", "street", "park", "garden", "plaza", "garage", "forest", "beach"))
)  # fmt: skip
register(
    Kind("scooter", "vehicle", _scooter, params={"base": (1.15, 1.3)},
         states=("parked", "headlight on"), verbs={"headlight on": "switch on the headlight"}, effects={"switch_on": "headlight on"},
         colours=("mint", "red", "blue", "yellow", "white", "coral"), materials=("car paint", "matte paint"),
         scale="outdoor", contexts=("outdoor", "street", "plaza", "night city", "garage"))
)  # fmt: skip
register(
    Kind("sailboat", "vehicle", _sailboat, params={"length": (4.2, 5.2), "beam": (1.6, 1.9), "mast": (4.3, 5.2), "wind": (0.18, 0.4)},
         states=("sails up", "sails furled"), verbs={"sails furled": "take in its sails"}, effects={"storm": "sails furled"},
         colours=("blue", "red", "white", "green", "navy"), materials=("car paint", "wood", "plastic"),
         scale="outdoor", contexts=("outdoor", "beach", "harbour"))
)  # fmt: skip
register(
    Kind("airplane", "vehicle", _airplane, params={"length": (5.6, 6.4), "span": (6.6, 7.6)},
         states=("landed", "flying"), verbs=_TAKE_OFF, effects={"take_off": "flying"},
         colours=("red", "blue", "yellow", "orange", "green"), materials=("car paint", "matte paint"),
         scale="outdoor", contexts=("outdoor", "meadow", "mountain", "desert", "snowfield"))
)  # fmt: skip
register(
    Kind("helicopter", "vehicle", _helicopter, params={"length": (5.2, 6.2), "rotor": (2.0, 2.35)},
         states=("landed", "flying"), verbs=_TAKE_OFF, effects={"take_off": "flying"},
         colours=("red", "blue", "yellow", "orange", "green"), materials=("car paint", "matte paint"),
         scale="outdoor", contexts=("outdoor", "meadow", "mountain", "plaza", "desert"))
)  # fmt: skip
register(
    Kind("hot-air balloon", "vehicle", _balloon, params={"radius": (1.9, 2.4), "gores": (12, 12)},
         states=("on the ground", "flying"), verbs=_TAKE_OFF, effects={"take_off": "flying"},
         colours=("red", "orange", "blue", "purple", "teal"), materials=("fabric",),
         scale="outdoor", contexts=("outdoor", "meadow", "mountain", "desert", "farm"))
)  # fmt: skip
