"""Calls of several items that reach the same engine go as one: networks earn their keep on batches.

Each item of a shard is worked on in a lane of its own. Only one lane runs at a time; it stops where it asks an engine
that takes batches. When every lane has stopped (or ended), what they ask is put together by engine and method, in the
order of the items, answered in one call each, and the lanes go on in that order. So who meets whom hangs on the
items alone, never on time, and what is not thread-safe never runs twice at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, TypeVar

from anyedit.engines.tools import Tools
from anyedit.engines.usage import Meter, Usage
from anyedit.errors import EngineDown

T = TypeVar("T")
# role -> its methods that take sequences of one length and give as many answers, see roles.py
BATCHED: dict[str, tuple[str, ...]] = {
    "write": ("write",),
    "describe": ("caption", "answer"),
    "judge": ("judge",),
    **{role: (role,) for role in ("generate", "paint", "follow", "paint_like", "depth", "divide")},
    **{role: (role,) for role in ("image_text", "features", "sentences", "aesthetic")},
    "ground": ("find",),
}


def width(engine: Any) -> int:
    """How many jobs an engine gains by: its batch, a server's requests in flight; 1 for one that does not say `gathers`.

    Networks on a processor gain nothing by a batch.
    """
    if getattr(engine, "gathers", False) is not True:
        return 1
    sizes = [getattr(engine, name, 1) for name in ("batch", "concurrency")]
    return max(size if isinstance(size, int) else 1 for size in sizes)


class _Abandoned(BaseException):
    """Ends a lane whose work is not wanted any more; no `except Exception` of an item may keep it."""


@dataclass
class _Asked:
    engine: Any
    method: str
    args: tuple[Sequence[Any], ...]
    answer: Any = None
    error: BaseException | None = None
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0  # its share of the call


class Lane:
    """One item's thread. away: seconds in which others ran, less its share of the calls it took part in."""

    def __init__(self, number: int, work: Callable[[], Any]) -> None:
        self.number, self._work = number, work
        self.away = 0.0
        self.asked: _Asked | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = self.abandoned = False
        self.met: set[str] = set()  # see Tools.met
        self._meters: dict[int, Meter] = {}
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def step(self) -> None:
        """Run until the lane asks or ends."""
        if self._thread.ident is None:
            self._thread.start()
        self._go.release()
        self._stopped.acquire()

    def end(self) -> None:
        """Unwind a lane that has stopped."""
        self.abandoned = True
        while not self.done:
            self.step()

    def _run(self) -> None:
        self._go.acquire()
        _here.lane = self
        try:
            self.result = self._work()
        except BaseException as error:  # raised again by `gathered`, in the order of the items
            self.error = error
        self.done = True
        self._stopped.release()

    def ask(self, engine: Any, method: str, *args: Sequence[Any]) -> Any:
        """Wait for the answer that all lanes' calls get together."""
        start = time.perf_counter()
        asked = self.asked = _Asked(engine, method, args)
        self._stopped.release()
        self._go.acquire()
        self.asked = None
        if self.abandoned:
            raise _Abandoned
        self.away += time.perf_counter() - start - asked.seconds
        self.meter(engine).add(asked.usage)
        if asked.error is not None:
            raise asked.error
        return asked.answer

    def alone(self, engine: Any, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A call that is not put together with others; what it uses is this lane's."""
        before = _used(engine)
        try:
            return method(*args, **kwargs)
        finally:
            self.meter(engine).add(_used(engine) - before)

    def meter(self, engine: Any) -> Meter:
        """What this lane has used of an engine."""
        return self._meters.setdefault(id(getattr(engine, "meter", engine)), Meter())


_here = threading.local()


def lane() -> Lane | None:
    """The lane that this is called in."""
    return getattr(_here, "lane", None)


def clock() -> float:
    """Seconds that run only while the lane does (and with its share of shared calls); elsewhere `perf_counter`."""
    here = lane()
    return time.perf_counter() - (here.away if here is not None else 0.0)


def gathered(work: Sequence[Callable[[], T]], lanes: int) -> list[T]:
    """What each piece of work returns, in order; up to `lanes` under way. Raises what the first to fail raised."""
    if lanes <= 1 or len(work) <= 1:
        return [piece() for piece in work]
    started: list[Lane] = []
    active: list[Lane] = []
    try:
        while active or len(started) < len(work):
            while len(active) < lanes and len(started) < len(work):
                started.append(Lane(len(started), work[len(started)]))
                active += _stepped([started[-1]])
            _answer([one.asked for one in active if one.asked is not None])
            active = _stepped(active)
    finally:
        for one in started:
            if not one.done:
                one.end()
    return [one.result for one in started]


def _stepped(lanes: Sequence[Lane]) -> list[Lane]:
    """Let each go on; those that have not ended."""
    for one in lanes:
        one.step()
        if one.error is not None:
            raise one.error
    return [one for one in lanes if not one.done]


def _answer(waiting: Sequence[_Asked]) -> None:
    """One call for each engine and method."""
    groups: dict[tuple[int, str], list[_Asked]] = {}
    for asked in waiting:
        groups.setdefault((id(asked.engine), asked.method), []).append(asked)
    for group in groups.values():
        try:
            _call(group)
        except EngineDown as error:  # no fault of an item
            for asked in group:
                asked.error = error
        except Exception as error:
            if len(group) == 1:
                group[0].error = error
                continue
            for asked in group:  # one job spoils the call: the others are not to suffer for it
                _answer([asked])


def _call(group: Sequence[_Asked]) -> None:
    engine, method = group[0].engine, group[0].method
    joined = [[job for asked in group for job in asked.args[k]] for k in range(len(group[0].args))]
    before, start = _used(engine), time.perf_counter()
    found = getattr(engine, method)(*joined)
    seconds = (time.perf_counter() - start) / len(joined[0])
    shares = _shared(_used(engine) - before, [len(asked.args[0]) for asked in group])
    if len(found) != len(joined[0]):
        raise ValueError(f"{method} gave {len(found)} answers to {len(joined[0])} jobs")
    at = 0
    for asked, usage in zip(group, shares, strict=True):
        count = len(asked.args[0])
        asked.answer, asked.usage, asked.seconds = found[at : at + count], usage, seconds * count
        at += count


def _used(engine: Any) -> Usage:
    meter = getattr(engine, "meter", None)
    return meter.total if isinstance(meter, Meter) else Usage()


def _shared(usage: Usage, jobs: Sequence[int]) -> list[Usage]:
    """A call's usage by its jobs, in whole numbers where it is whole: the parts sum to it."""
    parts = []
    done, at = Usage(), 0
    for count in jobs:
        at += count
        counts: dict[str, Any] = {f.name: _upto(getattr(usage, f.name), at, sum(jobs)) for f in fields(Usage)}
        upto = Usage(**counts)
        parts.append(upto - done)
        done = upto
    return parts


def _upto(value: float, at: int, of: int) -> float:
    return value * at // of if isinstance(value, int) else value * at / of


class Gathered:
    """An engine whose calls meet those of other lanes; outside of lanes the engine itself."""

    def __init__(self, engine: Any, methods: tuple[str, ...]) -> None:
        self._engine, self._methods = engine, methods

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(self._engine, name)
        here = lane()
        if here is None:
            return found
        if name == "meter":
            return here.meter(self._engine)
        if name in self._methods and width(self._engine) > 1:
            return partial(here.ask, self._engine, name)
        return partial(here.alone, self._engine, found) if callable(found) else found


class _Tools(Tools):
    """Which roles a measure asked for is told of each lane apart."""

    _elsewhere: set[str]

    @property
    def met(self) -> set[str]:  # type: ignore[override]
        here = lane()
        return self._elsewhere if here is None else here.met

    @met.setter
    def met(self, roles: set[str]) -> None:
        self._elsewhere = roles


def gathering(tools: Tools) -> Tools:
    """The same tools with engines whose calls may meet."""

    def wrapped(role: str) -> Any:
        engine = getattr(tools, role)
        return Gathered(engine, BATCHED[role]) if role in BATCHED else engine

    return _Tools({role: partial(wrapped, role) for role in tools.roles})


def lanes_of(tools: Tools) -> int:
    """How many items to work on side by side: the widest engine's jobs."""
    return max((width(getattr(tools, role)) for role in sorted(tools.roles & BATCHED.keys())), default=1)
