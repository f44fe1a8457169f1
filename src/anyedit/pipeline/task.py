"""One shard through the five steps, pass by pass. A step whose shard exists is read, not made again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from anyedit.edits import type_of
from anyedit.edits.given import Given
from anyedit.pipeline import shards
from anyedit.pipeline.derive import Derived, derive
from anyedit.pipeline.edit import edit
from anyedit.pipeline.freed import give_back
from anyedit.pipeline.instruct import instruct
from anyedit.pipeline.judge import assess, prefilter
from anyedit.pipeline.plan import Draw, Task
from anyedit.pipeline.prepare import prepare, source_id
from anyedit.pipeline.workroom import Workroom
from anyedit.recipe import Recipe
from anyedit.records import Edit, EditPair, Instruction, Rejected, Source
from anyedit.store.schema import COLUMNS, dataset_schema, image

LEDGER = "ledger"
Made = dict[str, EditPair]


def shard_schema() -> Any:
    """05-pairs: the dataset's columns and the split."""
    import pyarrow as pa

    return pa.schema([*dataset_schema(), ("split", pa.string())])


def passes(recipe: Recipe) -> int:
    """How many passes a shard may need: originals, what is derived from them, later turns of chains."""
    turns = recipe.chains.turns if recipe.chains.share else 1
    return max(turns, 2 if recipe.inverse or recipe.composition else 1)


def run_task(recipe: Recipe, task: Task, out: Path, placed: Mapping[str, Any] | None = None) -> str:
    """Carry a task through all its passes; returns its name. Every finished step is on disk in one piece.

    placed: role -> engine, in place of the recipe's own (the same one, running elsewhere).
    """
    if all(_finished(out, f"{task.name}-p{number}") for number in range(1, passes(recipe) + 1)):
        return task.name
    room = Workroom(recipe, task, placed, out)
    draws = {source_id(recipe, draw): draw for draw in task.draws}
    pairs: list[EditPair] = []
    for number in range(1, passes(recipe) + 1):
        name = f"{task.name}-p{number}"
        made = {pair.instruction.id: pair for pair in pairs}
        pairs = _run_pass(room, out, name, number, draws, pairs, made)
    del room, pairs
    give_back()
    return task.name


def _finished(out: Path, name: str) -> bool:
    """Whether all that a pass writes is there; a file that was deleted (it was corrupt) is made anew with its pass."""
    files = [shards.shard_path(out, step, name) for step in (*shards.STEPS, shards.REJECTED)]
    return all(path.exists() for path in (*files, out / LEDGER / f"{name}.json"))


def _run_pass(
    room: Workroom,
    out: Path,
    name: str,
    number: int,
    draws: dict[str, Draw],
    before: list[EditPair],
    made: Made,
) -> list[EditPair]:
    room.ledger.types.clear()
    room.rejected.clear()
    where = [shards.shard_path(out, step, name) for step in shards.STEPS]
    done = _finished(out, name)

    def step(path: Path, record: type, make: Callable[[], list[Any]]) -> list[Any]:
        # A shard that exists is read only when the whole pass is done: its ledger and its rejected rows
        # belong together with it, and a pass is a matter of seconds.
        if done:
            return shards.read_rows(path, record)
        rows = make()
        shards.write_rows(path, rows, record)
        return rows

    derived: list[Derived] = []
    if number > 1 and not done:
        derived = derive(room, before, number)
    unique = {item.source.id: item.source for item in derived}
    sources: list[Source] = step(
        where[0], Source, lambda: prepare(room, draws.values()) if number == 1 else list(unique.values())
    )
    by_id = {source.id: source for source in sources}

    def written() -> list[Instruction]:
        if number > 1:
            return [instruction for item in derived for instruction in item.instructions]
        dealt = [(source, draws[source.id]) for source in sources]
        return room.each(dealt, lambda of: instruct(room, of[0], of[1].types, of[1].spare))

    instructions: list[Instruction] = step(where[1], Instruction, written)
    accepted: list[Instruction] = step(
        where[2],
        Instruction,
        lambda: [row for item in instructions for row in prefilter(room, by_id[item.source], [item])],
    )
    edits: list[Edit] = step(
        where[3],
        Edit,
        lambda: room.each(accepted, lambda item: edit(room, by_id[item.source], item, made)),
    )
    said = {instruction.id: instruction for instruction in accepted}
    if done:
        table = shards.read_table(where[4], ["id", "provenance"]).to_pylist()
        kept = {row["id"]: json.loads(row["provenance"])["candidate"] for row in table}
        chosen = {row.id: row for row in edits if row.candidate == kept.get(row.id)}
        return [EditPair(by_id[said[key].source], said[key], chosen[key], ()) for key in kept]
    candidates: dict[str, list[Edit]] = {}
    for row in edits:
        candidates.setdefault(row.id, []).append(row)

    def judged(of: tuple[str, list[Edit]]) -> list[EditPair]:
        key, rows = of
        pair = assess(room, by_id[said[key].source], said[key], rows)
        return [] if pair is None else [pair]

    pairs = room.each(list(candidates.items()), judged)
    shards.write_rows(out / shards.REJECTED / f"{name}.parquet", room.rejected, Rejected)
    room.ledger.write(out / LEDGER / f"{name}.json")
    shards.write_rows(where[4], [pair_row(room, pair, draws, number) for pair in pairs], shard_schema())
    return pairs


