"""The room that an item takes: its placed bounds, its outline on the ground, what it can carry, where it fits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import shapely
from scipy.spatial import ConvexHull, QhullError
from shapely import affinity

from anyedit.world.kinds import kind_of, parts_of
from anyedit.world.mesh import Array, affine, bounds_of
from anyedit.world.scene import Camera, Item, Scene, Vector

GAP = 0.02  # least distance between two items, as a share of the smaller one's size
TRIES = 48
HIDDEN = (
    0.2  # a place where a larger share of either item would be hidden is taken only when no better is left
)


def item_matrix(item: Item) -> Array:
    """The map from a kind's own frame to the world, float (4, 4): size, tilt, resting on the ground, yaw, position."""
    tilted = affine(turn=(-item.tilt, 0, 0), scale=item.size)
    if item.tilt:
        points = _points(*_built_key(item))
        tilted[2, 3] = -float((points @ tilted[2, :3]).min())
    return np.asarray(affine(move=item.position, turn=(0, 0, item.yaw)) @ tilted, float)


@dataclass(frozen=True)
class View:
    """An item's box in the picture: left, top, right, bottom in [0, 1], and its nearest and farthest metres."""

    x0: float
    y0: float
    x1: float
    y1: float
    near: float
    far: float

    @property
    def area(self) -> float:
        """Share of the picture."""
        return max(0.0, self.x1 - self.x0) * max(0.0, self.y1 - self.y0)

    def within(self, margin: float) -> bool:
        """Whether the box is inside the picture, `margin` (share) away from its border."""
        inside = min(self.x0, self.y0) >= margin and max(self.x1, self.y1) <= 1 - margin
        return inside and self.near > 0

    def hides(self, other: View) -> float:
        """Share of the smaller of the two boxes that both cover."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        if width <= 0 or height <= 0:
            return 0.0
        return width * height / max(min(self.area, other.area), 1e-9)


@dataclass(frozen=True)
class Footprint:
    """An item as placed. outline: convex hull on the ground, metres. low, high: lowest and highest point."""

    outline: shapely.Polygon
    low: float
    high: float

    @cached_property
    def size(self) -> float:
        """Diagonal of the bounding box, metres."""
        x0, y0, x1, y1 = self.outline.bounds
        return float(np.sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2 + (self.high - self.low) ** 2))

    @cached_property
    def ring(self) -> Array:
        """The corners of the outline, float (N, 2)."""
        return np.asarray(shapely.get_coordinates(self.outline)[:-1], float)

    def at(self, x: float, y: float) -> Footprint:
        """The same shape moved on the ground by (x, y)."""
        return Footprint(shapely.Polygon(self.ring + np.array([x, y])), self.low, self.high)

    def meets(self, other: Footprint, gap: float = 0.0) -> bool:
        """Whether two shapes run into each other or come nearer than `gap` metres; one above the other does not."""
        if self.low >= other.high - 1e-6 or other.low >= self.high - 1e-6:
            return False
        a, b = self.outline.bounds, other.outline.bounds
        if a[0] > b[2] + gap or b[0] > a[2] + gap or a[1] > b[3] + gap or b[1] > a[3] + gap:
            return False
        return float(shapely.distance(self.outline, other.outline)) <= gap

    def seen(self, camera: Camera, aspect: float = 1.0) -> View:
        """Where its bounds are in the picture."""
        return _seen(self.ring, self.low, self.high, camera, aspect)


def _seen(ring: Array, low: float, high: float, camera: Camera, aspect: float) -> View:
    """`Footprint.seen` of an outline's corners, float (N, 2)."""
    corners = np.empty((2, len(ring), 3))
    corners[..., :2] = ring
    corners[..., 2] = [[low], [high]]
    seen = project(camera, corners.reshape(-1, 3), aspect)
    (x0, y0, near), (x1, y1, far) = bounds_of(seen).tolist()
    return View(x0, y0, x1, y1, near, far)


@dataclass(frozen=True)
class Top:
    """A surface that carries other items. outline: convex, metres; z: its height; blocked: what rises above it."""

    outline: shapely.Polygon
    z: float
    blocked: shapely.geometry.base.BaseGeometry


def footprint(item: Item) -> Footprint:
    """The room that an item takes."""
    shape = _standing(*_built_key(item), item.tilt)
    x, y, z = item.position
    c, s = np.cos(np.radians(item.yaw)) * item.size, np.sin(np.radians(item.yaw)) * item.size
    ring = shape.ring @ np.array([[c, s], [-s, c]]) + np.array([x, y])
    return Footprint(shapely.Polygon(ring), z + shape.low * item.size, z + shape.high * item.size)


