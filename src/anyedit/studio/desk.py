"""What one running studio holds: its folders, the indexes that are open, pictures, editors."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from anyedit.bench.items import Suite
from anyedit.studio.ballots import Ballots
from anyedit.studio.decisions import Decisions
from anyedit.studio.editors import Editors
from anyedit.studio.index import Index
from anyedit.studio.journal import Journal
from anyedit.studio.pictures import Pictures, prune
from anyedit.studio.roots import Kind, Place, Roots

CACHE = ".studio"
LOOK_AGAIN = 2.0  # seconds after which the files of a set are looked at again


class Desk:
    """The state of a studio. cache: where indexes and thumbnails go (default: `.studio` in each set's own folder)."""

    def __init__(
        self, folders: Sequence[str | Path], cache: str | Path | None = None, editors: Sequence[str] = ()
    ) -> None:
        self.roots = Roots.of(folders)
        self.pictures = Pictures()
        self.editors = Editors(tuple(editors))
        self._cache = None if cache is None else Path(cache)
        self._indexes: dict[Path, Index] = {}
        self._places: dict[tuple[str, Kind], Place] = {}
        self._looked: dict[Path, float] = {}
        self._decisions: dict[Path, Decisions] = {}
        self.suites: dict[str, Suite] = {}  # by fingerprint
        self.ballots = Ballots()
        self.votes: dict[Path, Journal] = {}
        self._lock = threading.Lock()
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def places(self) -> list[Place]:
        """What there is to look at now."""
        found = self.roots.places()
        self._places = {(place.name, place.kind): place for place in found}
        return found

    def place(self, name: str, kind: Kind) -> Place:
        """A place by its name; the folders are looked through again only when it is not known."""
        known = self._places.get((name, kind))
        if known is not None and known.path.is_dir():
            return known
        self.places()
        return self._places.get((name, kind)) or self.roots.place(name, kind)

    def index(self, name: str) -> Index:
        """The index of a set of pairs as it is now, for numbers that it has given out."""
        place = self.place(name, "pairs")
        with self._lock:
            index = self._indexes.get(place.path)
            if index is None:
                cache = self.cache_of(place)
                index = self._indexes[place.path] = Index(place, self.roots, cache)
                prune(cache)
        return index

    def fresh_index(self, name: str, wait: float | None = 1.0) -> Index:
        """The index after a look at the files, for at most `wait` seconds: a large set is read on behind the page,
        which shows how far it is."""
        index = self.index(name)
        if time.monotonic() - self._looked.get(index.path, 0.0) > LOOK_AGAIN:
            self._looked[index.path] = time.monotonic()
            reading = threading.Thread(target=index.refresh, daemon=True)
            reading.start()
            reading.join(wait)
        return index

    def decisions(self, place: Place) -> Decisions:
        """What reviewers decided about a set."""
        with self._lock:
            return self._decisions.setdefault(place.path, Decisions(place.path))

    def cache_of(self, place: Place) -> Path:
        """A folder for what can be made again; one of the system's when the set's own may not be written."""
        if self._cache is not None:
            return self._cache / hashlib.sha256(str(place.path).encode()).hexdigest()[:16]
        if os.access(place.path, os.W_OK):
            return place.path / CACHE
        if self._scratch is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="anyedit-studio-")
        return Path(self._scratch.name) / hashlib.sha256(str(place.path).encode()).hexdigest()[:16]
