"""The toolbox gives what a recipe names and says what is wrong with what it cannot give."""

import pytest

from anyedit.engines.classical import PatchFill, TeleaFill
from anyedit.engines.toolbox import DEFAULTS, ENGINES, tools
from anyedit.engines.tools import ROLES
from anyedit.errors import RecipeError


def test_every_role_has_a_default_and_a_version() -> None:
    made = tools()
    assert set(ENGINES) <= set(ROLES) and set(DEFAULTS) <= set(ENGINES)
    assert isinstance(made.inpaint, PatchFill)
    assert len(made.versions()) == len(DEFAULTS)
    assert any(version.startswith("patch fill (OpenCV") for version in made.versions())


def test_names_and_settings_of_a_recipe() -> None:
    assert isinstance(tools({"inpaint": "telea"}).inpaint, TeleaFill)
    assert tools({"inpaint": {"engine": "telea", "radius": 7}}).inpaint == TeleaFill(radius=7)


@pytest.mark.parametrize(
    ("engines", "said"),
    [
        ({"inpant": "classical"}, "did you mean 'inpaint'"),
        ({"inpaint": "teela"}, "did you mean 'telea'"),
        ({"inpaint": {"engine": "telea", "radus": 3}}, "did you mean 'radius'"),
    ],
)
def test_mistakes_name_the_nearest(engines: dict[str, object], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        tools(engines)


def test_the_same_settings_give_the_same_engine_so_that_weights_are_loaded_once() -> None:
    judge = {"engine": "huggingface", "model": "some/model"}
    one, other = tools({"judge": judge, "describe": judge}), tools({"judge": dict(judge)})
    assert one.judge is one.describe is other.judge
    assert one.judge is not tools({"judge": {**judge, "batch": 2}}).judge
