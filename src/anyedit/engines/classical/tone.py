"""Another time of day, weather or season for a photograph, by light alone: curves, tints, haze and a sky mask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.errors import EditNotPossible, nearest
from anyedit.records import Pixels

Floats = npt.NDArray[np.float32]


def linear(picture: Pixels) -> Floats:
    """Linear light in [0, 1] of an sRGB picture (IEC 61966-2-1)."""
    value = picture.astype(np.float32) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


def encoded(light: Floats) -> Pixels:
    """sRGB uint8 of linear light."""
    light = np.clip(light, 0, 1)
    value = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (value * 255 + 0.5).astype(np.uint8)


def guided(guide: Floats, values: Floats, radius: int, smooth: float = 1e-3) -> Floats:
    """The values, float32 (H, W), made to follow the guide's edges (guided filter, He et al. 2010)."""
    size = (2 * radius + 1, 2 * radius + 1)
    mean, mean_v = cv2.blur(guide, size), cv2.blur(values, size)
    slope = (cv2.blur(guide * values, size) - mean * mean_v) / (
        cv2.blur(guide * guide, size) - mean**2 + smooth
    )
    offset = mean_v - slope * mean
    return np.asarray(cv2.blur(slope, size) * guide + cv2.blur(offset, size), np.float32)


def sky(picture: Pixels) -> Floats:
    """How much of each pixel is sky, float32 (H, W) in [0, 1]: smooth, bright or blue, joined to the top edge."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    grey = np.asarray(lab[..., 0] / 100)
    rough = np.abs(cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), 1), cv2.CV_32F))
    rough = cv2.blur(rough, (7, 7))
    # Neutral-bright or blue; warm and green things are not sky.
    colour = (lab[..., 2] < 6) & (lab[..., 1] > -8) & ((grey > 0.65) | (lab[..., 2] < -8))
    likely = ((rough < 0.012) & colour).astype(np.uint8)
    _, labels = cv2.connectedComponents(likely, connectivity=4)
    border = max(1, picture.shape[0] // 50)
    met = [label for label in np.unique(labels[:border]) if label and (labels[:border] == label).sum() > 20]
    joined = np.isin(labels, met)
    if joined.mean() < 0.03:
        return np.zeros(grey.shape, np.float32)
    # Sky right beside an outline was too rough above: taken in by its colour, or it would shine at night.
    near = cv2.dilate(joined.astype(np.uint8), np.ones((17, 17), np.uint8)) > 0
    typical = np.median(lab[joined], axis=0)
    like = np.linalg.norm(
        lab - cv2.GaussianBlur(np.where(joined[..., None], lab, typical), (0, 0), 12), axis=-1
    )
    grown = joined | (near & (like < 14))
    return _unit(guided(grey.astype(np.float32), grown.astype(np.float32), 2, 1e-4))


def _unit(values: Floats) -> Floats:
    return np.asarray(np.clip(values, 0, 1), np.float32)


def vegetation(picture: Pixels) -> Floats:
    """How much of each pixel is green leaves, float32 (H, W) in [0, 1]."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    a, b = lab[..., 1], lab[..., 2]
    green = np.clip((b - 4) / 8, 0, 1) * np.clip((4 - a) / 5, 0, 1) * np.clip((95 - lab[..., 0]) / 20, 0, 1)
    return np.asarray(cv2.GaussianBlur(green.astype(np.float32), (0, 0), 1), np.float32)


def _tinted(light: Floats, tint: tuple[float, float, float], saturation: float = 1.0) -> Floats:
    grey = light @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    tinted = (grey[..., None] + (light - grey[..., None]) * saturation) * np.array(tint, np.float32)
    return np.maximum(tinted, 0).astype(np.float32)


def _down(shape: tuple[int, ...]) -> Floats:
    """0 at the top row, 1 at the bottom, float32 (H, 1, 1)."""
    return np.linspace(0, 1, shape[0], dtype=np.float32)[:, None, None]


def _golden(picture: Pixels) -> Pixels:
    light, above = linear(picture), sky(picture)[..., None]
    warm = _tinted(light, (1.18, 0.86, 0.50), 1.1)
    warm = warm**1.12
    glow = np.array([1.0, 0.70, 0.36], np.float32) * (0.55 + 0.4 * _down(picture.shape))
    heaven = light * 0.45 * np.array([1.0, 0.86, 0.75], np.float32) + 0.55 * glow * light.mean(
        -1, keepdims=True
    )
    return encoded(warm + (heaven - warm) * above)


def _sunset(picture: Pixels) -> Pixels:
    light, above = linear(picture), sky(picture)[..., None]
    ground = _tinted(light, (0.62, 0.38, 0.36), 0.95) ** 1.1
    down = _down(picture.shape)
    rows = above[..., 0].mean(1)
    horizon = float(np.flatnonzero(rows > 0.05).max() / len(rows)) if (rows > 0.05).any() else 0.5
    t = np.clip(down / max(horizon, 0.1), 0, 1)
    low, high = np.array([1.0, 0.38, 0.12], np.float32), np.array([0.16, 0.12, 0.34], np.float32)
    glow = high + (low - high) * t**1.6
    heaven = glow * (0.35 + 0.75 * light.mean(-1, keepdims=True))
    return encoded(ground + (heaven - ground) * above)


