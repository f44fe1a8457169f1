"""The pixel pipelines against the exact edit: measures, engines in turn, and what a perfect engine gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anyedit.edits import type_of
from anyedit.engines.toolbox import tools
from anyedit.errors import RecipeError
from anyedit.pipeline.fidelity import COMPARED, LEFT_OUT, Tried, _tried, as_photograph, fidelity, ssim_map
from anyedit.pipeline.fidelity_report import choices, markdown
from anyedit.types import EDIT_TYPES

RECIPE = {"name": "small", "seed": 3, "source": {"kind": "world", "width": 64, "height": 64, "samples": 2}}


def test_ssim_of_pictures() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (32, 32, 3)).astype(np.uint8)
    assert ssim_map(picture, picture) == pytest.approx(1)
    assert ssim_map(picture, 255 - picture).mean() < 0
    noisy = np.clip(picture + rng.normal(0, 20, picture.shape), 0, 255).astype(np.uint8)
    assert 0.5 < ssim_map(picture, noisy).mean() < 0.99


def test_ssim_agrees_with_scikit_image() -> None:
    metrics = pytest.importorskip("skimage.metrics")
    rng = np.random.default_rng(1)
    one, other = (rng.integers(0, 256, (48, 48)).astype(np.uint8) for _ in range(2))
    grey = [np.repeat(picture[..., None], 3, -1) for picture in (one, other)]
    _, wanted = metrics.structural_similarity(
        one, other, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255, full=True
    )
    assert ssim_map(*grey)[8:-8, 8:-8] == pytest.approx(wanted[8:-8, 8:-8], abs=1e-3)


def test_engines_are_tried_and_compared(tmp_path: Path) -> None:
    asked = {"inpaint": ("classical", "telea")}
    found = fidelity(RECIPE, out=tmp_path, scenes=2, types=["remove"], engines=asked)
    assert {(row.role, row.engine) for row in found} == {
        ("all", "nothing done"), ("all", "recipe"), ("inpaint", "classical"), ("inpaint", "telea"),
    }  # fmt: skip
    scenes = {row.scene for row in found}
    assert len(scenes) == 2
    for scene in scenes:
        of = {row.engine: row for row in found if row.scene == scene}
        assert of["recipe"].l1_inside == of["classical"].l1_inside, "the default is the classical fill"
        assert of["nothing done"].l1_inside > 0
        assert of["telea"].l1_outside == pytest.approx(of["classical"].l1_outside, abs=3)
        assert of["telea"].l1_inside < of["nothing done"].l1_inside, "a fill is nearer than the thing itself"
        assert of["telea"].ssim_inside != of["classical"].ssim_inside, "each engine's own picture is measured"
    (choice,) = choices(found)
    apart = [
        next(row.l1_inside for row in found if (row.scene, row.engine) == (scene, "telea"))
        - next(row.l1_inside for row in found if (row.scene, row.engine) == (scene, "classical"))
        for scene in scenes
    ]
    assert (choice.engine, choice.scenes, choice.difference) == ("telea", 2, pytest.approx(np.mean(apart)))
    text = (tmp_path / "fidelity.md").read_text()
    assert text == markdown(found) and "| remove | inpaint | telea | 2 |" in text
    stamp = next((tmp_path / "tried").glob("*.parquet")).stat().st_mtime_ns
    assert fidelity(RECIPE, out=tmp_path, scenes=2, types=["remove"], engines=asked) == found
    assert next((tmp_path / "tried").glob("*.parquet")).stat().st_mtime_ns == stamp, "read, not made again"


class Oracle:
    """Fills every hole with the truth."""

    version = "oracle"

    def __init__(self, picture: np.ndarray) -> None:
        self.picture = picture

    def fill(self, picture: np.ndarray, hole: np.ndarray, avoid: np.ndarray | None = None) -> np.ndarray:
        return np.where(hole[..., None], self.picture, picture)


def test_a_perfect_engine_is_near_the_exact_edit() -> None:
    import sys

    sys.path.insert(0, str(Path(__file__).parents[1] / "edits"))
    from small_world import seen, table

    view, kind = seen(table()), type_of("remove")
    params = kind.Params(target="mug-3")
    exact = kind.edit_world(view, params)
    photo = as_photograph(view, "f0")
    rows: list[Tried] = []
    for engine in (Oracle(exact.picture), Oracle(view.picture)):
        chosen = tools(placed={"inpaint": engine})
        rows.append(_tried(kind, photo, params, view, params, exact, chosen, 0, ("inpaint", "oracle")))
    perfect, idle = rows
    assert perfect.l1_inside is not None and idle.l1_inside is not None
    assert perfect.l1_inside < 0.5 and idle.l1_inside > 10
    assert perfect.way == pytest.approx(1, abs=0.05) and idle.way == pytest.approx(0, abs=0.05)
    assert idle.passed_exactly is False
    assert photo.object("mug-3").origin == "exact"
    assert np.array_equal(photo.mask("mug-3"), view.frame.mask("mug-3"))
    assert replace(perfect, note="") == perfect


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    served = {name for name in EDIT_TYPES if type_of(name).serves_photographs()}
    assert set(COMPARED) | set(LEFT_OUT) >= served, "a new pixel pipeline is compared, or it is said why not"
    with pytest.raises(RecipeError, match="style_change is not compared: the same code"):
        fidelity(RECIPE, out=tmp_path, types=["style_change"])
    with pytest.raises(RecipeError, match=r"telia.*telea"):
        fidelity(RECIPE, out=tmp_path, engines={"inpaint": ("classical", "telia")})
