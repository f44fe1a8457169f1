"""The audit: a few pairs at a time get every defect, are judged by all gates, and become one shard of verdicts."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from anyedit.edits import Case, type_of
from anyedit.errors import AnyEditError
from anyedit.pipeline import shards
from anyedit.pipeline.audit.defects import DEFECTS, HARMLESS, planted
from anyedit.pipeline.audit.pairs import Chosen, Pair, Row, choose, load
from anyedit.pipeline.audit.photographs import alone, as_photographed, without_scene
from anyedit.pipeline.instruct import place
from anyedit.pipeline.local import SINGLE_THREADED, end_with_parent
from anyedit.recipe import digest
from anyedit.seeds import rng_of
from anyedit.types import EDIT_TYPES

VERSION = "4"  # of defects and measures; a change that alters verdicts raises it
CHUNK = 4  # pairs in a shard
FEWEST = 9.0  # planted pairs that one pair gives, at least
TIMELINE = "timeline.jsonl"
MODES = BUILT, ALONE, PHOTOGRAPH = ("built", "picture alone", "photograph")


@dataclass(frozen=True)
class Met:
    """What one gate said of one planted (or harmless) pair.

    mode: `built`, with the scene graph and influence mask of a build; `picture alone`, as an editor that is not ours
    hands it back; `photograph`, as a pixel pipeline does: mask and influence, exact masks of the things as annotations,
    no scene behind either picture; for the types and parameters that photographs serve.
    """

    pair: str
    edit_type: str
    draw: int  # of those planted into one pair
    defect: str
    good: bool  # nothing is wrong with it
    mode: str
    gate: str
    value: float | None
    note: str = ""


@dataclass(frozen=True)
class Progress:
    """One line of the time line: a shard was finished.

    planted: of the type so far. seconds, seconds_of_type: processor time of the shard, and of the type so far.
    """

    at: str  # UTC, ISO 8601
    edit_type: str
    pairs: int
    planted: int
    asked: int
    seconds: float
    seconds_of_type: float

    def line(self) -> str:
        """ "add  28 pairs  412/400 planted  31 s"."""
        return (
            f"{self.edit_type:26s}{self.pairs:4d} pairs {self.planted:5d}/{self.asked} planted "
            f"{self.seconds_of_type:7.1f} s of processor time"
        )


@dataclass
class _Course:
    """How far a type is: its chunks in order, those that are done, what they planted and took."""

    chunks: list[Sequence[Row]]
    paths: list[Path]
    done: int = 0
    pairs: int = 0
    planted: int = 0
    seconds: float = 0.0

    def wants(self, asked: int) -> bool:
        return self.planted < asked and self.done < len(self.chunks)

    def finished(self, seconds: float) -> None:
        """The next chunk is on disk."""
        met = shards.read_table(self.paths[self.done], ["pair", "draw", "defect", "good"]).to_pylist()
        self.planted += len({(m["pair"], m["defect"], m["draw"]) for m in met if not m["good"]})
        self.pairs += len(self.chunks[self.done])
        self.seconds += seconds
        self.done += 1


def audit(
    folders: Sequence[Path],
    out: Path,
    *,
    pairs: int = 400,
    types: Sequence[str] | None = None,
    workers: int = 1,
    seed: int = 0,
    modes: Sequence[str] = MODES,
    progress: Callable[[Progress], None] | None = None,
) -> list[Met]:
    """Plant defects into every type's pairs until at least `pairs` are planted (or the builds have no more) and
    return every verdict.

    Shards that exist under `out` are read, not made again: an interrupted audit goes on. Every shard adds a line to
    `out`/timeline.jsonl. modes: as what the pairs are judged, see `Met`. Raises StoreError when the builds hold no world pairs.
    """
    for name in types or ():
        if name not in EDIT_TYPES:
            type_of(name)  # raises with the nearest name
    chosen = choose(folders, max(1, round(pairs / FEWEST + 0.5)), types)
    courses = {}
    for name, rows in chosen.rows.items():
        chunks = [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
        paths = [out / "verdicts" / f"{shard_name(name, chunk, seed, modes)}.parquet" for chunk in chunks]
        courses[name] = _Course(chunks, paths)
    before = _timeline(out)
    for name, course in courses.items():
        while course.wants(pairs) and course.paths[course.done].exists():
            course.finished(before.get(course.paths[course.done].stem, 0.0))
        if course.done and progress is not None:
            progress(_told(name, course, pairs, 0.0))
    for name, seconds in _carried_out(courses, chosen, pairs, seed, workers, modes):
        course = courses[name]
        path = course.paths[course.done]
        course.finished(seconds)
        told = _told(name, course, pairs, seconds)
        with (out / TIMELINE).open("a") as file:
            file.write(json.dumps({"shard": path.stem, **asdict(told)}) + "\n")
        if progress is not None:
            progress(told)
    return [
        met
        for course in courses.values()
        for path in course.paths[: course.done]
        for met in shards.read_rows(path, Met)
    ]


def _told(name: str, course: _Course, asked: int, seconds: float) -> Progress:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Progress(
        at, name, course.pairs, course.planted, asked, round(seconds, 2), round(course.seconds, 2)
    )


def _timeline(out: Path) -> dict[str, float]:
    """Shard -> processor seconds, of an audit that goes on; a line that was cut off is skipped."""
    found = {}
    if (out / TIMELINE).exists():
        for line in (out / TIMELINE).read_text().splitlines():
            try:
                told = json.loads(line)
            except json.JSONDecodeError:
                continue
            found[told["shard"]] = told["seconds"]
    return found


def shard_name(name: str, rows: Sequence[Row], seed: int, modes: Sequence[str] = MODES) -> str:
    """Type, and a hash of what makes the shard: defects, pairs, seed, modes."""
    return f"{name}-{digest(repr((VERSION, seed, tuple(modes), [(row['key'], row['id'], row['params']) for row in rows])))}"


def _carried_out(
    courses: Mapping[str, _Course], chosen: Chosen, asked: int, seed: int, workers: int, modes: Sequence[str]
) -> Iterator[tuple[str, float]]:
    """Carry out every type's next chunk, the first of each before the second of any, while it wants more.

    Yields type and processor seconds when a chunk is on disk; a type has one chunk under way at most.
    """

    def task(name: str) -> tuple[Any, ...]:
        course = courses[name]
        rows = course.chunks[course.done]
        others = [chosen.pictures.get(chosen.sibling.get(row["key"], "")) for row in rows]
        prompts = [chosen.prompts.get(chosen.namesake.get(row["key"], "")) for row in rows]
        return course.paths[course.done], rows, others, prompts, seed, tuple(modes)

    for name in SINGLE_THREADED:
        os.environ.setdefault(name, "1")
    if workers <= 1:
        _start()
        while waiting := [name for name, course in courses.items() if course.wants(asked)]:
            for name in waiting:
                yield name, _chunk(*task(name))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker) as pool:
        running = {
            pool.submit(_chunk, *task(name)): name for name, course in courses.items() if course.wants(asked)
        }
        while running:
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                name = running.pop(future)
                yield name, future.result()
                if courses[name].wants(asked):
                    running[pool.submit(_chunk, *task(name))] = name


def _start_worker() -> None:
    end_with_parent()
    _start()


def _start() -> None:
    import cv2

    cv2.setNumThreads(1)
    logging.getLogger("rapidocr").setLevel(logging.ERROR)


def _chunk(
    path: Path,
    rows: Sequence[Row],
    others: Sequence[bytes | None],
    prompts: Sequence[bytes | None],
    seed: int,
    modes: Sequence[str],
) -> float:
    """Plant, judge, write; returns the processor seconds."""
    start = time.process_time()
    found: list[Met] = []
    for row, other, prompt in zip(rows, others, prompts, strict=True):
        found += list(verdicts(load(row, other, prompt), seed, modes))
    shards.write_rows(path, found, Met)
    return time.process_time() - start


def verdicts(pair: Pair, seed: int = 0, modes: Sequence[str] = MODES) -> Iterator[Met]:
    """What every gate of its type says of a pair with every defect and every harmless change that applies."""
    photographed = as_photographed(pair) if PHOTOGRAPH in modes else None
    if photographed is None and set(modes) == {PHOTOGRAPH}:
        return
    for good, defects in ((True, HARMLESS), (False, DEFECTS)):
        for defect, draw in [(one, k) for one in defects for k in range(one.draws)]:
            own = not good or defect.name == "untouched"  # what we hand over is not otherwise changed
            if not own and ALONE not in modes:
                continue
            outcome = planted(defect, pair, rng_of(seed, pair.id, defect.name, draw, "audit"))
            if outcome is None:
                continue
            cases = {ALONE: replace(pair.case, outcome=alone(outcome))}
            if own:
                cases[BUILT] = replace(pair.case, outcome=outcome)
            if own and photographed is not None:
                cases[PHOTOGRAPH] = replace(photographed, outcome=without_scene(outcome))
            for mode in (mode for mode in MODES if mode in modes and mode in cases):
                yield from _judged(pair, draw, defect.name, good, mode, cases[mode])


def _judged(pair: Pair, draw: int, defect: str, good: bool, mode: str, case: Case) -> Iterator[Met]:
    for rule in pair.kind.gates:
        note, value = "", None
        try:
            value = rule.measure(case)
        except AnyEditError as error:
            note = str(error)
        except Exception as error:  # a rule's bug is a finding of the audit, not its end
            note = place(error)
        yield Met(pair.id, pair.kind.name, draw, defect, good, mode, rule.name, value, note)
