"""Some items through an editor: each seeded by itself, failures kept as failures, outputs written as they come."""

from __future__ import annotations

import json
from collections.abc import Sequence

from anyedit.bench.editors import Editor, Failure, Outcome, OutOfMemory, Request
from anyedit.bench.items import BenchError, FilePicture, Item, encoded, image_of
from anyedit.bench.runs import FAILURES, OUTPUTS, Run, file_name, put
from anyedit.errors import AnyEditError, StoreError
from anyedit.seeds import seed_of


def edit_part(run: Run, editor: Editor, items: Sequence[Item]) -> None:
    """Edit some items and write what came of each."""
    requests: list[Request] = []
    for item in items:
        try:
            requests.append(_request(run, item))
        except StoreError as error:
            _write(run, item, Failure(str(error)))
    try:
        made = editor.edit(requests) if requests else []
    except OutOfMemory:
        raise
    except AnyEditError as error:  # one bad item must not take its neighbours along: ask one at a time
        if len(requests) == 1:
            made = [Failure(str(error))]
        else:
            made = [outcome for request in requests for outcome in _alone(editor, request)]
    if len(made) != len(requests):
        raise BenchError(f"editor {editor.name} gave {len(made)} outcomes for {len(requests)} requests")
    for request, outcome in zip(requests, made, strict=True):
        _write(run, request.item, outcome)


def _alone(editor: Editor, request: Request) -> list[Outcome]:
    try:
        return editor.edit([request])
    except OutOfMemory:
        raise
    except AnyEditError as error:
        return [Failure(str(error))]


def _request(run: Run, item: Item) -> Request:
    source = item.source
    if item.previous is not None:
        earlier = run.folder / OUTPUTS / f"{file_name(item.previous)}.png"
        if not earlier.exists():
            raise StoreError(f"the turn before, {item.previous}, has no output")
        source = FilePicture(earlier)
    return Request(
        item,
        image_of(source),
        None if item.visual_prompt is None else image_of(item.visual_prompt),
        seed_of(run.seed, item.id, "edit") >> 1,
    )


def _write(run: Run, item: Item, outcome: Outcome) -> None:
    try:
        if isinstance(outcome, Failure):
            text = json.dumps({"item": item.id, "reason": outcome.reason})
            put(run.folder / FAILURES / f"{file_name(item.id)}.json", text)
        else:
            put(run.folder / OUTPUTS / f"{file_name(item.id)}.png", encoded(outcome.convert("RGB")).data())
    except OSError as error:
        raise StoreError(f"cannot write into {run.folder}: {error.strerror or error}") from error
