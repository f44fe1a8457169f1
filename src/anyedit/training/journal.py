"""What a run writes down while it goes: `log.jsonl`, and the trackers that were asked for."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from accelerate import Accelerator
from PIL import Image

from anyedit.errors import MissingExtra
from anyedit.training.recipe import TrainingRecipe


class Journal:
    """Lines of `out/log.jsonl`, each with its `step` and `what` (loss, types, validation, warning), and trackers.

    Lines after `start`, which a stopped run had written before its last checkpoint was reached again, are dropped.
    """

    def __init__(
        self, out: Path, accelerator: Accelerator, recipe: TrainingRecipe, start: int, quiet: bool
    ) -> None:
        self.file, self.accelerator, self.quiet = out / "log.jsonl", accelerator, quiet
        self.main = accelerator.is_main_process
        if self.main:
            lines = [line for line in read_log(out) if line["step"] <= start]
            partial = self.file.with_suffix(".partial")
            partial.write_text("".join(json.dumps(line) + "\n" for line in lines))
            partial.rename(self.file)
        accelerator.init_trackers("anyedit", init_kwargs={"wandb": {"name": recipe.name}})

    def write(self, what: str, step: int, numbers: dict[str, Any]) -> None:
        """One line, and the same figures for the trackers."""
        if not self.main:
            return
        with open(self.file, "a") as out:
            out.write(json.dumps({"step": step, "what": what, **numbers}) + "\n")
        shown = {
            f"{what}/{name}" if name != what else what: value
            for name, value in _flat(numbers).items()
            if isinstance(value, (int, float))
        }
        if shown:
            self.accelerator.log(shown, step=step)

    def picture(self, step: int, picture: Image.Image) -> None:
        """A grid of samples for the trackers."""
        for tracker in self.accelerator.trackers:
            if tracker.name == "tensorboard":
                tracker.log_images({"samples": np.asarray(picture)[None]}, step=step, dataformats="NHWC")
            else:
                tracker.log_images({"samples": [picture]}, step=step)

    def say(self, text: str) -> None:
        """One line for the person at the terminal."""
        if self.main and not self.quiet:
            print(text, file=sys.stderr, flush=True)


def usable_trackers(recipe: TrainingRecipe) -> list[str]:
    """The trackers that are installed. TensorBoard, the default, may be missing; W&B, which was asked for, not."""
    if "wandb" in recipe.log.trackers and find_spec("wandb") is None:
        raise MissingExtra("log.trackers asks for wandb: pip install wandb, or leave it out")
    return [name for name in recipe.log.trackers if find_spec(name) is not None]


def read_log(out: Path) -> list[dict[str, Any]]:
    """The lines of a run's log; a last line cut off by a kill is left out."""
    file = out / "log.jsonl"
    lines = []
    for line in file.read_text().splitlines() if file.exists() else []:
        try:
            lines.append(json.loads(line))
        except json.JSONDecodeError:
            continue  # only a kill in the middle of writing leaves one
    return lines


def _flat(numbers: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in numbers.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}/")
        else:
            flat[prefix + name] = value
    return flat
