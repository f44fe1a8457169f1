"""rotation_change from two views of a capture, textual_change from given lines: right edits pass, planted faults fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from anyedit.edits import type_of
from anyedit.edits.base import Case, Outcome
from anyedit.edits.given import Given, SecondView, TextLine, packed
from anyedit.edits.local.given_text import like
from anyedit.edits.views import PhotoView
from anyedit.engines.toolbox import tools
from anyedit.errors import EditNotPossible
from anyedit.records import Source, png
from anyedit.seeds import rng_of


def photo(picture: np.ndarray, given: Given, caption: str) -> PhotoView:
    return PhotoView(Source("p", png(picture), caption, "x.png", "CC0", "train", extra=given.json_text()))


def scene(angle: float, seed: int = 0) -> np.ndarray:
    """Blobs on a drum and a wall, seen by a pinhole camera that went round them by `angle` degrees."""
    rng = np.random.default_rng(seed)
    picture = np.full((240, 320, 3), 90, np.uint8)
    points = rng.uniform([-1.2, -1, -1.2], [1.2, 1, 1.2], (420, 3))
    colours = rng.integers(30, 255, (420, 3))
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    seen = points @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T + [0, 0, 6]
    for k in np.argsort(-seen[:, 2]):
        x, y, z = seen[k]
        middle = (round(160 + 330 * x / z), round(120 + 330 * y / z))
        corner = (middle[0] + 9, middle[1] + 5)
        cv2.rectangle(picture, middle, corner, colours[k].tolist(), -1)
        cv2.circle(picture, middle, 3, (255 - colours[k]).tolist(), -1)
    return picture


def turned(angle: float, after: np.ndarray | None = None) -> tuple[PhotoView, Case]:
    other = scene(angle) if after is None else after
    second = SecondView(name="b.png", angle=angle, picture=packed(other))
    view = photo(scene(0), Given(second=second, subject="drum"), "A drum by a wall")
    kind = type_of("rotation_change")
    params = kind.propose(view, rng_of("x"))
    assert params is not None and params.angle == round(angle) and params.target is None
    outcome = kind.edit(view, params, tools())
    text = kind.usable_phrases(view, params)[0].format(**kind.words(view, params))
    return view, Case(kind, view, params, text, kind.caption_after(view, params), "the drum", outcome)


def failed(case: Case) -> list[str]:
    return [rule.name for rule in case.kind.gates if rule.judge(case).passed is False]


def test_the_second_view_of_a_capture_is_the_edit() -> None:
    view, case = turned(-12.4)
    assert case.text == "Rotate the camera 12 degrees to the left around the drum"
    assert case.edited_caption == "A drum by a wall, seen from further to the left."
    assert np.array_equal(case.done.picture, scene(-12.4)) and case.done.mask.all()
    assert failed(case) == []
    assert all(rule.judge(case).passed is not False for rule in case.kind.checks)
    back = case.kind.inverse(view, case.params, case.done)
    assert back is not None and back[1].angle == 12


def test_another_scene_is_no_second_view() -> None:
    assert failed(turned(12, scene(12, seed=9))[1]) == ["one scene in both views"]
    assert "change inside mask" in failed(turned(12, scene(0))[1])  # nothing was turned
    alone = photo(scene(0), Given(), "A drum")
    kind = type_of("rotation_change")
    assert kind.propose(alone, rng_of("x")) is None
    with pytest.raises(EditNotPossible, match="no second view"):
        kind.edit(alone, kind.Params(angle=20), tools())


def sign(text: str) -> tuple[np.ndarray, TextLine]:
    from font_roboto import RobotoBold

    image = Image.new("RGB", (320, 160), (226, 222, 210))
    font = ImageFont.truetype(RobotoBold, 44)
    draw = ImageDraw.Draw(image)
    draw.text((60, 50), text, (150, 30, 30), font=font)
    x0, y0, x1, y1 = draw.textbbox((60, 50), text, font=font)
    x0, y0, x1, y1 = x0 - 3, y0 - 3, x1 + 3, y1 + 3
    grain = np.random.default_rng(1).normal(0, 2, (160, 320, 3))
    picture = np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)
    return picture, TextLine(text=text, quad=((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


def test_a_given_line_is_written_anew_and_read_back() -> None:
    picture, line = sign("CLOSED")
    view = photo(picture, Given(lines=(line,)), "A shop that says closed")
    kind = type_of("textual_change")
    params = kind.propose(view, rng_of("y"))
    assert params is not None and params.old == "CLOSED" and params.new.isupper() and params.new != "CLOSED"
    engines = tools()
    outcome = kind.edit(view, params, engines)
    words = kind.words(view, params)
    texts = [phrase.format(**words) for phrase in kind.usable_phrases(view, params)]
    assert len(texts) >= 6 and all(params.new in text and "CLOSED" in text for text in texts)
    caption = kind.caption_after(view, params)
    assert caption == f"A shop that says {params.new}"
    case = Case(kind, view, params, texts[0], caption, words["object"], outcome, tools=engines)
    assert failed(case) == []
    assert all(rule.judge(case).passed is not False for rule in kind.checks)
    assert np.array_equal(outcome.picture[~outcome.mask], view.picture[~outcome.mask])
    unchanged = replace(case, outcome=Outcome(picture=picture, mask=outcome.mask), notes={})
    assert "new text read after" in failed(unchanged)
    light = picture.mean() > 128  # dark letters grow by erosion
    grown = (cv2.erode if light else cv2.dilate)(outcome.picture, np.ones((5, 5), np.uint8))
    bold = replace(case, outcome=Outcome(picture=grown, mask=outcome.mask), notes={})
    assert "strokes as wide as the old" in failed(bold)
    smeared = np.where(outcome.mask[..., None], 120, picture).astype(np.uint8)
    garbled = replace(case, outcome=Outcome(picture=smeared, mask=outcome.mask), notes={})
    assert "new text read after" in failed(garbled)


def test_a_line_that_is_not_what_the_source_says_is_caught() -> None:
    picture, line = sign("CLOSED")
    lying = line.model_copy(update={"text": "BAKERY"})
    view = photo(picture, Given(lines=(lying,)), "A shop")
    kind = type_of("textual_change")
    params = kind.Params(target="t0", old="BAKERY", new="MUSEUM")
    case = Case(kind, view, params, "", "", "", None, tools())  # it is not even edited
    assert "old text read before" in [rule.name for rule in kind.checks if rule.judge(case).passed is False]


def test_lines_that_are_small_or_said_twice_are_left_alone() -> None:
    picture, line = sign("CLOSED")
    kind = type_of("textual_change")
    for lines in (
        (line, line),
        (line.model_copy(update={"text": "12"}),),
        (TextLine(text="CLOSED", quad=((5, 5), (30, 5), (30, 10), (5, 10))),),
        (TextLine(text="CLOSED", quad=((-30, 5), (90, 5), (90, 60), (-30, 60))),),
    ):
        assert kind.propose(photo(picture, Given(lines=lines), "A shop"), rng_of("x")) is None
    assert like("Open", ("SALE", "WELCOME", "open")) == ["Sale"]


def test_only_sources_that_have_them_are_asked_for_them(tmp_path: Path) -> None:
    from anyedit.pipeline.asked import possible_types
    from anyedit.recipe import load_recipe

    def possible(**source: str) -> set[str]:
        return set(possible_types(load_recipe({"source": {"kind": "photos", "path": "x", **source}})))

    assert "rotation_change" in possible(layout="multiview") and "rotation_change" not in possible()
    assert "textual_change" in possible(layout="lettered", annotations="a.json")
