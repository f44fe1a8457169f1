"""The type's own gates judge the edited picture: the target passes, the unchanged source and half an edit do not."""

from __future__ import annotations

import copy
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import anyedit
from anyedit.bench.features import Features
from anyedit.bench.items import Suite, encoded, image_of
from anyedit.bench.metrics import Pair
from anyedit.bench.metrics.world import WORLD, progress
from anyedit.bench.suites import open_suite, world_manifest, world_test
from anyedit.bench.suites.world_manifest_check import Checked, check
from anyedit.errors import StoreError


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world")
    recipe = {
        "name": "t",
        "seed": 3,
        "pairs": 2,
        "types": ["color_alter", "remove"],
        "source": {"kind": "world", "width": 96, "height": 96, "samples": 2},
        "splits": {"train": 0, "validation": 0, "test": 1},
    }
    anyedit.build(recipe, out=out, workers=1)
    return out


@pytest.fixture(scope="module")
def suite(built: Path) -> Suite:
    return open_suite(built)


def test_a_build_is_a_suite_with_exact_facts(suite: Suite) -> None:
    assert suite.split == "test" and {item.edit_type for item in suite.items} == {"color_alter", "remove"}
    assert all(item.world and item.target and item.mask for item in suite.items)


def test_target_passes_and_source_does_not(suite: Suite) -> None:
    items = suite.items
    pairs = [Pair(item, item.target) for item in items] + [Pair(item, item.source) for item in items]  # type: ignore[arg-type]
    # a faint edit: a tenth of the way
    for item in items:
        a, b = (np.asarray(image_of(p), float) for p in (item.source, item.target))  # type: ignore[arg-type]
        pairs.append(Pair(item, encoded(Image.fromarray(np.round(a + 0.1 * (b - a)).astype(np.uint8)))))
    values = WORLD.measure(pairs, Features(), None)
    n = len(items)
    for row in values[:n]:
        assert row == {"correct": 1.0, "gates": 1.0, "instances": 1.0, "progress": 1.0}
    for row in values[n : 2 * n]:
        assert row == {"correct": 0.0, "gates": 0.0, "instances": 0.0, "progress": 0.0}
    for row in values[2 * n :]:
        assert row["gates"] == 0.0 and row["instances"] == 0.0
        assert row["progress"] == pytest.approx(0.1, abs=0.04)


def test_an_item_without_scene_is_not_measured(suite: Suite) -> None:
    item = replace(suite.items[0], world=None)
    assert set(WORLD.measure([Pair(item, item.source)], Features(), None)[0].values()) == {None}


def test_progress_is_a_share_of_the_way() -> None:
    before, wanted = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 200, np.uint8)
    where = np.ones((4, 4), bool)
    assert progress(np.full((4, 4, 3), 150, np.uint8), before, wanted, where) == pytest.approx(0.75)
    assert np.isnan(progress(before, before, before, where))
    assert np.isnan(progress(before, before, wanted, ~where))


def test_a_suite_that_is_frozen_is_rendered_again_to_the_same_bytes(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = tmp_path / "world_test.json.gz"
    told = world_manifest.write_manifest(built, manifest)
    assert len(told["items"]) == 2
    monkeypatch.setattr(world_test, "read_manifest", lambda: world_manifest.read_manifest(manifest))
    made = world_test.materialise(tmp_path / "made", per_type=50, workers=1)
    assert made["checked"] == {"same": 2, "near": 0, "unmarked": 0, "wrong": ()} and made["warnings"] == []
    suite = open_suite(tmp_path / "made")
    assert suite.name == "world-test" and len(suite.items) == 2 and suite.licence == "CC0-1.0"


SHIPPED = ("w000010-remove", "w000005-color_alter")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Two items of the manifest that is shipped, rendered here, and that manifest with these two alone."""
    manifest = only(world_manifest.read_manifest())
    return rendered(tmp_path_factory.mktemp("shipped"), manifest), manifest


def only(manifest: dict[str, Any]) -> dict[str, Any]:
    return {**manifest, "items": [entry for entry in manifest["items"] if entry["id"] in SHIPPED]}


def rendered(folder: Path, manifest: dict[str, Any]) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world_test, "read_manifest", lambda: manifest)
        world_test.materialise(folder, per_type=50, workers=1)
    return folder


def test_the_shipped_manifest_holds_here(shipped: tuple[Path, dict[str, Any]]) -> None:
    """On any processor: to the same bytes on one like that which froze it, within the tolerance on others."""
    folder, manifest = shipped
    found = check(folder, manifest)
    assert found.wrong == () and found.unmarked == 0 and found.same + found.near == 2
    told = json.loads((folder / "world_test.json").read_text())
    assert told["checked"]["wrong"] == [] and told["warnings"] == []
    everything = world_manifest.read_manifest()
    assert len(everything["items"]) == 1250 and everything["digest"].startswith("f75ad1a5476d3910")


def test_what_has_no_fingerprint_is_counted_and_told(shipped: tuple[Path, dict[str, Any]]) -> None:
    folder, manifest = shipped
    edited = {name: mark for name, mark in manifest["marks"]["edited"].items() if name != SHIPPED[0]}
    bare = {**manifest, "marks": {**manifest["marks"], "edited": edited}}
    for entry in bare["items"]:
        entry["sha256"]["source"] = "0" * 64  # the bytes of another processor
    assert check(folder, bare) == Checked(same=0, near=1, unmarked=1, wrong=())
    assert "1 with equal masks and pictures that have no fingerprint" in str(check(folder, bare))


@pytest.mark.parametrize("change", ["exposure", "colour", "mask", "text"])
def test_a_real_change_is_caught_and_the_first_item_named(
    shipped: tuple[Path, dict[str, Any]], tmp_path: Path, change: str
) -> None:
    folder, manifest = shipped
    other = copy.deepcopy(manifest)
    first = other["items"][0]
    if change == "exposure":  # pictures come out 5% brighter than they did
        first["scene"]["exposure"] *= 1.05
    if change == "colour":
        assert first["scene"]["items"][2]["id"] == "orange-1"
        first["scene"]["items"][2]["colour"] = "navy"
    if change in ("exposure", "colour"):
        other["items"] = [first]
        folder = rendered(tmp_path / "s", other)
    if change == "mask":
        first["sha256"]["mask"] = "0" * 64
    if change == "text":
        first["instruction"] += "!"
    found = check(folder, other)
    assert [name for name, _ in found.wrong] == [first["id"]]
    assert {
        "exposure": "source picture is",
        "colour": "source picture is",
        "mask": "mask differs",
        "text": "instruction differs",
    }[change] in found.wrong[0][1]
    assert f"1 that differ; the first, {first['id']}: {found.wrong[0][1]}" in str(found)
    if change in ("exposure", "colour"):
        told = json.loads((folder / "world_test.json").read_text())
        assert first["id"] in told["warnings"][0] and "numbers do not compare" in told["warnings"][1]


def test_a_changed_manifest_is_refused(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.json.gz"
    world_manifest.write_manifest(built, path)
    told = json.loads(gzip.decompress(path.read_bytes()))
    told["items"][0]["instruction"] = "something else"
    path.write_bytes(gzip.compress(json.dumps(told).encode()))
    with pytest.raises(StoreError, match="not what its digest says"):
        world_manifest.read_manifest(path)
