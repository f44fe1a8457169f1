"""The command: what it prints, how it ends, and how little it imports before it must."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import anyedit
from anyedit import cli
from anyedit.inspection import EXTRAS
from anyedit.types import EDIT_TYPES, GROUP_OF

RECIPE = """
name: cli
seed: 7
source: {kind: world, width: 48, height: 48, samples: 1, depth: 2}
pairs: 1
types: [color_alter]
"""
HEAVY = ("torch", "mitsuba", "diffusers", "transformers", "datasets", "cv2", "pyarrow", "scipy", "rapidocr")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "recipe.yaml").write_text(RECIPE)
    anyedit.build(folder / "recipe.yaml", out=folder / "build", workers=1)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The command in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["anyedit", *map(str, arguments)])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def python(code: str) -> str:
    """What a fresh Python prints."""
    env = {**os.environ, "PYTHONPATH": str(Path(anyedit.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(
    "start",
    [
        "import anyedit",
        "import anyedit.cli",
        "import sys; sys.argv = ['anyedit', '--help']; from anyedit.cli import main\ntry: main()\nexcept SystemExit: pass",
        "import sys; sys.argv = ['anyedit', 'build', '-h']; from anyedit.cli import main\ntry: main()\nexcept SystemExit: pass",
    ],
)
def test_nothing_heavy_is_imported_to_say_what_there_is(start: str) -> None:
    said = python(f"{start}\nimport sys; print('HEAVY', [name for name in {HEAVY} if name in sys.modules])")
    assert "HEAVY []" in said


def test_import_anyedit_is_light() -> None:
    said = python(
        "import anyedit, sys; print([n for n in ('numpy', 'pydantic', 'typer', 'rich') if n in sys.modules])"
    )
    assert said.strip() == "[]"


def test_every_public_name_is_there() -> None:
    for name in anyedit.__all__:
        assert callable(getattr(anyedit, name))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = anyedit.nothing


def test_help_names_every_verb_and_the_exit_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == 0
    said = capsys.readouterr().out
    for verb in ("types", "build", "why", "reproduce", "export", "import", "doctor", "Exit codes"):
        assert verb in said


def test_types_lists_the_25_in_canonical_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "types", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert tuple(row["name"] for row in listed) == EDIT_TYPES
    for row in listed:
        assert row["group"] == GROUP_OF[row["name"]]
        assert row["summary"] and row["needs"] and row["example"]
        assert row["sources"][0] == "world"
    assert listed == anyedit.list_types()


def test_types_for_people(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "types") == 0
    said = capsys.readouterr().out
    assert all(name in said for name in EDIT_TYPES)
    assert all(f'"{row["example"][:16]}' in said for row in anyedit.list_types()) and "[v*]" in said


def test_doctor_says_what_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "doctor") == 0
    said = capsys.readouterr().out
    assert "mitsuba" in said and "AnySD: editing, training" in said
    found = {finding.package: finding for finding in anyedit.doctor()}
    assert found["mitsuba"].extras == () and found["mitsuba"].found == version("mitsuba")
    assert set(found["torch"].extras) == {"train", "small", "gpu", "bench"}


def test_doctor_names_what_is_missing_and_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["numpy>=2", "no-such-engine>=1; extra == 'ray'", 'numpy>=2; extra == "ray"']
    monkeypatch.setattr("anyedit.inspection.requires", lambda _: told)
    assert run(monkeypatch, "doctor") == 0
    said = capsys.readouterr().out
    assert re.search(r"no-such-engine +not installed +ray", said)
    assert re.search(r"\nray .* no-such-engine *\n", said) and re.search(r"\nbench .* nothing *\n", said)
    assert re.search(r"install an extra with .*python.* -m pip install .*'.*\[small\]'", said)
    monkeypatch.setattr("anyedit.inspection.requires", lambda _: ["no-such-core"])
    assert run(monkeypatch, "doctor") == 1
    assert "anyedit itself lacks no-such-core" in capsys.readouterr().err


def test_the_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"anyedit {version('anyedit')}\n"


def test_every_extra_is_explained() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
    assert set(EXTRAS) == set(project["optional-dependencies"])


def test_build_prints_yields_and_where_things_are(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "build", built / "recipe.yaml", "--out", built / "build", "--workers", 1) == 0
    said = capsys.readouterr().out
    for part in ("color_alter", "1 pairs:", str(built / "build/dataset"), str(built / "build/report.html")):
        assert part in said


def test_build_json_is_the_summary_and_quiet_is_nothing(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("build", built / "recipe.yaml", "-o", built / "build", "--workers", 1)
    assert run(monkeypatch, *command, "--json") == 0
    summary: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert summary == json.loads((built / "build/summary.json").read_text())
    assert run(monkeypatch, *command, "--quiet") == 0
    assert capsys.readouterr() == ("", "")


def test_a_build_that_is_short_says_of_what_and_ends_with_1(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    impossible = 'gates={"color_alter.mask share": [0.99, 1]}'
    command = ("build", built / "recipe.yaml", "-o", built / "short", "--workers", 1, "--quiet")
    assert run(monkeypatch, *command, "--set", impossible, "--set", "effort=1") == 1
    said = capsys.readouterr().err
    assert "short of the quota: color_alter (1)" in said and "effort" in said


def test_why_and_reproduce(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    item = next(iter_ids(built / "build"))
    assert run(monkeypatch, "why", built / "build", item) == 0
    assert "accepted: in the dataset" in capsys.readouterr().out
    assert run(monkeypatch, "reproduce", built / "build", item) == 0
    assert capsys.readouterr().out == f"{item}: made again, the same to the byte\n"


def iter_ids(folder: Path) -> Any:
    from anyedit.store.dataset import iter_rows

    return (row["id"] for row in iter_rows(folder))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no.yaml",), "no recipe at no.yaml; the ready ones are in recipes/"),
        (("recipe.yaml", "--set", "pears=3"), "unknown key 'pears'; did you mean 'pairs'?"),
        (("recipe.yaml", "--set", "pears"), "--set pears: expected key=value"),
        (("recipe.yaml", "--set", "pairs=["), "pairs: Input should be a valid integer"),
        (("recipe.yaml", "--types", "remoove"), "no edit type is named 'remoove'; did you mean 'remove'?"),
        (("recipe.yaml", "--limit", "0"), "Invalid value for '--limit'"),
        (("recipe.yaml", "--seed", "8"), "holds a build of another recipe (different: seed)"),
    ],
)
def test_mistakes_in_the_request_end_with_2(
    arguments: tuple[str, ...],
    message: str,
    built: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(built)
    assert run(monkeypatch, "build", *arguments, "--out", "build") == 2
    said = capsys.readouterr().err
    assert message in said and "Traceback" not in said


def test_import_says_what_it_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], built: Path
) -> None:
    published = tmp_path / "published"
    assert run(monkeypatch, "export", built / "build", "--layout", "anyedit", "--out", published) == 0
    (listed,) = published.rglob("edit_result.json")
    told = json.loads(listed.read_text())
    listed.write_text(json.dumps([*told, {**told[0], "edited_file": "gone.png"}]))
    capsys.readouterr()
    assert run(monkeypatch, "import", published, "--out", tmp_path / "back") == 0
    said = capsys.readouterr().out
    assert re.search(r"color_alter +1", said) and "\npairs    1\n" in said and "{" not in said
    assert re.search(r"aside    1, in .*rejected: \w+ \(1\)", said)


def test_faults_of_the_disk_end_with_3(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(built)
    for command, message in (
        (("build", "recipe.yaml", "--out", "recipe.yaml"), "cannot build into recipe.yaml"),
        (("why", "nowhere", "w0"), "there is no folder nowhere"),
        (("why", ".", "w0"), ". is not a build"),
        (("export", "nowhere", "--layout", "anyedit", "--out", "x"), "no dataset in nowhere"),
    ):
        assert run(monkeypatch, *command) == 3, command
        said = capsys.readouterr().err
        assert said.startswith("anyedit: ") and message in said and "Traceback" not in said


def test_why_tells_of_a_pair_before_the_dataset_is_written(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    item = next(iter_ids(built / "build"))
    shutil.copytree(built / "build", tmp_path / "stopped", ignore=shutil.ignore_patterns("dataset"))
    assert run(monkeypatch, "why", tmp_path / "stopped", item) == 0
    assert "no dataset is written yet" in capsys.readouterr().out


def test_an_interruption_says_how_to_go_on_and_ends_with_130(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("anyedit.pipeline.build.build", interrupted)
    assert run(monkeypatch, "build", built / "recipe.yaml", "--out", built / "build") == 130
    assert "run the same command again to continue" in capsys.readouterr().err


def test_an_id_that_is_not_there_is_a_mistake_in_the_request(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(built)
    for command, message in (
        (("why", "build", "w0"), "knows no item 'w0'; ids look like 'w000000-"),
        (("reproduce", "build", "w0"), "has no pair 'w0'"),
    ):
        assert run(monkeypatch, *command) == 2, command
        assert message in capsys.readouterr().err
