"""Balls and what they knock over: football, basketball, bowling pin."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import trimesh

from anyedit.world.blocks import placed, settled
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Array, Mesh, joined, shaded
from anyedit.world.shapes import ellipsoid, lathe, smooth_profile, sweep
from anyedit.world.surfaces import BLACK

_PLAY = ("outdoor", "park", "playground", "garden", "meadow", "beach", "indoor", "living room", "bedroom")


def _ball_panels(radius: float, detail: int = 5) -> tuple[Mesh, Mesh]:
    """(pentagons, hexagons) of a truncated icosahedron blown up to a sphere, with sunken seams."""
    ico = trimesh.creation.icosahedron()
    corners = np.asarray(ico.vertices)
    third = {
        (int(a), int(b)): (2 * corners[a] + corners[b]) / 3 for e in ico.edges_unique for a, b in (e, e[::-1])
    }
    hexagons = [
        [third[a, b], third[b, a], third[b, c], third[c, b], third[c, a], third[a, c]]
        for a, b, c in ico.faces.tolist()
    ]
    pentagons = []
    for v in range(12):
        ring = np.array([point for (a, _), point in third.items() if a == v])
        axis = corners[v] / np.linalg.norm(corners[v])
        east = np.cross(axis, ring[0])
        east /= np.linalg.norm(east)
        angle = np.arctan2(ring @ np.cross(axis, east), ring @ east)
        pentagons.append(list(ring[np.argsort(angle)]))
    return _blown(pentagons, radius, detail), _blown(hexagons, radius, detail)


def _blown(polygons: list[list[Array]], radius: float, detail: int) -> Mesh:
    n = detail
    lattice = [(i, j) for i in range(n + 1) for j in range(n + 1 - i)]
    index = {ij: k for k, ij in enumerate(lattice)}
    local = [(index[i, j], index[i + 1, j], index[i, j + 1]) for i in range(n) for j in range(n - i)]
    local += [
        (index[i + 1, j], index[i + 1, j + 1], index[i, j + 1]) for i in range(n) for j in range(n - i - 1)
    ]
    vertices: list[Array] = []
    faces: list[tuple[int, int, int]] = []
    for polygon in polygons:
        centre = np.mean(polygon, 0)
        for k, first in enumerate(polygon):
            second = polygon[(k + 1) % len(polygon)]
            start = len(vertices)
            for i, j in lattice:
                u, v = i / n, j / n
                point = centre * (1 - u - v) + first * u + second * v
                depth = radius * (1 - 0.022 * (u + v) ** 9)
                vertices.append(point / np.linalg.norm(point) * depth)
            faces += [(a + start, b + start, c + start) for a, b, c in local]
    merged = trimesh.Trimesh(np.array(vertices), np.array(faces), process=True)
    merged.fix_normals()
    points, triangles = np.asarray(merged.vertices), np.asarray(merged.faces)
    corner = points[triangles]
    facing = (
        np.einsum(
            "ij,ij->i", np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), corner[:, 0]
        )
        > 0
    )
    return shaded(points, np.where(facing[:, None], triangles, triangles[:, ::-1]), crease=60)


def _football(p: Mapping[str, float], state: str | None) -> list[Part]:
    pentagons, hexagons = _ball_panels(p["radius"])
    turn = (p["turn"], 18.0, 0.0)
    return settled(
        placed(
            [Part("panels", hexagons), Part("pentagons", pentagons, Surface((0.05, 0.05, 0.055), "leather"))],
            turn=turn,
        )
    )


def _basketball(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = p["radius"]
    t = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    unit = [np.column_stack([np.cos(t), np.sin(t), 0 * t]), np.column_stack([np.cos(t), 0 * t, np.sin(t)])]
    for sign in (-1, 1):  # the two curved seams: small circles bent towards the poles
        y = sign * (0.52 + 0.16 * np.cos(2 * t))
        unit.append(np.column_stack([np.sqrt(1 - y**2) * np.cos(t), y, np.sqrt(1 - y**2) * np.sin(t)]))
    seams = joined([sweep(curve * r * 1.0, r * 0.02, 6, closed=True) for curve in unit])
    parts = [Part("ball", ellipsoid(r, detail=4)), Part("seams", seams, BLACK)]
    return settled(placed(parts, turn=(20, p["turn"], 30)))


def _pin(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, belly = p["height"], p["belly"]
    outline = smooth_profile(
        [
            (0.026, 0),
            (0.036, 0.12 * h),
            (belly, 0.31 * h),
            (0.042, 0.52 * h),
            (0.0235, 0.69 * h),
            (0.0265, 0.80 * h),
            (0.0325, 0.88 * h),
            (0.024, 0.965 * h),
            (0.0, h),
        ],
        6,
    )

    def band(low: float, high: float) -> Mesh:
        radii, heights = np.array(outline).T
        zs = np.linspace(low, high, 5) * h
        rs = np.interp(zs, heights, radii)
        return lathe(
            [
                (rs[0] * 0.9, zs[0]),
                *[(r + 0.0007, z) for r, z in zip(rs, zs, strict=True)],
                (rs[-1] * 0.9, zs[-1]),
            ],
            40,
        )

    parts = [
        Part("pin", lathe([(0, 0), *outline], 40)),
        Part("stripes", joined([band(0.63, 0.66), band(0.70, 0.73)]), Surface("red", "plastic")),
    ]
    if state == "knocked over":
        parts = placed(parts, turn=(0, 86, 35))
    return settled(parts)


register(
    Kind(
        "football",
        "sport",
        _football,
        params={"radius": (0.108, 0.112), "turn": (0, 60)},
        colours=("white", "yellow", "orange", "cyan"),
        materials=("leather", "plastic", "rubber"),
        scale="tabletop",
        contexts=_PLAY,
        rolls=True,
    )
)
register(
    Kind(
        "basketball",
        "sport",
        _basketball,
        params={"radius": (0.117, 0.122), "turn": (-25, 25)},
        colours=("orange", "brown", "red", "blue"),
        materials=("rubber", "leather", "plastic"),
        scale="tabletop",
        contexts=(*_PLAY, "street", "garage"),
        rolls=True,
    )
)
register(
    Kind(
        "bowling pin",
        "sport",
        _pin,
        params={"height": (0.36, 0.4), "belly": (0.056, 0.062)},
        states=("standing", "knocked over"),
        verbs={"knocked over": "fall over"},
        effects={"knock": "knocked over"},
        colours=("white", "ivory", "yellow", "cyan", "pink"),
        materials=("plastic", "wood"),
        scale="tabletop",
        contexts=("indoor", "playground", "studio", "living room"),
        topples=True,
    )
)
