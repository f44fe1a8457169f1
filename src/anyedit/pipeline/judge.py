"""Steps 3 and 5 are one thing: rules over a case. Here is the one place that judges, counts and puts aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from anyedit.edits import Case, Rule
from anyedit.edits.judged import FOLLOWS
from anyedit.edits.published import CLIP, DIR
from anyedit.errors import AnyEditError, EngineDown
from anyedit.pipeline.instruct import place
from anyedit.pipeline.wording import reworded, rewritten
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.records import Edit, EditPair, Instruction, Source, Verdict, merit

OF_THE_WORDS = (FOLLOWS, CLIP, DIR)  # rules that compare the picture with what was said of it


def judge(room: Workroom, rules: Sequence[Rule], case: Case) -> list[Verdict]:
    """Every rule's verdict; a rule that raises is a failed verdict that says so."""
    limits = room.limits(case.kind.name)
    verdicts = []
    for rule in rules:
        try:
            verdicts.append(rule.judge(case, limits))
        except EngineDown:
            raise  # no fault of this row: the build stops
        except AnyEditError as error:
            verdicts.append(fault(rule.name, error))
        except Exception as error:  # a rule's bug quarantines the item, never the build
            verdicts.append(fault(rule.name, place(error)))
    return verdicts


def failed(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The first verdict that failed."""
    return next((verdict for verdict in verdicts if verdict.passed is False), None)


def prefilter(room: Workroom, source: Source, instructions: Sequence[Instruction]) -> list[Instruction]:
    """Step 3: the instructions that are worth an edit."""
    accepted = []
    for instruction in instructions:
        room.ledger.entered(instruction.edit_type, "prefilter")
        try:
            case = room.case(source, instruction)
            verdicts = judge(room, room.checks(case.kind), case)
        except EngineDown:
            raise
        except Exception as error:  # the source's view cannot be made again: quarantined, with the place
            verdicts = [fault("error", place(error))]
        fault_found = failed(verdicts)
        if fault_found:
            room.reject(source, instruction, "prefilter", fault_found, scores=verdicts)
            continue
        room.checked[instruction.id] = verdicts
        room.ledger.left(instruction.edit_type, "prefilter")
        accepted.append(instruction)
    return accepted


def verdicts_of(room: Workroom, source: Source, instruction: Instruction, edit: Edit) -> list[Verdict]:
    """Every verdict of an edit; a fault when it cannot be judged, and when no gate applies."""
    with room.ledger.spent(instruction.edit_type, "gates"), room.used([instruction.edit_type], room.tools):
        try:
            case = room.case(source, instruction, room.outcome(edit))
            verdicts = judge(room, room.gates(case.kind), case)
        except EngineDown:
            raise
        except Exception as error:  # the outcome cannot be read: quarantined, with the place
            return [fault("error", place(error))]
    if failed(verdicts) is None and not any(verdict.passed for verdict in verdicts):
        verdicts.append(fault("no gate applies", "none of the type's gates could be measured"))
    return verdicts


def assess(
    room: Workroom, source: Source, instruction: Instruction, edits: Sequence[Edit]
) -> EditPair | None:
    """Step 5: the best candidate that passes all its gates, as a pair; None when none does (the best is put aside).

    The best of the others is kept as a rejected candidate with its scores: together they are a preference pair.
    """
    name, checked = instruction.edit_type, room.checked[instruction.id]
    room.ledger.entered(name, "assess")
    told = [reworded(instruction, edit.text) for edit in edits]
    scored = []
    for edit, words in zip(edits, told, strict=True):
        known = room.verdicts.get((edit.id, edit.candidate))
        scored.append(known if known is not None else verdicts_of(room, source, words, edit))
    order = sorted(range(len(edits)), key=lambda k: (failed(scored[k]) is not None, -merit(scored[k]), k))
    best = order[0]
    if failed(scored[best]) is not None and room.recipe.candidates.rewrite:
        saved = _rewritten(room, source, [(told[k], edits[k], scored[k]) for k in order])
        if saved is not None:
            room.ledger.left(name, "assess")
            return replace(saved, scores=(*checked, *saved.scores))
    fault_found = failed(scored[best])
    if fault_found is not None:
        lost = edits[best]
        every = (*checked, *scored[best])
        room.reject(source, told[best], "assess", fault_found, lost.image, every, lost.candidate)
        return None
    if len(order) > 1:
        other = order[1]
        why = failed(scored[other]) or Verdict(
            "another candidate is better", merit(scored[other]), merit(scored[best]), None, False
        )
        every, lost = (*checked, *scored[other]), edits[other]
        room.reject(source, told[other], "assess", why, lost.image, every, lost.candidate, instead=True)
    room.ledger.left(name, "assess")
    return EditPair(source, told[best], edits[best], (*checked, *scored[best]))


def _rewritten(
    room: Workroom, source: Source, candidates: Sequence[tuple[Instruction, Edit, list[Verdict]]]
) -> EditPair | None:
    """The first candidate that fails nothing but to follow, under the judge's words for what it did; judged again."""
    for instruction, edit, verdicts in candidates:
        faults = [verdict for verdict in verdicts if verdict.passed is False]
        if not faults or any(verdict.rule not in OF_THE_WORDS for verdict in faults):
            continue
        found = room.said_to_happen(source, instruction, edit)
        if not found:
            continue
        words = rewritten(instruction, found, room.caption(edit))
        again = verdicts_of(room, source, words, edit)
        if failed(again) is None:
            room.asked[instruction.id] = instruction.text
            return EditPair(source, words, edit, tuple(again))
    return None
