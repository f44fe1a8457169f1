"""replace: one object gives way to another in the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anyedit.edits import painting, photographs
from anyedit.edits.base import Case, EditType, Inverse, Outcome, Params, Rule
from anyedit.edits.local.add import fitting_kinds, new_id, sample_item
from anyedit.edits.people import names_person, persons_in
from anyedit.edits.rules import GONE, LOCAL, SAID, SEEN_BEFORE, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.errors import EditNotPossible
from anyedit.language import indefinite
from anyedit.world import describe
from anyedit.world.footprints import clear, footprint, free_spot
from anyedit.world.kinds import kind_of
from anyedit.world.scene import Item, Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

PEOPLE = ("person", "people")


class ReplaceParams(Params):
    """target: id of the object that goes. item: the object that takes its place; thing: its noun, in a photograph."""

    target: str
    item: Item | None = None
    thing: str = ""

    @property
    def placed(self) -> Item:
        """The new object of a world scene."""
        if self.item is None:
            raise EditNotPossible("this replacement is of a photograph: it has no item of the world")
        return self.item

    @property
    def new(self) -> str:
        """Id of the new object; a photograph's has its noun."""
        return self.thing if self.item is None else self.item.id

    @property
    def noun(self) -> str:
        """What comes, in a word, for those who look for it in a photograph."""
        return self.thing


def no_new_person(case: Case) -> float | None:
    """1 when the new object is no human (a rule of the publication).

    Where only words are known that do not name it: 1 when the edited caption has no human that the source's lacks.
    """
    params, before, after = case.params, case.view.caption, case.edited_caption
    item = getattr(params, "item", None)
    if item is not None:
        return float(kind_of(item.kind).category not in PEOPLE)
    new = getattr(params, "thing", "") or getattr(params, "result", "")
    if new:
        return float(not names_person(new))
    return float(persons_in(after) <= persons_in(before)) if before and after else None


class Replace(EditType):
    """One object gives way to another, in its place."""

    name = "replace"
    summary = "One object gives way to another in the same place."
    example = "Replace the elephant with a seal"
    needs = "an object that may go"
    asks = ("paint",)
    Params = ReplaceParams
    phrases = (
        "Replace {object} with {new}",
        "Replace {object} by {new}",
        "Swap {object} for {new}",
        "Exchange {object} for {new}",
        "Change {object} to {new}",
        "Turn {object} into {new}",
        "Substitute {new} for {object}",
        "Put {new} in place of {object}",
        "Use {new} instead of {object}",
        "I want {new} where {object} is",
        "Can you replace {object} with {new}?",
        "Could you swap {object} for {new}?",
        "What if {object} were {new}?",
    )
    said = (Rule("new object is no person", no_new_person, low=1),)
    checks = (*SAID, Rule(SEEN_BEFORE, visible_share("target"), low=0.005, high=0.95), *said)
    gates = (
        *LOCAL,
        *painting.PAINTED,
        Rule("target visible after", visible_share("target", after=True), high=GONE),
        Rule("new object visible after", visible_share("new", after=True), low=0.005),
    )

    def propose(self, view: View, rng: np.random.Generator) -> ReplaceParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        supports = {item.on for item in view.scene.items}
        targets = [item for item in view.visible if item.id not in supports]
        options = [kind for kind in fitting_kinds(view) if kind.category not in PEOPLE]
        if not targets or not options:
            return None
        target = targets[int(rng.integers(len(targets)))]
        rest = view.scene.without(target.id)
        old = footprint(target).size
        for _ in range(8):
            kind = options[int(rng.integers(len(options)))]
            item = sample_item(
                kind, new_id(view.scene, kind.name), rng, position=target.position, on=target.on
            )
            if not 0.4 <= footprint(item).size / old <= 2.2:
                continue
            if not clear(rest, item):
                spot = free_spot(rest, item, rng, near=target.position, on=target.on)
                if (
                    spot is None
                    or np.hypot(spot[0] - target.position[0], spot[1] - target.position[1]) > 0.6 * old
                ):
                    continue
                item = item.but(position=spot)
            return ReplaceParams(target=target.id, item=item)
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> ReplaceParams | None:
        """Another thing of the same sort and size."""
        targets = painting.replaceable(view)
        if "paint" not in view.played or not targets:
            return None
        target = str(rng.choice(targets))
        options = painting.kin(view.object(target).name)
        return ReplaceParams(target=target, thing=options[int(rng.integers(len(options)))].name)

    def edit(self, view: PhotoView, params: ReplaceParams, tools: Tools) -> Outcome:
        """Paint the place of the thing to the target caption."""
        caption = f"{indefinite(params.thing)}. {self.caption_after(view, params)}"
        return painting.painted(view, painting.place_of(view, params.target), caption, tools)

    def words(self, view: View, params: ReplaceParams) -> dict[str, str]:
        if not isinstance(view, WorldView):
            return {"object": photographs.said(view, params.target), "new": indefinite(params.thing)}
        return {"object": view.refer(params.target), "new": describe.noun_phrase(params.placed)}

    def caption_after(self, view: View, params: ReplaceParams) -> str:
        if not isinstance(view, WorldView):
            return painting.named_instead(view, params.target, params.thing)
        return describe.caption(self.rewrite(view.scene, params))

    def rewrite(self, scene: Scene, params: ReplaceParams) -> Scene:
        scene.item(params.target)
        items = [params.placed if item.id == params.target else item for item in scene.items]
        return scene.but(items=tuple(items))

    def inverse(self, view: View, params: ReplaceParams, outcome: Outcome) -> Inverse | None:
        """The old object in the new one's place; None where it was a person, since none may be put in."""
        if not isinstance(view, WorldView) or view.kind(view.scene.item(params.target)).category in PEOPLE:
            return None
        return self, ReplaceParams(target=params.placed.id, item=view.scene.item(params.target))
