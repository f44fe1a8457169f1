"""textual_change: the text on a sign, cover or box is replaced; an OCR engine must read it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from anyedit.edits.base import Case, EditType, Inverse, Mask, Outcome, Params, Rule
from anyedit.edits.evidence import fitted, noted
from anyedit.edits.exact import caption_of_change
from anyedit.edits.local import given_text
from anyedit.edits.rules import LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.world.kinds import parts_of
from anyedit.world.labels import WORDS
from anyedit.world.render import Frame
from anyedit.world.scene import Item, Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


class TextualChangeParams(Params):
    """target: id of the object that carries the text, or of the line (photographs). old, new: the texts."""

    target: str
    old: str
    new: str


def label_parts(item: Item) -> list[str]:
    """Names of the item's parts that carry its text."""
    return [part.name for part in parts_of(item.kind, item.params, item.state) if part.label]


def label_mask(frame: Frame, item: Item) -> Mask:
    """bool (H, W): where the item's text is seen."""
    mask = np.zeros(frame.parts.shape, bool)
    for part in label_parts(item):
        mask |= frame.mask(item.id, part)
    return mask


def text_mask(view: View, target: str) -> Mask:
    """bool (H, W): where the text stands before the edit."""
    if isinstance(view, WorldView):
        return label_mask(view.frame, view.scene.item(target))
    return given_text.line_mask(view, target)


def reads(which: str, *, of_source: bool = False) -> object:
    """A measure: how well the case's OCR engine (or ours) reads the old or new text back from the label, in [0, 1]."""

    def measure(case: Case) -> float | None:
        from anyedit.engines import ocr

        source = case.view.picture
        picture = source if of_source else fitted(case.done.picture, source)
        mask = text_mask(case.view, case.params.target)
        if not mask.any():
            return 0.0
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        # Beside a world's label is its object; beside a photograph's word are other words.
        margin = 6 if isinstance(case.view, WorldView) else 2
        crop = picture[
            max(rows[0] - margin, 0) : rows[-1] + margin + 1,
            max(columns[0] - margin, 0) : columns[-1] + margin + 1,
        ]
        read = ocr.read if case.tools is None else case.tools.ocr.read
        said = noted(
            case,
            f"text of source: {of_source}",
            lambda: "".join(box.text for box in read(crop)),
            of_picture=not of_source,
        )
        return ocr.similarity(said, getattr(case.params, which))

    return measure


class TextualChange(EditType):
    """The text on an object is replaced; its typeface stays."""

    name = "textual_change"
    summary = "The text on a sign, cover or box is replaced."
    example = "Replace the text 'eddie' with 'stobart'"
    needs = "an object that carries text, large enough to read"
    wishes = {"needs": ("text",)}
    Params = TextualChangeParams
    phrases = (
        "Replace the text '{old}' with '{new}'",
        "Change the text '{old}' to '{new}'",
        "Change the word '{old}' to '{new}'",
        "Make {object} say '{new}'",
        "Let {object} read '{new}'",
        "Write '{new}' on {object} instead of '{old}'",
        "Alter the text on {object} to '{new}'",
        "Swap '{old}' for '{new}' on {object}",
        "Edit the lettering of {object} so that it says '{new}'",
        "I want {object} to say '{new}'",
        "Can you change '{old}' to '{new}'?",
        "Could {object} say '{new}'?",
        "What if {object} said '{new}'?",
    )
    of_lines = (
        "Let '{new}' stand where '{old}' stands",
        "Write '{new}' instead of '{old}'",
        "Where it says '{old}', let it say '{new}'",
        "The text '{old}' should read '{new}'",
    )
    checks = (
        *SAID[:3],
        Rule("target visible before", visible_share("target"), low=0.005, high=0.95),
        Rule("old text read before", reads("old", of_source=True), low=0.8),  # type: ignore[arg-type]
    )
    gates = (
        *LOCAL,
        Rule("new text read after", reads("new"), low=0.8),  # type: ignore[arg-type]
        Rule("strokes as wide as the old", given_text.stroke_ratio, low=0.75, high=1.17),
    )

    def propose(self, view: View, rng: np.random.Generator) -> TextualChangeParams | None:
        if not isinstance(view, WorldView):
            return self._propose_line(view, rng)
        masks = {item.id: label_mask(view.frame, item) for item in view.visible if item.text}
        targets = [item for item in view.visible if item.text and masks[item.id].mean() >= 0.008]
        if not targets:
            return None
        target = max(targets, key=lambda item: float(masks[item.id].mean()))
        old = str(target.text)
        known = [word for word in (*view.kind(target).text, *WORDS) if word.lower() != old.lower()]
        return TextualChangeParams(target=target.id, old=old, new=str(rng.choice(known)))

    def _propose_line(self, view: PhotoView, rng: np.random.Generator) -> TextualChangeParams | None:
        keys, lines = given_text.replaceable(view), given_text.lines_of(view)
        for index in rng.permutation(len(keys)):
            old = lines[keys[index]].text
            new = given_text.like(old, WORDS)
            if new:
                return TextualChangeParams(target=keys[index], old=old, new=str(rng.choice(new)))
        return None

    def usable_phrases(self, view: View, params: TextualChangeParams) -> tuple[str, ...]:
        if isinstance(view, WorldView):
            return self.phrases
        return tuple(phrase for phrase in self.phrases if "{object}" not in phrase) + self.of_lines

    def words(self, view: View, params: TextualChangeParams) -> dict[str, str]:
        if not isinstance(view, WorldView):  # what carries the line is not known
            return {"object": f"the text '{params.old}'", "old": params.old, "new": params.new}
        return {"object": view.refer(params.target), "old": params.old, "new": params.new}

    def caption_after(self, view: View, params: TextualChangeParams) -> str:
        if not isinstance(view, WorldView):
            old = re.compile(rf"\b{re.escape(params.old)}\b", re.IGNORECASE)
            if old.search(view.caption):
                return old.sub(lambda _: params.new, view.caption)
            return f"{view.caption.rstrip('.')}, with the text '{params.new}'"
        return caption_of_change(view, self.rewrite(view.scene, params), params.target)

    def edit(self, view: PhotoView, params: TextualChangeParams, tools: Tools) -> Outcome:
        """The line written anew in its own typeface, size and colour."""
        from anyedit.engines.roles import Lettering

        line = given_text.lines_of(view)[params.target]
        picture, mask = tools.letter.letter(view.picture, Lettering(params.new, params.old, line.quad))
        return Outcome(
            picture=picture,
            mask=mask,
            influence=mask.astype(np.uint8) * 255,
            engines=(tools.letter.version,),
        )

    def rewrite(self, scene: Scene, params: TextualChangeParams) -> Scene:
        return scene.changed(params.target, text=params.new)

    def mask_of(self, before: Frame, after: Frame, params: TextualChangeParams) -> Mask:
        return label_mask(before, before.scene.item(params.target)) | label_mask(
            after, after.scene.item(params.target)
        )

    def inverse(self, view: View, params: TextualChangeParams, outcome: Outcome) -> Inverse | None:
        if not isinstance(view, WorldView):
            return None  # the lines are known of the photograph as it was only
        return self, TextualChangeParams(target=params.target, old=params.new, new=params.old)
