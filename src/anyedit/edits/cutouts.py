"""Setting a thing of a photograph down at another place or size: its pixels there, whether it fits, the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from anyedit.edits import filling, photographs
from anyedit.edits.base import Mask, Outcome
from anyedit.edits.views import PhotoView
from anyedit.records import Pixels

if TYPE_CHECKING:
    from anyedit.engines.roles import Enlarger
    from anyedit.engines.tools import Tools

ROOM = 8  # pixels around a thing that go into its super-resolution


def shifted(
    view: PhotoView,
    object_id: str,
    move: tuple[float, float],
    factor: float = 1.0,
    enlarger: Enlarger | None = None,
) -> tuple[Pixels, Mask]:
    """The thing at another place and size, aligned with the photograph: its pixels and its mask.

    move: (right, down) in pixels of its middle; factor: of its size, about the middle of its lower edge. enlarger: gives
    a thing that grows the detail that its pixels have not.
    """
    thing, mask = view.object(object_id), view.mask(object_id)
    x, y = (thing.box[0] + thing.box[2]) / 2, thing.box[3]
    matrix = np.array([[factor, 0, x - factor * x + move[0]], [0, factor, y - factor * y + move[1]]])
    size = (mask.shape[1], mask.shape[0])
    way = cv2.INTER_LINEAR if factor != 1 else cv2.INTER_NEAREST
    moved = cv2.warpAffine(mask.astype(np.float32), matrix, size, flags=way)
    if factor > 1 and enlarger is not None:
        return _finer(view.picture, thing.box, matrix, factor, enlarger), np.asarray(moved > 0.5)
    calm = cv2.GaussianBlur(view.picture, (0, 0), 0.35 / factor) if factor < 0.8 else view.picture
    pixels = cv2.warpAffine(calm, matrix, size, flags=way, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(pixels, np.uint8), np.asarray(moved > 0.5)


def _finer(
    picture: Pixels,
    box: tuple[float, float, float, float],
    matrix: np.ndarray,
    factor: float,
    enlarger: Enlarger,
) -> Pixels:
    """The picture around the box, enlarged by super-resolution, laid where the matrix puts it."""
    height, width = picture.shape[:2]
    x0, y0 = max(0, int(box[0]) - ROOM), max(0, int(box[1]) - ROOM)
    x1, y1 = min(width, int(box[2]) + ROOM), min(height, int(box[3]) + ROOM)
    (large,) = enlarger.enlarge([np.ascontiguousarray(picture[y0:y1, x0:x1])])
    times = enlarger.factor
    if times > factor:  # it is scaled down again: without the detail that would alias
        large = np.asarray(cv2.GaussianBlur(large, (0, 0), 0.35 * times / factor), np.uint8)
    # The middle of pixel U of the enlarged crop is at x0 + (U + 0.5) / times - 0.5 of the picture.
    back = np.array(
        [[1 / times, 0, x0 + 0.5 / times - 0.5], [0, 1 / times, y0 + 0.5 / times - 0.5], [0, 0, 1]]
    )
    laid = cv2.warpAffine(
        large, matrix @ back, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(laid, np.uint8)


def fits(view: PhotoView, object_id: str, new: Mask) -> bool:
    """Whether the thing may stand there: wholly in the picture, clear of other things, on ground like its own."""
    old = view.mask(object_id)
    border = np.ones(new.shape, bool)
    border[3:-3, 3:-3] = False
    if (new & border).any() or not new.any() or (new & photographs.others(view, old, 4)).any():
        return False
    from anyedit.engines.classical import dilated

    ground = dilated(new, 5) & ~dilated(old, 3)
    ring = photographs.around(view, old, max(6, round(0.25 * float(np.sqrt(old.sum())))))
    if ground.sum() < 30 or ring.sum() < 30:
        return ground.sum() < 30 and bool(ring.sum())  # smaller at its own place
    lab = photographs.calm_lab_of(view.picture, 1.5)
    there, here = lab[ground], lab[ring]
    near = float(np.linalg.norm(there.mean(0) - here.mean(0)))
    return near < 9 and float(np.sqrt(there.var(0).sum())) < photographs.EVEN


def set_down(view: PhotoView, object_id: str, cutout: Pixels, new: Mask, tools: Tools) -> Outcome:
    """The photograph with the thing taken from its place and set down at the new one, where both are the mask."""
    hole = filling.hole_of(view.mask(object_id))
    picture = tools.paste.paste(filling.taken_out(view, hole, tools), cutout, new)
    mask = hole | new
    engines = (tools.version("inpaint"), tools.version("paste"))
    return Outcome(picture, mask, mask.astype(np.uint8) * 255, engines=engines)
