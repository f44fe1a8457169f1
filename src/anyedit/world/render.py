"""From a scene to its picture and everything known about it, by Mitsuba 3 and Open Image Denoise.

The path tracer draws the same random numbers in the same pixel for the same seed, so two scenes that differ in
one thing give pictures that differ only where that thing has influence. `pair.py` builds on that.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.errors import AnyEditError, MissingExtra
from anyedit.world.assemble import Piece, pieces_of
from anyedit.world.colours import linear
from anyedit.world.mesh import Mesh
from anyedit.world.scene import Camera, Scene

SHAPE = "shape-"  # Mitsuba ids of meshes: this and their number; the scene's dictionary gives them
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
    pieces = pieces_of(scene)
    world = _load(scene, pieces, settings, scene.camera)
    seed = scene.seed % 2**32
    noisy = _film(mi.render(world, spp=settings.samples, seed=seed))
    guides = _film(mi.render(world, integrator=_guides(settings.variant), spp=1, seed=seed))
    albedo, normal = (np.ascontiguousarray(guides[..., k : k + 3]) for k in (0, 3))
    if not np.isfinite(noisy).all():
        noisy = np.nan_to_num(noisy, nan=0.0, posinf=0.0, neginf=0.0)
    smooth = denoise(noisy, albedo, normal)
    if scene.camera.aperture:  # ids and depth are those of the pinhole: sharp under a soft picture
        sharp = _load(scene, pieces, settings, scene.camera.but(aperture=0.0))
        guides = _film(mi.render(sharp, integrator=_guides(settings.variant), spp=1, seed=seed))
    depth = np.where(guides[..., 6] > 0, guides[..., 6], np.inf).astype(np.float32)
    radiance = weather.apply(smooth, depth, scene)
    exposure = (
        scene.exposure if scene.exposure is not None else measure_exposure(radiance, light.key_value(scene))
    )
    scene = scene if scene.exposure is not None else scene.but(exposure=exposure)
    return Frame(
        scene=scene,
        noisy=noisy,
        linear=radiance,
        picture=to_bytes(display(radiance * exposure)),
        albedo=albedo,
        normal=normal,
        depth=depth,
        parts=_ids(guides[..., 7], depth, world, pieces),
        names=tuple(piece.name for piece in pieces),
    )


def ids(scene: Scene, settings: RenderSettings) -> tuple[npt.NDArray[np.uint16], tuple[str, ...]]:
    """Only the part ids and their names: a tenth of a render's cost; what layout measures visibility with."""
    mi = mitsuba(settings.variant)
    pieces = pieces_of(scene)
    world = _load(scene, pieces, settings, scene.camera.but(aperture=0.0), lit=False)
    image = _film(mi.render(world, integrator=_geometry(settings.variant), spp=1, seed=scene.seed % 2**32))
    depth = np.where(image[..., 0] > 0, image[..., 0], np.inf)
    return _ids(image[..., 1], depth, world, pieces), tuple(piece.name for piece in pieces)


def item_shares(scene: Scene, size: int = 96, aspect: float = 1.0) -> dict[str, float]:
    """The share of the picture that each item covers, from a small id picture (`aspect` = width / height)."""
    width, height = (round(size * aspect), size) if aspect >= 1 else (size, round(size / aspect))
    image, names = ids(scene, RenderSettings(width, height))
    counts = np.bincount(image.ravel(), minlength=len(names) + 1)[1:] / image.size
    shares = dict.fromkeys((item.id for item in scene.items), 0.0)
    for name, share in zip(names, counts, strict=True):
        shares[name.split("/")[0]] += float(share)
    return shares


def alone_mask(scene: Scene, item: str, settings: RenderSettings) -> npt.NDArray[np.bool_]:
    """bool (H, W): the item's amodal mask, as if nothing stood before it."""
    image, _ = ids(scene.but(items=(scene.item(item).but(on=None),)), settings)
    return image > 0


def denoise(noisy: Floats, albedo: Floats, normal: Floats) -> Floats:
    """Open Image Denoise on linear radiance with clean guides; all float32 (H, W, 3). Same input, same bits."""
    import pyoidn

    return np.asarray(
        pyoidn.denoise(noisy, albedo=albedo, normal=normal, hdr=True, quality="fast"), np.float32
    )


def display(radiance: Floats) -> Floats:
    """Linear radiance -> display values in [0, 1]: a filmic shoulder (Narkowicz 2015), then the sRGB curve."""
    x = np.maximum(radiance, 0)
    x = np.clip(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0, 1)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055).astype(np.float32)


def to_bytes(values: Floats) -> Bytes:
    """[0, 1] floats -> uint8, rounded."""
    return (values * 255 + 0.5).astype(np.uint8)


