"""Skies as environment maps: gradient, sun glow and drifting clouds, painted for a time of day and weather."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from anyedit.seeds import rng_of
from anyedit.world import light
from anyedit.world.environments.base import Values
from anyedit.world.mesh import Array, affine
from anyedit.world.scene import Scene

WIDTH, HEIGHT = 512, 256
SUN_RADIUS = 1.1  # degrees, standard deviation; wider than the real one, for soft clean shadows
_UP = affine(turn=(90, 0, 0))  # Mitsuba's maps have +y up


def outdoor_lights(scene: Scene, values: Values) -> dict[str, dict[str, Any]]:
    """The sky of an outdoor scene as the one emitter."""
    direction = tuple(round(float(x), 4) for x in light.to_sun(scene.but(surroundings=dict(values))))
    return {"sky": _map(scene.time, scene.weather, direction, int(float(values.get("clouds", 1))))}


def town_lights(scene: Scene, values: Values) -> dict[str, dict[str, Any]]:
    """The sky; at night also a warm street lamp over the place (the lit windows glow by their own surface)."""
    lights = outdoor_lights(scene, values)
    if scene.time == "night" and not scene.lights_off:
        reach = {"tabletop": 1.6, "room": 4.6, "outdoor": 9.0}[str(values["scale"])]
        side = 1 if float(values.get("sun_side", 1)) > 0 else -1
        lights["lamp"] = panel_light(
            (-0.45 * side * reach, -0.25 * reach, reach), (0, 0.05 * reach, 0), 0.16 * reach, light.LAMP, 6.5
        )
    return lights


def panel_light(
    at: tuple[float, float, float],
    towards: tuple[float, float, float],
    half: float,
    colour: light.Colour,
    gain: float,
) -> dict[str, Any]:
    """A square area light of half side `half` at a point, facing another; it shines from its front only."""
    import mitsuba as mi

    turn = mi.ScalarTransform4f().look_at(origin=list(at), target=list(towards), up=[0, 1, 0.01])
    radiance = [float(channel) * gain for channel in colour]
    return {
        "type": "rectangle",
        "to_world": turn @ mi.ScalarTransform4f().scale([half, half, 1]),
        "emitter": {"type": "area", "radiance": {"type": "rgb", "value": radiance}},
    }


def room_glow(top: light.Colour, front: light.Colour, bottom: light.Colour) -> dict[str, Any]:
    """The soft light that a room's unseen part sends back: a gradient from above to below."""
    return _gradient(tuple(top), tuple(front), tuple(bottom))


def window_picture(scene: Scene, gain: float) -> Array:
    """Radiance seen through a window, float32 (48, 48, 3): sky above, blurred green or snow below."""
    return _window(scene.time, scene.weather, scene.season, round(gain, 4))


def emitter_map(values: npt.NDArray[np.float32]) -> dict[str, Any]:
    """A Mitsuba environment map from radiance (H, W, 3), z up, its middle column behind the camera."""
    import mitsuba as mi

    return {"type": "envmap", "bitmap": mi.Bitmap(values), "to_world": mi.ScalarTransform4f(_UP.tolist())}


@lru_cache(maxsize=24)  # 1.5 MB each
def _map(time: str, weather: str, to_sun: tuple[float, ...], clouds: int) -> dict[str, Any]:
    return emitter_map(sky(time, weather, np.array(to_sun), clouds))


@lru_cache(maxsize=64)
def _gradient(top: light.Colour, front: light.Colour, bottom: light.Colour) -> dict[str, Any]:
    height = np.linspace(1, -1, 32)[:, None, None]
    up, down = np.clip(height, 0, 1), np.clip(-height, 0, 1)
    column = np.asarray(front) * (1 - up - down) + np.asarray(top) * up + np.asarray(bottom) * down
    return emitter_map(np.broadcast_to(column, (32, 64, 3)).astype(np.float32))


@lru_cache(maxsize=1)
def directions() -> Array:
    """Unit vectors (H, W, 3) of the map's texels; column 0 looks towards +y, a quarter to the right is +x."""
    azimuth = (np.arange(WIDTH) + 0.5) / WIDTH * 2 * np.pi
    polar = ((np.arange(HEIGHT) + 0.5) / HEIGHT * np.pi)[:, None]
    x, y = np.sin(azimuth) * np.sin(polar), np.cos(azimuth) * np.sin(polar)
    return np.asarray(np.stack([x, y, np.broadcast_to(np.cos(polar), x.shape)], -1), np.float32)


