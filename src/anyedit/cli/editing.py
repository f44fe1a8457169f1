"""The verbs of editors: edit, convert."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from anyedit.cli.app import app

convert = typer.Typer(help="Read and write checkpoints in the published layout.", no_args_is_help=True)
app.add_typer(convert, name="convert")


@app.command()
def edit(
    picture: Annotated[Path, typer.Argument(help="A picture file of any size.")],
    instruction: Annotated[str, typer.Argument(help='What to do, e.g. "make the mug red".')],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the edited picture.")],
    editor: Annotated[
        str | None,
        typer.Option(help="A checkpoint's folder or hub id; default: the small one in the package."),
    ] = None,
    edit_type: Annotated[
        str | None, typer.Option("--type", help="One of 'anyedit types'; default: read off the sentence.")
    ] = None,
    visual_prompt: Annotated[
        Path | None, typer.Option(help="A second picture, for the visual types.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, help="Steps of denoising; default 20, the small editor's 1.")
    ] = None,
    scales: Annotated[
        str | None, typer.Option(help="Guidance of picture,text[,visual], e.g. 1.5,3,1.")
    ] = None,
    guidance: Annotated[str, typer.Option(help="published (three terms) or paper (four).")] = "published",
    seed: Annotated[int, typer.Option(help="The same seed gives the same picture.")] = 0,
    size: Annotated[
        int | None, typer.Option(min=8, help="Pixels of the square worked in; default: as it was trained.")
    ] = None,
    detail: Annotated[
        bool, typer.Option("--detail/--no-detail", help="Keep the source's detail where little changed.")
    ] = True,
) -> None:
    """Edit a picture as a sentence says. Pictures are scaled to the editor's size and back (the small editor in the
    package works at 128 px): what the edit puts in is that coarse, what it leaves keeps its detail."""
    from anyedit.errors import require_extra
    from anyedit.models.saving import picture_file

    with picture_file(out) as write:
        with require_extra("train"):
            from anyedit.models.editing import edit as edited
            from anyedit.models.editing import open_picture

        made = edited(
            open_picture(picture),
            instruction,
            editor=editor,
            edit_type=edit_type,
            visual_prompt=visual_prompt,
            steps=steps,
            scales=_scales(scales),
            guidance=cast(Literal["paper", "published"], guidance),
            seed=seed,
            size=size,
            detail=detail,
        )
        write(made.image)
    sure = "" if made.probability is None else f" (read off the sentence, {made.probability:.0%} sure)"
    print(f"{out}: {made.edit_type}{sure}; worked at {made.worked_at[0]} x {made.worked_at[1]} px", end="")
    print(
        ""
        if made.worked_at == made.image.size
        else f", scaled back to {made.image.width} x {made.image.height}"
    )
    if made.flagged:
        print(f"{out}: the safety checker flagged this edit: its picture is black", file=sys.stderr)
        raise typer.Exit(1)


@convert.command("anysd")
def convert_anysd(
    path: Annotated[str, typer.Argument(help="The published AnySD: a folder or hub id.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the editor.")],
    base: Annotated[
        str | None, typer.Option(help="Where the other parts come from; default: SD-1.5 from the hub.")
    ] = None,
) -> None:
    """Turn a published AnySD checkpoint into an editor's folder; every key and shape is checked."""
    from anyedit.errors import require_extra

    with require_extra("train"):
        from anyedit.models.convert import import_anysd

    print(f"editor   {import_anysd(path, out, base)}")


@convert.command("export")
def convert_export(
    editor: Annotated[Path, typer.Argument(help="An editor's folder.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the published layout.")],
) -> None:
    """Write an editor back in the published AnySD layout (unet/, image_encoder/, experts/*.bin)."""
    from anyedit.errors import require_extra

    with require_extra("train"):
        from anyedit.models.convert import export_anysd

    print(f"checkpoint   {export_anysd(editor, out)}")


def _scales(told: str | None) -> tuple[float | None, float | None, float | None]:
    from anyedit.models.faults import InputError

    if told is None:
        return None, None, None
    try:
        numbers = [float(part) for part in told.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (2, 3):
        raise InputError(f"--scales {told}: expected picture,text or picture,text,visual, e.g. 1.5,3,1")
    return numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else None
