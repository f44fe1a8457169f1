"""Scoring a run under protocols: every item's values, the counts of what was left out, means with intervals."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.features import Features, Journal
from anyedit.bench.items import BenchError, Item, Picture, Suite, encoded, image_of
from anyedit.bench.metrics import Column, Featured, Pair
from anyedit.bench.protocols import Protocol, protocol_of
from anyedit.bench.run import Run, read_run, versions
from anyedit.bench.statistics import Mean, mean_of
from anyedit.errors import StoreError

RESULTS = "results.json"
Values = dict[str, float | None]
STATES = ("scored", "black", "missing", "failed", "dropped-caption")


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

    def counts(self) -> dict[str, int]:
        """How many items were asked, and how many ended in each state."""
        found = {"asked": len(self.rows), **dict.fromkeys(STATES, 0)}
        for row in self.rows:
            found[row.state] += 1
        return found

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

    cache: SQLite file of features (default: `features.sqlite` beside the run). weights: model id -> folder.
    """
    run = read_run(folder)
    opened = suite or run.suite.open()
    if opened.fingerprint != run.fingerprint:
        raise BenchError(
            f"{run.suite.where} is not the suite that {run.folder} was run on (its items or texts changed); run again"
        )
    chosen = [protocol_of(p) if isinstance(p, str) else p for p in protocols]
    features = Features(
        Path(cache) if cache else run.folder.parent / "features.sqlite",
        weights=weights,
        device=device,
        batch=batch,
    )
    try:
        made = [scores_of(run, opened, protocol, features) for protocol in chosen]
    finally:
        features.cache.close()
    results = results_of(run, opened, made)
    _write(run, made, results)
    return results


def scores_of(run: Run, suite: Suite, protocol: Protocol, features: Features) -> Scores:
    """Every item of the suite under one protocol."""
    columns = protocol.columns
    broken: dict[str, list[str]] = {}
    for fault in suite.faults:
        broken.setdefault(fault.item, []).append(fault.rule)
    pairs, states = _pairs(run, suite, protocol, features, broken)
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


def _pairs(
    run: Run, suite: Suite, protocol: Protocol, features: Features, broken: Mapping[str, Sequence[str]]
) -> tuple[list[Pair], dict[str, tuple[str, str]]]:
    """What is scored, and every item's state with a note."""
    outputs = _matched(run, suite, protocol)
    there = [(item, picture) for item in suite.items if (picture := outputs[item.id]) is not None]
    dark = features.numbers(("black",), [(picture,) for _, picture in there], _black)
    black = {item.id for (item, _), value in zip(there, dark, strict=True) if value[0]}
    pairs: list[Pair] = []
    states: dict[str, tuple[str, str]] = {}
    for item in suite.items:
        picture = outputs[item.id]
        if protocol.drops(item, broken.get(item.id, ())):
            states[item.id] = ("dropped-caption", ", ".join(broken[item.id]))
        elif picture is None:
            reason = run.failure(item)
            states[item.id] = ("missing" if reason is None else "failed", reason or "no output")
            _refuse(protocol.missing, protocol, item, states[item.id][1])
            if protocol.missing == "keep":
                pairs.append(Pair(item, _blank(item)))
        elif item.id in black:
            states[item.id] = ("black", "every pixel is 0")
            _refuse(protocol.black, protocol, item, "its output is black")
            if protocol.black == "keep":
                pairs.append(Pair(item, picture))
        else:
            states[item.id] = ("scored", "")
            pairs.append(Pair(item, picture))
    return pairs, states


def _refuse(policy: str, protocol: Protocol, item: Item, reason: str) -> None:
    if policy == "fail":
        raise BenchError(
            f"protocol {protocol.name} takes no run with gaps, and item {item.id} is one ({reason}); "
            "run it again, or choose a protocol that counts gaps"
        )


def _matched(run: Run, suite: Suite, protocol: Protocol) -> dict[str, Picture | None]:
    """The output that an item is scored with: its own, or (unordered matching) one of its session."""
    own: dict[str, Picture | None] = {item.id: run.output(item) for item in suite.items}
    if protocol.matching == "id":
        return own
    sessions: dict[str, list[Item]] = {}
    for item in suite.items:
        sessions.setdefault(item.session, []).append(item)
    found: dict[str, Picture | None] = {}
    for of in sessions.values():
        # a directory's order is the file system's; a hash of the name stands for it, the same on every machine
        listed = sorted(of, key=lambda item: hashlib.sha256(item.id.encode()).hexdigest())
        for item, other in zip(of, listed, strict=True):
            found[item.id] = own[other.id]
    return found


