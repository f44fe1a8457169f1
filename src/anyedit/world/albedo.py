"""The colour of what is seen, without light: a guide for the denoiser and a picture of its own.

It is read off the same material dictionaries that Mitsuba renders, at the texture coordinates of the first hit:
base colours, blends of them, and white where glass and ice let the light through.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.world.first_hits import FirstHits
from anyedit.world.loading import cover, mitsuba
from anyedit.world.solids import Solids, bsdf_of

Floats = npt.NDArray[np.float32]


def albedo(hits: FirstHits, solids: Solids, variant: str) -> Floats:
    """float32 (H, W, 3), linear reflectance in [0, 1]; black where nothing is hit, white on lights."""
    flat = hits.solid.ravel()
    uv, upward = hits.uv.reshape(-1, 2), hits.normal.reshape(-1, 3)[:, 2]
    shown = np.zeros((len(flat), 3), np.float32)
    order = np.argsort(flat, kind="stable")
    numbers, starts = np.unique(flat[order], return_index=True)
    for number, at in zip(numbers, np.split(order, starts[1:]), strict=True):
        if number < 0:
            continue
        if number >= len(solids.all):
            shown[at] = 1.0
            continue
        shown[at] = _colour(bsdf_of(variant, solids.all[number]), uv[at], upward[at], variant)
    return np.clip(shown, 0, 1).reshape(*hits.solid.shape, 3)


def _colour(bsdf: dict[str, Any], uv: Floats, upward: Floats, variant: str) -> Floats:
    """float32 (N, 3): the reflectance of a material at N points."""
    match bsdf["type"]:
        case "twosided" | "bumpmap":
            return _colour(bsdf["bsdf"], uv, upward, variant)
        case "blendbsdf":
            first, second = (_colour(bsdf[key], uv, upward, variant) for key in ("bsdf_0", "bsdf_1"))
            weight = np.clip(_value(bsdf["weight"], uv, upward, variant), 0, 1)
            return np.asarray(first + (second - first) * weight, np.float32)
        case "principled":
            return _value(bsdf["base_color"], uv, upward, variant)
        case _:  # glass and ice: their own colour is that of what is behind
            return np.ones((len(uv), 3), np.float32)


def _value(texture: Any, uv: Floats, upward: Floats, variant: str) -> Floats:
    """float32 (N, 1 or 3): a colour, a loaded bitmap, or the cover that lies on a mesh."""
    if not isinstance(texture, dict):
        return _bilinear(texture, uv, variant)
    if texture["type"] == "mesh_attribute":
        return np.asarray(cover(upward)[:, None] * texture["scale"], np.float32)
    return np.broadcast_to(np.asarray(texture["value"], np.float32), (len(uv), 3))


def _bilinear(texture: Any, uv: Floats, variant: str) -> Floats:
    """The bitmap at texture coordinates, repeating (labels end before it shows)."""
    values = mitsuba(variant).traverse(texture)
    pixels = np.asarray(values["data"])  # a view of the texture's own memory
    height, width = pixels.shape[:2]
    turn = np.asarray(values["to_uv"].matrix, np.float32)
    at = (uv @ turn[:2, :2].T + turn[:2, 2]) * [width, height] - 0.5
    low = np.floor(at)
    share = (at - low).astype(np.float32)
    j, i = (low.astype(np.int64) % [width, height]).T
    across, down = (j + 1) % width, (i + 1) % height
    s, t = share[:, :1], share[:, 1:]
    upper = pixels[i, j].astype(np.float32) * (1 - s) + pixels[i, across].astype(np.float32) * s
    lower = pixels[down, j].astype(np.float32) * (1 - s) + pixels[down, across].astype(np.float32) * s
    return np.asarray(upper * (1 - t) + lower * t, np.float32)
