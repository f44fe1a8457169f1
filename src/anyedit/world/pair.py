"""The exact pair: two renders of two scene states joined so that only what the edit influences differs.

A pixel whose path-traced value is the same to the bit in both states is not influenced; the edited picture
keeps the source's bytes there. Elsewhere the denoised pictures are blended by a soft weight, so that neither a
seam nor the denoiser's far-reaching noise shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from anyedit.world.develop import display
from anyedit.world.render import Frame

REACH = 5  # pixels: how far a changed path may soften its neighbourhood (the denoiser's smallest footprint)
BLUR = 1.2  # pixels, sigma
LOW, HIGH = 0.006, 0.018  # display differences that get weight 0 and 1; one 8-bit step is 0.004


@dataclass(frozen=True)
class ExactEdit:
    """picture: uint8 (H, W, 3). influence: uint8 (H, W), the blend weight; 0 = the source's own bytes."""

    picture: npt.NDArray[np.uint8]
    influence: npt.NDArray[np.uint8]


def exact_edit(before: Frame, after: Frame, base: npt.NDArray[np.uint8] | None = None) -> ExactEdit:
    """The edited picture for two frames of the same camera, seed and size.

    `base` is the picture to start from, uint8 (H, W, 3): the source picture (default `before.picture`), or the
    previous turn's edited picture in a chain. Errors: ValueError on different sizes.
    """
    if before.noisy.shape != after.noisy.shape:
        raise ValueError(f"frames of different sizes: {before.noisy.shape} and {after.noisy.shape}")
    base = before.picture if base is None else base
    weight = influence(before, after)
    shown = base / np.float32(255)
    target = display(after.linear * np.float32(after.scene.exposure or 1))
    mixed = shown + (target - shown) * weight[..., None]
    picture = np.where(weight[..., None] > 0, (mixed * 255 + 0.5).astype(np.uint8), base)
    return ExactEdit(picture, np.ceil(weight * 255).astype(np.uint8))


def influence(before: Frame, after: Frame) -> npt.NDArray[np.float32]:
    """float32 (H, W) in [0, 1]: how much of the edited render is shown."""
    if global_change(before, after):
        return np.ones(before.noisy.shape[:2], np.float32)
    changed = np.any(before.noisy != after.noisy, axis=-1) | (before.depth != after.depth)
    reached = ndimage.maximum_filter(changed, REACH)
    shown = [display(frame.linear * np.float32(frame.scene.exposure or 1)) for frame in (before, after)]
    difference = ndimage.gaussian_filter(np.abs(shown[1] - shown[0]).max(-1), BLUR)
    return np.asarray(np.clip((difference - LOW) / (HIGH - LOW), 0, 1) * reached, np.float32)


def global_change(before: Frame, after: Frame) -> bool:
    """Whether light, weather, camera or exposure differ, so that every pixel is influenced."""
    a, b = before.scene, after.scene
    fields = ("environment", "surroundings", "time", "weather", "season", "camera", "exposure", "seed")
    return any(getattr(a, name) != getattr(b, name) for name in fields)
