"""Whether a rendered World-Test is what its manifest says: exactly where it can be, within a tolerance elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyedit.bench.suites.world_manifest import BLOCK_TOLERANCE, MEAN_TOLERANCE, PICTURES, TEXTS, off, sha
from anyedit.store.dataset import iter_rows

EXACT_PROMPTS = ("visual_bbox", "visual_segment", "visual_depth")  # of geometry: the same on every processor
ALLOWED = f"tolerances of {BLOCK_TOLERANCE:g} and {MEAN_TOLERANCE:g}"


@dataclass(frozen=True)
class Checked:
    """How the items of a rendered suite agree with the manifest.

    same: all pictures have the manifest's bytes. near: texts, scene and mask are equal, source and edited picture
    within the tolerance of their fingerprints. unmarked: texts, scene and mask are equal, the manifest has no
    fingerprint of the pictures. wrong: (id, what is wrong), in the manifest's order.
    """

    same: int
    near: int
    unmarked: int
    wrong: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """One sentence of counts."""
        count = self.same + self.near + self.unmarked + len(self.wrong)
        parts = [
            f"{self.same} to the same bytes",
            f"{self.near} with equal masks and pictures within the {ALLOWED} levels",
            f"{self.unmarked} with equal masks and pictures that have no fingerprint",
            f"{len(self.wrong)} that differ",
        ]
        first = "; the first, {}: {}".format(*self.wrong[0]) if self.wrong else ""
        return f"of {count} items: {', '.join(parts)}{first}"


def check(folder: Path, manifest: dict[str, Any]) -> Checked:
    """Compare a rendered suite, as it lies in the folder, with the manifest."""
    entries = {entry["id"]: entry for entry in manifest["items"]}
    order = {name: number for number, name in enumerate(entries)}
    counts = {"same": 0, "near": 0, "unmarked": 0}
    wrong: list[tuple[str, str]] = []
    for row in iter_rows(folder):
        entry = entries.get(row["id"])
        verdict = _verdict(entry, row, manifest["marks"]) if entry else "is not in the manifest"
        if verdict in counts:
            counts[verdict] += 1
        else:
            wrong.append((row["id"], verdict))
    wrong.sort(key=lambda told: order.get(told[0], len(order)))
    return Checked(**counts, wrong=tuple(wrong))


def _verdict(entry: dict[str, Any], row: dict[str, Any], marks: dict[str, dict[str, str]]) -> str:
    """The field of Checked that an item counts in, or what is wrong with it."""
    for name in TEXTS:
        if row[name] != entry[name]:
            return f"{name} differs"
    if json.loads(row["provenance"])["source_scene"] != entry["scene"]:
        return "scene differs"
    seen = {name: sha(row[name]["bytes"]) for name in PICTURES if row[name] is not None}
    if seen == entry["sha256"]:
        return "same"
    for name in ("mask", "visual_prompt") if entry["edit_type"] in EXACT_PROMPTS else ("mask",):
        if seen.get(name) != entry["sha256"][name]:
            return f"{name} differs"
    kept = {"source": marks["source"].get(row["source_id"]), "edited": marks["edited"].get(row["id"])}
    for name, mark in kept.items():
        block, mean = off(mark, row[name]["bytes"]) if mark is not None else (0.0, 0.0)
        if block > BLOCK_TOLERANCE or mean > MEAN_TOLERANCE:
            return (
                f"the {name} picture is {block:.1f} levels off in a block, {mean:.2f} in the mean ({ALLOWED})"
            )
    return "unmarked" if None in kept.values() else "near"
