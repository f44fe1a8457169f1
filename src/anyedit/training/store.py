"""Encoders' outputs on disk, keyed by content: rows of one shape in flat files that are mapped into memory.

Each writer appends to a file that it holds a lock on, and reads all of them. A row counts once its key is written,
after its data: what a killed process left half-written is cut off when the next one writes there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from anyedit.errors import StoreError

KEY = 16  # bytes


def key_of(*parts: bytes | str | memoryview) -> bytes:
    """A key of 16 bytes that depends on every part."""
    told = hashlib.blake2b(digest_size=KEY)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        told.update(len(data).to_bytes(8, "big"))
        told.update(data)
    return told.digest()


class FeatureStore:
    """key -> array of one shape. dtype: that of the files."""

    def __init__(self, folder: Path, shape: tuple[int, ...], dtype: str) -> None:
        self.shape, self.dtype = shape, np.dtype(dtype)
        self.folder = folder / f"{'x'.join(map(str, shape))}-{dtype}"
        self._row_bytes = int(np.prod(shape)) * self.dtype.itemsize
        self._row_of: dict[bytes, tuple[int, int]] = {}
        self._maps: list[npt.NDArray[np.generic]] = []
        self._lock: IO[bytes] | None = None
        self._part = ""
        self.refresh()

    def __contains__(self, key: bytes) -> bool:
        return key in self._row_of

    def __len__(self) -> int:
        return len(self._row_of)

    def missing(self, keys: Iterable[bytes]) -> list[bytes]:
        """The keys that are not there, each once, in order."""
        return [key for key in dict.fromkeys(keys) if key not in self._row_of]

    def append(self, keys: Sequence[bytes], values: npt.NDArray[np.floating]) -> None:
        """Add rows: values (len(keys), *shape). They can be read after `refresh`."""
        if values.shape != (len(keys), *self.shape):
            raise ValueError(f"{values.shape} values for {len(keys)} keys of shape {self.shape}")
        try:
            if self._lock is None:
                self._take_part()
            for suffix, data in ((".data", values.astype(self.dtype).tobytes()), (".keys", b"".join(keys))):
                with open(self.folder / f"{self._part}{suffix}", "ab") as out:
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
        except OSError as error:
            raise StoreError(f"cannot write the cache {self.folder}: {error}") from error
        for key in keys:
            self._row_of.setdefault(key, (-1, -1))  # known, though not mapped yet

    def refresh(self) -> None:
        """Map what all processes have written so far."""
        self._row_of, self._maps = {}, []
        for keys in sorted(self.folder.glob("part-*.keys")):
            data = keys.with_suffix(".data")
            known = keys.read_bytes()
            count = min(len(known) // KEY, data.stat().st_size // self._row_bytes) if data.exists() else 0
            if count == 0:
                continue
            number = len(self._maps)
            self._maps.append(np.memmap(data, self.dtype, "r", shape=(count, *self.shape)))
            for row in range(count):
                self._row_of.setdefault(known[row * KEY : (row + 1) * KEY], (number, row))

    def read(self, keys: Sequence[bytes]) -> npt.NDArray[np.float32]:
        """Rows as float32 (len(keys), *shape). Raises KeyError for a key that is not there."""
        out = np.empty((len(keys), *self.shape), np.float32)
        for place, key in enumerate(keys):
            number, row = self._row_of[key]
            out[place] = self._maps[number][row]
        return out

    def close(self) -> None:
        """Let another writer have the file."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _take_part(self) -> None:
        """The first part that no other process writes, cut to whole rows."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for number in range(10_000):
            self._part = f"part-{number:04d}"
            lock = open(self.folder / f"{self._part}.lock", "wb")  # noqa: SIM115 (held until close)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            self._lock = lock
            data, keys = (self.folder / f"{self._part}{suffix}" for suffix in (".data", ".keys"))
            for file in (data, keys):
                file.touch()
            count = min(data.stat().st_size // self._row_bytes, keys.stat().st_size // KEY)
            os.truncate(data, count * self._row_bytes)
            os.truncate(keys, count * KEY)
            return
