"""Kept pictures: made once, made anew when their file is not whole, and never in the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anyedit.records import Pixels
from anyedit.world import kept as keeping
from anyedit.world.kept import folder, kept


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return []


def picture(made: list[str], name: str) -> Pixels:
    def make() -> Pixels:
        made.append(name)
        return np.random.default_rng(len(name)).integers(0, 256, (5, 7, 3)).astype(np.uint8)

    return kept(name, make)


def test_a_picture_is_made_once(made: list[str]) -> None:
    first, again, other = picture(made, "gold"), picture(made, "gold"), picture(made, "marble")
    assert made == ["gold", "marble"]
    assert first.dtype == again.dtype == np.uint8
    assert (first == again).all()
    assert (first != other).any()
    assert len(list(folder().iterdir())) == 2  # nothing unfinished is left


@pytest.mark.parametrize("length", [0, 40])
def test_a_file_that_is_not_whole_is_made_anew(made: list[str], length: int) -> None:
    first = picture(made, "gold")
    (file,) = folder().iterdir()
    file.write_bytes(file.read_bytes()[:length])
    assert (picture(made, "gold") == first).all()
    assert (picture(made, "gold") == first).all()
    assert made == ["gold", "gold"]


def test_a_folder_that_cannot_be_written_only_costs_time(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert (picture(made, "gold") == picture(made, "gold")).all()
    assert made == ["gold", "gold"]


def test_other_code_has_other_pictures(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    picture(made, "gold")
    monkeypatch.setattr(keeping, "generation", lambda: "another")
    picture(made, "gold")
    assert made == ["gold", "gold"]
