"""World-Test's manifest: the recipe and seed that drew the items, and for every item its scene and what it renders to."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anyedit.errors import StoreError
from anyedit.types import EDIT_TYPES

MANIFEST = Path(__file__).with_name("world_test.json.gz")
RECIPE: dict[str, Any] = {
    "name": "world-test",
    "seed": 20241122,
    "pairs": 1250,
    "effort": 12,
    "source": {"kind": "world", "width": 256, "height": 256, "samples": 2, "counterfactual": 0.5},
    "splits": {"train": 0, "validation": 0, "test": 1},
}
PICTURES = ("source", "edited", "mask", "influence", "visual_prompt")
LICENCE = "CC0-1.0"


def read_manifest(path: Path = MANIFEST) -> dict[str, Any]:
    """The frozen items. Raises StoreError when the file was changed."""
    try:
        told: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    except FileNotFoundError:
        raise StoreError(f"World-Test's manifest is not in this installation ({path})") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read ({error}); install anyedit again") from error
    if told["digest"] != _digest(told["items"]):
        raise StoreError(f"{path} is not what its digest says; install anyedit again")
    return told


def write_manifest(dataset: Path, path: Path = MANIFEST) -> dict[str, Any]:
    """Freeze the test split of a build with RECIPE (`python -m anyedit.bench.suites.world_test DIR`)."""
    from anyedit.store.dataset import iter_rows

    items: list[dict[str, Any]] = []
    made_of: dict[str, Any] = {}
    for row in iter_rows(dataset):
        made_of = json.loads(row["provenance"])
        items.append(
            {
                "id": row["id"],
                "edit_type": row["edit_type"],
                "params": row["params"],
                "instruction": row["instruction"],
                "source_caption": row["source_caption"],
                "edited_caption": row["edited_caption"],
                "edited_object": row["edited_object"],
                "source_id": row["source_id"],
                "natural": row["natural"],
                "draw": made_of["draw"]["index"],
                "scene": made_of["source_scene"],
                "sha256": {name: sha(row[name]["bytes"]) for name in PICTURES if row[name] is not None},
            }
        )
    order = {name: index for index, name in enumerate(EDIT_TYPES)}
    items.sort(key=lambda item: (order[item["edit_type"]], item["draw"], item["id"]))
    told = {
        "recipe": made_of["recipe"],
        "versions": made_of["versions"],
        "digest": _digest(items),
        "items": items,
    }
    path.write_bytes(gzip.compress(json.dumps(told, sort_keys=True).encode(), 9, mtime=0))
    return told


def sha(data: bytes) -> str:
    """The SHA-256 of a picture's bytes."""
    return hashlib.sha256(data).hexdigest()


def _digest(items: Sequence[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(items, sort_keys=True).encode()).hexdigest()
