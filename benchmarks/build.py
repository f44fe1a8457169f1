"""Pairs per second of a build, and of the rendering alone that the same pairs need, in one run.

    OMP_NUM_THREADS=1 python benchmarks/build.py [--pairs 150,600] [--sizes 128,256] [--workers 1,2] [--bare 60]

For each size, number of workers and number of pairs a build is made as a user makes it, from an empty folder to the
report, with nothing kept from another build. Then some of its scene states are rendered again with nothing around, one
process. Columns:

- pairs: accepted ones (what the dataset holds, and the surplus beyond the quotas).
- pairs/s: from the first import to the report, start-up included.
- cpu: processor seconds per pair, of all processes; pairs/s is wall time, which other work on the machine stretches,
  this is not.
- further: processor seconds per pair beyond those of the row above (the same build, fewer pairs): what a pair costs once
  libraries, textures and shapes are there.
- bare: processor seconds per pair of the render and denoise calls alone, scenes loaded beforehand. load: those of
  loading the scenes into Mitsuba. cpu / bare is the overhead of everything else.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from multiprocessing import forkserver
from pathlib import Path

import numpy as np

import anyedit
from anyedit.pipeline import shards
from anyedit.recipe import load_recipe
from anyedit.world import render as rendering
from anyedit.world.albedo import albedo
from anyedit.world.first_hits import Target, meshes_of
from anyedit.world.loading import load, mitsuba
from anyedit.world.scene import Scene
from anyedit.world.solids import solids_of

RECIPE = "recipes/world.yaml"


def scenes_of(out: Path) -> list[Scene]:
    """Every scene state that the build rendered: sources and edited ones."""
    found: dict[str, None] = {}
    for step in (shards.STEPS[0], shards.STEPS[3]):
        for path in shards.existing(out, step):
            found |= dict.fromkeys(
                row for row in shards.read_table(path, ["scene"])["scene"].to_pylist() if row
            )
    return [Scene.model_validate_json(row) for row in found]


def bare_seconds(scenes: list[Scene], settings: rendering.RenderSettings) -> tuple[float, float]:
    """Mean processor seconds of a scene state: render and denoise calls alone, and loading it."""
    mi = mitsuba(settings.variant)
    calls = loading = 0.0
    for scene in scenes:
        solids = solids_of(scene)
        meshes = meshes_of(scene, solids, settings.variant)
        load(scene, solids, settings)  # textures and shapes are there, as they are for most scenes of a build
        start = time.process_time()
        world = load(scene, solids, settings)
        target = Target(meshes, settings.variant)
        loaded = time.process_time()
        noisy = np.array(mi.render(world, spp=settings.samples, seed=1))
        hits = target.seen(scene.camera, settings, 1)
        ready = time.process_time()
        colours, normal = albedo(hits, solids, settings.variant), hits.normal.copy()
        resumed = time.process_time()
        rendering.denoise(noisy, colours, normal)
        calls += time.process_time() - resumed + ready - loaded
        loading += loaded - start
    return calls / len(scenes), loading / len(scenes)


def processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def stop_server() -> None:
    """End the process that workers are forks of: its processor seconds, and theirs, count when it has ended."""
    if sys.platform.startswith("linux"):
        forkserver._forkserver._stop()  # type: ignore[attr-defined]


def main() -> None:
    """Run the builds and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", default="150,600")
    parser.add_argument("--sizes", default="128,256")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--bare", type=int, default=60, help="scene states that are rendered bare")
    asked = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    head = ("size", "workers", "pairs", "pairs/s", "cpu s/pair", "further", "bare", "load", "cpu/bare")
    print(" ".join(f"{name:>10}" for name in head), flush=True)
    for size in map(int, asked.sizes.split(",")):
        settings = {"source.width": size, "source.height": size}
        bare = loading = 0.0
        for workers in map(int, asked.workers.split(",")):
            less = (0.0, 0)  # processor seconds and pairs of the row above
            for wanted in sorted(map(int, asked.pairs.split(","))):
                out = Path(tempfile.mkdtemp())
                os.environ["XDG_CACHE_HOME"] = str(out / "cache")
                begin, before = time.perf_counter(), processor_seconds()
                summary = anyedit.build(RECIPE, out=out, limit=wanted, workers=workers, settings=settings)
                stop_server()
                seconds, used = time.perf_counter() - begin, processor_seconds() - before
                pairs = summary["total"] + summary["surplus"]
                if not bare:
                    scenes = scenes_of(out)
                    chosen = scenes[:: max(1, len(scenes) // asked.bare)]
                    samples = load_recipe(RECIPE).source.samples
                    shares = bare_seconds(chosen, rendering.RenderSettings(size, size, samples))
                    bare, loading = (share * len(scenes) / pairs for share in shares)
                further = f"{(used - less[0]) / (pairs - less[1]):.3f}" if less[1] else "-"
                less = used, pairs
                row = (
                    f"{size}", f"{workers}", f"{pairs}", f"{pairs / seconds:.2f}", f"{used / pairs:.3f}", further, f"{bare:.3f}", f"{loading:.3f}", f"{used / pairs / bare:.2f}",
                )  # fmt: skip
                print(" ".join(f"{cell:>10}" for cell in row), flush=True)
                shutil.rmtree(out)


if __name__ == "__main__":
    main()
