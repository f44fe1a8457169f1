"""Published figures of papers, as printed there: shown beside measured numbers, marked, never mixed with them.

`published.csv`: one row an editor and table, facts only. Settings differ between papers (CLIP model, reference
picture, subset): figures compare within one table.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from anyedit.bench.report import Cell, Line

FIGURES = Path(__file__).with_name("published.csv")
METRICS = ("clip_im", "clip_out", "clip_dir", "dino", "l1", "l2")


@dataclass(frozen=True)
class Figure:
    """One row as printed. subset: "all", "group:local", "type:add", "single-turn" ...; values: metric -> number."""

    suite: str
    subset: str
    editor: str
    table: str
    source: str
    values: dict[str, float]
    notes: str


@cache
def figures() -> tuple[Figure, ...]:
    """All figures."""
    with FIGURES.open(encoding="utf-8", newline="") as handle:
        return tuple(
            Figure(
                row["suite"],
                row["subset"],
                row["editor"],
                row["table"],
                row["source"],
                {key: float(row[key]) for key in METRICS if row[key]},
                row["notes"],
            )
            for row in csv.DictReader(handle)
        )


def published_lines(suite: str, setting: str, by: str, columns: Sequence[str]) -> list[Line]:
    """The figures for a suite's table as rows of their own: group and type parts, or the whole in its setting."""
    lines: list[Line] = []
    for figure in figures():
        if figure.suite != suite or not set(figure.values) & set(columns):
            continue
        kind, colon, part = figure.subset.partition(":")
        if colon and kind == by:
            shown = part
        elif not colon and by == "all" and figure.subset in ("all", setting):
            shown = figure.subset
        else:
            continue
        cells = tuple(Cell(figure.values.get(key)) for key in columns)
        second = "; second-hand" if "second-hand" in figure.notes or "third-party" in figure.source else ""
        lines.append(Line(figure.editor, shown, cells, published=f"{figure.table}{second}"))
    return lines
