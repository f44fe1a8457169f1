"""How materials are painted: each function turns a linear colour into a seamless texture, or gives a relief.

A paint takes the colour, float32 (3,), and returns linear reflectance, float32 (n, n, 3), whose mean is about
that colour. A relief takes the side in pixels and returns heights, float32 (n, n), of deviation about 1 or
within [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from anyedit.world import textures
from anyedit.world.colours import linear
from anyedit.world.textures import Map, noise, step

Image = npt.NDArray[np.float32]
Paint = Callable[[Image], Image]
Relief = Callable[[int], Map]


def _times(colour: Image, tone: Map) -> Image:
    shown = np.empty((*tone.shape, 3), np.float32)
    for channel in range(3):  # one after the other: numpy is slow along so short an axis
        shown[..., channel] = np.clip(colour[..., channel] * tone, 0.0, 0.95)
    return shown


def _mix(a: Image, b: Image, share: Map) -> Image:
    shown = np.empty((*share.shape, 3), np.float32)
    for channel in range(3):
        one, other = a[..., channel], b[..., channel]
        shown[..., channel] = one + (other - one) * share
    return shown


def _rgb(r: float, g: float, b: float) -> Image:
    return np.array(linear((r, g, b)), np.float32)


def wood(dark: float) -> Paint:
    def paint(colour: Image) -> Image:
        late, pores = textures.wood(256)
        fine = 1 + 0.07 * noise(256, "wood fibre", 16, 128, 0.4, stretch=20)
        wide = 1 + 0.07 * noise(256, "wood shade", 1, 5, 1.0, stretch=3)
        shade = _mix(colour * 1.16, colour * np.array([0.60, 0.50, 0.42], np.float32) * dark, late)
        return _times(shade, fine * wide * (1 - 0.35 * pores))

    return paint


def bamboo(colour: Image) -> Image:
    u, v = textures.grid(256)
    cane = np.floor(u * 8).astype(int)
    x = (u * 8) % 1.0
    rng = np.array([0.13, 0.71, 0.42, 0.93, 0.27, 0.60, 0.05, 0.82])
    node = ((v * 2 + rng[cane]) % 1.0).astype(np.float32)
    ring = np.exp(-(((node - 0.5) / 0.016) ** 2))
    round_ = np.clip(1 - (2 * x - 1) ** 2, 0, 1) ** 0.45
    tone = (0.30 + 0.78 * round_) * (0.86 + 0.26 * rng[cane]) * (1 - 0.45 * ring)
    tone = tone * (1 + 0.05 * noise(256, "bamboo", 4, 120, 0.5, stretch=0.08))
    return _times(colour, tone.astype(np.float32))


def marble(colour: Image) -> Image:
    vein, cloud = textures.marble(256)
    veined = _mix(colour, colour * np.array([0.20, 0.22, 0.25], np.float32), vein)
    return _times(veined, 0.97 + 0.035 * cloud)


def stone(colour: Image) -> Image:
    large, fine = noise(256, "stone", 1, 14, 1.1), noise(256, "stone fine", 10, 120, 0.6)
    crack = np.exp(-np.abs(noise(256, "stone crack", 2, 20, 1.3)) * 28)
    warm = _mix(
        colour,
        colour * np.array([1.10, 0.98, 0.84], np.float32),
        step(-0.5, 1.5, noise(256, "stone tint", 1, 6, 1)),
    )
    return _times(warm, np.clip(1 + 0.17 * large + 0.11 * fine, 0.3, 1.6) * (1 - 0.4 * crack))


def granite(colour: Image) -> Image:
    _, _, tone = textures.cells(256, 60, "granite", 1.0, 0.35)
    speck = np.select([tone < 0.22, tone < 0.34, tone > 0.80], [0.10, 0.55, 1.75], 1.0).astype(np.float32)
    rosy = _mix(colour, colour * np.array([1.15, 0.92, 0.84], np.float32), (tone > 0.60).astype(np.float32))
    return _times(rosy, speck * (1 + 0.06 * noise(256, "granite", 2, 20, 1)))


def brick(colour: Image) -> Image:
    height, tone, wear = textures.bricks(256, 4, 12, 0.026, "brick")
    kiln = _mix(
        colour * np.array([0.66, 0.58, 0.58], np.float32),
        colour * np.array([1.22, 1.16, 1.05], np.float32),
        tone,
    )
    face = _times(kiln, np.clip(1 + 0.12 * wear, 0.5, 1.5))
    mortar = _times(_rgb(0.72, 0.69, 0.64) * 0.85, 0.92 + 0.06 * wear)
    return _mix(mortar, face, height)


def concrete(colour: Image) -> Image:
    pores = step(1.7, 2.3, noise(256, "concrete pores", 20, 70, 0.3))
    tone = 1 + 0.10 * noise(256, "concrete", 1, 10, 1.2) + 0.05 * noise(256, "concrete fine", 20, 128, 0.3)
    return _times(colour, tone * (1 - 0.45 * pores))


def clay(colour: Image) -> Image:
    v = textures.grid(256)[1]
    turned = np.sin(2 * np.pi * 24 * v + 0.5 * noise(256, "clay ring", 1, 6, 1.2))
    return _times(colour, 1 + 0.10 * noise(256, "clay", 1, 20, 1.0) + 0.035 * turned.astype(np.float32))


def leather_relief(n: int) -> Map:
    first, second, _ = textures.cells(n, 22, "leather", 0.95, 0.12)
    return step(0.0, 0.34, second - first)


def leather(colour: Image) -> Image:
    relief = leather_relief(256)
    return _times(colour, (0.62 + 0.42 * relief) * (1 + 0.10 * noise(256, "leather", 1, 8, 1.2)))


def weave_relief(n: int) -> Map:
    return textures.weave(n, 20)[0]


def fabric(colour: Image) -> Image:
    height, over = textures.weave(256, 20)
    slub = (
        1
        + 0.07 * noise(256, "fabric", 2, 60, 0.5, stretch=6)
        + 0.07 * noise(256, "fabric 2", 2, 60, 0.5, stretch=1 / 6)
    )
    return _times(colour, (0.55 + 0.62 * height) * (0.94 + 0.12 * over) * slub)


def denim(colour: Image) -> Image:
    rib = textures.twill(256, 26)
    faded = _mix(colour, _rgb(0.80, 0.85, 0.90), 0.42 * (1 - rib))
    worn = (
        1 + 0.14 * noise(256, "denim", 2, 90, 0.6, stretch=0.2) + 0.10 * noise(256, "denim worn", 1, 6, 1.2)
    )
    return _times(faded, worn * (0.80 + 0.25 * rib))


def knit_relief(n: int) -> Map:
    return textures.knit(n, 10)


def wool(colour: Image) -> Image:
    height = textures.knit(256, 10)
    fuzz = 1 + 0.10 * noise(256, "wool", 20, 120, 0.3)
    return _times(colour, (0.30 + 0.85 * height) * fuzz)


def velvet(colour: Image) -> Image:
    return _times(
        colour * 0.7,
        1 + 0.16 * noise(256, "velvet", 1, 9, 1.3) + 0.05 * noise(256, "velvet nap", 30, 128, 0.2),
    )


def paper(colour: Image) -> Image:
    return _times(colour, 1 + 0.016 * noise(256, "paper", 6, 120, 0.5))


def cardboard(colour: Image) -> Image:
    u = textures.grid(256)[0]
    flute = 1 + 0.05 * np.sin(2 * np.pi * 26 * u).astype(np.float32)
    fleck = step(1.9, 2.6, noise(256, "cardboard fleck", 20, 128, 0.2, stretch=2))
    return _times(colour, flute * (1 + 0.05 * noise(256, "cardboard", 2, 100, 0.7)) * (1 - 0.3 * fleck))


def cork(colour: Image) -> Image:
    first, second, tone = textures.cells(256, 34, "cork", 1.0, 0.25)
    gap = step(0.0, 0.16, second - first)
    dark = np.where(tone < 0.10, 0.30, 0.72 + 0.5 * tone).astype(np.float32)
    return _times(colour, dark * (0.62 + 0.38 * gap))


def wax(colour: Image) -> Image:
    return _times(colour, 1 + 0.03 * noise(256, "wax", 1, 8, 1.3))


def grass(colour: Image) -> Image:
    height, tone = textures.strokes(256, 2600, 0.10, 0.008, "grass", 34, 90)
    blade = _mix(
        colour * np.array([0.72, 0.92, 0.7], np.float32),
        colour * np.array([1.75, 1.35, 1.1], np.float32),
        tone,
    )
    return _times(blade, (0.30 + 0.95 * height) * (1 + 0.12 * noise(256, "grass", 1, 5, 1.2)))


def straw(colour: Image) -> Image:
    height, tone = textures.strokes(256, 900, 0.4, 0.012, "straw", 25, 0)
    return _times(colour, (0.22 + 0.85 * height) * (0.70 + 0.55 * tone))


def foliage(colour: Image) -> Image:
    light, tone = textures.leaves(256, 260, 0.075, "foliage")
    leaf = _mix(
        colour * np.array([0.75, 0.95, 0.85], np.float32),
        colour * np.array([1.6, 1.25, 0.95], np.float32),
        tone,
    )
    return _times(leaf, 0.25 + 1.05 * light)


def sand_relief(n: int) -> Map:
    v = textures.grid(n)[1]
    ripple = np.sin(2 * np.pi * (9 * v + 0.55 * noise(n, "sand ripple", 1, 6, 1.4)))
    return (0.5 + 0.5 * ripple).astype(np.float32)


def sand(colour: Image) -> Image:
    grain = noise(256, "sand grain", 40, 128, 0.0)
    ripple = sand_relief(256)
    return _times(colour, (0.90 + 0.17 * ripple) * (1 + 0.09 * grain + 0.05 * noise(256, "sand", 1, 8, 1.2)))


def snow(colour: Image) -> Image:
    soft = noise(256, "snow", 1, 14, 1.3)
    blue = _mix(colour, colour * np.array([0.90, 0.94, 1.0], np.float32), step(0.2, -1.8, soft))
    return _times(blue, 1 + 0.02 * noise(256, "snow grain", 40, 128, 0.0))


def skin(colour: Image) -> Image:
    flush = _mix(
        colour,
        colour * np.array([1.03, 0.93, 0.91], np.float32),
        step(-0.5, 2.5, noise(256, "skin", 1, 7, 1.3)),
    )
    return _times(flush, 1 + 0.02 * noise(256, "skin fine", 20, 90, 0.5))


def fur(colour: Image) -> Image:
    i, j = np.indices((256, 256))
    sway = (9 * noise(256, "fur sway", 1, 6, 1.4)).astype(int)
    hair = noise(256, "fur", 5, 128, 0.6, stretch=0.06)[i, (j + sway) % 256]
    lock = noise(256, "fur lock", 3, 24, 0.8, stretch=0.2)[i, (j + sway) % 256]
    return _times(colour, np.clip(1 + 0.24 * hair + 0.20 * lock, 0.35, 1.7))


def feathers(colour: Image) -> Image:
    height, shaft = textures.scales(256, 8)
    u, v = textures.grid(256)
    barb = 1 + 0.07 * np.sin(2 * np.pi * (60 * v + 30 * np.abs((u * 8) % 1.0 - 0.5)))
    return _times(colour, ((0.34 + 0.86 * height) * barb * (1 + 0.25 * shaft)).astype(np.float32))


def flakes(colour: Image) -> Image:
    return _times(colour, np.clip(1 + 0.07 * noise(256, "flakes", 60, 128, 0.0), 0.6, 1.5))


def brushed(colour: Image) -> Image:
    return _times(colour, np.clip(1 + 0.10 * noise(256, "brushed", 8, 128, 0.3, stretch=40), 0.5, 1.3))


def iron(colour: Image) -> Image:
    return _times(colour, np.clip(1 + 0.16 * noise(256, "iron", 2, 40, 0.8), 0.4, 1.6))


def asphalt(colour: Image) -> Image:
    _, _, tone = textures.cells(512, 90, "asphalt", 1.0, 0.1)
    chip = np.select([tone < 0.3, tone > 0.88], [0.72, 1.55], 1.0).astype(np.float32)
    return _times(colour, chip * (1 + 0.08 * noise(512, "asphalt", 1, 10, 1.2)))


def soil(colour: Image) -> Image:
    clump = noise(512, "soil", 4, 60, 0.8)
    crumb = noise(512, "soil crumb", 40, 200, 0.3)
    return _times(colour, np.clip(1 + 0.30 * clump + 0.16 * crumb, 0.25, 1.9))


def wood_floor(colour: Image) -> Image:
    grain, gap, tone = textures.planks(512, 10, "floor")
    board = _mix(colour * 0.80, colour * np.array([1.22, 1.20, 1.16], np.float32), tone)
    lines = _mix(board, board * np.array([0.66, 0.58, 0.50], np.float32), grain * 0.8)
    return _times(lines, 0.30 + 0.70 * gap)


def tiles(colour: Image) -> Image:
    n, count = 256, 4
    u, v = textures.grid(n)
    x, y = (u * count) % 1.0, (v * count) % 1.0
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    rng = np.array([[0.5, 0.9, 0.2, 0.7], [0.8, 0.3, 0.6, 0.1], [0.2, 0.7, 0.95, 0.4], [0.6, 0.0, 0.5, 0.85]])
    shade = 0.95 + 0.08 * rng[np.floor(v * count).astype(int), np.floor(u * count).astype(int)]
    grout = np.broadcast_to(_rgb(0.62, 0.60, 0.57) * 0.8, (n, n, 3)).astype(np.float32)
    return _mix(grout, _times(colour, shade.astype(np.float32)), step(0.018, 0.034, edge))


def carpet(colour: Image) -> Image:
    first, _, tone = textures.cells(256, 44, "carpet", 0.7)
    loop = np.clip(1.12 - 0.55 * first, 0.3, 1.2)
    return _times(colour, loop * (0.88 + 0.2 * tone) * (1 + 0.05 * noise(256, "carpet", 1, 8, 1.2)))


def plaster(colour: Image) -> Image:
    return _times(
        colour,
        1 + 0.03 * noise(256, "plaster", 1, 30, 1.0) + 0.012 * noise(256, "plaster fine", 20, 128, 0.3),
    )


def wallpaper(colour: Image) -> Image:
    u, v = textures.grid(256)
    motif = np.zeros((256, 256), np.float32)
    for cx, cy in ((0.25, 0.25), (0.75, 0.75)):
        x, y = ((u - cx + 0.5) % 1 - 0.5) * 4, ((v - cy + 0.5) % 1 - 0.5) * 4
        r, angle = np.hypot(x, y), np.arctan2(x, y)
        bloom = (0.55 + 0.30 * np.cos(angle * 6)) * (0.75 + 0.25 * np.cos(angle))
        ring = np.exp(-(((r - bloom) / 0.11) ** 2)) + np.exp(-((r / 0.2) ** 2))
        stem = np.exp(-(((x - 0.22 * np.sin(y * 3.14)) / 0.08) ** 2)) * (np.abs(y) > 0.82)
        motif = np.maximum(motif, (ring + stem).clip(0, 1).astype(np.float32))
    light = float(colour.mean()) < 0.45
    second = colour * 0.45 + (0.4 if light else 0.0)
    plain = np.broadcast_to(colour, (256, 256, 3)).astype(np.float32)
    # Not `_mix`: the mean, to which a texture is brought back, is summed in the order in which this lies in memory.
    return (plain + (second - plain) * motif[..., None]).astype(np.float32)


def cobble_relief(n: int) -> Map:
    first, second, _ = textures.cells(n, 9, "cobble", 0.55, 0.04)
    return step(0.05, 0.34, second - first) * (1 - 0.25 * first)


def cobblestone(colour: Image) -> Image:
    _, _, tone = textures.cells(512, 9, "cobble", 0.55, 0.04)
    relief = cobble_relief(512)
    stone = _mix(
        colour * np.array([0.78, 0.80, 0.86], np.float32),
        colour * np.array([1.30, 1.22, 1.10], np.float32),
        tone,
    )
    return _times(stone, (0.22 + 0.85 * relief) * (1 + 0.09 * noise(512, "cobble face", 4, 120, 0.8)))


def gravel(colour: Image) -> Image:
    first, second, tone = textures.cells(512, 34, "gravel", 0.95, 0.06)
    relief = step(0.0, 0.30, second - first) * (1.05 - 0.45 * first)
    stone = _mix(
        colour * np.array([0.62, 0.62, 0.64], np.float32),
        colour * np.array([1.5, 1.42, 1.32], np.float32),
        tone,
    )
    return _times(stone, (0.20 + 0.92 * relief).astype(np.float32))


def ripples(n: int) -> Map:
    return noise(n, "ripples", 2, 14, 1.5)


def drifts(n: int) -> Map:
    return noise(n, "snow", 1, 9, 1.8) + 0.12 * noise(n, "snow crust", 8, 60, 0.6)


def rough(n: int) -> Map:
    return noise(n, "rough", 3, 50, 1.2)


def stone_relief(n: int) -> Map:
    return noise(n, "stone", 1, 14, 1.1) + 0.3 * noise(n, "stone fine", 10, 120, 0.6)


def brick_relief(n: int) -> Map:
    return textures.bricks(n, 4, 12, 0.026, "brick")[0]


def crumpled(n: int) -> Map:
    """Foil pressed flat again: facets that meet in sharp creases, two sizes of them."""
    wide, _, wide_tone = textures.cells(n, 7, "crumpled", 0.95, 0.12)
    fine, _, fine_tone = textures.cells(n, 17, "crumpled fine", 0.95, 0.1)
    return (wide * (2 * wide_tone - 1) + 0.45 * fine * (2 * fine_tone - 1)).astype(np.float32)


def hammered(n: int) -> Map:
    first, _, _ = textures.cells(n, 14, "hammered", 0.6)
    return first**2
