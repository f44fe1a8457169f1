"""Whether two photographs show one rigid scene from two places: what a rotation pair of a capture must be."""

from __future__ import annotations

import cv2
import numpy as np

from anyedit.edits.base import Case
from anyedit.edits.views import PhotoView
from anyedit.records import Pixels

RATIO = 0.8  # Lowe 2004: a match must be this much nearer than the next best
NEAR = 1.5  # pixels from the epipolar line (of the picture at LONGEST)
LONGEST = 512


def shared_points(case: Case) -> float | None:
    """Points that both views share under one epipolar geometry, as a share of the matches (photographs).

    SIFT matches (Lowe 2004) and a fundamental matrix by MAGSAC; 0 when fewer than 12 agree. Of two unrelated
    pictures, or a capture whose thing moved, few matches agree.
    """
    if not isinstance(case.view, PhotoView):
        return None
    one, other = (_points(picture) for picture in (case.view.picture, case.done.picture))
    if one is None or other is None:
        return 0.0
    pairs = cv2.BFMatcher().knnMatch(one[1], other[1], k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    if len(good) < 12:
        return 0.0
    here = np.array([one[0][match.queryIdx] for match in good], np.float64)
    there = np.array([other[0][match.trainIdx] for match in good], np.float64)
    _, agree = cv2.findFundamentalMat(here, there, cv2.USAC_MAGSAC, NEAR, 0.999, 2000)
    count = 0 if agree is None else int(agree.sum())
    return count / len(good) if count >= 12 else 0.0


def _points(picture: Pixels) -> tuple[np.ndarray, np.ndarray] | None:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, LONGEST / max(grey.shape))
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found, described = cv2.SIFT.create(nfeatures=2000, contrastThreshold=0.02).detectAndCompute(grey, None)
    if described is None or len(found) < 12:
        return None
    return np.array([point.pt for point in found]), described
