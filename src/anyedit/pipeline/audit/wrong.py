"""Parameters that were not asked for: another object, another value, another number. None: the type has no such."""

from __future__ import annotations

from typing import Any

import numpy as np

from anyedit.edits import EditType, type_of
from anyedit.edits.global_.styles import STYLES
from anyedit.edits.implicit.causes import CAUSES
from anyedit.edits.local.add import fitting_kinds, new_id, sample_item
from anyedit.edits.local.appearance_alter import COVERS
from anyedit.edits.local.color_alter import lab_between
from anyedit.edits.local.material_change import SUBSTANCES
from anyedit.edits.views import WorldView
from anyedit.errors import AnyEditError
from anyedit.world.accessories import ACCESSORIES
from anyedit.world.colours import BASIC
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.footprints import free_spot
from anyedit.world.light import SEASONS, TIMES
from anyedit.world.materials import MATERIALS
from anyedit.world.patterns import PATTERNS
from anyedit.world.scene import Item, Scene
from anyedit.world.weather import WEATHERS

Rng = np.random.Generator


def changed(of: Any, /, **values: Any) -> Any:
    """The parameters with other values, validated."""
    return type(of).model_validate({**of.model_dump(), **values})


def within(kind: EditType, params: Any, make: Any, view: WorldView, rng: Rng) -> Any | None:
    """`make` applied to the inner edit of a condition type, or to the edit itself."""
    if not hasattr(params, "inner"):
        return make(kind, params, view, rng)
    inner = type_of(params.inner)
    own = make(inner, inner.Params.model_validate(params.params), view, rng)
    if own is None:
        return None
    return changed(params, params=own.model_dump(mode="json", exclude_none=True))


def another_object(kind: EditType, params: Any, view: WorldView, rng: Rng) -> Any | None:
    """The same edit of, or with, another object."""
    name = kind.name
    if name in ("add", "replace", "visual_reference"):
        field = "thing" if name == "visual_reference" else "item"
        item: Item = getattr(params, field)
        kinds = [k for k in fitting_kinds(view) if k.name != item.kind and k.category != "people"]
        if not kinds:
            return None
        kind_of_other = kinds[int(rng.integers(len(kinds)))]
        other = sample_item(kind_of_other, item.id, rng, position=item.position, on=item.on)
        return changed(params, **{field: other.model_dump()})
    others = _others(view, params)
    if not others:
        return None
    other = others[int(rng.integers(len(others)))]
    if name == "counting":
        return changed(params, gone=(other.id,), new=())
    if getattr(params, "target", None) is None:
        return None
    if name in ("movement", "relation"):
        shift = np.subtract(params.position, view.scene.item(params.target).position)
        place = tuple(np.round(np.add(other.position, shift), 4).tolist())
        return changed(params, target=other.id, position=place, on=other.on)
    if name == "textual_change":
        return changed(params, target=other.id) if other.text else None
    if name == "action_change" and params.state not in view.kind(other).states:
        return None
    if name == "appearance_alter" and params.what == "accessory" and view.kind(other).wears is None:
        return None
    if name == "implicit_change" and not CAUSES[params.cause].applies(view.scene, other):
        return None
    return changed(params, target=other.id)


def _others(view: WorldView, params: Any) -> list[Item]:
    """Things that are seen, and that the edit does not speak of."""
    named = {getattr(params, key, None) for key in ("target", "anchor")} | set(getattr(params, "gone", ()))
    kind = getattr(params, "kind", None)
    carrying = {item.on for item in view.scene.items}
    return [
        item
        for item in view.visible
        if item.id not in named
        and item.kind != kind
        and item.id not in carrying
        and view.shares[item.id] > 0.01
    ]


