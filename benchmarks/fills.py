"""Which fill is nearest to what was there: `python benchmarks/fills.py FOLDER` prints a table.

Discs of 24, 40 and 64 pixels are cut out of every picture (longer side 384) at eight places and filled by each engine.
texture: |log2| of the fine contrast inside over the truth's (0: as rough as it was); error: root mean square of the
calmed picture (sigma 3), 8-bit steps.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from anyedit.engines.classical import NavierStokesFill, PatchFill, TeleaFill
from anyedit.engines.classical.patchmatch import PatchMatchFill
from anyedit.pipeline.photos import read_picture
from anyedit.seeds import rng_of


def measured(folder: Path) -> dict[str, tuple[float, float]]:
    """Engine -> (texture, error), means over pictures, places and sizes."""
    engines = {
        "patch": PatchFill(),
        "Telea": TeleaFill(),
        "Navier-Stokes": NavierStokesFill(),
        "PatchMatch": PatchMatchFill(),
    }
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in engines}
    for path in sorted(folder.iterdir()):
        picture = read_picture(path)[0]
        scale = 384 / max(picture.shape[:2])
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        rng = rng_of("compare fills", path.name)
        for size in (24, 40, 64):
            for _ in range(8):
                y, x = (int(rng.integers(size, n - size)) for n in picture.shape[:2])
                hole = np.zeros(picture.shape[:2], np.uint8)
                cv2.circle(hole, (x, y), size // 2, 1, -1)
                for name, engine in engines.items():
                    results[name].append(_score(picture, engine.fill(picture, hole > 0), hole > 0))
    return {
        name: (float(np.mean([r[0] for r in rows])), float(np.mean([r[1] for r in rows])))
        for name, rows in results.items()
    }


def _score(truth: np.ndarray, filled: np.ndarray, hole: np.ndarray) -> tuple[float, float]:
    def fine(picture: np.ndarray) -> float:
        light = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
        return float(np.abs(light - cv2.GaussianBlur(light, (0, 0), 2))[hole].mean()) + 0.5

    calm = [cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 3)[hole] for picture in (truth, filled)]
    return abs(float(np.log2(fine(filled) / fine(truth)))), float(np.sqrt(np.mean((calm[0] - calm[1]) ** 2)))


if __name__ == "__main__":
    print(f"{'engine':16}{'texture':>10}{'error':>10}")
    for name, (texture, error) in measured(Path(sys.argv[1])).items():
        print(f"{name:16}{texture:10.2f}{error:10.1f}")
