"""Charts as inline SVG and HTML, coloured by the page's variables so that they follow light and dark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Bar:
    """One bar: `of` draws a tick at the length that was asked for; `swatch` is a CSS colour before the label."""

    label: str
    value: float
    of: float | None = None
    swatch: str | None = None
    note: str = ""


def bars(items: Sequence[Bar], unit: str = "") -> str:
    """Horizontal bars with labels and values, longest = full width."""
    longest = max((max(item.value, item.of or 0) for item in items), default=0) or 1
    lines = []
    for item in items:
        swatch = f'<i class="swatch" style="background:{escape(item.swatch)}"></i>' if item.swatch else ""
        asked = f'<u style="left:{100 * item.of / longest:.1f}%"></u>' if item.of else ""
        label = re.sub("([_+])", r"\1<wbr>", escape(item.label))  # where a name may go on in the next line
        value = f"{item.value:g}" + (f" of {item.of:g}" if item.of is not None else "")
        lines.append(
            f'<div class="bar" title="{escape(item.note or f"{item.label}: {value}{unit}")}">'
            f"<span>{swatch}{label}</span>"
            f'<span class="track"><b style="width:{100 * item.value / longest:.1f}%"></b>{asked}</span>'
            f"<span>{value}{escape(unit)}</span></div>"
        )
    return f'<div class="bars">{"".join(lines)}</div>'


def histogram(counts: Mapping[int, int], label: str) -> str:
    """Upright bars over whole numbers, as SVG; `label` names the axis."""
    if not counts:
        return ""
    low, high = min(counts), max(counts)
    step = max(1, -(-(high - low + 1) // 24))  # at most 24 bars
    bins = [
        (start, sum(counts.get(n, 0) for n in range(start, start + step)))
        for start in range(low, high + 1, step)
    ]
    tallest = max(count for _, count in bins) or 1
    width, height, foot = 480.0, 170.0, 34.0
    slot = width / len(bins)
    every = max(1, len(bins) // 10)
    parts = []
    for number, (start, count) in enumerate(bins):
        tall = (height - foot - 16) * count / tallest
        x, y = number * slot, height - foot - tall
        thick = min(slot * 0.78, 44)
        left = x + (slot - thick) / 2
        shown = f"{start}" if step == 1 else f"{start}-{start + step - 1}"
        parts.append(
            f'<rect x="{left:.1f}" y="{y:.1f}" width="{thick:.1f}" height="{tall:.1f}" rx="3">'
            f"<title>{shown}: {count}</title></rect>"
        )
        if number % every == 0:
            parts.append(f'<text x="{x + slot / 2:.1f}" y="{height - foot + 15:.1f}">{start}</text>')
    parts.append(f'<line x1="0" x2="{width}" y1="{height - foot}" y2="{height - foot}"/>')
    parts.append(f'<text x="{width / 2}" y="{height - 3}">{escape(label)}</text>')
    return f'<svg class="plot" viewBox="0 0 {width:g} {height:g}" role="img">{"".join(parts)}</svg>'


def heatmap(rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[float]]) -> str:
    """A table of counts as tinted cells; an empty cell is hatched, so that gaps in coverage are seen."""
    if not rows or not columns:
        return ""
    most = max((value for line in counts for value in line), default=0) or 1
    many = len(rows) * len(columns) > 400
    cell = 14 if many else 26 if len(rows) * len(columns) > 80 else 36
    left = 8 + 6.4 * max(len(row) for row in rows)
    top = 10 + 5.2 * max(len(column) for column in columns)
    width, height = left + cell * len(columns) + top * 0.7, top + cell * len(rows) + 2
    parts = []
    for x, column in enumerate(columns):
        at = f"{left + (x + 0.6) * cell:.1f} {top - 5:.1f}"
        parts.append(f'<text class="up" transform="translate({at}) rotate(-45)">{escape(column)}</text>')
    for y, (row, line) in enumerate(zip(rows, counts, strict=False)):
        parts.append(
            f'<text class="row" x="{left - 6:.1f}" y="{top + (y + 0.5) * cell + 4:.1f}">{escape(row)}</text>'
        )
        for x, value in enumerate(line):
            tint = f'style="fill-opacity:{0.12 + 0.88 * value / most:.2f}"' if value else 'class="none"'
            at = f'x="{left + x * cell:.1f}" y="{top + y * cell:.1f}"'
            title = f"<title>{escape(row)} x {escape(columns[x])}: {value:g}</title>"
            parts.append(f'<rect {at} width="{cell - 2}" height="{cell - 2}" rx="3" {tint}>{title}</rect>')
    size = f'width="{width:.0f}" height="{height:.0f}"'
    return (
        f'<svg class="heat" viewBox="0 0 {width:.0f} {height:.0f}" {size} role="img">{"".join(parts)}</svg>'
    )


def changes(items: Sequence[tuple[str, float | None, float | None]], unit: str) -> str:
    """A line for each (label, before, after) from a hollow to a filled dot over one shared axis, as SVG."""
    values = [value for _, before, after in items for value in (before, after) if value is not None]
    if not values:
        return ""
    low, high = min(0.0, *values), max(0.0, *values)
    left, width, line = 10 + 6.4 * max(len(label) for label, _, _ in items), 260.0, 24
    foot = line * len(items) + 6

    def place(value: float) -> float:
        return left + 8 + width * (value - low) / ((high - low) or 1)

    parts = [f'<line x1="{place(0):.1f}" x2="{place(0):.1f}" y1="0" y2="{foot}"/>']
    for row, (label, before, after) in enumerate(items):
        y = line * (row + 0.5) + 2
        parts.append(f'<text class="row" x="{left - 6:.1f}" y="{y + 4:.1f}">{escape(label)}</text>')
        if before is not None and after is not None:
            ends = f'x1="{place(before):.1f}" x2="{place(after):.1f}"'
            parts.append(f'<line class="move" {ends} y1="{y}" y2="{y}"/>')
        for value, name in ((before, "before"), (after, "after")):
            if value is not None:
                title = f"<title>{escape(label)} {name}: {value:g} {escape(unit)}</title>"
                parts.append(
                    f'<circle class="{name}" cx="{place(value):.1f}" cy="{y}" r="5">{title}</circle>'
                )
    ends_of_axis = [value for value in (low, high) if abs(value) > 0.25 * (high - low)]  # apart from the 0
    for value in (0.0, *ends_of_axis):
        shown = f"{value:.3g} {escape(unit)}" if value else "0"
        parts.append(f'<text x="{place(value):.1f}" y="{foot + 14}">{shown}</text>')
    total = left + width + 44
    size = f'viewBox="0 0 {total:.0f} {foot + 20}" style="max-width:{1.25 * total:.0f}px"'
    return f'<svg class="plot" {size} role="img">{"".join(parts)}</svg>'


STANDALONE = (  # the page's colours, for a file that no page styles
    "text{font:11px sans-serif;fill:#445;text-anchor:middle}.row{text-anchor:end}line{stroke:#bcc4d0}"
    ".move{stroke:#2f6fde}circle{fill:#2f6fde;stroke:#2f6fde;stroke-width:2}.before{fill:#fff}"
)


def standalone(charts: Sequence[tuple[str, str]]) -> str:
    """Charts (title, SVG of `changes`) one below the other as one SVG file: "" when there are none."""
    width, y, parts = 0.0, 0.0, []
    for title, chart in charts:
        wide, tall = (float(number) for number in chart.split('viewBox="0 0 ', 1)[1].split('"')[0].split())
        inner = chart[chart.index(">") + 1 : chart.rindex("</svg>")]
        parts.append(
            f'<text x="10" y="{y + 16:.0f}" style="text-anchor:start;font-weight:600">{escape(title)}</text>'
        )
        parts.append(f'<g transform="translate(0 {y + 26:.0f})">{inner}</g>')
        width, y = max(width, wide), y + tall + 40
    if not parts:
        return ""
    size = f'width="{width:.0f}" height="{y:.0f}" viewBox="0 0 {width:.0f} {y:.0f}"'
    ground = f'<rect width="{width:.0f}" height="{y:.0f}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{STANDALONE}</style>{ground}{"".join(parts)}</svg>'
