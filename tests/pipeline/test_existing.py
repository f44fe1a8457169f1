"""Judging pairs that are there already: nothing of a row is lost, and what people rejected takes its descendants along."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import anyedit
from anyedit.engines.roles import Judgement, PairToJudge
from anyedit.engines.usage import Meter, Usage
from anyedit.pipeline import shards
from anyedit.pipeline.decisions import with_descendants
from anyedit.records import pixels_of, png
from anyedit.store.dataset import DatasetWriter, iter_rows
from anyedit.store.schema import COLUMNS

Row = dict[str, Any]
Change = Callable[[Row], None]
MADE = {
    "name": "made", "seed": 7, "pairs": 4, "types": ["remove", "color_alter", "tone_transfer"], "edits_per_source": 3,
    "source": {"width": 64, "height": 64, "samples": 1, "depth": 3}, "shard": 2, "inverse": 1.0, "chains": {"share": 1.0, "turns": 3},
}  # fmt: skip
JUDGED = {"name": "judged", "pairs": 1000, "source": {"kind": "pairs", "path": "x"}}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    out = tmp_path_factory.mktemp("made")
    anyedit.build(MADE, out=out, workers=1)
    return list(iter_rows(out))


def write(folder: Path, rows: Sequence[Row]) -> Path:
    with DatasetWriter(folder) as writer:
        for row in rows:
            kept = {name: row[name] for name in COLUMNS}
            writer.add(row["split"], pa.Table.from_pylist([kept], schema=pa.schema(list(COLUMNS.items()))))
        writer.finish("made by a test")
    return folder


def judged(tmp_path: Path, rows: Sequence[Row], **more: Any) -> tuple[dict[str, Any], Path]:
    source = write(tmp_path / "source", rows)
    settings = {"source.path": str(source), **more.pop("settings", {})}
    summary = anyedit.build(JUDGED, out=tmp_path / "judged", settings=settings, **more)
    return summary, tmp_path / "judged"


def rejected(out: Path) -> dict[str, Row]:
    found = [
        row for path in shards.existing(out, shards.REJECTED) for row in shards.read_table(path).to_pylist()
    ]
    assert len({row["id"] for row in found}) == len(found)
    return {row["id"]: row for row in found}


def emptied(name: str) -> Change:
    return lambda row: row.update({name: None})


def shown(data: bytes) -> Change:
    return lambda row: row.update(edited={"bytes": data, "path": None})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (emptied("source"), "no source picture"),
        (emptied("edited"), "no edited picture"),
        (shown(b"not a picture"), "not a picture"),
        (shown(png(np.zeros((64, 64), np.uint8))), ""),
        (lambda row: row.update(edit_type="levitation"), "levitation"),
        (lambda row: row.update(edit_type=None), "unknown"),
        (emptied("instruction"), ""),
        (lambda row: row.update(provenance="not json"), "provenance is not JSON"),
        (lambda row: row.update(provenance="[]"), "provenance is no JSON object"),
        (emptied("id"), ""),
        (lambda row: row.update(source={"bytes": None, "path": "gone.png"}), "no source picture"),
        (lambda row: row.update(mask={"bytes": b"broken", "path": None}), "not a picture"),
    ],
)
def test_a_row_that_cannot_be_judged_is_put_aside_alone(
    rows: list[Row], tmp_path: Path, change: Change, told: str
) -> None:
    given = [dict(row) for row in rows[:4]]
    change(given[1])
    summary, out = judged(tmp_path, given)
    lost = rejected(out)
    held = [row["id"] for row in iter_rows(out)]
    name = given[1]["id"] or "row-1"
    assert summary["total"] == len(held) and {given[k]["id"] for k in (0, 2, 3)} <= set(held)
    if given[1]["id"] is None:
        assert name in held
    else:
        assert name in lost and told in lost[name]["note"]


def test_the_gates_do_not_take_shadows_for_a_leak(rows: list[Row], tmp_path: Path) -> None:
    """`influence` says where light changed: a change there is the edit's, one elsewhere is not."""
    whole = next(row for row in rows if row["edit_type"] == "color_alter" and row["relation"] == "original")
    mask = pixels_of(whole["mask"]["bytes"]) > 127
    edited = pixels_of(whole["edited"]["bytes"]).copy()
    beside = np.zeros(mask.shape, bool)
    beside[:16] = ~np.asarray(mask[:16])
    edited[beside] //= 3
    cell = {"bytes": png(edited), "path": None}
    influence = {"bytes": png(mask | beside), "path": None}
    given = [
        {**whole, "id": "lit", "edited": cell, "influence": influence},
        {**whole, "id": "leaks", "edited": cell, "influence": {"bytes": png(mask), "path": None}},
        {**whole, "id": "unknown", "edited": cell, "influence": None},
    ]
    _, out = judged(tmp_path, given)
    assert [row["id"] for row in iter_rows(out)] == ["lit"]
    assert {lost["rule"] for lost in rejected(out).values()} == {"drift outside mask"}


