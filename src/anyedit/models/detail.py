"""Keeping what an edit does not change: the source's own detail, at the source's own size.

A latent editor hands back every pixel through its autoencoder, so a picture that is not changed at all comes back
softer, and a large one much softer. What the edit did is the difference between its picture and the source through
the same autoencoder. Where that difference is small the source's detail is added back; where it is large the old
detail would shine through the new content, and the edit's picture stands alone:

    result = edited + w (source - restored),    w = exp(-(|edited - restored| / s)^2)

with |.| the largest channel's, averaged over a neighbourhood.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
CHANGE = 0.12
"""s, of pixel values in [0, 1]: at a difference of s a third of the source's detail is kept."""
NEIGHBOURHOOD = 1 / 16
"""Side of the averaged square, of the edit's side."""


def keep_detail(source: Pixels, edited: Pixels, restored: Pixels) -> Pixels:
    """The edit at the source's size with the source's detail where it changed little.

    source: uint8 (H, W, 3). edited: the editor's picture; restored: the source through the autoencoder; both uint8
    (h, w, 3) of one size. Equal `edited` and `restored` give the source back exactly.
    """
    height, width = source.shape[:2]
    new, old = _unit(edited), _unit(restored)
    change = np.abs(new - old).max(axis=2)
    side = max(3, round(max(change.shape) * NEIGHBOURHOOD) | 1)
    near = cv2.blur(change, (side, side), borderType=cv2.BORDER_REFLECT)
    weight = np.exp(-((near / CHANGE) ** 2)).astype(np.float32)
    new, old, weight = (_sized(values, width, height) for values in (new, old, weight))
    result = new + weight[..., None] * (_unit(source) - old)
    return np.rint(result.clip(0, 1) * 255).astype(np.uint8)


def _unit(pixels: Pixels) -> npt.NDArray[np.float32]:
    return np.asarray(pixels, np.float32) / np.float32(255)


def _sized(values: npt.NDArray[np.float32], width: int, height: int) -> npt.NDArray[np.float32]:
    if values.shape[:2] == (height, width):
        return values
    smaller = width * height < values.shape[0] * values.shape[1]
    return cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
