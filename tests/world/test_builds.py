"""The stored builds of kinds are those that measuring gives."""

from __future__ import annotations

import json

import pytest

from anyedit.world.builds import BUILDS, table


def test_stored_builds_are_up_to_date() -> None:
    stored = json.loads(BUILDS.read_text())
    measured = {name: values for name, values in table().items() if name in stored}
    assert set(measured) == set(stored)
    for name, values in measured.items():
        assert stored[name] == pytest.approx(values, rel=1e-4), f"{name}: run python -m anyedit.world.builds"
