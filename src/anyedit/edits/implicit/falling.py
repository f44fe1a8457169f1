"""Causes that move things: falling over, rolling, being taken, flying away."""

from __future__ import annotations

import numpy as np

from anyedit.edits.implicit.cause import Applies, Follows, befalling
from anyedit.edits.placing import carried, clear, ground_axes, moved, radius, well_inside
from anyedit.world.kinds import kind_of
from anyedit.world.scene import Item, Scene


def _knocked(scene: Scene, item: Item) -> Scene:
    state = kind_of(item.kind).effects.get("knock")
    return scene.changed(item.id, state=state) if state else scene.changed(item.id, tilt=90.0)


def _may_fall(scene: Scene, item: Item) -> bool:
    kind = kind_of(item.kind)
    if not (kind.topples or "knock" in kind.effects) or item.tilt or len(carried(scene, item.id)) > 1:
        return False
    return _knocked(scene, item) != scene and clear(_knocked(scene, item), item.id)


def _rolled(side: int) -> Follows:
    def follows(scene: Scene, item: Item) -> Scene:
        right, _ = ground_axes(scene.camera)
        way = right * side * 4 * radius(item)
        x, y, z = np.round(np.asarray(item.position) + way, 4).tolist()
        turn = round((item.yaw + 140 * side) % 360, 2)
        return moved(scene, item.id, (x, y, z), item.on).changed(item.id, yaw=turn)

    return follows


def _may_roll(side: int) -> Applies:
    def applies(scene: Scene, item: Item) -> bool:
        if not kind_of(item.kind).rolls:
            return False
        after = _rolled(side)(scene, item)
        return well_inside(after, item.id, aspect=1.0) and clear(after, item.id)

    return applies


befalling("knock", "someone knocks {object} over", "someone has knocked {object} over", _may_fall, _knocked)
befalling(
    "roll left", "{object} rolls to the left", "{object} has rolled to the left", _may_roll(-1), _rolled(-1)
)
befalling(
    "roll right", "{object} rolls to the right", "{object} has rolled to the right", _may_roll(1), _rolled(1)
)
befalling(
    "taken",
    "someone takes {object} away",
    "someone has taken {object} away",
    lambda scene, item: (
        kind_of(item.kind).scale == "tabletop" and len(carried(scene, item.id)) == 1 and len(scene.items) > 1
    ),
    lambda scene, item: scene.without(item.id),
)
befalling(
    "flies away",
    "{object} flies away",
    "{object} has flown away",
    lambda scene, item: (
        any(word in item.kind for word in ("bird", "parrot", "gull", "pigeon", "butterfly"))
        and len(scene.items) > 1
    ),
    lambda scene, item: scene.without(item.id),
)
