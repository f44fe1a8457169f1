"""The names of the types: 25, and every published spelling leads to one of them."""

from __future__ import annotations

import pytest

from anyedit.types import ALIASES, EDIT_TYPES, GROUP_OF, canonical_type


def test_there_are_25_in_five_groups() -> None:
    assert len(EDIT_TYPES) == len(set(EDIT_TYPES)) == 25
    assert [
        list(GROUP_OF.values()).count(g) for g in ("local", "global", "camera", "implicit", "visual")
    ] == [9, 3, 4, 2, 7]


@pytest.mark.parametrize("name", EDIT_TYPES)
def test_names_without_underscores_are_accepted(name: str) -> None:
    assert canonical_type(name.replace("_", "")) == name
    assert canonical_type(name.upper()) == name


def test_aliases_lead_to_canonical_names() -> None:
    assert {canonical_type(alias) for alias in ALIASES} <= set(EDIT_TYPES)
    assert canonical_type("no such type") is None
