"""What a training recipe refuses, and how it says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from anyedit.errors import RecipeError
from anyedit.training.recipe import load_training_recipe

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


def test_the_recipes_of_the_repository_are_valid() -> None:
    for file in sorted((Path(__file__).parents[2] / "recipes" / "train").glob("*stage*.yaml")):
        assert load_training_recipe(file).data.sources
