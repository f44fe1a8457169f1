"""Inputs of SAM 2 and SAM 3, made here: their own processors need torchvision, which this project does without.

Source of the numbers: the processors' defaults (SAM 2: ImageNet's mean and deviation; SAM 3: one half both; the
picture squashed to the network's square, masks scaled back bilinearly and cut at 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from anyedit.records import Pixels

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALF = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def side_of(config: Any) -> int:
    """The side of the square that a network reads, in pixels."""
    backbone = getattr(config.vision_config, "backbone_config", None)
    side = getattr(backbone, "image_size", None) or config.vision_config.image_size
    return int(side if isinstance(side, int) else side[0])


def squares(pictures: Sequence[Pixels], side: int, scale: tuple[Any, Any], device: str, dtype: Any) -> Any:
    """float (N, 3, side, side): squashed with antialiasing, normalised."""
    import torch

    mean, deviation = (torch.tensor(values, device=device).view(1, 3, 1, 1) for values in scale)
    rows = []
    for picture in pictures:
        pixels = torch.from_numpy(np.ascontiguousarray(picture)).to(device).permute(2, 0, 1)[None].float()
        small = torch.nn.functional.interpolate(pixels, (side, side), mode="bilinear", antialias=True)
        rows.append(small.round().clamp(0, 255) / 255)
    return ((torch.cat(rows) - mean) / deviation).to(dtype)


def sam3_inputs(pictures: Sequence[Pixels], config: Any, device: str, dtype: Any) -> Any:
    """SAM 3's pixel_values."""
    return squares(pictures, side_of(config), HALF, device, dtype)
