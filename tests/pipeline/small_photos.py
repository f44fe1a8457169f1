"""A folder of tiny photographs and a cheap recipe over it, for tests of what carries builds out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def small_photos(folder: Path, count: int = 8, size: tuple[int, int] = (80, 64)) -> Path:
    """`count` pictures, each with its caption beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, columns = np.mgrid[: size[1], : size[0]]
    for k in range(count):
        noise = np.random.default_rng(k).normal(0, 6, (size[1], size[0], 3))
        ramp = np.stack(
            [140 + columns + k * 4, 105 + rows + k * 4, 80 + columns // 2 + k * 4], -1
        )  # a stubble field by day: no sky, no leaves
        Image.fromarray((ramp + noise).clip(0, 255).astype(np.uint8)).save(folder / f"{k:03d}.png")
        (folder / f"{k:03d}.txt").write_text(f"Field number {k} on a sunny day")
    return folder


def cheap_recipe(folder: Path | str, pairs: int = 6, **changes: Any) -> dict[str, Any]:
    """A recipe that costs milliseconds a pair."""
    return {
        "name": "tiny",
        "seed": 3,
        "source": {"kind": "photos", "path": str(folder), "longest": 80},
        "types": ["tone_transfer"],
        "pairs": pairs,
        "shard": 1,
        "edits_per_source": 1,
        **changes,
    }


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a build that must not differ, by its name: the dataset and the shards."""
    parts = ("dataset", "01-sources", "02-instructions", "03-accepted", "04-edits", "05-pairs", "rejected")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for part in parts
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    }
