"""The Typer application and what its verbs share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

EXIT_CODES = {
    0: "done",
    1: "short of what was asked",
    2: "mistake in the request",
    3: "disk or file",
    130: "interrupted",
}
app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # its import alone takes as long as all the rest of --help
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"Exit codes: {'; '.join(f'{code} {told}' for code, told in EXIT_CODES.items())}.",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"anyedit {version('anyedit')}")
        raise typer.Exit


@app.callback()
def anyedit(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Build instruction-based image-editing datasets, train editors on them, measure editors."""


Dir = Annotated[Path, typer.Argument(metavar="DIR", help="A build's folder.")]
Put = Annotated[list[str] | None, typer.Option("--set", help="key=value on top of the recipe; repeatable.")]


def console() -> Any:
    """A Rich console: the terminal's width, or a wide one for files and pipes."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160)


def settings_of(pairs: list[str]) -> dict[str, Any]:
    """The mapping that repeated --set key=value options say, values read as YAML."""
    import yaml

    from anyedit.errors import RecipeError

    settings = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise RecipeError(f"--set {pair}: expected key=value, e.g. --set source.width=128")
        try:
            settings[key.strip()] = yaml.safe_load(value)
        except yaml.YAMLError:
            settings[key.strip()] = value  # not YAML: the text itself
    return settings
