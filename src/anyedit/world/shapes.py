"""The shapes that objects are made of: lathe, sweep, loft, extrusion, booleans, and soft organic bodies.

Every function returns a `Mesh`, z up, metres. `crease` (degrees) is the angle above which an edge stays hard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import manifold3d
import numpy as np
import numpy.typing as npt
import shapely
import trimesh

from anyedit.world.mesh import Array, Mesh, Reals, affine, cross, lengths, shaded

Point = Sequence[float] | Array
Points = Sequence[Point] | Array


def box(size: Point, at: Point = (0, 0, 0), bevel: float | None = None) -> Mesh:
    """A box of `size` (x, y, z) whose bottom centre is `at`, with rounded edges (default 4% of its least side)."""
    half = np.asarray(size, float) / 2
    radius = min(half.min() * 0.08 if bevel is None else bevel, half.min() * 0.98)
    inner = half - radius
    ball = trimesh.creation.icosphere(subdivisions=2, radius=radius).vertices
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * inner
    points = (corners[:, None] + ball[None]).reshape(-1, 3)
    hull = trimesh.convex.convex_hull(points)
    return shaded(hull.vertices + np.asarray(at, float) + [0, 0, half[2]], hull.faces, crease=40)


def lathe(profile: Points, segments: int = 40, crease: float = 35, at: Point = (0, 0, 0)) -> Mesh:
    """A profile of (radius, height) points, from bottom to top along the outside, turned about z.

    End at radius 0 to close it; a profile that turns back inside makes a hollow vessel.
    """
    outline = np.asarray(profile, float)
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], 1)
    vertices = np.concatenate([np.column_stack([ring * r, np.full(segments, h)]) for r, h in outline])
    faces = _tube_faces(len(outline), segments)
    turned = shaded(vertices, faces, crease)
    moved = replace(turned, uv=_wrapped_uv(turned, float(outline[:, 0].max())))
    return moved.moved(affine(tuple(at)))  # type: ignore[arg-type]


def _wrapped_uv(mesh: Mesh, radius: float) -> Array:
    """Texture laid round the z axis, with its one seam at the back (+y); lids and floors keep theirs."""
    corners = mesh.vertices.reshape(-1, 3, 3)
    flat = np.abs(cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]))
    steep = flat[:, 2] < np.hypot(flat[:, 0], flat[:, 1])
    middle = corners.mean(1)
    centre = np.arctan2(middle[:, 0], -middle[:, 1])[:, None]  # 0 at the front
    angle = np.arctan2(corners[..., 0], -corners[..., 1])
    angle = centre + (angle - centre + np.pi) % (2 * np.pi) - np.pi  # no triangle straddles the seam
    around = np.stack([radius * angle, corners[..., 2]], -1)
    return np.where(steep[:, None, None], around, mesh.uv.reshape(-1, 3, 2)).reshape(-1, 2)


def smooth_profile(points: Points, steps: int = 6) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through (radius, height) points: rounder lathes and lofts from few points."""
    p = np.asarray(points, float)
    padded = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    a, b, c, d = (padded[k : len(p) - 1 + k, None] for k in range(4))
    at = np.arange(steps) / steps
    t, square, cube = (np.array([share**power for share in at])[:, None] for power in (1, 2, 3))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * square + (3 * b - a - 3 * c + d) * cube
    )
    return [(max(0.0, r), h) for r, h in [*curve.reshape(-1, 2).tolist(), p[-1].tolist()]]


def cylinder(
    radius: float, height: float, at: Point = (0, 0, 0), bevel: float | None = None, segments: int = 36
) -> Mesh:
    """An upright cylinder with softened rims; `at` is its bottom centre."""
    b = min(radius, height) * 0.06 if bevel is None else min(bevel, radius * 0.9, height * 0.49)
    profile = [(0, 0), (radius - b, 0), (radius - b * 0.3, b * 0.3), (radius, b)]
    profile += [(radius, height - b), (radius - b * 0.3, height - b * 0.3), (radius - b, height), (0, height)]
    return lathe(profile, segments, crease=50, at=at)


def cone(bottom: float, top: float, height: float, at: Point = (0, 0, 0), segments: int = 36) -> Mesh:
    """A (truncated) cone from radius `bottom` to radius `top`; `at` is its bottom centre."""
    return lathe([(0, 0), (bottom, 0), (max(top, 1e-5), height), (0, height)], segments, at=at)


