"""The verbs that run and score: run, score, prefer, contamination, protocols."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from anyedit.cli.app import console, settings_of
from anyedit.cli.bench_reports import RunDir, bench, print_tables

Weights = Annotated[
    list[str] | None,
    typer.Option("--weights", help="MODEL-ID=FOLDER: where a metric's weights are; repeatable."),
]
JudgeModel = Annotated[str | None, typer.Option("--judge", help="The judge's model, for judged protocols.")]
JudgeSettings = Annotated[
    list[str] | None,
    typer.Option("--judge-set", help="key=value of the judge: base_url, key, tries ...; repeatable."),
]
Layout = Annotated[str | None, typer.Option(help="The suite's layout, when it is not to be recognised.")]
Option = Annotated[list[str] | None, typer.Option("--option", help="key=value of the suite; repeatable.")]
EditorSettings = Annotated[
    list[str] | None, typer.Option("--set", help="key=value of the editor; repeatable.")
]


@bench.command()
def run(
    suite: Annotated[str, typer.Option("--suite", "-s", help="A folder, hub id, or a suite's name.")],
    editor: Annotated[
        list[str],
        typer.Option(
            "--editor",
            "-e",
            help="identity, oracle, mini, a checkpoint, python:..., cmd:..., folder:...; repeatable.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="Folder of the run (of several editors: a folder in it for each)."),
    ],
    layout: Layout = None,
    option: Option = None,
    put: EditorSettings = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first items.")] = None,
    seed: Annotated[int, typer.Option(help="Seed; every item has its own stream of it.")] = 0,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes (editing, then scoring), or actors of the cluster.")
    ] = 1,
    executor: Annotated[str, typer.Option(help="local or ray.")] = "local",
    address: Annotated[
        str | None, typer.Option(help="A running Ray cluster; without it one is started here.")
    ] = None,
    batch: Annotated[int, typer.Option(min=1, help="Items at once; changes no result.")] = 8,
    device: Annotated[str, typer.Option(help="cpu, cuda, cuda:1 ...")] = "cpu",
    name: Annotated[str | None, typer.Option(help="The editor's name in tables.")] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Ask failed items again.")] = False,
    protocol: Annotated[
        list[str] | None, typer.Option("--protocol", "-p", help="Score under it, too; repeatable.")
    ] = None,
    weights: Weights = None,
    by: Annotated[str, typer.Option(help="The table's parts: all, type, group or subset.")] = "all",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Run editors on a suite, or continue; with --protocol, score them at once and print one table."""
    # transformers says at import which image processor it would rather have; an error is still said
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    from anyedit.bench.editors import EditorSpec
    from anyedit.bench.items import BenchError
    from anyedit.bench.protocols import protocol_of
    from anyedit.bench.run import folders_for, run_suite
    from anyedit.bench.runs import SuiteSpec

    if len(editor) > 1 and (put or name):
        raise BenchError("--set and --name are of one editor: run it alone, into its own folder")
    for wanted in _all(protocol or []):
        protocol_of(wanted).ready(_places(weights) or {})  # now, not after hours of editing
    asked = SuiteSpec(suite, layout, _options(option), limit)
    folders = folders_for(editor, out)
    short = 0
    for one, folder in zip(editor, folders, strict=True):
        done = run_suite(
            asked,
            EditorSpec(one, settings_of(put or []), device),
            folder,
            seed=seed,
            workers=workers,
            batch=batch,
            retry_failed=retry_failed,
            name=name,
            progress=None if quiet or not sys.stderr.isatty() else _progress,
            executor=executor,
            address=address,
        )
        items = done.suite.open().items
        failed = [item for item in items if done.output(item) is None]
        short += len(failed)
        if not quiet:
            print(f"{len(items) - len(failed)} of {len(items)} items in {folder}")
            for item in failed[:5]:
                print(f"  failed: {item.id}: {done.failure(item)}")
    if protocol:
        from anyedit.bench.scoring import score_all

        score_all(folders, protocol, weights=_places(weights), device=device, workers=workers)
    if not quiet:
        for chosen in _all(protocol or []):
            print_tables(folders, chosen, "text", by, False, True)
    if short:
        raise typer.Exit(1)


@bench.command()
def score(
    folder: RunDir,
    protocol: Annotated[
        list[str] | None, typer.Option("--protocol", "-p", help="Repeatable; 'all': every one.")
    ] = None,
    weights: Weights = None,
    cache: Annotated[
        Path | None, typer.Option(help="SQLite file of features; default beside the run.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu, cuda ...")] = "cpu",
    batch: Annotated[int, typer.Option(min=1, help="Pictures at once.")] = 32,
    form: Annotated[
        str, typer.Option("--format", "-f", help="text, markdown, latex, csv, json or none.")
    ] = "text",
    metrics: Annotated[
        str | None, typer.Option("--metrics", help="Another name of --protocol: small, world ...")
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(
            help="Compare with source, target or rival (Emu Edit's output) in place of the protocol's."
        ),
    ] = None,
    judge: JudgeModel = None,
    put: JudgeSettings = None,
) -> None:
    """Score a run under protocols; writes results.json and prints the table."""
    from anyedit.bench.judging import JUDGED, judged
    from anyedit.bench.protocols import protocol_of
    from anyedit.bench.runs import read_run
    from anyedit.bench.scoring import score as scored

    chosen = _all([*(protocol or []), *([metrics] if metrics else [])] or ["full"])
    where = read_run(folder).suite.where
    made = [
        judged(name, _judge(judge, put), where) if name in JUDGED else protocol_of(name) for name in chosen
    ]
    if reference is not None:
        made = [one.compared_with(reference) for one in made]  # type: ignore[arg-type]
    scored(folder, made, cache=cache, weights=_places(weights), device=device, batch=batch)
    if form != "none":
        for one in made:
            print_tables([folder], one.name, form, "all", False, True)


