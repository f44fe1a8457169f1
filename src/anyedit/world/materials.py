"""The materials of the world: physically based, with procedural textures, as Mitsuba BSDF dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from anyedit.errors import AnyEditError, nearest
from anyedit.world import fields, patterns
from anyedit.world.colours import linear
from anyedit.world.finishes import covered
from anyedit.world.kinds import Surface
from anyedit.world.fields import Field

Colour = tuple[float, float, float]
Paint = Callable[[np.ndarray], np.ndarray]  # linear colour (3,) -> tile (N, N, 3), linear


@dataclass(frozen=True)
class Material:
    """A material. paint: makes the colour tile from the base colour; None: one flat colour.

    tile: metres that one texture tile covers (shrunk on small objects). metal: Mitsuba's name of a conductor.
    """

    name: str
    adjective: str  # "wooden"
    takes_colour: bool = True
    usual_colour: str | Colour = "gray"
    paint: Paint | None = None
    tile: float = 0.5
    roughness: float = 0.5
    metallic: float = 0.0
    specular: float = 0.5
    clearcoat: float = 0.0
    sheen: float = 0.0
    metal: str | None = None
    glass: str | None = None  # "dielectric" or "roughdielectric"

    @property
    def phrase(self) -> str:
        """As in "made of ..."."""
        return self.name


def _toned(field: Callable[[], Field], low: float, high: float) -> Paint:
    """The base colour, darker to lighter by a field."""
    return lambda base: np.asarray(base)[None, None] * (low + (high - low) * field()[..., None])


def _mixed(field: Callable[[], Field], other: Colour, amount: float = 1.0) -> Paint:
    """The base colour, and another one where the field is 1."""

    def paint(base: np.ndarray) -> np.ndarray:
        weight = np.clip(field()[..., None] * amount, 0, 1)
        return base * (1 - weight) + np.asarray(linear(other)) * weight

    return paint


def _bricks(rows: int, columns: int, joint: float, name: str, joint_colour: Colour, vary: float = 0.35, shifted: bool = True) -> Paint:
    def paint(base: np.ndarray) -> np.ndarray:
        inside, value = fields.courses(rows, columns, joint, name, shifted)
        grain = 0.9 + 0.2 * fields.noise(name, 16, 4)
        body = base * ((1 - vary / 2 + vary * value) * grain)[..., None]
        return body * inside[..., None] + np.asarray(linear(joint_colour)) * (1 - inside[..., None])

    return paint


def _stones(name: str, count: int, joint: float, joint_colour: Colour) -> Paint:
    def paint(base: np.ndarray) -> np.ndarray:
        _, border, value = fields.cells(name, count)
        inside = np.clip((border - joint) / 0.08, 0, 1)[..., None]
        body = base * ((0.7 + 0.5 * value) * (0.85 + 0.3 * fields.noise(name, 12, 4)))[..., None]
        return body * inside + np.asarray(linear(joint_colour)) * (1 - inside)

    return paint


def _granite(base: np.ndarray) -> np.ndarray:
    _, _, value = fields.cells("granite", 1400)
    return base * (0.45 + 1.0 * value)[..., None]


def _cork(base: np.ndarray) -> np.ndarray:
    _, border, value = fields.cells("cork", 500)
    return base * ((0.65 + 0.5 * value) * np.clip(0.55 + border, 0, 1))[..., None]


def _grass(base: np.ndarray) -> np.ndarray:
    blades = fields.noise("grass blades", 64, 2, 3)
    patches = fields.noise("grass patches", 3, 4)
    straw = np.asarray(linear((0.62, 0.60, 0.25)))
    body = base * (0.35 + 1.1 * blades)[..., None]
    return body * (1 - 0.25 * patches[..., None]) + straw * (0.12 * patches * blades)[..., None]


def _planks(base: np.ndarray) -> np.ndarray:
    inside, value = fields.courses(6, 2, 0.0006, "planks")
    grain = fields.rings("planks", 9).T
    body = base * ((0.72 + 0.4 * value) * (0.78 + 0.3 * grain))[..., None]
    return body * (0.35 + 0.65 * inside[..., None])


def _wood(name: str, dark: float) -> Paint:
    return lambda base: base * (dark + (1.15 - dark) * fields.rings(name)[..., None]) * np.array([1, 0.97, 0.94])


n = fields.noise
MATERIALS: dict[str, Material] = {
    material.name: material
    for material in (
        Material("plastic", "plastic", roughness=0.32),
        Material("rubber", "rubber", roughness=0.75, specular=0.3),
        Material("car paint", "glossy", roughness=0.3, clearcoat=1.0, metallic=0.1),
        Material("matte paint", "painted", roughness=0.85, specular=0.2),
        Material("wood", "wooden", False, (0.66, 0.45, 0.26), _wood("wood", 0.55), 0.5, 0.5),
        Material("dark wood", "dark wooden", False, (0.36, 0.20, 0.11), _wood("dark wood", 0.5), 0.5, 0.42),
        Material("bamboo", "bamboo", False, (0.80, 0.67, 0.38), _wood("bamboo", 0.75), 0.3, 0.45),
        Material("ceramic", "ceramic", roughness=0.18, clearcoat=0.6),
        Material("porcelain", "porcelain", False, (0.95, 0.95, 0.93), roughness=0.08, clearcoat=1.0),
        Material("glass", "glass", False, (0.92, 0.96, 0.96), glass="dielectric"),
        Material("ice", "ice", False, (0.80, 0.92, 0.98), glass="roughdielectric", roughness=0.12),
        Material("gold", "golden", False, (0.95, 0.75, 0.30), metal="Au", roughness=0.14),
        Material("silver", "silver", False, (0.92, 0.92, 0.92), metal="Ag", roughness=0.1),
        Material("copper", "copper", False, (0.88, 0.52, 0.38), metal="Cu", roughness=0.16),
        Material("chrome", "chrome", False, (0.80, 0.82, 0.84), metal="Cr", roughness=0.03),
        Material("aluminium foil", "aluminium foil", False, (0.85, 0.86, 0.88), metal="Al", roughness=0.22),
        Material("brushed metal", "brushed metal", False, (0.62, 0.63, 0.65), _toned(lambda: n("brushed", 96, 2, 24), 0.7, 1.1), 0.3, 0.35, 0.9),
        Material("iron", "iron", False, (0.25, 0.25, 0.27), _toned(lambda: n("iron", 10, 5), 0.7, 1.2), 0.4, 0.5, 0.85),
        Material("steel", "steel", False, (0.56, 0.58, 0.60), roughness=0.28, metallic=0.95),
        Material("marble", "marble", False, (0.93, 0.92, 0.90), _mixed(lambda: fields.veins("marble"), (0.38, 0.40, 0.44), 0.8), 0.8, 0.12),
        Material("stone", "stone", False, (0.55, 0.53, 0.50), _toned(lambda: n("stone", 6, 6), 0.6, 1.2), 0.5, 0.9),
        Material("granite", "granite", False, (0.50, 0.48, 0.48), _granite, 0.25, 0.3),
        Material("brick", "brick", False, (0.62, 0.28, 0.20), _bricks(8, 4, 0.008, "brick", (0.72, 0.70, 0.66)), 0.9, 0.9),
        Material("concrete", "concrete", False, (0.60, 0.60, 0.59), _toned(lambda: n("concrete", 4, 6), 0.78, 1.1), 1.2, 0.9),
        Material("clay", "clay", False, (0.72, 0.40, 0.26), _toned(lambda: n("clay", 6, 4), 0.85, 1.1), 0.4, 0.85),
        Material("leather", "leather", True, "brown", _stones("leather", 900, 0.02, (0.12, 0.07, 0.04)), 0.16, 0.45),
        Material("fabric", "fabric", True, "beige", _toned(lambda: fields.weave(48), 0.7, 1.12), 0.18, 0.95, sheen=0.5),
        Material("denim", "denim", False, (0.17, 0.27, 0.48), _mixed(lambda: fields.weave(64) * n("denim", 8, 4), (0.75, 0.80, 0.88), 0.7), 0.16, 0.95),
        Material("wool", "woollen", True, "white", _toned(lambda: n("wool", 28, 3), 0.6, 1.2), 0.2, 1.0, sheen=0.8),
        Material("velvet", "velvet", True, "crimson", _toned(lambda: n("velvet", 8, 4), 0.75, 1.1), 0.3, 0.9, sheen=1.0),
        Material("paper", "paper", True, (0.95, 0.94, 0.90), _toned(lambda: n("paper", 16, 4), 0.94, 1.02), 0.3, 0.95),
        Material("cardboard", "cardboard", False, (0.72, 0.55, 0.36), _toned(lambda: n("cardboard", 40, 2, 10), 0.86, 1.08), 0.25, 0.95),
        Material("cork", "cork", False, (0.72, 0.53, 0.35), _cork, 0.2, 0.95),
        Material("wax", "wax", True, "ivory", roughness=0.4, specular=0.4, sheen=0.2),
        Material("grass", "grassy", False, (0.30, 0.46, 0.13), _grass, 1.2, 1.0),
        Material("straw", "straw", False, (0.85, 0.70, 0.36), _toned(lambda: n("straw", 64, 2, 16), 0.45, 1.15), 0.3, 0.95),
        Material("foliage", "leafy", True, "green", _toned(lambda: n("foliage", 14, 4), 0.55, 1.3), 0.5, 0.8),
        Material("sand", "sandy", False, (0.86, 0.74, 0.53), _toned(lambda: n("sand", 48, 3) * 0.5 + n("dunes", 4, 3, 1) * 0.5, 0.8, 1.1), 1.0, 1.0),
        Material("snow", "snowy", False, (0.93, 0.95, 0.98), _toned(lambda: n("snow", 5, 5), 0.9, 1.02), 1.5, 0.85),
        Material("water", "water", False, (0.10, 0.25, 0.32), roughness=0.06, specular=0.8, clearcoat=1.0),
        Material("skin", "skin", True, (0.87, 0.66, 0.53), roughness=0.55, specular=0.35),
        Material("fur", "furry", True, "brown", _toned(lambda: n("fur", 48, 3, 4), 0.68, 1.15), 0.35, 1.0, sheen=0.4),
        Material("feathers", "feathered", True, "brown", _toned(lambda: n("feathers", 20, 3, 2), 0.75, 1.15), 0.25, 0.9, sheen=0.3),
        Material("asphalt", "asphalt", False, (0.24, 0.24, 0.25), _toned(lambda: n("asphalt", 64, 2), 0.7, 1.25), 0.9, 0.95),
        Material("soil", "earthen", False, (0.36, 0.26, 0.17), _toned(lambda: n("soil", 20, 5), 0.55, 1.25), 0.8, 1.0),
        Material("wood floor", "parquet", False, (0.66, 0.46, 0.28), _planks, 1.6, 0.4),
        Material("tiles", "tiled", True, (0.88, 0.87, 0.84), _bricks(3, 3, 0.006, "tiles", (0.58, 0.57, 0.55), 0.06, False), 0.9, 0.18),
        Material("carpet", "carpeted", True, "beige", _toned(lambda: n("carpet", 60, 2), 0.72, 1.15), 0.5, 1.0, sheen=0.5),
        Material("plaster", "plastered", True, (0.90, 0.88, 0.84), _toned(lambda: n("plaster", 8, 5), 0.94, 1.03), 1.2, 0.95),
        Material("wallpaper", "papered", True, "beige", roughness=0.9),
        Material("cobblestone", "cobbled", False, (0.50, 0.48, 0.46), _stones("cobbles", 90, 0.12, (0.25, 0.24, 0.22)), 1.4, 0.8),
        Material("gravel", "gravelly", False, (0.60, 0.57, 0.52), _stones("gravel", 700, 0.06, (0.30, 0.27, 0.24)), 0.9, 0.95),
    )
}  # fmt: skip


def material_of(name: str) -> Material:
    """The material of this name; an unknown one names the nearest."""
    if name not in MATERIALS:
        raise AnyEditError(f"no material is named '{name}'{nearest(name, MATERIALS)}")
    return MATERIALS[name]


def bsdf(surface: Surface, finish: str | None = None, size: float = 1.0) -> dict[str, Any]:
    """A Mitsuba BSDF for a surface; `size` (metres) is the object's, and textures shrink on small objects."""
    material = material_of(surface.material)
    base = material.usual_colour if not material.takes_colour else surface.colour
    if base == "body":
        base = material.usual_colour
    made = _look(material, surface, base, size)
    return covered(made, finish, size) if finish else made


