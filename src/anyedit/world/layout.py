"""Composing scenes: a subject, what stands around it, where it happens, in which light, seen from where.

`sample_scene` is a function of (seed, index, wishes). Every decision draws from its own stream. A composition
is accepted by measuring it: ids are rendered small, and what cannot be seen well is left out or tried anew.
"""

from __future__ import annotations

import numpy as np

from anyedit.errors import AnyEditError
from anyedit.world.company import LEAST_SHARE
from anyedit.world.draft import Draft
from anyedit.world.footprints import view_of
from anyedit.world.kinds import kind_of
from anyedit.world.scene import Camera, Scene
from anyedit.world.wishes import Wishes, has

TRIES = 12
SUBJECT_SHARES = (0.04, 0.45)


def sample_scene(seed: int, index: int, wishes: Wishes | None = None) -> Scene:
    """The scene number `index` of a seed.

    Every item covers at least 0.4% of the picture and the subject (the first item) 4% to 45%, measured in the
    id picture. Raises AnyEditError when 12 compositions fail.
    """
    wishes = wishes or Wishes()
    reason = ""
    for attempt in range(TRIES):
        draft = Draft((seed, index, *((attempt,) if attempt else ())), wishes)
        scene = draft.compose()
        if scene is None:
            reason = draft.reason
            continue
        accepted, reason = _seen(scene, wishes)
        if accepted is not None:
            return accepted
    raise AnyEditError(
        f"no scene for seed {seed}, index {index} in {TRIES} tries ({reason}); "
        f"ask for fewer items or other kinds: {wishes}"
    )


def _seen(scene: Scene, wishes: Wishes) -> tuple[Scene | None, str]:
    """The scene without what hardly shows, or None with the reason when the rest is not what was wished."""
    from anyedit.world.render import item_shares

    for correction in (True, False):
        shares = item_shares(scene, aspect=wishes.aspect)
        subject = shares[scene.items[0].id]
        low, high = SUBJECT_SHARES
        if low <= subject <= high:
            break
        if not correction:
            return None, f"the subject covers {subject:.1%} of the picture"
        goal = min(max(subject, low * 1.8), high * 0.7)
        scene = scene.but(
            camera=_nearer(scene.camera, float(np.clip(np.sqrt(goal / max(subject, 0.004)), 0.4, 2.2)))
        )
    hidden = [item_id for item_id, share in shares.items() if share < LEAST_SHARE]
    hidden += [
        item.id
        for item in scene.items[1:]
        if item.id not in hidden and not view_of(scene.camera, item, wishes.aspect).within(-0.04)
    ]
    scene = scene.without(*hidden) if hidden else scene
    if len(scene.items) < wishes.items[0]:
        return None, f"only {len(scene.items)} items are seen"
    return (scene, "") if _fulfilled(scene, wishes) else (None, "what was wished is not seen")


def _fulfilled(scene: Scene, wishes: Wishes) -> bool:
    shown = [item.kind for item in scene.items]
    if not set(wishes.kinds) <= set(shown):
        return False
    return all(any(has(kind_of(name), need) for name in shown) for need in wishes.needs)


def _nearer(camera: Camera, factor: float) -> Camera:
    """The camera nearer by a factor (below 1: farther) along its view."""
    target, offset = np.asarray(camera.target), np.subtract(camera.origin, camera.target) / factor
    offset[2] = max(offset[2], 0.02 - target[2])
    return Camera.model_validate(camera.but(origin=tuple(np.round(target + offset, 4).tolist())))
