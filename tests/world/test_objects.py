"""The built-in kinds of object: every one builds in every state, stands as it should, and says true things of itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from anyedit.world.colours import COLOURS
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.footprints import footprint, top_of
from anyedit.world.kinds import Kind, Part, kinds, parts_of
from anyedit.world.materials import MATERIALS
from anyedit.world.scene import Item

KINDS = {name: kind for name, kind in kinds().items() if ".world.objects." in kind.build.__module__}
LONGEST = {"tabletop": (0.02, 1.25), "room": (0.2, 2.6), "outdoor": (0.4, 9.0)}  # metres, by scale
HOVERS = {"airplane": 1.4, "helicopter": 1.6, "hot-air balloon": 2.4}  # metres above the ground, when flying
PLACES = {word for place in ENVIRONMENTS.values() for word in (place.name, *place.tags)}

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


def geometry(parts: list[Part]) -> str:
    """A hash of all vertices and surfaces (a lamp's states share their shape, not their glow)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.name.encode() + part.mesh.vertices.tobytes() + part.mesh.faces.tobytes())
        digest.update(repr(part.surface).encode())
    return digest.hexdigest()


def test_there_are_many_kinds_in_many_categories() -> None:
    count = Counter(kind.category for kind in KINDS.values())
    assert len(KINDS) >= 150
    assert len(count) >= 12 and min(count[name] for name in ("furniture", "food", "vehicle", "animal")) >= 8
    assert sum(len(kind.states) > 1 for kind in KINDS.values()) >= 40


@each_kind
def test_every_state_stands_as_it_should_and_looks_its_own(kind: Kind) -> None:
    params = kind.sample("objects", kind.name)
    states = kind.states or (None,)
    hashes = []
    for state in states:
        parts = list(parts_of(kind.name, params, state))
        check_stance(kind, state, parts)
        for part in parts:
            check_mesh(part)
        hashes.append(geometry(parts))
    assert len(set(hashes)) == len(hashes), "two states look alike"
    assert geometry(built(kind, params, states[0])) == hashes[0], "same parameters, other bytes"
    other = built(kind, kind.sample("objects", "other"), states[0])
    assert geometry(other) != hashes[0], "parameters change nothing"


def built(kind: Kind, params: Mapping[str, float], state: str | None) -> list[Part]:
    """A kind's parts built anew, as `parts_of` keeps them."""
    return [replace(part, mesh=part.mesh.packed()) for part in kind.build(params, state)]


def check_stance(kind: Kind, state: str | None, parts: list[Part]) -> None:
    corners = np.stack([part.mesh.bounds for part in parts])
    low, high = corners[:, 0].min(0), corners[:, 1].max(0)
    height = HOVERS.get(kind.name, 0.0) if state == "flying" else 0.0
    assert low[2] == pytest.approx(height, abs=1e-9), state
    shortest, longest = LONGEST[kind.scale]
    assert shortest <= (high - low).max() <= longest, state
    assert 200 <= sum(len(part.mesh.faces) for part in parts) <= 15_000, state


def check_mesh(part: Part) -> None:
    mesh = part.mesh
    assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.uv).all(), part.name
    assert mesh.uv.shape == (len(mesh.vertices), 2), part.name
    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-3), part.name
    assert mesh.faces.min() >= 0 and mesh.faces.max() < len(mesh.vertices), part.name
    if part.label:
        assert mesh.uv.min() == pytest.approx(0) and mesh.uv.max() == pytest.approx(1)


@each_kind
def test_facts_are_known_words(kind: Kind) -> None:
    assert set(kind.verbs) | set(kind.effects.values()) <= set(kind.states)
    assert set(kind.states[1:]) <= set(kind.verbs) | set(kind.effects.values()), "a state nothing leads to"
    assert set(kind.colours) <= set(COLOURS)
    assert kind.contexts and set(kind.contexts) <= PLACES
    parts = parts_of(kind.name, kind.sample("objects", kind.name), kind.states[0] if kind.states else None)
    assert any(part.surface is None for part in parts), "no part takes the item's own colour"
    assert bool(kind.text) == any(part.label for part in parts)
    if kind.surface_of:
        assert kind.surface_of in {part.name for part in parts}
    for part in parts:
        if part.surface is not None and isinstance(part.surface.colour, str):
            assert part.surface.colour in COLOURS | {"body": None}
    used = {part.surface.material for part in parts if part.surface is not None} | set(kind.materials)
    assert used <= set(MATERIALS)


def test_tables_carry_things_on_a_free_and_level_top() -> None:
    for name in ("table", "coffee table", "desk", "stool", "cabinet"):
        assert KINDS[name].surface_of
        for seed in range(4):
            item = Item(id="x", kind=name, params=KINDS[name].sample("objects", seed))
            top = top_of(item)
            assert top is not None
            assert top.z == pytest.approx(footprint(item).high, abs=1e-6)
            assert top.outline.area > 0.6 * footprint(item).outline.area * (0.7 if name == "stool" else 1)
            assert top.blocked.area == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", ["desk lamp", "floor lamp", "candle"])
def test_light_comes_only_from_what_is_lit(name: str) -> None:
    kind = KINDS[name]
    off, lit = kind.states
    params = kind.sample("objects", name)

    def glow(state: str) -> float:
        return sum(part.surface.glow for part in kind.build(params, state) if part.surface is not None)

    assert glow(off) == 0
    assert glow(lit) > 1
    assert lit in kind.effects.values()


def test_a_person_who_raises_both_arms_is_taller_and_one_who_sits_is_shorter() -> None:
    man = KINDS["man"]
    params = man.sample("height")
    height = {
        state: max(part.mesh.bounds[1, 2] for part in man.build(params, state))
        for state in ("standing", "sitting", "raising both arms")
    }
    assert height["sitting"] < 0.7 * height["standing"] < height["standing"] < height["raising both arms"]
    assert height["standing"] == pytest.approx(params["height"], rel=0.12)


@pytest.mark.parametrize("name", ["snowman", "bowl of ice cream", "ice cube"])
def test_what_melts_ends_lower(name: str) -> None:
    kind = KINDS[name]
    before, after = (
        max(part.mesh.bounds[1, 2] for part in kind.build(kind.sample("melt"), state))
        for state in (kind.states[0], kind.effects["melt"])
    )
    assert after < 0.8 * before
