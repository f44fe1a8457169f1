"""The perceiver resampler: CLIP's tokens of a visual prompt become a few tokens the UNet can attend to.

A bank of R resamplers of one shape, applied together: one per expert, or shared between experts.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from anyedit.models.dispatch import GroupedLayerNorm, GroupedLinear


class ResamplerLayer(nn.Module):
    """latents += attention(image features and latents); latents += feed-forward(latents)."""

    def __init__(self, bank: int, width: int, heads: int, head_width: int, expansion: int) -> None:
        super().__init__()
        inner = heads * head_width
        self.head_width = head_width
        self.norm_image = GroupedLayerNorm(bank, width)
        self.norm_latents = GroupedLayerNorm(bank, width)
        self.to_q = GroupedLinear(bank, width, inner, bias=False)
        self.to_kv = GroupedLinear(bank, width, 2 * inner, bias=False)
        self.to_out = GroupedLinear(bank, inner, width, bias=False)
        self.norm_ff = GroupedLayerNorm(bank, width)
        self.ff_in = GroupedLinear(bank, width, width * expansion, bias=False)
        self.ff_out = GroupedLinear(bank, width * expansion, width, bias=False)

    def forward(self, image: torch.Tensor, latents: torch.Tensor, members: torch.Tensor) -> torch.Tensor:
        """image (U, C, L, D), latents (U, C, Q, D) -> (U, C, Q, D)."""
        queries = self.norm_latents(latents, members)
        context = torch.cat([self.norm_image(image, members), queries], dim=2)
        q = self._heads(self.to_q(queries, members))
        k, v = (self._heads(part) for part in self.to_kv(context, members).chunk(2, dim=-1))
        attended = scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        latents = latents + self.to_out(attended.view(*latents.shape[:3], -1), members)
        hidden = nn.functional.gelu(self.ff_in(self.norm_ff(latents, members), members))
        return latents + self.ff_out(hidden, members)  # type: ignore[no-any-return]

    def _heads(self, x: torch.Tensor) -> torch.Tensor:
        return x.reshape(x.shape[0] * x.shape[1], x.shape[2], -1, self.head_width).transpose(1, 2)


class ResamplerBank(nn.Module):
    """R perceiver resamplers of one shape.

    Source: IP-Adapter-Plus's resampler in AnySD's use: width 768, depth 4, 12 heads of 64, 16 queries,
    feed-forward x4, no position embedding (AnySD layout, section 2).
    """

    def __init__(
        self,
        bank: int,
        image_width: int,
        width: int,
        queries: int,
        depth: int,
        head_width: int,
        expansion: int,
    ) -> None:
        super().__init__()
        self.latents = nn.Parameter(torch.randn(bank, queries, width) / width**0.5)
        self.proj_in = GroupedLinear(bank, image_width, width)
        heads = max(1, width // head_width)
        layers = [ResamplerLayer(bank, width, heads, head_width, expansion) for _ in range(depth)]
        self.layers = nn.ModuleList(layers)
        self.proj_out = GroupedLinear(bank, width, width)
        self.norm_out = GroupedLayerNorm(bank, width)

    def forward(self, image: torch.Tensor, members: torch.Tensor) -> torch.Tensor:
        """CLIP's hidden states (U, C, L, image width), members int (U,) of the bank -> tokens (U, C, Q,
        width)."""
        x = self.proj_in(image, members)
        latents = self.latents[members, None].expand(-1, image.shape[1], -1, -1)
        for layer in self.layers:
            latents = layer(x, latents, members)
        return self.norm_out(self.proj_out(latents, members), members)  # type: ignore[no-any-return]
