from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_dataset import row, write_shard

from anyedit.errors import StoreError
from anyedit.store import dataset as module
from anyedit.store.dataset import DatasetWriter, iter_rows, write_dataset
from anyedit.store.schema import COLUMNS


def test_rows_stream_into_split_files_in_shard_order(tmp_path: Path) -> None:
    first = write_shard(tmp_path / "a.parquet", [row(0, "add"), row(1, "remove", "test"), row(2, "add")])
    second = write_shard(tmp_path / "b.parquet", [row(3, "visual_bbox")])
    contents = write_dataset(tmp_path, [first, second], lambda name: name != "add-0002", "card")
    assert sorted(p.name for p in (tmp_path / "dataset/data").iterdir()) == [
        "test-00000-of-00001.parquet",
        "train-00000-of-00001.parquet",
    ]
    assert [r["id"] for r in iter_rows(tmp_path)] == ["add-0000", "visual_bbox-0003", "remove-0001"]
    assert contents["splits"] == {"train": 2, "test": 1}
    assert contents["licences"] == {"CC0-1.0": 3}
    assert (tmp_path / "dataset/README.md").read_text() == "card"
    assert not (tmp_path / "dataset.partial").exists()


def test_files_and_row_groups_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_PER_GROUP", 4)
    monkeypatch.setattr(module, "ROWS_PER_FILE", 8)
    shard = write_shard(tmp_path / "a.parquet", [row(n, "add", size=8) for n in range(19)])
    write_dataset(tmp_path, [shard], {f"add-{n:04d}" for n in range(19)}, "")
    files = sorted((tmp_path / "dataset/data").iterdir())
    assert [f.name for f in files] == [f"train-0000{n}-of-00003.parquet" for n in range(3)]
    assert [pq.ParquetFile(f).metadata.num_rows for f in files] == [8, 8, 3]
    assert pq.ParquetFile(files[0]).metadata.row_group(0).num_rows == 4


def test_same_rows_give_same_bytes_however_they_are_sharded(tmp_path: Path) -> None:
    rows = [row(n, "add") for n in range(5)]
    one = write_shard(tmp_path / "one.parquet", rows)
    parts = [write_shard(tmp_path / f"p{n}.parquet", [r]) for n, r in enumerate(rows)]
    write_dataset(tmp_path / "x", [one], lambda _: True, "")
    write_dataset(tmp_path / "y", parts, lambda _: True, "")
    name = "dataset/data/train-00000-of-00001.parquet"
    assert (tmp_path / "x" / name).read_bytes() == (tmp_path / "y" / name).read_bytes()


def test_hugging_face_datasets_open_it_with_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    from small_dataset import summary

    from anyedit.store.card import card

    shard = write_shard(
        tmp_path / "a.parquet", [row(0, "visual_bbox"), row(1, "add"), row(2, "add", "validation")]
    )
    write_dataset(tmp_path, [shard], lambda _: True, lambda contents: card({**summary(), **contents}))
    opened = datasets.load_dataset(str(tmp_path / "dataset"), cache_dir=str(tmp_path / "cache"))
    assert set(opened) == {"train", "validation"}
    assert set(opened["train"].column_names) == set(COLUMNS)
    assert all(isinstance(opened["train"].features[c], datasets.Image) for c in ("source", "edited", "mask"))
    first, second = opened["train"][0], opened["train"][1]
    assert first["source"].size == (64, 64)
    assert first["visual_prompt"].size == (64, 64)
    assert second["visual_prompt"] is None
    assert first["scores"][0]["name"] == "mask_share"


def test_a_failed_write_keeps_the_old_dataset(tmp_path: Path) -> None:
    write_dataset(tmp_path, [write_shard(tmp_path / "a.parquet", [row(0, "add")])], lambda _: True, "old")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(StoreError, match=r"bad\.parquet cannot be read .* build again"):
        write_dataset(tmp_path, [tmp_path / "a.parquet", tmp_path / "bad.parquet"], lambda _: True, "new")
    assert (tmp_path / "dataset/README.md").read_text() == "old"
    assert not (tmp_path / "dataset.partial").exists()


def test_an_unknown_split_and_an_empty_folder_say_what_to_do(tmp_path: Path) -> None:
    shard = write_shard(tmp_path / "a.parquet", [row(0, "add", split="dev")])
    with pytest.raises(StoreError, match="split 'dev'; the splits are train, validation, test"):
        write_dataset(tmp_path, [shard], lambda _: True, "")
    with pytest.raises(StoreError, match="anyedit build RECIPE"):
        list(iter_rows(tmp_path))


def test_what_a_stopped_build_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "dataset.partial/data").mkdir(parents=True)
    (tmp_path / "dataset.partial/data/train-00000.parquet").write_bytes(b"half")
    with DatasetWriter(tmp_path) as writer:
        assert writer.finish("empty")["splits"] == {}
    assert [p.name for p in (tmp_path / "dataset/data").iterdir()] == ["train-00000-of-00001.parquet"]
    assert list(iter_rows(tmp_path)) == []  # no rows, but a dataset that opens
