"""What people decided of pairs, as a gate: who was rejected by a person is not held by the dataset.

The file is what the studio's review gives (`anyedit decisions`), or any labels that `anyedit calibrate` reads: `id`
and `verdict`. It is laid into the build's folder, so that a build that goes on keeps to it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from anyedit.errors import StoreError
from anyedit.pipeline import shards
from anyedit.records import Rejected

FILE = "decisions.parquet"
REVIEW = "review"  # the step, and the name of its shard of rejected rows
RULE = "a person"
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("verdict", pa.string()),  # accept or reject
        ("accepts", pa.int32()),
        ("rejects", pa.int32()),
        ("flags", pa.int32()),
        ("reasons", pa.list_(pa.string())),
        ("reviewers", pa.list_(pa.string())),
        ("notes", pa.list_(pa.string())),
    ]
)


def adopt(out: Path, given: str | Path | None) -> dict[str, str]:
    """The ids that people rejected, with why; `given` is kept in the build's folder, and without it what is kept there.

    Raises StoreError for a file that cannot be read or holds no decisions.
    """
    kept = out / FILE
    if given is not None:
        rows = _rows(Path(given))
        temporary = kept.with_name(f".{FILE}.{os.getpid()}.partial")
        try:
            pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), temporary)
            os.replace(temporary, kept)
        except OSError as error:
            raise StoreError(f"cannot write {kept}: {error.strerror or error}; free some space") from error
    if not kept.exists():
        return {}
    told = shards.read_table(kept).to_pylist()
    return {row["id"]: _why(row) for row in told if row["verdict"] == "reject"}


def _rows(path: Path) -> list[dict[str, Any]]:
    from anyedit.pipeline.calibrate import read_labels  # which knows of building

    labels = read_labels(path)
    found: dict[str, dict[str, Any]] = {}
    if path.suffix == ".parquet":
        found = {str(row["id"]): row for row in shards.read_table(path).to_pylist()}
    return [
        {
            **{name: found.get(key, {}).get(name) for name in SCHEMA.names},
            "id": key,
            "verdict": "accept" if good else "reject",
        }
        for key, good in labels.items()
    ]


def _why(row: Mapping[str, Any]) -> str:
    reasons = ", ".join(row["reasons"] or ())
    by = f"by {', '.join(row['reviewers'])}" if row["reviewers"] else ""
    return ": ".join(part for part in (f"rejected {by}".strip(), reasons) if part)


def refused_in(path: Path, refused: Mapping[str, str]) -> Counter[str]:
    """How many pairs of a shard people rejected, by type."""
    if not refused:
        return Counter()
    rows = shards.read_table(path, ["id", "edit_type"]).to_pylist()
    return Counter(row["edit_type"] for row in rows if row["id"] in refused)


def with_descendants(refused: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """`refused`, and with them all that was made from them, over any number of generations; id -> why.

    rows: `id` and `made_from` of every pair, in any order.
    """
    children: dict[str, list[str]] = {}
    for row in rows:
        for parent in row["made_from"] or ():
            children.setdefault(parent, []).append(row["id"])
    closed, waiting = dict(refused), list(refused)
    while waiting:
        parent = waiting.pop()
        for child in children.get(parent, ()):
            if child not in closed:
                closed[child] = f"made from {parent}, which was rejected"
                waiting.append(child)
    return closed


def put_aside(out: Path, files: Sequence[Path], refused: Mapping[str, str]) -> Counter[str]:
    """Write the refused pairs to `rejected/review.parquet`, each with why; how many of each type there are."""
    counts: Counter[str] = Counter()
    rows = []
    for path in files:
        here = refused_in(path, refused)
        if not here:
            continue
        counts.update(here)
        columns = ["id", "edit_type", "source_id", "instruction", "source", "edited"]
        rows += [
            Rejected(
                id=row["id"],
                step=REVIEW,
                edit_type=row["edit_type"],
                source=row["source_id"],
                instruction=row["instruction"],
                rule=RULE,
                value=None,
                low=None,
                high=None,
                note=refused[row["id"]],
                image=row["edited"]["bytes"],
                source_image=row["source"]["bytes"],
            )
            for row in shards.read_table(path, columns).to_pylist()
            if row["id"] in refused
        ]
    where = out / shards.REJECTED / f"{REVIEW}.parquet"
    if rows:
        shards.write_rows(where, rows, Rejected)
    else:
        where.unlink(missing_ok=True)
    return counts
