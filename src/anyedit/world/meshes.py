"""The user's own 3D models as kinds: a folder of glTF, GLB or OBJ files with a `models.yaml` beside them.

    - file: chair.glb        # relative to the folder
      name: garden chair     # the noun in captions, singular
      category: furniture
      height: 0.9            # metres (or length: its longest side)
      contexts: [garden, living room]
      colours: [green, white]  # optional: untextured parts may then be painted in the item's colour

Models are scaled to their size, turned so that z is up and the front (glTF: +z) faces -y, centred, and set on the
ground. Textures are kept; colours of vertices, faces and materials become textures or surfaces.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import trimesh
import yaml
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from anyedit.errors import RecipeError, SourceError, nearest
from anyedit.world.colours import COLOURS
from anyedit.world.kinds import Kind, Part, Surface, kinds, register
from anyedit.world.mesh import Array, Mesh, shaded

LISTING = "models.yaml"
MOST_TRIANGLES = 200_000
FORMATS = (".glb", ".gltf", ".obj")
CELL, SIDE = 4, 16  # a palette texture: 16 x 16 cells of 4 pixels, each one colour

_loaded: dict[tuple[str, str], tuple[str, ...]] = {}


class Model(BaseModel):
    """One entry of models.yaml. Lengths in metres, angles in degrees."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    name: str = Field(min_length=1)
    category: str = "object"
    height: float | None = Field(None, gt=0)
    length: float | None = Field(None, gt=0)  # of the longest side
    up: Literal["y", "z"] = "y"
    turn: float = 0.0  # counter-clockwise seen from above, until its front faces the viewer
    contexts: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    material: str = "plastic"  # how untextured and textured parts reflect
    plural: str | None = None


def load_models(folder: str | Path, cache: str | Path) -> tuple[str, ...]:
    """Register a kind for every model of a folder and return their names; a second call does nothing.

    cache: folder for the textures taken out of the models. Raises RecipeError for a bad models.yaml, SourceError
    that names the file for a model that cannot be used.
    """
    folder, cache = Path(folder).resolve(), Path(cache).resolve()
    key = str(folder), str(cache)
    if key not in _loaded:
        taken = set(kinds())
        models = read_listing(folder)
        for model in models:
            if model.name in taken:
                raise RecipeError(
                    f"{folder / LISTING}: a kind named '{model.name}' exists already; choose another name"
                )
            taken.add(model.name)
        made = [kind_from(folder, model, cache) for model in models]  # all, before any is registered
        _loaded[key] = tuple(register(kind).name for kind in made)
    return _loaded[key]


