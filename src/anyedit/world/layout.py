"""Composing scenes: a subject, what stands around it, where it happens, in which light, seen from where.

`sample_scene` is a function of (seed, index, wishes). Every decision draws from its own stream. A composition
is accepted by measuring it: ids are rendered small, and what cannot be seen well is left out or tried anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from anyedit.errors import AnyEditError, nearest
from anyedit.seeds import rng_of, seed_of
from anyedit.world import concepts
from anyedit.world.colours import COLOURS
from anyedit.world.environments import ENVIRONMENTS, SCALES, Environment, environment_of
from anyedit.world.footprints import area_of, clear, footprint, free_spot, top_of, view_of
from anyedit.world.kinds import Kind, kind_of, kinds
from anyedit.world.mesh import Array
from anyedit.world.scene import Camera, Item, Scene

TRIES = 12
VARIANTS = (
    6  # shapes of a kind under one seed: building one costs more than placing ten, and builds are cached
)
LEAST_SHARE = 0.004  # of the picture, for every item
SUBJECT_SHARES = (0.04, 0.45)
SCALE_CHANCES = {"tabletop": 0.4, "room": 0.28, "outdoor": 0.32}
TIME_CHANCES = {"noon": 0.42, "morning": 0.26, "golden hour": 0.22, "sunset": 0.05, "night": 0.05}
WEATHER_CHANCES = {"clear": 0.82, "cloudy": 0.1, "fog": 0.03, "rain": 0.03, "snow": 0.02}
SEASON_CHANCES = {"summer": 0.42, "spring": 0.25, "autumn": 0.23, "winter": 0.1}
PATTERN_CHANCES = {
    "stripes": 3,
    "dots": 3,
    "checks": 2,
    "stars": 1,
    "zigzag": 1,
    "hearts": 1,
    "plaid": 1,
    "flowers": 1,
}
PATTERNED = (
    "fabric",
    "ceramic",
    "porcelain",
    "paper",
    "cardboard",
    "plastic",
    "wool",
    "matte paint",
    "rubber",
)

NEEDS = ("effects", "repeats", "rolls", "states", "surface_of", "text", "topples", "wears")


@dataclass(frozen=True)
class Wishes:
    """What a scene should provide.

    environment: a name or a tag ("kitchen", "outdoor"). scale: tabletop, room or outdoor. kinds: each is there,
    the largest is the subject. needs: facts of `Kind`, each true of some item, the first of the subject.
    counterfactual: drawn against the concept bias. items: least and most items. aspect: width / height.
    """

    environment: str | None = None
    scale: str | None = None
    kinds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    counterfactual: bool = False
    items: tuple[int, int] = (3, 6)
    aspect: float = 1.0

    def __post_init__(self) -> None:
        if self.scale is not None and self.scale not in SCALES:
            raise AnyEditError(f"wishes: no scale '{self.scale}'{nearest(self.scale, SCALES)}")
        for need in self.needs:
            if need not in NEEDS:
                raise AnyEditError(f"wishes: kinds say nothing of '{need}'{nearest(need, NEEDS)}")
        if not 1 <= self.items[0] <= self.items[1]:
            raise AnyEditError(
                f"wishes: items {self.items}: the least must be 1 or more, and no more than the most"
            )
        known = {*ENVIRONMENTS, *(tag for place in ENVIRONMENTS.values() for tag in place.tags)}
        if self.environment is not None and self.environment not in known:
            raise AnyEditError(
                f"wishes: no environment or tag '{self.environment}'{nearest(self.environment, known)}"
            )
        for name in self.kinds:
            kind_of(name)

    def but(self, **changes: object) -> Wishes:
        """The wishes with some changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def sample_scene(seed: int, index: int, wishes: Wishes | None = None) -> Scene:
    """The scene number `index` of a seed.

    Every item covers at least 0.4% of the picture and the subject (the first item) 4% to 45%, measured in the
    id picture. Raises AnyEditError when 12 compositions fail.
    """
    wishes = wishes or Wishes()
    reason = ""
    for attempt in range(TRIES):
        draft = _Draft((seed, index, *((attempt,) if attempt else ())), wishes)
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


# --- acceptance -------------------------------------------------------------------------------------------


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
    return all(any(_has(kind_of(name), need) for name in shown) for need in wishes.needs)


def _nearer(camera: Camera, factor: float) -> Camera:
    """The camera nearer by a factor (below 1: farther) along its view."""
    target, offset = np.asarray(camera.target), np.subtract(camera.origin, camera.target) / factor
    offset[2] = max(offset[2], 0.02 - target[2])
    return Camera.model_validate(camera.but(origin=tuple(np.round(target + offset, 4).tolist())))


