"""What flies: airplane, helicopter, hot-air balloon."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, mirrored, placed, settled, side, skin, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined, shaded
from anyedit.world.objects.vehicle_shapes import wheel
from anyedit.world.shapes import (
    cone,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    rod,
    rounded_ring,
    smooth_profile,
    sweep,
)
from anyedit.world.surfaces import CHROME, LEATHER, RIM, TRIM, WINDOW

_TAKE_OFF = {"flying": "take off"}


def _wing(root: float, tip: float, span: float, thick: float, sweep_back: float, rise: float) -> Mesh:
    """One wing from the centre line to +x: leading edge at y = 0 at the root."""
    rings = []
    for share in (0.0, 0.5, 0.9, 1.0):
        chord = root + (tip - root) * share
        chord *= 0.6 if share == 1.0 else 1.0
        t = np.linspace(0, 2 * np.pi, 18, endpoint=False)
        y = (
            sweep_back * share
            + chord * (0.5 - 0.5 * np.cos(t))
            + (0.2 * (root - chord) if share == 1.0 else 0)
        )
        z = rise * share + thick * (chord / root) * np.sin(t) * (0.6 + 0.4 * np.cos(t))
        rings.append(np.column_stack([np.full(18, span * share), y, z]))
    return loft(rings, crease=60)


def _airplane(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, span = p["length"], p["span"]
    half = length / 2
    body = skin(
        [
            (-half * 0.93, 0.62, 0.86, 1.42, 0.9),
            (-half * 0.86, 0.82, 0.72, 1.5, 0.8),
            (-half * 0.55, 0.98, 0.62, 1.58, 0.7),
            (-half * 0.1, 1.06, 0.6, 1.66, 0.7),
            (half * 0.3, 0.86, 0.72, 1.58, 0.75),
            (half * 0.7, 0.42, 0.98, 1.42, 0.85),
            (half, 0.12, 1.2, 1.36, 0.9),
        ],
        steps=4,
    )
    canopy = skin(
        [
            (-half * 0.42, 0.5, 1.4, 1.62, 0.8),
            (-half * 0.28, 0.86, 1.4, 1.98, 0.75),
            (half * 0.02, 0.94, 1.4, 2.1, 0.7),
            (half * 0.22, 0.7, 1.4, 1.86, 0.8),
            (half * 0.36, 0.3, 1.4, 1.6, 0.9),
        ]
    )
    wing = _wing(1.35, 0.95, span / 2, 0.12, 0.12, 0.28).moved(affine((0, -half * 0.42, 0.84)))
    tail = _wing(0.7, 0.45, span * 0.17, 0.05, 0.2, 0.02).moved(affine((0, half * 0.72, 1.3)))
    fin = side(
        [(half * 0.62, 1.34), (half * 1.0, 1.3), (half * 1.05, 2.15), (half * 0.88, 2.15)], 0.08, bevel=0.02
    )
    nose = lathe(smooth_profile([(0.2, 0), (0.17, 0.12), (0.08, 0.26), (0, 0.3)], 4), 24).moved(
        affine((0, -half * 0.92, 1.13), (90, 0, 0))
    )
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
        Part(
            "wing tips",
            both(
                wing.moved(affine((span / 2 * 0.84, 0.03, 0), scale=(0.165, 1.03, 1.1))).moved(
                    affine((0, 0, -0.06))
                )
            ),
            None,
        ),
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
    body = skin(
        [
            (y0 - 0.62, 0.3, 0.98, 1.3, 0.9),
            (y0 - 0.5, 0.8, 0.78, 1.6, 0.85),
            (y0, 1.25, 0.6, 1.95, 0.75),
            (y0 + 0.7, 1.3, 0.58, 2.05, 0.7),
            (y0 + 1.3, 0.9, 0.72, 1.98, 0.75),
            (y0 + 1.7, 0.4, 1.25, 1.8, 0.85),
            (length * 0.4, 0.26, 1.52, 1.78, 0.9),
            (length * 0.52, 0.18, 1.6, 1.76, 0.9),
        ]
    )
    glass = skin(
        [
            (y0 - 0.62, 0.26, 1.06, 1.36, 0.9),
            (y0 - 0.5, 0.82, 1.0, 1.65, 0.85),
            (y0 - 0.05, 1.24, 1.02, 1.97, 0.75),
            (y0 + 0.12, 1.27, 1.12, 1.98, 0.75),
        ]
    )
    doors = slab((1.318, 0.62, 0.5), (0, y0 + 0.58, 1.2), 0.05)
    fin = side(
        [(length * 0.42, 1.6), (length * 0.54, 1.6), (length * 0.62, 2.3), (length * 0.53, 2.3)],
        0.07,
        bevel=0.02,
    )
    stab = _wing(0.3, 0.22, 0.6, 0.03, 0.05, 0).moved(affine((0, length * 0.36, 1.64)))
    hub_z = 2.42
    mast = joined(
        [
            cylinder(0.07, 0.45, (0, y0 + 0.6, 2.0)),
            cylinder(0.16, 0.12, (0, y0 + 0.6, hub_z - 0.06)),
            ellipsoid((0.36, 0.6, 0.2), (0, y0 + 0.75, 2.02), detail=2),
        ]
    )
    turn = 20.0 if state != "flying" else 50.0
    blades = [
        slab((rotor, 0.2, 0.03), (rotor / 2, 0, 0), 0.008).moved(
            affine((0, y0 + 0.6, hub_z), (0, 1.5, turn + k * 90))
        )
        for k in range(4)
    ]
    tail_blades = [
        slab((0.02, 0.09, 0.52), (0.13, length * 0.56, 1.98), turn=(a, 0, 0)) for a in (20, 140, 260)
    ]
    x = 0.72
    skid = sweep(
        [
            (x, y0 - 0.75, 0.2),
            (x, y0 - 0.6, 0.06),
            (x, y0 - 0.3, 0.03),
            (x, y0 + 1.3, 0.03),
            (x, y0 + 1.45, 0.06),
        ],
        0.035,
        8,
    )
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
    outline = smooth_profile(
        [
            (r * 0.16, neck),
            (r * 0.42, neck + r * 0.45),
            (r * 0.8, neck + r * 1.0),
            (r, neck + r * 1.55),
            (r * 0.9, neck + r * 2.05),
            (r * 0.55, neck + r * 2.4),
            (r * 0.12, neck + r * 2.53),
            (0, neck + r * 2.54),
        ],
        4,
    )
    gores = round(p["gores"])
    per = 6
    # Each gore bulges a little between its seams; alternate gores are the body's and the second cloth's.
    sheets: tuple[list[Mesh], list[Mesh]] = ([], [])
    for g in range(gores):
        t = (g + np.linspace(0, 1, per + 1)) * 2 * np.pi / gores
        swell = 1 + 0.05 * np.sin(np.linspace(0, np.pi, per + 1))
        grid = np.array(
            [
                [(radius * s * np.cos(a), radius * s * np.sin(a), z) for a, s in zip(t, swell, strict=True)]
                for radius, z in outline
            ]
        )
        rows, columns = grid.shape[:2]
        k = np.arange(rows * columns).reshape(rows, columns)
        a, b, c, d = k[:-1, :-1].ravel(), k[:-1, 1:].ravel(), k[1:, 1:].ravel(), k[1:, :-1].ravel()
        faces = np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
        sheets[g % 2].append(shaded(grid.reshape(-1, 3), faces, crease=60))
    basket = loft(
        [
            rounded_ring(0.95, 0.95, 0, 0.3, 28),
            rounded_ring(1.05, 1.05, 0.35, 0.3, 28),
            rounded_ring(1.15, 1.15, 0.85, 0.3, 28),
        ]
    )
    rim = sweep(rounded_ring(1.15, 1.15, 0.87, 0.3, 32), 0.06, 8, closed=True)
    ropes = [
        rod((sx * 0.5, sy * 0.5, 0.85), (sx * r * 0.105, sy * r * 0.105, neck + 0.05), 0.02, 6)
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    burner = joined(
        [
            cone(0.16, 0.12, 0.22, (0, 0, 1.62), 20),
            slab((0.7, 0.05, 0.05), (0, 0, 1.58)),
            slab((0.05, 0.7, 0.05), (0, 0, 1.58)),
        ]
    )
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


register(
    Kind(
        "airplane",
        "vehicle",
        _airplane,
        params={"length": (5.6, 6.4), "span": (6.6, 7.6)},
        states=("landed", "flying"),
        verbs=_TAKE_OFF,
        effects={"take_off": "flying"},
        colours=("red", "blue", "yellow", "orange", "green"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=("outdoor", "meadow", "mountain", "desert", "snowfield"),
    )
)
register(
    Kind(
        "helicopter",
        "vehicle",
        _helicopter,
        params={"length": (5.2, 6.2), "rotor": (2.0, 2.35)},
        states=("landed", "flying"),
        verbs=_TAKE_OFF,
        effects={"take_off": "flying"},
        colours=("red", "blue", "yellow", "orange", "green"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=("outdoor", "meadow", "mountain", "plaza", "desert"),
    )
)
register(
    Kind(
        "hot-air balloon",
        "vehicle",
        _balloon,
        params={"radius": (1.9, 2.4), "gores": (12, 12)},
        states=("on the ground", "flying"),
        verbs=_TAKE_OFF,
        effects={"take_off": "flying"},
        colours=("red", "orange", "blue", "purple", "teal"),
        materials=("fabric",),
        scale="outdoor",
        contexts=("outdoor", "meadow", "mountain", "desert", "farm"),
    )
)
