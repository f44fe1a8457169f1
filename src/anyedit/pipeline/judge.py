"""Steps 3 and 5 are one thing: rules over a case. Here is the one place that judges, counts and puts aside."""

from __future__ import annotations

from collections.abc import Sequence

from anyedit.edits import Case, Rule
from anyedit.pipeline.instruct import place
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.records import Edit, Instruction, Source, Verdict


def judge(room: Workroom, rules: Sequence[Rule], case: Case) -> list[Verdict]:
    """Every rule's verdict; a rule that raises is a failed verdict that says so."""
    limits = room.limits(case.kind.name)
    verdicts = []
    for rule in rules:
        try:
            verdicts.append(rule.judge(case, limits))
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
            fault_found = failed(judge(room, case.kind.checks, case))
        except Exception as error:  # the source's view cannot be made again: quarantined, with the place
            fault_found = fault("error", place(error))
        if fault_found:
            room.reject(source, instruction, "prefilter", fault_found)
            continue
        room.ledger.left(instruction.edit_type, "prefilter")
        accepted.append(instruction)
    return accepted


def assess(room: Workroom, source: Source, instruction: Instruction, edit: Edit) -> list[Verdict] | None:
    """Step 5: every verdict of an edit that passes all its gates, else None (and it is put aside)."""
    name = instruction.edit_type
    room.ledger.entered(name, "assess")
    with room.ledger.spent(name, "gates"):
        try:
            case = room.case(source, instruction, room.outcome(edit))
            verdicts = judge(room, case.kind.gates, case)
        except Exception as error:  # the outcome cannot be read: quarantined, with the place
            verdicts = [fault("error", place(error))]
    fault_found = failed(verdicts)
    if fault_found is None and not any(verdict.passed for verdict in verdicts):
        fault_found = fault("no gate applies", "none of the type's gates could be measured")
    if fault_found:
        room.reject(source, instruction, "assess", fault_found, edit.image)
        return None
    room.ledger.left(name, "assess")
    return verdicts
