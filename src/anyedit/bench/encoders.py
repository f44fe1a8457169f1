"""The models that features come from, as explicit data: id, family, and the exact preprocessing.

The networks are transformers' own classes (CLIPModel, ViT, DINOv2, DINOv3); what is ours is the preprocessing
written out, so that it does not change with a library's version, and the record of which weights were used.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.first_token import read_first_token_only
from anyedit.bench.items import BenchError
from anyedit.errors import require_extra

Family = Literal["clip", "cls", "small"]
Floats = npt.NDArray[np.float32]
FILTERS = {
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
}
CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Model:
    """A network that turns pictures (and texts, in the CLIP family) into vectors.

    id: hub id or folder. label: as tables show it. family: `clip` (projected features), `cls` (last hidden state
    of the class token), `small` (a feature of a package, by name). resize: shorter side in pixels; crop: centre.
    """

    id: str
    label: str
    family: Family
    resize: int = 224
    crop: int = 224
    resample: str = "bicubic"
    mean: tuple[float, float, float] = CLIP_MEAN
    std: tuple[float, float, float] = CLIP_STD

    def at(self, place: str) -> Model:
        """The same protocol with weights from another place; the label says so unless it is the same model's."""
        return replace(self, id=place)


CLIP_B32 = Model("openai/clip-vit-base-patch32", "CLIP ViT-B/32", "clip")
CLIP_L14 = Model("openai/clip-vit-large-patch14", "CLIP ViT-L/14", "clip")
DINO_S16 = Model(
    "facebook/dino-vits16", "DINO ViT-S/16", "cls", 256, 224, "bicubic", IMAGENET_MEAN, IMAGENET_STD
)
DINO_B16 = Model(
    "facebook/dino-vitb16", "DINO ViT-B/16", "cls", 256, 224, "bicubic", IMAGENET_MEAN, IMAGENET_STD
)
DINO_V2 = Model(
    "facebook/dinov2-base", "DINOv2 ViT-B/14", "cls", 256, 224, "bicubic", IMAGENET_MEAN, IMAGENET_STD
)
DINO_V3 = Model(
    "facebook/dinov3-vitb16-pretrain-lvd1689m",
    "DINOv3 ViT-B/16",
    "cls",
    256,
    224,
    "bicubic",
    IMAGENET_MEAN,
    IMAGENET_STD,
)

SHAPES = {  # label -> hidden size, patch size of the picture tower
    CLIP_B32.label: (768, 32),
    CLIP_L14.label: (1024, 14),
    DINO_S16.label: (384, 16),
    DINO_B16.label: (768, 16),
    DINO_V2.label: (768, 14),
    DINO_V3.label: (768, 16),
}


def prepared(image: Image.Image, model: Model) -> Floats:
    """float32 (3, crop, crop): shorter side to `resize`, centre crop, [0, 1], normalised.

    Sizes round as torchvision's Resize and CenterCrop do, which the published scripts use.
    """
    width, height = image.size
    short, long = min(width, height), max(width, height)
    other = int(model.resize * long / short)
    size = (model.resize, other) if width <= height else (other, model.resize)
    if size != image.size:
        image = image.resize(size, FILTERS[model.resample])
    left, top = round((image.width - model.crop) / 2), round((image.height - model.crop) / 2)
    image = image.crop((left, top, left + model.crop, top + model.crop))
    pixels: Floats = np.asarray(image, np.float32) / np.float32(255)
    mean: Floats = np.asarray(model.mean, np.float32)
    std: Floats = np.asarray(model.std, np.float32)
    normal: Floats = (pixels - mean) / std
    return np.ascontiguousarray(normal.transpose(2, 0, 1))


