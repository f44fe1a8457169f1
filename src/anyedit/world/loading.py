"""Mitsuba itself, and a scene as Mitsuba loads it: shapes, lights, camera."""

from __future__ import annotations

import os
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from anyedit.errors import MissingExtra, RecipeError, nearest
from anyedit.world.colours import linear
from anyedit.world.mesh import Mesh
from anyedit.world.scene import Camera, Scene
from anyedit.world.solids import Solid, Solids, bsdf_of

if TYPE_CHECKING:
    from anyedit.world.render import RenderSettings


def mitsuba(variant: str = "scalar_rgb") -> Any:
    """Mitsuba with this variant set, one thread: a worker is one process.

    Raises MissingExtra without Mitsuba, RecipeError for a variant that it lacks or that cannot run here.
    """
    mi = _usable(variant)
    if mi.variant() != variant:
        mi.set_variant(variant)
    return mi


@cache
def _usable(variant: str) -> Any:
    try:
        import drjit
        import mitsuba as mi
    except ImportError as error:
        raise MissingExtra(f"the world needs Mitsuba 3 and it cannot be imported: {error}") from error
    if variant not in mi.variants():
        raise RecipeError(
            f"source.variant: Mitsuba has no '{variant}'{nearest(variant, mi.variants())}; "
            f"it has {', '.join(mi.variants())}"
        )
    os.environ.setdefault("OIDN_NUM_THREADS", "1")  # read by Open Image Denoise; results do not depend on it
    before = mi.variant()
    try:
        mi.set_variant(variant)
        if not variant.startswith("scalar"):
            np.array(mi.Float(0.0) + 1)  # the first use of a device; without one it fails, and only here
    except Exception as error:  # whatever the device says, the recipe's key is what the user can change
        mi.set_variant(before or "scalar_rgb")
        needs = (
            "an NVIDIA GPU and its driver" if variant.startswith("cuda") else "an LLVM that drjit supports"
        )
        cause = " ".join(str(error).split()) or type(error).__name__
        raise RecipeError(
            f"source.variant: '{variant}' needs {needs}, which cannot be used here ({cause[:200]}); "
            "leave the key out, or --set source.variant=scalar_rgb, which runs on any processor"
        ) from error
    drjit.set_thread_count(1)
    mi.set_log_level(mi.LogLevel.Error)
    return mi


def load(scene: Scene, solids: Solids, settings: RenderSettings) -> Any:
    """A Mitsuba scene: surroundings, pieces, lights, camera."""
    from anyedit.world.environments import ENVIRONMENTS

    mi = mitsuba(settings.variant)
    contents: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": settings.depth},
        "sensor": sensor(scene.camera, settings),
    }
    for index, solid in enumerate(solids.all):
        contents[f"shape-{index:04d}"] = shape(settings.variant, solid)
    for name, emitter in ENVIRONMENTS[scene.environment].lights(scene).items():
        contents[f"light-{name}"] = emitter
    return mi.load_dict(contents, parallel=False, optimize=False)


def sensor(camera: Camera, settings: RenderSettings) -> dict[str, Any]:
    """The camera with its film, as a dictionary."""
    mi = mitsuba(settings.variant)
    to_world = mi.ScalarTransform4f().look_at(
        origin=list(camera.origin), target=list(camera.target), up=[0, 0, 1]
    )
    made = {
        "type": "thinlens" if camera.aperture else "perspective",
        "fov": camera.fov,
        "fov_axis": "smaller",
        "to_world": to_world,
        "near_clip": 0.01,
        "far_clip": 5000.0,
        "film": {
            "type": "hdrfilm",
            "width": settings.width,
            "height": settings.height,
            "rfilter": {"type": "box"},
            "pixel_format": "rgb",
            "component_format": "float32",
        },
        "sampler": {"type": "independent"},
    }
    if camera.aperture:
        distance = float(np.linalg.norm(np.subtract(camera.target, camera.origin)))
        made |= {"aperture_radius": camera.aperture, "focus_distance": distance}
    else:
        made |= {"principal_point_offset_x": camera.shift[0], "principal_point_offset_y": camera.shift[1]}
    return made


@lru_cache(maxsize=384)
def shape(variant: str, solid: Solid) -> Any:
    """A Mitsuba mesh with its material; the same object serves every scene that shows the solid unchanged."""
    mi = mitsuba(variant)
    properties = mi.Properties()
    properties["bsdf"] = mi.load_dict(bsdf_of(variant, solid))
    surface = solid.surface
    if surface.glow:
        radiance = [channel * surface.glow for channel in linear(surface.colour)]
        properties["emitter"] = mi.load_dict({"type": "area", "radiance": {"type": "rgb", "value": radiance}})
    made = bare_mesh(mi, solid.name, solid.mesh, properties)
    if solid.finish:
        made.add_attribute("vertex_cover", 1, cover(solid.mesh.normals[:, 2]))
    return made


def bare_mesh(mi: Any, name: str, mesh: Mesh, properties: Any = None) -> Any:
    """The arrays of a mesh as a Mitsuba mesh."""
    more = {"props": properties} if properties is not None else {}
    made = mi.Mesh(
        name,
        len(mesh.vertices),
        len(mesh.faces),
        has_vertex_normals=True,
        has_vertex_texcoords=True,
        **more,
    )
    values = mi.traverse(made)
    arrays = {
        "vertex_positions": np.asarray(mesh.vertices, np.float32),
        "faces": np.asarray(mesh.faces, np.uint32),
        "vertex_normals": np.asarray(mesh.normals, np.float32),
        "vertex_texcoords": np.asarray(mesh.uv, np.float32),
    }
    for key, array in arrays.items():
        if mi.variant().startswith("scalar"):
            # numpy sees the mesh's own memory there; assigning compares and copies number by number, 25 ms a scene
            np.asarray(values[key])[:] = array.ravel()
            values.set_dirty(key)
        else:
            values[key] = array.ravel()
    values.update()
    return made


def cover(upward: Any) -> Any:
    """How much of a finish lies where the normal's z is this: 1 where it faces up; float32."""
    return np.clip((upward - 0.15) / 0.5, 0, 1).astype(np.float32)
