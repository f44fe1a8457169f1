"""Causes that change the light, the weather or the season of the whole scene."""

from __future__ import annotations

from anyedit.edits.implicit.cause import CAUSES, Cause, everywhere, natural, outdoors
from anyedit.world.kinds import kind_of
from anyedit.world.scene import Item, Scene

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
everywhere(
    "sun stays",
    "the sun never goes down",
    "the sun has refused to go down",
    lambda s: s.time in ("night", "sunset"),
    time="noon",
)
everywhere(
    "snow",
    "snow falls overnight",
    "snow has fallen overnight",
    lambda s: natural(s) and s.weather != "snow",
    weather="snow",
    season="winter",
)
everywhere(
    "rain",
    "it starts to rain",
    "it has started to rain",
    lambda s: natural(s) and s.weather in ("clear", "cloudy"),
    weather="rain",
)
everywhere(
    "fog",
    "thick fog rolls in",
    "thick fog has rolled in",
    lambda s: natural(s) and s.weather in ("clear", "cloudy"),
    weather="fog",
)
everywhere(
    "rain ends",
    "the rain stops",
    "the rain has stopped",
    lambda s: natural(s) and s.weather == "rain",
    weather="clear",
)
everywhere(
    "fog lifts",
    "the fog lifts",
    "the fog has lifted",
    lambda s: natural(s) and s.weather == "fog",
    weather="clear",
)
everywhere(
    "autumn comes",
    "autumn comes",
    "autumn has come",
    lambda s: natural(s) and s.season in ("spring", "summer") and s.weather == "clear" and s.time != "night",
    season="autumn",
)
everywhere(
    "power fails",
    "the power fails",
    "the power has failed",
    lambda s: not outdoors(s) and not s.lights_off and s.time in ("night", "sunset"),
    lights_off=True,
)
everywhere(
    "power returns",
    "the lights come back on",
    "the lights have come back on",
    lambda s: not outdoors(s) and s.lights_off,
    lights_off=False,
)
