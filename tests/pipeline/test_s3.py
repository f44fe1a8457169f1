"""Photographs read from, and a build written to, a server that speaks S3: moto's, over HTTP, with s3fs as users have it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_photos import cheap_recipe, contents, small_photos

pytest.importorskip("s3fs")
pytest.importorskip("moto")
pytest.importorskip("flask")

import anyedit
from anyedit.errors import AnyEditError


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A server with an empty bucket "shop"; the process's S3 settings point to it."""
    import s3fs
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    for name, value in {
        "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true", "XDG_CACHE_HOME": str(tmp_path / "cache"), "NO_PROXY": "127.0.0.1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    store = s3fs.S3FileSystem(endpoint_url=url)
    store.mkdir("shop")
    yield url
    store.rm("shop", recursive=True)  # the server's buckets are the process's
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def test_a_build_from_bucket_to_bucket_is_the_local_one(endpoint: str, tmp_path: Path) -> None:
    import s3fs

    store = s3fs.S3FileSystem(endpoint_url=endpoint)
    photos = small_photos(tmp_path / "in", 3)
    store.put(f"{photos}/", "shop/photos/", recursive=True)
    local = anyedit.build(cheap_recipe(photos, 3), out=tmp_path / "out", workers=1)
    remote = anyedit.build(cheap_recipe("s3://shop/photos", 3), out="s3://shop/made", workers=1)
    assert remote["accepted"] == local["accepted"] and remote["total"] == 3
    stored = {path.removeprefix("shop/made/"): store.cat_file(path) for path in store.find("shop/made")}
    assert json.loads(stored["summary.json"])["total"] == 3
    wanted = {name for name in contents(tmp_path / "out") if name.startswith("dataset/")}
    assert wanted == {name for name in stored if name.startswith("dataset/")}
    # Edited from the same bytes: the pairs' pictures do not depend on where the photographs lay.
    from anyedit.store.dataset import iter_rows

    store.get("shop/made/dataset/", f"{tmp_path / 'back' / 'dataset'}/", recursive=True)
    pictures = [
        {row["id"]: row["edited"]["bytes"] for row in iter_rows(folder)}
        for folder in (tmp_path / "out", tmp_path / "back")
    ]
    assert pictures[0] == pictures[1] and len(pictures[0]) == 3
    # Another machine, with an empty cache, has nothing left to do: no shard is uploaded again.
    before = {path: store.info(path)["LastModified"] for path in store.find("shop/made/05-pairs")}
    (tmp_path / "cache").rename(tmp_path / "gone")
    again = anyedit.build(cheap_recipe("s3://shop/photos", 3), out="s3://shop/made", workers=1)
    assert again["total"] == 3
    store.invalidate_cache()
    assert {path: store.info(path)["LastModified"] for path in store.find("shop/made/05-pairs")} == before


def test_a_bucket_that_is_not_there_is_told(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(AnyEditError, match="s3://nowhere/photos"):
        anyedit.build(cheap_recipe("s3://nowhere/photos", 1), out=tmp_path / "out", workers=1)
