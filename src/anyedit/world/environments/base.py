"""What an environment says of itself, and how its surroundings are sampled, built and lit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from anyedit.errors import AnyEditError, nearest
from anyedit.seeds import rng_of
from anyedit.world.colours import COLOURS
from anyedit.world.kinds import Surface
from anyedit.world.mesh import Mesh, joined
from anyedit.world.scene import Scene

Area = tuple[float, float, float, float]
Values = Mapping[str, float | str]
Choices = tuple[str, ...] | tuple[float, float]  # names to choose from, or a uniform range

SCALES = ("tabletop", "room", "outdoor")
AREAS: dict[str, Area] = {  # usual rectangle where items may stand, in metres
    "tabletop": (-0.34, -0.20, 0.34, 0.24),
    "room": (-1.6, -1.1, 1.6, 1.2),
    "outdoor": (-5.0, -3.0, 5.0, 4.0),
}
# Heavenly values that every outdoor environment samples, and those of a room.
SKY_VALUES: dict[str, Choices] = {
    "sun_side": ("-1", "1"),
    "sun_turn": ("-18", "0", "18"),
    "clouds": ("1", "2", "3", "4"),  # few: a painted sky serves many scenes
}


@dataclass(frozen=True)
class EnvPart:
    """A static piece of the surroundings; `name` is unique in its environment."""

    name: str
    mesh: Mesh
    surface: Surface


@dataclass(frozen=True)
class Setting:
    """What the geometry of an environment depends on: its sampled values, and what time and weather leave."""

    values: tuple[tuple[str, float | str], ...]
    season: str
    snowy: bool  # snow is falling
    wet: bool
    dark: bool  # lamps are lit

    def text(self, name: str) -> str:
        """A sampled name."""
        return str(dict(self.values)[name])

    def number(self, name: str) -> float:
        """A sampled number."""
        return float(dict(self.values)[name])

    @property
    def scale(self) -> str:
        """tabletop, room or outdoor."""
        return self.text("scale")

    @property
    def white(self) -> bool:
        """Natural ground is under snow."""
        return self.snowy or self.season == "winter"


class Parts:
    """Collects meshes by part name and surface."""

    def __init__(self) -> None:
        self._meshes: dict[str, list[Mesh]] = {}
        self._surfaces: dict[str, Surface] = {}

    def add(self, name: str, surface: Surface, *meshes: Mesh) -> None:
        """Add meshes to the part `name`; the first surface given for a name stays."""
        if meshes:
            self._meshes.setdefault(name, []).extend(meshes)
            self._surfaces.setdefault(name, surface)

    def done(self) -> tuple[EnvPart, ...]:
        """The parts, in the order of their first mention."""
        return tuple(
            EnvPart(name, joined(meshes).packed(), self._surfaces[name])
            for name, meshes in self._meshes.items()
        )


@dataclass(frozen=True)
class Environment:
    """Where a scene takes place.

    The ground (or table top) is z = 0, the camera looks roughly towards +y, and nothing stands between it and
    the area where items may stand.
    """

    name: str
    phrase: str  # "in a living room", "on a beach"
    indoor: bool
    tags: tuple[str, ...]  # the contexts that kinds name
    scales: tuple[str, ...]
    geometry: Callable[[Setting, Parts], None]
    lighting: Callable[[Scene, Values], dict[str, dict[str, Any]]]
    choices: Mapping[str, Choices] = field(default_factory=dict)
    areas: Mapping[str, Area] = field(default_factory=lambda: AREAS)

    def sample(self, *key: str | int, scale: str | None = None) -> dict[str, float | str]:
        """Surroundings for a seed key, each value from its own stream; `scale` is one of `scales`."""
        if scale is not None and scale not in self.scales:
            raise AnyEditError(f"'{self.name}' has no scale '{scale}'{nearest(scale, self.scales)}")
        values: dict[str, float | str] = {"scale": scale or self.scales[0]}
        for name, choice in self.choices.items():
            rng = rng_of(*key, "surroundings", name)
            if isinstance(choice[0], str):
                values[name] = str(choice[int(rng.integers(len(choice)))])
            else:
                values[name] = round(float(rng.uniform(float(choice[0]), float(choice[1]))), 3)
        return values

    def values(self, scene: Scene) -> dict[str, float | str]:
        """The scene's surroundings, with a usual value for each that it does not give."""
        usual: dict[str, float | str] = {"scale": self.scales[0]}
        for name, choice in self.choices.items():
            usual[name] = choice[0] if isinstance(choice[0], str) else (choice[0] + float(choice[1])) / 2
        return {name: scene.surroundings.get(name, value) for name, value in usual.items()}

    def area(self, scale: str) -> Area:
        """The rectangle (x0, y0, x1, y1), metres, where items of this scale may stand."""
        return self.areas[scale]

    def build(self, scene: Scene) -> list[EnvPart]:
        """The static geometry; the same mesh objects for equal surroundings, season, weather and lamps."""
        outdoors = not self.indoor
        setting = Setting(
            values=tuple(sorted(self.values(scene).items())),
            season=scene.season if outdoors else "summer",
            snowy=outdoors and scene.weather == "snow",
            wet=outdoors and scene.weather == "rain",
            dark=scene.time == "night" and not scene.lights_off,
        )
        return list(_built(self.name, setting))

    def lightness(self, scene: Scene) -> float:
        """Mean sRGB brightness, in [0, 1], of the large surfaces: ground, walls, table tops, paper."""
        large = [part.surface.colour for part in self.build(scene) if part.name in _LARGE]
        return sum(_brightness(colour) for colour in large) / max(len(large), 1)

    def lights(self, scene: Scene) -> dict[str, dict[str, Any]]:
        """Mitsuba emitters (at most three) by time, weather and lamps."""
        return self.lighting(scene, self.values(scene))


_LARGE = {
    "ground",
    "sand",
    "floor",
    "rug",
    "walls",
    "wall",
    "tiles",
    "sweep",
    "table top",
    "worktop",
    "counter",
    "ledge",
} | {
    "yard",
    "pier",
    "stump top",
    "rock slab",
    "straw bale",
    "blanket",
    "near dunes",
    "front 0",
    "front 1",
    "front 2",
}


def _brightness(colour: str | tuple[float, float, float]) -> float:
    r, g, b = COLOURS[colour] if isinstance(colour, str) else colour
    return 0.3 * r + 0.6 * g + 0.1 * b


ENVIRONMENTS: dict[str, Environment] = {}


def register(environment: Environment) -> None:
    """Add an environment; a second one of the same name is an error."""
    if environment.name in ENVIRONMENTS:
        raise AnyEditError(f"two environments are named '{environment.name}'; rename one of them")
    ENVIRONMENTS[environment.name] = environment


@lru_cache(maxsize=48)
def _built(name: str, setting: Setting) -> tuple[EnvPart, ...]:
    parts = Parts()
    ENVIRONMENTS[name].geometry(setting, parts)
    return parts.done()


def environment_of(name: str) -> Environment:
    """The environment of this name; an unknown one names the nearest."""
    if name not in ENVIRONMENTS:
        raise AnyEditError(f"no environment is named '{name}'{nearest(name, ENVIRONMENTS)}")
    return ENVIRONMENTS[name]