def ellipsoid(
    radii: Point | float, at: Point = (0, 0, 0), turn: tuple[float, float, float] = (0, 0, 0), detail: int = 3
) -> Mesh:
    """An ellipsoid of three radii about its centre `at`, turned about x, y, z (degrees)."""
    ball = _unit_ball(detail)
    scaled = ball.vertices * np.broadcast_to(np.asarray(radii, float), 3)
    matrix = affine(tuple(at), turn)  # type: ignore[arg-type]
    return shaded(scaled @ matrix[:3, :3].T + matrix[:3, 3], ball.faces, crease=80)


@cache
def _unit_ball(detail: int) -> trimesh.Trimesh:
    """An icosphere, made once: objects have hundreds of small balls."""
    return trimesh.creation.icosphere(subdivisions=detail)


def sweep(
    path: Points,
    radius: float | Sequence[float] | Array,
    segments: int = 14,
    flat: float = 1.0,
    closed: bool = False,
) -> Mesh:
    """A round (or, with `flat` < 1, oval) tube along a path of 3D points; `radius` may vary along it."""
    points = np.asarray(path, float)
    radii = np.broadcast_to(np.asarray(radius, float), len(points))
    ahead = np.roll(points, -1, 0) - np.roll(points, 1, 0) if closed else np.gradient(points, axis=0)
    tangents = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
    side = np.cross(tangents[0], [0, 0, 1] if abs(tangents[0][2]) < 0.9 else [1, 0, 0])
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)[:, None]
    along, across = np.cos(angles), flat * np.sin(angles)
    sides = []
    for tangent in tangents:
        side = side - tangent * (side @ tangent)  # parallel transport: no twist along the path
        side /= np.sqrt(side @ side)
        sides.append(side)
    turned = np.array(sides)
    ups = cross(tangents, turned)
    rings = points[:, None] + radii[:, None, None] * (along * turned[:, None] + across * ups[:, None])
    vertices = rings.reshape(-1, 3)
    if closed:
        return _outward(vertices, _tube_faces(len(points), segments, closed), crease=50)
    vertices = np.vstack([vertices, points[0], points[-1]])
    return _outward(vertices, _capped_faces(len(points), segments), crease=50)


def loft(sections: Sequence[Points] | Array, crease: float = 35) -> Mesh:
    """A skin through closed sections, each a ring of 3D points, all with the same number of points; ends closed."""
    rings = np.asarray(sections, float)  # (S, N, 3)
    count, n = rings.shape[:2]
    vertices = np.vstack([rings.reshape(-1, 3), rings[0].mean(0), rings[-1].mean(0)])
    return _outward(vertices, _capped_faces(count, n), crease)


