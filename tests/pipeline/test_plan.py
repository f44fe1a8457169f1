"""Rounds and quotas: what is drawn depends on recipe and counts only, and rare types do not starve."""

from __future__ import annotations

import pytest

from anyedit.pipeline.plan import next_round
from anyedit.pipeline.task import selected
from anyedit.recipe import Recipe


def test_a_round_asks_each_type_often_enough() -> None:
    recipe = Recipe(pairs=10)
    tasks = next_round(recipe, {"add": 4, "remove": 4, "counting": 2}, {}, {}, 0, 0)
    asked = [name for task in tasks for draw in task.draws for name in draw.types]
    assert {name: asked.count(name) for name in set(asked)} == {"add": 5, "remove": 5, "counting": 3}
    assert all(len(set(draw.types)) == len(draw.types) for task in tasks for draw in task.draws)


def test_the_next_round_asks_only_what_is_missing() -> None:
    recipe = Recipe(pairs=10)
    tasks = next_round(
        recipe, {"add": 4, "remove": 4}, {"add": 4, "remove": 2}, {"add": 5, "remove": 5}, 1, 7
    )
    draws = [draw for task in tasks for draw in task.draws]
    assert [draw.types for draw in draws] == [("remove",)] * 5
    assert [draw.index for draw in draws] == [7, 8, 9, 10, 11]


def test_a_type_is_given_up_when_its_effort_is_spent() -> None:
    recipe = Recipe(pairs=4, effort=2)
    assert next_round(recipe, {"counting": 4}, {"counting": 0}, {"counting": 8}, 3, 0) == []


def test_a_task_is_named_by_what_makes_it() -> None:
    first = next_round(Recipe(pairs=2), {"add": 1, "remove": 1}, {}, {}, 0, 0)
    same = next_round(Recipe(pairs=2), {"add": 1, "remove": 1}, {}, {}, 0, 0)
    other = next_round(Recipe(pairs=2, seed=1), {"add": 1, "remove": 1}, {}, {}, 0, 0)
    assert [task.name for task in first] == [task.name for task in same]
    assert [task.name for task in first] != [task.name for task in other]


def test_quotas_sum_to_the_pairs_asked() -> None:
    recipe = Recipe(pairs=10, types={"add": 2, "remove": 1, "counting": 1})
    assert recipe.quotas(("add", "remove", "counting")) == {"add": 5, "remove": 3, "counting": 2}


def test_what_is_made_from_a_pair_is_held_only_with_it() -> None:
    rows = [
        ("a", "add", 1, []),
        ("b", "add", 1, []),
        ("a~", "remove", 1, ["a"]),
        ("b~", "remove", 1, ["b"]),
        ("a.2", "counting", 2, ["a"]),
    ]
    assert selected(rows, {"add": 1}) == ["a", "a~", "a.2"]


@pytest.mark.parametrize("count", [1, 25, 26, 200])
def test_every_pair_is_given_to_some_type(count: int) -> None:
    types = tuple(f"t{k}" for k in range(25))
    assert sum(Recipe(pairs=count).quotas(types).values()) == count
