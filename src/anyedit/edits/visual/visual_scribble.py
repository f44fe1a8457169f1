"""visual_scribble: an edit told with a loose scribble of the target's outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from anyedit.edits.base import Outcome, Rule
from anyedit.edits.global_.brush import blur, ramp, wobbled
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
from anyedit.seeds import rng_of
from anyedit.world.render import Frame

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


def boundaries(frame: Frame, picture: Pixels) -> np.ndarray:
    """How much of a boundary each pixel is, float32 (H, W) in [0, 1]: things, creases, then tones."""
    number = {item.id: index + 1 for index, item in enumerate(frame.scene.items)}
    table = np.array([0, *(number[name.split("/")[0]] for name in frame.names)], np.float32)
    ids = table[frame.parts]
    kernel = np.ones((2, 2), np.uint8)
    outline = (cv2.morphologyEx(ids, cv2.MORPH_GRADIENT, kernel) > 0).astype(np.float32)
    inverse = np.where(np.isfinite(frame.depth), 1 / np.maximum(frame.depth, 1e-6), 0).astype(np.float32)
    step = cv2.morphologyEx(inverse, cv2.MORPH_GRADIENT, kernel) / (
        inverse + 0.02 * max(float(inverse.max()), 1e-6)
    )
    normal = cv2.GaussianBlur(frame.normal, (3, 3), 0)
    crease = np.sqrt(
        sum(cv2.Sobel(normal[..., k], cv2.CV_32F, *axes) ** 2 for k in range(3) for axes in ((1, 0), (0, 1)))
    )
    things = frame.parts > 0
    tone = cv2.cvtColor(cv2.GaussianBlur(picture, (5, 5), 0), cv2.COLOR_RGB2GRAY)
    tones = (cv2.Canny(tone, 60, 160) > 0).astype(np.float32)
    edges = np.maximum(outline, ramp(step.astype(np.float32), 0.12, 0.3))
    creases = 0.6 * things * ramp(crease.astype(np.float32), 1.2, 2.6)
    return np.asarray(np.maximum(np.maximum(edges, creases), 0.5 * things * tones), np.float32)


class VisualScribble(Condition):
    """An edit with soft, shaky outlines of the target, white on black."""

    name = "visual_scribble"
    noun = "scribble"
    summary = "An edit told with a scribble of the target's outlines."
    example = "Follow the given scribble [v*] to remove the skis"
    phrases = phrases_for("Refer to the given scribble image [v*] to {action}")
    gates = (
        *inner_rules(),
        Rule("prompt has content", prompt_given, low=8),
        Rule(
            "scribble fits the target",
            on_target(outlines_drawn(lambda prompt: prompt[..., 0] > 100, 4)),
            low=0.6,
        ),
    )

    def draw(self, frame: Frame, picture: Pixels) -> Pixels:
        scale = min(picture.shape[:2]) / 256
        edges = boundaries(frame, picture)
        shaken = wobbled(
            blur(edges, 1.1 * scale), rng_of(frame.scene.seed, "scribble"), 1.1 * scale, 7 * scale
        )
        strokes = ramp(blur(shaken, 0.8 * scale), 0.08, 0.30)
        return np.repeat((strokes * 255 + 0.5).astype(np.uint8)[..., None], 3, -1)

    def edit(self, view: PhotoView, params: ConditionParams, tools: Tools) -> Outcome:
        return self.edited_photograph(view, params, tools)

    def draw_photograph(self, view: PhotoView, outcome: Outcome, own: Any, tools: Tools) -> Pixels:
        """The soft edges of the edited photograph, made bold and shaky as in the world."""
        scale = min(outcome.picture.shape[:2]) / 256
        edges = tools.scribble.edges([outcome.picture])[0].astype(np.float32) / 255
        rng = rng_of(view.source.id, view.source.origin, "scribble")
        shaken = wobbled(blur(edges, 0.6 * scale), rng, 1.0 * scale, 7 * scale)
        strokes = ramp(shaken, 0.25, 0.6)
        return np.repeat((strokes * 255 + 0.5).astype(np.uint8)[..., None], 3, -1)
