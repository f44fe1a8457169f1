"""From a scene to its picture and everything known about it, by Mitsuba 3 and Open Image Denoise.

The path tracer draws the same random numbers in the same pixel for the same seed, so two scenes that differ in
one thing give pictures that differ only where that thing has influence. `pair.py` builds on that.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.world.albedo import albedo
from anyedit.world.develop import display, measure_exposure, to_bytes
from anyedit.world.first_hits import FirstHits, first_hits, meshes_of
from anyedit.world.loading import load, mitsuba
from anyedit.world.scene import Camera, Scene
from anyedit.world.solids import Solids, solids_of

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class RenderSettings:
    """How a scene becomes a picture; part of a recipe."""

    width: int = 256  # pixels
    height: int = 256
    samples: int = 4  # paths a pixel, before denoising
    depth: int = 6  # longest path, in segments
    variant: str = "scalar_rgb"  # Mitsuba variant; "cuda_ad_rgb" on an NVIDIA GPU


@dataclass(frozen=True)
class Frame:
    """A rendered scene. All arrays are aligned to the pixel.

    noisy, linear: float32 (H, W, 3), radiance before and after denoising and weather, linear sRGB primaries.
    picture: uint8 (H, W, 3) sRGB. albedo: float32 (H, W, 3). normal: float32 (H, W, 3), world axes.
    depth: float32 (H, W), metres along the ray, inf where nothing is hit.
    parts: uint16 (H, W), 0 = surroundings, k = `names[k - 1]`, an "item/part" name.
    """

    scene: Scene  # with its exposure set
    noisy: Floats
    linear: Floats
    picture: Bytes
    albedo: Floats
    normal: Floats
    depth: Floats
    parts: npt.NDArray[np.uint16]
    names: tuple[str, ...]

    def mask(self, item: str, part: str | None = None) -> npt.NDArray[np.bool_]:
        """bool (H, W): where this item (or one part of it) is seen."""
        wanted = [
            k + 1
            for k, name in enumerate(self.names)
            if name.split("/")[0] == item and (part is None or name.split("/", 1)[1] == part)
        ]
        return np.isin(self.parts, wanted)

    def shares(self) -> dict[str, float]:
        """Share of the picture that each item covers, in [0, 1]."""
        counts = np.bincount(self.parts.ravel(), minlength=len(self.names) + 1)[1:] / self.parts.size
        shares = dict.fromkeys((item.id for item in self.scene.items), 0.0)
        for name, share in zip(self.names, counts, strict=True):
            shares[name.split("/")[0]] += float(share)
        return shares


def render(scene: Scene, settings: RenderSettings | None = None) -> Frame:
    """The scene's picture with depth, normals, albedo and ids.

    A scene without exposure gets one measured so that the picture's mean brightness is the light's own key
    value; the frame's scene carries it, and an edit of that scene keeps it.
    """
    from anyedit.world import light, weather

    settings = settings or RenderSettings()
    mi = mitsuba(settings.variant)
    solids = solids_of(scene)
    world = load(scene, solids, settings)
    seed = scene.seed % 2**32
    noisy = np.array(mi.render(world, spp=settings.samples, seed=seed), np.float32)
    if not np.isfinite(noisy).all():
        noisy = np.nan_to_num(noisy, nan=0.0, posinf=0.0, neginf=0.0)
    meshes = meshes_of(scene, solids, settings.variant)
    soft = first_hits(meshes, scene.camera, settings, seed)
    colours = albedo(soft, solids, settings.variant)
    smooth = denoise(noisy, colours, soft.normal)
    # Ids and depth are those of the pinhole: sharp under a soft picture.
    sharp = first_hits(meshes, _pinhole(scene.camera), settings, seed)
    radiance = weather.apply(smooth, sharp.depth, scene)
    exposure = (
        scene.exposure if scene.exposure is not None else measure_exposure(radiance, light.key_value(scene))
    )
    scene = scene if scene.exposure is not None else scene.but(exposure=exposure)
    return Frame(
        scene=scene,
        noisy=noisy,
        linear=radiance,
        picture=to_bytes(display(radiance * exposure)),
        albedo=colours,
        normal=sharp.normal,
        depth=sharp.depth,
        parts=_parts(sharp, solids),
        names=solids.names,
    )


def ids(scene: Scene, settings: RenderSettings) -> tuple[npt.NDArray[np.uint16], tuple[str, ...]]:
    """Only the part ids and their names: a tenth of a render's cost; what layout measures visibility with."""
    solids = solids_of(scene)
    hits = first_hits(
        meshes_of(scene, solids, settings.variant), _pinhole(scene.camera), settings, scene.seed % 2**32
    )
    return _parts(hits, solids), solids.names


def item_shares(scene: Scene, size: int = 96, aspect: float = 1.0) -> dict[str, float]:
    """The share of the picture that each item covers, from a small id picture (`aspect` = width / height)."""
    width, height = (round(size * aspect), size) if aspect >= 1 else (size, round(size / aspect))
    image, names = ids(scene, RenderSettings(width, height))
    counts = np.bincount(image.ravel(), minlength=len(names) + 1)[1:] / image.size
    shares = dict.fromkeys((item.id for item in scene.items), 0.0)
    for name, share in zip(names, counts, strict=True):
        shares[name.split("/")[0]] += float(share)
    return shares


def denoise(noisy: Floats, colours: Floats, normal: Floats) -> Floats:
    """Open Image Denoise on linear radiance with clean guides; all float32 (H, W, 3). Same input, same bits."""
    smooth = _oidn().denoise(noisy, albedo=colours, normal=normal, hdr=True, quality="fast")
    return np.asarray(smooth, np.float32)


@cache
def _oidn() -> Any:
    """The binding, kept from loading torch, which it looks for: 200 MB and a second in every worker, for nothing."""
    hidden = "torch" not in sys.modules
    if hidden:
        sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        import pyoidn
    finally:
        if hidden:
            del sys.modules["torch"]
    return pyoidn


def _pinhole(camera: Camera) -> Camera:
    return Camera.model_validate(camera.but(aperture=0.0)) if camera.aperture else camera


def _parts(hits: FirstHits, solids: Solids) -> npt.NDArray[np.uint16]:
    """1 + position of the piece that is hit, 0 for surroundings, lights and sky."""
    number = hits.solid - solids.surroundings + 1
    return np.where((number > 0) & (hits.solid < len(solids.all)), number, 0).astype(np.uint16)
