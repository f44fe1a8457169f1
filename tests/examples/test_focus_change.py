"""The 26th edit type: a package outside the tree that registers by entry point."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "focus_change"
RECIPE = {
    "seed": 3,
    "source": {"kind": "world", "width": 96, "height": 96, "samples": 2},
    "pairs": 1,
    "types": {"focus_change": 1},
}


def installed(folder: Path, entry: str = "focus_change = anyedit_focus_change:FocusChange") -> dict[str, str]:
    """An environment in which the example is installed as pip would leave it."""
    facts = folder / "anyedit_focus_change-0.1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: anyedit-focus-change\nVersion: 0.1.0\n")
    (facts / "entry_points.txt").write_text(f"[anyedit.edit_types]\n{entry}\n")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(EXAMPLE), *sys.path])}


def run(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "anyedit.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)


def test_an_installed_type_is_listed_and_built(tmp_path: Path) -> None:
    environment = installed(tmp_path)
    listed = json.loads(run(["types", "--json"], environment).stdout)
    assert len(listed) == 26
    assert listed[-1]["name"] == "focus_change" and listed[-1]["group"] == "camera"
    recipe = tmp_path / "focus.yaml"
    recipe.write_text(json.dumps(RECIPE))
    done = run(
        ["build", str(recipe), "--out", str(tmp_path / "out"), "--workers", "1", "--json"], environment
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["accepted"] == {"focus_change": 1}


def test_an_entry_point_that_leads_nowhere_says_whose_it_is(tmp_path: Path) -> None:
    environment = installed(tmp_path, "focus_change = anyedit_focus_change:Missing")
    done = run(["types"], environment)
    assert done.returncode == 2
    assert "anyedit_focus_change:Missing" in done.stderr and "Traceback" not in done.stderr


def test_without_the_package_there_is_no_such_type(tmp_path: Path) -> None:
    recipe = tmp_path / "focus.yaml"
    recipe.write_text(json.dumps(RECIPE))
    done = run(
        ["build", str(recipe), "--out", str(tmp_path / "out")],
        {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 2
    assert "no edit type is named 'focus_change'" in done.stderr
