"""Another colour in CIE Lab."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from anyedit.engines.classical.masks import OPENCV, softened
from anyedit.engines.roles import Colour, Floats, Mask
from anyedit.records import Pixels


@dataclass(frozen=True)
class LabRecolour:
    """Turns the thing's main colour into another one in CIE Lab; lightness keeps its variation.

    Only pixels of the main colour are turned (by hue, and less the greyer they are): a white strap on a red
    bag stays white. feather: pixels over which the change fades out inside the mask.
    """

    feather: int = 1

    @property
    def version(self) -> str:
        """Name and version."""
        return f"Lab recolouring ({OPENCV})"

    def recolour(self, picture: Pixels, mask: Mask, colour: Colour) -> Pixels:
        """See roles.Recolourer."""
        if not mask.any():
            return picture
        lab = np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))
        wanted = cv2.cvtColor(np.array([[colour]], np.float32), cv2.COLOR_RGB2LAB)[0, 0]
        chroma = np.hypot(lab[..., 1], lab[..., 2])
        inside = lab[mask]
        weight = softened(mask, self.feather)
        vivid = mask & (chroma > 12)
        if vivid.sum() > 0.25 * mask.sum():
            a, b = (float(np.average(lab[..., k][vivid])) for k in (1, 2))
            turn = (lab[..., 1] * a + lab[..., 2] * b) / np.maximum(chroma * np.hypot(a, b), 1e-6)
            weight = weight * _step(turn, 0.3, 0.7) * _step(chroma, 5, 14)
            usual = float(np.median(chroma[vivid]))
            light = float(np.median(lab[..., 0][vivid]))
            strength = np.clip(chroma / max(usual, 1), 0, 1.6)
        else:  # a grey thing: all of it takes the colour, deep shadows and highlights less
            light = float(np.median(inside[:, 0]))
            strength = np.clip(1.3 - np.abs(lab[..., 0] - light) / 60, 0.2, 1)
        target = np.empty_like(lab)
        # Of the lightness at most so much that folds and highlights keep room.
        # A much stronger colour than a photograph's own looks painted on.
        usual_now = float(np.median(chroma[vivid])) if vivid.any() else 0.0
        rich = float(np.hypot(wanted[1], wanted[2]))
        wanted = wanted * np.array(
            [1, *(2 * (min(1.0, max(40.0, 1.25 * usual_now) / max(rich, 1e-6)),))], np.float32
        )
        goal = float(np.clip(wanted[0], 22, 88))
        low, high = light / 100, goal / 100
        gamma = np.log(high) / np.log(np.clip(low, 0.05, 0.95))
        target[..., 0] = 100 * np.clip(lab[..., 0] / 100, 0, 1) ** np.clip(gamma, 0.35, 2.6)
        target[..., 1:] = wanted[1:] * strength[..., None]
        mixed = lab + (target - lab) * weight[..., None]
        turned = np.clip(cv2.cvtColor(mixed.astype(np.float32), cv2.COLOR_LAB2RGB) * 255 + 0.5, 0, 255)
        return np.where((weight > 0)[..., None], turned, picture).astype(np.uint8)


def _step(value: Floats, low: float, high: float) -> Floats:
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
