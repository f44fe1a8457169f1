"""What a build says while it runs: bars on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Protocol


class Progress(Protocol):
    """Told of the counts as shards finish."""

    def __enter__(self) -> Progress: ...
    def __exit__(self, *_: Any) -> None: ...
    def update(self, accepted: int, wanted: int, tried: int, round_number: int) -> None:
        """`accepted` of `wanted` pairs after `tried` instructions."""


class Silent:
    """Says nothing."""

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def update(self, accepted: int, wanted: int, tried: int, round_number: int) -> None:
        """Nothing."""


class Plain:
    """One line every few seconds, for logs."""

    def __init__(self, every: float = 10.0) -> None:
        self.every, self.started, self.last = every, time.monotonic(), 0.0

    def __enter__(self) -> Plain:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def update(self, accepted: int, wanted: int, tried: int, round_number: int) -> None:
        """A line, when the last one is old enough."""
        now = time.monotonic()
        if now - self.last < self.every and accepted < wanted:
            return
        self.last = now
        seconds = now - self.started
        print(
            f"[{seconds:5.0f} s] {accepted}/{wanted} pairs, yield {accepted / max(tried, 1):.0%}, "
            f"{accepted / max(seconds, 1e-9):.2f} pairs/s, round {round_number + 1}",
            flush=True,
        )


class Bars:
    """A rich progress bar with rate, yield and time left."""

    def __init__(self) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self.bar = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self.task = self.bar.add_task("pairs", total=None, rate="")
        self.started = time.monotonic()

    def __enter__(self) -> Bars:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def update(self, accepted: int, wanted: int, tried: int, round_number: int) -> None:
        """Move the bar."""
        rate = accepted / max(time.monotonic() - self.started, 1e-9)
        self.bar.update(
            self.task,
            completed=accepted,
            total=wanted,
            description=f"pairs (round {round_number + 1})",
            rate=f"{rate:.2f}/s, yield {accepted / max(tried, 1):.0%}",
        )


def progress_for(quiet: bool) -> Progress:
    """Bars on a terminal, plain lines elsewhere, silence when asked."""
    import sys

    if quiet:
        return Silent()
    return Bars() if sys.stderr.isatty() and sys.stdout.isatty() else Plain()
