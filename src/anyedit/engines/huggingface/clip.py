"""Features and scores: CLIP (and SigLIP) for pictures and words, DINO for pictures, LAION's aesthetic head on CLIP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from anyedit.engines.huggingface.network import Network, sure
from anyedit.engines.roles import Floats
from anyedit.errors import EngineDown
from anyedit.records import Pixels


@dataclass(frozen=True)
class ImageFeatures(Network):
    """Role features: CLIP's image side where the checkpoint has one, else the network's CLS token (DINO, DINOv2)."""

    batch: int = 32

    def _load(self) -> Any:
        from transformers import AutoModel

        dtype = self.placement[1]
        return AutoModel.from_pretrained(self.folder, dtype=dtype, use_safetensors=True, **self.where).eval()

    @cached_property
    def _images(self) -> Any:
        from transformers import AutoImageProcessor

        return self.opened(lambda: AutoImageProcessor.from_pretrained(self.folder, **self.where))

    def features(self, pictures: Sequence[Pixels]) -> Floats:
        """See roles.FeatureFinder."""
        rows = sure(self.in_batches(self._features, pictures))
        return np.asarray(rows, np.float32) if rows else np.zeros((0, 0), np.float32)

    def _features(self, pictures: Sequence[Pixels]) -> list[Floats]:
        device, dtype = self.placement
        pixels = self._images(images=list(pictures), return_tensors="pt")["pixel_values"].to(device, dtype)
        with self.running() as network:
            if hasattr(network, "get_image_features"):
                rows = pooled(network.get_image_features(pixel_values=pixels))
            else:
                rows = network(pixel_values=pixels).last_hidden_state[:, 0]
        return list(unit(rows))


@dataclass(frozen=True)
class Clip(ImageFeatures):
    """Roles image_text, sentences and features."""

    @cached_property
    def _words(self) -> Any:
        from transformers import AutoTokenizer

        return self.opened(lambda: AutoTokenizer.from_pretrained(self.folder, **self.where))

    def sentences(self, texts: Sequence[str]) -> Floats:
        """See roles.SentenceFinder. Longer texts than the network reads are cut."""
        rows = sure(self.in_batches(self._sentences, texts))
        return np.asarray(rows, np.float32) if rows else np.zeros((0, 0), np.float32)

    def _sentences(self, texts: Sequence[str]) -> list[Floats]:
        device, _ = self.placement
        with self.running() as network:
            longest = network.config.text_config.max_position_embeddings
            words = self._words(
                list(texts), padding="max_length", truncation=True, max_length=longest, return_tensors="pt"
            ).to(device)
            rows = pooled(network.get_text_features(**words))
        return list(unit(rows))

    def image_text(self, pictures: Sequence[Pixels], texts: Sequence[str]) -> Floats:
        """See roles.ImageTextScorer: the cosine (CLIP's logit over its scale of 100)."""
        return np.asarray((self.features(pictures) * self.sentences(texts)).sum(-1), np.float32)


@dataclass(frozen=True)
class Aesthetics(ImageFeatures):
    """Role aesthetic: LAION's improved predictor, a perceptron on the unit features of CLIP ViT-L/14.

    head: file of the perceptron's weights, .safetensors, or the published .pth (read with weights_only); or
    "owner/name:file" of a repository on the Hub that holds it.
    Source: christophschuhmann/improved-aesthetic-predictor (layers 768-1024-128-64-16-1, dropout between them).
    """

    head: str = ""

    @cached_property
    def _head(self) -> Path:
        path, (repository, _, file) = Path(self.head), self.head.partition(":")
        if path.is_file():
            return path
        if not file or repository.count("/") != 1:
            raise EngineDown(
                f"aesthetic: 'head' names the predictor's weights; there is no file '{self.head}'"
            )
        from huggingface_hub import hf_hub_download

        return Path(self.opened(lambda: hf_hub_download(repository, file)))

    @cached_property
    def _layers(self) -> list[tuple[Any, Any]]:
        import torch

        path = self._head
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            weights = load_file(path)
        else:
            weights = torch.load(path, map_location="cpu", weights_only=True)
        names = sorted((n for n in weights if n.endswith("weight")), key=lambda n: int(n.split(".")[-2]))
        return [(weights[n].float(), weights[n.removesuffix("weight") + "bias"].float()) for n in names]

    def aesthetic(self, pictures: Sequence[Pixels]) -> Floats:
        """See roles.AestheticScorer."""
        import torch

        rows = torch.from_numpy(self.features(pictures))
        for weight, bias in self._layers:  # no activation between them, as published
            rows = rows @ weight.T + bias
        return np.asarray(rows[:, 0].numpy(), np.float32)


def pooled(output: Any) -> Any:
    """The features of a CLIP side: transformers gives them bare or inside an output, by version."""
    return output if not hasattr(output, "pooler_output") else output.pooler_output


def unit(rows: Any) -> Floats:
    """Rows of length 1."""
    values = rows.float()
    return np.asarray((values / values.norm(dim=-1, keepdim=True).clamp_min(1e-12)).cpu().numpy(), np.float32)
