"""Whether a whole photograph changed the way its words say: darker and bluer for night, paler for fog."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from anyedit.edits.base import Case
from anyedit.edits.global_.likeness import lab
from anyedit.edits.views import PhotoView
from anyedit.records import Pixels

LEAFY = 0.3  # share of leaves from which a pixel tells of the season
SEASONS = ("autumn", "winter")
# Mean change of exact pairs of the world (`benchmarks/tones.py` keeps them): CIE L, a, b, chroma, and twelve times log2 of
# the lightness' deviation. Of seasons: where leaves were.
CHANGES: dict[str, tuple[float, float, float, float, float]] = {
    "morning": (-2.6, 1.2, 3.0, 1.9, -0.4),
    "golden hour": (-2.7, 4.6, 10.1, 7.3, -1.4),
    "sunset": (-12.5, 11.1, 5.1, 5.3, -1.2),
    "night": (-32.0, 2.8, -12.1, -1.6, 0.1),
    "cloudy": (0.5, -0.3, 2.3, 1.0, -1.1),
    "fog": (3.0, 3.3, -12.1, -16.0, -9.0),
    "autumn": (-2.5, 17.9, -0.1, -3.9, -0.6),
    "winter": (17.5, 17.2, -36.1, -35.9, 1.4),
}


def change(before: Pixels, after: Pixels, leaves_only: bool = False) -> npt.NDArray[np.float64] | None:
    """The change as `CHANGES` counts it, float64 (5,); None where there are next to no leaves to look at."""
    from anyedit.engines.classical.tone import vegetation

    where = vegetation(before) > LEAFY if leaves_only else np.ones(before.shape[:2], bool)
    if where.mean() < 0.02:
        return None
    old, new = (lab(picture)[where].astype(np.float64) for picture in (before, after))
    spread = [np.log2(values[:, 0].std() + 1) for values in (old, new)]
    chroma = [np.hypot(values[:, 1], values[:, 2]).mean() for values in (old, new)]
    return np.array([*(new - old).mean(0), chroma[1] - chroma[0], 12 * (spread[1] - spread[0])])


def as_named(case: Case, value: str | None) -> float | None:
    """Cosine of a photograph's change and the one that its tone has in the world, [-1, 1]; None where there is none."""
    picture = case.done.picture
    if (
        not isinstance(case.view, PhotoView)
        or value not in CHANGES
        or picture.shape != case.view.picture.shape
    ):
        return None
    seen = change(case.view.picture, picture, value in SEASONS)
    if seen is None:
        return None
    wanted = np.array(CHANGES[value])
    length = float(np.linalg.norm(seen) * np.linalg.norm(wanted))
    return float(seen @ wanted) / length if length > 1e-6 else 0.0
