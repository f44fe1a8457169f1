"""What can cover any surface: snow, rust, moss ... laid over its own material by upward normals or by noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from anyedit.world.colours import linear
from anyedit.world.fields import noise


@dataclass(frozen=True)
class Finish:
    """adjective: as said of the object. share: of the surface that noise covers; None: what faces up (snow)."""

    name: str
    phrase: str  # "covered in snow"
    colour: tuple[float, float, float]  # sRGB
    second: tuple[float, float, float]
    share: float | None
    roughness: float = 0.9
    metallic: float = 0.0


FINISHES: dict[str, Finish] = {
    finish.name: finish
    for finish in (
        Finish("snow", "covered in snow", (0.95, 0.96, 0.99), (0.88, 0.91, 0.97), None),
        Finish("rust", "rusty", (0.52, 0.24, 0.10), (0.33, 0.13, 0.06), 0.72),
        Finish("moss", "overgrown with moss", (0.25, 0.42, 0.12), (0.14, 0.28, 0.08), 0.68),
        Finish("dust", "covered in dust", (0.66, 0.61, 0.53), (0.55, 0.51, 0.45), 0.8),
        Finish("frost", "covered in frost", (0.84, 0.91, 0.98), (0.72, 0.84, 0.96), 0.72, 0.5),
        Finish("mud", "covered in mud", (0.28, 0.19, 0.11), (0.19, 0.12, 0.07), 0.62, 0.6),
        Finish("gold leaf", "covered in gold leaf", (0.95, 0.72, 0.25), (0.85, 0.58, 0.16), 0.9, 0.25, 0.9),
        Finish("paint splashes", "splashed with paint", (0.92, 0.15, 0.45), (0.10, 0.65, 0.90), 0.42, 0.35),
    )
}


@lru_cache(maxsize=16)
def _picture(name: str) -> Any:
    finish = FINISHES[name]
    mix = noise(f"finish {name} colour", 6, 5)[..., None]
    if name == "paint splashes":
        mix = (mix > 0.5).astype(np.float32)
    return np.asarray(linear(finish.colour) * (1 - mix) + np.asarray(linear(finish.second)) * mix, np.float32)


@lru_cache(maxsize=16)
def _weight(name: str) -> Any:
    share = FINISHES[name].share
    assert share is not None
    field = noise(f"finish {name} cover", 4, 5)
    level = np.quantile(field, 1 - share)
    return np.clip((field - level) / 0.06 + 0.5, 0, 1).astype(np.float32)[..., None]


def covered(bsdf: dict[str, Any], name: str, size: float) -> dict[str, Any]:
    """A Mitsuba BSDF with the finish laid over it; `size` is the object's, in metres."""
    from anyedit.world.materials import bitmap

    finish = FINISHES[name]
    tile = size * 0.6
    cover = {
        "type": "principled",
        "base_color": bitmap(f"finish {name}", lambda: _picture(name), tile),
        "roughness": finish.roughness,
        "metallic": finish.metallic,
    }
    weight: dict[str, Any] = {"type": "mesh_attribute", "name": "vertex_cover"}
    if finish.share is not None:
        weight = bitmap(f"finish {name} weight", lambda: _weight(name), tile)
    return {"type": "blendbsdf", "weight": weight, "below": bsdf, "above": {"type": "twosided", "bsdf": cover}}
