"""`calibrate`: limits for gates from pairs that are known to be good or bad, by a person's labels or planted truth."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from anyedit.edits import type_of
from anyedit.errors import AnyEditError, StoreError, nearest
from anyedit.pipeline import shards
from anyedit.pipeline.audit.pairs import rows_of
from anyedit.pipeline.audit.run import ALONE, Met, audit

LEAST = 8  # good and bad values each, from which a limit is proposed
POINTS = 60  # of a curve
YES = frozenset(("accept", "accepted", "good", "yes", "true", "1", "keep", "ok"))
NO = frozenset(("reject", "rejected", "bad", "no", "false", "0", "drop"))
Limit = tuple[float | None, float | None]


@dataclass(frozen=True)
class Sample:
    """What one gate measured of pairs that are known to be good, and of those known to be bad."""

    edit_type: str
    rule: str
    good: tuple[float, ...]
    bad: tuple[float, ...]


@dataclass(frozen=True)
class Point:
    """One limit on the curve: share of the bad that it rejects, and share of bad among what it rejects."""

    limit: float
    recall: float
    precision: float | None
    kept: float  # share of the good that pass


@dataclass(frozen=True)
class Proposal:
    """A side of a gate. side: "low" or "high". now, proposed: limits; proposed None: the limit may stay (or too few values)."""

    edit_type: str
    rule: str
    side: str
    good: int
    bad: int
    now: Point
    proposed: Point | None
    curve: tuple[Point, ...]

    @property
    def name(self) -> str:
        """As a recipe's `gates` names it."""
        return f"{self.edit_type}.{self.rule}"


@dataclass(frozen=True)
class Calibration:
    """proposals: one for each limited side of each gate. recipe: its `gates:` snippet in YAML."""

    proposals: tuple[Proposal, ...]
    recipe: str
    page: Path


def calibrate(
    folder: str | Path,
    *,
    labels: str | Path | None = None,
    keep: float = 0.99,
    out: str | Path | None = None,
    mode: str = ALONE,
    pairs: int = 60,
    types: Sequence[str] | None = None,
    workers: int = 1,
) -> Calibration:
    """Propose limits that let `keep` of the good pairs pass and reject as many bad ones as that allows.

    folder: a build, or what `audit_gates` wrote. labels: CSV, JSONL or Parquet of `id` and `verdict` (accept or
    reject) for pairs of the build; without it, planted truth (`pairs` defects a type, planted now unless the folder
    has verdicts). mode: which of the audit's verdicts. Writes gates.yaml and calibration.html to `out` (the folder).
    Raises StoreError for files that cannot be read, ids that the build does not have, and an empty sample.
    """
    folder = Path(folder)
    if not 0.5 <= keep <= 1:
        raise AnyEditError(f"keep is a share of the good pairs, 0.5 to 1; got {keep}")
    samples = (
        labelled(folder, read_labels(Path(labels)))
        if labels is not None
        else planted_samples(_verdicts(folder, pairs, types, workers), mode)
    )
    proposals = tuple(
        proposal
        for sample in samples
        if types is None or sample.edit_type in types
        for proposal in propose(sample, keep)
    )
    if not proposals:
        raise StoreError(
            f"{folder}: no gate was measured on both good and bad pairs; label more of both kinds"
        )
    snippet = recipe_snippet(proposals)
    target = Path(out) if out is not None else folder
    target.mkdir(parents=True, exist_ok=True)
    (target / "gates.yaml").write_text(snippet)
    page = target / "calibration.html"
    page.write_text(_page(proposals, keep))
    return Calibration(proposals, snippet, page)


def _verdicts(folder: Path, pairs: int, types: Sequence[str] | None, workers: int) -> list[Met]:
    for place in (folder, folder / "audit"):
        files = sorted((place / "verdicts").glob("*.parquet"))
        if files:
            return [met for file in files for met in shards.read_rows(file, Met)]
    return audit([folder], folder / "audit", pairs=pairs, types=types, workers=workers)


def planted_samples(found: Iterable[Met], mode: str) -> list[Sample]:
    """The samples of an audit's verdicts."""
    values: dict[tuple[str, str], tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for met in found:
        if met.mode == mode and met.value is not None and math.isfinite(met.value):
            values[met.edit_type, met.gate][0 if met.good else 1].append(met.value)
    return [Sample(*key, tuple(good), tuple(bad)) for key, (good, bad) in sorted(values.items())]


def read_labels(path: Path) -> dict[str, bool]:
    """id -> whether a person accepts it. Raises StoreError naming the file, the row and what is wrong with it."""
    try:
        if path.suffix == ".parquet":
            rows: list[Mapping[str, Any]] = shards.read_table(path).to_pylist()
        elif path.suffix in (".jsonl", ".ndjson"):
            rows = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
        else:
            with path.open(newline="") as file:
                rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise StoreError(f"cannot read the labels {path}: {error}") from None
    labels: dict[str, bool] = {}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping) or not {"id", "verdict"} <= set(row):
            raise StoreError(
                f"{path}, row {number}: expected columns `id` and `verdict`, got {_columns(row)}"
            )
        said = str(row["verdict"]).strip().lower()
        if said not in YES | NO:
            raise StoreError(f"{path}, row {number}: verdict '{row['verdict']}' is neither accept nor reject")
        labels[str(row["id"])] = said in YES
    if not labels:
        raise StoreError(f"{path} holds no labels")
    return labels


def _columns(row: object) -> str:
    return ", ".join(map(str, row)) if isinstance(row, Mapping) else repr(row)


