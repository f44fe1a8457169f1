"""What a source may ask for: captions by an engine, no two alike, counterfactual scenes, and fields carried through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import planted_engines
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from small_photos import cheap_recipe, small_photos

import anyedit
from anyedit.engines import toolbox
from anyedit.errors import RecipeError
from anyedit.pipeline.imagine import bias_of, chances, drawn, meetings
from anyedit.pipeline.survey import Survey, alike, surveyed
from anyedit.recipe import PhotoSource
from anyedit.store.dataset import iter_rows


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> None:
    for role, name in planted_engines.PLACES.items():
        monkeypatch.setitem(toolbox.ENGINES.setdefault(role, {}), "planted", f"planted_engines:{name}")


def rejected(out: Path) -> list[str]:
    return [n for f in sorted((out / "rejected").glob("*")) for n in pq.read_table(f)["note"].to_pylist()]


# ------------------------------------------------------------------------------------------------------- duplicates
@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), max_size=8), st.integers(0, 7), st.randoms(use_true_random=False))
def test_alike_finds_what_comparing_all_with_all_finds(base: list[int], most: int, rng: Any) -> None:
    hashes = [
        bits ^ sum(1 << rng.randrange(64) for _ in range(rng.randrange(10))) % 2**64 for bits in base * 3
    ]
    kept: list[int] = []
    wanted = set()
    for place, bits in enumerate(hashes):
        if any((bits ^ hashes[k]).bit_count() <= most for k in kept):
            wanted.add(place)
        else:
            kept.append(place)
    found = alike(hashes, most)
    assert set(found) == wanted
    for place, (first, apart) in found.items():
        assert first in kept and (hashes[place] ^ hashes[first]).bit_count() == apart


def test_pictures_that_look_alike_are_put_aside(tmp_path: Path) -> None:
    folder = small_photos(tmp_path / "in", 0)
    rng = np.random.default_rng(4)
    for k in range(3):
        patches = rng.integers(0, 255, (8, 10, 3), np.uint8)
        picture = Image.fromarray(patches).resize((160, 128), Image.Resampling.BICUBIC)
        picture.save(folder / f"{k}.png")
        picture.resize((120, 96)).save(folder / f"{k} again.jpg", quality=80)
    (folder / "broken.png").write_bytes(b"no picture")
    spec = PhotoSource(path=str(folder), distinct=6)
    found = surveyed(spec, workers=2).duplicates
    assert {name: first for name, (first, _) in found.items()} == {
        f"{k}.png": f"{k} again.jpg" for k in range(3)
    }
    assert surveyed(PhotoSource(path=str(folder))).duplicates == {}
    recipe = cheap_recipe(folder, 3, effort=12)
    recipe["source"]["distinct"] = 6
    summary = anyedit.build(recipe, out=tmp_path / "out", workers=1)
    assert summary["total"] == 3
    assert {row["origin"] for row in iter_rows(tmp_path / "out")} <= {f"{k} again.jpg" for k in range(3)}
    notes = rejected(tmp_path / "out")
    assert any(note.startswith("0.png: looks like 0 again.jpg") for note in notes)


# --------------------------------------------------------------------------------------------------------- captions
@pytest.mark.parametrize(("when", "own"), [("missing", "Field number 1 on a sunny day"), ("always", None)])
def test_captions_by_an_engine(when: str, own: str | None, tmp_path: Path) -> None:
    folder = small_photos(tmp_path / "in", 2)
    (folder / "000.txt").unlink()
    Image.new("RGB", (80, 64)).save(folder / "black.png")
    recipe = cheap_recipe(folder, 2, engines={"describe": "planted"}, effort=3)
    recipe["source"]["recaption"] = when
    anyedit.build(recipe, out=tmp_path / "out", workers=1)
    captions = {}
    for file in sorted((tmp_path / "out" / "01-sources").glob("*.parquet")):
        captions |= {
            row["origin"]: row["caption"]
            for row in pq.read_table(file, columns=["origin", "caption"]).to_pylist()
        }
    assert captions["000.png"].startswith("A wall of redness ")
    assert captions["001.png"] == own if own else captions["001.png"].startswith("A wall of redness ")
    assert "too dark to see" in rejected(tmp_path / "out")
    del recipe["engines"]
    with pytest.raises(RecipeError, match=r"source\.recaption needs an engine of the role 'describe'"):
        anyedit.build(recipe, out=tmp_path / "other", workers=1)


# ---------------------------------------------------------------------------------------------------- counterfactual
SPEC = PhotoSource.model_validate(
    {
        "path": "x",
        "counterfactual": 0.5,
        "imagined": {
            "concepts": ["camel", "dog", "fox"],
            "contexts": ["in a desert", "on a beach", "in a library"],
        },
    }
)
CAPTIONS = [
    "A camel in the desert",
    "Two camels in a desert",
    "A dog on the beach",
    "Dogs in a library",
    "Sand",
]


def test_meetings_are_counted_in_singular_and_plural() -> None:
    met = meetings(CAPTIONS, SPEC.imagined.concepts, SPEC.imagined.contexts)
    assert met == {
        "camel": {"": 2, "in a desert": 2},
        "dog": {"": 2, "on a beach": 1, "in a library": 1},
    }
    survey = Survey(met=met, captions=5)
    told = chances("camel", SPEC.imagined.contexts, survey)
    assert sum(told.values()) == pytest.approx(1) and told["in a desert"] > 2 * told["on a beach"]


def test_tail_concepts_are_drawn_where_they_are_least_expected() -> None:
    met = meetings(CAPTIONS, SPEC.imagined.concepts, SPEC.imagined.contexts)
    met["fox"] = {"": 9, "in a desert": 3, "on a beach": 6}
    pairs = {drawn(SPEC, Survey(met=met), 1, f"i{k}") for k in range(60)}
    assert pairs == {("camel", "on a beach"), ("camel", "in a library"), ("dog", "in a desert")}
    at_home = chances(
        "camel", ("in a desert", "on a beach"), Survey()
    )  # nothing was said: the world's own kinds
    assert at_home["in a desert"] == at_home["on a beach"] == 0.5  # a camel is none of them
    declared = chances("sheep", ("on a farm", "in a kitchen"), Survey())
    assert declared["on a farm"] > 5 * declared["in a kitchen"]


def test_imagined_scenes_are_built_and_the_bias_is_measured(tmp_path: Path) -> None:
    folder = small_photos(tmp_path / "in", 4)
    for k, caption in enumerate(CAPTIONS[:4]):
        (folder / f"{k:03d}.txt").write_text(caption)
    recipe = cheap_recipe(folder, 12, engines={"generate": "planted", "write": "planted"}, effort=3)
    recipe["source"] |= {
        "counterfactual": 0.5,
        "imagined": {**SPEC.imagined.model_dump(), "width": 96, "height": 64},
    }
    summary = anyedit.build(recipe, out=tmp_path / "out", workers=1)
    rows = [row for row in iter_rows(tmp_path / "out") if not row["natural"]]
    assert 2 <= len(rows) < 12 and {row["origin"] for row in rows} == {"imagined"}
    for row in rows:
        carried = json.loads(row["provenance"])["carried"]
        assert row["source_caption"] == f"Here stands a {carried['concept']} {carried['context']}"
        assert carried["engine"] == "planted painter" and carried["concept"] != "fox"
    assert any("does not name 'fox'" in note for note in rejected(tmp_path / "out"))
    bias = summary["bias"]["context"]
    assert bias["after"]["coverage"] > bias["before"]["coverage"] and bias["after"]["counted"] > 3
    again = anyedit.reproduce(tmp_path / "out", rows[0]["id"])
    assert again.differing == ()
    told = [{"caption": caption, "natural": True} for caption in CAPTIONS]
    assert bias_of(SPEC, told)["context"]["before"]["coverage"] == pytest.approx(3 / 9, abs=1e-3)  # type: ignore[index]


# --------------------------------------------------------------------------------------------------------- carried
def test_safety_and_licence_reach_the_dataset(tmp_path: Path) -> None:
    folder = small_photos(tmp_path / "in", 2)
    table = pa.table(
        {
            "image": [(folder / f"{k:03d}.png").read_bytes() for k in range(2)],
            "caption": ["A field", "A meadow"],
            "license": ["CC BY 4.0", ""],
            "nsfw": [0.01, 0.02],
            "similarity": [0.3, 0.4],
        }
    )
    with fsspec.filesystem("memory").open("/carried/train.parquet", "wb") as file:
        pq.write_table(table, file)
    recipe = cheap_recipe("memory://carried", 2)
    recipe["source"] |= {
        "layout": "huggingface",
        "licence": "CC0",
        "columns": {"carry": ["nsfw", "similarity"]},
    }
    anyedit.build(recipe, out=tmp_path / "out", workers=1)
    rows = {row["source_caption"].split()[-1]: row for row in iter_rows(tmp_path / "out")}
    assert {name: row["licence"] for name, row in rows.items()} == {"field": "CC BY 4.0", "meadow": "CC0"}
    carried = {name: json.loads(row["provenance"])["carried"] for name, row in rows.items()}
    assert carried == {
        "field": {"nsfw": 0.01, "similarity": 0.3},
        "meadow": {"nsfw": 0.02, "similarity": 0.4},
    }