def read_listing(folder: Path) -> tuple[Model, ...]:
    """The entries of a folder's models.yaml, checked."""
    path = folder / LISTING
    try:
        data = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        raise RecipeError(
            f"{folder} has no {LISTING}; list there each model's file, name and height"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RecipeError(f"cannot read {path}: {error}") from None
    entries = data.get("models") if isinstance(data, dict) else data
    if not isinstance(entries, list) or not entries:
        raise RecipeError(f"{path}: expected a list of models, each with file, name and height")
    return tuple(_checked(path, number, entry) for number, entry in enumerate(entries, 1))


def _checked(path: Path, number: int, entry: Any) -> Model:
    where = f"{path}: model {number}"
    try:
        model = Model.model_validate(entry)
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            raise RecipeError(f"{where}: unknown key '{key}'{nearest(key, Model.model_fields)}") from None
        raise RecipeError(f"{where}: {key or 'entry'}: {problem['msg']}") from None
    if (model.height is None) == (model.length is None):
        raise RecipeError(f"{where} ({model.name}): give either height or length, in metres")
    for colour in model.colours:
        if colour not in COLOURS:
            raise RecipeError(
                f"{where} ({model.name}): no colour is named '{colour}'{nearest(colour, COLOURS)}"
            )
    return model


def kind_from(folder: Path, model: Model, cache: Path) -> Kind:
    """The kind of one model; its file is read now."""
    parts = model_parts(folder / model.file, model, cache)
    low = np.min([part.mesh.bounds[0] for part in parts], axis=0)
    high = np.max([part.mesh.bounds[1] for part in parts], axis=0)
    largest = float((high - low).max())

    def build(params: Mapping[str, float], state: str | None) -> list[Part]:
        return parts

    return Kind(
        name=model.name,
        category=model.category,
        build=build,
        colours=model.colours,
        materials=(model.material,),
        scale="tabletop" if largest < 0.6 else "room" if largest < 2.5 else "outdoor",
        contexts=model.contexts,
        plural=model.plural,
    )


def model_parts(path: Path, model: Model, cache: Path) -> list[Part]:
    """The parts of a model file, placed as kinds are: z up, front to -y, centred, resting on z = 0, in metres."""
    pieces = list(_pieces(path))
    placing = _placing(path, np.concatenate([piece.vertices for piece in pieces]), model)
    names: dict[str, int] = {}
    parts = []
    for piece in pieces:
        vertices = np.asarray(piece.vertices, float) @ placing[:3, :3].T + placing[:3, 3]
        faces = np.asarray(piece.faces, int)
        corners = vertices[faces]
        area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
        solid = area > 1e-13  # as `shaded` keeps them
        if not solid.any():
            continue
        welded, index = np.unique(vertices.round(6), axis=0, return_inverse=True)
        mesh = shaded(welded, index.reshape(-1)[faces[solid]])
        surface, uv = _look(piece, solid, model, cache)
        if len(mesh.faces) != int(solid.sum()):
            raise SourceError(
                f"{path}: has triangles too thin to shade; clean the mesh up (merge by distance)"
            )
        name = str(piece.metadata.get("name") or "body").replace("/", "-")
        names[name] = names.get(name, 0) + 1
        name = name if names[name] == 1 else f"{name}-{names[name]}"
        parts.append(
            Part(name, mesh if uv is None else Mesh(mesh.vertices, mesh.faces, mesh.normals, uv), surface)
        )
    if not parts:
        raise SourceError(f"{path}: has no triangle with an area; export the mesh again")
    return parts


def _pieces(path: Path) -> Iterator[trimesh.Trimesh]:
    """The meshes of a file in its own frame, nodes' transforms applied, each with its node's name."""
    if path.suffix.lower() not in FORMATS:
        raise SourceError(f"{path}: not a model file that can be read; use {', '.join(FORMATS)}")
    if not path.is_file():
        raise SourceError(f"{path}: no such model file; correct 'file' in {LISTING}")
    try:
        scene = trimesh.load_scene(path, process=False)
        meshes = []
        for node in sorted(scene.graph.nodes_geometry):
            transform, name = scene.graph[node]
            geometry = scene.geometry[name]
            if isinstance(geometry, trimesh.Trimesh) and len(geometry.faces):
                mesh = geometry.copy()
                mesh.apply_transform(transform)
                mesh.metadata["name"] = name
                meshes.append(mesh)
    except Exception as error:  # trimesh raises whatever its parsers stumble over
        raise SourceError(
            f"{path}: cannot be read as a 3D model ({type(error).__name__}: {error})"
        ) from error
    if not meshes:
        raise SourceError(f"{path}: holds no triangle mesh; export one with faces")
    count = sum(len(mesh.faces) for mesh in meshes)
    if count > MOST_TRIANGLES:
        raise SourceError(
            f"{path}: {count:,} triangles, at most {MOST_TRIANGLES:,} are taken; simplify it first"
        )
    if not all(np.isfinite(mesh.vertices).all() for mesh in meshes):
        raise SourceError(f"{path}: has vertices that are not numbers; export the mesh again")
    yield from meshes


def _placing(path: Path, points: Array, model: Model) -> Array:
    """The map from the file's frame to a kind's, float (4, 4)."""
    turn = np.radians(model.turn)
    about_z = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    upright = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]) if model.up == "y" else np.eye(3)
    linear = about_z @ upright
    turned = points @ linear.T
    low, high = turned.min(0), turned.max(0)
    size = float(high[2] - low[2]) if model.height is not None else float((high - low).max())
    if size <= 1e-9:
        raise SourceError(
            f"{path}: has no {'height' if model.height is not None else 'length'} to scale; check 'up'"
        )
    scale = float(model.height or model.length or 1.0) / size
    placing = np.eye(4)
    placing[:3, :3] = linear * scale
    placing[:3, 3] = -scale * np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    return placing


