"""The verb of training: train."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyedit.cli.app import Put, app, settings_of


@app.command()
def train(
    recipe: Annotated[
        Path, typer.Argument(help="A YAML training recipe, e.g. recipes/train/sd15-stage1.yaml.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the run; continued when it exists.")],
    put: Put = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Train an editor from a recipe, or continue an interrupted training. A recipe with `kind: tokenizer`,
    `clip`, `autoencoder` or `base` makes one of the parts that stay frozen."""
    from anyedit.errors import require_extra
    from anyedit.training.foundation.recipe import is_part_recipe, train_part
    from anyedit.training.recipe import check_places, load_training_recipe

    settings = settings_of(put or [])
    part = is_part_recipe(recipe)
    checked = None if part else load_training_recipe(recipe, settings)
    if checked is not None:
        check_places(checked, recipe)  # mistakes are told before torch is loaded
    with require_extra("train"):
        from anyedit.training import train as trained

    if checked is None:
        measures = train_part(recipe, out, settings)
        if not quiet:
            print(f"{out}: " + ", ".join(f"{name} {value:.4g}" for name, value in measures.items()))
        return
    result = trained(checked, out, quiet=quiet)
    if not quiet:
        print(f"{result.step} steps\neditor   {result.editor}\nreport   {result.report}")
