"""What a judge scores: VIEScore (Ku et al. 2024, arXiv 2312.14867) and ImgEdit's three scales.

Before its scores are believed a judge passes a self-test on planted cases; else no score is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anyedit.bench.items import Picture, encoded
from anyedit.bench.metrics import Column, Pair
from anyedit.bench.metrics.judge import JudgeServer, Question, ask, three_of_five, two_of_ten
from anyedit.bench.metrics.planted import Planted, planted

if TYPE_CHECKING:
    from anyedit.bench.features import Features

FOLLOWS = """Two pictures are shown: the first before, the second after an edit. The instruction was:
"{instruction}"
Answer with one JSON object {{"reasoning": "...", "score": [success, restraint]}}.
success, 0 to 10: was what the instruction asks for done? 0: not at all, 10: completely.
restraint, 0 to 10: was everything that the instruction does not name left as it was? 0: another picture,
10: only what was asked for has changed.
"""
LOOKS = """One picture is shown, made by an image editor. Judge only how it looks.
Answer with one JSON object {"reasoning": "...", "score": [naturalness, artifacts]}.
naturalness, 0 to 10: are light, shadow, size and place of things right? 0: wholly wrong, 10: natural.
artifacts, 0 to 10: 0: distorted, smeared, watermarked or broken all over, 10: free of flaws.
"""
SCALES = """The first picture is the original, the second was edited with the instruction: <edit_prompt>
Rate the edit on three scales from 1 (failed) to 5 (perfect) and answer in exactly these four lines:
Brief reasoning: ...
Prompt Compliance: N
Visual Seamlessness: N
Physical & Detail Fidelity: N
Compliance: was exactly what was asked for done. Seamlessness: does the edited part belong to its picture.
Fidelity: are light, geometry and everything that should stay right. The last two are at most the first.
"""
SELF_TEST = 0.9  # share of planted comparisons that a judge has to get right


@dataclass(frozen=True)
class VIEScore:
    """SC = min(success, restraint), PQ = min(naturalness, artifacts), overall = sqrt(SC x PQ), each 0 to 10.

    The scales are the published ones; the words of the prompts (FOLLOWS, LOOKS) are ours, which the columns say."""

    judge: JudgeServer

    @property
    def columns(self) -> tuple[Column, ...]:
        """Three columns that carry the judge's name and whose prompts they are."""
        told = (("sc", "semantic consistency"), ("pq", "perceptual quality"), ("overall", "overall"))
        return tuple(
            Column(
                f"vie_{key}",
                f"VIEScore {key.upper() if key != 'overall' else key} ({self.judge.model}; our prompts)",
                "higher",
                about,
            )
            for key, about in told
        )

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """The scores of every pair; all None when the judge fails its self-test."""
        empty: dict[str, float | None] = {column.key: None for column in self.columns}
        if not passes(self, features):
            return [dict(empty) for _ in pairs]
        made = self.scores(
            [(pair.item.id, pair.item.instruction, pair.item.source, pair.output) for pair in pairs], features
        )
        told(self.judge, sum(score is None for score in made), len(made), features)
        return [dict(empty) if s is None else dict(zip(empty, s, strict=True)) for s in made]

    def scores(
        self, asked: Sequence[tuple[str, str, Picture, Picture]], features: Features
    ) -> list[tuple[float, float, float] | None]:
        """(SC, PQ, overall) of every (name, instruction, source, output)."""
        questions = [
            Question(f"{name}: follows", FOLLOWS.format(instruction=words), (source, output), two_of_ten)
            for name, words, source, output in asked
        ] + [Question(f"{name}: looks", LOOKS, (output,), two_of_ten) for name, _, _, output in asked]
        made = ask(self.judge, questions, features)
        found: list[tuple[float, float, float] | None] = []
        for follows, looks in zip(made[: len(asked)], made[len(asked) :], strict=True):
            if follows is None or looks is None:
                found.append(None)
                continue
            sc, pq = min(follows), min(looks)
            found.append((sc, pq, float(np.sqrt(sc * pq))))
        return found

    def planted_scores(self, cases: Sequence[Planted], features: Features) -> list[float | None]:
        """What the self-test compares: overall."""
        asked = [(f"self-test {c.name}", c.instruction, encoded(c.source), encoded(c.output)) for c in cases]
        return [None if score is None else score[2] for score in self.scores(asked, features)]


