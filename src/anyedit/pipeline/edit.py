"""Step 4: edits. World sources are rewritten and rendered; photographs go through the type's pixel pipeline."""

from __future__ import annotations

from collections.abc import Mapping

from anyedit.edits import Outcome, type_of
from anyedit.edits.views import WorldView
from anyedit.errors import AnyEditError
from anyedit.pipeline.instruct import place
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.records import Edit, EditPair, Instruction, Source, pixels_of, png
from anyedit.world.scene import Scene


def edit(
    room: Workroom, source: Source, instruction: Instruction, made: Mapping[str, EditPair]
) -> Edit | None:
    """The edited picture of an instruction; None when it could not be made (and the row is put aside)."""
    name = instruction.edit_type
    room.ledger.entered(name, "edit")
    kind = type_of(name)
    try:
        if instruction.relation == "inverse":
            outcome = _swapped(room, made[instruction.made_from[0]])
        else:
            view = room.view(source)
            params = kind.Params.model_validate_json(instruction.params)
            with room.ledger.spent(name, "world" if isinstance(view, WorldView) else "pixels"):
                if isinstance(view, WorldView):
                    outcome = kind.edit_world(view, params)
                else:
                    outcome = kind.edit(view, params, room.tools)
    except AnyEditError as error:
        room.reject(source, instruction, "edit", fault("not possible", error))
        return None
    except Exception as error:  # one item's bug must not lose the build: quarantined, with the place
        room.reject(source, instruction, "edit", fault("error", place(error)))
        return None
    if outcome.after is not None:
        room.remember(outcome.after)
    room.outcomes[instruction.id] = outcome
    room.ledger.left(name, "edit")
    return Edit(
        id=instruction.id,
        image=png(outcome.picture),
        mask=png(outcome.mask),
        influence=None if outcome.influence is None else png(outcome.influence),
        visual_prompt=None if outcome.visual_prompt is None else png(outcome.visual_prompt),
        scene=None if outcome.scene is None else outcome.scene.model_dump_json(),
        engines=outcome.engines,
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
