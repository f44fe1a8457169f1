"""One composition in the making: where it happens, in which light, with which subject, seen from where."""

from __future__ import annotations

import numpy as np

from anyedit.seeds import seed_of
from anyedit.world import concepts
from anyedit.world.builds import build_of
from anyedit.world.company import Company, fits
from anyedit.world.drawing import Drawing
from anyedit.world.environments import ENVIRONMENTS, SCALES, Environment, environment_of
from anyedit.world.footprints import area_of, footprint, view_of
from anyedit.world.kinds import Kind, kind_of, kinds
from anyedit.world.scene import Camera, Item, Scene
from anyedit.world.wishes import Wishes, has

SCALE_CHANCES = {"tabletop": 0.4, "room": 0.28, "outdoor": 0.32}
TIME_CHANCES = {"noon": 0.42, "morning": 0.26, "golden hour": 0.22, "sunset": 0.05, "night": 0.05}
WEATHER_CHANCES = {"clear": 0.82, "cloudy": 0.1, "fog": 0.03, "rain": 0.03, "snow": 0.02}
SEASON_CHANCES = {"summer": 0.42, "spring": 0.25, "autumn": 0.23, "winter": 0.1}


class Draft:
    """One composition in the making; `key` is its stream key."""

    def __init__(self, key: tuple[int, ...], wishes: Wishes) -> None:
        self.key, self.wishes, self.reason = key, wishes, ""
        self.drawing = Drawing(key)
        self.rng = self.drawing.rng

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
        subject = self.drawing.item(subject_kind, 1, "subject", against)
        subject = subject.but(position=self._middle(scene), yaw=self.drawing.yaw(subject_kind, "subject"))
        scene = scene.but(items=(subject,), camera=self._camera(subject, scale))
        scene = Company(self.drawing, self.wishes).furnish(scene, subject, environment, scale, against)
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
            fits(kind_of(name), scale, environment) for name in self.wishes.kinds
        )

    def _subjects(self, environment: Environment, scale: str) -> list[Kind]:
        """The kinds that may be the subject there."""
        if self.wishes.kinds:  # the largest, so that the picture has room for the others
            kind = kind_of(max(self.wishes.kinds, key=lambda name: build_of(name).stature))
            return [kind] if fits(kind, scale, environment) else []
        need = self.wishes.needs[0] if self.wishes.needs else None
        smaller = self.rng("smaller subject").random() < 0.6
        return [
            kind
            for kind in kinds().values()
            if (smaller or kind.scale == scale)
            and fits(kind, scale, environment)
            and (need is None or has(kind, need))
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
