"""Rows' pictures out of Parquet files: whole row groups, only the columns that are needed, no copies."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from anyedit.errors import SourceError, StoreError
from anyedit.models.tasks import is_aligned
from anyedit.training.buckets import Size
from anyedit.training.pictures import Pair, read_pair
from anyedit.training.table import PairFile, PairTable
from anyedit.types import GROUP_OF

A = TypeVar("A")
B = TypeVar("B")
COLUMNS = ("source", "edited", "visual_prompt")


@dataclass(frozen=True)
class RowBytes:
    """One row's encoded pictures; None where the cell is null."""

    source: memoryview | None
    edited: memoryview | None
    prompt: memoryview | None


class GroupReader:
    """Reads row groups; keeps the files that it met open."""

    def __init__(self, table: PairTable, prompts: bool) -> None:
        self.table, self.prompts = table, prompts
        self._open: dict[int, pq.ParquetFile] = {}

    def group(self, file: int, group: int) -> list[RowBytes]:
        """All rows of a row group. Raises StoreError."""
        told: PairFile = self.table.files[file]
        try:
            if file not in self._open:
                self._open[file] = told.open()
            wanted = [c for c in COLUMNS if c != "visual_prompt" or (self.prompts and told.has_prompts)]
            columns = [f"{name}.bytes" for name in wanted]
            read = self._open[file].read_row_group(group, columns=columns, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{told.place}: row group {group} cannot be read: {error}") from error
        cells = {name: _buffers(read[name]) for name in wanted}
        cells.setdefault("visual_prompt", [None] * read.num_rows)
        return [RowBytes(*row) for row in zip(*(cells[name] for name in COLUMNS), strict=True)]

    def rows(self, rows: Sequence[int]) -> dict[int, RowBytes]:
        """These rows of the table; each row group is read once."""
        by_group: dict[tuple[int, int], list[int]] = {}
        for row in rows:
            by_group.setdefault((int(self.table.file[row]), int(self.table.group[row])), []).append(row)
        found = {}
        for (file, group), members in by_group.items():
            cells = self.group(file, group)
            found.update({row: cells[int(self.table.place[row])] for row in members})
        return found

    def close(self) -> None:
        """Close the files."""
        for file in self._open.values():
            file.close()


def pair_of(cells: RowBytes, edit_type: str, sizes: tuple[Size, ...], flip: bool, prompts: bool) -> Pair:
    """A row's pictures at their size; a visual type without a visual prompt is refused. Raises SourceError."""
    visual = prompts and any(GROUP_OF.get(part) == "visual" for part in edit_type.split("+"))
    if visual and not cells.prompt:
        raise SourceError("visual_prompt: no picture, though the type needs one")
    prompt = cells.prompt if visual else None
    return read_pair(cells.source, cells.edited, prompt, sizes, flip, is_aligned(edit_type))


def mapped(
    pool: ThreadPoolExecutor, work: Callable[[A], B], items: Sequence[A], ahead: int, chunk: int = 8
) -> Iterator[B]:
    """`work(item)` for all items, in order, by the pool's threads, at most `ahead` chunks before they are taken."""

    def several(part: Sequence[A]) -> list[B]:
        return [work(item) for item in part]

    waiting: deque[Future[list[B]]] = deque()
    for start in range(0, len(items), chunk):
        waiting.append(pool.submit(several, items[start : start + chunk]))
        if len(waiting) > ahead:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _buffers(column: pa.ChunkedArray) -> list[memoryview | None]:
    found: list[memoryview | None] = []
    for chunk in column.chunks:
        cells = chunk.field("bytes") if pa.types.is_struct(chunk.type) else chunk
        valid = chunk.is_valid().to_pylist()
        for number, cell in enumerate(cells):
            found.append(memoryview(cell.as_buffer()) if valid[number] and cell.is_valid else None)
    return found
