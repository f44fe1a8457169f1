"""Styles by image processing: `stylised(picture, name)`. No network, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from anyedit.edits.global_ import brush
from anyedit.edits.global_.brush import Floats, blur, grain, grey, paper, ramp, stretched, tint, unit, vivid
from anyedit.errors import AnyEditError, nearest
from anyedit.records import Pixels
from anyedit.seeds import rng_of

Style = Callable[[Floats, np.random.Generator], Floats]
STYLES: dict[str, Style] = {}


def stylised(picture: Pixels, name: str) -> Pixels:
    """The picture, uint8 (H, W, 3), in a style of `STYLES`. Raises AnyEditError for an unknown style."""
    if name not in STYLES:
        raise AnyEditError(f"no style is named '{name}'{nearest(name, STYLES)}")
    height, width = picture.shape[:2]
    image = STYLES[name](picture.astype(np.float32) / 255, rng_of("style", name, height, width))
    return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def _style(name: str) -> Callable[[Style], Style]:
    def add(draw: Style) -> Style:
        STYLES[name] = draw
        return draw

    return add


def _tinted(tone: Floats, dark: tuple[float, float, float], light: tuple[float, float, float]) -> Floats:
    return np.array(dark, np.float32) + tone[..., None] * (
        np.array(light, np.float32) - np.array(dark, np.float32)
    )


def _over(under: Floats, over: Floats, cover: Floats) -> Floats:
    """One layer over another; cover: (H, W, 1) in [0, 1]."""
    return np.asarray(under + (over - under) * cover, np.float32)


def _hatched(tone: Floats, rng: np.random.Generator, angle: float, length: int) -> Floats:
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


@_style("pencil sketch")
def pencil_sketch(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, tone = unit(colour), stretched(grey(colour))
    soft = blur(1 - tone, 5 * scale)
    dodge = np.clip(
        tone / np.maximum(1 - soft, 0.04), 0, 1
    )  # the drawn outline: what is darker than around it
    lines = brush.ink_lines(tone, 0.8 * scale, 22, 6)
    length = max(4, round(7 * scale))
    hatch = _hatched(tone, rng, -0.8, length)
    cross = _hatched(tone, rng, 0.5, length)
    shade = 1 - 0.55 * ramp(1 - tone, 0.25, 0.9) * (1 - hatch) - 0.5 * ramp(1 - tone, 0.6, 1.0) * (1 - cross)
    drawn = shade * (0.25 + 0.75 * dodge**1.4) * (0.35 + 0.65 * lines)
    return _tinted(
        np.clip(drawn * (1 + 0.02 * paper(tone.shape, rng, scale)), 0, 1),
        (0.16, 0.16, 0.18),
        (0.97, 0.96, 0.93),
    )


@_style("charcoal drawing")
def charcoal(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, tone = unit(colour), stretched(grey(colour))
    smudged = blur(brush.smeared(tone, brush.flow(tone, 3 * scale), max(3, round(4 * scale))), 0.8 * scale)
    tooth = paper(tone.shape, rng, scale)
    shade = ramp(smudged + 0.10 * tooth, -0.12, 0.72)
    edge = blur(
        np.hypot(cv2.Sobel(smudged, cv2.CV_32F, 1, 0), cv2.Sobel(smudged, cv2.CV_32F, 0, 1)), 0.8 * scale
    )
    stroke = 1 - ramp(edge * (1 + 0.25 * tooth), 0.12, 0.65)
    return _tinted(np.clip(shade * (0.15 + 0.85 * stroke), 0, 1), (0.07, 0.065, 0.06), (0.93, 0.91, 0.87))


@_style("oil painting")
def oil_painting(colour: Floats, rng: np.random.Generator) -> Floats:
    scale = unit(colour)
    painted = brush.kuwahara(vivid(colour, 1.25, 1.06), max(3, round(5 * scale)))
    direction = brush.flow(grey(painted), 6 * scale)
    painted = brush.smeared(painted, direction, max(2, round(3 * scale)))
    bristles = brush.smeared(grain(painted.shape[:2], rng, 0.6 * scale), direction, max(5, round(8 * scale)))
    bristles /= bristles.std() + 1e-6
    return np.clip(painted * (brush.relief(bristles, 0.02) + 0.014 * bristles)[..., None], 0, 1)


@_style("watercolour painting")
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


@_style("cartoon")
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


@_style("pixel art")
def pixel_art(colour: Floats, rng: np.random.Generator) -> Floats:
    height, width = colour.shape[:2]
    cell = max(2.0, min(height, width) / 56)
    small = cv2.resize(
        vivid(colour, 1.35, 1.1), (round(width / cell), round(height / cell)), interpolation=cv2.INTER_AREA
    )
    small = np.clip(small + 0.6 * (small - blur(small, 1.0)), 0, 1)  # crisp before it becomes coarse
    return cv2.resize(brush.palette_of(small, 28), (width, height), interpolation=cv2.INTER_NEAREST)


@_style("mosaic")
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
    return _over(np.clip(tiles * raised[..., None], 0, 1), tint(0.74, 0.73, 0.69), joint)


@_style("pointillist painting")
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


@_style("halftone print")
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


@_style("pop art")
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
    return _over(image, 0.1 * image, (1 - lines)[..., None])


@_style("vintage sepia photograph")
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


@_style("black-and-white film")
def film(colour: Floats, rng: np.random.Generator) -> Floats:
    tone = stretched(colour @ tint(0.45, 0.40, 0.15), 0.5, 99.5)  # a panchromatic film behind a yellow filter
    tone = 0.5 + 0.5 * np.tanh(2.6 * (tone - 0.48)) / np.tanh(1.3)
    amount = 0.045 * (0.4 + 0.6 * np.sin(np.pi * np.clip(tone, 0, 1)))  # grain shows most in the middle tones
    tone = np.clip(tone + amount * grain(tone.shape, rng, 0.55 * unit(colour)), 0, 1)
    return np.repeat(tone[..., None], 3, -1).astype(np.float32)


@_style("woodcut")
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
    return _tinted(page, (0.09, 0.08, 0.075), (0.94, 0.90, 0.80))


@_style("blueprint")
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
    return _tinted(drawn, (0.10, 0.27, 0.56), (0.95, 0.97, 1.0))


@_style("stained glass")
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
    return _over(np.clip(glass * light, 0, 1), tint(0.06, 0.06, 0.07), rim)


@_style("impressionist painting")
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


@_style("neon glow")
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


@_style("coloured pencil drawing")
def coloured_pencil(colour: Floats, rng: np.random.Generator) -> Floats:
    scale, shape = unit(colour), colour.shape[:2]
    rich = vivid(brush.kuwahara(colour, max(2, round(3 * scale))), 1.5)
    tone = grey(rich)
    first, second = (_hatched(tone, rng, angle, max(4, round(8 * scale))) for angle in (-0.9, -0.35))
    tooth = 0.5 + 0.5 * np.tanh(0.8 * paper(shape, rng, scale))
    cover = 0.45 + 0.75 * ramp(1 - tone, 0.0, 0.8)
    cover = np.clip(cover * (0.30 + 0.50 * first + 0.35 * second) * (0.72 + 0.4 * tooth), 0, 1)[..., None]
    page = (1 - cover) * tint(0.98, 0.97, 0.95) + cover * np.clip(rich * 0.92, 0, 1)
    return page * (0.45 + 0.55 * brush.ink_lines(tone * 0.6 + 0.4, 0.8 * scale, 20, 5))[..., None]


@_style("low-poly illustration")
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
