"""Decisions of reviewers about pairs: kept as they come, brought together, how far two people agree."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa

from anyedit.errors import StoreError
from anyedit.pipeline import shards
from anyedit.pipeline.decisions import FILE, SCHEMA
from anyedit.studio.journal import Journal
from anyedit.studio.roots import StudioError

VERDICTS = ("accept", "reject", "flag", "skip")
REASONS = (
    "not what was asked",
    "half done",
    "changed elsewhere",
    "artefacts",
    "unclear instruction",
    "wrong caption",
    "broken or unsafe picture",
)
FOLDER = Path("studio") / "decisions"  # in the set's own folder


@dataclass(frozen=True)
class Agreement:
    """Two reviewers on the pairs that both accepted or rejected. kappa: Cohen's; None where chance alone agrees."""

    a: str
    b: str
    both: int
    same: int
    kappa: float | None


class Decisions:
    """All decisions about one set of pairs; the last word of a person about a pair counts."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder / FOLDER)

    def decide(
        self, reviewer: str, key: str, verdict: str, reasons: Sequence[str] = (), note: str = ""
    ) -> None:
        """Keep a decision. Raises StudioError for an unknown verdict or reason, StoreError when it is not on disk."""
        if verdict not in VERDICTS:
            raise StudioError(f"a decision is one of {', '.join(VERDICTS)}, not '{verdict}'")
        for reason in reasons:
            if reason not in REASONS:
                raise StudioError(f"no reason is named '{reason}'; {', '.join(REASONS)} are")
        entry = {
            "id": key,
            "verdict": verdict,
            "reasons": list(reasons),
            "note": note[:500],
            "at": time.time(),
        }
        self.journal.append(reviewer, entry)

    def of(self, reviewer: str) -> dict[str, dict[str, Any]]:
        """Pair -> last decision, in the order of these."""
        last: dict[str, dict[str, Any]] = {}
        for entry in self.journal.entries(reviewer):
            if isinstance(entry.get("id"), str) and entry.get("verdict") in VERDICTS:
                last.pop(entry["id"], None)
                last[entry["id"]] = entry
        return last

    def all(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Reviewer -> pair -> last decision."""
        return {name: self.of(name) for name in self.journal.people()}

    def before(self, reviewer: str, key: str) -> str | None:
        """The pair that the reviewer decided before this one (the last one, when this is not decided)."""
        order = list(self.of(reviewer))
        at = order.index(key) if key in order else len(order)
        return order[at - 1] if at else None


def agreements(decisions: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[Agreement]:
    """Every two reviewers who have pairs in common."""
    found = []
    for a, b in combinations(sorted(decisions), 2):
        sides = [
            {
                key: e["verdict"] == "accept"
                for key, e in decisions[name].items()
                if e["verdict"] in VERDICTS[:2]
            }
            for name in (a, b)
        ]
        both = [key for key in sides[0] if key in sides[1]]
        if both:
            first, second = ([side[key] for key in both] for side in sides)
            same = sum(x == y for x, y in zip(first, second, strict=True))
            found.append(Agreement(a, b, len(both), same, cohens_kappa(first, second)))
    return found


def cohens_kappa(a: Sequence[bool], b: Sequence[bool]) -> float | None:
    """(p_o - p_e) / (1 - p_e), Cohen (1960); None where p_e is 1 (both said always the same)."""
    n = len(a)
    observed = sum(x == y for x, y in zip(a, b, strict=True)) / n
    yes_a, yes_b = sum(a) / n, sum(b) / n
    expected = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def together(decisions: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """One row a pair that most reviewers accept or reject; ties, flags and skips alone decide nothing."""
    by_pair: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for name, of in decisions.items():
        for key, entry in of.items():
            by_pair.setdefault(key, []).append((name, entry))
    rows = []
    for key, entries in sorted(by_pair.items()):
        count = {verdict: sum(e["verdict"] == verdict for _, e in entries) for verdict in VERDICTS}
        if count["accept"] == count["reject"]:
            continue
        verdict = "accept" if count["accept"] > count["reject"] else "reject"
        told = [(name, e) for name, e in entries if e["verdict"] == verdict]
        rows.append(
            {
                "id": key,
                "verdict": verdict,
                "accepts": count["accept"],
                "rejects": count["reject"],
                "flags": count["flag"],
                "reasons": sorted({reason for _, e in told for reason in e.get("reasons", ())}),
                "reviewers": sorted(name for name, _ in told),
                "notes": [str(e["note"]) for _, e in told if e.get("note")],
            }
        )
    return rows


def export_decisions(folder: str | Path, out: str | Path | None = None) -> Path:
    """Bring a set's decisions together in one Parquet file, for `build(decisions=...)` and `calibrate(labels=...)`.

    folder: the set's. out: default `studio/decisions.parquet` in it. Raises StoreError when there is none to write.
    """
    place = Path(folder)
    rows = together(Decisions(place).all())
    if not rows:
        raise StoreError(
            f"{place} has no pair that reviewers have decided; review some: anyedit studio {place} (Review)"
        )
    target = Path(out) if out is not None else place / "studio" / FILE
    shards.write_table(target, pa.Table.from_pylist(rows, schema=SCHEMA))
    return target
