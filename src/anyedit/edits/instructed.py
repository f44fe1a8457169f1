"""Any type by way of an instruction editor: the words are all it is told, and a judge looks at what it did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from anyedit.edits import published
from anyedit.edits.alignment import drift, misaligned
from anyedit.edits.base import Case, EditType, Mask, Outcome, Params, Rule
from anyedit.edits.evidence import calm_lab, fitted
from anyedit.edits.rules import SAID, SEEN_BEFORE, mask_share
from anyedit.edits.views import PhotoView, View
from anyedit.engines.roles import Instructed
from anyedit.engines.tools import ROLES
from anyedit.errors import EditNotPossible, EngineError
from anyedit.records import Pixels
from anyedit.types import Group

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

CHANGED = 8.0  # Lab distance from which a pixel counts as edited
WHOLE_PICTURE = ("camera", "global", "visual")  # groups whose edits are not of one place


class InstructedParams(Params):
    """instruction: the words for the editor; wordings: others for the same. object: the noun of what is edited.

    result: what it becomes, or "".
    """

    instruction: str
    object: str
    result: str = ""
    wordings: tuple[str, ...] = ()


def changed(case: Case) -> float | None:
    """Share of the picture that the editor changed; an editor that gives the source back did nothing."""
    return mask_share(case)


class Instructable(EditType):
    """A type whose edits an instruction editor makes. `edit_type` and group are the type's own."""

    summary = "Any type, by an instruction editor."
    example = "Make the mug red"
    phrases = ("{instruction}",)
    Params = InstructedParams

    def __init__(self, kind: EditType) -> None:
        self.kind = kind
        self.name = kind.name  # type: ignore[misc]
        seen = tuple(rule for rule in kind.checks if rule.name == SEEN_BEFORE)
        self.checks = (*SAID, *seen, *kind.said, *published.WORDS.get(kind.name, ()))  # type: ignore[misc]
        still = kind.group in ("local", "implicit")
        self.gates = (  # type: ignore[misc]
            Rule("changed share", changed, low=0.003),
            *(
                (Rule("misaligned", misaligned, high=0.01), Rule("drift outside mask", drift, high=8))
                if still
                else ()
            ),
        )

    @property
    def group(self) -> Group:
        """The type's group."""
        return self.kind.group

    def propose(self, view: View, rng: np.random.Generator) -> InstructedParams | None:
        """What the type itself would do with the photograph, in one of its own wordings."""
        if isinstance(view, PhotoView):  # the editor stands in for whatever engine the type would ask for
            view = replace(view, played=frozenset(ROLES))
        own = self.kind.propose(view, rng)
        if own is None:
            return None
        words = self.kind.words(view, own)
        phrases = self.kind.usable_phrases(view, own)
        texts = [phrases[k].format(**words) for k in rng.permutation(len(phrases))]
        texts = [text[0].upper() + text[1:] for text in texts]
        result = words.get("new") or words.get("colour") or words.get("material") or words.get("place", "")
        return InstructedParams(
            instruction=texts[0], object=words["object"], result=result.strip(), wordings=tuple(texts[1:4])
        )

    def words(self, view: View, params: InstructedParams) -> dict[str, str]:
        return {"instruction": params.instruction, "object": params.object, "place": params.result}

    def caption_after(self, view: View, params: InstructedParams) -> str:
        """The caption with the instruction's result said; a language model writes a better one."""
        said = f"after this edit: {params.instruction[0].lower()}{params.instruction[1:]}"
        return f"{view.caption.rstrip('.')}, {said}" if view.caption else said

    def edit(self, view: PhotoView, params: InstructedParams, tools: Tools) -> Outcome:
        """Ask the editor; the mask is what it changed."""
        outcome = followed(view, params.instruction, tools)
        if self.group in WHOLE_PICTURE and outcome.mask.any():
            return replace(outcome, mask=np.ones(outcome.mask.shape, bool))
        return outcome


def followed(view: PhotoView, instruction: str, tools: Tools) -> Outcome:
    """What an instruction editor makes of a photograph; the mask is what it changed."""
    (made,) = tools.follow.follow([Instructed(view.picture, instruction)])
    if isinstance(made, EngineError):
        raise EditNotPossible(str(made))
    return Outcome(made, changed_place(view.picture, made), engines=(tools.version("follow"),))


def changed_place(before: Pixels, after: Pixels) -> Mask:
    """bool (H, W): where two pictures differ visibly, without specks and with small holes closed."""
    apart = np.linalg.norm(calm_lab(fitted(after, before)) - calm_lab(before), axis=-1)
    side = max(3, round(0.01 * max(apart.shape))) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    seen = cv2.morphologyEx((apart > CHANGED).astype(np.uint8), cv2.MORPH_OPEN, disc)
    return np.asarray(cv2.morphologyEx(seen, cv2.MORPH_CLOSE, disc) > 0)
