"""Results know the pictures that they are of: a suite that was changed under a run is told, and nothing is mixed."""

from __future__ import annotations

from pathlib import Path

import pytest
import small_suites as small
from PIL import Image

from anyedit.bench.comparing import compare
from anyedit.bench.items import BenchError, FilePicture
from anyedit.bench.report import Table, across_protocols, tables
from anyedit.bench.results import read_results
from anyedit.bench.run import run_suite
from anyedit.bench.scoring import score
from anyedit.bench.suites import open_suite
from anyedit.errors import StoreError


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return small.magicbrush_folder(tmp_path / "suite")


def painted(suite: Path, name: str) -> None:
    Image.new("RGBA", (48, 36), (200, 0, 0, 90)).save(suite / "images" / name.split("-")[0] / name)


def cautions(table: Table) -> list[str]:
    return [note for note in table.notes if "CAUTION" in note]


def test_the_hash_of_pictures_is_over_source_target_and_mask(suite: Path) -> None:
    found = [open_suite(suite).pictures()]
    assert found == [open_suite(suite).pictures()]
    for name in ("7-input.png", "7-output2.png", "7-mask1.png"):
        painted(suite, name)
        found.append(open_suite(suite).pictures())
    assert len(set(found)) == 4


def test_one_picture_that_cannot_be_read_stops_no_run(
    suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, read = open_suite(suite).pictures(), FilePicture.data

    def data(picture: FilePicture) -> bytes:
        if picture.path.name == "7-input.png":
            raise StoreError(f"cannot read the picture {picture.path}")
        return read(picture)

    monkeypatch.setattr(FilePicture, "data", data)
    assert open_suite(suite).pictures() != before
    run = run_suite(str(suite), "identity", tmp_path / "a")
    items = run.suite.open().by_id
    assert "7-input.png" in str(run.failure(items["7-1"])) and run.output(items["139-1"]) is not None


def test_a_suite_whose_pictures_changed_since_the_run_is_told(suite: Path, tmp_path: Path) -> None:
    run_suite(str(suite), "oracle", tmp_path / "a")
    run_suite(str(suite), "identity", tmp_path / "b")
    told = [score(tmp_path / name, ["pixels"]) for name in "ab"]
    assert told[0]["suite"]["pictures"] == told[1]["suite"]["pictures"] == open_suite(suite).pictures()
    assert told[0]["outputs"] != told[1]["outputs"]
    assert cautions(*tables([tmp_path / "a", tmp_path / "b"])) == []
    compare(tmp_path / "a", tmp_path / "b")

    painted(suite, "139-output1.png")
    again = score(tmp_path / "a", ["pixels"])
    assert again["suite"]["fingerprint"] == told[0]["suite"]["fingerprint"]
    assert again["suite"]["pictures"] != told[0]["suite"]["pictures"]
    (note,) = cautions(*tables([tmp_path / "a"]))
    assert "oracle was scored on other pictures than it was run on" in note
    assert note in (tmp_path / "a" / "README.md").read_text()
    for table in (
        *tables([tmp_path / "a", tmp_path / "b"]),
        *across_protocols([tmp_path / "a", tmp_path / "b"]),
    ):
        assert "rows do not compare" in cautions(table)[1]
    with pytest.raises(BenchError, match="different pictures of magicbrush-test"):
        compare(tmp_path / "a", tmp_path / "b")
    with pytest.raises(BenchError, match="different: pictures"):
        run_suite(str(suite), "oracle", tmp_path / "a")


def test_scores_of_other_pictures_or_outputs_are_not_kept_beside_new_ones(
    suite: Path, tmp_path: Path
) -> None:
    run_suite(str(suite), "identity", tmp_path / "a")
    score(tmp_path / "a", ["pixels"])
    assert set(score(tmp_path / "a", ["small"])["protocols"]) == {"pixels", "small"}
    small.picture(9).save(tmp_path / "a" / "outputs" / "7-1.png")
    assert set(score(tmp_path / "a", ["pixels"])["protocols"]) == {"pixels"}
    assert set(read_results(tmp_path / "a")["protocols"]) == {"pixels"}
