"""Edges without a network: Canny (1986) and XDoG (Winnemoeller et al. 2012)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from anyedit.engines.classical.masks import OPENCV
from anyedit.records import Pixels


@dataclass(frozen=True)
class Canny:
    """Thin lines. blur: side of the box filter; low, high: thresholds of the slope (the publication's values)."""

    blur: int = 3
    low: int = 50
    high: int = 150

    @property
    def version(self) -> str:
        """Name and version."""
        return f"Canny ({OPENCV})"

    def edges(self, pictures: Sequence[Pixels]) -> list[Pixels]:
        """See roles.EdgeFinder: 0 or 255."""
        grey = (cv2.blur(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), (self.blur, self.blur)) for p in pictures)
        return [np.asarray(cv2.Canny(picture, self.low, self.high), np.uint8) for picture in grey]


@dataclass(frozen=True)
class XDoG:
    """Lines as of a soft pen: extended difference of Gaussians. sigma: pixels at a longer side of 512.

    sharp: p of the paper's equation 7; level, steep: epsilon and phi of its soft threshold (equation 5).
    """

    sigma: float = 1.0
    sharp: float = 18.0
    level: float = 0.72
    steep: float = 9.0

    @property
    def version(self) -> str:
        """Name and version."""
        return f"XDoG ({OPENCV})"

    def edges(self, pictures: Sequence[Pixels]) -> list[Pixels]:
        """See roles.EdgeFinder."""
        return [self._one(picture) for picture in pictures]

    def _one(self, picture: Pixels) -> Pixels:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
        sigma = max(0.5, self.sigma * max(picture.shape[:2]) / 512)
        wide = cv2.GaussianBlur(grey, (0, 0), 1.6 * sigma)
        sharpened = (1 + self.sharp) * cv2.GaussianBlur(grey, (0, 0), sigma) - self.sharp * wide
        # The threshold follows the place's own brightness, else dark regions would be ink all over.
        around = cv2.GaussianBlur(grey, (0, 0), 12 * sigma)
        relative = sharpened / np.maximum(around, 0.05)
        paper = np.where(relative >= self.level, 1.0, 1 + np.tanh(self.steep * (relative - self.level)))
        return np.asarray((1 - np.clip(paper, 0, 1)) * 255 + 0.5, np.uint8)
