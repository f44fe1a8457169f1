"""The shortened last layer gives the class token that the whole network gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from transformers import (
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
    Dinov2Config,
    Dinov2Model,
    ViTConfig,
    ViTModel,
)

from anyedit.bench.first_token import read_first_token_only

SIZE = dict(hidden_size=24, num_hidden_layers=3, num_attention_heads=4, image_size=32, patch_size=8)


@pytest.mark.parametrize("act", ["quick_gelu", "gelu"])
def test_clip(act: str) -> None:
    network = CLIPVisionModelWithProjection(
        CLIPVisionConfig(**SIZE, intermediate_size=40, projection_dim=10, hidden_act=act)
    )
    same(network.eval(), lambda of: of.image_embeds, rows=1)


def test_vit() -> None:
    same(
        ViTModel(ViTConfig(**SIZE, intermediate_size=40)).eval(),
        lambda of: of.last_hidden_state[:, 0],
        rows=1,
    )


def test_another_kind_of_layer_is_left_alone() -> None:
    same(Dinov2Model(Dinov2Config(**SIZE)).eval(), lambda of: of.last_hidden_state[:, 0], rows=17)


@torch.no_grad()
def same(network: Any, read: Callable[[Any], torch.Tensor], rows: int) -> None:
    pixels = torch.randn(3, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    whole = read(network(pixel_values=pixels))
    read_first_token_only(network)
    short = network(pixel_values=pixels)
    assert torch.allclose(read(short), whole, atol=1e-6) and whole.std() > 0.01
    assert short.last_hidden_state.shape[1] == rows
