"""Every layout gives its pictures, captions, boxes, licences and safety fields; what is malformed says so at once."""

from __future__ import annotations

import io
import json
import struct
import tarfile
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from anyedit.edits.given import Given
from anyedit.errors import RecipeError, SourceError
from anyedit.pipeline.photos import load_source
from anyedit.pipeline.sources import catalogue_of
from anyedit.pipeline.sources.lettered import quad_of
from anyedit.pipeline.sources.poses import centre_of, from_colmap_binary, from_colmap_text, up_of
from anyedit.pipeline.sources.webdataset import numbered
from anyedit.recipe import PhotoSource, load_recipe
from anyedit.records import pixels_of


def picture(shade: int, size: tuple[int, int] = (96, 80), form: str = "PNG") -> bytes:
    """A plain picture of one shade."""
    data = io.BytesIO()
    Image.new("RGB", size, (shade, 40, 90)).save(data, form)
    return data.getvalue()


def shade(data: bytes) -> int:
    return int(np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))[0, 0, 0])


def test_a_folder_in_an_object_store_with_folders_inside(tmp_path: Path) -> None:
    fs = fsspec.filesystem("memory")
    fs.pipe_file("/photos/a b/één 1.png", picture(10))
    fs.pipe_file("/photos/z", picture(20))  # a picture without a suffix, known by its first bytes
    fs.pipe_file("/photos/a b/één 1.txt", b"One\ncat")
    fs.pipe_file("/photos/.hidden/x.png", picture(30))
    fs.pipe_file("/photos/notes.md", b"\x89PNG\r\n but no picture")
    catalogue = catalogue_of(PhotoSource(path="memory://photos"))
    assert list(catalogue.names) == ["a b/één 1.png", "z"]
    assert catalogue.photograph(0).caption == "One cat" and shade(catalogue.photograph(1).data) == 20
    with pytest.raises(SourceError, match="outside"):
        catalogue.picture("../secret.png")
    with pytest.raises(RecipeError, match="no folder at memory://nowhere"):
        catalogue_of(PhotoSource(path="memory://nowhere"))


