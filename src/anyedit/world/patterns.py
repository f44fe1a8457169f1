"""Patterns printed on a surface in a second colour: masks in [0, 1] over one tile."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from anyedit.world.textures import SIZE, Field, cells, noise

TILE = 0.5  # of an object's size: how large one tile of a pattern is


def _xy(repeats: int) -> tuple[Field, Field]:
    at = (np.arange(SIZE * 2, dtype=np.float32) + 0.5) / (SIZE * 2) * repeats
    x, y = np.meshgrid(at, at)
    return x, y


def _soft(distance: Field, width: float = 0.02) -> Field:
    return np.clip(0.5 - distance / width, 0, 1).astype(np.float32)


def _stripes() -> Field:
    x, _ = _xy(4)
    return _soft(np.abs(x % 1 - 0.5) - 0.25)


def _bands() -> Field:
    _, y = _xy(4)
    return _soft(np.abs(y % 1 - 0.5) - 0.25)


def _dots() -> Field:
    x, y = _xy(4)
    x = x + 0.5 * (np.floor(y) % 2)
    return _soft(np.hypot(x % 1 - 0.5, y % 1 - 0.5) - 0.28)


def _checks() -> Field:
    x, y = _xy(4)
    return ((np.floor(x) + np.floor(y)) % 2).astype(np.float32)


def _zigzag() -> Field:
    x, y = _xy(4)
    wave = np.abs(x * 2 % 2 - 1) * 0.5
    return _soft(np.abs((y + wave) % 1 - 0.5) - 0.25)


def _plaid() -> Field:
    x, y = _xy(3)
    return (0.5 * _soft(np.abs(x % 1 - 0.5) - 0.22) + 0.5 * _soft(np.abs(y % 1 - 0.5) - 0.22)).astype(np.float32)


def _stars() -> Field:
    x, y = _xy(4)
    x = x + 0.5 * (np.floor(y) % 2)
    u, v = x % 1 - 0.5, y % 1 - 0.5
    angle, radius = np.arctan2(u, v), np.hypot(u, v)
    point = np.abs((angle / (2 * np.pi) * 5) % 1 - 0.5) * 2
    return _soft(radius - (0.16 + 0.24 * point**1.4))


def _hearts() -> Field:
    x, y = _xy(4)
    x = x + 0.5 * (np.floor(y) % 2)
    u, v = (x % 1 - 0.5) * 3.0, (y % 1 - 0.45) * 3.0
    return ((u**2 + v**2 - 1) ** 3 - u**2 * v**3 < 0).astype(np.float32)


def _flowers() -> Field:
    x, y = _xy(3)
    x = x + 0.5 * (np.floor(y) % 2)
    u, v = x % 1 - 0.5, y % 1 - 0.5
    radius = np.hypot(u, v)
    petals = 0.24 + 0.13 * np.cos(6 * np.arctan2(u, v))
    return (_soft(radius - petals) * (radius > 0.08)).astype(np.float32)


def _camouflage() -> Field:
    return (noise("camouflage", 5, 3) > 0.52).astype(np.float32)


def _leopard() -> Field:
    near, border, _ = cells("leopard", 60)
    return ((border < 0.42) & (near > 0.3)).astype(np.float32)


_PATTERNS: dict[str, Callable[[], Field]] = {
    "stripes": _stripes,
    "bands": _bands,
    "dots": _dots,
    "checks": _checks,
    "zigzag": _zigzag,
    "plaid": _plaid,
    "stars": _stars,
    "hearts": _hearts,
    "flowers": _flowers,
    "camouflage": _camouflage,
    "leopard spots": _leopard,
}
PATTERNS: tuple[str, ...] = tuple(_PATTERNS)
ADJECTIVES: dict[str, str] = {
    "stripes": "striped",
    "bands": "banded",
    "dots": "dotted",
    "checks": "checked",
    "zigzag": "zigzag-patterned",
    "plaid": "plaid",
    "stars": "starry",
    "hearts": "heart-patterned",
    "flowers": "flowery",
    "camouflage": "camouflaged",
    "leopard spots": "leopard-spotted",
}


@lru_cache(maxsize=32)
def pattern_mask(name: str) -> Field:
    """float32 (N, N) in [0, 1]: how much of the second colour shows, over one seamless tile."""
    return _PATTERNS[name]()
