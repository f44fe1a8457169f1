"""Patterns drawn over a colour: each is the share of the second colour, seamless over one tile.

`draw(name)` gives float32 (256, 256) in [0, 1]; row is v (upward), column is u.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np

from anyedit.errors import AnyEditError, nearest
from anyedit.world.textures import Map, cells, grid, noise, step

SIDE = 256


@dataclass(frozen=True)
class Pattern:
    """adjective: as said in a caption. tile: share of the object's size that one tile covers."""

    name: str
    adjective: str  # "striped"
    tile: float
    draw: Callable[[], Map]


def _band(phase: Map, share: float, soft: float = 0.02) -> Map:
    """1 over the first `share` of each period, with soft edges."""
    distance = np.abs((phase % 1.0) - 0.5)
    return step(share / 2 + soft, share / 2 - soft, distance.astype(np.float32))


def _shape(inside: Callable[[Map, Map], Map], turns: tuple[float, float] = (0, 0), soft: float = 0.03) -> Map:
    """Two motifs a tile, staggered. `inside(x, y)` is positive within the motif, x and y about in [-1, 1]."""
    u, v = grid(SIDE)
    drawn = np.zeros((SIDE, SIDE), np.float32)
    for (cx, cy), turn in zip(((0.25, 0.25), (0.75, 0.75)), turns, strict=True):
        x, y = ((u - cx + 0.5) % 1.0 - 0.5) * 4.3, ((v - cy + 0.5) % 1.0 - 0.5) * 4.3
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        drawn = np.maximum(drawn, step(-soft, soft, inside(c * x + s * y, c * y - s * x)))
    return drawn


def _star(x: Map, y: Map) -> Map:
    angle = np.arctan2(x, y)
    sector = np.abs((angle / (2 * np.pi / 5) + 0.5) % 1.0 - 0.5) * (2 * np.pi / 5)
    r = np.hypot(x, y)
    # The edge from the point (r = 1) to the inner corner (r = 0.42, half a sector on).
    inner, half = 0.42, np.pi / 5
    nx, ny = inner * np.sin(half), 1 - inner * np.cos(half)
    return cast(Map, (nx - (r * np.cos(sector) * nx + r * np.sin(sector) * ny)).astype(np.float32))


def _heart(x: Map, y: Map) -> Map:
    a = np.abs(x)  # a square on its point, with a half disc on each upper side
    square = (0.8 - a - np.abs(y + 0.1)) / np.sqrt(2)
    lobe = 0.8 / np.sqrt(2) - np.hypot(a - 0.4, y - 0.3)
    return cast(Map, np.maximum(square, lobe).astype(np.float32))


def _flower(x: Map, y: Map) -> Map:
    r, angle = np.hypot(x, y), np.arctan2(y, x)
    petals = 0.62 + 0.36 * np.abs(np.cos(angle * 2.5)) - r
    return cast(Map, np.minimum(petals, r - 0.24).astype(np.float32))


def _dot(x: Map, y: Map) -> Map:
    return cast(Map, (0.72 - np.hypot(x, y)).astype(np.float32))


def _diamonds() -> Map:
    u, v = grid(SIDE)
    across = np.abs((u % 1.0) - 0.5) + np.abs((v % 1.0) - 0.5)
    fill = step(0.5 + 0.012, 0.5 - 0.012, across.astype(np.float32))
    lines = np.maximum(_band(u + v + 0.25, 0.03, 0.008), _band(u - v + 0.25, 0.03, 0.008))
    return cast(
        Map, np.where(fill > 0.5, fill - 0.6 * lines, fill + 0.6 * lines).clip(0, 1).astype(np.float32)
    )


def _plaid() -> Map:
    u, v = grid(SIDE)
    wide = 0.42 * (_band(u, 0.42) + _band(v, 0.42))
    thin = 0.34 * (_band(u + 0.5, 0.06) + _band(v + 0.5, 0.06))
    rib = 0.05 * np.sin(2 * np.pi * 32 * (u + v))
    return cast(Map, np.clip(wide + thin + rib, 0, 1).astype(np.float32))


def _camouflage() -> Map:
    blobs, spots = noise(SIDE, "camouflage", 2, 9, 1.4), noise(SIDE, "camouflage two", 2, 9, 1.4)
    return cast(Map, np.clip(step(0.15, 0.2, blobs) * 0.55 + step(0.75, 0.8, spots) * 0.7, 0, 1))


def _leopard() -> Map:
    first, _, _ = cells(SIDE, 5, "leopard", 0.55, 0.0)
    wobble = 0.05 * noise(SIDE, "leopard wobble", 6, 16, 1.0)
    ring = step(0.13, 0.17, first + wobble) * step(0.42, 0.38, first + wobble)
    gaps = step(-0.9, -0.7, noise(SIDE, "leopard gaps", 6, 14, 0.5))
    return cast(Map, (ring * gaps).astype(np.float32))


def _zebra() -> Map:
    v = grid(SIDE)[1]
    return _band((v * 4 + 0.34 * noise(SIDE, "zebra", 1, 7, 1.2) + 0.5).astype(np.float32), 0.46, 0.03)


def _zigzag() -> Map:
    u, v = grid(SIDE)
    return _band(v * 2 + np.abs((u * 2) % 1.0 - 0.5) * 1.1, 0.46)


def _waves() -> Map:
    u, v = grid(SIDE)
    return _band((v * 3 + 0.22 * np.sin(2 * np.pi * u * 2)).astype(np.float32), 0.44)


def _checks() -> Map:
    u, v = grid(SIDE)
    a, b = _band(u + 0.25, 0.5, 0.006), _band(v + 0.25, 0.5, 0.006)
    return cast(Map, (a * b + (1 - a) * (1 - b)).astype(np.float32))


PATTERNS: dict[str, Pattern] = {
    p.name: p
    for p in (
        Pattern("stripes", "striped", 0.42, lambda: _band(grid(SIDE)[1] * 3, 0.48)),
        Pattern("vertical stripes", "vertically striped", 0.42, lambda: _band(grid(SIDE)[0] * 3, 0.48)),
        Pattern("pinstripes", "pinstriped", 0.40, lambda: _band(grid(SIDE)[0] * 4, 0.2)),
        Pattern("dots", "polka-dotted", 0.30, lambda: _shape(_dot)),
        Pattern("checks", "chequered", 0.30, _checks),
        Pattern("zigzag", "zigzag-patterned", 0.42, _zigzag),
        Pattern("waves", "wave-patterned", 0.45, _waves),
        Pattern("stars", "star-patterned", 0.36, lambda: _shape(_star, (0, 14))),
        Pattern("hearts", "heart-patterned", 0.34, lambda: _shape(_heart, (0, -12))),
        Pattern("flowers", "flower-patterned", 0.38, lambda: _shape(_flower, (0, 18))),
        Pattern("diamonds", "diamond-patterned", 0.26, _diamonds),
        Pattern("plaid", "plaid", 0.30, _plaid),
        Pattern("camouflage", "camouflage-patterned", 0.75, _camouflage),
        Pattern("leopard spots", "leopard-spotted", 0.80, _leopard),
        Pattern("zebra stripes", "zebra-striped", 0.85, _zebra),
    )
}


@lru_cache(maxsize=32)
def draw(name: str) -> Map:
    """The share of the second colour, float32 (256, 256) in [0, 1]."""
    if name not in PATTERNS:
        raise AnyEditError(f"no pattern is named '{name}'{nearest(name, PATTERNS)}")
    return PATTERNS[name].draw()
