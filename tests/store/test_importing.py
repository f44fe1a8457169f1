from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_dataset import paint, png_of, row, write_shard

from anyedit.errors import RecipeError, StoreError
from anyedit.store.dataset import iter_rows, write_dataset
from anyedit.store.export import export
from anyedit.store.importing import import_published
from anyedit.store.schema import IMAGE


def published(folder: Path, *records: dict[str, object]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.png").write_bytes(png_of(paint(1, "red")[0]))
    (folder / "b.png").write_bytes(png_of(paint(1, "blue")[0]))
    (folder / "broken.png").write_bytes((folder / "a.png").read_bytes()[:200])
    (folder / "edit_result.json").write_text(json.dumps(list(records)))
    return folder


def record(**changes: object) -> dict[str, object]:
    return {
        "edit": "Make it blue",
        "edited object": "ball",
        "input": "a red ball",
        "output": "a blue ball",
        "edit_type": "color_alter",
        "visual_input": "",
        "image_file": "a.png",
        "edited_file": "b.png",
        **changes,
    }


def test_export_then_import_keeps_words_and_pictures(tmp_path: Path) -> None:
    rows = [row(0, "add"), row(1, "visual_bbox"), row(2, "add", "test"), row(3, "add+remove")]
    write_dataset(tmp_path / "built", [write_shard(tmp_path / "a.parquet", rows)], lambda _: True, "")
    export(tmp_path / "built", "anyedit", tmp_path / "exported")
    made = import_published(tmp_path / "exported", tmp_path / "back")
    assert made.accepted == {"add": 2, "visual_bbox": 1, "add+remove": 1}
    assert made.rejected == {}
    back = {r["instruction"] + r["edit_type"]: r for r in iter_rows(tmp_path / "back")}
    for original in rows:
        found = back[original["instruction"] + original["edit_type"]]
        for name in ("edit_type", "group", "source_caption", "edited_caption", "edited_object", "split"):
            assert found[name] == original[name]
        for name in ("source", "edited", "visual_prompt"):
            assert (found[name] or {}).get("bytes") == (original[name] or {}).get("bytes")
        assert found["mask"] is None
        assert found["scores"] == []


def test_aliases_and_paths_as_published(tmp_path: Path) -> None:
    folder = published(
        tmp_path / "AnyEdit-Test/tune_transfer",
        record(edit_type="tune_transfer", image_file="./AnyEdit-Test/tune_transfer/a.png"),
    )
    import_published(folder, tmp_path / "out")
    only = next(iter_rows(tmp_path / "out"))
    assert (only["edit_type"], only["group"], only["split"]) == ("tone_transfer", "global", "test")
    assert json.loads(only["provenance"])["edit_type_as_published"] == "tune_transfer"


def test_rows_that_cannot_be_read_are_kept_with_their_reason(tmp_path: Path) -> None:
    folder = published(
        tmp_path / "data",
        record(),
        record(),
        record(edit=""),
        record(edit_type="teleport"),
        record(edited_file="broken.png"),
        record(image_file="gone.png"),
        record(image_file=""),
    )
    made = import_published(folder, tmp_path / "out")
    assert made.accepted == {"color_alter": 1}
    assert made.rejected == {
        "duplicate": 1,
        "no_instruction": 1,
        "unknown_type": 1,
        "unreadable_picture": 1,
        "missing_picture": 1,
        "no_picture": 1,
    }
    rejected = pq.read_table(tmp_path / "out/rejected/import.parquet").to_pylist()
    assert rejected[3]["rule"] == "unreadable_picture"
    assert rejected[3]["instruction"] == "Make it blue"
    assert "edited does not decode" in rejected[3]["note"]


def test_hub_parquet_with_old_and_new_column_names(tmp_path: Path) -> None:
    before, after = ({"bytes": png_of(paint(1, c)[0]), "path": None} for c in ("red", "blue"))
    for name, words in (("train-0-of-1", "edit"), ("validation-0-of-1", "edit_instruction")):
        data = {
            "image_file": [before],
            "edited_file": [after],
            words: ["Make it blue"],
            "edit_type": ["coloralter"],
            "visual_input": [None],
            "edited object" if words == "edit" else "edit_object": ["ball"],
        }
        fields = [
            (k, IMAGE if k in ("image_file", "edited_file", "visual_input") else pa.string()) for k in data
        ]
        (tmp_path / "hub").mkdir(exist_ok=True)
        rows = [dict(zip(data, values, strict=True)) for values in zip(*data.values(), strict=True)]
        rows[0]["edit_type"] = "coloralter" if words == "edit" else "color_alter_ip2p"
        if words == "edit_instruction":
            rows[0][words] = "Let it be blue"
        pq.write_table(
            pa.Table.from_pylist(rows, schema=pa.schema(fields)), tmp_path / "hub" / f"{name}.parquet"
        )
    made = import_published(tmp_path / "hub", tmp_path / "out", licence="CC-BY-4.0")
    assert made.accepted == {"color_alter": 2}
    rows = list(iter_rows(tmp_path / "out"))
    assert [r["split"] for r in rows] == ["train", "validation"]
    assert rows[1]["instruction"] == "Let it be blue"
    assert rows[0]["edited_object"] == "ball"
    assert "license: cc-by-4.0" in (tmp_path / "out/dataset/README.md").read_text()


def test_edits_that_share_a_picture_and_its_id_are_all_kept(tmp_path: Path) -> None:
    """The hub's `image_id` names the picture: only a pair that is there already is a duplicate."""
    picture = {"bytes": png_of(paint(1, "red")[0]), "path": None}
    edits = [
        ("Make it blue", "blue"),
        ("Make it green", "green"),
        ("Make it blue", "blue"),
        ("Make it green", "green"),
    ]
    rows = [
        {"image_id": "000000123456", "image_file": picture, "edited_file": {"bytes": png_of(paint(1, colour)[0]), "path": None},
         "edit_instruction": words, "edit_type": "color_alter"}
        for words, colour in edits
    ]  # fmt: skip
    (tmp_path / "hub").mkdir()
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "hub" / "train-0-of-1.parquet")
    made = import_published(tmp_path / "hub", tmp_path / "out")
    assert (made.accepted, made.rejected) == ({"color_alter": 2}, {"duplicate": 2})
    kept = {row["id"]: row["instruction"] for row in iter_rows(tmp_path / "out")}
    assert kept["000000123456"] == "Make it blue" and set(kept.values()) == {"Make it blue", "Make it green"}


def test_a_path_cannot_leave_the_data(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png_of(paint(1, "red")[0]))
    folder = published(tmp_path / "x/y/z/data", record(image_file="../../../../secret.png"))
    assert import_published(folder, tmp_path / "out").rejected == {"missing_picture": 1}


def test_nothing_to_import_says_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match=r"holds no edit_result\.json"):
        import_published(tmp_path / "empty", tmp_path / "out")
    with pytest.raises(StoreError, match="nothing at"):
        import_published(tmp_path / "gone", tmp_path / "out")
    with pytest.raises(RecipeError, match="did you mean 'parquet'"):
        import_published(tmp_path / "empty", tmp_path / "out", "parket")
