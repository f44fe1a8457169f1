"""Editors under test: one protocol, `edit(requests) -> outcomes`, and one file per family of adapters.

A request carries its own seed, so an output does not depend on the batch, the order or the number of workers.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from PIL import Image

from anyedit.bench.items import BenchError, Item
from anyedit.errors import nearest


@dataclass(frozen=True)
class Request:
    """What an editor is asked. source: RGB (the previous turn's output where turns continue). seed: 63 bits."""

    item: Item
    source: Image.Image
    visual_prompt: Image.Image | None
    seed: int

    @property
    def instruction(self) -> str:
        """What to do."""
        return self.item.instruction


@dataclass(frozen=True)
class Failure:
    """An edit that was not made, with the reason."""

    reason: str


Outcome: TypeAlias = Image.Image | Failure


class OutOfMemory(BenchError):
    """A machine without memory: no item's fault, so the run ends and can be continued."""


def failure_of(who: str, error: Exception) -> Failure:
    """What an editor raised on an item, as that item's failure. Raises OutOfMemory where memory ran out.

    who: the editor, as the failure's reason begins.
    """
    told = f"{who}: {type(error).__name__}: {str(error)[:300]}"
    # torch's own kinds, without importing it: of an accelerator, of the CPU
    if (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or "DefaultCPUAllocator" in told
    ):
        raise OutOfMemory(
            f"{told}; what is finished is kept: continue with smaller settings or fewer --workers"
        ) from error
    return Failure(told)


class Editor(Protocol):
    """An editor under test."""

    @property
    def name(self) -> str:
        """As tables show it."""
        ...

    @property
    def facts(self) -> dict[str, Any]:
        """What its outputs depend on: model, settings, versions (plain data, kept in the result)."""
        ...

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """A picture or a failure for every request, in order."""
        ...


@dataclass(frozen=True)
class EditorSpec:
    """An editor by its description: "identity", "cmd:...", "python:MODULE:NAME", "folder:DIR", "diffusers:ID", "openai:MODEL", a checkpoint."""

    spec: str
    settings: dict[str, Any] = field(default_factory=dict)
    device: str = "cpu"


PREFIXES = {
    "identity": "anyedit.bench.editors.references:Identity",
    "oracle": "anyedit.bench.editors.references:Oracle",
    "folder": "anyedit.bench.editors.outputs:FinishedOutputs",
    "cmd": "anyedit.bench.editors.command:CommandEditor",
    "python": "anyedit.bench.editors.function:FunctionEditor",
    "mini": "anyedit.bench.editors.shipped:ShippedEditor",
    "untrained": "anyedit.bench.editors.shipped:ShippedEditor",
    "anysd": "anyedit.bench.editors.checkpoint:CheckpointEditor",
    "diffusers": "anyedit.bench.editors.pipelines:PipelineEditor",
    "openai": "anyedit.bench.editors.endpoint:EndpointEditor",
}


ALONE = ("identity", "oracle", "mini", "untrained")  # need nothing after a colon


def open_editor(spec: EditorSpec) -> Editor:
    """The editor of a description. A bare folder or hub id is a checkpoint of ours or an InstructPix2Pix one.

    Raises BenchError before any work when the description fits nothing.
    """
    kind, colon, rest = spec.spec.partition(":")
    if kind not in PREFIXES:
        if colon or (not spec.spec.count("/") and not _exists(spec.spec)):
            raise BenchError(
                f"no editor is named '{spec.spec}'{nearest(kind, PREFIXES)} (or a checkpoint's folder)"
            )
        kind, rest = "anysd", spec.spec
    elif kind in ALONE:
        if colon:
            raise BenchError(f"--editor {spec.spec}: {kind} takes nothing after its name")
        rest = kind
    elif not rest:
        raise BenchError(f"--editor {kind}: needs what comes after the colon, e.g. {kind}:...")
    module, name = PREFIXES[kind].split(":")
    made: Editor = getattr(importlib.import_module(module), name).opened(rest, spec.settings, spec.device)
    return made


def _exists(place: str) -> bool:
    from pathlib import Path

    return Path(place).exists()


def no_settings(kind: str, settings: dict[str, Any]) -> None:
    """Refuse settings that an editor does not have."""
    if settings:
        raise BenchError(f"editor {kind} has no settings; remove {', '.join(sorted(settings))}")
