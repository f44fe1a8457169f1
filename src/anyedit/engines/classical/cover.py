"""Another material: a texture laid over a thing, its shading kept."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from anyedit.engines.classical.masks import OPENCV, softened
from anyedit.engines.roles import Floats, Mask
from anyedit.records import Pixels

STRETCH = 0.35  # most change of the displacement from pixel to pixel


@dataclass(frozen=True)
class ShadedTexture:
    """The texture with the thing's own shading: after Khan et al. 2006, simplified.

    Shading is the thing's luminance without its own pattern (edge-keeping smooth), over its median; the texture is
    bent by the slope of that shading, which stands for the surface's relief, so that it follows the form; highlights
    come back on top. bend: pixels of displacement per unit slope, share of the thing's size. depth: power of the
    shading. gloss: share of the highlights kept.
    """

    bend: float = 0.12
    depth: float = 1.0
    gloss: float = 0.5
    feather: int = 1

    @property
    def version(self) -> str:
        """Name and version."""
        return f"texture mapping with shading kept 2 ({OPENCV})"

    def cover(self, picture: Pixels, mask: Mask, texture: Pixels) -> Pixels:
        """See roles.Clother."""
        if not mask.any():
            return picture
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        inside = mask[top:bottom, left:right]
        size = float(np.sqrt(inside.sum()))
        light = (
            cv2.cvtColor(picture[top:bottom, left:right], cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32) / 255
        )
        shading = self._shading(light, inside, size)
        relief = cv2.GaussianBlur(shading, (0, 0), max(1.5, 0.03 * size))
        down, across = np.gradient(relief)
        ys, xs = np.mgrid[: bottom - top, : right - left].astype(np.float32)
        reach = self.bend * size * size
        # The texture continues beyond its borders mirrored, so that no seam shows.
        h, w = texture.shape[:2]
        bent = [np.clip(reach * slope, -0.15 * size, 0.15 * size) for slope in (down, across)]
        bent = _unfolded(bent, inside)
        x, y = _mirrored(xs + bent[1], w), _mirrored(ys + bent[0], h)
        laid = cv2.remap(texture, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR)
        lab = cv2.cvtColor(laid.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        middle = float(np.median(shading[inside]))
        ratio = np.clip((shading + 0.08) / (middle + 0.08), 0.2, 2.2) ** self.depth
        lightness = lab[..., 0] * np.where(ratio > 1, 1 + 0.6 * (ratio - 1), ratio)
        shine = np.clip(light - np.maximum(0.86, middle + 0.2), 0, 1) * 100 * self.gloss
        lab[..., 0] = np.clip(lightness + shine, 0, 100)
        lab[..., 1:] *= np.clip(1.15 - shine[..., None] / 40, 0.3, 1)
        made = np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255 + 0.5, 0, 255)
        weight = softened(mask, self.feather)[top:bottom, left:right, None]
        result = picture.copy()
        window = result[top:bottom, left:right].astype(np.float32)
        mixed = window + (made - window) * weight + 0.5
        result[top:bottom, left:right] = np.where(inside[..., None], np.clip(mixed, 0, 255), window)
        return result

    def _shading(self, light: Floats, inside: Mask, size: float) -> Floats:
        """The luminance inside the thing without fine pattern, float32 in [0, 1]; outside its own mean."""
        filled = np.where(inside, light, float(light[inside].mean())).astype(np.float32)
        calm = cv2.bilateralFilter(filled, -1, 0.12, max(2.0, 0.02 * size))
        return np.asarray(0.75 * calm + 0.25 * filled, np.float32)


def _unfolded(bent: list[Floats], inside: Mask) -> list[Floats]:
    """The displacements (down, across), weakened until the texture is nowhere much stretched: petals made swirls of bricks."""
    steepest = max(float(np.percentile(np.abs(np.gradient(way))[:, inside], 98)) for way in bent)
    return [np.asarray(way * min(1.0, STRETCH / max(steepest, 1e-6)), np.float32) for way in bent]


def _mirrored(at: Floats, period: int) -> Floats:
    """Coordinates folded into [0, period - 1], back and forth."""
    last = period - 1
    return np.asarray(last - np.abs(np.mod(at, 2 * last) - last), np.float32)
