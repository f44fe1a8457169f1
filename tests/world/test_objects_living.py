"""Animals, birds, people, plants and food: every kind builds in every state, stands on the ground, and is repeatable."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
import pytest

from anyedit.world.colours import COLOURS
from anyedit.world.kinds import Part, kinds
from anyedit.world.objects import animals, birds, food, people, plants

FAMILIES = {module.__name__ for module in (animals, birds, food, people, plants)}
KINDS = {name: kind for name, kind in kinds().items() if getattr(kind.build, "__module__", "") in FAMILIES}
SIZES = {"tabletop": (0.02, 1.25), "room": (0.2, 2.4), "outdoor": (0.4, 8.0)}  # metres, largest side


def _digest(parts: list[Part]) -> str:
    joined = hashlib.sha256()
    for part in parts:
        joined.update(part.name.encode() + part.mesh.vertices.tobytes() + part.mesh.faces.tobytes())
    return joined.hexdigest()


def test_at_least_28_kinds_are_registered() -> None:
    assert len(KINDS) >= 28
    assert {"man", "woman", "child", "dog", "cat", "horse", "bird", "tree", "apple", "cake"} <= set(KINDS)


@cache
def _usual(name: str) -> str:
    """The digest of one sample of a kind in its usual state."""
    kind = KINDS[name]
    return _digest(kind.build(kind.sample("test", name), kind.states[0] if kind.states else None))


@pytest.mark.parametrize("name", KINDS)
def test_every_state_builds_and_stands_on_the_ground(name: str) -> None:
    kind = KINDS[name]
    params = kind.sample("test", name)
    digests = []
    for state in kind.states or (None,):
        parts = kind.build(params, state)
        points = np.concatenate([part.mesh.vertices for part in parts])
        assert np.isfinite(points).all()
        assert points[:, 2].min() == pytest.approx(0, abs=1e-9)
        low, high = SIZES[kind.scale]
        assert low <= np.ptp(points, axis=0).max() <= high
        assert sum(len(part.mesh.faces) for part in parts) <= 15000
        assert any(part.surface is None for part in parts), "nothing takes the item's own colour"
        for part in parts:
            assert np.isfinite(part.mesh.uv).all()
            assert np.linalg.norm(part.mesh.normals, axis=1) == pytest.approx(1, abs=1e-6)
        digests.append(_digest(parts))
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("name", KINDS)
def test_same_parameters_give_the_same_bytes_and_others_do_not(name: str) -> None:
    kind = KINDS[name]
    state = kind.states[0] if kind.states else None
    again, other = (_digest(kind.build(kind.sample(key, name), state)) for key in ("test", "other"))
    assert again == _usual(name)
    assert other != _usual(name)


@pytest.mark.parametrize("name", KINDS)
def test_what_a_kind_says_of_itself_holds(name: str) -> None:
    kind = KINDS[name]
    assert set(kind.verbs) <= set(kind.states)
    assert set(kind.effects.values()) <= set(kind.states)
    assert set(kind.colours) <= set(COLOURS)
    assert kind.contexts and kind.materials


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
