"""Causes with visible consequences: what may happen, to what, and how the scene is afterwards.

A cause that befalls one thing has `{object}` in its wording; the others befall the whole scene. Kinds say in
`effects` which state they take after a cause ("light" -> "lit"), in `topples` and `rolls` how loose they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anyedit.edits.placing import carried, clear, ground_axes, moved, radius, well_inside
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.kinds import kind_of
from anyedit.world.scene import Item, Scene

Applies = Callable[[Scene, Item], bool]
Follows = Callable[[Scene, Item], Scene]


@dataclass(frozen=True)
class Cause:
    """event: "the sun sets", after "What will happen if". past: "the sun has set", after "now that"."""

    name: str
    event: str
    past: str
    applies: Callable[[Scene, Item | None], bool]
    consequence: Callable[[Scene, Item | None], Scene]

    @property
    def targeted(self) -> bool:
        """Whether it befalls one thing."""
        return "{object}" in self.event


CAUSES: dict[str, Cause] = {}


def _cause(name: str, event: str, past: str, applies: Applies, consequence: Follows) -> None:
    """A cause that befalls one thing."""
    CAUSES[name] = Cause(
        name,
        event,
        past,
        lambda scene, item: item is not None and applies(scene, item),
        lambda scene, item: consequence(scene, item) if item is not None else scene,
    )


def _everywhere(
    name: str, event: str, past: str, applies: Callable[[Scene], bool], **changes: object
) -> None:
    """A cause that changes the light or the weather of the whole scene; brightness is measured anew."""
    CAUSES[name] = Cause(
        name,
        event,
        past,
        lambda scene, item: applies(scene),
        lambda scene, item: scene.but(**{"exposure": None, **changes}),
    )


def outdoors(scene: Scene) -> bool:
    """Whether there is weather."""
    return not ENVIRONMENTS[scene.environment].indoor


def _natural(scene: Scene) -> bool:
    return outdoors(scene) and "studio" not in ENVIRONMENTS[scene.environment].tags


# States that kinds name themselves.
def _effect(
    key: str,
    event: str,
    past: str,
    name: str | None = None,
    state_has: str = "",
    state_lacks: str = "\0",
    plant: bool | None = None,
) -> None:
    def new_state(item: Item) -> str | None:
        kind = kind_of(item.kind)
        state = kind.effects.get(key)
        usual = kind.states[0] if kind.states else None
        if plant is not None and plant != (kind.category == "plant"):
            return None
        if state is None or (item.state or usual) == state or state_has not in state or state_lacks in state:
            return None
        return state

    _cause(
        name or key,
        event,
        past,
        lambda scene, item: new_state(item) is not None,
        lambda scene, item: scene.changed(item.id, state=new_state(item)),
    )


def _state(
    name: str, event: str, past: str, before: tuple[str, ...], after: tuple[str, ...], unless: str = ""
) -> None:
    """From a state of `before` to the first of `after` that the kind knows, `unless` it has that effect."""

    def new_state(item: Item) -> str | None:
        states = kind_of(item.kind).states
        if unless in kind_of(item.kind).effects:
            return None
        now = item.state or (states[0] if states else None)
        return next((state for state in after if state in states), None) if now in before else None

    _cause(
        name,
        event,
        past,
        lambda scene, item: new_state(item) is not None,
        lambda scene, item: scene.changed(item.id, state=new_state(item)),
    )


_effect("light", "{object} is lit", "{object} has been lit")
_effect("melt", "{object} is left in the sun for hours", "{object} has stood in the sun for hours")
_effect(
    "water_missing", "{object} is not watered for weeks", "nobody has watered {object} for weeks", plant=True
)
_effect("water_missing", "{object} runs dry", "{object} has run dry", name="runs dry", plant=False)
_effect("burn_out", "{object} burns out", "{object} has burnt out")
_effect("eat", "someone eats {object}", "someone has eaten {object}")
_effect("deflate", "{object} loses its air", "{object} has lost its air")
_effect("grow", "{object} grows for a few weeks", "{object} has grown for a few weeks")
_effect("tire", "{object} gets tired", "{object} has got tired")
_effect("switch_off", "someone switches {object} off", "someone has switched {object} off")
_effect("switch_on", "someone switches {object} on", "someone has switched {object} on", state_lacks="light")
_effect(
    "switch_on",
    "the lights of {object} are turned on",
    "the lights of {object} have been turned on",
    name="lights on",
    state_has="light",
)
_effect("wind", "a strong wind reaches {object}", "a strong wind has reached {object}")
_effect("storm", "a storm threatens {object}", "a storm has come up around {object}")
_effect("take_off", "{object} takes off", "{object} has taken off")
_effect("open", "someone opens {object}", "someone has opened {object}")
_effect("close", "someone closes {object}", "someone has closed {object}")
_effect("pop", "someone pricks {object} with a needle", "someone has pricked {object} with a needle")
_effect("pierce", "a thorn pierces {object}", "a thorn has pierced {object}")
_effect("burst", "{object} bursts", "{object} has burst")
_effect("calm", "the wind around {object} dies down", "the wind around {object} has died down")
_effect("shoot", "someone shoots an arrow at {object}", "someone has shot an arrow at {object}")
_effect("scramble", "a child plays with {object}", "a child has played with {object}")
_effect("wait", "we wait a minute at {object}", "we have waited a minute at {object}")
for _name, _event, _past, _before, _after, _unless in (
    (
        "blown out",
        "someone blows {object} out",
        "someone has blown {object} out",
        ("lit", "burning"),
        ("unlit",),
        "-",
    ),
    (
        "opened",
        "someone opens {object}",
        "someone has opened {object}",
        ("closed", "shut"),
        ("open",),
        "open",
    ),
    (
        "closed",
        "someone closes {object}",
        "someone has closed {object}",
        ("open",),
        ("closed", "shut"),
        "close",
    ),
    (
        "bulb fails",
        "the bulb of {object} fails",
        "the bulb of {object} has failed",
        ("on",),
        ("off",),
        "switch_off",
    ),
    ("turned on", "{object} is turned on", "{object} has been turned on", ("off",), ("on",), "switch_on"),
    ("hoisted", "{object} is hoisted", "{object} has been hoisted", ("lowered",), ("raised",), "-"),
    (
        "tired",
        "{object} gets tired",
        "{object} has got tired",
        ("standing", "walking", "running", "jumping"),
        ("lying", "sleeping", "sitting"),
        "tire",
    ),
):
    _state(_name, _event, _past, _before, _after, _unless)


# Things that fall and roll.
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


_cause("knock", "someone knocks {object} over", "someone has knocked {object} over", _may_fall, _knocked)
_cause(
    "roll left", "{object} rolls to the left", "{object} has rolled to the left", _may_roll(-1), _rolled(-1)
)
_cause(
    "roll right", "{object} rolls to the right", "{object} has rolled to the right", _may_roll(1), _rolled(1)
)
_cause(
    "taken",
    "someone takes {object} away",
    "someone has taken {object} away",
    lambda scene, item: (
        kind_of(item.kind).scale == "tabletop" and len(carried(scene, item.id)) == 1 and len(scene.items) > 1
    ),
    lambda scene, item: scene.without(item.id),
)
_cause(
    "flies away",
    "{object} flies away",
    "{object} has flown away",
    lambda scene, item: (
        any(word in item.kind for word in ("bird", "parrot", "gull", "pigeon", "butterfly"))
        and len(scene.items) > 1
    ),
    lambda scene, item: scene.without(item.id),
)


# What time leaves on things.
def _covered(
    name: str, event: str, past: str, finish: str, materials: tuple[str, ...], outside: bool
) -> None:
    _cause(
        name,
        event,
        past,
        lambda scene, item: (
            item.finish is None
            and outdoors(scene) is outside
            and scene.weather != "snow"
            and (not materials or any(word in item.material for word in materials))
        ),
        lambda scene, item: scene.changed(item.id, finish=finish),
    )


_STONY = ("stone", "marble", "granite", "brick", "concrete", "clay", "wood")
_IRON = ("iron", "steel", "metal", "copper", "car paint")
_covered(
    "moss",
    "{object} stands here for a hundred years",
    "{object} has stood here for a hundred years",
    "moss",
    _STONY,
    True,
)
_covered(
    "rust",
    "{object} is left out in the rain for years",
    "{object} has been left out in the rain for years",
    "rust",
    _IRON,
    True,
)
_covered(
    "dust", "nobody cleans {object} for years", "nobody has cleaned {object} for years", "dust", (), False
)
_covered(
    "frost",
    "frost settles on {object} overnight",
    "frost has settled on {object} overnight",
    "frost",
    (),
    True,
)

# Light and weather.
_DAY = ("morning", "noon", "golden hour")


def _night(scene: Scene, item: Item | None) -> Scene:
    """Night, and whatever is lit at night is lit."""
    for thing in scene.items:
        lit = kind_of(thing.kind).effects.get("nightfall")
        if lit is not None:
            scene = scene.changed(thing.id, state=lit)
    night: Scene = scene.but(time="night", exposure=None)
    return night


CAUSES["sun sets"] = Cause(
    "sun sets",
    "the sun sets",
    "the sun has set",
    lambda scene, item: outdoors(scene) and scene.time in _DAY,
    _night,
)
_everywhere(
    "sun stays",
    "the sun never goes down",
    "the sun has refused to go down",
    lambda s: s.time in ("night", "sunset"),
    time="noon",
)
_everywhere(
    "snow",
    "snow falls overnight",
    "snow has fallen overnight",
    lambda s: _natural(s) and s.weather != "snow",
    weather="snow",
    season="winter",
)
_everywhere(
    "rain",
    "it starts to rain",
    "it has started to rain",
    lambda s: _natural(s) and s.weather in ("clear", "cloudy"),
    weather="rain",
)
_everywhere(
    "fog",
    "thick fog rolls in",
    "thick fog has rolled in",
    lambda s: _natural(s) and s.weather in ("clear", "cloudy"),
    weather="fog",
)
_everywhere(
    "rain ends",
    "the rain stops",
    "the rain has stopped",
    lambda s: _natural(s) and s.weather == "rain",
    weather="clear",
)
_everywhere(
    "fog lifts",
    "the fog lifts",
    "the fog has lifted",
    lambda s: _natural(s) and s.weather == "fog",
    weather="clear",
)
_everywhere(
    "autumn comes",
    "autumn comes",
    "autumn has come",
    lambda s: _natural(s) and s.season in ("spring", "summer") and s.weather == "clear" and s.time != "night",
    season="autumn",
)
_everywhere(
    "power fails",
    "the power fails",
    "the power has failed",
    lambda s: not outdoors(s) and not s.lights_off and s.time in ("night", "sunset"),
    lights_off=True,
)
_everywhere(
    "power returns",
    "the lights come back on",
    "the lights have come back on",
    lambda s: not outdoors(s) and s.lights_off,
    lights_off=False,
)
