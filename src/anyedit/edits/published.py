"""The published pre- and post-filter rules as presets, with their defects corrected, for all types.

Source: AnyEdit (arXiv 2411.15738) and its code. Text scores are CLIP's cosine (the published logit / 100). Two
defects are not carried over: L1 is taken on [0, 1] floats (the published bytes wrap around at 256, so its limits
mean nothing; ours are from the true differences), and masks are compared as masks. The publication has rules for
nine types; the others get those of their nearest kin. Every limit can be replaced: `gates: {add.CLIP: [0.22, null]}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from anyedit.edits.base import Case, EditType, Rule
from anyedit.edits.evidence import fitted
from anyedit.edits.views import WorldView
from anyedit.errors import AnyEditError, EditNotPossible, EngineError
from anyedit.language import gerund, plural

INSIDE = 0.2  # share of what is detected that must lie in the edit's mask


def clip_after(case: Case) -> float | None:
    """Cosine of the edited picture and its caption."""
    return _cosine(case, after=True)


def clip_before(case: Case) -> float | None:
    """Cosine of the source picture and its caption."""
    return _cosine(case, after=False)


def _cosine(case: Case, *, after: bool) -> float | None:
    tools = case.tools
    if tools is None or not tools.has("image_text"):
        return None
    picture, text = (
        (case.done.picture, case.edited_caption) if after else (case.view.picture, case.view.caption)
    )
    return float(tools.image_text.image_text([picture], [text])[0]) if text else None


def clip_direction(case: Case) -> float | None:
    """CLIPdir: cosine of the change of the picture's features and the change of the captions' (Gal et al. 2022)."""
    tools = case.tools
    if tools is None or not tools.has("features") or not tools.has("sentences"):
        return None
    if not case.view.caption or not case.edited_caption or case.edited_caption == case.view.caption:
        return None
    pictures = tools.features.features([case.view.picture, case.done.picture])
    words = tools.sentences.sentences([case.view.caption, case.edited_caption])
    if pictures.shape[1] != words.shape[1]:
        return None  # of two networks that share no space
    change, said = pictures[1] - pictures[0], words[1] - words[0]
    length = float(np.linalg.norm(change) * np.linalg.norm(said))
    return float(change @ said) / length if length > 1e-8 else 0.0


def l1(case: Case) -> float:
    """Mean absolute difference of source and edited picture, [0, 1]."""
    edited = fitted(case.done.picture, case.view.picture).astype(float)
    return float(np.abs(edited - case.view.picture.astype(float)).mean() / 255)


def aesthetic(case: Case) -> float | None:
    """LAION's aesthetic score of the source picture."""
    tools = case.tools
    if tools is None or not tools.has("aesthetic"):
        return None
    return float(tools.aesthetic.aesthetic([case.view.picture])[0])


def detected(name_of: Callable[[Case], str], case: Case) -> float | None:
    """Share of a detected thing's mask that lies in the edit's mask, of the one that lies in it most; 0: none found."""
    tools, name = case.tools, name_of(case)
    if tools is None or not tools.has("ground") or not name:
        return None
    known = tools.ground.names
    if known is not None and name not in known:
        return None  # a closed set that cannot see it
    picture = fitted(case.done.picture, case.view.picture)
    (found,) = tools.ground.find([picture], [[name]])
    mask, best = case.done.mask, 0.0
    if mask.shape != picture.shape[:2]:
        return None
    boxes = [thing.box for thing in found]
    masks = tools.segment.segment(picture, boxes) if boxes and tools.has("segment") else [None] * len(boxes)
    for box, own in zip(boxes, masks, strict=True):
        if own is None or isinstance(own, AnyEditError):
            own = np.zeros(mask.shape, bool)
            own[round(box[1]) : round(box[3]), round(box[0]) : round(box[2])] = True
        if own.any():
            best = max(best, float((own & mask).sum() / own.sum()))
    return best


