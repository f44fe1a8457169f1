"""What a training recipe refuses, and how it says so."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from anyedit.cli.app import app
from anyedit.errors import RecipeError
from anyedit.training.recipe import check_places, load_training_recipe

SMALL: dict[str, Any] = {"data": {"sources": ["somewhere/pairs"]}}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"stepz": 5}, "unknown key 'stepz'; did you mean 'steps'?"),
        ({"optimizer": {"rat": 1}}, "unknown key 'optimizer.rat'; did you mean 'rate'?"),
        ({"ema": {"decoy": 0.9}}, "unknown key 'ema.decoy'; did you mean 'decay'?"),
        ({"data": {"sources": [{"path": "x", "wieght": 2}]}}, "did you mean 'weight'?"),
        ({"data": {"sources": ["x"], "types": {"ad": 1}}}, "no edit type is named 'ad'; did you mean 'add'?"),
        ({"data": {}}, "the key 'data.sources' is missing"),
        ({"stage": 3}, "stage"),
        ({"batch": 0}, "greater than or equal to 1 (got 0)"),
        ({"dropout": {"text": 0.6, "picture": 0.6}}, "more than 1"),
        ({"unet": {"path": "a", "config": {}}}, "not both"),
    ],
)
def test_mistakes_are_named_with_what_would_be_right(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError) as raised:
        load_training_recipe(SMALL | settings)
    assert message in str(raised.value)


def test_settings_aliases_and_paths(tmp_path: Path) -> None:
    """Settings lie on top; a type may be spelled as published; paths are relative to the file, hub ids are not."""
    (tmp_path / "pairs").mkdir()
    told = {
        "data": {"sources": ["pairs", "owner/name"], "types": {"tune_transfer": 0.2}},
        "base": "owner/base",
    }
    (tmp_path / "r.yaml").write_text(yaml.safe_dump(told))
    recipe = load_training_recipe(tmp_path / "r.yaml", {"optimizer.rate": 0.5, "stage": "joint"})
    assert [source.path for source in recipe.data.sources] == [str(tmp_path / "pairs"), "owner/name"]
    assert recipe.data.types == {"tone_transfer": 0.2}
    assert recipe.base == "owner/base"
    assert recipe.optimizer.rate == 0.5
    assert (recipe.trains_unet, recipe.trains_experts) == (True, True)


def test_the_hash_follows_the_weights_only() -> None:
    first = load_training_recipe(SMALL)
    same = {"steps": 7, "log.every": 3, "cache.folder": "elsewhere", "data.workers": 5, "checkpoints.keep": 9}
    assert load_training_recipe(SMALL, same).hash == first.hash
    falling = load_training_recipe(SMALL, {"optimizer.schedule": "cosine"})
    assert load_training_recipe(falling, {"steps": 7}).hash != falling.hash
    assert load_training_recipe(falling, {"log.every": 3}).hash == falling.hash
    for key, value in (("seed", 1), ("optimizer.rate", 0.5), ("data.flip", 0.0), ("loss.min_snr", 5.0)):
        assert load_training_recipe(SMALL, {key: value}).hash != first.hash


RECIPES = Path(__file__).parents[2] / "recipes" / "train"


@pytest.mark.parametrize(
    ("name", "missing", "maker", "out"),
    [
        ("mini-stage1", "runs/mini/base", "mini-base.yaml", "runs/mini/base"),
        ("mini-stage2", "runs/mini/stage1/editor", "mini-stage1.yaml", "runs/mini/stage1"),
        ("sd15-stage2", "runs/stage1/editor", "sd15-stage1.yaml", "runs/stage1"),
    ],
)
def test_a_base_that_is_not_there_names_the_recipe_that_makes_it(
    tmp_path: Path, name: str, missing: str, maker: str, out: str
) -> None:
    """By the command, from a clone in which nothing was trained; the maker's file is there and writes that folder."""
    folder = tmp_path / "recipes" / "train"
    shutil.copytree(RECIPES, folder)
    done = CliRunner().invoke(app, ["train", str(folder / f"{name}.yaml"), "--out", str(tmp_path / "run")])
    assert isinstance(done.exception, RecipeError)
    said = str(done.exception)
    assert "base: no such folder: " in said
    assert f"{missing}; make it first: anyedit train {folder / maker} --out " in said
    assert said.endswith(out)
    assert not (tmp_path / "run").exists()


def test_a_place_that_may_be_a_hub_id_is_let_pass(tmp_path: Path) -> None:
    check_places(load_training_recipe(SMALL | {"base": "owner/name"}))
    with pytest.raises(
        RecipeError, match=r"unet.path: no such folder: \./here; make it first, or name another"
    ):
        check_places(load_training_recipe(SMALL | {"base": str(tmp_path), "unet": {"path": "./here"}}))


def test_the_recipes_of_the_repository_are_valid() -> None:
    for file in sorted(RECIPES.glob("*stage*.yaml")):
        assert load_training_recipe(file).data.sources
