"""Plots and gallery of runs: every picture is there, failures are told, the licence is on the page."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import small_suites as small
from PIL import Image
from typer.testing import CliRunner

from anyedit.bench.formats import written
from anyedit.bench.gallery import gallery
from anyedit.bench.items import BenchError
from anyedit.bench.plots import plots
from anyedit.bench.report import tables
from anyedit.bench.results import read_results, read_rows
from anyedit.bench.run import run_suite
from anyedit.bench.scoring import score, score_all
from anyedit.cli.app import app


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("pages")
    suite = str(small.anyedit_test_folder(root / "suite", per_type=1))
    made = root / "made"
    made.mkdir()
    small.picture(1).save(made / "add-0000.png")
    for name, spec in (("identity", "identity"), ("oracle", "oracle"), ("partial", f"folder:{made}")):
        run_suite(suite, spec, root / name)
        score(root / name, ["pixels"])
    return [root / "identity", root / "oracle", root / "partial"]


def test_the_gallery_holds_every_picture_and_every_failure(runs: list[Path], tmp_path: Path) -> None:
    page = gallery(runs, tmp_path / "page.html", protocol="pixels", metric="l1").read_text()
    # 25 items: source, target, two full runs and one output; 7 visual prompts
    assert page.count("<img") == 25 * 4 + 1 + 7
    assert page.count("class='failed'") == 24 and "no picture for it" in page
    assert "licence of the suite: CC-BY-4.0" in page and "do visual_bbox number 0" in page
    assert len(re.findall(r"l1 0\.0000", page)) == 25  # the oracle's
    assert "http" not in page.replace("http://www.w3.org", "")  # nothing is loaded from elsewhere


def test_plots_are_pictures_with_ink(runs: list[Path], tmp_path: Path) -> None:
    files = plots(runs[:2], tmp_path)
    names = {path.name.split("-")[0] + "-" + path.name.split("-")[1] for path in files}
    assert {"bars-0", "radar-type", "radar-group"} <= names
    for path in files:
        assert len(set(Image.open(path).convert("RGB").resize((64, 64)).tobytes())) > 20, path


def test_runs_on_different_suites_are_not_mixed(runs: list[Path], tmp_path: Path) -> None:
    run_suite(str(small.magicbrush_folder(tmp_path / "m")), "identity", tmp_path / "other")
    with pytest.raises(BenchError, match="one suite"):
        gallery([runs[0], tmp_path / "other"], tmp_path / "x.html")


def test_a_column_without_any_value_is_named_under_the_table(runs: list[Path]) -> None:
    (table,) = tables(runs[:2])
    text = written(table, "text")
    assert "not measured here: L1 outside the mask" in text and "L1 inside the mask ↓" not in text
    assert "l1_inside" in written(table, "csv")  # files keep every column


@pytest.mark.slow
def test_runs_that_are_scored_at_once_have_the_same_scores(weights: dict[str, str], tmp_path: Path) -> None:
    names = ["full", "masked", "anyedit-2024"]  # networks and captions too
    suite = str(small.magicbrush_folder(tmp_path / "suite"))
    alone, beside = ([tmp_path / place / name for name in ("identity", "oracle")] for place in "ab")
    for folder in (*alone, *beside):
        run_suite(suite, folder.name, folder)
    score_all(alone, names, weights=weights)
    score_all(beside, names, weights=weights, workers=2)  # they share a cache that neither has filled
    for one, other in zip(alone, beside, strict=True):
        told = [read_results(folder)["protocols"] for folder in (one, other)]
        assert told[0].keys() == told[1].keys() == set(names)
        for name in names:
            assert told[0][name]["counts"] == told[1][name]["counts"]
            for key, mean in told[0][name]["all"].items():
                assert told[1][name]["all"][key] == pytest.approx(mean, abs=1e-6), (name, key)
            pairs = zip(read_rows(one, name), read_rows(other, name), strict=True)
            assert all(a["values"] == pytest.approx(b["values"], abs=1e-6) for a, b in pairs)


@pytest.mark.slow
def test_scoring_at_once_gives_the_files_of_scoring_one_by_one(runs: list[Path], tmp_path: Path) -> None:
    folders = [Path(shutil.copytree(run, tmp_path / run.name)) for run in runs[:2]]
    for folder in folders:
        shutil.rmtree(folder / "scores")
        (folder / "results.json").unlink()
    score_all(folders, ["pixels"], workers=2)
    for folder, run in zip(folders, runs, strict=False):
        assert (folder / "scores" / "pixels.jsonl").read_text() == (
            run / "scores" / "pixels.jsonl"
        ).read_text()
    with pytest.raises(BenchError, match="no protocol is named 'pixel'"):
        score_all(folders, ["pixel"], workers=2)


def test_the_command_runs_scores_and_shows(tmp_path: Path) -> None:
    suite = str(small.magicbrush_folder(tmp_path / "m"))
    tell = CliRunner()
    out = str(tmp_path / "run")
    done = tell.invoke(
        app, ["bench", "run", "--suite", suite, "--editor", "oracle", "--out", out, "-p", "pixels"]
    )
    assert done.exit_code == 0 and "6 of 6 items" in done.output and "licence of the suite" in done.output
    shown = tell.invoke(app, ["bench", "table", out, "--format", "csv", "--by", "subset"])
    assert "oracle,final-turn,3" in shown.output
    listed = tell.invoke(app, ["bench", "protocols", "--json"])
    assert '"omnigen-2024"' in listed.output and '"size": 512' in listed.output
    missing = tell.invoke(app, ["bench", "score", out, "-p", "viescore"])
    assert isinstance(missing.exception, BenchError) and "--judge MODEL" in str(missing.exception)
