"""Which folders the studio was given, what is in them, and that nothing outside them is read or written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anyedit.errors import AnyEditError, nearest
from anyedit.pipeline import shards
from anyedit.store.dataset import DATASET

Kind = Literal["pairs", "training", "bench", "editor"]
DEPTH = 4  # folders below a given one in which is looked
MOST = 5000  # folders looked at, so that a home folder given by mistake does not take minutes
INSIDE = frozenset(
    (*shards.STEPS, shards.REJECTED, DATASET, "ledger", "data", "outputs", "failures", "samples")
)


class StudioError(AnyEditError):
    """Something that the studio was asked for and cannot do; the page shows the message."""


@dataclass(frozen=True)
class Place:
    """Something that can be looked at. name: as addresses name it. root: the given folder that it lies in."""

    name: str
    kind: Kind
    path: Path
    root: Path

    @property
    def is_build(self) -> bool:
        """Whether it is a build's folder (with its steps), not only a dataset."""
        return (self.path / shards.STEPS[0]).is_dir()


@dataclass(frozen=True)
class Roots:
    """The given folders, resolved. Looked through anew at each question: builds and runs appear while it is open."""

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, folders: Sequence[str | Path]) -> Roots:
        """Raises StudioError for what is no folder."""
        found = []
        for told in folders or (".",):
            path = Path(told).expanduser()
            if not path.is_dir():
                raise StudioError(f"{told}: no such folder; name builds, datasets, trainings or bench runs")
            found.append(path.resolve())
        return cls(tuple(dict.fromkeys(found)))

    def holds(self, path: Path) -> bool:
        """Whether a path, with all its links followed, lies in one of the folders."""
        real = path.resolve()
        return any(real == folder or folder in real.parents for folder in self.folders)

    def checked(self, path: Path) -> Path:
        """The path itself. Raises StudioError when it leaves the folders (a link may)."""
        if not self.holds(path):
            raise StudioError(
                f"{path.name} lies outside the folders that the studio was given; name its folder too: "
                f"anyedit studio {' '.join(map(str, self.folders))} {path.parent}"
            )
        return path

    def places(self) -> list[Place]:
        """Everything that can be looked at, in the order of the folders."""
        found: dict[str, Place] = {}
        for root in self.folders:
            for path in _folders(root):
                if not self.holds(path):
                    continue
                inside = path.relative_to(root)
                stem = "/".join((root.name or "root", *inside.parts))
                for kind in _kinds(path):
                    name, number = stem, 2
                    while name in found:
                        name, number = f"{stem}~{number}", number + 1
                    found[name] = Place(name, kind, path, root)
        return list(found.values())

    def place(self, name: str, kind: Kind) -> Place:
        """A place by the name that `places` gave it. Raises StudioError when there is none."""
        known = [place for place in self.places() if place.kind == kind]
        for place in known:
            if place.name == name:
                return place
        raise StudioError(
            f"nothing of the kind '{kind}' is named '{name}'{nearest(name, [p.name for p in known])}"
        )


def _folders(root: Path) -> Iterator[Path]:
    queue, seen = [(root, 0)], 0
    while queue:
        path, depth = queue.pop(0)
        yield path
        seen += 1
        if depth == DEPTH or seen > MOST or "editor" in _kinds(path):
            continue
        try:
            with os.scandir(path) as entries:
                below = sorted(e.name for e in entries if e.is_dir() and not e.name.startswith((".", "__")))
        except OSError:
            continue  # a folder that may not be read holds nothing to show
        queue += [(path / name, depth + 1) for name in below if name not in INSIDE]


def _kinds(path: Path) -> list[Kind]:
    kinds: list[Kind] = []
    if (
        (path / shards.STEPS[0]).is_dir()
        or _has_parquet(path / DATASET / "data")
        or _has_parquet(path / "data")
    ):
        kinds.append("pairs")
    if (path / "log.jsonl").is_file():
        kinds.append("training")
    if (path / "run.json").is_file() and (path / "outputs").is_dir():
        kinds.append("bench")
    if (path / "model_index.json").is_file() or (path / "experts" / "task_embs.bin").is_file():
        kinds.append("editor")
    return kinds


def _has_parquet(folder: Path) -> bool:
    return folder.is_dir() and next(folder.glob("*.parquet"), None) is not None
