"""Sorting rows by the expert that serves them, so that all experts work in one batched product.

Rows of a batch go to different experts. `group` lays them out as (experts in use, rows per expert), padded to
the fullest expert, where one batched matrix product serves all; `take` and `put_back` move data there and
back. Nothing is dropped and no loop runs over rows or experts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Groups:
    """Rows sorted by expert: `members` int (U,) experts in use, `rows` int (U, C) row numbers (padded with
    row 0), `place` int (M,) where each row lies in the flattened (U*C)."""

    members: torch.Tensor
    rows: torch.Tensor
    place: torch.Tensor

    def take(self, values: torch.Tensor) -> torch.Tensor:
        """(M, ...) -> (U, C, ...)."""
        return values[self.rows]

    def put_back(self, grouped: torch.Tensor) -> torch.Tensor:
        """(U, C, ...) -> (M, ...), the padding left out."""
        return grouped.flatten(0, 1)[self.place]


def group(expert: torch.Tensor) -> Groups:
    """Lays out rows by expert: `expert` int (M,), the expert's number per row."""
    members, inverse, counts = torch.unique(expert, return_inverse=True, return_counts=True)
    order = torch.argsort(inverse, stable=True)
    first = counts.cumsum(0) - counts
    capacity = int(counts.max())
    number = torch.arange(len(expert), device=expert.device)
    place = torch.empty_like(number)
    place[order] = inverse[order] * capacity + number - first[inverse[order]]
    rows = torch.zeros(len(members) * capacity, dtype=number.dtype, device=expert.device)
    rows[place] = number
    return Groups(members, rows.view(len(members), capacity), place)


class GroupedLinear(nn.Module):
    """One linear layer per expert: weight (E, out, in), bias (E, out) or none. Initialised as `nn.Linear`
    is."""

    def __init__(self, experts: int, inputs: int, outputs: int, bias: bool = True) -> None:
        super().__init__()
        bound = 1.0 / math.sqrt(inputs)
        self.weight = nn.Parameter(torch.empty(experts, outputs, inputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(experts, outputs).uniform_(-bound, bound)) if bias else None

    def forward(self, x: torch.Tensor, members: torch.Tensor) -> torch.Tensor:
        """x float (U, C, L, in), members int (U,) -> (U, C, L, out)."""
        flat = x.flatten(1, 2)
        weight = self.weight[members].transpose(1, 2)
        out = (
            torch.bmm(flat, weight)
            if self.bias is None
            else torch.baddbmm(self.bias[members, None], flat, weight)
        )
        return out.view(*x.shape[:3], -1)


class GroupedLayerNorm(nn.Module):
    """One LayerNorm per expert: weight and bias (E, D)."""

    def __init__(self, experts: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(experts, width))
        self.bias = nn.Parameter(torch.zeros(experts, width))

    def forward(self, x: torch.Tensor, members: torch.Tensor) -> torch.Tensor:
        """x float (U, C, L, D), members int (U,) -> the same shape."""
        normed = nn.functional.layer_norm(x, x.shape[-1:])
        return normed * self.weight[members, None, None] + self.bias[members, None, None]
