"""Seeded sampling of text: each row of a batch draws from its own stream, so that its answer hangs on its seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from anyedit.engines.roles import Prompt
from anyedit.seeds import rng_of


class SeededSampling:
    """A logits processor for greedy decoding: adds Gumbel noise, so that the largest is a sample of the softmax.

    Source: the Gumbel-max identity, argmax(logits / temperature + G) ~ softmax(logits / temperature). top_p keeps
    the likeliest tokens that together have this probability (Holtzman et al. 2020).
    """

    def __init__(self, prompts: Sequence[Prompt], top_p: float = 0.95) -> None:
        self.streams = [rng_of(prompt.seed, "tokens") for prompt in prompts]
        self.temperatures = [prompt.temperature for prompt in prompts]
        self.top_p = top_p

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        import torch

        scores = scores.float()
        for row, (stream, temperature) in enumerate(zip(self.streams, self.temperatures, strict=True)):
            if temperature <= 0:
                continue
            logits = scores[row] / temperature
            order = logits.argsort(descending=True)
            mass = logits[order].softmax(-1).cumsum(-1)
            out = order[1:][mass[:-1] >= self.top_p]
            logits = logits.index_fill(0, out, float("-inf"))
            noise = stream.gumbel(size=logits.shape[0]).astype(np.float32)
            scores[row] = logits + torch.from_numpy(noise).to(logits.device)
        return scores


def decoded(
    network: Any, tokenizer: Any, inputs: Any, prompts: Sequence[Prompt]
) -> list[tuple[str, tuple[int, int]]]:
    """Each prompt's answer and its tokens (read, written). inputs: padded on the left, one row a prompt."""
    from transformers import LogitsProcessorList

    made = network.generate(
        **inputs,
        do_sample=False,
        temperature=None,
        top_p=None,
        top_k=None,
        max_new_tokens=max(prompt.most for prompt in prompts),
        pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id,
        logits_processor=LogitsProcessorList([SeededSampling(prompts)]),
    )
    read = inputs["attention_mask"].sum(-1).tolist()
    # Encoder-decoder networks give the answer alone, decoders the prompt too.
    start = 0 if network.config.is_encoder_decoder else inputs["input_ids"].shape[1]
    answers = []
    for row, prompt, count in zip(made, prompts, read, strict=True):
        new = row[start:][: prompt.most]
        text = tokenizer.decode(new, skip_special_tokens=True).strip()
        answers.append((text, (int(count), len(new))))
    return answers
