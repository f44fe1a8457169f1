"""Styles of print and of flat pieces: cartoon, pixels, tiles, dots, glass, polygons."""

from __future__ import annotations

import cv2
import numpy as np

from anyedit.edits.global_ import brush
from anyedit.edits.global_.brush import Floats, blur, grain, grey, over, ramp, stretched, tint, unit, vivid


def cartoon(colour: Floats, rng: np.random.Generator) -> Floats:
    scale = unit(colour)
    smooth = colour
    for _ in range(3):
        smooth = cv2.bilateralFilter(smooth, max(5, round(7 * scale)), 0.12, 4 * scale)
    lab = cv2.cvtColor(vivid(smooth, 1.45), cv2.COLOR_RGB2LAB)
    steps, level = 7, lab[..., 0] / 100
    nearest_step = np.round(level * steps) / steps
    level = nearest_step + np.tanh((level - nearest_step) * steps * 3) / (steps * 8)  # soft-edged cel shading
    lab[..., 0] = np.clip(level * 104, 0, 100)
    cel = np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1)
    lines = brush.ink_lines(grey(smooth) * 0.7 + 0.3, 1.0 * scale, 26, 10)
    return cel * (0.08 + 0.92 * blur(lines, 0.4 * scale))[..., None]


def pixel_art(colour: Floats, rng: np.random.Generator) -> Floats:
    height, width = colour.shape[:2]
    cell = max(2.0, min(height, width) / 56)
    small = cv2.resize(
        vivid(colour, 1.35, 1.1), (round(width / cell), round(height / cell)), interpolation=cv2.INTER_AREA
    )
    small = np.clip(small + 0.6 * (small - blur(small, 1.0)), 0, 1)  # crisp before it becomes coarse
    return cv2.resize(brush.palette_of(small, 28), (width, height), interpolation=cv2.INTER_NEAREST)


def mosaic(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, shape = unit(colour), colour.shape[:2]
    points = brush.scattered(shape, rng, max(4.0, 6.5 * scale))  # smaller tiles are all joint
    seeds = np.full(shape, 255, np.uint8)
    seeds[points[:, 1].astype(int), points[:, 0].astype(int)] = 0
    _, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    tiles = brush.mean_of_regions(vivid(colour, 1.35, 1.12), labels)
    tiles *= (1 + 0.06 * rng.standard_normal(int(labels.max()) + 1).astype(np.float32))[labels][..., None]
    seam = (cv2.morphologyEx(labels.astype(np.float32), cv2.MORPH_GRADIENT, np.ones((2, 2))) > 0).astype(
        np.float32
    )
    raised = brush.relief(-blur(seam, 0.9 * scale), 0.22)
    joint = np.clip(blur(seam, 0.5 * scale) * 1.4, 0, 1)[..., None]
    return over(np.clip(tiles * raised[..., None], 0, 1), tint(0.74, 0.73, 0.69), joint)


def halftone(colour: Floats, rng: np.random.Generator) -> Floats:
    height, width = colour.shape[:2]
    fine, pitch = 3, 4.6 * unit(colour)
    large = cv2.resize(
        vivid(colour, 1.25, 1.05), (width * fine, height * fine), interpolation=cv2.INTER_LINEAR
    )
    rows, columns = np.mgrid[0 : height * fine, 0 : width * fine].astype(np.float32) / fine
    black = 1 - large.max(-1)
    plates = [
        *(np.clip((1 - large[..., k] - black) / np.maximum(1 - black, 0.05), 0, 1) for k in range(3)),
        black**1.3,
    ]
    inks = ((0.0, 0.62, 0.88), (0.90, 0.10, 0.52), (0.99, 0.88, 0.05), (0.10, 0.10, 0.12))
    page = np.ones_like(large) * tint(0.98, 0.97, 0.94)
    for plate, ink, angle in zip(plates, inks, (15, 75, 0, 45), strict=True):
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        u, v = (columns * c + rows * s) * np.pi / pitch, (rows * c - columns * s) * np.pi / pitch
        screen = (np.cos(2 * u) + np.cos(2 * v)) / 4 + 0.5
        dots = ramp(plate - (1 - screen), -0.06, 0.06)[..., None]
        page = page * (1 - dots * (1 - tint(*ink)))
    return cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA)


