"""The verbs that read scored runs: table, compare, plots, gallery."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from anyedit.cli.app import app, console

bench = typer.Typer(help="Measure editors: suites, protocols, metrics, tables.", no_args_is_help=True)
app.add_typer(bench, name="bench")
RunDir = Annotated[Path, typer.Argument(metavar="DIR", help="A run's folder.")]
RunDirs = Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of scored runs.")]
ProtocolName = Annotated[str | None, typer.Option("--protocol", "-p", help="Only this protocol.")]


@bench.command()
def table(
    folders: RunDirs,
    by: Annotated[str, typer.Option(help="all, type, group, subset or protocol.")] = "all",
    protocol: ProtocolName = None,
    form: Annotated[str, typer.Option("--format", "-f", help="text, markdown, latex, csv or json.")] = "text",
    published: Annotated[
        bool, typer.Option("--published", help="Add figures of papers, marked as such.")
    ] = False,
    intervals: Annotated[bool, typer.Option("--intervals/--no-intervals", help="95% intervals.")] = True,
) -> None:
    """Print the tables of scored runs."""
    print_tables(folders, protocol, form, by, published, intervals)


@bench.command()
def compare(a: RunDir, b: RunDir, protocol: ProtocolName = None) -> None:
    """Paired differences of two runs on one suite, with 95% intervals and p (paired bootstrap)."""
    from rich.table import Table

    from anyedit.bench.comparing import compare as compared

    made = compared(a, b, protocol)
    grid = Table(
        title=f"{made.suite}, {made.protocol}: {made.a} - {made.b}",
        box=None,
        pad_edge=False,
        title_justify="left",
    )
    for title in ("metric", made.a, made.b, "difference", "95% interval", "p", "n", "better"):
        grid.add_column(title, justify="left" if title in ("metric", "better") else "right")
    for column in made.columns:
        step = column.difference
        grid.add_row(
            column.label,
            f"{column.a:.4f}",
            f"{column.b:.4f}",
            f"{step.value:+.4f}",
            "-" if step.low is None else f"[{step.low:+.4f}, {step.high:+.4f}]",
            "-" if step.p is None else f"{step.p:.4f}",
            str(step.n),
            column.better or "undecided",
        )
    console().print(grid)
    if made.only_a or made.only_b:
        print(f"not paired: {made.only_a} items only in {made.a}, {made.only_b} only in {made.b}")


@bench.command()
def plots(
    folders: RunDirs,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the pictures.")],
    protocol: ProtocolName = None,
) -> None:
    """Draw bars with intervals, and radars over types and groups."""
    from anyedit.bench.plots import plots as drawn

    for path in drawn(folders, out, protocol=protocol):
        print(path)


@bench.command()
def gallery(
    folders: RunDirs,
    out: Annotated[Path, typer.Option("--out", "-o", help="The HTML file.")],
    protocol: ProtocolName = None,
    metric: Annotated[str | None, typer.Option(help="Show this score under each output.")] = None,
    per_type: Annotated[int, typer.Option(min=1, help="Items of each type.")] = 4,
) -> None:
    """Write source, target and outputs side by side into one HTML file."""
    from anyedit.bench.gallery import gallery as written

    print(written(folders, out, protocol=protocol, metric=metric, per_type=per_type))


def print_tables(
    folders: list[Path], protocol: str | None, form: str, by: Any, published: bool, intervals: bool
) -> None:
    """Print a table for every suite and protocol of the runs."""
    from anyedit.bench.formats import written
    from anyedit.bench.report import across_protocols, tables

    made = (
        across_protocols(folders)
        if by == "protocol"
        else tables(folders, by=by, protocol=protocol, published=published)
    )
    print("\n".join(written(one, form, intervals) for one in made))
