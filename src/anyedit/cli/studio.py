"""The verbs of the studio: studio, decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyedit.cli.app import app


@app.command()
def studio(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DIR]...", help="Builds, datasets, trainings, bench runs; default: this folder."
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="Another address than loopback needs --token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 7860,
    token: Annotated[str, typer.Option(help="A word that every visitor must give; 'new': one is made.")] = "",
    editor: Annotated[
        list[str] | None,
        typer.Option(help="An editor to try, as 'anyedit bench run --editor' names it; repeatable."),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Where indexes and thumbnails go; default: DIR/.studio.")
    ] = None,
) -> None:
    """Look at pairs, review them, try and compare editors, watch what runs: a page in your browser."""
    from anyedit.studio.serve import open_studio

    open_studio(folders or (), host=host, port=port, token=token, editors=editor or (), cache=cache)


@app.command()
def decisions(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The build or dataset that was reviewed.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Default: DIR/studio/decisions.parquet.")
    ] = None,
) -> None:
    """Bring the studio's decisions together in one Parquet file, for 'build --decisions' and 'calibrate --labels'."""
    from anyedit.studio.decisions import export_decisions

    print(f"decisions  {export_decisions(folder, out)}")
