"""AnySD: an instruction-based image editor on latent diffusion, with experts, routing and visual prompts.

Importing this package imports neither torch nor diffusers: each name is loaded when it is first asked for.

    editor = anyedit.models.load_editor("runs/mini")
    editor("make the mug red", picture).images[0]
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "AnySDExperts": "experts",
    "AnySDModel": "noise",
    "AnySDNoise": "noise",
    "AnySDPipeline": "pipeline",
    "AnySDPipelineOutput": "pipeline",
    "CheckpointError": "faults",
    "ConditionDrop": "dropout",
    "GuidanceScales": "guidance",
    "InputError": "faults",
    "RouterOutput": "router",
    "TaskClassifier": "tasks",
    "draw_drops": "dropout",
    "export_anysd": "convert",
    "import_anysd": "convert",
    "load_editor": "editor",
    "published_table": "router",
    "task_ids": "tasks",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(
            f"module 'anyedit.models' has no attribute '{name}'; it has {', '.join(__all__)}"
        )
    return getattr(importlib.import_module(f"anyedit.models.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
