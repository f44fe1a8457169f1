"""Styles of the darkroom and of light: sepia, film, neon."""

from __future__ import annotations

import cv2
import numpy as np

from anyedit.edits.global_.brush import Floats, blur, grain, grey, ramp, stretched, tint, unit


def sepia(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, shape = unit(colour), colour.shape[:2]
    soft = blur(stretched(grey(colour)), 0.7 * scale)
    soft = np.clip(0.75 * soft + 0.25 * blur(soft, 5 * scale), 0, 1)  # an old lens glows
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j].astype(np.float32)
    vignette = 1 - 0.42 * ramp(np.hypot(x, y), 0.55, 1.5)
    tone = np.clip(
        soft * vignette + 0.025 * grain(shape, rng, 0.6 * scale) + 0.015 * grain(shape, rng, 9 * scale), 0, 1
    )
    curve = np.stack([0.14 + 0.83 * tone**0.82, 0.11 + 0.78 * tone, 0.07 + 0.63 * tone**1.12], -1)
    return curve.astype(np.float32)


def film(colour: Floats, rng: np.random.Generator) -> Floats:
    tone = stretched(colour @ tint(0.45, 0.40, 0.15), 0.5, 99.5)  # a panchromatic film behind a yellow filter
    tone = 0.5 + 0.5 * np.tanh(2.6 * (tone - 0.48)) / np.tanh(1.3)
    amount = 0.045 * (0.4 + 0.6 * np.sin(np.pi * np.clip(tone, 0, 1)))  # grain shows most in the middle tones
    tone = np.clip(tone + amount * grain(tone.shape, rng, 0.55 * unit(colour)), 0, 1)
    return np.repeat(tone[..., None], 3, -1).astype(np.float32)


def neon(colour: Floats, rng: np.random.Generator) -> Floats:
    scale = unit(colour)
    smooth = cv2.bilateralFilter(colour, max(5, round(7 * scale)), 0.1, 4 * scale)
    edge = np.max(
        [
            np.hypot(cv2.Sobel(smooth[..., k], cv2.CV_32F, 1, 0), cv2.Sobel(smooth[..., k], cv2.CV_32F, 0, 1))
            for k in range(3)
        ],
        0,
    )
    edge = np.clip(edge / max(float(np.percentile(edge, 97)), 0.12), 0, 1) ** 1.25
    hsv = cv2.cvtColor(blur(smooth, 2 * scale), cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0] + 25 * grain(edge.shape, rng, 40 * scale)) % 360
    hsv[..., 1], hsv[..., 2] = 0.85, 1.0
    tube = edge[..., None] * cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    glow = blur(tube, 2.2 * scale) * 0.9 + blur(tube, 7 * scale) * 0.7
    core = 0.55 * edge[..., None] ** 3
    night = colour * tint(0.06, 0.04, 0.12) + tint(0.015, 0.01, 0.045)
    return np.asarray(night + tube + glow + core, np.float32)
