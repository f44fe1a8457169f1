"""A build is the same with any number of workers and however often it is killed, and every fault has its message."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

import anyedit
from anyedit.edits import type_of
from anyedit.errors import RecipeError, StoreError
from anyedit.pipeline import shards
from anyedit.records import Rejected
from anyedit.store.dataset import iter_rows

RECIPE: dict[str, Any] = {
    "name": "killed",
    "seed": 7,
    "source": {"kind": "world", "width": 48, "height": 48, "samples": 1, "depth": 2},
    "pairs": 6,
    "types": ["remove", "color_alter"],
    "edits_per_source": 2,
    "shard": 1,
    "inverse": 1.0,
}
ONE = {**RECIPE, "pairs": 1, "types": ["color_alter"], "inverse": 0.0}
KILLS = {1: 20, 2: 4}  # workers -> how often; two are processes of their own, which take seconds to start


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build by one worker that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole") / "build"
    anyedit.build(RECIPE, out=out, workers=1)
    return out


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a dataset by its name."""
    dataset = folder / "dataset"
    return {str(p.relative_to(dataset)): p.read_bytes() for p in dataset.rglob("*") if p.is_file()}


@pytest.mark.slow
def test_two_workers_write_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    anyedit.build(RECIPE, out=tmp_path / "two", workers=2)
    assert len(contents(whole)) >= 2
    assert contents(tmp_path / "two") == contents(whole)


