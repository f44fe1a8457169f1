"""The editors that can be tried: those of the command line, checkpoints in the folders, the small one of the package."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from PIL import Image

from anyedit.errors import require_extra
from anyedit.models.shipped import SHIPPED
from anyedit.studio.roots import Place, StudioError

OPENED = 3  # editors in memory
SMALL = "small editor (in the package)"


@dataclass(frozen=True)
class Asked:
    """One edit that is wanted. steps, scales (of picture, text, visual prompt), size in px: None for the editor's own."""

    source: Image.Image
    instruction: str
    edit_type: str | None
    visual_prompt: Image.Image | None
    steps: int | None
    scales: tuple[float | None, float | None, float | None]
    seed: int
    size: int | None


@dataclass(frozen=True)
class Made:
    """What an editor made. edit_type, probability, experts: where the editor tells them. flagged: by its safety checker,
    None when nothing was checked."""

    picture: Image.Image
    seconds: float
    edit_type: str | None = None
    probability: float | None = None
    experts: tuple[tuple[str, float], ...] = ()
    worked_at: tuple[int, int] | None = None
    flagged: bool | None = None


class Editors:
    """Opens editors on first use and keeps the last few. specs: as `anyedit bench run --editor` names them."""

    def __init__(self, specs: tuple[str, ...]) -> None:
        self.specs = specs
        self._opened: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()  # one edit at a time: they share this machine's cores or its GPU

    def names(self, places: list[Place]) -> dict[str, str]:
        """Name -> what is opened. Only these can be asked for: a page cannot name a program or a path."""
        found: dict[str, str] = {}
        if (SHIPPED / "model_index.json").is_file():
            found[SMALL] = ""
        found.update({spec: spec for spec in self.specs})
        found.update({place.name: str(place.path) for place in places if place.kind == "editor"})
        return found

    def edit(self, name: str, places: list[Place], asked: Asked) -> Made:
        """The edit. Raises StudioError for an unknown editor or an edit that failed, and the editor's own errors."""
        known = self.names(places)
        if name not in known:
            raise StudioError(
                f"no editor is named '{name}'; there are: {', '.join(known) or 'none (anyedit studio --editor FOLDER)'}"
            )
        with self._lock, require_extra("train"):
            if name not in self._opened:
                self._opened[name] = _open(known[name])
                while len(self._opened) > OPENED:
                    self._opened.popitem(last=False)
            self._opened.move_to_end(name)
            start = time.perf_counter()
            made = _edited(self._opened[name], asked, shipped=known[name] == "")
        return Made(
            made.picture,
            time.perf_counter() - start,
            made.edit_type,
            made.probability,
            made.experts,
            made.worked_at,
            made.flagged,
        )


def _open(spec: str) -> Any:
    from anyedit.bench.editors import PREFIXES, EditorSpec, open_editor

    kind, _, rest = spec.partition(":")
    checkpoint = rest if kind == "anysd" else spec if kind not in PREFIXES else None
    if checkpoint is None:
        return open_editor(EditorSpec(spec, {}, _device()))
    from anyedit.models.editor import load_editor
    from anyedit.models.shipped import shipped_editor

    pipeline = load_editor(checkpoint or shipped_editor(), device=_device())
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _edited(editor: Any, asked: Asked, shipped: bool) -> Made:
    from anyedit.models.editing import SHIPPED_SCALES, SHIPPED_STEPS, edit
    from anyedit.models.pipeline import AnySDPipeline

    if isinstance(editor, AnySDPipeline):
        scales = SHIPPED_SCALES if shipped and asked.scales == (None, None, None) else asked.scales
        done = edit(
            asked.source,
            asked.instruction,
            editor=editor,
            edit_type=asked.edit_type,
            visual_prompt=asked.visual_prompt,
            steps=SHIPPED_STEPS if shipped and asked.steps is None else asked.steps,
            scales=scales,
            seed=asked.seed,
            size=asked.size,
        )
        told = (done.edit_type, done.probability, done.experts, done.worked_at, done.flagged)
        return Made(done.image, 0.0, *told)
    from anyedit.bench.editors import Failure, Request
    from anyedit.bench.items import Item, encoded

    item = Item(
        "try",
        asked.instruction,
        encoded(asked.source),
        edit_type=asked.edit_type or "",
        visual_prompt=None if asked.visual_prompt is None else encoded(asked.visual_prompt),
    )
    (outcome,) = editor.edit([Request(item, asked.source, asked.visual_prompt, asked.seed)])
    if isinstance(outcome, Failure):
        raise StudioError(f"the editor made no picture: {outcome.reason}")
    return Made(outcome.convert("RGB"), 0.0, asked.edit_type)
