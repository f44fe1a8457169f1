"""Boats: the sailboat."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, hull, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Array, Mesh, joined, shaded
from anyedit.world.shapes import Point, ellipsoid, loft, rod, rounded_ring
from anyedit.world.surfaces import SAIL, TIMBER, TRIM, WINDOW


def _sail(corners: list[Point], belly: float) -> Mesh:
    """A triangular sail between three corners (foot fore, foot aft, head), bulging to +x; thin but closed."""
    a, b, c = (np.asarray(corner, float) for corner in corners)
    n = 12
    points: list[Array] = []
    index: dict[tuple[int, int], int] = {}
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
    rim = (
        [index[i, 0] for i in range(n + 1)]
        + [index[n - j, j] for j in range(1, n + 1)]
        + [index[0, n - j] for j in range(1, n)]
    )
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
    for y, width, keel, sheer, shape in [
        (-half, 0.03, 0.52, 0.78, 0.6),
        (-half * 0.8, 0.42, 0.26, 0.7, 0.6),
        (-half * 0.4, 0.86, 0.06, 0.62, 0.5),
        (half * 0.2, 1.0, 0.0, 0.58, 0.45),
        (half * 0.7, 0.92, 0.06, 0.6, 0.4),
        (half, 0.76, 0.2, 0.64, 0.4),
    ]:
        t = np.linspace(0, np.pi, 15)
        x = np.cos(t) * beam * width / 2
        z = sheer - (sheer - keel) * np.sin(t) ** (0.4 + shape * 0.6)
        x = np.sign(np.cos(t)) * np.abs(np.cos(t)) ** 0.8 * beam * width / 2
        rings.append(np.column_stack([x, np.full(15, y), z]))
    boat = loft(rings, crease=50)
    deck = loft(
        [
            [(x * 0.93, y, z - 0.012) for x, y, z in (ring[0], ring[-1])]
            + [(x * 0.93, y, z + 0.02) for x, y, z in (ring[-1], ring[0])]
            for ring in [rings[0] * [1, 0.985, 1], *rings[1:-1], rings[-1] * [1, 0.985, 1]]
        ]
    )
    cabin = loft(
        [
            rounded_ring(beam * 0.55, length * 0.3, 0.55, 0.4, 28, (0, -half * 0.1)),
            rounded_ring(beam * 0.5, length * 0.27, 0.82, 0.4, 28, (0, -half * 0.1)),
            rounded_ring(beam * 0.42, length * 0.22, 0.88, 0.4, 28, (0, -half * 0.1)),
        ]
    )
    ports = [
        ellipsoid((0.02, 0.07, 0.055), (beam * 0.265, -half * 0.1 + k * 0.3, 0.72), detail=2)
        for k in (-1, 0, 1)
    ]
    foot = -half * 0.15
    pole = joined(
        [
            rod((0, foot, 0.5), (0, foot, mast), (0.045, 0.03), 12),
            rod((0, foot, 1.12), (0.16, half * 0.85, 1.12), 0.03, 10),
        ]
    )
    lines = joined(
        [
            rod((0, -half * 0.97, 0.76), (0, foot, mast - 0.15), 0.008, 5),
            rod((beam * 0.42, foot, 0.6), (0, foot, mast - 0.2), 0.008, 5),
            rod((-beam * 0.42, foot, 0.6), (0, foot, mast - 0.2), 0.008, 5),
        ]
    )
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
        ties = [
            slab((0.22, 0.03, 0.22), (0.02 + 0.03 * k, foot + 0.3 + k * half * 0.22, 1.09)) for k in range(4)
        ]
        parts += [Part("mainsail", roll, SAIL), Part("ties", joined(ties), TRIM)]
    else:
        main = _sail(
            [(0.02, foot + 0.08, 1.2), (0.17, half * 0.82, 1.2), (0.0, foot + 0.06, mast - 0.1)], p["wind"]
        )
        jib = _sail(
            [(0.02, -half * 0.9, 0.95), (0.2, foot + 0.15, 1.0), (0.0, foot - 0.1, mast * 0.84)],
            p["wind"] * 0.9,
        )
        pennant = hull(
            [
                (0, foot, mast),
                (0.01, foot, mast),
                (0, foot, mast - 0.16),
                (0.01, foot, mast - 0.16),
                (0.08, foot + 0.42, mast - 0.08),
            ]
        )
        parts += [Part("mainsail", main, SAIL), Part("jib", jib, SAIL), Part("pennant", pennant)]
    return settled(parts)


register(
    Kind(
        "sailboat",
        "vehicle",
        _sailboat,
        params={"length": (4.2, 5.2), "beam": (1.6, 1.9), "mast": (4.3, 5.2), "wind": (0.18, 0.4)},
        states=("sails up", "sails furled"),
        verbs={"sails furled": "take in its sails"},
        effects={"storm": "sails furled"},
        colours=("blue", "red", "white", "green", "navy"),
        materials=("car paint", "wood", "plastic"),
        scale="outdoor",
        contexts=("outdoor", "beach", "harbour"),
    )
)
