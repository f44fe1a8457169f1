"""Furniture, lamps, tableware, household things and stationery: every kind in every state."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from anyedit.world.colours import COLOURS
from anyedit.world.footprints import footprint, top_of
from anyedit.world.kinds import Kind, Part, kinds, parts_of
from anyedit.world.scene import Item

MODULES = ("furniture", "lighting", "tableware", "household", "stationery")
OURS = {name: kind for name, kind in kinds().items() if kind.build.__module__.rsplit(".", 1)[-1] in MODULES}
LONGEST = {"tabletop": (0.02, 0.95), "room": (0.3, 2.6), "outdoor": (0.5, 9.0)}  # metres, by scale
CONTEXTS = {
    "indoor",
    "outdoor",
    "kitchen",
    "living room",
    "bedroom",
    "office",
    "bathroom",
    "workshop",
    "classroom",
    "garage",
    "cafe",
    "studio",
    "street",
    "park",
    "garden",
    "meadow",
    "forest",
    "beach",
    "desert",
    "snowfield",
    "mountain",
    "farm",
    "playground",
    "plaza",
    "harbour",
    "night city",
    "stage",
}
MATERIALS = {
    "plastic",
    "rubber",
    "wood",
    "dark wood",
    "bamboo",
    "ceramic",
    "porcelain",
    "glass",
    "ice",
    "gold",
    "silver",
    "copper",
    "chrome",
    "brushed metal",
    "iron",
    "steel",
    "marble",
    "stone",
    "granite",
    "brick",
    "concrete",
    "clay",
    "leather",
    "fabric",
    "denim",
    "wool",
    "velvet",
    "paper",
    "cardboard",
    "cork",
    "wax",
    "grass",
    "straw",
    "foliage",
    "sand",
    "snow",
    "water",
    "skin",
    "fur",
    "feathers",
    "car paint",
    "matte paint",
}

each_kind = pytest.mark.parametrize("kind", OURS.values(), ids=OURS.keys())


def geometry(parts: list[Part]) -> str:
    """A hash of all vertices and surfaces (a lamp's states share their shape, not their glow)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.name.encode() + part.mesh.vertices.tobytes() + part.mesh.faces.tobytes())
        digest.update(repr(part.surface).encode())
    return digest.hexdigest()


def test_the_families_hold_at_least_thirty_kinds() -> None:
    assert len(OURS) >= 41
    assert {kind.build.__module__.rsplit(".", 1)[-1] for kind in OURS.values()} == set(MODULES)


@each_kind
def test_every_state_stands_on_the_ground_and_looks_its_own(kind: Kind) -> None:
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
    assert geometry(kind.build(params, states[0])) == hashes[0], "same parameters, other bytes"
    assert geometry(kind.build(kind.sample("objects", "other"), states[0])) != hashes[0], (
        "parameters change nothing"
    )


def check_stance(kind: Kind, state: str | None, parts: list[Part]) -> None:
    corners = np.stack([part.mesh.bounds for part in parts])
    low, high = corners[:, 0].min(0), corners[:, 1].max(0)
    assert low[2] == pytest.approx(0, abs=1e-9), state
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
    assert set(kind.states[1:]) <= set(kind.verbs), "a state that no action leads to"
    assert set(kind.colours) <= set(COLOURS)
    assert set(kind.contexts) <= CONTEXTS
    parts = parts_of(kind.name, kind.sample("objects", kind.name), kind.states[0] if kind.states else None)
    assert any(part.surface is None for part in parts), "no part takes the item's own colour"
    assert bool(kind.text) == any(part.label for part in parts)
    if kind.surface_of:
        assert kind.surface_of in {part.name for part in parts}
    for part in parts:
        if part.surface is not None and isinstance(part.surface.colour, str):
            assert part.surface.colour in COLOURS | {"body": None}
    used = {part.surface.material for part in parts if part.surface is not None} | set(kind.materials)
    assert used <= MATERIALS


def test_tables_carry_things_on_a_free_and_level_top() -> None:
    carriers = {name for name, kind in OURS.items() if kind.surface_of}
    assert carriers == {"table", "coffee table", "desk", "stool", "cabinet"}
    for name in sorted(carriers):
        for seed in range(4):
            kind = OURS[name]
            item = Item(id="x", kind=name, params=kind.sample("objects", seed))
            top = top_of(item)
            assert top is not None
            assert top.z == pytest.approx(footprint(item).high, abs=1e-6)
            assert top.outline.area > 0.6 * footprint(item).outline.area * (0.7 if name == "stool" else 1)
            assert top.blocked.area == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", ["desk lamp", "floor lamp", "candle"])
def test_light_comes_only_from_what_is_lit(name: str) -> None:
    kind = OURS[name]
    off, lit = kind.states
    params = kind.sample("objects", name)

    def glow(state: str) -> float:
        return sum(part.surface.glow for part in kind.build(params, state) if part.surface is not None)

    assert glow(off) == 0
    assert glow(lit) > 1
    assert lit in kind.effects.values()
