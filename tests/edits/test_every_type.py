"""What every one of the 25 types says of itself: facts, wordings, slots, rules. One test each, found by the registry."""

from __future__ import annotations

import inspect
import string
from typing import Any

import pytest

from anyedit.edits import EditType, edit_types
from anyedit.edits.base import Params
from anyedit.edits.rules import SAID
from anyedit.edits.views import WorldView
from anyedit.pipeline.plan import Draw
from anyedit.pipeline.prepare import wishes_of
from anyedit.seeds import rng_of
from anyedit.types import EDIT_TYPES, GROUP_OF
from anyedit.world import describe
from anyedit.world.layout import sample_scene
from anyedit.world.render import RenderSettings, render

KINDS = list(edit_types().values())
each = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])


def slots(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


def test_all_25_are_found_in_canonical_order() -> None:
    assert tuple(edit_types()) == EDIT_TYPES


def test_no_two_types_give_the_same_example_or_summary() -> None:
    assert len({kind.example.lower() for kind in KINDS}) == len(KINDS)
    assert len({kind.summary for kind in KINDS}) == len(KINDS)


@each
def test_facts(kind: EditType) -> None:
    assert kind.group == GROUP_OF[kind.name]
    assert (
        kind.__class__.__module__.split(".")[-2].rstrip("_") == kind.group
    )  # its file lies in its group's folder
    assert kind.__class__.__module__.split(".")[-1] == kind.name
    assert kind.summary.strip() and "\n" not in kind.summary and kind.summary.endswith(".")
    assert kind.needs.strip() and kind.example.strip()
    assert kind.weight > 0
    assert issubclass(kind.Params, Params)
    assert kind.Params.model_config["extra"] == "forbid" and kind.Params.model_config["frozen"]
    assert inspect.getdoc(inspect.getmodule(kind.__class__)), "the file says what the type is"


@each
def test_at_least_12_wordings_as_commands_and_questions(kind: EditType) -> None:
    phrases = set(kind.phrases)
    assert len(phrases) >= 12
    questions = [phrase for phrase in phrases if phrase.endswith("?")]
    assert 1 <= len(questions) < len(phrases)
    for phrase in phrases:
        assert phrase == phrase.strip() and "  " not in phrase


@pytest.fixture(scope="module")
def views() -> list[WorldView]:
    """Scenes drawn so far, shared by the types."""
    return []


@each
def test_every_usable_phrase_is_said_without_gaps(kind: EditType, views: list[WorldView]) -> None:
    view, params = proposed(kind, views)
    words = kind.words(view, params)
    assert words["object"].strip()
    usable = kind.usable_phrases(view, params)
    assert set(usable) <= set(kind.phrases)
    assert len(set(usable)) >= 2 and any(phrase.endswith("?") for phrase in usable)
    for phrase in usable:
        assert slots(phrase) <= set(words), f"no word for a slot of '{phrase}'"
        text = phrase.format(**words)
        assert "{" not in text and "None" not in text and "  " not in text, text
    assert kind.Params.model_validate_json(params.model_dump_json()) == params
    caption = kind.caption_after(view, params)
    assert caption[0].isupper() and "None" not in caption


def proposed(kind: EditType, views: list[WorldView]) -> tuple[WorldView, Any]:
    """A proposal of the type on a scene drawn for an earlier one, else on one drawn to its wishes."""
    for index, view in enumerate(views):
        params = kind.propose(view, rng_of("every type", kind.name, index))
        if params is not None:
            return view, params
    settings = RenderSettings(48, 48, 1, 2)
    for index in range(6):
        scene = sample_scene(1, index, wishes_of(Draw(index, (kind.name,)), settings))
        frame = render(scene, settings)
        views.append(WorldView(frame, frame.picture, describe.caption(frame.scene), settings))
        params = kind.propose(views[-1], rng_of("every type", kind.name, index))
        if params is not None:
            return views[-1], params
    raise AssertionError(f"{kind.name} proposes nothing on six scenes drawn to its wishes")


@each
def test_some_gate_measures_the_result(kind: EditType) -> None:
    said = {rule.name for rule in SAID}
    own = [rule for rule in kind.gates if rule.name not in said]
    assert own
    names = [rule.name for rule in kind.gates]
    assert len(set(names)) == len(names)
    for rule in (*kind.checks, *kind.gates):
        assert rule.low is not None or rule.high is not None, f"{rule.name} has no limit"
        assert rule.low is None or rule.high is None or rule.low <= rule.high


@each
def test_wishes_are_known_to_the_layout(kind: EditType) -> None:
    from dataclasses import fields

    from anyedit.world.wishes import Wishes

    assert set(kind.wishes) <= {field.name for field in fields(Wishes)}
