"""Engines whose answers are known beforehand, for tests of what asks them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from anyedit.engines.roles import Prompt, Scene, Written
from anyedit.errors import EngineError
from anyedit.records import Pixels

PLACES = {"describe": "Describer", "generate": "PictureMaker", "write": "Writer"}


class Describer:
    """Says how red a picture is; refuses very dark ones."""

    version = "planted describer"

    def caption(self, pictures: Sequence[Pixels]) -> list[Any]:
        shades = [int(picture[..., 0].mean()) for picture in pictures]
        return [f"A wall of\nredness {s}" if s >= 20 else EngineError("too dark to see") for s in shades]


class PictureMaker:
    """Paints noise that depends on caption and seed."""

    version = "planted painter"

    def generate(self, scenes: Sequence[Scene]) -> list[Any]:
        made = []
        for scene in scenes:
            rng = np.random.default_rng([scene.seed, len(scene.caption)])
            noise = rng.normal(0, 25, (scene.size[1], scene.size[0], 3)) + (150, 120, 90)
            made.append(noise.clip(0, 255).astype(np.uint8))
        return made


class Writer:
    """Writes what it is asked to, out of the prompt; about one concept, beside the point."""

    version = "planted writer"

    def write(self, prompts: Sequence[Prompt]) -> list[Any]:
        answers = []
        for prompt in prompts:
            told = prompt.text.split("shows ")[1].split(", at most")[0]
            told = "An empty plain" if "fox" in told else f"Here stands {told}"
            answers.append(Written(told, {"caption": told}))
        return answers
