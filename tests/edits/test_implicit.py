"""implicit_change and relation."""

from __future__ import annotations

import pytest
from small_world import case_of, failed, item, keeps_to_the_rules, park, proposed, seen, speaks, table

from anyedit.edits.base import type_of
from anyedit.edits.implicit.causes import CAUSES
from anyedit.edits.placing import beside, relation_margin
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.kinds import kinds
from anyedit.world.scene import Camera


@pytest.fixture(scope="module")
def mugs():
    return seen(table())


@pytest.mark.parametrize("name", ["implicit_change", "relation"])
def test_wordings(name):
    speaks(type_of(name))


def test_many_causes_find_something_to_befall():
    scenes = [
        park(),
        park(time="night"),
        park(weather="rain"),
        park(weather="fog"),
        table(time="night"),
        table(lights_off=True),
    ]
    befalling = {
        name
        for name, cause in CAUSES.items()
        if not cause.targeted and any(cause.applies(s, None) for s in scenes)
    }
    for kind in kinds().values():
        thing = item("x-1", kind.name, 0, 0)
        others = [thing.but(state=state) for state in kind.states]
        for scene in (park(thing), table(thing)):
            for one in (thing, *others):
                befalling |= {
                    n for n, c in CAUSES.items() if c.targeted and c.applies(scene.with_item(one), one)
                }
    assert len(befalling) >= 15, sorted(befalling)


@pytest.mark.parametrize("cause", ["sun sets", "snow", "rain", "fog"])
def test_causes_of_light_and_weather(cause):
    view, kind = seen(park()), type_of("implicit_change")
    case = keeps_to_the_rules(kind, view, kind.Params(cause=cause))
    assert case.text == f"What will happen if {CAUSES[cause].event}?"
    assert case.done.mask.all()
    assert [thing.position for thing in case.done.scene.items] == [
        thing.position for thing in view.scene.items
    ]


def test_something_is_knocked_over(mugs):
    kind = type_of("implicit_change")
    case = keeps_to_the_rules(kind, mugs, kind.Params(cause="knock", target="mug-2"))
    assert case.done.scene.item("mug-2").tilt == 90
    assert case.done.scene.without("mug-2") == mugs.scene.without("mug-2")


def test_a_cause_that_does_not_apply_is_refused(mugs):
    kind = type_of("implicit_change")
    params = kind.Params(cause="light", target="mug-1")
    case = case_of(kind, mugs, params, None)
    assert {rule.name for rule in kind.checks if rule.judge(case).passed is False} >= {"cause applies"}
    with pytest.raises(ValueError, match="knock"):
        kind.Params(cause="knok")


def test_proposed_causes_pass(mugs):
    kind = type_of("implicit_change")
    keeps_to_the_rules(kind, mugs, proposed(kind, mugs))


def test_relation_holds_in_the_instance_map(mugs):
    kind = type_of("relation")
    params = proposed(kind, mugs)
    case = keeps_to_the_rules(kind, mugs, params)
    assert relation_margin(mugs.frame, params.target, params.anchor, params.relation) < 0
    assert relation_margin(case.done.after, params.target, params.anchor, params.relation) > 0
    assert case.text.startswith("Place the ") and params.relation in case.text


def test_relation_left_and_right_are_opposites(mugs):
    frame = mugs.frame
    assert relation_margin(frame, "mug-1", "mug-3", "to the left of") > 0.2
    assert relation_margin(frame, "mug-1", "mug-3", "to the right of") < -0.2
    assert relation_margin(frame, "mug-2", "mug-1", "behind") > 0
    assert relation_margin(frame, "mug-2", "mug-1", "in front of") < 0
    assert relation_margin(frame, "mug-2", "mug-1", "on top of") == -1


def test_another_relation_than_the_asked_is_rejected(mugs):
    kind = type_of("relation")
    params = kind.Params(
        target="mug-1", anchor="mug-3", relation="to the right of", position=(0.26, -0.05, 0)
    )
    outcome = kind.edit_world(mugs, params)
    assert not failed(case_of(kind, mugs, params, outcome))
    assert "relation holds" in failed(
        case_of(kind, mugs, params.model_copy(update={"relation": "to the left of"}), outcome)
    )


def test_on_top_rests_on_the_surface():
    bench, ball = item("bench-1", "park bench", 0.2, 0.2), item("ball-1", "basketball", -0.9, -0.5)
    camera = Camera(origin=(0, -3.4, 1.5), target=(0, 0, 0.45), fov=40)
    surroundings = ENVIRONMENTS["park"].sample("test", scale="room")
    view, kind = seen(park(bench, ball, surroundings=surroundings, camera=camera), 128), type_of("relation")
    after = beside(view.scene, "ball-1", "bench-1", "on top of", 0.0).item("ball-1")
    params = kind.Params(
        target="ball-1", anchor="bench-1", relation="on top of", position=after.position, on=after.on
    )
    case = keeps_to_the_rules(kind, view, params)
    assert case.done.scene.item("ball-1").on == "bench-1" and after.position[2] > 0.3
    assert "Place {object} in the middle of {anchor}" in kind.usable_phrases(view, params)
