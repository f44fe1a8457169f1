"""What messages say: the nearest known word, the command that installs what is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from anyedit.errors import MissingExtra, nearest, pip_install, require_extra


class Installed:
    """A distribution that was installed from a folder."""

    def __init__(self, folder: Path, editable: bool) -> None:
        self.told = {"url": folder.as_uri(), "dir_info": {"editable": editable}}

    def read_text(self, name: str) -> str | None:
        return json.dumps(self.told) if name == "direct_url.json" else None


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "my checkout"
    folder.mkdir()
    monkeypatch.setattr("importlib.metadata.distribution", lambda _: Installed(folder, True))
    monkeypatch.setattr(sys, "executable", str(folder / ".venv" / "bin" / "python"))
    return folder


@pytest.mark.parametrize(
    ("word", "known", "told"),
    [
        ("remoove", ["remove", "add"], "; did you mean 'remove'?"),
        ("x", ["b", "a"], "; known: a, b"),
        ("x", [], "; there are none"),
        ("x", [str(k) for k in range(42)], " and 2 more"),
    ],
)
def test_the_nearest_known_word(word: str, known: list[str], told: str) -> None:
    assert nearest(word, known).endswith(told)


def test_the_command_as_it_is_typed_in_the_checkout(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "constraints.txt").touch()
    monkeypatch.chdir(checkout)
    assert pip_install("bench") == ".venv/bin/python -m pip install -c constraints.txt -e '.[bench]'"
    assert pip_install() == ".venv/bin/python -m pip install -c constraints.txt -e '.'"


def test_the_command_works_from_elsewhere(
    checkout: Path, tmp_path_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    python = checkout / ".venv" / "bin" / "python"
    assert pip_install("bench") == f"'{python}' -m pip install -e '{checkout}[bench]'"


def test_an_installed_package_is_asked_for_by_name(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.distribution", lambda _: Installed(checkout, False))
    monkeypatch.setattr(sys, "executable", "/usr/bin/python")
    assert pip_install("bench") == "/usr/bin/python -m pip install 'anyedit[bench]'"


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("", "no_such_package is not installed: "),
        ("flying", "no_such_package is not installed; for flying: "),
    ],
)
def test_a_missing_package_names_the_extra(what: str, told: str) -> None:
    with pytest.raises(MissingExtra) as raised, require_extra("train", what):
        import no_such_package  # noqa: F401
    assert str(raised.value).startswith(told) and str(raised.value).endswith("[train]'")


def test_a_broken_package_is_told_as_it_is_and_our_own_faults_stay_faults() -> None:
    with pytest.raises(MissingExtra, match=r"^libflight\.so: cannot open: "), require_extra("train"):
        raise ImportError("libflight.so: cannot open")
    with pytest.raises(ModuleNotFoundError), require_extra("train"):
        import anyedit.no_such_module_at_all  # noqa: F401
