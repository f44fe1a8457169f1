"""Tables, order, buckets, flips, caches and loaders: which pairs come, when, and how they look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pyarrow.parquet as pq
import pytest
from conftest import TYPES, write_pairs

from anyedit.errors import RecipeError, SourceError
from anyedit.records import png
from anyedit.training.buckets import bucket_sizes, nearest_bucket
from anyedit.training.flips import may_flip
from anyedit.training.loader import Ahead, StreamLoader, Views
from anyedit.training.order import Draw, Order, Position
from anyedit.training.pictures import fit, read_pair
from anyedit.training.recipe import Data
from anyedit.training.store import FeatureStore, key_of
from anyedit.training.table import KINDS, PairTable, dataset_places, read_table


def data_of(*sources: Path | dict[str, Any], **settings: Any) -> Data:
    told = [source if isinstance(source, dict) else {"path": str(source)} for source in sources]
    return Data.model_validate({"sources": told, **settings})


def table_of(*sources: Path | dict[str, Any], **settings: Any) -> PairTable:
    return read_table(data_of(*sources, **settings), "train", set(KINDS))


# --- tables


def test_rates_follow_sources_types_and_balance(tmp_path: Path) -> None:
    first = write_pairs(tmp_path / "a", ("add", "add", "remove"), 12)
    second = write_pairs(tmp_path / "b", ("add",), 6)
    weighted = {"path": str(second), "weight": 2.0}
    table = table_of(first, weighted, types={"remove": 0.5})
    ratio = table.rate / table.rate[0]
    assert table.counts() == {"add": 14, "remove": 4}
    assert table.rate.mean() == pytest.approx(1)
    assert set(ratio[:12]) == {1.0, 0.5}
    assert set(ratio[12:]) == {2.0}
    even = table_of(first, second, balance=1.0)
    shares = [even.rate[even.kind == KINDS.index(name)].sum() for name in ("add", "remove")]
    assert shares[0] == pytest.approx(shares[1])


def test_rows_that_cannot_be_used_are_counted_with_the_reason(tmp_path: Path) -> None:
    write_pairs(tmp_path / "a", ("add", "add+remove", "visual_bbox", "no_such"), 8)
    table = read_table(data_of(tmp_path / "a", types={"add": 0}), "train", {"add", "remove", "composition"})
    assert table.counts() == {"composition": 2}
    assert table.left_out == {
        "add: weight 0": 2,
        "visual_bbox: not a type of this stage": 2,
        "edit_type 'no_such' is not known": 2,
    }


def test_a_dataset_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    folder = write_pairs(tmp_path / "a", ("add",), 3)
    file = next((folder / "dataset" / "data").glob("train-*"))
    pq.write_table(pq.read_table(file).drop_columns(["edited"]), file)
    with pytest.raises(
        RecipeError, match=r"has no column 'edited'; a dataset to train on has source, edited"
    ):
        table_of(folder)
    with pytest.raises(RecipeError, match="no folder at nowhere"):
        dataset_places("nowhere", "train")


def test_a_remote_dataset_is_read_like_a_local_one(tmp_path: Path) -> None:
    folder = write_pairs(tmp_path / "a", TYPES, 12)
    memory = fsspec.filesystem("memory")
    for file in (folder / "dataset" / "data").glob("*.parquet"):
        memory.pipe_file(f"/owner/name/data/{file.name}", file.read_bytes())
    local, remote = table_of(folder), table_of({"path": "memory://owner/name"})
    assert remote.instruction.to_pylist() == local.instruction.to_pylist()
    assert remote.files[0].place.startswith("memory://")
    before, after = (next(iter(stream(table)(Position())))[0] for table in (local, remote))
    assert before.rows == after.rows
    for a, b in zip(before.pairs or (), after.pairs or (), strict=True):
        np.testing.assert_array_equal(a.edited, b.edited)


# --- order


def order_of(count: int, window: int = 1000, group: int = 1, **settings: Any) -> Order:
    rate = settings.pop("rate", np.ones(count))
    return Order(rate, np.arange(count) // group, 7, window, **settings)


def draws_of(order: Order, start: Position = Position()) -> Iterator[Draw]:  # noqa: B008 (frozen)
    for window in order.windows(start):
        yield from window.draws


def test_an_epoch_shows_every_row_once_in_another_order_each_time() -> None:
    drawn = list(islice(draws_of(order_of(50, window=16, group=4)), 100))
    first, second = drawn[:50], drawn[50:]
    assert sorted(draw.row for draw in first) == sorted(draw.row for draw in second) == list(range(50))
    assert [draw.row for draw in first] != [draw.row for draw in second]
    assert {draw.epoch for draw in first} == {0}


def test_rows_come_as_often_as_their_rate_says() -> None:
    rate = np.array([2.3, 0.5, 0.2, 1.0] * 100)
    counts = Counter(draw.row % 4 for draw in order_of(400, rate=rate).windows(Position()).__next__().draws)
    assert [counts[n] / 100 for n in range(4)] == pytest.approx([2.3, 0.5, 0.2, 1.0], abs=0.15)
    assert counts[0] >= 200


def test_processes_share_an_epoch_without_overlap() -> None:
    orders = [order_of(40, group=4, rank=rank, world=3) for rank in range(3)]
    rows = [[draw.row for draw in next(order.windows(Position())).draws] for order in orders]
    assert sorted(row for part in rows for row in part) == list(range(40))


# --- sizes and pictures


def test_buckets_have_about_the_area_and_at_most_the_aspect() -> None:
    sizes = bucket_sizes(512, 2.0, 64)
    assert sizes[0] == (512, 512)
    for height, width in sizes:
        assert height % 64 == width % 64 == 0
        assert abs(height * width / 512**2 - 1) < 0.15
        assert max(height / width, width / height) <= 2.01
    assert (384, 704) in sizes
    assert nearest_bucket(300, 560, sizes) == (384, 704)
    assert bucket_sizes(128, 1.0, 32) == ((128, 128),)


def test_fitting_covers_and_cuts_the_middle() -> None:
    pixels = np.zeros((40, 100, 3), np.uint8)
    pixels[:, 40:60] = 255
    cut = fit(pixels, (20, 20))
    assert cut.shape == (20, 20, 3)
    assert cut[:, 8:12].min() == 255
    assert cut[:, :4].max() == 0


def test_a_pair_of_two_shapes_is_refused() -> None:
    wide, tall = (png(np.zeros(shape, np.uint8)) for shape in ((32, 64, 3), (64, 32, 3)))
    with pytest.raises(SourceError, match="source is 64x32 px, edited 32x64"):
        read_pair(wide, tall, None, ((32, 32),))
    with pytest.raises(SourceError, match="not a picture"):
        read_pair(wide, b"broken", None, ((32, 32),))


@pytest.mark.parametrize(
    ("edit_type", "sentence", "may"),
    [
        ("color_alter", "Make the mug red", True),
        ("movement", "Shift the man to the left", False),
        ("remove", "Remove the leftmost cup", False),
        ("remove", "Remove the leftover food", False),
        ("add", "Add a brightly lit lamp", True),
        ("add", "Put the cup on the right-hand side", False),
        ("textual_change", "Make it say hello", False),
        ("color_alter", "Paint the sign red", False),
        ("add", "Write 'open' above the door", False),
        ("add", "Add the man's hat", True),
        ("rotation_change", "Show its other side", False),
        ("color_alter+movement", "Rotate the bag clockwise", False),
        ("background_change", "Make the text bigger", False),
    ],
)
def test_only_what_a_mirror_keeps_true_is_mirrored(edit_type: str, sentence: str, may: bool) -> None:
    assert may_flip(edit_type, [sentence]) is may
    assert may_flip(edit_type, ["Make it so", sentence]) is may


# --- loaders


def stream(
    table: PairTable, batch: int = 4, workers: int = 2, sizes: Any = ((32, 32),), **told: Any
) -> StreamLoader:
    order = Order(table.rate, table.global_group, 3, told.pop("window", 16))
    reject = told.pop("reject", lambda row, reason: None)
    return StreamLoader(table, order, Views(table, 3, 0.5, True), sizes, batch, workers, True, reject)


def told(batch: Any) -> list[tuple[int, bool, str, int]]:
    sums = [int(pair.edited.sum()) for pair in batch.pairs]
    return [(r, v.flip, v.sentence, s) for r, v, s in zip(batch.rows, batch.views, sums, strict=True)]


def test_the_stream_is_the_same_for_any_number_of_workers_and_continues_anywhere(tmp_path: Path) -> None:
    """Two shapes, so that some pairs wait for a batch of theirs: they are not lost and not shown twice."""
    wide = {"bytes": png(np.full((32, 64, 3), 90, np.uint8)), "path": None}
    write_pairs(tmp_path / "a", TYPES, 21)
    write_pairs(tmp_path / "b", TYPES, 18, source=wide, edited=wide)
    for file in tmp_path.glob("*/dataset/data/train-*.parquet"):
        pq.write_table(pq.read_table(file), file, row_group_size=5)
    table = table_of(tmp_path / "a", tmp_path / "b")
    sizes = ((32, 32), (32, 64))
    whole = list(islice(stream(table, workers=1, sizes=sizes)(Position()), 14))
    again = list(islice(stream(table, workers=3, sizes=sizes)(Position()), 14))
    assert [told(batch) for batch, _ in whole] == [told(batch) for batch, _ in again]
    assert any(position.pending for _, position in whole)
    for stop in (1, 4, 7, 9):
        start = Position.from_json(whole[stop - 1][1].to_json())
        rest = list(islice(stream(table, sizes=sizes)(start), 14 - stop))
        assert [told(batch) for batch, _ in rest] == [told(batch) for batch, _ in whole[stop:]]
        assert [position for _, position in rest] == [position for _, position in whole[stop:]]
    shown = Counter(row for batch, _ in whole for row in batch.rows)  # 56 of 39 rows: an epoch and a half
    assert len(shown) == 39
    assert max(shown.values()) == 2


def test_a_bad_row_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    folder = write_pairs(tmp_path / "a", ("add",), 8, edited={"bytes": b"no picture", "path": None})
    good = write_pairs(tmp_path / "b", ("add",), 8)
    noted: dict[int, str] = {}
    table = table_of(folder, good)
    batches = islice(stream(table, reject=noted.__setitem__)(Position()), 4)
    assert {row for batch, _ in batches for row in batch.rows} == set(range(8, 16))
    assert noted == dict.fromkeys(range(8), "edited: not a picture that can be decoded")


def test_errors_in_the_thread_reach_the_training() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise RecipeError("planted")

    ahead = Ahead(broken(), 2)
    assert next(ahead) == 1
    with pytest.raises(RecipeError, match="planted"):
        next(ahead)
    ahead.close()


# --- the store


def test_the_store_keeps_whole_rows_only(tmp_path: Path) -> None:
    """What a killed writer left (data without key, half a row) is cut off; a second writer has its own file."""
    store = FeatureStore(tmp_path, (2, 3), "float16")
    values = np.arange(12, dtype=np.float32).reshape(2, 2, 3)
    store.append([key_of("a"), key_of("b")], values)
    other = FeatureStore(tmp_path, (2, 3), "float16")
    other.append([key_of("c")], values[:1] + 50)
    other.close()
    store.close()
    assert len(list(store.folder.glob("*.data"))) == 2
    with open(store.folder / "part-0000.data", "ab") as file:
        file.write(b"x" * 17)
    again = FeatureStore(tmp_path, (2, 3), "float16")
    assert again.missing([key_of("d"), key_of("a"), key_of("d")]) == [key_of("d")]
    again.append([key_of("d")], values[1:] + 100)
    again.refresh()
    np.testing.assert_array_equal(again.read([key_of("d"), key_of("a"), key_of("c")]), [
        values[1] + 100, values[0], values[0] + 50
    ])  # fmt: skip
    with pytest.raises(KeyError):
        again.read([key_of("e")])
