"""Asking a vision-language model: its server, questions, answers that are read or asked again, all kept.

A judge never guesses: an answer that cannot be parsed is asked again and then is *unscored* and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from anyedit.bench.cache import key_of
from anyedit.bench.items import Picture, image_of
from anyedit.errors import EngineError
from anyedit.records import Pixels

if TYPE_CHECKING:
    from anyedit.bench.features import Features
    from anyedit.engines.openai.chat import Chat


@dataclass(frozen=True)
class JudgeServer:
    """Who judges and how; part of the protocol, so pinned in the result. Prices: dollars a million tokens.

    key: the NAME of the environment variable with the API key.
    """

    model: str
    base_url: str = "https://api.openai.com/v1"
    key: str = "OPENAI_API_KEY"
    temperature: float = 0.0
    tokens: int = 600  # of an answer, at most
    tries: int = 3
    concurrency: int = 8
    input_price: float = 0.0
    output_price: float = 0.0
    retries: int = 5
    wait: float = 1.0

    @cached_property
    def chat(self) -> Chat:
        """The client; requests, retries, tokens and cost are counted in its meter."""
        from anyedit.engines.openai.chat import Chat

        return Chat(
            model=self.model,
            base_url=self.base_url,
            key=self.key,
            concurrency=self.concurrency,
            input_price=self.input_price,
            output_price=self.output_price,
            retries=self.retries,
            wait=self.wait,
        )


@dataclass(frozen=True)
class Question:
    """One thing asked: words, pictures, and how its answer is read (None: it cannot be)."""

    name: str
    text: str
    pictures: tuple[Picture, ...]
    read: Callable[[str], tuple[float, ...] | None] = field(compare=False)


def two_of_ten(text: str) -> tuple[float, ...] | None:
    """The two scores of a VIEScore answer: one JSON list of two numbers in [0, 10] after "score"."""
    found = re.findall(r'"score"\s*:\s*\[\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*\]', text)
    return _within([found[0]], 0, 10) if len(found) == 1 else None


def three_of_five(text: str) -> tuple[float, ...] | None:
    """ImgEdit's three scores: exactly three lines that end in ": N", N in 1..5."""
    found = re.findall(r"^[^\n:]*[A-Za-z)*][^\n:]*:\s*\**([1-5])\**(?:\s*/\s*5)?[ .\t]*$", text, re.MULTILINE)
    return _within([tuple(found)], 1, 5) if len(found) == 3 else None


def _within(found: Sequence[Sequence[str]], low: float, high: float) -> tuple[float, ...] | None:
    try:
        numbers = tuple(float(text) for text in found[0])
    except ValueError:
        return None
    return numbers if all(low <= number <= high for number in numbers) else None


def ask(
    server: JudgeServer, questions: Sequence[Question], features: Features
) -> list[tuple[float, ...] | None]:
    """The scores of every question; None is unscored. Answers that could be read are kept by content, so none is
    paid twice; every raw answer goes to the journal."""
    from anyedit.engines.roles import Prompt

    stem = ("judge", server.model, server.base_url, server.temperature, server.tokens)
    keys = [key_of(*stem, q.text, *(features.digest(p) for p in q.pictures)) for q in questions]
    known = {key: bytes(value.astype(np.uint8)).decode() for key, value in features.cache.get(keys).items()}
    found: list[tuple[float, ...] | None] = [None] * len(questions)
    waiting = list(range(len(questions)))
    for attempt in range(server.tries):
        new = [i for i in waiting if keys[i] not in known]
        prompts = [
            Prompt(
                questions[i].text,
                pictures=tuple(_pixels(p) for p in questions[i].pictures),
                seed=attempt,
                most=server.tokens,
                temperature=server.temperature if attempt == 0 else max(server.temperature, 0.5),
            )
            for i in new
        ]
        said = dict(zip(new, server.chat.write(prompts), strict=True)) if prompts else {}
        left: list[int] = []
        for i in waiting:
            if i in said and isinstance(said[i], EngineError):
                features.journal.answers.append(
                    {"asked": questions[i].name, "error": str(said[i]), "attempt": attempt}
                )
                left.append(i)
                continue
            text = said[i].text if i in said else known[keys[i]]  # type: ignore[union-attr]
            found[i] = questions[i].read(text)
            features.journal.answers.append(
                {
                    "asked": questions[i].name,
                    "answer": text,
                    "scores": found[i],
                    "attempt": attempt,
                    "kept": i not in said,
                }
            )
            if found[i] is None:
                left.append(i)
            elif i in said:
                features.cache.put({keys[i]: np.frombuffer(text.encode(), np.uint8).astype(np.float32)})
        known = {key: text for key, text in known.items() if key not in {keys[i] for i in left}}
        waiting = left
        if not waiting:
            break
    return found


def _pixels(picture: Picture) -> Pixels:
    return np.asarray(image_of(picture), np.uint8)