def test_coco_brings_boxes_captions_and_the_licence_of_each_picture(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for k in (1, 2):
        (tmp_path / "in" / f"{k}.png").write_bytes(picture(k * 10))
    images = [
        {"id": k, "file_name": f"{k}.png", "width": 96, "height": 80, "license": k, "coco_url": "http://x"}
        for k in (1, 2, 3)
    ]
    instances = {
        "images": images,
        "licenses": [{"id": 1, "name": "CC BY 2.0"}, {"id": 2, "name": "", "url": "http://cc0"}],
        "categories": [{"id": 7, "name": "dog"}],
        "annotations": [
            {"id": 5, "image_id": 1, "category_id": 7, "bbox": [8, 8, 40, 30], "iscrowd": 0},
            {"id": 6, "image_id": 1, "category_id": 7, "bbox": [0, 0, 9, 9], "iscrowd": 1},
        ],
    }
    captions = {
        "images": images,
        "annotations": [
            {"id": 9, "image_id": 1, "caption": "Second"},
            {"id": 2, "image_id": 1, "caption": "A dog.\n"},
        ],
    }
    (tmp_path / "i.json").write_text(json.dumps(instances))
    (tmp_path / "c.json").write_text(json.dumps(captions))
    spec = PhotoSource(
        layout="coco",
        path=str(tmp_path / "in"),
        annotations=str(tmp_path / "i.json"),
        captions=str(tmp_path / "c.json"),
    )
    catalogue = catalogue_of(spec)
    assert list(catalogue.names) == ["1.png", "2.png", "3.png"]
    source = load_source(0, spec, "p", "train")
    assert (source.caption, source.licence) == ("A dog.", "CC BY 2.0")
    assert [(thing.id, thing.name, thing.box) for thing in source.objects] == [("a5", "dog", (8, 8, 48, 38))]
    assert load_source(1, spec, "p", "train").licence == "http://cc0"
    with pytest.raises(
        SourceError, match=r"3\.png: no such file"
    ):  # listed, so put aside by name and not lost
        load_source(2, spec, "p", "train")


def rows(shades: list[int]) -> dict[str, list[Any]]:
    return {
        "image": [{"bytes": picture(k), "path": None} for k in shades],
        "text": [f"Shade {k}" for k in shades],
        "license": ["cc0-1.0"] * len(shades),
        "nsfw": [k / 100 for k in shades],
        "objects": [{"bbox": [[2.0, 3.0, 20.0, 30.0]], "category": [1]} for _ in shades],
    }


def test_a_parquet_dataset_is_read_row_by_row_from_an_object_store() -> None:
    fs = fsspec.filesystem("memory")
    features = {"objects": {"feature": {"category": {"_type": "ClassLabel", "names": ["cat", "owl"]}}}}
    meta = {"huggingface": json.dumps({"info": {"features": features}})}
    for part, shades in enumerate(([1, 2, 3], [4, 5])):
        table = pa.Table.from_pydict(rows(shades)).replace_schema_metadata(meta)
        with fs.open(f"/ds/data/train-{part:05d}-of-00002.parquet", "wb") as file:
            pq.write_table(table, file, row_group_size=2)
    with fs.open("/ds/data/test-00000-of-00001.parquet", "wb") as file:
        pq.write_table(pa.Table.from_pydict(rows([77])), file)
    spec = PhotoSource(layout="huggingface", path="memory://ds")
    catalogue = catalogue_of(spec)
    assert [shade(catalogue.photograph(k).data) for k in (4, 0, 2, 3, 1)] == [5, 1, 3, 4, 2]
    source = load_source(2, spec, "p", "train")
    assert (source.caption, source.licence) == ("Shade 3", "cc0-1.0")
    assert source.origin == "data/train-00000-of-00002.parquet#2"
    assert Given.of(source).carried == {"nsfw": 0.03}
    assert [(thing.name, thing.box) for thing in source.objects] == [("owl", (2, 3, 22, 33))]
    test_split = PhotoSource(layout="huggingface", path="memory://ds", split="test")
    assert shade(catalogue_of(test_split).photograph(0).data) == 77
    with pytest.raises(RecipeError, match="split 'dev'; there are data/test-00000"):
        catalogue_of(PhotoSource(layout="huggingface", path="memory://ds", split="dev"))
    with pytest.raises(RecipeError, match=r"columns\.caption: no column 'nothing'; there are image"):
        catalogue_of(
            PhotoSource.model_validate(
                {"layout": "huggingface", "path": "memory://ds", "columns": {"caption": "nothing"}}
            )
        )


def test_what_the_datasets_library_saves_is_read(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    data = datasets.Dataset.from_dict({"image": [picture(9), picture(8)], "caption": ["Nine", "Eight"]})
    data.cast_column("image", datasets.Image()).save_to_disk(tmp_path / "saved")
    catalogue = catalogue_of(PhotoSource(layout="huggingface", path=str(tmp_path / "saved")))
    assert [(shade(p.data), p.caption) for p in map(catalogue.photograph, (0, 1))] == [
        (9, "Nine"),
        (8, "Eight"),
    ]


def test_a_name_on_the_hub_stays_a_name_and_a_path_is_made_whole(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text("source: {kind: photos, layout: huggingface, path: owner/name}\n")
    assert load_recipe(tmp_path / "r.yaml").source.path == "owner/name"  # type: ignore[union-attr]
    (tmp_path / "owner" / "name").mkdir(parents=True)
    assert load_recipe(tmp_path / "r.yaml").source.path == str(tmp_path / "owner" / "name")  # type: ignore[union-attr]
    (tmp_path / "u.yaml").write_text("source: {kind: photos, path: 's3://bucket/x'}\n")
    assert load_recipe(tmp_path / "u.yaml").source.path == "s3://bucket/x"  # type: ignore[union-attr]


def tar_of(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return data.getvalue()


def test_webdataset_tars_are_read_in_place(tmp_path: Path) -> None:
    fs = fsspec.filesystem("memory")
    about = {"caption": "From JSON", "license": "CC0", "punsafe": 0.25, "url": "http://x"}
    first = {
        "0.jpg": picture(50, form="JPEG"),
        "0.txt": b"From text",
        "0.json": json.dumps(about).encode(),
        "../../1.seg.png": picture(60),  # two dots: no picture of the sample; leads nowhere either
        "../../1.png": picture(70),
        "2.txt": b"no picture",
    }
    fs.pipe_file("/wd/s-00.tar", tar_of(first))
    fs.pipe_file("/wd/s-01.tar", tar_of({"0.png": b""}))
    catalogue = catalogue_of(PhotoSource(layout="webdataset", path="memory://wd/s-{00..01}.tar"))
    assert list(catalogue.names) == ["s-00.tar/0", "s-00.tar/../../1", "s-01.tar/0"]
    one = catalogue.photograph(0)
    assert (one.caption, one.licence, one.carried) == ("From JSON", "CC0", {"punsafe": 0.25})
    assert shade(catalogue.photograph(1).data) == 70 and catalogue.photograph(2).data == b""
    assert numbered("a{008..010}.tar") == ["a008.tar", "a009.tar", "a010.tar"]
    fs.pipe_file("/gz/s.tar", b"\x1f\x8b" + bytes(600))
    with pytest.raises(RecipeError, match="not a plain tar"):
        catalogue_of(PhotoSource(layout="webdataset", path="memory://gz"))


def test_llava_json(tmp_path: Path) -> None:
    (tmp_path / "00").mkdir()
    (tmp_path / "00" / "a.jpg").write_bytes(picture(90, form="JPEG"))
    told = [
        {
            "id": "a",
            "image": "00/a.jpg",
            "conversations": [
                {"from": "human", "value": "Describe.\n<image>"},
                {"from": "gpt", "value": "a grey\nwall"},
            ],
        },
        {"id": "b", "image": "00/a.jpg", "conversations": [{"from": "gpt", "value": "later talk"}]},
        {"id": "c", "conversations": []},
        {"id": "d", "image": "../../../etc/passwd", "blip_caption": "no"},
    ]
    (tmp_path / "chat.json").write_text(json.dumps(told))
    spec = PhotoSource(layout="llava", path=str(tmp_path), annotations=str(tmp_path / "chat.json"))
    catalogue = catalogue_of(spec)
    assert list(catalogue.names) == ["../../../etc/passwd", "00/a.jpg"]
    assert catalogue.photograph(1).caption == "a grey wall"
    with pytest.raises(SourceError, match="outside"):
        catalogue.photograph(0)


def test_lines_of_text_follow_the_picture_to_its_size(tmp_path: Path) -> None:
    (tmp_path / "t.png").write_bytes(picture(200, (400, 200)))
    data = {
        "data_list": [
            {
                "img_name": "t.png",
                "caption": "A sign",
                "annotations": [
                    {"polygon": [[40, 20], [200, 20], [200, 60], [40, 60]], "text": "OPEN", "valid": True},
                    {"polygon": [[0, 0], [9, 0], [9, 9], [0, 9]], "text": "###", "valid": False},
                ],
            }
        ]
    }
    (tmp_path / "d.json").write_text(json.dumps(data))
    spec = PhotoSource(
        layout="lettered", path=str(tmp_path), annotations=str(tmp_path / "d.json"), longest=200
    )
    source = load_source(0, spec, "p-1", "train")
    (line,) = Given.of(source).lines
    assert pixels_of(source.image).shape == (100, 200, 3)
    assert (line.text, line.quad) == ("OPEN", ((20, 10), (100, 10), (100, 30), (20, 30)))


def test_corners_go_clockwise_from_the_top_left_however_they_were_drawn() -> None:
    wanted = ((1.0, 2.0), (9.0, 2.0), (9.0, 5.0), (1.0, 5.0))
    for corners in ([(9, 5), (1, 5), (1, 2), (9, 2)], [(1, 5), (9, 5), (9, 2), (1, 2)]):
        assert quad_of(corners) == wanted
    hexagon = [(1, 2), (5, 2), (9, 2), (9, 5), (5, 5), (1, 5)]
    assert np.allclose(quad_of(hexagon), wanted, atol=1e-3)
    with pytest.raises(ValueError, match="2 points"):
        quad_of([(0, 0), (1, 1)])


def ring(angles: list[float], tilt: float = 0.0) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Camera to world rotations (x right, y up, z back) and places on a ring round (1, 2, 3), tilted about x."""
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    turned = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    found = {}
    for k, angle in enumerate(angles):
        a = np.radians(angle)
        back = np.array([np.cos(a), np.sin(a), 0.3]) / np.sqrt(1.09)
        right = np.cross([0, 0, 1.0], back)
        right /= np.linalg.norm(right)
        axes = np.stack([right, np.cross(back, right), back], 1)
        found[f"{k}.png"] = (turned @ axes, turned @ (5 * back) + [1, 2, 3])
    return found


def test_poses_of_three_formats_say_the_same(tmp_path: Path) -> None:
    from scipy.spatial.transform import Rotation

    cameras = ring([0, 20, 50, 140, 250], tilt=35)
    frames = [
        {"file_path": f"./{name}", "transform_matrix": np.vstack([np.c_[r, p], [0, 0, 0, 1]]).tolist()}
        for name, (r, p) in cameras.items()
    ]
    text = "# a comment\n"
    binary = struct.pack("<Q", len(cameras))
    for number, (name, (r, p)) in enumerate(cameras.items(), 1):
        to_camera = (r @ np.diag([1, -1, -1])).T
        x, y, z, w = Rotation.from_matrix(to_camera).as_quat()
        shift = -to_camera @ p
        text += f"{number} {w} {x} {y} {z} {shift[0]} {shift[1]} {shift[2]} 1 {name}\n0 0 -1\n"
        binary += struct.pack("<i7di", number, w, x, y, z, *shift, 1) + name.encode() + b"\0"
        binary += struct.pack("<Q", 1) + bytes(24)
    angles = {}
    for folder, name, content in (
        ("nerf", "transforms.json", json.dumps({"frames": frames}).encode()),
        ("text/sparse/0", "images.txt", text.encode()),
        ("bin/sparse/0", "images.bin", binary),
    ):
        place = tmp_path / folder
        place.mkdir(parents=True)
        (place / name).write_bytes(content)
        capture = folder.split("/")[0]
        pictures = tmp_path / capture / ("images" if "sparse" in folder else "")
        pictures.mkdir(exist_ok=True)
        for k, view in enumerate(cameras):
            (pictures / view).write_bytes(picture(10 + k))
        (tmp_path / capture / "label.txt").write_text("bag\n")
    spec = PhotoSource(layout="multiview", path=str(tmp_path))
    catalogue = catalogue_of(spec)
    for index, name in enumerate(catalogue.names):
        photograph = catalogue.photograph(index)
        assert (photograph.caption, photograph.subject) == ("A photograph of a bag", "bag")
        angles[name.split("/")[0], name.rsplit("/")[-1]] = {
            other.name.rsplit("/")[-1]: other.angle for other in photograph.others
        }
    for capture in ("nerf", "text", "bin"):
        # counter-clockwise seen from above is to the right of who looks at the middle
        assert angles[capture, "0.png"] == {"1.png": pytest.approx(20), "2.png": pytest.approx(50)}
        assert angles[capture, "2.png"] == {"0.png": pytest.approx(-50), "1.png": pytest.approx(-30)}
        assert (capture, "3.png") not in angles  # no partner within 75 degrees
    poses = from_colmap_text(text)
    assert np.allclose(centre_of(poses), [1, 2, 3]) and np.allclose(
        centre_of(from_colmap_binary(binary)), [1, 2, 3]
    )
    assert np.allclose(up_of(poses), [0, -np.sin(np.radians(35)), np.cos(np.radians(35))], atol=1e-6)
    source = load_source(0, spec, "p-0", "train")
    second = Given.of(source).second
    assert second is not None and Given.of(source).full is None
    assert int(second.pixels()[0, 0, 0]) == 10 + int(second.name[-5])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"layout": "folders"}, "source.layout"),
        ({"layout": "llava"}, "layout 'llava' needs 'annotations'"),
        ({"layout": "webdataset", "captions": "c.csv"}, "does not read captions; it reads columns"),
        ({"layout": "folder", "split": "test"}, "does not read split"),
        ({"columns": {"picture": "x"}}, "unknown key 'source.columns.picture'"),
        ({"distinct": 9}, "source.distinct"),
    ],
)
def test_mistakes_in_a_source_are_told_before_any_work(source: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        load_recipe({"source": {"kind": "photos", "path": "x", **source}})
    assert message in str(caught.value)


def test_lists_that_are_malformed_stop_the_build(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture(1))
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "t.csv").write_text("x,y\n1,2\n")
    for layout, key, message in (
        ("coco", "annotations", "not COCO"),
        ("llava", "annotations", "not LLaVA"),
        ("lettered", "annotations", "not AnyWord"),
        ("folder", "captions", "needs columns"),
    ):
        file = "t.csv" if key == "captions" else "bad.json"
        spec = PhotoSource.model_validate(
            {"layout": layout, "path": str(tmp_path), key: str(tmp_path / file)}
        )
        with pytest.raises(RecipeError, match=message):
            catalogue_of(spec)
    with pytest.raises(RecipeError, match="no capture with two views"):
        catalogue_of(PhotoSource(layout="multiview", path=str(tmp_path)))
