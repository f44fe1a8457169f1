"""Photographs painted anew in one place: by words or after a picture; outside the mask they stay bit-identical.

Source: AnyEdit (arXiv 2411.15738) section 3, the pipeline of add, replace and visual_reference: mask of the object or
of a free region, diffusion inpainting with the target caption or IP-Adapter with a reference, pasted back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import cv2
import numpy as np

from anyedit.edits import filling, photographs
from anyedit.edits.base import Case, Mask, Outcome, Rule
from anyedit.edits.evidence import fitted
from anyedit.edits.views import PhotoView
from anyedit.engines.roles import Painting, Referring
from anyedit.errors import EditNotPossible, EngineError
from anyedit.language import indefinite
from anyedit.records import Pixels
from anyedit.world.kinds import Kind, kinds

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

PEOPLE = ("person", "people")
# Names of photographed things (COCO's and ImageNet's) that the world calls otherwise.
SAME = {
    "cup": "mug", "couch": "sofa", "dining table": "table", "motorcycle": "scooter", "boat": "sailboat",
    "train": "locomotive", "flower": "tulip", "sports ball": "football", "bench": "park bench", "wine bottle": "bottle",
    "donut": "donut", "sandwich": "burger", "tower": "lighthouse", "building": "house", "ball": "basketball",
}  # fmt: skip
LEAST, MOST = 0.01, 0.5  # share of the picture of a thing that gives way
ROOM = (0.16, 0.3)  # side of a free place, of the picture's shorter side
TRIES = 24


def kind_like(name: str) -> Kind | None:
    """The world's kind that a photographed thing of this name is of, or None."""
    known = kinds()
    return known.get(SAME.get(name, name))


def kin(name: str) -> list[Kind]:
    """Kinds of the same category and scale, which may stand where this thing stands; none for people and unknown names."""
    own = kind_like(name)
    if own is None or own.category in PEOPLE:
        return []
    alike = [k for k in kinds().values() if (k.category, k.scale) == (own.category, own.scale)]
    return [k for k in alike if k.name not in (own.name, name)]


def replaceable(view: PhotoView) -> list[str]:
    """Ids of things that may give way to another: whole, named by a short phrase, with kin."""
    return [
        thing.id
        for thing in view.objects
        if LEAST <= thing.share <= MOST
        and not thing.origin.endswith(photographs.CUT)
        and kin(thing.name)
        and photographs.refer(view, thing.id) is not None
    ]


