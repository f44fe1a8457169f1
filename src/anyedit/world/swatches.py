"""A material shown alone: a ball and a bevelled block of it under a soft light. For visual prompts and sheets."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.world.develop import display, to_bytes
from anyedit.world.kinds import Surface
from anyedit.world.loading import mitsuba, shape
from anyedit.world.mesh import ByIdentity, Mesh
from anyedit.world.render import denoise
from anyedit.world.shapes import box
from anyedit.world.solids import Solid

BALL = 0.15  # metres: the radius


@cache
def _ball() -> Mesh:
    """A sphere resting on z = 0 whose texture runs round the x axis, so that its poles hide on the limbs."""
    across, round_ = np.meshgrid(np.linspace(0, np.pi, 49), np.linspace(0, 2 * np.pi, 97))
    direction = np.stack(
        [np.cos(across), np.sin(across) * np.cos(round_), np.sin(across) * np.sin(round_)], -1
    )
    normals = direction.reshape(-1, 3)
    uv = np.stack([-across, -round_], -1).reshape(-1, 2) * BALL
    i, j = (a.ravel() for a in np.meshgrid(np.arange(96), np.arange(48), indexing="ij"))
    a, b, c, d = i * 49 + j, i * 49 + j + 1, (i + 1) * 49 + j + 1, (i + 1) * 49 + j
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return Mesh(normals * BALL + [0, 0, BALL], faces, normals, uv)


@cache
def _block() -> Mesh:
    return box((0.24, 0.24, 0.24), bevel=0.02)


def ball(
    surface: Surface, finish: str | None = None, size: int = 256, samples: int = 8
) -> npt.NDArray[np.uint8]:
    """A ball of the surface, filling most of the picture; uint8 (size, size, 3)."""
    return _picture(_ball(), surface, finish, size, samples, (0, -0.95, 0.30), (0, 0, 0.147), 22.5)


def block(
    surface: Surface, finish: str | None = None, size: int = 256, samples: int = 8
) -> npt.NDArray[np.uint8]:
    """A bevelled block of the surface seen from above its corner; uint8 (size, size, 3)."""
    return _picture(_block(), surface, finish, size, samples, (0.62, -0.80, 0.52), (0, 0, 0.105), 24)


def _picture(
    mesh: Mesh,
    surface: Surface,
    finish: str | None,
    size: int,
    samples: int,
    origin: tuple[float, float, float],
    target: tuple[float, float, float],
    fov: float,
) -> npt.NDArray[np.uint8]:
    mi = mitsuba()
    at = mi.ScalarTransform4f

    def lamp(where: list[float], wide: float, high: float, power: list[float]) -> dict[str, Any]:
        turn = at().look_at(origin=where, target=[0, 0, 0.12], up=[0, 0, 1]) @ at().scale([wide, high, 1])
        return {
            "type": "rectangle",
            "to_world": turn,
            "emitter": {"type": "area", "radiance": {"type": "rgb", "value": power}},
        }

    sample = Solid("sample", ByIdentity(mesh), surface, finish, size=0.30)
    scene = mi.load_dict(
        {
            "type": "scene",
            "integrator": {"type": "path", "max_depth": 10},
            "sensor": {
                "type": "perspective",
                "fov": fov,
                "to_world": at().look_at(origin=list(origin), target=list(target), up=[0, 0, 1]),
                "film": {"type": "hdrfilm", "width": size, "height": size, "rfilter": {"type": "box"}},
                "sampler": {"type": "independent"},
            },
            "sample": shape(mi.variant(), sample),
            "floor": {
                "type": "rectangle",
                "to_world": at().scale([3, 3, 1]),
                "bsdf": {"type": "diffuse", "reflectance": {"type": "rgb", "value": [0.30, 0.30, 0.31]}},
            },
            "wall": {
                "type": "rectangle",
                "to_world": at().look_at(origin=[0, 1.6, 1], target=[0, 0, 0.6], up=[0, 0, 1])
                @ at().scale([4, 4, 1]),
                "bsdf": {"type": "diffuse", "reflectance": {"type": "rgb", "value": [0.36, 0.37, 0.39]}},
            },
            "key": lamp([-0.9, -0.9, 1.4], 0.45, 0.45, [11.0, 10.7, 10.2]),
            "fill": lamp([1.5, -0.9, 0.6], 0.25, 0.8, [2.6, 2.7, 2.9]),
            "rim": lamp([0.9, 0.9, 1.2], 0.2, 0.5, [6.0, 6.3, 6.8]),
            "sky": {"type": "constant", "radiance": {"type": "rgb", "value": [0.20, 0.21, 0.23]}},
        },
        parallel=False,  # loaded in parallel, lamps come in any order, and so does the random choice among them
        optimize=False,
    )
    noisy = np.array(mi.render(scene, spp=samples, seed=7), np.float32)[..., :3]
    aovs = mi.load_dict({"type": "aov", "aovs": "albedo:albedo,normal:sh_normal"})
    guides = np.array(mi.render(scene, integrator=aovs, spp=2, seed=7), np.float32)
    smooth = denoise(noisy, guides[..., :3].copy(), guides[..., 3:6].copy())
    return to_bytes(display(smooth * 0.95))
