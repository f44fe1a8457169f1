"""What the tables that follow from code share: names with words, a table, a part of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from marking import PageError

ROOT = Path(__file__).parent.parent


def worded(what: str, names: Iterable[str], words: Mapping[str, Any]) -> list[str]:
    """The names, each of which has words and no word is left over. Raises PageError."""
    known = list(names)
    lacking, extra = [n for n in known if n not in words], [w for w in words if w not in known]
    if lacking or extra:
        raise PageError(f"docs, {what}: no words for {lacking}, words for nothing: {extra}")
    return known


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, as generate.py writes it."""
    import generate

    return generate.table(header, rows)


def part_of_a_file(path: str, name: str, language: str) -> str:
    """What stands between a file's lines `# --8<-- [start:NAME]` and `[end:NAME]`, as a block."""
    found = re.search(
        rf"# --8<-- \[start:{name}\]\n(.*?)\n*# --8<-- \[end:{name}\]", (ROOT / path).read_text(), re.S
    )
    if found is None:
        raise PageError(f"docs: {path} marks no part '{name}'")
    return f"```{language}\n{found[1]}\n```"
