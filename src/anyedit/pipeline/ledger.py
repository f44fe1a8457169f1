"""The ledger: per type and step how many entered, were dropped by which rule and left, and the seconds spent.

Times differ from run to run, so the ledger lies beside the dataset and never in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anyedit.engines.gathered import clock
from anyedit.errors import StoreError


class Ledger:
    """Counts of one shard, or of many merged."""

    def __init__(self) -> None:
        self.types: dict[str, dict[str, Any]] = {}

    def _of(self, edit_type: str) -> dict[str, Any]:
        return self.types.setdefault(edit_type, {"entered": {}, "left": {}, "dropped": {}, "seconds": {}})

    def entered(self, edit_type: str, step: str) -> None:
        """One row came to this step."""
        counts = self._of(edit_type)["entered"]
        counts[step] = counts.get(step, 0) + 1

    def left(self, edit_type: str, step: str) -> None:
        """One row left this step for the next."""
        counts = self._of(edit_type)["left"]
        counts[step] = counts.get(step, 0) + 1

    def dropped(self, edit_type: str, step: str, rule: str) -> None:
        """One row ended at this step by this rule."""
        rules = self._of(edit_type)["dropped"].setdefault(step, {})
        rules[rule] = rules.get(rule, 0) + 1

    @contextmanager
    def spent(self, edit_type: str, engine: str) -> Iterator[None]:
        """Count the seconds inside for this engine."""
        start = clock()
        try:
            yield
        finally:
            seconds = self._of(edit_type)["seconds"]
            seconds[engine] = round(seconds.get(engine, 0.0) + clock() - start, 4)

    def used(self, edit_type: str, role: str, counts: Mapping[str, float]) -> None:
        """Add what an engine that is paid by use has used: requests, tokens, pictures, cost in US dollars."""
        if counts:
            of = self._of(edit_type).setdefault("usage", {}).setdefault(role, {})
            for name, count in counts.items():
                of[name] = round(of.get(name, 0) + count, 7)

    def merge(self, other: dict[str, dict[str, Any]]) -> None:
        """Add the counts of another ledger."""
        for edit_type, theirs in other.items():
            _add(self._of(edit_type), theirs)

    def steps(self) -> dict[str, tuple[int, int]]:
        """Step -> rows of all types that entered it, and that left it."""
        found: dict[str, tuple[int, int]] = {}
        for of in self.types.values():
            for step, entered in of["entered"].items():
                before = found.get(step, (0, 0))
                found[step] = (before[0] + entered, before[1] + of["left"].get(step, 0))
        return found

    @staticmethod
    def read(path: Path) -> dict[str, dict[str, Any]]:
        """The counts that `write` wrote. Raises StoreError naming a file that cannot be read."""
        try:
            counts: dict[str, dict[str, Any]] = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise StoreError(
                f"the ledger {path} cannot be read ({error}); delete it and build again: it is made anew"
            ) from error
        return counts

    def write(self, path: Path) -> None:
        """Write as JSON in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            temporary.write_text(json.dumps(self.types, indent=1, sort_keys=True))
            os.replace(temporary, path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise StoreError(f"cannot write {path}: {error.strerror or error}") from error


def _add(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    for key, value in theirs.items():
        if isinstance(value, dict):
            _add(mine.setdefault(key, {}), value)
        else:
            mine[key] = mine.get(key, 0) + value
