"""The finished shards joined: dataset, card, ledger, summary, report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from anyedit.edits import edit_types
from anyedit.errors import StoreError
from anyedit.pipeline import shards
from anyedit.pipeline.asked import not_applied
from anyedit.pipeline.claim import write_whole
from anyedit.pipeline.decisions import REVIEW, RULE, put_aside, with_descendants
from anyedit.pipeline.ledger import Ledger
from anyedit.pipeline.task import LEDGER, passes, selected, versions
from anyedit.recipe import PhotoSource, Recipe, WorldSource
from anyedit.store.card import BIAS_PLOT, bias_plot, card
from anyedit.store.dataset import SHARDS, write_dataset
from anyedit.store.report import write_report

FACTS = ["id", "edit_type", "made_from", "split"]
STEPS_IN_ORDER = ("prepare", "instruct", "prefilter", "edit", "assess")


def finish(
    recipe: Recipe,
    quotas: dict[str, int],
    out: Path,
    names: Sequence[str],
    *,
    every: bool = False,
    refused: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Join the finished shards into dataset, card, ledger and report. every: hold all accepted, whatever the quotas.

    refused: pairs that people rejected, with why; what was made from them is not held either.
    """
    files = [
        shards.shard_path(out, shards.STEPS[4], f"{name}-p{number}")
        for name in names
        for number in range(1, passes(recipe) + 1)
    ]
    found = [row for path in files for row in shards.read_table(path, FACTS).to_pylist()]
    refused = with_descendants(refused, found) if refused else {}
    rows = [row for row in found if row["id"] not in refused]
    facts = {row["id"]: (row["edit_type"], row["split"]) for row in rows}
    held = [row["id"] for row in rows] if every else selected(rows, quotas)
    ledger = Ledger()
    for name in names:
        for number in range(1, passes(recipe) + 1):
            ledger.merge(Ledger.read(out / LEDGER / f"{name}-p{number}.json"))
    reviewed = put_aside(out, files, refused)
    for edit_type, count in reviewed.items():
        for _ in range(count):
            ledger.dropped(edit_type, REVIEW, RULE)
    summary = _summary(recipe, quotas, ledger, [facts[key] for key in held], len(rows) - len(held))
    unmet = not_applied(recipe, (name for name in summary["types"] if name in edit_types()))
    if unmet:
        summary["not_applied"] = unmet
    if refused:
        summary["reviewed"] = {"rejected": sum(reviewed.values())}
    summary["bias"] = _bias(out, names, recipe)
    plot = bias_plot(summary["bias"])
    pictures = {BIAS_PLOT: plot} if plot else {}
    write_dataset(out, files, set(held), lambda contents: card({**summary, **contents}), pictures)
    ledger.write(out / "ledger.json")
    try:
        write_whole(out / SHARDS, json.dumps([path.stem for path in files], indent=1))
        write_report(out, summary)
        write_whole(out / "summary.json", json.dumps(summary, indent=1, sort_keys=True))
    except OSError as error:
        raise StoreError(
            f"cannot write into {out}: {error.strerror or error}; free some space and run again"
        ) from error
    return summary


def _summary(
    recipe: Recipe, quotas: dict[str, int], ledger: Ledger, held: list[tuple[str, str]], surplus: int
) -> dict[str, Any]:
    accepted: dict[str, int] = {}
    splits: dict[str, int] = {}
    for edit_type, split in held:
        accepted[edit_type] = accepted.get(edit_type, 0) + 1
        splits[split] = splits.get(split, 0) + 1
    types = json.loads(json.dumps(ledger.types))
    for name, of in types.items():
        seconds = sum(of["seconds"].values())
        for counts in ("entered", "left"):
            of[counts] = {step: of[counts][step] for step in STEPS_IN_ORDER if step in of[counts]}
        of["seconds_per_accepted"] = round(seconds / accepted[name], 3) if accepted.get(name) else None
    return {
        "name": recipe.name,
        "recipe": recipe.model_dump(mode="json", exclude={"placement"}),  # where engines run changes no byte
        "recipe_hash": recipe.hash,
        "seed": recipe.seed,
        "total": len(held),
        "quotas": quotas,
        "accepted": accepted,
        "short": {
            name: quota - accepted.get(name, 0)
            for name, quota in quotas.items()
            if accepted.get(name, 0) < quota
        },
        "surplus": surplus,
        "splits": splits,
        "types": types,
        "versions": versions(),
    }


def _bias(out: Path, names: Sequence[str], recipe: Recipe) -> dict[str, Any]:
    """Concept bias of the natural draws and of all draws (the world's, and photographs' with imagined scenes)."""
    if isinstance(recipe.source, PhotoSource):
        if not recipe.source.counterfactual:
            return {}
        from anyedit.pipeline.imagine import bias_of

        columns = ["caption", "natural"]
        tables = (
            shards.read_table(shards.shard_path(out, shards.STEPS[0], f"{name}-p1"), columns)
            for name in names
        )
        return bias_of(recipe.source, (row for table in tables for row in table.to_pylist()))
    if not isinstance(recipe.source, WorldSource):
        return {}
    from anyedit.world.concepts import Statistics, bias_report
    from anyedit.world.scene import Scene

    natural, every = Statistics(), Statistics()
    for name in names:
        table = shards.read_table(shards.shard_path(out, shards.STEPS[0], f"{name}-p1"), ["scene", "natural"])
        for row in table.to_pylist():
            scene = Scene.model_validate_json(row["scene"])
            every.add(scene)
            if row["natural"]:
                natural.add(scene)
    return bias_report(natural, every)
