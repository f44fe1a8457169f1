"""Shards: Parquet files that are either whole or absent, under names that hold the hash of what made them."""

from __future__ import annotations

import os
import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from anyedit.errors import StoreError
from anyedit.records import asdict
from anyedit.store.dataset import shard_files

STEPS = ("01-sources", "02-instructions", "03-accepted", "04-edits", "05-pairs")
REJECTED = "rejected"
Row = TypeVar("Row")


@cache
def arrow_type(hint: Any) -> pa.DataType:
    """The Arrow type of a record field: str, int, float, bool, bytes, optional, tuples, nested records."""
    if get_origin(hint) in (types.UnionType, typing.Union):
        return arrow_type(next(arg for arg in get_args(hint) if arg is not type(None)))
    if get_origin(hint) is tuple:
        return pa.list_(arrow_type(get_args(hint)[0]))
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return pa.struct([(field.name, arrow_type(hints[field.name])) for field in fields(hint)])
    return {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), bytes: pa.binary()}[
        hint
    ]


@cache
def schema_of(record: type) -> pa.Schema:
    """The Arrow schema of a record class."""
    struct = arrow_type(record)
    return pa.schema([struct.field(i) for i in range(struct.num_fields)])


def write_rows(path: Path, rows: Sequence[Any], schema: pa.Schema | type) -> None:
    """Write records or dicts as one whole Parquet file: to a temporary name, then renamed."""
    schema = schema if isinstance(schema, pa.Schema) else schema_of(schema)
    plain = [row if isinstance(row, dict) else asdict(row) for row in rows]
    write_table(path, pa.Table.from_pylist(plain, schema=schema))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table under its final name in one step, so that nobody reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        pq.write_table(table, temporary, compression="zstd", row_group_size=64)
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StoreError(
            f"cannot write {path}: {error.strerror or error}; free some space or choose another --out"
        ) from error


def read_rows(path: Path, record: type[Row]) -> list[Row]:
    """Read a shard back into records; a file that cannot be read is an error that says what to do."""
    return [decode(row, record) for row in read_table(path).to_pylist()]


def read_table(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Read a shard; a corrupt one is named, with the way out."""
    try:
        return pq.read_table(path, columns=columns)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(
            f"the shard {path} cannot be read ({error}); delete it and build again: it is made anew"
        ) from error


def decode(row: dict[str, Any], record: Any) -> Any:
    """A plain dict back into a record, nested records and tuples too."""
    hints = get_type_hints(record)
    return record(**{name: _value(value, hints[name]) for name, value in row.items()})


def _value(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in (types.UnionType, typing.Union):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if is_dataclass(hint):
        return decode(value, hint)
    if get_origin(hint) is tuple:
        return tuple(_value(part, get_args(hint)[0]) for part in value)
    return value


def shard_path(out: Path, step: str, name: str) -> Path:
    """Where a step keeps this shard."""
    return out / step / f"{name}.parquet"


def existing(out: Path, step: str) -> Iterable[Path]:
    """A step's finished shards, in order; see `store.dataset.shard_files`."""
    return shard_files(out, step)
