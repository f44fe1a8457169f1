"""Append-only lines of JSON that are on disk before anyone is told that they are: decisions and votes."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from anyedit.errors import StoreError
from anyedit.studio.roots import StudioError

LONGEST = 40  # letters of a person's name
LONGEST_FILE = 240  # of a file's name, in which a letter that is not Latin takes up to 12


class Journal:
    """A folder with one file for each person. A line cut off by a kill is left out, and the next one starts anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._read: dict[Path, tuple[int, list[dict[str, Any]]]] = {}

    def append(self, person: str, entry: dict[str, Any]) -> None:
        """Write one line and wait until the disk has it. Raises StoreError when it cannot be kept."""
        path = self._path(person)
        line = json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        try:
            with self._lock:
                new = not path.exists()
                path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
                try:
                    size = os.fstat(handle).st_size
                    if size and os.pread(handle, 1, size - 1) != b"\n":
                        line = b"\n" + line  # what a kill cut off stays a line of its own, which is not read
                    if os.write(handle, line) != len(line):
                        raise OSError("the disk took only a part")
                    os.fsync(handle)
                finally:
                    os.close(handle)
                if new:  # the name of a new file is a write of its own
                    folder = os.open(path.parent, os.O_RDONLY)
                    try:
                        os.fsync(folder)
                    finally:
                        os.close(folder)
        except OSError as error:
            raise StoreError(f"NOT saved: cannot write {path} ({error.strerror or error})") from error

    def people(self) -> list[str]:
        """Who has written anything."""
        return sorted(unquote(path.stem) for path in self.folder.glob("*.jsonl"))

    def entries(self, person: str) -> list[dict[str, Any]]:
        """All whole lines of a person, in order."""
        path = self._path(person)
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return []
        kept = self._read.get(path)
        if kept is None or kept[0] != size:  # lines are only ever added
            kept = (size, lines_of(path.read_bytes()))
            self._read[path] = kept
        return kept[1]

    def _path(self, person: str) -> Path:
        name = person.strip()
        file = f"{quote(name, safe=' ')}.jsonl"
        if not name or len(name) > LONGEST or len(file) > LONGEST_FILE:
            raise StudioError(
                f"a name of 1 to {LONGEST} letters is needed to write anything down (fewer where they are not Latin)"
            )
        return self.folder / file


def lines_of(data: bytes) -> list[dict[str, Any]]:
    """The whole lines of a file that is being written."""
    found = []
    for line in data.split(b"\n"):
        try:
            told = json.loads(line)
        except ValueError:
            continue  # the rest of a line that a kill cut off
        if isinstance(told, dict):
            found.append(told)
    return found
