"""What was computed once: arrays by key in one SQLite file, shared by any number of processes."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64] | npt.NDArray[np.float32]
CHUNK = 400  # keys asked for at once; SQLite takes 999 variables at least


def key_of(*parts: object) -> str:
    """A key that depends on every part."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


class Cache:
    """Arrays by key. Without a path everything is kept in memory, for this process only."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        # workers of other processes wait for one another; a timeout of minutes only matters on a slow disk
        self._base = sqlite3.connect(str(path) if path else ":memory:", timeout=300)
        if path is not None:
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS arrays (key TEXT PRIMARY KEY, kind TEXT, data BLOB) WITHOUT ROWID"
        )
        self._base.commit()

    def get(self, keys: Iterable[str]) -> dict[str, Array]:
        """The arrays that are known; missing keys are left out."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, Array] = {}
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            marks = ",".join("?" * len(part))
            for key, kind, data in self._base.execute(
                f"SELECT key, kind, data FROM arrays WHERE key IN ({marks})", part
            ):
                found[key] = np.frombuffer(data, np.dtype(kind))
        return found

    def put(self, arrays: Mapping[str, Array]) -> None:
        """Keep arrays (1-D, float32 or float64); a key that is known keeps its value."""
        rows = [
            (key, array.dtype.str, np.ascontiguousarray(array).tobytes()) for key, array in arrays.items()
        ]
        with self._base:
            self._base.executemany("INSERT OR IGNORE INTO arrays VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        self._base.close()