@dataclass(frozen=True)
class ThreeScales:
    """ImgEdit-Bench's judge: the mean of three 1-5 scores. prompts: edit type -> the published prompt, where the
    suite carries them; ours otherwise, which the result says."""

    judge: JudgeServer
    prompts: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column that carries the judge's name."""
        whose = "published prompts" if self.prompts else "our prompts"
        return (
            Column("imgedit", f"ImgEdit 1-5 ({self.judge.model}; {whose})", "higher", "mean of three scales"),
        )

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """The score of every pair; None when the judge fails its self-test."""
        if not passes(self, features):
            return [{"imgedit": None} for _ in pairs]
        asked = [(p.item.id, p.item.instruction, p.item.source, p.output, p.item.edit_type) for p in pairs]
        made = self._scores(asked, features)
        told(self.judge, sum(score is None for score in made), len(made), features)
        return [{"imgedit": score} for score in made]

    def _scores(
        self, asked: Sequence[tuple[str, str, Picture, Picture, str]], features: Features
    ) -> list[float | None]:
        by_type = dict(self.prompts)
        questions = [
            Question(
                name,
                by_type.get(kind, SCALES).replace("<edit_prompt>", words),
                (source, output),
                three_of_five,
            )
            for name, words, source, output, kind in asked
        ]
        return [None if s is None else float(np.mean(s)) for s in ask(self.judge, questions, features)]

    def planted_scores(self, cases: Sequence[Planted], features: Features) -> list[float | None]:
        """What the self-test compares: the mean of the scales."""
        asked = [
            (f"self-test {c.name}", c.instruction, encoded(c.source), encoded(c.output), "adjust")
            for c in cases
        ]
        return self._scores(asked, features)


def passes(metric: VIEScore | ThreeScales, features: Features) -> bool:
    """Whether the judge puts the true target above the unchanged picture, a blank one, and a wrong instruction."""
    cases = planted()
    scores = metric.planted_scores([case for group in cases for case in group], features)
    right = total = 0
    shown: dict[str, list[str]] = {}
    for number, (target, *others) in enumerate(cases):
        of = scores[number * (1 + len(others)) : (number + 1) * (1 + len(others))]
        for case, score in zip((target, *others), of, strict=True):
            shown.setdefault(case.kind, []).append("unscored" if score is None else f"{score:.1f}")
        best = of[0]
        for score in of[1:]:
            total += 1
            right += best is not None and score is not None and best > score
    passed = right >= SELF_TEST * total
    means = "; ".join(f"{kind} {', '.join(values)}" for kind, values in shown.items())
    verdict = "passed" if passed else "FAILED, so its scores are not shown"
    features.journal.notes["judge's self-test"] = f"{verdict} ({right} of {total} comparisons right: {means})"
    return passed


def told(server: JudgeServer, unscored: int, asked: int, features: Features) -> None:
    """Put what the judge was and did into the journal."""
    counts: dict[str, Any] = server.chat.meter.total.as_counts()
    used = (
        ", ".join(f"{key} {value:g}" for key, value in counts.items())
        or "nothing asked (all answers were kept)"
    )
    features.journal.notes["judge"] = f"{server.model} at temperature {server.temperature:g}; {used}"
    features.journal.notes["unscored"] = (
        f"{unscored} of {asked} items (no answer that could be read in {server.tries} tries)"
    )
    features.journal.facts["judge"] = {"unscored": unscored, "asked": asked, "usage": counts}
