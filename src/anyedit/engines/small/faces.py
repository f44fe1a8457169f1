"""Faces of people, by scikit-image's cascade of local binary patterns: who has one is nobody's thing to cover or cut."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

import cv2
import numpy as np

from anyedit.engines.roles import Box
from anyedit.errors import EngineDown, pip_install
from anyedit.records import Pixels

LONGEST = 320  # pixels of the picture that is searched; a face of a tenth of that is found
LEAST = 0.07  # of the shorter side, the smallest face


def version_of_faces() -> str:
    """Name and version, as provenance keeps it."""
    return f"LBP face cascade (scikit-image {version('scikit-image')})"


@cache
def _cascade() -> Any:
    try:
        from skimage.data import lbp_frontal_face_cascade_filename
        from skimage.feature import Cascade
    except ImportError as error:
        raise EngineDown(f"looking for faces needs scikit-image: {pip_install('small')}") from error

    return Cascade(lbp_frontal_face_cascade_filename())  # type: ignore[no-untyped-call]


def faces(picture: Pixels) -> list[Box]:
    """The upright frontal faces in a picture, in its pixels. Sees people, not animals; misses those who look away."""
    scale = min(1.0, LONGEST / max(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    small = cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_AREA)
    least = max(24, round(LEAST * min(size)))
    if min(size) <= least:
        return []
    found = _cascade().detect_multi_scale(
        img=small, scale_factor=1.2, step_ratio=1, min_size=(least, least), max_size=(min(size), min(size))
    )
    return [
        (
            one["c"] / scale,
            one["r"] / scale,
            (one["c"] + one["width"]) / scale,
            (one["r"] + one["height"]) / scale,
        )
        for one in found
    ]
