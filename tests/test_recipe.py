"""A recipe is checked before any work, and its errors say what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from anyedit.errors import RecipeError
from anyedit.recipe import load_recipe


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"pears": 3}, "unknown key 'pears'; did you mean 'pairs'?"),
        ({"source.widht": 3}, "unknown key 'source.widht'; did you mean 'source.width'?"),
        ({"chains.shar": 3}, "unknown key 'chains.shar'; did you mean 'chains.share'?"),
        ({"types": ["remoove"]}, "no edit type is named 'remoove'; did you mean 'remove'?"),
        ({"pairs": 0}, "pairs: Input should be greater than or equal to 1 (got 0)"),
        ({"pairs.x": 0}, "cannot set 'pairs.x': 'pairs' is not a section"),
    ],
)
def test_errors_name_the_key_and_what_would_be_right(settings: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        load_recipe({"pairs": 5}, settings)
    assert message in str(caught.value)


def test_a_missing_recipe_names_the_ready_ones() -> None:
    with pytest.raises(RecipeError, match=r"no recipe at nowhere.yaml; the ready ones are in recipes/"):
        load_recipe("nowhere.yaml")


def test_broken_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("pairs: [1,\n")
    with pytest.raises(RecipeError, match="is not valid YAML"):
        load_recipe(path)


def test_published_aliases_are_accepted() -> None:
    assert load_recipe({"types": ["tune_transfer", "visual_layout"]}).types == {
        "tone_transfer": 1.0,
        "visual_bbox": 1.0,
    }


def test_what_a_source_cannot_serve_is_said() -> None:
    recipe = load_recipe({"types": ["add"], "source": {"kind": "photos", "path": "x"}})
    with pytest.raises(RecipeError, match="a photos source cannot serve add; it can serve remove"):
        recipe.quotas(("remove",))


def test_a_gate_is_set_by_its_type_and_rule_and_told_how() -> None:
    settings = {"gates.remove.mask share": [0.01, None]}
    assert load_recipe({}, settings).gates == {"remove.mask share": (0.01, None)}
    with pytest.raises(RecipeError, match=r"gates: 'remove.mask share': limits are \[low, high\]"):
        load_recipe({}, {"gates.remove.mask share": 1})
