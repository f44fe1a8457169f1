"""What a build says while it runs: bars on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Protocol

STEPS = {"instruct": "instructed", "prefilter": "prefiltered", "edit": "edited", "assess": "assessed"}
Steps = Mapping[str, tuple[int, int]]  # step -> rows that entered it, rows that left it for the next


class Progress(Protocol):
    """Told of the counts as shards finish."""

    def __enter__(self) -> Progress: ...
    def __exit__(self, *_: Any) -> None: ...
    def update(self, accepted: int, wanted: int, steps: Steps, round_number: int) -> None:
        """`accepted` of `wanted` pairs, and what went through the steps for them."""


class Silent:
    """Says nothing."""

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def update(self, accepted: int, wanted: int, steps: Steps, round_number: int) -> None:
        """Nothing."""


class Plain:
    """One line every few seconds, for logs."""

    def __init__(self, every: float = 10.0) -> None:
        self.every, self.started, self.last = every, time.monotonic(), 0.0

    def __enter__(self) -> Plain:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def update(self, accepted: int, wanted: int, steps: Steps, round_number: int) -> None:
        """A line, when the last one is old enough."""
        now = time.monotonic()
        if now - self.last < self.every and accepted < wanted:
            return
        self.last = now
        seconds = now - self.started
        tried = next((steps[name][0] for name in STEPS if name in steps), 0)
        left = f", {seconds / accepted * (wanted - accepted):.0f} s left" if 0 < accepted < wanted else ""
        told = ", ".join(f"{words} {steps[name][1]}" for name, words in STEPS.items() if name in steps)
        print(
            f"[{seconds:5.0f} s] {accepted}/{wanted} pairs, yield {accepted / max(tried, 1):.0%}, "
            f"{accepted / max(seconds, 1e-9):.2f} pairs/s{left}, round {round_number + 1}; {told}",
            flush=True,
        )


class Bars:
    """Rich bars, one for the pairs and one for each step, with rate, yield and time left."""

    def __init__(self, console: Any = None) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        self.bars = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}", justify="right"),
            TextColumn("{task.fields[rate]}", justify="right"),
            TextColumn("{task.fields[share]}"),
            TextColumn("{task.fields[left]}"),
            console=console,
        )
        self.tasks: dict[str, Any] = {}
        self.started = time.monotonic()
        self._move("pairs", "pairs", 0, None, "")

    def __enter__(self) -> Bars:
        self.bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bars.stop()

    def update(self, accepted: int, wanted: int, steps: Steps, round_number: int) -> None:
        """Move the bars; how much a step will have to do is judged by the pairs that came of it so far."""
        tried = next((steps[name][0] for name in STEPS if name in steps), 0)
        share = f"yield {accepted / max(tried, 1):.0%}"
        self._move("pairs", f"pairs (round {round_number + 1})", accepted, wanted, share)
        for name, words in STEPS.items():
            if name in steps:
                entered, left = steps[name]
                total = max(left, round(left * wanted / accepted)) if accepted else None
                self._move(name, words, left, total, f"yield {left / max(entered, 1):.0%}")

    def _move(self, name: str, words: str, done: int, total: int | None, share: str) -> None:
        seconds = max(time.monotonic() - self.started, 1e-9)
        told: dict[str, Any] = {
            "count": f"{done}/{'?' if total is None else total}",
            "rate": f"{done / seconds:.2f}/s",
            "share": share,
            "left": f"{timedelta(seconds=round(seconds / done * (total - done)))} left"
            if done and total
            else "",
        }
        if name not in self.tasks:
            self.tasks[name] = self.bars.add_task(words, total=total, **told)
        self.bars.update(self.tasks[name], completed=done, total=total, description=words, **told)


def progress_for(quiet: bool) -> Progress:
    """Bars on a terminal, plain lines elsewhere, silence when asked."""
    import sys

    if quiet:
        return Silent()
    return Bars() if sys.stderr.isatty() and sys.stdout.isatty() else Plain()