def top_of(item: Item) -> Top | None:
    """The surface that other things may stand on; None when its kind has none, or it lies tilted."""
    if item.tilt or kind_of(item.kind).surface_of is None:
        return None
    top = _carrying(*_built_key(item))
    if top is None:
        return None
    x, y, z = item.position

    def placed(shape: shapely.geometry.base.BaseGeometry) -> shapely.geometry.base.BaseGeometry:
        turned = affinity.rotate(affinity.scale(shape, item.size, item.size, origin=(0, 0)), item.yaw, (0, 0))
        return affinity.translate(turned, x, y)

    return Top(placed(top.outline), z + top.z * item.size, placed(top.blocked))


def overlaps(a: Item, b: Item, gap: float = 0.0) -> bool:
    """Whether two items run into each other, or come nearer than `gap` metres.

    An item overlaps its support where something rises above the support's surface (the back of a bench).
    """
    if a.on == b.id or b.on == a.id:
        upper, support = (a, b) if a.on == b.id else (b, a)
        top = top_of(support)
        return top is not None and footprint(upper).outline.intersects(top.blocked)
    return footprint(a).meets(footprint(b), gap)


def rest(item: Item, scene: Scene) -> Item:
    """The item resting on its support, or on the ground when it has none or is not above it."""
    x, y, _ = item.position
    top = top_of(scene.item(item.on)) if item.on is not None else None
    if top is None or not top.outline.covers(shapely.Point(x, y)):
        return Item.model_validate(item.but(position=(x, y, 0.0), on=None))
    return Item.model_validate(item.but(position=(x, y, round(top.z, 5))))


def clear(scene: Scene, item: Item) -> bool:
    """Whether the item runs into no other item of the scene."""
    return not any(overlaps(item, other) for other in scene.items if other.id != item.id)


def area_of(scene: Scene) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1): the rectangle, metres, where the scene's items may stand."""
    from anyedit.world.environments import environment_of

    environment = environment_of(scene.environment)
    return environment.area(str(scene.surroundings.get("scale", environment.scales[0])))


def project(camera: Camera, points: Array, aspect: float = 1.0) -> Array:
    """float (N, 3): x, y in [0, 1] of the picture from its upper left corner, and metres along the view.

    points: float (N, 3), world. aspect: width / height. Behind the camera (metres <= 0) x and y mean nothing.
    """
    forward, right, up = _axes(camera.origin, camera.target)
    offset = np.atleast_2d(points) - camera.origin
    along = offset @ forward
    half = np.tan(np.radians(camera.fov) / 2) * np.maximum(np.abs(along), 1e-6)
    x = 0.5 + offset @ right / half / max(aspect, 1) / 2 + camera.shift[0]
    y = 0.5 - offset @ up / half * min(aspect, 1) / 2 + camera.shift[1]
    return np.array([x, y, along]).T


@lru_cache(maxsize=64)  # dozens of places are looked at from one point
def _axes(origin: Vector, target: Vector) -> tuple[Array, Array, Array]:
    """Unit vectors (3,) of a camera: along its view, to the right, up."""
    forward = np.asarray(target, float) - np.asarray(origin, float)
    forward /= np.sqrt(forward @ forward)
    flat = max(float(np.hypot(forward[0], forward[1])), 1e-9)
    right = np.array([forward[1], -forward[0], 0.0]) / flat
    up = np.array([-forward[0] * forward[2] / flat, -forward[1] * forward[2] / flat, flat])
    return forward, right, up


def view_of(camera: Camera, item: Item, aspect: float = 1.0) -> View:
    """Where the item's bounds are in the picture."""
    return footprint(item).seen(camera, aspect)


