"""Recorded figures: docs/measured/NAME.csv, written once by a command that takes too long for CI, shown as a table; or
NAME.txt, what the command printed.

The file's first lines are comments, `# key: value`: `command` (needed), `on` (the machine), `page` and `what` (its line
in docs/numbers.md). Then a header and rows. Cells are shown as they stand.

python docs/generate.py --lift docs/PAGE.md     turns the page's unmarked tables into such files, ready for a command's name
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from marking import PROSE, RULE_OF_A_TABLE, PageError, lines_of

FOLDER = Path(__file__).parent / "measured"


@dataclass(frozen=True)
class Measured:
    """One recorded table. facts: its comment lines."""

    name: str
    facts: dict[str, str]
    header: list[str]
    rows: list[list[str]]
    printed: str = ""


def read(name: str, folder: Path = FOLDER) -> Measured:
    """A recorded table. Raises PageError for one that is not there, names no command or has uneven rows."""
    path = next((p for p in (folder / f"{name}.csv", folder / f"{name}.txt") if p.exists()), None)
    if path is None:
        raise PageError(f"{folder / name}.csv is not there")
    lines = path.read_text().splitlines()
    facts = {
        key.strip(): value.strip()
        for key, _, value in (line[1:].partition(":") for line in lines if line.startswith("#"))
    }
    if path.suffix == ".txt":
        rest = "\n".join(line for line in lines if not line.startswith("# "))
        return Measured(name, named(path, facts), [], [], rest.strip("\n"))
    header, *rows = csv.reader(io.StringIO("\n".join(line for line in lines if not line.startswith("#"))))
    facts = named(path, facts)
    uneven = [number for number, row in enumerate(rows, 1) if len(row) != len(header)]
    if uneven:
        raise PageError(f"{path}: row {uneven[0]} has not {len(header)} cells")
    return Measured(name, facts, header, rows)


def named(path: Path, facts: dict[str, str]) -> dict[str, str]:
    """The facts, if a command is among them. Raises PageError."""
    if not facts.get("command"):
        raise PageError(f"{path} does not say the command that made it: '# command: ...'")
    return facts


def all_measured(folder: Path = FOLDER) -> list[Measured]:
    """Every recorded table, by name."""
    return [read(path.stem, folder) for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".txt")]


def shown(name: str) -> str:
    """The table, and under it where it comes from."""
    from generate import table

    found = read(name)
    on = f" ({found.facts['on']})" if "on" in found.facts else ""
    if found.printed:
        return f"```console\n$ {found.facts['command']}\n{found.printed}\n```\n\n*Recorded{on}.*"
    header = ["" if cell == "-" else cell for cell in found.header]
    return f"{table(header, found.rows)}\n\n*Recorded{on} by* `{found.facts['command']}`"


def lift(page: Path) -> list[Path]:
    """Turn the unmarked tables of a page into recorded ones; the files written, whose `command` is still to be named."""
    text = page.read_text()
    lines = list(lines_of(text))
    written: list[Path] = []
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        rule = lines[place + 1] if place + 1 < len(lines) else line
        over = next((before for before in reversed(kept) if before.strip()), "")
        starts = (
            not line.made
            and line.fence is None
            and line.text.startswith("|")
            and RULE_OF_A_TABLE.match(rule.text)
        )
        if not starts or over == PROSE:
            kept.append(line.text)
            place += 1
            continue
        rows = []
        while place < len(lines) and lines[place].text.startswith("|"):
            rows.append(lines[place].text)
            place += 1
        name = f"{page.stem}-{len(written) + 1}"
        cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip()[1:-1])] for row in rows]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([cell or "-" for cell in cells[0]])
        writer.writerows(cells[2:])
        path = FOLDER / f"{name}.csv"
        FOLDER.mkdir(exist_ok=True)
        path.write_text(f"# command:\n{out.getvalue()}")
        written.append(path)
        kept += [f"<!-- measured: {name} -->", "<!-- end -->"]
    page.write_text("\n".join(kept) + "\n")
    return written
