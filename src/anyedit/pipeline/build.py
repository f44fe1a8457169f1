"""A build from recipe to dataset: rounds of shards until every type has its quota."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from anyedit.pipeline import shards
from anyedit.pipeline.asked import asked_engines, known_engines, known_gates, possible_types, served_types
from anyedit.pipeline.claim import clear_partial, locked, same_build
from anyedit.pipeline.decisions import FILE as DECISIONS
from anyedit.pipeline.decisions import adopt, refused_in
from anyedit.pipeline.executor import Executor, executor_for, files_of
from anyedit.pipeline.finish import finish
from anyedit.pipeline.ledger import Ledger
from anyedit.pipeline.place import Place
from anyedit.pipeline.plan import Example, next_round
from anyedit.pipeline.progress import Progress, Silent
from anyedit.pipeline.task import LEDGER
from anyedit.recipe import PairSource, PhotoSource, Recipe, load_recipe
from anyedit.store.dataset import SHARDS

FEW = 5


def build(
    recipe: str | Path | Mapping[str, Any] | Recipe,
    *,
    out: str | Path,
    limit: int | None = None,
    types: Sequence[str] | None = None,
    workers: int | None = None,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    executor: str = "local",
    address: str | None = None,
    decisions: str | Path | None = None,
) -> dict[str, Any]:
    """Build a dataset; the Python twin of `anyedit build`.

    out: a folder, or a URL of an object store (s3://...; the work is then done in a folder of the cache).
    limit: pairs in all, each type tried as often as the recipe grants, up to a few pairs' worth. types: only these, equally. workers: processes (default: the cores). seed, settings:
    put on top of the recipe ("source.width": 128). executor: "local" or "ray", with the `address` of a running
    cluster. decisions: what people decided (`anyedit decisions`): pairs that they rejected are left out and others
    drawn in their place; it stays with the folder. Returns the summary that is also `out/summary.json`.
    Errors: RecipeError before any work; StoreError when `out` cannot be used.
    """
    changes = dict(settings or {})
    if seed is not None:
        changes["seed"] = seed
    if types:
        changes["types"] = list(types)
    checked = load_recipe(recipe, changes)
    if limit is not None:
        checked = _limited(checked, limit)
    quotas = checked.quotas(served_types(checked))
    known_gates(checked)
    known_engines(checked)
    asked_engines(checked)
    place = Place.of(out)
    carrier = executor_for(executor, checked, place, workers or os.cpu_count() or 1, address)
    with locked(place.folder):
        place.pull([place.folder / "recipe.json"], again=True)
        same_build(place.folder, checked)
        place.push([place.folder / "recipe.json"])
        clear_partial(place.folder)
        (place.folder / SHARDS).unlink(missing_ok=True)  # it goes on: what is made from now on counts, too
        place.pull([place.folder / DECISIONS])
        refused = adopt(place.folder, decisions)
        place.push(path for path in [place.folder / DECISIONS] if path.exists())
        if isinstance(checked.source, PairSource):
            from anyedit.pipeline.existing import assess_existing

            summary = assess_existing(checked, place.folder, progress or Silent(), refused)
            place.push_folder(place.folder / "dataset", last="README.md")
            place.push(place.folder / name for name in (SHARDS, "ledger.json", "report.html", "summary.json"))
            return summary
        _survey(checked, place, workers or os.cpu_count() or 1)
        return _build(checked, quotas, place, carrier, progress or Silent(), refused)


def _limited(recipe: Recipe, limit: int) -> Recipe:
    """The recipe for `limit` pairs in all. A type of which one or two are wanted is tried as if FEW were (and no more
    than the recipe itself would): effort x 1 tries are soon used up by bad luck."""
    share = limit / len(recipe.weights(possible_types(recipe)))
    more = max(1.0, min(recipe.pairs / limit, FEW / share))
    return load_recipe(recipe, {"pairs": limit, "effort": recipe.effort * more})


def _survey(recipe: Recipe, place: Place, workers: int) -> None:
    """Look at all photographs once, where the recipe asks for what only that tells."""
    from anyedit.pipeline.survey import FILE, is_needed, survey

    if isinstance(recipe.source, PhotoSource) and is_needed(recipe.source):
        place.pull([place.folder / FILE])
        survey(recipe.source, place.folder, workers)
        place.push([place.folder / FILE])


def _build(
    recipe: Recipe,
    quotas: dict[str, int],
    place: Place,
    carrier: Executor,
    progress: Progress,
    refused: Mapping[str, str],
) -> dict[str, Any]:
    accepted: dict[str, int] = {}
    tried: dict[str, int] = {}
    names: list[str] = []
    index = number = 0
    out, seen = place.folder, Ledger()
    with carrier as executor, progress:
        while tasks := next_round(
            recipe, quotas, accepted, tried, number, index, _examples(place, recipe, names)
        ):
            for name in executor.run(tasks):
                place.pull([out / LEDGER / f"{name}-p1.json"])
                _count(out, name, accepted, tried, seen)
                if refused:
                    path = shards.shard_path(out, shards.STEPS[4], f"{name}-p1")
                    place.pull([path])
                    for edit_type, count in refused_in(path, refused).items():
                        accepted[edit_type] -= count
                progress.update(_reached(quotas, accepted), sum(quotas.values()), seen.steps(), number)
            names += [task.name for task in tasks]
            index += sum(len(task.draws) for task in tasks)
            number += 1
    place.pull(path for name in names for path in files_of(recipe, name, out))
    summary = finish(recipe, quotas, out, names, refused=refused)
    place.push_folder(out / "dataset", last="README.md")
    place.push(out / name for name in (SHARDS, "ledger.json", "report.html", "summary.json"))
    return summary


def _examples(place: Place, recipe: Recipe, names: Sequence[str]) -> tuple[Example, ...]:
    """What the rounds before have accepted, for the language model; none when it is not asked to learn from them."""
    if recipe.instructions.writer != "llm" or not recipe.instructions.enhance:
        return ()
    from anyedit.pipeline.writer import examples_of

    rows = []
    for name in names:
        path = shards.shard_path(place.folder, shards.STEPS[4], f"{name}-p1")
        place.pull([path])
        rows += shards.read_table(path, ["edit_type", "source_caption", "instruction"]).to_pylist()
    return examples_of(rows)


def _count(out: Path, name: str, accepted: dict[str, int], tried: dict[str, int], seen: Ledger) -> None:
    """Add a finished shard's first-pass counts."""
    counts = Ledger.read(out / LEDGER / f"{name}-p1.json")
    seen.merge(counts)
    for edit_type, of in counts.items():
        accepted[edit_type] = accepted.get(edit_type, 0) + of["left"].get("assess", 0)
        tries = of["entered"].get("instruct", 0) + of["entered"].get("prepare", 0)
        tried[edit_type] = tried.get(edit_type, 0) + tries


def _reached(quotas: Mapping[str, int], accepted: Mapping[str, int]) -> int:
    return sum(min(quota, accepted.get(name, 0)) for name, quota in quotas.items())
