"""Quota, not luck: which types each next source is asked to serve, from what has been accepted so far.

A build runs in rounds. A round's plan depends only on the recipe and on the counts after the round before, so
any number of workers draws the same.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyedit.recipe import PhotoSource, Recipe, digest
from anyedit.seeds import rng_of

VERSION = "3"  # of the steps; a change that alters bytes raises it
FIRST_YIELD = 0.8  # share of tries expected to be accepted, before anything is known


@dataclass(frozen=True)
class Draw:
    """One source to be prepared. types: what to try on it, in order. natural: False = against the bias.

    spare: tried in place of those of `types` that find nothing to do with it (photographs: nobody knows beforehand).
    """

    index: int
    types: tuple[str, ...]
    natural: bool = True
    spare: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """An accepted instruction that a later round shows to its language model."""

    edit_type: str
    caption: str
    instruction: str


@dataclass(frozen=True)
class Task:
    """A shard's work: a few draws through all five steps."""

    round: int
    number: int
    draws: tuple[Draw, ...]
    recipe_hash: str
    examples: tuple[Example, ...] = ()

    @property
    def name(self) -> str:
        """`r00-0003-<hash of all that makes it>`."""
        parts: list[Any] = [VERSION, self.recipe_hash, [[d.index, d.types, d.natural] for d in self.draws]]
        if any(d.spare for d in self.draws):
            parts.append([d.spare for d in self.draws])
        if self.examples:
            parts.append([[e.edit_type, e.caption, e.instruction] for e in self.examples])
        made_of = json.dumps(parts)
        return f"r{self.round:02d}-{self.number:04d}-{digest(made_of)}"


def steps_hash(recipe: Recipe) -> str:
    """Hash of the part of the recipe that a shard depends on: not how many pairs are wanted, nor how long to try.

    The types are in it: the later turns of a chain are drawn from them, and provenance states them.
    """
    return digest(
        recipe.model_dump_json(exclude={"name", "pairs", "effort", "shard", "edits_per_source", "placement"})
    )


def next_round(
    recipe: Recipe,
    quotas: Mapping[str, int],
    accepted: Mapping[str, int],
    tried: Mapping[str, int],
    number: int,
    first_index: int,
    examples: tuple[Example, ...] = (),
) -> list[Task]:
    """The tasks of the next round (examples: accepted before it, for the language model); empty when every type has its quota or has used up its effort."""
    wanted: dict[str, int] = {}
    for name, quota in quotas.items():
        missing = quota - accepted.get(name, 0)
        budget = math.ceil(quota * recipe.effort) - tried.get(name, 0)
        if missing <= 0 or budget <= 0:
            continue
        rate = max(accepted.get(name, 0) / tried[name], 0.1) if tried.get(name) else FIRST_YIELD
        wanted[name] = min(budget, math.ceil(missing / rate))
    draws = _draws(recipe, wanted, first_index)
    shards = [draws[at : at + recipe.shard] for at in range(0, len(draws), recipe.shard)]
    return [Task(number, k, tuple(shard), steps_hash(recipe), examples) for k, shard in enumerate(shards)]


def _draws(recipe: Recipe, wanted: dict[str, int], index: int) -> list[Draw]:
    """Deal the wanted tries out: each source gets the types that lack most, no type twice.

    What a photograph serves is known only when it is looked at, which costs more than asking further types; so those
    that were not dealt to it stand by. A language model is not asked in vain: its tries are what costs there.
    """
    left = Counter(wanted)
    stands_by = isinstance(recipe.source, PhotoSource) and recipe.instructions.writer == "grammar"
    draws = []
    while left:
        order = sorted(left, key=lambda name: (-left[name], list(wanted).index(name)))
        chosen = tuple(order[: recipe.edits_per_source])
        for name in chosen:
            left[name] -= 1
            if not left[name]:
                del left[name]
        counterfactual = getattr(recipe.source, "counterfactual", 0.0)
        natural = bool(rng_of(recipe.seed, index, "natural").random() >= counterfactual)
        spare = tuple(name for name in wanted if name not in chosen) if stands_by else ()
        draws.append(Draw(index, chosen, natural, spare))
        index += 1
    return draws
