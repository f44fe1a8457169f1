"""Step 2: instructions. The type proposes parameters; a grammar of its phrases says them."""

from __future__ import annotations

import traceback
from typing import Any

import numpy as np

from anyedit.edits import EditType, type_of
from anyedit.edits.views import View
from anyedit.errors import AnyEditError
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.records import Instruction, Source
from anyedit.seeds import rng_of

ALTERNATIVES = 3  # other wordings kept beside the one chosen


def instruct(room: Workroom, source: Source, types: tuple[str, ...]) -> list[Instruction]:
    """One instruction for each type that finds something to do with this source."""
    written = []
    for name in types:
        key = f"{source.id}-{name}"
        room.ledger.entered(name, "instruct")
        blank = Instruction(key, source.id, name, "{}", "", "", "")
        kind = type_of(name)
        try:
            view = room.view(source)
            params = kind.propose(view, rng_of(room.recipe.seed, key, "params"))
            if params is None:
                room.reject(source, blank, "instruct", fault("nothing to propose", f"needs {kind.needs}"))
                continue
            written.append(write(room, source, kind, params, key))
        except AnyEditError as error:
            room.reject(source, blank, "instruct", fault("not possible", error))
            continue
        except Exception as error:  # one item's bug must not lose the build: quarantined, with the place
            room.reject(source, blank, "instruct", fault("error", place(error)))
            continue
        room.ledger.left(name, "instruct")
    return written


def write(room: Workroom, source: Source, kind: EditType, params: Any, key: str) -> Instruction:
    """The instruction for these parameters, with its wordings, edited caption and edited object."""
    view = room.view(source)
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
