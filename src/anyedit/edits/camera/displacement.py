"""How far a thing moved, as the picture shows it: what the gate of movement measures."""

from __future__ import annotations

import numpy as np

from anyedit.edits.base import Case
from anyedit.edits.evidence import frame_shown
from anyedit.edits.placing import centroid, relation_margin
from anyedit.world.render import Frame


def moved_as_named(case: Case) -> float | None:
    """How far the object's visible centre moved in the named direction, share of the picture (world).

    Beside an anchor: by how much the named relation holds; next to: 0.2 less the free gap between the two.
    """
    after, frame = frame_shown(case, case.params.target), getattr(case.view, "frame", None)
    if after is None or frame is None:
        return None
    old, new = centroid(frame, case.params.target), centroid(after, case.params.target)
    if old is None or new is None:
        return -1.0
    dx, dy = new[0] - old[0], new[1] - old[1]
    anchor, direction = case.params.anchor, case.params.direction
    if anchor is not None:
        if max(abs(dx), abs(dy)) < 0.02:
            return 0.0
        if direction == "next to":
            return 0.2 - free_columns(after, case.params.target, anchor)
        return relation_margin(after, case.params.target, anchor, direction)
    return {"left": -dx, "right": dx, "closer": dy, "further": -dy}[case.params.direction]


def free_columns(frame: Frame, first: str, second: str) -> float:
    """Free columns between two things, share of the picture's width; 1 when one is not seen."""
    spans = [np.flatnonzero(frame.mask(item_id).any(0)) for item_id in (first, second)]
    if not len(spans[0]) or not len(spans[1]):
        return 1.0
    free = max(spans[1][0] - spans[0][-1], spans[0][0] - spans[1][-1], 0)
    return float(free) / float(frame.parts.shape[1])
