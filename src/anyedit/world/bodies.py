"""What living things share: bones for soft skins, capsules as meshes, eyes, and choosing a colour by a parameter.

Every function works in metres, z up, with the creature's front at -y.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from anyedit.world.blocks import both
from anyedit.world.kinds import Part, Surface
from anyedit.world.mesh import Array, Mesh, joined
from anyedit.world.shapes import Distance, Point, capsule, ellipsoid, lathe

Option = TypeVar("Option")

EYE = Surface((0.025, 0.02, 0.02), "plastic")
GLINT = Surface((0.97, 0.97, 0.97), "plastic")


def chain(points: Sequence[Point], radii: Sequence[float]) -> list[Distance]:
    """Bones along a polyline, one radius a point, for `soft`."""
    steps = zip(points[:-1], points[1:], radii[:-1], radii[1:], strict=True)
    return [capsule(a, b, (first, last)) for a, b, first, last in steps]


def chains(points: Sequence[Point], radii: Sequence[float]) -> list[Distance]:
    """`chain` and its mirror image in x = 0: a pair of legs, ears or arms."""
    return chain(points, radii) + chain([(-p[0], p[1], p[2]) for p in points], radii)


def limb(start: Point, end: Point, radius: float | tuple[float, float], segments: int = 14) -> Mesh:
    """A tapering capsule from `start` to `end`, as a mesh: fingers, arms, stems."""
    first, last = np.broadcast_to(np.asarray(radius, float), 2)
    along = np.asarray(end, float) - np.asarray(start, float)
    length = float(np.linalg.norm(along))
    lower, upper = np.linspace(-90, 0, 4), np.linspace(0, 90, 4)
    profile = [(first * np.cos(np.radians(a)), first * np.sin(np.radians(a))) for a in lower]
    profile += [(last * np.cos(np.radians(a)), length + last * np.sin(np.radians(a))) for a in upper]
    return lathe([(max(r, 0.0), z) for r, z in profile], segments, crease=60).moved(aimed(start, along))


def aimed(at: Point, along: Point) -> Array:
    """The map that takes +z to the direction `along` and the origin to `at`: float (4, 4)."""
    z = np.asarray(along, float) / max(float(np.linalg.norm(along)), 1e-12)
    x = np.cross([0.0, 1.0, 0.0], z) if abs(z[1]) < 0.95 else np.cross([1.0, 0.0, 0.0], z)
    x /= np.linalg.norm(x)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([x, np.cross(z, x), z], 1)
    matrix[:3, 3] = at
    return matrix


def eyes(at: Point, radius: float, surface: Surface = EYE, outward: float = 35.0) -> list[Part]:
    """A pair of dark eyes with glints: `at` is the one at +x, `outward` how far (degrees) they look aside."""
    x, y, z = at
    ball = ellipsoid((radius * 0.86, radius * 0.6, radius), at, (0, 0, outward), detail=2)
    a = np.radians(outward)
    look = np.array([np.sin(a), -np.cos(a), 0.0])
    spot = np.array([x, y, z]) + look * radius * 0.5
    # Both glints sit on the same side: they mirror one lamp.
    glints = [
        ellipsoid(radius * 0.26, (side * spot[0] - radius * 0.26, spot[1], z + radius * 0.36), detail=1)
        for side in (-1, 1)
    ]
    return [Part("eyes", both(ball), surface), Part("glints", joined(glints), GLINT)]


def option(options: Sequence[Option], share: float) -> Option:
    """One of the options by a parameter that is uniform in [0, 1]."""
    return options[min(int(share * len(options)), len(options) - 1)]