class Encoder:
    """A model opened for use; weights load when the first feature is asked for."""

    def __init__(self, model: Model, device: str = "cpu") -> None:
        self.model, self.device = model, device

    @cached_property
    def network(self) -> Any:
        """The transformers model, in evaluation mode, float32."""
        with require_extra("bench", self.model.label):
            import transformers
        quiet_loading("transformers")
        kind = transformers.CLIPModel if self.model.family == "clip" else transformers.AutoModel
        try:
            network = kind.from_pretrained(self.model.id, use_safetensors=True).eval().to(self.device)
        except (OSError, ValueError) as error:
            raise BenchError(
                f"the weights of {self.model.label} ({self.model.id}) are not here ({str(error).splitlines()[0][:160]}); "
                f"fetch them and name the folder with --weights '{self.model.id}=FOLDER', or score with --metrics small"
            ) from error
        read_first_token_only(network)
        return network

    @cached_property
    def tokenizer(self) -> Any:
        """The CLIP tokenizer of the same place."""
        import transformers

        try:
            return transformers.AutoTokenizer.from_pretrained(self.model.id)
        except (OSError, ValueError) as error:
            raise BenchError(
                f"{self.model.id} has no tokenizer ({str(error).splitlines()[0][:160]})"
            ) from error

    @cached_property
    def weights(self) -> str:
        """What the weights are: SHA-256 of a folder's safetensors, or the hub's revision."""
        folder = Path(self.model.id)
        if folder.is_dir():
            return weights_hash(folder)
        return f"hub:{getattr(self.network.config, '_commit_hash', None) or 'unknown revision'}"

    @cached_property
    def genuine(self) -> bool:
        """Whether the weights have the shape of the model that is named (a folder may hold any other)."""
        folder = Path(self.model.id)
        expected = SHAPES.get(self.model.label)
        if expected is None or not (folder / "config.json").is_file():
            return True
        told = json.loads((folder / "config.json").read_text())
        vision = told.get("vision_config", told)
        return (vision.get("hidden_size"), vision.get("patch_size")) == expected

    def images(self, batch: npt.NDArray[np.float32]) -> Floats:
        """float32 (B, 3, crop, crop) -> float32 (B, D)."""
        import torch

        pixels = torch.from_numpy(batch).to(self.device)
        with torch.inference_mode():
            if self.model.family == "clip":
                vision = self.network.vision_model(pixel_values=pixels)
                features = self.network.visual_projection(vision.pooler_output)
            else:
                features = self.network(pixel_values=pixels).last_hidden_state[:, 0]
        return np.asarray(features.float().cpu().numpy(), np.float32)

    def texts(self, batch: Sequence[str]) -> Floats:
        """Texts -> float32 (B, D); longer ones are cut to the model's length."""
        import torch

        if self.model.family != "clip":
            raise BenchError(f"{self.model.label} reads no text")
        # what follows the end token is masked (attention is causal), so padding to the longest of the batch is enough
        limit = self.network.config.text_config.max_position_embeddings
        tokens = self.tokenizer(
            list(batch), padding="longest", max_length=limit, truncation=True, return_tensors="pt"
        )
        with torch.inference_mode():
            text = self.network.text_model(input_ids=tokens.input_ids.to(self.device))
            features = self.network.text_projection(text.pooler_output)
        return np.asarray(features.float().cpu().numpy(), np.float32)


def quiet_loading(*libraries: str) -> None:
    """No progress bar for every file of weights that transformers or diffusers reads."""
    import importlib

    for name in libraries:
        importlib.import_module(f"{name}.utils.logging").disable_progress_bar()


_HASHED: dict[tuple[str, int, int], str] = {}


def weights_hash(folder: Path) -> str:
    """SHA-256 over the names and contents of a folder's weights and configuration.

    The hash of a file is kept beside the process by path, size and time, so asking twice costs nothing.
    """
    whole = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.suffix in (".safetensors", ".json", ".txt")):
        facts = os.stat(file)
        known = (str(file.resolve()), facts.st_size, facts.st_mtime_ns)
        if known not in _HASHED:
            with file.open("rb") as handle:
                _HASHED[known] = hashlib.file_digest(handle, "sha256").hexdigest()
        whole.update(f"{file.relative_to(folder)}={_HASHED[known]}\n".encode())
    return whole.hexdigest()[:16]
