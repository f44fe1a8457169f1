"""From items to pieces: every part of every item as a placed mesh with the surface that it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from anyedit.world.footprints import item_matrix
from anyedit.world.kinds import Part, Surface, parts_of
from anyedit.world.mesh import ByIdentity, Mesh
from anyedit.world.scene import Item, Scene


@dataclass(frozen=True)
class Piece:
    """One part of one item, placed in the world."""

    item: str  # id of the item
    part: str
    mesh: Mesh
    surface: Surface
    finish: str | None = None
    text: str | None = None  # drawn on the piece when it is the item's label
    font: str | None = None
    size: float = 1.0  # characteristic size of the whole item in metres

    @property
    def name(self) -> str:
        """`item/part`, unique in a scene."""
        return f"{self.item}/{self.part}"


def pieces_of(scene: Scene) -> list[Piece]:
    """The pieces of all items, in the scene's order; items outdoors in snow wear it."""
    from anyedit.world.environments import ENVIRONMENTS

    snowed = scene.weather == "snow" and not ENVIRONMENTS[scene.environment].indoor
    placed: list[Piece] = []
    for item in scene.items:
        placed += _placed(item.but(finish=item.finish or "snow") if snowed else item)
    return placed


def item_parts(item: Item) -> tuple[Part, ...]:
    """The item's parts in its own frame, with what it wears."""
    parts = parts_of(item.kind, item.params, item.state)
    if item.accessory:
        from anyedit.world.accessories import worn

        parts = (*parts, *worn(item, parts))
    return parts


def _placed(item: Item) -> tuple[Piece, ...]:
    return _placed_cached(item.model_dump_json())


@lru_cache(maxsize=192)
def _placed_cached(item_json: str) -> tuple[Piece, ...]:
    item = Item.model_validate_json(item_json)
    place = item_matrix(item).tobytes()
    parts = item_parts(item)
    own = Surface(item.colour, item.material, item.pattern, item.pattern_colour)
    extent = max(max(part.mesh.bounds[1] - part.mesh.bounds[0]) for part in parts) * item.size
    named: dict[str, int] = {}
    pieces = []
    for part in parts:
        named[part.name] = named.get(part.name, 0) + 1
        name = part.name if named[part.name] == 1 else f"{part.name}-{named[part.name]}"
        surface = part.surface or own
        if (
            part.surface is not None and part.surface.colour == "body"
        ):  # a fixed material in the item's colour
            surface = replace(surface, colour=item.colour)
        labelled = part.label and item.text
        pieces.append(
            Piece(
                item.id,
                name,
                _moved(ByIdentity(part.mesh), place),
                surface,
                finish=None if surface.glow or labelled else item.finish,
                text=item.text if labelled else None,
                font=item.font if labelled else None,
                size=float(extent),
            )
        )
    return tuple(pieces)


@lru_cache(maxsize=512)  # a source and its edits show a few hundred; 50 kB each
def _moved(held: ByIdentity, matrix: bytes) -> Mesh:
    """A part at its place: the same object however it is painted, so that what rays meet there is not asked again."""
    return held.mesh.moved(np.frombuffer(matrix).reshape(4, 4))
