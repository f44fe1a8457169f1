"""The Ray executor: the same tasks on Ray Data, with a pool of workers and a pool of actors for each placed engine.

A row of the dataset is a task; what it makes goes to the build's place (a folder that all machines see, or an object
store), so a row stays small and a lost worker loses one unfinished shard, which is made again. Ray Data hands a worker
no more tasks than it can begin (back-pressure); pictures that travel to placed engines lie in the object store, which
spills to disk.
"""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from anyedit import errors
from anyedit.errors import AnyEditError, RecipeError, require_extra
from anyedit.pipeline.executor import Work, carry_out
from anyedit.pipeline.local import SINGLE_THREADED, start_worker
from anyedit.pipeline.place import Place
from anyedit.pipeline.placed import Pool, engines_of, pools
from anyedit.pipeline.plan import Task
from anyedit.recipe import Recipe

STARTS = 4  # of a Ray of this machine: a busy one may be too slow for it once
IN_FLIGHT = 2  # tasks handed to a worker: the one at work and the next


class RayExecutor:
    """Runs tasks on `workers` actors of a Ray cluster: the one at `address`, else one started on this machine."""

    def __init__(
        self,
        recipe: Recipe,
        place: Place,
        workers: int,
        address: str | None = None,
        work: Work = carry_out,
    ) -> None:
        self.recipe, self.place, self.workers, self.address = recipe, place, workers, address
        self.work = work
        self.pools: list[Pool] = []
        self._ours = False

    def __enter__(self) -> RayExecutor:
        _known_roles(self.recipe)
        self.connect()
        _room_for(self.recipe)
        self.pools = pools(self.recipe)
        return self

    def __exit__(self, *_: object) -> None:
        import ray

        for pool in self.pools:
            for actor in pool.actors:
                ray.kill(actor)
        self.pools = []
        if self._ours:
            ray.shutdown()
            self._ours = False

    def run(self, tasks: Sequence[Task]) -> Iterator[str]:
        """Carry out the tasks, yielding the name of each as it is finished (in any order).

        Raises what a task raised; AnyEditError when workers are lost again and again.
        """
        if not tasks:
            return
        rows = [{"task": pickle.dumps(task)} for task in tasks]
        given = (self.recipe.model_dump_json(), self.place, self.pools, self.work)
        for row in mapped(rows, Worker, given, min(self.workers, len(tasks))):
            if row["fault"]:
                raise _raised(row["fault"], row["message"])
            yield str(row["name"])

    def connect(self, **more: Any) -> None:
        """Join the cluster, unless this process is in one. Raises MissingExtra; AnyEditError when there is none.

        more: settings of `ray.init`, for a Ray that is started here.
        """
        cpus = self.workers + sum(p.replicas * p.cpus for p in self.recipe.placement.values())
        gpus = sum(p.replicas * p.gpus for p in self.recipe.placement.values())
        self._ours = join(self.address, cpus, gpus, **more) or self._ours


def join(address: str | None, cpus: float, gpus: float, **more: Any) -> bool:
    """Join the cluster at `address`, or start one here with room for so many cores and GPUs; whether it is ours to
    end. Nothing is done in a process that is in a cluster already. Raises MissingExtra; AnyEditError when there is none.
    """
    with require_extra("ray", "--executor ray"):
        import ray
    if ray.is_initialized():
        return False
    source = str(Path(errors.__file__).parents[1])  # where this package is imported from
    paths = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
    variables = dict.fromkeys(SINGLE_THREADED, "1") | {"PYTHONPATH": paths}
    settings: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address is None:
        # One machine: as many slots as were asked for, so that nothing waits for a slot for ever.
        settings |= {"num_cpus": int(cpus + 0.999), "include_dashboard": False}
        settings |= {"num_gpus": None if gpus else 0}
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    for left in range(0 if address else STARTS - 1, -1, -1):
        try:
            ray.init(address=address or "local", runtime_env={"env_vars": variables}, **settings | more)
            return True
        except Exception as error:  # Ray raises a bare one when its servers take longer than its half minute
            if not left or "timed out during startup" not in str(error):
                where = f"no Ray cluster at {address}" if address else "Ray cannot start here"
                raise AnyEditError(f"{where}: {error}") from error
            ray.shutdown()
    return True


def mapped(
    rows: Sequence[dict[str, Any]], worker: type, given: tuple[Any, ...], size: int, num_gpus: float = 0
) -> Iterator[dict[str, Any]]:
    """What `size` actors of `worker(*given)` make of the rows, as each is done (in any order).

    Raises AnyEditError when workers are lost again and again.
    """
    import ray
    from ray.data import ActorPoolStrategy, DataContext

    if not rows:
        return
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    data = ray.data.from_items(list(rows), override_num_blocks=len(rows)).map(
        worker,
        fn_constructor_args=given,
        compute=ActorPoolStrategy(size=size, max_tasks_in_flight_per_actor=IN_FLIGHT),
        num_cpus=1,
        num_gpus=num_gpus,
    )
    try:
        yield from data.iter_rows()
    except ray.exceptions.RayError as error:
        raise AnyEditError(
            f"the Ray cluster lost its workers ({error}); what is finished is kept: run the same command again "
            "to continue"
        ) from error


class Worker:
    """An actor of the pool: carries one task after another through the five steps."""

    def __init__(self, recipe: str, place: Place, made: Sequence[Pool], work: Work) -> None:
        self.recipe, self.place, self.work = Recipe.model_validate_json(recipe), place, work
        self.placed = engines_of(made)
        start_worker(self.recipe)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        task: Task = pickle.loads(row["task"])
        try:
            name = self.work(self.recipe, task, self.place, self.placed)
        except AnyEditError as error:
            return {"name": task.name, "fault": type(error).__name__, "message": str(error)}
        except (
            Exception
        ):  # told to the driver, which raises it: a bug of one task must not look like a lost worker
            return {"name": task.name, "fault": "bug", "message": traceback.format_exc()}
        return {"name": name, "fault": "", "message": ""}


def _raised(fault: str, message: str) -> Exception:
    kind = getattr(errors, fault, None)
    if isinstance(kind, type) and issubclass(kind, AnyEditError):
        return kind(message)
    return RuntimeError(f"a task failed on a worker:\n{message}")


def _room_for(recipe: Recipe) -> None:
    """An actor that fits nowhere would be waited for without end; say so instead."""
    import ray

    there = ray.cluster_resources()
    placed = recipe.placement.values()
    gpus = sum(where.replicas * where.gpus for where in placed)
    cpus = sum(where.replicas * where.cpus for where in placed) + 1  # and one worker
    for what, asked, have in (("GPUs", gpus, there.get("GPU", 0)), ("cores", cpus, there.get("CPU", 0))):
        if asked > have:
            raise AnyEditError(
                f"placement asks for {asked:g} {what} (a worker included), and the cluster has {have:g}: fewer replicas, "
                "smaller shares, or a larger cluster"
            )


def _known_roles(recipe: Recipe) -> None:
    from anyedit.engines.toolbox import tools

    known = tools(recipe.engines)
    for role in recipe.placement:
        if not known.has(role):
            raise RecipeError(f"placement: no engine plays the role '{role}'; name one: engines.{role}")
