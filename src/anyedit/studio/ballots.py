"""Votes that are being asked for: the page knows their secret and nothing else."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from anyedit.studio.roots import StudioError

OPEN = 500  # ballots that are remembered


@dataclass(frozen=True)
class Ballot:
    """One question that is open. left, right: names of runs, which the page is never told before the vote."""

    voter: str
    runs: str
    item: str
    left: str
    right: str


class Ballots:
    """Open questions by their secret."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Ballot] = OrderedDict()

    def open(self, ballot: Ballot) -> str:
        """A secret for a ballot."""
        name = secrets.token_urlsafe(12)
        self._open[name] = ballot
        while len(self._open) > OPEN:
            self._open.popitem(last=False)
        return name

    def of(self, name: str) -> Ballot:
        """The ballot. Raises StudioError for one that was cast or is too old."""
        if name not in self._open:
            raise StudioError(
                "this vote is not open any more (it was cast, or the studio was started again): go on"
            )
        return self._open[name]

    def close(self, name: str) -> None:
        """It was cast."""
        self._open.pop(name, None)
