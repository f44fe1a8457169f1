"""action_change: something that can move or be operated takes another pose or state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anyedit.edits import painting, photographs
from anyedit.edits.base import Case, EditType, Inverse, Mask, Outcome, Params, Rule
from anyedit.edits.evidence import frame_shown
from anyedit.edits.exact import caption_of_change
from anyedit.edits.instructed import followed
from anyedit.edits.rules import LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.language import gerund
from anyedit.world.footprints import clear, rest
from anyedit.world.render import ids
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

PERSONS = frozenset(("person", "man", "woman", "boy", "girl", "child", "astronaut", "figure"))
KEPT = 0.93  # largest overlap of the outlines of two poses that count as different


class ActionChangeParams(Params):
    """target: id of the object. state: one of its kind's states."""

    target: str
    state: str


def silhouette_kept(case: Case) -> float | None:
    """Overlap (IoU) of the object's masks before and after: a new pose is a new outline."""
    after = frame_shown(case, case.params.target)
    if after is None or not isinstance(case.view, WorldView):
        return None
    return overlap(case.view.frame.mask(case.params.target), after.mask(case.params.target))


def overlap(one: Mask, two: Mask) -> float:
    """Intersection over union of two masks, bool (H, W); 0 when both are empty."""
    return float((one & two).sum() / max((one | two).sum(), 1))


def outline_after(view: WorldView, params: ActionChangeParams) -> Mask:
    """bool (H, W): where the object will be seen, without a full render."""
    image, names = ids(view.scene.changed(params.target, state=params.state), view.settings)
    own = [number for number, name in enumerate(names, 1) if name.split("/")[0] == params.target]
    return np.asarray(np.isin(image, own))


def _verbs(name: str) -> dict[str, str]:
    """State -> verb of what a photographed thing of this name can do; none for unknown names."""
    kind = painting.kind_like("man" if name in PERSONS else name)
    return {} if kind is None else dict(kind.verbs)


class ActionChange(EditType):
    """Something takes another pose or state: a dog sits down, a flag is raised, a box is opened."""

    name = "action_change"
    summary = "Something takes another pose or state."
    example = "Make the action of the plane to taking off"
    needs = "an object with poses or states"
    asks = ("follow",)
    wishes = {"needs": ("states",)}
    Params = ActionChangeParams
    phrases = (
        "Make {object} {verb}",
        "Make the action of {object} to {doing}",
        "Change the action of {object} to {doing}",
        "Let {object} {verb}",
        "Show {object} {doing}",
        "Have {object} {verb}",
        "Change the pose of {object}: {doing}",
        "I want to see {object} {doing}",
        "Now {object} should {verb}",
        "Please make {object} {verb}",
        "Can you make {object} {verb}?",
        "Could {object} {verb}?",
        "What would it look like if {object} were {doing}?",
    )
    checks = (*SAID, Rule("target visible before", visible_share("target"), low=0.005, high=0.95))
    gates = (
        *LOCAL,
        Rule("target visible after", visible_share("target", after=True), low=0.003),
        Rule("outline kept", silhouette_kept, high=KEPT),
    )

    def propose(self, view: View, rng: np.random.Generator) -> ActionChangeParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        carrying = {item.on for item in view.scene.items}
        options = [
            (item, state)
            for item in view.visible
            if item.id not in carrying and not item.tilt
            for state in view.kind(item).verbs
            if state != item.state
        ]
        for k in rng.permutation(len(options))[:8]:
            item, state = options[int(k)]
            posed = rest(item.but(state=state), view.scene)
            params = ActionChangeParams(target=item.id, state=state)
            # A lamp that lights up keeps its outline: that is no action that the gate would accept.
            if (
                clear(view.scene, posed)
                and overlap(view.frame.mask(item.id), outline_after(view, params)) <= KEPT
            ):
                return params
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> ActionChangeParams | None:
        """What something of this name does in the world, or people do; what it does now is not known."""
        options = [
            (thing.id, state)
            for thing in view.objects
            if 0.02 <= thing.share <= 0.8 and not thing.origin.endswith(photographs.CUT)
            if photographs.refer(view, thing.id) is not None
            for state, verb in _verbs(thing.name).items()
            if gerund(verb).split()[0] not in view.caption.lower()  # it is said to do that already
        ]
        if "follow" not in view.played or not options:
            return None
        target, state = options[int(rng.integers(len(options)))]
        return ActionChangeParams(target=target, state=state)

    def edit(self, view: PhotoView, params: ActionChangeParams, tools: Tools) -> Outcome:
        """Tell an instruction editor; what else it changed is for the gates."""
        words = self.words(view, params)
        return followed(view, f"Make {words['object']} {words['verb']}", tools)

    def words(self, view: View, params: ActionChangeParams) -> dict[str, str]:
        if not isinstance(view, WorldView):
            verb = _verbs(view.object(params.target).name)[params.state]
            return {"object": photographs.said(view, params.target), "verb": verb, "doing": gerund(verb)}
        verb = view.kind(view.scene.item(params.target)).verbs[params.state]
        return {"object": view.refer(params.target), "verb": verb, "doing": gerund(verb)}

    def caption_after(self, view: View, params: ActionChangeParams) -> str:
        if not isinstance(view, WorldView):
            words = self.words(view, params)
            return f"{view.caption.rstrip('.')}, with {words['object']} {words['doing']}"
        return caption_of_change(view, self.rewrite(view.scene, params), params.target)

    def rewrite(self, scene: Scene, params: ActionChangeParams) -> Scene:
        return scene.changed(params.target, state=params.state)

    def inverse(self, view: View, params: ActionChangeParams, outcome: Outcome) -> Inverse | None:
        """Back to the old state, where its kind has a verb for it."""
        if not isinstance(view, WorldView):
            return None
        item = view.scene.item(params.target)
        if item.state is None or item.state not in view.kind(item).verbs:
            return None
        return self, ActionChangeParams(target=params.target, state=item.state)
