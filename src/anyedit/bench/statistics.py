"""Means with bootstrap intervals, and paired comparison of two editors on the items that both have.

Percentile bootstrap (Efron and Tibshirani 1993), 2,000 resamples from a seeded stream: the same scores give the
same interval. Items of one session (turns on one picture) are not independent, so sessions are resampled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anyedit.seeds import rng_of

RESAMPLES = 2000


@dataclass(frozen=True)
class Mean:
    """A mean with its 95% interval; n: the items in it. `value` None when there are none."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Difference:
    """A - B on the items of both: mean, 95% interval, two-sided bootstrap p, and how many items there were."""

    value: float | None
    low: float | None
    high: float | None
    p: float | None
    n: int


def mean_of(values: Sequence[float | None], clusters: Sequence[str] | None = None) -> Mean:
    """The mean of the values that are there. clusters: what belongs together (default: every item its own)."""
    keep = [i for i, value in enumerate(values) if value is not None]
    if not keep:
        return Mean(None, None, None, 0)
    taken = np.array([values[i] for i in keep], np.float64)
    names = [str(i) if clusters is None else clusters[i] for i in keep]
    if len(set(names)) == 1:
        return Mean(float(taken.mean()), None, None, len(keep))
    drawn = _resampled(taken, names)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Mean(float(taken.mean()), float(low), float(high), len(keep))


def difference_of(
    a: Sequence[float | None], b: Sequence[float | None], clusters: Sequence[str] | None = None
) -> Difference:
    """The paired difference of two editors' values on the same items, in the same order."""
    keep = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x is not None and y is not None]
    if not keep:
        return Difference(None, None, None, None, 0)
    step = np.array([a[i] for i in keep], np.float64) - np.array([b[i] for i in keep], np.float64)
    names = [str(i) if clusters is None else clusters[i] for i in keep]
    if len(set(names)) == 1:
        return Difference(float(step.mean()), None, None, None, len(keep))
    drawn = _resampled(step, names)
    low, high = np.quantile(drawn, [0.025, 0.975])
    # twice the smaller tail, with the +1 of a Monte Carlo test so that p is never 0
    tail = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    p = min(1.0, 2 * (tail + 1) / (RESAMPLES + 1))
    return Difference(float(step.mean()), float(low), float(high), p, len(keep))


def _resampled(values: npt.NDArray[np.float64], names: Sequence[str]) -> npt.NDArray[np.float64]:
    """(RESAMPLES,) means of resamples of whole clusters."""
    order = {name: index for index, name in enumerate(dict.fromkeys(names))}
    of = np.array([order[name] for name in names])
    sums = np.bincount(of, weights=values, minlength=len(order))
    sizes = np.bincount(of, minlength=len(order)).astype(np.float64)
    rng = rng_of("bench", "bootstrap", len(values), len(order))
    drawn = np.empty(RESAMPLES)
    for start in range(
        0, RESAMPLES, 100
    ):  # rows at a time: 1,250 items x 2,000 resamples need not be in memory
        index = rng.integers(len(order), size=(100, len(order)))
        drawn[start : start + 100] = sums[index].sum(1) / sizes[index].sum(1)
    return drawn
