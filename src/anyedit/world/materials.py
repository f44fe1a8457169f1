"""What things are made of: each material as a Mitsuba BSDF with its own texture, bump and gloss.

Texture coordinates are metres (`anyedit.world.mesh`), so a texture has the size it has in life; on things much
smaller or larger than its tile it is scaled to stay readable in the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.errors import AnyEditError, nearest
from anyedit.world import finishes, paints, patterns
from anyedit.world.colours import linear
from anyedit.world.kinds import Surface
from anyedit.world.paints import Image, Paint, Relief

Rgb = tuple[float, float, float]
Bsdf = dict[str, Any]
Gloss = tuple[tuple[str, float], ...]  # parameters of Mitsuba's `principled`
Tile = tuple[float, float, float]  # metres, least and most share of the object's size


@dataclass(frozen=True)
class Material:
    """One material.

    phrase: "made of {phrase}". takes_colour: an item's named colour tints it; otherwise a name is ignored and
    `usual_colour` shown (an sRGB triple is always honoured: it says which oak, which brick). tile: metres that
    one texture tile covers, kept under `most` shares of the object's size and enlarged towards `least` shares,
    at most twofold: a person's knitted sweater shows its stitches, a tiny one too.
    """

    name: str
    phrase: str
    adjective: str
    takes_colour: bool
    usual_colour: str | Rgb
    paint: Paint | None = None  # None: one even colour
    gloss: Gloss = ()
    tile: float = 0.3
    least: float = 0.0
    most: float = 0.9
    side: int = 256  # pixels of the texture
    bump: Relief | None = None
    depth: float = 0.0  # metres of relief per unit of bump at the usual tile
    build: Callable[[Rgb], Bsdf] | None = None  # for what `principled` cannot say


# Transparent things.


def _glass(colour: Rgb) -> Bsdf:
    peak = max(colour)
    tint = (
        [float((0.15 + 0.85 * c / peak) ** 0.25) for c in colour]
        if max(colour) - min(colour) > 0.02
        else [0.985] * 3
    )
    return {
        "type": "dielectric",
        "int_ior": 1.45,
        "specular_transmittance": {"type": "rgb", "value": tint},
        "specular_reflectance": {"type": "rgb", "value": [1.0, 1.0, 1.0]},
    }


def _ice(colour: Rgb) -> Bsdf:
    return {
        "type": "roughdielectric",
        "distribution": "ggx",
        "alpha": 0.12,
        "int_ior": 1.31,
        "specular_transmittance": {"type": "rgb", "value": [0.80, 0.93, 0.985]},
    }


# The table.


def _gloss(roughness: float, specular: float = 0.5, **more: float) -> Gloss:
    return (("roughness", roughness), ("specular", specular), *more.items())


def _metal(roughness: float, **more: float) -> Gloss:
    return (("metallic", 1.0), ("roughness", roughness), *more.items())


def _row(
    name: str,
    adjective: str,
    colour: str | Rgb,
    look: Gloss,
    paint: Paint | None = None,
    tile: Tile = (0.3, 0.0, 0.9),
    relief: tuple[Relief | None, float] = (None, 0.0),
    phrase: str | None = None,
    takes: bool = False,
    side: int = 256,
    build: Callable[[Rgb], Bsdf] | None = None,
) -> Material:
    return Material(name, phrase or name, adjective, takes, colour, paint, look, *tile, side, *relief, build)


# Colours of metals follow their measured reflectance at normal incidence, a little more saturated: the display
# curve bleaches what is bright.
# fmt: off
_ROWS = (
    _row("plastic", "plastic", "gray", _gloss(0.30), takes=True),
    _row("rubber", "rubber", "charcoal", _gloss(0.62, 0.35), takes=True),
    _row("wood", "wooden", (0.70, 0.50, 0.31), _gloss(0.45, 0.4), paints.wood(0.9), (0.42, 0, 0.9)),
    _row("dark wood", "dark wooden", (0.37, 0.24, 0.155), _gloss(0.36, 0.45), paints.wood(0.8), (0.42, 0, 0.9)),
    _row("bamboo", "bamboo", (0.76, 0.65, 0.42), _gloss(0.38, 0.45), paints.bamboo, (0.32, 0, 0.8)),
    _row("ceramic", "ceramic", "white", _gloss(0.14, 0.6, clearcoat=0.6, clearcoat_gloss=0.95), takes=True),
    _row("porcelain", "porcelain", (0.95, 0.95, 0.93), _gloss(0.07, 0.65, clearcoat=1, clearcoat_gloss=1), takes=True),
    _row("glass", "glass", "white", (), takes=True, build=_glass),
    _row("ice", "ice", (0.85, 0.94, 0.98), (), None, (0.2, 0, 0.9), (paints.rough, 0.0012), build=_ice),
    _row("gold", "golden", (1.0, 0.80, 0.40), _metal(0.16)),
    _row("silver", "silver", (0.95, 0.93, 0.88), _metal(0.12)),
    _row("copper", "copper", (0.94, 0.60, 0.44), _metal(0.18), None, (0.25, 0, 0.8), (paints.hammered, 0.0025)),
    _row("chrome", "chrome", (0.86, 0.87, 0.88), _metal(0.03)),
    _row("aluminium foil", "foil-covered", (0.91, 0.92, 0.93), _metal(0.16), None, (0.25, 0.5, 0.9),
         (paints.crumpled, 0.012)),
    _row("brushed metal", "brushed metal", (0.75, 0.76, 0.77), _metal(0.28, anisotropic=0.7), paints.brushed),
    _row("iron", "iron", (0.33, 0.33, 0.34), _metal(0.46), paints.iron, relief=(paints.rough, 0.0005)),
    _row("steel", "steel", (0.64, 0.66, 0.69), _metal(0.24)),
    _row("marble", "marble", (0.93, 0.92, 0.90), _gloss(0.10, 0.55), paints.marble, (0.7, 0, 0.9)),
    _row("stone", "stone", (0.60, 0.58, 0.54), _gloss(0.85, 0.3), paints.stone, (0.6, 0.4, 1.2),
         (paints.stone_relief, 0.006)),
    _row("granite", "granite", (0.62, 0.58, 0.56), _gloss(0.20, 0.55), paints.granite, (0.25, 0.4, 0.9)),
    _row("brick", "brick", (0.58, 0.29, 0.22), _gloss(0.9, 0.2), paints.brick, (0.95, 0.45, 0.75),
         (paints.brick_relief, 0.008)),
    _row("concrete", "concrete", (0.62, 0.61, 0.59), _gloss(0.85, 0.3), paints.concrete, (1.0, 0.4, 1.2)),
    _row("clay", "clay", (0.68, 0.40, 0.29), _gloss(0.80, 0.25), paints.clay, (0.5, 0, 1.2)),
    _row("leather", "leather", "brown", _gloss(0.40, 0.5), paints.leather, (0.11, 0.6, 0.65),
         (paints.leather_relief, 0.0013), takes=True),
    _row("fabric", "fabric", "beige", _gloss(0.9, 0.15, sheen=0.35), paints.fabric, (0.10, 0.42, 0.5),
         (paints.weave_relief, 0.0012), takes=True),
    _row("denim", "denim", (0.17, 0.25, 0.42), _gloss(0.9, 0.15, sheen=0.2), paints.denim, (0.08, 0.42, 0.5)),
    _row("wool", "woollen", "beige", _gloss(0.95, 0.1, sheen=0.6), paints.wool, (0.12, 0.62, 0.7),
         (paints.knit_relief, 0.003), takes=True),
    _row("velvet", "velvet", "crimson", _gloss(0.75, 0.1, sheen=1, sheen_tint=0.7), paints.velvet, (0.4, 0, 0.9),
         takes=True),
    _row("paper", "paper", "white", _gloss(0.85, 0.2), paints.paper, (0.2, 0, 0.9), takes=True),
    _row("cardboard", "cardboard", (0.68, 0.54, 0.39), _gloss(0.9, 0.15), paints.cardboard, (0.25, 0, 0.8)),
    _row("cork", "cork", (0.70, 0.53, 0.37), _gloss(0.9, 0.15), paints.cork, (0.12, 0.6, 0.9)),
    _row("wax", "waxen", "ivory", _gloss(0.35, 0.4, flatness=0.6, sheen=0.2), paints.wax, takes=True),
    _row("grass", "grassy", (0.29, 0.42, 0.17), _gloss(0.85, 0.2), paints.grass, (0.8, 0.4, 1.0)),
    _row("straw", "straw", (0.78, 0.66, 0.40), _gloss(0.75, 0.3), paints.straw, (0.4, 0.3, 0.9)),
    _row("foliage", "leafy", (0.22, 0.40, 0.15), _gloss(0.6, 0.35), paints.foliage, (0.7, 0, 0.9),
         phrase="leaves", takes=True),
    _row("sand", "sandy", (0.82, 0.71, 0.54), _gloss(0.95, 0.1), paints.sand, (1.2, 0.4, 1.4),
         (paints.sand_relief, 0.008)),
    _row("snow", "snowy", (0.94, 0.96, 0.98), _gloss(0.75, 0.3), paints.snow, (1.0, 0, 1.2), (paints.drifts, 0.006)),
    _row("water", "watery", (0.17, 0.35, 0.42), _gloss(0.04, 0.6), None, (2.0, 0, 1.8), (paints.ripples, 0.012)),
    _row("skin", "skin-covered", (0.88, 0.66, 0.54), _gloss(0.48, 0.4, flatness=0.5), paints.skin, (0.5, 0, 0.9),
         phrase="skin", takes=True),
    _row("fur", "furry", (0.55, 0.38, 0.24), _gloss(0.85, 0.15, sheen=0.5, sheen_tint=0.6), paints.fur,
         (0.35, 0.35, 0.8), takes=True),
    _row("feathers", "feathered", (0.72, 0.66, 0.58), _gloss(0.7, 0.25, sheen=0.3), paints.feathers,
         (0.25, 0.5, 0.9), takes=True),
    _row("car paint", "lacquered", "red", _gloss(0.32, 0.6, metallic=0.25, clearcoat=1, clearcoat_gloss=0.98),
         paints.flakes, (0.15, 0, 0.9), takes=True),
    _row("matte paint", "matte", "white", _gloss(0.85, 0.2), takes=True),
    _row("asphalt", "asphalt", (0.30, 0.30, 0.31), _gloss(0.85, 0.3), paints.asphalt, (1.2, 0.3, 1.2), side=512),
    _row("soil", "earthen", (0.36, 0.26, 0.19), _gloss(0.95, 0.1), paints.soil, (1.2, 0.4, 1.2), side=512),
    _row("wood floor", "planked", (0.62, 0.46, 0.31), _gloss(0.32, 0.45), paints.wood_floor, (1.6, 0.5, 1.6),
         phrase="floorboards", side=512),
    _row("tiles", "tiled", (0.88, 0.87, 0.84), _gloss(0.16, 0.55), paints.tiles, (0.8, 0.4, 0.9), takes=True),
    _row("carpet", "carpeted", (0.60, 0.55, 0.50), _gloss(0.95, 0.1, sheen=0.4), paints.carpet, (0.5, 0.3, 0.9),
         takes=True),
    _row("plaster", "plastered", (0.92, 0.90, 0.86), _gloss(0.9, 0.15), paints.plaster, (1.0, 0, 1.2), takes=True),
    _row("wallpaper", "wallpapered", "beige", _gloss(0.8, 0.2), paints.wallpaper, (0.5, 0.2, 0.55), takes=True),
    _row("cobblestone", "cobbled", (0.50, 0.48, 0.46), _gloss(0.6, 0.4), paints.cobblestone, (1.0, 0.5, 1.1),
         (paints.cobble_relief, 0.02), phrase="cobblestones", side=512),
    _row("gravel", "gravelly", (0.60, 0.57, 0.53), _gloss(0.85, 0.3), paints.gravel, (1.1, 0.4, 1.1), side=512),
)
# fmt: on
MATERIALS: dict[str, Material] = {material.name: material for material in _ROWS}


def material_of(name: str) -> Material:
    """The material of this name; an unknown one names the nearest."""
    if name not in MATERIALS:
        raise AnyEditError(f"no material is named '{name}'{nearest(name, MATERIALS)}")
    return MATERIALS[name]


def shown_colour(colour: str | Rgb, material: Material) -> Rgb:
    """The linear colour in which the material shows when asked for `colour`."""
    natural = isinstance(colour, str) and not material.takes_colour
    return linear(material.usual_colour if natural else colour)


def bsdf(surface: Surface, finish: str | None = None, size: float = 1.0) -> Bsdf:
    """A Mitsuba BSDF for `mi.load_dict`.

    size: the object's characteristic size in metres, to which textures and patterns are scaled. With a
    `finish`, the mesh needs the float vertex attribute "vertex_cover". Glow is the caller's business.
    Raises AnyEditError for an unknown material, pattern or finish.
    """
    material = material_of(surface.material)
    if surface.texture:
        body = _principled(_picture(surface.texture), material.gloss if not material.build else ())
    else:
        body = _body(material, shown_colour(surface.colour, material), size)
        if surface.pattern:
            second = shown_colour(surface.second or _contrast(surface.colour), material)
            if material.takes_colour and not material.build:
                other = _body(material, second, size)
            else:  # painted on
                paint = MATERIALS["matte paint"]
                other = _body(paint, shown_colour(surface.second or _contrast(surface.colour), paint), size)
            pattern = patterns.PATTERNS.get(surface.pattern)
            tile = (pattern.tile if pattern else 0.4) * size
            body = {
                "type": "blendbsdf",
                "weight": _weight("pattern", surface.pattern, tile),
                "bsdf_0": body,
                "bsdf_1": other,
            }
    if finish:
        body = _covered(body, finish, size)
    return body if material.build and not surface.texture else {"type": "twosided", "bsdf": body}


def _covered(body: Bsdf, finish: str, size: float) -> Bsdf:
    for layer in finishes.finish_of(finish).layers:
        material = material_of(layer.surface.material)
        cover = _body(material, shown_colour(layer.surface.colour, material), size)
        if layer.patches:
            weight = _weight("finish", layer.patches, layer.tile * size)
            cover = {"type": "blendbsdf", "weight": weight, "bsdf_0": body, "bsdf_1": cover}
        if layer.lying:  # Mitsuba clips the weight to [0, 1]
            weight = {"type": "mesh_attribute", "name": "vertex_cover", "scale": layer.lying}
            cover = {"type": "blendbsdf", "weight": weight, "bsdf_0": body, "bsdf_1": cover}
        body = cover
    return body


def _contrast(colour: str | Rgb) -> str:
    return "white" if sum(linear(colour)) < 1.2 else "charcoal"


def _body(material: Material, colour: Rgb, size: float) -> Bsdf:
    tile = tile_on(material, size)
    if material.build:
        inner = material.build(colour)
    elif material.paint:
        inner = _principled(_texture(material.name, colour, tile), material.gloss)
    else:
        inner = _principled({"type": "rgb", "value": list(colour)}, material.gloss)
    if material.bump is None:
        return inner
    return {
        "type": "bumpmap",
        "arbitrary": _relief(material.name, tile),
        "scale": material.depth * tile / material.tile,
        "bsdf": inner,
    }


def tile_on(material: Material, size: float) -> float:
    """Metres of a texture tile on an object of this size, in steps of sqrt(2) so that objects share textures."""
    tile = min(max(material.tile, min(material.least * size, 2 * material.tile)), material.most * size)
    return float(material.tile * 2 ** (round(2 * np.log2(tile / material.tile)) / 2))


def _principled(colour: Any, gloss: Gloss) -> Bsdf:
    return {"type": "principled", "base_color": colour, **dict(gloss)}


# Textures as Mitsuba objects, shared by all shapes that show them.


def _loaded(image: npt.NDArray[np.float32], tile: float) -> Any:
    import mitsuba as mi

    turn = mi.ScalarTransform3f().scale([1 / tile, 1 / tile])
    # Half precision halves the memory; relief and reflectance need no more. Mitsuba converts in a tenth of numpy's time.
    pixels = mi.Bitmap(image).convert(component_format=mi.Struct.Type.Float16, srgb_gamma=False)
    return mi.load_dict({"type": "bitmap", "bitmap": pixels, "raw": True, "to_uv": turn})


def _variant() -> str:
    import mitsuba as mi

    return str(mi.variant())


def _texture(name: str, colour: Rgb, tile: float) -> Any:
    return _texture_cached(_variant(), name, colour, tile)


def _relief(name: str, tile: float) -> Any:
    return _weight_cached(_variant(), "relief", name, tile)


def _weight(family: str, name: str, tile: float) -> Any:
    return _weight_cached(_variant(), family, name, float(f"{tile:.3g}"))


@lru_cache(maxsize=128)
def _texture_cached(variant: str, name: str, colour: Rgb, tile: float) -> Any:
    return _loaded(texture(name, colour), tile)


@lru_cache(maxsize=96)
def _weight_cached(variant: str, family: str, name: str, tile: float) -> Any:
    if family == "pattern":
        values = patterns.draw(name)
    elif family == "finish":
        values = finishes.patches(name)
    else:
        material = MATERIALS[name]
        assert material.bump is not None
        values = material.bump(material.side)
    return _loaded(values[..., None], tile)


@lru_cache(maxsize=8)  # what is shown is kept as Mitsuba has it
def texture(name: str, colour: Rgb) -> Image:
    """The texture of a material in a linear colour, float32 (n, n, 3), linear reflectance."""
    paint = material_of(name).paint
    if paint is None:
        return np.broadcast_to(np.asarray(colour, np.float32), (1, 1, 3)).copy()
    image = paint(np.asarray(colour, np.float32))
    # Gaps and furrows darken a texture: bring it back to the brightness that was asked for.
    gain = float(np.clip(np.mean(colour) / max(float(image.mean()), 1e-6), 0.9, 1.5))
    return np.minimum(image * gain, 0.95).astype(np.float32)  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _picture(path: str) -> Any:
    """A user's picture as base colour; Mitsuba's row 0 lies at v = 0, a picture's at v = 1."""
    import mitsuba as mi
    from PIL import Image as Pillow

    with Pillow.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"))[::-1].copy()
    return mi.load_dict({"type": "bitmap", "bitmap": mi.Bitmap(pixels), "raw": False})


@lru_cache(maxsize=128)
def swatch(material: str, colour: str | Rgb | None = None, size: int = 256) -> npt.NDArray[np.uint8]:
    """A picture of the material alone: a ball of it on a neutral sweep, uint8 (size, size, 3). Deterministic."""
    from anyedit.world.kept import kept
    from anyedit.world.swatches import ball

    surface = Surface(colour if colour is not None else material_of(material).usual_colour, material)
    return kept(f"ball of {surface} {size} px {_variant()}", lambda: ball(surface, None, size))
