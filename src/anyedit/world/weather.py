"""Weather in the picture: fog, rain and falling snow, drawn over the linear radiance after denoising."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.seeds import rng_of
from anyedit.world import light
from anyedit.world.scene import Scene

WEATHERS = ("clear", "cloudy", "fog", "rain", "snow")
ADJECTIVES = {"cloudy": "cloudy", "fog": "foggy", "rain": "rainy", "snow": "snowy"}

Floats = npt.NDArray[np.float32]

# Optical thickness between the camera and what it looks at; the rest follows from distance.
THICKNESS = {"fog": 0.30, "rain": 0.05, "snow": 0.06}
FAR = {"fog": 40.0, "rain": 8.0, "snow": 9.0}  # where the air stops thickening, in multiples of that distance


def apply(linear: Floats, depth: Floats, scene: Scene) -> Floats:
    """The picture with its weather: float32 (H, W, 3) linear, from the same and `depth` (H, W) in metres.

    Depends on the scene's seed, camera, light and weather, never on its items. Nothing happens when the weather
    is clear or cloudy, or indoors.
    """
    from anyedit.world.environments import ENVIRONMENTS

    if scene.weather not in THICKNESS or ENVIRONMENTS[scene.environment].indoor:
        return linear
    air = np.asarray(light.haze_colour(scene), np.float32)
    hazy = _haze(linear, depth, scene, air)
    if scene.weather == "rain":
        return _over(hazy, _rain(depth.shape, scene.seed), air * np.float32(1.15))
    if scene.weather == "snow":
        return _over(hazy, _flakes(depth.shape, scene.seed), air * np.float32(1.9))
    return hazy


def _haze(linear: Floats, depth: Floats, scene: Scene, air: Floats) -> Floats:
    """Exponential fog (Beer-Lambert) whose density is set by the camera's distance to its target."""
    reach = float(np.linalg.norm(np.subtract(scene.camera.target, scene.camera.origin)))
    multiples = np.minimum(depth / max(reach, 1e-3), FAR[scene.weather])
    clear = np.exp(-THICKNESS[scene.weather] * np.maximum(multiples - 0.35, 0))[..., None].astype(np.float32)
    return np.asarray(linear * clear + air * (1 - clear), np.float32)


def _over(linear: Floats, cover: Floats, colour: Floats) -> Floats:
    lighter = np.maximum(colour - linear, 0)  # drops and flakes never darken
    return np.asarray(linear + lighter * cover[..., None], np.float32)


def _rain(shape: tuple[int, ...], seed: int) -> Floats:
    """float32 (H, W) in [0, 1]: slanted streaks, many faint and thin, few long and near."""
    height, width = shape
    rng = rng_of(seed, "rain")
    cover = np.zeros(shape, np.float32)
    slant = rng.uniform(-0.16, 0.16)
    for count, length, strength, thickness in (
        (380, 0.06, 0.15, 0.0),
        (90, 0.11, 0.20, 0.0012),
        (14, 0.18, 0.13, 0.005),
    ):
        layer = np.zeros(shape, np.uint8)
        starts = rng.uniform(-0.15, 1.1, (count, 2))
        lengths = length * rng.uniform(0.6, 1.3, count)
        for (x, y), reach in zip(starts, lengths, strict=True):
            a = (round(x * width * 16), round(y * height * 16))
            b = (round((x * width + slant * reach * height) * 16), round((y + reach) * height * 16))
            cv2.line(layer, a, b, 255, max(1, round(thickness * height)), cv2.LINE_AA, 4)
        soft = cv2.GaussianBlur(
            layer.astype(np.float32) / 255, (0, 0), max(0.45, (0.0012 + thickness * 0.4) * height)
        )
        cover = np.maximum(cover, soft * strength)
    return cover


def _flakes(shape: tuple[int, ...], seed: int) -> Floats:
    """float32 (H, W) in [0, 1]: soft round flakes in three distances."""
    height, width = shape
    rng = rng_of(seed, "snow")
    cover = np.zeros(shape, np.float32)
    for count, radius, strength, blur in (
        (420, 0.0028, 0.75, 0.0012),
        (110, 0.0058, 0.8, 0.002),
        (16, 0.014, 0.45, 0.007),
    ):
        layer = np.zeros(shape, np.uint8)
        for x, y, grow in rng.uniform([0, 0, 0.6], [1, 1, 1.35], (count, 3)):
            centre = (round(x * width * 16), round(y * height * 16))
            cv2.circle(layer, centre, max(8, round(radius * grow * height * 16)), 255, -1, cv2.LINE_AA, 4)
        soft = cv2.GaussianBlur(layer.astype(np.float32) / 255, (0, 0), max(0.4, blur * height))
        cover = np.maximum(cover, soft * strength)
    return cover
