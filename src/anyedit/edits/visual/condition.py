"""What the five condition types share: an inner edit, told together with a picture drawn from its target."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import cv2
import numpy as np

from anyedit.edits.base import Case, EditType, Mask, Outcome, Params, Rule, type_of
from anyedit.edits.evidence import truth
from anyedit.edits.local.add import Add
from anyedit.edits.local.color_alter import ColorAlter
from anyedit.edits.local.remove import Remove
from anyedit.edits.local.replace import Replace
from anyedit.edits.rules import SAID
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.errors import EditNotPossible
from anyedit.records import Pixels
from anyedit.world.render import Frame
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

INNER: tuple[type[EditType], ...] = (Remove, Replace, Add, ColorAlter)


class ConditionParams(Params):
    """inner: name of the edit that the picture goes with. params: the inner edit's own."""

    inner: str
    params: dict[str, Any]


def inner_of(params: ConditionParams) -> tuple[EditType, Any]:
    """The inner edit type and its validated parameters."""
    kind = type_of(params.inner)
    return kind, kind.Params.model_validate(params.params)


def inner_rules() -> tuple[Rule, ...]:
    """The gates of the inner types, and the prompt's own; rules of one name and limits, of whichever type, are one."""
    met = {(rule.name, rule.low, rule.high): None for kind in INNER for rule in kind.gates}
    return (*(_for_inner(*key) for key in met), Rule("prompt like the exact one", prompt_agrees, low=0.6))


def _for_inner(name: str, low: float | None, high: float | None) -> Rule:
    def measure(case: Case) -> float | None:
        inner, params = inner_of(case.params)
        own = next(
            (rule for rule in inner.gates if (rule.name, rule.low, rule.high) == (name, low, high)), None
        )
        return None if own is None else own.measure(replace(case, kind=inner, params=params))

    return Rule(f"inner: {name}", measure, low, high)


def prompt_agrees(case: Case) -> float | None:
    """Correlation of the condition picture with the one drawn from the exact edit, both calmed, [-1, 1] (world)."""
    exact, kind, prompt = truth(case), case.kind, case.done.visual_prompt
    if exact is None or exact.after is None or not isinstance(kind, Condition):
        return None
    wanted = kind.draw(exact.after, exact.picture)
    if prompt is None or prompt.shape != wanted.shape:
        return 0.0
    sigma = 0.012 * min(wanted.shape[:2])
    a, b = (cv2.GaussianBlur(p, (0, 0), sigma).astype(float).ravel() for p in (prompt, wanted))
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 1e-6 and b.std() > 1e-6 else float(np.allclose(a, b))


def prompt_given(case: Case) -> float:
    """Deviation of the condition picture, 8-bit steps: an empty one says nothing."""
    prompt = case.done.visual_prompt
    return 0.0 if prompt is None or prompt.shape[:2] != case.done.picture.shape[:2] else float(prompt.std())


class Condition(EditType):
    """An inner edit (remove, replace, add or recolour) and a picture of one aspect of the target."""

    noun: ClassVar[str]  # "bounding box": what the picture is called
    summary = "An edit told with a picture drawn from the target."
    needs = "an object that may be added, removed, replaced or recoloured"
    Params = ConditionParams
    checks = SAID

    @abstractmethod
    def draw(self, frame: Frame, picture: Pixels) -> Pixels:
        """The condition picture, uint8 (H, W, 3), from the target's frame and picture."""

    def propose(self, view: View, rng: np.random.Generator) -> ConditionParams | None:
        for index in rng.permutation(len(INNER)):
            inner = type_of(INNER[index].name)
            if isinstance(view, PhotoView) and not inner.serves_photographs(view.played):
                continue
            params = inner.propose(view, rng)
            if params is not None:
                return ConditionParams(
                    inner=inner.name, params=params.model_dump(mode="json", exclude_none=True)
                )
        return None

    def words(self, view: View, params: ConditionParams) -> dict[str, str]:
        inner, own = inner_of(params)
        words = inner.words(view, own)
        said = next(iter(inner.usable_phrases(view, own))).format(**words)
        return {
            "object": words["object"],
            "noun": self.noun,
            "action": said[0].lower() + said[1:].rstrip(".?!"),
        }

    def caption_after(self, view: View, params: ConditionParams) -> str:
        inner, own = inner_of(params)
        return inner.caption_after(view, own)

    def rewrite(self, scene: Scene, params: ConditionParams) -> Scene:
        inner, own = inner_of(params)
        return inner.rewrite(scene, own)

    def edit_world(self, view: WorldView, params: ConditionParams) -> Outcome:
        inner, own = inner_of(params)
        outcome = inner.edit_world(view, own)
        return replace(outcome, visual_prompt=self.visual_prompt(view, outcome, params))

    def draw_photograph(self, view: PhotoView, outcome: Outcome, own: Any, tools: Tools) -> Pixels:
        """The condition picture of an edited photograph; own: the inner edit's parameters."""
        raise EditNotPossible(f"{self.name} does not serve photographs")

    def edited_photograph(self, view: PhotoView, params: ConditionParams, tools: Tools) -> Outcome:
        """The inner edit with its condition picture; types that can draw one call this in `edit`."""
        inner, own = inner_of(params)
        outcome = inner.edit(view, own, tools)
        return replace(outcome, visual_prompt=self.draw_photograph(view, outcome, own, tools))

    def mask_of(self, before: Frame, after: Frame, params: ConditionParams) -> Mask:
        inner, own = inner_of(params)
        return inner.mask_of(before, after, own)

    def visual_prompt(self, view: WorldView, outcome: Outcome, params: ConditionParams) -> Pixels | None:
        return self.draw(outcome.after, outcome.picture) if outcome.after is not None else None


