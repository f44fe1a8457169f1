"""What the styles of `styles.py` are drawn with: lines, flow, brushes, paper. Floats in [0, 1] throughout.

`colour` is float32 (H, W, 3) sRGB, `grey` float32 (H, W). Lengths are in pixels of a picture whose shorter
side is 256; `unit` scales them.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]  # float32; OpenCV's stubs do not know element types


def unit(image: Floats) -> float:
    """How many pixels one pixel of a 256-pixel picture is here."""
    return float(min(image.shape[:2])) / 256


def tint(*rgb: float) -> Floats:
    """A colour, float32 (3,) sRGB."""
    return np.array(rgb, np.float32)


def blur(image: Floats, sigma: float) -> Floats:
    """Gaussian blur; sigma in pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), max(sigma, 0.05)), np.float32)


def grey(colour: Floats) -> Floats:
    """Luma."""
    return np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.float32)


def ramp(values: Floats, low: float, high: float) -> Floats:
    """A smooth step from 0 at `low` to 1 at `high`."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def vivid(colour: Floats, saturation: float, contrast: float = 1.0) -> Floats:
    """Saturation and contrast multiplied, about the picture's own grey."""
    level = grey(colour)[..., None]
    image = level + (colour - level) * saturation
    return np.clip((image - 0.5) * contrast + 0.5, 0, 1).astype(np.float32)


def stretched(values: Floats, low: float = 1, high: float = 99) -> Floats:
    """Percentiles to 0 and 1, so that dark and pale pictures are drawn alike."""
    a, b = np.percentile(values, (low, high))
    return np.asarray(np.clip((values - a) / max(b - a, 0.05), 0, 1), np.float32)


def ink_lines(tone: Floats, sigma: float, strength: float = 18, softness: float = 12) -> Floats:
    """1 = paper, 0 = ink: extended difference of Gaussians (Winnemoeller et al. 2012)."""
    fine, wide = blur(tone, sigma), blur(tone, sigma * 1.6)
    response = (1 + strength) * fine - strength * wide - 0.5 * fine - 0.18
    return np.where(response > 0, 1, 1 + np.tanh(softness * response)).astype(np.float32)


def flow(tone: Floats, sigma: float) -> tuple[Floats, Floats]:
    """Unit vectors (x, y) along the edges: the minor eigenvector of the smoothed structure tensor."""
    gx, gy = cv2.Sobel(tone, cv2.CV_32F, 1, 0), cv2.Sobel(tone, cv2.CV_32F, 0, 1)
    xx, yy, xy = (blur(part, sigma) for part in (gx * gx, gy * gy, gx * gy))
    flat = 1e-5  # flat regions follow one diagonal rather than noise
    angle = 0.5 * np.arctan2(2 * xy - 2 * flat, xx - yy + flat) + np.pi / 2
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def smeared(image: Floats, direction: tuple[Floats, Floats], length: int) -> Floats:
    """The mean of an image along a flow, `length` pixels each way (line integral convolution)."""
    height, width = image.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    total, count = image.astype(np.float32).copy(), 1
    for sign in (1, -1):
        x, y, before = (
            columns.copy(),
            rows.copy(),
            (direction[0] * np.float32(sign), direction[1] * np.float32(sign)),
        )
        for _ in range(length):
            x, y = x + before[0], y + before[1]
            total += cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
            step = [cv2.remap(d, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT) for d in direction]
            turn = np.where(step[0] * before[0] + step[1] * before[1] < 0, -1, 1).astype(np.float32)
            before = (step[0] * turn, step[1] * turn)
            count += 1
    return total / count


def kuwahara(colour: Floats, radius: int) -> Floats:
    """Flat patches with kept edges: eight overlapping sectors weighted by evenness (Papari et al. 2007)."""
    size = 2 * radius + 1
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    angle, disc = np.arctan2(y, x), np.exp(-(x * x + y * y) / (2 * (radius / 2) ** 2))
    tone = grey(colour)
    joined = np.dstack([colour, tone * tone])
    total, weights = np.zeros_like(colour), np.zeros(tone.shape, np.float32)
    for sector in range(8):
        turned = (angle - sector * np.pi / 4 + np.pi) % (2 * np.pi) - np.pi
        kernel = (disc * np.exp(-(turned**2) / (2 * 0.45**2))).reshape(size, size).astype(np.float32)
        kernel[radius, radius] = disc.max()
        local = cv2.filter2D(joined, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)
        mean = local[..., :3]
        spread = np.maximum(local[..., 3] - grey(np.ascontiguousarray(mean)) ** 2, 0)
        weight = 1 / (1 + (255 * np.sqrt(spread)) ** 4)
        total += mean * weight[..., None]
        weights += weight
    return total / np.maximum(weights, 1e-12)[..., None]


