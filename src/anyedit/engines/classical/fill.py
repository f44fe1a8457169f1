"""Filling holes without a network: by one fitting part of the picture, by PatchMatch, by diffusion from the border.

Which fill: discs of 24, 40 and 64 pixels cut into seven photographs and textures of scikit-image and
scikit-learn (astronaut, coffee, china, flower, brick, grass, gravel), filled again (benchmarks/fills.py).
Fine contrast, |log2| of inside over truth: patch 0.43, Telea 1.53, Navier-Stokes 1.43, PatchMatch 0.28; error of
the calmed picture, 8-bit steps: 21.6, 19.4, 19.4, 16.8. PatchMatch (patchmatch.py) is best in both and needs an
extra; the patch fill keeps the texture that the other two smear, so it is the default of the base packages.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import splu

from anyedit.engines.classical.masks import OPENCV, dilated
from anyedit.engines.roles import Floats, Mask
from anyedit.records import Pixels


def membrane(picture: Floats, hole: Mask) -> Floats:
    """The smoothest surface (Laplace's equation) through the values around a hole, float32 (H, W, C)."""
    index = np.full(hole.shape, -1, np.int64)
    ys, xs = np.nonzero(hole)
    index[ys, xs] = np.arange(len(ys))
    height, width = hole.shape
    degree = np.zeros(len(ys))
    known = np.zeros((len(ys), picture.shape[2]))
    rows, columns = [], []
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        y, x = ys + dy, xs + dx
        inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
        degree += inside
        here = np.flatnonzero(inside)
        neighbour = index[y[here], x[here]]
        free = neighbour >= 0
        rows.append(here[free])
        columns.append(neighbour[free])
        fixed = here[~free]
        known[fixed] += picture[y[fixed], x[fixed]]
    row, column = np.concatenate(rows), np.concatenate(columns)
    matrix = sparse.diags(degree) - sparse.coo_matrix(
        (np.ones(len(row)), (row, column)), shape=(len(ys),) * 2
    )
    result = picture.copy()
    result[ys, xs] = splu(matrix.tocsc()).solve(known)
    return result


@dataclass(frozen=True)
class PatchFill:
    """The part of the picture whose surroundings fit the hole's best, put there and levelled at the border.

    One translation for each connected hole: the ring around the hole is looked for everywhere else (squared
    difference), the texture found there is added to the smooth surface that joins both at the border (Poisson
    cloning, Perez et al. 2003). ring: width of the ring, share of the hole's size. A picture without room for
    such a part is filled by Telea.
    """

    ring: float = 0.35

    @property
    def version(self) -> str:
        """Name and version."""
        return f"patch fill ({OPENCV})"

    def fill(self, picture: Pixels, hole: Mask, avoid: Mask | None = None) -> Pixels:
        """See roles.Inpainter."""
        count, labels, stats, _ = cv2.connectedComponentsWithStats(hole.astype(np.uint8), connectivity=8)
        blocked = hole if avoid is None else hole | avoid
        result = picture
        for part in range(1, count):
            result = self._part(result, np.asarray(labels == part), blocked, stats[part])
        return result

    def _part(self, picture: Pixels, hole: Mask, blocked: Mask, stats: npt.NDArray[np.int32]) -> Pixels:
        x, y, w, h = (int(value) for value in stats[:4])
        reach = max(4, round(self.ring * max(1, min(w, h))))
        top, left = max(0, y - reach), max(0, x - reach)
        bottom, right = min(hole.shape[0], y + h + reach), min(hole.shape[1], x + w + reach)
        window = (slice(top, bottom), slice(left, right))
        around = dilated(hole, reach)[window] & ~blocked[window]
        shift = self._best(picture, hole[window], around, blocked, window)
        if shift is None and min(w, h) >= 12:
            return self._halves(picture, hole, blocked, (x, y, w, h))
        if shift is None:
            return TeleaFill().fill(picture, hole)
        found = picture[shift[0] : shift[0] + bottom - top, shift[1] : shift[1] + right - left]
        difference = picture[window].astype(np.float32) - found.astype(np.float32)
        # The border's values are evened out: one odd pixel there would be drawn into the hole as a streak.
        weight = (~blocked[window]).astype(np.float32)
        calm = cv2.GaussianBlur(difference * weight[..., None], (0, 0), 1.5)
        calm = calm / np.maximum(cv2.GaussianBlur(weight, (0, 0), 1.5), 1e-3)[..., None]
        level = membrane(calm.astype(np.float32), hole[window])
        filled = np.clip(found + level + 0.5, 0, 255).astype(np.uint8)
        result = picture.copy()
        result[window][hole[window]] = filled[hole[window]]
        return result

    def _halves(self, picture: Pixels, hole: Mask, blocked: Mask, box: tuple[int, int, int, int]) -> Pixels:
        """No place is large enough: fill one half, then the other with the first half as its neighbour."""
        x, y, w, h = box
        first = np.zeros_like(hole)
        if w >= h:
            first[:, : x + w // 2] = True
        else:
            first[: y + h // 2] = True
        for part in (hole & first, hole & ~first):
            _, labels, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8), connectivity=8)
            for piece in range(1, len(stats)):
                picture = self._part(picture, np.asarray(labels == piece), blocked, stats[piece])
            blocked = blocked & ~part
        return picture

    def _best(
        self, picture: Pixels, hole: Mask, around: Mask, blocked: Mask, window: tuple[slice, slice]
    ) -> tuple[int, int] | None:
        """Row and column of the best part's corner; None when every place is blocked."""
        if not around.any():
            return None
        template = picture[window].astype(np.float32)
        weight = np.repeat(around[..., None].astype(np.float32), 3, -1)
        cost = cv2.matchTemplate(picture.astype(np.float32), template, cv2.TM_SQDIFF, mask=weight)
        # A place is free when the hole, moved there, meets nothing that is blocked.
        met = cv2.matchTemplate(blocked.astype(np.float32), hole.astype(np.float32), cv2.TM_CCORR)
        free = met < 0.5
        if not free.any():
            return None
        # The same light is likelier near by.
        rows, columns = np.mgrid[: cost.shape[0], : cost.shape[1]]
        away = np.hypot(rows - (window[0].start or 0), columns - (window[1].start or 0))
        cost = cost / around.sum() + 0.15 * away
        cost[~free] = np.inf
        row, column = np.unravel_index(int(np.argmin(cost)), cost.shape)
        return int(row), int(column)


@dataclass(frozen=True)
class TeleaFill:
    """Telea's fast marching (2004), by OpenCV. radius: pixels looked at around each one."""

    radius: float = 4

    @property
    def version(self) -> str:
        """Name and version."""
        return f"Telea ({OPENCV})"

    def fill(self, picture: Pixels, hole: Mask, avoid: Mask | None = None) -> Pixels:
        """See roles.Inpainter."""
        filled = cv2.inpaint(picture, hole.astype(np.uint8) * 255, self.radius, cv2.INPAINT_TELEA)
        return np.where(hole[..., None], filled, picture).astype(np.uint8)


@dataclass(frozen=True)
class NavierStokesFill:
    """Bertalmio's fluid flow (2001), by OpenCV. radius: pixels looked at around each one."""

    radius: float = 4

    @property
    def version(self) -> str:
        """Name and version."""
        return f"Navier-Stokes ({OPENCV})"

    def fill(self, picture: Pixels, hole: Mask, avoid: Mask | None = None) -> Pixels:
        """See roles.Inpainter."""
        filled = cv2.inpaint(picture, hole.astype(np.uint8) * 255, self.radius, cv2.INPAINT_NS)
        return np.where(hole[..., None], filled, picture).astype(np.uint8)
