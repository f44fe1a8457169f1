"""A build from recipe to dataset: rounds of shards until every type has its quota, then card and report."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anyedit.edits import edit_types, type_of
from anyedit.edits.instructed import Instructable
from anyedit.edits.judged import checks_of, gates_of
from anyedit.engines.toolbox import played
from anyedit.engines.tools import ROLES
from anyedit.errors import AnyEditError, RecipeError, StoreError, nearest
from anyedit.pipeline import shards
from anyedit.pipeline.decisions import FILE as DECISIONS
from anyedit.pipeline.decisions import REVIEW, RULE, adopt, put_aside, refused_in
from anyedit.pipeline.executor import Executor, executor_for, files_of
from anyedit.pipeline.ledger import Ledger
from anyedit.pipeline.place import Place
from anyedit.pipeline.plan import Example, next_round
from anyedit.pipeline.progress import Progress, Silent
from anyedit.pipeline.task import LEDGER, passes, selected, versions
from anyedit.recipe import PairSource, PhotoSource, Recipe, WorldSource, load_recipe
from anyedit.store.card import BIAS_PLOT, bias_plot, card
from anyedit.store.dataset import write_dataset
from anyedit.store.report import write_report

STEPS_IN_ORDER = ("prepare", "instruct", "prefilter", "edit", "assess")


def build(
    recipe: str | Path | Mapping[str, Any] | Recipe,
    *,
    out: str | Path,
    limit: int | None = None,
    types: Sequence[str] | None = None,
    workers: int | None = None,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    executor: str = "local",
    address: str | None = None,
    decisions: str | Path | None = None,
) -> dict[str, Any]:
    """Build a dataset; the Python twin of `anyedit build`.

    out: a folder, or a URL of an object store (s3://...; the work is then done in a folder of the cache).
    limit: pairs in all. types: only these, equally. workers: processes (default: the cores). seed, settings:
    put on top of the recipe ("source.width": 128). executor: "local" or "ray", with the `address` of a running
    cluster. decisions: what people decided (`anyedit decisions`): pairs that they rejected are left out and others
    drawn in their place; it stays with the folder. Returns the summary that is also `out/summary.json`.
    Errors: RecipeError before any work; StoreError when `out` cannot be used.
    """
    changes = dict(settings or {})
    if limit is not None:
        changes["pairs"] = limit
    if seed is not None:
        changes["seed"] = seed
    if types:
        changes["types"] = list(types)
    checked = load_recipe(recipe, changes)
    quotas = checked.quotas(_served(checked))
    _known_gates(checked)
    _known_engines(checked)
    _asked_engines(checked)
    place = Place.of(out)
    carrier = executor_for(executor, checked, place, workers or os.cpu_count() or 1, address)
    with locked(place.folder):
        place.pull([place.folder / "recipe.json"], again=True)
        _same_build(place.folder, checked)
        place.push([place.folder / "recipe.json"])
        _clear_partial(place.folder)
        place.pull([place.folder / DECISIONS])
        refused = adopt(place.folder, decisions)
        place.push(path for path in [place.folder / DECISIONS] if path.exists())
        if isinstance(checked.source, PairSource):
            from anyedit.pipeline.existing import assess_existing

            summary = assess_existing(checked, place.folder, progress or Silent(), refused)
            place.push_folder(place.folder / "dataset", last="README.md")
            place.push(place.folder / name for name in ("ledger.json", "report.html", "summary.json"))
            return summary
        _survey(checked, place, workers or os.cpu_count() or 1)
        return _build(checked, quotas, place, carrier, progress or Silent(), refused)


def _survey(recipe: Recipe, place: Place, workers: int) -> None:
    """Look at all photographs once, where the recipe asks for what only that tells."""
    from anyedit.pipeline.survey import FILE, is_needed, survey

    if isinstance(recipe.source, PhotoSource) and is_needed(recipe.source):
        place.pull([place.folder / FILE])
        survey(recipe.source, place.folder, workers)
        place.push([place.folder / FILE])


def _known_engines(recipe: Recipe) -> None:
    """The source's options need engines; say which are missing before any work."""
    source = recipe.source
    if not isinstance(source, PhotoSource):
        return
    from anyedit.engines.toolbox import tools

    known = tools(recipe.engines)
    for asked, role in ((source.recaption != "never", "describe"), (source.counterfactual > 0, "generate")):
        if asked and not known.has(role):
            key = "recaption" if role == "describe" else "counterfactual"
            raise RecipeError(f"source.{key} needs an engine of the role '{role}'; name one: engines.{role}")


def possible_types(recipe: Recipe) -> tuple[str, ...]:
    """The types that the recipe's kind of source can serve."""
    source = recipe.source
    if isinstance(source, PairSource):
        return tuple(edit_types())
    roles = played(recipe.engines)
    return tuple(
        name
        for name, kind in edit_types().items()
        if isinstance(source, WorldSource)
        # An editor is told in words, so it serves every type for which a language model finds words.
        or (recipe.route_of(name) == "instruct" and recipe.instructions.writer == "llm")
        or (
            kind.serves_photographs(None if recipe.route_of(name) == "instruct" else roles)
            and getattr(kind, "given", "") in ("", getattr(source, "gives", ""))
        )
    )


def _served(recipe: Recipe) -> tuple[str, ...]:
    """`possible_types`; a type of the recipe's that lacks an engine is named with the engine. Raises RecipeError."""
    roles = played(recipe.engines)
    for name in recipe.types:
        kind = edit_types().get(name)
        lacking = [role for role in kind.asks if role not in roles] if kind is not None else []
        told = recipe.route_of(name) == "instruct"
        if lacking and isinstance(recipe.source, PhotoSource) and not told and recipe.types[name] > 0:
            ways = " and ".join(f"engines.{role} ({ROLES[role][1]})" for role in lacking)
            raise RecipeError(
                f"recipe '{recipe.name}': {name} of photographs needs {ways}; name one, or take {name} out of types"
            )
    return possible_types(recipe)


def _known_gates(recipe: Recipe) -> None:
    """A limit for a rule that no type has would do nothing; say so before any work."""
    for key in recipe.gates:
        name, _, rule = key.partition(".")
        try:
            kind = type_of(name)
        except AnyEditError as error:
            raise RecipeError(f"gates: '{key}': {error}; a key is 'type.rule'") from None
        if recipe.route_of(kind.name) == "instruct":
            kind = Instructable(kind)
        rules = {known.name for known in (*checks_of(kind, recipe.presets), *gates_of(kind, recipe.presets))}
        if rule not in rules:
            raise RecipeError(f"gates: {name} has no rule '{rule}'{nearest(rule, rules)}")


def _build(
    recipe: Recipe,
    quotas: dict[str, int],
    place: Place,
    carrier: Executor,
    progress: Progress,
    refused: Mapping[str, str],
) -> dict[str, Any]:
    accepted: dict[str, int] = {}
    tried: dict[str, int] = {}
    names: list[str] = []
    index = number = 0
    out = place.folder
    with carrier as executor, progress:
        while tasks := next_round(
            recipe, quotas, accepted, tried, number, index, _examples(place, recipe, names)
        ):
            for name in executor.run(tasks):
                place.pull([out / LEDGER / f"{name}-p1.json"])
                _count(out, name, accepted, tried)
                if refused:
                    path = shards.shard_path(out, shards.STEPS[4], f"{name}-p1")
                    place.pull([path])
                    for edit_type, count in refused_in(path, refused).items():
                        accepted[edit_type] -= count
                progress.update(_reached(quotas, accepted), sum(quotas.values()), sum(tried.values()), number)
            names += [task.name for task in tasks]
            index += sum(len(task.draws) for task in tasks)
            number += 1
    place.pull(path for name in names for path in files_of(recipe, name, out))
    summary = finish(recipe, quotas, out, names, refused=refused)
    place.push_folder(out / "dataset", last="README.md")
    place.push(out / name for name in ("ledger.json", "report.html", "summary.json"))
    return summary


def _examples(place: Place, recipe: Recipe, names: Sequence[str]) -> tuple[Example, ...]:
    """What the rounds before have accepted, for the language model; none when it is not asked to learn from them."""
    if recipe.instructions.writer != "llm" or not recipe.instructions.enhance:
        return ()
    from anyedit.pipeline.writer import examples_of

    rows = []
    for name in names:
        path = shards.shard_path(place.folder, shards.STEPS[4], f"{name}-p1")
        place.pull([path])
        rows += shards.read_table(path, ["edit_type", "source_caption", "instruction"]).to_pylist()
    return examples_of(rows)


def _asked_engines(recipe: Recipe) -> None:
    """A mistake in an engine's settings must not be found after an hour of work; making an engine loads no weights."""
    from anyedit.engines.toolbox import tools

    for further in ({}, *recipe.candidates.engines):
        made = tools({**recipe.engines, **further})
        made.versions()
    needed = {
        "write": recipe.instructions.writer == "llm",
        "judge": "judge" in recipe.presets or recipe.candidates.rewrite,
    }
    routes = recipe.route.values() if isinstance(recipe.route, dict) else (recipe.route,)
    needed["follow"] = "instruct" in routes
    for role, asked in needed.items():
        if asked and not tools(recipe.engines).has(role):
            raise RecipeError(
                f"engines: the recipe needs an engine for the role '{role}'; name one: engines.{role}"
            )


def _count(out: Path, name: str, accepted: dict[str, int], tried: dict[str, int]) -> None:
    """Add a finished shard's first-pass counts."""
    for edit_type, of in Ledger.read(out / LEDGER / f"{name}-p1.json").items():
        accepted[edit_type] = accepted.get(edit_type, 0) + of["left"].get("assess", 0)
        tries = of["entered"].get("instruct", 0) + of["entered"].get("prepare", 0)
        tried[edit_type] = tried.get(edit_type, 0) + tries


def _reached(quotas: Mapping[str, int], accepted: Mapping[str, int]) -> int:
    return sum(min(quota, accepted.get(name, 0)) for name, quota in quotas.items())


def finish(
    recipe: Recipe,
    quotas: dict[str, int],
    out: Path,
    names: Sequence[str],
    *,
    every: bool = False,
    refused: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Join the finished shards into dataset, card, ledger and report. every: hold all accepted, whatever the quotas.

    refused: pairs that people rejected, with why; what was made from them is not held either.
    """
    files = [
        shards.shard_path(out, shards.STEPS[4], f"{name}-p{number}")
        for name in names
        for number in range(1, passes(recipe) + 1)
    ]
    rows: list[tuple[str, str, int, list[str]]] = []
    facts: dict[str, tuple[str, str]] = {}
    for path in files:
        table = shards.read_table(path, ["id", "edit_type", "turn", "made_from", "split"])
        for row in table.to_pylist():
            if refused and (
                row["id"] in refused or any(parent in refused for parent in row["made_from"] or ())
            ):
                continue
            rows.append((row["id"], row["edit_type"], row["turn"], row["made_from"]))
            facts[row["id"]] = (row["edit_type"], row["split"])
    held = [row[0] for row in rows] if every else selected(rows, quotas)
    ledger = Ledger()
    for name in names:
        for number in range(1, passes(recipe) + 1):
            ledger.merge(Ledger.read(out / LEDGER / f"{name}-p{number}.json"))
    reviewed = put_aside(out, files, refused or {})
    for edit_type, count in reviewed.items():
        for _ in range(count):
            ledger.dropped(edit_type, REVIEW, RULE)
    summary = _summary(recipe, quotas, ledger, [facts[key] for key in held], len(rows) - len(held))
    if refused:
        summary["reviewed"] = {"rejected": sum(reviewed.values())}
    summary["bias"] = _bias(out, names, recipe)
    plot = bias_plot(summary["bias"])
    pictures = {BIAS_PLOT: plot} if plot else {}
    write_dataset(out, files, set(held), lambda contents: card({**summary, **contents}), pictures)
    ledger.write(out / "ledger.json")
    try:
        write_report(out, summary)
        _write_whole(out / "summary.json", json.dumps(summary, indent=1, sort_keys=True))
    except OSError as error:
        raise StoreError(
            f"cannot write into {out}: {error.strerror or error}; free some space and run again"
        ) from error
    return summary


def _summary(
    recipe: Recipe, quotas: dict[str, int], ledger: Ledger, held: list[tuple[str, str]], surplus: int
) -> dict[str, Any]:
    accepted: dict[str, int] = {}
    splits: dict[str, int] = {}
    for edit_type, split in held:
        accepted[edit_type] = accepted.get(edit_type, 0) + 1
        splits[split] = splits.get(split, 0) + 1
    types = json.loads(json.dumps(ledger.types))
    for name, of in types.items():
        seconds = sum(of["seconds"].values())
        for counts in ("entered", "left"):
            of[counts] = {step: of[counts][step] for step in STEPS_IN_ORDER if step in of[counts]}
        of["seconds_per_accepted"] = round(seconds / accepted[name], 3) if accepted.get(name) else None
    return {
        "name": recipe.name,
        "recipe": recipe.model_dump(mode="json", exclude={"placement"}),  # where engines run changes no byte
        "recipe_hash": recipe.hash,
        "seed": recipe.seed,
        "total": len(held),
        "quotas": quotas,
        "accepted": accepted,
        "short": {
            name: quota - accepted.get(name, 0)
            for name, quota in quotas.items()
            if accepted.get(name, 0) < quota
        },
        "surplus": surplus,
        "splits": splits,
        "types": types,
        "versions": versions(),
    }


def _bias(out: Path, names: Sequence[str], recipe: Recipe) -> dict[str, Any]:
    """Concept bias of the natural draws and of all draws (the world's, and photographs' with imagined scenes)."""
    if isinstance(recipe.source, PhotoSource):
        if not recipe.source.counterfactual:
            return {}
        from anyedit.pipeline.imagine import bias_of

        columns = ["caption", "natural"]
        tables = (
            shards.read_table(shards.shard_path(out, shards.STEPS[0], f"{name}-p1"), columns)
            for name in names
        )
        return bias_of(recipe.source, (row for table in tables for row in table.to_pylist()))
    if not isinstance(recipe.source, WorldSource):
        return {}
    from anyedit.world.concepts import Statistics, bias_report
    from anyedit.world.scene import Scene

    natural, every = Statistics(), Statistics()
    for name in names:
        table = shards.read_table(shards.shard_path(out, shards.STEPS[0], f"{name}-p1"), ["scene", "natural"])
        for row in table.to_pylist():
            scene = Scene.model_validate_json(row["scene"])
            every.add(scene)
            if row["natural"]:
                natural.add(scene)
    return bias_report(natural, every)


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold a folder for one build; the lock goes with the process, however it ends."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = open(out / ".lock", "a")  # noqa: SIM115 (held as long as the build)
    except OSError as error:
        raise StoreError(f"cannot build into {out}: {error.strerror}; choose another --out") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise StoreError(
            f"another build is writing to {out}; wait for it, stop it, or choose another --out"
        ) from None
    try:
        yield
    finally:
        handle.close()


def _same_build(out: Path, recipe: Recipe) -> None:
    """Say what a folder was made from; another recipe's results are not mixed in."""
    path = out / "recipe.json"
    mine = recipe.model_dump_json(indent=1)
    try:
        old = path.read_text() if path.exists() else mine
        theirs = Recipe.model_validate_json(old)
    except (OSError, ValueError):
        raise StoreError(
            f"{path} cannot be read, so what {out} holds is not known; choose another --out, or delete {out}"
        ) from None
    if old != mine:
        changed = [key for key in Recipe.model_fields if getattr(theirs, key) != getattr(recipe, key)]
        begun = any(any(shards.existing(out, step)) for step in shards.STEPS)
        if begun and set(changed) - {
            "pairs",
            "types",
            "effort",
            "name",
        }:  # a refused request leaves nothing behind
            raise RecipeError(
                f"{out} holds a build of another recipe (different: {', '.join(changed)}); choose another --out, "
                f"or delete {out} to start anew"
            )
    try:
        _write_whole(path, mine)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; choose another --out") from error


def _write_whole(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    temporary.write_text(text)
    os.replace(temporary, path)


def _clear_partial(out: Path) -> None:
    """Remove what a killed build was writing; nothing reads it, but it takes room."""
    for path in (*out.glob(".*.partial"), *out.glob("*/.*.partial")):
        path.unlink(missing_ok=True)
