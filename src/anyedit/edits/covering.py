"""Photographed things in another material: which things take one, the texture for it, and what a good cover keeps."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from anyedit.edits import photographs
from anyedit.edits.base import Case, Mask, Outcome, Rule
from anyedit.edits.views import PhotoView
from anyedit.errors import EditNotPossible
from anyedit.records import Pixels
from anyedit.world.materials import MATERIALS, shown_colour, texture

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

# Opaque and matte: what mirrors or lets through would need the surroundings.
COVERINGS: tuple[str, ...] = (
    "wood", "dark wood", "bamboo", "marble", "stone", "granite", "brick", "concrete", "leather", "denim", "wool",
    "cork", "straw", "cardboard", "clay",
)  # fmt: skip
PEOPLE = frozenset(("person", "figure", "man", "woman", "child", "boy", "girl", "people"))
LEAST, MOST = 0.015, 0.6  # share of the picture of a thing whose material can be seen to change
REPEATS = 2.2  # tiles of the texture across a thing
SHADED = 0.35  # least correlation of the shading before and after


def coverable(view: PhotoView, rng: np.random.Generator) -> list[str]:
    """Ids of the things that can take a cover, in random order: whole, nameable, not people or parts of a body."""
    found = []
    for index in rng.permutation(len(view.objects)):
        thing = view.objects[index]
        words = set(thing.name.lower().split())
        if not LEAST <= thing.share <= MOST or thing.origin.endswith(photographs.CUT):
            continue
        if words & photographs.PARTS or words & PEOPLE:
            continue
        if photographs.refer(view, thing.id) is not None:
            found.append(thing.id)
    return found


def on_top(view: PhotoView, target: str) -> Mask:
    """bool (H, W): smaller known things on or before the target, which stay as they are."""
    own = view.mask(target)
    found = np.zeros(own.shape, bool)
    for thing in view.objects:
        if thing.id != target and thing.share < 0.5 * view.object(target).share:
            found |= view.mask(thing.id)
    return found


def body(view: PhotoView, target: str, tools: Tools) -> Mask:
    """bool (H, W): the thing along its own outline, without what is on it."""
    mask = view.mask(target)
    if view.object(target).origin.startswith(
        "annotation"
    ):  # drawn by hand; a network's follows the outline already
        mask = tools.refine.refine(view.picture, mask)
    return np.asarray(mask & ~on_top(view, target))


@lru_cache(maxsize=64)
def tile_of(material: str) -> Pixels:
    """The material's texture as displayed, uint8 (n, n, 3) sRGB."""
    light = texture(material, shown_colour(MATERIALS[material].usual_colour, MATERIALS[material]))
    encoded = np.where(
        light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-8) ** (1 / 2.4) - 0.055
    )
    return np.asarray(np.clip(encoded, 0, 1) * 255 + 0.5, np.uint8)


def across(mask: Mask, material: str) -> Pixels:
    """The material's texture in the size that suits a thing of this mask."""
    tile = tile_of(material)
    side = int(np.clip(float(np.sqrt(mask.sum())) / REPEATS, 24, 2 * tile.shape[0]))
    way = cv2.INTER_AREA if side < tile.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(tile, (side, side), interpolation=way), np.uint8)


def covered(view: PhotoView, target: str, material: str, tools: Tools) -> Outcome:
    """The thing made of the material, its shading kept."""
    mask = body(view, target, tools)
    if not mask.any():
        raise EditNotPossible(f"nothing is left of {target} without what is on it")
    return Outcome(
        picture=tools.cover.cover(view.picture, mask, across(mask, material)),
        mask=mask,
        influence=mask.astype(np.uint8) * 255,
        engines=(tools.version("refine"), tools.version("cover")),
    )


def shading_kept(case: Case) -> float | None:
    """Correlation of the calmed luminance before and after inside the mask (photographs): form stays visible."""
    mask = case.done.mask
    if not isinstance(case.view, PhotoView) or mask.sum() < 100:
        return None
    size = max(2.0, 0.05 * float(np.sqrt(mask.sum())))
    weight = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), size)
    calm = []
    for picture in (case.view.picture, case.done.picture):
        light = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32) * mask
        calm.append((cv2.GaussianBlur(light, (0, 0), size) / np.maximum(weight, 1e-3))[mask])
    if min(values.std() for values in calm) < 1.5:
        return None  # evenly lit before: there is no shading to keep
    return float(np.corrcoef(*calm)[0, 1])


def looks_of(material: str, case: Case) -> float | None:
    """Distance in Lab (a, b) between the covered thing's median colour and the material's (photographs)."""
    if not isinstance(case.view, PhotoView) or not case.done.mask.any():
        return None
    made = cv2.cvtColor(case.done.picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[case.done.mask]
    wanted = cv2.cvtColor(tile_of(material).astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    return float(np.linalg.norm(np.median(made, 0)[1:] - np.median(wanted, 0)[1:]))


def material_taken(case: Case) -> float | None:
    """See `looks_of`, of the asked material."""
    material = getattr(case.params, "material", None)
    return looks_of(material, case) if material in COVERINGS else None


def mask_sure(case: Case) -> float | None:
    """Share of the edited mask's border that lies on an edge of the photograph: a mask off its thing has none."""
    view = case.view
    return on_edges(view, case.done.mask) if isinstance(view, PhotoView) else None


def on_edges(view: PhotoView, mask: Mask) -> float | None:
    """See `mask_sure`; the picture's own border does not count."""
    if mask.sum() < 100:
        return None
    light = cv2.GaussianBlur(cv2.cvtColor(view.picture, cv2.COLOR_RGB2LAB).astype(np.float32), (0, 0), 1.2)
    slope = np.sqrt(
        sum(cv2.Sobel(light[..., k], cv2.CV_32F, *way) ** 2 for k in range(3) for way in ((1, 0), (0, 1)))
    )
    own, kernel = mask.astype(np.uint8), np.ones((3, 3), np.uint8)
    border = (cv2.dilate(own, kernel) - cv2.erode(own, kernel)) > 0
    border[:2], border[-2:], border[:, :2], border[:, -2:] = False, False, False, False
    if border.sum() < 30:
        return None
    # The strongest slope within three pixels of each border pixel, against the usual slope of the picture.
    near = cv2.dilate(slope.astype(np.float32), np.ones((7, 7), np.uint8))
    return float((near[border] > max(12.0, 1.5 * float(np.median(near)))).mean())


def burnt(case: Case) -> float | None:
    """Share of the covered pixels that are white to the limit and were not: form that is lost (photographs)."""
    mask = case.done.mask
    if not isinstance(case.view, PhotoView) or not mask.any():
        return None
    white, before = (picture.min(-1) >= 250 for picture in (case.done.picture, case.view.picture))
    return float((white & ~before)[mask].mean())


COVERED = (
    Rule("form lost in white", burnt, high=0.12),
    Rule("outline on edges", mask_sure, low=0.6),
    Rule("shading kept", shading_kept, low=SHADED),
    Rule("colour of the material", material_taken, high=14),
)