def place_of(view: PhotoView, target: str) -> Mask:
    """bool (H, W): the hull of a thing with its border, where another one has room; other things stay out."""
    mask = view.mask(target)
    points = np.argwhere(mask)[:, ::-1].astype(np.int32)
    hull = np.zeros(mask.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    return filling.hole_of(hull > 0) & ~photographs.others(view, mask)


def free_box(view: PhotoView, rng: np.random.Generator) -> tuple[float, float, float, float] | None:
    """The evenest of some free places, (x0, y0, x1, y1) in shares of width and height; None where nothing is free."""
    height, width = view.picture.shape[:2]
    best: tuple[float, tuple[float, float, float, float]] | None = None
    taken = np.zeros((height, width), bool)
    for thing in view.objects:
        taken |= view.mask(thing.id)
    for _ in range(TRIES):
        side = round(float(rng.uniform(*ROOM)) * min(height, width))
        x, y = (
            int(rng.integers(2, width - side - 1)),
            int(rng.integers(height // 4, max(height // 4 + 1, height - side - 1))),
        )
        if taken[y : y + side, x : x + side].any():
            continue
        uneven = float(view.picture[y : y + side, x : x + side].std(axis=(0, 1)).mean())
        if best is None or uneven < best[0]:
            best = (uneven, (x / width, y / height, (x + side) / width, (y + side) / height))
    return None if best is None else tuple(round(v, 4) for v in best[1])  # type: ignore[return-value]


def box_mask(view: PhotoView, box: tuple[float, float, float, float]) -> Mask:
    """bool (H, W): the place that a box in shares of the picture names."""
    height, width = view.picture.shape[:2]
    mask = np.zeros((height, width), bool)
    mask[round(box[1] * height) : round(box[3] * height), round(box[0] * width) : round(box[2] * width)] = (
        True
    )
    return mask


def painted(view: PhotoView, mask: Mask, caption: str, tools: Tools) -> Outcome:
    """The masked place painted to a caption."""
    (made,) = tools.paint.paint([Painting(view.picture, mask, caption)])
    return _pasted(view, mask, made, tools, "paint")


def painted_like(view: PhotoView, mask: Mask, reference: Pixels, caption: str, tools: Tools) -> Outcome:
    """The masked place painted after a reference picture."""
    (made,) = tools.paint_like.paint_like([Referring(view.picture, mask, reference, caption)])
    return _pasted(view, mask, made, tools, "paint_like")


def _pasted(view: PhotoView, mask: Mask, made: Pixels | EngineError, tools: Tools, role: str) -> Outcome:
    if isinstance(made, EngineError):
        raise EditNotPossible(f"engines.{role} painted nothing: {made}")
    soft = tools.paste.paste(view.picture, fitted(made, view.picture), mask)
    return Outcome(
        picture=np.where(mask[..., None], soft, view.picture),
        mask=mask,
        influence=mask.astype(np.uint8) * 255,
        engines=(tools.version(role), tools.version("paste")),
    )


def named_instead(view: PhotoView, target: str, new: str) -> str:
    """The caption with a thing's noun changed for another one, or with the exchange said."""

    name = view.object(target).name
    met = list(re.finditer(rf"\b(an? )?{re.escape(name)}\b", view.caption, re.IGNORECASE))
    if len(met) != 1:
        return (
            f"{view.caption.rstrip('.')}, with {indefinite(new)} in place of {photographs.said(view, target)}"
        )
    said = indefinite(new) if met[0].group(1) else new
    if met[0].group(0)[0].isupper():
        said = said[0].upper() + said[1:]
    return view.caption[: met[0].start()] + said + view.caption[met[0].end() :]


def _crop(case: Case) -> Pixels:
    rows, columns = np.flatnonzero(case.done.mask.any(1)), np.flatnonzero(case.done.mask.any(0))
    return np.ascontiguousarray(case.done.picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def nearer_to_the_new(case: Case) -> float | None:
    """Cosine of the painted place and the new thing's noun, less that with what stood there or "nothing" (photographs)."""
    tools, view = case.tools, case.view
    new = getattr(case.params, "noun", "")
    if not isinstance(view, PhotoView) or tools is None or not new or not tools.has("image_text"):
        return None
    if not case.done.mask.any():
        return -1.0
    target = getattr(case.params, "target", "")
    old = next((thing.name for thing in view.objects if thing.id == target), "")
    rival = f"a photo of {indefinite(old)}" if old else "a photo of an empty place"
    crop = _crop(case)
    scores = tools.image_text.image_text([crop, crop], [f"a photo of {indefinite(new)}", rival])
    return float(scores[0] - scores[1])


def nearer_to_the_reference(case: Case) -> float | None:
    """Cosine of the features of the painted place and the reference, less that of the place as it was (photographs)."""
    tools, view, prompt = case.tools, case.view, case.done.visual_prompt
    if not isinstance(view, PhotoView) or tools is None or not tools.has("features"):
        return None
    if prompt is None or not case.done.mask.any():
        return -1.0
    rows, columns = np.flatnonzero(case.done.mask.any(1)), np.flatnonzero(case.done.mask.any(0))
    was = np.ascontiguousarray(view.picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    shown, after, before = tools.features.features([prompt, _crop(case), was])
    return float(shown @ after - shown @ before)


PAINTED = (Rule("nearer to the new thing's name", nearer_to_the_new, low=0.005),)
AFTER_A_PICTURE = (Rule("nearer to the reference", nearer_to_the_reference, low=0.01),)
