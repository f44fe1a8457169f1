"""Pairs per second of a build, and of the rendering alone that the same pairs need, in one run.

    python benchmarks/build.py [--pairs 60] [--sizes 128,256] [--workers 1,2]

For each size and number of workers: a build is timed as a user sees it (from an empty folder to the report), then
the same scenes are rendered again with nothing around (Mitsuba and denoiser calls on scenes already loaded), one
process. `overhead` is the build's processor time over that bare rendering time spread over the same workers.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

import anyedit
from anyedit.pipeline import shards
from anyedit.recipe import load_recipe
from anyedit.world import render as rendering
from anyedit.world.assemble import pieces_of
from anyedit.world.scene import Scene


def scenes_of(out: Path) -> list[Scene]:
    """Every scene state that the build rendered: sources and edited ones."""
    found = []
    for step in (shards.STEPS[0], shards.STEPS[3]):
        for path in shards.existing(out, step):
            for row in shards.read_table(path, ["scene"]).to_pylist():
                if row["scene"]:
                    found.append(Scene.model_validate_json(row["scene"]))
    return list({scene.model_dump_json(): scene for scene in found}.values())


def bare_seconds(scenes: list[Scene], settings: rendering.RenderSettings) -> float:
    """Seconds of the render and denoise calls alone, scenes loaded beforehand one by one."""
    mi = rendering.mitsuba(settings.variant)
    total = 0.0
    for scene in scenes:
        world = rendering._load(scene, pieces_of(scene), settings, scene.camera)
        start = time.perf_counter()
        noisy = np.array(mi.render(world, spp=settings.samples, seed=1))
        guides = np.array(mi.render(world, integrator=rendering._guides(settings.variant), spp=1, seed=1))
        rendering.denoise(noisy, guides[..., :3].copy(), guides[..., 3:6].copy())
        total += time.perf_counter() - start
    return total


def main() -> None:
    """Run the builds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--sizes", default="128,256")
    parser.add_argument("--workers", default="1,2")
    asked = parser.parse_args()
    print(
        f"{'size':>5} {'workers':>7} {'pairs':>6} {'pairs/s':>8} {'bare s/pair':>11} {'build s x workers / bare':>24} {'MiB':>6}"
    )
    for size in map(int, asked.sizes.split(",")):
        settings = {"source.width": size, "source.height": size}
        bare: float | None = None
        for workers in map(int, asked.workers.split(",")):
            out = Path(tempfile.mkdtemp())
            start = time.perf_counter()
            summary = anyedit.build(
                "recipes/world.yaml", out=out, limit=asked.pairs, workers=workers, settings=settings
            )
            seconds = time.perf_counter() - start
            edits = sum(
                of["left"].get("edit", 0) for of in json.loads((out / "ledger.json").read_text()).values()
            )
            if bare is None:
                bare = bare_seconds(
                    scenes_of(out),
                    rendering.RenderSettings(size, size, load_recipe("recipes/world.yaml").source.samples),
                )
            peak = (
                sum(
                    resource.getrusage(who).ru_maxrss
                    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
                )
                / 1024
            )
            print(
                f"{size:5d} {workers:7d} {edits:6d} {edits / seconds:8.2f} {bare / edits:11.3f} "
                f"{seconds * workers / bare:24.2f} {peak:6.0f}",
                flush=True,
            )
            print(f"      (held after quota: {summary['total']})")
            shutil.rmtree(out)


if __name__ == "__main__":
    main()
