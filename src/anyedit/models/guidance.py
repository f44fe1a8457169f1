"""Classifier-free guidance over picture, text and visual prompt: the equations, and which branches they need.

An equation is one function over the noise predictions of the branches. It is linear in them, so the
coefficient of each branch is the equation applied to unit vectors: which branches must be computed is derived
from the equation itself. A branch whose coefficient is zero for an item (a scale of 1, or two equal scales)
is not run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

Form = Literal["paper", "published"]
Noise = Any
"""A noise prediction: tensor float (B, 4, h, w), or numpy array (its dtype kept)."""


@dataclass(frozen=True)
class Branch:
    """Which conditions one forward pass sees; the others are null.

    Null picture: zero latents. Null text: the empty instruction. Null visual prompt: CLIP of zeros,
    resampled, with a zero task token, through the item's own expert (AnySD layout, section 5).
    """

    picture: bool
    text: bool
    visual: bool


BRANCHES: tuple[Branch, ...] = (
    Branch(picture=False, text=False, visual=False),
    Branch(picture=True, text=False, visual=False),
    Branch(picture=True, text=True, visual=False),
    Branch(picture=True, text=True, visual=True),
)
"""In the order in which the equations below take their predictions."""


def paper(e_0: Noise, e_I: Noise, e_IT: Noise, e_ITV: Noise, s_I: Noise, s_T: Noise, s_V: Noise) -> Noise:
    """Four terms: e(0) + s_I [e(I) - e(0)] + s_T [e(I,T) - e(I)] + s_V [e(I,T,V) - e(I,T)].

    Source: AnyEdit (arXiv 2411.15738), guidance with picture I, instruction T and visual prompt V. The task
    token belongs to V.
    """
    return e_0 + s_I * (e_I - e_0) + s_T * (e_IT - e_I) + s_V * (e_ITV - e_IT)


def published(e_0: Noise, e_I: Noise, e_IT: Noise, e_ITV: Noise, s_I: Noise, s_T: Noise, s_V: Noise) -> Noise:
    """Three terms, as released: e(0) + s_I [e(I) - e(0)] + s_T [e(I,T,V) - e(I)].

    Source: weichow23/AnySD `pipe.py` (AnySD layout, section 5). `s_V` is not in the equation: it scales the
    extra attention in all branches (`attention_scale`).
    """
    return e_0 + s_I * (e_I - e_0) + s_T * (e_ITV - e_I)


EQUATIONS: dict[Form, Callable[..., Any]] = {"paper": paper, "published": published}


@dataclass(frozen=True)
class GuidanceScales:
    """The scales of one item: picture s_I, text s_T, visual prompt s_V. 1 means "no guidance along this
    condition"."""

    image: float
    text: float
    visual: float


GENERAL_SCALES = GuidanceScales(image=3.0, text=3.0, visual=0.0)
"""Released defaults of an item that no expert serves (AnySD layout, section 4)."""
EXPERT_SCALES: dict[Form, GuidanceScales] = {
    "published": GuidanceScales(image=2.0, text=1.5, visual=0.8),
    "paper": GuidanceScales(image=2.0, text=1.5, visual=1.5),
}
"""Defaults of an item with an expert: as released. The paper prints no scales; s_V = s_T makes its equation
the released one at attention scale 1, and spares the third branch."""


def attention_scale(form: Form, scales: GuidanceScales) -> float:
    """The factor of the extra attention: s_V in the released form, 1 in the paper's (which has its own s_V
    term)."""
    return scales.visual if form == "published" else 1.0


@dataclass(frozen=True)
class BranchPlan:
    """Which rows one step runs through the UNet, and how their predictions combine.

    `rows` is one (item, branch number) per row, branch by branch. `source` int (items, n) and `coefficient`
    float (items, n) say, for each item, which rows make its noise and with what weight (padded with weight 0
    on a row of the same item, so nothing of one item can reach another).
    """

    rows: tuple[tuple[int, int], ...]
    source: tuple[tuple[int, ...], ...]
    coefficient: tuple[tuple[float, ...], ...]

    def combine(self, predicted: torch.Tensor) -> torch.Tensor:
        """The guided noise, float (items, C, h, w), from the rows' predictions (len(rows), C, h, w).

        Summed in float32 and returned in the dtype of `predicted`.
        """
        source = torch.tensor(self.source, device=predicted.device)
        weight = torch.tensor(self.coefficient, device=predicted.device, dtype=torch.float32)
        guided = (predicted[source].float() * weight[..., None, None, None]).sum(dim=1)
        return guided.to(predicted.dtype)


def plan_branches(form: Form, scales: list[GuidanceScales], has_expert: list[bool]) -> BranchPlan:
    """Only the branches that the equation needs, for each item by its own scales.

    For an item that no expert serves e(I,T,V) and e(I,T) are the same forward pass: their coefficients are
    added and one of them is run.
    """
    per_item = [_coefficients(form, *pair) for pair in zip(scales, has_expert, strict=True)]
    rows = tuple(
        (item, branch)
        for branch in range(len(BRANCHES))
        for item, coefficients in enumerate(per_item)
        if coefficients[branch] != 0.0
    )
    number = {row: index for index, row in enumerate(rows)}
    source, weight = [], []
    width = max(sum(value != 0.0 for value in coefficients) for coefficients in per_item)
    for item, coefficients in enumerate(per_item):
        pairs = [(number[item, branch], value) for branch, value in enumerate(coefficients) if value != 0.0]
        pairs += [(pairs[0][0], 0.0)] * (width - len(pairs))
        source.append(tuple(row for row, _ in pairs))
        weight.append(tuple(value for _, value in pairs))
    return BranchPlan(rows, tuple(source), tuple(weight))


def _coefficients(form: Form, scales: GuidanceScales, has_expert: bool) -> list[float]:
    units = np.eye(len(BRANCHES))
    values = [float(value) for value in EQUATIONS[form](*units, scales.image, scales.text, scales.visual)]
    if not has_expert:
        values[2], values[3] = values[2] + values[3], 0.0
    return values
