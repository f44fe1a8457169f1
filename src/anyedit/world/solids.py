"""What a scene is made of, one list: surroundings first, then the pieces of the items, each a mesh with its look.

The list is what the renderer loads, what rays are cast at, and what part ids count in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.world.assemble import pieces_of
from anyedit.world.colours import linear
from anyedit.world.kinds import Surface
from anyedit.world.mesh import ByIdentity, Mesh
from anyedit.world.scene import Scene


@dataclass(frozen=True)
class Solid:
    """A mesh and how it looks; equal ones are one Mitsuba shape. size: metres, of the whole thing it belongs to."""

    name: str
    held: ByIdentity
    surface: Surface
    finish: str | None = None
    text: str | None = None
    font: str | None = None
    size: float = 1.0

    @property
    def mesh(self) -> Mesh:
        """The mesh."""
        return self.held.mesh


@dataclass(frozen=True)
class Solids:
    """All solids of a scene; the first `surroundings` of them belong to no item."""

    all: tuple[Solid, ...]
    surroundings: int

    @property
    def names(self) -> tuple[str, ...]:
        """`item/part` of the others, in order."""
        return tuple(solid.name for solid in self.all[self.surroundings :])


def solids_of(scene: Scene) -> Solids:
    """The scene's solids."""
    from anyedit.world.environments import ENVIRONMENTS

    around = [
        Solid(part.name, ByIdentity(part.mesh), part.surface)
        for part in ENVIRONMENTS[scene.environment].build(scene)
    ]
    pieces = [
        Solid(
            piece.name,
            ByIdentity(piece.mesh),
            piece.surface,
            piece.finish,
            piece.text,
            piece.font,
            piece.size,
        )
        for piece in pieces_of(scene)
    ]
    return Solids((*around, *pieces), len(around))


@lru_cache(maxsize=384)
def bsdf_of(variant: str, solid: Solid) -> dict[str, Any]:
    """The material as a dictionary for `mi.load_dict`, its textures already loaded and shared."""
    from anyedit.world import materials

    if solid.text is None:
        return materials.bsdf(solid.surface, finish=solid.finish, size=solid.size)
    return _label(solid)


def _label(solid: Solid) -> dict[str, Any]:
    """Text on paper: a picture over the part's texture coordinates."""
    import mitsuba as mi

    from anyedit.world import labels

    assert solid.text is not None
    spans = solid.mesh.bounds[1] - solid.mesh.bounds[0]
    width, height = float(np.hypot(spans[0], spans[1])), float(spans[2])
    if height < 0.02 * width:  # a label lying flat
        width, height = float(max(spans[:2])), float(min(spans[:2]))
    long_side = 384
    scale = long_side / max(width, height)
    paper = solid.surface.colour
    ink = solid.surface.second or _contrast(paper)
    image = labels.label_picture(
        solid.text, solid.font, ink, paper, max(16, round(width * scale)), max(16, round(height * scale))
    )
    values = _radiance_of_bytes()[image[::-1]]
    bitmap = mi.load_dict({"type": "bitmap", "bitmap": mi.Bitmap(values), "raw": True, "wrap_mode": "clamp"})
    return {"type": "twosided", "bsdf": {"type": "principled", "base_color": bitmap, "roughness": 0.6}}


@cache
def _radiance_of_bytes() -> npt.NDArray[np.float32]:
    """Linear value of each sRGB byte, float32 (256,)."""
    return np.array([linear((v, v, v))[0] for v in np.arange(256) / 255], np.float32)


def _contrast(colour: str | tuple[float, float, float]) -> tuple[float, float, float]:
    """Near-black ink on light paper, near-white on dark."""
    return (0.06, 0.06, 0.08) if sum(linear(colour)) > 0.6 else (0.97, 0.97, 0.95)
