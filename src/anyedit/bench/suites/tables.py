"""Hub layouts: Parquet files, found by split, read row by row without their pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from anyedit.bench.items import CellPicture
from anyedit.errors import StoreError


@dataclass(frozen=True)
class Row:
    """One row: its plain values, and where its pictures are."""

    values: dict[str, Any]
    file: Path
    group: int
    row: int
    pictures: frozenset[str]  # picture columns that are not null in this row

    def picture(self, column: str) -> CellPicture | None:
        """The picture of a column; None when the row has none."""
        return CellPicture(self.file, self.group, self.row, column) if column in self.pictures else None


def split_files(folder: Path) -> dict[str, list[Path]]:
    """Split -> Parquet files, from names like `test-00000-of-00002-hash.parquet` or folders named after a split."""
    found: dict[str, list[Path]] = {}
    for file in sorted(folder.rglob("*.parquet")):
        name = file.stem.split("-")[0]
        if (
            name.isdigit() and file.parent != folder
        ):  # <config>/<split>/0000.parquet, the hub's converted branch
            name = file.parent.name
        found.setdefault({"dev": "validation", "val": "validation"}.get(name, name), []).append(file)
    return found


def columns_of(folder: Path) -> frozenset[str]:
    """The columns of the first Parquet file; empty when there is none."""
    files = next(iter(split_files(folder).values()), []) if folder.is_dir() else []
    if not files:
        return frozenset()
    try:
        return frozenset(pq.read_schema(files[0]).names)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{files[0]} cannot be read as Parquet ({error})") from error


def rows(files: Sequence[Path], pictures: Sequence[str]) -> Iterator[Row]:
    """Every row of the files; `pictures` are left where they are."""
    for file in files:
        try:
            with pq.ParquetFile(file) as parquet:
                names = parquet.schema_arrow.names
                kept = [name for name in names if name not in pictures]
                shown = [name for name in pictures if name in names]
                for group in range(parquet.num_row_groups):
                    plain = parquet.read_row_group(group, columns=kept).to_pylist()
                    filled = {name: _filled(parquet, group, name) for name in shown}
                    count = parquet.metadata.row_group(group).num_rows
                    for index in range(count):
                        has = frozenset(name for name in shown if filled[name][index])
                        yield Row(plain[index] if kept else {}, file, group, index, has)
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{file} cannot be read ({error}); fetch it again") from error


def _filled(parquet: pq.ParquetFile, group: int, name: str) -> list[bool]:
    column = parquet.read_row_group(group, columns=[name]).column(0).combine_chunks()
    if pa.types.is_struct(column.type):
        inner = column.field("bytes")
        return [
            bool(whole and part)
            for whole, part in zip(column.is_valid().to_pylist(), inner.is_valid().to_pylist(), strict=True)
        ]
    return [bool(value) for value in column.is_valid().to_pylist()]
