"""What the ray through each pixel meets first: solid, distance, normal, texture coordinates.

All solids are cast at as one mesh without materials, and the triangle's number says whose it is. Mitsuba's
integrator for such values, in its scalar variants, copies the list of shapes for every ray: with the thirty
shapes of a scene it takes half as long as the path tracer, with one shape a tenth of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from anyedit.world.loading import bare_mesh, mitsuba, sensor
from anyedit.world.mesh import ByIdentity, Mesh, joined
from anyedit.world.scene import Camera, Scene
from anyedit.world.solids import Solids

if TYPE_CHECKING:
    from anyedit.world.render import RenderSettings

Floats = npt.NDArray[np.float32]
Meshes = tuple[ByIdentity, ...]


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


@lru_cache(maxsize=12)
def first_hits(meshes: Meshes, camera: Camera, settings: RenderSettings, seed: int) -> FirstHits:
    """The first hits of one ray a pixel; the same seed casts the same rays.

    Remembered: an edit of colour, material or light leaves every mesh the same object, and the hits with it.
    """
    return _target(meshes, settings.variant).seen(camera, settings, seed)


@lru_cache(maxsize=4)  # a few MB each: the layout, the source and a soft camera look at one after another
def _target(meshes: Meshes, variant: str) -> Target:
    return Target(meshes, variant)


class Target:
    """Meshes joined to one, to cast rays at."""

    def __init__(self, meshes: Meshes, variant: str) -> None:
        mi = mitsuba(variant)
        self.variant = variant
        self.ends = np.cumsum([len(one.mesh.faces) for one in meshes])
        whole = bare_mesh(mi, "all", joined([one.mesh for one in meshes]))
        self.loaded = mi.load_dict({"type": "scene", "all": whole}, parallel=False, optimize=False)

    def seen(self, camera: Camera, settings: RenderSettings, seed: int) -> FirstHits:
        """See `first_hits`."""
        mi = mitsuba(self.variant)
        eye = mi.load_dict(sensor(camera, settings))
        values = np.array(
            mi.render(self.loaded, sensor=eye, integrator=_values(self.variant), spp=1, seed=seed), np.float32
        )
        depth = np.where(values[..., 0] > 0, values[..., 0], np.inf).astype(np.float32)
        number = np.searchsorted(self.ends, np.rint(values[..., 1]), side="right")
        solid = np.where(np.isfinite(depth), number, -1).astype(np.int32)
        normal, uv = (np.ascontiguousarray(values[..., low:high]) for low, high in ((2, 5), (5, 7)))
        for shared in (solid, depth, normal, uv):
            shared.flags.writeable = False
        return FirstHits(solid, depth, normal, uv)


def meshes_of(scene: Scene, solids: Solids, variant: str) -> Meshes:
    """What rays meet in a scene: its solids, then the rectangles among its lights: they are seen, too."""
    from anyedit.world.environments import ENVIRONMENTS

    mitsuba(variant)  # lights are said in its terms
    lights = ENVIRONMENTS[scene.environment].lights(scene).values()
    panels = (_panel(_matrix(light)) for light in lights if light["type"] == "rectangle")
    return (*(solid.held for solid in solids.all), *panels)


def _matrix(emitter: dict[str, Any]) -> bytes:
    return np.array(emitter["to_world"].matrix, np.float64).tobytes()


@lru_cache(maxsize=64)
def _panel(matrix: bytes) -> ByIdentity:
    """The square from -1 to 1 under a map, one object for one map."""
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], float)
    faces, upward = np.array([[0, 1, 2], [0, 2, 3]]), np.tile([0.0, 0.0, 1.0], (4, 1))
    flat = Mesh(corners, faces, upward, np.zeros((4, 2)))
    return ByIdentity(flat.moved(np.frombuffer(matrix).reshape(4, 4)))


@cache
def _values(variant: str) -> Any:
    aovs = "depth:depth,triangle:prim_index,normal:sh_normal,uv:uv"
    return mitsuba(variant).load_dict({"type": "aov", "aovs": aovs})
