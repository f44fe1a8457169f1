"""Step 2: instructions. The type proposes parameters; a grammar of its phrases says them."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

import numpy as np

from anyedit.edits import EditType
from anyedit.edits.instructed import InstructedParams
from anyedit.edits.views import View
from anyedit.errors import AnyEditError, EngineDown
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.records import Instruction, Source, Verdict
from anyedit.seeds import rng_of

ALTERNATIVES = 3  # other wordings kept beside the one chosen


NOTHING = "nothing to propose"


def instruct(
    room: Workroom, source: Source, types: tuple[str, ...], spare: tuple[str, ...] = ()
) -> list[Instruction]:
    """One instruction for each type that finds something to do with this source.

    spare: types that take the places of those that find nothing; one that finds nothing either was no try.
    """
    if room.recipe.instructions.writer == "llm" and source.scene is None:
        return _by_model(room, source, types)
    written, free = [], 0
    for name in (*types, *spare):
        standing_by = name not in types
        if standing_by and not free:
            break
        key = f"{source.id}-{name}"
        made = _by_grammar(room, source, name, key)
        nothing = isinstance(made, Verdict) and made.rule == NOTHING
        if standing_by and nothing:
            continue
        free += nothing - standing_by
        room.ledger.entered(name, "instruct")
        if isinstance(made, Verdict):
            room.reject(source, Instruction(key, source.id, name, "{}", "", "", ""), "instruct", made)
            continue
        written.append(made)
        room.ledger.left(name, "instruct")
    return written


def _by_grammar(room: Workroom, source: Source, name: str, key: str) -> Instruction | Verdict:
    """The type's own proposal in its own words, or why there is none."""
    kind = room.kind(name)
    try:
        params = kind.propose(room.view(source), rng_of(room.recipe.seed, key, "params"))
        if params is None:
            return fault(NOTHING, f"needs {kind.needs}")
        return write(room, source, kind, params, key)
    except EngineDown:
        raise  # no fault of this row: the build stops
    except AnyEditError as error:
        return fault("not possible", error)
    except Exception as error:  # one item's bug must not lose the build: quarantined, with the place
        return fault("error", place(error))


def _by_model(room: Workroom, source: Source, types: tuple[str, ...]) -> list[Instruction]:
    """The language model's instructions; the grammar's where it gives none and the recipe says `fallback`."""
    from anyedit.pipeline.writer import NoInstruction, Wanted, by_model

    wanted = [Wanted(source, room.kind(name), f"{source.id}-{name}") for name in types]
    for item in wanted:
        room.ledger.entered(item.kind.name, "instruct")
    found: Sequence[Instruction | NoInstruction]
    try:
        with room.ledger.spent(types[0], "llm"), room.used(types, room.tools):
            found = by_model(room, wanted)
    except EngineDown:
        raise
    except AnyEditError as error:
        found = [NoInstruction("not possible", error)] * len(wanted)
    except Exception as error:  # one source's bug must not lose the build: quarantined, with the place
        found = [NoInstruction("error", place(error))] * len(wanted)
    written = []
    for item, made in zip(wanted, found, strict=True):
        name = item.kind.name
        problem = fault(made.rule, made) if isinstance(made, NoInstruction) else None
        told: Instruction | Verdict = made if problem is None else problem  # type: ignore[assignment]
        if problem is not None and room.recipe.instructions.fallback:
            told = _by_grammar(room, source, name, item.key)
        if isinstance(told, Verdict):
            room.reject(source, Instruction(item.key, source.id, name, "{}", "", "", ""), "instruct", told)
            continue
        written.append(told)
        room.ledger.left(name, "instruct")
    return written


def write(room: Workroom, source: Source, kind: EditType, params: Any, key: str) -> Instruction:
    """The instruction for these parameters, with its wordings, edited caption and edited object."""
    view = room.view(source)
    if isinstance(params, InstructedParams):  # the words are the edit
        texts = [params.instruction, *params.wordings]
    else:
        texts = wordings(kind, view, params, rng_of(room.recipe.seed, key, "words"))
    return Instruction(
        id=key,
        source=source.id,
        edit_type=kind.name,
        params=params.model_dump_json(),
        text=texts[0],
        edited_caption=kind.caption_after(view, params),
        edited_object=kind.words(view, params)["object"],
        phrasings=tuple(texts[1 : 1 + ALTERNATIVES]),
    )


def wordings(kind: EditType, view: View, params: Any, rng: np.random.Generator) -> list[str]:
    """All ways to say it, shuffled; the first is the one chosen."""
    words = kind.words(view, params)
    phrases = list(dict.fromkeys(kind.usable_phrases(view, params)))
    said = [phrases[k].format(**words) for k in rng.permutation(len(phrases))]
    return [text[0].upper() + text[1:] for text in said]


def place(error: BaseException) -> str:
    """`ValueError: ... (file.py:12)`: what was raised and where."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{where}"
