"""The tables of `fidelity`: by type and engine, and the choice of engines that follows."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anyedit.engines.toolbox import DEFAULTS
from anyedit.records import asdict
from anyedit.types import EDIT_TYPES

if TYPE_CHECKING:
    from anyedit.pipeline.fidelity import Tried

Z = 1.959964  # of a 95% interval


@dataclass(frozen=True)
class Choice:
    """An engine against its role's default on the same scenes: mean difference in L1 inside, and half its interval.

    Below 0 the engine is nearer to the exact edit.
    """

    role: str
    engine: str
    scenes: int
    difference: float
    half: float

    @property
    def verdict(self) -> str:
        """better, worse, or no difference shown."""
        if self.difference + self.half < 0:
            return "better"
        return "worse" if self.difference - self.half > 0 else "no difference shown"


def write(out: Path, found: Sequence[Tried]) -> None:
    """fidelity.md and fidelity.json."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "fidelity.json").write_text(json.dumps([asdict(row) for row in found], indent=0) + "\n")
    (out / "fidelity.md").write_text(markdown(found))


def choices(found: Sequence[Tried]) -> list[Choice]:
    """Every engine beside the default of its role, over the scenes that both could edit (paired, normal interval)."""
    inside = {
        (row.role, row.engine, row.edit_type, row.scene): row.l1_inside
        for row in found
        if row.l1_inside is not None
    }
    result = []
    for role, engine in sorted({key[:2] for key in inside if key[0] != "all"}):
        default = DEFAULTS.get(role)
        if engine == default:
            continue
        apart = [
            value - inside[role, default, name, scene]
            for (r, e, name, scene), value in inside.items()
            if (r, e) == (role, engine) and default is not None and (role, default, name, scene) in inside
        ]
        if len(apart) > 1:
            half = Z * float(np.std(apart, ddof=1)) / math.sqrt(len(apart))
            result.append(Choice(role, engine, len(apart), float(np.mean(apart)), half))
    return result


def markdown(found: Sequence[Tried]) -> str:
    """The tables as Markdown."""
    lines = [
        "L1 in 8-bit steps and SSIM against the exact edit, inside and outside its mask; way: share of the way from the "
        "source to it. Gates: share of edits that pass the type's gates as a photograph's, that pass those which know "
        "the exact edit, and how often both say the same.",
        "",
        "| type | role | engine | scenes | L1 in | L1 out | SSIM in | SSIM out | way | s | gates | exact gates | agree |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    groups: dict[tuple[str, str, str], list[Tried]] = defaultdict(list)
    for row in found:
        groups[row.edit_type, row.role, row.engine].append(row)
    order = {name: k for k, name in enumerate(EDIT_TYPES)}
    for (name, role, engine), rows in sorted(
        groups.items(), key=lambda g: (order.get(g[0][0], 99), g[0][1] != "all")
    ):
        made = [row for row in rows if row.l1_inside is not None]
        if not made:
            lines.append(f"| {name} | {role} | {engine} | 0 | {rows[0].note[:90]} | | | | | | | | |")
            continue
        agree = [row.passed == row.passed_exactly for row in made if row.passed is not None]
        cells = [
            _mean(made, lambda row: row.l1_inside, 1),
            _mean(made, lambda row: row.l1_outside, 2),
            _mean(made, lambda row: row.ssim_inside, 3),
            _mean(made, lambda row: row.ssim_outside, 3),
            _mean(made, lambda row: row.way, 2),
            _mean(made, lambda row: row.seconds, 2),
            _mean(made, lambda row: row.passed, 2),
            _mean(made, lambda row: row.passed_exactly, 2),
            f"{np.mean(agree):.2f}" if agree else "-",
        ]
        lines.append(f"| {name} | {role} | {engine} | {len(made)} | {' | '.join(cells)} |")
    lines += [
        "",
        "## Choice of engines",
        "",
        "Difference in L1 inside from the role's default, same scenes, 95% interval.",
        "",
    ]
    lines += ["| role | engine | scenes | difference | against the default |", "|---|---|---|---|---|"]
    for choice in choices(found):
        lines.append(
            f"| {choice.role} | {choice.engine} | {choice.scenes} | {choice.difference:+.2f} ± {choice.half:.2f} "
            f"| {choice.verdict} |"
        )
    return "\n".join(lines) + "\n"


def _mean(rows: Sequence[Tried], of: Callable[[Tried], float | bool | None], digits: int) -> str:
    values = [float(value) for row in rows if (value := of(row)) is not None]
    return f"{np.mean(values):.{digits}f}" if values else "-"
