"""A scene as data: what stands where, under which light, seen by which camera. Frozen, JSON both ways.

Angles in degrees, lengths in metres, z up; `yaw` turns counter-clockwise seen from above and an object's
front faces -y at yaw 0.
"""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from anyedit.errors import AnyEditError, nearest

Vector = tuple[float, float, float]


class Frozen(BaseModel):
    """Base of the world's data: immutable, unknown fields rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def but(self, **changes: Any) -> Self:
        """A copy with some fields changed (validated)."""
        return type(self).model_validate(
            {**{k: getattr(self, k) for k in type(self).model_fields}, **changes}
        )


class Item(Frozen):
    """One object in a scene."""

    id: str  # unique in the scene and stable through edits: "mug-2"
    kind: str
    params: dict[str, float] = {}
    state: str | None = None
    colour: str = "gray"  # of the body
    material: str = "plastic"  # of the body
    pattern: str | None = None
    pattern_colour: str | None = None
    finish: str | None = None  # what covers it: "snow", "rust", "moss", "dust", "frost"
    accessory: str | None = None  # what it wears: "party hat", "scarf", "bow", "crown", "garland"
    text: str | None = None
    font: str | None = None
    position: Vector = (0, 0, 0)  # of its bottom centre
    yaw: float = 0
    tilt: float = 0  # about its own x axis after yaw: 90 = lying on its back; rests on the ground again
    size: float = 1  # multiplies the kind's true size
    on: str | None = None  # id of the item it stands on; None: the ground


class Camera(Frozen):
    """A perspective camera; with an aperture, a thin lens focused on `target`."""

    origin: Vector
    target: Vector
    fov: float = 36  # along the shorter side
    aperture: float = 0  # radius of the lens in metres; 0 = pinhole
    shift: tuple[float, float] = (0, 0)  # principal point offset, share of the picture


class Scene(Frozen):
    """Everything that a picture depends on."""

    seed: int  # of the renderer's random numbers: an edit keeps it
    environment: str  # a name of `anyedit.world.environments`
    surroundings: dict[str, float | str] = {}  # the environment's own sampled values (wall colour, ...)
    time: str = "noon"  # morning, noon, golden hour, sunset, night
    weather: str = "clear"  # clear, cloudy, fog, rain, snow
    season: str = "summer"  # spring, summer, autumn, winter
    camera: Camera
    items: tuple[Item, ...]
    exposure: float | None = None  # linear gain before the display curve; None: measured at the first render
    lights_off: bool = False  # the room's own lamps

    def item(self, item_id: str) -> Item:
        """The item of this id."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise AnyEditError(f"no item '{item_id}' in the scene{nearest(item_id, [i.id for i in self.items])}")

    def with_item(self, item: Item) -> Scene:
        """The scene with the item of the same id replaced, or the item added at the end."""
        if any(other.id == item.id for other in self.items):
            return self.but(items=tuple(item if other.id == item.id else other for other in self.items))
        return self.but(items=(*self.items, item))

    def changed(self, item_id: str, **changes: Any) -> Scene:
        """The scene with some fields of one item changed."""
        return self.with_item(self.item(item_id).but(**changes))

    def without(self, *item_ids: str) -> Scene:
        """The scene without these items and whatever stands on them."""
        gone = set(item_ids)
        while more := {i.id for i in self.items if i.on in gone} - gone:
            gone |= more
        return self.but(items=tuple(item for item in self.items if item.id not in gone))