def pair_row(room: Workroom, pair: EditPair, draws: dict[str, Draw], number: int) -> dict[str, Any]:
    """The dataset row of a pair."""
    source, instruction, edit_row = pair.source, pair.instruction, pair.edit
    key = instruction.id
    draw = draws[max((name for name in draws if key.startswith(name)), key=len)]
    carried = Given.of(source).carried
    row = {
        "id": key,
        "source": image(source.image, f"{key}.source.png"),
        "edited": image(edit_row.image, f"{key}.edited.png"),
        "instruction": instruction.text,
        "edit_type": instruction.edit_type,
        "group": type_of(instruction.edit_type).group,
        "source_caption": source.caption,
        "edited_caption": instruction.edited_caption,
        "edited_object": instruction.edited_object,
        "params": instruction.params,
        "mask": image(edit_row.mask, f"{key}.mask.png"),
        "influence": image(edit_row.influence, f"{key}.influence.png"),
        "visual_prompt": image(edit_row.visual_prompt, f"{key}.prompt.png"),
        "turn": source.turn,
        "chain_id": source.chain or key,
        "relation": instruction.relation,
        "made_from": list(instruction.made_from)
        or ([source.parent] if source.turn > 1 and source.parent else []),
        "phrasings": list(instruction.phrasings),
        "source_id": source.id,
        "origin": source.origin,
        "licence": source.licence,
        "natural": source.natural,
        "scores": [
            {
                "name": v.rule,
                "value": v.value,
                "low": v.low,
                "high": v.high,
                "passed": v.passed,
                "note": v.note,
            }
            for v in pair.scores
        ],
        "provenance": json.dumps(
            {
                "recipe": room.recipe.model_dump(
                    mode="json", exclude={"name", "pairs", "effort", "placement"}
                ),
                "recipe_hash": room.task.recipe_hash,
                "draw": {
                    "index": draw.index,
                    "types": list(draw.types),
                    "natural": draw.natural,
                    **({"spare": list(draw.spare)} if draw.spare else {}),
                },
                **room.beside(),
                "pass": number,
                "writer": instruction.writer,
                **({"asked": room.asked[key]} if key in room.asked else {}),
                "candidate": edit_row.candidate,
                **_shown(room, instruction.edit_type),
                "engines": list(edit_row.engines),
                "versions": versions(),
                **({"carried": carried} if carried else {}),
                "source_scene": json.loads(source.scene) if source.scene else None,
                "edited_scene": json.loads(edit_row.scene) if edit_row.scene else None,
            },
            sort_keys=True,
        ),
        "split": source.split,
    }
    assert set(row) == {*COLUMNS, "split"}
    return row


def _shown(room: Workroom, edit_type: str) -> dict[str, Any]:
    """The accepted instructions that the language model was shown, without which it cannot write the same again."""
    seen = [[e.edit_type, e.caption, e.instruction] for e in room.task.examples if e.edit_type == edit_type]
    return {"examples": seen} if seen else {}


@cache
def versions() -> dict[str, str]:
    """Versions of what the bytes depend on."""
    found = {}
    for package in (
        "anyedit",
        "mitsuba",
        "pyoidn",
        "numpy",
        "opencv-python-headless",
        "trimesh",
        "manifold3d",
    ):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def selected(rows: Sequence[Mapping[str, Any]], quotas: Mapping[str, int]) -> list[str]:
    """Ids that the dataset holds, from `id`, `edit_type` and `made_from` in order: each type up to its quota.

    Later turns, inverses and compositions come on top of the quotas, when what they were made from is held.
    """
    left = dict(quotas)
    held: dict[str, None] = {}
    for row in rows:
        if row["made_from"]:
            if all(parent in held for parent in row["made_from"]):
                held[row["id"]] = None
        elif left.get(row["edit_type"], 0) > 0:
            left[row["edit_type"]] -= 1
            held[row["id"]] = None
    return list(held)
