"""Whether an editor beats doing nothing: the measure itself, on answers whose scores are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import write_pairs
from small_dataset import row, write_shard

from anyedit.errors import StoreError
from anyedit.models.editing import restore
from anyedit.models.pipeline import AnySDPipeline
from anyedit.store.dataset import write_dataset
from anyedit.training.grid import CELL, results_grid
from anyedit.training.heldout import (
    HeldOutPair,
    Score,
    Settings,
    differences,
    edit_pairs,
    markdown,
    read_heldout,
    read_scores,
    score_answers,
    table,
    write_scores,
)
from anyedit.training.parts import load_parts
from anyedit.training.recipe import load_training_recipe

TYPES = ("color_alter", "add", "visual_bbox")


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tested")
    rows = [row(n, TYPES[n % 3], "test" if n < 12 else "train", 32) for n in range(15)]
    write_dataset(folder, [write_shard(folder / "05-pairs" / "a.parquet", rows)], lambda _: True, "card")
    return folder


@pytest.fixture(scope="module")
def editor(base_dir: Path, pairs_dir: Path) -> AnySDPipeline:
    told = {"stage": 2, "base": str(base_dir), "data": {"sources": [str(pairs_dir)], "resolution": 32}}
    told["experts"] = {"queries": 4, "depth": 1, "head_width": 8}
    return load_parts(load_training_recipe(told)).pipeline


def test_the_first_pairs_of_each_type_of_the_split_are_read(tested: Path) -> None:
    pairs = read_heldout([tested], 2)
    assert [pair.edit_type for pair in pairs] == [
        "add",
        "add",
        "color_alter",
        "color_alter",
        *["visual_bbox"] * 2,
    ]
    assert [pair.id for pair in pairs if pair.edit_type == "add"] == ["add-0001", "add-0004"]
    assert all((pair.prompt is not None) == (pair.edit_type == "visual_bbox") for pair in pairs)
    assert all(pair.mask.any() and not pair.mask.all() for pair in pairs)


def test_a_split_without_pairs_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no pair in the split 'test'"):
        read_heldout([write_pairs(tmp_path / "pairs", ("add",), 4)], 2)


def test_differences_are_told_apart_by_the_mask() -> None:
    target = np.zeros((4, 4, 3), np.uint8)
    picture, mask = target.copy(), np.zeros((4, 4), bool)
    mask[:2] = True
    picture[:2] = 51  # a fifth of 255
    picture[2:, :, 0] = 255  # a third of a pixel's channels
    assert differences(picture, target, mask) == (pytest.approx(0.2), pytest.approx(1 / 3))
    inside, outside = differences(picture, target, np.ones((4, 4), bool))
    assert inside == pytest.approx((0.2 + 1 / 3) / 2) and np.isnan(outside)


def test_the_target_itself_scores_perfectly_and_the_source_does_not(
    tested: Path, editor: AnySDPipeline
) -> None:
    pairs = read_heldout([tested], 2)
    perfect = score_answers(pairs, "edit", [pair.target for pair in pairs], editor)
    nothing = score_answers(pairs, "source", [pair.source for pair in pairs], editor)
    assert all(s.inside == s.outside == 0 and s.likeness == pytest.approx(1, abs=1e-5) for s in perfect)
    assert all(s.inside > 0.05 and s.outside < s.inside and s.likeness < 1 for s in nothing)
    lines = {line.name: line for line in table([*perfect, *nothing])}
    assert lines["all"].better["edit"] == 1.0 and lines["all"].pairs == 6 and lines["local"].pairs == 4
    swapped = [Score(s.id, s.edit_type, "source" if s.answer == "edit" else "edit", s.inside, s.outside, s.likeness)
               for s in [*perfect, *nothing]]  # fmt: skip
    assert {line.name: line for line in table(swapped)}["all"].better["edit"] == 0.0


def test_the_table_shows_means_by_type_and_group(tmp_path: Path) -> None:
    scores = [
        Score("a", "add", "edit", 0.25, 0.5, 0.5),
        Score("b", "remove", "edit", 0.75, float("nan"), 1.0),
        Score("a", "add", "source", 0.5, 0.25, 0.25),
        Score("b", "remove", "source", 0.5, float("nan"), 0.5),
    ]
    write_scores(scores, tmp_path / "scores.csv")
    assert [s.id for s in read_scores(tmp_path / "scores.csv")] == ["a", "b", "a", "b"]
    lines = table(read_scores(tmp_path / "scores.csv"))
    assert [line.name for line in lines] == ["add", "remove", "local", "all"]
    assert lines[2].means["edit"] == (0.5, 0.5, 0.75) and lines[2].better["edit"] == 0.5
    tables = markdown(lines)
    assert "| local | 2 | 0.500 | 0.500 | 50% |" in tables["inside"]
    assert (
        "| local | 2 | 0.500 | 0.250 |" in tables["outside"] and "| remove | 1 | - | - |" in tables["outside"]
    )
    assert "| local | 2 | 0.750 | 0.375 |" in tables["likeness"]


def test_an_edit_does_not_depend_on_its_batch(tested: Path, editor: AnySDPipeline) -> None:
    pairs = read_heldout([tested], 2)
    together = edit_pairs(editor, pairs, Settings(steps=2, batch=6))
    apart = edit_pairs(editor, pairs, Settings(steps=2, batch=1))
    assert len(together) == 6 and together[0].shape == (32, 32, 3)
    for one, other in zip(together, apart, strict=True):
        assert np.abs(one.astype(int) - other).max() <= 1
    assert not np.array_equal(together[0], edit_pairs(editor, pairs[:1], Settings(steps=2, seed=1))[0])


def test_without_instruction_the_words_change_nothing(tested: Path, editor: AnySDPipeline) -> None:
    pairs = read_heldout([tested], 1)[:1]
    other = [HeldOutPair(**{**vars(pairs[0]), "instruction": "Paint everything blue"})]
    settings = Settings(steps=2)
    mute = [edit_pairs(editor, some, settings, with_instruction=False)[0] for some in (pairs, other)]
    assert np.array_equal(*mute)
    said = [edit_pairs(editor, some, settings)[0] for some in (pairs, other)]
    assert not np.array_equal(*said)


def test_a_picture_through_the_autoencoder_is_what_its_halves_give(editor: AnySDPipeline) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    x = torch.from_numpy(picture).permute(2, 0, 1)[None] / 127.5 - 1
    with torch.no_grad():
        y = editor.vae.decode(editor.vae.encode(x).latent_dist.mode()).sample[0].clamp(-1, 1)
    expected = ((y.permute(1, 2, 0) + 1) * 127.5).round().numpy()
    got = restore(editor, [picture])[0]
    assert np.abs(got - expected).max() <= 1


def test_the_grid_has_a_row_per_type_with_the_edit_third(tested: Path) -> None:
    pairs = read_heldout([tested], 2)
    edits = [np.full((32, 32, 3), 10 * n, np.uint8) for n in range(6)]
    sheet = np.asarray(results_grid(pairs, edits, per_row=2))
    x, y = 110 + 2 * (CELL + 2) + CELL // 2, 18 + CELL // 2
    row_height = (sheet.shape[0] - 18) // 3
    assert [int(sheet[y + n * row_height, x, 0]) for n in range(3)] == [0, 20, 40]
