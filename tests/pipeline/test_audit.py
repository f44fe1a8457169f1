"""Known defects planted into a small build: every gate's verdicts, counts, intervals, tables, limits proposed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anyedit.edits import type_of
from anyedit.edits.views import PhotoView
from anyedit.errors import AnyEditError, StoreError
from anyedit.pipeline.audit import tables
from anyedit.pipeline.audit.defects import DEFECTS, HARMLESS, planted
from anyedit.pipeline.audit.pairs import Pair, choose, load
from anyedit.pipeline.audit.photographs import as_photographed
from anyedit.pipeline.audit.report import audit_gates
from anyedit.pipeline.audit.run import Met, audit, verdicts
from anyedit.pipeline.audit.wrong import garbled
from anyedit.pipeline.build import build
from anyedit.pipeline.calibrate import Sample, calibrate, propose, read_labels
from anyedit.recipe import load_recipe
from anyedit.seeds import rng_of

TYPES = ("remove", "color_alter", "visual_segment")
BUILD = {
    "name": "small", "seed": 3, "pairs": 6, "types": list(TYPES), "edits_per_source": 3, "effort": 3, "shard": 2,
    "source": {"kind": "world", "width": 64, "height": 64, "samples": 2},
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("audited")
    build(BUILD, out=out, workers=1)
    return out


@pytest.fixture(scope="module")
def audited(built: Path) -> tuple[Path, list[Met]]:
    return built / "audit", audit([built], built / "audit", pairs=18)


@pytest.fixture(scope="module")
def pair(built: Path) -> Pair:
    chosen = choose([built], 2, ["color_alter"])
    row = chosen.rows["color_alter"][0]
    return load(row, chosen.pictures[chosen.sibling[row["key"]]])


def plant(name: str, pair: Pair) -> np.ndarray:
    defect = next(defect for defect in (*DEFECTS, *HARMLESS) if defect.name == name)
    outcome = planted(defect, pair, rng_of("test", name))
    assert outcome is not None
    return outcome.picture


def test_defects_do_what_they_say(pair: Pair) -> None:
    exact, source, mask = pair.case.done.picture, pair.view.picture, pair.case.done.mask
    assert np.array_equal(plant("untouched", pair), exact)
    assert np.array_equal(plant("identity", pair), source)
    half = plant("partial edit", pair)
    assert np.array_equal(half[~mask], exact[~mask])
    left = (half == source).all(-1) & (exact != source).any(-1) & mask
    assert 0.25 < left.sum() / ((exact != source).any(-1) & mask).sum() < 0.75
    changed = np.abs(plant("leak", pair).astype(int) - exact).max(-1) > 8
    assert changed.any() and not (changed & mask).any()
    assert np.abs(plant("blur", pair).astype(int) - exact).mean() > 1
    tinted = np.abs(plant("brightness", pair).astype(int) - exact)
    assert 0 < tinted.mean() < 4
    for name in ("wrong colour", "wrong value"):
        other = np.abs(plant(name, pair).astype(int) - exact).max(-1)
        assert other[mask].mean() > 10 > other[~mask].mean()


def test_letters_are_put_in_disorder() -> None:
    mixed = garbled("MARKET", rng_of("test"))
    assert mixed is not None and sorted(mixed) == sorted("MARKET") and mixed != "MARKET"
    assert garbled("A", rng_of("test")) is None


def test_planted_defects_are_caught_and_good_pairs_pass(audited: tuple[Path, list[Met]]) -> None:
    found = audited[1]
    assert {met.edit_type for met in found} == set(TYPES)
    assert not [met.note for met in found if met.note]
    counted = tables.counts(found)
    for name in TYPES:
        for mode in ("built", "picture alone"):
            count = counted[name][mode][tables.ALL]
            assert count.planted >= 18
            sure = ("identity", "wrong object", "shift", "zoom", "swapped") + ("partial edit",) * (
                mode == "built"
            )
            for defect in sure:
                if defect in count.by_defect:
                    caught, of = count.by_defect[defect]
                    assert caught == of, (name, mode, defect)
            assert count.by_defect["untouched"][0] == 0, (name, mode)
    caught, of = counted["visual_segment"]["built"][tables.ALL].by_defect["wrong prompt"]
    assert caught == of > 0
    alone = counted["remove"]["picture alone"]
    assert alone["alignment"].as_json()["recall"]["value"] > 0.1
    assert alone["drift"].by_defect["leak"][0] == alone["drift"].by_defect["leak"][1]
    assert "change outside influence" not in alone, "nobody knows the influence of a picture alone"


def test_pairs_are_judged_as_photographs_too(audited: tuple[Path, list[Met]], pair: Pair) -> None:
    case = as_photographed(pair)
    assert case is not None and isinstance(case.view, PhotoView) and case.params == pair.case.params
    assert np.array_equal(case.view.picture, pair.view.picture)
    target = pair.case.params.target
    assert np.array_equal(case.view.mask(target), pair.view.frame.mask(target))
    counted = tables.counts(audited[1])
    for name in ("remove", "color_alter"):
        gates = counted[name]["photograph"]
        assert not {gate for gate in gates if "exact" in gate}, "nobody knows the exact edit of a photograph"
        for defect in ("identity", "leak", "shift", "zoom"):
            caught, of = gates[tables.ALL].by_defect[defect]
            assert caught == of, (name, defect)
        assert set(gates[tables.ALL].by_defect) & {"jpeg", "grain", "brightness"} == set()
    assert counted["color_alter"]["photograph"]["way to the colour"].planted > 0
    assert counted["remove"]["photograph"]["texture of the fill"].planted > 0  # a gate that the world has not
    assert "texture of the fill" not in counted["remove"]["picture alone"]


def test_a_type_that_photographs_do_not_serve_is_not_judged_as_one(pair: Pair) -> None:
    replaced = replace(pair, case=replace(pair.case, kind=type_of("replace")))
    assert as_photographed(replaced) is None and not list(verdicts(replaced, modes=("photograph",)))
    found = list(verdicts(pair, modes=("photograph",)))
    assert {met.mode for met in found} == {"photograph"} and {met.defect for met in found if met.good} == {
        "untouched"
    }


def test_open_limits_catch_nothing(audited: tuple[Path, list[Met]]) -> None:
    found = [met for met in audited[1] if met.edit_type == "remove"]
    names = {f"remove.{met.gate}": (None, None) for met in found}
    count = tables.counts(found, names)["remove"]["picture alone"][tables.ALL]
    assert (count.caught, count.alarms) == (0, 0)
    raised = [replace(met, note="bug") for met in found]
    assert tables.counts(raised, names)["remove"]["built"][tables.ALL].as_json()["recall"]["value"] == 1.0


def test_the_audit_goes_on_where_it_stopped(built: Path, audited: tuple[Path, list[Met]]) -> None:
    folder, found = audited
    files = sorted((folder / "verdicts").glob("*.parquet"))
    stamps = {file: file.stat().st_mtime_ns for file in files}
    gone = next(file for file in files if file.name.startswith("color_alter"))
    gone.unlink()
    again = audit([built], folder, pairs=18)
    key = lambda met: (met.edit_type, met.pair, met.defect, met.draw, met.mode, met.gate)  # noqa: E731
    assert sorted(again, key=key) == sorted(found, key=key), "made again, the same to the last digit"
    assert all(file.stat().st_mtime_ns == stamp for file, stamp in stamps.items() if file != gone)


def test_tables_are_written(built: Path, audited: tuple[Path, list[Met]]) -> None:
    data = audit_gates([built], out=audited[0], pairs=18)
    assert json.loads((audited[0] / "gates.json").read_text()) == data
    recall = data["types"]["remove"]["built"][tables.ALL]["recall"]
    assert recall["low"] < recall["value"] <= recall["high"]
    text = (audited[0] / "gates.md").read_text()
    assert "| remove | alignment |" in text and "## Picture alone" in text
    assert "## Photograph" in text and "## Every gate: photograph" in text
    only = audit_gates([built], out=audited[0], pairs=18, types=["remove"], modes=("photograph",))
    assert set(only["types"]["remove"]) == {"photograph"}
    assert "## Built" not in (audited[0] / "gates.md").read_text()
    with pytest.raises(AnyEditError, match="'photo'; did you mean 'photograph'"):
        audit_gates([built], out=audited[0], modes=("photo",))
    with pytest.raises(AnyEditError, match="remove"):
        audit_gates([built], out=audited[0], types=["remov"])
    with pytest.raises(StoreError, match="no world pairs"):
        audit_gates([built / "nothing"], out=audited[0])


def test_wilson_intervals() -> None:
    assert tables.wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert tables.wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert tables.wilson(0, 0) == (0, 1)


# calibrate


def test_a_limit_lies_between_the_good_and_the_bad() -> None:
    good, bad = tuple(np.linspace(2, 4, 20)), (3.0, *np.linspace(10, 20, 19))
    (found,) = propose(Sample("remove", "drift", good, bad), keep=1.0)
    assert found.side == "high" and found.now.limit == 7
    assert found.now.recall == found.curve[-1].recall + 0.95 == pytest.approx(0.95)
    assert found.proposed is None, "it catches what can be caught already"
    loose = Sample("remove", "drift", tuple(3 * v for v in good), tuple(3 * v for v in bad))
    (found,) = propose(loose, keep=1.0)
    assert found.proposed is not None and 12 < found.proposed.limit < 30
    assert (found.proposed.recall, found.proposed.kept) == (pytest.approx(0.95), 1.0)
    (strict,) = propose(
        Sample("remove", "sharpness", (*good, 0.1), tuple(np.linspace(0.6, 0.7, 10))), keep=0.95
    )
    assert strict.side == "low" and strict.proposed is not None
    assert strict.proposed.kept == pytest.approx(20 / 21) and strict.proposed.recall == 1.0


def test_planted_truth_proposes_a_recipe(audited: tuple[Path, list[Met]], tmp_path: Path) -> None:
    done = calibrate(audited[0], out=tmp_path, keep=0.95)
    assert (tmp_path / "gates.yaml").read_text() == done.recipe
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(f"name: calibrated\n{done.recipe}")
    gates = load_recipe(recipe).gates
    proposed = {proposal.name for proposal in done.proposals if proposal.proposed is not None}
    assert set(gates) == proposed and len(gates) > 5
    page = done.page.read_text()
    assert page.count("<svg") == len(done.proposals) and "<polyline" in page
    before, after = (tables.counts(audited[1], limits) for limits in (None, gates))
    for name in TYPES:
        counts = [table[name]["picture alone"][tables.ALL] for table in (before, after)]
        assert counts[1].caught >= counts[0].caught


def test_a_persons_labels_are_read(built: Path, tmp_path: Path) -> None:
    ids = [row["id"] for row in _rows(built)]
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "id,verdict\n" + "".join(f"{key},{'good' if k % 2 else 'bad'}\n" for k, key in enumerate(ids))
    )
    done = calibrate(built, labels=labels, out=tmp_path)
    assert {proposal.edit_type for proposal in done.proposals} <= set(TYPES)
    assert sum(p.good + p.bad for p in done.proposals if p.name == "remove.drift") == 2
    lines = tmp_path / "labels.jsonl"
    lines.write_text(json.dumps({"id": ids[0], "verdict": "accept"}))
    assert read_labels(lines) == {ids[0]: True}
    lines.write_text(json.dumps({"id": ids[0], "verdict": "perhaps"}))
    with pytest.raises(StoreError, match="row 1: verdict 'perhaps'"):
        read_labels(lines)
    prose = tmp_path / "README.md"
    prose.write_text("# A title\nprose, with a comma, and more\n")
    with pytest.raises(StoreError, match="row 1: expected columns `id` and `verdict`"):
        read_labels(prose)
    lines.write_text("[1, 2]")
    with pytest.raises(StoreError, match=r"row 1: expected columns .*, got \[1, 2\]"):
        read_labels(lines)
    lines.write_text(json.dumps({"id": "nobody", "verdict": "accept"}))
    with pytest.raises(StoreError, match="'nobody'"):
        calibrate(built, labels=lines, out=tmp_path)


def _rows(built: Path) -> list[dict]:
    from anyedit.pipeline.audit.pairs import rows_of

    return list(rows_of(built, ("id",)))