def things_after(view: PhotoView, own: Any) -> list[tuple[str, Mask]]:
    """(name, mask) of the known things of an edited photograph, largest first; what was removed is not among them.

    own: the inner edit's parameters.
    """
    gone = own.target if isinstance(own, Remove.Params) else None
    things = sorted(view.objects, key=lambda thing: -thing.share)
    return [(thing.name, view.mask(thing.id)) for thing in things if thing.id != gone]


def phrases_for(*first: str) -> tuple[str, ...]:
    """The type's own wordings first, then those that all condition types share."""
    return (
        *first,
        "Follow the given {noun} [v*] to {action}",
        "Refer to the given {noun} [v*] to {action}",
        "Watch the given {noun} [v*] to {action}",
        "Use the {noun} [v*] to {action}",
        "Using the given {noun} [v*], {action}",
        "According to the {noun} [v*], {action}",
        "With the {noun} [v*] as a guide, {action}",
        "Given the {noun} [v*], {action}",
        "Take the {noun} [v*] as reference and {action}",
        "Let the {noun} [v*] guide you: {action}",
        "Please {action}, as the {noun} [v*] shows",
        "Can you {action} by following the {noun} [v*]?",
        "Could you use the {noun} [v*] and {action}?",
    )


def on_target(measure: Callable[[Frame, Pixels], float]) -> Callable[[Case], float | None]:
    """A measure of the condition picture against the target's frame (world)."""

    def measured(case: Case) -> float | None:
        exact = truth(case)
        if exact is None or exact.after is None:
            return None
        prompt = case.done.visual_prompt
        return 0.0 if prompt is None or prompt.shape != exact.picture.shape else measure(exact.after, prompt)

    return measured


def seen_items(frame: Frame, least: float = 0.002) -> dict[str, Mask]:
    """Masks, bool (H, W), of the items that cover at least this share of the picture."""
    masks = {item.id: frame.mask(item.id) for item in frame.scene.items}
    return {item_id: mask for item_id, mask in masks.items() if mask.mean() >= least}


@lru_cache(maxsize=512)
def colour_of(name: str) -> tuple[int, int, int]:
    """A vivid colour that always stands for this kind of thing, uint8 sRGB."""

    from anyedit.seeds import seed_of

    value = seed_of("palette", name)
    hue, saturation, light = value % 180, 150 + (value >> 10) % 90, 165 + (value >> 20) % 85
    pixel = cv2.cvtColor(np.array([[[hue, saturation, light]]], np.uint8), cv2.COLOR_HSV2RGB)[0, 0]
    return int(pixel[0]), int(pixel[1]), int(pixel[2])


def outline(mask: Mask) -> Mask:
    """bool (H, W): the pixels of the mask at its border."""

    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0)
    return np.asarray(mask & (inner == 0), bool)


def outlines_drawn(lines_of: Callable[[Pixels], Mask], reach: int = 3) -> Callable[[Frame, Pixels], float]:
    """A measure: share of the larger items' outlines with a drawn line within `reach` pixels."""

    def measure(frame: Frame, prompt: Pixels) -> float:
        lines = lines_of(prompt).astype(np.uint8)
        near = cv2.dilate(lines, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
        borders = np.zeros(near.shape, bool)
        for mask in seen_items(frame, 0.01).values():
            borders |= outline(mask)
        return float(near[borders].mean()) if borders.any() else float(lines.mean() > 0)

    return measure
