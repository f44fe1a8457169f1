"""A judge is believed only after its self-test, never guesses, and is asked in both orders."""

from __future__ import annotations

import base64
import io
import json
import math
from pathlib import Path

import judge_server
import numpy as np
import pytest
import small_suites as small
from PIL import Image

from anyedit.bench.judging import better, judged, prefer
from anyedit.bench.metrics.judge import JudgeServer, three_of_five, two_of_ten
from anyedit.bench.metrics.planted import planted
from anyedit.bench.report import tables
from anyedit.bench.results import read_rows
from anyedit.bench.run import run_suite
from anyedit.bench.runs import SuiteSpec
from anyedit.bench.scoring import score


def told(*numbers: float) -> str:
    return f'Here you are: {{"reasoning": "seen", "score": [{", ".join(map(str, numbers))}]}}'


def address(image) -> str:  # type: ignore[no-untyped-def]
    from anyedit.engines.openai.chat import data_url
    from anyedit.records import png

    return data_url(png(np.asarray(image)))


RIGHT = {group[0].instruction: address(group[0].output) for group in planted()}


def chosen_target(words: str, pictures: list[str]) -> str:
    """The answer of a judge that knows the planted targets, whose place in the order does not matter."""
    return json.dumps({"better": "first" if pictures[1] == RIGHT[words.split('"')[1]] else "second"})


class Plan:
    """Knows the planted cases; of real items it says `scores`, by words that are in the instruction."""

    def __init__(self, scores: dict[str, str], *, blind: bool = False, looks: str = told(9, 8)) -> None:
        self.scores, self.blind, self.looks = scores, blind, looks
        self.right = {
            (group[0].instruction, address(group[0].source), address(group[0].output)) for group in planted()
        }
        self.ours = {case.instruction for group in planted() for case in group}

    def __call__(self, words: str, pictures: list[str], seed: int) -> str:
        if len(pictures) == 1:
            return self.looks
        instruction = words.split('"')[1] if '"' in words else words.split("instruction: ")[1].splitlines()[0]
        if instruction in self.ours:
            right = self.blind or (instruction, *pictures) in self.right
            if "four lines" in words:
                return "Prompt Compliance: 5\nVisual: 5\nFidelity: 4" if right else "A: 1\nB: 1\nC: 1"
            return told(10, 10) if right else told(1, 9)
        return next(said for key, said in self.scores.items() if key in instruction)


def server(url: str) -> JudgeServer:
    return JudgeServer(
        "judge-1", url, key="NO_SUCH_KEY", input_price=2.0, output_price=10.0, retries=0, tries=3
    )


@pytest.fixture
def run(tmp_path: Path) -> Path:
    run_suite(str(small.gedit_hub(tmp_path / "gedit")), "identity", tmp_path / "run")
    return tmp_path / "run"


def test_viescore_is_the_root_of_the_two_minima_and_its_cost_is_shown(run: Path) -> None:
    plan = Plan({"car": told(8, 6.5), "cat": told(2, 10)})
    with judge_server.judging(plan) as (url, seen):
        results = score(run, [judged("gedit-2025", server(url))])
        count = len(seen)
        again = score(run, [judged("gedit-2025", server(url))])
        assert len(seen) == count  # every answer was kept: nothing is paid twice
    of = results["protocols"]["gedit-2025"]
    rows = {row["item"]: row["values"] for row in read_rows(run, "gedit-2025")}
    assert rows["color_alter-en-k1"] == {
        "vie_sc": 6.5,
        "vie_pq": 8.0,
        "vie_overall": pytest.approx(math.sqrt(52)),
    }
    assert rows["subject-add-en-k2"]["vie_sc"] == 2
    assert (
        "passed (12 of 12" in of["notes"]["judge's self-test"]
        and "identity" in of["notes"]["judge's self-test"]
    )
    assert of["facts"]["judge"]["usage"]["cost"] == pytest.approx(count * (100 * 2 + 10 * 10) / 1e6)
    assert again["protocols"]["gedit-2025"]["all"] == of["all"]
    assert of["settings"]["metrics"][0]["judge"]["model"] == "judge-1"
    (table,) = tables([run])
    assert any("self-test: passed" in note for note in table.notes)
    assert all(column["label"].endswith("(judge-1; our prompts)") for column in of["columns"])
    answers = (run / "scores" / "gedit-2025.answers.jsonl").read_text()
    assert "color_alter-en-k1: follows" in answers


def test_a_judge_that_fails_its_self_test_is_not_believed(run: Path) -> None:
    with judge_server.judging(Plan({"": told(9, 9)}, blind=True)) as (url, seen):
        results = score(run, [judged("viescore", server(url))])
    of = results["protocols"]["viescore"]
    assert of["notes"]["judge's self-test"].startswith("FAILED") and of["all"]["vie_overall"]["value"] is None
    assert not any("make the car blue" in words for words in seen)  # no item is paid for


def test_an_answer_that_cannot_be_read_is_asked_again_then_unscored_and_counted(run: Path) -> None:
    plan = Plan({"car": "I think about seven.", "cat": told(4, 4)})
    with judge_server.judging(plan) as (url, seen):
        results = score(run, [judged("viescore", server(url))])
    of = results["protocols"]["viescore"]
    assert of["all"]["vie_sc"] == {"value": 4.0, "low": None, "high": None, "n": 1}
    assert of["facts"]["judge"]["unscored"] == 1 and of["notes"]["unscored"].startswith("1 of 2")
    assert sum("make the car blue" in words for words in seen) == 3
    answers = [json.loads(x) for x in (run / "scores" / "viescore.answers.jsonl").read_text().splitlines()]
    assert sum(a["asked"] == "color_alter-en-k1: follows" for a in answers) == 3


