"""Try: upload, draw, edit with several editors side by side, keep as a pair; what is refused."""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from looking import settled, until
from PIL import Image
from starlette.testclient import TestClient

from anyedit.edits.visual.condition import colour_of
from anyedit.records import pixels_of, png
from anyedit.store.dataset import iter_rows
from anyedit.studio.application import create_app
from anyedit.studio.desk import Desk
from anyedit.studio.drawing import Drawing

os.environ.setdefault("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def small_editor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real editor of random weights, with a classifier of types, experts and their learned router."""
    import torch

    from anyedit.models.experts import AnySDExperts
    from anyedit.models.layout import RESAMPLER
    from anyedit.models.pipeline import AnySDPipeline
    from anyedit.models.tasks import TaskClassifier
    from anyedit.models.tiny import IMAGE_WIDTH, TEXT_WIDTH, tiny_image_encoder, write_tiny_base

    folder = tmp_path_factory.mktemp("editors")
    pipeline = AnySDPipeline.from_pretrained(write_tiny_base(folder / "base"))
    torch.manual_seed(1)
    names = ["visual_bbox", "style", "rest"]
    experts = AnySDExperts.for_unet(
        pipeline.unet, IMAGE_WIDTH, expert_names=names, routing="learned", top_k=2, **RESAMPLER
    )
    pipeline.register_modules(
        experts=experts,
        image_encoder=tiny_image_encoder(),
        task_classifier=TaskClassifier(TEXT_WIDTH, hidden=16),
    )
    pipeline.save_pretrained(folder / "made")
    return folder / "made"


def picture(width: int = 96, height: int = 64) -> Image.Image:
    ramp = np.linspace(20, 220, width).astype(np.uint8)[None].repeat(height, 0)
    return Image.fromarray(np.stack([ramp, ramp[::-1], np.full_like(ramp, 90)], -1))


def test_draw_edit_and_keep(
    small_editor: Path, tmp_path: Path, served: Callable[..., str], page: Any
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    picture().save(tmp_path / "photo.png")
    base = served(given, small_editor, editors=("identity",))
    page.goto(f"{base}/try?type=visual_bbox&steps=2")
    settled(page)
    page.set_input_files("input[type=file] >> nth=0", tmp_path / "photo.png")
    until(page, "document.querySelector('.draw canvas').width === 96")
    page.fill("input[name=instruction]", "Add a mug in the box")
    page.fill("input[name=label]", "mug")
    box = page.locator(".draw canvas").bounding_box()
    scale = box["width"] / 96
    page.mouse.move(box["x"] + 24 * scale, box["y"] + 16 * scale)
    page.mouse.down()
    page.mouse.move(box["x"] + 60 * scale, box["y"] + 48 * scale, steps=4)
    page.mouse.up()
    for each in page.locator("input[name=editor]").all():
        each.check()
    page.click("button.main:text('Edit')")
    cards = page.locator(".results .card[data-editor]")
    until(page, "document.querySelectorAll('.results .card[data-editor]').length === 3")
    told = cards.evaluate_all("cards => cards.map(card => card.dataset.editor)")
    assert told == ["small editor (in the package)", "identity", "made"]
    assert cards.nth(1).locator("img").first.evaluate("i => [i.naturalWidth, i.naturalHeight]") == [96, 64]
    assert "type: visual_bbox (given)" in cards.nth(2).inner_text()
    weights = [
        float(text)
        for text in re.findall(r"(?:visual_bbox|style|rest) (\d\.\d\d)", cards.nth(2).inner_text())
    ]
    assert len(weights) == 2 and sum(weights) == pytest.approx(1, abs=0.02)  # two of three experts
    shown = cards.nth(2).locator("img.given").get_attribute("src")
    prompt = pixels_of(base64.b64decode(shown.partition(",")[2]))
    drawn = np.argwhere((prompt == colour_of("mug")).all(-1))
    assert np.abs(drawn.min(0) - (16, 24)).max() <= 1 and np.abs(drawn.max(0) - (48, 60)).max() <= 1
    cards.nth(2).locator("button:text('Save as a pair')").click()
    page.click("text=kept as a pair")
    settled(page)
    assert page.locator("h1.instruction").inner_text() == "Add a mug in the box"
    (row,) = iter_rows(given / "studio" / "tries")
    assert row["edit_type"] == "visual_bbox"
    assert (pixels_of(row["source"]["bytes"]) == np.asarray(picture())).all()
    assert (pixels_of(row["visual_prompt"]["bytes"]) == prompt).all()
    assert pixels_of(row["mask"]["bytes"])[30, 40] == 255
    from datasets import load_dataset

    again = load_dataset(str(given / "studio" / "tries"), split="train", cache_dir=str(tmp_path / "cache"))
    assert again[0]["edited"].size == (96, 64)


def test_type_is_read_off_the_sentence_and_scribbles_by_keys(
    small_editor: Path, folder: Path, served: Callable[..., str], page: Any
) -> None:
    pair = next(iter_rows(folder))
    page.goto(f"{served(folder, small_editor)}/try?set=seen&id={pair['id']}&steps=1")
    settled(page)
    assert page.input_value("input[name=instruction]") == pair["instruction"]
    page.locator("input[name=instruction]").press("Enter")
    until(page, "document.querySelector('.results p.type')?.textContent.includes('read off the sentence')")
    page.click("button[data-tool=scribble]")
    assert page.input_value("select[name=type]") == "visual_scribble"
    board = page.locator(".draw canvas")
    box = board.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=3)
    page.mouse.up()
    assert board.get_attribute("data-painted") == "1"
    page.locator("h1").click()
    page.keyboard.press("e")
    until(page, "!!document.querySelector('.results img.given')")
    shown = page.locator(".results img.given").get_attribute("src")
    prompt = pixels_of(base64.b64decode(shown.partition(",")[2]))
    assert prompt.shape == (64, 64, 3) and set(np.unique(prompt)) == {0, 255}
    assert 0 < (prompt[..., 0] == 255).mean() < 0.3
    page.locator(".results .card").first.locator("button:text('Save as a pair')").click()
    page.click("text=kept as a pair")
    settled(page)
    (kept,) = iter_rows(folder / "studio" / "tries")
    assert kept["edit_type"] == "visual_scribble" and kept["instruction"] == pair["instruction"]
    assert (pixels_of(kept["visual_prompt"]["bytes"]) == prompt).all()
    assert (pixels_of(kept["source"]["bytes"]) == pixels_of(pair["source"]["bytes"])).all()
    page.go_back()
    settled(page)
    page.click("button[data-tool=box]")
    board.focus()
    for key in ("Enter", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    assert board.get_attribute("data-boxes") == "1"


def test_a_pair_brings_its_visual_prompt_along(folder: Path, served: Callable[..., str], page: Any) -> None:
    rows = {row["edit_type"]: row for row in iter_rows(folder)}
    base = served(folder, editors=("identity",))
    page.goto(f"{base}/try?set=seen&id={rows['visual_bbox']['id']}&editors=identity")
    until(page, "document.querySelector('select[name=type]')?.value === 'visual_bbox'")
    page.click("button.main:text('Edit')")
    until(page, "!!document.querySelector('.results img.given')")
    sent = page.locator(".results img.given").get_attribute("src").partition(",")[2]
    given = rows["visual_bbox"]["visual_prompt"]["bytes"]
    assert np.array_equal(pixels_of(base64.b64decode(sent)), pixels_of(given))
    page.goto(f"{base}/try?set=seen&id={rows['remove']['id']}")
    until(page, "document.querySelector('main, body').innerText.includes('source is opened')")
    assert page.locator("select[name=type]").input_value() == ""


def test_prompts_are_drawn_as_the_types_draw_them() -> None:
    strokes = np.zeros((40, 60), np.uint8)
    strokes[10:20, 10:30] = 255
    drawing = Drawing.of((60, 40), [["dog", [50, 30, -5, 5]], ["", [1, 1, 1, 1]]], strokes, "cat")
    assert drawing.boxes == (("dog", (0, 5, 50, 30)),)  # turned round, cut to the picture; a click is no box
    segment = drawing.prompt("visual_segment")
    assert tuple(segment[15, 20]) == colour_of("cat") and not segment[0].any()
    assert drawing.prompt("visual_scribble")[15, 20].tolist() == [255] * 3
    sketch = drawing.prompt("visual_sketch")
    assert sketch[15, 20].tolist() == [0] * 3 and sketch[0, 0].tolist() == [255] * 3
    assert drawing.mask()[5, 0] and drawing.mask()[30, 50] and not drawing.mask()[35, 55]


def sent(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"source": sent(b"no picture")}, "not a picture"),
        ({"source": sent(png(np.zeros((64, 64, 3), np.uint8))[:60])}, "damaged or cut short"),
        ({"source": "?"}, "did not arrive whole"),
        ({"source": sent(png(np.zeros((2, 5000, 3), np.uint8)))}, "at most 4096"),
        ({"source": ""}, "choose a picture"),
        ({"instruction": " "}, "say in 1 to 1000"),
        ({"type": "paint"}, "no edit type is named 'paint'"),
        ({"steps": "1000"}, "steps: 1000 is not between 1 and 200"),
        ({"text_scale": "much"}, "not a number"),
        ({"boxes": [["a", [1, 2]]]}, "a box is a label and four numbers"),
        ({"editor": "cmd:touch {source} {instruction} {out}"}, "no editor is named"),
        ({"editor": "/etc"}, "no editor is named"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    there = TestClient(create_app(Desk([tmp_path], editors=["identity"])), base_url="http://127.0.0.1")
    data = io.BytesIO()
    picture().save(data, "JPEG")
    good = {"editor": "identity", "source": sent(data.getvalue()), "instruction": "do it", "type": "add"}
    headers = {"x-anyedit": "1"}
    assert there.post("/api/try", json=good, headers=headers).status_code == 200
    answer = there.post("/api/try", json={**good, **change}, headers=headers)
    assert answer.status_code == 400
    assert told in answer.json()["error"]
    assert not (tmp_path / "studio").exists()


def test_nothing_filled_in_gives_the_picture_of_the_command_line(
    tmp_path: Path, served: Callable[..., str], page: Any
) -> None:
    """The page's own fields, untouched, and `anyedit.edit` without options: the same picture from the small editor."""
    import anyedit

    picture().save(tmp_path / "photo.png")
    page.goto(f"{served(tmp_path)}/try")
    settled(page)
    page.set_input_files("input[type=file] >> nth=0", tmp_path / "photo.png")
    until(page, "document.querySelector('.draw canvas').width === 96")
    page.fill("input[name=instruction]", "Make it look like winter")
    page.click("button.main:text('Edit')")
    until(page, "!!document.querySelector('.results .card[data-editor] img')")
    shown = page.locator(".results .card[data-editor] img").first.get_attribute("src")
    made = anyedit.edit(tmp_path / "photo.png", "Make it look like winter")
    assert (pixels_of(base64.b64decode(shown.partition(",")[2])) == np.asarray(made.image)).all()


def test_scales_seed_and_steps_reach_the_editor(small_editor: Path, tmp_path: Path) -> None:
    there = TestClient(create_app(Desk([tmp_path, small_editor])), base_url="http://127.0.0.1")
    data = io.BytesIO()
    picture(32, 32).save(data, "PNG")
    good = {"editor": "made", "source": sent(data.getvalue()), "instruction": "do it", "type": "add", "steps": "2",
            "seed": "1", "text_scale": "3", "image_scale": "2"}  # fmt: skip

    def edited(**change: str) -> str:
        answer = there.post("/api/try", json={**good, **change}, headers={"x-anyedit": "1"})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["picture"])

    first = edited()
    assert edited() == first
    changed = [edited(seed="2"), edited(text_scale="9"), edited(image_scale="5"), edited(steps="1")]
    assert first not in changed and len(set(changed)) == 4


@pytest.mark.parametrize("flagged", [True, False])
def test_a_card_tells_what_the_safety_checker_found(
    small_editor: Path, tmp_path: Path, served: Callable[..., str], page: Any, flagged: bool
) -> None:
    """By a checker that flags everything, or nothing."""
    from anyedit.models import load_editor
    from anyedit.models.tiny import tiny_safety_checker

    pipeline = load_editor(small_editor)
    checker = tiny_safety_checker()
    checker.concept_embeds_weights.fill_(-2.0 if flagged else 2.0)
    checker.special_care_embeds_weights.fill_(2.0)
    pipeline.register_modules(safety_checker=checker)
    pipeline.save_pretrained(tmp_path / "checked")
    picture().save(tmp_path / "photo.png")
    base = served(tmp_path / "checked")
    page.goto(f"{base}/try?editors=checked&steps=1&instruction=do it")
    settled(page)
    page.set_input_files("input[type=file] >> nth=0", tmp_path / "photo.png")
    until(page, "document.querySelector('.draw canvas').width === 96")
    page.click("button.main:text('Edit')")
    until(page, "!!document.querySelector('.results .card[data-editor] img')")
    told = page.locator(".results .card[data-editor]").inner_text()
    assert ("The safety checker flagged this edit: its picture is black." in told) == flagged