# --- what fits where --------------------------------------------------------------------------------------


def _has(kind: Kind, need: str) -> bool:
    if need == "states":
        return len(kind.states) > 1 and bool(kind.verbs)
    value = getattr(kind, need)
    return value is not None and bool(value)


@dataclass(frozen=True)
class Build:
    """How a kind is built, with middling parameters in its usual state. Lengths in metres.

    stature: how large it looks, the square root of its width (seen from anywhere) times its height. solidity:
    roughly the share of its bounding box, seen from the front, that it covers.
    """

    width: float
    depth: float
    height: float
    stature: float
    solidity: float


BUILDS = Path(__file__).with_name("builds.json")  # written by `python -m anyedit.world.builds`


@cache
def build_of(name: str) -> Build:
    """The build of a kind: of a built-in one from `builds.json`, else measured."""
    stored = _stored().get(name)
    return Build(*stored) if stored else measured_build(name)


@cache
def _stored() -> dict[str, list[float]]:
    """Builds of the built-in kinds. Measuring them all takes seconds in every process, so they are kept."""
    found: dict[str, list[float]] = json.loads(BUILDS.read_text())
    return found


def measured_build(name: str) -> Build:
    """The build of a kind, from a mesh made apart from the cached parts: these are not the ones that scenes show."""
    kind = kind_of(name)
    params = {key: (low + high) / 2 for key, (low, high) in kind.params.items()}
    parts = kind.build(params, kind.states[0] if kind.states else None)
    corners = np.concatenate([part.mesh.vertices[part.mesh.faces] for part in parts])  # (F, 3, 3)
    width, depth, height = (corners.max((0, 1)) - corners.min((0, 1))).tolist()
    stature = float(np.sqrt((width + depth) / 2 * max(height, 0.3 * max(width, depth))))
    return Build(width, depth, height, stature, _solidity(corners[:, :, (0, 2)]))


def _solidity(triangles: Array, coarse: int = 6, fine: int = 4) -> float:
    """Share of their bounding box that triangles, float (F, 3, 2), cover, from areas in a coarse grid."""
    low, high = triangles.min((0, 1)), triangles.max((0, 1))
    side = coarse * fine
    cells = ((triangles.mean(1) - low) / np.maximum(high - low, 1e-9) * (side - 0.01)).astype(int)
    (ax, ay), (bx, by) = (triangles[:, 1] - triangles[:, 0]).T, (triangles[:, 2] - triangles[:, 0]).T
    area = np.bincount(cells[:, 0] * side + cells[:, 1], np.abs(ax * by - ay * bx) / 2, side**2)
    blocks = area.reshape(coarse, fine, coarse, fine).sum((1, 3)) / 2  # front and back: each half
    box = float(np.prod(high - low))
    return float(np.clip(np.minimum(blocks, box / coarse**2).sum() / max(box, 1e-12), 0.15, 0.9))


def _fits(kind: Kind, scale: str, environment: Environment) -> bool:
    """Whether a thing of this kind may stand on the ground of such a scene."""
    if kind.scale == scale:
        return True
    if scale == "outdoor":
        return kind.scale == "room" and not environment.indoor
    return scale == "room" and kind.scale == "tabletop" and build_of(kind.name).stature >= 0.2


# --- the composition --------------------------------------------------------------------------------------


