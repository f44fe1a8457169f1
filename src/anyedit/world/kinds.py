"""What a kind of object says of itself, and the registry of kinds (one module per family in `objects/`).

A kind is a pure builder: `build(params, state) -> parts`. Parameters are sampled apart from building, each from
its own random stream, so that fixing one changes no other.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from anyedit.errors import AnyEditError, nearest
from anyedit.seeds import rng_of
from anyedit.world.mesh import Mesh


@dataclass(frozen=True)
class Surface:
    """How a part looks: a colour name (or sRGB triple in [0, 1]) and a material of `anyedit.world.materials`."""

    colour: str | tuple[float, float, float] = "gray"
    material: str = "plastic"
    pattern: str | None = None  # "stripes", "dots", "checks", ... drawn in `second`
    second: str | tuple[float, float, float] | None = None
    glow: float = 0.0  # emitted radiance (W/m2/sr) in the surface's colour; a lit lamp, a flame
    texture: str | None = None  # path of a picture, for the user's own models; uv in [0, 1]


@dataclass(frozen=True)
class Part:
    """A named piece of an object. `surface` None: the item's own colour and material (slot "body")."""

    name: str
    mesh: Mesh
    surface: Surface | None = None
    label: bool = False  # carries the item's text; uv in [0, 1], u to the right, v upward as read


Build = Callable[[Mapping[str, float], str | None], list[Part]]


@dataclass(frozen=True)
class Kind:
    """One kind of object.

    The mesh rests on z = 0, is centred on the z axis, faces -y (its front), and has its true size in metres.
    """

    name: str  # "coffee mug": the noun in captions, singular
    category: str  # furniture, food, vehicle, animal, plant, person, toy, household, building, sport, ...
    build: Build
    params: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # name -> uniform range
    states: tuple[str, ...] = ()  # first = usual; e.g. ("standing", "sitting", "waving")
    verbs: Mapping[str, str] = field(default_factory=dict)  # state -> phrase: "sitting" -> "sit down"
    colours: tuple[str, ...] = ("red", "blue", "green", "yellow", "white")  # usual colours of the body
    materials: tuple[str, ...] = ("plastic",)  # usual materials of the body; the first is the commonest
    scale: str = "tabletop"  # "tabletop" (< 0.6 m), "room" (0.3 - 2.5 m), "outdoor" (0.5 - 8 m)
    contexts: tuple[
        str, ...
    ] = ()  # environments where it is usual (names or tags such as "indoor", "street")
    plural: str | None = None
    surface_of: str | None = None  # part on whose top other things may stand (a table's "top")
    text: tuple[str, ...] = ()  # usual texts of its label part, when it has one
    repeats: bool = True  # may appear several times (counting)
    topples: bool = False  # tall and loose enough to be knocked over
    rolls: bool = False  # round: can roll away
    wears: float | None = (
        None  # height share (0-1) of the point where a hat or scarf sits; None: wears nothing
    )
    effects: Mapping[str, str] = field(default_factory=dict)  # cause -> state after it, for implicit_change

    def sample(self, *key: str | int) -> dict[str, float]:
        """Parameter values for a seed key, each from its own stream."""
        return {
            name: round(float(rng_of(*key, "param", name).uniform(low, high)), 4)
            for name, (low, high) in self.params.items()
        }

    @property
    def nouns(self) -> str:
        """The plural."""
        return self.plural or (self.name + ("es" if self.name.endswith(("s", "x", "ch", "sh")) else "s"))


_REGISTRY: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind; a second one of the same name is an error."""
    if kind.name in _REGISTRY:
        raise AnyEditError(f"two kinds are named '{kind.name}'; rename one of them")
    _REGISTRY[kind.name] = kind
    return kind


@cache
def _load_builtin() -> None:
    from anyedit.world import objects

    for module in sorted(info.name for info in pkgutil.iter_modules(objects.__path__)):
        importlib.import_module(f"{objects.__name__}.{module}")


def kinds() -> dict[str, Kind]:
    """All kinds by name, in alphabetical order: built in, and those the user's models have added."""
    _load_builtin()
    return dict(sorted(_REGISTRY.items()))


def kind_of(name: str) -> Kind:
    """The kind of this name; an unknown one names the nearest."""
    _load_builtin()
    if name not in _REGISTRY:
        raise AnyEditError(f"no kind of object is named '{name}'{nearest(name, _REGISTRY)}")
    return _REGISTRY[name]


def parts_of(name: str, params: Mapping[str, float], state: str | None) -> tuple[Part, ...]:
    """The built parts, cached: one object is built once however many scenes, edits and turns show it."""
    return _built(name, tuple(sorted(params.items())), state)


@lru_cache(maxsize=256)  # a hundred kilobytes each; in a build the shelf has the others
def _built(name: str, params: tuple[tuple[str, float], ...], state: str | None) -> tuple[Part, ...]:
    from anyedit.world import shelf

    kind, key = kind_of(name), repr((name, params, state))
    ours = kind.build.__module__.startswith("anyedit.")  # a user's model may be another one tomorrow
    parts = shelf.read(key) if ours else None
    if parts is None:
        parts = tuple(replace(part, mesh=part.mesh.packed()) for part in kind.build(dict(params), state))
        if ours:
            shelf.write(key, parts)
    return parts