def test_imgedit_uses_the_published_prompts_and_three_scales(tmp_path: Path) -> None:
    folder = small.imgedit_folder(tmp_path / "img")
    told_prompts = {
        kind: f"{kind}: rate in four lines, instruction: <edit_prompt>\n" for kind in ("adjust", "style")
    }
    (folder / "prompts.json").write_text(json.dumps(told_prompts))
    run_suite(str(folder), "identity", tmp_path / "run")
    plan = Plan(
        {
            "shell": "Brief reasoning: ok: 3\nPrompt Compliance: 4\nVisual Seamlessness: 5\nFidelity: 3",
            "woodblock": "Style: 2\nContent: 2\nQuality: 1",
        }
    )
    plan.scores["shell"] = (
        "Brief reasoning: fine.\nPrompt Compliance: 4\nVisual Seamlessness: 5\nPhysical & Detail Fidelity: 3"
    )
    with judge_server.judging(plan) as (url, seen):
        results = score(tmp_path / "run", [judged("imgedit-2025", server(url), str(folder))])
    rows = {row["item"]: row["values"]["imgedit"] for row in read_rows(tmp_path / "run", "imgedit-2025")}
    assert rows == {"1082": 4.0, "673": pytest.approx(5 / 3)}
    assert "published prompts" in results["protocols"]["imgedit-2025"]["columns"][0]["label"]
    assert any(words.startswith("style: rate") for words in seen)


def test_answers_are_read_strictly() -> None:
    assert two_of_ten(told(3, 7.5)) == (3, 7.5)
    for text in (told(3), told(3, 11), told(-1, 2), "score: 3, 4", told(1, 2) + told(3, 4), ""):
        assert two_of_ten(text) is None
    assert three_of_five("Brief reasoning: no change.\nA: 1\nB: 4\nC & D: 5") == (1, 4, 5)
    for text in ("A: 1\nB: 2", "A: 1\nB: 2\nC: 6", "A: 1\nB: 2\nC: 3\nD: 4", "A: one\nB: 2\nC: 3"):
        assert three_of_five(text) is None
    assert better('{"better": "second"}') == (-1.0,) and better('{"better": "both"}') is None


def test_preference_asks_in_both_orders_and_counts_what_follows_the_position(tmp_path: Path) -> None:
    suite = str(small.magicbrush_folder(tmp_path / "suite"))
    for name in ("identity", "oracle"):
        run_suite(suite, name, tmp_path / name)
    targets = set()
    from anyedit.bench.items import image_of

    opened = SuiteSpec(suite).open()
    targets = {address(image_of(item.target)) for item in opened.items}  # type: ignore[arg-type]

    def plan(words: str, pictures: list[str], seed: int) -> str:
        if words.split('"')[1] in RIGHT:
            return chosen_target(words, pictures)
        if "139" in words:
            return '{"better": "first"}'  # always the first: says nothing
        if "in 30" in words:
            return "cannot say"
        first, second = (picture in targets for picture in pictures[1:])
        assert first != second or "7" in words
        return json.dumps({"better": "first" if first else "second"})

    with judge_server.judging(plan) as (url, _):
        made = prefer(tmp_path / "oracle", tmp_path / "identity", server(url))
    # 139: three turns that follow the position; 30: unscored; 7-2: both outputs are a target, so "first" twice
    assert (made.wins, made.losses, made.turned, made.ties, made.unscored) == (1, 0, 4, 4, 1)
    assert made.share.n == 5 and made.share.value == pytest.approx(0.6)
    assert made.self_test == "passed (16 of 16 answers right: 8 of 8 against identity, 8 of 8 against blank)"
    kept = json.loads((tmp_path / "oracle" / "scores" / "preference.json").read_text())
    assert kept["self_test"] == made.self_test


def brightness(picture: str) -> float:
    with Image.open(io.BytesIO(base64.b64decode(picture.split(",")[1]))) as opened:
        return float(np.asarray(opened.convert("RGB"), float).mean())


BLIND = {
    "the first": lambda pictures: "first",
    "the second": lambda pictures: "second",
    "neither": lambda pictures: "tie",
    "the brighter": lambda p: "first" if brightness(p[1]) > brightness(p[2]) else "second",
    "the darker": lambda p: "first" if brightness(p[1]) < brightness(p[2]) else "second",
}


@pytest.mark.parametrize("habit", BLIND)
def test_a_preference_that_goes_by_position_or_brightness_is_not_believed(tmp_path: Path, habit: str) -> None:
    suite = str(small.magicbrush_folder(tmp_path / "suite"))
    for name in ("identity", "oracle"):
        run_suite(suite, name, tmp_path / name)

    def plan(words: str, pictures: list[str], seed: int) -> str:
        return json.dumps({"better": BLIND[habit](pictures)})

    with judge_server.judging(plan) as (url, seen):
        made = prefer(tmp_path / "oracle", tmp_path / "identity", server(url))
    assert made.self_test.startswith("FAILED") and made.share.value is None
    assert (made.wins, made.losses, made.ties, made.unscored) == (0, 0, 0, 0)
    assert len(seen) == 16 and not any("make change" in words for words in seen)  # no item is paid for