def rounded_ring(
    width: float, depth: float, z: float, roundness: float = 0.5, n: int = 32, at: Point = (0, 0)
) -> Array:
    """A section for `loft`: a superellipse at height z, from rectangle (roundness 0) to ellipse (1)."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    power = 0.16 + 0.84 * roundness
    c, s = np.cos(angle), np.sin(angle)
    x = np.sign(c) * np.abs(c) ** power * width / 2 + at[0]
    y = np.sign(s) * np.abs(s) ** power * depth / 2 + at[1]
    return np.column_stack([x, y, np.full(n, z)])


def extrude(outline: Points, depth: float, at: Point = (0, 0, 0), bevel: float = 0.0) -> Mesh:
    """A polygon of (x, z) points made `depth` thick along y, centred on y = 0, then moved by `at`.

    `bevel` (metres) softens the rims by shrinking the two faces.
    """
    polygon = shapely.Polygon(np.asarray(outline, float)).buffer(0)
    solid = trimesh.creation.extrude_polygon(polygon, depth - 2 * bevel if bevel else depth)
    vertices, faces = solid.vertices.copy(), solid.faces
    if bevel:
        inner = trimesh.creation.extrude_polygon(polygon.buffer(-bevel, join_style="mitre"), depth)
        vertices[:, 2] += bevel
        hull = manifold3d.Manifold.batch_boolean(
            [_solid(vertices, faces), _solid(inner.vertices, inner.faces)], manifold3d.OpType.Add
        ).to_mesh()
        vertices, faces = hull.vert_properties[:, :3].astype(float), hull.tri_verts
    turned = np.column_stack([vertices[:, 0], depth / 2 - vertices[:, 2], vertices[:, 1]])
    return shaded(turned + np.asarray(at, float), faces, crease=30)


def rod(start: Point, end: Point, radius: float | tuple[float, float], segments: int = 14) -> Mesh:
    """A straight round bar between two points, tapering when two radii are given."""
    radii = np.broadcast_to(np.asarray(radius, float), 2)
    a, b = np.asarray(start, float), np.asarray(end, float)
    t = np.array([0, 0.5, 1.0])
    return sweep(a + (b - a) * t[:, None], radii[0] + (radii[1] - radii[0]) * t, segments)


def cut(body: Mesh, *tools: Mesh, crease: float = 35) -> Mesh:
    """`body` with every tool taken away (both closed)."""
    return _boolean([body, *tools], manifold3d.OpType.Subtract, crease)


def fused(*bodies: Mesh, crease: float = 35) -> Mesh:
    """The union of closed bodies as one skin."""
    return _boolean(list(bodies), manifold3d.OpType.Add, crease)


def _boolean(meshes: list[Mesh], operation: manifold3d.OpType, crease: float) -> Mesh:
    solids = [_solid(mesh.vertices, mesh.faces) for mesh in meshes]
    result = manifold3d.Manifold.batch_boolean(solids, operation).to_mesh()
    return shaded(result.vert_properties[:, :3].astype(float), result.tri_verts, crease)


def _solid(vertices: Reals, faces: npt.NDArray[np.integer[Any]]) -> manifold3d.Manifold:
    merged = trimesh.Trimesh(vertices, faces, process=True, merge_norm=True, merge_tex=True)
    solid = manifold3d.Manifold(
        manifold3d.Mesh(np.asarray(merged.vertices, np.float32), np.asarray(merged.faces, np.uint32))
    )
    if solid.status() != manifold3d.Error.NoError or solid.is_empty():
        raise ValueError(f"not a closed solid: {solid.status()}")
    return solid


def _outward(vertices: Array, faces: npt.NDArray[np.int64], crease: float) -> Mesh:
    """Shaded with faces turned so that the enclosed volume is positive."""
    corners = vertices[faces]
    volume = np.einsum("ij,ij->i", corners[:, 0], cross(corners[:, 1], corners[:, 2])).sum()
    return shaded(vertices, faces if volume > 0 else faces[:, ::-1], crease)


@lru_cache(maxsize=256)
def _tube_faces(rings: int, n: int, closed: bool = False) -> npt.NDArray[np.int64]:
    grid = np.meshgrid(np.arange(rings if closed else rings - 1), np.arange(n), indexing="ij")
    i, j = grid[0].ravel(), grid[1].ravel()
    a, b = i * n + j, i * n + (j + 1) % n
    c, d = ((i + 1) % rings) * n + (j + 1) % n, ((i + 1) % rings) * n + j
    faces = np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
    faces.flags.writeable = False  # shared
    return faces


@lru_cache(maxsize=256)
def _capped_faces(rings: int, n: int) -> npt.NDArray[np.int64]:
    """A tube's faces with its two ends closed round one more vertex each, the last two."""
    first, last, base = rings * n, rings * n + 1, (rings - 1) * n
    caps = [[first, (i + 1) % n, i] for i in range(n)]
    caps += [[last, base + i, base + (i + 1) % n] for i in range(n)]
    faces = np.vstack([_tube_faces(rings, n), caps])
    faces.flags.writeable = False  # shared
    return faces


Distance = Callable[[Array], Array]


