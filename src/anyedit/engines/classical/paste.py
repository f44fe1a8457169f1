"""Pasting cut-outs: with a soft border, or cloned in the gradient domain."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from anyedit.engines.classical.masks import OPENCV, dilated, softened
from anyedit.engines.roles import Mask
from anyedit.records import Pixels


@dataclass(frozen=True)
class SoftPaste:
    """The cut-out over the picture with a border that fades within the mask. feather: its width in pixels."""

    feather: int = 2

    @property
    def version(self) -> str:
        """Name and version."""
        return f"soft paste ({OPENCV})"

    def paste(self, picture: Pixels, cutout: Pixels, mask: Mask) -> Pixels:
        """See roles.Paster."""
        weight = softened(mask, self.feather)[..., None]
        mixed = picture + (cutout.astype(np.float32) - picture) * weight + 0.5
        return np.where(weight > 0, mixed, picture).astype(np.uint8)


@dataclass(frozen=True)
class SeamlessClone:
    """Poisson cloning (Perez et al. 2003), by OpenCV: the cut-out takes the light of its new place.

    For cut-outs that bring a rim of their own ground along; a thing cut at its outline takes colour from what is
    beside it, so `SoftPaste` is the default. rim: pixels of ground taken along.
    """

    rim: int = 3

    @property
    def version(self) -> str:
        """Name and version."""
        return f"seamless cloning ({OPENCV})"

    def paste(self, picture: Pixels, cutout: Pixels, mask: Mask) -> Pixels:
        """See roles.Paster. A mask that meets the picture's border is pasted softly."""
        grown = dilated(mask, self.rim)
        rows, columns = np.flatnonzero(grown.any(1)), np.flatnonzero(grown.any(0))
        if not len(rows):
            return picture
        height, width = mask.shape
        if rows[0] < 2 or columns[0] < 2 or rows[-1] > height - 3 or columns[-1] > width - 3:
            return SoftPaste().paste(picture, cutout, mask)
        middle = (int(columns[0] + columns[-1] + 1) // 2, int(rows[0] + rows[-1] + 1) // 2)
        cloned = cv2.seamlessClone(
            np.ascontiguousarray(cutout),
            np.ascontiguousarray(picture),
            grown.astype(np.uint8) * 255,
            middle,
            cv2.NORMAL_CLONE,
        )
        return np.where(grown[..., None], cloned, picture).astype(np.uint8)
