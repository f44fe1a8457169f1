"""Calls of several items go as one: who meets whom hangs on the items alone, faults and usage stay with their item."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from anyedit.engines.gathered import clock, gathered, gathering, lane, lanes_of, width
from anyedit.engines.tools import Tools
from anyedit.engines.usage import Meter, Usage
from anyedit.errors import EditNotPossible, EngineDown


class Painter:
    """Role follow: doubles numbers, and says what it was handed at once."""

    version = "painter 1"
    gathers, batch = True, 4

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.meter = Meter()

    def follow(self, jobs: Sequence[int]) -> list[int]:
        self.calls.append(list(jobs))
        self.meter.add(Usage(requests=1, output_tokens=10 * len(jobs), cost=0.5))
        if 13 in jobs:
            raise EditNotPossible("13 is not painted")
        if 99 in jobs:
            raise EngineDown("no paint left")
        return [2 * job for job in jobs]


class Looker:
    """Role image_text: takes two sequences and gives an array."""

    version = "looker 1"
    gathers, batch = True, 2

    def __init__(self) -> None:
        self.calls: list[int] = []

    def image_text(self, pictures: Sequence[int], texts: Sequence[str]) -> Any:
        self.calls.append(len(pictures))
        return np.asarray([p + len(t) for p, t in zip(pictures, texts, strict=True)], np.float32)


class Cutter:
    """Role segment: takes one picture; never put together, never twice at once."""

    version = "cutter 1"
    at_work = False

    def segment(self, picture: int, boxes: Sequence[int]) -> list[int]:
        assert not self.at_work
        self.at_work = True
        time.sleep(0)
        self.at_work = False
        return [picture + box for box in boxes]


@pytest.fixture
def engines() -> dict[str, Any]:
    return {"follow": Painter(), "image_text": Looker(), "segment": Cutter()}


@pytest.fixture
def tools(engines: dict[str, Any]) -> Tools:
    return gathering(Tools({role: lambda engine=engine: engine for role, engine in engines.items()}))  # type: ignore[misc]


def item(tools: Any, number: int) -> Callable[[], float]:
    """Two paintings, of which odd numbers skip the second; a cut, a look."""

    def work() -> float:
        (painted,) = tools.follow.follow([number])
        if number % 2 == 0:
            (painted,) = tools.follow.follow([painted])
        (cut,) = tools.segment.segment(painted, [1])
        (seen,) = tools.image_text.image_text([cut], ["ab"])
        return float(seen)

    return work


def test_answers_are_those_of_one_item_after_the_other_in_fewer_calls(
    tools: Tools, engines: dict[str, Any]
) -> None:
    work = [item(tools, number) for number in range(10)]
    alone = gathered(work, 1)
    calls = len(engines["follow"].calls)
    assert alone == [4 * n + 3 if n % 2 == 0 else 2 * n + 3 for n in range(10)] and calls == 15
    engines["follow"].calls.clear()
    engines["image_text"].calls.clear()
    assert gathered(work, 4) == alone
    met = list(engines["follow"].calls)
    # 0 to 3 begin; 1 and 3 go on to look while 0 and 2 paint again; 4 and 5 begin in the places that get free
    assert met[:2] == [[0, 1, 2, 3], [0, 4]] and len(met) == 6 < calls
    assert sum(engines["image_text"].calls) == 10 > len(engines["image_text"].calls)
    engines["follow"].calls.clear()
    assert gathered(work, 4) == alone and engines["follow"].calls == met, (
        "time plays no part in who meets whom"
    )
    assert lane() is None


def test_a_fault_stays_with_its_item(tools: Any, engines: dict[str, Any]) -> None:
    def work(number: int) -> Callable[[], Any]:
        def told() -> Any:
            try:
                return tools.follow.follow([number])[0]
            except EditNotPossible as error:
                return str(error)

        return told

    assert gathered([work(n) for n in (1, 13, 3)], 4) == [2, "13 is not painted", 6]
    assert engines["follow"].calls == [[1, 13, 3], [1], [13], [3]]


def test_an_engine_that_is_down_ends_all_lanes(tools: Any) -> None:
    left = []

    def work(number: int) -> Callable[[], Any]:
        def told() -> Any:
            try:
                return tools.follow.follow([number])[0]
            finally:
                left.append(number)

        return told

    with pytest.raises(EngineDown, match="no paint left"):
        gathered([work(n) for n in (1, 99, 3)], 4)
    assert sorted(left) == [1, 3, 99], "every lane was unwound"


def test_usage_is_shared_by_jobs_and_nothing_is_lost(tools: Any, engines: dict[str, Any]) -> None:
    used: dict[int, Usage] = {}

    def work(number: int) -> Callable[[], None]:
        def told() -> None:
            before = tools.follow.meter.total
            tools.follow.follow([number] * (number + 1))
            used[number] = tools.follow.meter.total - before

        return told

    gathered([work(n) for n in range(3)], 4)
    assert engines["follow"].calls == [[0, 1, 1, 2, 2, 2]]
    assert [used[n].output_tokens for n in range(3)] == [10, 20, 30]
    assert sum(used[n].requests for n in range(3)) == 1
    assert sum(used[n].cost for n in range(3)) == pytest.approx(0.5)
    assert engines["follow"].meter.total == Usage(requests=1, output_tokens=60, cost=0.5)


def test_a_lanes_clock_stands_still_while_others_run(tools: Any) -> None:
    took = {}

    def work(number: int) -> Callable[[], None]:
        def told() -> None:
            start = clock()
            if number:
                until = time.perf_counter() + 0.05
                while time.perf_counter() < until:
                    pass
            tools.follow.follow([number])
            took[number] = clock() - start

        return told

    gathered([work(n) for n in range(2)], 2)
    assert took[0] < 0.05 <= took[1]


def test_only_engines_that_say_so_are_waited_for(tools: Tools) -> None:
    assert lanes_of(tools) == 4
    assert width(Cutter()) == 1 and width(Looker()) == 2
    local = Looker()
    local.gathers = False
    assert width(local) == 1, "a batch alone is no reason: on a processor it gains nothing"
