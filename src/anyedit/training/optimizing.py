"""The optimizer and its learning rate."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import nn

from anyedit.errors import MissingExtra
from anyedit.training.recipe import Optimizer


def learning_rate(step: int, steps: int, told: Optimizer) -> float:
    """The rate of step `step` (the first is 0) of `steps`: linear warmup, then constant, cosine or linear."""
    if step < told.warmup:
        return told.rate * (step + 1) / told.warmup
    if told.schedule == "constant":
        return told.rate
    done = (step - told.warmup) / max(1, steps - told.warmup)
    share = 0.5 * (1 + math.cos(math.pi * done)) if told.schedule == "cosine" else 1 - done
    return told.rate * (told.last + (1 - told.last) * share)


def make_optimizer(parameters: Iterable[nn.Parameter], told: Optimizer) -> torch.optim.Optimizer:
    """AdamW, in 8 bits when asked for. Raises MissingExtra when that is not installed."""
    settings = dict(lr=told.rate, betas=told.betas, eps=told.eps, weight_decay=told.weight_decay)
    if not told.eight_bit:
        return torch.optim.AdamW(parameters, fused=True, **settings)  # type: ignore[arg-type]
    try:
        import bitsandbytes
    except ImportError:
        raise MissingExtra(
            "optimizer.eight_bit needs bitsandbytes: pip install bitsandbytes (an NVIDIA GPU), or set it to false"
        ) from None
    return bitsandbytes.optim.AdamW8bit(parameters, **settings)  # type: ignore[no-any-return]
