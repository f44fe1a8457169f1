"""Depth of a single picture: DepthAnything, and other networks of transformers' depth interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from anyedit.engines.huggingface.network import Network, by_size, sure
from anyedit.engines.roles import Floats
from anyedit.records import Pixels


@dataclass(frozen=True)
class DepthEstimator(Network):
    """Role depth. distance: whether the network says how far (ZoeDepth, metric DepthAnything) and not how near;
    None: as its configuration has it."""

    distance: bool | None = None

    def _load(self) -> Any:
        from transformers import AutoModelForDepthEstimation

        dtype = self.placement[1]
        return AutoModelForDepthEstimation.from_pretrained(
            self.folder, dtype=dtype, use_safetensors=True, **self.where
        ).eval()

    @cached_property
    def _processor(self) -> Any:
        from transformers import AutoImageProcessor

        return self.opened(lambda: AutoImageProcessor.from_pretrained(self.folder, **self.where))

    def depth(self, pictures: Sequence[Pixels]) -> list[Floats]:
        """See roles.DepthFinder."""
        done: dict[int, Floats] = {}
        for group in by_size(pictures):
            maps = sure(self.in_batches(self._depth, [pictures[index] for index in group]))
            done |= dict(zip(group, maps, strict=True))
        return [done[index] for index in range(len(pictures))]

    def _depth(self, pictures: Sequence[Pixels]) -> list[Floats]:
        device, dtype = self.placement
        inputs = self._processor(images=list(pictures), return_tensors="pt").to(device)
        inputs["pixel_values"] = inputs["pixel_values"].to(dtype)
        with self.running() as network:
            outputs = network(**inputs)
            metric = getattr(network.config, "depth_estimation_type", "relative") == "metric"
        far = metric if self.distance is None else self.distance
        sizes = [picture.shape[:2] for picture in pictures]
        results = self._processor.post_process_depth_estimation(outputs, target_sizes=sizes)
        return [nearness(result["predicted_depth"].float().cpu().numpy(), far) for result in results]


def nearness(depth: Floats, far: bool) -> Floats:
    """Scaled to [0, 1], 1 the nearest; a flat map is 0 everywhere."""
    near = -depth if far else depth
    low, high = float(near.min()), float(near.max())
    return np.asarray((near - low) / max(high - low, 1e-12), np.float32)
