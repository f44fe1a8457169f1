"""The colour of a photographed thing: its main hue, whether it is its own, and the caption with another one."""

from __future__ import annotations

import re

import cv2
import numpy as np

from anyedit.edits import photographs
from anyedit.edits.base import Mask
from anyedit.edits.views import PhotoView
from anyedit.language import indefinite
from anyedit.records import Pixels


def main_colour(picture: Pixels, mask: Mask) -> tuple[float, tuple[float, float, float]]:
    """Share of the mask in its main hue, and that hue's median colour (sRGB in [0, 1])."""
    lab = photographs.calm_lab_of(picture, 0.8)[mask]
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    vivid = chroma > 12
    if not vivid.any():
        return 0.0, (0.5, 0.5, 0.5)
    a, b = lab[vivid, 1].mean(), lab[vivid, 2].mean()
    turn = (lab[:, 1] * a + lab[:, 2] * b) / np.maximum(chroma * np.hypot(a, b), 1e-6)
    main = vivid & (turn > 0.8)
    if not main.any():
        return 0.0, (0.5, 0.5, 0.5)
    middle = cv2.cvtColor(np.median(lab[main], axis=0).astype(np.float32)[None, None], cv2.COLOR_LAB2RGB)[
        0, 0
    ]
    return float(main.mean()), (float(middle[0]), float(middle[1]), float(middle[2]))


def painted(picture: Pixels, mask: Mask) -> bool:
    """Whether a thing has a colour of its own: vivid, and not a mirror of its surroundings as metal is."""
    lab = photographs.calm_lab_of(picture, 0.8)[mask]
    vivid = float(np.hypot(np.median(lab[:, 1]), np.median(lab[:, 2]))) >= 20
    light = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[..., 0][mask].astype(float) * 100 / 255
    return vivid and float(light.std()) <= 24


def recoloured_caption(view: PhotoView, object_id: str, colour: str, names: tuple[str, ...]) -> str:
    """The caption with the thing's colour word changed, or its new colour said."""
    caption, name = view.caption, view.object(object_id).name
    old = rf"\b(an? )?({'|'.join(names)}) ((?:[\w-]+ ){{0,1}}{re.escape(name)}\b)"
    met = re.search(old, caption, re.IGNORECASE)
    if met is None:
        said = photographs.refer(view, object_id) or f"the {name}"
        return f"{caption.rstrip('.')}, with {said} in {colour}"
    new = f"{colour} {met.group(3)}"
    if met.group(1):
        new = indefinite(new)
    if met.group(0)[0].isupper():
        new = new[0].upper() + new[1:]
    return caption[: met.start()] + new + caption[met.end() :]
