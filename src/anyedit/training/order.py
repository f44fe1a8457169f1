"""In which order pairs are seen: a pure function of the seed, so that a run continues where it stopped.

An epoch is a permutation of row groups, cut into windows; the rows of a window are shuffled together. Where rows can
be read one by one (from a cache) each row is a group of its own and the whole epoch one window: a full shuffle.
Whatever the number of workers, the order is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.seeds import rng_of


@dataclass(frozen=True)
class Draw:
    """One showing of a row: in which epoch, and the how many-eth time in it."""

    row: int
    epoch: int
    copy: int


@dataclass(frozen=True)
class Position:
    """How far a process has come: `taken` rows of window `window` of epoch `epoch`, and the `pending` ones that
    were taken but wait for a batch of their size to fill."""

    epoch: int = 0
    window: int = 0
    taken: int = 0
    pending: tuple[Draw, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Position:
        """From a checkpoint."""
        return cls(**{**data, "pending": tuple(Draw(**draw) for draw in data["pending"])})


@dataclass(frozen=True)
class Window:
    """Draws that are read together, and the position before the first of them. moves: whether taking them moves the
    position on, or they are pending ones, which the order has passed already."""

    draws: Sequence[Draw]
    before: Position
    moves: bool

    def after(self, taken: int, waiting: Sequence[Draw]) -> Position:
        """The position after `taken` of the draws, with those that wait for a batch."""
        if self.moves:
            return replace(self.before, taken=self.before.taken + taken, pending=tuple(waiting))
        return replace(self.before, pending=(*waiting, *self.draws[taken:]))


@dataclass(frozen=True)
class Order:
    """The order of one process of `world`: rate and group are (N,) as in the table; window: rows, about."""

    rate: npt.NDArray[np.float64]
    group: npt.NDArray[np.int64]
    seed: int
    window: int
    rank: int = 0
    world: int = 1

    def epoch(self, number: int) -> Iterator[list[Draw]]:
        """The windows of an epoch. A row of rate 2.3 comes twice, and a third time in three epochs of ten."""
        repeats = np.floor(self.rate + rng_of(self.seed, number, "repeats").random(len(self.rate))).astype(
            int
        )
        groups, inverse = np.unique(self.group, return_inverse=True)
        rows_by_group = np.split(np.argsort(inverse, kind="stable"), np.cumsum(np.bincount(inverse))[:-1])
        mine = rng_of(self.seed, number, "groups").permutation(len(groups))[self.rank :: self.world]
        ends = np.cumsum([len(rows_by_group[group]) for group in mine])
        window_of = (ends - 1) // self.window if len(mine) else ends
        for index, window in enumerate(np.unique(window_of)):
            rows = np.concatenate([rows_by_group[group] for group in mine[window_of == window]])
            yield self._shuffled(rows, repeats[rows], number, index)

    def _shuffled(
        self, rows: npt.NDArray[np.int64], repeats: npt.NDArray[np.int64], epoch: int, index: int
    ) -> list[Draw]:
        drawn = np.repeat(rows, repeats)
        copy = np.arange(len(drawn)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        mixed = rng_of(self.seed, epoch, self.rank, self.world, index, "rows").permutation(len(drawn))
        pairs = zip(drawn[mixed].tolist(), copy[mixed].tolist(), strict=True)
        return [Draw(row, epoch, number) for row, number in pairs]

    def windows(self, start: Position) -> Iterator[Window]:
        """Endlessly, from a position on. The pending draws of `start` come first, in a window that moves nothing."""
        if len(self.rate) == 0:
            raise ValueError("an order of no rows has no windows")
        here = replace(start, pending=())
        if start.pending:
            yield Window(start.pending, here, moves=False)
        while True:
            for index, draws in enumerate(self.epoch(here.epoch)):
                if index == here.window:
                    yield Window(draws[here.taken :], here, moves=True)
                    here = Position(here.epoch, index + 1, 0)
            here = Position(here.epoch + 1, 0, 0)
