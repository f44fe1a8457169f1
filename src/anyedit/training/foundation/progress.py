"""What the small loops share: the learning rate, the averaged weights, the log, and how a folder is written."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from diffusers.training_utils import EMAModel
from torch import nn

from anyedit.errors import AnyEditError


def rate(step: int, steps: int, warmup: int) -> float:
    """Factor of the learning rate: up over `warmup`, constant, then down to 0 over the last fifth."""
    return min(1.0, (step + 1) / max(1, warmup), max(0.0, (steps - step) / max(1, steps / 5)))


def averaged(module: nn.Module, decay: float) -> EMAModel:
    """An exponential moving average of a module's trained weights, with a warm-up so that it forgets its
    start."""
    trained = [p for p in module.parameters() if p.requires_grad]
    return EMAModel(trained, decay=decay, use_ema_warmup=True, power=3 / 4)


class WithAveraged:
    """Inside the block the module holds the averaged weights; after it, its own again."""

    def __init__(self, module: nn.Module, ema: EMAModel) -> None:
        self.trained = [p for p in module.parameters() if p.requires_grad]
        self.ema = ema

    def __enter__(self) -> None:
        self.ema.store(self.trained)
        self.ema.copy_to(self.trained)

    def __exit__(self, *_: object) -> None:
        self.ema.restore(self.trained)


class LossLog:
    """`log.jsonl`: one line per `every` steps with the means since the last one. Stops at a loss, or a gradient's
    norm, that is no number: it is told of each step before the weights change."""

    def __init__(self, file: Path, every: int = 20) -> None:
        self.file, self.every = file, every
        self.sums: dict[str, float] = {}
        self.count = 0
        self.began = time.monotonic()
        file.unlink(missing_ok=True)

    def add(self, step: int, losses: Mapping[str, torch.Tensor]) -> None:
        """Counts one step's losses; writes when the interval is full. Raises AnyEditError for one that is no number."""
        for name, value in losses.items():
            number = float(value.detach())
            if number != number or abs(number) == float("inf"):
                raise AnyEditError(
                    f"step {step}: {name} is {number}; the last checkpoint is kept. Lower the learning rate."
                )
            self.sums[name] = self.sums.get(name, 0.0) + number
        self.count += 1
        if self.count == self.every:
            self.write({"step": step + 1, **{name: value / self.count for name, value in self.sums.items()}})
            self.sums, self.count = {}, 0

    def write(self, line: Mapping[str, float]) -> None:
        """Appends one line, the seconds since the start added."""
        shown = {name: round(float(value), 6) for name, value in line.items()}
        with self.file.open("a") as log:
            log.write(json.dumps({**shown, "seconds": round(time.monotonic() - self.began, 1)}) + "\n")


def write_json(file: Path, values: Mapping[str, object]) -> None:
    """A JSON file, whole or not at all."""
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(values, indent=1) + "\n")
    os.replace(partial, file)


def generator(seed: int) -> torch.Generator:
    """A CPU generator with this seed."""
    return torch.Generator().manual_seed(seed)


Measure = Callable[[], dict[str, float]]
