"""The source's detail is kept where an edit changed little, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from anyedit.models.detail import keep_detail


def noise(size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(60, 196, (size, size, 3)).astype(np.uint8)


@pytest.mark.parametrize("size", [64, 200, 40])
def test_an_edit_that_changes_nothing_gives_the_source_back(size: int) -> None:
    source, restored = noise(size), noise(64, 1)
    assert np.abs(keep_detail(source, restored, restored).astype(int) - source).max() <= 1


def test_a_large_change_stands_alone_and_the_rest_keeps_its_detail() -> None:
    source, restored = noise(64), np.full((64, 64, 3), 128, np.uint8)
    edited = restored.copy()
    edited[:, 32:] = 250
    result = keep_detail(source, edited, restored)
    assert np.abs(result[:, :24].astype(int) - source[:, :24]).max() <= 1
    assert (result[:, 40:] == 250).all()


def test_a_small_change_is_added_to_the_detail() -> None:
    source, restored = noise(64), np.full((64, 64, 3), 128, np.uint8)
    difference = keep_detail(source, restored + 3, restored).astype(int) - source
    assert 2 <= difference.mean() <= 4 and difference.std() < 1
