"""The random numbers of a step: from the seed, the step and the process alone, so there is no state to keep."""

from __future__ import annotations

import torch

from anyedit.models.dropout import draw_drops
from anyedit.seeds import seed_of
from anyedit.training.loss import Noise
from anyedit.training.recipe import Dropout


def step_noise(
    shape: tuple[int, ...],
    timesteps: int,
    key: tuple[str | int, ...],
    dropout: Dropout | None,
    experts: bool,
    unknown: float,
    device: torch.device,
    logit_normal: tuple[float, float] | None = None,
) -> Noise:
    """The noise of B items, shape (B, 4, h, w): timesteps uniform below `timesteps`, or T sigmoid(u) with u normal of
    this mean and deviation (arXiv 2403.03206, equation 19); conditions left out at the recipe's chances (None:
    nothing is left out). Drawn on the CPU: the same numbers on every device."""
    generator = torch.Generator().manual_seed(seed_of(*key) % 2**63)
    count = shape[0]
    latent = torch.randn(shape, generator=generator)
    noise = torch.randn(shape, generator=generator)
    if logit_normal is None:
        timestep = torch.randint(0, timesteps, (count,), generator=generator)
    else:
        mean, deviation = logit_normal
        place = torch.sigmoid(mean + deviation * torch.randn(count, generator=generator))
        timestep = (place * timesteps).long().clamp(max=timesteps - 1)
    chances = (0.0,) * 4 if dropout is None else (dropout.text, dropout.picture, dropout.both, dropout.visual)
    drop = draw_drops(count, generator, *chances[:3], chances[3] if experts else 0.0)
    hidden = torch.rand(count, generator=generator) < unknown
    moved = type(drop)(drop.picture.to(device), drop.text.to(device), drop.visual.to(device))
    return Noise(latent.to(device), noise.to(device), timestep.to(device), moved, hidden.to(device))
