"""Leaving conditions out while training, so that each term of the guidance equation is something the model
has seen."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class ConditionDrop:
    """What to replace by its null value, bool (B,) each: picture by zero latents, text by the empty
    instruction's features, visual by picture 0 (CLIP of zeros) and `NULL_TASK`."""

    picture: torch.Tensor
    text: torch.Tensor
    visual: torch.Tensor


def draw_drops(
    batch: int,
    generator: torch.Generator | None = None,
    text: float = 0.05,
    picture: float = 0.05,
    both: float = 0.05,
    visual: float = 0.05,
) -> ConditionDrop:
    """One draw per item among: keep all; drop text; drop picture; drop both; drop the visual prompt only.

    The visual prompt goes with the text, because the guidance equation has no branch that sees it without
    one: so "text" trains e(I), "both" e(0), "visual" e(I,T) and "keep all" e(I,T,V). Probabilities: 0.05 each
    for text, picture and both (REFERENCE section 4, as in InstructPix2Pix); the paper gives none for the
    visual prompt. Use visual=0 where a stage has no visual conditions.
    """
    if min(text, picture, both, visual) < 0 or text + picture + both + visual > 1:
        raise ValueError(
            f"condition dropout {text}, {picture}, {both}, {visual}: must be >= 0 and sum to at most 1"
        )
    u = torch.rand(batch, generator=generator)
    edges = torch.tensor([text, picture, both, visual]).cumsum(0)
    state = torch.bucketize(u, edges, right=True)  # 0 text, 1 picture, 2 both, 3 visual, 4 keep all
    no_text = (state == 0) | (state == 2)
    return ConditionDrop(picture=(state == 1) | (state == 2), text=no_text, visual=no_text | (state == 3))
