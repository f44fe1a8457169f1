"""The dataset card: README.md with the YAML front matter that the Hugging Face Hub reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from anyedit.store.bias import measures, strongest
from anyedit.store.plots import changes, standalone
from anyedit.store.schema import COLUMNS, IMAGES, SPLITS
from anyedit.types import GROUP_OF

MEANING: dict[str, str] = {
    "id": "identity of the pair",
    "source": "the picture before",
    "edited": "the picture after",
    "instruction": "what to do, in words",
    "edit_type": 'one of the 25 types; two joined by "+" in a composition',
    "group": "local, global, camera, implicit or visual",
    "source_caption": "caption of the picture before",
    "edited_caption": "caption of the picture after",
    "edited_object": "the thing that the edit is about",
    "params": "the edit's typed parameters, JSON",
    "mask": "what the edit was to change (255), lossless",
    "influence": "where the two pictures may differ at all (not 0): shadows, reflections; null when not known",
    "visual_prompt": "the condition picture of a visual type, else null",
    "turn": "place in its chain of edits, from 1",
    "chain_id": "the chain: id of its first pair",
    "relation": "original, inverse or composition",
    "made_from": "pairs that an inverse or a composition was made from",
    "phrasings": "other wordings of the same edit",
    "source_id": "the source; all its pairs are in one split",
    "origin": '"world", or the file that the source came from',
    "licence": "licence of the source",
    "natural": "false: drawn against the concept bias",
    "scores": "every rule that the pair met: name, value, low, high, passed (null: does not apply), note",
    "provenance": "recipe, draw, engines, versions, scenes; enough to make the pair again, JSON",
}
SPDX_TO_HUB = {  # licence ids as the Hub spells them
    "cc0-1.0": "cc0-1.0",
    "cc0": "cc0-1.0",
    "cc-by-4.0": "cc-by-4.0",
    "cc-by-sa-4.0": "cc-by-sa-4.0",
    "cc-by-nc-4.0": "cc-by-nc-4.0",
    "apache-2.0": "apache-2.0",
    "mit": "mit",
}
BIAS_PLOT = "bias.svg"  # beside the card
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
STEPS = ("prepare", "instruct", "prefilter", "edit", "assess")  # others (derived rows that failed) come first


def card(summary: Mapping[str, Any]) -> str:
    """README.md of a dataset: front matter, counts, yields, bias, licences, recipe, limits, columns.

    `summary` is the build's, best joined with the counts that `write_dataset` gives to its `front`.
    """
    name = str(summary.get("name") or "anyedit")
    parts = [
        _front_matter(summary, name),
        f"# {name}\n\n{_opening(summary)}",
        _counts(summary),
        _yields(summary),
        _bias(summary.get("bias") or {}),
        _sources(summary),
        _recipe(summary),
        _limits(summary),
        _columns(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def licence_id(licences: Mapping[str, int]) -> str:
    """The Hub's licence id when all sources share one that it knows, else "other" ("unknown" when none is told)."""
    named = [licence for licence, count in licences.items() if count]
    if not named or named == ["unknown"]:
        return "unknown"
    found = {SPDX_TO_HUB.get(licence.strip().lower(), "other") for licence in named}
    return found.pop() if len(found) == 1 else "other"


