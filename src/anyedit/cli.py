"""The command `anyedit`. Every verb is a thin shell over a Python function of the same name (`types`: `list_types`).

Exit codes: 0 done; 1 done, but short of what was asked (a type missed its quota, a pair differs); 2 a mistake in
the request or recipe; 3 the disk or a file failed; 130 interrupted (run again to continue).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="Build instruction-based image-editing datasets, look into them, make any pair again.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 short of what was asked; 2 mistake in the request; 3 disk or file; 130 interrupted.",
)
Dir = Annotated[Path, typer.Argument(metavar="DIR", help="A build's folder.")]


@app.command()
def types(as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False) -> None:
    """List the edit types: group, one line, what a source needs, an example."""
    from anyedit.inspection import list_types as listed

    rows = listed()
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("type", "group", "what it does", "needs", "sources"):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(row["name"], row["group"], row["summary"], row["needs"], ", ".join(row["sources"]))
    _console().print(table)


@app.command()
def build(
    recipe: Annotated[Path, typer.Argument(help="A YAML recipe, e.g. recipes/world.yaml.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the build; continued when it exists.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Pairs in all.")] = None,
    only: Annotated[str | None, typer.Option("--types", help="Only these types, comma-separated.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: the cores.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed in place of the recipe's.")] = None,
    put: Annotated[
        list[str] | None, typer.Option("--set", help="key=value on top of the recipe; repeatable.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Build a dataset from a recipe, or continue an interrupted build."""
    from anyedit.pipeline.build import build as made
    from anyedit.pipeline.progress import progress_for

    summary = made(
        recipe,
        out=out,
        limit=limit,
        types=only.split(",") if only else None,
        workers=workers,
        seed=seed,
        settings=_settings(put or []),
        progress=progress_for(quiet or as_json),
    )
    if as_json:
        print(json.dumps(summary, indent=1, sort_keys=True))
    elif not quiet:
        _yield_table(summary)
        print(
            f"\n{summary['total']} pairs: {', '.join(f'{n} {s}' for s, n in sorted(summary['splits'].items()))}"
        )
        print(f"dataset  {out / 'dataset'}\nreport   {out / 'report.html'}")
    if summary["short"]:
        short = ", ".join(f"{name} ({missing})" for name, missing in summary["short"].items())
        print(
            f"short of the quota: {short}; raise 'effort' or see the rejected rows in the report",
            file=sys.stderr,
        )
        raise typer.Exit(1)


@app.command()
def why(
    folder: Dir, item: Annotated[str, typer.Argument(metavar="ID", help="A pair's or rejected row's id.")]
) -> None:
    """Tell one item's whole story: what made it, every rule with value and limit, where it ended."""
    from anyedit.inspection import why as told

    print(told(folder, item))


@app.command()
def reproduce(
    folder: Dir,
    item: Annotated[str, typer.Argument(metavar="ID", help="A pair's id.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the pictures made here.")] = None,
) -> None:
    """Make one pair again from its provenance and compare the bytes."""
    from anyedit.pipeline.reproduce import reproduce as made

    result = made(folder, item, out=out)
    if result.differing:
        print(f"{item}: made again, but {', '.join(result.differing)} differ", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{item}: made again, the same to the byte")


@app.command()
def export(
    folder: Dir,
    layout: Annotated[str, typer.Option(help="anyedit, instructpix2pix or webdataset.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the export.")],
) -> None:
    """Write a dataset in a layout that other tools read."""
    from anyedit.store.export import export as written

    print(f"{written(folder, layout, out)} pairs in {out} ({layout} layout)")


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A published AnyEdit folder (JSON or Parquet).")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the dataset.")],
    layout: Annotated[str, typer.Option(help="auto, or the layout by name.")] = "auto",
    licence: Annotated[str, typer.Option(help="Licence of the pictures.")] = "unknown",
) -> None:
    """Bring a published AnyEdit dataset into our schema."""
    from anyedit.store.importing import import_published

    done = import_published(path, out, layout=layout, licence=licence)
    print(
        f"{done.accepted} pairs accepted, {done.rejected} put aside with their reasons in {out / 'rejected'}"
    )
    print(f"dataset  {done.dataset}")


@app.command()
def doctor() -> None:
    """Say what is installed and what each extra would add."""
    from rich.markup import escape
    from rich.table import Table

    from anyedit.inspection import doctor as examined

    table = Table(box=None, pad_edge=False)
    for title in ("package", "version", "for", "install with"):
        table.add_column(title)
    missing = False
    for found in examined():
        source = f"pip install 'anyedit[{found.extra}]'" if found.extra else "pip install anyedit"
        missing |= found.found is None and found.extra is None
        table.add_row(
            found.package,
            found.found or "not installed",
            found.needed_for,
            "" if found.found else escape(source),
        )
    _console().print(table)
    if missing:
        raise typer.Exit(1)


def _console() -> Any:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160)


def _settings(pairs: list[str]) -> dict[str, Any]:
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


def _yield_table(summary: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in (
        "type",
        "asked",
        "instructed",
        "prefiltered",
        "edited",
        "assessed",
        "held",
        "s / pair",
        "dropped most by",
    ):
        table.add_column(title, justify="left" if title in ("type", "dropped most by") else "right")
    for name in sorted(
        summary["types"],
        key=lambda key: (
            key not in summary["quotas"],
            list(summary["quotas"]).index(key) if key in summary["quotas"] else 0,
            key,
        ),
    ):
        of = summary["types"][name]
        left = of["left"]
        rules = [
            (count, f"{rule} ({count})") for step in of["dropped"].values() for rule, count in step.items()
        ]
        seconds = of.get("seconds_per_accepted")
        table.add_row(
            name,
            str(summary["quotas"].get(name, "")),
            *(str(left.get(step, 0)) for step in ("instruct", "prefilter", "edit", "assess")),
            str(summary["accepted"].get(name, 0)),
            f"{seconds:.2f}" if seconds else "",
            max(rules)[1] if rules else "",
        )
    _console().print(table)


def main() -> None:
    """Run the command; the project's own errors are one message, everything else keeps its traceback."""
    from anyedit.errors import AnyEditError, StoreError

    try:
        app()
    except StoreError as error:
        _fail(str(error), 3)
    except AnyEditError as error:
        _fail(str(error), 2)
    except SystemExit as end:
        if end.code == 130:  # Typer has turned Ctrl-C into an exit without a word
            _fail("interrupted; what is finished is kept: run the same command again to continue", 130)
        raise


def _fail(message: str, code: int) -> None:
    print(f"anyedit: {message}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
