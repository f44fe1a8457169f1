"""Batches of pairs in the order of the training, read and decoded beside the training's thread.

Two ways to the same batches: from the caches (every row by itself, full shuffle), or streamed from the Parquet files
(row groups in random order, shuffled within windows, decoded by threads). Pictures of one size wait for each other,
so a batch has one size.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.errors import RecipeError, SourceError
from anyedit.training.batch import View, view_of
from anyedit.training.buckets import Size
from anyedit.training.filling import CachedPictures
from anyedit.training.order import Draw, Order, Position, Window
from anyedit.training.pictures import Pair
from anyedit.training.reading import GroupReader, RowBytes, mapped, pair_of
from anyedit.training.table import PairTable

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class RawBatch:
    """B pairs before the encoders that are not cached: `pairs` without, `source` and `edited` (B, 8, h, w) with a
    cache of latents, then also `visual` (V, L, width) of the distinct prompts; visual_of: 0 for none, else 1 + its
    number."""

    rows: tuple[int, ...]
    views: tuple[View, ...]
    kind: npt.NDArray[np.int64]
    pairs: tuple[Pair, ...] | None = None
    source: Array | None = None
    edited: Array | None = None
    visual: Array | None = None
    visual_of: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Views:
    """How rows are shown: what `view_of` needs beside the draw."""

    table: PairTable
    seed: int
    flip: float
    phrasings: bool

    def __call__(self, draw: Draw) -> View:
        """The view of a draw."""
        edit_type = self.table.edit_type[draw.row].as_py()
        return view_of(draw, edit_type, self.table.sentences(draw.row), self.seed, self.flip, self.phrasings)


class CachedLoader:
    """Batches from the caches."""

    def __init__(
        self, table: PairTable, order: Order, views: Views, cache: CachedPictures, batch: int
    ) -> None:
        self.table, self.order, self.views, self.cache, self.batch = table, order, views, cache, batch

    def __call__(self, start: Position) -> Iterator[tuple[RawBatch, Position]]:
        """Endlessly, from a position on: a batch, and the position after it."""
        waiting = _Waiting(self.batch)
        for window in self.order.windows(start):
            for taken, draw in enumerate(window.draws, 1):
                size = self.cache.size(draw.row)
                if size is not None:
                    full = waiting.add(size, draw, None)
                    if full:
                        yield self._batch([draw for draw, _ in full]), window.after(taken, waiting.draws())

    def _batch(self, draws: Sequence[Draw]) -> RawBatch:
        views = tuple(self.views(draw) for draw in draws)
        rows = tuple(draw.row for draw in draws)
        source, edited, visual, visual_of = self.cache.read(rows, [view.flip for view in views])
        return RawBatch(rows, views, self.table.kind[list(rows)], None, source, edited, visual, visual_of)


class StreamLoader:
    """Batches from the Parquet files: one thread reads the next window while `workers` decode this one."""

    def __init__(
        self,
        table: PairTable,
        order: Order,
        views: Views,
        sizes: tuple[Size, ...],
        batch: int,
        workers: int,
        prompts: bool,
        reject: Callable[[int, str], None],
    ) -> None:
        self.table, self.order, self.views, self.sizes, self.batch = table, order, views, sizes, batch
        self.workers, self.prompts, self.reject = workers, prompts, reject

    def __call__(self, start: Position) -> Iterator[tuple[RawBatch, Position]]:
        """Endlessly, from a position on: a batch, and the position after it."""
        waiting = _Waiting(self.batch)
        reader = GroupReader(self.table, self.prompts)
        with ThreadPoolExecutor(1) as ahead, ThreadPoolExecutor(self.workers) as pool:
            windows = self.order.windows(start)

            def fetch() -> tuple[Window, dict[int, RowBytes]]:
                window = next(windows)
                return window, reader.rows(sorted({draw.row for draw in window.draws}))

            coming = ahead.submit(fetch)
            while True:
                window, cells = coming.result()
                coming = ahead.submit(fetch)

                def work(draw: Draw, cells: dict[int, RowBytes] = cells) -> tuple[View, Pair] | SourceError:
                    return self._decoded(draw, cells[draw.row])

                done: Iterator[tuple[View, Pair] | SourceError] = mapped(
                    pool, work, window.draws, 4 * self.workers
                )
                for taken, (draw, item) in enumerate(zip(window.draws, done, strict=True), 1):
                    if isinstance(item, SourceError):
                        self.reject(draw.row, str(item))
                        continue
                    full = waiting.add(item[1].size, draw, item)
                    if full:
                        yield self._batch(full), window.after(taken, waiting.draws())

    def _decoded(self, draw: Draw, cells: RowBytes) -> tuple[View, Pair] | SourceError:
        view = self.views(draw)
        edit_type = self.table.edit_type[draw.row].as_py()
        try:
            return view, pair_of(cells, edit_type, self.sizes, view.flip, self.prompts)
        except SourceError as error:
            return error

    def _batch(self, full: list[tuple[Draw, Any]]) -> RawBatch:
        rows = tuple(draw.row for draw, _ in full)
        views, pairs = tuple(item[0] for _, item in full), tuple(item[1] for _, item in full)
        return RawBatch(rows, views, self.table.kind[list(rows)], pairs)


class _Waiting:
    """Items that wait for a batch of their size to fill."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self._by_size: dict[Size, list[tuple[Draw, Any]]] = {}

    def add(self, size: Size, draw: Draw, item: Any) -> list[tuple[Draw, Any]] | None:
        """Add an item; the full batch when this one fills it."""
        held = self._by_size.setdefault(size, [])
        held.append((draw, item))
        if len(held) < self.batch:
            return None
        del self._by_size[size]
        return held

    def draws(self) -> list[Draw]:
        """The draws of all items that wait, in the order of their arrival within each size."""
        return [draw for held in self._by_size.values() for draw, _ in held]


class Ahead:
    """Runs an endless iterator in a thread, some items ahead; its errors are raised where they are taken."""

    def __init__(self, items: Iterator[Any], depth: int) -> None:
        self._queue: queue.Queue[Any] = queue.Queue(depth)
        self._stop = threading.Event()
        self._items = items
        self._thread = threading.Thread(target=self._run, daemon=True, name="anyedit-batches")
        self._thread.start()

    def __iter__(self) -> Ahead:
        return self

    def __next__(self) -> Any:
        item = self._queue.get()
        if isinstance(item, BaseException):
            raise item
        return item

    def close(self) -> None:
        """Stop the thread and end the iterator."""
        self._stop.set()
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=0.05)
            except queue.Empty:
                continue
        self._thread.join()

    def _run(self) -> None:
        try:
            for item in self._items:
                self._queue.put(item)
                if self._stop.is_set():
                    break
        except BaseException as error:  # handed to the taker, who raises it
            self._queue.put(error)
        finally:
            self._items.close()  # type: ignore[attr-defined]


def check_enough(table: PairTable, split: str) -> None:
    """Raises RecipeError when no row is left to train on, saying why."""
    if len(table) == 0:
        why = "; ".join(f"{reason}: {count}" for reason, count in table.left_out.most_common(8))
        raise RecipeError(
            f"data: no row of split '{split}' to train on in this stage"
            + (f" (left out: {why})" if why else "")
        )