@pytest.mark.slow
@pytest.mark.parametrize("workers", KILLS)
def test_a_build_killed_at_random_moments_ends_with_the_same_bytes(
    workers: int, whole: Path, tmp_path: Path
) -> None:
    (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(RECIPE))
    out = tmp_path / "killed"
    program = Path(__file__).with_name("killed_builds.py")
    done = subprocess.run(
        [sys.executable, program, tmp_path / "recipe.yaml", out, "5", str(KILLS[workers]), str(workers)],
        env={**os.environ, "PYTHONPATH": str(Path(anyedit.__file__).parents[1]), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, str(KILLS[workers])), done.stderr
    assert contents(out) == contents(whole)
    assert not list(out.rglob("*.partial"))
    for step in (*shards.STEPS, shards.REJECTED):
        names = [path.name for path in shards.existing(whole, step)]
        assert [path.name for path in shards.existing(out, step)] == names
        for name in names:  # each is whole: it can be read, and says the same
            mine, theirs = (pq.read_table(folder / step / name) for folder in (out, whole))
            assert mine.equals(theirs)


def test_a_finished_build_is_not_made_again(whole: Path) -> None:
    before, made = contents(whole), {p: p.stat().st_mtime_ns for p in whole.glob("0*/*.parquet")}
    anyedit.build(RECIPE, out=whole, workers=1)
    assert contents(whole) == before
    assert {p: p.stat().st_mtime_ns for p in whole.glob("0*/*.parquet")} == made


def test_a_second_build_into_a_folder_stops(whole: Path) -> None:
    with (whole / ".lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(
            StoreError, match=r"another build is writing to .*wait for it, stop it, or choose"
        ):
            anyedit.build(RECIPE, out=whole, workers=1)


def test_results_of_another_recipe_are_not_mixed_in(whole: Path) -> None:
    before = contents(whole)
    with pytest.raises(RecipeError, match=r"holds a build of another recipe \(different: seed\)"):
        anyedit.build(RECIPE, out=whole, workers=1, seed=8)
    assert contents(whole) == before


def test_shards_of_an_earlier_plan_are_not_counted(tmp_path: Path) -> None:
    """Another number of pairs is another plan: what the report, `why` and the ledger tell is that of the last one."""
    out = tmp_path / "b"
    anyedit.build({**RECIPE, "pairs": 2, "shard": 4}, out=out, workers=1)
    first = {path.name for path in shards.existing(out, shards.STEPS[4])}
    summary = anyedit.build({**RECIPE, "pairs": 5, "shard": 4}, out=out, workers=1)
    paths = shards.existing(out, shards.STEPS[4])
    old = first - {path.name for path in paths}
    assert old and old <= {path.name for path in (out / shards.STEPS[4]).iterdir()}  # put aside, not lost
    ids = [row["id"] for path in paths for row in shards.read_table(path, ["id"]).to_pylist()]
    assert len(ids) == len(set(ids)) == summary["total"] + summary["surplus"]
    ledger = json.loads((out / "ledger.json").read_text())
    dropped = sum(sum(rules.values()) for of in ledger.values() for rules in of["dropped"].values())
    assert len(rejected(out)) == dropped
    again = anyedit.build({**RECIPE, "pairs": 2, "shard": 4}, out=out, workers=1)
    assert {path.name for path in shards.existing(out, shards.STEPS[4])} == first
    assert again["total"] == len(list(iter_rows(out)))


def test_a_corrupt_shard_is_named_and_made_anew_when_deleted(whole: Path) -> None:
    before = contents(whole)
    shard = shards.existing(whole, shards.STEPS[4])[0]
    shard.write_bytes(shard.read_bytes()[:100])
    with pytest.raises(StoreError, match=rf"{shard.name} cannot be read .* delete it and build again"):
        anyedit.build(RECIPE, out=whole, workers=1)
    assert contents(whole) == before
    shard.unlink()
    anyedit.build(RECIPE, out=whole, workers=1)
    assert contents(whole) == before


def test_a_corrupt_ledger_is_named_and_made_anew_when_deleted(whole: Path) -> None:
    before = contents(whole)
    ledger = min((whole / "ledger").glob("*-p1.json"))
    ledger.write_text("{")
    with pytest.raises(StoreError, match=rf"{ledger.name} cannot be read .* delete it and build again"):
        anyedit.build(RECIPE, out=whole, workers=1)
    ledger.unlink()
    anyedit.build(RECIPE, out=whole, workers=1)
    assert contents(whole) == before


def test_a_recipe_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_text("{")
    with pytest.raises(StoreError, match=r"recipe.json cannot be read"):
        anyedit.build(ONE, out=tmp_path, workers=1)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot build into .*file.*choose another --out"):
        anyedit.build(ONE, out=tmp_path / "file" / "build", workers=1)
    with pytest.raises(StoreError, match=r"cannot build into .*file.*choose another --out"):
        anyedit.build(ONE, out=tmp_path / "file", workers=1)


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("at", ["anyedit.pipeline.shards.pq.write_table", "os.replace"])
def test_a_full_disk_has_a_message_and_leaves_nothing_half_written(
    at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(at, full)
        with pytest.raises(StoreError, match=r"cannot write .*No space left on device"):
            anyedit.build(ONE, out=tmp_path, workers=1)
    assert not list(tmp_path.rglob("*.parquet"))
    assert anyedit.build(ONE, out=tmp_path, workers=1)["total"] == 1


@pytest.mark.parametrize(
    ("at", "file"),
    [("anyedit.pipeline.finish.write_report", "report"), ("anyedit.store.dataset._put_in_place", "dataset")],
)
def test_a_disk_that_fills_at_the_end_has_a_message(
    at: str, file: str, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(whole)
    monkeypatch.setattr(at, full)
    with pytest.raises(StoreError, match=r"cannot write .*No space left on device"):
        anyedit.build(RECIPE, out=whole, workers=1)
    assert contents(whole) == before


def broken_once(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, but its first call fails as a bug would."""
    calls: list[None] = []

    def broken(*arguments: Any) -> Any:
        calls.append(None)
        if len(calls) == 1:
            raise ZeroDivisionError("a bug")
        return method(*arguments)

    return broken


@pytest.mark.parametrize(
    ("method", "step"), [("propose", "instruct"), ("words", "instruct"), ("edit_world", "edit")]
)
def test_a_type_that_raises_on_one_item_costs_that_item(
    method: str, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(type_of("color_alter"))
    monkeypatch.setattr(kind, method, broken_once(getattr(kind, method)))
    summary = anyedit.build(ONE, out=tmp_path, workers=1)
    row = next(row for row in rejected(tmp_path) if row.rule == "error")
    assert row.step == step
    assert row.note.startswith("ZeroDivisionError: a bug (test_reliability.py:")
    assert summary["types"]["color_alter"]["dropped"][step] == {"error": 1}
    assert summary["total"] == len(list(iter_rows(tmp_path))) == 1


def test_a_rule_that_raises_costs_that_item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = type(type_of("color_alter").gates[0])
    monkeypatch.setattr(rule, "judge", broken_once(rule.judge))
    assert anyedit.build(ONE, out=tmp_path, workers=1)["total"] == 1
    assert [row.step for row in rejected(tmp_path) if "ZeroDivisionError" in row.note] == ["prefilter"]


def test_a_scene_that_raises_costs_that_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from anyedit.world import layout

    monkeypatch.setattr(layout, "sample_scene", broken_once(layout.sample_scene))
    assert anyedit.build(ONE, out=tmp_path, workers=1)["total"] == 1
    assert [(row.step, row.rule) for row in rejected(tmp_path) if row.rule == "error"] == [
        ("prepare", "error")
    ]


def test_a_bug_in_what_is_made_of_a_pair_costs_only_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(type_of("color_alter"))
    monkeypatch.setattr(kind, "inverse", broken_once(kind.inverse))
    assert anyedit.build({**ONE, "inverse": 1.0}, out=tmp_path, workers=1)["total"] == 1
    assert [row.step for row in rejected(tmp_path) if row.rule == "error"] == ["inverse"]


def rejected(out: Path) -> list[Rejected]:
    return [row for path in shards.existing(out, shards.REJECTED) for row in shards.read_rows(path, Rejected)]


def test_types_that_photographs_cannot_serve_are_refused_before_any_work(tmp_path: Path) -> None:
    recipe = {"source": {"kind": "photos", "path": str(tmp_path)}, "types": ["rotation_change", "remove"]}
    with pytest.raises(
        RecipeError, match=r"photos source cannot serve rotation_change; it can serve .*remove"
    ):
        anyedit.build(recipe, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (
            {"gates": {"remove.mask shre": [0, 1]}},
            "remove has no rule 'mask shre'; did you mean 'mask share'?",
        ),
        (
            {"gates": {"remoove.mask share": [0, 1]}},
            "no edit type is named 'remoove'; did you mean 'remove'?",
        ),
        ({"types": {"remove": 0}}, "weights are 0 or more"),
        ({"source": "photos", "colour": 1}, "unknown key 'colour'"),
    ],
)
def test_mistakes_in_a_recipe_are_told_before_any_work(
    recipe: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(RecipeError) as caught:
        anyedit.build(recipe, out=tmp_path / "out")
    assert message in str(caught.value)
    assert not (tmp_path / "out").exists()