def capsule(start: Point, end: Point, radius: float | tuple[float, float]) -> Distance:
    """For `soft`: the distance to a round bone from `start` to `end`, tapering when two radii are given."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    first, last = np.broadcast_to(np.asarray(radius, float), 2)

    def distance(points: Array) -> Array:
        along = b - a
        t = np.clip((points - a) @ along / max(float(along @ along), 1e-12), 0, 1)
        return lengths(points - a - t[..., None] * along) - (first + (last - first) * t)

    distance.bounds = np.stack([np.minimum(a, b) - max(first, last), np.maximum(a, b) + max(first, last)])  # type: ignore[attr-defined]
    return distance


def blob(radii: Point | float, at: Point, turn: tuple[float, float, float] = (0, 0, 0)) -> Distance:
    """For `soft`: the (approximate) distance to an ellipsoid about `at`, turned about x, y, z (degrees)."""
    r = np.broadcast_to(np.asarray(radii, float), 3)
    centre, turned = np.asarray(at, float), affine(turn=turn)[:3, :3]

    def distance(points: Array) -> Array:
        local = (points - centre) @ turned
        k0, k1 = lengths(local / r), lengths(local / r**2)
        return k0 * (k0 - 1) / np.maximum(k1, 1e-9)

    distance.bounds = np.stack([centre - r.max(), centre + r.max()])  # type: ignore[attr-defined]
    return distance


def soft(bodies: dict[str, list[Distance]], blend: float, cell: float) -> dict[str, Mesh]:
    """One smooth organic skin over all bodies, returned as one mesh per named group.

    `blend` (metres) is how far neighbouring bodies melt together, `cell` the grid step; each triangle belongs
    to the group whose body is nearest. Surface nets over a sampled smooth minimum of the distances.
    """
    every = [body for group in bodies.values() for body in group]
    low = np.min([body.bounds[0] for body in every], 0) - 2 * cell - blend  # type: ignore[attr-defined]
    high = np.max([body.bounds[1] for body in every], 0) + 2 * cell + blend  # type: ignore[attr-defined]
    axes = [np.arange(a, b + cell, cell) for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), -1)
    field = np.full(grid.shape[:3], np.inf)
    for body in every:  # farther than this from a body, it cannot bend the surface
        first = (body.bounds[0] - blend - 2 * cell - low) / cell  # type: ignore[attr-defined]
        last = (body.bounds[1] + blend + 2 * cell - low) / cell  # type: ignore[attr-defined]
        near = tuple(slice(max(0, int(i)), int(j) + 2) for i, j in zip(first, last, strict=True))
        field[near] = _smooth_min(field[near], body(grid[near]), blend)
    vertices, faces = surface_nets(field)
    vertices = low + vertices * cell
    whole = shaded(vertices, faces, crease=80)
    centres = whole.vertices.reshape(-1, 3, 3).mean(1)
    nearest = np.argmin([np.min([body(centres) for body in group], 0) for group in bodies.values()], 0)
    meshes = {}
    for index, name in enumerate(bodies):
        kept = np.flatnonzero(nearest == index)
        if len(kept):
            at = whole.faces[kept].ravel()
            meshes[name] = Mesh(
                whole.vertices[at], np.arange(len(at)).reshape(-1, 3), whole.normals[at], whole.uv[at]
            )
    return meshes


def _smooth_min(a: Array, b: Array, k: float) -> Array:
    """Quadratic smooth minimum; equals the minimum where a and b differ by more than k."""
    lower = np.minimum(a, b)
    with np.errstate(invalid="ignore"):
        h = np.maximum(k - np.abs(a - b), 0) / k
    return lower - h * h * k / 4


def surface_nets(field: Array) -> tuple[Array, npt.NDArray[np.int64]]:
    """The zero surface of a sampled field (negative inside), in grid units (naive surface nets, Gibson 1998)."""
    inside = field < 0
    shape = np.array(field.shape) - 1
    corner = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    filled = np.zeros(tuple(shape), np.int8)
    for x, y, z in corner:
        filled += inside[x : x + shape[0], y : y + shape[1], z : z + shape[2]]
    cells = np.argwhere((filled > 0) & (filled < 8))
    values = np.stack([field[tuple((cells + c).T)] for c in corner], 1)
    total, hits = np.zeros((len(cells), 3)), np.zeros(len(cells))
    for i in range(8):
        for j in range(i + 1, 8):
            step = np.array(corner[j]) - corner[i]
            if np.abs(step).sum() != 1:
                continue
            a, b = values[:, i], values[:, j]
            crossing = (a < 0) != (b < 0)
            t = np.where(crossing, a / np.where(crossing, a - b, 1), 0)
            total += crossing[:, None] * (np.array(corner[i]) + t[:, None] * step)
            hits += crossing
    vertices = cells + total / hits[:, None]
    index = np.full(shape, -1)
    index[tuple(cells.T)] = np.arange(len(cells))
    faces = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        low = inside.take(range(shape[axis]), axis)
        high = inside.take(range(1, shape[axis] + 1), axis)
        edges = np.argwhere(low != high)
        edges = edges[
            (edges[:, u] > 0) & (edges[:, v] > 0) & (edges[:, u] < shape[u]) & (edges[:, v] < shape[v])
        ]
        du, dv = np.eye(3, dtype=int)[u], np.eye(3, dtype=int)[v]
        quad = np.stack([index[tuple((edges - o).T)] for o in (du + dv, dv, 0 * du, du)], 1)
        outward = low[tuple(edges.T)]
        quad = np.where(outward[:, None], quad, quad[:, ::-1])
        faces += [quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]
    return vertices, np.concatenate(faces)