def _look(
    piece: trimesh.Trimesh, solid: npt.NDArray[np.bool_], model: Model, cache: Path
) -> tuple[Surface | None, Array | None]:
    """The surface of a piece, None when the item paints it, and texture coordinates (3 x solid faces, 2) if any."""
    visual = piece.visual
    faces = np.asarray(piece.faces)[solid]
    uv = getattr(visual, "uv", None)
    if uv is not None and (image := _picture(visual.material)) is not None:
        texture = _stored(image, cache)
        return Surface((1.0, 1.0, 1.0), model.material, texture=texture), np.asarray(uv, float)[
            faces
        ].reshape(-1, 2)
    if model.colours:
        return None, None
    if getattr(visual, "kind", None) in ("face", "vertex"):
        shown = np.asarray(visual.face_colors, np.uint8)[solid][:, :3]
        if len(np.unique(shown, axis=0)) > 1:
            texture, centres = _palette(shown, cache)
            return Surface((1.0, 1.0, 1.0), model.material, texture=texture), np.repeat(centres, 3, axis=0)
        return Surface(_rgb(shown[0]), model.material), None
    material = getattr(visual, "material", None)
    colour = getattr(material, "main_color", None)
    return Surface(_rgb(colour) if colour is not None else (0.6, 0.6, 0.6), model.material), None


def _rgb(colour: Any) -> tuple[float, float, float]:
    r, g, b = (round(float(value) / 255, 4) for value in np.asarray(colour).ravel()[:3])
    return r, g, b


def _picture(material: Any) -> Image.Image | None:
    """The colour texture of a material, tinted by its factor, RGB."""
    image = getattr(material, "baseColorTexture", None)
    if image is None:
        image = getattr(material, "image", None)
    if image is None:
        return None
    image = image.convert("RGB")
    factor = getattr(material, "baseColorFactor", None)
    if factor is not None and not np.allclose(np.asarray(factor)[:3], 255):
        tinted = np.asarray(image, float) * np.asarray(factor, float)[:3] / 255
        image = Image.fromarray(tinted.round().astype(np.uint8))
    return image


def _palette(colours: npt.NDArray[np.uint8], cache: Path) -> tuple[str, Array]:
    """A texture of one cell a colour, and each triangle's cell centre, float (F, 2); at most 256 colours."""
    shown, index = np.unique(colours, axis=0, return_inverse=True)
    index = index.reshape(-1)
    if len(shown) > SIDE * SIDE:
        reduced = Image.fromarray(shown[None]).quantize(SIDE * SIDE, method=Image.Quantize.MEDIANCUT)
        index = np.asarray(reduced)[0][index].astype(int)
        shown = np.asarray(reduced.getpalette(), np.uint8).reshape(-1, 3)
    cells = np.zeros((SIDE * SIDE, 3), np.uint8)
    cells[: len(shown)] = shown[: SIDE * SIDE]
    pixels = np.kron(cells.reshape(SIDE, SIDE, 3), np.ones((CELL, CELL, 1), np.uint8))
    row, column = index // SIDE, index % SIDE
    centres = np.stack([(column + 0.5) / SIDE, 1 - (row + 0.5) / SIDE], 1)
    return _stored(Image.fromarray(pixels), cache), centres


def _stored(image: Image.Image, cache: Path) -> str:
    """The path of the picture in the cache, under a name made of its content; written once, whole or not at all."""
    digest = hashlib.sha256(f"{image.size}".encode() + image.tobytes()).hexdigest()[:20]
    path = cache / f"{digest}.png"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        partial = cache / f".{digest}.{os.getpid()}.png"
        image.save(partial)
        os.replace(partial, path)
    return str(path)