def _look(material: Material, surface: Surface, base: str | Colour, size: float) -> dict[str, Any]:
    if surface.texture:
        image = {"type": "bitmap", "filename": surface.texture}
        return {"type": "twosided", "bsdf": {"type": "principled", "base_color": image, "roughness": material.roughness}}
    if material.glass and not surface.pattern:
        tint = {"type": "rgb", "value": list(linear(base))}
        look: dict[str, Any] = {"type": material.glass, "int_ior": 1.31 if material.name == "ice" else 1.5}
        if material.glass == "roughdielectric":
            look["alpha"] = material.roughness
        return look | {"specular_transmittance": tint}
    if material.metal and not surface.pattern:
        return {"type": "twosided", "bsdf": {"type": "roughconductor", "material": material.metal, "alpha": material.roughness}}
    look = {
        "type": "principled",
        "base_color": _colour(material, surface, base, size),
        "roughness": material.roughness,
        "metallic": 0.9 if material.metal else material.metallic,
        "specular": material.specular,
    }
    if material.clearcoat:
        look |= {"clearcoat": material.clearcoat, "clearcoat_gloss": 0.9}
    if material.sheen:
        look |= {"sheen": material.sheen}
    return {"type": "twosided", "bsdf": look}


def _colour(material: Material, surface: Surface, base: str | Colour, size: float) -> dict[str, Any]:
    key = f"{material.name} {base} {surface.pattern} {surface.second}"
    if surface.pattern:
        return bitmap(key, lambda: _printed(material, surface, base), max(size * patterns.TILE, 1e-3))
    if material.paint is None:
        return {"type": "rgb", "value": list(linear(base))}
    paint = material.paint
    return bitmap(key, lambda: paint(np.asarray(linear(base))), min(material.tile, size * 0.9))