def labelled(folder: Path, labels: Mapping[str, bool]) -> list[Sample]:
    """The samples of a build's own scores: of accepted pairs every gate's, of rejected ones the one that rejected."""
    values: dict[tuple[str, str], tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    left = dict(labels)
    seen: list[str] = []

    def add(item: str, edit_type: str, scores: Iterable[tuple[str, float | None]]) -> None:
        seen.append(item)
        if item in labels:
            left.pop(item, None)
            for rule, value in scores:
                if value is not None and math.isfinite(value):
                    values[edit_type, rule][0 if labels[item] else 1].append(value)

    for row in rows_of(folder, ("id", "edit_type", "scores")):
        add(row["id"], row["edit_type"], [(score["name"], score["value"]) for score in row["scores"]])
    for path in shards.existing(folder, shards.REJECTED):
        for row in shards.read_table(path, ["id", "step", "edit_type", "rule", "value"]).to_pylist():
            if row["step"] == "assess":
                add(row["id"], row["edit_type"], [(row["rule"], row["value"])])
    if left:
        unknown = next(iter(left))
        raise StoreError(
            f"{len(left)} of {len(labels)} labels name no pair of {folder}, e.g. '{unknown}'{nearest(unknown, seen)}"
        )
    return [Sample(*key, tuple(good), tuple(bad)) for key, (good, bad) in sorted(values.items())]


def propose(sample: Sample, keep: float) -> list[Proposal]:
    """A proposal for each side that the gate limits; a rule that the type no longer has gives none."""
    rule = next((rule for rule in type_of(sample.edit_type).gates if rule.name == sample.rule), None)
    if rule is None or not sample.good or not sample.bad:
        return []
    result = []
    for side, now in (("low", rule.low), ("high", rule.high)):
        if now is None:
            continue
        at_now = point(sample, side, now)
        better = None
        if min(len(sample.good), len(sample.bad)) >= LEAST:
            found = point(sample, side, _limit(sample, side, keep))
            # A limit that rejects no more of the bad is only chance; one that lets too few of the good pass is wrong.
            better = found if found.recall > at_now.recall or at_now.kept < keep else None
        facts = (sample.edit_type, sample.rule, side, len(sample.good), len(sample.bad))
        result.append(Proposal(*facts, at_now, better, curve(sample, side)))
    return result


def point(sample: Sample, side: str, limit: float) -> Point:
    """What a limit does to a sample."""
    good, bad = (np.asarray(values) for values in (sample.good, sample.bad))
    out_good, out_bad = ((v < limit if side == "low" else v > limit) for v in (good, bad))
    caught, alarms = int(out_bad.sum()), int(out_good.sum())
    precision = caught / (caught + alarms) if caught + alarms else None
    return Point(limit, caught / len(bad), precision, 1 - alarms / len(good))


def curve(sample: Sample, side: str) -> tuple[Point, ...]:
    """Points over the limits that matter: the values themselves, thinned."""
    values = np.unique([*sample.good, *sample.bad])
    if len(values) > POINTS:
        values = np.unique(np.quantile(values, np.linspace(0, 1, POINTS)))
    return tuple(point(sample, side, float(value)) for value in values)


def _limit(sample: Sample, side: str, keep: float) -> float:
    """The strictest limit that `keep` of the good pass, moved half-way towards the next bad value, rounded outwards."""
    sign = 1.0 if side == "high" else -1.0
    good, bad = (np.sort(sign * np.asarray(values)) for values in (sample.good, sample.bad))
    edge = float(good[min(math.ceil(keep * len(good)), len(good)) - 1])
    beyond = bad[bad > edge]
    if len(beyond):
        gap = float(beyond[0]) - edge
        edge += 0.5 * min(
            gap, max(abs(edge), float(good.std())) or gap
        )  # not far beyond what was seen of the good
    return _rounded(sign * edge, up=side == "high")


def _rounded(value: float, up: bool) -> float:
    """Three significant digits, away from the good."""
    if value == 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    steps = math.ceil(value / unit - 1e-9) if up else math.floor(value / unit + 1e-9)
    return float(f"{steps * unit:.6g}")


def recipe_snippet(proposals: Sequence[Proposal]) -> str:
    """`gates:` of a recipe; a gate's side without a proposal keeps its limit, a gate without any is left out."""
    sides: dict[str, dict[str, tuple[float, bool]]] = defaultdict(dict)
    for proposal in proposals:
        point_of = proposal.proposed or proposal.now
        sides[proposal.name][proposal.side] = (point_of.limit, proposal.proposed is not None)
    lines = ["gates:"]
    for name, limits in sides.items():
        if any(proposed for _, proposed in limits.values()):
            low, high = (
                json.dumps(limits[side][0]) if side in limits else "null" for side in ("low", "high")
            )
            lines.append(f"  {json.dumps(name)}: [{low}, {high}]")
    return "\n".join(lines if len(lines) > 1 else ["gates: {}"]) + "\n"


def _page(proposals: Sequence[Proposal], keep: float) -> str:
    from anyedit.store.curves import Curve, curves_page

    drawn = []
    for proposal in proposals:
        marks = [("now", proposal.now)] + ([("proposed", proposal.proposed)] if proposal.proposed else [])
        drawn.append(
            Curve(
                group=proposal.edit_type,
                title=f"{proposal.rule} ({'at least' if proposal.side == 'low' else 'at most'})",
                points=tuple((p.recall, p.precision) for p in proposal.curve if p.precision is not None),
                marks=tuple(
                    (
                        name,
                        p.recall,
                        p.precision,
                        f"{name} {p.limit:g}: keeps {100 * p.kept:.1f}% of the good",
                    )
                    for name, p in marks
                ),
                note=f"{proposal.good} good, {proposal.bad} bad",
            )
        )
    return curves_page(
        "Calibration of gates", f"Limits that let {100 * keep:g}% of the good pairs pass.", drawn
    )
