"""Masks: from boxes (SAM 2, SAM 3), and of whole pictures (Mask2Former, OneFormer)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from anyedit.engines.huggingface.network import Network, by_size, sure
from anyedit.engines.huggingface.prompted import HALF, IMAGENET, side_of, squares
from anyedit.engines.roles import Box, Mask, Or, Segments
from anyedit.errors import EngineDown, EngineError
from anyedit.records import Pixels

OVERLAP = 0.8  # share of its mask that a part must keep (Mask2Former's own)


@dataclass(frozen=True)
class PromptedSegmenter(Network):
    """Role segment. candidates: of the network's three masks for a box the one it trusts most, else its single one."""

    candidates: bool = False

    @cached_property
    def _kind(self) -> str:
        from transformers import AutoConfig

        return str(self.opened(lambda: AutoConfig.from_pretrained(self.folder, **self.where)).model_type)

    def _load(self) -> Any:
        from transformers import Sam2Model, Sam3TrackerModel

        family = self._kind.partition("_")[0]
        known = {"sam2": Sam2Model, "sam3": Sam3TrackerModel}
        if family not in known:
            raise EngineDown(f"{self.model}: '{self._kind}' is no SAM 2 or SAM 3 checkpoint")
        dtype = self.placement[1]
        network = known[family].from_pretrained(self.folder, dtype=dtype, use_safetensors=True, **self.where)
        return network.eval()

    def segment(self, picture: Pixels, boxes: Sequence[Box]) -> list[Or[Mask]]:
        """See roles.Segmenter. The picture is read once for all its boxes."""
        import torch

        if not boxes:
            return []
        device, dtype = self.placement
        height, width = picture.shape[:2]
        with self.running() as network:
            side = side_of(network.config)
            scale = IMAGENET if self._kind.startswith("sam2") else HALF
            embedded = network.get_image_embeddings(squares([picture], side, scale, device, dtype))

            def some(jobs: Sequence[Box]) -> list[Or[Mask]]:
                prompts = torch.tensor([list(jobs)], device=device, dtype=torch.float32)
                prompts = prompts * torch.tensor([side / width, side / height] * 2, device=device)
                outputs = network(
                    image_embeddings=embedded, input_boxes=prompts.to(dtype), multimask_output=self.candidates
                )
                best = outputs.iou_scores[0].float().argmax(-1)
                low = outputs.pred_masks[0].float()[torch.arange(len(jobs), device=device), best]
                full = torch.nn.functional.interpolate(low[:, None], (height, width), mode="bilinear")[:, 0]
                return [self._mask(mask) for mask in (full > 0).cpu().numpy()]

            return self.in_batches(some, boxes, 8 * self.batch)

    def _mask(self, mask: np.ndarray) -> Or[Mask]:
        return mask if mask.any() else EngineError(f"{self.version}: found nothing in the box")


@dataclass(frozen=True)
class UniversalSegmenter(Network):
    """Role divide. threshold: least score of a part. The labels are those of the checkpoint's own data set."""

    threshold: float = 0.5

    def _load(self) -> Any:
        from transformers import AutoModelForUniversalSegmentation

        dtype = self.placement[1]
        return AutoModelForUniversalSegmentation.from_pretrained(
            self.folder, dtype=dtype, use_safetensors=True, **self.where
        ).eval()

    @cached_property
    def _processor(self) -> Any:
        from transformers import AutoConfig, AutoImageProcessor, AutoProcessor

        kind = self.opened(lambda: AutoConfig.from_pretrained(self.folder, **self.where)).model_type
        cls = AutoProcessor if kind == "oneformer" else AutoImageProcessor
        return self.opened(lambda: cls.from_pretrained(self.folder, **self.where))

    def divide(self, pictures: Sequence[Pixels]) -> list[Segments]:
        """See roles.PanopticSegmenter."""
        done: dict[int, Segments] = {}
        for group in by_size(pictures):
            parts = sure(self.in_batches(self._divide, [pictures[index] for index in group]))
            done |= dict(zip(group, parts, strict=True))
        return [done[index] for index in range(len(pictures))]

    def _divide(self, pictures: Sequence[Pixels]) -> list[Segments]:
        device, dtype = self.placement
        with self.running() as network:
            task = (
                {"task_inputs": ["panoptic"] * len(pictures)}
                if network.config.model_type == "oneformer"
                else {}
            )
            inputs = self._processor(images=list(pictures), return_tensors="pt", **task).to(device)
            inputs["pixel_values"] = inputs["pixel_values"].to(dtype)
            outputs = network(**inputs)
            names = network.config.id2label
        parts = zip(outputs_of(outputs), pictures, strict=True)
        return [panoptic(*logits, picture.shape[:2], names, self.threshold) for logits, picture in parts]


def outputs_of(outputs: Any) -> list[tuple[Any, Any]]:
    """Class and mask logits of each picture, of Mask2Former's or OneFormer's output."""
    return list(zip(outputs.class_queries_logits.float(), outputs.masks_queries_logits.float(), strict=True))


def panoptic(
    classes: Any, masks: Any, size: tuple[int, int], names: Mapping[int, str], threshold: float
) -> Segments:
    """Parts of a picture from its queries. classes: (Q, C + 1) logits, the last for nothing; masks: (Q, h, w) logits.

    Each pixel goes to the query of the largest score times mask probability; a query that keeps less than
    `OVERLAP` of its own mask is hidden by others and dropped. Parts are numbered by score. Source: Cheng et al.
    2022 (Mask2Former), as MaskFormer has it. Made here: OneFormer's own needs torchvision in this transformers.
    """
    import torch

    scores, labels = classes.softmax(-1).max(-1)
    kept = [int(k) for k in scores.argsort(descending=True) if labels[k] < classes.shape[-1] - 1]
    kept = [k for k in kept if scores[k] > threshold]
    result = np.zeros(size, np.int32)
    if not kept:
        return Segments(result)
    full = torch.nn.functional.interpolate(masks[kept][None], size, mode="bilinear", align_corners=False)[0]
    share = full.sigmoid()
    owner = (share * scores[kept][:, None, None]).argmax(0)
    said = []
    for index, query in enumerate(kept):
        own = share[index] >= 0.5
        here = (owner == index) & own
        if int(here.sum()) and float(here.sum()) >= OVERLAP * float(own.sum()):
            said.append(str(names[int(labels[query])]))
            result[here.cpu().numpy()] = len(said)
    return Segments(result, tuple(said))
