"""What several country things share."""

from __future__ import annotations

import numpy as np
import trimesh

from anyedit.world.mesh import Mesh, shaded


def rough(
    radii: tuple[float, float, float], seed: float, amount: float, detail: int = 3, crease: float = 30.0
) -> Mesh:
    """A stone: an ellipsoid cut by planes and waved; its form follows from `seed` alone."""
    ball = trimesh.creation.icosphere(subdivisions=detail)
    v = np.asarray(ball.vertices)
    for k in range(14):  # flat facets: everything beyond a plane is drawn back onto it
        a, z = k * 2.399 + seed, 1 - 2 * ((k + 0.5) / 14)
        normal = np.array([np.sqrt(1 - z * z) * np.cos(a), np.sqrt(1 - z * z) * np.sin(a), z])
        beyond = np.maximum(v @ normal - (0.86 - 0.1 * np.sin(seed * 3 + k * 1.7)), 0)
        v = v - beyond[:, None] * normal
    wave = np.sin(v @ np.array([3.1, 1.7, 2.3]) + seed) + 0.6 * np.sin(
        v @ np.array([-4.3, 5.1, 1.9]) + 2 * seed
    )
    v = v * (1 + amount * wave)[:, None]
    return shaded(v * np.asarray(radii), np.asarray(ball.faces), crease)


def grounded(mesh: Mesh, low: float) -> Mesh:
    """The mesh flattened against the plane z = `low`."""
    vertices = mesh.vertices.copy()
    vertices[:, 2] = np.maximum(vertices[:, 2], low)
    return Mesh(vertices, mesh.faces, mesh.normals, mesh.uv)