def measure_exposure(radiance: Floats, key: float) -> float:
    """The gain that brings the mean display value to `key`, by bisection; rounded so that it prints exactly."""
    sample = radiance[::2, ::2]
    low, high = 1e-3, 1e3
    for _ in range(24):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if display(sample * middle).mean() < key else (low, middle)
    return float(f"{(low * high) ** 0.5:.4g}")


@cache
def mitsuba(variant: str = "scalar_rgb") -> Any:
    """Mitsuba with its variant set, one thread: a worker is one process."""
    try:
        import drjit
        import mitsuba as mi
    except ImportError as error:
        raise MissingExtra(f"the world needs Mitsuba 3 and it cannot be imported: {error}") from error
    if variant not in mi.variants():
        raise AnyEditError(f"Mitsuba has no variant '{variant}'; it has {', '.join(mi.variants())}")
    os.environ.setdefault("OIDN_NUM_THREADS", "1")  # read by Open Image Denoise; results do not depend on it
    mi.set_variant(variant)
    drjit.set_thread_count(1)
    mi.set_log_level(mi.LogLevel.Error)
    return mi


def _film(image: Any) -> Floats:
    return np.array(image, dtype=np.float32)


@cache
def _guides(variant: str) -> Any:
    aovs = "albedo:albedo,normal:sh_normal,depth:depth,id:shape_index"
    return mitsuba(variant).load_dict({"type": "aov", "aovs": aovs})


@cache
def _geometry(variant: str) -> Any:
    return mitsuba(variant).load_dict({"type": "aov", "aovs": "depth:depth,id:shape_index"})


def _ids(index: Floats, depth: Floats, world: Any, pieces: list[Piece]) -> npt.NDArray[np.uint16]:
    """Shape index (1 = first shape) -> 1 + position of the piece, 0 for surroundings and sky."""
    numbers = [
        int(shape.id()[len(SHAPE) :]) if shape.id().startswith(SHAPE) else -1 for shape in world.shapes()
    ]
    first = sum(number >= 0 for number in numbers) - len(pieces)  # the surroundings come before the pieces
    table = np.array([0, *(max(0, number - first + 1) for number in numbers)], np.uint16)
    hit = np.isfinite(depth)
    return np.where(hit, table[np.where(hit, np.rint(index), 0).astype(int)], 0).astype(np.uint16)


def _load(
    scene: Scene, pieces: list[Piece], settings: RenderSettings, camera: Camera, lit: bool = True
) -> Any:
    """A Mitsuba scene: surroundings, pieces, lights, camera."""
    from anyedit.world.environments import ENVIRONMENTS

    mi = mitsuba(settings.variant)
    environment = ENVIRONMENTS[scene.environment]
    contents: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": settings.depth},
        "sensor": _sensor(camera, settings),
    }
    shapes: dict[str, tuple[Mesh, Any, str | None, str | None, str | None, float]] = {
        part.name: (part.mesh, part.surface, None, None, None, 1.0) for part in environment.build(scene)
    }
    for piece in pieces:
        shapes[piece.name] = (piece.mesh, piece.surface, piece.finish, piece.text, piece.font, piece.size)
    for index, (name, (mesh, surface, finish, text, font, size)) in enumerate(shapes.items()):
        contents[f"{SHAPE}{index:04d}"] = _shape(
            settings.variant, name, _ByIdentity(mesh), surface, finish, text, font, size, lit
        )
    if lit:
        for name, emitter in environment.lights(scene).items():
            contents[f"light-{name}"] = emitter
    return mi.load_dict(contents, parallel=False, optimize=False)


