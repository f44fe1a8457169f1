"""visual_depth: an edit told with the target's depth picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anyedit.edits.base import Outcome, Rule
from anyedit.edits.views import PhotoView
from anyedit.edits.visual.condition import (
    Condition,
    ConditionParams,
    inner_rules,
    on_target,
    phrases_for,
    prompt_given,
)
from anyedit.records import Pixels
from anyedit.world.render import Frame

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


def nearness(frame: Frame) -> np.ndarray:
    """Inverse depth in [0, 1], float (H, W): 1 nearest, 0 farthest (and sky)."""
    inverse = np.where(np.isfinite(frame.depth), 1 / np.maximum(frame.depth, 1e-6), 0.0)
    low, high = np.percentile(inverse, (0.5, 99.5))
    return np.asarray(np.clip((inverse - low) / max(high - low, 1e-9), 0, 1))


def depth_agrees(frame: Frame, prompt: Pixels) -> float:
    """Correlation of the condition picture with the target's inverse depth, [-1, 1]."""
    wanted, shown = nearness(frame).ravel(), prompt[..., 0].astype(float).ravel()
    return float(np.corrcoef(wanted, shown)[0, 1]) if shown.std() > 1e-6 and wanted.std() > 1e-9 else 0.0


class VisualDepth(Condition):
    """An edit with the target's inverse depth, near = bright."""

    name = "visual_depth"
    noun = "depth image"
    summary = "An edit told with the depth of the target."
    example = "Refer to the given depth image [v*] to remove umbrella"
    phrases = phrases_for()
    gates = (
        *inner_rules(),
        Rule("prompt has content", prompt_given, low=5),
        Rule("depth fits the target", on_target(depth_agrees), low=0.98),
    )

    asks = ("depth",)

    def draw(self, frame: Frame, picture: Pixels) -> Pixels:
        return _grey(nearness(frame))

    def edit(self, view: PhotoView, params: ConditionParams, tools: Tools) -> Outcome:
        return self.edited_photograph(view, params, tools)

    def draw_photograph(self, view: PhotoView, outcome: Outcome, own: Any, tools: Tools) -> Pixels:
        """Nearness in the edited photograph, as a network sees it."""
        return _grey(tools.depth.depth([outcome.picture])[0])


def _grey(nearness: np.ndarray) -> Pixels:
    return np.repeat((np.clip(nearness, 0, 1) * 255 + 0.5).astype(np.uint8)[..., None], 3, -1)
