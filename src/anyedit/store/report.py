"""report.html: what a build made, what it dropped and why, and what the pairs look like, in one file."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import yaml

from anyedit.errors import StoreError
from anyedit.store.bias import grid, measures, strongest, tables
from anyedit.store.card import number
from anyedit.store.dataset import dataset_files, iter_rows, shard_files
from anyedit.store.gallery import Rejections, chosen_pairs, pair_card, rejections
from anyedit.store.page import page, panel, tiles
from anyedit.store.plots import Bar, bars, changes, heatmap, histogram
from anyedit.types import EDIT_TYPES, GROUP_OF

REJECTED_PER_TYPE = 4
COLOUR_WORDS = {  # the words counted in instructions, and how each is drawn
    "red": "#d33c32", "orange": "#ef8a2b", "yellow": "#f0c93a", "green": "#3f9a55", "blue": "#3c6cd0",
    "purple": "#8448b8", "pink": "#ee86b1", "brown": "#8a5a38", "black": "#20232a", "white": "#f7f7f5",
    "gray": "#8e949e", "grey": "#8e949e", "gold": "#d0a232", "silver": "#bcc2ca", "beige": "#dccbab",
    "cyan": "#35bcd0", "turquoise": "#36b8a6", "teal": "#188080", "navy": "#25356b", "maroon": "#7c2434",
    "violet": "#9064d8", "magenta": "#d03aa6", "olive": "#80803a", "lime": "#94cc38", "indigo": "#4a3ca4",
    "crimson": "#ba2040", "lavender": "#bcaee6", "coral": "#f0785c", "mint": "#9ae0bc", "cream": "#f2e9d0",
}  # fmt: skip


@dataclass
class _Words:
    """What the text columns say, counted row by row."""

    types: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    colours: Counter[str] = field(default_factory=Counter)
    openings: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)


def write_report(out: Path, summary: Mapping[str, Any], per_type: int = 6) -> Path:
    """Write `out/report.html` from `out/dataset` and `out/rejected`; its path. Loads nothing from the network.

    per_type: accepted pairs shown for each type. Raises StoreError for a missing dataset or an unreadable shard.
    """
    words = _read_words(out)
    pairs = chosen_pairs(dataset_files(out), words.types, per_type, pair_card)
    rejected = rejections(shard_files(out, "rejected"), REJECTED_PER_TYPE)
    name = str(summary.get("name") or out.name)
    order = [*EDIT_TYPES, *sorted({*words.types, *rejected.counts} - set(EDIT_TYPES))]
    shown = [t for t in order if words.types[t] or rejected.counts.get(t)]
    sections = {
        "yields": _yields(summary),
        "distributions": _distributions(summary, words),
        "bias": _bias(summary.get("bias") or {}),
        "gallery": _index(shown)
        + "".join(_type(t, summary, words.types[t], pairs.get(t, []), rejected) for t in shown),
        "recipe": _recipe(summary),
    }
    links = [(anchor, anchor.capitalize()) for anchor, content in sections.items() if content]
    body = "".join(
        f'<section id="{anchor}">{content}</section>' for anchor, content in sections.items() if content
    )
    return _write(
        out / "report.html", page(f"{name} - anyedit", links, _head(name, summary, words, rejected), body)
    )


def _write(path: Path, text: str) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        told = f"cannot write {path}: {error.strerror or error}"
        raise StoreError(f"{told}; free some space or choose another --out") from error
    return path


def _read_words(out: Path) -> _Words:
    words = _Words()
    for row in iter_rows(out, ["edit_type", "instruction"]):
        text = re.findall(r"[\w'-]+", (row["instruction"] or "").lower())
        words.types[row["edit_type"]] += 1
        words.splits[row["split"]] += 1
        words.lengths[len(text)] += 1
        words.colours.update(word for word in set(text) if word in COLOUR_WORDS)
        words.openings[" ".join(text[:1]).capitalize()] += 1
    return words


def _head(name: str, summary: Mapping[str, Any], words: _Words, rejected: Rejections) -> str:
    total = sum(words.types.values())
    dropped = sum(count for counts in rejected.counts.values() for count in counts.values())
    seconds = sum(
        sum((ledger.get("seconds") or {}).values()) for ledger in (summary.get("types") or {}).values()
    )
    figures = [
        (f"{total:,}", "accepted pairs"),
        (str(sum("+" not in name for name in words.types)), "edit types"),
    ]
    figures.append((f"{dropped:,}", "rejected rows"))
    if summary.get("surplus"):
        figures.append((f"{summary['surplus']:,}", "good pairs beyond the quota"))
    if total and seconds:
        figures.append((f"{seconds / total:.2f} s", "engine time per accepted pair"))
    figures += [(f"{count:,}", f"in {split}") for split, count in words.splits.items()]
    made = (
        [f"recipe <code>{escape(str(summary['recipe_hash']))}</code>"] if summary.get("recipe_hash") else []
    )
    made += [f"seed {escape(str(summary['seed']))}"] if "seed" in summary else []
    made += [f"{escape(tool)} {escape(str(v))}" for tool, v in (summary.get("versions") or {}).items()]
    return f"<h1>{escape(name)}</h1><p>{' · '.join(made)}</p>{tiles(figures)}"


def _yields(summary: Mapping[str, Any]) -> str:
    types: Mapping[str, Mapping[str, Any]] = summary.get("types") or {}
    steps = list(dict.fromkeys(step for ledger in types.values() for step in ledger.get("entered") or {}))
    if not steps:
        return ""
    quotas, accepted = summary.get("quotas") or {}, summary.get("accepted") or {}
    lines = []
    for name, ledger in types.items():
        asked = f" <small>of {quotas[name]}</small>" if name in quotas else ""
        lines.append(
            f'<tr><td><span class="dot" style="{_hue(name)}"></span><a href="#{escape(name)}">{escape(name)}</a></td>'
            f'<td class="n">{accepted.get(name, 0)}{asked}</td>{"".join(_passed(ledger, step) for step in steps)}'
            f'<td class="n">{number(ledger.get("seconds_per_accepted"))}</td><td class="why">{_causes(ledger)}</td></tr>'
        )
    whole = {key: Counter[str]() for key in ("entered", "left")}
    for ledger in types.values():
        for key, counts in whole.items():
            counts.update(ledger.get(key) or {})
    lines.append(
        f'<tr class="all"><td>all</td><td class="n">{sum(accepted.values()):,}</td>'
        f"{''.join(_passed(whole, step) for step in steps)}<td></td><td></td></tr>"
    )
    heads = "".join(f'<th class="n">{escape(step)}</th>' for step in steps)
    return (
        "<h2>Yield by step and type</h2><p>Each cell: how many left the step, of those that entered it. The last column "
        "names the rules that dropped the most.</p>"
        f'<div class="panel"><table><thead><tr><th>type</th><th class="n">pairs</th>{heads}'
        f'<th class="n">s / pair</th><th>dropped by</th></tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    )


def _hue(edit_type: str) -> str:
    return f"--g:var(--{GROUP_OF.get(edit_type.split('+')[0], 'other')})"


def _passed(ledger: Mapping[str, Any], step: str) -> str:
    entered, left = (ledger.get("entered") or {}).get(step), (ledger.get("left") or {}).get(step, 0)
    if not entered:
        return "<td></td>"
    # losses tint the cell: the eye should find what drops, not what passes
    tint = 55 * max(0.0, 1 - left / entered)
    style = f"background:color-mix(in srgb,var(--bad) {tint:.0f}%,transparent)"
    return f'<td class="n"><span class="fill" style="{style}">{left} <small>/ {entered}</small></span></td>'


def _causes(ledger: Mapping[str, Any]) -> str:
    rules: Counter[str] = Counter()
    for dropped in (ledger.get("dropped") or {}).values():
        rules.update(dropped)
    return ", ".join(f"{escape(rule)} {count}" for rule, count in rules.most_common(3) if count)


def _distributions(summary: Mapping[str, Any], words: _Words) -> str:
    quotas = summary.get("quotas") or {}
    names = [name for name in (*EDIT_TYPES, *words.types) if words.types[name] or name in quotas]
    types = [Bar(name, words.types[name], quotas.get(name)) for name in dict.fromkeys(names)]
    colours = [Bar(word, count, swatch=COLOUR_WORDS[word]) for word, count in words.colours.most_common(16)]
    openings = [Bar(word, count) for word, count in words.openings.most_common(16)]
    left = panel("Pairs by type" + (" (mark: what the recipe asks for)" if quotas else ""), bars(types))
    right = "".join(
        panel(title, content) if content else ""
        for title, content in (
            ("Length of instructions", histogram(words.lengths, "words")),
            ("First words of instructions", bars(openings)),
            ("Colours named in instructions", bars(colours) if colours else ""),
        )
    )
    stacked = f'<div style="display:grid;gap:16px">{right}</div>'
    return f'<h2>Distributions</h2><div class="panels">{left}{stacked}</div>'


def _bias(bias: Mapping[str, Any]) -> str:
    figures = [(f"{number(m.before)} → {number(m.after)}", m.label) for m in measures(bias)]
    plots = [
        panel(f"Most biased pairs, {axis}", changes([(m.label, m.before, m.after) for m in pairs], "bits"))
        for axis, pairs in strongest(bias).items()
    ]
    plots += [panel(title, heatmap(*grid(table))) for title, table in tables(bias)]
    if not figures and not plots:
        return ""
    return (
        "<h2>Concept bias</h2><p>Before (hollow): the sources as they were drawn naturally. After (filled): with those "
        "drawn against the bias. Lower mutual information and higher coverage mean that what a thing is tells less "
        f'about where it is.</p>{tiles(figures)}<div class="panels">{"".join(plots)}</div>'
    )


def _index(types: Sequence[str]) -> str:
    """The way to each type."""
    links = (
        f'<a class="badge" style="{_hue(name)}" href="#{escape(name)}">{escape(name)}</a>' for name in types
    )
    return f'<h2>Gallery</h2><div class="index">{"".join(links)}</div>'


def _type(name: str, summary: Mapping[str, Any], total: int, pairs: list[str], rejected: Rejections) -> str:
    group = GROUP_OF.get(name, "composition" if "+" in name else "other")
    quota = (summary.get("quotas") or {}).get(name)
    of_quota = f" of {quota}" if quota is not None else ""
    counts = rejected.counts.get(name) or Counter()
    turned_down = ""
    if counts:
        told = ", ".join(f"{escape(rule)} {count}" for rule, count in counts.most_common(6))
        cards = "".join(rejected.shown.get(name, []))
        turned_down = (
            f"<details open><summary>{sum(counts.values())} rejected: {told}</summary>"
            f'<div class="cards no">{cards}</div></details>'
        )
    return (
        f'<div class="type" id="{escape(name)}" style="{_hue(name)}"><div><h2>{escape(name)}</h2>'
        f'<span class="badge">{group}</span><span class="quiet">{total}{of_quota} pairs</span></div>'
        f'<div class="cards">{"".join(pairs)}</div>{turned_down}</div>'
    )


def _recipe(summary: Mapping[str, Any]) -> str:
    if not summary.get("recipe"):
        return ""
    text = yaml.safe_dump(dict(summary["recipe"]), sort_keys=False, allow_unicode=True)
    return f'<h2>Recipe</h2><div class="panel"><pre>{escape(text)}</pre></div>'