def _sensor(camera: Camera, settings: RenderSettings) -> dict[str, Any]:
    mi = mitsuba(settings.variant)
    to_world = mi.ScalarTransform4f().look_at(
        origin=list(camera.origin), target=list(camera.target), up=[0, 0, 1]
    )
    sensor = {
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
        sensor |= {"aperture_radius": camera.aperture, "focus_distance": distance}
    else:
        sensor |= {"principal_point_offset_x": camera.shift[0], "principal_point_offset_y": camera.shift[1]}
    return sensor


class _ByIdentity:
    """A mesh as a cache key: the same object, not equal arrays. Holds the mesh, so its identity is not reused."""

    def __init__(self, mesh: Mesh) -> None:
        self.mesh = mesh

    def __hash__(self) -> int:
        return id(self.mesh)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.mesh is self.mesh


@lru_cache(maxsize=1024)
def _shape(
    variant: str,
    name: str,
    held: _ByIdentity,
    surface: Any,
    finish: str | None,
    text: str | None,
    font: str | None,
    size: float,
    lit: bool,
) -> Any:
    """A Mitsuba mesh with its material; the same object serves every scene that shows the piece unchanged."""
    mi = mitsuba(variant)
    mesh = held.mesh
    properties = mi.Properties()
    if lit:
        properties["bsdf"] = mi.load_dict(_material(surface, finish, text, font, size, mesh))
        if surface.glow:
            radiance = [channel * surface.glow for channel in linear(surface.colour)]
            properties["emitter"] = mi.load_dict(
                {"type": "area", "radiance": {"type": "rgb", "value": radiance}}
            )
    shape = mi.Mesh(
        name,
        len(mesh.vertices),
        len(mesh.faces),
        has_vertex_normals=True,
        has_vertex_texcoords=True,
        props=properties,
    )
    if finish and lit:
        shape.add_attribute(
            "vertex_cover", 1, np.clip((mesh.normals[:, 2] - 0.15) / 0.5, 0, 1).astype(np.float32)
        )
    values = mi.traverse(shape)
    values["vertex_positions"] = mesh.vertices.astype(np.float32).ravel()
    values["faces"] = mesh.faces.astype(np.uint32).ravel()
    values["vertex_normals"] = mesh.normals.astype(np.float32).ravel()
    values["vertex_texcoords"] = mesh.uv.astype(np.float32).ravel()
    values.update()
    return shape


def _material(
    surface: Any, finish: str | None, text: str | None, font: str | None, size: float, mesh: Mesh
) -> dict[str, Any]:
    from anyedit.world import labels, materials

    if text is None:
        return materials.bsdf(surface, finish=finish, size=size)
    spans = mesh.bounds[1] - mesh.bounds[0]
    width, height = float(np.hypot(spans[0], spans[1])), float(spans[2])
    if height < 0.02 * width:  # a label lying flat
        width, height = float(max(spans[:2])), float(min(spans[:2]))
    long_side = 384
    scale = long_side / max(width, height)
    paper, ink = surface.colour, surface.second or _contrast(surface.colour)
    image = labels.label_picture(
        text, font, ink, paper, max(16, round(width * scale)), max(16, round(height * scale))
    )
    values = np.array([linear((v, v, v))[0] for v in np.arange(256) / 255], np.float32)[image[::-1]]
    bitmap = {"type": "bitmap", "bitmap": mitsuba().Bitmap(values), "raw": True, "wrap_mode": "clamp"}
    return {"type": "twosided", "bsdf": {"type": "principled", "base_color": bitmap, "roughness": 0.6}}


def _contrast(colour: str | tuple[float, float, float]) -> tuple[float, float, float]:
    """Near-black ink on light paper, near-white on dark."""
    return (0.06, 0.06, 0.08) if sum(linear(colour)) > 0.6 else (0.97, 0.97, 0.95)


def render_parts(parts: list[tuple[Mesh, Any]], settings: RenderSettings) -> Bytes:
    """Some meshes alone on a seamless light ground under a soft light: uint8 (H, W, 3). For samples and references."""
    from anyedit.world.kinds import Surface
    from anyedit.world.mesh import joined
    from anyedit.world.shapes import box

    mi = mitsuba(settings.variant)
    low, high = joined([mesh for mesh, _ in parts]).bounds
    centre, reach = (low + high) / 2, float(np.linalg.norm(high - low))
    eye = centre + reach * np.array([0.55, -1.35, 0.62])
    camera = Camera(
        origin=(float(eye[0]), float(eye[1]), float(eye[2])),
        target=(float(centre[0]), float(centre[1]), float(centre[2])),
        fov=40,
    )
    ground = box((reach * 40, reach * 40, reach), (0, 0, float(low[2]) - reach), 0.01)
    contents: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": settings.depth},
        "sensor": _sensor(camera, settings),
        "sky": {"type": "constant", "radiance": {"type": "rgb", "value": [0.75, 0.78, 0.82]}},
        "lamp": {
            "type": "rectangle",
            "to_world": mi.ScalarTransform4f()
            .look_at(
                origin=list(centre + reach * np.array([-1.6, -1.2, 2.2])), target=list(centre), up=[0, 1, 0]
            )
            .scale(reach * 0.9),
            "emitter": {"type": "area", "radiance": {"type": "rgb", "value": [5.0, 4.8, 4.5]}},
        },
    }
    for index, (mesh, surface) in enumerate([(ground, Surface((0.82, 0.82, 0.80), "matte paint")), *parts]):
        size = float(np.ptp(mesh.vertices, axis=0).max())
        contents[f"{SHAPE}{index:04d}"] = _shape(
            settings.variant, "", _ByIdentity(mesh), surface, None, None, None, size, True
        )
    world = mi.load_dict(contents, parallel=False, optimize=False)
    noisy = _film(mi.render(world, spp=settings.samples, seed=7))
    guides = _film(mi.render(world, integrator=_guides(settings.variant), spp=1, seed=7))
    albedo, normal = (np.ascontiguousarray(guides[..., k : k + 3]) for k in (0, 3))
    smooth = denoise(noisy, albedo, normal)
    return to_bytes(display(smooth * np.float32(measure_exposure(smooth, 0.6))))
