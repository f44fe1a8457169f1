"""Styles of paint: oil, watercolour, points, loose strokes."""

from __future__ import annotations

import cv2
import numpy as np

from anyedit.edits.global_ import brush
from anyedit.edits.global_.brush import Floats, blur, grain, grey, paper, ramp, tint, unit, vivid


def oil_painting(colour: Floats, rng: np.random.Generator) -> Floats:
    scale = unit(colour)
    painted = brush.kuwahara(vivid(colour, 1.25, 1.06), max(3, round(5 * scale)))
    direction = brush.flow(grey(painted), 6 * scale)
    painted = brush.smeared(painted, direction, max(2, round(3 * scale)))
    bristles = brush.smeared(grain(painted.shape[:2], rng, 0.6 * scale), direction, max(5, round(8 * scale)))
    bristles /= bristles.std() + 1e-6
    return np.clip(painted * (brush.relief(bristles, 0.02) + 0.014 * bristles)[..., None], 0, 1)


def watercolour(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, shape = unit(colour), colour.shape[:2]
    flat = brush.kuwahara(
        brush.wobbled(vivid(colour, 1.3), rng, 1.3 * scale, 5 * scale), max(4, round(6 * scale))
    )
    tone = grey(flat)
    washed = 1 - (1 - flat) ** 1.0 * (0.66 + 0.22 * ramp(1 - tone, 0.3, 1)[..., None])  # transparent pigment
    edge = blur(np.hypot(cv2.Sobel(tone, cv2.CV_32F, 1, 0), cv2.Sobel(tone, cv2.CV_32F, 0, 1)), 0.9 * scale)
    pools = (
        0.45 * grain(shape, rng, 14 * scale)
        + 0.3 * grain(shape, rng, 4 * scale)
        + 0.25 * paper(shape, rng, scale)
    )
    density = (
        1 + 0.20 * pools + 1.0 * np.clip(edge, 0, 0.7)
    )  # pigment pools, and gathers at the rim of a wash
    return np.clip(0.985 * washed ** density[..., None], 0, 1)


def pointillism(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, shape = unit(colour), colour.shape[:2]
    rich = vivid(colour, 1.6, 1.1)
    canvas = (blur(rich, 6 * scale) * 0.5 + 0.5 * tint(0.95, 0.92, 0.84)).astype(np.float32)
    for spacing, radius in ((4.2, 2.9), (3.0, 1.8), (2.6, 1.25)):
        points = brush.scattered(shape, rng, spacing * scale)
        tones = blur(rich, radius * 0.5 * scale)[points[:, 1].astype(int), points[:, 0].astype(int)]
        tones = np.clip(tones + rng.normal(0, 0.085, tones.shape), 0, 1)  # pure dots that mix in the eye
        for (x, y), tone in zip(points, tones, strict=True):
            centre = (round(x * 8), round(y * 8))
            cv2.circle(canvas, centre, round(radius * scale * 8), tone.tolist(), -1, cv2.LINE_AA, 3)
    return np.clip(canvas, 0, 1)


def impressionist(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, shape = unit(colour), colour.shape[:2]
    rich = vivid(colour, 1.45, 1.08)
    tone = grey(rich)
    canvas = blur(rich, 5 * scale)
    along = brush.flow(blur(tone, 1.5 * scale), 5 * scale)
    detail = blur(np.hypot(cv2.Sobel(tone, cv2.CV_32F, 1, 0), cv2.Sobel(tone, cv2.CV_32F, 0, 1)), 2 * scale)
    for spacing, length, width, wanted in ((5.0, 17, 6.0, 0.0), (3.6, 11, 3.6, 0.0), (2.3, 6, 2.0, 0.10)):
        points = brush.scattered(shape, rng, spacing * scale)
        rows, columns = points[:, 1].astype(int), points[:, 0].astype(int)
        if wanted:  # small strokes only where there is something to say
            chosen = detail[rows, columns] > wanted
            points, rows, columns = points[chosen], rows[chosen], columns[chosen]
        tones = blur(rich, width * 0.3 * scale)[rows, columns]
        tones = np.clip(
            tones + rng.normal(0, 0.035, (len(points), 1)) + rng.normal(0, 0.03, tones.shape), 0, 1
        )
        turn = rng.normal(0, 0.18, len(points))
        dx = along[0][rows, columns] * np.cos(turn) - along[1][rows, columns] * np.sin(turn)
        dy = along[0][rows, columns] * np.sin(turn) + along[1][rows, columns] * np.cos(turn)
        reach = rng.uniform(0.3, 0.5, len(points)) * length * scale
        starts = np.round((points - np.stack([dx, dy], -1) * reach[:, None]) * 8).astype(int)
        ends = np.round((points + np.stack([dx, dy], -1) * reach[:, None]) * 8).astype(int)
        for start, end, shade in zip(starts.tolist(), ends.tolist(), tones.tolist(), strict=True):
            cv2.line(canvas, start, end, shade, max(1, round(width * scale)), cv2.LINE_AA, 3)
    ridges = blur(grey(canvas) + 0.03 * grain(shape, rng, 0.6 * scale), 0.6 * scale)
    return canvas * brush.relief(ridges, 0.16)[..., None]
