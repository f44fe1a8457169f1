"""Engines that run elsewhere: a pool of Ray actors for each, each with its share of a GPU, called as if it were here.

A call goes to one copy of the pool and waits for it, so that a worker never has more than one request under way: that
is the back-pressure on the engines. What an engine raises arrives as it was raised, so rejected rows read the same.
What it uses (calls, seconds, tokens) comes back with the answer and is counted where the call came from.
"""

from __future__ import annotations

import itertools
import os
import pickle
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from anyedit.engines.usage import Meter, Usage
from anyedit.recipe import Recipe

RETRIES = 3  # of a call whose actor was lost under it


@dataclass(frozen=True)
class Pool:
    """The copies of one role's engine. actors: handles, which travel to the workers."""

    role: str
    actors: tuple[Any, ...]
    attributes: dict[str, Any] = field(default_factory=dict)  # what the engine says of itself
    methods: frozenset[str] = frozenset()


class Host:
    """One copy of an engine; becomes an actor. Weights load on the first call, and stay."""

    def __init__(self, recipe: str, role: str) -> None:
        from anyedit.engines.toolbox import tools
        from anyedit.pipeline.local import start_worker

        checked = Recipe.model_validate_json(recipe)
        start_worker(checked)
        self.engine = getattr(tools(checked.engines), role)

    def says(self) -> tuple[dict[str, Any], frozenset[str]]:
        """The engine's plain attributes and the names of its methods."""
        names = [name for name in dir(self.engine) if not name.startswith("_")]
        values = {name: getattr(self.engine, name) for name in names}
        plain = {name: value for name, value in values.items() if not callable(value) and _travels(value)}
        return plain, frozenset(name for name, value in values.items() if callable(value))

    def call(self, method: str, packed: bytes) -> bytes:
        """Whether it was done, the method's answer or what it raised, and what it used.

        Packed by pickle, so that arrays arrive writable, as at home.
        """
        args, kwargs = pickle.loads(packed)
        meter, start = getattr(self.engine, "meter", None), time.perf_counter()
        before = meter.total if isinstance(meter, Meter) else Usage()
        try:
            done, answer = True, getattr(self.engine, method)(*args, **kwargs)
        except Exception as error:  # raised again where the call came from
            done, answer = False, error
        used = (meter.total if isinstance(meter, Meter) else Usage()) - before
        used += Usage(calls=1, seconds=time.perf_counter() - start)
        return pickle.dumps((done, answer, used), protocol=5)


class RemoteEngine:
    """What a worker holds in place of an engine: its attributes are known, its methods go to one of the pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.meter = Meter()  # of this worker's calls
        self._turns = itertools.cycle(range(len(pool.actors)))
        for _ in range(os.getpid() % len(pool.actors)):  # workers start at different copies
            next(self._turns)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._pool.attributes:
            return self._pool.attributes[name]
        if name in self._pool.methods:
            return self._caller(name)
        raise AttributeError(f"the engine of the role '{self._pool.role}' has no '{name}'")

    def _caller(self, method: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            import ray

            actor = self._pool.actors[next(self._turns)]
            done, answer, used = pickle.loads(
                ray.get(actor.call.remote(method, pickle.dumps((args, kwargs), protocol=5)))
            )
            self.meter.add(used)
            if not done:
                raise answer
            return answer

        return call


def pools(recipe: Recipe) -> list[Pool]:
    """Start the engines that the recipe's `placement` names. They restart when they are lost."""
    import ray

    made = []
    for role, where in recipe.placement.items():
        actor = ray.remote(Host).options(
            num_cpus=where.cpus, num_gpus=where.gpus, max_restarts=-1, max_task_retries=RETRIES
        )
        actors = tuple(actor.remote(recipe.model_dump_json(), role) for _ in range(where.replicas))
        attributes, methods = ray.get(actors[0].says.remote())
        made.append(Pool(role, actors, attributes, methods))
    return made


def engines_of(made: Sequence[Pool]) -> dict[str, RemoteEngine]:
    """Role -> engine, for a worker."""
    return {pool.role: RemoteEngine(pool) for pool in made}


def _travels(value: Any) -> bool:
    try:
        pickle.dumps(value)
    except Exception:  # an attribute that cannot travel is not part of what engines say of themselves
        return False
    return True
