"""From verdicts to precision and recall with 95% intervals, as data and as Markdown."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anyedit.edits import type_of
from anyedit.pipeline.audit.defects import DEFECTS, HARMLESS
from anyedit.pipeline.audit.run import ALONE, MODES, PHOTOGRAPH, Met
from anyedit.types import EDIT_TYPES

ALL = "all gates"  # a pair is rejected when any of its gates rejects it
Limits = Mapping[str, tuple[float | None, float | None]]  # "type.rule" -> low, high; a recipe's `gates`


def wilson(hits: int, of: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95% interval of a proportion (Wilson 1927, without continuity correction); (0, 1) for nothing seen."""
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass
class Count:
    """What a gate (or all together) did: rejected and all of the planted, rejected and all of the good."""

    caught: int = 0
    planted: int = 0
    alarms: int = 0
    good: int = 0
    by_defect: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, met: Met, rejected: bool) -> None:
        """One judged pair."""
        if met.good:
            self.alarms += rejected
            self.good += 1
        else:
            self.caught += rejected
            self.planted += 1
        cell = self.by_defect[met.defect]
        cell[0] += rejected
        cell[1] += 1

    def as_json(self) -> dict[str, Any]:
        """Counts, precision, recall and share of false alarms, each with its interval."""
        flagged = self.caught + self.alarms
        return {
            "planted": self.planted,
            "good": self.good,
            "caught": self.caught,
            "false_alarms": self.alarms,
            "precision": _share(self.caught, flagged),
            "recall": _share(self.caught, self.planted),
            "false_alarm_rate": _share(self.alarms, self.good),
            "rejected_by_defect": {name: [hits, of] for name, (hits, of) in sorted(self.by_defect.items())},
        }


Counts = dict[str, dict[str, dict[str, Count]]]  # type -> mode -> gate -> count


def counts(found: Sequence[Met], limits: Limits | None = None) -> Counts:
    """Every gate's count under the types' own limits, or those of `limits`.

    A gate that could not be measured rejects nothing; one that raised rejects, as in a build.
    """
    rules = {
        (name, rule.name): (limits or {}).get(f"{name}.{rule.name}", (rule.low, rule.high))
        for name in {met.edit_type for met in found}
        for rule in type_of(name).gates
    }
    result: Counts = defaultdict(lambda: defaultdict(lambda: defaultdict(Count)))
    together: dict[tuple[str, str, str, str], tuple[Met, bool]] = {}
    for met in found:
        key = (met.edit_type, met.gate)
        if key not in rules:
            continue  # a gate that the type no longer has
        rejected = bool(met.note) or outside(met.value, rules[key])
        pair = (met.edit_type, met.mode, f"{met.pair} {met.draw}", met.defect)
        together[pair] = (met, rejected or (pair in together and together[pair][1]))
        if met.value is not None or met.note:
            result[met.edit_type][met.mode][met.gate].add(met, rejected)
    for met, rejected in together.values():
        result[met.edit_type][met.mode][ALL].add(met, rejected)
    order = {name: k for k, name in enumerate(EDIT_TYPES)}
    return dict(sorted(result.items(), key=lambda item: order.get(item[0], 99)))


def outside(value: float | None, limit: tuple[float | None, float | None]) -> bool:
    """Whether a measured value breaks its limits."""
    low, high = limit
    if value is None or math.isnan(value):
        return False
    return (low is not None and value < low) or (high is not None and value > high)


def as_json(table: Counts) -> dict[str, Any]:
    """The whole table as plain data."""
    return {
        name: {
            mode: {gate: count.as_json() for gate, count in gates.items()} for mode, gates in modes.items()
        }
        for name, modes in table.items()
    }


def markdown(table: Counts) -> str:
    """Two tables a mode: all gates by type, recall by type and defect; then every gate by type."""
    lines: list[str] = []
    met = {mode for modes in table.values() for mode in modes}
    for mode in (mode for mode in MODES if mode in met):
        lines += [
            f"## {mode[0].upper()}{mode[1:]}",
            "",
            *_by_type(table, mode),
            "",
            *_by_defect(table, mode),
            "",
        ]
    for mode in (mode for mode in (ALONE, PHOTOGRAPH) if mode in met):
        said = f"As {mode}; gates that could not be measured there are not listed."
        lines += [f"## Every gate: {mode}", "", said, "", *_by_gate(table, mode), ""]
    return "\n".join(lines[:-1]) + "\n"


def _judged_as(mode: str, table: Counts) -> list[tuple[str, dict[str, dict[str, Count]]]]:
    """The types that were judged in a mode: not all have pairs that a photograph could have."""
    return [(name, modes) for name, modes in table.items() if mode in modes]


def _by_type(table: Counts, mode: str) -> list[str]:
    lines = [
        "All gates of a type together: a pair is rejected when one gate rejects it.",
        "",
        "| type | planted | good | precision | recall | good pairs rejected |",
        "|---|---|---|---|---|---|",
    ]
    for name, modes in _judged_as(mode, table):
        count = modes[mode][ALL]
        lines.append(
            f"| {name} | {count.planted} | {count.good} | {_told(count.caught, count.caught + count.alarms)} "
            f"| {_told(count.caught, count.planted)} | {_told(count.alarms, count.good)} |"
        )
    return lines


def _by_defect(table: Counts, mode: str) -> list[str]:
    met = {defect for _, modes in _judged_as(mode, table) for defect in modes[mode][ALL].by_defect}
    names = [defect.name for defect in (*DEFECTS, *HARMLESS) if defect.name in met]
    lines = [
        "Rejected of each defect, percent (number planted); - where the defect does not apply to the type. "
        "The last columns are harmless changes: 0 is right.",
        "",
        f"| type | {' | '.join(names)} |",
        f"|---{'|---' * len(names)}|",
    ]
    for name, modes in _judged_as(mode, table):
        cells = modes[mode][ALL].by_defect
        shown = [
            f"{100 * cells[n][0] / cells[n][1]:.0f} ({cells[n][1]})" if n in cells else "-" for n in names
        ]
        lines.append(f"| {name} | {' | '.join(shown)} |")
    return lines


def _by_gate(table: Counts, mode: str) -> list[str]:
    lines = ["| type | gate | measured | precision | recall | misses most |", "|---|---|---|---|---|---|"]
    for name, modes in _judged_as(mode, table):
        for gate, count in modes[mode].items():
            if gate == ALL:
                continue
            blind = sorted(
                (hits / of, defect) for defect, (hits, of) in count.by_defect.items() if defect in _PLANTED
            )
            lines.append(
                f"| {name} | {gate} | {count.planted + count.good} "
                f"| {_told(count.caught, count.caught + count.alarms)} | {_told(count.caught, count.planted)} "
                f"| {', '.join(defect for share, defect in blind[:3] if share < 0.5)} |"
            )
    return lines


_PLANTED = {defect.name for defect in DEFECTS}


def _told(hits: int, of: int) -> str:
    if of == 0:
        return "-"
    low, high = wilson(hits, of)
    return f"{100 * hits / of:.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def _share(hits: int, of: int) -> dict[str, float | None]:
    low, high = wilson(hits, of)
    return {"value": hits / of if of else None, "low": low, "high": high}