def _printed(material: Material, surface: Surface, base: str | Colour) -> np.ndarray:
    """The pattern over the material's own grain."""
    mask = patterns.pattern_mask(str(surface.pattern))[..., None]
    second = np.asarray(linear(surface.second if surface.second is not None else "white"))
    return np.asarray(linear(base)) * (1 - mask) + second * mask


def bitmap(key: str, make: Callable[[], np.ndarray], tile: float) -> dict[str, Any]:
    """A Mitsuba texture that repeats every `tile` metres of uv; the picture is made once for its key."""
    from anyedit.world.render import mitsuba

    mi = mitsuba()
    if key not in _BITMAPS:
        if len(_BITMAPS) > 512:
            _BITMAPS.clear()
        _BITMAPS[key] = mi.Bitmap(np.clip(make(), 0, 0.98).astype(np.float32))
    return {
        "type": "bitmap",
        "bitmap": _BITMAPS[key],
        "raw": True,
        "to_uv": mi.ScalarTransform3f().scale([1 / tile, 1 / tile]),
    }


_BITMAPS: dict[str, Any] = {}  # pure cache: a bitmap depends on its key alone


@lru_cache(maxsize=64)
def swatch(material: str, colour: str = "gray", size: int = 256) -> np.ndarray:
    """A picture of the material alone, uint8 (size, size, 3): a ball and a rounded block on a neutral ground."""
    from anyedit.world.render import RenderSettings, mitsuba, render_parts
    from anyedit.world.shapes import box, ellipsoid

    mitsuba()
    surface = Surface(colour, material)
    parts = [(ellipsoid(0.5, (0.32, -0.25, 0.5), detail=4), surface), (box((0.9, 0.9, 0.9), (-0.45, 0.55, 0), 0.08), surface)]
    return render_parts(parts, RenderSettings(size, size, 16))
