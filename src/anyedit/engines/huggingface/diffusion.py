"""What the diffusion engines share: opening a pipeline, saying only what it understands, sizes, seeds, masks kept."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from anyedit.engines.huggingface.network import Network
from anyedit.engines.roles import Mask, Or
from anyedit.errors import EngineDown, EngineError, RecipeError
from anyedit.records import Pixels


@dataclass(frozen=True)
class Diffusion(Network):
    """Settings of a pipeline.

    steps, guidance: None leaves the pipeline's own defaults. variant: of the weight files ("fp16"). custom_pipeline:
    a pipeline class outside diffusers, as DiffusionPipeline.from_pretrained takes it (a folder with its code).
    trust_remote_code: whether code that comes with a model may run here; a custom pipeline needs it. options: further arguments of its call ({max_sequence_length: 256}). longest: the side
    that the pipeline works in, pixels; the result is scaled back (None: the picture's own size).
    """

    batch: int = 4
    steps: int | None = None
    guidance: float | None = None
    variant: str | None = None
    custom_pipeline: str | None = None
    trust_remote_code: bool = False
    longest: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.custom_pipeline and not self.trust_remote_code:
            raise RecipeError(
                f"engines: custom_pipeline '{self.custom_pipeline}' is code that would run on this machine; read it, "
                "and set trust_remote_code: true beside it if you trust it"
            )

    @property
    def library(self) -> str:
        """The package that runs the network."""
        return "diffusers"

    def open(self, cls: Any, **parts: Any) -> Any:
        """A pipeline of this class with its weights, quiet; parts replace its own."""
        more: dict[str, Any] = {"custom_pipeline": self.custom_pipeline} if self.custom_pipeline else {}
        more |= {"trust_remote_code": True} if self.trust_remote_code else {}
        more |= {"variant": self.variant} if self.variant else {}
        pipeline = cls.from_pretrained(
            self.folder, dtype=self.placement[1], use_safetensors=True, **self.where, **more, **parts
        )
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    @cached_property
    def _understood(self) -> frozenset[str]:
        """The arguments that the pipeline's call takes."""
        return frozenset(inspect.signature(self._network.__call__).parameters)

    def _network_checked(self, *needed: str) -> None:
        missing = [name for name in needed if name not in self._understood]
        if missing:
            raise EngineDown(
                f"{self.version}: {type(self._network).__name__} takes no {', '.join(missing)}, so it cannot play "
                "this role; choose another model for it"
            )
        unknown = [name for name in self.options if name not in self._understood]
        if unknown:
            raise EngineDown(
                f"{self.version}: options: {type(self._network).__name__} takes no {', '.join(unknown)}"
            )

    def call(self, seeds: Sequence[int], size: tuple[int, int], **said: Any) -> list[Or[Pixels]]:
        """The pipeline's pictures, RGB, of its own size; arguments that it does not take are left out.

        size: (width, height) as `fitting` gives it. Pictures that the safety checker blacked out are failures.
        """
        import torch

        said |= {
            "num_inference_steps": self.steps,
            "guidance_scale": self.guidance,
            "width": size[0],
            "height": size[1],
            "generator": [torch.Generator("cpu").manual_seed(seed % 2**63) for seed in seeds],
            "output_type": "np",
            **self.options,
        }
        known = {
            name: value for name, value in said.items() if name in self._understood and value is not None
        }
        with self.running() as pipeline:
            made = pipeline(**known)
        blacked = getattr(made, "nsfw_content_detected", None) or [False] * len(seeds)
        return [
            EngineError(f"{self.version}: the model's safety checker held this picture back")
            if bad
            else np.asarray(np.clip(np.nan_to_num(picture) * 255 + 0.5, 0, 255), np.uint8)
            for picture, bad in zip(made.images, blacked, strict=True)
        ]

    def fitting(self, size: tuple[int, int]) -> tuple[int, int]:
        """The nearest (width, height) that the pipeline's latents can hold, within `longest`."""
        step = self._step
        scale = min(1.0, self.longest / max(size)) if self.longest else 1.0
        width, height = (max(step, round(n * scale / step) * step) for n in size)
        return width, height

    @cached_property
    def _step(self) -> int:
        """Pixels of one token: the autoencoder's factor, and two of its latents where a transformer packs them."""
        factor = int(getattr(self._network, "vae_scale_factor", 8))
        return factor if hasattr(self._network, "unet") else 2 * factor


def scaled(picture: Pixels, size: tuple[int, int]) -> Pixels:
    """The picture at (width, height): averaged when smaller, cubic when larger."""
    if (picture.shape[1], picture.shape[0]) == tuple(size):
        return picture
    smaller = size[0] <= picture.shape[1] and size[1] <= picture.shape[0]
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(np.ascontiguousarray(picture), size, interpolation=way), np.uint8)


def scaled_mask(mask: Mask, size: tuple[int, int]) -> Pixels:
    """The mask as gray 0 / 255 at (width, height): every pixel that it touches."""
    shown = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_LINEAR)
    return np.where(shown > 0, 255, 0).astype(np.uint8)


def kept_outside(made: Pixels, picture: Pixels, mask: Mask) -> Pixels:
    """What was made inside the mask, the picture elsewhere to the bit."""
    size = (picture.shape[1], picture.shape[0])
    return np.where(mask[..., None], scaled(made, size), picture).astype(np.uint8)
