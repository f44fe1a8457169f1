"""Each suite is read from exactly its published layouts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import small_suites as small

from anyedit.bench.items import BenchError, image_of
from anyedit.bench.suites import open_suite
from anyedit.errors import StoreError
from anyedit.types import EDIT_TYPES


def test_magicbrush_folder_gives_every_turn_with_its_target(tmp_path: Path) -> None:
    suite = open_suite(small.magicbrush_folder(tmp_path / "test"))
    assert suite.name == "magicbrush-test" and suite.setting == "single-turn" and len(suite.items) == 6
    item = suite.by_id["139-2"]
    assert item.instruction == "make change 2 in 139"
    assert np.array_equal(
        image_of(item.source), small.picture(1)
    )  # the true picture before, not the first one
    assert item.target is not None and np.array_equal(image_of(item.target), small.picture(2))
    assert (item.local_caption, item.caption) == ("thing 2 of 139", "a room of 139 with 2 changes")
    assert item.source_caption == "a room of 139 with 1 changes"
    assert item.previous is None and not item.final and suite.by_id["139-3"].final


def test_magicbrush_mask_is_the_erased_region(tmp_path: Path) -> None:
    item = open_suite(small.magicbrush_folder(tmp_path / "test")).by_id["30-1"]
    assert item.mask is not None
    mask = np.asarray(image_of(item.mask).convert("L"))
    assert mask[10, 10] == 255 and mask[30, 40] == 0 and (mask > 0).sum() == 16 * 14


def test_magicbrush_multi_turn_continues_outputs_and_independent_takes_last_turns(tmp_path: Path) -> None:
    folder = small.magicbrush_folder(tmp_path / "test")
    chained = open_suite(folder, options={"setting": "multi-turn"})
    assert [chained.by_id[f"139-{k}"].previous for k in (1, 2, 3)] == [None, "139-1", "139-2"]
    alone = open_suite(folder, options={"setting": "multi-turn-independent"})
    assert sorted(alone.by_id) == ["139-3", "30-1", "7-2"] and alone.by_id["139-3"].previous is None


def test_magicbrush_hub_says_that_captions_are_missing(tmp_path: Path) -> None:
    suite = open_suite(small.magicbrush_hub(tmp_path))
    assert suite.split == "validation" and len(suite.items) == 6
    assert np.array_equal(image_of(suite.by_id["7-2"].source), small.picture(201))
    assert any("no descriptions" in warning for warning in suite.warnings)


def test_magicbrush_without_a_picture_names_it(tmp_path: Path) -> None:
    folder = small.magicbrush_folder(tmp_path / "test")
    (folder / "images" / "7" / "7-output2.png").unlink()
    with pytest.raises(StoreError, match=r"7-output2\.png"):
        open_suite(folder)


def test_emu_edit_default_split_faults_and_swapped_names(tmp_path: Path) -> None:
    suite = open_suite(small.emu_edit_hub(tmp_path))
    assert suite.split == "validation" and len(suite.items) == 5 and suite.licence == "CC-BY-NC-4.0"
    found = {(fault.item, fault.rule) for fault in suite.faults}
    assert found == {
        ("validation-00002", "same-caption"),
        ("validation-00003", "caption-of-another-item"),
        ("*", "swapped-split-names"),
    }
    assert suite.by_id["validation-00003"].subsets == ("caption-fault",)
    assert suite.by_id["validation-00001"].subsets == ("caption-sound",)  # it owns the captions
    rival = suite.by_id["validation-00000"].rival
    assert rival is not None and np.array_equal(image_of(rival), small.picture(51))
    assert any("swapped" in warning for warning in suite.warnings)


def test_emu_edit_without_generations_has_no_swap(tmp_path: Path) -> None:
    suite = open_suite(small.emu_edit_hub(tmp_path, generations=False), options={"split": "test"})
    assert len(suite.items) == 3 and suite.items[0].rival is None
    assert {fault.rule for fault in suite.faults} == {"same-caption"}


@pytest.mark.parametrize("layout", ["folder", "zip", "hub"])
def test_anyedit_test_in_all_layouts(tmp_path: Path, layout: str) -> None:
    place = (
        small.anyedit_test_hub(tmp_path / "hub")
        if layout == "hub"
        else small.anyedit_test_folder(tmp_path / "f")
    )
    if layout == "zip":
        place = small.zipped(place, tmp_path / "anyedit-test.zip")
    suite = open_suite(place)
    assert suite.name == "anyedit-test" and len(suite.items) == 50
    assert {item.edit_type for item in suite.items} == set(EDIT_TYPES)
    item = suite.by_id["visual_bbox-0001"]
    number = EDIT_TYPES.index("visual_bbox")
    assert (item.instruction, item.caption, item.group) == (
        "do visual_bbox number 1",
        "after visual_bbox 1",
        "visual",
    )
    assert item.target is not None and item.visual_prompt is not None
    assert np.array_equal(image_of(item.source), small.picture(1000 + 10 * number + 1))
    assert np.array_equal(image_of(item.target), small.picture(2000 + 10 * number + 1, (40, 40)))
    assert suite.by_id["movement-0000"].caption == ""


@pytest.mark.parametrize("layout", ["hub", "folder"])
def test_gedit_bench(tmp_path: Path, layout: str) -> None:
    place = (small.gedit_hub if layout == "hub" else small.gedit_folder)(tmp_path)
    suite = open_suite(place)
    assert [item.id for item in suite.items] == ["color_alter-en-k1", "subject-add-en-k2"]
    assert np.array_equal(
        image_of(suite.items[0].source), small.picture(7)
    )  # the raw picture, not the squashed
    assert [i.instruction for i in open_suite(place, options={"language": "cn"}).items] == ["把车变蓝"]


@pytest.mark.parametrize("layout", ["hub", "tar", "unpacked", "inside", "singleturn", "repository"])
def test_imgedit_bench_with_its_judge_prompts(tmp_path: Path, layout: str) -> None:
    from anyedit.bench.suites.imgedit import judge_prompts

    place = {
        "hub": lambda: small.imgedit_hub(tmp_path / "s"),
        "tar": lambda: small.imgedit_hub(tmp_path / "s", "./") / "Benchmark.tar",
        "unpacked": lambda: small.imgedit_unpacked(tmp_path),
        "inside": lambda: small.imgedit_unpacked(tmp_path) / "Benchmark",
        "singleturn": lambda: small.imgedit_unpacked(tmp_path) / "Benchmark" / "singleturn",
        "repository": lambda: small.imgedit_folder(tmp_path),
    }[layout]()
    suite = open_suite(place)
    assert suite.name == "imgedit-bench"
    assert [(i.id, i.edit_type, i.instruction) for i in suite.items] == [
        ("1082", "adjust", "Smooth the shell."),
        ("673", "style", "As a woodblock print."),
    ]
    shown = np.asarray(image_of(suite.by_id["673"].source), int)  # a JPEG of picture 1, not of picture 0
    wanted, other = (np.asarray(small.picture(k), int) for k in (1, 0))
    assert np.abs(shown - wanted).mean() < np.abs(shown - other).mean() / 2
    assert judge_prompts(place) == small.IMGEDIT_PROMPTS


def test_of_imgedit_only_the_benchmark_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    asked = []

    def download(name: str, **how: object) -> str:
        asked.append((name, how))
        return str(small.imgedit_hub(tmp_path / f"s{len(asked)}"))

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    for where in ("imgedit-bench", "sysuyy/ImgEdit"):
        assert len(open_suite(where).items) == 2
    assert asked == [("sysuyy/ImgEdit", {"repo_type": "dataset", "allow_patterns": ["Benchmark.tar"]})] * 2


def test_a_broken_tar_is_named(tmp_path: Path) -> None:
    tar = small.imgedit_hub(tmp_path / "s") / "Benchmark.tar"
    tar.write_bytes(b"x" * 2000)
    with pytest.raises(StoreError, match=r"Benchmark\.tar cannot be read as a tar"):
        open_suite(tar)


def test_unknown_places_layouts_and_options_say_what_is_possible(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no such folder"):
        open_suite(tmp_path / "nothing")
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(BenchError, match="in no layout that is known"):
        open_suite(tmp_path)
    with pytest.raises(BenchError, match="did you mean 'magicbrush'"):
        open_suite(tmp_path, "magicbrsh")
    with pytest.raises(BenchError, match="no option 'seting'; did you mean 'setting'"):
        open_suite(small.magicbrush_folder(tmp_path / "m"), options={"seting": "x"})


def test_a_hub_id_that_is_not_here_says_what_to_do() -> None:
    with pytest.raises(BenchError, match="fetch it elsewhere and name the local folder"):
        open_suite("emu-edit")


def test_a_broken_list_is_named(tmp_path: Path) -> None:
    folder = small.imgedit_folder(tmp_path)
    (folder / "basic_edit.json").write_text("{")
    with pytest.raises(StoreError, match=r"basic_edit\.json"):
        open_suite(folder)
    assert json.loads((folder / "prompts.json").read_text())