def _black(image: Image.Image) -> npt.NDArray[np.float64]:
    return np.array([float(not np.asarray(image).any())])


def _blank(item: Item) -> Picture:
    """What a missing output is scored as: black, in the source's size."""
    return encoded(Image.new("RGB", image_of(item.source).size))


def results_of(run: Run, suite: Suite, made: Sequence[Scores]) -> dict[str, Any]:
    """The machine-readable result: what was measured how, with versions, hashes, counts, means and intervals."""
    return {
        "format": 1,
        "editor": {
            "name": run.name,
            "spec": run.editor.spec,
            "settings": run.editor.settings,
            "facts": run.facts,
        },
        "seed": run.seed,
        "suite": {
            "name": suite.name,
            "where": run.suite.where,
            "setting": suite.setting,
            "split": suite.split,
            "licence": suite.licence,
            "items": len(suite.items),
            "fingerprint": suite.fingerprint,
            "warnings": list(suite.warnings),
            "faults": [asdict(fault) for fault in suite.faults],
        },
        "versions": {"run": run.versions, "score": versions()},
        "protocols": {scores.protocol.name: _summary(scores) for scores in made},
    }


def _summary(scores: Scores) -> dict[str, Any]:
    def means(rows: Sequence[Scored] | None = None) -> dict[str, Any]:
        return {c.key: asdict(scores.mean(c.key, rows)) for c in scores.columns}

    def parts(of: Mapping[str, Sequence[Scored]]) -> dict[str, Any]:
        return {name: {"n": len(rows), "means": means(rows)} for name, rows in of.items()}

    by: dict[str, dict[str, list[Scored]]] = {"type": {}, "group": {}, "subset": {}}
    for row in scores.rows:
        for kind, names in (
            ("type", (row.item.edit_type,)),
            ("group", (row.item.group,)),
            ("subset", row.item.subsets),
        ):
            for name in names:
                if name:
                    by[kind].setdefault(name, []).append(row)
    return {
        "settings": scores.protocol.settings(),
        "models": scores.models,
        "columns": [asdict(column) for column in scores.columns],
        "counts": scores.counts(),
        "notes": scores.journal.notes,
        "facts": scores.journal.facts,
        "all": means(),
        "by": {kind: parts(of) for kind, of in by.items()},
    }


def _write(run: Run, made: Sequence[Scores], results: dict[str, Any]) -> None:
    folder = run.folder / "scores"
    try:
        folder.mkdir(exist_ok=True)
        for scores in made:
            lines = [
                json.dumps(
                    {
                        "item": row.item.id,
                        "type": row.item.edit_type,
                        "group": row.item.group,
                        "session": row.item.session,
                        "state": row.state,
                        "note": row.note,
                        "values": row.values,
                    }
                )
                for row in scores.rows
            ]
            _replace(folder / f"{scores.protocol.name}.jsonl", "\n".join(lines) + "\n")
            if scores.journal.answers:
                told = "\n".join(json.dumps(answer, ensure_ascii=False) for answer in scores.journal.answers)
                _replace(folder / f"{scores.protocol.name}.answers.jsonl", told + "\n")
        path = run.folder / RESULTS
        if path.exists():  # protocols that were scored before are kept: one run under many is the point
            old = json.loads(path.read_text())
            if old["suite"]["fingerprint"] == results["suite"]["fingerprint"]:
                results["protocols"] = {**old["protocols"], **results["protocols"]}
        _replace(path, json.dumps(results, indent=1, sort_keys=True))
    except OSError as error:
        raise StoreError(f"cannot write into {run.folder}: {error.strerror or error}") from error


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    temporary.write_text(text)
    os.replace(temporary, path)


def read_rows(folder: str | Path, protocol: str) -> list[dict[str, Any]]:
    """The item scores that `score` wrote."""
    path = Path(folder) / "scores" / f"{protocol}.jsonl"
    if not path.exists():
        raise BenchError(
            f"{folder} has no scores under '{protocol}'; make them with 'anyedit bench score {folder}'"
        )
    return [json.loads(line) for line in path.read_text().splitlines()]
