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
import pyarrow.parquet as pq

from anyedit.edits import Case, Outcome
from anyedit.edits.base import Mask, type_of
from anyedit.edits.instructed import InstructedParams, changed_place
from anyedit.edits.judged import judged_together
from anyedit.errors import EngineDown, RecipeError, SourceError
from anyedit.pipeline import shards
from anyedit.pipeline.decisions import refused_in, with_descendants
from anyedit.pipeline.instruct import place
from anyedit.pipeline.judge import failed, judge
from anyedit.pipeline.plan import Draw, Task, steps_hash
from anyedit.pipeline.progress import Progress
from anyedit.pipeline.task import LEDGER, shard_schema
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.recipe import PairSource, Recipe, digest
from anyedit.records import Instruction, Pixels, Rejected, Source, Verdict, pixels_of
from anyedit.store.dataset import dataset_files, iter_rows
from anyedit.store.schema import COLUMNS

Row = dict[str, Any]


def assess_existing(
    recipe: Recipe, out: Path, progress: Progress, refused: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Judge the dataset that the recipe's source names, in order, until `pairs` are held; the build's summary.

    refused: pairs that people rejected, with why; they and what was made from them are not held.
    """
    from anyedit.pipeline.finish import finish

    assert isinstance(recipe.source, PairSource)
    folder = Path(recipe.source.path)
    files = dataset_files(folder)
    print_of = digest(json.dumps([[file.name, file.stat().st_size] for file in files]))
    if refused:
        refused = with_descendants(refused, iter_rows(folder, ["id", "made_from"]))
    names: list[str] = []
    wanted = min(recipe.pairs, sum(pq.read_metadata(file).num_rows for file in files))
    held = judged = passed = 0
    with progress:
        for number, rows in enumerate(_groups(recipe, folder)):
            task = Task(0, number, (Draw(number, (print_of,)),), steps_hash(recipe))
            name = f"{task.name}-p1"
            where = shards.shard_path(out, shards.STEPS[4], name)
            if not where.exists():
                _group(recipe, task, out, name, rows)
            names.append(task.name)
            here = shards.read_table(where, ["id"]).num_rows
            passed += here
            held += here - refused_in(where, refused or {}).total()
            judged += len(rows)
            progress.update(min(held, wanted), wanted, {"assess": (judged, passed)}, 0)
            if held >= recipe.pairs:
                break
    if not names:
        raise RecipeError(f"source.path: the dataset in {folder} has no pair of the types that are asked for")
    return finish(recipe, {}, out, names, every=True, refused=refused)


def _groups(recipe: Recipe, folder: Path) -> Iterator[list[Row]]:
    """The dataset's rows of the asked types, `shard` x 4 at a time; a row without an id of its own is named by its place."""
    size, group = 4 * recipe.shard, []
    seen: set[int] = set()
    for number, row in enumerate(iter_rows(folder)):
        row["id"] = row["id"] or f"row-{number}"
        if hash(row["id"]) in seen:  # two builds joined: each pair needs a name of its own
            row["id"] = f"{row['id']}~row-{number}"
        seen.add(hash(row["id"]))
        if not recipe.types or row["edit_type"] in recipe.types:
            group.append(row)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _group(recipe: Recipe, task: Task, out: Path, name: str, rows: Sequence[Row]) -> None:
    room = Workroom(recipe, task)
    told = [_told(row) for row in rows]
    cases: list[Case | Verdict] = []
    for row, (source, instruction) in zip(rows, told, strict=True):
        room.ledger.entered(instruction.edit_type, "instruct")
        room.ledger.entered(instruction.edit_type, "assess")
        try:
            _provenance(row)
            cases.append(room.case(source, instruction, _outcome(row)))
        except Exception as error:  # a row that cannot be read: quarantined, with the place
            cases.append(fault("error", place(error)))
    readable = [case for case in cases if isinstance(case, Case)]
    if "judge" in recipe.presets and readable:
        with room.used([case.kind.name for case in readable], room.tools):
            judged_together(readable)
    kept = [
        judged
        for row, (source, instruction), case in zip(rows, told, cases, strict=True)
        if (judged := _judged(room, row, source, instruction, case)) is not None
    ]
    shards.write_rows(shards.shard_path(out, shards.STEPS[0], name), [of[0] for of in told], Source)
    shards.write_rows(shards.shard_path(out, shards.STEPS[1], name), [of[1] for of in told], Instruction)
    shards.write_rows(out / shards.REJECTED / f"{name}.parquet", room.rejected, Rejected)
    room.ledger.write(out / LEDGER / f"{name}.json")
    shards.write_rows(shards.shard_path(out, shards.STEPS[4], name), kept, shard_schema())


def _judged(
    room: Workroom, row: Row, source: Source, instruction: Instruction, case: Case | Verdict
) -> Row | None:
    """The row with its new scores when it passes all gates."""
    name = instruction.edit_type
    verdicts = [case] if isinstance(case, Verdict) else []
    if isinstance(case, Case):
        with room.ledger.spent(name, "gates"), room.used([name], room.tools):
            try:
                rules = (*room.checks(case.kind), *room.gates(case.kind))
                verdicts = judge(room, rules, case)
            except EngineDown:
                raise
            except Exception as error:  # the pictures cannot be compared: quarantined, with the place
                verdicts = [fault("error", place(error))]
    found = failed(verdicts)
    if found is not None:
        room.reject(source, instruction, "assess", found, _bytes(row, "edited") or None, verdicts)
        return None
    room.ledger.left(name, "instruct")
    room.ledger.left(name, "assess")
    scores = [
        {"name": v.rule, "value": v.value, "low": v.low, "high": v.high, "passed": v.passed, "note": v.note}
        for v in verdicts
    ]
    made_of = _provenance(row)
    made_of["assessed"] = {"recipe_hash": room.task.recipe_hash, "engines": list(room.tools.versions())}
    kept = {column: row[column] for column in COLUMNS}
    return {
        **kept,
        "scores": scores,
        "provenance": json.dumps(made_of, sort_keys=True),
        "split": row["split"],
    }


def _told(row: Row) -> tuple[Source, Instruction]:
    """What a dataset row says, as the records that the rules look at; what it lacks is left empty."""
    key, text = row["id"], row["instruction"] or ""
    source = Source(
        id=row["source_id"] or key,
        image=_bytes(row, "source"),
        caption=row["source_caption"] or "",
        origin=row["origin"] or "",
        licence=row["licence"] or "unknown",
        split=row["split"],
        turn=row["turn"] or 1,
        chain=row["chain_id"] or "",
    )
    instruction = Instruction(
        id=key,
        source=source.id,
        edit_type=row["edit_type"] or "unknown",
        params=InstructedParams(instruction=text, object=row["edited_object"] or "").model_dump_json(),
        text=text,
        edited_caption=row["edited_caption"] or "",
        edited_object=row["edited_object"] or "",
        phrasings=tuple(row["phrasings"] or ()),
        writer="given",
        relation=row["relation"] or "original",
        made_from=tuple(row["made_from"] or ()),
    )
    return source, instruction


def _provenance(row: Row) -> dict[str, Any]:
    """What the row says of how it was made. Raises SourceError when that is no JSON object."""
    try:
        told = json.loads(row["provenance"] or "{}")
    except ValueError as error:
        raise SourceError(f"the row's provenance is not JSON ({error})") from None
    if not isinstance(told, dict):
        raise SourceError("the row's provenance is no JSON object")
    return told


def _outcome(row: Row) -> Outcome:
    """The row's edited picture, its mask and, where the dataset has it, its influence. Raises SourceError."""
    for name in ("source", "edited"):
        if not _bytes(row, name):
            raise SourceError(f"the row has no {name} picture")
    before, after = (pixels_of(_bytes(row, name)) for name in ("source", "edited"))
    influence = _gray(row, "influence")
    return Outcome(after, _mask(row, before, after), influence=influence, engines=("given",))


def _mask(row: Row, before: Pixels, after: Pixels) -> Mask:
    """The row's mask, or where its pictures differ; everything for what changes as a whole."""
    given = _gray(row, "mask")
    if given is not None:
        return given > 127
    if type_of(row["edit_type"]).group not in ("local", "implicit"):
        return np.ones(before.shape[:2], bool)
    return changed_place(before, after)


def _gray(row: Row, name: str) -> Pixels | None:
    """uint8 (H, W) of a cell; None when it is empty."""
    data = _bytes(row, name)
    if not data:
        return None
    found = pixels_of(data)
    return found if found.ndim == 2 else np.asarray(found.max(-1), np.uint8)


def _bytes(row: Row, name: str) -> bytes:
    """A picture cell's bytes; b"" when it is empty."""
    return bytes((row[name] or {}).get("bytes") or b"")
