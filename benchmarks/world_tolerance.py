"""How far changes of the renderer move World-Test's fingerprints, and how far last bits do: where the tolerances come from.

For scenes spread over the manifest: the source picture as it is, against the same picture with one thing changed; largest
and mean difference of the 8 x 8 block means, in levels of 255, the smallest and the largest of the scenes.
Start with: OMP_NUM_THREADS=1 python benchmarks/world_tolerance.py --scenes 8 --out docs/measured/world-tolerance.csv
"""

from __future__ import annotations

import argparse
import copy
import csv
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.bench.suites.world_manifest import blocks, read_manifest
from anyedit.records import png
from anyedit.world import render as rendering
from anyedit.world.render import RenderSettings
from anyedit.world.scene import Scene

Floats = npt.NDArray[np.float32]
Denoise = Callable[[Floats, Floats, Floats], Floats]
denoise = rendering.denoise


def bits(noisy: Floats, colours: Floats, normal: Floats) -> Floats:
    """Every number in and out of the denoiser moved by its last bit, up, down or not at all."""
    drawn = np.random.default_rng(0)

    def moved(x: Floats) -> Floats:
        return (x * (1 + drawn.choice([-1, 0, 1], x.shape) * 2.0**-23)).astype(np.float32)

    return moved(denoise(moved(noisy), moved(colours), moved(normal)))


def half(noisy: Floats, colours: Floats, normal: Floats) -> Floats:
    """Numbers in and out of the denoiser in half precision."""
    noisy, colours, normal = (x.astype(np.float16).astype(np.float32) for x in (noisy, colours, normal))
    return denoise(noisy, colours, normal).astype(np.float16).astype(np.float32)


def balanced(noisy: Floats, colours: Floats, normal: Floats) -> Floats:
    """Another of the denoiser's networks."""
    smooth = rendering._oidn().denoise(noisy, albedo=colours, normal=normal, hdr=True, quality="balanced")
    return np.asarray(smooth, np.float32)


def shown(
    told: dict[str, Any], settings: RenderSettings, smooth: Denoise = denoise
) -> npt.NDArray[np.float64]:
    """The block means of a scene's picture."""
    rendering.denoise = smooth  # type: ignore[assignment]
    return blocks(png(rendering.render(Scene.model_validate(told), settings).picture))


def changes(told: dict[str, Any], settings: RenderSettings) -> dict[str, npt.NDArray[np.float64]]:
    """What is changed -> the block means that it gives."""
    eye, brighter, darker, little, seed = (copy.deepcopy(told) for _ in range(5))
    eye["camera"]["origin"][0] += 1e-6
    brighter["exposure"] *= 1.05
    darker["exposure"] *= 0.95
    little["exposure"] *= 1.02
    seed["seed"] += 1
    return {
        "last bits around the denoiser": shown(told, settings, bits),
        "half precision around the denoiser": shown(told, settings, half),
        "the eye moved by a micrometre, so that some paths end elsewhere": shown(eye, settings),
        "exposure 2% higher": shown(little, settings),
        "exposure 5% higher": shown(brighter, settings),
        "exposure 5% lower": shown(darker, settings),
        "another seed": shown(seed, settings),
        "another network of the denoiser": shown(told, settings, balanced),
        "a sample a pixel more": shown(told, replace(settings, samples=settings.samples + 1)),
        "paths a segment shorter": shown(told, replace(settings, depth=settings.depth - 1)),
    }


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=8)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    manifest = read_manifest()
    source = manifest["recipe"]["source"]
    settings = RenderSettings(*(source[key] for key in ("width", "height", "samples", "depth", "variant")))
    scenes = list({entry["source_id"]: entry["scene"] for entry in manifest["items"]}.values())
    apart: dict[str, list[npt.NDArray[np.float64]]] = {}
    for told in scenes[:: len(scenes) // given.scenes][: given.scenes]:
        plain = shown(told, settings)
        for name, made in changes(told, settings).items():
            apart.setdefault(name, []).append(np.abs(made - plain))
        print(len(apart["another seed"]), "scenes", flush=True)
    with given.out.open("w", newline="") as file:
        file.write(
            f"# command: OMP_NUM_THREADS=1 python {' '.join(sys.argv)}\n# on: one thread\n# page: bench.md\n"
        )
        file.write("# what: how far changes of the renderer, and last bits, move World-Test's fingerprints\n")
        table = csv.writer(file, lineterminator="\n")
        table.writerow(
            [f"changed; {given.scenes} scenes", "largest difference of a block", "mean of the blocks"]
        )
        for name, of in apart.items():
            table.writerow([name, *(span([float(how(x)) for x in of]) for how in (np.max, np.mean))])


def span(values: list[float]) -> str:
    """The least and the most."""
    return f"{min(values):.3f} to {max(values):.3f}"


if __name__ == "__main__":
    main()
