"""Training editors: data, caches, stages, the loop.

Importing this package imports neither torch nor diffusers: each name is loaded when it is first asked for.

    anyedit.training.train("recipes/train/mini-1.yaml", out="runs/mini-1")
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "LossNotFinite": "meter",
    "TrainingRecipe": "recipe",
    "TrainingResult": "loop",
    "load_training_recipe": "recipe",
    "train": "loop",
    "write_editor": "loop",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(
            f"module 'anyedit.training' has no attribute '{name}'; it has {', '.join(__all__)}"
        )
    return getattr(importlib.import_module(f"anyedit.training.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
