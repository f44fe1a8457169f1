"""The published rules on cases whose answer is known, each with what makes it fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from anyedit.edits import edit_types, type_of
from anyedit.edits.base import Case, Outcome, Params
from anyedit.edits.instructed import Instructable, InstructedParams
from anyedit.edits.judged import FOLLOWS, checks_of, gates_of
from anyedit.edits.published import POST, clip_direction, l1
from anyedit.edits.views import PhotoView
from anyedit.engines.roles import Found
from anyedit.engines.toolbox import tools
from anyedit.engines.tools import Tools
from anyedit.errors import EditNotPossible, EngineError
from anyedit.records import Source, SourceObject, png

PICTURE = np.full((40, 60, 3), 100, np.uint8)
MASK = np.zeros((40, 60), bool)
MASK[10:30, 20:40] = True
EDITED = PICTURE.copy()
EDITED[MASK] = 250


class Target(Params):
    target: str = "a1"
    colour: str = "white"


class Eyes:
    """Finds what it is told, answers what it is told; its features are two numbers of brightness and words."""

    version = "eyes"
    names = None

    def __init__(self, boxes: Sequence[tuple[float, ...]] = (), answer: Any = "yes") -> None:
        self.boxes, self.said = boxes, answer
        self.asked: list[Any] = []

    def find(self, pictures: Any, names: Any) -> Any:
        self.asked.append(names[0][0])
        return [[Found(names[0][0], box, 0.9) for box in self.boxes]]  # type: ignore[arg-type]

    def segment(self, picture: Any, boxes: Any) -> Any:
        return [EngineError("nothing there") for _ in boxes]  # the box itself is taken

    def answer(self, pictures: Any, questions: Any) -> Any:
        self.asked.append(questions[0])
        return [self.said]

    def image_text(self, pictures: Any, texts: Any) -> Any:
        return np.asarray([0.18])

    def features(self, pictures: Any) -> Any:
        return np.asarray([[p.mean() / 255, 1.0] for p in pictures], np.float32)

    def sentences(self, texts: Any) -> Any:
        return np.asarray([[float("white" in text), 1.0] for text in texts], np.float32)


def case(kind: str, eyes: Eyes | None = None, **changes: Any) -> Case:
    thing = SourceObject("a1", "mug", (20, 10, 40, 30), 0.16, png(MASK))
    source = Source("s", png(PICTURE), "a grey mug", "f", "CC0-1.0", "train", (thing,))
    eyes = eyes or Eyes()
    roles = ("ground", "segment", "describe", "image_text", "features", "sentences")
    made = Case(
        kind=type_of(kind), view=PhotoView(source), params=Target(), text="Make the mug white",
        edited_caption="a white mug", edited_object="the mug", outcome=Outcome(EDITED, MASK),
        tools=Tools({role: lambda: eyes for role in roles}),
    )  # fmt: skip
    return replace(made, **changes)


def verdict(kind: str, rule: str, made: Case) -> Any:
    return next(r for r in POST[kind] if r.name == rule).judge(made)


def test_every_type_has_published_rules_of_its_own_or_of_its_kin() -> None:
    assert set(POST) == {name for name, kind in edit_types().items() if kind.of_group is None}
    for kind in edit_types().values():
        names = [rule.name for rule in gates_of(kind, ("published", "judge"))]
        assert len(names) > len(kind.gates) + 3 and FOLLOWS in names
        assert len(set(names)) == len(names), kind.name  # a limit in a recipe must mean one rule
        assert gates_of(kind, ()) == kind.gates and checks_of(kind, ()) == kind.checks


@pytest.mark.parametrize(
    ("kind", "boxes", "passed"),
    [
        ("add", [(20, 10, 40, 30)], True),  # found in the mask
        ("add", [(45, 0, 60, 9)], False),  # found elsewhere
        ("add", [], False),
        ("remove", [], True),
        ("remove", [(45, 0, 60, 9)], True),  # another one, elsewhere
        ("remove", [(20, 10, 40, 30)], False),  # still there
    ],
)
def test_what_is_detected_must_lie_in_the_mask_or_must_not(kind: str, boxes: Any, passed: bool) -> None:
    rule = "old object detected in mask" if kind == "remove" else "new object detected in mask"
    eyes = Eyes(boxes)
    found = verdict(kind, rule, case(kind, eyes))
    assert found.passed is passed and found.value == (1 if boxes and boxes[0][0] == 20 else 0)
    assert eyes.asked == ["mug" if kind == "remove" else "the mug"]


def test_a_rule_without_its_engine_says_so() -> None:
    for name, rule, role in (
        ("add", "CLIP", "image_text"),
        ("remove", "old object detected in mask", "ground"),
    ):
        found = verdict(
            name, rule, case(name, tools=tools({}))
        )  # annotations find nothing in an edited picture
        assert (found.passed, found.value, found.note) == (None, None, f"no engine for {role}")
    (score,) = [r for r in checks_of(type_of("add"), ("published",)) if r.name == "aesthetic score"]
    assert score.judge(case("add")).note == "no engine for aesthetic"
    assert (
        verdict("replace", "CLIPdir", case("replace", edited_caption="a grey mug")).note == ""
    )  # it had them


def test_a_detector_that_does_not_know_the_word_does_not_apply() -> None:
    eyes = Eyes()
    eyes.names = ("person", "car")  # type: ignore[assignment]
    assert verdict("remove", "old object detected in mask", case("remove", eyes)).passed is None


def test_questions_to_a_vision_language_model() -> None:
    for answer, passed in (("yes", True), ("no", False), ("a red mug", False)):
        eyes = Eyes(answer=answer)
        assert verdict("color_alter", "VQA color", case("color_alter", eyes)).passed is passed
        assert eyes.asked == ["Is the color of the mug close to white?"]
    with pytest.raises(EditNotPossible, match="no answer"):
        verdict("color_alter", "VQA color", case("color_alter", Eyes(answer=EngineError("x"))))


def test_text_scores_and_their_limits() -> None:
    assert verdict("remove", "CLIP", case("remove")).passed is True  # 0.18 > 0.15
    assert verdict("add", "CLIP", case("add")).passed is False  # 0.18 < 0.2
    assert verdict("add", "CLIP", case("add", tools=Tools({}))).passed is None


def test_the_direction_of_change() -> None:
    assert clip_direction(case("replace")) == pytest.approx(1)  # brighter, and said to be
    assert clip_direction(case("replace", outcome=Outcome(PICTURE // 2, MASK))) == pytest.approx(-1)
    assert clip_direction(case("replace", outcome=Outcome(PICTURE, MASK))) == 0
    assert clip_direction(case("replace", edited_caption="a grey mug")) is None  # nothing is said to change


def failed_checks(kind: str, text: str, result: str = "", *, told: bool = True, **changes: Any) -> list[str]:
    """Names of the checks of step 3 that a worded edit of the mug fails, by way of an editor."""
    way = Instructable(type_of(kind)) if told else type_of(kind)
    params = InstructedParams(instruction=text, object="the mug", result=result)
    made = replace(case(kind), **{"kind": way, "params": params, "text": text, **changes})
    return [rule.name for rule in checks_of(way, ()) if rule.judge(made).passed is False]


def test_a_type_by_way_of_an_editor_keeps_the_checks_of_its_words() -> None:
    assert failed_checks("appearance_alter", "Make the mug bigger") == ["no words of size"]
    assert failed_checks("appearance_alter", "Can you change the mug in size?") == ["no words of size"]
    assert failed_checks("appearance_alter", "Put stars on the mug") == []
    for kind in edit_types().values():
        rules = {rule.name for rule in Instructable(kind).checks}
        assert {rule.name for rule in kind.said} <= rules & {rule.name for rule in kind.checks}, kind.name


@pytest.mark.parametrize(
    ("new", "passed"),
    [
        *((new, False) for new in ("a woman", "an old lady with a hat", "nurse", "babies", "two policemen")),
        *((new, False) for new in ("a guy", "a group of tourists", "the chef")),
        *(
            (new, True)
            for new in ("a dog", "a baby carriage", "a statue of a woman", "a snowman", "a group of cups")
        ),
    ],
)
def test_no_human_comes_in_on_any_route(new: str, passed: bool) -> None:
    rule = "new object is no person"
    assert (rule not in failed_checks("replace", f"Replace the mug with {new}", new)) is passed
    own = type_of("replace").Params(target="a1", thing=new)
    assert (rule not in failed_checks("replace", "x", told=False, params=own)) is passed


def test_a_human_who_comes_in_is_read_off_the_captions_where_nothing_names_the_new_thing() -> None:
    text = "Replace the mug with something else"
    assert failed_checks("replace", text, edited_caption="a nurse") == ["new object is no person"]
    assert failed_checks("replace", text, edited_caption="a dog") == []


@pytest.mark.parametrize(
    ("text", "result", "fails"),
    [
        ("Make the mug be on the grass", "be", ["action is more than be or have"]),
        ("Let the mug have a handle", "", ["action is more than be or have"]),
        ("Make the mug is open", "", ["action is more than be or have"]),
        ("Have the mug fall over", "fall over", []),
        ("What would it look like if the mug were falling over?", "", []),
        ("Make the mug that is grey fall over", "", []),
        ("Make the mug stand up", "", ["action is new"]),
        ("Make the action of the mug to standing up", "standing up", ["action is new"]),
        ("Make the standing mug fall over", "", []),
        ("Make the mug stop standing", "", []),
    ],
)
def test_an_action_is_a_deed_and_not_yet_done(text: str, result: str, fails: list[str]) -> None:
    view = case("remove").view
    assert isinstance(view, PhotoView)
    standing = PhotoView(replace(view.source, caption="a grey mug standing on a table"))
    assert failed_checks("action_change", text, result, view=standing) == fails
    published = checks_of(type_of("action_change"), ("published",))  # on its own route by the preset
    params = InstructedParams(instruction=text, object="the mug", result=result)
    made = case("action_change", view=standing, text=text, params=params)
    own = [r.name for r in published if r.name.startswith("action ") and r.judge(made).passed is False]
    assert own == fails


def test_what_fills_the_photograph_is_not_edited_by_name() -> None:
    whole = SourceObject("a1", "mug", (0, 0, 60, 40), 0.97, png(np.ones((40, 60), bool)))
    view = PhotoView(Source("s", png(PICTURE), "a grey mug", "f", "CC0-1.0", "train", (whole,)))
    rule = "target visible before"
    own = type_of("color_alter").Params(target="a1", colour="red")
    assert failed_checks("color_alter", "Make the mug red", told=False, view=view, params=own) == [rule]
    assert failed_checks("color_alter", "Make the mug red", "red", view=view) == [rule]
    assert failed_checks("color_alter", "Make the mug red", "red") == []  # 16% of the picture
    two = replace(view.source, objects=(whole, replace(whole, id="a2", share=0.1)))
    assert (
        failed_checks("color_alter", "Make the mug red", "red", view=PhotoView(two)) == []
    )  # which is not known


def test_the_preset_asks_for_the_object_in_the_caption() -> None:
    (rule,) = [r for r in checks_of(type_of("remove"), ("published",)) if r.name == "object in the caption"]
    for caption, passed in (("a grey mug", True), ("Mugs on a table", True), ("a table", False), ("", None)):
        view = case("remove").view
        assert isinstance(view, PhotoView)
        made = case("remove", view=PhotoView(replace(view.source, caption=caption)))
        assert rule.judge(made).passed is passed, caption
    assert "object in the caption" not in {r.name for r in checks_of(type_of("add"), ("published",))}


def test_the_distance_does_not_wrap_around() -> None:
    darker = case("tone_transfer", outcome=Outcome(PICTURE - 99, np.ones_like(MASK)))
    assert l1(darker) == pytest.approx(
        99 / 255
    )  # of bytes, subtracted as the published code does, it would be so too
    brighter = case("tone_transfer", outcome=Outcome(PICTURE + 1, np.ones_like(MASK)))
    assert l1(brighter) == pytest.approx(1 / 255)  # ... but this would be 255 / 255
    assert verdict("tone_transfer", "L1", brighter).passed is False
    assert verdict("tone_transfer", "L1", darker).passed is True
