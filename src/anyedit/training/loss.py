"""The training loss: noise a target, leave conditions out, predict, compare.

    z_t = sqrt(a_t) z + sqrt(1 - a_t) e,    loss = w(t) |target - prediction(z_t, t, conditions)|^2

DDPM (arXiv 2006.11239, equation 14); v-prediction (arXiv 2202.00512); min-SNR weights (arXiv 2303.09556, section 3.4).
Most of an edited picture is its source: a small network learns to copy first, and the edited part is a small share
of what it is judged by. `changed` weighs the squared error of each place by how far the edit moved it (ours).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from diffusers import DDPMScheduler
from diffusers.training_utils import compute_snr

from anyedit.models.dropout import ConditionDrop
from anyedit.models.router import RouterOutput
from anyedit.models.tasks import TASKS, UNKNOWN
from anyedit.training.batch import Batch


@dataclass(frozen=True)
class Noise:
    """What is random about B items of a step. latent: (B, 4, h, w) standard normal, of the sample from the
    posterior; noise: the same, e of the formula; timestep: int (B,); hidden: bool (B,) whose type is not told."""

    latent: torch.Tensor
    noise: torch.Tensor
    timestep: torch.Tensor
    drop: ConditionDrop
    hidden: torch.Tensor


@dataclass(frozen=True)
class Losses:
    """Per item (B,): the weighted one that is trained on. `router` None without experts."""

    items: torch.Tensor
    router: RouterOutput | None


@dataclass(frozen=True)
class Nulls:
    """What a left-out condition is replaced by: text (L, width) of the empty sentence. The null visual prompt is
    in each batch; a left-out picture is zeros."""

    text: torch.Tensor


class DiffusionLoss:
    """The loss of a batch, as the recipe says. scheduler: the training's noise schedule. factor: the latents'.
    min_snr, changed: as `anyedit.training.recipe.Loss` has them."""

    def __init__(
        self,
        scheduler: DDPMScheduler,
        factor: float,
        min_snr: float | None,
        nulls: Nulls,
        changed: float = 1.0,
    ) -> None:
        self.scheduler, self.factor, self.min_snr, self.nulls = scheduler, factor, min_snr, nulls
        self.changed = changed
        self.prediction = str(scheduler.config.prediction_type)
        if self.prediction not in ("epsilon", "v_prediction"):
            raise ValueError(f"cannot train a model that predicts '{self.prediction}'")

    def __call__(self, model: Any, batch: Batch, noise: Noise) -> Losses:
        """The losses of B items, one forward pass of the model."""
        latents = (batch.mean + batch.std * noise.latent) * self.factor
        noisy = self.scheduler.add_noise(latents, noise.noise, noise.timestep)
        source = batch.source.masked_fill(noise.drop.picture[:, None, None, None], 0.0)
        text = torch.where(noise.drop.text[:, None, None], self.nulls.text, batch.text)
        conditions = {}
        if batch.visual is not None:
            conditions = dict(
                visual=batch.visual,
                visual_of=batch.visual_of,
                task=batch.kind.masked_fill(noise.hidden, TASKS.index(UNKNOWN)),
                pooled=batch.pooled,
                drop_visual=noise.drop.visual,
            )
        out = model(torch.cat([noisy, source], dim=1), noise.timestep, text, **conditions)
        target = noise.noise
        if self.prediction == "v_prediction":
            target = self.scheduler.get_velocity(latents, noise.noise, noise.timestep)
        off = (out.sample.float() - target.float()).square()
        if self.changed > 1:
            off = off * self.places(batch)
        items = off.mean(dim=(1, 2, 3))
        return Losses(items * self.weight(noise.timestep), out.router)

    def places(self, batch: Batch) -> torch.Tensor:
        """(B, 1, h, w) of mean 1 in each item: 1 + (changed - 1) min(1, |edited - source|) before it is divided by
        its mean. |.| is the mean over channels, in deviations of the latents, the largest of a place and its eight
        neighbours. An item's weight in the batch is the same however little its edit changes."""
        moved = ((batch.mean - batch.source) * self.factor).abs().mean(dim=1, keepdim=True)
        near = torch.nn.functional.max_pool2d(moved, 3, stride=1, padding=1).clamp(max=1)
        weight = 1 + (self.changed - 1) * near
        return weight / weight.mean(dim=(1, 2, 3), keepdim=True)

    def weight(self, timestep: torch.Tensor) -> torch.Tensor:
        """Min-SNR weights of timesteps (B,): min(SNR, gamma) / SNR, for v over SNR + 1; ones without."""
        if self.min_snr is None:
            return torch.ones_like(timestep, dtype=torch.float32)
        snr = compute_snr(self.scheduler, timestep)
        kept = snr.clamp(max=self.min_snr)
        return kept / (snr + 1 if self.prediction == "v_prediction" else snr)
