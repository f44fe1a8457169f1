"""Masks grown and softened; the version of OpenCV."""

from __future__ import annotations

import cv2
import numpy as np

from anyedit.engines.roles import Floats, Mask

OPENCV = f"OpenCV {cv2.__version__}"


def dilated(mask: Mask, reach: int) -> Mask:
    """The mask grown by `reach` pixels."""
    if reach <= 0:
        return mask
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc) > 0)


def softened(mask: Mask, reach: int) -> Floats:
    """Weight in [0, 1], float32 (H, W): 1 deep inside, 0 outside the mask and nowhere beyond it."""
    distance = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1, mode="edge"), cv2.DIST_L2, 3)[
        1:-1, 1:-1
    ]
    return np.asarray(np.clip(distance / (reach + 1), 0, 1), np.float32)