def vqa(question_of: Callable[[Case], str | None], case: Case) -> float | None:
    """1 when a vision-language model answers yes to a question about the edited picture."""
    tools, question = case.tools, question_of(case)
    if tools is None or not tools.has("describe") or question is None:
        return None
    (answer,) = tools.describe.answer([case.done.picture], [question])
    if isinstance(answer, EngineError):
        raise EditNotPossible(f"no answer to '{question}': {answer}")
    return float(answer == "yes")


def old_object(case: Case) -> str:
    """The noun of what the edit is of: "the red mug on the left" -> "mug" where the source knows its name."""
    target = getattr(case.params, "target", None)
    known = {thing.id: thing.name for thing in getattr(case.view, "objects", ())}
    return known.get(str(target), "") or getattr(case.params, "object", "") or case.edited_object


def new_object(case: Case) -> str:
    """What appears: the new thing's name of a replacement, the edited object of an addition."""
    for field in ("noun", "new", "name", "result"):
        value = getattr(case.params, field, None)
        if isinstance(value, str) and value:
            return value
    return case.edited_object


def _colour(case: Case) -> str | None:
    colour = getattr(case.params, "colour", None) or getattr(case.params, "result", None)
    return f"Is the color of the {old_object(case)} close to {colour}?" if colour else None


def _background(case: Case) -> str | None:
    place = case.kind.words(case.view, case.params).get("place") or getattr(case.params, "result", None)
    return f"Is the background like {place}?" if place else None


def words_read(which: str, case: Case) -> float | None:
    """How alike the text that is read and the one that should stand there are, [0, 1]; `which`: old (before), new (after)."""
    tools, wanted = case.tools, getattr(case.params, which, None)
    if tools is None or not tools.has("ocr") or not isinstance(wanted, str):
        return None
    from anyedit.engines.ocr import similarity

    picture = case.view.picture if which == "old" else case.done.picture
    return max((similarity(line.text, wanted) for line in tools.ocr.read(picture)), default=0.0)


CLIP, DIR, L1 = "CLIP", "CLIPdir", "L1"
TEXT = ("image_text",)


def _after(clip: float, direction: float | None = None) -> tuple[Rule, ...]:
    rules = (Rule(CLIP, clip_after, low=clip, roles=TEXT),)
    return (
        rules
        if direction is None
        else (*rules, Rule(DIR, clip_direction, low=direction, roles=("features", "sentences")))
    )


def _shows(low: float | None = None, high: float | None = None, *, old: bool = False) -> Rule:
    who = old_object if old else new_object
    name = "old object detected in mask" if old else "new object detected in mask"
    return Rule(name, partial(detected, who), low=low, high=high, roles=("ground",))


_REMOVED = (*_after(0.15), _shows(high=INSIDE, old=True))
_REPLACED = (*_after(0.2, 0.08), _shows(low=INSIDE))
_SURFACE = (*_after(0.2), Rule(L1, l1, low=0.004))
_COLOUR = (*_SURFACE, Rule("VQA color", partial(vqa, _colour), low=1, roles=("describe",)))
_APPEARANCE = (*_after(0.25, 0.06), Rule(L1, l1, low=0.004))
_MOVED = (*_after(0.15), _shows(low=INSIDE, old=True), Rule(L1, l1, low=0.004))
_ACTION = _after(0.3, 0.05)
_TEXT = (
    Rule("published: old text read", partial(words_read, "old"), low=0.7, roles=("ocr",)),
    Rule("published: new text read", partial(words_read, "new"), low=0.7, roles=("ocr",)),
)
_WHOLE = (*_after(0.25), Rule(L1, l1, low=0.02, high=0.8))
_BACKGROUND = (
    *_after(0.15), Rule(L1, l1, low=0.05, high=0.9), Rule("VQA background", partial(vqa, _background), low=1, roles=("describe",)),
)  # fmt: skip
_OTHER = (*_after(0.15), Rule(L1, l1, low=0.004))
POST: dict[str, tuple[Rule, ...]] = {
    "add": (*_after(0.2), _shows(low=INSIDE)),
    "remove": _REMOVED,
    "replace": _REPLACED,
    "color_alter": _COLOUR,
    "appearance_alter": _APPEARANCE,
    "material_change": _SURFACE,
    "action_change": _ACTION,
    "textual_change": _TEXT,
    "counting": _MOVED,
    "background_change": _BACKGROUND,
    "tone_transfer": _WHOLE,
    "style_change": _WHOLE,
    "movement": _MOVED,
    "resize": _MOVED,
    "outpaint": _OTHER,
    "rotation_change": _OTHER,
    "implicit_change": _OTHER,
    "relation": _MOVED,
    "visual_reference": _REPLACED,
    "visual_material_transfer": _SURFACE,
    **dict.fromkeys(
        ("visual_bbox", "visual_segment", "visual_scribble", "visual_sketch", "visual_depth"), _OTHER
    ),
}
BE_HAVE = frozenset(("be", "is", "are", "am", "was", "were", "being", "been", "have", "has", "had", "having"))


