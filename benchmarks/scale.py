"""What the machinery costs a row, as rows and workers grow, on this machine's processes and on Ray; and 2.5M pairs.

    OMP_NUM_THREADS=1 python benchmarks/scale.py [--rows 1000,10000,100000] [--workers 1,2] [--real 300]

Two kinds of rows:

- cheap: everything that a build does around the work - planning, dispatch, the shards of five steps, dataset rows
  with their provenance, ledger, counts, joining the dataset and its card - with pictures of 64 x 64 pixels that are
  there already. What they cost is overhead.
- real: 64-pixel photographs through all five steps and all gates of tone_transfer (`--real` rows, local, one worker).

Columns: wall seconds of a round: local processes are up already (one shard a worker goes first), Ray Data starts its
workers anew in every round, so their start is in its wall time; rows a
second; processor milliseconds a row in the workers; the same in the driver, joining included; the same in all else that
Ray runs for the round (its servers, and the start of its workers). Wall time is stretched by other work on the machine,
processor time is not.

Then the estimate of docs/scale.md: the stated GPU seconds of cost.py, and the measured overhead.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parent))
from cost import table_of_costs

from anyedit.pipeline import shards
from anyedit.pipeline.build import build
from anyedit.pipeline.executor import Executor
from anyedit.pipeline.finish import finish
from anyedit.pipeline.ledger import Ledger
from anyedit.pipeline.local import LocalExecutor
from anyedit.pipeline.place import Place
from anyedit.pipeline.plan import Draw, Task, steps_hash
from anyedit.pipeline.task import LEDGER, pair_row, shard_schema
from anyedit.pipeline.workroom import Workroom
from anyedit.recipe import Recipe, load_recipe
from anyedit.records import Edit, EditPair, Instruction, Rejected, Source, Verdict, png
from anyedit.seeds import rng_of

SHARD = 100  # rows
TYPE = "tone_transfer"
PICTURE = png(rng_of("scale").integers(0, 255, (64, 64, 3), np.uint8))
MASK = png(np.ones((64, 64), bool))
VERDICTS = tuple(Verdict(f"rule {k}", 0.5, 0.0, 1.0, True) for k in range(8))


def cheap_work(recipe: Recipe, task: Task, place: Place, placed: Mapping[str, Any] | None) -> str:
    """All that surrounds the work on a shard, with rows that are there already."""
    start = time.process_time()
    out, name = place.folder, f"{task.name}-p1"
    room = Workroom(recipe, task, placed, out)
    draws, sources, instructions, edits = {}, [], [], []
    for draw in task.draws:
        key = f"i{draw.index:06d}"
        draws[key] = draw
        sources.append(Source(key, PICTURE, "A field on a sunny day", "x.png", "CC0-1.0", "train"))
        said = Instruction(
            f"{key}-{TYPE}", key, TYPE, "{}", "Make it evening", "A field at dusk", "the field"
        )
        instructions.append(said)
        edits.append(Edit(said.id, PICTURE, MASK, MASK, None, None, ("cheap 1",)))
        for step in ("instruct", "prefilter", "edit", "assess"):
            room.ledger.entered(TYPE, step)
            room.ledger.left(TYPE, step)
    parts: list[tuple[list[Any], type]] = [
        (sources, Source),
        (instructions, Instruction),
        (instructions, Instruction),
        (edits, Edit),
    ]
    for step, (rows, record) in zip(shards.STEPS, parts, strict=False):
        shards.write_rows(shards.shard_path(out, step, name), rows, record)
    shards.write_rows(shards.shard_path(out, shards.REJECTED, name), [], Rejected)
    pairs = [EditPair(s, i, e, VERDICTS) for s, i, e in zip(sources, instructions, edits, strict=True)]
    made = [pair_row(room, pair, draws, 1) for pair in pairs]
    room.ledger._of(TYPE)["seconds"]["cheap"] = time.process_time() - start
    room.ledger.write(out / LEDGER / f"{name}.json")
    shards.write_rows(shards.shard_path(out, shards.STEPS[4], name), made, shard_schema())
    return task.name


@dataclass(frozen=True)
class Measured:
    """One line of the table."""

    executor: str
    workers: int
    rows: int
    wall: float
    in_workers: float
    in_driver: float
    of_ray: float

    @property
    def overhead(self) -> float:
        """Processor seconds a row, workers and driver."""
        return (self.in_workers + self.in_driver + self.of_ray) / self.rows

    def line(self) -> str:
        """As Markdown."""
        workers, driver = 1e3 * self.in_workers / self.rows, 1e3 * self.in_driver / self.rows
        return (
            f"| {self.executor} | {self.workers} | {self.rows:,} | {self.wall:.1f} | {self.rows / self.wall:,.0f} "
            f"| {workers:.2f} | {driver:.2f} | {f'{1e3 * self.of_ray / self.rows:.2f}' if self.of_ray else ''} |"
        )


def executor_of(name: str, recipe: Recipe, place: Place, workers: int) -> Executor:
    if name == "local":
        return LocalExecutor(recipe, place, workers, cheap_work)
    from anyedit.pipeline.ray import RayExecutor

    return RayExecutor(recipe, place, workers, work=cheap_work)


def tasks_of(recipe: Recipe, rows: int, first: int = 0) -> list[Task]:
    draws = [Draw(first + k, (TYPE,)) for k in range(rows)]
    return [
        Task(0, number, tuple(draws[at : at + SHARD]), steps_hash(recipe))
        for number, at in enumerate(range(0, rows, SHARD))
    ]


def measure(name: str, workers: int, counts: Sequence[int]) -> list[Measured]:
    """The lines of one executor: started once, then one run for each number of rows."""
    measured = []
    with tempfile.TemporaryDirectory() as scratch:
        recipe = load_recipe(
            {"source": {"kind": "photos", "path": scratch}, "types": [TYPE], "pairs": max(counts)}
        )
        place = Place(Path(scratch) / "build")
        below = Below()
        with executor_of(name, recipe, place, workers) as executor:
            list(executor.run(tasks_of(recipe, SHARD * workers, 10_000_000)))
            for rows in counts:
                tasks = tasks_of(recipe, rows, first=rows * 10)
                wall, own, all_of_them = time.perf_counter(), time.process_time(), below.look()
                names = list(executor.run(tasks))
                ledger = Ledger()
                for task in names:
                    ledger.merge(Ledger.read(place.folder / LEDGER / f"{task}-p1.json"))
                finish(recipe, {TYPE: rows}, place.folder, sorted(names))
                wall, own = time.perf_counter() - wall, time.process_time() - own
                inside = ledger.types[TYPE]["seconds"]["cheap"]
                # With one local worker the work is the driver's own; it is told apart by the ledger.
                own -= inside if name == "local" and workers == 1 else 0.0
                rays = max(0.0, below.look() - all_of_them - inside) if name == "ray" else 0.0
                measured.append(Measured(name, workers, rows, wall, inside, own, rays))
                print(measured[-1].line(), flush=True)
        below.end()
    return measured


class Below:
    """Processor seconds of all processes below this one, looked at twice a second: nobody adds up those that end."""

    def __init__(self) -> None:
        self.spent: dict[tuple[int, float], float] = {}
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            self.look()

    def look(self) -> float:
        """All so far."""
        for process in psutil.Process().children(recursive=True):
            try:
                key, times = (process.pid, process.create_time()), process.cpu_times()
            except psutil.Error:
                continue  # it ended just now
            self.spent[key] = times.user + times.system
        return sum(self.spent.values())

    def end(self) -> None:
        """Look no more."""
        self._over.set()


def real(rows: int) -> None:
    """Real rows, for what the overhead is to be compared with."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "pipeline"))
    from small_photos import cheap_recipe, small_photos

    with tempfile.TemporaryDirectory() as scratch:
        folder = small_photos(Path(scratch) / "in", 64, (64, 64))
        recipe = cheap_recipe(folder, rows, shard=SHARD)
        build(cheap_recipe(folder, 2), out=Path(scratch) / "warm", workers=1)
        wall, own = time.perf_counter(), time.process_time()
        made = build(recipe, out=Path(scratch) / "out", workers=1)["total"]
        wall, own = time.perf_counter() - wall, time.process_time() - own
    print(f"\nreal rows, local, one worker: {made} pairs of 64 px, {1e3 * own / made:.1f} ms of processor a pair, "
          f"{made / wall:.0f} pairs/s by the clock")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", default="1000,10000,100000")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--executors", default="local,ray")
    parser.add_argument("--real", type=int, default=300)
    asked = parser.parse_args()
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).parent))
    counts = [int(part) for part in asked.rows.split(",")]
    print(f"{os.cpu_count()} cores, shards of {SHARD} rows\n")
    print("| executor | workers | rows | wall s | rows/s | worker ms/row | driver ms/row | Ray's ms/row |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    lines = [
        line
        for name in asked.executors.split(",")
        for workers in (int(part) for part in asked.workers.split(","))
        for line in measure(name, workers, counts)
    ]
    if asked.real:
        real(asked.real)
    print(f"\n{table_of_costs(max(line.overhead for line in lines if line.rows == max(counts)))}")


if __name__ == "__main__":
    main()
