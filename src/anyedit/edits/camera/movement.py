"""movement: a named object moves by a named amount, or to a place beside another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from anyedit.edits import cutouts, filling, photographs
from anyedit.edits.base import EditType, Mask, Outcome, Params, Rule
from anyedit.edits.camera.displacement import free_columns, moved_as_named
from anyedit.edits.placing import (
    Relation,
    aspect_of,
    beside,
    clear,
    extent,
    ground_axes,
    length_words,
    moved,
    project,
    radius,
    relation_margin,
    seen_after,
)
from anyedit.edits.rules import LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.world import describe
from anyedit.world.scene import Scene, Vector

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

Direction = Literal["left", "right", "closer", "further", "behind", "in front of", "next to"]
DIRECTIONS: tuple[Direction, ...] = ("left", "right", "closer", "further")  # by an amount
BESIDE: tuple[Direction, ...] = ("behind", "in front of", "next to")  # an anchor
SIDES: tuple[Relation, ...] = ("to the left of", "to the right of")
AMOUNTS = {
    "tabletop": (0.05, 0.1, 0.15, 0.2, 0.25),
    "room": (0.25, 0.5, 1.0, 1.5),
    "outdoor": (0.5, 1.0, 2.0, 3.0),
}
LEAST = 0.04  # of the picture's width or height: a smaller move is hardly seen


class MovementParams(Params):
    """target: id. direction: as the camera sees it. amount: metres, or anchor: id of what it moves beside.

    position and on: where the object then stands; in a photograph (right, down, 0) in shares of the
    picture's width and height that it is shifted by.
    """

    target: str
    direction: Direction
    amount: float = 0.0
    anchor: str | None = None
    position: Vector
    on: str | None = None


class Movement(EditType):
    """Move a named object left, right, closer or further, by a named amount."""

    name = "movement"
    summary = "A named object moves in a named direction."
    example = "Shift the man in the image"
    needs = "an object with free room beside it"
    Params = MovementParams
    phrases = (
        "Shift {object} in the image {where}",
        "Move {object} {where}",
        "Move {object} {where} by {amount}",
        "Push {object} {amount} {where}",
        "Slide {object} {where}",
        "Shift {object} {amount} {where}",
        "Relocate {object} {amount} {where}",
        "Bring {object} {where}",
        "Change the position of {object}: move it {where}",
        "Let {object} stand {there}",
        "I want {object} moved {where}",
        "Can you move {object} {where}?",
        "Could you shift {object} {where} by {amount}?",
        "What if {object} stood {there}?",
    )
    checks = (
        *SAID,
        *filling.BEFORE_FILL,
        Rule("target visible before", visible_share("target"), low=0.005, high=0.6),
    )
    gates = (
        *LOCAL,
        Rule("target visible after", visible_share("target", after=True), low=0.004, high=0.7),
        Rule("moved as named", moved_as_named, low=0.02),
        *filling.FILLED,
    )

    def propose(self, view: View, rng: np.random.Generator) -> MovementParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        if rng.random() < 0.35 and (beside_something := self._beside(view, rng)) is not None:
            return beside_something
        scene, right_away = view.scene, ground_axes(view.scene.camera)
        steps = dict(
            zip(DIRECTIONS, (-right_away[0], right_away[0], -right_away[1], right_away[1]), strict=True)
        )
        visible = [item for item in view.visible if view.shares[item.id] <= 0.5]
        tried = 0
        for index in rng.permutation(len(visible)):
            item = visible[index]
            for direction in (DIRECTIONS[k] for k in rng.permutation(4)):
                for amount in rng.permutation(AMOUNTS[view.kind(item).scale]).tolist():
                    x, y, z = np.round(np.asarray(item.position) + steps[direction] * amount, 4).tolist()
                    params = MovementParams(
                        target=item.id, direction=direction, amount=amount, position=(x, y, z), on=item.on
                    )
                    if not self._shows(view, params) or not clear(self.rewrite(scene, params), item.id):
                        continue
                    tried += 1
                    if seen_after(view, self.rewrite(scene, params), item.id):
                        return params
                    if tried >= 6:
                        return None
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> MovementParams | None:
        """A small thing on even ground, shifted aside to where the ground is the same."""
        things = photographs.replaceable(view, whole=True)
        sides: tuple[Direction, ...] = ("left", "right")
        for index in rng.permutation(len(things)):
            thing = things[index]
            wide = (thing.box[2] - thing.box[0]) / view.picture.shape[1]
            for direction in (sides[k] for k in rng.permutation(2)):
                for times in rng.permutation([0.6, 0.9, 1.2, 1.6]) if wide > LEAST else (1.5, 2.0):
                    amount = round(float(times) * wide, 4)
                    shift = amount if direction == "right" else -amount
                    params = MovementParams(
                        target=thing.id, direction=direction, amount=amount, position=(shift, 0.0, 0.0)
                    )
                    if amount >= LEAST and cutouts.fits(view, thing.id, self.placed(view, params)):
                        return params
        return None

    def placed(self, view: PhotoView, params: MovementParams) -> Mask:
        """bool (H, W): where the thing stands afterwards in a photograph."""
        return cutouts.shifted(view, params.target, self._pixels(view, params))[1]

    def _pixels(self, view: PhotoView, params: MovementParams) -> tuple[float, float]:
        height, width = view.picture.shape[:2]
        return float(round(params.position[0] * width)), float(round(params.position[1] * height))

    def edit(self, view: PhotoView, params: MovementParams, tools: Tools) -> Outcome:
        """Take the thing out, fill its place, set it down beside."""
        cutout, new = cutouts.shifted(view, params.target, self._pixels(view, params))
        return cutouts.set_down(view, params.target, cutout, new, tools)

    def _beside(self, view: WorldView, rng: np.random.Generator) -> MovementParams | None:
        items = [item for item in view.visible if view.shares[item.id] <= 0.5]
        options = [(a.id, b.id, d) for a in items for b in items if a.id != b.id for d in BESIDE]
        for index in rng.permutation(len(options))[:6]:
            target, anchor, direction = options[index]
            relation: Relation = direction if direction != "next to" else SIDES[int(rng.integers(2))]
            if direction != "next to" and relation_margin(view.frame, target, anchor, relation) > -0.02:
                continue
            if direction == "next to" and free_columns(view.frame, target, anchor) < 0.1:
                continue
            gap = 0.4 * min(radius(view.scene.item(target)), radius(view.scene.item(anchor)))
            scene = beside(view.scene, target, anchor, relation, gap)
            if scene is None or not clear(scene, target) or not seen_after(view, scene, target, least=0.35):
                continue
            new = scene.item(target)
            return MovementParams(
                target=target, direction=direction, anchor=anchor, position=new.position, on=new.on
            )
        return None

    def _shows(self, view: WorldView, params: MovementParams) -> bool:
        """Whether the object moves far enough to be noticed, and not into the camera."""
        aspect, item = aspect_of(view.frame), view.scene.item(params.target)
        low, high = extent(item)
        lift = np.array([0, 0, (high[2] - low[2]) / 2])
        old = project(view.scene.camera, np.asarray(item.position) + lift, aspect)
        new = project(view.scene.camera, np.asarray(params.position) + lift, aspect)
        across = params.direction in ("left", "right")
        return new[2] > 0.4 * old[2] and (
            abs(new[0] - old[0]) >= 1.5 * LEAST if across else abs(new[1] - old[1]) >= LEAST
        )

    def words(self, view: View, params: MovementParams) -> dict[str, str]:
        thing = (
            view.refer(params.target)
            if isinstance(view, WorldView)
            else photographs.refer(view, params.target) or f"the {view.object(params.target).name}"
        )
        if params.anchor is not None:
            anchor = (
                view.refer(params.anchor)
                if isinstance(view, WorldView)
                else f"the {view.object(params.anchor).name}"
            )
            return {
                "object": thing,
                "where": f"{params.direction} {anchor}",
                "there": f"{params.direction} {anchor}",
            }
        where, there = {
            "left": ("to the left", "further to the left"),
            "right": ("to the right", "further to the right"),
            "closer": ("closer to the camera", "closer to the camera"),
            "further": ("further away from the camera", "further away from the camera"),
        }[params.direction]
        return {"object": thing, "where": where, "there": there, "amount": length_words(params.amount)}

    def usable_phrases(self, view: View, params: MovementParams) -> tuple[str, ...]:
        if not isinstance(view, WorldView):  # a coin does not stand, and nobody knows its distance
            return tuple(p for p in self.phrases if "{amount}" not in p and "{there}" not in p)
        if params.anchor is not None:
            return tuple(p for p in self.phrases if "{amount}" not in p)
        if params.direction in ("left", "right"):
            return self.phrases
        return tuple(
            p for p in self.phrases if "{amount} {where}" not in p
        )  # not "20 centimetres closer to the camera"

    def caption_after(self, view: View, params: MovementParams) -> str:
        words = self.words(view, params)
        caption = (
            describe.caption(self.rewrite(view.scene, params))
            if isinstance(view, WorldView)
            else view.caption
        )
        if caption != view.caption:
            return caption
        if not isinstance(view, WorldView):
            return f"{caption.rstrip('.')}, with {words['object']} moved {words['where']}"
        return f"{caption.rstrip('.')}; {words['object']} stands {words['there']}."

    def rewrite(self, scene: Scene, params: MovementParams) -> Scene:
        return moved(scene, params.target, params.position, params.on)

    def inverse(
        self, view: View, params: MovementParams, outcome: object
    ) -> tuple[EditType, MovementParams] | None:
        if not isinstance(view, WorldView) or params.anchor is not None:
            return None
        back: dict[Direction, Direction] = {
            "left": "right",
            "right": "left",
            "closer": "further",
            "further": "closer",
        }
        position = view.scene.item(params.target).position
        return self, params.model_copy(update={"direction": back[params.direction], "position": position})
