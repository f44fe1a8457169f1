"""resize: a named object becomes bigger or smaller where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from anyedit.edits import cutouts, filling, photographs
from anyedit.edits.base import Case, EditType, Mask, Outcome, Params, Rule
from anyedit.edits.evidence import frame_shown
from anyedit.edits.placing import carried, clear
from anyedit.edits.rules import LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.world import describe
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

FACTORS = (0.5, 0.6, 0.7, 1.3, 1.4, 1.5, 1.75)
SAID_AS = {0.5: "to half its size", 2.0: "to twice its size"}


class ResizeParams(Params):
    """target: id of the object. factor: of its height, width and depth."""

    target: str
    factor: float = Field(gt=0.2, lt=4)


def area_as_asked(case: Case) -> float | None:
    """Visible area after over before, over the asked factor squared: 1 when exactly as asked (world)."""
    after, frame = frame_shown(case, case.params.target), getattr(case.view, "frame", None)
    if after is None or frame is None:
        return None
    before_area, after_area = (float(f.mask(case.params.target).mean()) for f in (frame, after))
    return after_area / before_area / case.params.factor**2 if before_area else 0.0


class Resize(EditType):
    """Make a named object bigger or smaller; it stands where it stood."""

    name = "resize"
    summary = "A named object becomes bigger or smaller."
    example = "Zoom out the giraffes in the image"
    needs = "an object with room around it"
    Params = ResizeParams
    phrases = (
        "Zoom {zoom} {object} in the image",
        "Make {object} {bigger}",
        "{Scale} {object}",
        "{Scale} {object} {by}",
        "Make {object} {bigger} {by}",
        "Resize {object} {to}",
        "Change the size of {object} {to}",
        "Scale {object} {updown} {by}",
        "{Scale} the size of {object} in the picture",
        "Let {object} appear {bigger}",
        "I want {object} to be {bigger}",
        "Can you make {object} {bigger}?",
        "Could you {scale} {object} {by}?",
        "What if {object} were {bigger}?",
    )
    checks = (
        *SAID,
        *filling.BEFORE_FILL,
        Rule("target visible before", visible_share("target"), low=0.008, high=0.6),
    )
    gates = (
        *LOCAL,
        Rule("target visible after", visible_share("target", after=True), low=0.004, high=0.8),
        Rule("area as asked", area_as_asked, low=0.7, high=1.35),
        *filling.FILLED,
    )

    def propose(self, view: View, rng: np.random.Generator) -> ResizeParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        free = [
            item
            for item in view.visible
            if len(carried(view.scene, item.id)) == 1 and view.shares[item.id] > 0.01
        ]
        for index in rng.permutation(len(free)):
            for factor in rng.permutation(FACTORS).tolist():
                params = ResizeParams(target=free[index].id, factor=factor)
                share = view.shares[params.target] * factor**2
                if 0.006 <= share <= 0.45 and clear(self.rewrite(view.scene, params), params.target):
                    return params
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> ResizeParams | None:
        """A thing on even ground; without super-resolution enlarged only a little: its pixels are not more for it."""
        factors = (0.6, 0.7, 1.3, 1.4, *((1.5, 1.75) if "enlarge" in view.played else ()))
        things = photographs.replaceable(view, largest=0.25, whole=True)
        for index in rng.permutation(len(things)):
            thing = things[index]
            for factor in rng.permutation(factors).tolist():
                if factor < 1 and thing.share > photographs.LARGE:
                    continue  # what a large thing hid cannot be guessed
                params = ResizeParams(target=thing.id, factor=factor)
                if cutouts.fits(view, thing.id, self.placed(view, params)):
                    return params
        return None

    def placed(self, view: PhotoView, params: ResizeParams) -> Mask:
        """bool (H, W): where the thing is seen afterwards in a photograph."""
        return cutouts.shifted(view, params.target, (0.0, self._drop(view, params)), params.factor)[1]

    def _drop(self, view: PhotoView, params: ResizeParams) -> float:
        """Things seen from above or on a wall keep their middle: half of what they grew, downwards."""
        box = view.object(params.target).box
        return (params.factor - 1) * (box[3] - box[1]) / 2

    def edit(self, view: PhotoView, params: ResizeParams, tools: Tools) -> Outcome:
        """Take the thing out, fill its place, set it down scaled."""
        finer = tools.enlarge if params.factor > 1 and tools.has("enlarge") else None
        move = (0.0, self._drop(view, params))
        cutout, new = cutouts.shifted(view, params.target, move, params.factor, finer)
        made = cutouts.set_down(view, params.target, cutout, new, tools)
        return made if finer is None else replace(made, engines=(*made.engines, tools.version("enlarge")))

    def words(self, view: View, params: ResizeParams) -> dict[str, str]:
        grows = params.factor > 1
        thing = (
            view.refer(params.target)
            if isinstance(view, WorldView)
            else photographs.refer(view, params.target) or f"the {view.object(params.target).name}"
        )
        percent = round(abs(params.factor - 1) * 100)
        scale = "enlarge" if grows else "shrink"
        return {
            "object": thing,
            "zoom": "in" if grows else "out",
            "bigger": "bigger" if grows else "smaller",
            "scale": scale,
            "Scale": scale.capitalize(),
            "updown": "up" if grows else "down",
            "by": f"by {percent} percent",
            "to": SAID_AS.get(params.factor, f"to {params.factor:g} times its size"),
        }

    def caption_after(self, view: View, params: ResizeParams) -> str:
        size = "bigger" if params.factor > 1 else "smaller"
        if not isinstance(view, WorldView):
            return f"{view.caption.rstrip('.')}, with {self.words(view, params)['object']} made {size}"
        caption = describe.caption(self.rewrite(view.scene, params))
        thing = self.words(view, params)["object"]
        return (
            caption if caption != view.caption else f"{caption.rstrip('.')}; {thing} is {size} than before."
        )

    def rewrite(self, scene: Scene, params: ResizeParams) -> Scene:
        return scene.changed(params.target, size=round(scene.item(params.target).size * params.factor, 5))

    def inverse(
        self, view: View, params: ResizeParams, outcome: object
    ) -> tuple[EditType, ResizeParams] | None:
        if not isinstance(view, WorldView):
            return None  # where the thing is in the edited photograph, no source says
        factor = round(1 / params.factor, 6)
        return self, ResizeParams(target=params.target, factor=factor)
