"""Rules for every type: nothing but the edit changes. Shift, zoom or crop, drift outside the mask, lost sharpness.

The picture is compared with what it should look like there: the exact edit in the world, the source (or what the
type says of it, as an outpaint does) outside the mask in a photograph.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.edits.base import Case, Mask
from anyedit.edits.evidence import BLOCK, calm_lab, contrast, fitted, noted, truth
from anyedit.edits.global_.likeness import outlines
from anyedit.edits.views import PhotoView
from anyedit.records import Pixels

LONGEST = 192  # pixels: larger pictures are reduced before they are aligned
OUTSIDE = 0.03  # share of the picture that must lie outside the mask
SURE = 3.0  # standard errors that the mean of a block may be off by its noise
MOST_NOISE = 9.0  # Lab, which that is at most: the denoiser looks around, and a leak is to be seen in a small picture too
BETTER = 0.06  # how much more the outlines must agree after a shift than before it
Outlines = npt.NDArray[np.float32]


def kept(case: Case) -> tuple[Pixels, Mask] | None:
    """What the picture should look like, and bool (H, W): where; None when too little is to be kept."""

    def found() -> tuple[Pixels, Mask] | None:
        exact = truth(case)
        mask = case.done.mask if exact is None else exact.mask
        picture = exact.picture if exact is not None else case.kind.kept(case.view, case.params)
        if picture is None or (exact is None and picture.shape[:2] != mask.shape):
            return None
        reach = max(2, round(0.02 * min(mask.shape)))
        grown = cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
        outside = ~grown
        if outside.mean() < OUTSIDE:
            if exact is None:
                return None
            outside = np.ones(mask.shape, bool)  # the whole picture changes, and the world knows into what
        return picture, np.asarray(outside)

    return noted(case, "kept", found)


def misaligned(case: Case) -> float | None:
    """Largest displacement of a corner, share of the longer side, under the affine map that aligns the pictures.

    Phase correlation of the outlines (Kuglin and Hines 1975) starts, ECC (Evangelidis and Psarakis 2008) refines;
    0 when the outlines do not agree clearly better after it. Outside the mask.
    """
    return noted(case, "misaligned", lambda: (_misaligned(case),))[0]


def _misaligned(case: Case) -> float | None:
    """See `misaligned`, which keeps it for the rules of the same picture."""
    found = kept(case)
    if found is None and case.done.mask.all():  # a photograph whose light or style changes keeps its outlines
        found = case.view.picture, np.ones(case.view.picture.shape[:2], bool)
    if found is None:
        return None
    wanted, where = found
    picture = fitted(case.done.picture, wanted)
    if (picture == wanted).all(-1)[where].mean() > 0.5:
        return 0.0  # a displaced picture has no such pixels
    scale = min(1.0, LONGEST / max(wanted.shape[:2]))
    if scale < 1:
        picture, wanted = (
            np.asarray(cv2.resize(p, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
            for p in (picture, wanted)
        )
        size = (wanted.shape[1], wanted.shape[0])
        where = cv2.resize(where.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    # Style and tone repaint the surfaces: a photograph's outlines are looked at more coarsely.
    sigma = 1.6 if isinstance(case.view, PhotoView) else 1.0
    warp = _aligned(outlines(wanted, sigma), outlines(picture, sigma), np.asarray(where))
    if warp is None:
        return 0.0
    height, width = where.shape
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], float)
    moved = corners @ warp.T.astype(float) - corners[:, :2]
    return float(np.linalg.norm(moved, axis=1).max() / max(width, height))


def _aligned(wanted: Outlines, found: Outlines, where: Mask) -> Outlines | None:
    """The map (2, 3) from `wanted` to `found`; None when none makes them agree clearly better."""
    height, width = where.shape
    window = cv2.createHanningWindow((width, height), cv2.CV_32F) * where
    (dx, dy), _ = cv2.phaseCorrelate(wanted * window, found * window)
    near = max(abs(dx), abs(dy)) <= 0.15 * max(width, height)
    starts = [(dx, dy), (0.0, 0.0)] if near else [(0.0, 0.0)]
    before = _agreement(wanted, found, where, None)
    best, best_agreement = None, before + BETTER * max(1 - before, 0.2)
    for x, y in starts:
        warp = np.array([[1, 0, x], [0, 1, y]], np.float32)
        for _ in range(2):
            agreement = _agreement(wanted, found, where, warp)
            if agreement > best_agreement:
                best, best_agreement = warp.copy(), agreement
            try:
                stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 25, 1e-3)
                _, warp = cv2.findTransformECC(
                    wanted, found, warp, cv2.MOTION_AFFINE, stop, where.astype(np.uint8), 5
                )
            except cv2.error:  # does not converge: nothing in common to align by
                break
    return best


def _agreement(wanted: Outlines, found: Outlines, where: Mask, warp: Outlines | None) -> float:
    size = (where.shape[1], where.shape[0])
    inside = where
    if warp is not None:
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        found = np.asarray(cv2.warpAffine(found, warp, size, flags=flags), np.float32)
        ones = cv2.warpAffine(
            np.ones(where.shape, np.uint8), warp, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        )
        inside = where & (ones > 0)
    a, b = wanted[inside], found[inside]
    if len(a) < 50 or a.std() < 1e-6 or b.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def drift(case: Case) -> float | None:
    """Largest Lab distance of a block's mean colour (a twelfth of the picture) from what is to be kept.

    Of means, so that grain, which has no colour of its own, does not count and a tint does. In the world a block may
    be off by `SURE` standard errors of its mean besides (`MOST_NOISE` at most): how noisy its render is, the exact edit's frame tells.
    Of other pairs whose influence is known, shadows and reflections are the edit's too.
    """
    found = kept(case)
    if found is None:
        return None
    wanted, where = found
    influence = case.done.influence
    if truth(case) is None and influence is not None and influence.shape == where.shape:
        where = where & (influence == 0)
    apart = calm_lab(fitted(case.done.picture, wanted)) - calm_lab(wanted)
    side = max(5, min(where.shape) // BLOCK)
    inside = where.astype(np.float32)
    covered = cv2.blur(inside, (side, side))

    def block(values: Outlines) -> Outlines:
        weighed = values * (inside if values.ndim == 2 else inside[..., None])
        means = cv2.blur(weighed, (side, side))
        return np.asarray(
            means / np.maximum(covered if means.ndim == 2 else covered[..., None], 1e-6), np.float32
        )

    off = np.linalg.norm(block(apart), axis=-1)
    noise = _noise(case)
    if noise is not None and noise.shape == where.shape:
        off = np.maximum(off - np.minimum(SURE * np.sqrt(block(noise)) / side, MOST_NOISE), 0)
    judged = covered >= 0.5
    return float(off[judged].max()) if judged.any() else None


def _noise(case: Case) -> Outlines | None:
    """float32 (H, W): squared Lab distance of each pixel of the exact edit's render to the denoised one (world)."""
    exact = truth(case)
    if exact is None or exact.after is None:
        return None
    frame = exact.after
    exposure = frame.scene.exposure or 1.0  # a frame's scene carries it

    def found() -> Outlines:
        from anyedit.world.develop import display, to_bytes

        raw, smooth = (
            cv2.cvtColor(to_bytes(display(radiance * exposure)).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
            for radiance in (frame.noisy, frame.linear)
        )
        return np.asarray(((raw - smooth) ** 2).sum(-1), np.float32)

    return noted(case, "noise", found, of_picture=False)


def sharpness(case: Case) -> float | None:
    """Fine contrast of the picture over that of what is to be kept, in the contrasted half: under 1 it is blurred."""
    found = kept(case)
    if found is None:
        return None
    wanted, where = found
    fine, asked = contrast(fitted(case.done.picture, wanted)), contrast(wanted)
    edges = where & (asked >= max(float(np.median(asked[where])), 1.0))
    if edges.sum() < 30:
        return None
    return float(fine[edges].mean() / asked[edges].mean())
