"""Who edits the parts of a run: this process, processes of this machine, or a Ray cluster. Outputs are the same."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from typing import Any, Protocol

from anyedit.bench.editors import Editor, open_editor
from anyedit.bench.items import BenchError, Suite
from anyedit.bench.parts import edit_part
from anyedit.bench.runs import Run
from anyedit.errors import AnyEditError, nearest

EXECUTORS = ("local", "ray")
Part = Sequence[str]  # ids of items that an editor gets together


class Executor(Protocol):
    """Edits parts; open it with `with`. Its workers live as long as the run, so each opens its editor once."""

    def __enter__(self) -> Executor: ...
    def __exit__(self, *_: Any) -> None: ...

    def edit(self, parts: Sequence[Part]) -> Iterator[int]:
        """Edit the parts, yielding the number of items of each as it is done (in any order)."""
        ...


def executor_for(
    name: str, run: Run, suite: Suite, editor: Editor, workers: int, address: str | None = None
) -> Executor:
    """The executor of this name. address: of a running Ray cluster. Raises BenchError for an unknown name."""
    if name not in EXECUTORS:
        raise BenchError(f"--executor: none is named '{name}'{nearest(name, EXECUTORS)}")
    if name == "ray":
        return RayCluster(run, workers, address)
    if address is not None:
        raise BenchError("--address names a Ray cluster: it needs --executor ray")
    return Processes(run, workers) if workers > 1 else ThisProcess(run, suite, editor)


class ThisProcess:
    """One part after the other, by the editor that is open already."""

    def __init__(self, run: Run, suite: Suite, editor: Editor) -> None:
        self.run, self.suite, self.editor = run, suite, editor

    def __enter__(self) -> ThisProcess:
        return self

    def __exit__(self, *_: Any) -> None: ...

    def edit(self, parts: Sequence[Part]) -> Iterator[int]:
        """Edit the parts in order."""
        for part in parts:
            edit_part(self.run, self.editor, [self.suite.by_id[name] for name in part])
            yield len(part)


class Processes:
    """`workers` processes of this machine."""

    def __init__(self, run: Run, workers: int) -> None:
        self._pool = ProcessPoolExecutor(workers, get_context("spawn"), _start, (run,))

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: Any) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def edit(self, parts: Sequence[Part]) -> Iterator[int]:
        """Edit the parts. Raises BenchError when a process is ended from outside."""
        try:
            yield from self._pool.map(_work, parts)
        except BrokenProcessPool:
            raise BenchError(
                "a worker process ended before its work did (killed, out of memory, or its editor cannot be opened "
                "there); what is finished is kept: run the same command again to continue, with fewer --workers"
            ) from None


_HERE: dict[str, ThisProcess] = {}  # one worker process: what edits there


def _start(run: Run) -> None:
    _HERE["editor"] = ThisProcess(run, run.suite.open(), open_editor(run.editor))


def _work(part: Part) -> int:
    return sum(_HERE["editor"].edit([part]))


class RayCluster:
    """`workers` actors of a Ray cluster: the one at `address`, else one started on this machine.

    All machines must see the run's folder and the suite's; an editor on "cuda" has a GPU for each actor.
    """

    def __init__(self, run: Run, workers: int, address: str | None = None) -> None:
        self.run = replace(run, folder=run.folder.resolve(), suite=run.suite.placed)
        self.workers, self.address = workers, address
        self.gpus = int(run.editor.device.startswith("cuda"))
        self._ours = False

    def __enter__(self) -> RayCluster:
        from anyedit.pipeline.ray import join

        self._ours = join(self.address, self.workers, self.workers * self.gpus)
        return self

    def __exit__(self, *_: Any) -> None:
        if self._ours:
            import ray

            ray.shutdown()

    def edit(self, parts: Sequence[Part]) -> Iterator[int]:
        """Edit the parts. Raises what an editor raised; AnyEditError when workers are lost again and again."""
        from anyedit.pipeline.ray import mapped

        rows = [{"part": pickle.dumps(list(part))} for part in parts]
        size = min(self.workers, len(rows))
        for row in mapped(rows, _Actor, (pickle.dumps(self.run),), size, num_gpus=self.gpus):
            if row["fault"]:
                raise BenchError(f"a worker of the cluster stopped: {row['fault']}")
            yield int(row["items"])


class _Actor:
    """An actor of the pool: opens suite and editor once, then edits one part after another."""

    def __init__(self, run: bytes) -> None:
        told: Run = pickle.loads(run)
        self.fault, self.here = "", None
        try:
            self.here = ThisProcess(told, told.suite.open(), open_editor(told.editor))
        except (
            AnyEditError
        ) as error:  # told to the driver: an actor that cannot start is started again and again
            self.fault = str(error)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        if self.here is None:
            return {"items": 0, "fault": self.fault}
        try:
            return {"items": sum(self.here.edit([pickle.loads(row["part"])])), "fault": ""}
        except AnyEditError as error:
            return {"items": 0, "fault": str(error)}
        except Exception:  # told to the driver, which raises it: a bug must not look like a lost worker
            return {"items": 0, "fault": traceback.format_exc()}
