"""Box to mask: U2-Net-p on the box and its margin, then GrabCut inside it. A stand-in for SAM.

Good on whole things, poor on parts of things: a box around a wheel gives the whole motorcycle's part in the box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from anyedit.engines.roles import Box, Mask, Or
from anyedit.engines.small.saliency import U2NetP
from anyedit.errors import EngineError
from anyedit.records import Pixels


@dataclass(frozen=True)
class SalientInBox:
    """See roles.Segmenter. margin: share of the box's size looked at around it. rounds: of GrabCut."""

    margin: float = 0.12
    rounds: int = 3
    stands_in_for: str = "SAM"

    @property
    def version(self) -> str:
        """Name and version."""
        return f"{self._finder.version} in the box + GrabCut (OpenCV {cv2.__version__})"

    @cached_property
    def _finder(self) -> U2NetP:
        return U2NetP()

    def segment(self, picture: Pixels, boxes: Sequence[Box]) -> list[Or[Mask]]:
        """See roles.Segmenter."""
        return [self._one(picture, box) for box in boxes]

    def _one(self, picture: Pixels, box: Box) -> Or[Mask]:
        height, width = picture.shape[:2]
        x0, y0, x1, y1 = (round(value) for value in box)
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
        if x1 - x0 < 8 or y1 - y0 < 8:
            return EngineError(f"the box {x0, y0, x1, y1} is too small to find a mask in")
        across, down = round(self.margin * (x1 - x0)), round(self.margin * (y1 - y0))
        left, top = max(0, x0 - across), max(0, y0 - down)
        right, bottom = min(width, x1 + across), min(height, y1 + down)
        crop = np.ascontiguousarray(picture[top:bottom, left:right])
        likely = self._finder.salient([crop])[0]
        inside = np.zeros(likely.shape, bool)
        inside[y0 - top : y1 - top, x0 - left : x1 - left] = True
        if (likely[inside] > 0.5).mean() < 0.08:
            return EngineError("nothing in the box stands out from what is around it")
        mask = np.zeros((height, width), bool)
        mask[top:bottom, left:right] = self._cut(crop, likely, inside)
        return mask

    def _cut(self, crop: Pixels, likely: np.ndarray, inside: Mask) -> Mask:
        """GrabCut that starts from what the network is sure of and may not leave the box."""
        coarse = (likely > 0.5) & inside
        state = np.full(coarse.shape, cv2.GC_BGD, np.uint8)
        state[inside & (likely > 0.05)] = cv2.GC_PR_BGD
        state[coarse] = cv2.GC_PR_FGD
        state[inside & (likely > 0.95)] = cv2.GC_FGD
        if (state == cv2.GC_BGD).sum() < 20 or (state == cv2.GC_FGD).sum() < 20:
            return coarse
        cv2.setRNGSeed(0)  # GrabCut's clusters start at random
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.grabCut(crop, state, None, *models, self.rounds, cv2.GC_INIT_WITH_MASK)
        found = np.asarray((state == cv2.GC_FGD) | (state == cv2.GC_PR_FGD))
        found = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
        agreement = (found & coarse).sum() / max(1, (found | coarse).sum())
        return np.asarray(found) if agreement > 0.75 else coarse
