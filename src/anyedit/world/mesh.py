"""Triangle meshes as the renderer takes them: shading normals by crease angle, texture coordinates in metres."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Reals = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Mesh:
    """A triangle mesh, z up, metres.

    vertices: float (V, 3). faces: int (F, 3), counter-clockwise seen from outside. normals: float (V, 3), unit.
    uv: float (V, 2), in metres when box-projected, in [0, 1] on labels and on the user's own textured models.
    """

    vertices: Reals
    faces: npt.NDArray[np.integer[Any]]
    normals: Reals
    uv: Reals

    @property
    def bounds(self) -> Array:
        """float (2, 3): lowest and highest corner."""
        return bounds_of(self.vertices)

    def moved(self, matrix: Array) -> Mesh:
        """The mesh under an affine map, float (4, 4); normals follow by the inverse transpose."""
        matrix = np.asarray(matrix, self.vertices.dtype)
        linear = matrix[:3, :3]
        normals = self.normals @ np.linalg.inv(linear)
        faces = self.faces if np.linalg.det(linear) > 0 else self.faces[:, ::-1]
        return replace(
            self,
            vertices=self.vertices @ linear.T + matrix[:3, 3],
            normals=normals / np.maximum(lengths(normals), 1e-12)[:, None],
            faces=faces,
        )

    def packed(self) -> Mesh:
        """The same mesh in half the bits, corners that are equal in all kept once: a fifth of the memory."""
        rows = np.concatenate([self.vertices, self.normals, self.uv], axis=1).astype(np.float32) + np.float32(
            0
        )
        keys = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1] * 4)))[:, 0]
        _, first, again = np.unique(keys, return_index=True, return_inverse=True)
        kept = rows[first]
        return Mesh(
            kept[:, :3].copy(), again[self.faces].astype(np.int32), kept[:, 3:6].copy(), kept[:, 6:].copy()
        )


class ByIdentity:
    """A mesh as a cache key: the same object, not equal arrays. Holds the mesh, so its identity is not reused."""

    def __init__(self, mesh: Mesh) -> None:
        self.mesh = mesh

    def __hash__(self) -> int:
        return id(self.mesh)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByIdentity) and other.mesh is self.mesh


def shaded(vertices: Array, faces: npt.NDArray[np.int64], crease: float = 35.0) -> Mesh:
    """A mesh with smooth normals across edges flatter than `crease` degrees and hard ones elsewhere.

    Every triangle gets its own three vertices, so that texture coordinates (box projection along the
    triangle's dominant axis, in metres) may break between triangles.
    """
    vertices = np.asarray(vertices, float)
    faces = np.asarray(faces, int)
    corners = vertices[faces]  # (F, 3, 3)
    weighted = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])  # area-weighted
    area = lengths(weighted)
    keep = area > 1e-14
    if not keep.all():
        faces, corners, weighted, area = faces[keep], corners[keep], weighted[keep], area[keep]
    unit = weighted / area[:, None]
    count = len(faces) * 3
    normals = _smooth(faces.ravel(), unit, weighted, np.cos(np.radians(crease)))
    normals /= np.maximum(lengths(normals), 1e-20)[:, None]
    uv = _box_uv(corners, unit[:, None]).reshape(-1, 2)
    return Mesh(corners.reshape(-1, 3), np.arange(count).reshape(-1, 3), normals, uv)


def _smooth(at: npt.NDArray[np.int64], unit: Array, weighted: Array, least: float) -> Array:
    """For every corner the sum of the weighted normals of those triangles round its vertex that are turned alike.

    at: int (3F,), the corners' vertices. Vertices with as many corners as one another are summed together.
    """
    sums = np.empty((len(at), 3))
    for corners in _rings(at.tobytes()):
        triangles = corners // 3
        directions = unit[triangles]
        alike = directions @ directions.transpose(0, 2, 1) > least
        sums[corners] = alike.astype(float) @ weighted[triangles]
    return sums


@lru_cache(maxsize=128)  # the tubes, balls and boxes of a thing differ in their vertices, not in their faces
def _rings(at: bytes) -> tuple[npt.NDArray[np.int64], ...]:
    """The corners round each vertex, one array (G, valence) for each valence. at: int64 (3F,), see `_smooth`."""
    vertices = np.frombuffer(at, np.int64)
    order = np.argsort(vertices, kind="stable")
    starts = np.flatnonzero(np.diff(vertices[order], prepend=-1))
    counts = np.diff(starts, append=len(vertices))
    return tuple(
        order[starts[counts == valence][:, None] + np.arange(valence)] for valence in np.unique(counts)
    )


def cross(a: Array, b: Array) -> Array:
    """The cross products of rows; a third of numpy's time on short arrays."""
    x, y, z = a.T
    u, v, w = b.T
    return np.stack([y * w - z * v, z * u - x * w, x * v - y * u], 1)


def lengths(vectors: Reals) -> Reals:
    """Of vectors (..., 3); numpy's own sum along so short an axis takes ten times as long, to the same bits."""
    squares = vectors * vectors
    return np.asarray(np.sqrt(squares[..., 0] + squares[..., 1] + squares[..., 2]))


def bounds_of(points: Reals) -> Array:
    """Lowest and highest of each coordinate of points (N, D), as (2, D); a tenth of numpy's time along that axis."""
    rows = np.ascontiguousarray(points.T)
    return np.stack([rows.min(1), rows.max(1)])


def box_uv(points: Array, normals: Array) -> Array:
    """Texture coordinates (N, 2) in metres: each point is projected along its normal's dominant axis."""
    return _box_uv(points, normals)


def _box_uv(points: Array, normals: Array) -> Array:
    """`box_uv` of (..., 3), where one normal may serve several points."""
    axis = np.abs(normals).argmax(-1)
    u = np.where(axis == 0, points[..., 1], points[..., 0])
    v = np.where(axis == 2, points[..., 1], points[..., 2])
    return np.stack([u, v], -1)


def joined(meshes: list[Mesh]) -> Mesh:
    """Several meshes as one."""
    offsets = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.faces + offset for mesh, offset in zip(meshes, offsets, strict=True)]),
        np.concatenate([mesh.normals for mesh in meshes]),
        np.concatenate([mesh.uv for mesh in meshes]),
    )


def affine(
    move: tuple[float, float, float] = (0, 0, 0),
    turn: tuple[float, float, float] = (0, 0, 0),
    scale: float | tuple[float, float, float] = 1.0,
) -> Array:
    """The map that scales, then turns about x, y, z (degrees, in this order), then moves: float (4, 4)."""
    matrix = np.eye(4)
    matrix[:3, 3] = move
    if not np.any(turn):
        matrix[[0, 1, 2], [0, 1, 2]] = scale
        return matrix
    x, y, z = np.radians(turn)
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    matrix[:3, :3] = about_z @ about_y @ about_x @ np.diag(np.broadcast_to(np.asarray(scale, float), 3))
    return matrix
