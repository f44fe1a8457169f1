"""Planted near-duplicates are found, also scaled, recompressed and mirrored; other pictures are not."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import small_suites as small
from PIL import Image

from anyedit.bench.contamination import contamination, hashed
from anyedit.bench.suites import open_suite
from anyedit.store.schema import COLUMNS, dataset_schema


def changed(image: Image.Image, how: str) -> bytes:
    buffer = io.BytesIO()
    if how == "mirrored":
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if how == "scaled":
        image = image.resize((96, 72), Image.Resampling.BICUBIC)
    image.save(
        buffer,
        "JPEG" if how == "recompressed" else "PNG",
        **({"quality": 70} if how == "recompressed" else {}),
    )
    return buffer.getvalue()


def train(folder: Path, pictures: list[bytes], split: str = "train") -> Path:
    rows = []
    for number, data in enumerate(pictures):
        row = dict.fromkeys(COLUMNS)
        cell = {"bytes": data, "path": None}
        row.update(
            id=f"row-{number}", source=cell, edited=cell, instruction="x", edit_type="add", licence="CC0-1.0"
        )
        rows.append(row)
    (folder / "data").mkdir(parents=True)
    pq.write_table(
        pa.Table.from_pylist(rows, schema=dataset_schema()),
        folder / "data" / f"{split}-00000-of-00001.parquet",
    )
    return folder


def test_planted_duplicates_are_found_with_pictures(tmp_path: Path) -> None:
    suite = open_suite(small.magicbrush_folder(tmp_path / "suite"))
    planted = {"row-0": (101, "scaled"), "row-1": (202, "mirrored"), "row-2": (3, "recompressed")}
    pictures = [changed(small.picture(seed), how) for seed, how in planted.values()]
    pictures += [changed(small.picture(seed), "as it is") for seed in range(900, 912)]
    found = contamination(train(tmp_path / "train", pictures), suite, tmp_path / "out")
    assert {d.train.split(":")[0] for d in found.duplicates} == set(planted)
    assert {d.mirrored for d in found.duplicates if d.train.startswith("row-1")} == {True}
    assert {d.item for d in found.duplicates if d.train.startswith("row-0")} == {"30-1:target"}
    assert found.items == 3 and found.train_pictures == 30
    page = (tmp_path / "out" / "contamination.html").read_text()
    # a row's source and edited picture are the same file here, so the page shows each pair of pictures once
    assert (
        len(found.duplicates) == 6 and page.count("<img") == 2 * 3 and "3 pairs of distinct pictures" in page
    )
    assert (
        "row-0:source<br>row-0:edited" in page or "row-0:edited<br>row-0:source" in page
    ) and "139-3:target" in page
    assert json.loads((tmp_path / "out" / "contamination.json").read_text())["items"] == 3


def test_only_the_train_split_counts(tmp_path: Path) -> None:
    suite = open_suite(small.magicbrush_folder(tmp_path / "suite"))
    folder = train(tmp_path / "train", [changed(small.picture(101), "as it is")], "test")
    assert contamination(folder, suite, tmp_path / "out").duplicates == ()


def test_the_hash_is_near_for_alike_and_far_for_other_pictures() -> None:
    one = small.picture(1, (64, 64))
    assert bin(hashed(one) ^ hashed(one.resize((128, 128)))).count("1") <= 6
    far = [bin(hashed(one) ^ hashed(small.picture(seed, (64, 64)))).count("1") for seed in range(2, 12)]
    assert min(far) > 10
