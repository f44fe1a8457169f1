"""The summary's concept bias, in any of its forms, as flat measures, strongest pairs and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

AXIS = {"context": "concept x context", "colour": "concept x colour", "material": "concept x material"}
WORDS = {"dependence": "mutual information (bits)", "mutual_information": "mutual information"}


@dataclass(frozen=True)
class Change:
    """One figure before (sources drawn naturally) and after (with those drawn against the bias)."""

    label: str
    before: float | None
    after: float | None


def measures(bias: Mapping[str, Any]) -> list[Change]:
    """All figures: from `{before: {..}, after: {..}}`, and from the same under each axis or measure."""
    sides = [("", bias)] if "before" in bias or "after" in bias else []
    sides += [
        (f"{AXIS.get(name, name)}: ", part)
        for name, part in bias.items()
        if isinstance(part, Mapping) and name not in ("before", "after", "tables")
    ]
    return [
        Change(prefix + label, *values) for prefix, side in sides for label, values in _figures(side).items()
    ]


def strongest(bias: Mapping[str, Any]) -> dict[str, list[Change]]:
    """By axis, the most biased pairs of concept and value, with their pointwise mutual information in bits."""
    return {
        AXIS.get(axis, axis): [
            Change(
                f"{pair['concept']} · {str(pair['value']).replace('_', ' ')}", pair["before"], pair["after"]
            )
            for pair in part["pairs"]
        ]
        for axis, part in bias.items()
        if isinstance(part, Mapping) and part.get("pairs")
    }


def tables(bias: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """(title, table) from `tables: {before, after}` or `tables: {name: {before, after}}`."""
    told: Mapping[str, Any] = bias.get("tables") or {}
    if "before" in told or "after" in told:
        told = {AXIS["context"]: told}
    return [
        (f"{name}, {when}", sides[when])
        for name, sides in told.items()
        for when in ("before", "after")
        if isinstance(sides, Mapping) and sides.get(when)
    ]


def grid(table: Mapping[str, Any]) -> tuple[list[str], list[str], list[list[float]]]:
    """Rows, columns and counts of a table given as {rows, columns, counts} or as row -> column -> count."""
    if {"rows", "columns", "counts"} <= set(table):
        return list(table["rows"]), list(table["columns"]), [list(line) for line in table["counts"]]
    columns = list(dict.fromkeys(column for line in table.values() for column in line))
    return list(table), columns, [[line.get(column, 0) for column in columns] for line in table.values()]


def _figures(side: Mapping[str, Any]) -> dict[str, tuple[float | None, float | None]]:
    before, after = side.get("before"), side.get("after")
    if _is_number(before) or _is_number(after):
        return {"drawn": (before, after)}
    left, right = (part if isinstance(part, Mapping) else {} for part in (before, after))
    found: dict[str, tuple[float | None, float | None]] = {}
    for name in dict.fromkeys([*left, *right]):
        if name == "counted":  # how many were counted says nothing of bias
            continue
        word = WORDS.get(name, name.replace("_", " "))
        old, new = left.get(name), right.get(name)
        if _is_number(old) or _is_number(new):
            found[word] = (old, new)
        elif isinstance(old, Mapping) or isinstance(new, Mapping):
            old, new = old or {}, new or {}
            for part in dict.fromkeys([*old, *new]):
                if _is_number(old.get(part, new.get(part))):
                    found[f"{word}: {part}"] = (old.get(part), new.get(part))
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
