"""Taking a thing out of a photograph, and rules on what was filled in: how it must fit to its surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from anyedit.edits import photographs
from anyedit.edits.base import Case, Mask, Outcome, Rule
from anyedit.edits.views import PhotoView
from anyedit.records import Pixels

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


def hole_of(mask: Mask) -> Mask:
    """The mask grown by what belongs to the thing too: its soft border and a thin shadow."""
    from anyedit.engines.classical import dilated

    return dilated(mask, max(3, round(0.07 * float(np.sqrt(mask.sum())))))


def taken_out(view: PhotoView, hole: Mask, tools: Tools) -> Pixels:
    """The photograph without what is in the hole, filled from places where nothing known stands."""
    return tools.inpaint.fill(view.picture, hole, photographs.others(view, hole))


def emptied(view: PhotoView, hole: Mask, tools: Tools) -> Outcome:
    """`taken_out` as an edit's outcome."""
    picture = taken_out(view, hole, tools)
    return Outcome(picture, hole, hole.astype(np.uint8) * 255, engines=(tools.version("inpaint"),))


def _filled(case: Case) -> tuple[Mask, Mask] | None:
    """The filled region and the ring that it should look like; None when nothing was filled."""
    view = case.view
    target = getattr(case.params, "target", None) or next(iter(getattr(case.params, "gone", ())), None)
    if not isinstance(view, PhotoView) or target is None:
        return None
    placed = getattr(case.kind, "placed", None)
    new = placed(view, case.params) if placed is not None else None
    hole = hole_of(view.mask(target))
    filled = hole & case.done.mask
    if new is not None:
        from anyedit.engines.classical import dilated

        filled &= ~dilated(new, 4)  # the thing's own border is no seam
    if filled.sum() < 20:
        return None
    ring = photographs.around(view, hole, max(6, round(0.3 * float(np.sqrt(hole.sum())))))
    if new is not None:
        ring &= ~dilated(new, 4)
    return (filled, ring) if ring.sum() >= 20 else None


def odd_in_fill(case: Case) -> float | None:
    """How far in Lab the fill's oddest twentieth is from the nearest colour around: what is left of a thing."""
    found = _filled(case)
    if found is None:
        return None
    lab = photographs.calm_lab_of(case.done.picture, 1.2)
    inside, ring = lab[found[0]], lab[found[1]]
    inside, ring = inside[:: max(1, len(inside) // 800)], ring[:: max(1, len(ring) // 400)]
    distance = np.linalg.norm(inside[:, None] - ring[None], axis=-1).min(1)
    return float(np.percentile(distance, 95))


def odd_for_its_place(case: Case) -> float | None:
    """`odd_in_fill` over the deviation around: a faint smudge shows on calm ground, not on a busy one."""
    odd, found = odd_in_fill(case), _filled(case)
    if odd is None or found is None:
        return None
    around_it = float(np.sqrt(photographs.calm_lab_of(case.done.picture, 1.5)[found[1]].var(axis=0).sum()))
    return odd / max(around_it, 3.0)


def texture_of_fill(case: Case) -> float | None:
    """Fine contrast inside the fill over that around it: under 1 it is smeared, over 1 something is left."""
    found = _filled(case)
    if found is None:
        return None
    light = cv2.cvtColor(case.done.picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = np.abs(light - cv2.GaussianBlur(light, (0, 0), 2))
    return float((fine[found[0]].mean() + 0.6) / (fine[found[1]].mean() + 0.6))  # half a step is noise


def seam(case: Case) -> float | None:
    """Slope at the border of the fill over the slope around it; a visible border is above."""
    found = _filled(case)
    if found is None:
        return None
    light = cv2.GaussianBlur(
        cv2.cvtColor(case.done.picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1
    )
    slope = np.hypot(cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1))
    filled = found[0].astype(np.uint8)
    border = (cv2.dilate(filled, np.ones((3, 3), np.uint8)) > 0) & ~(
        cv2.erode(filled, np.ones((3, 3), np.uint8)) > 0
    )
    border &= found[0] | found[1]
    if border.sum() < 10:
        return None
    return float((slope[border].mean() + 3) / (slope[found[1]].mean() + 3))


def surroundings(case: Case) -> float | None:
    """See `unevenness`, of the target of a photograph's edit."""
    view = case.view
    if not isinstance(view, PhotoView):
        return None
    return photographs.unevenness(view, view.mask(case.params.target))


BEFORE_FILL = (Rule("surroundings even", surroundings, high=photographs.EVEN),)
FILLED = (
    Rule("fill like its surroundings", odd_in_fill, high=7),
    Rule("fill calm as its surroundings", odd_for_its_place, high=0.56),
    Rule("texture of the fill", texture_of_fill, low=0.45, high=1.7),
    Rule("seam of the fill", seam, high=1.7),
)