def table(header: list[str], rows: list[list[object]], left: int = 1) -> str:
    """A Markdown table; the first `left` columns are flush left, the others right."""
    rule = [":--" if n < left else "--:" for n in range(len(header))]
    lines = [header, rule, *([str(cell).replace("|", r"\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _front_matter(summary: Mapping[str, Any], name: str) -> str:
    total = _total(summary)
    splits = [split for split in SPLITS if (summary.get("splits") or {}).get(split)]
    front: dict[str, Any] = {
        "license": licence_id(summary.get("licences") or {}),
        "language": ["en"],
        "task_categories": ["image-to-image"],
        "pretty_name": name,
        "size_categories": [next((label for limit, label in SIZES if total < limit), "n>1M")],
        "tags": ["image-editing", "instruction-based-editing", "anyedit"],
    }
    if splits:
        files = [{"split": split, "path": f"data/{split}-*"} for split in splits]
        front["configs"] = [{"config_name": "default", "data_files": files}]
    return f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True)}---"


def _opening(summary: Mapping[str, Any]) -> str:
    types = sum(1 for name, count in (summary.get("accepted") or {}).items() if count and "+" not in name)
    kinds = f" of {types} edit types" if types else ""
    return (
        f"{_total(summary):,} image editing pairs{kinds}: a picture, an instruction, the edited picture, its masks, "
        "and every measurement by which it was accepted.\n\n"
        '```python\nfrom datasets import load_dataset\n\npairs = load_dataset("path/to/this/folder")\n```'
    )


def _total(summary: Mapping[str, Any]) -> int:
    given = summary.get("total")
    return int(given if given is not None else sum((summary.get("splits") or {}).values()))


def _counts(summary: Mapping[str, Any]) -> str:
    by_split: Mapping[str, Mapping[str, int]] = summary.get("types_by_split") or {}
    accepted = summary.get("accepted") or {name: sum(counts.values()) for name, counts in by_split.items()}
    splits = summary.get("splits") or {}
    if not accepted:
        return ""
    shown = [split for split in SPLITS if splits.get(split)] if by_split else []
    rows: list[list[object]] = [
        [f"`{name}`", _group(name), *(by_split.get(name, {}).get(split, 0) for split in shown), count]
        for name, count in accepted.items()
    ]
    rows.append(["**all**", "", *(splits.get(split, 0) for split in shown), sum(accepted.values())])
    text = f"## Pairs\n\n{table(['type', 'group', *shown, 'pairs'], rows, left=2)}"
    if splits:
        told = ", ".join(f"{name} {count:,}" for name, count in splits.items())
        text += f"\n\nSplits ({told}) are by source: no source is in two splits."
    return text


def _group(edit_type: str) -> str:
    return str(GROUP_OF.get(edit_type.split("+")[0], "")) if "+" not in edit_type else "composition"


def _yields(summary: Mapping[str, Any]) -> str:
    types: Mapping[str, Mapping[str, Any]] = summary.get("types") or {}
    steps = list(dict.fromkeys(step for ledger in types.values() for step in ledger.get("entered") or {}))
    steps.sort(key=lambda step: STEPS.index(step) if step in STEPS else -1)
    if not steps:
        return ""
    rows: list[list[object]] = []
    for name, ledger in types.items():
        entered, left = ledger.get("entered") or {}, ledger.get("left") or {}
        passed = [f"{left.get(step, 0)} of {entered[step]}" if entered.get(step) else "" for step in steps]
        rows.append([f"`{name}`", *passed])
    return (
        "## Yield by step\n\nHow many left each step, of those that entered it.\n\n"  # seconds would differ by run
        f"{table(['type', *steps], rows)}"
    )


def _bias(bias: Mapping[str, Any]) -> str:
    rows: list[list[object]] = [[m.label, number(m.before), number(m.after)] for m in measures(bias)]
    if not rows:
        return ""
    text = (
        "## Concept bias\n\nMeasured over the sources: as they were drawn naturally, and with those drawn against the "
        "bias. Mutual information is 0 when concept and context are independent; coverage is the share of the concept "
        f"x context table that occurs.\n\n{table(['measure', 'before', 'after'], rows)}"
    )
    if bias_plot(bias):
        text += f"\n\n![Most biased pairs before (hollow) and after (filled)]({BIAS_PLOT})"
    for axis, moved in strongest(bias).items():
        pairs: list[list[object]] = [[m.label, number(m.before), number(m.after)] for m in moved[:5]]
        text += f"\n\nMost biased pairs, {axis} (pointwise mutual information, bits):\n\n"
        text += table(["pair", "before", "after"], pairs)
    return text


def bias_plot(bias: Mapping[str, Any]) -> str:
    """The card's picture of the bias, an SVG file: each axis's most biased pairs before and after; "" without any."""
    return standalone(
        [
            (f"Most biased pairs, {axis}", changes([(m.label, m.before, m.after) for m in moved[:8]], "bits"))
            for axis, moved in strongest(bias).items()
        ]
    )


def number(value: object) -> str:
    """A measured number in four digits; a dash for what was not measured."""
    return f"{value:.4g}" if isinstance(value, int | float) else "-"


def _sources(summary: Mapping[str, Any]) -> str:
    licences, origins = summary.get("licences") or {}, summary.get("origins") or {}
    if not licences and not origins:
        return ""
    lines = [f"- licence {name}: {count:,} pairs" for name, count in licences.items()]
    lines += [f"- origin {name}: {count:,} pairs" for name, count in origins.items()]
    return "## Sources and licences\n\n" + "\n".join(lines)


def _recipe(summary: Mapping[str, Any]) -> str:
    recipe = summary.get("recipe")
    if not recipe:
        return ""
    text = yaml.safe_dump(dict(recipe), sort_keys=False, allow_unicode=True).rstrip()
    versions = ", ".join(f"{name} {version}" for name, version in (summary.get("versions") or {}).items())
    made = f"\n\nMade with {versions}." if versions else ""
    return (
        f"## How it was made\n\nBy `anyedit build` with this recipe (hash `{summary.get('recipe_hash', '')}`, seed "
        f"{summary.get('seed', 0)}); the same recipe and versions give the same bytes.\n\n```yaml\n{text}\n```{made}"
    )


def _limits(summary: Mapping[str, Any]) -> str:
    quotas, accepted = summary.get("quotas") or {}, summary.get("accepted") or {}
    short = [f"`{n}` ({accepted.get(n, 0)} of {q})" for n, q in quotas.items() if accepted.get(n, 0) < q]
    kind = (summary.get("recipe") or {}).get("source", {}).get("kind", "")
    lines = ["Instructions are English."]
    if kind == "world":
        lines.append("The pictures are renderings of a procedural world, not photographs.")
        lines.append("Instructions are written by a grammar: fewer turns of phrase than people use.")
    if kind == "photos":
        lines.append(
            "Edits of photographs are made by image processing; masks are as good as the annotations."
        )
    for rule, roles in (summary.get("not_applied") or {}).items():
        lines.append(f"The rule `{rule}` was not applied: no engine for `{'`, `'.join(roles)}`.")
    if short:
        lines.append(f"Fewer pairs than the recipe asks for: {', '.join(short)}.")
    return "## Known limits\n\n" + "\n".join(f"- {line}" for line in lines)


def _columns() -> str:
    rows: list[list[object]] = [
        [f"`{name}`", "image" if name in IMAGES else _kind(str(kind)), MEANING[name]]
        for name, kind in COLUMNS.items()
    ]
    return f"## Columns\n\n{table(['column', 'kind', 'meaning'], rows, left=3)}"


def _kind(arrow: str) -> str:
    if arrow.startswith("list"):
        return "list of struct" if "struct" in arrow else "list of string"
    return arrow
