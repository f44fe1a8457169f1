"""Another time of day, weather or season for a photograph, by light alone: curves, tints, haze, a sky's gradient.

Every tone is one formula with other constants. They are not taste: `benchmarks/tones.py` fits them to exact pairs of
the world (the same scene rendered at noon and at night), so that the way to the truth is as long as such a formula
can go. docs/fidelity.md has what that is.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.engines.classical.tones import TONES, Tone
from anyedit.errors import EditNotPossible, nearest
from anyedit.records import Pixels

Floats = npt.NDArray[np.float32]
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)  # of linear sRGB


def linear(picture: Pixels) -> Floats:
    """Linear light in [0, 1] of an sRGB picture (IEC 61966-2-1)."""
    return decoded((picture / np.float32(255)).astype(np.float32))


def decoded(value: Floats) -> Floats:
    """Linear light of sRGB values in [0, 1]."""
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


@dataclass(frozen=True)
class Looked:
    """What is measured of a picture before it is toned; float32 (..., 3) or (...).

    light: linear. above, leaves: how much of each pixel is sky, and green leaves. down: 0 at the top of the picture, 1 at
    its bottom; fall: the same within the sky. against: brightness over that of the sky around, 1 in even sky, 0 in a mast
    before it. patch: 0 to 1, broad patches of darkness, as trees turn one by one.
    """

    light: Floats
    above: Floats
    leaves: Floats
    down: Floats
    fall: Floats
    against: Floats
    patch: Floats

    @classmethod
    def at(cls, picture: Pixels) -> Looked:
        """Measure a picture, uint8 (H, W, 3)."""
        above = sky(picture)
        down = np.broadcast_to(
            np.linspace(0, 1, picture.shape[0], dtype=np.float32)[:, None], picture.shape[:2]
        )
        rows = above.mean(1)
        horizon = float(np.flatnonzero(rows > 0.05).max() / len(rows)) if (rows > 0.05).any() else 0.5
        calm = cv2.GaussianBlur(
            cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), max(picture.shape) / 40
        )
        light = linear(picture)
        grey, wide = light @ LUMINANCE, max(1.5, 0.05 * max(picture.shape))
        around = cv2.GaussianBlur(grey * above, (0, 0), wide) / (cv2.GaussianBlur(above, (0, 0), wide) + 1e-3)
        return cls(
            light,
            above,
            _unit(vegetation(picture) * (1 - above)),
            np.asarray(down, np.float32),
            _unit(down / max(horizon, 0.1)),
            np.asarray(np.clip(grey / np.maximum(around, 1e-3), 0, 1.2) ** 1.5, np.float32),
            _unit((calm - calm.min()) / max(float(np.ptp(calm)), 1e-3)),
        )


def toned(seen: Looked, tone: Tone) -> Floats:
    """Linear light of the picture in another tone, float32 like `seen.light`.

    Ground: the light's power, its saturation and a gain for each channel, seen through haze that thickens upwards (Beer-
    Lambert with height in the picture for distance). Leaves are turned first, in CIE Lab. Sky: a gradient that keeps a
    share of the brightness that was there; where the tone has none, it is treated like the ground.
    """
    light = _turned(seen, tone) if tone.leaves else seen.light
    lit = np.maximum(light, 1e-5) ** tone.power
    grey = lit @ LUMINANCE
    ground = (grey[..., None] + (lit - grey[..., None]) * tone.saturation) * np.asarray(tone.gain, np.float32)
    ground = np.maximum(ground, 0)
    near, far = tone.haze
    through = np.exp(-(near + far * (1 - seen.down) ** 1.3))[..., None]
    if tone.low is None or tone.high is None:
        heaven = ground
    else:
        low, high = (np.asarray(colour, np.float32) for colour in (tone.low, tone.high))
        was = (seen.light @ LUMINANCE)[..., None]
        kept = (1 - tone.kept) * seen.against[..., None] + tone.kept * was / 0.5
        heaven = (high + (low - high) * seen.fall[..., None]) * kept
    ground = ground * through + np.asarray(tone.veil, np.float32) * (1 - through)
    return np.asarray(ground + (heaven - ground) * seen.above[..., None], np.float32)


def _turned(seen: Looked, tone: Tone) -> Floats:
    """The light with its leaves in another hue: see `Tone.leaves`."""
    angle, spread, least, times, lift, scale = tone.leaves
    shown = encoded(seen.light).astype(np.float32) / 255
    lab = cv2.cvtColor(np.atleast_3d(shown).reshape(-1, 1, 3), cv2.COLOR_RGB2LAB).reshape(shown.shape)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    way = np.radians(angle + spread * seen.patch)
    strong = np.maximum(least + times * chroma, 0) * np.clip(lab[..., 0] / 45, 0.25, 1)
    other = np.stack([lift + scale * lab[..., 0], strong * np.cos(way), strong * np.sin(way)], -1)
    mixed = (lab + (other - lab) * seen.leaves[..., None]).astype(np.float32)
    rgb = cv2.cvtColor(mixed.reshape(-1, 1, 3), cv2.COLOR_LAB2RGB).reshape(shown.shape)
    return decoded(np.clip(rgb, 0, 1))


@dataclass(frozen=True)
class PhotometricTone:
    """`toned` with the constants of `tones.TONES`."""

    @property
    def version(self) -> str:
        """Name and version."""
        return f"photometric tone 2 (OpenCV {cv2.__version__})"

    @property
    def tones(self) -> tuple[str, ...]:
        """See roles.Toner."""
        return tuple(TONES)

    def tone(self, picture: Pixels, tone: str) -> Pixels:
        """See roles.Toner."""
        if tone not in TONES:
            raise EditNotPossible(f"photometric tone: no tone is named '{tone}'{nearest(tone, TONES)}")
        return encoded(toned(Looked.at(picture), TONES[tone]))
