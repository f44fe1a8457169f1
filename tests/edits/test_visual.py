"""The seven visual types."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_world import case_of, failed, keeps_to_the_rules, park, proposed, seen, speaks, table

from anyedit.edits.base import type_of
from anyedit.edits.visual.condition import colour_of
from anyedit.edits.visual.visual_depth import nearness

CONDITIONS = ("visual_bbox", "visual_segment", "visual_scribble", "visual_sketch", "visual_depth")
REMOVE = {"inner": "remove", "params": {"target": "mug-2"}}


@pytest.fixture(scope="module")
def mugs():
    return seen(table(), 96)


@pytest.mark.parametrize("name", [*CONDITIONS, "visual_reference", "visual_material_transfer"])
def test_wordings_and_proposals(name, mugs):
    kind = type_of(name)
    speaks(kind)
    params = proposed(kind, mugs)
    assert kind.Params.model_validate_json(params.model_dump_json()) == params


@pytest.mark.parametrize("name", CONDITIONS)
def test_condition_goes_with_its_inner_edit(name, mugs):
    kind = type_of(name)
    params = kind.Params(**REMOVE)
    case = keeps_to_the_rules(kind, mugs, params)
    plain = type_of("remove").edit_world(mugs, type_of("remove").Params(target="mug-2"))
    assert np.array_equal(case.done.picture, plain.picture) and np.array_equal(case.done.mask, plain.mask)
    assert "[v*]" in case.text and "remove the blue mug" in case.text
    assert case.done.visual_prompt.shape == mugs.picture.shape


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_wrong_condition_picture_is_rejected(name, mugs):
    kind = type_of(name)
    params = kind.Params(**REMOVE)
    outcome = kind.edit_world(mugs, params)
    blank = np.full_like(outcome.visual_prompt, 255 if name == "visual_sketch" else 0)
    for prompt in (None, blank):
        assert failed(case_of(kind, mugs, params, replace(outcome, visual_prompt=prompt)))


def test_boxes_are_the_targets(mugs):
    kind = type_of("visual_bbox")
    prompt = kind.edit_world(mugs, kind.Params(**REMOVE)).visual_prompt
    hit = (prompt == np.array(colour_of("mug"), np.uint8)).all(-1)
    rows, columns = np.nonzero(mugs.frame.mask("mug-1"))
    assert hit[rows.min(), columns.min() : columns.max() + 1].all()
    assert hit[rows.min() : rows.max() + 1, columns.min()].all()
    gone = mugs.frame.mask("mug-2")
    assert not hit[int(np.nonzero(gone)[0].mean()), int(np.nonzero(gone)[1].mean())]


def test_segments_have_one_colour_each(mugs):
    kind = type_of("visual_segment")
    prompt = kind.edit_world(mugs, kind.Params(**REMOVE)).visual_prompt
    colours = [np.unique(prompt[mugs.frame.mask(name)], axis=0) for name in ("mug-1", "mug-3")]
    assert [len(c) for c in colours] == [1, 1] and not np.array_equal(*colours)


def test_depth_is_bright_where_it_is_near(mugs):
    kind = type_of("visual_depth")
    outcome = kind.edit_world(mugs, kind.Params(**REMOVE))
    values = nearness(outcome.after)
    assert np.array_equal(outcome.visual_prompt[..., 0], (values * 255 + 0.5).astype(np.uint8))
    assert values[-2].mean() > values[40].mean()


def test_sketch_is_black_on_white(mugs):
    kind = type_of("visual_sketch")
    prompt = kind.edit_world(mugs, kind.Params(**REMOVE)).visual_prompt
    assert set(np.unique(prompt)) == {0, 255} and (prompt == 255).mean() > 0.7


def test_reference_is_the_very_thing():
    view, kind = seen(park(), 96), type_of("visual_reference")
    params = proposed(kind, view, 16)
    case = keeps_to_the_rules(kind, view, params)
    assert case.done.scene.item(params.thing.id) == params.thing
    assert params.target not in {thing.id for thing in case.done.scene.items}
    assert case.done.visual_prompt.shape == (96, 96, 3)
    assert "prompt off the thing" in failed(
        case_of(kind, view, params, replace(case.done, visual_prompt=None))
    )


def test_material_transfer_shows_its_sample(mugs):
    kind = type_of("visual_material_transfer")
    params = kind.Params(target="mug-1", material="gold")
    case = keeps_to_the_rules(kind, mugs, params)
    assert case.text.startswith("Change the material of the") and case.text.endswith("like gold")
    assert case.done.scene.item("mug-1").material == "gold"
    other = replace(case.done, visual_prompt=255 - case.done.visual_prompt)
    assert failed(case_of(kind, mugs, params, other)) == ["prompt off the material"]
