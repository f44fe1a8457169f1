"""add: an object that was not there appears, resting where it belongs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from anyedit.edits import painting
from anyedit.edits.base import EditType, Inverse, Outcome, Params, Rule, type_of
from anyedit.edits.rules import LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.errors import EditNotPossible
from anyedit.language import indefinite
from anyedit.seeds import rng_of
from anyedit.world import describe
from anyedit.world.footprints import free_spot, top_of
from anyedit.world.kinds import Kind, kinds
from anyedit.world.scene import Item, Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


class AddParams(Params):
    """item: the new object, placed. place: where it is, as said ("next to the chair"); may be empty.

    thing: in a photograph, where nothing can be rendered, the noun of what a removal took away and this brings back,
    or of what is painted into `box`, (x0, y0, x1, y1) in shares of its width and height.
    """

    item: Item | None = None
    place: str = ""
    thing: str = ""
    box: tuple[float, float, float, float] | None = None

    @property
    def noun(self) -> str:
        """What is painted into a photograph, in a word; "" for any other addition."""
        return re.sub(r"^(an?|another) ", "", self.thing) if self.box is not None else ""

    @property
    def new(self) -> Item:
        """The new object of a world scene."""
        if self.item is None:
            raise EditNotPossible("this addition is of a photograph: it has no item of the world")
        return self.item

    @property
    def target(self) -> str:
        """Id of the new object; a photograph's has none."""
        return "" if self.item is None else self.item.id


def new_id(scene: Scene, kind: str) -> str:
    """An id that no item of the scene has."""
    taken = {item.id for item in scene.items}
    number = 1
    while f"{kind.replace(' ', '-')}-{number}" in taken:
        number += 1
    return f"{kind.replace(' ', '-')}-{number}"


def scale_of(view: WorldView) -> str:
    """The scale of the view's scene: tabletop, room or outdoor."""
    return str(view.scene.surroundings.get("scale", view.kind(view.scene.items[0]).scale))


def fitting_kinds(view: WorldView) -> list[Kind]:
    """Kinds of the scene's scale that are not in it yet."""
    present = {item.kind for item in view.scene.items}
    return [kind for kind in kinds().values() if kind.scale == scale_of(view) and kind.name not in present]


def sample_item(kind: Kind, item_id: str, rng: np.random.Generator, **fixed: Any) -> Item:
    """An item of a kind with usual colour, material and text."""
    from anyedit.world.labels import FONTS, WORDS

    key = int(rng.integers(2**32))
    own = rng_of("item", key, kind.name)
    return Item(
        id=item_id,
        kind=kind.name,
        params=kind.sample("item", key),
        state=kind.states[0] if kind.states else None,
        colour=str(own.choice(list(kind.colours))),
        material=str(own.choice(list(kind.materials))),
        text=str(own.choice(list(kind.text or WORDS))) if kind.text else None,
        font=str(own.choice(list(FONTS))) if kind.text else None,
        yaw=round(float(own.uniform(-35, 35)), 1),
    ).but(**fixed)


def place_of(scene: Scene, item_id: str, shares: dict[str, float]) -> str:
    """Where an item of the scene is, by its support or its nearest neighbour; empty when it is alone."""
    item = scene.item(item_id)
    others = scene.without(item_id)
    if item.on is not None:
        return f"on {describe.refer(others, item.on, shares)}"
    near = sorted(
        (other for other in others.items if shares.get(other.id, 0) > 0.005),
        key=lambda other: float(
            np.hypot(other.position[0] - item.position[0], other.position[1] - item.position[1])
        ),
    )
    return f"next to {describe.refer(others, near[0].id, shares)}" if near else ""


def place_said(x: float, y: float) -> str:
    """ "at the top on the left", for a place in shares of the picture's width and height."""
    across = "on the left" if x < 0.38 else "on the right" if x > 0.62 else ""
    down = "at the top" if y < 0.33 else "at the bottom" if y > 0.67 else ""
    return f"{down} {across}".strip() if down and across else down or across or "in the middle"


