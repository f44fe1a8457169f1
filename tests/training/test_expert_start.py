"""How experts start: as the editor they are added to, and with or without task tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from anyedit.models.noise import AnySDModel
from anyedit.training.parts import load_parts
from anyedit.training.recipe import load_training_recipe


def predicted(model: AnySDModel, task: int, experts: bool = True) -> torch.Tensor:
    g = torch.Generator().manual_seed(0)
    latents, text = torch.randn(1, 8, 4, 4, generator=g), torch.randn(1, 20, 128, generator=g)
    visual = torch.randn(1, 17, 32, generator=g)
    weights = torch.zeros(1, len(model.experts.names))  # type: ignore[union-attr]
    if experts:
        weights[0, 0] = 1.0
    zero = torch.zeros(1, dtype=torch.long)
    with torch.no_grad():
        return model(
            latents,
            torch.tensor([10]),
            text,
            visual=visual,
            visual_of=zero,
            task=zero + task,
            expert_weights=weights,
        ).sample


def test_zero_values_start_as_the_unet_alone(recipe: Callable[..., dict[str, Any]]) -> None:
    parts = load_parts(load_training_recipe(recipe(2, experts__zero_values=True)))
    assert torch.equal(predicted(parts.model, 3), predicted(parts.model, 3, experts=False))
    copied = load_parts(load_training_recipe(recipe(2)))
    assert not torch.equal(predicted(copied.model, 3), predicted(copied.model, 3, experts=False))


def test_without_task_embeddings_the_type_changes_nothing_but_the_expert(
    recipe: Callable[..., dict[str, Any]],
) -> None:
    parts = load_parts(load_training_recipe(recipe(2, experts__task_embeddings=False)))
    assert torch.equal(predicted(parts.model, 3), predicted(parts.model, 4))
    assert "experts.tasks.weight" not in parts.trained and "experts.resampler.latents" in parts.trained
    told = load_parts(load_training_recipe(recipe(2)))
    assert not torch.equal(predicted(told.model, 3), predicted(told.model, 4))
