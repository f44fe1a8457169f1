"""Small scenes for the tests of edit types, and what every type must keep to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from anyedit.edits.base import Case, EditType, Outcome
from anyedit.edits.views import WorldView
from anyedit.records import Verdict
from anyedit.seeds import rng_of
from anyedit.world import describe
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.kinds import kind_of
from anyedit.world.render import RenderSettings, render
from anyedit.world.scene import Camera, Item, Scene

SIZE = 80


def item(item_id: str, kind: str, x: float, y: float, **changes: Any) -> Item:
    """A usual thing of this kind on the ground."""
    known = kind_of(kind)
    usual = {
        "params": known.sample(item_id),
        "state": known.states[0] if known.states else None,
        "colour": known.colours[0],
        "material": known.materials[0],
    }
    return Item(id=item_id, kind=kind, position=(x, y, 0), **(usual | changes))


def table(*items: Item, **changes: Any) -> Scene:
    """Things on a wooden table; three mugs when none are given."""
    items = items or (
        item("mug-1", "mug", -0.13, -0.02, colour="red", yaw=-30),
        item("mug-2", "mug", 0.0, 0.08, colour="blue", yaw=60),
        item("mug-3", "mug", 0.14, -0.05, colour="yellow", yaw=200),
    )
    return _scene(
        "wooden table",
        "tabletop",
        Camera(origin=(0, -0.75, 0.36), target=(0, 0, 0.05), fov=36),
        items,
        changes,
    )


def park(*items: Item, **changes: Any) -> Scene:
    """Things in a park; a car and a tent when none are given."""
    items = items or (
        item("car-1", "car", -2.2, -0.6, colour="red", yaw=50),
        item("tent-1", "tent", 2.2, 0.6, colour="yellow", yaw=-20),
    )
    return _scene("park", "outdoor", Camera(origin=(0, -11, 3.2), target=(0, 0, 0.9), fov=40), items, changes)


def _scene(
    environment: str, scale: str, camera: Camera, items: tuple[Item, ...], changes: dict[str, Any]
) -> Scene:
    surroundings = ENVIRONMENTS[environment].sample("test", scale=scale)
    facts = {
        "seed": 5,
        "environment": environment,
        "surroundings": surroundings,
        "camera": camera,
        "items": items,
    }
    return Scene(**(facts | changes))


def seen(scene: Scene, size: int = SIZE) -> WorldView:
    """A rendered view of a scene."""
    settings = RenderSettings(size, size)
    frame = render(scene, settings)
    return WorldView(frame, frame.picture, describe.caption(frame.scene), settings)


def proposed(kind: EditType, view: WorldView, tries: int = 8) -> Any:
    """The first parameters that the type proposes."""
    for number in range(tries):
        params = kind.propose(view, rng_of("test", kind.name, number))
        if params is not None:
            return params
    raise AssertionError(f"{kind.name} proposes nothing in {tries} tries")


def case_of(kind: EditType, view: WorldView, params: Any, outcome: Outcome) -> Case:
    """The case with the type's first usable phrase."""
    words = kind.words(view, params)
    text = kind.usable_phrases(view, params)[0].format(**words)
    return Case(kind, view, params, text, kind.caption_after(view, params), words["object"], outcome)


def verdicts(case: Case) -> list[Verdict]:
    """All that the type's checks and gates say."""
    return [rule.judge(case) for rule in (*case.kind.checks, *case.kind.gates)]


def failed(case: Case) -> list[str]:
    """Names of the gates that reject the case."""
    return [rule.name for rule in case.kind.gates if rule.judge(case).passed is False]


def nothing_done(case: Case) -> Case:
    """The same case with the source handed back as the result."""
    view = case.view
    assert isinstance(view, WorldView)
    unchanged = replace(case.done, picture=view.picture, after=view.frame, scene=view.scene)
    return replace(case, outcome=unchanged)


def keeps_to_the_rules(kind: EditType, view: WorldView, params: Any) -> Case:
    """Carry the edit out and hold it to what every type keeps: wordings, gates, nonsense refused."""
    words = kind.words(view, params)
    assert words["object"]
    for phrase in kind.usable_phrases(view, params):
        assert "{" not in phrase.format(**words)
    case = case_of(kind, view, params, kind.edit_world(view, params))
    wrong = [verdict for verdict in verdicts(case) if verdict.passed is False]
    assert not wrong, [(verdict.rule, verdict.value, verdict.low, verdict.high) for verdict in wrong]
    assert case.done.picture.shape == view.picture.shape
    assert case.done.mask.shape == view.picture.shape[:2]
    assert failed(nothing_done(case)), f"{kind.name} accepts the unchanged source"
    return case


def speaks(kind: EditType) -> None:
    """At least 12 wordings, in both forms, each different."""
    assert len(kind.phrases) >= 12
    assert len(set(kind.phrases)) == len(kind.phrases)
    assert any(phrase.endswith("?") for phrase in kind.phrases)
    assert any(not phrase.endswith("?") for phrase in kind.phrases)