class Add(EditType):
    """A new object appears in a free place, with its shadow and reflections."""

    name = "add"
    summary = "A new object appears where there is room for it."
    example = "Include a candle on top of the cake"
    needs = "free room in the scene"
    asks = ("paint",)  # as an edit of its own; as the way back from a removal it asks for nothing
    Params = AddParams
    phrases = (
        "Add {object}{place}",
        "Include {object}{place}",
        "Put {object}{place}",
        "Place {object}{place}",
        "Insert {object} into the picture{place}",
        "Add {object} to the scene{place}",
        "Let there be {object}{place}",
        "I'd like {object}{place}",
        "There should be {object}{place}",
        "Please add {object}{place}",
        "Can you add {object}{place}?",
        "Could you put {object}{place}?",
        "What would it look like with {object}{place}?",
    )
    checks = SAID
    gates = (
        *LOCAL,
        Rule("new object visible after", visible_share("target", after=True), low=0.005),
        *painting.PAINTED,
    )

    def propose(self, view: View, rng: np.random.Generator) -> AddParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        options = fitting_kinds(view)
        supports: list[str | None] = [item.id for item in view.visible if top_of(item) is not None]
        for _ in range(6):
            if not options:
                return None
            kind = options[int(rng.integers(len(options)))]
            item = sample_item(kind, new_id(view.scene, kind.name), rng)
            support = supports[int(rng.integers(len(supports)))] if supports and rng.random() < 0.5 else None
            spot = free_spot(
                view.scene, item, rng, on=support, near=view.visible[0].id if view.visible else None
            )
            if spot is None:
                continue
            placed = item.but(position=spot, on=support)
            scene = view.scene.with_item(placed)
            return AddParams(item=placed, place=place_of(scene, placed.id, view.shares))
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> AddParams | None:
        """Something of the sort of what is there, in a free place on even ground."""
        options = [kind for thing in view.objects for kind in painting.kin(thing.name)]
        if "paint" not in view.played or not options:
            return None
        box = painting.free_box(view, rng)
        if box is None:
            return None
        kind = options[int(rng.integers(len(options)))]
        place = place_said((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        return AddParams(thing=indefinite(kind.name), place=place, box=box)

    def edit(self, view: PhotoView, params: AddParams, tools: Tools) -> Outcome:
        """Paint the free place to the new thing's name and the target caption."""
        if params.box is None:
            raise EditNotPossible(
                "this addition is the way back from a removal: its picture is there already"
            )
        caption = f"{params.thing}. {self.caption_after(view, params)}"
        return painting.painted(view, painting.box_mask(view, params.box), caption, tools)

    @classmethod
    def undoing_removal(cls, view: WorldView, target: str) -> Inverse | None:
        """The addition that brings a removed object back; None when others stood on it."""
        if any(item.on == target for item in view.scene.items):
            return None
        return type_of("add"), AddParams(
            item=view.scene.item(target), place=place_of(view.scene, target, view.shares)
        )

    @classmethod
    def undoing_photographed(cls, view: PhotoView, target: str) -> Inverse:
        """The addition whose result is the photograph as it was taken, and whose source has the thing filled over."""
        thing = view.object(target)
        height, width = view.picture.shape[:2]
        x, y = (thing.box[0] + thing.box[2]) / 2 / width, (thing.box[1] + thing.box[3]) / 2 / height
        place = place_said(x, y)
        again = any(other.name == thing.name for other in view.objects if other.id != target)
        return type_of("add"), AddParams(
            thing=f"another {thing.name}" if again else indefinite(thing.name), place=place
        )

    def words(self, view: View, params: AddParams) -> dict[str, str]:
        return {
            "object": params.thing or describe.noun_phrase(params.new),
            "place": f" {params.place}" if params.place else "",
        }

    def caption_after(self, view: View, params: AddParams) -> str:
        if not isinstance(view, WorldView):
            return f"{view.caption.rstrip('.')}, with {params.thing} {params.place}"
        return describe.caption(self.rewrite(view.scene, params))

    def rewrite(self, scene: Scene, params: AddParams) -> Scene:
        if any(item.id == params.new.id for item in scene.items):
            raise EditNotPossible(f"the scene has an item '{params.new.id}' already")
        return scene.with_item(params.new)

    def inverse(self, view: View, params: AddParams, outcome: Outcome) -> Inverse | None:
        if not isinstance(view, WorldView):
            return None
        kind = type_of("remove")
        return kind, kind.Params.model_validate({"target": params.new.id})
