"""Instructions by a language model: it fills in the type's own parameters and says them, in a form that is enforced.

The prompt holds what the type is, what is in the picture, and in-context examples: the type's wordings, its published
example, and (self-enhancement) accepted instructions of earlier rounds, shuffled for each item. The answer is JSON that
must satisfy the type's `Params`. The same model is then asked whether the instruction makes sense (the publication's
yes/no self-check).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from anyedit.edits import EditType
from anyedit.edits.instructed import InstructedParams
from anyedit.edits.views import PhotoView
from anyedit.engines.roles import Prompt, Written
from anyedit.errors import AnyEditError, EngineError
from anyedit.pipeline.plan import Example
from anyedit.pipeline.workroom import Workroom
from anyedit.records import Instruction, Source
from anyedit.seeds import rng_of, seed_of

SYSTEM = (
    "You write instructions for editing photographs. An instruction is one short plain sentence that asks for exactly "
    "one visible change, and could not be misunderstood. You answer in JSON."
)
ASK = """Edit type: {name}. {summary} It needs {needs}.
The picture: "{caption}"
Things in it (id: name, share of the picture): {things}
{examples}
Write one new instruction of this type for this picture.
- params: the edit's parameters{valid}.
- instruction: the instruction. {phrasings} other wordings of it in phrasings; a vague wording (says less) in vague;
  a detailed wording (says where and how) in detailed.
- edited_object: the noun phrase of what is edited.
- caption_after: the caption of the picture after the edit, otherwise like the caption above."""
CHECK = """A picture shows: "{caption}"
Instruction: "{instruction}"
Caption after the edit: "{after}"
Is this a sensible instruction of the type "{name}" ({summary}) for this picture, can it be done, does it change
something that is visible, and is the caption true afterwards?"""
YES_OR_NO: dict[str, Any] = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "sensible": {"enum": ["yes", "no"]}},
    "required": ["reason", "sensible"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Wanted:
    """One instruction that is to be written: for this source, of this type."""

    source: Source
    kind: EditType
    key: str


class NoInstruction(AnyEditError):
    """The model wrote none that can be used; `rule` names the step at which it failed."""

    def __init__(self, rule: str, reason: object) -> None:
        super().__init__(str(reason))
        self.rule = rule


def by_model(room: Workroom, wanted: Sequence[Wanted]) -> list[Instruction | NoInstruction]:
    """An instruction each, or why there is none. All are asked for together, then all are checked together."""
    written = room.tools.write.write([_prompt(room, item) for item in wanted])
    made = [_read(room, item, answer) for item, answer in zip(wanted, written, strict=True)]
    if not room.recipe.instructions.check:
        return made
    to_check = [k for k, found in enumerate(made) if isinstance(found, Instruction)]
    asked = [_check(wanted[k], made[k]) for k in to_check]  # type: ignore[arg-type]
    for k, answer in zip(to_check, room.tools.write.write(asked) if asked else (), strict=True):
        if isinstance(answer, EngineError):
            made[k] = NoInstruction("self-check", answer)
        elif answer.value["sensible"] != "yes":
            made[k] = NoInstruction("self-check", answer.value["reason"] or "the model would not do it")
    return made


def form(kind: EditType, source: Source, phrasings: int) -> dict[str, Any]:
    """The JSON schema of an answer: the type's parameters (a target is one of the source's objects) and the words."""
    params = kind.Params.model_json_schema()
    definitions = params.pop("$defs", {})
    if kind.Params is InstructedParams:  # the words are a parameter, and asked for below
        for field in ("instruction", "wordings"):
            del params["properties"][field]
        params["required"] = list(params["properties"])
    ids = [thing.id for thing in source.objects]
    for field in ("target", "near"):
        if field in params.get("properties", {}) and ids:
            params["properties"][field] = {"enum": ids}
    text = {"type": "string", "minLength": 3, "maxLength": 300}
    fields: dict[str, Any] = {
        "params": params,
        "instruction": text,
        "phrasings": {"type": "array", "items": text, "minItems": phrasings, "maxItems": phrasings},
        "vague": text,
        "detailed": text,
        "edited_object": {"type": "string", "minLength": 2, "maxLength": 80},
        "caption_after": text,
    }
    schema = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return {**schema, "$defs": definitions} if definitions else schema


def _prompt(room: Workroom, item: Wanted) -> Prompt:
    source, kind, settings = item.source, item.kind, room.recipe.instructions
    things = (
        ", ".join(f"{thing.id}: {thing.name}, {thing.share:.0%}" for thing in source.objects) or "not known"
    )
    text = ASK.format(
        name=kind.name, summary=getattr(kind, "kind", kind).summary, needs=kind.needs, caption=source.caption, things=things,
        examples=_examples(room, item), valid=_valid(room, item), phrasings=settings.phrasings,
    )  # fmt: skip
    seed = seed_of(room.recipe.seed, item.key, "llm") % 2**31
    return Prompt(text, SYSTEM, schema=form(kind, source, settings.phrasings), seed=seed, most=700)


def _examples(room: Workroom, item: Wanted) -> str:
    """In-context examples, shuffled for this item: the type's own, and of those accepted earlier as many as asked."""
    settings, kind = room.recipe.instructions, getattr(item.kind, "kind", item.kind)
    rng = rng_of(room.recipe.seed, item.key, "examples")
    earlier = [example for example in room.task.examples if example.edit_type == kind.name]
    taken = min(len(earlier), round(settings.enhance * settings.examples))
    lines = []
    for k in rng.permutation(len(earlier))[:taken]:
        lines.append(f'- "{earlier[k].caption}": {earlier[k].instruction}')
    own = [kind.example, *kind.phrases]
    for k in rng.permutation(len(own))[: settings.examples - taken]:
        lines.append(f"- {own[k]}")
    lines = [lines[k] for k in rng.permutation(len(lines))]
    return (
        "Examples (words in braces stand for something of the picture):\n" + "\n".join(lines) if lines else ""
    )


