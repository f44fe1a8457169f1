"""The published rules on cases whose answer is known, each with what makes it fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from anyedit.edits import edit_types, type_of
from anyedit.edits.base import Case, Outcome, Params
from anyedit.edits.judged import FOLLOWS, checks_of, gates_of
from anyedit.edits.published import POST, clip_direction, l1
from anyedit.edits.views import PhotoView
from anyedit.engines.roles import Found
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


def test_the_distance_does_not_wrap_around() -> None:
    darker = case("tone_transfer", outcome=Outcome(PICTURE - 99, np.ones_like(MASK)))
    assert l1(darker) == pytest.approx(
        99 / 255
    )  # of bytes, subtracted as the published code does, it would be so too
    brighter = case("tone_transfer", outcome=Outcome(PICTURE + 1, np.ones_like(MASK)))
    assert l1(brighter) == pytest.approx(1 / 255)  # ... but this would be 255 / 255
    assert verdict("tone_transfer", "L1", brighter).passed is False
    assert verdict("tone_transfer", "L1", darker).passed is True
