from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from PIL import Image
from small_dataset import row, write_shard

from anyedit.errors import RecipeError, StoreError
from anyedit.store import export as module
from anyedit.store.dataset import write_dataset
from anyedit.store.export import export


@pytest.fixture
def built(tmp_path: Path) -> Path:
    rows = [row(0, "add"), row(1, "visual_bbox"), row(2, "add", "test"), row(3, "add+remove")]
    write_dataset(tmp_path / "built", [write_shard(tmp_path / "a.parquet", rows)], lambda _: True, "")
    return tmp_path / "built"


def test_the_published_record(built: Path, tmp_path: Path) -> None:
    assert export(built, "anyedit", tmp_path / "x") == 4
    records = json.loads((tmp_path / "x/train/add/edit_result.json").read_text())
    assert len(records) == len(json.loads((tmp_path / "x/test/add/edit_result.json").read_text())) == 1
    assert set(records[0]) == {
        "edit",
        "edited object",
        "input",
        "output",
        "edit_type",
        "visual_input",
        "image_file",
        "edited_file",
    }
    assert records[0]["visual_input"] is None
    assert Image.open(tmp_path / "x/train/add" / records[0]["edited_file"]).size == (64, 64)
    visual = json.loads((tmp_path / "x/train/visual_bbox/edit_result.json").read_text())[0]
    assert (tmp_path / "x/train/visual_bbox" / visual["visual_input"]).is_file()


def test_instructpix2pix_columns(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    assert export(built, "instructpix2pix", tmp_path / "x") == 4
    opened = datasets.load_dataset(str(tmp_path / "x"), cache_dir=str(tmp_path / "cache"))
    assert opened["train"].column_names == ["original_image", "edit_prompt", "edited_image"]
    assert opened["train"][0]["edited_image"].size == (64, 64)
    assert opened["test"].num_rows == 1


def test_webdataset_shards(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAIRS_PER_TAR", 2)
    assert export(built, "webdataset", tmp_path / "x") == 4
    assert sorted(p.name for p in (tmp_path / "x").iterdir()) == [
        "test-00000.tar",
        "train-00000.tar",
        "train-00001.tar",
    ]
    with tarfile.open(tmp_path / "x/train-00000.tar") as tar:
        names = tar.getnames()
        words = json.load(tar.extractfile("visual_bbox-0001.json"))  # type: ignore[arg-type]
        mask = Image.open(io.BytesIO(tar.extractfile("add-0000.mask.png").read()))  # type: ignore[union-attr]
    assert names[:4] == ["add-0000.source.png", "add-0000.edited.png", "add-0000.mask.png", "add-0000.json"]
    assert words["scores"][0]["name"] == "mask_share"
    assert "mask" not in words
    assert mask.mode == "L"


def test_it_refuses_what_would_overwrite(built: Path, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x/mine.txt").write_text("")
    with pytest.raises(StoreError, match=r"x is not empty \(it holds mine.txt\)"):
        export(built, "anyedit", tmp_path / "x")
    with pytest.raises(RecipeError, match="did you mean 'webdataset'"):
        export(built, "webdatset", tmp_path / "y")
    with pytest.raises(StoreError, match="no dataset in"):
        export(tmp_path / "nowhere", "anyedit", tmp_path / "y")
    assert not (tmp_path / "y").exists()
