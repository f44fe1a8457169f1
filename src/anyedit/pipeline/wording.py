"""An instruction in other words: one of its own wordings, or what a judge says really happened."""

from __future__ import annotations

import json
from dataclasses import replace

from anyedit.edits.instructed import InstructedParams
from anyedit.records import Instruction

REWRITTEN = "rewritten by the judge"  # the writer of an instruction that was made to fit its edit


def reworded(instruction: Instruction, text: str) -> Instruction:
    """The instruction in another of its wordings, also where the words are a parameter of the edit."""
    if not text or text == instruction.text:
        return instruction
    others = tuple(other for other in (instruction.text, *instruction.phrasings) if other != text)
    params = json.loads(instruction.params)
    if set(params) >= set(InstructedParams.model_fields):
        params["instruction"] = text
    return replace(instruction, text=text, phrasings=others, params=json.dumps(params))


def rewritten(instruction: Instruction, text: str, caption: str) -> Instruction:
    """The instruction that says what happened. Its other wordings say what did not, and go."""
    told = reworded(instruction, text)
    return replace(told, writer=REWRITTEN, phrasings=(), edited_caption=caption)
