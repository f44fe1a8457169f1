"""Styles of dry media and line: pencil, charcoal, woodcut, blueprint, coloured pencil."""

from __future__ import annotations

import cv2
import numpy as np

from anyedit.edits.global_ import brush
from anyedit.edits.global_.brush import (
    Floats,
    blur,
    grain,
    grey,
    hatched,
    paper,
    ramp,
    stretched,
    tint,
    tinted,
    unit,
    vivid,
)


def pencil_sketch(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, tone = unit(colour), stretched(grey(colour))
    soft = blur(1 - tone, 5 * scale)
    dodge = np.clip(
        tone / np.maximum(1 - soft, 0.04), 0, 1
    )  # the drawn outline: what is darker than around it
    lines = brush.ink_lines(tone, 0.8 * scale, 22, 6)
    length = max(4, round(7 * scale))
    hatch = hatched(tone, rng, -0.8, length)
    cross = hatched(tone, rng, 0.5, length)
    shade = 1 - 0.55 * ramp(1 - tone, 0.25, 0.9) * (1 - hatch) - 0.5 * ramp(1 - tone, 0.6, 1.0) * (1 - cross)
    drawn = shade * (0.25 + 0.75 * dodge**1.4) * (0.35 + 0.65 * lines)
    return tinted(
        np.clip(drawn * (1 + 0.02 * paper(tone.shape, rng, scale)), 0, 1),
        (0.16, 0.16, 0.18),
        (0.97, 0.96, 0.93),
    )


def charcoal(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, tone = unit(colour), stretched(grey(colour))
    smudged = blur(brush.smeared(tone, brush.flow(tone, 3 * scale), max(3, round(4 * scale))), 0.8 * scale)
    tooth = paper(tone.shape, rng, scale)
    shade = ramp(smudged + 0.10 * tooth, -0.12, 0.72)
    edge = blur(
        np.hypot(cv2.Sobel(smudged, cv2.CV_32F, 1, 0), cv2.Sobel(smudged, cv2.CV_32F, 0, 1)), 0.8 * scale
    )
    stroke = 1 - ramp(edge * (1 + 0.25 * tooth), 0.12, 0.65)
    return tinted(np.clip(shade * (0.15 + 0.85 * stroke), 0, 1), (0.07, 0.065, 0.06), (0.93, 0.91, 0.87))


def woodcut(colour: Floats, rng: np.random.Generator) -> Floats:
    height, width = colour.shape[:2]
    fine = 2
    tone = stretched(grey(colour), 3, 97)
    tone = np.clip(tone + 0.8 * (tone - blur(tone, 8 * unit(colour))), 0, 1)
    tone = cv2.resize(tone, (width * fine, height * fine), interpolation=cv2.INTER_CUBIC)
    scale = unit(colour) * fine
    direction = brush.flow(blur(tone, 2 * scale), 7 * scale)
    cuts = brush.smeared(grain(tone.shape, rng, 0.95 * scale), direction, max(8, round(11 * scale)))
    threshold = 0.5 + 0.36 * cuts / (cuts.std() + 1e-6)
    printed = ramp(tone - np.clip(threshold, 0.14, 0.86), -0.03, 0.03)
    page = cv2.resize(printed, (width, height), interpolation=cv2.INTER_AREA)
    return tinted(page, (0.09, 0.08, 0.075), (0.94, 0.90, 0.80))


def blueprint(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, shape = unit(colour), colour.shape[:2]
    smooth = cv2.bilateralFilter(colour, max(5, round(7 * scale)), 0.1, 4 * scale)
    lines = sum(
        np.clip(1 - brush.ink_lines(smooth[..., k] * 0.7 + 0.3, s * scale, 24, 7), 0, 1)
        for k, s in ((0, 0.8), (1, 0.8), (2, 1.0))
    )
    lines = np.clip(np.asarray(lines, np.float32) * 0.55, 0, 1)
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    step = max(6, round(16 * scale))
    grid = np.maximum((rows % step == 0), (columns % step == 0)) * 0.10
    grid = np.maximum(grid, np.maximum((rows % (4 * step) == 0), (columns % (4 * step) == 0)) * 0.17)
    ground = 0.07 * (1 - stretched(blur(grey(colour), 2 * scale))) + 0.012 * paper(shape, rng, scale)
    drawn = np.clip(np.maximum(lines * 0.95, grid) - ground, -0.2, 1).astype(np.float32)
    return tinted(drawn, (0.10, 0.27, 0.56), (0.95, 0.97, 1.0))


def coloured_pencil(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, shape = unit(colour), colour.shape[:2]
    rich = vivid(brush.kuwahara(colour, max(2, round(3 * scale))), 1.5)
    tone = grey(rich)
    first, second = (hatched(tone, rng, angle, max(4, round(8 * scale))) for angle in (-0.9, -0.35))
    tooth = 0.5 + 0.5 * np.tanh(0.8 * paper(shape, rng, scale))
    cover = 0.45 + 0.75 * ramp(1 - tone, 0.0, 0.8)
    cover = np.clip(cover * (0.30 + 0.50 * first + 0.35 * second) * (0.72 + 0.4 * tooth), 0, 1)[..., None]
    page = (1 - cover) * tint(0.98, 0.97, 0.95) + cover * np.clip(rich * 0.92, 0, 1)
    return page * (0.45 + 0.55 * brush.ink_lines(tone * 0.6 + 0.4, 0.8 * scale, 20, 5))[..., None]
