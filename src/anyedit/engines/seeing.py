"""What any vision-language model that writes can also do: caption, answer, and judge pairs.

A class that has `write` for prompts with pictures gets the other two roles from here, so that one model (and
one copy of its weights) plays them all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from anyedit.engines.roles import Judgement, Or, PairToJudge, Prompt, Written
from anyedit.errors import EngineError
from anyedit.records import Pixels

CAPTION = "Describe this picture in one plain sentence: the main things, their colours and where they are."
ANSWER = (
    "Look at the picture and answer in as few words as you can. To a yes-or-no question answer yes or no.\n"
)
JUDGE_SYSTEM = (
    "You examine edited pictures strictly. You look for what was asked, for what changed although it was not "
    "asked, and for flaws of the picture. You answer in JSON."
)
JUDGE = """The first picture was edited to this instruction: "{instruction}". The second picture is the result.{after}
Give three scores from 0 (not at all) to 10 (perfectly):
- follows: was exactly this done, wholly, to the right thing?
- keeps: is everything else as it was: other things, people, background, framing, colours?
- looks: does the result look real and clean, without smears, seams or broken shapes?
said: in one sentence, what changed between the pictures.
rewritten: when something else was done than asked, and done well, the instruction that asks for what was done;
else an empty text."""
SCORE = {"type": "number", "minimum": 0, "maximum": 10}
JUDGEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "said": {"type": "string"},
        "follows": SCORE,
        "keeps": SCORE,
        "looks": SCORE,
        "rewritten": {"type": "string"},
    },
    "required": ["said", "follows", "keeps", "looks", "rewritten"],
    "additionalProperties": False,
}


class Seeing(ABC):
    """Caption, answer and judge, said as prompts with pictures. Subclasses write."""

    @abstractmethod
    def write(self, prompts: Sequence[Prompt]) -> list[Or[Written]]:
        """See roles.TextWriter."""

    def caption(self, pictures: Sequence[Pixels]) -> list[Or[str]]:
        """See roles.Describer."""
        asked = [Prompt(CAPTION, pictures=(p,), most=80, temperature=0) for p in pictures]
        return [_text(answer) for answer in self.write(asked)]

    def answer(self, pictures: Sequence[Pixels], questions: Sequence[str]) -> list[Or[str]]:
        """See roles.Describer."""
        asked = [
            Prompt(f"{ANSWER}{question}", pictures=(picture,), most=24, temperature=0)
            for picture, question in zip(pictures, questions, strict=True)
        ]
        return [short_answer(answer) for answer in map(_text, self.write(asked))]

    def judge(self, pairs: Sequence[PairToJudge]) -> list[Or[Judgement]]:
        """See roles.Judge. Scores of 0 to 10 become [0, 1]."""
        asked = [
            Prompt(
                JUDGE.format(
                    instruction=pair.instruction,
                    after=f" It should show: {pair.caption_after}" if pair.caption_after else "",
                ),
                JUDGE_SYSTEM,
                (pair.before, pair.after),
                JUDGEMENT,
                most=300,
                temperature=0,
            )
            for pair in pairs
        ]
        return [_judgement(answer) for answer in self.write(asked)]


def _text(answer: Or[Written]) -> Or[str]:
    return answer if isinstance(answer, EngineError) else " ".join(answer.text.split())


def short_answer(answer: Or[str]) -> Or[str]:
    """An answer without capitals, full stop and talk: "Yes, it is." becomes "yes"."""
    if isinstance(answer, EngineError):
        return answer
    plain = answer.strip().lower().rstrip(".! ")
    first = plain.replace(",", " ").replace(".", " ").split()[:1]
    return first[0] if first and first[0] in ("yes", "no") else plain


def _judgement(answer: Or[Written]) -> Or[Judgement]:
    if isinstance(answer, EngineError):
        return answer
    value = answer.value
    return Judgement(
        follows=float(value["follows"]) / 10,
        keeps=float(value["keeps"]) / 10,
        looks=float(value["looks"]) / 10,
        said=value["said"].strip(),
        rewritten=value["rewritten"].strip(),
    )
