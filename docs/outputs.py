"""Commands shown with their output: each is really run, in one folder, in this order, as on a terminal of 100 columns.

What differs from machine to machine is masked (seconds) or compared with a tolerance (figures of rendered pictures: the
denoiser's last bit depends on the processor). Everything else must be the same to the letter.
"""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from marking import PageError

ROOT = Path(__file__).parent.parent
SMALL = "--set source.width=96 --set source.height=96"
RELATIVE, ABSOLUTE = 0.05, 0.02  # how far a figure may be from the one that is shown
Part = Callable[[list[str]], list[str]]


def whole(lines: list[str]) -> list[str]:
    """All of it."""
    return lines


def last(count: int) -> Part:
    """The last lines, after dots."""
    return lambda lines: ["...", *lines[-count:]]


def last_row(lines: list[str]) -> list[str]:
    """A table's last row, which may take several lines, after dots."""
    return ["...", *lines[max(k for k, line in enumerate(lines) if line[:1].strip()) :]]


def first(count: int) -> Part:
    """The first lines, before dots."""
    return lambda lines: lines if len(lines) <= count else [*lines[:count], "..."]


def without_seconds(lines: list[str]) -> list[str]:
    """A build's table without its column of seconds and without the lines of progress."""
    lines = [line for line in lines if not re.match(r"\[\s*\d+ s\]", line)]
    at = next((line.find("s / pair") for line in lines if "s / pair" in line), -1)
    end = at + len("s / pair")
    rows = 0 if at < 0 else next((k for k, line in enumerate(lines) if not line.strip()), len(lines))
    return [
        f"{line[:at]}{'-':>{end - at}}{line[end:]}" if 0 < k < rows and line[at:end].strip() else line
        for k, line in enumerate(line.rstrip() for line in lines)
    ]


@dataclass(frozen=True)
class Step:
    """A command as a reader types it. {id}: the first pair of demo. part: what of its output is shown. code: how it ends."""

    command: str
    part: Part = whole
    code: int = 0
    with_example: bool = False  # examples/focus_change is installed


WALK: dict[str, Step] = {
    "build": Step(
        f"anyedit build recipes/world.yaml --out demo --limit 4 --types remove,color_alter {SMALL}", without_seconds
    ),
    "misspelt type": Step("anyedit build recipes/world.yaml --out other --types colour_alter", code=2),
    "why": Step("anyedit why demo {id}"),
    "reproduce": Step("anyedit reproduce demo {id}"),
    "bench": Step("anyedit bench run --suite demo --editor identity --editor oracle --out runs -p pixels"),
    "compare": Step("anyedit bench compare runs/identity runs/oracle"),
    "export": Step("anyedit export demo --layout instructpix2pix --out export"),
    "26 types": Step("anyedit types", last_row, with_example=True),
    "build of a 26th type": Step(
        "anyedit build recipes/world.yaml --out focus --types focus_change --limit 3", without_seconds, with_example=True
    ),
}  # fmt: skip


@cache
def walked() -> dict[str, str]:
    """The text of every step. Raises PageError for a command that ends otherwise than it should."""
    shown = {}
    with tempfile.TemporaryDirectory(prefix="anyedit-docs-") as scratch:
        folder = Path(scratch)
        for name in ("recipes", "examples"):
            (folder / name).symlink_to(ROOT / name)
        facts = folder / "site" / "anyedit_focus_change-0.1.0.dist-info"  # as pip leaves the example
        facts.mkdir(parents=True)
        (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: anyedit-focus-change\nVersion: 0.1.0\n")
        (facts / "entry_points.txt").write_text(
            "[anyedit.edit_types]\nfocus_change = anyedit_focus_change:FocusChange\n"
        )
        for name, step in WALK.items():
            command = step.command
            if "{id}" in command:
                command = command.replace("{id}", first_pair(folder / "demo"))
            code, printed = run(command, folder, step.with_example)
            if code != step.code:
                raise PageError(f"docs/outputs.py, {name}: '{command}' ended with {code}:\n{printed}")
            lines = [line.rstrip() for line in printed.strip("\n").splitlines()]
            said = command if len(command) < 100 else command.replace(" --set ", " \\\n    --set ", 1)
            shown[name] = f"```console\n$ {said}\n" + "\n".join(step.part(lines)) + "\n```"
    return shown


def first_pair(build: Path) -> str:
    """The id of the first pair of a build."""
    from anyedit.store.dataset import iter_rows

    return str(next(iter_rows(build))["id"])


def run(command: str, folder: Path, with_example: bool) -> tuple[int, str]:
    """Exit code and what a reader sees: first what goes to the terminal's output, then the errors."""
    program, *arguments = shlex.split(command)
    if program != "anyedit":
        raise PageError(f"docs/outputs.py runs anyedit only, not {program}")
    paths = [str(ROOT / "src")]
    if with_example:
        paths += [str(folder / "site"), str(ROOT / "examples" / "focus_change")]
    environment = {
        **os.environ, "COLUMNS": "100", "LINES": "50", "NO_COLOR": "1", "TERM": "dumb", "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")]),
    }  # fmt: skip
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "anyedit.cli", *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        stdout=theirs, stderr=subprocess.PIPE, text=False,
    ) as child:  # fmt: skip
        os.close(theirs)
        printed = b""
        while True:
            try:
                some = os.read(ours, 1 << 16)
            except OSError:  # Linux tells the end of a terminal by an error
                break
            if not some:
                break
            printed += some
        os.close(ours)
        assert child.stderr is not None
        told = child.stderr.read()
    text = printed.decode().replace("\r\n", "\n")
    errors = told.decode() if child.returncode else ""
    return child.returncode, (text + errors).replace(str(folder) + "/", "")


def agree(old: str, new: str) -> bool:
    """Whether two outputs are the same but for figures with a point, which may differ a little."""
    one, other = (re.split(r"(-?\d[\d,]*\.\d+)", re.sub(r"[ ─]+", " ", text.strip())) for text in (old, new))
    if len(one) != len(other):
        return False
    for place, (a, b) in enumerate(zip(one, other, strict=True)):
        if place % 2 == 0:
            if a.strip() != b.strip():
                return False
        else:
            x, y = (float(value.replace(",", "")) for value in (a, b))
            if abs(x - y) > max(ABSOLUTE, RELATIVE * abs(x)):
                return False
    return True
