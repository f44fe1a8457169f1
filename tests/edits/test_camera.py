"""movement, resize, outpaint, rotation_change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_world import case_of, failed, item, keeps_to_the_rules, park, proposed, seen, speaks, table

from anyedit.edits.base import type_of
from anyedit.edits.camera.rotation_change import roundness
from anyedit.edits.placing import ground_axes, length_words, project, turned
from anyedit.world.render import item_shares


@pytest.fixture(scope="module")
def mugs():
    return seen(table())


@pytest.mark.parametrize("name", ["movement", "resize", "outpaint", "rotation_change"])
def test_wordings_and_proposals(name, mugs):
    kind = type_of(name)
    speaks(kind)
    keeps_to_the_rules(kind, mugs, proposed(kind, mugs))


def test_projection_agrees_with_the_render(mugs):
    for thing in mugs.scene.items:
        rows, columns = np.nonzero(mugs.frame.mask(thing.id))
        height = 0.045
        x, y, distance = project(mugs.scene.camera, np.add(thing.position, (0, 0, height)))
        assert abs(x - columns.mean() / mugs.picture.shape[1]) < 0.05
        assert abs(y - rows.mean() / mugs.picture.shape[0]) < 0.05
        assert distance > 0


def test_ground_axes_are_the_pictures(mugs):
    right, away = ground_axes(mugs.scene.camera)
    assert np.allclose(right, (1, 0, 0)) and np.allclose(away, (0, 1, 0))


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0.1, "10 centimetres"),
        (0.5, "half a metre"),
        (1.0, "one metre"),
        (1.5, "1.5 metres"),
        (3, "3 metres"),
    ],
)
def test_lengths_are_said(metres, words):
    assert length_words(metres) == words


def test_movement_goes_where_it_says(mugs):
    kind = type_of("movement")
    params = kind.Params(target="mug-2", direction="further", amount=0.1, position=(0.0, 0.18, 0))
    case = keeps_to_the_rules(kind, mugs, params)
    assert case.done.scene.item("mug-2").position == (0.0, 0.18, 0.0)
    assert case.done.scene.without("mug-2") == mugs.scene.without("mug-2")
    wrong = params.model_copy(update={"direction": "closer"})
    assert "moved as named" in failed(case_of(kind, mugs, wrong, case.done))
    other, back = kind.inverse(mugs, params, case.done)
    assert other.rewrite(case.done.scene, back) == mugs.scene


def test_movement_beside_an_anchor(mugs):
    kind = type_of("movement")
    params = kind.Params(target="mug-1", direction="next to", anchor="mug-3", position=(0.02, -0.05, 0))
    case = keeps_to_the_rules(kind, mugs, params)
    assert "next to the" in case.text


def test_resize_measures_the_asked_factor(mugs):
    kind = type_of("resize")
    params = kind.Params(target="mug-3", factor=0.6)
    case = keeps_to_the_rules(kind, mugs, params)
    assert case.text.startswith("Zoom out")
    assert case.done.scene.item("mug-3").size == pytest.approx(0.6)
    assert "area as asked" in failed(case_of(kind, mugs, kind.Params(target="mug-3", factor=1.5), case.done))
    _, back = kind.inverse(mugs, params, case.done)
    assert kind.rewrite(case.done.scene, back).item("mug-3").size == pytest.approx(1)


def test_outpaint_keeps_the_source_in_the_middle(mugs):
    kind = type_of("outpaint")
    case = keeps_to_the_rules(kind, mugs, kind.Params(zoom=1.6))
    assert case.text == "Outpaint the image as you can"
    assert case.done.scene.camera.fov > mugs.scene.camera.fov
    assert not case.done.mask[40, 40] and case.done.mask[2, 2]
    blank = np.where(case.done.mask[..., None], 128, case.done.picture).astype(np.uint8)
    wrong = case_of(kind, mugs, case.params, replace(case.done, picture=blank))
    assert {"border has content", "way to the exact edit"} <= set(failed(wrong))


def test_outpaint_names_what_appears():
    scene = table(item("mug-1", "mug", 0, 0, colour="red"), item("mug-2", "mug", 0.36, 0.05, colour="blue"))
    view, kind = seen(scene), type_of("outpaint")
    assert view.shares["mug-2"] == 0
    params = kind.Params(zoom=1.8, appears="mug-2")
    case = keeps_to_the_rules(kind, view, params)
    assert "mug" in case.text
    assert item_shares(case.done.scene)["mug-2"] > 0.005


def test_rotation_of_an_object_and_of_the_camera():
    view, kind = seen(park()), type_of("rotation_change")
    case = keeps_to_the_rules(kind, view, kind.Params(target="car-1", angle=90.0))
    assert case.text == f"Turn {view.refer('car-1')} counterclockwise"
    assert case.done.scene.item("car-1").yaw == pytest.approx(140)
    orbit = keeps_to_the_rules(kind, view, kind.Params(angle=-25.0))
    assert "25 degrees to the left" in orbit.text
    assert orbit.done.mask.all()
    assert np.linalg.norm(orbit.done.scene.camera.origin) == pytest.approx(
        np.linalg.norm(view.scene.camera.origin), rel=1e-4
    )
    other_sense = kind.Params(target="car-1", angle=-90.0)
    assert "turned by the angle" in failed(case_of(kind, view, other_sense, case.done))


def test_turning_takes_along_what_stands_on_it():
    scene = table(item("mug-1", "mug", 0, 0), item("mug-2", "mug", 0.1, 0, on="mug-1"))
    after = turned(scene, "mug-1", 90)
    assert after.item("mug-2").position == pytest.approx((0, 0.1, 0), abs=1e-5)


def test_round_things_are_not_turned():
    assert roundness(item("car-1", "car", 0, 0)) < 0.8
    assert roundness(item("mug-1", "mug", 0, 0)) < 0.9
