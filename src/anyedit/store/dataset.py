"""The dataset folder: written as a stream, whole or not at all, and read back a row group at a time."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from anyedit.errors import StoreError
from anyedit.store.schema import COLUMNS, SPLITS, dataset_schema

ROWS_PER_GROUP = 64  # how many rows are ever in memory for one split
ROWS_PER_FILE = 2000
BYTES_PER_GROUP = 64 << 20  # large pictures: close the group earlier, so that memory stays flat
READ_ROWS = 16
DATASET = "dataset"
SHARDS = "shards.json"  # names of the shards that a finished build's dataset was made from
PLANNED = re.compile(
    r"r\d+-\d+-"
)  # how a shard of a plan is named; others are people's decisions and imports
Contents = dict[str, Any]


class DatasetWriter:
    """Writes `out/dataset` from tables added in any order; the folder appears, whole, when the block ends well."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.partial = out / f"{DATASET}.partial"
        self._schema = dataset_schema()
        self._waiting: dict[str, list[pa.Table]] = {split: [] for split in SPLITS}
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._files: Counter[str] = Counter()
        self._rows_in_file: Counter[str] = Counter()
        self._counts: dict[str, Counter[str]] = {}
        self._licences: Counter[str] = Counter()
        self._origins: Counter[str] = Counter()

    def __enter__(self) -> DatasetWriter:
        try:
            if self.partial.exists():  # left by a build that was stopped: nothing in it is finished
                shutil.rmtree(self.partial)
            (self.partial / "data").mkdir(parents=True)
        except OSError as error:
            raise _cannot_write(self.partial, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if kind is not None:
            for writer in self._writers.values():
                try:
                    writer.close()
                except (OSError, pa.ArrowException):
                    continue  # the disk may be full; the first error is the one to tell
            shutil.rmtree(self.partial, ignore_errors=True)

    def add(self, split: str, table: pa.Table) -> None:
        """Add rows with exactly `schema.COLUMNS` to a split. Raises StoreError for an unknown split or columns."""
        if split not in self._waiting:
            raise StoreError(f"{self.out}: a row says split '{split}'; the splits are {', '.join(SPLITS)}")
        if table.num_rows == 0:
            return
        table = table.select(list(COLUMNS)).cast(self._schema)
        self._count(split, table)
        waiting = self._waiting[split]
        waiting.append(table)
        if sum(part.num_rows for part in waiting) >= ROWS_PER_GROUP:
            whole = pa.concat_tables(waiting)
            while whole.num_rows >= ROWS_PER_GROUP:
                self._write_group(split, whole.slice(0, ROWS_PER_GROUP))
                whole = whole.slice(ROWS_PER_GROUP)
            self._waiting[split] = [whole] if whole.num_rows else []
        elif sum(part.nbytes for part in waiting) >= BYTES_PER_GROUP:
            self._write_group(split, pa.concat_tables(waiting))
            self._waiting[split] = []

    def contents(self) -> Contents:
        """What has been added: `splits`, `types_by_split`, `licences`, `origins`, each as counts."""
        types = {name: {s: counts[s] for s in SPLITS if counts[s]} for name, counts in self._counts.items()}
        splits = {split: sum(counts[split] for counts in self._counts.values()) for split in SPLITS}
        return {
            "splits": {split: n for split, n in splits.items() if n},
            "types_by_split": types,
            "licences": dict(self._licences.most_common()),
            "origins": dict(self._origins.most_common(20)),
        }

    def finish(
        self, card: str | Callable[[Contents], str], pictures: Mapping[str, str] | None = None
    ) -> Contents:
        """Write what waits, the card and its `pictures` (file name -> SVG), name the files, and put the folder in
        place of the old one."""
        for split, waiting in self._waiting.items():
            if waiting:
                self._write_group(split, pa.concat_tables(waiting))
                self._waiting[split] = []
        if not self._files:  # no pair was accepted: a dataset of no rows, which can still be opened
            self._write_group("train", self._schema.empty_table())
        contents = self.contents()
        try:
            for split in list(self._writers):
                self._close(split)
            for split, total in self._files.items():
                for number in range(total):
                    unfinished = self._unfinished(split, number)
                    unfinished.rename(unfinished.with_name(f"{split}-{number:05d}-of-{total:05d}.parquet"))
            text = card(contents) if callable(card) else card
            for name, shown in {**(pictures or {}), "README.md": text}.items():
                (self.partial / name).write_text(shown, encoding="utf-8")
            _put_in_place(self.partial, self.out / DATASET)
        except OSError as error:
            raise _cannot_write(self.out / DATASET, error) from error
        return contents

    def _count(self, split: str, table: pa.Table) -> None:
        for name in table["edit_type"].to_pylist():
            self._counts.setdefault(name or "unknown", Counter())[split] += 1
        self._licences.update(licence or "unknown" for licence in table["licence"].to_pylist())
        self._origins.update(_kind_of_origin(origin) for origin in table["origin"].to_pylist())

    def _write_group(self, split: str, table: pa.Table) -> None:
        if split in self._writers and self._rows_in_file[split] + table.num_rows > ROWS_PER_FILE:
            self._close(split)
        try:
            if split not in self._writers:
                path = self._unfinished(split, self._files[split])
                self._files[split] += 1
                self._writers[split] = pq.ParquetWriter(path, self._schema, compression="zstd")
            self._writers[split].write_table(table.combine_chunks(), row_group_size=ROWS_PER_GROUP)
        except OSError as error:
            raise _cannot_write(self.partial, error) from error
        self._rows_in_file[split] += table.num_rows

    def _close(self, split: str) -> None:
        self._writers.pop(split).close()
        self._rows_in_file[split] = 0

    def _unfinished(self, split: str, number: int) -> Path:
        return self.partial / "data" / f"{split}-{number:05d}.parquet"


def write_dataset(
    out: Path,
    shards: Sequence[Path],
    keep: Callable[[str], bool] | Collection[str],
    front: str | Callable[[Contents], str],
    pictures: Mapping[str, str] | None = None,
) -> Contents:
    """Gather the kept rows of pair shards (`schema.COLUMNS` plus `split`) into `out/dataset`, in shard order.

    keep: ids, or a function of an id. front: the card, or a function that makes it from the counts of what
    was written. pictures: SVG files that the card shows, by name. Returns those counts. Raises StoreError for a shard that cannot be read and a disk that is full.
    """
    wanted = keep if callable(keep) else frozenset(keep).__contains__
    with DatasetWriter(out) as writer:
        for shard in shards:
            for batch in _batches(shard):
                chosen = pa.array([bool(wanted(name)) for name in batch["id"].to_pylist()], pa.bool_())
                kept = batch.filter(chosen)
                for split in pc.unique(kept["split"]).to_pylist():
                    writer.add(split, kept.filter(pc.equal(kept["split"], split)))
        return writer.finish(front, pictures)


def dataset_folder(folder: Path) -> Path:
    """The dataset in a build's folder, or the folder itself when it is one. Raises StoreError when there is none."""
    for place in (folder / DATASET, folder):
        if any((place / "data").glob("*.parquet")):
            return place
    raise StoreError(
        f"no dataset in {folder}: neither {folder / DATASET / 'data'} nor {folder / 'data'} holds Parquet files; "
        f"name the --out of a finished build, or build one with 'anyedit build RECIPE --out {folder}'"
    )


def dataset_files(folder: Path) -> list[Path]:
    """The Parquet files of a dataset, train first, in order."""
    order = {split: number for number, split in enumerate(SPLITS)}
    files = (dataset_folder(folder) / "data").glob("*.parquet")
    return sorted(files, key=lambda file: (order.get(split_of(file), 99), file.name))


def split_of(file: Path) -> str:
    """`train` of `train-00000-of-00001.parquet`."""
    return file.name.split("-")[0].removesuffix(".parquet")


def shard_files(out: Path, step: str) -> list[Path]:
    """A step's finished shards, in order; of a finished build those alone that its dataset was made from.

    A build that went on with another number of pairs has planned anew, and shards of the old plan lie beside its own.
    """
    files = sorted((out / step).glob("*.parquet"))
    try:
        names = json.loads((out / SHARDS).read_text())
    except FileNotFoundError:
        return files  # it is going on
    except (OSError, ValueError) as error:
        raise StoreError(f"{out / SHARDS} cannot be read ({error}); build again: it is made anew") from error
    return [path for path in files if path.stem in names or not PLANNED.match(path.stem)]


def iter_rows(
    folder: Path, columns: Sequence[str] | None = None, split: str | None = None
) -> Iterator[dict[str, Any]]:
    """Every row, or those of one split, as a dict with its `split`; at most READ_ROWS rows are in memory."""
    for file in dataset_files(folder):
        if split is not None and split_of(file) != split:
            continue
        for batch in _batches(file, columns):
            for row in batch.to_pylist():
                yield {**row, "split": split_of(file)}


def _batches(file: Path, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    try:
        with pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(READ_ROWS, columns=list(columns) if columns else None):
                yield pa.Table.from_batches([batch])
    except (OSError, pa.ArrowException) as error:
        raise StoreError(
            f"{file} cannot be read ({error}); delete it and build again: it is made anew"
        ) from error


def _put_in_place(new: Path, final: Path) -> None:
    # a folder that is not empty cannot be renamed over, so the old one steps aside first
    old = final.with_name(f"{final.name}.old")
    if old.exists():
        shutil.rmtree(old)
    if final.exists():
        final.rename(old)
    new.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _kind_of_origin(origin: str | None) -> str:
    if not origin:
        return "unknown"
    path = Path(origin)
    return (str(path.parent) if path.parent != Path(".") else "pictures") if path.suffix else origin


def _cannot_write(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"cannot write {path}: {error.strerror or error}; free some space or choose another --out"
    )
