"""Plots of scored runs: bars with intervals for the whole, a radar over types or groups."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from anyedit.bench.items import BenchError
from anyedit.bench.report import Table, tables
from anyedit.errors import require_extra

COLOURS = ("#3b6fb6", "#d1603d", "#4c9f70", "#8a5fb0", "#c9a227", "#5b6770", "#c2558f", "#2aa3a3")


def plots(folders: Sequence[str | Path], out: str | Path, *, protocol: str | None = None) -> list[Path]:
    """Write `bars-*.png` (every metric, with 95% intervals) and `radar-*.png` (one metric over types and groups).

    The Python twin of `anyedit bench plots`. Returns the files.
    """
    target = Path(out)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    whole = tables(folders, protocol=protocol)
    for number, table in enumerate(whole):
        written.append(_bars(table, target / f"bars-{_slug(table, number)}.png"))
    for by in ("type", "group"):
        for number, table in enumerate(tables(folders, by=by, protocol=protocol)):  # type: ignore[arg-type]
            for key, label, better in table.columns:
                path = target / f"radar-{by}-{_slug(table, number)}-{key}.png"
                if _radar(table, key, label, better, path):
                    written.append(path)
    return written


def _slug(table: Table, number: int) -> str:
    words = "".join(ch if ch.isalnum() else "-" for ch in table.title.lower())
    return f"{number}-{'-'.join(part for part in words.split('-') if part)}"


def _pyplot() -> Any:
    with require_extra("bench", "plots"):
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        return pyplot


def _bars(table: Table, path: Path) -> Path:
    pyplot = _pyplot()
    columns = [
        i for i in range(len(table.columns)) if any(line.cells[i].value is not None for line in table.lines)
    ]
    if not columns:
        raise BenchError(f"{table.title}: nothing was measured, so there is nothing to plot")
    across = min(4, len(columns))
    down = -(-len(columns) // across)
    figure, axes = pyplot.subplots(
        down, across, figsize=(3.4 * across, 0.6 + down * (0.9 + 0.32 * len(table.lines)))
    )
    for axis in np.atleast_1d(axes).ravel()[len(columns) :]:
        axis.axis("off")
    for axis, column in zip(np.atleast_1d(axes).ravel(), columns, strict=False):
        _, label, better = table.columns[column]
        for row, line in enumerate(table.lines):
            cell = line.cells[column]
            if cell.value is None:
                continue
            axis.barh(row, cell.value, color=COLOURS[row % len(COLOURS)], height=0.7)
            if cell.low is not None and cell.high is not None:
                spread = [[max(0.0, cell.value - cell.low)], [max(0.0, cell.high - cell.value)]]
                axis.errorbar(cell.value, row, xerr=spread, color="black", capsize=3, lw=1)
            # the figure itself, clear of bar and interval: a bar of length 0 is no missing one
            edge = max(0.0, cell.value, cell.high if cell.high is not None else cell.value)
            axis.annotate(
                f"{cell.value:.3g}", (edge, row), (4, 0), textcoords="offset points", va="center", fontsize=7
            )
        axis.margins(x=0.14)
        axis.set_yticks(range(len(table.lines)), [line.editor for line in table.lines], fontsize=8)
        axis.invert_yaxis()
        axis.set_title(
            f"{label} {'↑' if better == 'higher' else '↓' if better == 'lower' else ''}", fontsize=8
        )
        axis.tick_params(axis="x", labelsize=7)
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle(table.title, fontsize=9)
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    pyplot.close(figure)
    return path


def _radar(table: Table, key: str, label: str, better: str, path: Path) -> bool:
    """A radar of one column; False when fewer than three parts have values of every editor."""
    index = [k for k, _, _ in table.columns].index(key)
    editors = list(dict.fromkeys(line.editor for line in table.lines))
    found = {(line.editor, line.part): line.cells[index].value for line in table.lines}
    parts = [
        p
        for p in dict.fromkeys(line.part for line in table.lines)
        if all(found.get((e, p)) is not None for e in editors)
    ]
    if len(parts) < 3:
        return False
    pyplot = _pyplot()
    angles = np.linspace(0, 2 * np.pi, len(parts), endpoint=False)
    figure, axis = pyplot.subplots(figsize=(6.4, 6.2), subplot_kw={"projection": "polar"})
    for number, editor in enumerate(editors):
        values = [float(found[editor, part] or 0.0) for part in parts]
        closed = [*values, values[0]]
        axis.plot([*angles, angles[0]], closed, color=COLOURS[number % len(COLOURS)], label=editor, lw=1.6)
        axis.fill([*angles, angles[0]], closed, color=COLOURS[number % len(COLOURS)], alpha=0.08)
    axis.set_xticks(angles, [part.replace("_", " ") for part in parts], fontsize=7)
    axis.tick_params(axis="y", labelsize=7)
    axis.tick_params(axis="x", pad=4)
    for name, angle in zip(
        axis.get_xticklabels(), angles, strict=True
    ):  # long names stand clear of the circle
        side = np.cos(angle)
        name.set_horizontalalignment("center" if abs(side) < 0.1 else "left" if side > 0 else "right")
    axis.set_title(f"{label} ({'higher' if better == 'higher' else 'lower'} is better)", fontsize=9, pad=22)
    axis.legend(loc="lower right", bbox_to_anchor=(1.12, -0.1), fontsize=8)
    figure.text(0.02, 0.01, table.title, fontsize=6)
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    pyplot.close(figure)
    return True
