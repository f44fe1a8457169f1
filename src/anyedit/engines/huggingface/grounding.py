"""Finding things by name: GroundingDINO, OWLv2 and others of their interface, and SAM 3's concepts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anyedit.engines.huggingface.network import Network, sure
from anyedit.engines.huggingface.prompted import sam3_inputs
from anyedit.engines.roles import Found
from anyedit.records import Pixels


@dataclass(frozen=True)
class ZeroShotDetector(Network):
    """Role ground. threshold, text_threshold: of GroundingDINO as published (0.25 both); OWLv2 and SAM 3 use the first.

    most: the best so many things of a picture are kept.
    """

    threshold: float = 0.25
    text_threshold: float = 0.25
    most: int = 50

    @property
    def names(self) -> None:
        """Any words."""
        return None

    @cached_property
    def _kind(self) -> str:
        from transformers import AutoConfig

        return str(self.opened(lambda: AutoConfig.from_pretrained(self.folder, **self.where)).model_type)

    @property
    def _concepts(self) -> bool:
        return self._kind.startswith("sam3")

    def _load(self) -> Any:
        from transformers import AutoModelForZeroShotObjectDetection, Sam3Model

        cls = Sam3Model if self._concepts else AutoModelForZeroShotObjectDetection
        dtype = self.placement[1]
        return cls.from_pretrained(self.folder, dtype=dtype, use_safetensors=True, **self.where).eval()

    @cached_property
    def _processor(self) -> Any:
        from transformers import AutoProcessor, AutoTokenizer

        cls = AutoTokenizer if self._concepts else AutoProcessor
        return self.opened(lambda: cls.from_pretrained(self.folder, **self.where))

    def find(self, pictures: Sequence[Pixels], names: Sequence[Sequence[str]]) -> list[list[Found]]:
        """See roles.Grounder. A picture without names costs nothing."""
        found: list[list[Found]] = [[] for _ in pictures]
        if self._concepts:
            asked = [(index, [name]) for index, some in enumerate(names) for name in some]
        else:
            asked = [(index, list(some)) for index, some in enumerate(names) if some]
        jobs = [(pictures[index], some) for index, some in asked]
        look = self._look_for_concepts if self._concepts else self._look
        for (index, _), things in zip(asked, sure(self.in_batches(look, jobs)), strict=True):
            found[index] += things
        return [sorted(things, key=lambda thing: -thing.score)[: self.most] for things in found]

    def _look(self, jobs: Sequence[tuple[Pixels, list[str]]]) -> list[list[Found]]:
        import torch

        pictures = [picture for picture, _ in jobs]
        nested = self._kind.startswith("owl")  # a list of queries each, all as many
        longest = max(len(some) for _, some in jobs)
        texts: list[Any] = [
            [*some, *some[-1:] * (longest - len(some))]
            if nested
            else ". ".join(n.lower().strip(" .") for n in some) + "."
            for _, some in jobs
        ]
        device, dtype = self.placement
        inputs = self._processor(
            images=pictures, text=texts, return_tensors="pt", **({} if nested else {"padding": True})
        ).to(device)
        inputs["pixel_values"] = inputs["pixel_values"].to(dtype)
        with self.running() as network:
            outputs = network(**inputs)
        sizes = torch.tensor([picture.shape[:2] for picture in pictures])
        limits: dict[str, Any] = {"threshold": self.threshold, "target_sizes": sizes}
        if nested:
            results = self._processor.post_process_grounded_object_detection(outputs, **limits)
        else:
            results = self._processor.post_process_grounded_object_detection(
                outputs, inputs["input_ids"], text_threshold=self.text_threshold, **limits
            )
        return [
            self._things(result, picture, some) for result, (picture, some) in zip(results, jobs, strict=True)
        ]

    def _things(self, result: Any, picture: Pixels, names: list[str]) -> list[Found]:
        labels = result.get("text_labels")
        labels = result["labels"] if labels is None else labels
        things = []
        for label, box, score in zip(labels, result["boxes"], result["scores"], strict=True):
            index = int(label) if not isinstance(label, str) else None
            name = named_of(label, names) if index is None else names[min(index, len(names) - 1)]
            whole = within(box.float().tolist(), picture)
            if name is not None and whole is not None:
                things.append(Found(name, whole, float(score)))
        return things

    def _look_for_concepts(self, jobs: Sequence[tuple[Pixels, list[str]]]) -> list[list[Found]]:
        """SAM 3 looks for one concept at a time, and says for each query how sure it is, and for each picture."""
        device, dtype = self.placement
        with self.running() as network:
            pixels = sam3_inputs([picture for picture, _ in jobs], network.config, device, dtype)
            words = self._processor(
                [some[0] for _, some in jobs], padding="max_length", truncation=True, return_tensors="pt",
                max_length=network.config.text_config.max_position_embeddings,
            ).to(device)  # fmt: skip
            outputs = network(
                pixel_values=pixels, input_ids=words["input_ids"], attention_mask=words["attention_mask"]
            )
        scores = outputs.pred_logits.float().sigmoid()
        if outputs.presence_logits is not None:
            scores = scores * outputs.presence_logits.float().sigmoid()
        found = []
        for (picture, some), row, boxes in zip(jobs, scores, outputs.pred_boxes.float(), strict=True):
            height, width = picture.shape[:2]
            things = []
            for score, box in zip(row.tolist(), boxes.tolist(), strict=True):
                whole = within([box[0] * width, box[1] * height, box[2] * width, box[3] * height], picture)
                if score > self.threshold and whole is not None:
                    things.append(Found(some[0], whole, score))
            found.append(things)
        return found


def named_of(label: str, names: Sequence[str]) -> str | None:
    """Which asked name a detector's phrase means: the longest that shares its words; None for a stray phrase."""
    words = set(re.findall(r"\w+", label.lower()))
    shared = [(len(words & set(re.findall(r"\w+", name.lower()))), name) for name in names]
    most = max(shared, key=lambda entry: (entry[0], -len(entry[1])), default=(0, ""))
    return most[1] if most[0] else None


def within(box: Sequence[float], picture: Pixels) -> tuple[float, float, float, float] | None:
    """The box cut to the picture; None when nothing of it is inside."""
    height, width = picture.shape[:2]
    x0, y0 = max(0.0, box[0]), max(0.0, box[1])
    x1, y1 = min(float(width), box[2]), min(float(height), box[3])
    return (x0, y0, x1, y1) if x1 - x0 >= 1 and y1 - y0 >= 1 else None
