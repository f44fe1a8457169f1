"""Procedural textures: seamless tone maps, as arrays, from which materials are coloured.

Every function takes the side `n` of the square in pixels and returns float32 (n, n): tone about 1 where a colour
is to be multiplied, a share in [0, 1] where two colours are to be mixed. Row is v, column is u. All of them
repeat without a seam: noise is shaped in the frequency domain, cells and courses wrap round.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from anyedit.seeds import rng_of

Map = npt.NDArray[np.float32]


@lru_cache(maxsize=64)
def noise(
    n: int, key: str, low: float = 1, high: float = 64, slope: float = 1.0, stretch: float = 1.0
) -> Map:
    """Gaussian noise of mean 0 and deviation 1 with waves between `low` and `high` per tile.

    Amplitude falls as frequency ** -slope; `stretch` > 1 draws it out along u (grain, brushing), < 1 along v.
    """
    u, v = np.meshgrid(np.fft.rfftfreq(n, 1 / n), np.fft.fftfreq(n, 1 / n))
    f = np.hypot(u * stretch, v)
    band = (f >= low) & (f <= high) & (f > 0)
    amplitude = np.where(band, np.maximum(f, 1e-6) ** -slope, 0)
    spectrum = np.fft.rfft2(rng_of("texture", key).standard_normal((n, n))) * amplitude
    field = np.fft.irfft2(spectrum, (n, n))
    return cast(Map, (field / field.std()).astype(np.float32))


def grid(n: int) -> tuple[Map, Map]:
    """u and v of the pixel centres in [0, 1)."""
    axis = ((np.arange(n) + 0.5) / n).astype(np.float32)
    u, v = np.meshgrid(axis, axis)
    return u, v


def step(edge0: float, edge1: float, x: Map) -> Map:
    """Smooth step from 0 at `edge0` to 1 at `edge1`."""
    t = np.clip((x - edge0) / (edge1 - edge0), 0, 1)
    return cast(Map, (t * t * (3 - 2 * t)).astype(np.float32))


@lru_cache(maxsize=32)
def cells(n: int, count: int, key: str, jitter: float = 0.9, warp: float = 0.0) -> tuple[Map, Map, Map]:
    """Worley cells, `count` a side: distance to the nearest point and to the second one (in cells), and a random
    tone in [0, 1] per cell."""
    rng = rng_of("texture cells", key)
    points = 0.5 + (rng.random((count, count, 2)) - 0.5) * jitter
    tones = rng.random((count, count))
    u, v = grid(n)
    x, y = u * count, v * count
    if warp:
        x = x + warp * noise(n, key + " warp x", 2, count * 4, 1.2)
        y = y + warp * noise(n, key + " warp y", 2, count * 4, 1.2)
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    first, second, tone = np.full((n, n), 9.0), np.full((n, n), 9.0), np.zeros((n, n))
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            i, j = (row + dy) % count, (column + dx) % count
            d = np.hypot(column + dx + points[i, j, 0] - x, row + dy + points[i, j, 1] - y)
            nearer = d < first
            second = np.where(nearer, first, np.minimum(second, d))
            tone = np.where(nearer, tones[i, j], tone)
            first = np.where(nearer, d, first)
    return first.astype(np.float32), second.astype(np.float32), tone.astype(np.float32)


@lru_cache(maxsize=8)
def wood(n: int) -> tuple[Map, Map]:
    """Flat-sawn grain along u: the share of late wood (dark lines), and fine pores."""
    _, v = grid(n)
    bend = noise(n, "wood bend", 2, 9, 1.4, stretch=5.0)
    rings = v * 9 + 0.6 * bend + 0.06 * noise(n, "wood tremble", 4, 40, 1.2, stretch=8)
    phase = rings % 1.0
    late = phase**2.2 * (1 - step(0.90, 1.0, phase))  # a slow darkening, then a sharp edge
    late = late * (0.65 + 0.35 * step(-1, 1, noise(n, "wood rings", 1, 8, 1.0, stretch=6)))
    pores = step(1.2, 2.2, noise(n, "wood pores", 24, n / 2, 0.2, stretch=14))
    return cast(Map, late.astype(np.float32)), pores


@lru_cache(maxsize=8)
def planks(n: int, rows: int, key: str) -> tuple[Map, Map, Map]:
    """Floor boards along u: grain, gaps (0 in the gap), a random tone per board."""
    rng = rng_of("texture planks", key)
    u, v = grid(n)
    row = np.floor(v * rows).astype(int)
    shift = (rng.permutation(rows) / rows)[row]
    along = (u + shift) % 1.0 * 2  # two boards a row
    board = row * 2 + np.floor(along).astype(int)
    inside = np.minimum((v * rows) % 1.0, 1 - (v * rows) % 1.0) / rows
    ends = np.minimum(along % 1.0, 1 - along % 1.0) / 2
    gap = step(0.0004, 0.0026, np.minimum(inside, ends).astype(np.float32))
    tone = rng.random(rows * 2)[board].astype(np.float32)
    late, pores = wood(n)
    roll = rng.integers(0, n, (rows * 2, 2))
    i, j = np.indices((n, n))
    late = late[(i * 2 + roll[board, 0]) % n, (j + roll[board, 1]) % n]
    return np.clip(late + 0.3 * pores, 0, 1), gap, tone


@lru_cache(maxsize=8)
def marble(n: int) -> tuple[Map, Map]:
    """The share of vein, sharp and branching, and a soft cloud of mean 0."""
    bend = noise(n, "marble bend", 1, 8, 1.5)
    i, j = np.indices((n, n)).astype(np.float32)
    shift = n * 0.05
    wide = ndimage.map_coordinates(
        noise(n, "marble vein", 1, 7, 1.4), [i + shift * bend, j - shift * bend.T], order=1, mode="grid-wrap"
    )
    thin = ndimage.map_coordinates(
        noise(n, "marble thread", 2, 16, 1.3),
        [i + shift * bend.T, j + shift * bend],
        order=1,
        mode="grid-wrap",
    )
    place = step(-0.6, 1.2, noise(n, "marble place", 1, 4, 1.0))
    vein = np.exp(-np.abs(wide) * 13) * 0.95 + np.exp(-np.abs(thin) * 20) * 0.5
    smoke = np.exp(-np.abs(wide) * 3.2) * 0.28
    return cast(Map, np.clip((vein + smoke) * (0.35 + 0.65 * place), 0, 1).astype(np.float32)), bend


@lru_cache(maxsize=8)
def bricks(n: int, columns: int, rows: int, mortar: float, key: str) -> tuple[Map, Map, Map]:
    """Running bond: height (1 on the brick, 0 in the mortar), a random tone per brick, wear of mean 0."""
    rng = rng_of("texture bricks", key)
    u, v = grid(n)
    wear = noise(n, key + " wear", 3, n / 3, 0.8)
    y = v * rows
    row = np.floor(y).astype(int)
    x = u * columns + 0.5 * (row % 2)
    column = np.floor(x).astype(int) % columns
    across, up = x % 1.0, y % 1.0
    edge = np.minimum(np.minimum(across, 1 - across) / columns, np.minimum(up, 1 - up) / rows) + 0.0012 * wear
    height = step(mortar * 0.30, mortar * 0.72, edge.astype(np.float32))
    return height, rng.random((rows, columns))[row, column].astype(np.float32), wear


def weave(n: int, threads: int) -> tuple[Map, Map]:
    """Plain weave: height in [0, 1], and 1 where the warp (along v) lies on top."""
    u, v = grid(n)
    x, y = u * threads, v * threads
    over = (np.floor(x) + np.floor(y)) % 2
    warp = np.sin(np.pi * (x % 1.0)) * (0.55 + 0.45 * np.sin(np.pi * (y % 1.0)))
    weft = np.sin(np.pi * (y % 1.0)) * (0.55 + 0.45 * np.sin(np.pi * (x % 1.0)))
    return np.where(over > 0, warp, weft).astype(np.float32), over.astype(np.float32)


def twill(n: int, threads: int) -> Map:
    """Diagonal ribs, 0 in the furrow and 1 on the rib."""
    u, v = grid(n)
    phase = (u * threads + v * threads * 0.5) % 1.0
    rib = np.sin(np.pi * phase) ** 0.7
    return cast(Map, (rib * (0.78 + 0.22 * np.sin(2 * np.pi * v * threads) ** 2)).astype(np.float32))


def knit(n: int, stitches: int) -> Map:
    """Stocking stitch: columns of V-shaped loops, height in [0, 1]."""
    u, v = grid(n)
    x = (u * stitches) % 1.0
    side = np.abs(x - 0.5) * 2  # 0 at the middle of the column, 1 at its rims
    y = (v * round(stitches * 1.2) - 0.55 * side) % 1.0
    strand = np.clip(1 - ((y - 0.5) / 0.50) ** 2, 0, 1)
    leg = np.clip(1 - ((side - 0.50) / 0.52) ** 2, 0, 1)
    return cast(Map, (np.sqrt(strand) * leg**0.6).astype(np.float32))


@lru_cache(maxsize=8)
def scales(n: int, rows: int) -> tuple[Map, Map]:
    """Overlapping rounded plumes pointing down: height (high at the tip), and the shaft along the middle."""
    u, v = grid(n)
    best, shaft = np.zeros((n, n), np.float32), np.zeros((n, n), np.float32)
    done = np.zeros((n, n), bool)
    columns = rows // 2 * 2
    for k in range(4):  # a plume hangs over the ones below it
        y = v * rows + 0.0
        row = np.floor(y) + k
        x = u * columns / 2 + 0.5 * (row % 2)
        dx, dy = (x % 1.0) - 0.5, (y - row) + 2.0  # tip at dy = 0
        inside = (dx / 0.52) ** 2 + ((1.15 - dy) / 1.15) ** 2 < 1
        inside &= dy < 2.2
        new = inside & ~done
        rim = np.sqrt(np.clip((dx / 0.52) ** 2 + ((1.15 - dy) / 1.15) ** 2, 0, 1))
        best = np.where(new, 1 - 0.55 * np.clip(dy / 2.0, 0, 1) - 0.28 * step(0.8, 1.0, rim), best)
        shaft = np.where(new, np.exp(-np.abs(dx) * 22), shaft)
        done |= inside
    return np.where(done, best, 0.4).astype(np.float32), shaft.astype(np.float32)


@lru_cache(maxsize=8)
def strokes(
    n: int, count: int, length: float, width: float, key: str, spread: float, lean: float
) -> tuple[Map, Map]:
    """`count` overlapping blades about the direction `lean` (degrees from u): height, and a tone per blade.

    `length` and `width` are shares of the tile, `spread` the deviation of the direction in degrees.
    """
    import cv2

    rng = rng_of("texture strokes", key)
    tone = np.full((n, n), 0.15, np.float32)
    height = np.zeros((n, n), np.float32)
    for k in range(count):
        a = np.radians(lean + spread * rng.standard_normal())
        x, y = rng.random(2) * n
        half = 0.5 * n * length * rng.uniform(0.6, 1.2)
        d = np.array([np.cos(a), np.sin(a)]) * half
        value, level = float(rng.random()), 0.25 + 0.75 * k / count
        thick = max(1, round(n * width * rng.uniform(0.7, 1.3)))
        for ox in (-n, 0, n) if min(x - half, n - x - half) < 0 else (0,):
            for oy in (-n, 0, n) if min(y - half, n - y - half) < 0 else (0,):
                a_, b_ = (x - d[0] + ox, y - d[1] + oy), (x + d[0] + ox, y + d[1] + oy)
                ends = [(round(p * 16), round(q * 16)) for p, q in (a_, b_)]
                cv2.line(tone, ends[0], ends[1], value, thick, cv2.LINE_AA, 4)
                cv2.line(height, ends[0], ends[1], level, thick, cv2.LINE_AA, 4)
    return height, tone


@lru_cache(maxsize=8)
def leaves(n: int, count: int, size: float, key: str) -> tuple[Map, Map]:
    """`count` overlapping pointed leaves, later ones on top: light (0 in the gaps), and a tone per leaf."""
    rng = rng_of("texture leaves", key)
    light, tone = np.full((n, n), 0.12, np.float32), np.full((n, n), 0.3, np.float32)
    reach = int(np.ceil(n * size * 1.3))
    box = np.arange(-reach, reach + 1)
    for k in range(count):
        x, y = rng.random(2) * n
        a, s = rng.uniform(0, 2 * np.pi), n * size * rng.uniform(0.75, 1.2)
        shade = 0.35 + 0.65 * k / count
        iy, ix = int(y) + box, int(x) + box
        dx, dy = np.meshgrid(ix - x, iy - y)
        along = (dx * np.cos(a) + dy * np.sin(a)) / s
        across = (-dx * np.sin(a) + dy * np.cos(a)) / s
        width = 0.46 * np.sqrt(np.clip(1 - along**2, 0, 1)) * (1 - 0.35 * along)
        inside = np.clip((width - np.abs(across)) * s, 0, 1)
        vein = 1 - 0.28 * np.exp(-np.abs(across) * 26)
        lit = shade * vein * np.where(across > 0, 1.0, 0.86)
        at = np.ix_(iy % n, ix % n)
        light[at] = light[at] * (1 - inside) + inside * lit
        tone[at] = tone[at] * (1 - inside) + inside * rng.random()
    return light, tone
