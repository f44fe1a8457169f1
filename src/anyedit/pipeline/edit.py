"""Step 4: edits. World sources are rewritten and rendered; photographs go through the type's pixel pipeline.

An item may be tried several times (recipe key `candidates`): with several seeds and sets of engines, and, when none
passes the gates, again with another seed and another of its wordings. Every candidate is a row; step 5 chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from anyedit.edits import Outcome
from anyedit.edits.views import WorldView
from anyedit.errors import AnyEditError, EngineDown
from anyedit.pipeline.instruct import place
from anyedit.pipeline.judge import failed, verdicts_of
from anyedit.pipeline.wording import reworded
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.records import Edit, EditPair, Instruction, Source, Verdict, pixels_of, png
from anyedit.world.scene import Scene


@dataclass(frozen=True)
class Try:
    """One way to make an edit. engines: number of the set, 0 the recipe's own. text: another wording, or ""."""

    number: int
    engines: int
    seed: int
    text: str = ""


def edit(
    room: Workroom, source: Source, instruction: Instruction, made: Mapping[str, EditPair]
) -> list[Edit]:
    """The candidates of an instruction, none when none could be made (and the row is put aside)."""
    name = instruction.edit_type
    room.ledger.entered(name, "edit")
    found: list[Edit] = []
    pictures: list[np.ndarray] = []
    problem: Verdict | None = None
    single = source.scene is not None or instruction.relation == "inverse"
    first, later = ([Try(0, 0, 0)], iter(())) if single else _tries(room, instruction)
    for tries in (first, *([one] for one in later)):
        if tries is not first and any(failed(room.verdicts[row.id, row.candidate]) is None for row in found):
            break
        for one in tries:
            outcome = _outcome(room, source, instruction, made, one)
            if isinstance(outcome, Verdict):
                problem = outcome
                continue
            if any(np.array_equal(outcome.picture, other) for other in pictures):
                continue  # an engine without chance gives the same again
            pictures.append(outcome.picture)
            found.append(_row(room, instruction, outcome, one))
            if len(first) > 1 or room.recipe.candidates.retries:
                told = reworded(instruction, one.text)
                room.verdicts[instruction.id, one.number] = verdicts_of(room, source, told, found[-1])
    if not found:
        room.reject(source, instruction, "edit", problem or fault("not possible", "no candidate"))
        return []
    room.ledger.left(name, "edit")
    return found


def _tries(room: Workroom, instruction: Instruction) -> tuple[list[Try], Iterator[Try]]:
    """The candidates made in any case, and those made one by one when none of them passes."""
    wanted = room.recipe.candidates
    sets = 1 + len(wanted.engines)
    first = [Try(k, k % sets, k // sets) for k in range(sets * wanted.seeds)]

    def later() -> Iterator[Try]:
        for k in range(wanted.retries):
            number = len(first) + k
            texts = instruction.phrasings if _told(room, instruction) else ()
            # Another seed first; where words are all that the editor is told, another wording every second time.
            text = texts[(k // 2) % len(texts)] if texts and k % 2 else ""
            yield Try(number, number % sets, number // sets, text)

    return first, later()


def _told(room: Workroom, instruction: Instruction) -> bool:
    """Whether the words are what makes the edit."""
    return room.recipe.route_of(instruction.edit_type) == "instruct"


def _outcome(
    room: Workroom, source: Source, instruction: Instruction, made: Mapping[str, EditPair], one: Try
) -> Outcome | Verdict:
    """What a try makes, or why it makes nothing."""
    name = instruction.edit_type
    kind = room.kind(name)
    try:
        if instruction.relation == "inverse":
            return _swapped(room, made[instruction.made_from[0]])
        view = room.view(source)
        params = kind.Params.model_validate_json(reworded(instruction, one.text).params)
        with room.ledger.spent(name, "world" if isinstance(view, WorldView) else "pixels"):
            if isinstance(view, WorldView):
                return kind.edit_world(view, params)
            tools = room.tools if one.number == 0 else room.tools_of(instruction.id, one.engines, one.seed)
            with room.used([name], tools):
                return kind.edit(view, params, tools)
    except EngineDown:
        raise  # no fault of this row: the build stops
    except AnyEditError as error:
        return fault("not possible", error)
    except Exception as error:  # one item's bug must not lose the build: quarantined, with the place
        return fault("error", place(error))


def _row(room: Workroom, instruction: Instruction, outcome: Outcome, one: Try) -> Edit:
    if outcome.after is not None:
        room.remember(outcome.after)
    room.outcomes[instruction.id, one.number] = outcome
    return Edit(
        id=instruction.id,
        image=png(outcome.picture),
        mask=png(outcome.mask),
        influence=None if outcome.influence is None else png(outcome.influence),
        visual_prompt=None if outcome.visual_prompt is None else png(outcome.visual_prompt),
        scene=None if outcome.scene is None else outcome.scene.model_dump_json(),
        engines=outcome.engines,
        candidate=one.number,
        text=one.text,
    )


def _swapped(room: Workroom, pair: EditPair) -> Outcome:
    """A pair's outcome read backwards: its source picture is the result."""
    before = room.frame(Scene.model_validate_json(pair.source.scene)) if pair.source.scene else None
    return Outcome(
        picture=pixels_of(pair.source.image),
        mask=pixels_of(pair.edit.mask) > 127,
        influence=None if pair.edit.influence is None else pixels_of(pair.edit.influence),
        scene=before.scene if before else None,
        after=before,
        engines=pair.edit.engines,
    )
