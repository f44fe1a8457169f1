"""Gates that look at the edited picture itself: by the exact edit, by alignment, drift and sharpness."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from small_world import case_of, failed, item, park, seen, table

from anyedit.edits.alignment import drift, misaligned, sharpness
from anyedit.edits.base import Case, type_of
from anyedit.edits.evidence import off_exact, shown, truth, way_everywhere, way_made
from anyedit.edits.views import PhotoView, WorldView
from anyedit.engines.ocr import TextBox
from anyedit.engines.toolbox import tools
from anyedit.records import Pixels, Source, png
from anyedit.world import describe
from anyedit.world.scene import Camera


@pytest.fixture(scope="module")
def removal() -> Case:
    view = seen(table())
    kind = type_of("remove")
    params = kind.Params(target="mug-3")
    return case_of(kind, view, params, kind.edit_world(view, params))


def handed_back(case: Case, picture: Pixels) -> Case:
    """The case of an editor that returns nothing but a picture."""
    outcome = replace(case.done, picture=picture, influence=None, scene=None, after=None)
    return replace(case, outcome=outcome, notes={})


def test_a_picture_alone_is_judged_by_the_exact_edit(removal: Case) -> None:
    right = handed_back(removal, removal.done.picture)
    assert failed(right) == []
    assert way_made(right) == pytest.approx(1, abs=0.02)
    assert off_exact(right) is None, "it does not claim to be exact"
    exact = truth(right)
    assert exact is not None and exact.after is not None
    assert exact.after.scene == removal.done.scene
    nothing = handed_back(removal, removal.view.picture)
    assert way_made(nothing) == pytest.approx(0, abs=1e-6)
    assert {"way to the exact edit", "target visible after"} <= set(failed(nothing))
    assert shown(nothing, "mug-3").sum() > 100
    assert shown(right, "mug-3").sum() == 0


def test_half_an_edit_fails_in_its_worst_part(removal: Case) -> None:
    columns = np.nonzero(removal.done.mask)[1]
    left = removal.done.mask & (np.arange(removal.done.mask.shape[1]) < np.median(columns))[None]
    half = handed_back(removal, np.where(left[..., None], removal.view.picture, removal.done.picture))
    assert 0.3 < way_made(half) < 0.7
    assert way_everywhere(half) < 0.2 < 0.9 < way_everywhere(removal)


@pytest.mark.parametrize(("move", "factor"), [((3.0, 0.0), 1.0), ((-2.0, 2.0), 1.0), ((0.0, 0.0), 1.07)])
def test_shift_and_zoom_are_measured(removal: Case, move: tuple[float, float], factor: float) -> None:
    size = removal.done.picture.shape[0]
    matrix = cv2.getRotationMatrix2D((size / 2, size / 2), 0, factor) + np.array(
        [[0, 0, move[0]], [0, 0, move[1]]]
    )
    warped = cv2.warpAffine(removal.done.picture, matrix, (size, size), borderMode=cv2.BORDER_REFLECT_101)
    wanted = (np.hypot(*move) + (factor - 1) * size / np.sqrt(2)) / size
    assert misaligned(handed_back(removal, warped)) == pytest.approx(wanted, rel=0.25)
    assert "alignment" in failed(handed_back(removal, warped))
    assert misaligned(removal) == 0


def test_a_tint_outside_and_a_blur_are_measured(removal: Case) -> None:
    assert drift(removal) < 6
    tinted = removal.done.picture.copy()
    outside = np.zeros(removal.done.mask.shape, bool)
    outside[2:16, 2:16] = True
    assert not (outside & removal.done.mask).any()
    tinted[outside] = np.clip(tinted[outside] + np.array([50, -40, 0]), 0, 255)
    assert drift(handed_back(removal, tinted)) > 20
    soft = cv2.GaussianBlur(removal.done.picture, (0, 0), 1.2)
    assert sharpness(handed_back(removal, soft)) < 0.5 < 0.9 < sharpness(removal)


def test_a_photograph_is_aligned_with_its_source_outside_the_mask(removal: Case) -> None:
    picture = removal.view.picture
    view = PhotoView(Source("p", png(picture), "Three mugs.", "photo", "unknown", "train"))
    mask = removal.done.mask
    case = replace(removal, view=view, outcome=replace(removal.done, after=None, scene=None), notes={})
    assert (misaligned(case), way_made(case)) == (0, None)
    moved = np.roll(case.done.picture, 3, axis=1)
    assert misaligned(replace(case, outcome=replace(case.done, picture=moved), notes={})) == pytest.approx(
        3 / mask.shape[1], rel=0.3
    )
    toned = np.clip(picture * np.array([0.5, 0.5, 0.8]), 0, 255).astype(np.uint8)
    whole = replace(case.done, picture=toned, mask=np.ones_like(mask))
    assert misaligned(replace(case, outcome=whole, notes={})) == 0, "another light is no shift"
    assert drift(replace(case, outcome=whole, notes={})) is None
    off = replace(whole, picture=np.roll(toned, 4, axis=0))
    assert misaligned(replace(case, outcome=off, notes={})) > 0.03


@pytest.mark.parametrize(
    ("name", "asked", "made"),
    [
        ("material_change", {"material": "gold"}, {"material": "marble"}),
        ("appearance_alter", {"what": "finish", "value": "moss"}, {"what": "finish", "value": "rust"}),
        (
            "appearance_alter",
            {"what": "pattern", "value": "stripes", "colour": "blue"},
            {"what": "pattern", "value": "dots", "colour": "yellow"},
        ),
    ],
)
def test_the_wrong_substance_on_the_right_object_is_rejected(
    name: str, asked: dict[str, Any], made: dict[str, Any]
) -> None:
    view = seen(table(item("vase-1", "vase", 0, 0, colour="white", material="ceramic")))
    kind = type_of(name)
    params = [kind.Params(target="vase-1", **values) for values in (asked, made)]
    right, wrong = (kind.edit_world(view, values) for values in params)
    case = case_of(kind, view, params[0], right)
    assert failed(case) == failed(handed_back(case, right.picture)) == []
    rules = {"material unlike the asked", "look unlike the asked", "way to the exact edit"}
    assert rules & set(
        failed(replace(case, outcome=replace(wrong, visual_prompt=right.visual_prompt), notes={}))
    )
    assert rules & set(failed(handed_back(case, wrong.picture)))


class Stubborn:
    """An OCR engine that reads the same everywhere."""

    version = "stubborn 1"

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, picture: Pixels) -> list[TextBox]:
        return [TextBox(self.text, 1.0, ((0, 0), (1, 0), (1, 1), (0, 1)))]


def test_text_is_read_by_the_engine_of_the_case() -> None:
    near = Camera(origin=(0, -3.2, 1.2), target=(0, 0, 0.75), fov=36)
    view: WorldView = seen(park(item("sign-1", "sign", 0, 0, text="OPEN", font="Roboto"), camera=near), 96)
    kind = type_of("textual_change")
    params = kind.Params(target="sign-1", old="OPEN", new="SALE")
    case = case_of(kind, view, params, kind.edit_world(view, params))
    read = {rule.name: rule for rule in (*kind.checks, *kind.gates)}
    for text, before, after in (("open", 1.0, 0.25), ("S a l e", 0.25, 1.0)):
        told = replace(case, tools=tools(placed={"ocr": Stubborn(text)}), notes={})
        assert read["old text read before"].judge(told).value == pytest.approx(before, abs=0.26)
        assert read["new text read after"].judge(told).passed is (after == 1.0)


@pytest.mark.parametrize("name", ["material_change", "appearance_alter", "action_change"])
def test_a_caption_tells_what_changed_and_of_what(name: str) -> None:
    view, kind = seen(table()), type_of(name)
    told = 0
    for seed in range(12):
        params = kind.propose(view, np.random.default_rng(seed))
        if params is None:
            continue
        after, caption = kind.rewrite(view.scene, params), kind.caption_after(view, params)
        old, new = (describe.modifiers(scene.item(params.target)) for scene in (view.scene, after))
        fresh = [word for now, before in zip(new, old, strict=True) for word in now if word not in before]
        assert all(word in caption for words in fresh for word in words.split()), (fresh, caption)
        assert ", with a" not in caption, "the thing is told once"
        told += bool(fresh)
    assert told or kind.propose(view, np.random.default_rng(0)) is None


def test_what_is_put_before_others_may_not_hide_them() -> None:
    view = seen(park(item("dog-1", "dog", 0, 0, yaw=90), item("car-1", "car", -3, 1)))
    kind = type_of("add")
    for x, y, hides in ((0.0, -1.5, True), (2.5, 0.0, False)):
        params = kind.Params(item=item("tent-1", "tent", x, y), place="")
        case = case_of(kind, view, params, kind.edit_world(view, params))
        assert ("others still seen" in failed(case)) is hides
    photo = replace(
        case, view=PhotoView(Source("p", png(view.picture), "A dog.", "photo", "unknown", "train"))
    )
    rule = next(rule for rule in kind.gates if rule.name == "others still seen")
    assert rule.judge(photo).passed is None


def test_a_style_keeps_the_full_stop() -> None:
    view = seen(table())
    kind = type_of("style_change")
    assert view.caption.endswith(".")
    caption = kind.caption_after(view, kind.Params(style="oil painting"))
    assert caption.startswith("An oil painting of ") and caption.endswith(".") and not caption.endswith("..")


def test_what_is_worn_is_proposed_only_where_it_is_seen() -> None:
    kind = type_of("appearance_alter")
    far = Camera(origin=(0, -9, 2.6), target=(0, 0, 0.5), fov=40)
    near = Camera(origin=(0, -2.1, 0.9), target=(0, 0, 0.32), fov=36)
    found: dict[str, list[str]] = {}
    for name, camera in (("far", far), ("near", near)):
        view = seen(park(item("dog-1", "dog", 0, 0, yaw=40), camera=camera), 64)
        proposed = [kind.propose(view, np.random.default_rng(seed)) for seed in range(10)]
        found[name] = [
            params.value for params in proposed if params is not None and params.what == "accessory"
        ]
    assert not found["far"] and found["near"]
