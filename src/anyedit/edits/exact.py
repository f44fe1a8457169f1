"""Edits of world scenes: render the rewritten scene and join it with the source so that the pair is exact."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from anyedit.edits.base import EditType, Mask, Outcome
from anyedit.language import listed
from anyedit.world import describe
from anyedit.world.pair import exact_edit
from anyedit.world.render import Frame, render
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.edits.views import WorldView

ENGINE = "world (Mitsuba 3, Open Image Denoise)"


def rewritten(kind: EditType, view: WorldView, params: Any) -> Outcome:
    """The outcome of a type's `rewrite` on a world source."""
    return outcome_of(kind, view, kind.rewrite(view.scene, params), params)


def outcome_of(kind: EditType, view: WorldView, scene: Scene, params: Any) -> Outcome:
    """Render the scene after the edit and join it with the source picture."""
    after = render(scene, view.settings)
    joined = exact_edit(view.frame, after, view.picture)
    outcome = Outcome(
        picture=joined.picture,
        mask=kind.mask_of(view.frame, after, params),
        influence=joined.influence,
        scene=after.scene,
        after=after,
        engines=(ENGINE,),
    )
    return replace(outcome, visual_prompt=kind.visual_prompt(view, outcome, params))


def changed_items(before: Scene, after: Scene) -> set[str]:
    """Ids of the items that were added, removed or changed."""
    old = {item.id: item for item in before.items}
    new = {item.id: item for item in after.items}
    return {item_id for item_id in old | new if old.get(item_id) != new.get(item_id)}


def changed_mask(before: Frame, after: Frame) -> Mask:
    """bool (H, W): where an item that differs is seen, before or after; everything when no item differs."""
    changed = changed_items(before.scene, after.scene)
    if not changed:
        return np.ones(before.parts.shape, bool)
    mask = np.zeros(before.parts.shape, bool)
    for item_id in sorted(changed):
        mask |= before.mask(item_id) | after.mask(item_id)
    return mask


def caption_of_change(view: WorldView, scene: Scene, *items: str) -> str:
    """The caption after these items changed; what the scene's caption is too short to tell of that, is added."""
    caption = describe.caption(scene)
    untold = []
    for name in items:
        old, new = (describe.modifiers(state.item(name)) for state in (view.scene, scene))
        front, back = (
            [word for word in now if word not in before] for before, now in zip(old, new, strict=True)
        )
        told = _words(caption) >= _words(" ".join((*front, *back)))
        if not told or caption == view.caption:
            noun = f"the {' '.join((*front, scene.item(name).kind))}"
            untold.append(
                " ".join((noun, *back)) if front or back else describe.noun_phrase(scene.item(name))
            )
    return f"{caption.rstrip('.')}, with {listed(untold)}." if untold else caption


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
