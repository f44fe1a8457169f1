"""Running editors on a suite: resumable per item, seeded per item, on processes or a Ray cluster."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from anyedit.bench.editors import EditorSpec, open_editor
from anyedit.bench.executors import executor_for
from anyedit.bench.items import BenchError, Item
from anyedit.bench.runs import FAILURES, Run, SuiteSpec, claim, versions

Progress = Callable[[int, int], None]  # items done, items in all


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
    progress: Progress | None = None,
    executor: str = "local",
    address: str | None = None,
) -> Run:
    """Run an editor on a suite; the Python twin of `anyedit bench run`. Run again to continue.

    batch: items that the editor gets at once; changes no result. retry_failed: ask failed items again. executor:
    "local" (processes) or "ray"; address: of a running Ray cluster.
    Raises BenchError before any work when suite, editor or folder do not fit.
    """
    asked = suite if isinstance(suite, SuiteSpec) else SuiteSpec(str(suite))
    told = editor if isinstance(editor, EditorSpec) else EditorSpec(editor)
    made = open_editor(told)  # first: a suite may take minutes to render, and a slip in a name none to tell
    opened = asked.open()
    folder = Path(out)
    record = Run(
        folder,
        asked,
        told,
        name or made.name,
        seed,
        made.facts,
        opened.fingerprint,
        opened.pictures(),
        versions(),
    )
    chosen = executor_for(executor, record, opened, made, workers, address)
    steps = list(waves(opened.items))
    claim(record, opened)
    if retry_failed:
        for path in (folder / FAILURES).glob("*.json"):
            path.unlink()
    finished = 0
    with chosen:
        for wave in steps:
            todo = [item.id for item in wave if record.output(item) is None and record.failure(item) is None]
            finished += len(wave) - len(todo)
            for count in chosen.edit([todo[start : start + batch] for start in range(0, len(todo), batch)]):
                finished += count
                if progress is not None:
                    progress(finished, len(opened.items))
    return record


def folders_for(editors: Sequence[str], out: str | Path) -> list[Path]:
    """Where the runs of some editors go: `out` for one, else a folder in it for each, named as the editor is asked for.

    Raises BenchError for two editors of one name.
    """
    if len(editors) == 1:
        return [Path(out)]
    names = [re.sub(r"[^A-Za-z0-9._-]+", "-", editor).strip("-.")[:80] for editor in editors]
    for index, name in enumerate(names):
        if not name or name in names[:index]:
            raise BenchError(
                f"--editor {editors[index]}: its folder '{name}' in {out} is taken; run it with another --out"
            )
    return [Path(out) / name for name in names]


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
