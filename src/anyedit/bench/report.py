"""Tables of results as data. Measured and published numbers are never in one row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from anyedit.bench.items import BenchError
from anyedit.bench.results import changed_since_run, read_results
from anyedit.errors import nearest

By = Literal["all", "type", "group", "subset"]


@dataclass(frozen=True)
class Cell:
    """A mean with its interval; n: items in it."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True)
class Line:
    """One row: an editor on a part of a suite.

    items: asked; n: in the means (a column may have fewer, see its cell). published: the source, when the numbers were
    not measured here.
    """

    editor: str
    part: str
    cells: tuple[Cell, ...]
    items: int | None = None
    n: int | None = None
    failed: int | None = None
    black: int | None = None
    dropped: int | None = None
    published: str = ""


@dataclass(frozen=True)
class Table:
    """A table of one suite under one protocol. notes: what a reader must know, the licence among it."""

    title: str
    columns: tuple[tuple[str, str, str], ...]  # key, label, better
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    interval: bool = True


def tables(
    folders: Sequence[str | Path], *, by: By = "all", protocol: str | None = None, published: bool = False
) -> list[Table]:
    """One table a suite and protocol, with a row for every run (and part). The Python twin of `anyedit bench table`.

    published: figures of papers for the suite are added as rows of their own, marked with their source.
    """
    if by not in get_args(By):
        raise BenchError(f"--by {by}: not known{nearest(by, get_args(By))}")
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for folder in folders:
        told = read_results(folder)
        suite = told["suite"]
        names = [protocol] if protocol else sorted(told["protocols"])
        for name in names:
            if name not in told["protocols"]:
                raise BenchError(
                    f"{folder} was not scored under '{name}'{nearest(name, told['protocols'])}; "
                    f"anyedit bench score {folder} --protocol {name}"
                )
            key = (suite["name"], suite["setting"], suite["split"], suite["fingerprint"], name)
            groups.setdefault(key, []).append({**told, "of": told["protocols"][name]})
    return [_table(name, runs, by, published) for (*_, name), runs in groups.items()]


# what the field's protocols share: where these differ, the protocol differs
COMMON = (
    ("clip_im", "CLIPim", "higher"),
    ("clip_out", "CLIPout", "higher"),
    ("clip_dir", "CLIPdir", "higher"),
    ("dino", "DINO", "higher"),
    ("l1", "L1", "lower"),
    ("l2", "L2", "lower"),
)
EMPTY: dict[str, dict[str, None]] = {key: {"value": None} for key, _, _ in COMMON}


def across_protocols(folders: Sequence[str | Path]) -> list[Table]:
    """One table a suite: each run under every protocol that it was scored under, in the columns that they share.

    What differs between the rows of one run is the protocol alone.
    """
    suites: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for folder in folders:
        told = read_results(folder)
        suite = told["suite"]
        key = (suite["name"], suite["setting"], suite["split"], suite["fingerprint"])
        suites.setdefault(key, []).append(told)
    made = []
    for runs in suites.values():
        lines = [
            _line(run, name, {**EMPTY, **of["all"]}, COMMON, of["counts"])
            for run in runs
            for name, of in run["protocols"].items()
            if any(of["all"].get(key, {}).get("value") is not None for key in EMPTY)
        ]
        if not lines:
            raise BenchError(
                "the runs were scored under no protocol with CLIP, DINO or L1; score them with -p all"
            )
        suite = runs[0]["suite"]
        notes = (
            f"licence of the suite: {suite['licence']}",
            "rows of one editor differ by the protocol alone: model, reference picture, captions, size, left-out items; "
            "see 'anyedit bench protocols'",
            *suite["warnings"],
            *_cautions(runs),
        )
        title = " ".join(filter(None, (suite["name"], suite["split"], suite["setting"])))
        made.append(Table(f"{title}, across protocols", COMMON, tuple(lines), notes))
    return made


def _table(name: str, runs: list[dict[str, Any]], by: By, published: bool) -> Table:
    suite = runs[0]["suite"]
    columns = tuple((c["key"], c["label"], c["better"]) for c in runs[0]["of"]["columns"])
    lines: list[Line] = []
    notes = [f"licence of the suite: {suite['licence']}", *suite["warnings"]]
    for run in runs:
        of = run["of"]
        labels = tuple((c["key"], c["label"], c["better"]) for c in of["columns"])
        if labels != columns:  # other weights under one name must not share a column
            raise BenchError(
                f"runs of {suite['name']} were scored under '{name}' with different columns; score them again alike"
            )
        if by == "all":
            lines.append(_line(run, "all", of["all"], columns, of["counts"]))
        else:
            for part in _ordered(of["by"][by]):
                told = of["by"][by][part]
                lines.append(_line(run, part, told["means"], columns, told["counts"]))
        said = [*_noted(of.get("notes", {})), run["editor"]["facts"].get("note", "")]
        notes += [f"{run['editor']['name']}: {text}" for text in said if text]
    for earlier in dict.fromkeys(run["of"]["counts"]["earlier-turn"] for run in runs):
        if earlier:
            notes.append(f"{earlier} earlier turns are made, not scored: the last picture of each session is")
    notes += _cautions(runs)
    models = {json.dumps(run["of"]["models"], sort_keys=True) for run in runs}
    if len(models) > 1:
        notes.append("CAUTION: the runs were scored with different weights; see results.json")
    if by in ("all", "group", "type") and published:
        from anyedit.bench.published import published_lines

        lines += published_lines(suite["name"], suite["setting"], by, tuple(key for key, _, _ in columns))
        notes.append("rows marked 'published' were not measured here; settings differ between papers")
    if suite["faults"]:
        kinds: dict[str, int] = {}
        for fault in suite["faults"]:
            kinds[fault["rule"]] = kinds.get(fault["rule"], 0) + 1
        notes.append(
            "faults of the suite found by rule: " + ", ".join(f"{n} {k}" for k, n in sorted(kinds.items()))
        )
    told = " ".join(filter(None, (suite["name"], suite["split"], suite["setting"])))
    return Table(f"{told}, protocol {name}", columns, tuple(lines), tuple(dict.fromkeys(notes)))


def _cautions(runs: list[dict[str, Any]]) -> list[str]:
    """Where rows are of other pictures than they seem to be."""
    found = [
        f"CAUTION: {run['editor']['name']} was scored on other pictures than it was run on: the suite's changed since"
        for run in runs
        if changed_since_run(run)
    ]
    if len({run["suite"]["pictures"] for run in runs}) > 1:
        told = ", ".join(f"{run['editor']['name']} {run['suite']['pictures'][:12]}" for run in runs)
        found.append(f"CAUTION: rows do not compare, their suites differ in pictures: {told}")
    return found


def _line(
    run: dict[str, Any], part: str, means: dict[str, Any], columns: Any, counts: dict[str, int]
) -> Line:
    cells = tuple(Cell(**means[key]) for key, _, _ in columns)
    return Line(
        run["editor"]["name"],
        part,
        cells,
        counts["asked"],
        max((cell.n or 0 for cell in cells), default=0),
        counts["failed"] + counts["missing"],
        counts["black"],
        counts["dropped-caption"],
    )


def _ordered(parts: dict[str, Any]) -> list[str]:
    from anyedit.types import EDIT_TYPES, GROUPS

    order = {name: i for i, name in enumerate((*GROUPS, *EDIT_TYPES))}
    return sorted(parts, key=lambda name: (order.get(name, len(order)), name))


def _noted(notes: dict[str, Any]) -> list[str]:
    return [f"{key}: {value}" for key, value in notes.items() if isinstance(value, str)]
