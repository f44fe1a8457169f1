"""Masks that follow outlines: GrabCut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from anyedit.engines.classical.masks import OPENCV, dilated
from anyedit.engines.roles import Box, Mask, Or
from anyedit.errors import EngineError
from anyedit.records import Pixels


@dataclass(frozen=True)
class GrabCut:
    """GrabCut (Rother et al. 2004), by OpenCV, started from the coarse mask. rounds: iterations."""

    rounds: int = 4

    @property
    def version(self) -> str:
        """Name and version."""
        return f"GrabCut ({OPENCV})"

    def refine(self, picture: Pixels, mask: Mask) -> Mask:
        """See roles.Refiner."""
        size = max(3, round(0.08 * float(np.sqrt(mask.sum()))))
        near = dilated(mask, size)
        core = ~dilated(~mask, size)
        if not core.any() or near.all():
            return mask
        state = np.full(mask.shape, cv2.GC_BGD, np.uint8)
        state[near] = cv2.GC_PR_BGD
        state[mask] = cv2.GC_PR_FGD
        state[core] = cv2.GC_FGD
        cv2.setRNGSeed(0)  # GrabCut's clusters start at random
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.grabCut(picture, state, None, *models, self.rounds, cv2.GC_INIT_WITH_MASK)
        found = np.asarray((state == cv2.GC_FGD) | (state == cv2.GC_PR_FGD))
        agreement = (found & mask).sum() / max(1, (found | mask).sum())
        return found if agreement > 0.6 else mask


@dataclass(frozen=True)
class GrabCutBox:
    """See roles.Segmenter: GrabCut started from the box alone, without a network. rounds: iterations.

    Stands in for SAM; right where a thing differs in colour from what is around its box.
    """

    rounds: int = 5
    stands_in_for: str = "SAM"

    @property
    def version(self) -> str:
        """Name and version."""
        return f"GrabCut in the box ({OPENCV})"

    def segment(self, picture: Pixels, boxes: Sequence[Box]) -> list[Or[Mask]]:
        """See roles.Segmenter."""
        return [self._one(picture, box) for box in boxes]

    def _one(self, picture: Pixels, box: Box) -> Or[Mask]:
        height, width = picture.shape[:2]
        x0, y0, x1, y1 = (round(value) for value in box)
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
        if x1 - x0 < 8 or y1 - y0 < 8 or (x1 - x0) * (y1 - y0) > 0.98 * width * height:
            return EngineError(f"the box {x0, y0, x1, y1} is too small or leaves nothing around it")
        state = np.full((height, width), cv2.GC_BGD, np.uint8)
        state[y0:y1, x0:x1] = cv2.GC_PR_FGD
        cv2.setRNGSeed(0)  # GrabCut's clusters start at random
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.grabCut(np.ascontiguousarray(picture), state, None, *models, self.rounds, cv2.GC_INIT_WITH_MASK)
        found = np.asarray(state == cv2.GC_PR_FGD)
        share = found.sum() / ((x1 - x0) * (y1 - y0))
        if not 0.1 < share < 0.98:
            return EngineError("GrabCut found no thing that differs from what is around the box")
        return found
