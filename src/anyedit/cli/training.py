"""The verb of training: train."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyedit.cli.app import Put, app, settings_of


@app.command()
def train(
    recipe: Annotated[Path, typer.Argument(help="A YAML training recipe, e.g. recipes/train/stage1.yaml.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the run; continued when it exists.")],
    put: Put = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Train an editor from a recipe, or continue an interrupted training."""
    from anyedit.training import train as trained

    result = trained(recipe, out, settings_of(put or []), quiet)
    if not quiet:
        print(f"{result.step} steps\neditor   {result.editor}\nreport   {result.report}")
