"""Precision over recall as small inline SVG charts on one page; no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from anyedit.store.page import STYLE

WIDTH, HEIGHT, LEFT, FOOT = 250.0, 190.0, 34.0, 30.0


@dataclass(frozen=True)
class Curve:
    """One chart. points: (recall, precision). marks: (name, recall, precision or None, text shown on hovering)."""

    group: str
    title: str
    points: tuple[tuple[float, float], ...]
    marks: tuple[tuple[str, float, float | None, str], ...] = ()
    note: str = ""


def curve(drawn: Curve) -> str:
    """Precision (upwards) over recall as SVG, each axis from 0 to 1; the first mark hollow, the others filled."""

    def place(recall: float, precision: float) -> tuple[float, float]:
        return LEFT + recall * (WIDTH - LEFT - 8), 8 + (1 - precision) * (HEIGHT - FOOT - 8)

    (left, top), (right, low) = place(0, 1), place(1, 0)
    parts = [
        f'<line x1="{left}" y1="{low}" x2="{right}" y2="{low}"/><line x1="{left}" y1="{top}" x2="{left}" y2="{low}"/>'
    ]
    for value in (0, 0.5, 1):
        x, y = place(value, value)
        parts.append(f'<text x="{x:.1f}" y="{low + 13:.1f}">{value:g}</text>')
        parts.append(f'<text class="row" x="{left - 5:.1f}" y="{y + 4:.1f}">{value:g}</text>')
    parts.append(f'<text x="{(left + right) / 2:.1f}" y="{HEIGHT - 3:.1f}">recall</text>')
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in sorted(drawn.points)))
    if way:
        parts.append(f'<polyline points="{way}" fill="none" stroke="var(--accent)" stroke-width="2"/>')
    for number, (name, recall, precision, text) in enumerate(drawn.marks):
        x, y = place(recall, 0.0 if precision is None else precision)
        parts.append(
            f'<circle class="{"before" if number == 0 else "after"}" cx="{x:.1f}" cy="{y:.1f}" r="5">'
            f"<title>{escape(text or name)}</title></circle>"
        )
    label = f"{drawn.group} {drawn.title}: precision over recall"
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def curves_page(title: str, lead: str, drawn: Sequence[Curve]) -> str:
    """A whole page: the charts under a heading for each group, with the marks' texts written out."""
    groups: dict[str, list[Curve]] = {}
    for one in drawn:
        groups.setdefault(one.group, []).append(one)
    sections = []
    for name, members in groups.items():
        cards = "".join(
            f'<div class="panel"><h3>{escape(one.title)}</h3>{curve(one)}'
            f'<p class="quiet">{escape(one.note)}{"".join(f"<br>{escape(text)}" for *_, text in one.marks)}</p></div>'
            for one in members
        )
        sections.append(
            f'<h2>{escape(name)}</h2><div class="panels" style="grid-template-columns:repeat(auto-fill,minmax(270px,1fr))">{cards}</div>'
        )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
        f"<header><h1>{escape(title)}</h1><p>{escape(lead)} Hollow: the limit now. Filled: the proposed one.</p></header>"
        f"<main>{''.join(sections)}</main></html>"
    )
