"""Seamless procedural textures as height or colour fields: float32 arrays of one tile, deterministic, cached."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from scipy.spatial import cKDTree

from anyedit.seeds import rng_of

Field = npt.NDArray[np.float32]
SIZE = 256  # pixels of a tile


def _grid() -> tuple[Field, Field]:
    at = (np.arange(SIZE, dtype=np.float32) + 0.5) / SIZE
    x, y = np.meshgrid(at, at)
    return x, y


@lru_cache(maxsize=64)
def noise(name: str, cells: int = 4, octaves: int = 5, stretch: int = 1) -> Field:
    """Fractal value noise in [0, 1], (SIZE, SIZE); `stretch` > 1 draws it out along v (fibres)."""
    total = np.zeros((SIZE, SIZE), np.float32)
    for octave in range(octaves):
        n = cells * 2**octave
        rows, columns = max(1, n // stretch), n
        if columns > SIZE:
            break
        lattice = rng_of("texture", name, octave).random((rows, columns)).astype(np.float32)
        wrapped = np.pad(lattice, 2, mode="wrap")
        zoomed = ndimage.map_coordinates(
            wrapped,
            np.meshgrid(
                2 + np.arange(SIZE) / SIZE * rows, 2 + np.arange(SIZE) / SIZE * columns, indexing="ij"
            ),
            order=3,
            mode="grid-wrap",
        )
        total += zoomed / 2**octave
    total -= total.min()
    return total / total.max()


@lru_cache(maxsize=16)
def cells(name: str, count: int) -> tuple[Field, Field, Field]:
    """Worley cells: distance to the nearest point, to the border, and a random value per cell, each (SIZE, SIZE)."""
    points = rng_of("texture", name, "points").random((count, 2))
    copies = np.concatenate([points + [i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)])
    x, y = _grid()
    distance, index = cKDTree(copies).query(np.stack([x, y], -1).reshape(-1, 2), k=2)
    scale = np.sqrt(count)
    value = rng_of("texture", name, "values").random(count)[index[:, 0] % count]
    shape = (SIZE, SIZE)
    near = (distance[:, 0] * scale).reshape(shape).astype(np.float32)
    border = ((distance[:, 1] - distance[:, 0]) * scale).reshape(shape).astype(np.float32)
    return near, border, value.reshape(shape).astype(np.float32)


@lru_cache(maxsize=8)
def rings(name: str, count: int = 7) -> Field:
    """Wood grain along v: warped bands with fine fibres, [0, 1]."""
    x, _ = _grid()
    warp = noise(name + " warp", 2, 3, 2) * 1.1
    bands = 0.5 + 0.5 * np.sin(2 * np.pi * (count * x + warp))
    return (0.72 * bands**1.6 + 0.28 * noise(name + " fibre", 48, 2, 12)).astype(np.float32)


@lru_cache(maxsize=8)
def veins(name: str) -> Field:
    """Marble veins: 1 on a vein, 0 away from it."""
    warp = noise(name + " warp", 3, 5)
    line = np.abs(np.sin(np.pi * (2 * _grid()[0] + 2 * _grid()[1] + 3.2 * warp)))
    fine = np.abs(np.sin(np.pi * (3 * _grid()[0] - 2 * _grid()[1] + 2.6 * noise(name + " fine", 4, 4))))
    return np.maximum(np.exp(-line * 14), 0.55 * np.exp(-fine * 26)).astype(np.float32)


@lru_cache(maxsize=8)
def courses(rows: int, columns: int, joint: float, name: str, shifted: bool = True) -> tuple[Field, Field]:
    """Bricks or tiles: (1 on a brick and 0 in the joint with a soft rim, a random value per brick)."""
    x, y = _grid()
    row = np.floor(y * rows).astype(int)
    along = x * columns + (0.5 * (row % 2) if shifted else 0)
    column = np.floor(along).astype(int) % columns
    edge = np.minimum.reduce([along % 1, 1 - along % 1]) / columns
    rise = np.minimum(y * rows % 1, 1 - y * rows % 1) / rows
    inside = np.clip((np.minimum(edge, rise) - joint) / 0.012, 0, 1)
    value = rng_of("texture", name, "bricks").random((rows, columns))[row, column]
    return inside.astype(np.float32), value.astype(np.float32)


@lru_cache(maxsize=8)
def weave(threads: int) -> Field:
    """Plain weave: brightness of crossing threads, [0, 1]."""
    x, y = _grid()
    u, v = x * threads, y * threads
    over = (np.floor(u) + np.floor(v)) % 2 == 0
    across = np.abs(np.sin(np.pi * u))
    down = np.abs(np.sin(np.pi * v))
    return np.where(over, 0.45 + 0.55 * across**0.6, 0.35 + 0.5 * down**0.6).astype(np.float32)
