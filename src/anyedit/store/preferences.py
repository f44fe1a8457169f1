"""Preference pairs: of one instruction, the edit that was accepted and the best candidate that lost against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from anyedit.errors import StoreError
from anyedit.records import Verdict, merit
from anyedit.store.dataset import iter_rows, shard_files
from anyedit.store.schema import IMAGE, SCORE, with_features

REJECTED = "rejected"
SCHEMA = with_features(
    pa.schema(
        [
            ("id", pa.string()),
            ("edit_type", pa.string()),
            ("prompt", pa.string()),
            ("rejected_prompt", pa.string()),  # the wording that the rejected one was made with
            ("source", IMAGE),
            ("chosen", IMAGE),
            ("rejected", IMAGE),
            ("chosen_merit", pa.float64()),
            ("rejected_merit", pa.float64()),
            ("reason", pa.string()),  # the rule that the rejected one failed, or that the other is better
            ("chosen_scores", pa.list_(SCORE)),
            ("rejected_scores", pa.list_(SCORE)),
        ]
    )
)


def write_preferences(dir: Path, out: Path) -> int:
    """Write `data/{split}.parquet` of the pairs whose instruction has a runner-up; how many there were.

    Merit: the mean distance of the gates' values from their limits, see `records.merit`. Raises StoreError when there is none.
    """
    losers = {row["id"]: row for row in _losers(dir)}
    if not losers:
        raise StoreError(
            f"{dir} has no rejected candidates; build with `candidates: {{seeds: 2}}` or further engines to get them"
        )
    (out / "data").mkdir()
    by_split: dict[str, list[dict[str, Any]]] = {}
    for row in iter_rows(dir):
        if row["id"] in losers:
            by_split.setdefault(row["split"], []).append(_preference(row, losers[row["id"]]))
    for split, rows in by_split.items():
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        pq.write_table(table, out / "data" / f"{split}.parquet", compression="zstd", row_group_size=64)
    return sum(len(rows) for rows in by_split.values())


def _losers(dir: Path) -> Iterator[dict[str, Any]]:
    for path in shard_files(dir, REJECTED):
        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{path} cannot be read ({error}); build again: it is made anew") from error
        if "instead" in table.column_names:
            yield from (row for row in table.to_pylist() if row["instead"])


def _preference(row: Mapping[str, Any], loser: Mapping[str, Any]) -> dict[str, Any]:
    lost = [{**score, "name": score["rule"]} for score in loser["scores"]]
    return {
        "id": row["id"],
        "edit_type": row["edit_type"],
        "prompt": row["instruction"],
        "rejected_prompt": loser["instruction"],
        "source": row["source"],
        "chosen": row["edited"],
        "rejected": {"bytes": loser["image"], "path": f"{row['id']}.rejected.png"},
        "chosen_merit": _merit(row["scores"]),
        "rejected_merit": _merit(lost),
        "reason": loser["rule"],
        "chosen_scores": row["scores"],
        "rejected_scores": lost,
    }


def _merit(scores: list[dict[str, Any]]) -> float:
    return merit([Verdict(s["name"], s["value"], s["low"], s["high"], s["passed"]) for s in scores])
