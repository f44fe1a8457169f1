"""World pairs as photographs: the picture, exact masks as annotations, and no scene behind it that a gate could ask."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from anyedit.edits import Case, Outcome, type_of
from anyedit.edits.visual.condition import Condition
from anyedit.pipeline.audit.pairs import Pair
from anyedit.pipeline.fidelity import COMPARED, as_photograph

SAME = ("style_change", "visual_material_transfer")  # said to a photograph as to a scene


def as_photographed(pair: Pair) -> Case | None:
    """The pair as the gates of photographs see it; None where a photograph could not be edited like that."""
    said = _said(pair.kind.name, pair.case.params, pair)
    if said is None:
        return None
    return replace(pair.case, view=as_photograph(pair.view, pair.id), params=said, notes={})


def alone(outcome: Outcome) -> Outcome:
    """An outcome of which only pictures and mask are known."""
    return replace(outcome, influence=None, scene=None, after=None)


def without_scene(outcome: Outcome) -> Outcome:
    """An outcome as a pixel pipeline hands it over: it says where it touched the picture, and has no scene."""
    return replace(outcome, scene=None, after=None)


def _said(name: str, params: Any, pair: Pair) -> Any | None:
    """The parameters as a pixel pipeline is told them."""
    if name in SAME:
        return params
    if isinstance(type_of(name), Condition):
        inner = type_of(params.inner)
        own = _said(inner.name, inner.Params.model_validate(params.params), pair)
        if own is None:
            return None
        return params.model_copy(update={"params": own.model_dump(mode="json", exclude_none=True)})
    said = COMPARED.get(name)
    return None if said is None else said(params, pair.view, pair.case.done)
