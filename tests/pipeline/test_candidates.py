"""Candidates, retries, the judge's rewording, a model's instructions: builds with engines that do what a test plans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fake_engines
import numpy as np
import pytest
from PIL import Image

from anyedit.engines import toolbox
from anyedit.engines.roles import Judgement, PairToJudge, Prompt
from anyedit.errors import EngineError
from anyedit.pipeline.build import build
from anyedit.pipeline.reproduce import reproduce
from anyedit.pipeline.shards import existing, read_table
from anyedit.records import Verdict, merit, pixels_of
from anyedit.seeds import rng_of
from anyedit.store.dataset import iter_rows
from anyedit.store.export import export

GOOD, BAD = Judgement(0.9, 0.9, 0.9), Judgement(0.2, 0.9, 0.9)
Recipe = dict[str, Any]


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for role, cls in (("follow", "Brush"), ("judge", "Jury"), ("write", "Pen"), ("image_text", "Sight")):
        known = {**toolbox.ENGINES.get(role, {}), "fake": f"fake_engines:{cls}"}
        monkeypatch.setitem(toolbox.ENGINES, role, known)
    for cls in (fake_engines.Brush, fake_engines.Jury, fake_engines.Pen):
        cls.seen.clear()
    fake_engines.Jury.plan = staticmethod(lambda number, pair: GOOD)  # type: ignore[assignment]
    yield


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    (tmp_path / "photos").mkdir()
    for k in range(2):
        grain = 130 + rng_of("photo", k).normal(0, 4, (96, 128, 3))
        Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8)).save(tmp_path / "photos" / f"{k}.png")
        (tmp_path / "photos" / f"{k}.txt").write_text("A street under the sky")
    return {
        "name": "fake", "seed": 3, "pairs": 1, "effort": 1, "types": ["style_change"], "shard": 1,
        "source": {"kind": "photos", "path": str(tmp_path / "photos")}, "route": "instruct", "presets": ["judge"],
        "engines": {"follow": "fake", "judge": "fake"},
    }  # fmt: skip


def rejected(out: Path) -> list[dict[str, Any]]:
    return [row for path in existing(out, "rejected") for row in read_table(path).to_pylist()]


def judged_by(plan: Any) -> None:
    fake_engines.Jury.plan = staticmethod(plan)


def test_the_best_candidate_wins_and_the_runner_up_is_kept_with_its_scores(
    recipe: Recipe, tmp_path: Path
) -> None:
    scores = [Judgement(0.75, 0.8, 0.8), Judgement(1, 1, 1), Judgement(0.8, 0.9, 0.9)]
    judged_by(lambda number, pair: scores[number])
    build({**recipe, "candidates": {"seeds": 3}}, out=tmp_path / "o", workers=1)
    (row,) = iter_rows(tmp_path / "o")
    assert np.array_equal(pixels_of(row["edited"]["bytes"]), fake_engines.Jury.seen[1].after)
    assert {s["name"]: s["value"] for s in row["scores"]}["judge: follows"] == 1
    assert json.loads(row["provenance"])["candidate"] == 1
    (lost,) = rejected(tmp_path / "o")
    assert lost["instead"] and lost["rule"] == "another candidate is better" and lost["candidate"] == 2
    assert {s["rule"]: s["value"] for s in lost["scores"]}["judge: follows"] == 0.8
    assert lost["low"] > lost["value"]  # the winner's merit over its own
    seeds = [job.seed for job in fake_engines.Brush.seen]
    assert len(set(seeds)) == 3


def test_a_second_set_of_engines_is_a_candidate(recipe: Recipe, tmp_path: Path) -> None:
    judged_by(lambda number, pair: [BAD, GOOD][number])
    other = {"follow": {"engine": "fake", "name": "other brush"}}
    build({**recipe, "candidates": {"engines": [other]}}, out=tmp_path / "o", workers=1)
    (row,) = iter_rows(tmp_path / "o")
    assert json.loads(row["provenance"])["engines"] == ["other brush"]
    (lost,) = rejected(tmp_path / "o")
    assert lost["instead"] and lost["rule"] == "judge: follows" and lost["value"] == 0.2


def test_retries_change_seed_then_wording_and_end_with_the_budget(recipe: Recipe, tmp_path: Path) -> None:
    judged_by(lambda number, pair: GOOD if number == 2 else BAD)
    build({**recipe, "candidates": {"retries": 5}}, out=tmp_path / "o", workers=1)
    (row,) = iter_rows(tmp_path / "o")
    first, second, third = fake_engines.Brush.seen  # no more than needed
    assert first.instruction == second.instruction and first.seed != second.seed
    assert third.instruction != first.instruction and row["instruction"] == third.instruction
    assert first.instruction in row["phrasings"]

    fake_engines.Brush.seen.clear()
    judged_by(lambda number, pair: BAD)
    summary = build({**recipe, "candidates": {"retries": 2}}, out=tmp_path / "p", workers=1)
    assert summary["total"] == 0 and len(fake_engines.Brush.seen) == 3
    (lost,) = rejected(tmp_path / "p")
    assert not lost["instead"] and lost["rule"] == "judge: follows" and len(lost["scores"]) >= 3


def test_a_good_edit_that_did_something_else_gets_the_judges_words(recipe: Recipe, tmp_path: Path) -> None:
    words = "Paint a block on the street"

    def plan(number: int, pair: PairToJudge) -> Judgement:
        return GOOD if pair.instruction == words else Judgement(0.1, 0.9, 0.9, "a block", words)

    judged_by(plan)
    build({**recipe, "candidates": {"rewrite": True}}, out=tmp_path / "o", workers=1)
    (row,) = iter_rows(tmp_path / "o")
    made_of = json.loads(row["provenance"])
    assert row["instruction"] == words and made_of["writer"] == "rewritten by the judge"
    assert made_of["asked"] not in (words, "") and row["phrasings"] == []

    judged_by(lambda number, pair: Judgement(0.1, 0.9, 0.1, "a smear", words))  # not good: no words save it
    summary = build({**recipe, "candidates": {"rewrite": True}}, out=tmp_path / "p", workers=1)
    assert summary["total"] == 0


def test_a_judge_without_answer_is_a_failed_gate(recipe: Recipe, tmp_path: Path) -> None:
    judged_by(lambda number, pair: EngineError("spoke in riddles"))
    assert build(recipe, out=tmp_path / "o", workers=1)["total"] == 0
    (lost,) = rejected(tmp_path / "o")
    assert lost["rule"] == "judge: follows" and "spoke in riddles" in lost["note"]


def test_an_editor_that_gives_the_source_back_is_caught(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake_engines.Brush, "follow", lambda self, jobs: [job.picture for job in jobs])
    assert build(recipe, out=tmp_path / "o", workers=1)["total"] == 0
    assert rejected(tmp_path / "o")[0]["rule"] == "changed share"


def test_preferences_are_exported(recipe: Recipe, tmp_path: Path) -> None:
    judged_by(lambda number, pair: [Judgement(0.8, 0.8, 0.8), GOOD][number % 2])
    build({**recipe, "pairs": 2, "effort": 2, "candidates": {"seeds": 2}}, out=tmp_path / "o", workers=1)
    assert export(tmp_path / "o", "preferences", tmp_path / "e") == 2
    rows = [r for p in sorted((tmp_path / "e" / "data").glob("*.parquet")) for r in read_table(p).to_pylist()]
    kept = {row["id"]: row for row in iter_rows(tmp_path / "o")}
    for row in rows:
        assert row["chosen"]["bytes"] == kept[row["id"]]["edited"]["bytes"] != row["rejected"]["bytes"]
        assert row["chosen_merit"] > row["rejected_merit"] and row["prompt"] == kept[row["id"]]["instruction"]
        assert {s["name"] for s in row["rejected_scores"]} >= {"judge: follows"}


def test_merit_is_the_mean_distance_from_the_limits() -> None:
    near, far = Verdict("a", 0.22, 0.2, None, True), Verdict("a", 0.4, 0.2, None, True)
    assert merit([near]) == pytest.approx(0.1) and merit([far]) == 1
    assert merit([Verdict("b", 6, None, 8, True)]) == pytest.approx(0.25)
    assert merit([Verdict("c", None, 1, None, None)]) == 0
    assert merit([far, Verdict("d", None, None, None, False, "error")]) == 0


# ------------------------------------------------------------------------------------------------- a model's instructions
ANSWER = {
    "params": {"aspect": "time", "value": "night"}, "instruction": "Make it night on this street",
    "phrasings": ["Let night fall", "Show the street at night", "Turn day into night"], "vague": "Make it dark",
    "detailed": "Make it night on this street, with a dark sky above", "edited_object": "the street",
    "caption_after": "A street under the night sky",
}  # fmt: skip


@pytest.fixture
def written(recipe: Recipe) -> Recipe:
    return {
        **recipe, "types": ["tone_transfer"], "route": "pipeline", "presets": [], "engines": {"write": "fake"},
        "instructions": {"writer": "llm"},
    }  # fmt: skip


def answers(answer: Any, sensible: str = "yes") -> None:
    def plan(prompt: Prompt) -> Any:
        assert prompt.schema is not None
        if "sensible" in prompt.schema["properties"]:
            return {"reason": "the sky is missing", "sensible": sensible}
        return answer

    fake_engines.Pen.plan = staticmethod(plan)  # type: ignore[assignment]


def test_a_model_fills_in_the_types_parameters_and_says_them_in_several_ways(
    written: Recipe, tmp_path: Path
) -> None:
    answers(ANSWER)
    build(written, out=tmp_path / "o", workers=1)
    (row,) = iter_rows(tmp_path / "o")
    assert json.loads(row["params"]) == {"aspect": "time", "value": "night"}
    assert row["instruction"] == ANSWER["instruction"] and row["edited_caption"] == ANSWER["caption_after"]
    assert {"Make it dark", "Let night fall", ANSWER["detailed"]} <= set(row["phrasings"])
    assert json.loads(row["provenance"])["writer"] == "pen"
    asked, check = fake_engines.Pen.seen
    form = asked.schema["properties"]  # type: ignore[index]
    assert form["params"]["properties"]["aspect"]["enum"] == [
        "time",
        "weather",
        "season",
    ]  # enforced from Params
    assert form["phrasings"]["minItems"] == 3 and "A street under the sky" in asked.text
    assert (
        sum(
            line.startswith("- ")
            for line in asked.text.split("Examples")[1].split("Write one")[0].splitlines()
        )
        == 5
    )
    assert ANSWER["instruction"] in check.text


@pytest.mark.parametrize(
    ("answer", "sensible", "rule", "note"),
    [
        (
            EngineError("no usable answer in 3 tries; the last: no JSON object"),
            "yes",
            "no usable answer",
            "no JSON",
        ),
        ({**ANSWER, "params": {"aspect": "smell", "value": "night"}}, "yes", "no usable answer", "params"),
        (ANSWER, "no", "self-check", "the sky is missing"),
    ],
)
def test_what_cannot_be_used_is_put_aside_with_its_reason(
    written: Recipe, tmp_path: Path, answer: Any, sensible: str, rule: str, note: str
) -> None:
    answers(answer, sensible)
    assert build(written, out=tmp_path / "o", workers=1)["total"] == 0
    (row,) = rejected(tmp_path / "o")
    assert (row["step"], row["rule"]) == ("instruct", rule) and note in row["note"]


def test_grammar_takes_over_when_asked(written: Recipe, tmp_path: Path) -> None:
    answers(EngineError("no usable answer"))
    written["instructions"] = {"writer": "llm", "fallback": True}
    build({**written, "effort": 3}, out=tmp_path / "o", workers=1)
    (row,) = iter_rows(tmp_path / "o")
    assert json.loads(row["provenance"])["writer"] == "grammar"


def test_accepted_instructions_of_earlier_rounds_become_examples(written: Recipe, tmp_path: Path) -> None:
    turns: list[str] = []

    def plan(prompt: Prompt) -> Any:
        assert prompt.schema is not None
        if "sensible" in prompt.schema["properties"]:
            return {
                "reason": "",
                "sensible": "no" if len(turns) in (2, 3) else "yes",
            }  # so a later round is needed
        turns.append(prompt.text)
        return {**ANSWER, "instruction": f"Make it night, number {len(turns)}"}

    fake_engines.Pen.plan = staticmethod(plan)  # type: ignore[assignment]
    written["instructions"] = {"writer": "llm", "enhance": 1.0}
    build({**written, "pairs": 2, "effort": 4}, out=tmp_path / "o", workers=1)
    first, later = (
        [turn for turn in turns if "number 1" not in turn],
        [turn for turn in turns if "number 1" in turn],
    )
    assert turns == first + later and first and later
    assert 'street under the sky": Make it night, number 1' in later[0]


def test_a_build_with_candidates_and_a_model_is_the_same_again(written: Recipe, tmp_path: Path) -> None:
    answers(ANSWER)
    rows = []
    for name in ("a", "b"):
        build({**written, "candidates": {"seeds": 2, "retries": 1}}, out=tmp_path / name, workers=1)
        rows.append(list(iter_rows(tmp_path / name)))
    assert rows[0] == rows[1]


def test_items_share_batches_and_the_bytes_are_those_of_one_after_the_other(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = {"Stylised by 1": BAD}
    judged_by(
        lambda number, pair: BAD if pair.after[30, 30].sum() % 3 == 0 else bad.get(pair.instruction, GOOD)
    )
    asked = {**recipe, "pairs": 6, "shard": 2, "types": ["style_change", "tone_transfer"], "effort": 2}
    asked["candidates"] = {"seeds": 2, "retries": 1}
    calls: dict[str, list[int]] = {}
    for name in ("alone", "together"):
        sizes = calls[name] = []
        follow = fake_engines.Brush.follow

        def counted(self: Any, jobs: Any, follow: Any = follow, sizes: list[int] = sizes) -> Any:
            sizes.append(len(jobs))
            return follow(self, jobs)

        with monkeypatch.context() as patched:
            patched.setattr(fake_engines.Brush, "follow", counted)
            if name == "together":
                for cls in (fake_engines.Brush, fake_engines.Jury):
                    patched.setattr(cls, "gathers", True, raising=False)
                    patched.setattr(cls, "batch", 4, raising=False)
            build(asked, out=tmp_path / name, workers=1)
    assert sum(calls["alone"]) == sum(calls["together"]) > 8
    assert max(calls["alone"]) == 1 and len(calls["together"]) <= 0.6 * len(calls["alone"])
    parts = ("01-sources", "02-instructions", "03-accepted", "04-edits", "rejected")
    for path in (path for part in parts for path in sorted((tmp_path / "alone" / part).iterdir())):
        assert path.read_bytes() == (tmp_path / "together" / path.parent.name / path.name).read_bytes(), path
    assert len(rejected(tmp_path / "alone")) > 2
    alone, together = (list(iter_rows(tmp_path / name)) for name in ("alone", "together"))
    drawn = [json.loads(row["provenance"]) for row in together]
    assert all(len(of["shard"]) == 2 and of["draw"]["index"] in [d[0] for d in of["shard"]] for of in drawn)
    for rows in (alone, together):
        for row in rows:
            del row["provenance"]
    assert alone == together and len(alone) >= 4
    done = reproduce(tmp_path / "alone", alone[0]["id"])
    assert done.differing == ()