def deed(case: Case) -> float | None:
    """1 when the action is one: no "be" or "have", but for "be sitting" (a rule of the publication); photographs."""
    if isinstance(case.view, WorldView):
        return None  # its verbs are the kinds' own
    said = re.findall(r"[a-z]+", case.text.lower())[1:]  # "Have the dog sit" asks
    became = re.findall(r"[a-z]+", getattr(case.params, "result", "").lower())
    return float(not _idle(said) and not _idle(became))


def _idle(words: Sequence[str]) -> bool:
    """Whether "be" or "have" stands for the deed: neither before a form in -ing nor in "the cup that is blue"."""
    return any(
        word in BE_HAVE and not after.endswith("ing") and before not in ("that", "which", "who")
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
    )


def news(case: Case) -> float | None:
    """1 when the source's caption does not say the action already (a rule of the publication); photographs."""
    if isinstance(case.view, WorldView) or not case.view.caption:
        return None
    noun = (re.findall(r"[a-z]+", old_object(case).lower()) or [""])[-1]
    asked = getattr(case.params, "result", "").lower() or case.text.lower().rpartition(noun)[2]
    if {"stop", "longer", "instead"} & set(asked.split()):
        return None  # what is named is what ends
    words = re.findall(r"[a-z]+", asked)
    doing = {word for word in (*words, *map(gerund, words)) if word.endswith("ing")}
    return float(not doing & set(re.findall(r"[a-z]+", case.view.caption.lower())))


def in_caption(case: Case) -> float | None:
    """1 when the head noun of what is edited stands in the source's caption; None without a caption or an object."""
    nouns = re.findall(r"[a-z]+", old_object(case).lower())
    if not nouns or not case.view.caption:
        return None
    said = set(re.findall(r"[a-z]+", case.view.caption.lower()))
    return float(bool({nouns[-1], plural(nouns[-1]), nouns[-1].removesuffix("s")} & said))


_IN_CAPTION = Rule("object in the caption", in_caption, low=1)
# Rules of step 3 on words, by type, where the type itself has them not.
WORDS: dict[str, tuple[Rule, ...]] = {
    "action_change": (
        Rule("action is more than be or have", deed, low=1),
        Rule("action is new", news, low=1),
    ),
}
OF_A_THING = (
    "remove", "replace", "color_alter", "appearance_alter", "material_change", "action_change", "movement", "resize",
)  # fmt: skip
PRE = (
    Rule("CLIP of the source", clip_before, low=0.1, roles=TEXT),
    Rule("aesthetic score", aesthetic, low=2, roles=("aesthetic",)),
)


def before(kind: EditType) -> tuple[Rule, ...]:
    """Published rules of step 3 that are not every type's own: by a network, and on words."""
    named = (_IN_CAPTION,) if kind.name in OF_A_THING else ()
    return (*PRE, *named, *WORDS.get(kind.name, ()))


def after(kind: EditType) -> tuple[Rule, ...]:
    """Published rules of step 5, of the type or its nearest kin."""
    return POST.get(kind.name, _OTHER)