@bench.command()
def prefer(a: RunDir, b: RunDir, judge: JudgeModel = None, put: JudgeSettings = None) -> None:
    """Ask a judge which of two runs is better, item by item, in both orders."""
    from anyedit.bench.judging import prefer as preferred

    made = preferred(a, b, _judge(judge, put))
    share = made.share
    shown = "-" if share.value is None else f"{share.value:.3f}"
    between = "" if share.low is None else f" [{share.low:.3f}, {share.high:.3f}]"
    print(f"{made.a} preferred to {made.b}: {shown}{between} of {share.n} items")
    print(f"wins {made.wins}, losses {made.losses}, ties {made.ties} ({made.turned} followed the position)")
    print(f"judge's self-test: {made.self_test}")
    print(f"unscored {made.unscored}; " + ", ".join(f"{key} {value:g}" for key, value in made.usage.items()))


@bench.command()
def contamination(
    train: Annotated[
        Path, typer.Option("--train", "-t", help="A dataset in our schema; its train split counts.")
    ],
    suite: Annotated[str, typer.Option("--suite", "-s", help="A folder, hub id, or a suite's name.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the list and its pictures.")],
    layout: Layout = None,
    option: Option = None,
) -> None:
    """List near-duplicates between a training set and a suite, with pictures."""
    from anyedit.bench.contamination import contamination as found
    from anyedit.bench.runs import SuiteSpec

    made = found(train, SuiteSpec(suite, layout, _options(option)).open(), out)
    print(f"{len(made.duplicates)} near-duplicates: {made.items} items of the suite are touched")
    print(
        f"{made.train_pictures} training pictures, {made.suite_pictures} of the suite; by {made.confirmed_by}"
    )
    for one in made.duplicates[:10]:
        turned = " mirrored" if one.mirrored else ""
        print(f"  {one.train} ~ {one.item}  {one.distance} bits, {one.alike:.3f}{turned}")
    print(f"list {out / 'contamination.json'}\npage {out / 'contamination.html'}")
    if made.duplicates:
        raise typer.Exit(1)


@bench.command()
def protocols(
    name: Annotated[str | None, typer.Argument(help="Show this one in full.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, in full.")] = False,
) -> None:
    """List the protocols: model, size, reference, captions, black and missing outputs."""
    from rich.table import Table

    from anyedit.bench.metrics import SHOWN
    from anyedit.bench.protocols import protocol_names, protocol_of

    chosen = [protocol_of(n) for n in ([name] if name else protocol_names())]
    if as_json or name:
        print(json.dumps([one.settings() for one in chosen], indent=1))
        return
    grid = Table(box=None, pad_edge=False)
    for title in ("protocol", "what", "models", "compared with", "size", "captions", "black", "missing"):
        grid.add_column(title, overflow="fold")
    for one in chosen:
        models = ", ".join(model.label for model in one.models) or "none"
        size = "native" if one.size is None else str(one.size)
        against = SHOWN[one.reference] if one.reference else "-"
        grid.add_row(one.name, one.about, models, against, size, one.captions, one.black, one.missing)
    console().print(grid)


def _options(pairs: list[str] | None) -> dict[str, str]:
    """What a suite's reader is told."""
    return {key: str(value) for key, value in settings_of(pairs or []).items()}


def _all(chosen: list[str]) -> list[str]:
    """The protocols' names; "all" stands for every preset."""
    from anyedit.bench.protocols import PRESETS

    return list(PRESETS) if "all" in chosen else chosen


def _judge(model: str | None, put: list[str] | None) -> Any:
    from dataclasses import fields

    from anyedit.bench.items import BenchError
    from anyedit.bench.metrics.judge import JudgeServer
    from anyedit.errors import nearest

    if not model:
        raise BenchError(
            "a judged protocol needs --judge MODEL (and --judge-set base_url=... for your own server)"
        )
    settings = settings_of(put or [])
    known = [field.name for field in fields(JudgeServer)]
    for key in settings:
        if key not in known:
            raise BenchError(f"a judge has no setting '{key}'{nearest(key, known)}")
    return JudgeServer(model, **settings)


def _places(pairs: list[str] | None) -> dict[str, str]:
    from anyedit.bench.items import BenchError

    found: dict[str, str] = {}
    for pair in pairs or []:
        model, equals, place = pair.rpartition("=")
        if not equals or not model or not place:
            raise BenchError(f"--weights {pair}: expected MODEL-ID=FOLDER")
        found[model] = place
    return found


def _progress(done: int, total: int) -> None:
    print(f"\r{done} of {total} items", end="" if done < total else "\n", file=sys.stderr, flush=True)
