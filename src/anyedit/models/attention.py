"""Decoupled cross-attention: the text's attention, plus that of the experts which serve each item.

    out = Attn(Q, K, V) + sum_e  w_e s Attn(Q, K'_e, V'_e)

K'_e and V'_e come from the expert's tokens (task token first, then the visual prompt's), which do not change
during sampling: they are projected once per call, with the router's weight w_e and the visual scale s folded
into V'_e (attention is linear in V). All that is left for each step is attention itself. Source: IP-Adapter's
decoupled cross-attention as AnySD uses it (AnySD layout, section 5; `adapter.py`).
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from anyedit.models.dispatch import GroupedLinear, Groups

KeyValues = list[tuple[torch.Tensor, torch.Tensor]]
"""Per cross-attention block, in the order of `cross_attention_names`: K' and V', each float (B, k, tokens,
hidden)."""


class ExpertKeyValue(nn.Module):
    """The K' and V' projections of E experts for one cross-attention block, each (E, hidden, text width), no
    bias."""

    def __init__(self, experts: int, width: int, hidden: int) -> None:
        super().__init__()
        self.key = GroupedLinear(experts, width, hidden, bias=False)
        self.value = GroupedLinear(experts, width, hidden, bias=False)

    def forward(self, tokens: torch.Tensor, groups: Groups) -> tuple[torch.Tensor, torch.Tensor]:
        """Grouped tokens (U, C, L, width) -> K' and V' of the rows, each (M, L, hidden)."""
        key, value = self.key(tokens, groups.members), self.value(tokens, groups.members)
        return groups.put_back(key), groups.put_back(value)


class ExpertAttnProcessor:
    """A diffusers attention processor that adds the experts' attention in block number `block`.

    `block` is None in self-attention, which takes the argument and does nothing with it. `slice_size` is how
    many heads are computed at once (None: all), for small memory.
    """

    def __init__(self, block: int | None) -> None:
        self.block = block
        self.slice_size: int | None = None

    def __call__(
        self,
        attn: Attention,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        temb: torch.Tensor | None = None,
        experts: KeyValues | None = None,
    ) -> torch.Tensor:
        """hidden_states (B, L, hidden), encoder_hidden_states (B, 77, text width), experts as `KeyValues`."""
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        if encoder_hidden_states is not None and attn.norm_cross:
            context = attn.norm_encoder_hidden_states(context)
        batch, heads = hidden_states.shape[0], attn.heads
        if attention_mask is not None:
            attention_mask = attn.prepare_attention_mask(attention_mask, context.shape[1], batch)
            attention_mask = attention_mask.view(batch, heads, -1, attention_mask.shape[-1])
        q, k, v = (
            _split(x, heads) for x in (attn.to_q(hidden_states), attn.to_k(context), attn.to_v(context))
        )
        out = self._attend(q, k, v, attention_mask)
        if experts is not None and self.block is not None:
            extra_k, extra_v = experts[self.block]
            slots = extra_k.shape[1]
            extra_k, extra_v = (_split(x.flatten(0, 1), heads) for x in (extra_k, extra_v))
            extra = self._attend(
                q.repeat_interleave(slots, dim=0) if slots > 1 else q, extra_k, extra_v, None
            )
            out = out + (extra.view(batch, slots, *extra.shape[1:]).sum(dim=1) if slots > 1 else extra)
        out = out.transpose(1, 2).flatten(2).to(q.dtype)
        out = attn.to_out[1](attn.to_out[0](out))
        if attn.residual_connection:
            out = out + hidden_states
        return out / attn.rescale_output_factor  # type: ignore[no-any-return]

    def _attend(
        self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None
    ) -> torch.Tensor:
        if self.slice_size is None:
            return scaled_dot_product_attention(q, k, v, attn_mask=mask)
        n = self.slice_size
        return torch.cat(
            [
                scaled_dot_product_attention(
                    q[:, i : i + n],
                    k[:, i : i + n],
                    v[:, i : i + n],
                    None if mask is None else mask[:, i : i + n],
                )
                for i in range(0, q.shape[1], n)
            ],
            dim=1,
        )


def _split(x: torch.Tensor, heads: int) -> torch.Tensor:
    return x.reshape(*x.shape[:-1], heads, -1).transpose(1, 2)


def cross_attention_names(unet: UNet2DConditionModel) -> list[str]:
    """Names of the UNet's cross-attentions in the order of the published files: down, up, then mid.

    The order is that of `unet.attn_processors`: the UNet registers its down and up blocks before the middle
    one.
    """
    suffix = ".attn2.processor"
    return [name.removesuffix(".processor") for name in unet.attn_processors if name.endswith(suffix)]


def install_expert_attention(unet: UNet2DConditionModel) -> None:
    """Gives every transformer block of the UNet the processor that knows experts. Without experts it is the
    plain one."""
    blocks = {name: number for number, name in enumerate(cross_attention_names(unet))}
    processors: dict[str, Any] = dict(unet.attn_processors)
    for name in processors:
        if name.endswith((".attn1.processor", ".attn2.processor")):
            processors[name] = ExpertAttnProcessor(blocks.get(name.removesuffix(".processor")))
    unet.set_attn_processor(processors)


def has_expert_attention(unet: UNet2DConditionModel) -> bool:
    """Whether every cross-attention still has the processor that knows experts."""
    crossing = [p for name, p in unet.attn_processors.items() if name.endswith(".attn2.processor")]
    return all(isinstance(processor, ExpertAttnProcessor) for processor in crossing)


def slice_expert_attention(unet: UNet2DConditionModel, slice_size: str | int | None) -> None:
    """Computes attention over `slice_size` heads at a time: "auto" half of them, "max" one, None all at
    once."""
    for name, processor in unet.attn_processors.items():
        if isinstance(processor, ExpertAttnProcessor):
            heads = unet.get_submodule(name.removesuffix(".processor")).heads
            auto = {"auto": max(1, int(heads) // 2), "max": 1}
            processor.slice_size = auto.get(slice_size) if isinstance(slice_size, str) else slice_size
