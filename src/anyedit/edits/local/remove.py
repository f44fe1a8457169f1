"""remove: a named object goes, and what was behind it appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anyedit.edits import filling, photographs
from anyedit.edits.base import EditType, Inverse, Outcome, Params, Rule
from anyedit.edits.rules import GONE, LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.world import describe
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


class RemoveParams(Params):
    """target: id of the object that goes."""

    target: str


class Remove(EditType):
    """Remove a named object; its shadow and reflections go with it, what was behind it appears."""

    name = "remove"
    summary = "A named object goes; what was behind it appears."
    example = "Remove the person on skis"
    needs = "an object that may go"
    Params = RemoveParams
    phrases = (
        "Remove {object}",
        "Take away {object}",
        "Take {object} out of the picture",
        "Erase {object}",
        "Delete {object} from the image",
        "Get rid of {object}",
        "Make {object} disappear",
        "Edit out {object}",
        "Please remove {object} from the scene",
        "I don't want {object} in this picture",
        "Can you remove {object}?",
        "Could you make the picture without {object}?",
        "What would it look like without {object}?",
    )
    checks = (
        *SAID,
        *filling.BEFORE_FILL,
        Rule("target visible before", visible_share("target"), low=0.005, high=0.95),
    )
    gates = (
        *LOCAL,
        Rule("target visible after", visible_share("target", after=True), high=GONE),
        *filling.FILLED,
    )

    def propose(self, view: View, rng: np.random.Generator) -> RemoveParams | None:
        if isinstance(view, WorldView):
            standing_on = {item.on for item in view.scene.items}
            targets = [item.id for item in view.visible if item.id not in standing_on]
            if len(view.visible) < 2:
                return None
        else:
            targets = [thing.id for thing in photographs.replaceable(view)]
        return RemoveParams(target=str(rng.choice(targets))) if targets else None

    def words(self, view: View, params: RemoveParams) -> dict[str, str]:
        if isinstance(view, WorldView):
            return {"object": view.refer(params.target)}
        return {"object": photographs.refer(view, params.target) or f"the {view.object(params.target).name}"}

    def caption_after(self, view: View, params: RemoveParams) -> str:
        if isinstance(view, WorldView):
            return describe.caption(self.rewrite(view.scene, params))
        return photographs.without(view, params.target)

    def rewrite(self, scene: Scene, params: RemoveParams) -> Scene:
        return scene.without(params.target)

    def edit(self, view: PhotoView, params: RemoveParams, tools: Tools) -> Outcome:
        """Fill what the object hid with the texture around it."""
        return filling.emptied(view, filling.hole_of(view.mask(params.target)), tools)

    def inverse(self, view: View, params: RemoveParams, outcome: Outcome) -> Inverse | None:
        from anyedit.edits.local.add import Add

        if isinstance(view, WorldView):
            return Add.undoing_removal(view, params.target)
        return Add.undoing_photographed(view, params.target)
