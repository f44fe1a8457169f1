"""`audit_gates`: the audit from start to end, with a build of its own when none is given, written as Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from anyedit.errors import AnyEditError, nearest
from anyedit.pipeline.audit import tables
from anyedit.pipeline.audit.defects import DEFECTS, HARMLESS
from anyedit.pipeline.audit.run import FEWEST, MODES, Progress, audit
from anyedit.recipe import load_recipe
from anyedit.types import EDIT_TYPES

OWN_BUILD = {"source": {"kind": "world", "width": 96, "height": 96, "samples": 2, "counterfactual": 0.3}}


def audit_gates(
    folders: Sequence[str | Path] = (),
    *,
    out: str | Path,
    pairs: int = 400,
    types: Sequence[str] | None = None,
    workers: int = 1,
    seed: int = 0,
    modes: Sequence[str] = MODES,
    recipe: str | Path | Mapping[str, Any] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> dict[str, Any]:
    """Measure every gate on planted truth; writes `out`/gates.md and gates.json and returns the latter's content.

    folders: builds of world scenes; none: one is built under `out`. pairs: planted pairs a type, at least, where the
    builds have enough. modes: as what they are judged (built, picture alone, photograph). recipe: its `gates` replace the types' own limits. Verdicts under `out`/verdicts are
    kept as shards, so an interrupted audit goes on. Raises StoreError, RecipeError.
    """
    for mode in modes:
        if mode not in MODES:
            raise AnyEditError(f"no mode of the audit is named '{mode}'{nearest(mode, MODES)}")
    out = Path(out)
    limits = load_recipe(recipe).gates if recipe is not None else None
    builds = [Path(folder) for folder in folders] or [_built(out / "pairs", pairs, types, workers, seed)]
    found = audit(
        builds, out, pairs=pairs, types=types, workers=workers, seed=seed, modes=modes, progress=progress
    )
    table = tables.counts(found, limits)
    data = {"pairs": pairs, "seed": seed, "defects": _meanings(), "types": tables.as_json(table)}
    out.mkdir(parents=True, exist_ok=True)
    (out / "gates.json").write_text(json.dumps(data, indent=1) + "\n")
    (out / "gates.md").write_text(tables.markdown(table))
    return data


def _built(out: Path, pairs: int, types: Sequence[str] | None, workers: int, seed: int) -> Path:
    from anyedit.pipeline.build import build

    asked = list(types or EDIT_TYPES)
    each = max(2, round(pairs / FEWEST + 0.5))  # two, so that a prompt can be another pair's
    recipe = {**OWN_BUILD, "name": "audit", "pairs": each * len(asked), "types": asked, "seed": seed}
    build(recipe, out=out, workers=workers)
    return out


def _meanings() -> dict[str, str]:
    return {defect.name: defect.meaning for defect in (*DEFECTS, *HARMLESS)}
