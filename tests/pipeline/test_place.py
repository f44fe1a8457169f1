"""Builds into an object store: nothing half uploaded is seen, nothing is renamed, what is there is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from small_photos import cheap_recipe, contents, small_photos

import anyedit
from anyedit.errors import StoreError
from anyedit.pipeline.place import Place


class Bucket(MemoryFileSystem):
    """An object store as they are: whole objects by one upload, no rename, and a line that may break."""

    protocol = "bucket"
    store: dict[str, Any] = {}
    pseudo_dirs = [""]
    uploads: list[str] = []
    breaks_after: int | None = None

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return super()._strip_protocol(path.replace("bucket://", "memory://"))

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **kwargs: Any) -> None:
        if Bucket.breaks_after is not None and len(Bucket.uploads) >= Bucket.breaks_after:
            raise OSError("connection reset")
        Bucket.uploads.append(path)
        super().pipe_file(path, value, mode, **kwargs)

    def mv(self, *_: Any, **__: Any) -> None:
        raise AssertionError("object stores do not rename")

    def open(self, path: str, mode: str = "rb", **kwargs: Any) -> Any:
        assert mode == "rb" or "w" in mode
        return super().open(path, mode, **kwargs)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> type[Bucket]:
    fsspec.register_implementation("bucket", Bucket, clobber=True)
    Bucket.store, Bucket.pseudo_dirs, Bucket.uploads, Bucket.breaks_after = {}, [""], [], None
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Bucket


def stored(prefix: str) -> dict[str, bytes]:
    fs = fsspec.filesystem("bucket")
    return {path[len(prefix) + 2 :]: fs.cat_file(path) for path in fs.find(f"/{prefix}")}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_photos(tmp_path_factory.mktemp("photos"), 4)


def test_a_build_in_a_bucket_holds_the_bytes_of_one_in_a_folder(
    bucket: type[Bucket], photos: Path, tmp_path: Path
) -> None:
    recipe = cheap_recipe(photos, 3)
    anyedit.build(recipe, out=tmp_path / "folder", workers=1)
    anyedit.build(recipe, out="bucket://b/build", workers=1)
    kept = stored("b/build")
    wanted = contents(tmp_path / "folder")
    assert {name: kept[name] for name in wanted} == wanted
    assert {"recipe.json", "ledger.json", "report.html", "summary.json"} <= set(kept)
    order = [path.removeprefix("/b/build/") for path in bucket.uploads]
    for pairs in (name for name in order if name.startswith("05-pairs")):
        shard = Path(pairs).stem
        assert all(order.index(n) < order.index(pairs) for n in order if shard in n and n != pairs)
    assert order[-1] == "summary.json" and order.index("dataset/README.md") > max(
        n for n, name in enumerate(order) if name.startswith("dataset/data")
    )


def test_another_machine_goes_on_where_the_line_broke(
    bucket: type[Bucket], photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = cheap_recipe(photos, 3)
    bucket.breaks_after = 10  # within the second shard
    with pytest.raises(StoreError, match="connection reset; what is finished is kept"):
        anyedit.build(recipe, out="bucket://b/build", workers=1)
    half = stored("b/build")
    done = [name for name in half if name.startswith("05-pairs")]
    assert len(done) == 1 and not [name for name in half if name.startswith("dataset")]
    bucket.breaks_after = None
    bucket.uploads.clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another machine"))
    anyedit.build(recipe, out="bucket://b/build", workers=1)
    assert not [name for name in bucket.uploads if Path(done[0]).stem in name]  # not made again
    anyedit.build(recipe, out=tmp_path / "folder", workers=1)
    kept = stored("b/build")
    assert {name: kept[name] for name in contents(tmp_path / "folder")} == contents(tmp_path / "folder")


def test_a_smaller_dataset_leaves_no_files_of_a_larger_one(bucket: type[Bucket], tmp_path: Path) -> None:
    place = Place.of("bucket://b/x")
    data = place.folder / "dataset" / "data"
    data.mkdir(parents=True)
    for name in ("train-00000-of-00002.parquet", "train-00001-of-00002.parquet"):
        (data / name).write_bytes(b"1")
    (place.folder / "dataset" / "README.md").write_text("two")
    place.push_folder(place.folder / "dataset", last="README.md")
    for path in data.iterdir():
        path.unlink()
    (data / "train-00000-of-00001.parquet").write_bytes(b"2")
    place.push_folder(place.folder / "dataset", last="README.md")
    assert set(stored("b/x")) == {"dataset/README.md", "dataset/data/train-00000-of-00001.parquet"}


def test_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Place.of("out") == Place(Path("out")) and Place.of("file:///x/y") == Place(Path("/x/y"))
    one, other = Place.of("s3://bucket/one/"), Place.of("s3://bucket/two")
    assert (
        one.url == "s3://bucket/one"
        and one.folder != other.folder
        and one.folder.parent == other.folder.parent
    )
