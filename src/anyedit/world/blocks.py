"""Light blocks that houses, vehicles and toys are built of, and setting a finished object down.

Every function returns meshes in metres, z up, as `shapes` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import trimesh
from scipy.spatial import ConvexHull

from anyedit.world.kinds import Part
from anyedit.world.mesh import Array, Mesh, affine, joined, shaded
from anyedit.world.shapes import Point, Points, extrude, loft, smooth_profile

Turn = tuple[float, float, float]


def slab(size: Point, at: Point = (0, 0, 0), bevel: float | None = None, turn: Turn = (0, 0, 0)) -> Mesh:
    """A box whose bottom centre is `at`, with chamfered edges: 44 triangles where `box` has 428.

    `turn` (degrees) is about the box's own bottom centre.
    """
    half = np.asarray(size, float) / 2
    inner = half - (min(half.min() * 0.12 if bevel is None else bevel, half.min() * 0.98))
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    points = np.concatenate([signs * np.where(np.arange(3) == axis, half, inner) for axis in range(3)])
    return shaded(points + [0, 0, half[2]], _slab_faces(), crease=30).moved(affine(tuple(at), turn))  # type: ignore[arg-type]


@cache
def _slab_faces() -> npt.NDArray[np.int64]:
    """The triangles of every chamfered box, counter-clockwise from outside: only its corners differ."""
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    points = np.concatenate([signs * np.where(np.arange(3) == axis, 1.0, 0.9) for axis in range(3)])
    faces = ConvexHull(points).simplices.astype(int)
    corners = points[faces]
    out = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) > 0
    return np.where(out[:, None], faces, faces[:, ::-1])


def hull(points: Points, crease: float = 30) -> Mesh:
    """The convex hull of points: wedges, roofs, prows."""
    solid = trimesh.convex.convex_hull(np.asarray(points, float))
    return shaded(solid.vertices, solid.faces, crease)


def prism(outline: Points, height: float, at: Point = (0, 0, 0), bevel: float = 0.0) -> Mesh:
    """A plan of (x, y) points made `height` tall, its bottom at `at`."""
    standing = extrude(outline, height, bevel=bevel).moved(affine(turn=(-90, 0, 0)))
    return standing.moved(affine((at[0], at[1], at[2] + height / 2)))


def side(outline: Points, width: float, at: Point = (0, 0, 0), bevel: float = 0.0) -> Mesh:
    """A side view of (y, z) points made `width` thick along x, centred on `at`."""
    return extrude([(-y, z) for y, z in outline], width, bevel=bevel).moved(
        affine(at, turn=(0, 0, -90))  # type: ignore[arg-type]
    )


def skin(stations: Sequence[Sequence[float]], steps: int = 4, n: int = 28, crease: float = 40) -> Mesh:
    """A smooth body along y through stations (y, width, low, high, roundness 0-1); ends closed.

    Between the stations all values follow a Catmull-Rom curve.
    """
    table = np.asarray(stations, float)
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    c, s = np.cos(angle), np.sin(angle)
    rings = []
    for y, width, low, high, roundness in curve(table, steps):
        power = 0.16 + 0.84 * np.clip(roundness, 0, 1)
        x = np.sign(c) * np.abs(c) ** power * max(width, 1e-4) / 2
        z = (low + high) / 2 + np.sign(s) * np.abs(s) ** power * max(high - low, 1e-4) / 2
        rings.append(np.column_stack([x, np.full(n, y), z]))
    return loft(rings, crease)


def curve(points: Points, steps: int = 5) -> Array:
    """A Catmull-Rom curve through rows, a path for `sweep`: float ((N - 1) * steps + 1, width)."""
    table = np.asarray(points, float)
    offset = table.min() - 1  # smooth_profile clamps its first column at zero
    columns = [
        [value for value, _ in smooth_profile([(entry - offset, 0) for entry in column], steps)]
        for column in table.T
    ]
    return np.asarray(columns).T + offset


def panel(width: float, height: float, at: Point, turn: Turn = (0, 0, 0)) -> Mesh:
    """A flat label facing -y, centred at `at`, uv in [0, 1]."""
    x, z = width / 2, height / 2
    vertices = np.array([[-x, 0, -z], [x, 0, -z], [x, 0, z], [-x, 0, z]])
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    flat = Mesh(vertices, np.array([[0, 1, 2], [0, 2, 3]]), np.tile([0.0, -1.0, 0.0], (4, 1)), uv)
    return flat.moved(affine(tuple(at), turn))  # type: ignore[arg-type]


def wrapped_panel(
    radius: float, arc: float, low: float, high: float, top_radius: float | None = None
) -> Mesh:
    """A label around the front (-y) of an upright cone about z, `arc` degrees wide, uv in [0, 1]."""
    t = np.linspace(0, 1, 13)
    angle = np.radians(-90 + arc * (t - 0.5))
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    upper = radius if top_radius is None else top_radius
    vertices = np.vstack(
        [np.column_stack([ring * r, np.full(13, z)]) for r, z in ((radius, low), (upper, high))]
    )
    normals = np.vstack([np.column_stack([ring, np.zeros(13)])] * 2)
    uv = np.vstack([np.column_stack([t, np.full(13, v)]) for v in (0.0, 1.0)])
    k = np.arange(12)
    faces = np.concatenate([np.column_stack([k, k + 1, k + 14]), np.column_stack([k, k + 14, k + 13])])
    return Mesh(vertices, faces, normals, uv)


def turned(mesh: Mesh, degrees: float) -> Mesh:
    """The mesh turned about the z axis, counter-clockwise seen from above."""
    return mesh.moved(affine(turn=(0, 0, degrees)))


def gable_roof(
    width: float, depth: float, eaves: float, ridge: float, over: float, thick: float = 0.14
) -> Mesh:
    """Two slopes whose ridge runs along y, standing out over the walls."""
    slope = (ridge - eaves) / (width / 2)
    x, drop = width / 2 + over, over * slope
    outline = [
        (-x, eaves - drop),
        (0, ridge),
        (x, eaves - drop),
        (x, eaves - drop + thick),
        (0, ridge + thick * 1.25),
        (-x, eaves - drop + thick),
    ]
    return extrude(outline, depth + 2 * over)


def mirrored(mesh: Mesh, axis: int = 0) -> Mesh:
    """The mesh in the mirror x = 0 (axis 0) or y = 0 (axis 1)."""
    return mesh.moved(affine(scale=tuple(-1.0 if k == axis else 1.0 for k in range(3))))  # type: ignore[arg-type]


def both(mesh: Mesh, axis: int = 0) -> Mesh:
    """The mesh and its mirror image as one."""
    return joined([mesh, mirrored(mesh, axis)])


def placed(
    parts: Sequence[Part], move: Point = (0, 0, 0), turn: Turn = (0, 0, 0), scale: float = 1.0
) -> list[Part]:
    """The parts scaled, turned (degrees about x, y, z) and moved together."""
    matrix = affine(tuple(move), turn, scale)  # type: ignore[arg-type]
    return [replace(part, mesh=part.mesh.moved(matrix)) for part in parts]


def settled(parts: Sequence[Part], centre: bool = True) -> list[Part]:
    """The parts set down: lowest point at z = 0 and, with `centre`, the plan's middle on the z axis."""
    corners = np.stack([part.mesh.bounds for part in parts])
    low, high = corners[:, 0].min(0), corners[:, 1].max(0)
    middle = (low + high) / 2 if centre else np.zeros(3)
    return placed(parts, (-middle[0], -middle[1], -low[2]))


def front_at(mesh: Mesh, x: float, z: float) -> float:
    """The y where the mesh's front (-y) side lies nearest to (x, z): where lamps and handles sit."""
    facing = mesh.normals[:, 1] < -0.15
    points = mesh.vertices[facing]
    reach = np.hypot(points[:, 0] - x, points[:, 2] - z)
    close = points[np.argsort(reach, kind="stable")[:6]]
    return float(close[:, 1].min())
