"""background_change, tone_transfer, style_change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_world import case_of, failed, keeps_to_the_rules, park, proposed, seen, speaks, table

from anyedit.edits.base import type_of
from anyedit.edits.global_.styles import STYLES, stylised
from anyedit.edits.views import PhotoView
from anyedit.errors import AnyEditError
from anyedit.records import Source, png


@pytest.fixture(scope="module")
def outdoors():
    return seen(park())


@pytest.mark.parametrize("name", ["background_change", "tone_transfer", "style_change"])
def test_wordings(name):
    speaks(type_of(name))


def test_there_are_real_styles():
    assert len(STYLES) >= 12


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_deterministic_changes_much_and_keeps_structure(style, outdoors):
    kind = type_of("style_change")
    params = kind.Params(style=style)
    case = keeps_to_the_rules(kind, outdoors, params)
    assert np.array_equal(stylised(outdoors.picture, style), case.done.picture)
    assert case.done.mask.all() and (case.done.influence == 255).all()
    assert case.done.scene is None
    assert style in case.edited_caption


@pytest.mark.parametrize("shape", [(64, 96), (131, 70)])
def test_styles_take_any_size(shape):
    picture = np.random.default_rng(1).integers(0, 255, (*shape, 3), dtype=np.uint8)
    for style in STYLES:
        assert stylised(picture, style).shape == picture.shape


def test_unknown_styles_name_the_nearest():
    with pytest.raises(AnyEditError, match="oil painting"):
        stylised(np.zeros((8, 8, 3), np.uint8), "oil paintin")
    with pytest.raises(ValueError, match="woodcut"):
        type_of("style_change").Params(style="wodcut")


def test_style_of_a_photograph_is_the_same_function(outdoors):
    kind = type_of("style_change")
    source = Source("p", png(outdoors.picture), "A park.", "file.jpg", "CC0", "train")
    outcome = kind.edit(PhotoView(source), kind.Params(style="cartoon"), None)
    assert np.array_equal(outcome.picture, stylised(outdoors.picture, "cartoon"))
    assert kind.serves_photographs()


def test_noise_is_no_style(outdoors):
    kind = type_of("style_change")
    params = kind.Params(style="cartoon")
    outcome = kind.edit_world(outdoors, params)
    noise = np.random.default_rng(3).integers(0, 255, outcome.picture.shape, dtype=np.uint8)
    assert "structure kept" in failed(case_of(kind, outdoors, params, replace(outcome, picture=noise)))


@pytest.mark.parametrize(
    ("aspect", "value", "said"),
    [
        ("time", "night", "time of day to night"),
        ("weather", "fog", "weather to fog"),
        ("season", "autumn", "season to autumn"),
    ],
)
def test_tone(outdoors, aspect, value, said):
    kind = type_of("tone_transfer")
    case = keeps_to_the_rules(kind, outdoors, kind.Params(aspect=aspect, value=value))
    assert said in case.text
    assert case.done.scene.items == outdoors.scene.items
    assert case.done.scene.camera == outdoors.scene.camera
    assert case.done.mask.all()


def test_tone_has_no_weather_indoors():
    kind, view = type_of("tone_transfer"), seen(table())
    from anyedit.seeds import rng_of

    assert {kind.propose(view, rng_of("t", n)).aspect for n in range(12)} == {"time"}


def test_tone_inverse_leads_back(outdoors):
    kind = type_of("tone_transfer")
    params = kind.Params(aspect="time", value="sunset")
    other, back = kind.inverse(outdoors, params, None)
    there = kind.rewrite(outdoors.scene, params)
    assert other.rewrite(there, back).but(exposure=1) == outdoors.scene.but(exposure=1)


def test_background(outdoors):
    kind = type_of("background_change")
    params = proposed(kind, outdoors)
    case = keeps_to_the_rules(kind, outdoors, params)
    assert params.environment != outdoors.scene.environment
    assert case.done.scene.items == outdoors.scene.items
    assert not case.done.mask[outdoors.frame.mask("car-1") & case.done.after.mask("car-1")].any()
    assert case.text.startswith("Alter the background to")
    other, back = kind.inverse(outdoors, params, case.done)
    assert other.rewrite(case.done.scene, back).environment == outdoors.scene.environment


def test_background_that_loses_its_things_is_rejected(outdoors):
    kind = type_of("background_change")
    params = proposed(kind, outdoors)
    outcome = kind.edit_world(outdoors, params)
    empty = replace(outcome.after, parts=np.zeros_like(outcome.after.parts))
    assert "things kept" in failed(case_of(kind, outdoors, params, replace(outcome, after=empty)))
