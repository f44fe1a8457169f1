"""The hand-written pages: their marked parts filled, what nobody checks found, their commands compared with the code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import measured
import outputs
from facts import FACTS
from marking import PageError, commands, faults, filled, lines_of

DOCS = Path(__file__).parent
ROOT = DOCS.parent


def hand_written() -> list[Path]:
    """README, the pages of docs/ and the READMEs of the examples."""
    found = [ROOT / "README.md", *DOCS.glob("*.md"), *DOCS.glob("guides/*.md"), *DOCS.glob("decisions/*.md")]
    return sorted([*found, *ROOT.glob("examples/**/README.md")])


def made_anew(path: Path) -> str:
    """The page with every marked part as code, command or record say. Raises PageError."""
    text = path.read_text()
    old = {(kind, name): body for kind, name, body in parts_of(text)}

    def maker(kind: str, name: str) -> str:
        known: dict[str, Any] = {"code": FACTS, "output": outputs.WALK}
        if kind in known and name not in known[kind]:
            raise PageError(
                f"{path}: nothing makes the part '{kind}: {name}'; there are {', '.join(known[kind])}"
            )
        if kind == "code":
            return FACTS[name]()
        if kind == "measured":
            return measured.shown(name)
        new, before = outputs.walked()[name], old.get((kind, name), "")
        return before if outputs.agree(before, new) else new

    return filled(path.relative_to(ROOT).as_posix(), text, maker)


def parts_of(text: str) -> Iterator[tuple[str, str, str]]:
    """Kind, name and text of the marked parts of a page."""
    for found in re.finditer(
        r"^<!-- (code|output|measured): (.+?) -->$\n(.*?)^<!-- end -->$", text, re.M | re.S
    ):
        yield found[1], found[2], found[3].strip("\n")


def faults_of(path: Path) -> list[str]:
    """Tables and outputs that nothing checks; commands that the code does not know; tables without a command."""
    name, text = path.relative_to(ROOT).as_posix(), path.read_text()
    found = faults(name, text)
    for number, command in commands(text):
        problem = wrong_in(command)
        if problem:
            found.append(f"{name}:{number}: {problem}")
    return found


def wrong_in(command: str) -> str:
    """What the code does not know of a command: a verb, an option, a recipe, a script. Empty: nothing."""
    try:
        words = shlex.split(command.replace("[--address ...]", ""))
    except ValueError as error:
        return f"'{command}' cannot be read: {error}"
    for start, word in enumerate(words):
        if word == "anyedit" or words[start : start + 2] == ["-m", "anyedit.cli"]:
            rest = words[start + 1 :] if word == "anyedit" else words[start + 2 :]
            stop = next((k for k, w in enumerate(rest) if w in ("&&", "|", ";")), len(rest))
            problem = wrong_verb(rest[:stop])
            if problem:
                return problem
        if (
            re.fullmatch(r"(recipes|examples|benchmarks|docs)/[\w/.-]+\.(ya?ml|py)", word)
            and not (ROOT / word).exists()
        ):
            return f"there is no {word}"
    return ""


def wrong_verb(words: list[str]) -> str:
    """A verb or an option that the command does not have."""
    import typer.main

    from anyedit.cli import app

    command: Any = typer.main.get_command(app)
    path = "anyedit"
    while words and hasattr(command, "commands"):
        if words[0].startswith("-") or words[0] == "...":
            return ""
        if words[0] not in command.commands:
            return f"'{path}' has no verb '{words[0]}'"
        command, path, words = command.commands[words[0]], f"{path} {words[0]}", words[1:]
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for word in words:
        option = word.partition("=")[0]
        if re.fullmatch(r"-{1,2}[a-z][\w-]*", option) and option not in known | {"--help", "-h"}:
            return f"'{path}' has no option '{option}'"
    return ""


def python_names(path: Path) -> list[str]:
    """What the Python blocks of a page import from anyedit and is not there."""
    import ast
    import importlib

    found, block, number = [], [], 0
    for line in lines_of(path.read_text()):
        if line.fence == "python" and not line.text.startswith("```"):
            number = number or line.number
            block.append(line.text)
        elif block:
            try:
                tree = ast.parse("\n".join(block))
            except SyntaxError as error:
                found.append(f"{path.relative_to(ROOT)}:{number}: {error.msg}")
                tree = ast.Module([], [])
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "anyedit":
                    module = importlib.import_module(node.module or "")
                    found += [
                        f"{path.relative_to(ROOT)}:{number}: {node.module} has no {name.name}"
                        for name in node.names
                        if not hasattr(module, name.name)
                    ]
            block, number = [], 0
    return found
