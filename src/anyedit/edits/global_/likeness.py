"""How far a whole picture has changed, and whether it still shows the same things."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.edits.base import Case, Mask, Measure
from anyedit.records import Pixels


def lab(picture: Pixels) -> npt.NDArray[np.float32]:
    """CIE Lab, float32 (H, W, 3), L in [0, 100]."""
    return np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def lab_change(case: Case, where: Mask | None = None) -> float | None:
    """Mean distance in CIE Lab between source and edited picture, over `where` or everything."""
    if case.done.picture.shape != case.view.picture.shape:
        return None
    distance = np.linalg.norm(lab(case.done.picture) - lab(case.view.picture), axis=-1)
    return float(distance.mean() if where is None else distance[where].mean())


def outlines(picture: Pixels, sigma: float) -> npt.NDArray[np.float32]:
    """Strength of the outlines, float32 (H, W), evened out over the picture so that light does not count."""
    soft = np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), sigma))
    slope = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)).max(-1)
    return np.asarray(slope / (cv2.GaussianBlur(slope, (0, 0), 12 * sigma) + 0.02 * 255), np.float32)


def structure(*coarse: float) -> Measure:
    """A measure: correlation of the outlines of both pictures, [-1, 1], at the scale where it is clearest.

    coarse: blurs to look through, over the picture's shorter side; what is drawn in strokes or tiles has
    its outlines at a coarser scale than its texture.
    """

    def measure(case: Case) -> float | None:
        if case.done.picture.shape != case.view.picture.shape:
            return None
        return max(_likeness(case.view.picture, case.done.picture, share) for share in coarse)

    return measure


def _likeness(first: Pixels, second: Pixels, share: float) -> float:
    sigma = max(0.8, share * min(first.shape[:2]))
    a, b = outlines(first, sigma).ravel(), outlines(second, sigma).ravel()
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 1e-6 and b.std() > 1e-6 else 0.0
