"""Engines that do what a test plans: named in ENGINES by place, so that builds make them as they make real ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from anyedit.engines.roles import Instructed, Judgement, PairToJudge, Prompt, Written
from anyedit.errors import EngineError
from anyedit.seeds import rng_of


@dataclass(frozen=True)
class Brush:
    """Role follow: paints a block whose colour hangs on the seed and the words."""

    name: str = "brush"
    seen: ClassVar[list[Instructed]] = []

    @property
    def version(self) -> str:
        return self.name

    def follow(self, jobs: Sequence[Instructed]) -> list[Any]:
        self.seen.extend(jobs)
        made = []
        for job in jobs:
            picture = job.picture.copy()
            colour = rng_of(job.seed, job.instruction, self.name).integers(0, 256, 3)
            picture[20:60, 20:80] = colour
            made.append(picture)
        return made


@dataclass(frozen=True)
class Jury:
    """Role judge: scores by `plan`, which is given the pair and its number."""

    plan: ClassVar[Callable[[int, PairToJudge], Judgement | EngineError]]
    seen: ClassVar[list[PairToJudge]] = []

    @property
    def version(self) -> str:
        return "jury"

    def judge(self, pairs: Sequence[PairToJudge]) -> list[Any]:
        answers = []
        for pair in pairs:
            answers.append(type(self).plan(len(self.seen), pair))
            self.seen.append(pair)
        return answers


@dataclass(frozen=True)
class Pen:
    """Role write: answers by `plan`, which is given the prompt; a dict is what a model wrote as JSON."""

    plan: ClassVar[Callable[[Prompt], dict[str, Any] | EngineError]]
    seen: ClassVar[list[Prompt]] = []

    @property
    def version(self) -> str:
        return "pen"

    def write(self, prompts: Sequence[Prompt]) -> list[Any]:
        self.seen.extend(prompts)
        found = [type(self).plan(prompt) for prompt in prompts]
        return [f if isinstance(f, EngineError) else Written(json.dumps(f), f) for f in found]


@dataclass(frozen=True)
class Sight:
    """Roles image_text, features and sentences: brightness as the only feature."""

    @property
    def version(self) -> str:
        return "sight"

    def image_text(self, pictures: Sequence[Any], texts: Sequence[str]) -> Any:
        return np.asarray([float(p.mean()) / 255 for p in pictures], np.float32)

    def features(self, pictures: Sequence[Any]) -> Any:
        return np.asarray([[float(p.mean()) / 255, 1.0] for p in pictures], np.float32)

    def sentences(self, texts: Sequence[str]) -> Any:
        return np.asarray([[1.0 if "bright" in text else 0.0, 1.0] for text in texts], np.float32)
