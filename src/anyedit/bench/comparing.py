"""Two editors on the same items: paired differences with their significance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyedit.bench.items import BenchError
from anyedit.bench.results import read_results, read_rows
from anyedit.bench.statistics import Difference, difference_of


@dataclass(frozen=True)
class Compared:
    """A - B in one column; better: which of the two the sign favours, "" where p > 0.05 or undecided."""

    column: str
    label: str
    a: float
    b: float
    difference: Difference
    better: str


@dataclass(frozen=True)
class Comparison:
    """All columns of one protocol; `only_a`, `only_b`: scored items that the other lacks."""

    a: str
    b: str
    suite: str
    protocol: str
    columns: tuple[Compared, ...]
    only_a: int
    only_b: int


def compare(a: str | Path, b: str | Path, protocol: str | None = None) -> Comparison:
    """Run A against run B, item by item; the Python twin of `anyedit bench compare`.

    Raises BenchError when they were not run on one suite or scored under one protocol with the same weights.
    """
    told = [read_results(folder) for folder in (a, b)]
    if told[0]["suite"]["fingerprint"] != told[1]["suite"]["fingerprint"]:
        raise BenchError(f"{a} and {b} are not runs on one suite: paired differences need the same items")
    if told[0]["suite"]["pictures"] != told[1]["suite"]["pictures"]:
        raise BenchError(
            f"{a} and {b} were scored on different pictures of {told[0]['suite']['name']}: run and score both on one copy "
            "of the suite"
        )
    shared = [name for name in told[0]["protocols"] if name in told[1]["protocols"]]
    if protocol is None:
        if not shared:
            raise BenchError(f"{a} and {b} share no protocol; score both under one")
        protocol = "full" if "full" in shared else shared[0]
    if protocol not in shared:
        raise BenchError(
            f"{a} and {b} were not both scored under '{protocol}'; they share {', '.join(shared) or 'none'}"
        )
    of = [results["protocols"][protocol] for results in told]
    if of[0]["models"] != of[1]["models"] or of[0]["settings"] != of[1]["settings"]:
        raise BenchError(
            f"{a} and {b} were scored under '{protocol}' with other weights or settings; score both again"
        )
    rows = [{row["item"]: row for row in read_rows(folder, protocol)} for folder in (a, b)]
    items = [name for name in rows[0] if name in rows[1]]
    clusters = [rows[0][name]["session"] or name for name in items]
    names = [results["editor"]["name"] for results in told]
    columns = [_compared(column, rows, items, clusters, names) for column in of[0]["columns"]]
    has = [{name for name, row in side.items() if row["values"]} for side in rows]
    return Comparison(
        names[0],
        names[1],
        told[0]["suite"]["name"],
        protocol,
        tuple(column for column in columns if column is not None),
        len(has[0] - has[1]),
        len(has[1] - has[0]),
    )


def _compared(
    column: dict[str, Any],
    rows: list[dict[str, Any]],
    items: list[str],
    clusters: list[str],
    names: list[str],
) -> Compared | None:
    values = [[side[name]["values"].get(column["key"]) for name in items] for side in rows]
    step = difference_of(values[0], values[1], clusters)
    if step.value is None:
        return None
    both = [(x, y) for x, y in zip(*values, strict=True) if x is not None and y is not None]
    means = [sum(pair[k] for pair in both) / len(both) for k in (0, 1)]
    better = ""
    if step.p is not None and step.p <= 0.05 and step.value != 0 and column["better"] != "none":
        better = names[int((step.value > 0) != (column["better"] == "higher"))]
    return Compared(column["key"], column["label"], means[0], means[1], step, better)
