"""Marked parts of the pages: what stands between two markers is made by code, and what is not marked is refused.

    <!-- code: engines -->                a table that follows from the code (facts.py)
    <!-- output: build the small set -->  a command and what it printed, really run (outputs.py)
    <!-- measured: inference -->          docs/measured/inference.csv: figures of a command that takes too long for CI
    <!-- end -->                          ends each of them
    <!-- prose -->                        over a table that explains: it holds no figure and no fact of the code

A table outside of these, or a console block that shows output outside of them, is a fault of the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

START = re.compile(r"<!-- (code|output|measured): (.+?) -->$")
END = "<!-- end -->"
PROSE = "<!-- prose -->"
RULE_OF_A_TABLE = re.compile(r"\|?[\s:|-]*--[\s:|-]*\|[\s:|-]*$")
CONSOLES = ("console", "sh", "bash")
Maker = Callable[[str, str], str]  # kind, name -> text


class PageError(Exception):
    """A page that cannot be made or is not what it says."""


@dataclass(frozen=True)
class Line:
    """One line of a page. made: it stands between markers. fence: the language of the block it is in, or None."""

    number: int
    text: str
    made: bool
    fence: str | None


def filled(page: str, text: str, maker: Maker) -> str:
    """The page with every marked part made anew. Raises PageError for markers that do not pair."""
    kept: list[str] = []
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        found = START.match(line)
        if (found and inside) or (line == END and not inside):
            raise PageError(f"{page}:{number}: '{line}' does not follow the end of the marked part before")
        if found:
            inside = f"{page}:{number}: {line}"
            kept += [line, "", maker(found[1], found[2]).strip("\n"), ""]
        elif line == END:
            inside = ""
        if not inside:
            kept.append(line)
    if inside:
        raise PageError(f"{inside} has no end")
    return "\n".join(kept) + "\n"


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a page with where they stand."""
    made, fence = False, None
    for number, line in enumerate(text.splitlines(), 1):
        opens = re.match(r"\s*```(\S*)", line)
        if fence is None and START.match(line):
            made = True
        elif fence is None and line == END:
            made = False
        yield Line(number, line, made, fence)
        if opens:
            fence = opens[1] if fence is None else None


def faults(page: str, text: str) -> list[str]:
    """What of a page nobody checks."""
    found = []
    lines = list(lines_of(text))
    for place, line in enumerate(lines):
        where = f"{page}:{line.number}"
        if line.made:
            continue
        if line.fence is None and RULE_OF_A_TABLE.match(line.text):
            over = next((before.text for before in reversed(lines[: place - 1]) if before.text.strip()), "")
            if over != PROSE:
                found.append(f"{where}: a table that is neither made from code nor marked as prose")
        if line.fence is None and line.text.strip() == "```":
            found.append(f"{where}: a block without a language: console, text, python, yaml ...")
        if line.fence in CONSOLES and not line.text.lstrip().startswith("```"):
            said = re.match(r"(\$ |    |#|\s*$)", line.text)
            if line.fence == "console" and not said:
                found.append(f"{where}: output of a command that is not run: '{line.text[:50]}'")
    return found


def commands(text: str) -> Iterator[tuple[int, str]]:
    """Line number and text of every command in the console blocks, joined over trailing backslashes."""
    begun, number = "", 0
    for line in lines_of(text):
        if line.fence not in CONSOLES or line.text.lstrip().startswith("```"):
            begun = ""
            continue
        shown = line.text if line.fence != "console" else line.text.removeprefix("$ ")
        if not begun:
            if line.fence == "console" and not line.text.startswith("$ "):
                continue
            number = line.number
        begun += shown.strip()
        if begun.endswith("\\"):
            begun = begun[:-1]
            continue
        yield number, re.sub(r"\s+#.*$", "", begun)
        begun = ""
