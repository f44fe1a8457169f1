"""The frozen networks of a training: pictures to latents, sentences to text features, visual prompts to CLIP states.

They are run by the editor's own pipeline, so that training and inference prepare everything alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import nn

from anyedit.models.pipeline import AnySDPipeline
from anyedit.training.pictures import Pixels


class FrozenEncoders:
    """The autoencoder's and encoders' outputs, float32 on the device where the pipeline is, without gradients."""

    def __init__(self, pipeline: AnySDPipeline) -> None:
        self.pipeline = pipeline
        for part in (pipeline.vae, pipeline.text_encoder, pipeline.image_encoder):
            if part is not None:
                part.requires_grad_(False).eval()

    @property
    def device(self) -> torch.device:
        """Where they run."""
        return self.pipeline.vae.device  # type: ignore[no-any-return]

    @torch.no_grad()
    def latents(self, pictures: Sequence[Pixels]) -> torch.Tensor:
        """uint8 (H, W, 3) each -> (B, 8, h, w): mean and standard deviation of the posterior, not scaled."""
        vae = self.pipeline.vae
        pixels = torch.from_numpy(np.stack(pictures)).to(vae.device).permute(0, 3, 1, 2)
        posterior = vae.encode(pixels.to(vae.dtype) / 127.5 - 1.0).latent_dist
        return torch.cat([posterior.mode(), posterior.std], dim=1).float()

    @torch.no_grad()
    def text(self, sentences: Sequence[str]) -> torch.Tensor:
        """(B, L + 1, width): the last hidden states of L tokens, and in the last row the pooled features."""
        states, pooled, _ = self.pipeline.encode_text(list(sentences), self.device)
        return torch.cat([states, pooled[:, None]], dim=1).float()

    @torch.no_grad()
    def visual(self, prompts: Sequence[Pixels]) -> torch.Tensor:
        """uint8 (H, W, 3) of any size each -> CLIP's penultimate states (V, L, image width)."""
        return self.pipeline.encode_visual_prompts(
            [Image.fromarray(np.ascontiguousarray(p)) for p in prompts]
        )[1:].float()

    @torch.no_grad()
    def null_visual(self) -> torch.Tensor:
        """(1, L, image width): the states of no visual prompt."""
        return self.pipeline.encode_visual_prompts([]).float()

    def fingerprint(self, part: str) -> str:
        """12 hex digits of a part's config and weights: what its outputs depend on."""
        module: nn.Module = getattr(self.pipeline, part)
        told = hashlib.blake2b(
            repr(sorted(module.config.to_dict().items())).encode()
            if hasattr(module.config, "to_dict")
            else repr(sorted(module.config.items())).encode(),
            digest_size=6,
        )
        for name, value in sorted(module.state_dict().items()):
            told.update(name.encode())
            told.update(value.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
        if part == "text_encoder":
            tokenizer = self.pipeline.tokenizer
            told.update(repr((sorted(tokenizer.get_vocab().items()), tokenizer.model_max_length)).encode())
        return told.hexdigest()
