"""visual_sketch: an edit told with the target's edges as a sketch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from anyedit.edits.base import Outcome, Rule
from anyedit.edits.views import PhotoView
from anyedit.edits.visual.condition import (
    Condition,
    ConditionParams,
    inner_rules,
    on_target,
    outlines_drawn,
    phrases_for,
    prompt_given,
)
from anyedit.records import Pixels
from anyedit.world.render import Frame

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

LOW, HIGH = 50, 150  # Canny's thresholds, after a 3 x 3 blur: as published


def sketch_of(picture: Pixels) -> Pixels:
    """Inverted Canny edges: black lines on white, uint8 (H, W, 3)."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    edges = cv2.Canny(cv2.GaussianBlur(grey, (3, 3), 0), LOW, HIGH)
    return np.repeat(255 - np.asarray(edges, np.uint8)[..., None], 3, -1)


class VisualSketch(Condition):
    """An edit with the target's edges, black on white."""

    name = "visual_sketch"
    noun = "sketch"
    summary = "An edit told with a sketch of the target."
    example = "Watch the given sketch [v*] to replace the bananas to apples"
    phrases = phrases_for()
    gates = (
        *inner_rules(),
        Rule("prompt has content", prompt_given, low=8),
        Rule(
            "sketch fits the target", on_target(outlines_drawn(lambda prompt: prompt[..., 0] < 128)), low=0.35
        ),
    )

    def draw(self, frame: Frame, picture: Pixels) -> Pixels:
        return sketch_of(picture)

    def edit(self, view: PhotoView, params: ConditionParams, tools: Tools) -> Outcome:
        return self.edited_photograph(view, params, tools)

    def draw_photograph(self, view: PhotoView, outcome: Outcome, own: Any, tools: Tools) -> Pixels:
        """The edges of the edited photograph, inverted: black on white."""
        return np.repeat(255 - tools.sketch.edges([outcome.picture])[0][..., None], 3, -1)
