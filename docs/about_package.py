"""The recipe, the command, the extras, the studio, what was measured and what runs where."""

from __future__ import annotations

import inspect
import re
import tomllib

from marking import PageError
from measured import all_measured
from words import ROOT, table, worded


def recipe_keys() -> str:
    """The keys that most builds set, with what the recipe's own model says of them."""
    from anyedit.recipe import Recipe

    keys = ("pairs", "types", "effort", "edits_per_source", "shard", "chains", "inverse", "composition", "gates",
            "splits", "source", "candidates", "engines")  # fmt: skip
    rows = []
    for key in keys:
        field = Recipe.model_fields[key]
        told = field.description
        if key == "source":
            from typing import get_args

            kinds = [get_args(one.model_fields["kind"].annotation)[0] for one in get_args(field.annotation)]
            told = f"where sources come from: kind {', '.join(f'`{kind}`' for kind in kinds)}, each with keys of its own"
        elif not told:
            told = (inspect.getdoc(field.default.__class__) or "").splitlines()[0].rstrip(".")
        rows.append([f"`{key}`", told])
    return table(["key", "meaning"], rows)


def exit_codes() -> str:
    """What the command's exit codes mean."""
    from anyedit.cli.app import EXIT_CODES

    return table(["exit code", "meaning"], [[str(code), told] for code, told in EXIT_CODES.items()])


def extras() -> str:
    """The extras of the package, with what they bring."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    from anyedit.inspection import EXTRAS

    rows = []
    for name in worded("extras", told, EXTRAS):
        packages = [re.split(r"[<>=\[ ]", package)[0] for package in told[name]]
        rows.append([f"`{name}`", EXTRAS[name], ", ".join(packages)])
    return table(["extra", "for", "packages"], rows)


PAGE = ROOT / "src" / "anyedit" / "studio" / "page"


def studio_keys() -> str:
    """The keys of one pair's page, out of the page's own script."""
    stage, item, review = ((PAGE / name).read_text() for name in ("stage.js", "item.js", "review.js"))
    named = {"ArrowRight": "→", "ArrowLeft": "←", "Escape": "Esc", "Backspace": "⌫"}
    rows = [[f"`{key}`", "one pair, review", words.lower()]
            for _, words, key in re.findall(r'\["(\w+)", "([^"]+)", "(\w)"\]', stage)]  # fmt: skip
    rows += [
        [f"`{name[0]}`", "one pair, review", f"{name} overlay"]
        for name in re.findall(r"(\w+): \[\d+, ", stage)
    ]
    rows += [[f"`{named.get(key, key)}`", "one pair", words]
             for key, words in re.findall(r'\b(\w+): \["([^"]+)", (?:\(\) =>|back)', item)]  # fmt: skip
    verdicts = re.findall(r'\["(accept|reject|flag|skip)", "(\w)"', review)
    rows += [[f"`{key}`", "review", verdict] for verdict, key in verdicts]
    rows += [[f"`{named.get(key, key)}`", "review", words]
             for key, words in re.findall(r'^\s+(\w+): \["([^"]+)", ', review, re.M)]  # fmt: skip
    from anyedit.studio.decisions import REASONS

    rows.append([f"`1`-`{len(REASONS)}`", "review", f"reasons: {', '.join(REASONS)}"])
    if len(verdicts) != 4 or len(rows) < 14:
        raise PageError(f"docs: the studio's keys were not found in its scripts ({len(rows)})")
    return table(["key", "where", "what it does"], rows)


TOLD = (  # figures that a page tells in sentences: page, what, command
    ("build.md", "memory of a long build", "OMP_NUM_THREADS=1 python benchmarks/memory.py"),
    ("photos.md", "fills of discs cut into pictures", "python benchmarks/fills.py FOLDER"),
    (
        "studio.md",
        "the studio on 100,000 pairs",
        "pytest tests/studio/test_browse.py -k hundred_thousand --durations=1",
    ),
)


def numbers() -> str:
    """Every recorded figure with the command that makes it."""
    rows = []
    for one in all_measured():
        page, what = one.facts.get("page", ""), one.facts.get("what", "")
        if not page or not what:
            raise PageError(f"docs/measured/{one.name}.csv: '# page:' and '# what:' say where and what it is")
        rows.append([what, f"[{page}]({page})", f"`{one.facts['command']}`"])
    rows += [[what, f"[{page}]({page})", f"`{command}`"] for page, what, command in TOLD]
    for script in re.findall(r"[\w/]+\.py", " ".join(row[2] for row in rows)):
        if not (ROOT / script).exists():
            raise PageError(f"docs/about_package.py, numbers: there is no {script}")
    return table(["what", "where", "command"], sorted(rows, key=lambda row: row[1]))


def what_runs_where() -> str:
    """What was run where, and what was not."""
    from anyedit.edits import edit_types
    from anyedit.engines.toolbox import played
    from anyedit.recipe import load_recipe

    roles = played(load_recipe(ROOT / "recipes" / "photos.yaml").engines)
    world = len(edit_types())
    photos = len(load_recipe(ROOT / "recipes" / "photos.yaml").types)
    engines = sum(kind.serves_photographs(roles) for kind in edit_types().values())
    rows = [
        [f"world builds, all {world} types", "yes", "`--set source.variant=cuda_ad_rgb`: not tried",
         "`--executor ray` ([docs/cluster.md](docs/cluster.md)): tried on one machine"],
        [f"photographs, {photos} types in the recipe ({engines} possible), classical engines and small networks", "yes",
         "no use for one", "Ray: tried on one machine"],
        ["neural engines and servers for photographs ([docs/engines.md](docs/engines.md))",
         "adapters tested on small random checkpoints", "not tried", "not tried"],
        ["AnySD, import and export of published checkpoints ([docs/anysd.md](docs/anysd.md))", "small models",
         "not tried", "-"],
        ["`anyedit train`, both stages ([docs/training.md](docs/training.md))", "small models", "not tried",
         "`accelerate launch`: not tried"],
        ["`anyedit bench` ([docs/bench.md](docs/bench.md))", "yes", "not tried", "Ray: tried on one machine"],
        ["the studio ([docs/studio.md](docs/studio.md))", "yes", "-", "-"],
    ]  # fmt: skip
    return table(["", "laptop, no GPU", "one GPU", "cluster"], rows)