def free_spot(
    scene: Scene,
    item: Item,
    rng: np.random.Generator,
    near: str | Vector | None = None,
    on: str | None = None,
    aspect: float = 1.0,
) -> Vector | None:
    """A place for the item that runs into nothing, inside the environment's area and the picture; None: none found.

    near: an item's id or a point that the place should be close to. on: id of the item to stand on (its surface
    must hold the whole item). The item's own position does not matter; its yaw, size and state do. When the
    item is already in the scene, its present place counts as free. Places where nothing is hidden come first.
    """
    top = None
    if on is not None:
        top = top_of(scene.item(on))
        if top is None:
            return None
    others = [
        (footprint(other), view_of(scene.camera, other, aspect))
        for other in scene.items
        if other.id not in (item.id, on) and other.on != item.id
    ]
    x0, y0, x1, y1 = top.outline.bounds if top else area_of(scene)
    z = round(top.z, 5) if top else 0.0
    centre = _centre(scene, near)
    shape = footprint(item.but(position=(0, 0, z)))
    best: tuple[float, Vector] | None = None
    for attempt in range(TRIES):
        uniform, normal = rng.random(2), rng.normal(size=2)  # both always: no try depends on another
        if centre is None:
            xy = np.array([x0, y0]) + uniform * [x1 - x0, y1 - y0]
        else:
            reach = (0.25 + attempt / TRIES) * 0.35 * np.hypot(x1 - x0, y1 - y0)
            xy = np.clip(centre + normal * reach, (x0, y0), (x1, y1))
        place = (round(float(xy[0]), 4), round(float(xy[1]), 4), z)
        view = _seen(shape.ring + np.array(place[:2]), shape.low, shape.high, scene.camera, aspect)
        if not view.within(0.01):  # first: it takes the least time
            continue
        candidate = shape.at(place[0], place[1])
        if top is not None and not (
            top.outline.covers(candidate.outline) and not candidate.outline.intersects(top.blocked)
        ):
            continue
        if any(candidate.meets(other, GAP * min(shape.size, other.size)) for other, _ in others):
            continue
        hidden = max((view.hides(seen) for _, seen in others), default=0.0)
        if hidden <= HIDDEN:
            return place
        if best is None or hidden < best[0]:
            best = (hidden, place)
    return best[1] if best is not None and best[0] < 0.75 else None


def _centre(scene: Scene, near: str | Vector | None) -> Array | None:
    if near is None:
        return None
    return np.asarray(scene.item(near).position if isinstance(near, str) else near, float)[:2]


def _built_key(item: Item) -> tuple[str, tuple[tuple[str, float], ...], str | None]:
    return item.kind, tuple(sorted(item.params.items())), item.state


@lru_cache(maxsize=512)
def _points(kind: str, params: tuple[tuple[str, float], ...], state: str | None) -> Array:
    """The corners of the item's convex hull, float (N, 3): what decides where it touches the ground."""
    return _hull(np.concatenate([part.mesh.vertices for part in parts_of(kind, dict(params), state)]), 3)


def _hull(points: Array, axes: int) -> Array:
    """The points that are corners of the convex hull in the first `axes` coordinates."""
    try:
        return np.asarray(points[ConvexHull(points[:, :axes]).vertices], float)
    except QhullError:  # flat: a poster, a rug
        return np.unique(points.round(6), axis=0)


@lru_cache(maxsize=1024)
def _standing(kind: str, params: tuple[tuple[str, float], ...], state: str | None, tilt: float) -> Footprint:
    """The footprint at size 1, yaw 0, at the origin."""
    if tilt:
        matrix = item_matrix(Item(id="-", kind=kind, params=dict(params), state=state, tilt=tilt))
        points = _points(kind, params, state) @ matrix[:3, :3].T + matrix[:3, 3]
    else:
        points = np.concatenate([part.mesh.vertices for part in parts_of(kind, dict(params), state)])
    low, high = float(points[:, 2].min()), float(points[:, 2].max())
    outline = shapely.MultiPoint(_hull(points, 2)[:, :2]).convex_hull.buffer(1e-5, quad_segs=1)
    outline = outline.simplify(1e-3 * float(np.ptp(bounds_of(points[:, :2]), axis=0).max()))
    return Footprint(outline, low, high)


@lru_cache(maxsize=256)
def _carrying(kind: str, params: tuple[tuple[str, float], ...], state: str | None) -> Top | None:
    """The carrying surface at size 1, yaw 0, at the origin."""
    name = kind_of(kind).surface_of
    parts = parts_of(kind, dict(params), state)
    carriers = [part.mesh for part in parts if part.name == name]
    if not carriers:
        return None
    z = max(float(mesh.bounds[1, 2]) for mesh in carriers)
    points = np.concatenate([mesh.vertices for mesh in carriers])
    depth = float(np.ptp(points[:, 2])) * 0.35 + 1e-4
    level = points[points[:, 2] >= z - depth]
    outline = shapely.MultiPoint(level[:, :2]).convex_hull
    outline = outline.buffer(-0.03 * float(np.sqrt(max(outline.area, 0.0))))
    if outline.is_empty or outline.area <= 0:
        return None
    above = []
    for part in parts:
        corners = part.mesh.vertices[part.mesh.faces]  # (F, 3, 3)
        high = corners[:, :, 2].max(1) > z + 0.004
        triangles = shapely.polygons(corners[high][:, :, :2])
        above.append(shapely.union_all(triangles[shapely.area(triangles) > 1e-9].tolist()))
    blocked = shapely.union_all(above).buffer(0.003)
    return Top(outline, z, blocked)
