"""Rules by a perceptual distance (LPIPS like): the change is seen where it was asked for, and nowhere else."""

from __future__ import annotations

import numpy as np

from anyedit.edits.base import Case, Rule
from anyedit.edits.evidence import fitted


def _apart(case: Case, *, outside: bool) -> float | None:
    tools, source = case.tools, case.view.picture
    if tools is None or not tools.has("perceptual"):
        return None
    edited = fitted(case.done.picture, source)
    mask = case.done.mask
    if outside:
        if mask.shape != source.shape[:2] or mask.mean() > 0.9:
            return None  # the whole picture was to change
        edited = np.where(mask[..., None], source, edited).astype(np.uint8)
    return float(tools.perceptual.distances([source], [edited])[0])


def change_seen(case: Case) -> float | None:
    """Perceptual distance of source and edited picture."""
    return _apart(case, outside=False)


def change_elsewhere(case: Case) -> float | None:
    """Perceptual distance that is left when the edit's mask is put back: what changed where nothing should."""
    return _apart(case, outside=True)


# Of the VGG distance of `small`; another engine's scale is another: `gates: {remove.perceptual change: [0.02, null]}`.
RULES = (
    Rule("perceptual change", change_seen, low=0.003),
    Rule("perceptual change elsewhere", change_elsewhere, high=0.05),
)
