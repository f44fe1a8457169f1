"""Where things stand as the camera sees them: directions, projection, moves that carry what is on top."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage

from anyedit.edits.views import WorldView
from anyedit.world import footprints
from anyedit.world.render import Frame, item_shares
from anyedit.world.scene import Camera, Item, Scene, Vector

Point = npt.NDArray[np.float64]
SLACK = 0.08  # how far outside the usual area a thing may be put, share of the area's circumference
Relation = Literal["to the left of", "to the right of", "in front of", "behind", "on top of"]


def ground_axes(camera: Camera) -> tuple[Point, Point]:
    """Unit vectors on the ground, (3,) each: to the picture's right, and away from the camera."""
    forward = np.subtract(camera.target, camera.origin).astype(float)
    away = np.array([forward[0], forward[1], 0.0])
    length = np.linalg.norm(away)
    away = away / length if length > 1e-9 else np.array([0.0, 1.0, 0.0])
    return np.array([away[1], -away[0], 0.0]), away


def project(camera: Camera, point: Vector | Point, aspect: float = 1.0) -> tuple[float, float, float]:
    """(x, y) in [0, 1] of the picture from its upper left corner, and metres along the view, of one point."""
    x, y, along = footprints.project(camera, np.asarray(point, float)[None], aspect)[0].tolist()
    return x, y, along


def aspect_of(frame: Frame) -> float:
    """Width over height of the picture."""
    height, width = frame.parts.shape
    return float(width) / float(height)


def carried(scene: Scene, item_id: str) -> tuple[str, ...]:
    """The item and everything that stands on it, directly or not."""
    ids = [item_id]
    for current in ids:
        ids += [item.id for item in scene.items if item.on == current]
    return tuple(ids)


def moved(scene: Scene, item_id: str, position: Vector, on: str | None) -> Scene:
    """The scene with an item at another place, and what stands on it moved along."""
    shift = np.subtract(position, scene.item(item_id).position)
    for other in carried(scene, item_id)[1:]:
        x, y, z = np.round(np.add(scene.item(other).position, shift), 5).tolist()
        scene = scene.changed(other, position=(x, y, z))
    return scene.changed(item_id, position=position, on=on)


def turned(scene: Scene, item_id: str, angle: float) -> Scene:
    """The scene with an item turned by `angle` degrees about its own axis, and what stands on it with it."""
    centre = np.asarray(scene.item(item_id).position)
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    for other in carried(scene, item_id):
        item = scene.item(other)
        dx, dy = np.subtract(item.position, centre)[:2]
        x, y = centre[0] + c * dx - s * dy, centre[1] + s * dx + c * dy
        place = (round(float(x), 5), round(float(y), 5), item.position[2])
        scene = scene.changed(other, yaw=round((item.yaw + angle) % 360, 3), position=place)
    return scene


def centroid(frame: Frame, item_id: str) -> tuple[float, float] | None:
    """(x, y) in [0, 1] of the picture, of where the item is seen; None when it is not."""
    rows, columns = np.nonzero(frame.mask(item_id))
    if not len(rows):
        return None
    height, width = frame.parts.shape
    return float(columns.mean() + 0.5) / width, float(rows.mean() + 0.5) / height


def length_words(metres: float) -> str:
    """A length as people say it: "20 centimetres", "half a metre", "2 metres"."""
    if metres < 0.45:
        return f"{max(1, round(metres * 20)) * 5} centimetres"
    if metres < 0.75:
        return "half a metre"
    if metres < 1.25:
        return "one metre"
    halves = round(metres * 2) / 2
    return f"{halves:g} metres"


def extent(item: Item) -> tuple[Point, Point]:
    """Lowest and highest corner (3,) of an item in the world, metres."""
    taken = footprints.footprint(item)
    x0, y0, x1, y1 = taken.outline.bounds
    return np.array([x0, y0, taken.low]), np.array([x1, y1, taken.high])


def radius(item: Item) -> float:
    """Half of the item's larger extent on the ground, metres."""
    low, high = extent(item)
    return float(max(high[:2] - low[:2]) / 2)


