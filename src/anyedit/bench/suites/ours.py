"""Any dataset in our schema as a suite: a build's test split is a benchmark, exact where it is of the world."""

from __future__ import annotations

import json
from pathlib import Path

from anyedit.bench.items import BenchError, Item, Suite
from anyedit.bench.suites.tables import columns_of, rows, split_files
from anyedit.errors import StoreError, nearest
from anyedit.store.dataset import dataset_folder
from anyedit.store.schema import COLUMNS, IMAGES


def recognises(folder: Path) -> bool:
    """A folder (or build) whose Parquet files have our columns."""
    try:
        return set(COLUMNS) <= columns_of(dataset_folder(folder))
    except StoreError:
        return False


def load(folder: Path, split: str = "", name: str = "") -> Suite:
    """The split's pairs: `test` where the dataset has one, else all of it."""
    place = dataset_folder(folder)
    files = split_files(place)
    if not split:
        split = "test" if "test" in files else "all"
    if split != "all" and split not in files:
        raise BenchError(f"{place} has no split '{split}'{nearest(split, (*files, 'all'))}")
    chosen = [file for key, group in files.items() if split in ("all", key) for file in group]
    items: list[Item] = []
    licences: dict[str, int] = {}
    for row in rows(chosen, IMAGES):
        told = row.values
        licences[told["licence"] or "unknown"] = licences.get(told["licence"] or "unknown", 0) + 1
        source = row.picture("source")
        if source is None:
            raise StoreError(f"{row.file}: pair {told['id']} has no source picture")
        items.append(
            Item(
                id=told["id"],
                instruction=told["instruction"],
                source=source,
                target=row.picture("edited"),
                source_caption=told["source_caption"] or "",
                caption=told["edited_caption"] or "",
                mask=row.picture("mask"),
                visual_prompt=row.picture("visual_prompt"),
                edit_type=told["edit_type"],
                group=told["group"],
                session=told["chain_id"] or told["id"],
                turn=told["turn"] or 1,
                subsets=("natural" if told["natural"] else "counterfactual",),
                world=_world(told),
            )
        )
    return Suite(
        name=name or (folder.parent.name if folder.name == "dataset" else folder.resolve().name),
        items=tuple(items),
        licence=", ".join(sorted(licences)),
        where=str(folder),
        split=split,
    )


def _world(told: dict[str, object]) -> str | None:
    made_of = json.loads(str(told["provenance"] or "{}"))
    if not made_of.get("source_scene"):
        return None
    source = made_of["recipe"]["source"]
    facts = {
        "edit_type": told["edit_type"],
        "params": told["params"],
        "edited_object": told["edited_object"],
        "source_scene": made_of["source_scene"],
        "edited_scene": made_of.get("edited_scene"),  # null: a style change's result is no scene any more
        "render": {key: source[key] for key in ("width", "height", "samples", "depth", "variant")},
        "turn": told["turn"] or 1,
    }
    return json.dumps(facts, sort_keys=True)
