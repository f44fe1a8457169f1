"""implicit_change: something happens, and the picture shows what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import field_validator

from anyedit.edits.base import Case, EditType, Mask, Outcome, Params, Rule
from anyedit.edits.exact import changed_mask
from anyedit.edits.global_ import direction
from anyedit.edits.global_.likeness import lab
from anyedit.edits.implicit.causes import CAUSES, Cause
from anyedit.edits.rules import EVERY, SAID, leak, mask_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.errors import nearest
from anyedit.world import describe
from anyedit.world.pair import global_change
from anyedit.world.render import Frame
from anyedit.world.scene import Item, Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

# The tone that a photograph takes after a cause.
TONE_AFTER = {"sun sets": "night", "fog": "fog", "autumn comes": "autumn"}


class ImplicitParams(Params):
    """cause: a name of `CAUSES`. target: id of what it befalls; None: the whole scene."""

    cause: str
    target: str | None = None

    @field_validator("cause")
    @classmethod
    def _known(cls, cause: str) -> str:
        if cause not in CAUSES:
            raise ValueError(f"no cause is named '{cause}'{nearest(cause, CAUSES)}")
        return cause


def consequence_seen(case: Case) -> float | None:
    """Mean distance in CIE Lab inside the mask: what follows must be seen."""
    if case.done.picture.shape != case.view.picture.shape or not case.done.mask.any():
        return 0.0
    distance = np.linalg.norm(lab(case.done.picture) - lab(case.view.picture), axis=-1)
    return float(distance[case.done.mask].mean())


class ImplicitChange(EditType):
    """Name a cause; its consequence is left to the reader and shown in the picture."""

    name = "implicit_change"
    summary = "Something happens, and the picture shows what follows."
    example = "What will happen if the sun never go down?"
    needs = "something that can happen here"
    Params = ImplicitParams
    phrases = (
        "What will happen if {event}?",
        "What would the scene look like after {past}?",
        "What happens when {event}?",
        "Show what happens when {event}",
        "Show the scene after {past}",
        "Imagine that {past}",
        "Let us see what follows when {event}",
        "Picture this place once {past}",
        "Suppose {event}: show the result",
        "Depict the moment after {past}",
        "How will this look once {past}?",
        "Can you show me what follows if {event}?",
        "What does it look like now that {past}?",
    )
    wishes: ClassVar = {"needs": ("effects",)}
    checks = (*SAID, Rule("cause applies", lambda case: float(_applies(case)), low=1))
    gates = (
        Rule("mask share", mask_share, low=0.004),
        Rule("consequence seen in Lab", consequence_seen, low=3.5),
        Rule("change outside influence", leak, high=0),
        Rule(
            "light as named",
            lambda case: direction.as_named(case, TONE_AFTER.get(getattr(case.params, "cause", ""))),
            low=0.5,
        ),
        *EVERY,
    )

    def propose(self, view: View, rng: np.random.Generator) -> ImplicitParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        names = list(CAUSES)
        for index in rng.permutation(
            len(names)
        ):  # a cause first, then whom it befalls: rare causes do not starve
            cause = CAUSES[names[index]]
            if cause.name == "taken" and rng.random() < 0.8:
                continue  # it applies nearly everywhere
            if not cause.targeted:
                if cause.applies(view.scene, None):
                    return ImplicitParams(cause=cause.name)
                continue
            items = [item for item in view.visible if cause.applies(view.scene, item)]
            if items:
                return ImplicitParams(cause=cause.name, target=items[int(rng.integers(len(items)))].id)
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> ImplicitParams | None:
        """A cause that light alone can show: nightfall, fog, autumn."""
        from anyedit.edits.global_.tone_transfer import possible_tones

        values = {value for _, value in possible_tones(view)}
        causes = [cause for cause, tone in TONE_AFTER.items() if tone in values]
        return ImplicitParams(cause=str(rng.choice(causes))) if causes else None

    def edit(self, view: PhotoView, params: ImplicitParams, tools: Tools) -> Outcome:
        """The light, haze or leaves that follow, by the tone engine."""
        shape = view.picture.shape[:2]
        return Outcome(
            picture=tools.tone.tone(view.picture, TONE_AFTER[params.cause]),
            mask=np.ones(shape, bool),
            influence=np.full(shape, 255, np.uint8),
            engines=(tools.version("tone"),),
        )

    def words(self, view: View, params: ImplicitParams) -> dict[str, str]:
        cause = CAUSES[params.cause]
        if params.target is None:
            return {"object": cause.event, "event": cause.event, "past": cause.past}
        thing = (
            view.refer(params.target)
            if isinstance(view, WorldView)
            else f"the {view.object(params.target).name}"
        )
        return {
            "object": thing,
            "event": cause.event.format(object=thing),
            "past": cause.past.format(object=thing),
        }

    def caption_after(self, view: View, params: ImplicitParams) -> str:
        words = self.words(view, params)
        caption = (
            describe.caption(self.rewrite(view.scene, params))
            if isinstance(view, WorldView)
            else view.caption
        )
        if caption != view.caption:
            return caption
        bare = caption.removesuffix(".")
        return f"{bare}, after {words['past']}{'.' if bare != caption else ''}"

    def rewrite(self, scene: Scene, params: ImplicitParams) -> Scene:
        return CAUSES[params.cause].consequence(scene, _item(scene, params))

    def mask_of(self, before: Frame, after: Frame, params: ImplicitParams) -> Mask:
        """The thing that it befalls, before and after; everything when it is the scene or its light."""
        if params.target is None or global_change(before, after):
            return np.ones(after.parts.shape, bool)
        return changed_mask(before, after)


def _item(scene: Scene, params: ImplicitParams) -> Item | None:
    return None if params.target is None else scene.item(params.target)


def _applies(case: Case) -> bool:
    if not isinstance(case.view, WorldView):
        return case.params.cause in TONE_AFTER
    cause: Cause = CAUSES[case.params.cause]
    return cause.applies(case.view.scene, _item(case.view.scene, case.params))
