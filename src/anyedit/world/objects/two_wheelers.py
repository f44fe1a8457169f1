"""Bicycle and motor scooter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, placed, settled, skin, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.vehicle_shapes import wheel
from anyedit.world.shapes import Point, cylinder, ellipsoid, loft, rod, rounded_ring, sweep
from anyedit.world.surfaces import CHROME, LEATHER, RIM, RUBBER, TRIM


def _ring(radius: float, thickness: float, at: Point, segments: int = 40) -> Mesh:
    """A wheel's hoop about the x axis."""
    t = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    return sweep(
        np.column_stack([0 * t, radius * np.cos(t), radius * np.sin(t)]) + np.asarray(at),
        thickness,
        8,
        closed=True,
    )


def _spokes(radius: float, at: Point, count: int) -> Mesh:
    ends = [
        (at[0], at[1] + radius * np.cos(a), at[2] + radius * np.sin(a))
        for a in np.arange(count) * 2 * np.pi / count
    ]
    return joined([rod(at, end, 0.0035, 5) for end in ends])


def _bicycle(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, base = p["wheel"], p["base"]
    front, rear = (0.0, -base / 2, r), (0.0, base / 2, r)
    crank, seat_top = (0.0, base * 0.1, r * 0.84), (0.0, base * 0.22, p["seat"])
    head_low, head_top = (0.0, -base * 0.335, p["seat"] - 0.16), (0.0, -base * 0.30, p["seat"] + 0.02)
    joint = (0.0, base * 0.2, p["seat"] - 0.12)
    tube = 0.02
    frame = [
        rod(head_low, crank, tube, 12),
        rod(crank, joint, tube, 12),
        rod(head_low, head_top, tube * 1.25, 12),
    ]
    if p["step_through"] > 0.6:
        frame.append(
            sweep(
                [head_low, (0, -base * 0.12, r * 1.3), (0, base * 0.06, r * 1.1), (0, base * 0.13, r * 1.3)],
                tube * 0.9,
                10,
            )
        )
    else:
        frame.append(rod((0, -base * 0.305, p["seat"] - 0.02), joint, tube * 0.9, 12))
    for sign in (-1, 1):
        x = sign * 0.045
        frame += [
            rod((sign * 0.02, joint[1], joint[2]), (x, *rear[1:]), tube * 0.55, 8),
            rod((sign * 0.02, *crank[1:]), (x, *rear[1:]), tube * 0.6, 8),
            sweep(
                [(sign * 0.035, *head_low[1:]), (x, -base * 0.41, r * 1.25), (x, *front[1:])], tube * 0.65, 8
            ),
        ]
    bar = [
        (0.28, -base * 0.2, p["seat"] + 0.08),
        (0.24, -base * 0.28, p["seat"] + 0.1),
        (0.08, -base * 0.31, p["seat"] + 0.09),
        (-0.08, -base * 0.31, p["seat"] + 0.09),
        (-0.24, -base * 0.28, p["seat"] + 0.1),
        (-0.28, -base * 0.2, p["seat"] + 0.08),
    ]
    grips = both(rod(bar[0], (0.285, -base * 0.12, p["seat"] + 0.07), 0.018, 10))
    saddle = skin(
        [
            (base * 0.1, 0.05, seat_top[2], seat_top[2] + 0.035, 0.8),
            (base * 0.2, 0.09, seat_top[2] - 0.005, seat_top[2] + 0.045, 0.8),
            (base * 0.3, 0.2, seat_top[2] - 0.01, seat_top[2] + 0.06, 0.8),
            (base * 0.33, 0.15, seat_top[2], seat_top[2] + 0.06, 0.8),
        ]
    )
    disc = cylinder(0.085, 0.012, segments=28).moved(affine((0.035, *crank[1:]), (0, 90, 0)))
    pedals = [
        slab((0.09, 0.08, 0.022), (sign * 0.12, crank[1] - sign * 0.12, crank[2] - sign * 0.11))
        for sign in (-1, 1)
    ]
    arms = [
        rod((sign * 0.06, *crank[1:]), (sign * 0.07, crank[1] - sign * 0.12, crank[2] - sign * 0.1), 0.011, 8)
        for sign in (-1, 1)
    ]
    chain = [
        (0.042, crank[1] + 0.02, crank[2] + 0.085),
        (0.042, rear[1], r + 0.035),
        (0.042, rear[1] + 0.035, r),
        (0.042, rear[1], r - 0.035),
        (0.042, crank[1] + 0.02, crank[2] - 0.085),
    ]
    fork = rod(head_top, (0, -base * 0.31, p["seat"] + 0.09), 0.014, 10)
    parts = [
        Part("frame", joined(frame)),
        Part("tyres", joined([_ring(r - 0.02, 0.021, c) for c in (front, rear)]), RUBBER),
        Part("rims", joined([_ring(r - 0.045, 0.011, c) for c in (front, rear)]), RIM),
        Part("spokes", joined([_spokes(r - 0.045, c, 14) for c in (front, rear)]), RIM),
        Part(
            "hubs", joined([rod((-0.05, *c[1:]), (0.05, *c[1:]), 0.022, 12) for c in (front, rear)]), CHROME
        ),
        Part("handlebar", joined([sweep(bar, 0.013, 10), fork, rod(joint, seat_top, 0.014, 10)]), CHROME),
        Part("grips", grips, LEATHER),
        Part("saddle", saddle, LEATHER),
        Part("crank", joined([disc, *arms, sweep(chain, 0.006, 5)]), Surface((0.3, 0.3, 0.32), "steel")),
        Part("pedals", joined(pedals), TRIM),
    ]
    if p["basket"] > 0.5:
        weave = loft([rounded_ring(0.26, 0.2, 0, 0.3, 20), rounded_ring(0.34, 0.27, 0.2, 0.3, 20)])
        parts.append(
            Part(
                "basket",
                weave.moved(affine((0, -base * 0.47, p["seat"] - 0.16))),
                Surface((0.7, 0.52, 0.3), "straw"),
            )
        )
    if state == "lying on its side":
        parts = placed(parts, turn=(0, 82, 0))
    return settled(parts)


def _scooter(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, base = 0.22, p["base"]
    cream = Surface((0.93, 0.9, 0.82), "car paint")
    shield = loft(
        [
            rounded_ring(w, 0.05, z, 0.5, 24, (0, y))
            for w, z, y in [
                (0.30, 0.26, -base * 0.27),
                (0.42, 0.4, -base * 0.33),
                (0.44, 0.62, -base * 0.35),
                (0.34, 0.82, -base * 0.345),
                (0.2, 0.92, -base * 0.33),
            ]
        ]
    )
    floor = slab((0.36, base * 0.52, 0.06), (0, -base * 0.05, 0.23), 0.02)
    tail = skin(
        [
            (base * 0.08, 0.22, 0.28, 0.62, 0.5),
            (base * 0.2, 0.34, 0.24, 0.72, 0.6),
            (base * 0.4, 0.44, 0.26, 0.74, 0.7),
            (base * 0.56, 0.4, 0.34, 0.7, 0.7),
            (base * 0.68, 0.16, 0.46, 0.6, 0.8),
        ]
    )
    fender = skin(
        [
            (-base * 0.66, 0.1, 0.3, 0.36, 0.8),
            (-base * 0.58, 0.2, 0.3, 0.47, 0.7),
            (-base * 0.48, 0.24, 0.28, 0.52, 0.7),
            (-base * 0.36, 0.18, 0.3, 0.5, 0.7),
        ]
    )
    head = ellipsoid((0.13, 0.12, 0.1), (0, -base * 0.35, 0.98), detail=2)
    seat = skin(
        [
            (base * 0.1, 0.2, 0.72, 0.8, 0.6),
            (base * 0.25, 0.28, 0.72, 0.84, 0.6),
            (base * 0.45, 0.28, 0.72, 0.85, 0.6),
            (base * 0.58, 0.2, 0.72, 0.84, 0.6),
        ]
    )
    bar = sweep(
        [
            (0.36, -base * 0.25, 0.97),
            (0.2, -base * 0.31, 1.01),
            (0, -base * 0.33, 1.02),
            (-0.2, -base * 0.31, 1.01),
            (-0.36, -base * 0.25, 0.97),
        ],
        0.017,
        10,
    )
    lamp = ellipsoid((0.085, 0.05, 0.085), (0, -base * 0.35 - 0.1, 0.985), detail=2)
    mirrors = [
        rod((0.24, -base * 0.29, 1.0), (0.3, -base * 0.28, 1.2), 0.008, 6),
        ellipsoid((0.07, 0.02, 0.045), (0.31, -base * 0.28, 1.23), detail=2),
    ]
    return settled(
        [
            Part("body", joined([shield, tail, fender, head])),
            Part("floor", floor, TRIM),
            Part("seat", seat, LEATHER),
            *wheel(r, 0.11, (0.0, -base / 2, r), CHROME, 0.55),
            *wheel(r, 0.11, (0.0, base * 0.42, r), CHROME, 0.55),
            Part("fork", both(rod((0.05, -base * 0.36, 0.4), (0.06, -base / 2, r), 0.02, 8)), CHROME),
            Part("handlebar", bar, CHROME),
            Part(
                "grips", both(rod((0.3, -base * 0.275, 0.985), (0.4, -base * 0.235, 0.96), 0.024, 10)), RUBBER
            ),
            Part(
                "headlight",
                lamp,
                Surface((1.0, 0.93, 0.72), "plastic", glow=9.0) if state == "headlight on" else cream,
            ),
            Part("mirrors", both(joined(mirrors)), CHROME),
            Part("crest", ellipsoid((0.045, 0.02, 0.17), (0, -base * 0.35 - 0.03, 0.62), detail=2), cream),
        ]
    )


register(
    Kind(
        "bicycle",
        "vehicle",
        _bicycle,
        params={
            "wheel": (0.32, 0.35),
            "base": (1.0, 1.1),
            "seat": (0.84, 0.95),
            "step_through": (0, 1),
            "basket": (0, 1),
        },
        states=("standing", "lying on its side"),
        verbs={"lying on its side": "fall over"},
        effects={"knock": "lying on its side"},
        colours=("red", "blue", "green", "yellow", "teal", "black"),
        materials=("car paint", "matte paint", "steel"),
        scale="outdoor",
        contexts=("outdoor", "street", "park", "garden", "plaza", "garage", "forest", "beach"),
    )
)
register(
    Kind(
        "scooter",
        "vehicle",
        _scooter,
        params={"base": (1.15, 1.3)},
        states=("parked", "headlight on"),
        verbs={"headlight on": "switch on the headlight"},
        effects={"switch_on": "headlight on"},
        colours=("mint", "red", "blue", "yellow", "white", "coral"),
        materials=("car paint", "matte paint"),
        scale="outdoor",
        contexts=("outdoor", "street", "plaza", "night city", "garage"),
    )
)
