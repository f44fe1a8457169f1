"""visual_bbox: an edit told with the boxes of everything in the target."""

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
    seen_items,
    things_after,
)
from anyedit.records import Pixels
from anyedit.world.render import Frame

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


def _boxes(frame: Frame) -> list[tuple[str, tuple[int, int, int, int]]]:
    """(kind, (x0, y0, x1, y1)) of every visible item, inclusive corners, largest first."""
    boxes = []
    for item_id, mask in seen_items(frame).items():
        rows, columns = np.nonzero(mask)
        corners = (int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max()))
        boxes.append((frame.scene.item(item_id).kind, corners))
    return sorted(boxes, key=lambda box: -(box[1][2] - box[1][0]) * (box[1][3] - box[1][1]))


def boxes_cover(frame: Frame, prompt: Pixels) -> float:
    """Share of the visible items of which all four sides are drawn in their kind's colour."""
    boxes = _boxes(frame)
    if not boxes:
        return float(prompt.max() == 0)
    drawn = [_sides(prompt, colour_of(kind), corners) for kind, corners in boxes]
    return float(np.mean(drawn))


def _sides(prompt: Pixels, colour: tuple[int, int, int], corners: tuple[int, int, int, int]) -> bool:
    x0, y0, x1, y1 = corners
    hit = (prompt == np.array(colour, np.uint8)).all(-1)
    rows, columns = slice(y0, y1 + 1), slice(x0, x1 + 1)
    sides = (hit[y0, columns], hit[y1, columns], hit[rows, x0], hit[rows, x1])
    return all(side.mean() > 0.35 for side in sides)  # other boxes may cross


class VisualBbox(Condition):
    """An edit with the target's boxes drawn as coloured outlines on black, one colour a kind."""

    name = "visual_bbox"
    noun = "bounding box"
    summary = "An edit told with the boxes of everything in the target."
    example = "Follow the given bounding box [v*] to remove the skis"
    phrases = phrases_for()
    gates = (
        *inner_rules(),
        Rule("prompt has content", prompt_given, low=1),
        Rule("boxes fit the target", on_target(boxes_cover), low=0.6),
    )

    def draw(self, frame: Frame, picture: Pixels) -> Pixels:
        return drawn_boxes(picture, _boxes(frame))

    def edit(self, view: PhotoView, params: ConditionParams, tools: Tools) -> Outcome:
        return self.edited_photograph(view, params, tools)

    def draw_photograph(self, view: PhotoView, outcome: Outcome, own: Any, tools: Tools) -> Pixels:
        """The boxes of the known things; what was removed has none."""
        boxes = []
        for name, mask in things_after(view, own):
            rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
            boxes.append((name, (int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1]))))
        return drawn_boxes(outcome.picture, boxes)


def drawn_boxes(picture: Pixels, boxes: list[tuple[str, tuple[int, int, int, int]]]) -> Pixels:
    """Coloured outlines on black; inwards, so that the outer edge is the box."""
    image = np.zeros_like(picture)
    thickness = max(1, round(min(image.shape[:2]) / 128))
    for kind, (x0, y0, x1, y1) in boxes:
        for inset in range(thickness):
            if x1 - x0 > 2 * inset and y1 - y0 > 2 * inset:
                cv2.rectangle(image, (x0 + inset, y0 + inset), (x1 - inset, y1 - inset), colour_of(kind), 1)
    return image