def grain(shape: tuple[int, int], rng: np.random.Generator, sigma: float = 0.0) -> Floats:
    """Noise of mean 0 and deviation 1, blurred."""
    noise = rng.standard_normal(shape).astype(np.float32)
    if sigma:
        noise = blur(noise, sigma)
    return np.asarray((noise - noise.mean()) / (noise.std() + 1e-6), np.float32)


def paper(shape: tuple[int, int], rng: np.random.Generator, scale: float) -> Floats:
    """Rough paper as heights of mean 0 and deviation 1: fibres of three sizes."""
    return (
        grain(shape, rng, 0.7 * scale)
        + 0.8 * grain(shape, rng, 1.6 * scale)
        + 0.6 * grain(shape, rng, 5 * scale)
    ) / 1.4


def relief(height: Floats, strength: float) -> Floats:
    """Light from the upper left on a height field: values about 1."""
    slope = cv2.Sobel(height, cv2.CV_32F, 1, 0) + cv2.Sobel(height, cv2.CV_32F, 0, 1)
    return np.asarray(np.clip(1 + strength * slope, 0.6, 1.4), np.float32)


def wobbled(image: Floats, rng: np.random.Generator, amount: float, scale: float) -> Floats:
    """The image with its outlines shaken by a smooth random displacement of `amount` pixels."""
    height, width = image.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    dx, dy = (grain((height, width), rng, scale) * amount for _ in range(2))
    return cv2.remap(image, columns + dx, rows + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def scattered(shape: tuple[int, int], rng: np.random.Generator, spacing: float) -> npt.NDArray[np.float64]:
    """Points (N, 2) as (x, y) on a jittered grid, in random order."""
    height, width = shape
    rows, columns = max(2, round(height / spacing)), max(2, round(width / spacing))
    y, x = np.mgrid[0:rows, 0:columns]
    points = np.stack(
        [
            (x + (y % 2) * 0.5 + rng.uniform(0.1, 0.9, x.shape)) * width / columns - 0.25 * spacing,
            (y + rng.uniform(0.1, 0.9, y.shape)) * height / rows,
        ],
        -1,
    ).reshape(-1, 2)
    return rng.permutation(np.clip(points, 0, (width - 1, height - 1)))


def palette_of(colour: Floats, count: int) -> Floats:
    """The picture in its own `count` colours (median cut; no dithering)."""
    from PIL import Image

    image = Image.fromarray((colour * 255 + 0.5).astype(np.uint8))
    reduced = image.quantize(count, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return np.asarray(reduced.convert("RGB"), np.float32) / 255


def mean_of_regions(colour: Floats, labels: npt.NDArray[Any]) -> Floats:
    """Every region (labels >= 0) in its mean colour."""
    flat = labels.ravel()
    counts = np.maximum(np.bincount(flat), 1)
    means = np.stack([np.bincount(flat, colour[..., k].ravel()) / counts for k in range(3)], -1)
    return np.asarray(means[labels], np.float32)


def tinted(tone: Floats, dark: tuple[float, float, float], light: tuple[float, float, float]) -> Floats:
    """A tone, (H, W) in [0, 1], as a colour between two sRGB ones, (H, W, 3)."""
    return np.array(dark, np.float32) + tone[..., None] * (
        np.array(light, np.float32) - np.array(dark, np.float32)
    )


def over(under: Floats, over: Floats, cover: Floats) -> Floats:
    """One layer over another; cover: (H, W, 1) in [0, 1]."""
    return np.asarray(under + (over - under) * cover, np.float32)


def hatched(tone: Floats, rng: np.random.Generator, angle: float, length: int) -> Floats:
    """Pencil strokes in one direction, in [0, 1]: 1 where a stroke leaves the paper bare."""
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    reach = (round(length * np.cos(angle)), round(length * np.sin(angle)))
    cv2.line(
        kernel,
        (length - reach[0], length - reach[1]),
        (length + reach[0], length + reach[1]),
        1.0,
        1,
        cv2.LINE_AA,
    )
    strokes = cv2.filter2D(grain(tone.shape, rng), -1, kernel, borderType=cv2.BORDER_REFLECT)
    return np.asarray(0.5 + 0.5 * np.tanh(1.3 * strokes / strokes.std()), np.float32)
