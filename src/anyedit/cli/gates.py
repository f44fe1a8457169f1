"""The verbs that measure gates and pixel pipelines: audit-gates, calibrate, fidelity."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from anyedit.cli.app import Put, app, console, settings_of

Types = Annotated[str | None, typer.Option(help="Only these types, comma-separated.")]
Workers = Annotated[int, typer.Option(min=1, help="Processes.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]


def _names(text: str | None) -> list[str] | None:
    return [name.strip() for name in text.split(",") if name.strip()] if text else None


def _told(what: str, quiet: bool) -> Callable[[int, int], None] | None:
    if quiet:
        return None

    def progress(done: int, of: int) -> None:
        print(f"{what} {done}/{of}", file=sys.stderr, flush=True)

    return progress


@app.command("audit-gates")
def audit_gates(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR]...", help="Builds of world scenes; none: one is built."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where verdicts and tables go.")] = Path("audit"),
    pairs: Annotated[int, typer.Option(min=1, help="Planted pairs a type, at least.")] = 400,
    types: Types = None,
    workers: Workers = 1,
    seed: Annotated[int, typer.Option(help="Of the planted defects.")] = 0,
    mode: Annotated[
        str, typer.Option(help="As what they are judged, comma-separated.")
    ] = "built,picture alone,photograph",
    recipe: Annotated[Path | None, typer.Option(help="Judge by this recipe's 'gates' instead.")] = None,
    quiet: Quiet = False,
) -> None:
    """Plant known defects into world pairs; print each gate's precision and recall with 95% intervals."""
    from anyedit.pipeline.audit.report import audit_gates as audited

    audited(
        folders or [],
        out=out,
        pairs=pairs,
        types=_names(types),
        workers=workers,
        seed=seed,
        modes=tuple(_names(mode) or ()),
        recipe=recipe,
        progress=None if quiet else lambda told: print(told.line(), file=sys.stderr, flush=True),
    )
    print((out / "gates.md").read_text())
    print(f"tables  {out / 'gates.md'}, {out / 'gates.json'}", file=sys.stderr)


@app.command()
def calibrate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A build, or a folder of audit-gates.")],
    labels: Annotated[
        Path | None, typer.Option(help="CSV, JSONL or Parquet of id, verdict; default: planted truth.")
    ] = None,
    keep: Annotated[float, typer.Option(min=0.5, max=1, help="Share of good pairs that must pass.")] = 0.99,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Default: the folder itself.")] = None,
    mode: Annotated[
        str, typer.Option(help="Verdicts of the audit: 'built', 'picture alone' or 'photograph'.")
    ] = "picture alone",
    pairs: Annotated[int, typer.Option(min=1, help="Defects a type to plant, when none are yet.")] = 60,
    types: Types = None,
    workers: Workers = 1,
) -> None:
    """Propose limits for gates from labelled pairs or planted truth: a recipe's 'gates:' and curves to look at."""
    from rich.table import Table

    from anyedit.pipeline.calibrate import LEAST
    from anyedit.pipeline.calibrate import calibrate as calibrated

    done = calibrated(
        folder,
        labels=labels,
        keep=keep,
        out=out,
        mode=mode,
        pairs=pairs,
        types=_names(types),
        workers=workers,
    )
    table = Table(box=None, pad_edge=False)
    for title in (
        "gate",
        "side",
        "good",
        "bad",
        "limit now",
        "recall",
        "proposed",
        "recall",
        "precision",
        "good kept",
    ):
        table.add_column(title, justify="left" if title in ("gate", "side") else "right")
    for one in done.proposals:
        new = one.proposed
        row = ["too few" if min(one.good, one.bad) < LEAST else "stays", "", "", ""]
        if new is not None:
            precision = "-" if new.precision is None else f"{new.precision:.3f}"
            row = [f"{new.limit:g}", f"{new.recall:.3f}", precision, f"{new.kept:.3f}"]
        now = [f"{one.now.limit:g}", f"{one.now.recall:.3f}"]
        table.add_row(one.name, one.side, str(one.good), str(one.bad), *now, *row)
    console().print(table)
    print(f"\n{done.recipe}\ncurves  {done.page}")


@app.command()
def fidelity(
    recipe: Annotated[
        Path, typer.Argument(help="A recipe: its engines, types and (of the world) picture size.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the tables go.")] = Path("fidelity"),
    scenes: Annotated[int, typer.Option(min=1, help="Scenes a type.")] = 40,
    types: Types = None,
    engine: Annotated[
        list[str] | None,
        typer.Option(help="role=name,name: engines to compare; repeatable; default: all at hand."),
    ] = None,
    put: Put = None,
    quiet: Quiet = False,
) -> None:
    """Run the pixel pipelines on world pictures with exact masks and compare them with the exact edits."""
    from anyedit.errors import RecipeError
    from anyedit.pipeline.fidelity import fidelity as measured

    compared = {}
    for said in engine or []:
        role, equals, names = said.partition("=")
        if not equals or not _names(names):
            raise RecipeError(
                f"--engine {said}: expected role=name,name, e.g. --engine inpaint=classical,telea"
            )
        compared[role.strip()] = _names(names) or []
    measured(
        recipe,
        out=out,
        scenes=scenes,
        types=_names(types),
        engines=compared,
        settings=settings_of(put or []),
        progress=_told("type", quiet),
    )
    print((out / "fidelity.md").read_text())
