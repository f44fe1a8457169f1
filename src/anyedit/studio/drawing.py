"""What a person drew in the page, as the visual prompt of its type: in the colours that the types themselves use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.records import Pixels
from anyedit.studio.roots import StudioError

TOOLS = {
    "visual_bbox": "box",
    "visual_segment": "mask",
    "visual_scribble": "scribble",
    "visual_sketch": "scribble",
}


@dataclass(frozen=True)
class Drawing:
    """boxes: (label, (x0, y0, x1, y1)) in pixels of the picture. strokes: bool (H, W), what was painted."""

    boxes: tuple[tuple[str, tuple[int, int, int, int]], ...]
    strokes: npt.NDArray[np.bool_]
    label: str

    @classmethod
    def of(cls, size: tuple[int, int], boxes: Sequence[Any], strokes: Pixels | None, label: str) -> Drawing:
        """size: (width, height) of the picture, to which strokes are brought. Raises StudioError for what is no box."""
        width, height = size
        found = []
        for box in boxes:
            try:
                name, corners = box
                x0, y0, x1, y1 = (round(float(v)) for v in corners)
            except (TypeError, ValueError):
                raise StudioError("a box is a label and four numbers") from None
            x0, x1 = sorted((min(max(x0, 0), width - 1), min(max(x1, 0), width - 1)))
            y0, y1 = sorted((min(max(y0, 0), height - 1), min(max(y1, 0), height - 1)))
            if x1 - x0 > 1 and y1 - y0 > 1:
                found.append((str(name) or label, (x0, y0, x1, y1)))
        painted = np.zeros((height, width), bool)
        if strokes is not None:
            grey = Image.fromarray(strokes).convert("L").resize(size, Image.Resampling.BILINEAR)
            painted = np.asarray(grey) > 127
        return cls(tuple(found), painted, label)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was drawn."""
        return not self.boxes and not self.strokes.any()

    def prompt(self, edit_type: str) -> Pixels:
        """uint8 (H, W, 3): outlines of boxes in their thing's colour, filled masks, white strokes on black, or black
        on white for a sketch. Raises StudioError for a type that is not told by drawing."""
        from anyedit.edits.visual.condition import colour_of
        from anyedit.edits.visual.visual_bbox import drawn_boxes

        blank = np.zeros((*self.strokes.shape, 3), np.uint8)
        if edit_type == "visual_bbox":
            return drawn_boxes(blank, list(self.boxes))
        if edit_type == "visual_segment":
            blank[self.strokes] = colour_of(self.label)
            return blank
        if edit_type in ("visual_scribble", "visual_sketch"):
            white = edit_type == "visual_scribble"
            return np.where(self.strokes[..., None] == white, np.uint8(255), np.uint8(0)).repeat(3, -1)
        raise StudioError(
            f"{edit_type} is not told by a drawing; choose one of {', '.join(TOOLS)}, or give a picture"
        )

    def mask(self) -> npt.NDArray[np.bool_]:
        """What was drawn on, boxes filled."""
        mask = self.strokes.copy()
        for _, (x0, y0, x1, y1) in self.boxes:
            mask[y0 : y1 + 1, x0 : x1 + 1] = True
        return mask