def _night(picture: Pixels) -> Pixels:
    light, above = linear(picture), sky(picture)[..., None]
    ground = _tinted(light**1.15, (0.10, 0.13, 0.23), 0.45)
    down = _down(picture.shape)
    heaven = np.array([0.012, 0.020, 0.055], np.float32) * (0.6 + 1.6 * down) * (0.6 + 0.6 * light)
    return encoded(ground + (heaven - ground) * above)


def _cloudy(picture: Pixels) -> Pixels:
    light, above = linear(picture), sky(picture)[..., None]
    flat = _tinted(light, (0.66, 0.71, 0.78), 0.5)
    ground = flat**0.94 * 0.92
    heaven = np.array([0.46, 0.50, 0.56], np.float32) * (0.62 + 0.5 * _down(picture.shape))
    heaven = heaven * (0.75 + 0.25 * light.mean(-1, keepdims=True))
    return encoded(ground + (heaven - ground) * above)


def _fog(picture: Pixels) -> Pixels:
    light, above = linear(picture), sky(picture)[..., None]
    veil = np.array([0.66, 0.69, 0.72], np.float32)
    height = 1 - _down(picture.shape)
    through = np.exp(-(0.25 + 1.5 * height**1.3)) * (1 - above)
    dull = _tinted(light, (0.95, 0.97, 1.0), 0.75)
    return encoded(veil + (dull - veil) * through)


def _autumn(picture: Pixels) -> Pixels:
    leaves = vegetation(picture) * (1 - sky(picture))
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    # Broad patches from rust to yellow, as trees turn one by one.
    spread = cv2.GaussianBlur(lab[..., 0], (0, 0), max(picture.shape) / 40)
    spread = (spread - spread.min()) / max(float(np.ptp(spread)), 1e-3)
    angle = np.radians(48 + 30 * spread)
    strong = np.clip(chroma * 1.5 + 16, 0, 62) * np.clip(lab[..., 0] / 45, 0.25, 1)
    turned = np.stack([lab[..., 0] * 1.04 + 2, strong * np.cos(angle), strong * np.sin(angle)], -1)
    mixed = lab + (turned - lab) * leaves[..., None]
    warm = linear(
        (np.clip(cv2.cvtColor(mixed.astype(np.float32), cv2.COLOR_LAB2RGB), 0, 1) * 255).astype(np.uint8)
    )
    return encoded(_tinted(warm, (1.05, 0.98, 0.88)))


def _winter(picture: Pixels) -> Pixels:
    leaves = (vegetation(picture) * (1 - sky(picture)))[..., None]
    light = linear(picture)
    cold = _tinted(light, (0.86, 0.95, 1.10), 0.55)
    # Frost: leaves lose their green and their lit sides turn white.
    grey = light.mean(-1, keepdims=True)
    frost = np.clip(grey * 2.2 + 0.03, 0, 0.85) * np.array([0.92, 0.97, 1.05], np.float32)
    return encoded(cold + (frost - cold) * leaves * 0.9)


def _morning(picture: Pixels) -> Pixels:
    light, above = linear(picture), sky(picture)[..., None]
    soft = _tinted(light, (0.98, 0.86, 0.78), 0.8) ** 0.96
    haze = np.array([0.90, 0.78, 0.70], np.float32)
    height = 1 - _down(picture.shape)
    amount = 0.10 + 0.22 * height
    ground = soft * 0.88 + (haze - soft * 0.88) * amount
    heaven = light * 0.25 + np.array([0.95, 0.72, 0.58], np.float32) * (0.45 + 0.35 * _down(picture.shape))
    return encoded(ground + (heaven - ground) * above)


TONES: dict[str, Callable[[Pixels], Pixels]] = {
    "morning": _morning,
    "golden hour": _golden,
    "sunset": _sunset,
    "night": _night,
    "cloudy": _cloudy,
    "fog": _fog,
    "autumn": _autumn,
    "winter": _winter,
}


@dataclass(frozen=True)
class PhotometricTone:
    """Curves, tints and haze; leaves are turned by their colour, the sky by its own gradient."""

    @property
    def version(self) -> str:
        """Name and version."""
        return f"photometric tone (OpenCV {cv2.__version__})"

    @property
    def tones(self) -> tuple[str, ...]:
        """See roles.Toner."""
        return tuple(TONES)

    def tone(self, picture: Pixels, tone: str) -> Pixels:
        """See roles.Toner."""
        if tone not in TONES:
            raise EditNotPossible(f"photometric tone: no tone is named '{tone}'{nearest(tone, TONES)}")
        return TONES[tone](picture)
