"""A function of one's own as an editor: `python:MODULE:NAME` or `python:FILE.py:NAME`, picture and instruction in,
picture out. A class is made once, with what `--set` says (weights load there), and its object is called.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from anyedit.bench.editors import Failure, Outcome, Request, failure_of
from anyedit.bench.items import BenchError
from anyedit.errors import nearest

TOLD = ("visual_prompt", "seed", "edit_type", "id")  # given by name to a function that takes them
Function = Callable[..., Any]


@dataclass(frozen=True)
class FunctionEditor:
    """Calls the function once an item. settings: further arguments, the same for every item."""

    place: str
    call: Function
    takes: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    name: str = "python"

    @classmethod
    def opened(cls, place: str, settings: dict[str, Any], device: str) -> FunctionEditor:
        """settings: arguments of the function, or of the class. Raises BenchError for what cannot be found or called so."""
        found = _found(place)
        name = place.rpartition(":")[2]
        if not callable(found):
            raise BenchError(f"--editor python:{place}: '{name}' is no function and no class")
        if inspect.isclass(found):
            _fits(place, found, settings)
            found, settings = found(**settings), {}
        possible = _fits(place, found, settings)
        return cls(place, found, tuple(key for key in TOLD if key in possible), dict(settings), name)

    @property
    def facts(self) -> dict[str, Any]:
        """Where the function is, and its settings."""
        return {"function": self.place, **self.settings}

    def edit(self, requests: Sequence[Request]) -> list[Outcome]:
        """One call an item; what the function raises is that item's failure."""
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Outcome:
        told = {
            "visual_prompt": request.visual_prompt,
            "seed": request.seed % 2**31,
            "edit_type": request.item.edit_type,
            "id": request.item.id,
        }
        try:
            made = self.call(
                request.source.copy(),
                request.instruction,
                **{key: told[key] for key in self.takes},
                **self.settings,
            )
        except Exception as error:  # another's code: the run goes on, and the failure says what was wrong
            return failure_of(self.place, error)
        if isinstance(made, np.ndarray) and made.dtype == np.uint8 and made.ndim in (2, 3):
            made = Image.fromarray(made)
        if not isinstance(made, Image.Image):
            return Failure(
                f"{self.place} returned {type(made).__name__}; an edit is a PIL picture or uint8 (H, W, 3)"
            )
        return made.convert("RGB")


def _found(place: str) -> Any:
    """The function or class of a place."""
    module, colon, name = place.rpartition(":")
    if not colon or not module or not name:
        raise BenchError(
            f"--editor python:{place}: say module and name, python:my_module:edit or python:my_edit.py:edit"
        )
    try:
        loaded = _file(Path(module)) if module.endswith(".py") else _module(module)
    except ImportError as error:
        raise BenchError(f"--editor python:{place}: {error}") from error
    if not hasattr(loaded, name):
        raise BenchError(f"--editor python:{place}: {module} has no '{name}'{nearest(name, dir(loaded))}")
    return getattr(loaded, name)


def _module(name: str) -> Any:
    if str(Path.cwd()) not in sys.path:  # as `python -m` finds what lies in the folder one works in
        sys.path.insert(0, str(Path.cwd()))
    return importlib.import_module(name)


def _file(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ImportError(f"there is no file {path}")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def _fits(place: str, call: Any, settings: dict[str, Any]) -> tuple[str, ...]:
    """The names that a call takes. Raises BenchError for a setting that is none of them."""
    parameters = inspect.signature(call).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return (*parameters, *TOLD, *settings)
    for key in settings:
        if key not in parameters:
            raise BenchError(f"--editor python:{place}: it takes no '{key}'{nearest(key, parameters)}")
    return tuple(parameters)
