"""Shards are whole or absent, read back as they were written, and a corrupt one is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anyedit.errors import StoreError
from anyedit.pipeline.shards import read_rows, write_rows
from anyedit.records import Edit, Source, SourceObject, Verdict, pixels_of, png


def _source() -> Source:
    thing = SourceObject("mug-1", "mug", (1.0, 2.0, 3.0, 4.0), 0.25, b"x", "annotation")
    return Source("w0", b"\x89", "A mug.", "world", "CC0-1.0", "train", (thing,), None, False)


def test_rows_come_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.parquet"
    write_rows(path, [_source()], Source)
    assert read_rows(path, Source) == [_source()]
    assert [p.name for p in path.parent.iterdir()] == ["a.parquet"]


def test_an_empty_shard_has_its_schema(tmp_path: Path) -> None:
    write_rows(tmp_path / "e.parquet", [], Edit)
    assert read_rows(tmp_path / "e.parquet", Edit) == []


def test_a_corrupt_shard_is_named_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 not really")
    with pytest.raises(StoreError, match=r"broken.parquet cannot be read .* delete it and build again"):
        read_rows(path, Source)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_png_is_lossless(dtype: type) -> None:
    gray = np.arange(64 * 48, dtype=dtype).reshape(48, 64)
    assert np.array_equal(pixels_of(png(gray)), gray)


def test_png_keeps_rgb_order() -> None:
    picture = np.zeros((2, 2, 3), np.uint8)
    picture[..., 0] = 200
    assert np.array_equal(pixels_of(png(picture)), picture)


def test_a_verdict_says_its_limits() -> None:
    assert (
        str(Verdict("mask share", 0.001, 0.005, None, False)) == "mask share: 0.001 (limit >= 0.005) FAILED"
    )
    assert str(Verdict("x", None, None, None, None)) == "x: not measured (limit none) not applicable"
