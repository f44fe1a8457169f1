"""The simple solids that surroundings are made of: flat-sided, few triangles, built in microseconds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import trimesh

from anyedit.seeds import rng_of
from anyedit.world.mesh import Array, Mesh, affine, box_uv, cross, lengths

Point = Sequence[float] | Array


def faceted(vertices: Array, faces: npt.NDArray[np.int64]) -> Mesh:
    """A mesh of flat triangles with box-projected texture coordinates in metres."""
    corners = np.asarray(vertices, float)[np.asarray(faces, int)]
    normals = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(lengths(normals), 1e-12)[:, None]
    points, each = corners.reshape(-1, 3), np.repeat(normals, 3, axis=0)
    return Mesh(points, np.arange(len(points)).reshape(-1, 3), each, box_uv(points, each))


def rounded(vertices: Array, faces: npt.NDArray[np.int64]) -> Mesh:
    """Like `faceted`, with normals smooth across all edges."""
    flat = faceted(vertices, faces)
    corners = np.asarray(vertices, float)[faces]
    weighted = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros((len(vertices), 3))
    for corner in range(3):
        np.add.at(normals, faces[:, corner], weighted)
    normals /= np.maximum(lengths(normals), 1e-12)[:, None]
    return Mesh(flat.vertices, flat.faces, normals[np.asarray(faces).ravel()], flat.uv)


def grid(points: Array, smooth: bool = True) -> Mesh:
    """A skin over points (M, N, 3); seen from the side where rows x columns turn counter-clockwise."""
    m, n = points.shape[:2]
    i, j = np.meshgrid(np.arange(m - 1), np.arange(n - 1), indexing="ij")
    a = (i * n + j).ravel()
    faces = np.concatenate([np.stack([a, a + n, a + n + 1], 1), np.stack([a, a + n + 1, a + 1], 1)])
    return (rounded if smooth else faceted)(points.reshape(-1, 3), faces)


_CUBE = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)])
_CUBE_FACES = np.array(
    [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1]]
    + [[2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]]
)


def block(size: Point, at: Point = (0, 0, 0), yaw: float = 0) -> Mesh:
    """A sharp box of `size` (x, y, z) whose bottom centre is `at`: 12 triangles."""
    vertices = _CUBE * np.asarray(size, float)
    if yaw:
        vertices = vertices @ affine(turn=(0, 0, yaw))[:3, :3].T
    return faceted(vertices + np.asarray(at, float), _CUBE_FACES)


def slab(low: Point, high: Point) -> Mesh:
    """A sharp box between two corners."""
    a, b = np.asarray(low, float), np.asarray(high, float)
    return block(b - a, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, a[2]))


def quad(a: Point, b: Point, c: Point, d: Point) -> Mesh:
    """A four-cornered face, counter-clockwise seen from its front."""
    return faceted(np.array([a, b, c, d], float), np.array([[0, 1, 2], [0, 2, 3]]))


def sheet(x0: float, y0: float, x1: float, y1: float, z: float = 0) -> Mesh:
    """A level rectangle facing up."""
    return quad((x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z))


def disc(radius: float, at: Point = (0, 0, 0), n: int = 48) -> Mesh:
    """A level round face, facing up."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle), 0 * angle]) * radius
    i = np.arange(n)
    faces = np.column_stack([np.full(n, n), i, (i + 1) % n])
    return faceted(np.vstack([ring, np.zeros(3)]) + np.asarray(at, float), faces)


def puddle(key: str | int, radius: float, at: Point, stretch: float = 1.6) -> Mesh:
    """A level face with an irregular round outline, facing up."""
    rng, n = rng_of("puddle", key), 28
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    reach = np.ones(n)
    for k in (1, 2, 3, 5):
        reach += rng.uniform(-0.2, 0.2) / k * np.cos(k * angle + rng.uniform(0, 6.3))
    ring = np.column_stack([np.cos(angle) * stretch, np.sin(angle), 0 * angle]) * (radius * reach)[:, None]
    i = np.arange(n)
    return faceted(
        np.vstack([ring, np.zeros(3)]) + np.asarray(at, float),
        np.column_stack([np.full(n, n), i, (i + 1) % n]),
    )


def tube(start: Point, end: Point, radius: float | tuple[float, float], n: int = 8) -> Mesh:
    """A round bar between two points, open at its ends, tapering when two radii are given."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    first, last = np.broadcast_to(np.asarray(radius, float), 2)
    along = (b - a) / max(float(np.linalg.norm(b - a)), 1e-9)
    side = np.cross(along, [0.0, 0.0, 1.0] if abs(along[2]) < 0.9 else [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    up = np.cross(along, side)
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)[:, None]
    ring = np.cos(angle) * side + np.sin(angle) * up
    vertices = np.vstack([a + first * ring, b + last * ring])
    i = np.arange(n)
    j = (i + 1) % n
    faces = np.concatenate([np.stack([i, j, j + n], 1), np.stack([i, j + n, i + n], 1)])
    return rounded(vertices, faces)


@lru_cache(maxsize=64)
def lump(seed: int, detail: int = 1, roughness: float = 0.18) -> Mesh:
    """A bumpy ball of radius about 1 about the origin: crowns, bushes, rocks."""
    ball = trimesh.creation.icosphere(subdivisions=detail)
    rng = rng_of("lump", seed)
    directions = rng.normal(size=(14, 3))
    directions *= rng.uniform(1.5, 4.5, (14, 1)) / np.linalg.norm(directions, axis=1, keepdims=True)
    waves = np.sin(ball.vertices @ directions.T + rng.uniform(0, 6.3, 14)).mean(1) * 2.2
    return rounded(ball.vertices * (1 + roughness * waves)[:, None], np.asarray(ball.faces))


def placed(mesh: Mesh, at: Point, scale: float | tuple[float, float, float] = 1, yaw: float = 0) -> Mesh:
    """The mesh scaled, turned about z (degrees) and moved, its texture coordinates scaled with it."""
    moved = mesh.moved(affine(tuple(at), (0, 0, yaw), scale))
    return Mesh(moved.vertices, moved.faces, moved.normals, moved.uv * float(np.max(scale)))
