"""World-Test: 50 exact items for each of the 25 types, frozen as scenes with what their pictures have to be.

The package carries `world_test.json.gz`: the recipe and seed that drew the items, and for every item its scene,
parameters, texts, the SHA-256 of what it rendered to when it was frozen, and fingerprints of its pictures. Rendering
them needs no draw and no gate, so a later change of a type's proposals or limits does not change the suite. A change of
the renderer or of a 3D model shows item by item (`world_manifest_check`), another processor's last bits do not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from anyedit.bench.items import BenchError, Suite, image_of
from anyedit.bench.suites import ours
from anyedit.bench.suites.world_manifest import LICENCE, TEXTS, mark_manifest, read_manifest, write_manifest
from anyedit.bench.suites.world_manifest_check import Checked, check
from anyedit.errors import AnyEditError
from anyedit.records import png
from anyedit.types import GROUP_OF

CHUNK = 5


def recognises(folder: Path) -> bool:
    """A folder that `materialise` wrote."""
    return (folder / "world_test.json").is_file()


def load(folder: Path | None, cache: str = "", size: str = "", per_type: str = "50") -> Suite:
    """The suite: from a folder that was rendered before, else rendered into `cache` (once, all cores).

    per_type: the first so many of each type. size: pixels, in place of the manifest's (nothing can then be compared
    with the manifest and the suite says so).
    """
    manifest = read_manifest()
    count = _whole(per_type, "per_type")
    pixels = _whole(size, "size") if size else int(manifest["recipe"]["source"]["width"])
    if folder is None:
        root = Path(cache) if cache else Path.home() / ".cache" / "anyedit"
        folder = root / f"world-test-{pixels}px-{count}-{manifest['digest'][:8]}"
        if not recognises(folder):
            materialise(folder, count, pixels)
    told = json.loads((folder / "world_test.json").read_text())
    if (
        told.get("marks") != manifest["marks_digest"]
    ):  # compared with an earlier manifest's fingerprints, or never
        told = _report(folder, manifest, told["per_type"])
    suite = ours.load(folder, "test", "world-test")
    order = {entry["id"]: i for i, entry in enumerate(manifest["items"])}
    items = tuple(sorted(suite.items, key=lambda item: order.get(item.id, len(order))))
    return replace(suite, items=items, licence=LICENCE, warnings=tuple(told["warnings"]))


def materialise(
    folder: Path, per_type: int = 50, size: int | None = None, workers: int | None = None
) -> dict[str, Any]:
    """Render the items into a dataset of our schema, and say how they agree with the manifest."""
    from anyedit.store.card import card
    from anyedit.store.dataset import DatasetWriter

    manifest = read_manifest()
    settings = {**manifest["recipe"]["source"]}
    if size is not None:
        settings.update(width=size, height=size)
    chosen = _first(manifest["items"], per_type)
    parts = [(chosen[i : i + CHUNK], manifest["recipe"], settings) for i in range(0, len(chosen), CHUNK)]
    import pyarrow as pa

    from anyedit.store.schema import dataset_schema

    count = workers or len(os.sched_getaffinity(0))
    folder.mkdir(parents=True, exist_ok=True)
    with DatasetWriter(folder) as writer:
        for rows in _rendered(parts, count):
            writer.add("test", pa.Table.from_pylist(rows, schema=dataset_schema()))
        writer.finish(lambda contents: card({"name": "world-test", "recipe": manifest["recipe"], **contents}))
    return _report(folder, manifest, per_type)


def _report(folder: Path, manifest: dict[str, Any], per_type: int) -> dict[str, Any]:
    """Compare the rendered suite with the manifest and keep what came out in `world_test.json`."""
    own_size = int(manifest["recipe"]["source"]["width"])
    suite = ours.load(folder, "test", "world-test")
    size = image_of(suite.items[0].source).width
    warnings: list[str] = []
    checked: Checked | None = None
    if size != own_size:
        warnings.append(
            f"rendered at {size} px: not the frozen suite ({own_size} px), numbers do not compare"
        )
    else:
        checked = check(folder, manifest)
        if checked.wrong or checked.unmarked:
            warnings.append(f"held to the manifest, {checked}")
        if checked.wrong:
            warnings.append(
                "numbers do not compare where items differ: another renderer or version of the world"
            )
    if per_type < 50:
        warnings.append(f"the first {per_type} of each type, not all 50")
    told = {
        "digest": manifest["digest"],
        "marks": manifest["marks_digest"],
        "per_type": per_type,
        "checked": asdict(checked) if checked else None,
        "warnings": warnings,
    }
    fresh = folder / f".world_test.{os.getpid()}.partial"
    fresh.write_text(json.dumps(told, indent=1))
    os.replace(fresh, folder / "world_test.json")
    return told


def _rendered(parts: Sequence[tuple[Any, Any, Any]], workers: int) -> Iterator[list[dict[str, Any]]]:
    if workers <= 1:
        yield from map(_render_part, parts)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield from pool.map(_render_part, parts)


def _render_part(part: tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]) -> list[dict[str, Any]]:
    entries, recipe, source = part
    return [_row(entry, recipe, source) for entry in entries]


def _row(entry: dict[str, Any], recipe: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    from anyedit.edits import type_of
    from anyedit.edits.views import WorldView
    from anyedit.store.schema import image
    from anyedit.world.render import RenderSettings, render
    from anyedit.world.scene import Scene

    settings = RenderSettings(*(source[k] for k in ("width", "height", "samples", "depth", "variant")))
    frame = render(Scene.model_validate(entry["scene"]), settings)
    kind = type_of(entry["edit_type"])
    params = kind.Params.model_validate_json(entry["params"])
    try:
        made = kind.edit_world(WorldView(frame, frame.picture, entry["source_caption"], settings), params)
    except AnyEditError as error:
        raise BenchError(
            f"World-Test item {entry['id']} cannot be rendered by this version: {error}"
        ) from error
    name = entry["id"]
    facts = {
        "recipe": {**recipe, "source": source},
        "draw": {"index": entry["draw"]},
        "source_scene": entry["scene"],
        "edited_scene": json.loads(made.scene.model_dump_json()) if made.scene else None,
    }
    return {
        "id": name,
        "source": image(png(frame.picture), f"{name}.source.png"),
        "edited": image(png(made.picture), f"{name}.edited.png"),
        "mask": image(png(made.mask), f"{name}.mask.png"),
        "influence": None if made.influence is None else image(png(made.influence), f"{name}.influence.png"),
        "visual_prompt": None
        if made.visual_prompt is None
        else image(png(made.visual_prompt), f"{name}.prompt.png"),
        **{name: entry[name] for name in TEXTS},
        "group": GROUP_OF[entry["edit_type"]],
        "turn": 1,
        "chain_id": name,
        "relation": "original",
        "made_from": [],
        "phrasings": [],
        "source_id": entry["source_id"],
        "origin": "world",
        "licence": LICENCE,
        "natural": entry["natural"],
        "scores": [],
        "provenance": json.dumps(facts, sort_keys=True),
    }


def _first(items: Sequence[dict[str, Any]], per_type: int) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    chosen = []
    for item in items:
        counts[item["edit_type"]] = counts.get(item["edit_type"], 0) + 1
        if counts[item["edit_type"]] <= per_type:
            chosen.append(item)
    return chosen


def _whole(text: str, name: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise BenchError(f"world-test: {name}={text}: a whole number above 0 is expected")
    return number


if __name__ == "__main__":
    import sys

    verb, place = sys.argv[1], Path(sys.argv[2])
    if verb == "check":
        print(check(place, read_manifest()))
    else:
        made = {"freeze": write_manifest, "mark": mark_manifest}[verb](place)
        print(
            f"{len(made['items'])} items, {len(made['marks']['edited'])} with fingerprints, digest {made['digest']}"
        )
