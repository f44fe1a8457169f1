"""What an edit type sees of a source: a world scene with its render, or a photograph with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from anyedit.records import Pixels, Source, SourceObject, pixels_of
from anyedit.world import describe
from anyedit.world.kinds import Kind, kind_of
from anyedit.world.render import Frame, RenderSettings
from anyedit.world.scene import Item, Scene

NAMED_SHARE = 0.005  # an item that covers less of the picture is not edited by name


@dataclass(frozen=True)
class WorldView:
    """A world source: its frame (scene with exposure, ids, depth) and the picture that an edit starts from."""

    frame: Frame
    picture: Pixels  # uint8 (H, W, 3): the frame's picture, or the previous turn's edited one
    caption: str
    settings: RenderSettings
    turn: int = 1

    @property
    def scene(self) -> Scene:
        """The scene, exposure set."""
        return self.frame.scene

    @cached_property
    def shares(self) -> dict[str, float]:
        """Share of the picture of every item."""
        return self.frame.shares()

    @property
    def visible(self) -> list[Item]:
        """The items large enough to be named, in the scene's order."""
        return [item for item in self.scene.items if self.shares[item.id] >= NAMED_SHARE]

    def kind(self, item: Item) -> Kind:
        """What the item is."""
        return kind_of(item.kind)

    def refer(self, item_id: str) -> str:
        """An unambiguous "the red mug left of the chair"."""
        return describe.refer(self.scene, item_id, self.shares)


@dataclass(frozen=True)
class PhotoView:
    """A photograph: pixels, caption, known objects. played: roles that have an engine here, for what is proposed."""

    source: Source
    played: frozenset[str] = frozenset()

    @cached_property
    def picture(self) -> Pixels:
        """uint8 (H, W, 3) RGB."""
        return pixels_of(self.source.image)

    @property
    def caption(self) -> str:
        """The source's caption."""
        return self.source.caption

    @property
    def objects(self) -> tuple[SourceObject, ...]:
        """What is known to be in the picture."""
        return self.source.objects

    @property
    def turn(self) -> int:
        """1 for a photograph, 2 and up for an edited one."""
        return self.source.turn

    def object(self, object_id: str) -> SourceObject:
        """The object of this id."""
        return next(thing for thing in self.objects if thing.id == object_id)

    def mask(self, object_id: str) -> npt.NDArray[np.bool_]:
        """bool (H, W): the object's own mask, or its box when there is none."""
        thing = self.object(object_id)
        if thing.mask is not None:
            return pixels_of(thing.mask) > 127
        mask = np.zeros(self.picture.shape[:2], bool)
        x0, y0, x1, y1 = (round(v) for v in thing.box)
        mask[y0:y1, x0:x1] = True
        return mask


View = WorldView | PhotoView
