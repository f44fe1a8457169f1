"""The same tools with another seed: what a further candidate of one edit is made with.

Edit types do not know of candidates. Jobs that carry a seed get one that depends on theirs and on the candidate's;
engines that take no seed are passed on as they are, and give the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from anyedit.seeds import seed_of

SEEDED = {
    "generate": "generate",
    "paint": "paint",
    "follow": "follow",
    "paint_like": "paint_like",
}  # role -> method whose jobs have a seed


class SeededTools:
    """Tools whose jobs' seeds are mixed with `key`; everything else is the tools' own."""

    def __init__(self, tools: Any, *key: str | int) -> None:
        self._tools, self._key = tools, key

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(self._tools, name)  # has() and version() among them
        if name in SEEDED:
            return _Reseeded(found, SEEDED[name], self._key)
        if name == "stylise":
            return _Restyled(found, self._key)
        return found


class _Reseeded:
    def __init__(self, engine: Any, method: str, key: tuple[str | int, ...]) -> None:
        self._engine, self._method, self._key = engine, method, key

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if name != self._method:
            return found
        call: Callable[[Sequence[Any]], Any] = found
        return lambda jobs: call([replace(job, seed=_mixed(job.seed, self._key)) for job in jobs])


class _Restyled:
    def __init__(self, engine: Any, key: tuple[str | int, ...]) -> None:
        self._engine, self._key = engine, key

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if name != "stylise":
            return found
        return lambda picture, style, seed=0: found(picture, style, _mixed(seed, self._key))


def _mixed(seed: int, key: tuple[str | int, ...]) -> int:
    return seed_of(seed, *key, "candidate") % 2**31