def test_what_people_reject_goes_with_all_that_was_made_from_it(rows: list[Row], tmp_path: Path) -> None:
    family = {row["id"]: row["made_from"] for row in rows}
    grandchild = next(row for row in rows if any(family.get(parent) for parent in row["made_from"]))
    (parent,) = grandchild["made_from"]
    (root,) = family[parent]
    (tmp_path / "said.csv").write_text(f"id,verdict\n{root},reject\n")
    whole, _ = judged(tmp_path / "whole", rows)
    summary, out = judged(tmp_path, rows, decisions=tmp_path / "said.csv")
    gone = {root, parent, grandchild["id"]}
    assert gone.isdisjoint(row["id"] for row in iter_rows(out))
    lost = rejected(out)
    assert gone <= set(lost) and lost[grandchild["id"]]["note"] == f"made from {parent}, which was rejected"
    assert summary["total"] == whole["total"] - summary["reviewed"]["rejected"]
    assert f"left out at review: made from {parent}" in anyedit.why(out, grandchild["id"])
    assert "left out at review: rejected" in anyedit.why(out, root)


def test_as_many_are_held_as_asked_beside_what_people_rejected(rows: list[Row], tmp_path: Path) -> None:
    alone = [row for row in rows if not row["made_from"]]
    given = [{**alone[k % len(alone)], "id": f"p{k:02d}"} for k in range(24)]
    (tmp_path / "said.csv").write_text("id,verdict\n" + "".join(f"p{k:02d},reject\n" for k in range(5)))
    summary, out = judged(tmp_path, given, settings={"pairs": 9, "shard": 1}, decisions=tmp_path / "said.csv")
    assert len(list(iter_rows(out))) == summary["total"] >= 9


def test_the_summary_asks_for_nothing(
    rows: list[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from anyedit import cli

    given = [dict(row) for row in rows[:3]]
    given[0]["edited"] = None
    source = write(tmp_path / "source", given)
    recipe = tmp_path / "judged.yaml"
    recipe.write_text(json.dumps({**JUDGED, "source": {"kind": "pairs", "path": str(source)}}))
    monkeypatch.setattr("sys.argv", ["anyedit", "build", str(recipe), "--out", str(tmp_path / "judged")])
    with pytest.raises(SystemExit, match="0"):
        cli.main()
    said = capsys.readouterr()
    assert (
        "judged" in said.out and "passed" in said.out and "asked" not in said.out and "effort" not in said.err
    )
    summary = json.loads((tmp_path / "judged" / "summary.json").read_text())
    assert summary["quotas"] == summary["short"] == {} and summary["total"] == 2


def test_a_judge_is_paid_by_the_types_that_it_looked_at(
    rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Judge:
        version, meter = "judge 1", Meter()

        def judge(self, pairs: Sequence[PairToJudge]) -> list[Judgement]:
            self.meter.add(Usage(pictures=2 * len(pairs), cost=0.01 * len(pairs)))
            return [Judgement("x", 0.9, 0.9, 0.9, "")] * len(pairs)

    from anyedit.engines import toolbox

    class Tools:
        roles: frozenset[str] = frozenset(("judge",))
        measuring = roles
        judge = Judge()

        def has(self, role: str) -> bool:
            return role == "judge"

        def versions(self) -> Mapping[str, str]:
            return {"judge": "judge 1"}

    monkeypatch.setattr(toolbox, "tools", lambda *_: Tools())
    given = [row for row in rows if "+" not in row["edit_type"]][:5]
    _, out = judged(tmp_path, given, settings={"presets": ["judge"], "shard": 8})
    ledger = json.loads((out / "ledger.json").read_text())
    used = {name: of["usage"]["judge"]["pictures"] for name, of in ledger.items()}
    counts = {name: sum(row["edit_type"] == name for row in given) for name in used}
    assert len(used) > 1 and used == {name: pytest.approx(2 * count) for name, count in counts.items()}


def test_two_rows_of_one_id_are_two_pairs(rows: list[Row], tmp_path: Path) -> None:
    given = [dict(row) for row in rows[:3]]
    given[2]["id"] = given[0]["id"]
    summary, out = judged(tmp_path, given)
    ids = [row["id"] for row in iter_rows(out)]
    assert len(set(ids)) == len(ids) == summary["total"] == 3 and f"{given[0]['id']}~row-2" in ids


def test_descendants_are_found_in_any_order() -> None:
    rows = [
        {"id": "c", "made_from": ["b"]},
        {"id": "d", "made_from": ["x", "c"]},
        {"id": "b", "made_from": ["a"]},
        {"id": "a", "made_from": []},
        {"id": "x", "made_from": None},
    ]
    found = with_descendants({"a": "rejected by ann"}, rows)
    assert set(found) == {"a", "b", "c", "d"} and found["a"] == "rejected by ann"
    assert found["d"] == "made from c, which was rejected"
    assert with_descendants({"gone": "rejected"}, rows) == {"gone": "rejected"}
