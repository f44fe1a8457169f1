"""Make one pair again from its provenance alone, and compare the bytes."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyedit.errors import RecipeError, StoreError
from anyedit.pipeline import shards
from anyedit.pipeline.local import LocalExecutor
from anyedit.pipeline.plan import Draw, Example, Task
from anyedit.pipeline.task import passes
from anyedit.recipe import Recipe
from anyedit.store.dataset import iter_rows

COMPARED = (
    "source",
    "edited",
    "mask",
    "influence",
    "visual_prompt",
    "instruction",
    "params",
    "edited_caption",
)


@dataclass(frozen=True)
class Reproduction:
    """differing: columns whose values are not the same; empty when the pair is the same to the byte."""

    id: str
    row: dict[str, Any]
    differing: tuple[str, ...]


def reproduce(folder: str | Path, item: str, *, out: str | Path | None = None) -> Reproduction:
    """Make a pair of a dataset again. With `out`, the pictures made are written there as PNG files.

    Errors: RecipeError when the dataset has no such pair, StoreError when the pair cannot be made any more.
    """
    kept = next((row for row in iter_rows(Path(folder)) if row["id"] == item), None)
    if kept is None:
        raise RecipeError(
            f"the dataset in {folder} has no pair '{item}'; `anyedit why {folder} {item}` tells what became of it"
        )
    made_of = json.loads(kept["provenance"])
    recipe = Recipe.model_validate({"name": "reproduce", **made_of["recipe"]})
    drawn = made_of["draw"]
    draw = Draw(drawn["index"], tuple(drawn["types"]), drawn["natural"], tuple(drawn.get("spare", ())))
    examples = tuple(Example(*seen) for seen in made_of.get("examples", ()))
    # Where items shared batches, they do so again.
    draws = [
        Draw(i, tuple(types), natural, tuple(spare)) for i, types, natural, spare in made_of.get("shard", ())
    ]
    task = Task(0, 0, tuple(draws) or (draw,), made_of["recipe_hash"], examples)
    with tempfile.TemporaryDirectory() as scratch, LocalExecutor(recipe, Path(scratch), 1) as executor:
        list(executor.run([task]))
        rows = [
            row
            for number in range(1, passes(recipe) + 1)
            for row in shards.read_table(
                shards.shard_path(Path(scratch), shards.STEPS[4], f"{task.name}-p{number}")
            ).to_pylist()
        ]
    again = next((row for row in rows if row["id"] == item), None)
    if again is None:
        raise StoreError(f"{item} could not be made again here; versions then: {made_of['versions']}")
    if out is not None:
        target = Path(out)
        target.mkdir(parents=True, exist_ok=True)
        for name in COMPARED[:5]:
            if again[name] is not None:
                (target / f"{name}.png").write_bytes(again[name]["bytes"])
    differing = tuple(name for name in COMPARED if _value(kept[name]) != _value(again[name]))
    return Reproduction(item, again, differing)


def _value(cell: Any) -> Any:
    return cell["bytes"] if isinstance(cell, dict) else cell
