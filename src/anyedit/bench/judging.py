"""Protocols whose metric is a judge, and the preference between two runs."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from anyedit.bench.features import FEATURES, Features
from anyedit.bench.items import BenchError, Item, Picture, encoded
from anyedit.bench.metrics.judge import JudgeServer, Question, ask
from anyedit.bench.metrics.planted import planted
from anyedit.bench.metrics.scales import SELF_TEST, ThreeScales, VIEScore
from anyedit.bench.protocol import Protocol
from anyedit.bench.runs import read_run
from anyedit.bench.statistics import Mean, mean_of
from anyedit.bench.suites.imgedit import judge_prompts
from anyedit.errors import nearest

JUDGED = ("viescore", "gedit-2025", "imgedit-2025")
PREFER = """Three pictures are shown: an original, then two edits of it, both made with the instruction:
"{instruction}"
Which edit follows the instruction better while it keeps everything else and looks clean?
Answer with one JSON object {{"reasoning": "...", "better": "first"}}, where better is "first" (the second picture),
"second" (the third picture) or "tie".
"""


def judged(name: str, judge: JudgeServer, suite_folder: str = "") -> Protocol:
    """A judged protocol. viescore, gedit-2025 (the same on GEdit-Bench, missing outputs dropped as its script does;
    in both the scales are the published ones, the words of the prompts ours), imgedit-2025 (three 1-5 scales, by the published prompts where
    the suite carries them)."""
    if name == "viescore":
        return Protocol(
            name, "VIEScore by a judge, our prompts", (VIEScore(judge),), source="arXiv 2312.14867"
        )
    if name == "gedit-2025":
        about = "GEdit-Bench: SC = min of two, PQ = min of two, overall = sqrt(SC x PQ), by a judge with our prompts"
        return Protocol(name, about, (VIEScore(judge),), missing="drop", source="arXiv 2504.17761; VIEScore")
    if name == "imgedit-2025":
        prompts = tuple(sorted(judge_prompts(Path(suite_folder)).items())) if suite_folder else ()
        about = "ImgEdit-Bench: the mean of three 1-5 scales, by a judge"
        return Protocol(
            name, about, (ThreeScales(judge, prompts),), missing="drop", source="arXiv 2505.20275"
        )
    raise BenchError(f"no judged protocol is named '{name}'{nearest(name, JUDGED)}")


@dataclass(frozen=True)
class Preference:
    """How often A was preferred to B. share: of A's wins, a tie as half, with its interval. turned: items where the
    judge's choice followed the position; they are ties. unscored: no answer that could be read. self_test: what the
    judge said of planted pairs; a judge that failed there is asked nothing else, and share has no value."""

    a: str
    b: str
    wins: int
    losses: int
    ties: int
    turned: int
    unscored: int
    share: Mean
    judge: dict[str, Any]
    usage: dict[str, float]
    self_test: str


def prefer(a: str | Path, b: str | Path, judge: JudgeServer, out: str | Path | None = None) -> Preference:
    """Ask a judge which run's output is better, item by item and in both orders; `anyedit bench prefer`.

    The judge first has to prefer planted targets (`prefers_right`); else no item is paid for.

    out: folder for `preference.json` and the raw answers (default: run A's `scores`).
    """
    runs = [read_run(folder) for folder in (a, b)]
    if runs[0].fingerprint != runs[1].fingerprint:
        raise BenchError(f"{a} and {b} are not runs on one suite")
    items = runs[0].suite.open().items
    both: list[tuple[Item, Picture, Picture]] = []
    for item in (item for item in items if item.scored):
        ours, theirs = (run.output(item) for run in runs)
        if ours is not None and theirs is not None:
            both.append((item, ours, theirs))
    features = Features(runs[0].folder.parent / FEATURES)
    try:
        passed, self_test = prefers_right(judge, features)
        both = both if passed else []
        made = ask(
            judge,
            [
                q
                for item, *pair in both
                for q in _in_both_orders(item.id, item.instruction, item.source, *pair)
            ],
            features,
        )
    finally:
        features.cache.close()
    counts = {"win": 0, "loss": 0, "tie": 0, "turned": 0, "unscored": 0}
    shares: list[float | None] = []
    for number in range(len(both)):
        outcome = _outcome(made[2 * number], made[2 * number + 1])
        counts[outcome] += 1
        shares.append({"win": 1.0, "loss": 0.0, "unscored": None}.get(outcome, 0.5))
    share = mean_of(shares, [item.session or item.id for item, _, _ in both])
    told = Preference(
        runs[0].name,
        runs[1].name,
        counts["win"],
        counts["loss"],
        counts["tie"] + counts["turned"],
        counts["turned"],
        counts["unscored"],
        share,
        asdict(judge),
        judge.chat.meter.total.as_counts(),
        self_test,
    )
    folder = Path(out) if out else runs[0].folder / "scores"
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / "preference.json", json.dumps(asdict(told), indent=1))
    _put(
        folder / "preference.answers.jsonl",
        "\n".join(json.dumps(answer) for answer in features.journal.answers),
    )
    return told


def prefers_right(judge: JudgeServer, features: Features) -> tuple[bool, str]:
    """Whether the judge prefers a planted target to the unchanged picture and to a blank one, asked in both orders
    (90% of 16 answers), and that in words. One that goes by the position is right half of the time."""
    cases = [
        (target, other)
        for target, *others in planted()
        for other in others
        if other.kind in ("identity", "blank")
    ]
    made = ask(
        judge,
        [
            question
            for target, other in cases
            for question in _in_both_orders(
                f"self-test {other.name}",
                target.instruction,
                *(encoded(picture) for picture in (target.source, target.output, other.output)),
            )
        ],
        features,
    )
    right = {"identity": 0, "blank": 0}
    for (_, other), *answers in zip(cases, made[::2], made[1::2], strict=True):
        right[other.kind] += (answers[0] == (1.0,)) + (answers[1] == (-1.0,))
    passed = sum(right.values()) >= SELF_TEST * len(made)
    verdict = "passed" if passed else "FAILED, so no preference is shown"
    shown = ", ".join(f"{count} of {len(made) // 2} against {kind}" for kind, count in right.items())
    return passed, f"{verdict} ({sum(right.values())} of {len(made)} answers right: {shown})"


def _in_both_orders(name: str, instruction: str, source: Picture, a: Picture, b: Picture) -> list[Question]:
    """Which of two is better: A first, then B first."""
    text = PREFER.format(instruction=instruction)
    return [
        Question(f"{name}: A first", text, (source, a, b), better),
        Question(f"{name}: B first", text, (source, b, a), better),
    ]


def better(text: str) -> tuple[float, ...] | None:
    """1 for "first", -1 for "second", 0 for "tie"; None when the answer says none of them, or several."""
    found = re.findall(r'"better"\s*:\s*"(first|second|tie)"', text)
    return ({"first": 1.0, "second": -1.0, "tie": 0.0}[found[0]],) if len(found) == 1 else None


def _outcome(a_first: tuple[float, ...] | None, b_first: tuple[float, ...] | None) -> str:
    if a_first is None or b_first is None:
        return "unscored"
    x, y = a_first[0], -b_first[0]  # both as a choice for A
    if x == y:
        return {1.0: "win", -1.0: "loss"}.get(x, "tie")
    return "turned" if x == -y else "tie"


def _put(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    temporary.write_text(text)
    os.replace(temporary, path)
