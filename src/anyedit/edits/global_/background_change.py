"""background_change: the same things before the same camera, in another place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from anyedit.edits import backdrops
from anyedit.edits.base import Case, EditType, Mask, Outcome, Params, Rule
from anyedit.edits.evidence import shown, truth
from anyedit.edits.global_.likeness import lab_change
from anyedit.edits.placing import aspect_of
from anyedit.edits.rules import EVERY, SAID, mask_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.world import describe
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.render import Frame, item_shares
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

TRIES = 4  # places whose things are checked to be seen as before


class BackgroundParams(Params):
    """environment: a name of `ENVIRONMENTS`, for a photograph of `backdrops`. surroundings: its sampled values. time: a new one, or None."""

    environment: str
    surroundings: dict[str, float | str] = Field(default_factory=dict)
    time: str | None = None


def background_changed(case: Case) -> float | None:
    """Mean distance in Lab outside the things that stay."""
    return lab_change(case, case.done.mask) if case.done.mask.any() else 0.0


def foreground_kept(case: Case) -> float | None:
    """Largest share of its area that a thing that could be named has lost, gained or shows otherwise (world)."""
    exact = truth(case)
    if exact is None or exact.after is None or not isinstance(case.view, WorldView):
        return None
    before, after = case.view.shares, exact.after.shares()
    lost = []
    for item in case.view.visible:
        found = shown(case, item.id)
        moved = abs(after.get(item.id, 0.0) - before[item.id]) / before[item.id]
        unlike = 0.0 if found is None else 1 - float(found.mean()) / max(after.get(item.id, 0.0), 1e-9)
        lost.append(max(moved, unlike))
    return max(lost, default=1.0)


class BackgroundChange(EditType):
    """Put everything into another place; the things and the camera stay as they are."""

    name = "background_change"
    summary = "The same things in another place."
    example = "Alter the background to a garden"
    needs = "things before a background"
    Params = BackgroundParams
    phrases = (
        "Alter the background to {place}",
        "Change the background to {place}",
        "Replace the background with {place}",
        "Set the background to {place}",
        "Swap the background for {place}",
        "Turn the background into {place}",
        "Keep {everything} and change the background to {place}",
        "Give the picture a new background: {place}",
        "Make {place} the background of the picture",
        "Move the scene so that its background is {place}",
        "I want {place} as the background",
        "Can you change the background to {place}?",
        "Could the background be {place}?",
        "What would this look like with {place} in the background?",
    )
    checks = SAID
    gates = (
        Rule("background share", mask_share, low=0.15, high=0.98),
        Rule("background changed in Lab", background_changed, low=8),
        Rule("things kept", foreground_kept, high=0.35),
        *EVERY,
        *backdrops.IN_FRONT,
    )

    def propose(self, view: View, rng: np.random.Generator) -> BackgroundParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        if not view.visible:
            return None
        here = ENVIRONMENTS[view.scene.environment]
        scale = str(here.values(view.scene)["scale"])
        options = [
            place for place in ENVIRONMENTS.values() if place.name != here.name and scale in place.scales
        ]
        for index in rng.permutation(len(options))[:TRIES]:
            place = options[index]
            surroundings = place.sample(int(rng.integers(2**62)), scale=scale)
            # The sun stays on its side unless the new place has its own lights.
            kept = {k: v for k, v in view.scene.surroundings.items() if k in ("sun_side", "sun_turn")}
            surroundings |= {k: v for k, v in kept.items() if k in surroundings}
            params = BackgroundParams(environment=place.name, surroundings=surroundings)
            shares = item_shares(self.rewrite(view.scene, params), aspect=aspect_of(view.frame))
            if all(abs(shares[item.id] / view.shares[item.id] - 1) < 0.15 for item in view.visible):
                return params
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> BackgroundParams | None:
        environment = backdrops.propose(view, rng)
        return None if environment is None else BackgroundParams(environment=environment)

    def edit(self, view: PhotoView, params: BackgroundParams, tools: Tools) -> Outcome:
        """Cut the subject out and set it before the new background."""
        return backdrops.before(view, params.environment, tools)

    def words(self, view: View, params: BackgroundParams) -> dict[str, str]:
        if not isinstance(view, WorldView):
            target = backdrops.subject(view)
            kept = "everything" if target is None else f"the {view.object(target).name}"
            return {
                "object": "the background",
                "place": backdrops.phrase(params.environment),
                "everything": kept,
            }
        where = ENVIRONMENTS[params.environment].phrase
        things = len(view.visible)
        return {
            "object": "the background",
            "place": re.split(r"\b(?=(?:an?|the) )", where, maxsplit=1)[-1],
            "everything": "everything" if things != 1 else self._only(view),
        }

    def _only(self, view: WorldView) -> str:
        return view.refer(view.visible[0].id)

    def caption_after(self, view: View, params: BackgroundParams) -> str:
        if isinstance(view, WorldView):
            return describe.caption(self.rewrite(view.scene, params))
        return backdrops.caption(view, params.environment)

    def rewrite(self, scene: Scene, params: BackgroundParams) -> Scene:
        changes: dict[str, object] = {
            "environment": params.environment,
            "surroundings": params.surroundings,
            "lights_off": False,
            "exposure": None,
        }
        if params.time is not None:
            changes["time"] = params.time
        changed: Scene = scene.but(**changes)
        return changed

    def mask_of(self, before: Frame, after: Frame, params: BackgroundParams) -> Mask:
        """Everything that is no item, in either picture."""
        return np.asarray((before.parts == 0) | (after.parts == 0), bool)

    def inverse(
        self, view: View, params: BackgroundParams, outcome: object
    ) -> tuple[EditType, BackgroundParams] | None:
        if not isinstance(view, WorldView):
            return None
        scene = view.scene
        return self, BackgroundParams(
            environment=scene.environment, surroundings=scene.surroundings, time=scene.time
        )
