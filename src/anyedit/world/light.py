"""Time of day and season: where the sun stands, what colours the sky has, how bright a picture should be.

Radiance is in the picture's own unit: outdoors and indoors alike are lit so that an exposure near 1 shows a
well exposed picture, and an edit of the time that keeps the exposure still looks right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anyedit.world.scene import Scene

TIMES = ("morning", "noon", "golden hour", "sunset", "night")
SEASONS = ("spring", "summer", "autumn", "winter")

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Daylight:
    """The light of one time of day. Colours are linear radiance; `sun` is the irradiance that the sun gives."""

    elevation: float  # degrees
    azimuth: float  # degrees to the left of the camera's back: 0 = behind the camera, 90 = from its left
    sun: Colour
    zenith: Colour
    horizon: Colour
    glow: Colour  # added around the sun
    key: float  # mean display brightness of a picture


DAYLIGHT: dict[str, Daylight] = {
    "morning": Daylight(
        24, -62, (1.75, 1.42, 1.02), (0.10, 0.18, 0.34), (0.42, 0.42, 0.40), (0.34, 0.24, 0.13), 0.53
    ),
    "noon": Daylight(
        55, 42, (2.20, 2.08, 1.85), (0.065, 0.17, 0.44), (0.30, 0.42, 0.56), (0.14, 0.13, 0.11), 0.56
    ),
    "golden hour": Daylight(
        12, 58, (2.10, 1.20, 0.48), (0.09, 0.14, 0.25), (0.50, 0.36, 0.21), (0.70, 0.38, 0.12), 0.51
    ),
    "sunset": Daylight(
        5, 84, (0.95, 0.38, 0.16), (0.07, 0.09, 0.16), (0.52, 0.25, 0.13), (0.60, 0.24, 0.08), 0.43
    ),
    "night": Daylight(
        42,
        50,
        (0.050, 0.066, 0.105),
        (0.0035, 0.0065, 0.018),
        (0.011, 0.016, 0.034),
        (0.008, 0.01, 0.014),
        0.28,
    ),
}
# What clouds leave of the light when they cover the sky: one even grey, tinted by the time of day.
OVERCAST: dict[str, Colour] = {
    "morning": (0.40, 0.40, 0.41),
    "noon": (0.46, 0.48, 0.51),
    "golden hour": (0.42, 0.36, 0.30),
    "sunset": (0.28, 0.22, 0.23),
    "night": (0.016, 0.022, 0.038),
}
LAMP: Colour = (1.0, 0.76, 0.48)  # warm white


def number(scene: Scene, name: str, default: float) -> float:
    """A number of the scene's surroundings."""
    return float(scene.surroundings.get(name, default))


def to_sun(scene: Scene) -> npt.NDArray[np.float64]:
    """Unit vector (3,) to the sun, or to the moon at night; the camera looks towards +y."""
    daylight = DAYLIGHT[scene.time]
    side = -1.0 if number(scene, "sun_side", 1) < 0 else 1.0
    azimuth = np.radians(side * daylight.azimuth + number(scene, "sun_turn", 0))
    elevation = np.radians(daylight.elevation)
    flat = np.cos(elevation)
    return np.array([-np.sin(azimuth) * flat, -np.cos(azimuth) * flat, np.sin(elevation)])


def haze_colour(scene: Scene) -> Colour:
    """Linear radiance of mist, rain and falling snow: that of the overcast horizon."""
    return OVERCAST[scene.time]


def key_value(scene: Scene) -> float:
    """The mean display brightness, in [0, 1], that the automatic exposure aims at.

    Follows how light the surroundings themselves are, so that snow stays white and a dark wall dark.
    """
    from anyedit.world.environments import ENVIRONMENTS

    environment = ENVIRONMENTS[scene.environment]
    lightness = 0.48 * (environment.lightness(scene) - 0.55)
    if environment.indoor:
        if scene.lights_off and scene.time == "night":
            return 0.14 + 0.15 * lightness
        return {"night": 0.33, "sunset": 0.42, "golden hour": 0.5}.get(scene.time, 0.55) + lightness
    if scene.time == "night":
        return DAYLIGHT["night"].key + 0.35 * lightness + (0.02 if scene.weather == "fog" else 0.0)
    return DAYLIGHT[scene.time].key + lightness + {"fog": 0.06}.get(scene.weather, 0.0)


def phrase(scene: Scene) -> str:
    """When the picture was taken, for captions: "on a foggy autumn morning", "at golden hour", "at night"."""
    from anyedit.world.environments import ENVIRONMENTS
    from anyedit.world.weather import ADJECTIVES

    if ENVIRONMENTS[scene.environment].indoor:
        if scene.lights_off:
            return "at night with the lights off" if scene.time == "night" else "with the lights off"
        return _TIME_PHRASES[scene.time]
    adjective = ADJECTIVES.get(scene.weather, "")
    tags = ENVIRONMENTS[scene.environment].tags
    season = scene.season if scene.season != "summer" and "seasonal" in tags else ""
    if not adjective and not season:
        return _TIME_PHRASES[scene.time]
    if scene.time in ("golden hour", "sunset"):
        if not adjective:
            return f"{_TIME_PHRASES[scene.time]} in {season}"
        described = " ".join(word for word in (adjective, season, "evening") if word)
        return f"on {_article(described)} {described} {_TIME_PHRASES[scene.time]}"
    noun = {"morning": "morning", "noon": "day", "night": "night"}[scene.time]
    if not adjective:
        return f"in {season}" if scene.time == "noon" else f"on {_article(season)} {season} {noun}"
    described = " ".join(word for word in (adjective, season, noun) if word)
    return f"on {_article(described)} {described}"


_TIME_PHRASES = {
    "morning": "in the morning",
    "noon": "at noon",
    "golden hour": "at golden hour",
    "sunset": "at sunset",
    "night": "at night",
}


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
