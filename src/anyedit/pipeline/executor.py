"""What carries tasks out: processes of this machine, or a Ray cluster. Steps do not know which; bytes are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from anyedit.errors import RecipeError, nearest
from anyedit.pipeline import shards
from anyedit.pipeline.place import Place
from anyedit.pipeline.plan import Task
from anyedit.pipeline.survey import FILE as SURVEY
from anyedit.pipeline.task import LEDGER, passes, run_task
from anyedit.recipe import Recipe

EXECUTORS = ("local", "ray")
Work = Callable[
    [Recipe, Task, Place, Mapping[str, Any] | None], str
]  # what is done with a task; gives its name


class Executor(Protocol):
    """Runs tasks until each is finished on disk (or in the object store). Open it with `with`."""

    def __enter__(self) -> Executor: ...
    def __exit__(self, *_: Any) -> None: ...

    def run(self, tasks: Sequence[Task]) -> Iterator[str]:
        """Carry out the tasks, yielding the name of each as it is finished, in any order."""
        ...


def executor_for(
    name: str, recipe: Recipe, place: Place, workers: int, address: str | None = None
) -> Executor:
    """The executor of this name. address: of a running Ray cluster. Raises RecipeError for an unknown one."""
    if name not in EXECUTORS:
        raise RecipeError(f"--executor: none is named '{name}'{nearest(name, EXECUTORS)}")
    if name == "ray":
        from anyedit.pipeline.ray import RayExecutor

        return RayExecutor(recipe, place, workers, address)
    if address is not None:
        raise RecipeError("--address is for `--executor ray`; the local executor has none")
    from anyedit.pipeline.local import LocalExecutor

    return LocalExecutor(recipe, place, workers)


def carry_out(recipe: Recipe, task: Task, place: Place, placed: Mapping[str, Any] | None = None) -> str:
    """Run a task unless its keeper has it, and give what it made to the keeper; returns its name.

    placed: role -> engine, for engines that run elsewhere.
    """
    files = files_of(recipe, task.name, place.folder)
    if place.url and place.stored(files[-1]):
        return task.name
    place.pull([place.folder / SURVEY])
    name = run_task(recipe, task, place.folder, placed)
    place.push(files)
    return name


def files_of(recipe: Recipe, task: str, out: Path) -> list[Path]:
    """All files of a task; the last one is there only when the others are."""
    found = []
    for number in range(1, passes(recipe) + 1):
        name = f"{task}-p{number}"
        found += [shards.shard_path(out, step, name) for step in (*shards.STEPS[:4], shards.REJECTED)]
        found += [out / LEDGER / f"{name}.json", shards.shard_path(out, shards.STEPS[4], name)]
    return found
