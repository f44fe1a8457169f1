"""relation: a named object is put into a named relation to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np

from anyedit.edits import cutouts, filling, photographs
from anyedit.edits.base import Case, EditType, Mask, Outcome, Params, Rule
from anyedit.edits.evidence import frame_shown
from anyedit.edits.placing import Relation, beside, carried, clear, moved, radius, relation_margin, seen_after
from anyedit.edits.rules import LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.world import describe
from anyedit.world.scene import Scene, Vector

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

RELATIONS: tuple[Relation, ...] = get_args(Relation)
HOLDS = 0.03  # least margin of `relation_margin` with which a relation is said to hold
TRIES = 8  # rendered id pictures a proposal may cost


class RelationParams(Params):
    """target and anchor: ids. position: where the target then stands, and on what."""

    target: str
    anchor: str
    relation: Relation
    position: Vector
    on: str | None = None


def relation_holds(case: Case) -> float | None:
    """`relation_margin` in the frame that the picture shows (world)."""
    frame = frame_shown(case, case.params.target)
    if frame is None:
        return None
    return relation_margin(frame, case.params.target, case.params.anchor, case.params.relation)


def relation_before(case: Case) -> float | None:
    """`relation_margin` before the edit (world): what holds already is no instruction."""
    if not isinstance(case.view, WorldView):
        return None
    return relation_margin(case.view.frame, case.params.target, case.params.anchor, case.params.relation)


class RelationEdit(EditType):
    """Put one thing to the left of, right of, in front of, behind or on top of another."""

    name = "relation"
    summary = "A named object is put into a relation to another one."
    example = "Place two yellow flowers in the middle of the table"
    needs = "two objects and room between them"
    Params = RelationParams
    on_top = (
        "Place {object} in the middle of {anchor}",
        "Put {object} on {anchor}",
        "Set {object} down on top of {anchor}",
    )
    phrases = (
        "Place {object} {relation} {anchor}",
        "Put {object} {relation} {anchor}",
        "Move {object} so that it is {relation} {anchor}",
        "Set {object} {relation} {anchor}",
        "Position {object} {relation} {anchor}",
        "Rearrange the scene with {object} {relation} {anchor}",
        "{object_first} should be {relation} {anchor}",
        "Let {object} stand {relation} {anchor}",
        "Please place {object} {relation} {anchor}",
        "I want {object} {relation} {anchor}",
        "Can you put {object} {relation} {anchor}?",
        "Could you place {object} {relation} {anchor}?",
        "What would it look like with {object} {relation} {anchor}?",
        *on_top,
    )
    weight = 1.0
    checks = (
        *SAID,
        Rule("target visible before", visible_share("target"), low=0.005, high=0.6),
        Rule("anchor visible before", visible_share("anchor"), low=0.005, high=0.8),
        Rule("relation does not hold yet", relation_before, high=0.0),
        *filling.BEFORE_FILL,
    )
    gates = (
        *LOCAL,
        Rule("target visible after", visible_share("target", after=True), low=0.004),
        Rule("anchor visible after", visible_share("anchor", after=True), low=0.004),
        Rule("relation holds", relation_holds, low=HOLDS),
        *filling.FILLED,
    )

    def propose(self, view: View, rng: np.random.Generator) -> RelationParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        items = [item for item in view.visible if view.shares[item.id] <= 0.5]
        options = [(a.id, b.id, r) for a in items for b in items if a.id != b.id for r in RELATIONS]
        left = TRIES
        for index in rng.permutation(len(options)):
            target, anchor, relation = options[index]
            if relation_margin(view.frame, target, anchor, relation) > -0.02:
                continue
            small = min(radius(view.scene.item(target)), radius(view.scene.item(anchor)))
            gaps = (float(rng.uniform(0.15, 0.5)) * small, float(rng.uniform(0.6, 1.2)) * small)
            tried = (beside(view.scene, target, anchor, relation, gap) for gap in gaps)
            scene = next(
                (s for s in tried if s and _fits(s, target, anchor, relation) and clear(s, target)), None
            )
            if scene is None:
                continue
            left -= 1
            if seen_after(view, scene, target, least=0.35, others=0.35):
                new = scene.item(target)
                return RelationParams(
                    target=target, anchor=anchor, relation=relation, position=new.position, on=new.on
                )
            if not left:
                return None
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> RelationParams | None:
        """A small thing set down on the other side of another one, where the ground is like its own.

        position: (right, down, 0), the shift in shares of the picture's width and height.
        """
        things = photographs.replaceable(view, whole=True)
        anchors = [thing for thing in view.objects if not thing.origin.endswith(photographs.CUT)]
        options = [(a, b) for a in things for b in anchors if a.id != b.id]
        for index in rng.permutation(len(options)):
            target, anchor = options[index]
            if photographs.refer(view, anchor.id) is None:
                continue
            width = view.picture.shape[1]
            (tx0, _, tx1, _), (ax0, _, ax1, _) = target.box, anchor.box
            gap = 0.25 * min(tx1 - tx0, ax1 - ax0) + 4
            relation: Relation = "to the right of" if tx1 <= ax0 else "to the left of"
            if relation == "to the left of" and tx0 < ax1:
                continue  # they stand one above the other
            for times in rng.permutation([1.0, 2.0, 3.5]):
                edge = ax1 + gap * times - tx0 if relation == "to the right of" else ax0 - gap * times - tx1
                params = RelationParams(
                    target=target.id,
                    anchor=anchor.id,
                    relation=relation,
                    position=(round(float(edge) / width, 4), 0.0, 0.0),
                )
                if cutouts.fits(view, target.id, self.placed(view, params)):
                    return params
        return None

    def _pixels(self, view: PhotoView, params: RelationParams) -> tuple[float, float]:
        height, width = view.picture.shape[:2]
        return float(round(params.position[0] * width)), float(round(params.position[1] * height))

    def placed(self, view: PhotoView, params: RelationParams) -> Mask:
        """bool (H, W): where the thing stands afterwards in a photograph."""
        return cutouts.shifted(view, params.target, self._pixels(view, params))[1]

    def edit(self, view: PhotoView, params: RelationParams, tools: Tools) -> Outcome:
        """Take the thing out, fill its place, set it down on the other side."""
        cutout, new = cutouts.shifted(view, params.target, self._pixels(view, params))
        return cutouts.set_down(view, params.target, cutout, new, tools)

    def words(self, view: View, params: RelationParams) -> dict[str, str]:
        names = (params.target, params.anchor)
        if isinstance(view, WorldView):
            target, anchor = (view.refer(item_id) for item_id in names)
        else:
            target, anchor = (photographs.said(view, item_id) for item_id in names)
        return {
            "object": target,
            "object_first": target[0].upper() + target[1:],
            "anchor": anchor,
            "relation": params.relation,
        }

    def usable_phrases(self, view: View, params: RelationParams) -> tuple[str, ...]:
        if params.relation == "on top of":
            return self.phrases
        if not isinstance(view, WorldView):  # a coin does not stand
            return tuple(
                p for p in self.phrases if p not in self.on_top and "stand" not in p and "scene" not in p
            )
        return tuple(phrase for phrase in self.phrases if phrase not in self.on_top)

    def caption_after(self, view: View, params: RelationParams) -> str:
        words = self.words(view, params)
        caption = (
            describe.caption(self.rewrite(view.scene, params))
            if isinstance(view, WorldView)
            else view.caption
        )
        stated = f"{words['object']} is {params.relation} {words['anchor']}"
        return caption if caption != view.caption else f"{caption.rstrip('.')}; {stated}."

    def rewrite(self, scene: Scene, params: RelationParams) -> Scene:
        return moved(scene, params.target, params.position, params.on)


def _fits(scene: Scene, target: str, anchor: str, relation: Relation) -> bool:
    """Whether the target is small enough to stand on the anchor, and neither carries the other."""
    if relation != "on top of":
        return True
    return radius(scene.item(target)) <= 1.05 * radius(scene.item(anchor)) and not carried(scene, target)[1:]
