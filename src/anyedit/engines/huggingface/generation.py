"""Text to image, by whatever diffusers' AutoPipelineForText2Image opens: SD, SDXL, SD3, FLUX, Qwen-Image..."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from anyedit.engines.huggingface.diffusion import Diffusion, scaled
from anyedit.engines.roles import Or, Scene
from anyedit.errors import EngineError
from anyedit.records import Pixels


@dataclass(frozen=True)
class TextToImage(Diffusion):
    """Role generate."""

    def _load(self) -> Any:
        from diffusers import AutoPipelineForText2Image, DiffusionPipeline

        return self.open(DiffusionPipeline if self.custom_pipeline else AutoPipelineForText2Image)

    def generate(self, scenes: Sequence[Scene]) -> list[Or[Pixels]]:
        """See roles.PictureMaker."""
        self._network_checked("prompt")
        sizes = [self.fitting(scene.size) for scene in scenes]
        done: dict[int, Or[Pixels]] = {}
        for size in dict.fromkeys(sizes):
            group = [index for index, own in enumerate(sizes) if own == size]
            made = self.in_batches(partial(self._some, size=size), [scenes[index] for index in group])
            done |= dict(zip(group, made, strict=True))
        return [done[index] for index in range(len(scenes))]

    def _some(self, scenes: Sequence[Scene], size: tuple[int, int]) -> list[Or[Pixels]]:
        made = self.call(
            [scene.seed for scene in scenes],
            size,
            prompt=[scene.caption for scene in scenes],
            negative_prompt=[scene.avoid for scene in scenes]
            if any(scene.avoid for scene in scenes)
            else None,
        )
        return [
            picture if isinstance(picture, EngineError) else scaled(picture, scene.size)
            for picture, scene in zip(made, scenes, strict=True)
        ]