class _Draft:
    """One composition in the making; `key` is its stream key."""

    def __init__(self, key: tuple[int, ...], wishes: Wishes) -> None:
        self.key, self.wishes, self.reason = key, wishes, ""

    def rng(self, *purpose: str | int) -> np.random.Generator:
        """A stream of its own for one decision."""
        return rng_of(*self.key, "layout", *purpose)

    def compose(self) -> Scene | None:
        """A scene, or None with `reason` set."""
        against = self._against()
        place = self._place(against["context"])
        if place is None:
            return None
        environment, scale, subject_kind = place
        scene = Scene(
            seed=seed_of(*self.key, "render") % 2**31,
            environment=environment.name,
            surroundings=environment.sample(*self.key, scale=scale),
            camera=Camera(origin=(0, -1, 1), target=(0, 0, 0)),
            items=(),
        )
        scene = scene.but(**self._light(environment))
        subject = self._item(subject_kind, 1, "subject", against)
        subject = subject.but(position=self._middle(scene), yaw=self._yaw(subject_kind, "subject"))
        scene = scene.but(items=(subject,), camera=self._camera(subject, scale))
        scene = self._furnish(scene, subject, environment, scale, against)
        if len(scene.items) < self.wishes.items[0]:
            self.reason = f"room for only {len(scene.items)} items"
            return None
        return scene

    def _against(self) -> dict[str, bool]:
        """Which pairings of the subject go against the bias: at least one in a counterfactual scene."""
        names = concepts.AXES
        if not self.wishes.counterfactual:
            return dict.fromkeys(names, False)
        chosen = self.rng("against").random(len(names)) < (0.6, 0.5, 0.5)
        chosen[int(self.rng("against at least").integers(len(names)))] = True
        return {name: bool(flag) for name, flag in zip(names, chosen, strict=True)}

    def _place(self, against: bool) -> tuple[Environment, str, Kind] | None:
        """Environment, scale and the subject's kind, by their chances together."""
        wishes = self.wishes
        pairs: dict[str, float] = {}
        for environment in ENVIRONMENTS.values():
            called = (environment.name,) if wishes.environment in ENVIRONMENTS else environment.tags
            if wishes.environment is not None and wishes.environment not in called:
                continue
            for scale in environment.scales:
                if wishes.scale in (None, scale) and self._possible(environment, scale):
                    pairs[f"{environment.name}/{scale}"] = SCALE_CHANCES[scale]
        if not pairs:
            self.reason = "no environment serves these wishes"
            return None
        in_scale = {scale: sum(pair.endswith("/" + scale) for pair in pairs) for scale in SCALES}
        pairs = {pair: chance / in_scale[pair.rpartition("/")[2]] for pair, chance in pairs.items()}
        name, _, scale = concepts.pick(self.rng("environment"), pairs).rpartition("/")
        environment = environment_of(name)
        chances = {
            kind.name: concepts.context_chances(kind, ENVIRONMENTS)[name]
            for kind in self._subjects(environment, scale)
        }
        if against:  # the least usual kinds there, not the least usual single pair: coverage grows evenly
            chances = {kind: concepts.affinity(kind_of(kind), environment) for kind in chances}
        kind = concepts.pick(self.rng("subject"), chances, against)
        return environment, scale, kind_of(kind)

    def _possible(self, environment: Environment, scale: str) -> bool:
        return bool(self._subjects(environment, scale)) and all(
            _fits(kind_of(name), scale, environment) for name in self.wishes.kinds
        )

    def _subjects(self, environment: Environment, scale: str) -> list[Kind]:
        """The kinds that may be the subject there."""
        if self.wishes.kinds:  # the largest, so that the picture has room for the others
            kind = kind_of(max(self.wishes.kinds, key=lambda name: build_of(name).stature))
            return [kind] if _fits(kind, scale, environment) else []
        need = self.wishes.needs[0] if self.wishes.needs else None
        return [
            kind
            for kind in kinds().values()
            if _fits(kind, scale, environment)
            and (need is None or _has(kind, need))
            and (kind.scale == scale or self.rng("smaller subject").random() < 0.6)
        ]

    def _light(self, environment: Environment) -> dict[str, str]:
        """Time, weather and season."""
        times = dict(TIME_CHANCES)
        if "night city" in environment.tags:
            times["night"] = 0.4
        seasons = dict(SEASON_CHANCES)
        if environment.name == "snowfield":
            seasons = {"winter": 1.0}
        weathers = dict(WEATHER_CHANCES)
        if environment.indoor or environment.name in ("desert", "beach"):
            weathers = {"clear": 1.0}
        season = concepts.pick(self.rng("season"), seasons)
        weather = concepts.pick(self.rng("weather"), weathers)
        if weather == "snow":
            season = "winter"
        return {"time": concepts.pick(self.rng("time"), times), "weather": weather, "season": season}

    def _middle(self, scene: Scene) -> tuple[float, float, float]:
        """The subject's place: near the middle of the area, a little to the front."""
        x0, y0, x1, y1 = area_of(scene)
        rng = self.rng("middle")
        x = (x0 + x1) / 2 + rng.uniform(-0.1, 0.1) * (x1 - x0)
        y = (y0 + y1) / 2 + rng.uniform(-0.15, 0.05) * (y1 - y0)
        return round(float(x), 4), round(float(y), 4), 0.0

    def _yaw(self, kind: Kind, purpose: str) -> float:
        """Three quarters towards the camera; long things (cars, dogs) show their side."""
        rng = self.rng("yaw", purpose)
        side = 1 if rng.random() < 0.5 else -1
        shape = build_of(kind.name)
        low, high = (28, 68) if shape.depth > 1.5 * shape.width else (4, 36)
        return round(float(side * rng.uniform(low, high)), 2)

    def _camera(self, subject: Item, scale: str) -> Camera:
        """Framed on the subject: slightly from above, off the middle by a part of a third."""
        rng = self.rng("camera")
        azimuth, lift, fill, fov, dx, dy, lens, aperture = rng.random(8)
        shape = footprint(subject)
        height = shape.high - shape.low
        x0, y0, x1, y1 = shape.outline.bounds
        spread = max(x1 - x0, y1 - y0)
        low, high = {"tabletop": (17, 34), "room": (10, 22), "outdoor": (5, 14)}[scale]
        elevation = np.radians(low + lift * (high - low))
        turn = np.radians(-22 + 44 * azimuth)
        angle = 30 + 12 * fov
        share = 0.42 + 0.2 * fill  # of the picture's side that the subject spans
        size = max(height, 0.82 * spread, 0.35 * np.hypot(height, spread))
        half = np.tan(np.radians(angle) / 2)
        right = np.array([np.cos(turn), np.sin(turn), 0.0])
        back = np.array(
            [np.sin(turn) * np.cos(elevation), -np.cos(turn) * np.cos(elevation), np.sin(elevation)]
        )
        x, y, z = subject.position

        def at(distance: float) -> Camera:
            side = 2 * half * distance  # metres that the picture spans at the subject
            target = np.array([x, y, z + height * 0.5]) + right * (dx - 0.5) * 0.26 * side
            target[2] = max(target[2] + (0.02 + 0.1 * dy) * side * 0.5, 0.3 * height)
            soft = scale == "tabletop" and lens < 0.4
            return Camera(
                origin=tuple(np.round(target + back * distance, 4).tolist()),
                target=tuple(np.round(target, 4).tolist()),
                fov=round(float(angle), 2),
                aperture=round(float(distance * (0.006 + 0.008 * aperture)), 5) if soft else 0.0,
            )

        distance = size / share / (2 * half) + 0.35 * spread
        solid = build_of(subject.kind).solidity
        for _ in range(3):  # until what it covers is between 9% and 26%, and it is inside the picture
            view = view_of(at(distance), subject, self.wishes.aspect)
            covered = max(view.area * solid, 1e-4)
            goal = float(np.clip(covered, 0.09 + 0.04 * fill, 0.26))
            over = max(view.x1 - view.x0, view.y1 - view.y0) * np.sqrt(goal / covered) / 0.8
            distance *= np.sqrt(covered / goal) * max(1.0, over)
        return at(distance)

    def _furnish(
        self, scene: Scene, subject: Item, environment: Environment, scale: str, against: dict[str, bool]
    ) -> Scene:
        """The scene with other items placed, as many as there is room for up to the wished number."""
        least, most = self.wishes.items
        wanted = int(self.rng("how many").integers(least, most + 1))
        total = len(scene.items)
        for slot, kind in enumerate(self._company(subject, environment, scale, wanted)):
            if total >= wanted:
                break
            twins = self._twins(kind, slot, wanted - total)
            first: Item | None = None
            for twin in range(twins):
                number = 1 + sum(item.kind == kind.name for item in scene.items)
                item = self._item(kind, number, f"{slot}-{twin}", dict.fromkeys(concepts.AXES, False))
                if first is not None and self.rng("same look", slot).random() < 0.6:
                    item = item.but(**{name: getattr(first, name) for name in _LOOK})
                item = item.but(yaw=self._yaw(kind, f"{slot}-{twin}"))
                placed = self._placed(scene, item, subject, slot, twin)
                if placed is None:
                    continue
                first = first or placed
                scene, total = scene.with_item(placed), total + 1
        return scene

    def _placed(self, scene: Scene, item: Item, subject: Item, slot: int, twin: int) -> Item | None:
        """The item at a free place: on a support when it fits and the stream says so, else on the ground."""
        rng = self.rng("spot", slot, twin)
        climbs = rng.random() < 0.6
        for support in scene.items if climbs else ():
            top = top_of(support)
            if top is not None and build_of(item.kind).stature < 0.75 * build_of(support.kind).stature:
                spot = free_spot(scene, item, rng, on=support.id, aspect=self.wishes.aspect)
                if spot is not None:
                    return Item.model_validate(item.but(position=spot, on=support.id))
        if kind_of(item.kind).scale == "tabletop" and scene.surroundings["scale"] == "outdoor":
            return None
        spot = free_spot(scene, item, rng, near=subject.id, aspect=self.wishes.aspect)
        if spot is None:
            return None
        placed = Item.model_validate(item.but(position=spot))
        large = view_of(scene.camera, placed, self.wishes.aspect).area
        return placed if large > 2.5 * LEAST_SHARE and clear(scene, placed) else None

    def _company(self, subject: Item, environment: Environment, scale: str, wanted: int) -> list[Kind]:
        """The kinds of the other items, most important first: wished ones, then what is usual there."""
        chosen = [kind_of(name) for name in self.wishes.kinds if name != subject.kind]
        stature = build_of(subject.kind).stature

        def comparable(kind: Kind) -> bool:
            return 0.3 * stature <= build_of(kind.name).stature <= 1.9 * stature

        around = [kind for kind in kinds().values() if _fits(kind, scale, environment) and comparable(kind)]
        tops = kind_of(subject.kind).surface_of is not None
        if tops:
            around += [
                kind
                for kind in kinds().values()
                if kind not in around
                and kind.scale == "tabletop"
                and 0.16 * stature <= build_of(kind.name).stature
                and build_of(kind.name).stature <= 0.7 * stature
            ]
        for need in self.wishes.needs[1:]:
            able = {k.name: concepts.affinity(k, environment) for k in around if _has(k, need)}
            if able and not any(_has(kind, need) for kind in (*chosen, kind_of(subject.kind))):
                chosen.append(kind_of(concepts.pick(self.rng("need", need), able)))
        if kind_of(subject.kind).repeats and self.rng("twins of the subject").random() < 0.22:
            chosen.append(kind_of(subject.kind))
        chances = {
            kind.name: concepts.affinity(kind, environment) for kind in around if kind.name != subject.kind
        }
        for slot in range(wanted + 2):
            if not chances:
                break
            name = concepts.pick(self.rng("company", slot), chances)
            chances.pop(name)
            chosen.append(kind_of(name))
        return chosen

    def _twins(self, kind: Kind, slot: int, room: int) -> int:
        """How many of this kind come together: mostly one, sometimes two or three."""
        draw = self.rng("twins", slot).random()
        many = 1 if not kind.repeats or draw > 0.25 else 2 if draw > 0.09 else 3
        return min(many, room)

    def _item(self, kind: Kind, number: int, purpose: str, against: dict[str, bool]) -> Item:
        """An item of the kind with its own shape, colours, material, state and text, nowhere yet."""
        variant = int(self.rng("shape", purpose).integers(VARIANTS))
        state = None
        if kind.states:
            others = self.rng("state", purpose)
            usual = others.random() < 0.75
            state = kind.states[0 if usual else int(others.integers(len(kind.states)))]
        material = concepts.pick(
            self.rng("material", purpose),
            concepts.material_chances(kind, concepts.substances(kind)),
            against["material"],
        )
        colour = concepts.pick(self.rng("colour", purpose), concepts.colour_chances(kind), against["colour"])
        pattern = pattern_colour = None
        marks = self.rng("pattern", purpose)
        if material in PATTERNED and kind.colours and marks.random() < 0.14:
            pattern, pattern_colour = self._pattern(colour, purpose)
        text, font = self._text(kind, purpose)
        return Item(
            id=f"{kind.name.replace(' ', '-')}-{number}",
            kind=kind.name,
            params=kind.sample(self.key[0], "variant", variant),
            state=state,
            colour=colour,
            material=material,
            pattern=pattern,
            pattern_colour=pattern_colour,
            text=text,
            font=font,
            size=round(float(self.rng("size", purpose).uniform(0.93, 1.08)), 3),
        )

    def _pattern(self, colour: str, purpose: str) -> tuple[str, str]:
        from anyedit.world.references import alike

        pattern = concepts.pick(self.rng("pattern name", purpose), PATTERN_CHANCES)
        usual = ("white", "yellow", "navy", "black", "red", "teal", "ivory", "orange")
        distinct = [name for name in usual if name in COLOURS and not alike(name, colour)]
        return pattern, distinct[int(self.rng("pattern colour", purpose).random() * len(distinct))]

    def _text(self, kind: Kind, purpose: str) -> tuple[str | None, str | None]:
        if not kind.text:
            return None, None
        from anyedit.world import labels

        rng = self.rng("text", purpose)
        own = rng.random() < 0.6
        words = list(kind.text if own else labels.WORDS)
        fonts = sorted(labels.FONTS)
        return words[int(rng.random() * len(words))], fonts[
            int(self.rng("font", purpose).random() * len(fonts))
        ]


_LOOK = ("params", "colour", "material", "pattern", "pattern_colour", "state", "text", "font", "size")