def pop_art(colour: Floats, rng: np.random.Generator) -> Floats:
    scale = unit(colour)
    smooth = cv2.bilateralFilter(colour, max(5, round(7 * scale)), 0.15, 5 * scale)
    tone = stretched(grey(smooth))
    palette = np.array(
        [[0.16, 0.05, 0.36], [0.90, 0.08, 0.42], [0.99, 0.45, 0.10], [0.99, 0.85, 0.10], [0.45, 0.90, 0.92]],
        np.float32,
    )
    edges = np.percentile(tone, (22, 45, 65, 85))
    image = np.zeros_like(colour) + palette[0]
    for k, edge in enumerate(edges):
        image += ramp(tone, edge - 0.015, edge + 0.015)[..., None] * (palette[k + 1] - palette[k])
    rows, columns = np.mgrid[0 : colour.shape[0], 0 : colour.shape[1]].astype(np.float32)
    pitch = 5.5 * scale  # printed dots in the middle tones
    u, v = (columns + rows) * np.pi / pitch / 1.414, (rows - columns) * np.pi / pitch / 1.414
    dots = ramp((np.cos(2 * u) + np.cos(2 * v)) / 2, 0.25, 0.55) * ramp(tone, edges[0], edges[0] + 0.05)
    dots *= 1 - ramp(tone, edges[2], edges[2] + 0.05)
    image = image * (1 - 0.55 * dots[..., None]) + 0.55 * dots[..., None] * palette[0]
    lines = brush.ink_lines(grey(smooth) * 0.7 + 0.3, 1.1 * scale, 22, 8)
    return over(image, 0.1 * image, (1 - lines)[..., None])


def stained_glass(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, shape = unit(colour), colour.shape[:2]
    smooth = cv2.bilateralFilter(colour, max(5, round(9 * scale)), 0.15, 6 * scale)
    markers = np.zeros(shape, np.int32)
    points = brush.scattered(shape, rng, 17 * scale).astype(int)
    for index, (x, y) in enumerate(points.tolist()):
        cv2.circle(markers, (x, y), max(1, round(2 * scale)), index + 1, -1)
    labels = cv2.watershed((smooth * 255).astype(np.uint8), markers)  # panes that follow the outlines
    lead = (labels <= 0).astype(np.float32)
    lead[[0, -1]] = lead[:, [0, -1]] = 0
    panes = brush.mean_of_regions(smooth, np.maximum(labels, 0))
    panes = vivid(np.clip(panes**0.85, 0, 1), 2.0, 1.2)
    panes *= (1 + 0.10 * rng.standard_normal(len(points) + 1).astype(np.float32))[np.maximum(labels, 0)][
        ..., None
    ]
    glass = panes * (1 + 0.07 * grain(shape, rng, 3 * scale))[..., None]
    wide = cv2.dilate(lead, np.ones((max(1, round(2 * scale)),) * 2))
    rim = np.clip(blur(wide, 0.8 * scale) * 1.5, 0, 1)[..., None]
    light = 1 + 0.12 * (1 - np.clip(blur(wide, 4 * scale) * 3, 0, 1))[..., None]
    return over(np.clip(glass * light, 0, 1), tint(0.06, 0.06, 0.07), rim)


def low_poly(colour: Floats, rng: np.random.Generator) -> Floats:
    from scipy.spatial import Delaunay

    scale, shape = unit(colour), colour.shape[:2]
    smooth = cv2.bilateralFilter(vivid(colour, 1.25, 1.05), max(5, round(7 * scale)), 0.12, 5 * scale)
    tone = grey(smooth)
    edge = np.hypot(cv2.Sobel(tone, cv2.CV_32F, 1, 0), cv2.Sobel(tone, cv2.CV_32F, 0, 1))
    chance = blur(np.clip(edge, 0, 0.6), 0.7 * scale).ravel().astype(float) + 1e-3
    chosen = rng.choice(chance.size, size=1100, replace=False, p=chance / chance.sum())
    height, width = shape
    corners = [(x, y) for x in np.linspace(0, width - 1, 7) for y in np.linspace(0, height - 1, 7)]
    points = np.vstack(
        [np.column_stack([chosen % width, chosen // width]), brush.scattered(shape, rng, 22 * scale), corners]
    )
    faces = Delaunay(points).simplices
    labels = np.zeros(shape, np.int32)
    for index, face in enumerate(faces):
        cv2.fillConvexPoly(labels, np.round(points[face]).astype(np.int32), index + 1)
    return brush.mean_of_regions(smooth, labels)
