"""Rounds and quotas: what is drawn depends on recipe and counts only, and rare types do not starve."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_photos import cheap_recipe, small_photos

from anyedit.edits.views import WorldView
from anyedit.pipeline.build import _limited
from anyedit.pipeline.instruct import instruct
from anyedit.pipeline.plan import Draw, Task, next_round
from anyedit.pipeline.prepare import prepare
from anyedit.pipeline.task import selected
from anyedit.pipeline.workroom import Workroom
from anyedit.recipe import Recipe, load_recipe
from anyedit.records import png


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


def test_a_limit_does_not_cut_the_tries_of_a_type_short() -> None:
    recipe = load_recipe({"pairs": 200, "effort": 4})
    small = _limited(recipe, 30)  # of 25 types: one pair each, which 4 tries may well not give
    assert small.pairs == 30 and 16 <= small.effort <= 17
    assert _limited(recipe, 190).effort < 4.5 and _limited(recipe, 200) == recipe
    two = load_recipe({"pairs": 3, "effort": 1, "types": ["add", "remove"]})
    assert _limited(two, 1).effort == 3  # never more tries than the recipe itself would make


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
        {"id": "a", "edit_type": "add", "made_from": []},
        {"id": "b", "edit_type": "add", "made_from": []},
        {"id": "a~", "edit_type": "remove", "made_from": ["a"]},
        {"id": "b~", "edit_type": "remove", "made_from": ["b"]},
        {"id": "a.2", "edit_type": "counting", "made_from": ["a"]},
    ]
    assert selected(rows, {"add": 1}) == ["a", "a~", "a.2"]


@pytest.mark.parametrize("count", [1, 25, 26, 200])
def test_every_pair_is_given_to_some_type(count: int) -> None:
    types = tuple(f"t{k}" for k in range(25))
    assert sum(Recipe(pairs=count).quotas(types).values()) == count


def test_types_that_were_not_dealt_to_a_photograph_stand_by() -> None:
    quotas = {"add": 2, "remove": 2, "style_change": 1}
    photos = Recipe.model_validate(
        {"pairs": 5, "edits_per_source": 2, "source": {"kind": "photos", "path": "x"}}
    )
    tasks = next_round(photos, quotas, {}, {}, 0, 0)
    draws = [draw for task in tasks for draw in task.draws]
    assert all(sorted((*draw.types, *draw.spare)) == sorted(quotas) for draw in draws)
    told = photos.model_copy(
        update={"instructions": photos.instructions.model_copy(update={"writer": "llm"})}
    )
    world = Recipe(pairs=5, edits_per_source=2)
    for other in (told, world):
        assert not any(draw.spare for task in next_round(other, quotas, {}, {}, 0, 0) for draw in task.draws)


def test_a_type_that_stands_by_takes_the_place_of_one_that_finds_nothing(tmp_path: Path) -> None:
    recipe = load_recipe(cheap_recipe(small_photos(tmp_path / "in", 1), 1))
    room = Workroom(recipe, Task(0, 0, (Draw(0, ("textual_change",)),), "x"))
    (source,) = prepare(room, room.task.draws)
    spare = ("counting", "style_change", "outpaint")
    said = instruct(
        room, source, ("textual_change",), spare
    )  # no text, nothing to count: the next one is done
    assert [row.edit_type for row in said] == ["style_change"]
    tried = {
        name: of["entered"].get("instruct", 0) for name, of in room.ledger.types.items() if of["entered"]
    }
    assert tried == {"textual_change": 1, "style_change": 1}  # one that stood by in vain was no try
    assert instruct(room, source, ("style_change",), spare)[0].edit_type == "style_change"
    assert (
        room.ledger.types["style_change"]["entered"]["instruct"] == 2 and "outpaint" not in room.ledger.types
    )


def test_a_scene_is_looked_at_once_while_it_is_worked_on() -> None:
    recipe = load_recipe({"source": {"kind": "world", "width": 32, "height": 32}, "types": ["tone_transfer"]})
    draws = (Draw(0, ("tone_transfer",)), Draw(1, ("tone_transfer",)))
    room = Workroom(recipe, Task(0, 0, draws, "x"))
    one, other = prepare(room, draws)
    view = room.view(one)
    assert room.view(one) is view
    for source in (other, one):  # each its own scene and picture
        view = room.view(source)
        assert isinstance(view, WorldView) and view.scene.model_dump_json() == source.scene
        assert png(view.picture) == source.image
