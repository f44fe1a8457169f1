"""A run as its folder tells it: `run.json` (what was asked of whom), `outputs/<item>.png`, `failures/<item>.json`.

A file that exists is done; it is written under another name and renamed, so nothing half-written is ever read.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from anyedit.bench.editors import EditorSpec
from anyedit.bench.items import BenchError, FilePicture, Item, Picture, Suite
from anyedit.bench.suites import KINDS, open_suite
from anyedit.errors import StoreError

RUN, OUTPUTS, FAILURES = "run.json", "outputs", "failures"
PACKAGES = ("anyedit", "numpy", "pillow", "torch", "transformers", "diffusers", "scikit-image")


@dataclass(frozen=True)
class SuiteSpec:
    """Where a suite is and how to read it; enough to open it again, here or in a worker."""

    where: str
    kind: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    limit: int | None = None

    @property
    def placed(self) -> SuiteSpec:
        """The same with a folder of this machine as a whole path; a suite's own name is none, whatever lies here."""
        where = Path(self.where)
        return (
            replace(self, where=str(where.resolve())) if self.where not in KINDS and where.exists() else self
        )

    def open(self) -> Suite:
        """The suite."""
        return open_suite(self.where, self.kind, self.options).limited(self.limit)


@dataclass(frozen=True)
class Run:
    """A finished or half-finished run as its folder tells it."""

    folder: Path
    suite: SuiteSpec
    editor: EditorSpec
    name: str  # the editor's, in tables
    seed: int
    facts: dict[str, Any]
    fingerprint: str  # of the suite's texts
    pictures: str  # hash of the suite's pictures
    versions: dict[str, str]

    def output(self, item: Item) -> FilePicture | None:
        """The item's output; None when there is none."""
        path = self.folder / OUTPUTS / f"{file_name(item.id)}.png"
        return FilePicture(path) if path.exists() else None

    def outputs(self, suite: Suite, digest: Callable[[Picture], str]) -> str:
        """SHA-256 over ids and the digests of all outputs."""
        there = [(item.id, picture) for item in suite.items if (picture := self.output(item)) is not None]
        told = "\n".join(f"{name} {digest(picture)}" for name, picture in there)
        return hashlib.sha256(told.encode()).hexdigest()

    def failure(self, item: Item) -> str | None:
        """The reason why there is no output, when one is recorded."""
        path = self.folder / FAILURES / f"{file_name(item.id)}.json"
        return str(json.loads(path.read_text())["reason"]) if path.exists() else None


def file_name(item: str) -> str:
    """An item's id as a file name."""
    return quote(item, safe=" ~+=,")


def put(path: Path, content: bytes | str) -> None:
    """Write a file so that it is whole or not there."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    os.replace(temporary, path)


def claim(run: Run, suite: Suite) -> None:
    """Make the folder this run's, or check that it is. Raises BenchError when it is another's."""
    told = _told(run, suite)
    path = run.folder / RUN
    if path.exists():
        old = json.loads(path.read_text())
        same = ("suite", "editor", "seed", "facts", "fingerprint", "pictures")
        changed = [key for key in same if old.get(key) != json.loads(json.dumps(told[key]))]
        if changed:
            raise BenchError(
                f"{run.folder} holds another run (different: {', '.join(changed)}); choose another --out, "
                f"or delete {run.folder}"
            )
        return
    try:
        for name in (OUTPUTS, FAILURES):
            (run.folder / name).mkdir(parents=True, exist_ok=True)
        put(path, json.dumps(told, indent=1, sort_keys=True))
    except OSError as error:
        raise StoreError(
            f"cannot write into {run.folder}: {error.strerror or error}; choose another --out"
        ) from error


def _told(run: Run, suite: Suite) -> dict[str, Any]:
    told: dict[str, Any] = {
        "suite": asdict(run.suite.placed),
        "editor": asdict(run.editor),
        "name": run.name,
        "seed": run.seed,
        "facts": run.facts,
        "fingerprint": run.fingerprint,
        "pictures": run.pictures,
        "versions": run.versions,
    }
    told["suite_facts"] = {
        "name": suite.name,
        "licence": suite.licence,
        "setting": suite.setting,
        "split": suite.split,
        "items": len(suite.items),
    }
    return told


def read_run(folder: str | Path) -> Run:
    """The run in a folder. Raises BenchError when there is none."""
    path = Path(folder) / RUN
    try:
        told = json.loads(path.read_text())
    except (FileNotFoundError, NotADirectoryError):
        raise BenchError(f"{folder} is no run: it has no {RUN}; make one with 'anyedit bench run'") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read ({error})") from error
    return Run(
        Path(folder),
        SuiteSpec(**told["suite"]),
        EditorSpec(**told["editor"]),
        told["name"],
        told["seed"],
        told["facts"],
        told["fingerprint"],
        told.get("pictures", ""),
        told["versions"],
    )


def versions(packages: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Versions of what results depend on."""
    found: dict[str, str] = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
