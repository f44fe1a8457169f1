"""Strengths of editors from votes between two of them: Bradley and Terry (1952), with bootstrap intervals.

P(i beats j) = 1 / (1 + exp(s_j - s_i)). A tie, and "both are bad", count as half a win for each. A weak normal prior
(standard deviation PRIOR) keeps strengths finite where one has won every vote. Intervals hold both doubts: which items
were asked (items are resampled as a whole, since votes on one are not independent), and how few votes there are (the
normal approximation of the posterior, without which one who has won every vote would have an interval of no width).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anyedit.seeds import rng_of

PRIOR = 3.0
RESAMPLES = 400
STEPS = 40
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Vote:
    """What one voter said of one item. choice: left, right, tie or bad."""

    voter: str
    item: str
    edit_type: str
    left: str
    right: str
    choice: str


@dataclass(frozen=True)
class Strength:
    """strength: log-odds against an editor of mean strength, with its 95% interval. wins: votes won, ties half."""

    name: str
    strength: float
    low: float
    high: float
    wins: float
    votes: int


@dataclass(frozen=True)
class Steadiness:
    """left_share: of the decided votes that went to the left one, None without any. twice: questions that a voter
    answered in both positions; same: how many of these got the same answer."""

    cast: int
    left_share: float | None
    twice: int
    same: int


def rank(votes: Sequence[Vote], names: Sequence[str]) -> list[Strength]:
    """The strongest first; those without a vote are left out."""
    there = sorted({name for vote in votes for name in (vote.left, vote.right)} & set(names))
    if len(there) < 2:
        return []
    at = {name: k for k, name in enumerate(there)}
    items = {item: k for k, item in enumerate(dict.fromkeys(vote.item for vote in votes))}
    wins = np.zeros((len(items), len(there), len(there)))
    for vote in votes:
        left, right, item = at[vote.left], at[vote.right], items[vote.item]
        share = {"left": 1.0, "right": 0.0}.get(vote.choice, 0.5)
        wins[item, left, right] += share
        wins[item, right, left] += 1 - share
    total = wins.sum(0)
    best = strengths(total[None])[0]
    rng = rng_of("studio", "bradley-terry", len(items), len(votes))
    drawn = rng.multinomial(len(items), np.full(len(items), 1 / len(items)), RESAMPLES).astype(np.float64)
    low, high = np.quantile(strengths(np.tensordot(drawn, wins, 1)), [0.025, 0.975], axis=0)
    wide = 1.96 * deviations(total, best)
    low, high = np.minimum(low, best - wide), np.maximum(high, best + wide)
    found = [
        Strength(
            name,
            float(best[k]),
            float(low[k]),
            float(high[k]),
            float(total[k].sum()),
            sum(name in (vote.left, vote.right) for vote in votes),
        )
        for name, k in at.items()
    ]
    return sorted(found, key=lambda one: -one.strength)


def strengths(wins: Floats) -> Floats:
    """(B, n) strengths of mean 0 from (B, n, n) wins of row over column: Newton's method on the log-posterior."""
    count = wins.shape[-1]
    found = np.zeros(wins.shape[:2])
    games = wins + wins.transpose(0, 2, 1)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(np.clip(found[:, None, :] - found[:, :, None], -60, 60)))
        slope = (wins - games * chance).sum(2) - found / PRIOR**2
        spread = games * chance * (1 - chance)
        curve = -spread
        curve[:, range(count), range(count)] += spread.sum(2) + 1 / PRIOR**2
        step = np.linalg.solve(curve, slope[..., None])[..., 0]
        found += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return np.asarray(found - found.mean(1, keepdims=True))


def deviations(wins: Floats, at: Floats) -> Floats:
    """(n,) standard deviations of strengths of mean 0, from the curvature of the log-posterior at its summit."""
    count = len(at)
    chance = 1 / (1 + np.exp(np.clip(at[None, :] - at[:, None], -60, 60)))
    spread = (wins + wins.T) * chance * (1 - chance)
    curve = np.diag(spread.sum(1) + 1 / PRIOR**2) - spread
    centred = np.eye(count) - 1 / count
    return np.asarray(np.sqrt(np.diag(centred @ np.linalg.inv(curve) @ centred)))


def steadiness(votes: Sequence[Vote]) -> Steadiness:
    """How much position decided."""
    decided = [vote for vote in votes if vote.choice in ("left", "right")]
    said: dict[tuple[str, str, frozenset[str]], list[str]] = {}
    for vote in votes:
        winner = {"left": vote.left, "right": vote.right}.get(vote.choice, vote.choice)
        said.setdefault((vote.voter, vote.item, frozenset((vote.left, vote.right))), []).append(winner)
    twice = [answers for answers in said.values() if len(answers) == 2]
    left = sum(vote.choice == "left" for vote in decided)
    return Steadiness(
        len(votes),
        left / len(decided) if decided else None,
        len(twice),
        sum(answers[0] == answers[1] for answers in twice),
    )
