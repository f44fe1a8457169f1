"""Scoring a run under protocols: every item's values, the counts of what was left out, means with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from anyedit.bench.card import write_card
from anyedit.bench.features import FEATURES, Features, Journal
from anyedit.bench.items import BenchError, Item, Picture, Suite
from anyedit.bench.metrics import Column, Featured
from anyedit.bench.pairing import STATES, paired
from anyedit.bench.protocol import Protocol
from anyedit.bench.protocols import protocol_of
from anyedit.bench.results import results_of, write
from anyedit.bench.runs import Run, read_run
from anyedit.bench.statistics import Mean, mean_of

Values = dict[str, float | None]


@dataclass(frozen=True)
class Scored:
    """One item under one protocol. state: one of STATES; values: column -> value, empty when not in the means."""

    item: Item
    state: str
    values: Values
    note: str = ""


@dataclass(frozen=True)
class Scores:
    """One run under one protocol."""

    protocol: Protocol
    columns: tuple[Column, ...]
    rows: tuple[Scored, ...]
    models: dict[str, str]  # model id -> weights
    sets: dict[str, Mean]  # distances of all outputs to all references; no interval
    journal: Journal  # what metrics tell: cost of a judge, its self-test, its answers

    def counts(self, rows: Sequence[Scored] | None = None) -> dict[str, int]:
        """How many of the rows (default: all) were to be scored ("asked"), and how many ended in each state."""
        chosen = self.rows if rows is None else rows
        found = dict.fromkeys(STATES, 0)
        for row in chosen:
            found[row.state] += 1
        return {"asked": len(chosen) - found["earlier-turn"], **found}

    def mean(self, column: str, rows: Iterable[Scored] | None = None) -> Mean:
        """A column's mean over the rows (default: all) that have a value; sessions are resampled as a whole.

        A distance between sets is of all rows only.
        """
        if column in self.sets:
            return self.sets[column] if rows is None else Mean(None, None, None, 0)
        chosen = list(self.rows if rows is None else rows)
        return mean_of(
            [row.values.get(column) for row in chosen], [row.item.session or row.item.id for row in chosen]
        )


def score(
    folder: str | Path,
    protocols: Sequence[str | Protocol] = ("full",),
    *,
    cache: str | Path | None = None,
    weights: Mapping[str, str] | None = None,
    device: str = "cpu",
    batch: int = 32,
    suite: Suite | None = None,
) -> dict[str, Any]:
    """Score a run; the Python twin of `anyedit bench score`. Returns what is also written to `results.json`.

    cache: SQLite file of features (default: `.features.sqlite` beside the run). weights: model id -> folder.
    """
    run = read_run(folder)
    opened = suite or run.suite.open()
    if opened.fingerprint != run.fingerprint:
        raise BenchError(
            f"{run.suite.where} is not the suite that {run.folder} was run on (its items or texts changed); run again"
        )
    chosen = [protocol_of(p) if isinstance(p, str) else p for p in protocols]
    for protocol in chosen:
        protocol.ready()
    features = Features(
        Path(cache) if cache else run.folder.parent / FEATURES,
        weights=weights,
        device=device,
        batch=batch,
    )
    try:
        made = [scores_of(run, opened, protocol, features) for protocol in chosen]
        pictures, outputs = opened.pictures(features.digest), run.outputs(opened, features.digest)
    finally:
        features.cache.close()
    results = results_of(run, opened, made, pictures, outputs)
    write(run, made, results)
    write_card(run.folder)
    return results


def score_all(
    folders: Sequence[str | Path],
    protocols: Sequence[str],
    *,
    weights: Mapping[str, str] | None = None,
    device: str = "cpu",
    workers: int = 1,
) -> None:
    """Score several runs, `workers` of them at once in processes of their own; they share a cache on disk."""
    if min(workers, len(folders)) <= 1:
        for folder in folders:
            score(folder, protocols, weights=weights, device=device)
        return
    with ProcessPoolExecutor(min(workers, len(folders)), get_context("spawn")) as pool:
        waiting = [pool.submit(score, f, protocols, weights=weights, device=device) for f in folders]
        try:
            for one in waiting:
                one.result()
        except BrokenProcessPool:
            raise BenchError(
                "a process that scored a run was ended (killed, or out of memory); what is in the cache is kept: run "
                "the same command again with fewer --workers"
            ) from None


def scores_of(run: Run, suite: Suite, protocol: Protocol, features: Features) -> Scores:
    """Every item of the suite under one protocol."""
    columns = protocol.columns
    broken: dict[str, list[str]] = {}
    for fault in suite.faults:
        broken.setdefault(fault.item, []).append(fault.rule)
    pairs, states = paired(run, suite, protocol, features, broken)
    by_item: dict[str, Values] = {pair.item.id: {} for pair in pairs}
    models = [(m.model, m.pictures(pairs)) for m in protocol.metrics if isinstance(m, Featured)]
    _prefetch(features, models, protocol.size)
    features.journal = Journal()
    for metric in protocol.metrics:
        for pair, values in zip(pairs, metric.measure(pairs, features, protocol.size), strict=True):
            by_item[pair.item.id].update(values)
    rows = tuple(
        Scored(item, states[item.id][0], by_item.get(item.id, {}), states[item.id][1]) for item in suite.items
    )
    sets: dict[str, Mean] = {}
    for one in protocol.sets:
        value, count = one.measure(pairs, features)
        sets[one.column.key] = Mean(value, None, None, count)
    columns = tuple(replace(column, label=features.honest(column.label)) for column in columns)
    return Scores(protocol, columns, rows, features.used(), sets, features.journal)


def _prefetch(features: Features, wanted: Sequence[tuple[Any, Sequence[Picture]]], size: int | None) -> None:
    """All models in one pass over the pictures that they share, so that each is decoded once."""
    named = [(model, {features.digest(p): p for p in of}) for model, of in wanted]
    pictures = {name: picture for _, of in named for name, picture in of.items()}
    needed: dict[frozenset[Any], list[Picture]] = {}
    for name, picture in pictures.items():
        who = frozenset(model for model, of in named if name in of)
        needed.setdefault(who, []).append(picture)
    for who, of in needed.items():
        features.images(sorted(who, key=lambda model: model.id), of, size)
