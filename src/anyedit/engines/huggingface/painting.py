"""Inpainting: to a caption, with a ControlNet if asked; without words; after a reference picture (IP-Adapter)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import cv2
import numpy as np
from PIL import Image

from anyedit.engines.huggingface.depth import DepthEstimator
from anyedit.engines.huggingface.diffusion import Diffusion, kept_outside, scaled, scaled_mask
from anyedit.engines.roles import Mask, Or, Painting, Referring
from anyedit.errors import EngineDown, EngineError
from anyedit.records import Pixels


@dataclass(frozen=True)
class DiffusionPainter(Diffusion):
    """Role paint: whatever AutoPipelineForInpainting opens.

    controlnet: a checkpoint that holds the form while the surface changes; control: what it looks at: "depth" (by
    the network that depth_model names) or "canny". control_scale: its weight (0.9 in the publication).
    """

    controlnet: str | None = None
    control: Literal["depth", "canny"] = "depth"
    control_scale: float = 0.9
    depth_model: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.controlnet and self.control == "depth" and not self.depth_model:
            raise EngineDown(
                "engines: a depth ControlNet needs 'depth_model', the network that finds the depth"
            )

    def _load(self) -> Any:
        from diffusers import AutoPipelineForInpainting, ControlNetModel, DiffusionPipeline

        parts = {}
        if self.controlnet:
            parts["controlnet"] = ControlNetModel.from_pretrained(
                self.controlnet, dtype=self.placement[1], use_safetensors=True
            )
        return self.open(DiffusionPipeline if self.custom_pipeline else AutoPipelineForInpainting, **parts)

    @cached_property
    def _depths(self) -> DepthEstimator:
        return DepthEstimator(self.depth_model or "", None, self.device, self.dtype, self.batch, self.offload)

    def paint(self, jobs: Sequence[Painting]) -> list[Or[Pixels]]:
        """See roles.Painter."""
        self._network_checked("prompt", "image", "mask_image")
        done: dict[int, Or[Pixels]] = {}
        for group in self._alike(jobs):
            made = self.in_batches(self._some, [jobs[index] for index in group])
            done |= dict(zip(group, made, strict=True))
        return [done[index] for index in range(len(jobs))]

    def _alike(self, jobs: Sequence[Painting]) -> list[list[int]]:
        """Jobs of one size and strength, which may share a batch."""
        groups: dict[Any, list[int]] = {}
        for index, job in enumerate(jobs):
            groups.setdefault((job.picture.shape, job.strength), []).append(index)
        return list(groups.values())

    def _some(self, jobs: Sequence[Painting]) -> list[Or[Pixels]]:
        height, width = jobs[0].picture.shape[:2]
        size = self.fitting((width, height))
        pictures = [scaled(job.picture, size) for job in jobs]
        control = self._control(pictures) if self.controlnet else None
        made = self.call(
            [job.seed for job in jobs],
            size,
            prompt=[job.caption for job in jobs],
            negative_prompt=[job.avoid for job in jobs] if any(job.avoid for job in jobs) else None,
            image=[Image.fromarray(picture) for picture in pictures],
            mask_image=[Image.fromarray(scaled_mask(job.mask, size)) for job in jobs],
            strength=jobs[0].strength,
            control_image=control,
            controlnet_conditioning_scale=self.control_scale if self.controlnet else None,
        )
        return _pasted(made, jobs)

    def _control(self, pictures: Sequence[Pixels]) -> list[Any]:
        if self.control == "canny":
            found = [cv2.Canny(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), 100, 200) for p in pictures]
        else:
            found = [np.asarray(depth * 255 + 0.5, np.uint8) for depth in self._depths.depth(pictures)]
        return [Image.fromarray(np.repeat(np.asarray(plane)[..., None], 3, -1)) for plane in found]


@dataclass(frozen=True)
class DiffusionFill(DiffusionPainter):
    """Role inpaint: a painter that is told to show nothing but the place (the publication's second candidate)."""

    caption: str = "empty background, nothing there"
    avoid: str = "object, person, animal, text"
    seed: int = 0

    def fill(self, picture: Pixels, hole: Mask, avoid: Mask | None = None) -> Pixels:
        """See roles.Inpainter. `avoid` means nothing to a network that copies from nowhere."""
        if not hole.any():
            return picture
        (made,) = self.paint([Painting(picture, hole, self.caption, self.seed, avoid=self.avoid)])
        if isinstance(made, EngineError):
            raise made
        return made


@dataclass(frozen=True)
class ReferencePainting(DiffusionPainter):
    """Role paint_like: inpainting with an IP-Adapter, and a ControlNet if asked.

    adapter: repository or folder of the adapter; adapter_folder and adapter_file: where in it the weights are;
    encoder_folder: where its image encoder is. One job at a time: diffusers takes many references as many for one.
    """

    adapter: str = ""
    adapter_folder: str = "models"
    adapter_file: str = "ip-adapter_sd15.safetensors"
    encoder_folder: str = "image_encoder"

    def _load(self) -> Any:
        if not self.adapter:
            raise EngineDown("engines: paint_like needs 'adapter', the IP-Adapter's repository or folder")
        pipeline = DiffusionPainter._load(self)
        pipeline.load_ip_adapter(
            self.adapter,
            subfolder=self.adapter_folder,
            weight_name=self.adapter_file,
            image_encoder_folder=self.encoder_folder,
        )
        return pipeline

    def paint_like(self, jobs: Sequence[Referring]) -> list[Or[Pixels]]:
        """See roles.ReferencePainter."""
        self._network_checked("prompt", "image", "mask_image", "ip_adapter_image")
        return [self.in_batches(self._one, [job])[0] for job in jobs]

    def _one(self, jobs: Sequence[Referring]) -> list[Or[Pixels]]:
        (job,) = jobs
        size = self.fitting((job.picture.shape[1], job.picture.shape[0]))
        picture = scaled(job.picture, size)
        with self.running() as pipeline:
            pipeline.set_ip_adapter_scale(job.scale)
        made = self.call(
            [job.seed],
            size,
            prompt=[job.caption],
            image=[Image.fromarray(picture)],
            mask_image=[Image.fromarray(scaled_mask(job.mask, size))],
            strength=1.0,
            ip_adapter_image=Image.fromarray(job.reference),
            control_image=self._control([picture]) if self.controlnet else None,
            controlnet_conditioning_scale=self.control_scale if self.controlnet else None,
        )
        return _pasted(made, jobs)


def _pasted(made: Sequence[Or[Pixels]], jobs: Sequence[Painting | Referring]) -> list[Or[Pixels]]:
    return [
        picture if isinstance(picture, EngineError) else kept_outside(picture, job.picture, job.mask)
        for picture, job in zip(made, jobs, strict=True)
    ]
