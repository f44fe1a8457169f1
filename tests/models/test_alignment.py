"""A box that is drawn at an object's place lies there in what the networks see, on every way into an editor."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from anyedit.bench.editors import Request
from anyedit.bench.editors.checkpoint import SETTINGS as CHECKPOINT_SETTINGS
from anyedit.bench.editors.checkpoint import CheckpointEditor
from anyedit.bench.editors.shipped import SETTINGS as SHIPPED_SETTINGS
from anyedit.bench.editors.shipped import ShippedEditor
from anyedit.bench.items import Item, encoded
from anyedit.models import load_editor
from anyedit.models.editing import edit
from anyedit.models.pipeline import AnySDPipeline
from anyedit.models.tasks import TaskClassifier
from anyedit.types import EDIT_TYPES

WIDE, TALL = (256, 128), (128, 256)
BOX = (20, 10, 60, 50)  # px: left, top, right, bottom of the object, in a corner, where shapes differ most


def drawn(size: tuple[int, int], ground: str, colour: str, scale: float = 1) -> Image.Image:
    """A rectangle at BOX; scale: of the whole picture."""
    picture = Image.new("RGB", size, ground)
    picture.paste(colour, BOX)
    return picture if scale == 1 else picture.resize((round(size[0] * scale), round(size[1] * scale)))


def place(bright: np.ndarray) -> list[float]:
    """Left, top, right and bottom of where (H, W) is true, as shares of width and height."""
    rows, columns = np.nonzero(bright)
    height, width = bright.shape
    return [
        columns.min() / width,
        rows.min() / height,
        (columns.max() + 1) / width,
        (rows.max() + 1) / height,
    ]


class Seen:
    """What reached the UNet's encoder and CLIP in the last call, as float (3, H, W) of 0 to 1."""

    def __init__(self, pipeline: AnySDPipeline, patch: pytest.MonkeyPatch) -> None:
        pictures, extract = pipeline.encode_pictures, pipeline.feature_extractor

        def of_pictures(shown: list[Image.Image], *rest: object) -> torch.Tensor:
            self.source = np.asarray(shown[0], float) / 255
            return pictures(shown, *rest)

        def of_prompts(images: list[Image.Image], **rest: object) -> object:
            self.prompt = np.asarray(images[0], float) / 255
            return extract(images=images, **rest)

        patch.setattr(pipeline, "encode_pictures", of_pictures)
        patch.setattr(pipeline, "feature_extractor", of_prompts)

    def assert_aligned(self) -> None:
        """The red object and the white box at the same place, to one pixel of what the UNet sees and a little."""
        thing = place((self.source[..., 0] > 0.7) & (self.source[..., 1] < 0.3))
        box = place(self.prompt.min(axis=2) > 0.5)
        assert box == pytest.approx(thing, abs=1.5 / 32)


@pytest.fixture
def opened(pipe_dir: Path) -> AnySDPipeline:
    """The imported checkpoint, one for each test."""
    pipeline = load_editor(pipe_dir)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@pytest.fixture
def seen(opened: AnySDPipeline, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    yield Seen(opened, monkeypatch)


def always(pipeline: AnySDPipeline, name: str) -> None:
    """A classifier that says this type to every sentence."""
    classifier = TaskClassifier(int(pipeline.text_encoder.config.hidden_size), 4).eval()
    with torch.no_grad():
        classifier.head[-1].bias[EDIT_TYPES.index(name)] = 100.0
    pipeline.register_modules(task_classifier=classifier)


@pytest.mark.parametrize("size", [WIDE, TALL])
@pytest.mark.parametrize("scale", [1, 0.5])
@pytest.mark.parametrize("told", [True, False], ids=["given", "predicted"])
def test_in_an_edit(
    opened: AnySDPipeline, seen: Seen, size: tuple[int, int], scale: float, told: bool
) -> None:
    """A prompt of the source's size or of another, the type given or read off the sentence."""
    always(opened, "visual_bbox")
    edit(
        drawn(size, "gray", "red"), "move it here", opened, "visual_bbox" if told else None,
        drawn(size, "black", "white", scale), steps=1, size=128,
    )  # fmt: skip
    assert seen.source.shape == (128, 128, 3)
    seen.assert_aligned()


@pytest.mark.parametrize("told", [True, False], ids=["given", "predicted"])
def test_a_reference_picture_is_left_as_it_is(opened: AnySDPipeline, seen: Seen, told: bool) -> None:
    """It shows another thing: nothing in it lies over the source, and all of it is to be seen."""
    always(opened, "visual_reference")
    shown = drawn(WIDE, "black", "white")
    edit(
        drawn(TALL, "gray", "red"),
        "put this there",
        opened,
        "visual_reference" if told else None,
        shown,
        steps=1,
    )
    assert np.array_equal(seen.prompt, np.asarray(shown.resize((512, 512), Image.Resampling.BICUBIC)) / 255)


@pytest.mark.parametrize("size", [WIDE, TALL])
@pytest.mark.parametrize("kind", ["as mini", "as a checkpoint"])
def test_in_editors_of_the_bench(opened: AnySDPipeline, seen: Seen, size: tuple[int, int], kind: str) -> None:
    source, prompt = drawn(size, "gray", "red"), drawn(size, "black", "white")
    item = Item("a", "move it here", encoded(source), edit_type="visual_bbox", visual_prompt=encoded(prompt))
    asked = {"num_inference_steps": 1, "size": 128}
    editor = (
        ShippedEditor(opened, "", {**SHIPPED_SETTINGS, **asked}, "mini")
        if kind == "as mini"
        else CheckpointEditor(opened, "", {**CHECKPOINT_SETTINGS, **asked}, "checkpoint")
    )
    (made,) = editor.edit([Request(item, source, prompt, 0)])
    assert isinstance(made, Image.Image)
    seen.assert_aligned()


@pytest.mark.parametrize("size", [WIDE, TALL])
@pytest.mark.parametrize("scale", [1, 0.5])
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("bucket", [(128, 128), (96, 160), (160, 96)])
def test_in_training(size: tuple[int, int], scale: float, flip: bool, bucket: tuple[int, int]) -> None:
    """Whatever the size of the batch, and mirrored or not; a reference picture is left as it is."""
    from anyedit.training.pictures import read_pair
    from anyedit.training.reading import RowBytes, pair_of

    left, top = size[0] // 2 - 30, size[1] // 2 - 40  # near the middle, which no cut takes away
    pictures = []
    for ground, colour, s in (("gray", "red", 1), ("black", "white", scale)):
        picture = Image.new("RGB", size, ground)
        picture.paste(colour, (left, top, left + 40, top + 50))
        file = io.BytesIO()
        picture.resize((round(size[0] * s), round(size[1] * s))).save(file, "PNG")
        pictures.append(memoryview(file.getvalue()))
    cells = RowBytes(pictures[0], pictures[0], pictures[1])
    pair = pair_of(cells, "visual_bbox", (bucket,), flip, True)
    assert pair.prompt is not None and pair.prompt.shape == pair.source.shape == (*bucket, 3)
    thing = place((pair.source[..., 0] > 180) & (pair.source[..., 1] < 80))
    box = place(pair.prompt.min(axis=2) > 127)
    assert box == pytest.approx(thing, abs=1.5 / 96)
    left_alone = pair_of(cells, "visual_reference", (bucket,), flip, True)
    assert left_alone.prompt is not None and left_alone.prompt.shape[:2] != bucket
    assert read_pair(*pictures[:1] * 2, None, (bucket,)).prompt is None
