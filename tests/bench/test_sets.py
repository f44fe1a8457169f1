"""Distances between sets agree with their formulas (FID on its own network: test_own_networks.py)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small_suites as small
from scipy import linalg

from anyedit.bench.items import BenchError
from anyedit.bench.metrics.sets import frechet, kernel
from anyedit.bench.protocols import protocol_of
from anyedit.bench.run import run_suite
from anyedit.bench.scoring import score

pytest.importorskip("torchmetrics")


def test_the_frechet_distance_is_its_formula() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(0, 1, (60, 5)), rng.normal(0.7, 1.5, (50, 5))
    root = linalg.sqrtm(np.cov(a.T) @ np.cov(b.T)).real
    expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(np.cov(a.T) + np.cov(b.T) - 2 * root)
    assert frechet(a, b) == pytest.approx(expected, rel=1e-6)
    assert frechet(a, a) == pytest.approx(0, abs=1e-8)


def test_the_kernel_distance_is_its_formula_and_the_same_in_every_run() -> None:
    rng = np.random.default_rng(1)
    a, b, many = rng.normal(0, 1, (30, 4)), rng.normal(0.5, 1, (30, 4)), rng.normal(1, 1, (150, 4))

    def k(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (x @ y.T / 4 + 1) ** 3

    n = 30
    within = sum((k(x, x).sum() - np.trace(k(x, x))) / (n * (n - 1)) for x in (a, b))
    assert kernel(a, b) == pytest.approx(within - 2 * k(a, b).mean(), rel=1e-4)
    assert kernel(many, many + 0.5) == kernel(many, many + 0.5)  # subsets of 100 are drawn from a seed


def test_another_reference_is_what_sets_are_measured_against(tmp_path: Path) -> None:
    run_suite(str(small.magicbrush_folder(tmp_path / "suite")), "identity", tmp_path / "run")
    chosen = [protocol_of("small"), protocol_of("small").compared_with("source")]
    told = score(tmp_path / "run", chosen)["protocols"]
    of = {
        key: [told[name]["all"][f"{key}_efficientnet"]["value"] for name in ("small", "small+source")]
        for key in ("frechet", "kernel")
    }
    assert abs(of["frechet"][1]) < 1e-3 < of["frechet"][0]  # outputs are the sources
    assert of["kernel"][1] < of["kernel"][0]  # most of these sources are targets of the turn before
    assert {one["against"] for one in told["small+source"]["settings"]["sets"]} == {"source"}
    fid = protocol_of("fid").compared_with("source")
    assert {one.against for one in fid.sets} == {"source"} and "source" in fid.columns[0].about
    with pytest.raises(BenchError, match="reference is rival, but SetDistance compares with target"):
        replace(protocol_of("fid"), reference="rival")


def test_small_has_set_distances_of_the_whole_only(tmp_path: Path) -> None:
    run_suite(str(small.magicbrush_folder(tmp_path / "suite")), "oracle", tmp_path / "run")
    of = score(tmp_path / "run", ["small"])["protocols"]["small"]
    assert of["all"]["frechet_efficientnet"] == {
        "value": pytest.approx(0, abs=1e-3),
        "low": None,
        "high": None,
        "n": 6,
    }
    assert of["by"]["subset"]["final-turn"]["means"]["frechet_efficientnet"]["value"] is None
