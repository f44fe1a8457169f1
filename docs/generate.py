"""What of the documentation follows from the code: whole pages (edit types, recipe keys, the command's help), and the
marked parts of the others (see marking.py): tables, outputs of commands, recorded figures.

python docs/generate.py             writes it
python docs/generate.py --check     says what is stale or checked by nobody, exit code 1 when anything is
python docs/generate.py --lift docs/PAGE.md   turns a page's tables into recorded figures (see measured.py)
python docs/generate.py --pictures BUILD      draws each type's row of pairs from a build
"""

from __future__ import annotations

import argparse
import inspect
import io
import os
import subprocess
import sys
import types as python_types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marking import PageError
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from anyedit.edits import edit_types
from anyedit.edits.base import EditType, Params, Rule
from anyedit.recipe import Recipe
from anyedit.types import EDIT_TYPES, GROUPS, TYPES_BY_GROUP

DOCS = Path(__file__).parent
ROOT = DOCS.parent
MADE = "<!-- made by docs/generate.py: edit the code it tells of, not this page -->\n\n"
PAIRS = 3  # in a type's row
SIDE = 192  # pixels of a picture in it


def pages() -> dict[str, str]:
    """Path below docs -> text of every generated page."""
    made = {
        "types/index.md": types_index(),
        "reference/recipe.md": recipe_page(),
        "reference/command.md": command_page(),
    }
    made |= {f"types/{name}.md": type_page(edit_types()[name]) for name in EDIT_TYPES}
    return {path: MADE + text.rstrip() + "\n" for path, text in made.items()}


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [
        header,
        ["---"] * len(header),
        *([cell.replace("|", r"\|").replace("\n", " ") for cell in r] for r in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# The types.


def types_index() -> str:
    """All 25 in their groups."""
    parts = [
        "# The 25 edit types",
        "Each is one file under `src/anyedit/edits`; these pages are made from those files.",
    ]
    for group in GROUPS:
        rows = []
        for name in TYPES_BY_GROUP[group]:
            kind = edit_types()[name]
            serves = "world, photographs" if kind.serves_photographs() else "world"
            rows.append([f"[`{name}`]({name}.md)", kind.summary, kind.needs, serves])
        parts += [f"## {group.capitalize()}", table(["type", "what it does", "needs", "sources"], rows)]
    return "\n\n".join(parts)


def type_page(kind: EditType) -> str:
    """One type: what it does, how it is said, its parameters, rules and pipeline, pairs."""
    cls = type(kind)
    file = Path(inspect.getfile(cls)).relative_to(ROOT).as_posix()
    parts = [
        f"# {kind.name}",
        f"{kind.summary} Group **{kind.group}**; needs {kind.needs}. Published example: *{kind.example}*.",
    ]
    if (DOCS / "types" / f"{kind.name}.jpg").exists():
        parts.append(f"![Pairs of {kind.name}: source, edited, mask, visual prompt]({kind.name}.jpg)")
    parts += [paragraphs(cls), "## How people say it", "\n".join(f"- {phrase}" for phrase in kind.phrases)]
    parts += ["## Parameters", params_table(kind.Params)]
    parts += ["## Before the edit", rules_table(kind.checks), "## After the edit", rules_table(kind.gates)]
    parts += ["## How the picture is made", *how(kind), f"Source: `{file}`."]
    return "\n\n".join(part for part in parts if part)


def paragraphs(of: Any) -> str:
    """A docstring's text."""
    return inspect.cleandoc(of.__doc__ or "")


def first_paragraph(of: Any) -> str:
    """The part of a docstring before the first empty line."""
    return paragraphs(of).partition("\n\n")[0]


def how(kind: EditType) -> Iterator[str]:
    """World and photographs, from the docstrings of what makes them."""
    cls = type(kind)
    world = cls.edit_world if cls.edit_world is not EditType.edit_world else cls.rewrite
    told = paragraphs(world) if world is not EditType.rewrite else ""
    base = paragraphs(EditType.edit_world)
    yield f"**World.** {told or 'The scene is rewritten: only what was named changes.'} {base if world is not cls.edit_world else ''}".rstrip()
    if kind.serves_photographs():
        yield f"**Photographs.** {paragraphs(cls.edit)}"
    else:
        yield "**Photographs.** Not served: no pipeline yet that its gates would let through."


def params_table(model: type[Params]) -> str:
    """The type's typed parameters."""
    rows = [
        [f"`{name}`", plain_type(field.annotation), limits_of(field)]
        for name, field in model.model_fields.items()
    ]
    text = table(["parameter", "type", "limits"], rows) if rows else "None."
    told = paragraphs(model)
    return f"{told}\n\n{text}" if told else text


def rules_table(rules: tuple[Rule, ...]) -> str:
    """Rules with what they measure and their limits."""
    rows = [
        [rule.name, first_paragraph(rule.measure) or MEASURES.get(rule.name, ""), span(rule.low, rule.high)]
        for rule in rules
    ]
    return table(["rule", "measures", "passes when"], rows) if rows else "No rule."


MEASURES = {
    "target visible before": "Share of the picture of the item named by a parameter.",
    "target visible after": "Share of the picture of the item named by a parameter, after the edit.",
}


def span(low: float | None, high: float | None) -> str:
    """A rule's limits in words."""
    if low is None and high is None:
        return "measured only"
    if low == high:
        return f"= {low:g}"
    return " and ".join(
        f"{sign} {bound:g}" for sign, bound in (("at least", low), ("at most", high)) if bound is not None
    )


# The recipe.


def recipe_page() -> str:
    """Every key of a recipe, from the models that check it."""
    parts = [
        "# Recipe keys",
        "A recipe is YAML; an unknown key is an error that names the nearest known one.",
    ]
    seen: list[type[BaseModel]] = [Recipe]
    for model in seen:
        rows = []
        for name, field in model.model_fields.items():
            nested = [m for m in models_in(field.annotation) if issubclass(m, BaseModel)]
            seen += [m for m in nested if m not in seen]
            kind = ", ".join(f"[{m.__name__}](#{m.__name__.lower()})" for m in nested) or plain_type(
                field.annotation
            )
            rows.append([f"`{name}`", kind, default_of(field), limits_of(field), field.description or ""])
        told = paragraphs(model)
        parts += [f"## {model.__name__}", told, table(["key", "type", "default", "limits", "meaning"], rows)]
    return "\n\n".join(parts)


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The pydantic models that an annotation names."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in models_in(part)]


def plain_type(annotation: Any) -> str:
    """An annotation as one would say it."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is type(None):
        return "null"
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin is typing.Annotated:
        return plain_type(arguments[0])
    if origin in (typing.Union, python_types.UnionType):
        return " or ".join(plain_type(part) for part in arguments)
    if origin in (dict, tuple, list):
        inner = ", ".join(plain_type(part) for part in arguments if part is not Ellipsis)
        return f"{origin.__name__} of {inner}"
    return getattr(annotation, "__name__", str(annotation))


def default_of(field: Any) -> str:
    """A key's default in YAML's spelling, or "required"."""
    if field.default_factory is not None:
        return "empty"
    if field.default is PydanticUndefined:
        return "**required**"
    if isinstance(field.default, BaseModel):
        return ""
    return f"`{'null' if field.default is None else field.default}`"


def limits_of(field: Any) -> str:
    """Bounds of a number."""
    signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
    return ", ".join(
        f"{sign} {getattr(rule, name):g}"
        for rule in field.metadata
        for name, sign in signs.items()
        if getattr(rule, name, None) is not None
    )


# The command.


def command_page() -> str:
    """The help of every verb, as the command prints it."""
    from about_package import exit_codes

    parts = ["# The command", fenced("anyedit --help", help_of()), exit_codes()]
    for path in verbs():
        parts += [f"## anyedit {' '.join(path)}", fenced(f"anyedit {' '.join(path)} --help", help_of(*path))]
    return "\n\n".join(parts)


def verbs() -> list[tuple[str, ...]]:
    """Every verb, those of groups too, in the order of the help."""
    import typer.main

    from anyedit.cli import app

    found: list[tuple[str, ...]] = []

    def collect(command: Any, path: tuple[str, ...]) -> None:
        for name, inner in getattr(command, "commands", {}).items():
            found.append((*path, name))
            collect(inner, (*path, name))

    collect(typer.main.get_command(app), ())
    return found


def help_of(*path: str) -> str:
    """What `anyedit ... --help` prints on a terminal of 100 columns."""
    environment = {**os.environ, "COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1", "TERM": "dumb"}
    command = [sys.executable, "-m", "anyedit.cli", *path, "--help"]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return "\n".join(
        line.rstrip() for line in shown.strip("\n").replace("python -m anyedit.cli", "anyedit").splitlines()
    )


def fenced(command: str, output: str) -> str:
    """A command and its output."""
    return f"```console\n$ {command}\n{output}\n```"


# Pictures.


def draw_rows(build: Path) -> None:
    """A row of pairs for each type, the first of the build's: source, edited, mask, visual prompt."""
    from PIL import Image

    from anyedit.store.dataset import iter_rows

    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in EDIT_TYPES}
    for row in iter_rows(build):
        mine = rows.get(row["edit_type"])
        if mine is not None and len(mine) < PAIRS and row["turn"] == 1 and row["relation"] == "original":
            mine.append(row)
    for name, found in rows.items():
        columns = [
            c for c in ("source", "edited", "mask", "visual_prompt") if any(tells(row[c]) for row in found)
        ]
        if not found:
            print(f"{build} has no pair of {name}", file=sys.stderr)
            continue
        page = Image.new("RGB", (len(columns) * PAIRS * SIDE + 12 * (PAIRS - 1), SIDE), "white")
        for number, row in enumerate(found):
            for place, column in enumerate(columns):
                if row[column]:
                    picture = Image.open(io.BytesIO(row[column]["bytes"])).convert("RGB")
                    picture.thumbnail((SIDE, SIDE))
                    page.paste(picture, ((number * len(columns) + place) * SIDE + 12 * number, 0))
        page.save(DOCS / "types" / f"{name}.jpg", quality=85)


def tells(picture: dict[str, Any] | None) -> bool:
    """Whether there is a picture that shows something: a mask of everything does not."""
    from PIL import Image

    return bool(picture) and Image.open(io.BytesIO(picture["bytes"])).convert("L").getextrema() != (255, 255)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare with what is committed")
    parser.add_argument("--lift", type=Path, metavar="PAGE", help="tables of a page become recorded figures")
    parser.add_argument("--pictures", type=Path, metavar="BUILD", help="a build's folder")
    asked = parser.parse_args()
    if asked.pictures:
        draw_rows(asked.pictures)
    if asked.lift:
        import measured

        for path in measured.lift(asked.lift):
            print(f"written: {path}; name its command in its first line")
        return 0
    from pages import faults_of, hand_written, made_anew, python_names

    try:
        wanted = {DOCS / path: text for path, text in pages().items()}
        wanted |= {path: made_anew(path) for path in hand_written()}
    except PageError as error:
        print(error, file=sys.stderr)
        return 1
    stale = []
    for file, text in wanted.items():
        if not file.exists() or file.read_text() != text:
            stale.append(file.relative_to(ROOT))
            if not asked.check:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
    for path in stale:
        print(f"{'stale' if asked.check else 'written'}: {path}")
    wrong = [fault for path in hand_written() for fault in (*faults_of(path), *python_names(path))]
    for fault in wrong:
        print(fault)
    return 1 if wrong or (asked.check and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
