"""What the loop receives, whether it comes from a cache or from pictures encoded on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch

from anyedit.seeds import rng_of
from anyedit.training.flips import may_flip
from anyedit.training.order import Draw


@dataclass(frozen=True)
class Batch:
    """B pairs as the model takes them, all float32.

    source: (B, 4, h, w) the mode of the source's posterior. mean, std: (B, 4, h, w) of the edited picture's
    posterior. Neither is scaled by the autoencoder's factor. text (B, L, width), pooled (B, width): of the
    instruction. kind: int (B,) number in `KINDS`. visual: (1 + V, L', image width) CLIP's states of the distinct
    visual prompts, the null one first; visual_of: int (B,), 0 without one. Both None in a stage without experts.
    """

    source: torch.Tensor
    mean: torch.Tensor
    std: torch.Tensor
    text: torch.Tensor
    pooled: torch.Tensor
    kind: torch.Tensor
    visual: torch.Tensor | None = None
    visual_of: torch.Tensor | None = None

    def __len__(self) -> int:
        return len(self.kind)

    def to(self, device: torch.device) -> Batch:
        """On another device; the copy does not wait."""
        moved = {field.name: getattr(self, field.name) for field in fields(self)}
        return Batch(**{n: v if v is None else v.to(device, non_blocking=True) for n, v in moved.items()})


@dataclass(frozen=True)
class View:
    """How one draw is shown: mirrored or not, and in which wording."""

    flip: bool
    sentence: str


def view_of(
    draw: Draw, edit_type: str, sentences: Sequence[str], seed: int, flip: float, phrasings: bool
) -> View:
    """The view of a draw, a function of the seed and the draw alone."""
    rng = rng_of(seed, draw.epoch, draw.row, draw.copy, "view")
    mirrored = float(rng.random()) < flip and may_flip(edit_type, list(sentences))
    sentence = sentences[int(rng.integers(len(sentences)))] if phrasings else sentences[0]
    return View(mirrored, sentence)
