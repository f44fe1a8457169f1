"""Assess pairs that are there already: a dataset's rows go through the gates as if they had just been made.

Nothing of a pair is changed but its scores; what fails lies in `rejected/` with its reason, its scores and pictures.
Groups of rows are shards: a group that is finished is not judged again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from anyedit.edits import Case
from anyedit.edits.base import type_of
from anyedit.edits.instructed import InstructedParams, changed_place
from anyedit.edits.judged import judged_together
from anyedit.errors import EngineDown, RecipeError
from anyedit.pipeline import shards
from anyedit.pipeline.instruct import place
from anyedit.pipeline.judge import failed, judge
from anyedit.pipeline.ledger import Ledger
from anyedit.pipeline.plan import Draw, Task, steps_hash
from anyedit.pipeline.progress import Progress
from anyedit.pipeline.task import LEDGER, shard_schema
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.recipe import PairSource, Recipe, digest
from anyedit.records import Edit, Instruction, Rejected, Source, Verdict, pixels_of, png
from anyedit.store.dataset import dataset_files, iter_rows
from anyedit.store.schema import COLUMNS

Row = dict[str, Any]


def assess_existing(
    recipe: Recipe, out: Path, progress: Progress, refused: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Judge the dataset that the recipe's source names, in order, until `pairs` are accepted; the build's summary."""
    from anyedit.pipeline.finish import finish

    assert isinstance(recipe.source, PairSource)
    folder = Path(recipe.source.path)
    files = dataset_files(folder)
    print_of = digest(json.dumps([[file.name, file.stat().st_size] for file in files]))
    names: list[str] = []
    accepted = judged = 0
    with progress:
        for number, rows in enumerate(_groups(recipe, folder)):
            task = Task(0, number, (Draw(number, (print_of,)),), steps_hash(recipe))
            name = f"{task.name}-p1"
            where = shards.shard_path(out, shards.STEPS[4], name)
            if not where.exists():
                _group(recipe, task, out, name, rows)
            names.append(task.name)
            accepted += shards.read_table(where, ["id"]).num_rows
            judged += len(rows)
            progress.update(min(accepted, recipe.pairs), recipe.pairs, judged, 0)
            if accepted >= recipe.pairs:
                break
    if not names:
        raise RecipeError(f"source.path: the dataset in {folder} has no pair of the types that are asked for")
    held: dict[str, int] = {}
    for name in names:
        for edit_type, of in Ledger.read(out / LEDGER / f"{name}-p1.json").items():
            held[edit_type] = held.get(edit_type, 0) + of["left"].get("assess", 0)
    return finish(recipe, held, out, names, every=True, refused=refused)


def _groups(recipe: Recipe, folder: Path) -> Iterator[list[Row]]:
    """The dataset's rows of the asked types, `shard` x 4 at a time."""
    size, group = 4 * recipe.shard, []
    for row in iter_rows(folder):
        if not recipe.types or row["edit_type"] in recipe.types:
            group.append(row)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _group(recipe: Recipe, task: Task, out: Path, name: str, rows: Sequence[Row]) -> None:
    room = Workroom(recipe, task)
    entries = [_entry(row) for row in rows]
    cases: list[Case | Verdict] = []
    for source, instruction, edit in entries:
        room.ledger.entered(instruction.edit_type, "instruct")
        room.ledger.entered(instruction.edit_type, "assess")
        try:
            cases.append(room.case(source, instruction, room.outcome(edit)))
        except Exception as error:  # a row that cannot be read: quarantined, with the place
            cases.append(fault("error", place(error)))
    with room.used(entries[0][1].edit_type, room.tools):
        if "judge" in recipe.presets:
            judged_together([case for case in cases if isinstance(case, Case)])
        kept = [
            judged
            for row, entry, case in zip(rows, entries, cases, strict=True)
            if (judged := _judged(room, row, entry, case)) is not None
        ]
    shards.write_rows(shards.shard_path(out, shards.STEPS[0], name), [entry[0] for entry in entries], Source)
    shards.write_rows(
        shards.shard_path(out, shards.STEPS[1], name), [entry[1] for entry in entries], Instruction
    )
    shards.write_rows(out / shards.REJECTED / f"{name}.parquet", room.rejected, Rejected)
    room.ledger.write(out / LEDGER / f"{name}.json")
    shards.write_rows(shards.shard_path(out, shards.STEPS[4], name), kept, shard_schema())


def _judged(
    room: Workroom, row: Row, entry: tuple[Source, Instruction, Edit], case: Case | Verdict
) -> Row | None:
    """The row with its new scores when it passes all gates."""
    source, instruction, edit = entry
    name = instruction.edit_type
    verdicts = [case] if isinstance(case, Verdict) else []
    if isinstance(case, Case):
        with room.ledger.spent(name, "gates"):
            try:
                rules = (*room.checks(case.kind), *room.gates(case.kind))
                verdicts = judge(room, rules, case)
            except EngineDown:
                raise
            except Exception as error:  # the pictures cannot be compared: quarantined, with the place
                verdicts = [fault("error", place(error))]
    found = failed(verdicts)
    if found is not None:
        room.reject(source, instruction, "assess", found, edit.image, verdicts)
        return None
    room.ledger.left(name, "instruct")
    room.ledger.left(name, "assess")
    scores = [
        {"name": v.rule, "value": v.value, "low": v.low, "high": v.high, "passed": v.passed, "note": v.note}
        for v in verdicts
    ]
    made_of = json.loads(row["provenance"] or "{}")
    made_of["assessed"] = {"recipe_hash": room.task.recipe_hash, "engines": list(room.tools.versions())}
    kept = {column: row[column] for column in COLUMNS}
    return {
        **kept,
        "scores": scores,
        "provenance": json.dumps(made_of, sort_keys=True),
        "split": row["split"],
    }


def _entry(row: Row) -> tuple[Source, Instruction, Edit]:
    """A dataset row as the records that the gates look at."""
    key, picture, edited = row["id"], row["source"]["bytes"], row["edited"]["bytes"]
    source = Source(
        id=row["source_id"] or key,
        image=picture,
        caption=row["source_caption"] or "",
        origin=row["origin"] or "",
        licence=row["licence"] or "unknown",
        split=row["split"],
        turn=row["turn"] or 1,
        chain=row["chain_id"] or "",
    )
    params = InstructedParams(instruction=row["instruction"], object=row["edited_object"] or "")
    instruction = Instruction(
        id=key,
        source=source.id,
        edit_type=row["edit_type"],
        params=params.model_dump_json(),
        text=row["instruction"],
        edited_caption=row["edited_caption"] or "",
        edited_object=row["edited_object"] or "",
        phrasings=tuple(row["phrasings"] or ()),
        writer="given",
        relation=row["relation"] or "original",
    )
    return source, instruction, Edit(key, edited, _mask(row), None, None, None, ("given",))


def _mask(row: Row) -> bytes:
    """The row's mask, or where its pictures differ; everything for what changes as a whole."""
    if row["mask"] is not None and row["mask"]["bytes"]:
        return bytes(row["mask"]["bytes"])
    try:
        before, after = (pixels_of(row[name]["bytes"]) for name in ("source", "edited"))
    except ValueError:
        return png(np.zeros((1, 1), bool))  # the case will say what is wrong with the picture
    if type_of(row["edit_type"]).group not in ("local", "implicit"):
        return png(np.ones(before.shape[:2], bool))
    return png(changed_place(before, after))
