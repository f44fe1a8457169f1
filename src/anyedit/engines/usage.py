"""What engines have used: requests, tokens, pictures, money, and seconds elsewhere; counted by whoever calls them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Usage:
    """Counts since an engine was made. cost: in US dollars, by the prices that the recipe states (0: not stated).

    calls, seconds: of an engine that runs elsewhere (`placement`), in which it was at work for us.
    """

    requests: int = 0
    retries: int = 0
    rejected_answers: int = 0  # answers that were not what was asked for, asked again or given up
    input_tokens: int = 0
    output_tokens: int = 0
    pictures: int = 0
    cost: float = 0.0
    calls: int = 0
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Usage)))

    def __sub__(self, other: Usage) -> Usage:
        return Usage(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Usage)))

    def as_counts(self) -> dict[str, float]:
        """The counts that are not zero, by name; money rounded to a hundred-thousandth of a cent."""
        counts = {f.name: getattr(self, f.name) for f in fields(Usage)}
        return {name: round(value, 7) for name, value in counts.items() if value}


class Meter:
    """Adds up usage; safe to use from several threads."""

    def __init__(self) -> None:
        self._total = Usage()
        self._lock = threading.Lock()

    def add(self, usage: Usage) -> None:
        """Count one more use."""
        with self._lock:
            self._total += usage

    @property
    def total(self) -> Usage:
        """All that was counted so far."""
        with self._lock:
            return self._total
