"""Style transfer by optimisation (Gatys et al. 2016) on the VGG16 trunk.

content: block 4; style: Gram matrices of all five blocks; total variation keeps it calm; Adam from the picture
itself. Minutes at 512 pixels on one core, so the work is done at `longest` pixels and the colour detail of the full
picture is joined by a guided filter's complement (fine luminance of the original stays out: it is not the style's).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from anyedit.engines.small.carriers import short_hash
from anyedit.engines.small.vgg import FILE, MEAN_BGR, PACKAGE, as_input, trunk
from anyedit.records import Pixels


@dataclass(frozen=True)
class Gatys:
    """See roles.Stylist. rounds: of Adam. style_weight: of the Gram matrices. longest: pixels worked at."""

    rounds: int = 60
    style_weight: float = 2e3
    longest: int = 256

    @property
    def version(self) -> str:
        """Name and version."""
        return f"Gatys on VGG16 {short_hash(PACKAGE, FILE)}"

    def stylise(self, picture: Pixels, style: Pixels, seed: int = 0) -> Pixels:
        """See roles.Stylist."""
        import torch

        height, width = picture.shape[:2]
        start = as_input(self._small(picture))
        with torch.no_grad():
            content = trunk(start, 4)[3]
            grams = [_gram(block) for block in trunk(as_input(self._small(style)))]
        x = start.clone().requires_grad_(True)
        steps = torch.optim.Adam([x], lr=4.0)
        for _ in range(self.rounds):
            steps.zero_grad()
            blocks = trunk(x)
            loss = ((blocks[3] - content) ** 2).mean() / (content**2).mean()
            for block, gram in zip(blocks, grams, strict=True):
                loss = loss + self.style_weight / 1e3 * ((_gram(block) - gram) ** 2).sum() / (gram**2).sum()
            calm = (x[..., 1:, :] - x[..., :-1, :]).abs().mean() + (x[..., 1:] - x[..., :-1]).abs().mean()
            (loss + 2e-3 * calm).backward()
            steps.step()
        made = x.detach()[0].numpy().transpose(1, 2, 0) + np.array(MEAN_BGR, np.float32)
        small = np.clip(made[..., ::-1] + 0.5, 0, 255).astype(np.uint8)
        return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)

    def _small(self, picture: Pixels) -> Pixels:
        factor = min(1.0, self.longest / max(picture.shape[:2]))
        size = [max(16, round(side * factor)) for side in picture.shape[1::-1]]
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _gram(block: Any) -> Any:
    flat = block[0].flatten(1)
    return flat @ flat.T / flat.shape[1]
