"""The report's pictures: which pairs and which rejected rows are shown, and how."""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from anyedit.errors import StoreError

THUMB = 256  # longest side in pixels
Row = dict[str, Any]
Shown = TypeVar("Shown")


@dataclass
class Rejections:
    """Counts of all rejected rows by type and rule, and the cards of a few for each type."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)


def chosen_pairs(
    files: Iterable[Path], counts: Mapping[str, int], per_type: int, show: Callable[[Row], Shown]
) -> dict[str, list[Shown]]:
    """`show` of `per_type` rows of each type, spread evenly over its `counts` rows.

    Only row groups that hold a chosen row are read, and no full-size picture outlives its row group.
    """
    wanted = {name: _spread(total, per_type) for name, total in counts.items()}
    met: Counter[str] = Counter()
    chosen: dict[str, list[Shown]] = {name: [] for name in counts}
    for file, group, types in _groups(files, ["edit_type"]):
        here = []
        for index, row in enumerate(types.to_pylist()):
            name = row["edit_type"]
            if met[name] in wanted.get(name, ()):
                here.append(index)
            met[name] += 1
        for row in _read(file, group, here):
            chosen[row["edit_type"]].append(show(row))
    return chosen


def rejections(files: Iterable[Path], per_type: int) -> Rejections:
    """Count all rejected rows, and pick for each type the first ones of as many different rules as possible."""
    found = Rejections()
    first: dict[str, dict[str, list[tuple[Path, int, int]]]] = {}
    for file, group, rows in _groups(files, ["edit_type", "rule"]):
        for index, row in enumerate(rows.to_pylist()):
            name, rule = row["edit_type"] or "unknown", row["rule"]
            found.counts.setdefault(name, Counter())[rule] += 1
            places = first.setdefault(name, {}).setdefault(rule, [])
            if len(places) < per_type:
                places.append((file, group, index))
    for name, rules in first.items():
        turns = [places[n] for n in range(per_type) for places in rules.values() if n < len(places)]
        found.shown[name] = [
            rejected_card(row)
            for file, group, index in turns[:per_type]
            for row in _read(file, group, [index])
        ]
    return found


def _spread(total: int, wanted: int) -> frozenset[int]:
    if total <= wanted or wanted < 2:
        return frozenset(range(min(total, wanted)))
    return frozenset(round(n * (total - 1) / (wanted - 1)) for n in range(wanted))


def _groups(files: Iterable[Path], columns: list[str]) -> Iterator[tuple[Path, int, pa.Table]]:
    for file in files:
        try:
            with pq.ParquetFile(file) as parquet:
                for group in range(parquet.num_row_groups):
                    yield file, group, parquet.read_row_group(group, columns=columns)
        except (OSError, pa.ArrowException) as error:
            raise StoreError(
                f"{file} cannot be read ({error}); delete it and build again: it is made anew"
            ) from error


def _read(file: Path, group: int, indices: list[int]) -> list[Row]:
    if not indices:
        return []
    with pq.ParquetFile(file) as parquet:
        rows: list[Row] = parquet.read_row_group(group).take(indices).to_pylist()
    return rows


def pair_card(row: Row) -> str:
    """One accepted pair: instruction, before and after, masks and condition, scores."""
    small = "".join(
        _figure(_bytes(row.get(name)), label, flat=name != "visual_prompt")
        for name, label in (("mask", "mask"), ("influence", "influence"), ("visual_prompt", "visual prompt"))
        if row.get(name)
    )
    chain = f'<span class="chip">turn <b>{row["turn"]}</b></span>' if (row.get("turn") or 1) > 1 else ""
    relation = row.get("relation") or "original"
    chain += f'<span class="chip">{escape(relation)}</span>' if relation != "original" else ""
    captions = f"{row.get('source_caption') or ''}  ->  {row.get('edited_caption') or ''}"
    return (
        f'<article class="card" id="{escape(row["id"])}">'
        f'<h3 title="{escape(captions)}">{escape(row["instruction"] or "")}</h3>'
        f'<div class="two">{_figure(_bytes(row["source"]), "source")}{_figure(_bytes(row["edited"]), "edited")}</div>'
        + (f'<div class="small">{small}</div>' if small else "")
        + f'<div class="chips">{chain}{"".join(_chip(score) for score in row.get("scores") or [])}</div>'
        f'<code class="quiet">{escape(row["id"])}</code></article>'
    )


def rejected_card(row: Row) -> str:
    """One rejected row: what was asked, what came of it, and the rule with value and limit."""
    value = "not measured" if row["value"] is None else f"{row['value']:.4g}"
    limit = _limit(row)
    note = f" {escape(row['note'])}" if row.get("note") else ""
    measured = f": {value}{f', limit {limit}' if limit else ''}" if row["value"] is not None or limit else ""
    pictures = ""
    if row.get("source_image") or row.get("image"):
        pictures = (
            f'<div class="two">{_figure(row.get("source_image"), "source")}'
            f"{_figure(row.get('image'), 'edited', missing='ended before it was edited')}</div>"
        )
    return (
        f'<article class="card"><h3>{escape(row["instruction"] or row["id"])}</h3>{pictures}'
        f'<div class="why"><b>{escape(row["rule"])}</b>{measured} <span class="quiet">at {escape(row["step"])}.{note}'
        "</span></div></article>"
    )


def _chip(score: Row) -> str:
    outcome = {True: "good", False: "bad"}.get(score["passed"], "")
    value = "n/a" if score["value"] is None else f"{score['value']:.3g}"
    limit = _limit(score)
    title = f"limit {limit}" if limit else "no limit"
    title += "" if score["passed"] is not None else "; does not apply here"
    title += f"; {score['note']}" if score.get("note") else ""
    return (
        f'<span class="chip {outcome}" title="{escape(title)}">{escape(score["name"])} <b>{value}</b></span>'
    )


def _limit(row: Mapping[str, Any]) -> str:
    low, high = row.get("low"), row.get("high")
    shown = ([f"≥ {low:g}"] if low is not None else []) + ([f"≤ {high:g}"] if high is not None else [])
    return " and ".join(shown)


def _bytes(cell: Row | None) -> bytes | None:
    return cell["bytes"] if cell else None


def _figure(data: bytes | None, label: str, flat: bool = False, missing: str = "none") -> str:
    shown = thumbnail(data, flat) if data else None
    gone = escape("cannot be decoded" if data else missing)
    picture = (
        f'<img src="{shown}" alt="{label}" loading="lazy">' if shown else f'<div class="gone">{gone}</div>'
    )
    return f"<figure>{picture}<figcaption>{label}</figcaption></figure>"


def thumbnail(data: bytes, flat: bool = False) -> str | None:
    """A data URI of at most THUMB pixels: JPEG, or PNG for flat pictures such as masks; None when undecodable."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("L" if flat else "RGB")
    except (OSError, SyntaxError, ValueError):
        return None
    picture.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    if flat:
        picture.save(buffer, "PNG", optimize=True)
    else:
        picture.save(buffer, "JPEG", quality=86)
    return f"data:image/{'png' if flat else 'jpeg'};base64,{base64.b64encode(buffer.getvalue()).decode()}"
