"""The audit: a few pairs at a time get every defect, are judged by all gates, and become one shard of verdicts."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anyedit.edits import Outcome, type_of
from anyedit.errors import AnyEditError
from anyedit.pipeline import shards
from anyedit.pipeline.audit.defects import DEFECTS, HARMLESS, planted
from anyedit.pipeline.audit.pairs import Chosen, Pair, Row, choose, load
from anyedit.pipeline.instruct import place
from anyedit.pipeline.local import SINGLE_THREADED
from anyedit.recipe import digest
from anyedit.seeds import rng_of
from anyedit.types import EDIT_TYPES

VERSION = "1"  # of the defects; a change that alters verdicts raises it
CHUNK = 4  # pairs in a shard
PER_PAIR = 12.0  # planted pairs that one pair gives, at least
MODES = ("built", "picture alone")


@dataclass(frozen=True)
class Met:
    """What one gate said of one planted (or harmless) pair.

    mode: `built`, with the scene graph and influence mask of a build; `picture alone`, as an editor that is not ours
    hands it back.
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


def audit(
    folders: Sequence[Path],
    out: Path,
    *,
    pairs: int = 400,
    types: Sequence[str] | None = None,
    workers: int = 1,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Met]:
    """Plant at least `pairs` defects into every type's pairs (or all the build has) and return every verdict.

    Shards that exist under `out` are read, not made again: an interrupted audit goes on. Raises StoreError when
    the builds hold no world pairs.
    """
    for name in types or ():
        if name not in EDIT_TYPES:
            type_of(name)  # raises with the nearest name
    chosen = choose(folders, max(1, round(pairs / PER_PAIR + 0.5)), types)
    chunks = [  # the first of every type, then the second: a look half-way is of use
        (name, rows[at : at + CHUNK])
        for at in range(0, max(map(len, chosen.rows.values())), CHUNK)
        for name, rows in chosen.rows.items()
        if rows[at : at + CHUNK]
    ]
    paths = [out / "verdicts" / f"{shard_name(name, rows, seed)}.parquet" for name, rows in chunks]
    todo = [(path, *chunk) for path, chunk in zip(paths, chunks, strict=True) if not path.exists()]
    done = len(chunks) - len(todo)
    for _ in _carried_out(todo, chosen, seed, workers):
        done += 1
        if progress is not None:
            progress(done, len(chunks))
    return [met for path in paths for met in shards.read_rows(path, Met)]


def shard_name(name: str, rows: Sequence[Row], seed: int) -> str:
    """Type, and a hash of what makes the shard: defects, pairs, seed."""
    return f"{name}-{digest(repr((VERSION, seed, [(row['key'], row['id'], row['params']) for row in rows])))}"


def _carried_out(
    todo: list[tuple[Path, str, Sequence[Row]]], chosen: Chosen, seed: int, workers: int
) -> Iterator[None]:
    def task(path: Path, rows: Sequence[Row]) -> tuple[Any, ...]:
        others = [chosen.pictures.get(chosen.sibling.get(row["key"], "")) for row in rows]
        prompts = [chosen.prompts.get(chosen.namesake.get(row["key"], "")) for row in rows]
        return path, rows, others, prompts, seed

    for name in SINGLE_THREADED:
        os.environ.setdefault(name, "1")
    if workers <= 1:
        _start()
        for path, _, rows in todo:
            _chunk(*task(path, rows))
            yield
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start) as pool:
        for future in as_completed([pool.submit(_chunk, *task(path, rows)) for path, _, rows in todo]):
            future.result()
            yield


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
) -> None:
    found: list[Met] = []
    for row, other, prompt in zip(rows, others, prompts, strict=True):
        found += list(verdicts(load(row, other, prompt), seed))
    shards.write_rows(path, found, Met)


def verdicts(pair: Pair, seed: int = 0) -> Iterator[Met]:
    """What every gate of its type says of a pair with every defect and every harmless change that applies."""
    for good, defects in ((True, HARMLESS), (False, DEFECTS)):
        for defect, draw in [(one, k) for one in defects for k in range(one.draws)]:
            outcome = planted(defect, pair, rng_of(seed, pair.id, defect.name, draw, "audit"))
            if outcome is None:
                continue
            for mode in MODES:
                if mode == "built" and good and defect.name != "untouched":
                    continue  # a build hands no such pictures over: they are exact to the bit
                yield from _judged(pair, draw, defect.name, good, mode, outcome)


def _judged(pair: Pair, draw: int, defect: str, good: bool, mode: str, outcome: Outcome) -> Iterator[Met]:
    if mode != "built":
        outcome = replace(outcome, influence=None, scene=None, after=None)
    case = replace(pair.case, outcome=outcome)
    for rule in pair.kind.gates:
        note, value = "", None
        try:
            value = rule.measure(case)
        except AnyEditError as error:
            note = str(error)
        except Exception as error:  # a rule's bug is a finding of the audit, not its end
            note = place(error)
        yield Met(pair.id, pair.kind.name, draw, defect, good, mode, rule.name, value, note)