def sky(time: str, weather: str, to_sun: Array, clouds: int) -> npt.NDArray[np.float32]:
    """Radiance of the whole sphere, float32 (H, W, 3); below the horizon a dim reflection of it."""
    view, to_sun = directions(), np.asarray(to_sun, np.float32)
    day = light.DAYLIGHT[time]
    sun, zenith, horizon, glow = (
        np.asarray(c, np.float32) for c in (day.sun, day.zenith, day.horizon, day.glow)
    )
    up = view[..., 2]
    height = np.clip(up, 0, 1)[..., None]
    angle = np.degrees(np.arccos(np.clip(view @ to_sun, -1, 1)))[..., None]
    grey = np.asarray(light.OVERCAST[time], np.float32)
    if weather == "clear":
        mix = np.exp(-3.6 * height)
        image = zenith * (1 - mix) + horizon * mix
        image = image + glow * (np.exp(-angle / 22) + 0.45 * np.exp(-angle / 55) * np.exp(-5 * height))
        lit = 0.75 * horizon + 0.20 * sun + glow * np.exp(-angle / 40)
        cover = _clouds(clouds, 0.53)[..., None]
        shade = 1 - 0.30 * np.clip(cover * 1.6 - 0.7, 0, 1)  # thick middles are greyer
        image = image + (lit * shade - image) * cover * np.clip(height * 9 - 0.25, 0, 1) * 0.9
        sigma = np.radians(SUN_RADIUS)  # a soft disc that gives the sun's irradiance
        image = image + sun * np.exp(-0.5 * (angle / SUN_RADIUS) ** 2) / np.float32(2 * np.pi * sigma**2)
    else:
        image = grey * (0.88 + 0.45 * height)
        if weather in ("cloudy", "rain"):
            depth = _clouds(clouds, 0.30)[..., None]
            image = image * (1 + (0.28 - 0.50 * depth) * np.clip(height * 6, 0, 1))
        image = image + grey * 0.9 * np.exp(-angle / 30)  # the brighter place where the sun hides
        if weather == "rain":
            image = image * 0.85
    below = np.clip(-up * 12, 0, 1)[..., None]
    return np.asarray(image * (1 - below) + grey * 0.35 * below, np.float32)


@lru_cache(maxsize=16)
def _clouds(key: int, threshold: float) -> Array:
    """Cover in [0, 1], (H, W): fractal noise on a level ceiling seen in perspective."""
    view = directions()
    top = view[: HEIGHT // 2]
    plane = top[..., :2] / (top[..., 2:] + 0.12)
    noise, total = np.zeros(top.shape[:2]), 0.0
    for octave in range(5):
        rng = rng_of("clouds", key, octave)
        lattice = rng.random((64, 64))
        at = plane * 1.15 * 2.03**octave + rng.uniform(0, 64, 2)
        noise += (
            ndimage.map_coordinates(lattice, np.moveaxis(at, -1, 0), order=1, mode="grid-wrap") * 0.52**octave
        )
        total += 0.52**octave
    cover = np.clip((noise / total - threshold) / 0.20, 0, 1)
    cover = cover * cover * (3 - 2 * cover)
    soft = ndimage.gaussian_filter(cover, 0.8, mode="wrap")
    return np.asarray(np.vstack([soft, np.zeros(top.shape[:2])]), np.float32)


@lru_cache(maxsize=64)
def _window(time: str, weather: str, season: str, gain: float) -> Array:
    day, grey = light.DAYLIGHT[time], np.asarray(light.OVERCAST[time])
    v = np.linspace(0, 1, 48)[:, None, None]  # from the top
    u = np.linspace(0, 1, 48)[None, :, None]
    if weather == "clear":
        above = (
            np.asarray(day.zenith) * (1 - v) + np.asarray(day.horizon) * v + np.asarray(day.glow) * 0.3 * v
        )
    else:
        above = grey * (1.05 - 0.25 * v) + 0 * u
    ground = {"spring": (0.30, 0.42, 0.14), "summer": (0.16, 0.30, 0.10), "autumn": (0.42, 0.24, 0.07)}.get(
        season, (0.72, 0.75, 0.80)
    )
    if weather == "snow":
        ground = (0.75, 0.78, 0.83)
    if time == "night":
        ground = (0.10, 0.13, 0.20)
    hill = 0.66 + 0.07 * np.sin(u * 5.1 + 0.7) + 0.035 * np.sin(u * 13 + 2)
    below = np.asarray(ground) * (grey * 0.5 + np.asarray(day.horizon) * 0.5) * 1.5
    edge = np.clip((v - hill) / 0.10 + 0.5, 0, 1)
    image = above * (1 - edge) + below * edge
    return np.ascontiguousarray(
        (np.broadcast_to(image, (48, 48, 3)) * gain)[::-1], np.float32
    )  # row 0 is v = 0
