"""The local executor: processes on this machine, no server. With one worker everything runs in this process."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyedit.errors import AnyEditError
from anyedit.pipeline.place import Place
from anyedit.pipeline.plan import Task
from anyedit.recipe import Recipe

if TYPE_CHECKING:
    from anyedit.pipeline.executor import Work

SINGLE_THREADED = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "OIDN_NUM_THREADS",
)  # read at import by the libraries


SHAPES = ".shapes"  # in the build's folder while it runs


class LocalExecutor:
    """Runs tasks on `workers` processes; each is one thread, so that workers share the cores without fighting.

    Raises RecipeError for a Mitsuba variant that this machine cannot run.
    """

    def __init__(self, recipe: Recipe, out: Path | Place, workers: int, work: Work | None = None) -> None:
        from anyedit.pipeline.executor import carry_out

        self.recipe, self.place, self.workers = recipe, Place.of(out), workers
        self.work = work or carry_out
        variant = getattr(recipe.source, "variant", "scalar_rgb")
        if variant != "scalar_rgb":  # that one always runs; another is tried before anything is written
            from anyedit.world.loading import mitsuba

            mitsuba(variant)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> LocalExecutor:
        for name in SINGLE_THREADED:
            os.environ.setdefault(name, "1")
        if self.workers > 1:
            self._pool = ProcessPoolExecutor(
                self.workers,
                mp_context=_context(),
                initializer=_start_worker,
                initargs=(self.recipe, self.place.folder / SHAPES, dict(os.environ)),
            )
        else:
            start_worker(self.recipe, self.place.folder / SHAPES)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        _keep_shapes(None)
        shutil.rmtree(self.place.folder / SHAPES, ignore_errors=True)

    def run(self, tasks: Sequence[Task]) -> Iterator[str]:
        """Carry out the tasks, yielding the name of each as it is finished (in any order)."""
        if self._pool is None:
            for task in tasks:
                yield self.work(self.recipe, task, self.place, None)
            return
        try:
            waiting: set[Future[str]] = {
                self._pool.submit(self.work, self.recipe, task, self.place, None) for task in tasks
            }
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        except BrokenProcessPool:
            raise AnyEditError(
                "a worker process was ended from outside (killed, or the machine ran out of memory); what is "
                "finished is kept: run the same command again to continue, with fewer --workers if memory is short"
            ) from None


def _context() -> Any:
    """How processes of the pool start: on Linux as forks of one that has imported everything once, whose pages they
    share; elsewhere anew."""
    if not sys.platform.startswith("linux"):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["anyedit.pipeline.preloaded"])
    return context


def _start_worker(recipe: Recipe, shapes: Path, environment: Mapping[str, str]) -> None:
    """Prepare a process of the pool."""
    os.environ.clear()  # the server of an earlier build may be older than what is set now
    os.environ.update(environment)
    end_with_parent()
    start_worker(recipe, shapes)


def end_with_parent() -> None:
    """This process of a pool ends with the one that started it, even one that is killed (its queue would never say)."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _keep_shapes(folder: Path | None) -> None:
    from anyedit.world import shelf

    shelf.use(folder)


def start_worker(recipe: Recipe, shapes: Path | None = None) -> None:
    """Prepare a worker: quiet libraries, the user's own models, and the folder where built shapes are kept."""
    _keep_shapes(shapes)
    logging.getLogger("rapidocr").setLevel(logging.ERROR)
    import cv2

    cv2.setNumThreads(1)
    models = getattr(recipe.source, "models", None)
    if models:
        from anyedit.world.meshes import load_models

        load_models(Path(models), Path(models) / ".anyedit-cache")
