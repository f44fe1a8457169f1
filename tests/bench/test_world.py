"""The type's own gates judge the edited picture: the target passes, the unchanged source and half an edit do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import anyedit
from anyedit.bench.features import Features
from anyedit.bench.items import Suite, encoded, image_of
from anyedit.bench.metrics import Pair
from anyedit.bench.metrics.world import WORLD, progress
from anyedit.bench.suites import open_suite, world_manifest, world_test


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


def test_world_test_is_rendered_from_its_manifest_to_the_same_bytes(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = tmp_path / "world_test.json.gz"
    told = world_manifest.write_manifest(built, manifest)
    assert len(told["items"]) == 2
    monkeypatch.setattr(world_manifest, "MANIFEST", manifest)
    monkeypatch.setattr(world_manifest.read_manifest, "__defaults__", (manifest,))
    made = world_test.materialise(tmp_path / "made", per_type=50, workers=1)
    assert made["differing"] == []
    suite = open_suite(tmp_path / "made")
    assert suite.name == "world-test" and len(suite.items) == 2 and suite.licence == "CC0-1.0"
    told["items"][0]["sha256"]["edited"] = "0" * 64
    monkeypatch.setattr(world_test, "read_manifest", lambda: told)
    again = world_test.materialise(tmp_path / "again", per_type=50, workers=1)
    assert (
        again["differing"] == [told["items"][0]["id"]]
        and "1 of 2 items render to other bytes" in again["warnings"][0]
    )


def test_a_changed_manifest_is_refused(built: Path, tmp_path: Path) -> None:
    import gzip
    import json

    from anyedit.errors import StoreError

    path = tmp_path / "m.json.gz"
    world_manifest.write_manifest(built, path)
    told = json.loads(gzip.decompress(path.read_bytes()))
    told["items"][0]["instruction"] = "something else"
    path.write_bytes(gzip.compress(json.dumps(told).encode()))
    with pytest.raises(StoreError, match="not what its digest says"):
        world_manifest.read_manifest(path)
