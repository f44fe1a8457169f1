"""Tables as text: terminal, Markdown, LaTeX, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, replace
from typing import Literal, get_args

from anyedit.bench.items import BenchError
from anyedit.bench.report import Cell, Line, Table
from anyedit.errors import nearest

Format = Literal["text", "markdown", "latex", "csv", "json"]


def written(table: Table, form: str = "text", interval: bool = True) -> str:
    """A table in one of the formats. interval: show the 95% intervals (JSON and CSV always have them)."""
    if form not in get_args(Format):
        raise BenchError(f"--format {form}: not known{nearest(form, get_args(Format))}")
    if form == "json":
        return json.dumps(asdict(table), indent=1)
    if form == "csv":
        return _csv(table)
    table = _measured(table)
    head, body = _grid(table, interval)
    if form == "latex":
        return _latex(table, head, body)
    if form == "markdown":
        rows = [head, ["---"] * 2 + ["---:"] * (len(head) - 2), *body]
        text = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
        return f"**{table.title}**\n\n{text}\n\n" + "\n".join(f"- {note}" for note in table.notes) + "\n"
    return _text(table, head, body)


def _measured(table: Table) -> Table:
    """Without the columns that have no value in any row: they are named under the table."""
    there = [any(line.cells[i].value is not None for line in table.lines) for i in range(len(table.columns))]
    if all(there):
        return table
    lines = tuple(
        replace(line, cells=tuple(cell for cell, kept in zip(line.cells, there, strict=True) if kept))
        for line in table.lines
    )
    left = [label for (_, label, _), kept in zip(table.columns, there, strict=True) if not kept]
    return replace(
        table,
        columns=tuple(column for column, kept in zip(table.columns, there, strict=True) if kept),
        lines=lines,
        notes=(*table.notes, f"not measured here: {', '.join(left)}"),
    )


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
            [name, line.part, _number(line), *("" if n is None else str(n) for n in counts)]
            + [_shown(cell, interval, line.n) for cell in line.cells]
        )
    return head, body


def _number(line: Line) -> str:
    """How many items are in the means, and of how many where some are not."""
    if line.n is None:
        return ""
    return str(line.n) if line.n == line.items else f"{line.n} of {line.items}"


def _shown(cell: Cell, interval: bool, n: int | None) -> str:
    """A mean with its interval, and its own n where that is not the row's."""
    if cell.value is None:
        return "-"
    digits = 4 if abs(cell.value) < 10 else 2  # decibels and points need no fourth digit
    told = f"{cell.value:.{digits}f}"
    if interval and cell.low is not None and cell.high is not None:
        told += f" [{cell.low:.{digits}f}, {cell.high:.{digits}f}]"
    return told if cell.n == n else f"{told} (n {cell.n})"


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
    width = min(400, max(100, sum(max(len(r[i]) for r in [head, *body]) + 3 for i in range(len(head)))))
    console = Console(file=out, width=width, markup=False)
    console.print(grid)
    for note in table.notes:
        console.print(f"- {note}", soft_wrap=True)
    return out.getvalue()


LATEX = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "_%&#${}"},
        "\\": "\\textbackslash{}",
        "~": "\\textasciitilde{}",
        "^": "\\textasciicircum{}",
        "<": "\\textless{}",
        ">": "\\textgreater{}",
        "|": "\\textbar{}",
        "↑": "$\\uparrow$",
        "↓": "$\\downarrow$",
    }
)


def _latex(table: Table, head: list[str], body: list[list[str]]) -> str:
    def safe(text: str) -> str:
        return " ".join(text.split()).translate(LATEX)

    lines = [
        f"% {' '.join(note.split())}" for note in (table.title, *table.notes)
    ]  # a comment ends with its line
    lines += ["\\begin{tabular}{ll" + "r" * (len(head) - 2) + "}", "\\toprule"]
    lines += [" & ".join(map(safe, head)) + " \\\\", "\\midrule"]
    lines += [" & ".join(map(safe, row)) + " \\\\" for row in body]
    return "\n".join([*lines, "\\bottomrule", "\\end{tabular}", ""])


def _csv(table: Table) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    parts = [f"{key}{tail}" for key, _, _ in table.columns for tail in ("", "_low", "_high", "_n")]
    rows.writerow(["editor", "part", "items", "n", "failed", "black", "dropped", "published", *parts])
    for line in table.lines:
        values = [v for cell in line.cells for v in (cell.value, cell.low, cell.high, cell.n)]
        rows.writerow(
            [
                line.editor,
                line.part,
                line.items,
                line.n,
                line.failed,
                line.black,
                line.dropped,
                line.published,
                *values,
            ]
        )
    return out.getvalue()
