"""Instruction editors: every pipeline of diffusers, or of a custom one, that takes a picture and a prompt.

InstructPix2Pix, FLUX.1 Kontext, Qwen-Image-Edit (Plus), FLUX.2, UltraEdit's SD3 (custom_pipeline) and others are
told apart by the arguments of their call, not by name, so that the next one works too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from anyedit.engines.huggingface.diffusion import Diffusion, kept_outside, scaled, scaled_mask
from anyedit.engines.roles import Instructed, Or
from anyedit.errors import EngineError
from anyedit.records import Pixels

MASKS = ("mask_image", "mask_img")  # how pipelines call a mask; the second is UltraEdit's


@dataclass(frozen=True)
class DiffusionEditor(Diffusion):
    """Role follow. image_guidance: weight of the source picture, for the pipelines that have one (1.5 as published).

    keep_outside: where a job has a mask, what is outside it is put back to the bit. batch: 1, since most of the
    large editors take one picture a call (InstructPix2Pix takes more).
    """

    image_guidance: float | None = None
    keep_outside: bool = True
    batch: int = 1

    def _load(self) -> Any:
        from diffusers import DiffusionPipeline

        return self.open(DiffusionPipeline)

    @property
    def keeps_outside(self) -> bool:
        """Whether what is outside a mask stays to the bit."""
        return self.keep_outside

    def follow(self, jobs: Sequence[Instructed]) -> list[Or[Pixels]]:
        """See roles.InstructionEditor."""
        self._network_checked("prompt", "image")
        done: dict[int, Or[Pixels]] = {}
        groups: dict[Any, list[int]] = {}
        for index, job in enumerate(jobs):
            groups.setdefault((job.picture.shape, job.mask is None), []).append(index)
        for group in groups.values():
            made = self.in_batches(self._some, [jobs[index] for index in group], self._together)
            done |= dict(zip(group, made, strict=True))
        return [done[index] for index in range(len(jobs))]

    @property
    def _together(self) -> int:
        """Pictures a call: transformers (FLUX.2, Qwen) take a list for several references of one edit."""
        return self.batch if hasattr(self._network, "unet") else 1

    def _some(self, jobs: Sequence[Instructed]) -> list[Or[Pixels]]:
        height, width = jobs[0].picture.shape[:2]
        size = self.fitting((width, height))
        pictures = [Image.fromarray(scaled(job.picture, size)) for job in jobs]
        avoid = [job.avoid for job in jobs]
        masks = [_mask(job, size) for job in jobs]
        own = size[0] * size[1] if self.longest else None
        made = self.call(
            [job.seed for job in jobs],
            size,
            prompt=[job.instruction for job in jobs] if len(jobs) > 1 else jobs[0].instruction,
            negative_prompt=(avoid if len(jobs) > 1 else avoid[0]) if any(avoid) else None,
            image=pictures if len(jobs) > 1 else pictures[0],
            image_guidance_scale=self.image_guidance,
            max_area=own,  # Kontext works in a million pixels unless told otherwise
            _auto_resize=False if own else None,
            **{name: masks if len(jobs) > 1 else masks[0] for name in MASKS},
        )
        return [self._back(picture, job) for picture, job in zip(made, jobs, strict=True)]

    def _back(self, made: Or[Pixels], job: Instructed) -> Or[Pixels]:
        if isinstance(made, EngineError):
            return made
        if job.mask is not None and self.keep_outside:
            return kept_outside(made, job.picture, job.mask)
        return scaled(made, (job.picture.shape[1], job.picture.shape[0]))


def _mask(job: Instructed, size: tuple[int, int]) -> Any:
    """The mask as the pipelines want it; without one, everything may change."""
    mask = np.ones(job.picture.shape[:2], bool) if job.mask is None else job.mask
    return Image.fromarray(scaled_mask(mask, size))