def _valid(room: Workroom, item: Wanted) -> str:
    """The type's own proposal, as an example of parameters that can be carried out here."""
    view = room.view(item.source)
    proposed = item.kind.propose(view, rng_of(room.recipe.seed, item.key, "params"))
    return "" if proposed is None else f" (valid ones are, for instance, {proposed.model_dump_json()})"


def _read(room: Workroom, item: Wanted, answer: Written | EngineError) -> Instruction | NoInstruction:
    """The instruction in an answer; what the schema cannot say is checked here."""
    if isinstance(answer, EngineError):
        return NoInstruction("no usable answer", answer)
    said: dict[str, Any] = answer.value
    try:
        text = said["instruction"].strip()
        words = {"instruction": text} if item.kind.Params is InstructedParams else {}
        params = item.kind.Params.model_validate({**said["params"], **words})
        known = {thing.id for thing in item.source.objects}
        target = getattr(params, "target", None)
        if isinstance(target, str) and target not in known and isinstance(room.view(item.source), PhotoView):
            return NoInstruction("no usable answer", f"params: the picture has no object '{target}'")
    except ValidationError as error:
        return NoInstruction("no usable answer", f"params: {error.errors()[0]['msg']}")
    others = [other.strip() for other in (*said["phrasings"], said["vague"], said["detailed"])]
    return Instruction(
        id=item.key,
        source=item.source.id,
        edit_type=item.kind.name,
        params=params.model_dump_json(),
        text=text,
        edited_caption=said["caption_after"].strip(),
        edited_object=said["edited_object"].strip(),
        phrasings=tuple(other for other in dict.fromkeys(others) if other and other != text),
        writer=room.tools.version("write"),
    )


def _check(item: Wanted, instruction: Instruction) -> Prompt:
    text = CHECK.format(
        caption=item.source.caption, instruction=instruction.text, after=instruction.edited_caption,
        name=item.kind.name, summary=getattr(item.kind, "kind", item.kind).summary,
    )  # fmt: skip
    return Prompt(text, SYSTEM, schema=YES_OR_NO, temperature=0, most=120)


def examples_of(rows: Sequence[dict[str, Any]], per_type: int = 20) -> tuple[Example, ...]:
    """Accepted instructions as examples for later rounds, the first so many of each type, in the rows' order."""
    counts: dict[str, int] = {}
    found = []
    for row in rows:
        name = row["edit_type"]
        counts[name] = counts.get(name, 0) + 1
        if counts[name] <= per_type:
            found.append(Example(name, row["source_caption"], row["instruction"]))
    return tuple(found)
