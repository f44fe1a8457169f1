"""Rules by a vision-language judge that looks at both pictures: for any type, and for pairs of any origin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from anyedit.edits import perceived
from anyedit.edits.base import Case, EditType, Rule
from anyedit.edits.published import after, before
from anyedit.engines.roles import Judgement, PairToJudge
from anyedit.errors import EditNotPossible, EngineError

NOTE = "judgement"


def judgement(case: Case) -> Judgement | None:
    """The judge's scores, asked for once for each wording and picture. Raises EditNotPossible when it gives none."""
    if case.tools is None or not case.tools.has("judge"):
        return None
    key = f"{NOTE} of {case.text}"
    kept = case.notes.get(key)
    if kept is None or kept[0] is not case.done.picture:
        pair = PairToJudge(case.view.picture, case.done.picture, case.text, case.edited_caption)
        kept = (case.done.picture, case.tools.judge.judge([pair])[0])
        case.notes[key] = kept
    found: Judgement | EngineError = kept[1]
    if isinstance(found, EngineError):
        raise EditNotPossible(f"no judgement: {found}")
    return found


def judged_together(cases: Sequence[Case]) -> None:
    """Ask the judge about many cases at once, so that networks get batches and servers get requests side by side."""
    asked = [case for case in cases if case.tools is not None and case.tools.has("judge")]
    if not asked:
        return
    judge = asked[0].tools.judge  # type: ignore[union-attr]
    pairs = [PairToJudge(c.view.picture, c.done.picture, c.text, c.edited_caption) for c in asked]
    for case, found in zip(asked, judge.judge(pairs), strict=True):
        case.notes[f"{NOTE} of {case.text}"] = (case.done.picture, found)


def _score(name: Literal["follows", "keeps", "looks"]) -> Callable[[Case], float | None]:
    def measure(case: Case) -> float | None:
        found = judgement(case)
        return None if found is None else float(getattr(found, name))

    return measure


FOLLOWS = "judge: follows"
RULES = (
    Rule(FOLLOWS, _score("follows"), low=0.7),
    Rule("judge: keeps the rest", _score("keeps"), low=0.7),
    Rule("judge: looks real", _score("looks"), low=0.6),
)


def checks_of(kind: EditType, presets: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of step 3: the type's own and those of the presets, each once."""
    rules = (*kind.checks, *(before(kind) if "published" in presets else ()))
    return tuple({rule.name: rule for rule in rules}.values())


def gates_of(kind: EditType, presets: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of step 5: the type's own and those of the presets."""
    published = after(kind) if "published" in presets else ()
    seen = perceived.RULES if "perceptual" in presets else ()
    return (*kind.gates, *published, *seen, *(RULES if "judge" in presets else ()))
