"""Task-aware routing: from the task and the instruction to the weights of the experts.

Hard routing by a table is the released model's way; the learned router is the paper's. Both give one row of
expert weights per item, so all that follows is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import nn

from anyedit.errors import nearest
from anyedit.models.faults import CheckpointError
from anyedit.models.tasks import TASKS

Routing = Literal["table", "learned"]

PUBLISHED_EXPERTS: tuple[str, ...] = (
    "global",
    "viewpoint",
    "visual_bbox",
    "visual_depth",
    "visual_material_transfer",
    "visual_reference",
    "visual_scribble",
    "visual_segment",
    "visual_sketch",
)


def published_table() -> dict[str, str]:
    """Which expert serves which type in the released model; a type that is not in it is served by none
    ("general").

    Source: weichow23/AnySD `model.py` (AnySD layout, section 4).
    """
    table = {name: name for name in PUBLISHED_EXPERTS if name.startswith("visual_")}
    table |= dict.fromkeys(("background_change", "tone_transfer", "style_change"), "global")
    return table | dict.fromkeys(("movement", "resize", "outpaint", "rotation_change"), "viewpoint")


@dataclass(frozen=True)
class RouterOutput:
    """`weights` float (B, E), zero for experts that are not used; the two losses are scalars, zero for a
    table.

    `load` float (E,) is the share of expert slots that each expert got in this batch (no gradient).
    """

    weights: torch.Tensor
    load_balance: torch.Tensor
    z_loss: torch.Tensor
    load: torch.Tensor


class TableRouter(nn.Module):
    """Hard routing: weight 1 for the expert of the type's row in the table, zero weights for a type without
    one."""

    numbers: torch.Tensor

    def __init__(self, experts: Sequence[str], table: Mapping[str, str]) -> None:
        super().__init__()
        for task, expert in table.items():
            if task not in TASKS:
                raise CheckpointError(f"expert_of_type: '{task}' is no edit type{nearest(task, TASKS)}")
            if expert not in experts:
                raise CheckpointError(
                    f"expert_of_type: {task} asks for expert '{expert}'{nearest(expert, experts)}"
                )
        rows = torch.zeros(len(TASKS), len(experts))
        for task, expert in table.items():
            rows[TASKS.index(task), list(experts).index(expert)] = 1.0
        self.register_buffer("numbers", rows, persistent=False)

    def forward(self, task: torch.Tensor) -> RouterOutput:
        """task int (B,) -> weights (B, E)."""
        weights = self.numbers.to(task.device)[task]
        zero = weights.new_zeros(())
        return RouterOutput(weights, zero, zero, _load(weights))


class LearnedRouter(nn.Module):
    """Expert weights from (task embedding, pooled instruction): a two-layer network, softmax, the k largest,
    renormalised.

    Computed in float32 whatever the model's precision.
    """

    def __init__(
        self, task_width: int, pooled_width: int, experts: int, top_k: int, hidden: int = 256
    ) -> None:
        super().__init__()
        self.top_k = top_k
        self.hidden = nn.Linear(task_width + pooled_width, hidden)
        self.logits = nn.Linear(hidden, experts)
        nn.init.normal_(self.logits.weight, std=0.02)
        nn.init.zeros_(self.logits.bias)

    def forward(self, task: torch.Tensor, pooled: torch.Tensor) -> RouterOutput:
        """task float (B, task width), pooled float (B, pooled width) -> weights (B, E), k of them not
        zero."""
        features = torch.cat([task.to(self.hidden.weight.dtype), pooled.to(self.hidden.weight.dtype)], dim=-1)
        logits = self.logits(nn.functional.gelu(self.hidden(features))).float()
        probability = logits.softmax(dim=-1)
        value, index = probability.topk(self.top_k, dim=-1)
        weights = torch.zeros_like(probability).scatter(-1, index, value / value.sum(dim=-1, keepdim=True))
        balance = load_balance_loss(probability, index)
        return RouterOutput(weights, balance, z_loss(logits), _load(weights))


def load_balance_loss(probability: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """E * sum_e f_e P_e: f_e the share of slots routed to expert e, P_e its mean probability; 1 when even.

    probability float (B, E), index int (B, k) the experts chosen. Source: Switch Transformer (arXiv
    2101.03961), equations 4 to 6, with the shares taken over all k slots.
    """
    experts = probability.shape[-1]
    share = torch.bincount(index.flatten(), minlength=experts).to(probability) / index.numel()
    return experts * (share * probability.mean(dim=0)).sum()


def z_loss(logits: torch.Tensor) -> torch.Tensor:
    """Mean over items of (log sum_e exp logit_e)^2, which keeps router logits small. logits float (B, E).

    Source: ST-MoE (arXiv 2202.08906), equation 5.
    """
    return torch.logsumexp(logits, dim=-1).square().mean()


def _load(weights: torch.Tensor) -> torch.Tensor:
    used = (weights.detach() != 0).float().sum(dim=0)
    return used / used.sum().clamp(min=1.0)
