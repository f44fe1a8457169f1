"""visual_segment: an edit told with the target's panoptic segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from anyedit.edits.base import Outcome, Rule
from anyedit.edits.views import PhotoView
from anyedit.edits.visual.condition import (
    Condition,
    ConditionParams,
    colour_of,
    inner_rules,
    on_target,
    phrases_for,
    prompt_given,
    things_after,
)
from anyedit.records import Pixels
from anyedit.world.render import Frame

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


def segments(frame: Frame) -> list[tuple[str, np.ndarray]]:
    """(name, mask) of every segment: one for each item, and the surroundings as sky, floor and walls."""
    surroundings = frame.parts == 0
    sky = surroundings & ~np.isfinite(frame.depth)
    floor = surroundings & ~sky & (frame.normal[..., 2] > 0.8)
    found = [("sky", sky), ("floor", _solid(floor)), ("wall", surroundings & ~sky & ~_solid(floor))]
    found += [(item.kind, frame.mask(item.id)) for item in frame.scene.items]
    return [(name, mask) for name, mask in found if mask.any()]


def _solid(mask: np.ndarray) -> np.ndarray:
    """The mask without specks: bumpy ground is still ground."""
    size = max(3, min(mask.shape) // 24 | 1)
    return np.asarray(cv2.medianBlur(mask.astype(np.uint8), size) > 0) & np.ones(mask.shape, bool)


def segments_pure(frame: Frame, prompt: Pixels) -> float:
    """Mean share of the items' pixels in their commonest colour; 0 for one whose colour is also outside."""
    flat = prompt.astype(np.int32) @ np.array([1, 256, 65536])
    shares = []
    for item in frame.scene.items:
        mask = frame.mask(item.id)
        if mask.mean() < 0.002:
            continue
        values, counts = np.unique(flat[mask], return_counts=True)
        alone = float((flat[~mask] == values[counts.argmax()]).mean()) < 0.02
        shares.append(float(counts.max() / counts.sum()) if alone else 0.0)
    return float(np.mean(shares)) if shares else float(prompt.std() > 0)


class VisualSegment(Condition):
    """An edit with the target's segments, each thing in its own colour."""

    name = "visual_segment"
    noun = "segmentation map"
    summary = "An edit told with the panoptic segments of the target."
    example = "Follow the given segment image [v*] to remove the skis"
    phrases = phrases_for("Follow the given segment image [v*] to {action}")
    gates = (
        *inner_rules(),
        Rule("prompt has content", prompt_given, low=5),
        Rule("segments fit the target", on_target(segments_pure), low=0.95),
    )

    def draw(self, frame: Frame, picture: Pixels) -> Pixels:
        image = np.zeros_like(picture)
        met: dict[str, int] = {}
        for name, mask in segments(frame):
            met[name] = met.get(name, 0) + 1
            image[mask] = colour_of(name if met[name] == 1 else f"{name} {met[name]}")
        return image

    def edit(self, view: PhotoView, params: ConditionParams, tools: Tools) -> Outcome:
        return self.edited_photograph(view, params, tools)

    def draw_photograph(self, view: PhotoView, outcome: Outcome, own: Any, tools: Tools) -> Pixels:
        """The known things in their colours, on black; what was removed is not there."""
        image = np.zeros_like(outcome.picture)
        met: dict[str, int] = {}
        for name, mask in things_after(view, own):
            met[name] = met.get(name, 0) + 1
            image[mask] = colour_of(name if met[name] == 1 else f"{name} {met[name]}")
        return image
