"""What the ray through each pixel meets first: solid, distance, normal, texture coordinates.

All solids are cast at as one mesh without materials, and the triangle's number says whose it is. Mitsuba's
integrator for such values, in its scalar variants, copies the list of shapes for every ray: with the thirty
shapes of a scene it takes half as long as the path tracer, with one shape a tenth of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from anyedit.world.loading import bare_mesh, mitsuba, sensor
from anyedit.world.mesh import Mesh, joined
from anyedit.world.scene import Camera

if TYPE_CHECKING:
    from anyedit.world.render import RenderSettings

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class FirstHits:
    """All aligned to the pixel, one ray each.

    solid: int32 (H, W), number of the solid, -1 where nothing is hit. depth: float32 (H, W), metres along the
    ray, inf where nothing is hit. normal: float32 (H, W, 3), shading normal in world axes. uv: float32 (H, W, 2).
    """

    solid: npt.NDArray[np.int32]
    depth: Floats
    normal: Floats
    uv: Floats


@dataclass
class Target:
    """Meshes to cast rays at; made once for a scene state, it serves several cameras."""

    meshes: tuple[Mesh, ...]
    variant: str
    _loaded: Any = field(init=False)
    _ends: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        mi = mitsuba(self.variant)
        self._ends = np.cumsum([len(mesh.faces) for mesh in self.meshes])
        whole = bare_mesh(mi, "all", joined(list(self.meshes)))
        self._loaded = mi.load_dict({"type": "scene", "all": whole}, parallel=False, optimize=False)

    def seen(self, camera: Camera, settings: RenderSettings, seed: int) -> FirstHits:
        """The first hits of one ray a pixel; the same seed casts the same rays."""
        mi = mitsuba(self.variant)
        eye = mi.load_dict(sensor(camera, settings))
        values = np.array(
            mi.render(self._loaded, sensor=eye, integrator=_values(self.variant), spp=1, seed=seed),
            np.float32,
        )
        depth = np.where(values[..., 0] > 0, values[..., 0], np.inf).astype(np.float32)
        solid = np.searchsorted(self._ends, np.rint(values[..., 1]), side="right")
        return FirstHits(
            np.where(np.isfinite(depth), solid, -1).astype(np.int32),
            depth,
            values[..., 2:5],
            values[..., 5:7],
        )


def panels(emitters: Iterable[dict[str, Any]]) -> tuple[Mesh, ...]:
    """The rectangles among a scene's lights as meshes: they are seen, though they are no solids."""
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], float)
    found = []
    for emitter in emitters:
        if emitter["type"] == "rectangle":
            matrix = np.array(emitter["to_world"].matrix, float)
            flat = Mesh(
                corners, np.array([[0, 1, 2], [0, 2, 3]]), np.tile([0.0, 0.0, 1.0], (4, 1)), np.zeros((4, 2))
            )
            found.append(flat.moved(matrix))
    return tuple(found)


@cache
def _values(variant: str) -> Any:
    aovs = "depth:depth,triangle:prim_index,normal:sh_normal,uv:uv"
    return mitsuba(variant).load_dict({"type": "aov", "aovs": aovs})
