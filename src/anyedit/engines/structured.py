"""Answers with a form: JSON that a model writes is parsed and checked against a JSON schema, never evaluated.

A wrong answer is asked for again with its reason, up to `tries` times, and then given up with that reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from anyedit.engines.roles import Or, Prompt, Written
from anyedit.engines.usage import Meter, Usage
from anyedit.errors import EngineError, require_extra
from anyedit.seeds import seed_of

SHOWN = 160  # characters of a wrong answer that its reason quotes
Once = Callable[[Sequence[Prompt]], Sequence[Or[Written]]]


class BadAnswer(ValueError):
    """An answer that is not what was asked for; the message says why."""


def parsed(text: str, schema: dict[str, Any]) -> Any:
    """The first JSON object in a text, when it satisfies the schema. Raises BadAnswer.

    Models put prose and code fences around JSON; anything but one object of the right form is refused.
    """
    found = _first_object(text)
    if found is None:
        raise BadAnswer(f"no JSON object in the answer {_quoted(text)}")
    with require_extra("openai", "answers with a form"):
        import jsonschema
    problem = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(found))
    if problem is not None:
        where = ".".join(str(part) for part in problem.absolute_path) or "the object"
        raise BadAnswer(f"{where}: {problem.message[:SHOWN]} in the answer {_quoted(text)}")
    return found


def _first_object(text: str) -> dict[str, Any] | None:
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    at = text.find("{")
    while at >= 0:
        try:
            value, _ = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            continue
        return value if isinstance(value, dict) else None
    return None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _quoted(text: str) -> str:
    shown = " ".join(text.split())
    return repr(shown if len(shown) <= SHOWN else f"{shown[: SHOWN - 3]}...")


def closed(schema: Any) -> Any:
    """The schema with every property required and none beside them, as servers' structured decoding wants it."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items() if key != "default"}
    if schema.get("type") == "object" and "properties" in schema:
        result["required"] = list(schema["properties"])
        result["additionalProperties"] = False
    return result


def said_in_words(prompt: Prompt) -> str:
    """The prompt's text with its schema put into words, for models that no server constrains."""
    if prompt.schema is None:
        return prompt.text
    return (
        f"{prompt.text}\n\nAnswer with one JSON object and nothing else. It must satisfy this JSON schema:\n"
        f"{json.dumps(prompt.schema)}"
    )


def written(
    once: Once, prompts: Sequence[Prompt], *, tries: int, meter: Meter | None = None
) -> list[Or[Written]]:
    """Every prompt's answer; those that fail their schema are asked for again, together, with the reason."""
    answers: dict[int, Or[Written]] = {}
    waiting = dict(enumerate(prompts))
    for attempt in range(1, tries + 1):
        again: dict[int, Prompt] = {}
        for (index, _), answer in zip(waiting.items(), once(list(waiting.values())), strict=True):
            asked = prompts[index]
            answers[index] = answer
            if isinstance(answer, EngineError) or asked.schema is None:
                continue
            try:
                answers[index] = replace(answer, value=parsed(answer.text, asked.schema))
            except BadAnswer as error:
                if meter is not None:
                    meter.add(Usage(rejected_answers=1))
                answers[index] = EngineError(f"no usable answer in {attempt} tries; the last: {error}")
                again[index] = replace(
                    asked,
                    text=f"{asked.text}\n\nAn earlier answer could not be used: {error}",
                    seed=seed_of(asked.seed, "try", attempt) % 2**31,
                )
        waiting = again
        if not waiting:
            break
    return [answers[index] for index in range(len(prompts))]