def another_value(kind: EditType, params: Any, view: WorldView, rng: Rng) -> Any | None:
    """The same edit to another colour, material, pattern, state, word, style, tone, place, direction, size or angle."""
    name = kind.name

    def pick(values: Any, *but: Any) -> Any | None:
        left = [value for value in values if value not in but]
        return left[int(rng.integers(len(left)))] if left else None

    if name == "color_alter":
        colour = pick([c for c in BASIC if lab_between(c, params.colour) > 30])
        return changed(params, colour=colour)
    if name in ("material_change", "visual_material_transfer"):
        known = SUBSTANCES if name == "material_change" else tuple(MATERIALS)
        now = view.scene.item(params.target).material
        return changed(params, material=pick(known, params.material, now, "water", "skin"))
    if name == "appearance_alter":
        values = {"pattern": PATTERNS, "finish": COVERS, "accessory": ACCESSORIES}[params.what]
        return changed(params, value=pick(values, params.value))
    if name == "action_change":
        item = view.scene.item(params.target)
        state = pick(view.kind(item).states, params.state, item.state)
        return None if state is None else changed(params, state=state)
    if name == "textual_change":
        from anyedit.world.labels import WORDS

        return changed(params, new=pick(WORDS, params.new, params.old))
    if name == "style_change":
        return changed(params, style=pick(STYLES, params.style))
    if name == "tone_transfer":
        of = {"time": TIMES, "weather": WEATHERS, "season": SEASONS}[params.aspect]
        return changed(params, value=pick(of, params.value, getattr(view.scene, params.aspect)))
    if name == "background_change":
        return _another_place(params, view, rng)
    if name == "movement" or (name == "relation" and params.relation != "on top of"):
        item = view.scene.item(params.target)
        shift = np.subtract(params.position, item.position)
        return changed(
            params, position=tuple(np.round(np.subtract(item.position, shift), 4).tolist()), on=item.on
        )
    if name == "resize":
        return changed(params, factor=round(1 / params.factor, 4))
    if name == "rotation_change" and abs(params.angle) != 180:
        return changed(params, angle=-params.angle)
    if name == "outpaint":
        return changed(params, zoom=pick((1.15, 1.3, 1.5, 1.7, 1.95), params.zoom))
    if name == "implicit_change":
        return _another_cause(params, view, rng)
    return None


def _another_place(params: Any, view: WorldView, rng: Rng) -> Any | None:
    scale = str(ENVIRONMENTS[view.scene.environment].values(view.scene)["scale"])
    places = [
        place
        for place in ENVIRONMENTS.values()
        if place.name not in (params.environment, view.scene.environment) and scale in place.scales
    ]
    if not places:
        return None
    place = places[int(rng.integers(len(places)))]
    surroundings = place.sample(int(rng.integers(2**62)), scale=scale)
    return changed(params, environment=place.name, surroundings=surroundings)


def _another_cause(params: Any, view: WorldView, rng: Rng) -> Any | None:
    item = None if params.target is None else view.scene.item(params.target)
    causes = [
        cause
        for cause in CAUSES.values()
        if cause.name != params.cause
        and cause.targeted == (item is not None)
        and cause.applies(view.scene, item)
    ]
    asked = CAUSES[params.cause].consequence(view.scene, item)
    causes = [cause for cause in causes if cause.consequence(view.scene, item) != asked]
    return changed(params, cause=causes[int(rng.integers(len(causes)))].name) if causes else None


def another_number(kind: EditType, params: Any, view: WorldView, rng: Rng) -> Scene | None:
    """The scene with one too many or one too few of what was counted or added."""
    if hasattr(params, "inner"):
        inner = type_of(params.inner)
        return another_number(inner, inner.Params.model_validate(params.params), view, rng)
    if kind.name not in ("counting", "add"):
        return None
    scene = kind.rewrite(view.scene, params)
    if kind.name == "counting":
        alike = [item for item in scene.items if item.kind == params.kind]
        loose = [item for item in alike if item.id not in {other.on for other in scene.items}]
        if len(alike) > 1 and loose and rng.random() < 0.5:
            return scene.without(loose[-1].id)
        model = alike[0]
    else:
        model = params.item
    extra = model.but(id=new_id(scene, model.kind))
    try:
        spot = free_spot(scene, extra, rng, near=model.id, on=model.on)
    except AnyEditError:
        return None
    return None if spot is None else scene.with_item(extra.but(position=spot))


def garbled(text: str, rng: Rng) -> str | None:
    """The text with its letters in another order, clearly unlike it; None for one too short to garble."""
    from anyedit.engines.ocr import similarity

    for _ in range(12):
        mixed = "".join(rng.permutation(list(text)).tolist())
        if similarity(mixed, text) < 0.7:
            return mixed
    return None
