"""LPIPS, DreamSim, FID, KID and the aesthetic score run by their own packages, on random weights, to their formulas."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_suites as small
import torch

from anyedit.bench.features import Features
from anyedit.bench.items import BenchError, image_of
from anyedit.bench.metrics.files import weight_file
from anyedit.bench.run import run_suite
from anyedit.bench.scoring import score
from anyedit.errors import MissingExtra

# torchvision's wheel does not load beside a CPU build of torch and then takes transformers down with it, so `make test`
# puts these packages into a folder of their own, which only the processes started here see
BESIDE = Path(sys.prefix) / "metrics"
HERE = Path(__file__).parent


def beside(what: str, folder: Path) -> dict[str, Any]:
    """What `networks_beside.py` tells of a package; skips where that is installed nowhere."""
    if not (BESIDE / what).is_dir() and importlib.util.find_spec(what) is None:
        pytest.skip(f"{what} is not installed, neither here nor in {BESIDE}")
    paths = [str(HERE), str(HERE.parents[1] / "src"), str(BESIDE)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(HERE / "networks_beside.py"), what, str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_lpips_is_its_formula(tmp_path: Path) -> None:
    told = beside("lpips", tmp_path)
    assert told["scored"] == pytest.approx(told["by_hand"], abs=1e-5) and told["scored"] > 1e-3
    assert told["label"] == "LPIPS (AlexNet)" and "alexnet.pth" in told["note"]
    assert "not the published weights" in told["note"]


@pytest.mark.slow
def test_fid_and_kid_are_of_torch_fidelitys_features(tmp_path: Path) -> None:
    told = beside("torch_fidelity", tmp_path)
    assert told["scored"] == pytest.approx(told["by_hand"], rel=2e-3) and told["n"] == 6
    assert np.isfinite(told["kid"]) and "not the published weights" in told["note"]


@pytest.mark.slow
def test_dreamsim_is_the_cosine_distance_of_its_embedding(tmp_path: Path) -> None:
    told = beside("dreamsim", tmp_path)
    assert told["scored"] == pytest.approx(told["by_hand"], abs=1e-4) and told["scored"] > 1e-5
    assert told["label"] == "DreamSim (clip_vitb32)"


def test_the_aesthetic_score_is_a_perceptron_on_unit_clip_features(
    tmp_path: Path, weights: dict[str, str]
) -> None:
    from safetensors.torch import save_file
    from transformers import CLIPModel
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    from anyedit.bench.metrics.perceptual import HEAD

    name = "openai/clip-vit-large-patch14"
    CLIPImageProcessorPil().save_pretrained(weights[name])
    layers = [torch.nn.Linear(12, 6), torch.nn.Linear(6, 1)]
    told = {f"layers.{2 * k}.{n}": v for k, layer in enumerate(layers) for n, v in layer.state_dict().items()}
    save_file(told, tmp_path / "head.safetensors")
    run = run_suite(str(small.magicbrush_folder(tmp_path / "suite")), "identity", tmp_path / "run")
    places = {**weights, HEAD: str(tmp_path / "head.safetensors")}
    of = score(tmp_path / "run", ["aesthetic"], weights=places)["protocols"]["aesthetic"]
    clip, process = CLIPModel.from_pretrained(weights[name]).eval(), CLIPImageProcessorPil()
    values = []
    with torch.no_grad():
        for item in run.suite.open().items:
            pixels = process(images=image_of(item.source), return_tensors="pt")["pixel_values"]
            row = clip.visual_projection(clip.vision_model(pixels).pooler_output)
            values.append(float(layers[1](layers[0](row / row.norm()))))
    assert of["all"]["aesthetic"]["value"] == pytest.approx(float(np.mean(values)), abs=1e-5)
    assert len({round(v, 6) for v in values}) > 1
    with pytest.raises(BenchError, match="no such file"):
        score(tmp_path / "run", ["aesthetic"], weights={**weights, HEAD: "/nowhere.safetensors"})


@pytest.mark.parametrize("protocol", ["perceptual", "fid"])
def test_without_its_packages_a_metric_says_what_to_install(tmp_path: Path, protocol: str) -> None:
    if importlib.util.find_spec("torchvision") is not None:
        pytest.skip("torchvision is installed here")
    run_suite(str(small.magicbrush_folder(tmp_path / "suite")), "identity", tmp_path / "run")
    with pytest.raises(MissingExtra, match=r"anyedit\[metrics\]"):
        score(tmp_path / "run", [protocol])


def test_a_torchvision_that_does_not_fit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from anyedit.bench.metrics.files import torchvision_for

    home = tmp_path / "torchvision"
    home.mkdir()
    (home / "__init__.py").write_text("raise RuntimeError('operator torchvision::nms does not exist')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "torchvision", raising=False)
    with pytest.raises(MissingExtra, match=r"nms does not exist.*from one index"):
        torchvision_for("LPIPS")


def test_weights_are_told_by_their_hash_and_hold_tensors_only(tmp_path: Path) -> None:
    import hashlib
    import pickle

    path = tmp_path / "net.pth"
    torch.save({"a": torch.ones(3)}, path)
    digits = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    features = Features(weights={"net": str(path), "gone": "/nowhere", "bad": str(tmp_path / "bad.pth")})
    assert weight_file(features, "net", f"https://example.org/net-{digits}.pth").published
    assert not weight_file(features, "net", "https://example.org/net-00000000.pth").published
    with pytest.raises(BenchError, match="no such file"):
        weight_file(features, "gone", "https://example.org/net-00000000.pth")
    (tmp_path / "bad.pth").write_bytes(pickle.dumps(Path("x")))
    with pytest.raises(BenchError, match=r"bad\.pth"):
        weight_file(features, "bad", "https://example.org/net-00000000.pth")


def test_weights_that_cannot_be_fetched_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from urllib.error import URLError

    def refused(*_: object, **__: object) -> None:
        raise URLError("no network")

    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.setattr(torch.hub, "download_url_to_file", refused)
    with pytest.raises(BenchError, match=r"no network.*--weights lpips/alexnet=FILE"):
        weight_file(Features(), "lpips/alexnet", "https://example.org/alexnet-owt-00000000.pth")
