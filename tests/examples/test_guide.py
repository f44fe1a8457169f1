"""The guide of the 26th type, word for word: its commands are taken out of the page and run, in a folder like a clone."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from marking import commands  # noqa: E402
from outputs import WALK  # noqa: E402

GUIDE = (ROOT / "docs" / "guides" / "edit-type.md").read_text()


def test_every_command_of_the_guide_is_one_that_is_run() -> None:
    said = [command for _, command in commands(GUIDE)]
    assert said[:3] == [
        "python3 -m venv .venv",
        ". .venv/bin/activate",
        "pip install -c constraints.txt -e . ./examples/focus_change",
    ]
    assert said[3:] == [WALK["26 types"].command, WALK["build of a 26th type"].command]
    package = ROOT / "examples" / "focus_change"
    for block in (
        package / "anyedit_focus_change.py",
        package / "pyproject.toml",
    ):  # what is shown is what is there
        for name in ("rule", "entry"):
            if f"[start:{name}]" in block.read_text():
                part = block.read_text().partition(f"[start:{name}]\n")[2].partition("\n# --8<-- [end")[0]
                assert part.strip() in GUIDE


@pytest.mark.slow
def test_the_guide_word_for_word(tmp_path: Path) -> None:
    """pip installs the example as in the guide but for the network: without its dependency, which is this checkout."""
    for name in ("recipes", "examples"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("pictures", "build", "*.egg-info")
        )
    site = tmp_path / "site"
    offline = [
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-q",
        "--disable-pip-version-check",
        "-t",
        str(site),
    ]
    for _, command in list(commands(GUIDE))[2:]:
        words = shlex.split(command)
        if words[0] == "pip":
            example = [word for word in words if word.startswith("./")]
            words = [sys.executable, "-m", "pip", "install", *offline, *example]
        else:
            assert words[0] == "anyedit"
            words = [sys.executable, "-m", "anyedit.cli", *words[1:]]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(ROOT / "src")])}
        done = subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        if "types" in words:
            rows = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
            assert rows[-1].split()[0] == "focus_change"
    assert (site / "anyedit_focus_change.py").is_file()
    assert "focus_change" in (tmp_path / "focus" / "report.html").read_text()
    from anyedit.store.dataset import iter_rows

    assert (
        sum(row["edit_type"] == "focus_change" and row["turn"] == 1 for row in iter_rows(tmp_path / "focus"))
        >= 3
    )
