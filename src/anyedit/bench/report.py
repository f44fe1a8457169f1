"""Tables of results: terminal, Markdown, LaTeX, CSV, JSON. Measured and published numbers are never in one row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from anyedit.bench.items import BenchError
from anyedit.bench.scoring import RESULTS
from anyedit.errors import StoreError, nearest

By = Literal["all", "type", "group", "subset"]
Format = Literal["text", "markdown", "latex", "csv", "json"]


@dataclass(frozen=True)
class Cell:
    """A mean with its interval; n: items in it."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True)
class Line:
    """One row: an editor on a part of a suite. published: the source, when the numbers were not measured here."""

    editor: str
    part: str
    cells: tuple[Cell, ...]
    items: int | None = None
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


def read_results(folder: str | Path) -> dict[str, Any]:
    """A run's results. Raises BenchError when it was not scored."""
    path = Path(folder) / RESULTS
    try:
        told: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        raise BenchError(f"{folder} has no {RESULTS}; score it with 'anyedit bench score {folder}'") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read ({error})") from error
    return told


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
                lines.append(_line(run, part, told["means"], columns, None, told["n"]))
        notes += [f"{run['editor']['name']}: {text}" for text in _noted(of.get("notes", {}))]
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


def _line(
    run: dict[str, Any],
    part: str,
    means: dict[str, Any],
    columns: Any,
    counts: dict[str, int] | None,
    n: int | None = None,
) -> Line:
    cells = tuple(Cell(**means[key]) for key, _, _ in columns)
    if counts is None:
        return Line(run["editor"]["name"], part, cells, items=n)
    return Line(
        run["editor"]["name"],
        part,
        cells,
        counts["asked"],
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


def written(table: Table, form: str = "text", interval: bool = True) -> str:
    """A table in one of the formats. interval: show the 95% intervals (JSON and CSV always have them)."""
    if form not in get_args(Format):
        raise BenchError(f"--format {form}: not known{nearest(form, get_args(Format))}")
    if form == "json":
        return json.dumps(_data(table), indent=1)
    if form == "csv":
        return _csv(table)
    head, body = _grid(table, interval)
    if form == "latex":
        return _latex(table, head, body)
    if form == "markdown":
        rows = [head, ["---"] * 2 + ["---:"] * (len(head) - 2), *body]
        text = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
        return f"**{table.title}**\n\n{text}\n\n" + "\n".join(f"- {note}" for note in table.notes) + "\n"
    return _text(table, head, body)


def _grid(table: Table, interval: bool) -> tuple[list[str], list[list[str]]]:
    counted = any(line.failed is not None for line in table.lines)
    arrow = {"higher": " ↑", "lower": " ↓", "none": ""}
    head = ["editor", "part", "n"] + (["failed", "black", "dropped"] if counted else [])
    head += [label + arrow[better] for _, label, better in table.columns]
    body = []
    for line in table.lines:
        counts = [line.failed, line.black, line.dropped] if counted else []
        name = line.editor + (f" [published: {line.published}]" if line.published else "")
        body.append(
            [name, line.part, *("" if n is None else str(n) for n in (line.items, *counts))]
            + [_shown(cell, interval) for cell in line.cells]
        )
    return head, body


def _shown(cell: Cell, interval: bool) -> str:
    if cell.value is None:
        return "-"
    if not interval or cell.low is None or cell.high is None:
        return f"{cell.value:.4f}"
    return f"{cell.value:.4f} [{cell.low:.4f}, {cell.high:.4f}]"


def _turned(table: Table, head: list[str], body: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """A row for every metric and a column for every editor: what fits a terminal when there is one part."""
    names = [row[0] for row in body]
    return ["", *names], [[head[i], *(row[i] for row in body)] for i in range(2, len(head))]


def _text(table: Table, head: list[str], body: list[list[str]]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid

    left = 2
    if all(line.part == "all" for line in table.lines):
        head, body = _turned(table, head, body)
        left = 1
    grid = Grid(title=table.title, box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
    for index, title in enumerate(head):
        grid.add_column(title, justify="left" if index < left else "right", overflow="fold")
    for row in body:
        grid.add_row(*row)
    out = io.StringIO()
    width = min(400, max(100, sum(max(len(r[i]) for r in [head, *body]) + 2 for i in range(len(head)))))
    console = Console(file=out, width=width, markup=False)
    console.print(grid)
    for note in table.notes:
        console.print(f"- {note}", soft_wrap=True)
    return out.getvalue()


def _latex(table: Table, head: list[str], body: list[list[str]]) -> str:
    def safe(text: str) -> str:
        for plain, tex in (
            ("\\", "\\textbackslash "),
            ("_", "\\_"),
            ("%", "\\%"),
            ("&", "\\&"),
            ("#", "\\#"),
            ("↑", "$\\uparrow$"),
            ("↓", "$\\downarrow$"),
        ):
            text = text.replace(plain, tex)
        return text

    lines = [f"% {note}" for note in (table.title, *table.notes)]
    lines += ["\\begin{tabular}{ll" + "r" * (len(head) - 2) + "}", "\\toprule"]
    lines += [" & ".join(map(safe, head)) + " \\\\", "\\midrule"]
    lines += [" & ".join(map(safe, row)) + " \\\\" for row in body]
    return "\n".join([*lines, "\\bottomrule", "\\end{tabular}", ""])


def _csv(table: Table) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    parts = [f"{key}{tail}" for key, _, _ in table.columns for tail in ("", "_low", "_high", "_n")]
    rows.writerow(["editor", "part", "items", "failed", "black", "dropped", "published", *parts])
    for line in table.lines:
        values = [v for cell in line.cells for v in (cell.value, cell.low, cell.high, cell.n)]
        rows.writerow(
            [
                line.editor,
                line.part,
                line.items,
                line.failed,
                line.black,
                line.dropped,
                line.published,
                *values,
            ]
        )
    return out.getvalue()


def _data(table: Table) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(table)
