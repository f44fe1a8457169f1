"""Edges as people draw them: HED (Xie and Tu 2015), trained on BSDS500, in torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from anyedit.engines.small.carriers import short_hash
from anyedit.engines.small.vgg import FILE, PACKAGE, as_input, trunk, variables
from anyedit.records import Pixels


@dataclass(frozen=True)
class Hed:
    """See roles.EdgeFinder. longest: larger pictures are scaled down to it and the edges up again."""

    longest: int = 512

    @property
    def version(self) -> str:
        """Name and version."""
        return f"HED {short_hash(PACKAGE, FILE)}"

    def edges(self, pictures: Sequence[Pixels]) -> list[Pixels]:
        """See roles.EdgeFinder."""
        return [self._one(picture) for picture in pictures]

    def _one(self, picture: Pixels) -> Pixels:
        import torch
        from torch.nn import functional

        height, width = picture.shape[:2]
        factor = min(1.0, self.longest / max(height, width))
        small = picture
        if factor < 1:
            small = np.asarray(
                cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
            )
        known = variables()
        with torch.inference_mode():
            sides = []
            for number, block in enumerate(trunk(as_input(small)), 1):
                side = functional.conv2d(block, *known[f"dsn{number}"])
                sides.append(
                    functional.interpolate(side, small.shape[:2], mode="bilinear", align_corners=False)
                )
            fused = torch.sigmoid(functional.conv2d(torch.cat(sides, 1), *known["fuse"]))[0, 0].numpy()
        full = cv2.resize(fused, (width, height), interpolation=cv2.INTER_LINEAR) if factor < 1 else fused
        return np.asarray(np.clip(full, 0, 1) * 255 + 0.5, np.uint8)
