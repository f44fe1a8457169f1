"""The small editor that comes with the package, as `anyedit.edit` uses it; and one that has learned nothing.

The second is the third reference of a table: what an editor's machinery gives without training. It also stands in
where an installation lacks the first, under its own name and with a note in every table.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyedit.bench.editors import Failure, Outcome, Request
from anyedit.bench.editors.checkpoint import SCALES
from anyedit.bench.items import BenchError
from anyedit.errors import AnyEditError, nearest, require_extra
from anyedit.types import canonical_type

SETTINGS: dict[str, Any] = {
    "num_inference_steps": None,  # None: as many as it is used with
    "size": None,  # pixels of the square that it works in; None: what it learned at
    "detail": True,  # keep the source's own detail where the edit changed little
    "tell_type": True,
    **dict.fromkeys(SCALES),  # None: the scales that it is used with
}
UNTRAINED = {"num_inference_steps": 2, "size": 64, "detail": False}


@dataclass(frozen=True)
class ShippedEditor:
    """`anyedit.edit` under test: a picture of any size is fitted, edited at the learned size and brought back."""

    pipeline: Any
    weights: str
    settings: dict[str, Any]
    name: str
    note: str = ""

    @classmethod
    def opened(cls, place: str, settings: dict[str, Any], device: str) -> ShippedEditor:
        """place: "mini" or "untrained". settings: see SETTINGS. Raises BenchError for an unknown one."""
        for key in settings:
            if key not in SETTINGS:
                raise BenchError(f"the editor {place} has no setting '{key}'{nearest(key, SETTINGS)}")
        with require_extra("train", "editing"):
            import torch

            from anyedit.models import load_editor
            from anyedit.models.editing import SHIPPED_SCALES, SHIPPED_STEPS
            from anyedit.models.faults import CheckpointError
            from anyedit.models.shipped import shipped_editor
            from anyedit.models.tiny import write_tiny_base
        from anyedit.bench.encoders import quiet_loading, weights_hash

        quiet_loading("transformers", "diffusers")
        name, note = place, ""
        chosen = {**SETTINGS, "num_inference_steps": SHIPPED_STEPS}
        chosen |= dict(zip(SCALES, SHIPPED_SCALES, strict=True))
        with tempfile.TemporaryDirectory() as scratch:
            if place == "mini":
                try:
                    folder = shipped_editor()
                except CheckpointError as error:
                    name, note = "untrained (no mini here)", f"stands in for the small editor: {error}"
            if place != "mini" or note:
                folder = write_tiny_base(Path(scratch) / "untrained")
                chosen |= UNTRAINED
            pipeline = load_editor(str(folder), torch.float32, device)
            weights = weights_hash(folder)
        pipeline.set_progress_bar_config(disable=True)
        return cls(pipeline, weights, chosen | settings, name, note)

    @property
    def facts(self) -> dict[str, Any]:
        """Which weights, and how it samples."""
        told = {"checkpoint": self.name, "weights": self.weights, **self.settings}
        return told | ({"note": self.note} if self.note else {})

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """One at a time: pictures of a suite differ in shape, and a small editor is quick."""
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Outcome:
        from anyedit.models.editing import edit

        told = self.settings
        image, text, visual = (told[key] for key in SCALES)
        try:
            made = edit(
                request.source,
                request.instruction,
                self.pipeline,
                edit_type=canonical_type(request.item.edit_type) if told["tell_type"] else None,
                visual_prompt=None if self.pipeline.experts is None else request.visual_prompt,
                steps=int(told["num_inference_steps"]),
                scales=(image, text, visual),
                seed=request.seed,
                size=told["size"],
                detail=bool(told["detail"]),
            )
        except AnyEditError as error:
            return Failure(str(error))
        return made.image
