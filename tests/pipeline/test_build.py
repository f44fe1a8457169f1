"""One small build of the world, looked at from all sides: what a dataset promises holds for every row of it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import anyedit
from anyedit.edits import type_of
from anyedit.errors import AnyEditError, RecipeError
from anyedit.pipeline import shards
from anyedit.records import Rejected, pixels_of
from anyedit.store.dataset import iter_rows

TYPES = ["add", "remove", "color_alter", "movement", "tone_transfer"]
RECIPE: dict[str, Any] = {
    "name": "small",
    "seed": 7,
    "source": {"width": 64, "height": 64, "samples": 1, "depth": 3},
    "pairs": 7,
    "types": {"add": 1, "remove": 2, "color_alter": 2, "movement": 1, "tone_transfer": 1},
    "edits_per_source": 4,
    "shard": 2,
    "chains": {"share": 1.0, "turns": 3},
    "inverse": 1.0,
    "composition": 1.0,
    "splits": {"train": 1, "validation": 1, "test": 1},
}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("small") / "build"
    anyedit.build(RECIPE, out=out, workers=1)
    return out


@pytest.fixture(scope="module")
def summary(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return found


@pytest.fixture(scope="module")
def rows(folder: Path) -> Rows:
    return list(iter_rows(folder))


def test_every_type_has_its_quota(summary: dict[str, Any], rows: Rows) -> None:
    assert summary["short"] == {}
    originals = Counter(
        row["edit_type"] for row in rows if row["relation"] == "original" and row["turn"] == 1
    )
    assert originals == summary["quotas"] == RECIPE["types"]
    assert summary["total"] == len(rows) == len({row["id"] for row in rows})
    assert summary["accepted"] == Counter(row["edit_type"] for row in rows)


def test_every_kind_of_row_is_there(rows: Rows) -> None:
    assert {row["relation"] for row in rows} == {"original", "inverse", "composition"}
    assert {row["turn"] for row in rows} == {1, 2, 3}


def test_every_pair_passed_its_gates(rows: Rows) -> None:
    for row in rows:
        kind = type_of(row["edit_type"])
        told = [score["name"] for score in row["scores"]]
        assert told == [rule.name for rule in (*kind.checks, *kind.gates)], row["id"]
        assert any(score["passed"] for score in row["scores"])
        for score in row["scores"]:
            assert score["passed"] is not False
            if score["passed"]:
                assert score["low"] is None or score["value"] >= score["low"]
                assert score["high"] is None or score["value"] <= score["high"]


def test_pixels_without_influence_are_the_same_to_the_byte(rows: Rows) -> None:
    untouched = 0
    for row in rows:
        source, edited = (pixels_of(row[name]["bytes"]) for name in ("source", "edited"))
        outside = pixels_of(row["influence"]["bytes"]) == 0
        assert np.array_equal(source[outside], edited[outside]), row["id"]
        assert not np.array_equal(source, edited), row["id"]
        untouched += int(outside.sum())
    assert untouched > 0


def test_each_turn_begins_with_what_the_turn_before_made(rows: Rows) -> None:
    by_id = {row["id"]: row for row in rows}
    later = [row for row in rows if row["turn"] > 1]
    assert later
    for row in later:
        before = by_id[row["made_from"][0]]
        assert before["turn"] == row["turn"] - 1
        assert row["source"]["bytes"] == before["edited"]["bytes"]
        assert row["source_caption"] == before["edited_caption"]
        assert row["chain_id"] == before["chain_id"]
        assert row["edit_type"] != before["edit_type"]


def test_an_inverse_is_its_pair_read_backwards(rows: Rows) -> None:
    by_id = {row["id"]: row for row in rows}
    for row in (row for row in rows if row["relation"] == "inverse"):
        pair = by_id[row["made_from"][0]]
        assert row["source"]["bytes"] == pair["edited"]["bytes"]
        assert row["edited"]["bytes"] == pair["source"]["bytes"]
        assert (row["source_caption"], row["edited_caption"]) == (
            pair["edited_caption"],
            pair["source_caption"],
        )
        assert row["instruction"] != pair["instruction"]


def test_a_composition_changes_what_both_its_pairs_changed(rows: Rows) -> None:
    by_id = {row["id"]: row for row in rows}
    for row in (row for row in rows if row["relation"] == "composition"):
        pairs = [by_id[key] for key in row["made_from"]]
        assert row["edit_type"] == "+".join(pair["edit_type"] for pair in pairs)
        assert all(pair["source"]["bytes"] == row["source"]["bytes"] for pair in pairs)
        params = json.loads(row["params"])
        assert [params["first"], params["second"]] == [json.loads(pair["params"]) for pair in pairs]


def test_no_source_scene_is_in_two_splits(rows: Rows, summary: dict[str, Any]) -> None:
    of_scene: dict[int, set[str]] = {}
    for row in rows:
        of_scene.setdefault(json.loads(row["provenance"])["draw"]["index"], set()).add(row["split"])
    assert all(len(splits) == 1 for splits in of_scene.values())
    assert Counter(row["split"] for row in rows) == summary["splits"]


def test_the_ledger_adds_up(folder: Path, summary: dict[str, Any]) -> None:
    ledger = json.loads((folder / "ledger.json").read_text())
    for name, of in ledger.items():
        for step, entered in of["entered"].items():
            dropped = sum(of["dropped"].get(step, {}).values())
            assert entered == of["left"].get(step, 0) + dropped, (name, step)
        for step, following in (("prefilter", "edit"), ("edit", "assess")):
            assert of["left"].get(step, 0) == of["entered"].get(following, 0), (name, step)
    assert summary["types"].keys() == ledger.keys()
    held = sum(of["left"].get("assess", 0) for of in ledger.values())
    assert held == summary["total"] + summary["surplus"]
    rejected = [
        row for path in shards.existing(folder, shards.REJECTED) for row in shards.read_rows(path, Rejected)
    ]
    counted = sum(sum(rules.values()) for of in ledger.values() for rules in of["dropped"].values())
    assert counted == len(rejected)


@pytest.mark.parametrize("which", ["original", "composition", "inverse", "turn 3"])
def test_a_pair_is_made_again_from_its_provenance(
    folder: Path, rows: Rows, which: str, tmp_path: Path
) -> None:
    item = next(row["id"] for row in rows if which in (row["relation"], f"turn {row['turn']}"))
    made = anyedit.reproduce(folder, item, out=tmp_path)
    assert made.differing == ()
    kept = next(row for row in rows if row["id"] == item)
    assert (tmp_path / "edited.png").read_bytes() == kept["edited"]["bytes"]


def test_why_tells_the_story_of_a_pair(folder: Path, rows: Rows) -> None:
    row = next(row for row in rows if row["turn"] == 2)
    story = anyedit.why(folder, row["id"])
    for said in (row["id"], row["instruction"], row["edit_type"], "turn 2", "accepted: in the dataset"):
        assert said in story
    for score in row["scores"]:
        assert score["name"] in story


def test_why_tells_the_story_of_a_rejected_row(folder: Path) -> None:
    paths = shards.existing(folder, shards.REJECTED)
    rows = [row for path in paths for row in shards.read_rows(path, Rejected)]
    for step in ("prefilter", "assess"):
        row = next(row for row in rows if row.step == step)
        story = anyedit.why(folder, row.id)
        assert f"rejected at {row.step}" in story
        assert f"{row.rule}: " in story and "FAILED" in story
        assert len(row.scores) > 2 and all(str(verdict) in story for verdict in row.scores)


def test_why_suggests_the_nearest_id(folder: Path, rows: Rows) -> None:
    with pytest.raises(RecipeError, match=r"knows no item .* did you mean"):
        anyedit.why(folder, rows[0]["id"] + "x")


def test_it_opens_with_datasets(
    folder: Path, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    opened = datasets.load_dataset(str(folder / "dataset"), cache_dir=str(tmp_path))
    assert {split: len(part) for split, part in opened.items()} == Counter(row["split"] for row in rows)
    for split, part in opened.items():
        for name in ("source", "edited", "mask", "influence", "visual_prompt"):
            assert isinstance(part.features[name], datasets.Image)
        kept = next(row for row in rows if row["split"] == split)
        assert part[0]["id"] == kept["id"]
        assert part[0]["edited"].size == (64, 64)
        assert np.array_equal(np.asarray(part[0]["edited"]), pixels_of(kept["edited"]["bytes"]))


def test_the_folder_holds_what_the_build_prints(folder: Path) -> None:
    assert (folder / "report.html").read_text().startswith("<!")
    assert (folder / "dataset/README.md").read_text().startswith("---")
    assert not list(folder.rglob("*.partial"))


def test_a_request_that_was_refused_does_not_keep_its_folder(tmp_path: Path) -> None:
    wrong = {
        "source": {"kind": "photos", "path": str(tmp_path / "nowhere")},
        "types": ["tone_transfer"],
        "pairs": 1,
    }
    with pytest.raises(AnyEditError):
        anyedit.build(wrong, out=tmp_path / "out", workers=1)
    right = {
        "source": {"kind": "world", "width": 48, "height": 48, "samples": 1},
        "types": ["style_change"],
        "pairs": 1,
    }
    assert anyedit.build(right, out=tmp_path / "out", workers=1)["total"] == 1
