"""Photographs of every kind of file become sources; broken ones say why; masks, captions and crops agree."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from anyedit.edits.photographs import one_fewer
from anyedit.edits.views import PhotoView
from anyedit.errors import RecipeError, SourceError
from anyedit.pipeline import photos
from anyedit.pipeline.photos import photo_names, read_picture
from anyedit.pipeline.sources.annotations import _decoded
from anyedit.recipe import PhotoSource
from anyedit.records import Source, pixels_of


def ramp(width: int = 160, height: int = 100) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return np.stack([columns * 255 // width, rows * 255 // height, np.full_like(rows, 60)], -1).astype(
        np.uint8
    )


def load_source(path: Path, spec: PhotoSource, key: str, split: str) -> Source:
    return photos.load_source(photo_names(spec).index(path.name), spec, key, split)


def whole_key(path: Path, spec: PhotoSource) -> str:
    return next(k for k in ("p-0", "p-1") if load_source(path, spec, k, "train").extra == "{}")


def annotated(
    folder: Path,
    caption: str,
    rows: list[dict[str, Any]],
    key: Callable[[Path, PhotoSource], str],
    names: tuple[str, ...] = ("ball",),
) -> Source:
    """A photograph of 100 x 100 px with boxes of these kinds (category_id: 1 by default)."""
    folder = folder / f"{len(list(folder.iterdir()))}"  # what is read of a folder is kept
    folder.mkdir()
    path = folder / "a.png"
    Image.fromarray(ramp(200, 200)).resize((100, 100)).save(path)
    coco = {
        "images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 100}],
        "categories": [{"id": k, "name": name} for k, name in enumerate(names, 1)],
        "annotations": [{"id": k, "image_id": 1, "category_id": 1, **row} for k, row in enumerate(rows)],
    }
    (folder / "c.json").write_text(json.dumps(coco))
    (folder / "captions.csv").write_text(f"file_name,caption\na.png,{caption}\n")
    spec = PhotoSource(
        path=str(folder), annotations=str(folder / "c.json"), captions=str(folder / "captions.csv")
    )
    return load_source(path, spec, key(path, spec), "train")


def crop_key(path: Path, spec: PhotoSource) -> str:
    return next(k for k in ("p-0", "p-1") if load_source(path, spec, k, "train").extra != "{}")


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "CMYK", "RGBA", "LA", "1", "I;16"])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(ramp())
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    else:
        image = image.convert(mode)
    path = tmp_path / ("a.tif" if mode in ("CMYK", "I;16") else "a.png")
    image.save(path)
    pixels, orientation = read_picture(path)
    assert pixels.shape == (100, 160, 3) and pixels.dtype == np.uint8 and orientation == 1
    if mode not in ("1", "CMYK", "P"):
        wanted = np.asarray(
            Image.fromarray(ramp()).convert("RGB" if mode in ("RGB", "RGBA") else "L").convert("RGB")
        )
        assert np.abs(pixels.astype(int) - wanted).max() <= 1


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (80, 80), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert (read_picture(tmp_path / "a.png")[0] == 255).all()


def test_exif_orientation_is_applied_to_picture_and_mask(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(ramp()).save(tmp_path / "a.jpg", exif=exif, quality=95)
    coco = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 160, "height": 100}],
        "categories": [{"id": 1, "name": "mug"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 40, 20], "segmentation": []}
        ],
    }
    (tmp_path / "c.json").write_text(json.dumps(coco))
    spec = PhotoSource(path=str(tmp_path), annotations=str(tmp_path / "c.json"))
    path = tmp_path / "a.jpg"
    view = PhotoView(load_source(path, spec, whole_key(path, spec), "train"))
    assert view.picture.shape == (160, 100, 3)
    assert view.object("a1").box == (80.0, 0.0, 100.0, 40.0)  # the stored top left is shown top right


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.png", b"", "empty"),
        ("b.jpg", b"hello", "not a picture"),
        ("c.png", None, "cut short"),
        ("d.png", "bomb", "120,000,000"),
    ],
)
def test_what_is_no_picture_says_why(tmp_path: Path, name: str, data: object, reason: str) -> None:
    path = tmp_path / name
    if data is None:
        Image.fromarray(ramp()).save(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif data == "bomb":
        Image.new("1", (12_000, 12_000)).save(path)
    else:
        path.write_bytes(data)  # type: ignore[arg-type]
    with pytest.raises(SourceError, match=reason):
        read_picture(path)


def test_scaled_down_never_up_with_the_aspect_kept(tmp_path: Path) -> None:
    Image.fromarray(ramp(600, 400)).save(tmp_path / "large.png")
    Image.fromarray(ramp(120, 90)).save(tmp_path / "small.png")
    spec = PhotoSource(path=str(tmp_path), longest=300)
    for name, shape in (("large.png", (200, 300, 3)), ("small.png", (90, 120, 3))):
        path = tmp_path / name
        assert pixels_of(load_source(path, spec, whole_key(path, spec), "train").image).shape == shape


def test_a_crop_knows_the_whole_around_it(tmp_path: Path) -> None:
    from anyedit.edits.base import Case
    from anyedit.edits.camera.outpaint import Outpaint, centre_agrees
    from anyedit.engines.toolbox import tools
    from anyedit.seeds import rng_of

    path = tmp_path / "a.png"
    Image.fromarray(ramp(400, 300)).save(path)
    spec = PhotoSource(path=str(tmp_path), longest=256)
    view = PhotoView(load_source(path, spec, crop_key(path, spec), "train"))
    kind = Outpaint()
    params = kind.propose(view, rng_of("x"))
    assert params is not None
    outcome = kind.edit(view, params, tools())
    known = json.loads(view.source.extra)
    assert np.array_equal(outcome.picture, pixels_of(base64.b64decode(known["full"])))
    assert outcome.picture.shape == view.picture.shape
    assert outcome.mask.mean() == pytest.approx(1 - 1 / known["zoom"] ** 2, abs=0.02)
    agreement = centre_agrees(Case(kind, view, params, "", "", "", outcome))
    assert agreement is not None and agreement > 0.99


def test_masks_from_polygons_runs_and_compressed_runs(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(ramp(100, 80)).save(path)
    square = np.zeros((80, 100), bool)
    square[20:40, 30:60] = True
    flat = square.T.ravel()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat]).astype(int))).tolist()
    counts = np.diff([0, *edges, flat.size]).tolist()
    rows = [
        {"segmentation": [[30, 20, 60, 20, 60, 40, 30, 40]]},
        {"segmentation": {"counts": counts, "size": [80, 100]}},
        {"segmentation": []},
    ]
    coco = {
        "images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 80}],
        "categories": [{"id": 1, "name": "box"}],
        "annotations": [
            {"id": k, "image_id": 1, "category_id": 1, "bbox": [30, 20, 30, 20], **row}
            for k, row in enumerate(rows)
        ],
    }
    (tmp_path / "c.json").write_text(json.dumps(coco))
    spec = PhotoSource(path=str(tmp_path), annotations=str(tmp_path / "c.json"))
    view = PhotoView(load_source(path, spec, whole_key(path, spec), "train"))
    for thing in view.objects:
        found = view.mask(thing.id)
        assert (found & square).sum() / (found | square).sum() > 0.9
        assert thing.share == pytest.approx(square.mean(), abs=0.01)


def test_compressed_runs() -> None:
    assert _decoded("52203") == [5, 2, 2, 2, 5]  # from the third on, each is stored less the one two before


def test_captions_from_csv_jsonl_text_and_annotations(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        Image.fromarray(ramp()).save(tmp_path / name)
    (tmp_path / "c.csv").write_text("file,caption\na.png,From a table\n")
    (tmp_path / "c.jsonl").write_text('{"file_name": "a.png", "text": "From lines"}\n')
    (tmp_path / "b.txt").write_text("From a\ntext file\n")

    def caption(name: str, captions: str | None) -> str:
        spec = PhotoSource(path=str(tmp_path), captions=captions and str(tmp_path / captions))
        return load_source(tmp_path / name, spec, whole_key(tmp_path / name, spec), "train").caption

    assert caption("a.png", "c.csv") == "From a table"
    assert caption("a.png", "c.jsonl") == "From lines"
    assert caption("b.png", "c.csv") == "From a text file"
    assert caption("a.png", None) == "A photograph"


def test_folders_and_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no folder"):
        photo_names(PhotoSource(path=str(tmp_path / "none")))
    with pytest.raises(RecipeError, match="no pictures"):
        photo_names(PhotoSource(path=str(tmp_path)))
    Image.fromarray(ramp()).save(tmp_path / "b.png")
    Image.fromarray(ramp()).save(tmp_path / "a.png")
    assert list(photo_names(PhotoSource(path=str(tmp_path)))) == ["a.png", "b.png"]
    spec = PhotoSource(path=str(tmp_path), annotations=str(tmp_path / "none.json"))
    with pytest.raises(RecipeError, match=r"source\.annotations: no file"):
        load_source(tmp_path / "a.png", spec, "p-0", "train")


def test_a_thing_leaves_an_even_ground_and_nothing_else_changes(tmp_path: Path) -> None:
    from anyedit.edits.base import Case
    from anyedit.edits.local.remove import Remove
    from anyedit.engines.toolbox import tools
    from anyedit.seeds import rng_of

    grain = rng_of("ground").normal(0, 6, (160, 200, 3))
    picture = np.clip(120 + cv2.GaussianBlur(grain, (0, 0), 1), 0, 255).astype(np.uint8)
    cv2.circle(picture, (100, 80), 14, (210, 40, 40), -1)
    Image.fromarray(picture).save(tmp_path / "a.png")
    coco = {
        "images": [{"id": 1, "file_name": "a.png", "width": 200, "height": 160}],
        "categories": [{"id": 1, "name": "ball"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": [86, 66, 29, 29], "segmentation": []}
        ],
    }
    (tmp_path / "c.json").write_text(json.dumps(coco))
    (tmp_path / "a.txt").write_text("A red ball on a grey floor")
    spec = PhotoSource(path=str(tmp_path), annotations=str(tmp_path / "c.json"))
    path = tmp_path / "a.png"
    view = PhotoView(load_source(path, spec, whole_key(path, spec), "train"))
    kind = Remove()
    params = kind.propose(view, rng_of("x"))
    assert params is not None and kind.caption_after(view, params) != view.caption
    outcome = kind.edit(view, params, tools())
    assert np.array_equal(outcome.picture[~outcome.mask], view.picture[~outcome.mask])
    assert outcome.picture[outcome.mask][:, 0].max() < 150  # no red left
    case = Case(kind, view, params, "Remove the ball", kind.caption_after(view, params), "the ball", outcome)
    assert [str(verdict) for rule in kind.gates if (verdict := rule.judge(case)).passed is False] == []
    stays = Case(
        kind, view, params, "", "", "the ball", type(outcome)(picture=view.picture, mask=outcome.mask)
    )
    assert any(rule.judge(stays).passed is False for rule in kind.gates)


@pytest.mark.parametrize(
    ("caption", "number", "name", "left"),
    [
        ("Twenty-four old coins", 24, "coin", "Twenty-three old coins"),
        ("24 coins", 24, "coin", "23 coins"),
        ("Twenty coins", 20, "coin", "Nineteen coins"),
        ("Thirteen coins", 13, "coin", "Twelve coins"),
        ("A table with three large blue mugs on it", 3, "mug", "A table with two large blue mugs on it"),
        ("Two orange cats asleep", 2, "cat", "An orange cat asleep"),
        ("A box of 2 loaves of bread", 2, "loaf of bread", "A box of a loaf of bread"),
        ("Old coins", 24, "coin", None),
        ("Three dogs and a coin", 3, "coin", None),
        ("Twenty-four old coins", 4, "coin", None),
        ("A coin", 1, "coin", None),
    ],
)
def test_a_number_of_things_goes_down(caption: str, number: int, name: str, left: str | None) -> None:
    assert one_fewer(caption, number, name) == left


def test_what_is_removed_of_several_is_no_longer_counted(tmp_path: Path) -> None:
    from anyedit.edits.photographs import without

    rows = [{"bbox": [8 + 30 * k, 20, 20, 20]} for k in range(3)]
    view = PhotoView(annotated(tmp_path, "Three red balls on a table", rows, whole_key))
    assert without(view, view.objects[1].id) == "Two red balls on a table"


def test_a_crop_tells_only_of_what_it_shows(tmp_path: Path) -> None:
    middle, corner = {"bbox": [40, 40, 20, 20]}, {"bbox": [0, 0, 6, 6]}

    def told(caption: str, rows: list[dict[str, Any]], names: tuple[str, ...] = ("ball",)) -> str:
        return annotated(tmp_path, caption, rows, crop_key, names).caption.removeprefix(
            "A detail of the scene: "
        )

    kept = [middle, {**corner, "category_id": 2}]
    assert told("A ball and a kite on the grass", kept, ("ball", "kite")) == "a ball on the grass"
    assert told("A ball beside a kite", kept, ("ball", "kite")) == "a photograph of a ball"
    assert told("A ball on the grass", kept, ("ball", "kite")) == "a ball on the grass"
    assert told("Two balls on the grass", [middle, corner]) == "a photograph of a ball"
    assert told("Balls on the grass", [middle, corner]) == "balls on the grass"
