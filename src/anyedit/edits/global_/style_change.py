"""style_change: the whole picture is drawn anew in another style."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pydantic import field_validator

from anyedit.edits.base import EditType, Outcome, Params, Rule
from anyedit.edits.global_.likeness import lab_change, structure
from anyedit.edits.global_.styles import STYLES, stylised
from anyedit.edits.rules import EVERY, SAID
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.errors import nearest

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


# What is laid on in strokes: the statistics of a neural network's features tell them from the things that are shown.
PAINTED = ("oil painting", "watercolour painting", "pointillist painting", "impressionist painting")


class StyleParams(Params):
    """style: a name of `styles.STYLES`."""

    style: str

    @field_validator("style")
    @classmethod
    def _known(cls, style: str) -> str:
        if style not in STYLES:
            raise ValueError(f"no style is named '{style}'{nearest(style, STYLES)}")
        return style


class StyleChange(EditType):
    """Draw the picture in another style; what it shows stays where it is."""

    name = "style_change"
    summary = "The whole picture is drawn anew in another style."
    example = "Change the style of the image to contrast"
    needs = "nothing"
    Params = StyleParams
    phrases = (
        "Change the style of the image to {style}",
        "Turn this picture into {a_style}",
        "Make the image look like {a_style}",
        "Redraw this as {a_style}",
        "Convert the photo to {a_style}",
        "Render the scene in the style of {a_style}",
        "Transform the picture into {a_style}",
        "Give the image the look of {a_style}",
        "Apply a {style} style",
        "Restyle the whole image as {a_style}",
        "I want this to look like {a_style}",
        "Can you make this picture {a_style}?",
        "What would this look like as {a_style}?",
        "Could you redraw the image as {a_style}?",
    )
    checks = SAID
    gates = (
        Rule("change in Lab", lab_change, low=6),
        Rule("structure kept", structure(1 / 80, 1 / 32), low=0.3),
        *EVERY,
    )

    def propose(self, view: View, rng: np.random.Generator) -> StyleParams | None:
        return StyleParams(style=str(rng.choice(list(STYLES))))

    def words(self, view: View, params: StyleParams) -> dict[str, str]:
        article = "an" if params.style[0] in "aeiou" else "a"
        return {"object": params.style, "style": params.style, "a_style": f"{article} {params.style}"}

    def usable_phrases(self, view: View, params: StyleParams) -> tuple[str, ...]:
        if params.style[0] in "aeiou":
            return tuple(phrase.replace(" a {style}", " an {style}") for phrase in self.phrases)
        return self.phrases

    def caption_after(self, view: View, params: StyleParams) -> str:
        article = "An" if params.style[0] in "aeiou" else "A"
        shown = view.caption.rstrip(".")
        stop = "." if view.caption.endswith(".") or not shown else ""
        drawn = (
            f"{article} {params.style} of {shown[0].lower()}{shown[1:]}"
            if shown
            else f"{article} {params.style}"
        )
        return drawn + stop

    def edit_world(self, view: WorldView, params: StyleParams) -> Outcome:
        return self._drawn(view, params)  # no scene afterwards: no render would look like this

    def edit(self, view: PhotoView, params: StyleParams, tools: Tools) -> Outcome:
        """Drawn by the procedure; of paintings, an engine for `stylise` carries the strokes over to the photograph."""
        made = self._drawn(view, params)
        if params.style not in PAINTED or not tools.has("stylise"):
            return made
        picture = tools.stylise.stylise(view.picture, made.picture)
        return replace(made, picture=picture, engines=(*made.engines, tools.version("stylise")))

    def _drawn(self, view: View, params: StyleParams) -> Outcome:
        shape = view.picture.shape[:2]
        return Outcome(
            picture=stylised(view.picture, params.style),
            mask=np.ones(shape, bool),
            influence=np.full(shape, 255, np.uint8),
            engines=("styles (OpenCV)",),
        )
