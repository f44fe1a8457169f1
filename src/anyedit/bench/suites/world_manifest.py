"""World-Test's manifest: the recipe and seed that drew the items, and for every item its scene and what it renders to.

What is the same on every processor is kept as a hash: masks, beside texts, parameters and scenes themselves. The last
bits of a rendered picture depend on the processor, so source and edited pictures also have a fingerprint that is
compared with a tolerance: the means of 8 x 8 blocks, a byte a channel.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.errors import StoreError
from anyedit.records import pixels_of
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
GRID = 8  # blocks a side
# Levels of 255. Measured (benchmarks/world_tolerance.py): paths that end elsewhere after a change of a micrometre move
# one block by up to 4.0 and the mean of the blocks by up to 0.5; the fingerprint's rounding adds up to 0.5 and on
# average 0.25 at most. 5% of exposure moves the mean of the blocks by 2.1 to 3.0.
BLOCK_TOLERANCE = 6.0
MEAN_TOLERANCE = 0.75
TEXTS = ("instruction", "edit_type", "source_caption", "edited_caption", "edited_object", "params")


def read_manifest(path: Path = MANIFEST) -> dict[str, Any]:
    """The frozen items. Raises StoreError when the file was changed."""
    try:
        told: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    except FileNotFoundError:
        raise StoreError(f"World-Test's manifest is not in this installation ({path})") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read ({error}); install anyedit again") from error
    if told["digest"] != _digest(told["items"]) or told["marks_digest"] != _digest(told["marks"]):
        raise StoreError(f"{path} is not what its digest says; install anyedit again")
    return told


def write_manifest(dataset: Path, path: Path = MANIFEST) -> dict[str, Any]:
    """Freeze the test split of a build with RECIPE (`python -m anyedit.bench.suites.world_test freeze DIR`)."""
    from anyedit.store.dataset import iter_rows

    items: list[dict[str, Any]] = []
    made_of: dict[str, Any] = {}
    marks: dict[str, dict[str, str]] = {"source": {}, "edited": {}}
    for row in iter_rows(dataset):
        put_marks(marks, row)
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
    told = {"recipe": made_of["recipe"], "versions": made_of["versions"], "items": items, "marks": marks}
    save_manifest(told, path)
    return told


def mark_manifest(dataset: Path, path: Path = MANIFEST) -> dict[str, Any]:
    """Add the fingerprints of a rendered suite to a manifest (`python -m anyedit.bench.suites.world_test mark DIR`)."""
    from anyedit.store.dataset import iter_rows

    told = read_manifest(path)
    for row in iter_rows(dataset):
        put_marks(told["marks"], row)
    save_manifest(told, path)
    return told


def save_manifest(told: dict[str, Any], path: Path) -> None:
    """Write a manifest with its digests; that of the items names the suite, that of the marks does not."""
    told.update(digest=_digest(told["items"]), marks_digest=_digest(told["marks"]))
    path.write_bytes(gzip.compress(json.dumps(told, sort_keys=True).encode(), 9, mtime=0))


def put_marks(marks: dict[str, dict[str, str]], row: dict[str, Any]) -> None:
    """A rendered row's fingerprints: its edited picture's by id, its source's by source id (items share sources)."""
    marks["source"][row["source_id"]] = mark_of(row["source"]["bytes"])
    marks["edited"][row["id"]] = mark_of(row["edited"]["bytes"])


def mark_of(data: bytes) -> str:
    """The fingerprint of an encoded picture: block means, rounded to bytes, in base64 (256 characters)."""
    return base64.b64encode(np.round(blocks(data)).astype(np.uint8).tobytes()).decode()


def off(mark: str, data: bytes) -> tuple[float, float]:
    """How far a picture is from a fingerprint: the largest and the mean difference of its blocks, in levels of 255."""
    kept = np.frombuffer(base64.b64decode(mark), np.uint8).reshape(GRID, GRID, 3)
    apart = np.abs(blocks(data) - kept)
    return float(apart.max()), float(apart.mean())


def blocks(data: bytes) -> npt.NDArray[np.float64]:
    """float (GRID, GRID, 3): the mean colours of an encoded picture's blocks, in levels of 255."""
    shown = pixels_of(data).astype(np.float64)
    rows = np.array([band.mean(0) for band in np.array_split(shown, GRID, 0)])
    return np.stack([part.mean(1) for part in np.array_split(rows, GRID, 1)], 1)


def sha(data: bytes) -> str:
    """The SHA-256 of a picture's bytes."""
    return hashlib.sha256(data).hexdigest()


def _digest(told: Sequence[dict[str, Any]] | dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
