"""Edit types as the model sees them: one learned vector each, and a classifier that reads the type off the
instruction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import nn

from anyedit.errors import nearest
from anyedit.models.faults import InputError
from anyedit.types import EDIT_TYPES, GROUP_OF, canonical_type

UNKNOWN = "unknown"
TASKS: tuple[str, ...] = (*EDIT_TYPES, UNKNOWN)
NULL_TASK = -1
"""The number that stands for "no task": a zero token, as in the branches without visual condition."""


def task_ids(names: Sequence[str | None]) -> torch.Tensor:
    """Numbers of edit types, int (B,): aliases are understood, None is "unknown". Raises InputError on other
    names."""
    numbers = []
    for item, name in enumerate(names):
        known = UNKNOWN if name is None or name == UNKNOWN else canonical_type(name)
        if known is None:
            raise InputError(f"item {item}: '{name}' is no edit type{nearest(str(name), TASKS)}")
        numbers.append(TASKS.index(known))
    return torch.tensor(numbers, dtype=torch.long)


def is_visual(task: str) -> bool:
    """Whether a type needs a visual prompt."""
    return GROUP_OF.get(task) == "visual"


ALIGNED_PROMPTS = frozenset(
    {"visual_bbox", "visual_segment", "visual_scribble", "visual_sketch", "visual_depth"}
)
"""Visual types whose prompt lies over the picture, pixel on pixel: what is done to the picture is done to it."""


def is_aligned(task: str) -> bool:
    """Whether the visual prompt of a type, or of one of several joined by "+", lies over the picture."""
    return bool(ALIGNED_PROMPTS & set(task.split("+")))


class TaskEmbeddings(nn.Module):
    """One learnable vector per edit type and one for "unknown"; standard normal at first (AnySD layout,
    section 3)."""

    def __init__(self, width: int, tasks: int = len(TASKS)) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(tasks, width))

    def forward(self, task: torch.Tensor) -> torch.Tensor:
        """int (N,) -> float (N, width); `NULL_TASK` gives zeros."""
        return nn.functional.embedding(task.clamp(min=0), self.weight) * (task >= 0).unsqueeze(-1)


class TaskClassifier(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Predicts the edit type from the instruction's text features, so that a user needs only picture and
    sentence.

    One learned query attends over the tokens (the padding left out), a two-layer head gives a logit per edit
    type. The paper leaves this to a language model (section 4.2) and publishes none.
    """

    config_name = "config.json"

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(self, text_width: int, hidden: int = 256, edit_types: Sequence[str] = EDIT_TYPES) -> None:
        super().__init__()
        self.query = nn.Linear(text_width, 1)
        self.head = nn.Sequential(
            nn.LayerNorm(text_width),
            nn.Linear(text_width, hidden),
            nn.GELU(),
            nn.Linear(hidden, len(edit_types)),
        )

    def forward(self, text: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """text float (B, L, width) last hidden states, mask (B, L) 1 on real tokens -> logits (B, types)."""
        score = self.query(text).squeeze(-1).masked_fill(mask == 0, -torch.inf)
        pooled = (score.softmax(dim=-1).unsqueeze(-1) * text).sum(dim=1)
        return cast(torch.Tensor, self.head(pooled))


def predict_types(
    classifier: TaskClassifier,
    text: torch.Tensor,
    mask: torch.Tensor,
    visual: Sequence[bool],
    least: float = 0.0,
) -> list[tuple[str, float]]:
    """The likeliest type of each instruction and its probability; "unknown" below the probability `least`.

    `visual` says which items bring a visual prompt: those choose among the visual types, the others among the
    rest, because whether a picture was given is known and need not be guessed.
    """
    logits = classifier(text, mask).float()
    names = list(cast(Any, classifier.config).edit_types)
    needs = torch.tensor([is_visual(name) for name in names], device=logits.device)
    given = torch.tensor(list(visual), device=logits.device)
    probability = logits.masked_fill(needs[None] != given[:, None], -torch.inf).softmax(dim=-1)
    best = [
        (float(value), int(index))
        for value, index in zip(*(x.tolist() for x in probability.max(-1)), strict=True)
    ]
    return [(names[index] if value >= least else UNKNOWN, value) for value, index in best]
