"""Which engine plays which role: the table of known engines, and `tools`, which builds what a recipe names."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from anyedit.engines.roles import ROLES, Tools
from anyedit.errors import RecipeError, nearest

# role -> engine -> where its class is; imported only when a recipe names it. The first is the default.
ENGINES: dict[str, dict[str, str]] = {
    "inpaint": {
        "classical": "anyedit.engines.classical:PatchFill",
        "telea": "anyedit.engines.classical:TeleaFill",
        "navier-stokes": "anyedit.engines.classical:NavierStokesFill",
    },
    "recolour": {"classical": "anyedit.engines.classical:LabRecolour"},
    "tone": {"classical": "anyedit.engines.classical_tone:PhotometricTone"},
    "paste": {"classical": "anyedit.engines.classical:SoftPaste"},
    "refine": {"classical": "anyedit.engines.classical:GrabCut"},
    "ocr": {"classical": "anyedit.engines.classical:RapidReader"},
}


def tools(engines: Mapping[str, Any] | None = None) -> Tools:
    """The tools that a recipe's `engines` names: role -> name, or a mapping with `engine` and its settings.

    Roles that are not named get their default. Raises RecipeError for an unknown role, engine or setting;
    nothing is loaded before it is used.
    """
    makers = {role: _maker(role, next(iter(ENGINES[role])), {}) for role in ROLES}
    for role, choice in (engines or {}).items():
        if role not in ENGINES:
            raise RecipeError(f"engines: no role is named '{role}'{nearest(role, ENGINES)}")
        settings = dict(choice) if isinstance(choice, Mapping) else {"engine": choice}
        name = settings.pop("engine", next(iter(ENGINES[role])))
        makers[role] = _maker(role, name, settings)
    return Tools(makers)


def _maker(role: str, name: Any, settings: dict[str, Any]) -> Callable[[], Any]:
    known = ENGINES[role]
    if name not in known:
        raise RecipeError(f"engines.{role}: no engine is named '{name}'{nearest(str(name), known)}")
    if settings:
        possible = inspect.signature(_class(known[name])).parameters
        for key in settings:
            if key not in possible:
                raise RecipeError(f"engines.{role}: '{name}' has no setting '{key}'{nearest(key, possible)}")
        return partial(_make, known[name], settings)
    return partial(_make, known[name], {})


def _class(place: str) -> Any:
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)


def _make(place: str, settings: dict[str, Any]) -> Any:
    return _class(place)(**settings)