def seen_after(view: WorldView, scene: Scene, target: str, least: float = 0.5, others: float = 0.4) -> bool:
    """Whether a changed scene still shows its things.

    The target's middle is well inside and it keeps `least` of its share, the other named things `others`.
    """
    if not well_inside(scene, target, aspect_of(view.frame)):
        return False
    shares = item_shares(scene, aspect=aspect_of(view.frame))
    if shares.get(target, 0.0) < max(0.006, least * view.shares[target]):
        return False
    return all(
        shares.get(item.id, 0.0) >= others * view.shares[item.id]
        for item in view.visible
        if item.id != target
    )


def beside(scene: Scene, target: str, anchor: str, relation: Relation, gap: float) -> Scene | None:
    """The scene with the target in this relation to the anchor, or None when there is no way.

    gap: metres between the two. On top means in the middle of the anchor's upper surface.
    """
    item, other = scene.item(target), scene.item(anchor)
    on: str | None
    if target in (anchor, other.on) or anchor in carried(scene, target):
        return None
    if relation == "on top of":
        top = footprints.top_of(other)
        if top is None:
            return None
        middle = top.outline.centroid
        place = np.array([middle.x, middle.y, top.z])
        on = anchor
    else:
        right, away = ground_axes(scene.camera)
        step = {"to the left of": -right, "to the right of": right, "in front of": -away, "behind": away}[
            relation
        ]
        reach = _half_along(item, step) + _half_along(other, step) + gap
        place = np.asarray(other.position) + step * reach
        on = other.on
    x, y, z = np.round(place, 4).tolist()
    return moved(scene, target, (x, y, z), on)


def _half_along(item: Item, step: Point) -> float:
    low, high = extent(item)
    return float(np.abs(step[:2]) @ (high[:2] - low[:2])) / 2


def well_inside(scene: Scene, item_id: str, aspect: float, border: float = 0.1) -> bool:
    """Whether the middle of the item is `border` (share) inside the picture, and before the camera."""
    x, y, distance = project(scene.camera, np.mean(extent(scene.item(item_id)), axis=0), aspect)
    return border < x < 1 - border and border < y < 1 - border and distance > 0


def relation_margin(frame: Frame, target: str, anchor: str, relation: Relation) -> float:
    """How clearly a relation holds in the instance map, positive when it does; -1 when a thing is not seen.

    Left and right: distance of the visible centres over the picture's width. In front and behind: difference
    of the median depths over the nearer one. On top: how much higher the target's lowest pixels are, over the
    picture's height, when it borders on the anchor and rests on it.
    """
    places = centroid(frame, target), centroid(frame, anchor)
    if places[0] is None or places[1] is None:
        return -1.0
    tx, ax = places[0][0], places[1][0]
    masks = frame.mask(target), frame.mask(anchor)
    if relation in ("to the left of", "to the right of"):
        return ax - tx if relation == "to the left of" else tx - ax
    if relation in ("in front of", "behind"):
        near = [float(np.median(frame.depth[mask])) for mask in masks]
        margin = (near[1] - near[0]) / min(near)
        return margin if relation == "in front of" else -margin
    grown = ndimage.binary_dilation(masks[1], iterations=3)
    touches = bool((grown & masks[0]).any()) and frame.scene.item(target).on == anchor
    lowest = [float(np.flatnonzero(mask.any(1))[-1]) / mask.shape[0] for mask in masks]
    return lowest[1] - lowest[0] if touches else -1.0


def clear(scene: Scene, item_id: str) -> bool:
    """Whether an item, and what stands on it, is where it may be and runs into nothing.

    What stands on something keeps its middle over that surface; what stands on the ground stays in the
    surroundings' area, with a little slack.
    """
    item, group = scene.item(item_id), carried(scene, item_id)
    middle = shapely.Point(item.position[:2])
    if item.on is not None:
        top = footprints.top_of(scene.item(item.on))
        if top is None or not top.outline.covers(middle):
            return False
    else:
        area = shapely.box(*footprints.area_of(scene))
        if area.distance(middle) > SLACK * area.length:
            return False
    others = [other for other in scene.items if other.id not in group]
    return not any(footprints.overlaps(scene.item(own), other) for own in group for other in others)
