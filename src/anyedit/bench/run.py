"""Running an editor on a suite: resumable per item, seeded per item, failures kept as failures.

A run's folder: `run.json` (what was asked of whom), `outputs/<item>.png`, `failures/<item>.json`. A file that
exists is done; it is written under another name and renamed, so nothing half-written is ever read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import quote

from anyedit.bench.editors import Editor, EditorSpec, Failure, Outcome, Request, open_editor
from anyedit.bench.items import BenchError, FilePicture, Item, Suite, encoded, image_of
from anyedit.bench.suites import open_suite
from anyedit.errors import AnyEditError, StoreError
from anyedit.seeds import seed_of

RUN, OUTPUTS, FAILURES = "run.json", "outputs", "failures"
PACKAGES = ("anyedit", "numpy", "pillow", "torch", "transformers", "diffusers", "scikit-image")


@dataclass(frozen=True)
class SuiteSpec:
    """Where a suite is and how to read it; enough to open it again, here or in a worker."""

    where: str
    kind: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    limit: int | None = None

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
    fingerprint: str
    versions: dict[str, str]

    def output(self, item: Item) -> FilePicture | None:
        """The item's output; None when there is none."""
        path = self.folder / OUTPUTS / f"{file_name(item.id)}.png"
        return FilePicture(path) if path.exists() else None

    def failure(self, item: Item) -> str | None:
        """The reason why there is no output, when one is recorded."""
        path = self.folder / FAILURES / f"{file_name(item.id)}.json"
        return str(json.loads(path.read_text())["reason"]) if path.exists() else None


def file_name(item: str) -> str:
    """An item's id as a file name."""
    return quote(item, safe=" ~+=,")


def run_suite(
    suite: str | Path | SuiteSpec,
    editor: str | EditorSpec,
    out: str | Path,
    *,
    seed: int = 0,
    workers: int = 1,
    batch: int = 8,
    retry_failed: bool = False,
    name: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Run an editor on a suite; the Python twin of `anyedit bench run`. Run again to continue.

    batch: items that the editor gets at once; changes no result. retry_failed: ask failed items again.
    Raises BenchError before any work when suite, editor or folder do not fit.
    """
    asked = suite if isinstance(suite, SuiteSpec) else SuiteSpec(str(suite))
    told = editor if isinstance(editor, EditorSpec) else EditorSpec(editor)
    opened = asked.open()
    made = open_editor(told)
    folder = Path(out)
    record = Run(folder, asked, told, name or made.name, seed, made.facts, opened.fingerprint, versions())
    _claim(record, opened)
    if retry_failed:
        for path in (folder / FAILURES).glob("*.json"):
            path.unlink()
    finished = 0
    for wave in waves(opened.items):
        todo = [item for item in wave if record.output(item) is None and record.failure(item) is None]
        finished += len(wave) - len(todo)
        for count in _wave(record, opened, made, todo, workers, batch):
            finished += count
            if progress is not None:
                progress(finished, len(opened.items))
    return record


def waves(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Items in groups, each after the items whose outputs it needs. Raises BenchError for a turn without its first."""
    known: set[str] = set()
    left = list(items)
    while left:
        ready = [item for item in left if item.previous is None or item.previous in known]
        if not ready:
            raise BenchError(f"item {left[0].id} continues {left[0].previous}, which the suite does not hold")
        yield ready
        known.update(item.id for item in ready)
        left = [item for item in left if item.id not in known]


def _wave(
    run: Run, suite: Suite, editor: Editor, todo: list[Item], workers: int, batch: int
) -> Iterator[int]:
    parts = [todo[start : start + batch] for start in range(0, len(todo), batch)]
    if workers <= 1 or len(parts) <= 1:
        for part in parts:
            edit_part(run, editor, part)
            yield len(part)
        return
    with ProcessPoolExecutor(
        min(workers, len(parts)), get_context("spawn"), initializer=_start, initargs=(run,)
    ) as pool:
        yield from pool.map(_work, [[item.id for item in part] for part in parts])


_WORKER: dict[str, Any] = {}  # one worker process: its run, suite and editor, opened once


def _start(run: Run) -> None:
    _WORKER.update(run=run, suite=run.suite.open(), editor=open_editor(run.editor))


def _work(ids: list[str]) -> int:
    suite: Suite = _WORKER["suite"]
    edit_part(_WORKER["run"], _WORKER["editor"], [suite.by_id[name] for name in ids])
    return len(ids)


def edit_part(run: Run, editor: Editor, items: Sequence[Item]) -> None:
    """Edit some items and write what came of each."""
    requests: list[Request] = []
    for item in items:
        try:
            requests.append(_request(run, item))
        except StoreError as error:
            _write(run, item, Failure(str(error)))
    try:
        made = editor.edit(requests) if requests else []
    except AnyEditError as error:  # one bad item must not take its neighbours along: ask one at a time
        if len(requests) == 1:
            made = [Failure(str(error))]
        else:
            made = [outcome for request in requests for outcome in _alone(editor, request)]
    if len(made) != len(requests):
        raise BenchError(f"editor {editor.name} gave {len(made)} outcomes for {len(requests)} requests")
    for request, outcome in zip(requests, made, strict=True):
        _write(run, request.item, outcome)


def _alone(editor: Editor, request: Request) -> list[Outcome]:
    try:
        return editor.edit([request])
    except AnyEditError as error:
        return [Failure(str(error))]


def _request(run: Run, item: Item) -> Request:
    source = item.source
    if item.previous is not None:
        earlier = run.folder / OUTPUTS / f"{file_name(item.previous)}.png"
        if not earlier.exists():
            raise StoreError(f"the turn before, {item.previous}, has no output")
        source = FilePicture(earlier)
    return Request(
        item,
        image_of(source),
        None if item.visual_prompt is None else image_of(item.visual_prompt),
        seed_of(run.seed, item.id, "edit") >> 1,
    )


def _write(run: Run, item: Item, outcome: Outcome) -> None:
    try:
        if isinstance(outcome, Failure):
            text = json.dumps({"item": item.id, "reason": outcome.reason})
            _put(run.folder / FAILURES / f"{file_name(item.id)}.json", text.encode())
        else:
            _put(run.folder / OUTPUTS / f"{file_name(item.id)}.png", encoded(outcome.convert("RGB")).data())
    except OSError as error:
        raise StoreError(f"cannot write into {run.folder}: {error.strerror or error}") from error


def _put(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    temporary.write_bytes(data)
    os.replace(temporary, path)


def _claim(run: Run, suite: Suite) -> None:
    """Make the folder this run's, or check that it is."""
    told = _told(run, suite)
    path = run.folder / RUN
    if path.exists():
        old = json.loads(path.read_text())
        same = ("suite", "editor", "seed", "facts", "fingerprint")
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
        _put(path, json.dumps(told, indent=1, sort_keys=True).encode())
    except OSError as error:
        raise StoreError(
            f"cannot write into {run.folder}: {error.strerror or error}; choose another --out"
        ) from error


def _told(run: Run, suite: Suite) -> dict[str, Any]:
    where = Path(run.suite.where)
    told: dict[str, Any] = {
        "suite": {**asdict(run.suite), "where": str(where.resolve()) if where.exists() else run.suite.where},
        "editor": asdict(run.editor),
        "name": run.name,
        "seed": run.seed,
        "facts": run.facts,
        "fingerprint": run.fingerprint,
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
    except FileNotFoundError:
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


def describe(settings: Mapping[str, Any]) -> str:
    """Settings in one line."""
    return ", ".join(f"{key}={value}" for key, value in sorted(settings.items()))
