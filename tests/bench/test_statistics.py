"""Intervals cover the truth as often as they say, and paired differences find what unpaired ones cannot."""

from __future__ import annotations

import numpy as np
import pytest

from anyedit.bench.statistics import difference_of, mean_of


def test_a_mean_leaves_out_what_was_not_measured() -> None:
    found = mean_of([1.0, None, 3.0])
    assert found.value == 2.0 and found.n == 2
    assert mean_of([None, None]).value is None and mean_of([]).n == 0


def test_the_interval_covers_the_true_mean_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(200):
        found = mean_of(list(rng.exponential(1.0, 60)))
        hits += found.low <= 1.0 <= found.high  # type: ignore[operator]
    assert 0.88 <= hits / 200 <= 0.98  # percentile bootstrap of 60 skewed values: a little under 0.95


def test_the_interval_has_the_width_of_theory() -> None:
    values = list(np.random.default_rng(1).normal(0, 1, 400))
    found = mean_of(values)
    width = found.high - found.low  # type: ignore[operator]
    assert width == pytest.approx(2 * 1.96 * np.std(values) / 20, rel=0.08)


def test_turns_of_one_session_are_not_independent() -> None:
    rng = np.random.default_rng(2)
    base = rng.normal(0, 1, 40)
    values = [float(b) for b in base for _ in range(5)]
    names = [str(i) for i in range(40) for _ in range(5)]
    alone, together = mean_of(values), mean_of(values, names)
    assert together.value == alone.value
    assert (together.high - together.low) > 1.8 * (alone.high - alone.low)  # type: ignore[operator]


def test_a_paired_difference_is_found_under_large_common_spread() -> None:
    rng = np.random.default_rng(3)
    hard = rng.normal(0, 5, 80)
    a, b = list(hard + 0.2 + rng.normal(0, 0.3, 80)), list(hard + rng.normal(0, 0.3, 80))
    found = difference_of(a, b)
    assert found.value == pytest.approx(0.2, abs=0.1) and found.p is not None and found.p < 0.01
    same = difference_of(list(hard), list(hard))
    assert same.value == 0 and same.p == 1.0


def test_a_difference_only_uses_items_of_both() -> None:
    found = difference_of([1.0, None, 5.0, 2.0], [0.0, 3.0, None, 0.0])
    assert found.n == 2 and found.value == 1.5


def test_the_same_scores_give_the_same_interval() -> None:
    values = [float(v) for v in np.random.default_rng(4).normal(size=30)]
    assert mean_of(values) == mean_of(values)
