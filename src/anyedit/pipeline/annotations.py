"""What is known beside photographs: captions (CSV, JSONL, text files) and COCO instances (polygons, RLE, boxes).

Source of the formats: the COCO data format (cocodataset.org) and its run-length code for masks.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.errors import RecipeError, SourceError

FILE_KEYS = ("file_name", "file", "filename", "image", "path")
CAPTION_KEYS = ("caption", "text", "description", "prompt")


@dataclass(frozen=True)
class Annotation:
    """One thing in one picture. box: x, y, width, height; shape: the picture's (H, W), as annotated."""

    id: str
    name: str
    box: tuple[float, float, float, float]
    segmentation: Any
    shape: tuple[int, int]

    def mask(self) -> npt.NDArray[np.bool_]:
        """bool (H, W): the polygons or runs, else the box. Raises SourceError for malformed ones."""
        mask = np.zeros(self.shape, np.uint8)
        form = self.segmentation
        try:
            if isinstance(form, dict):
                counts = form["counts"]
                runs = _decoded(counts) if isinstance(counts, str) else [int(count) for count in counts]
                values = np.repeat(np.arange(len(runs)) % 2, runs)  # runs go down the columns, zeros first
                return values.reshape(self.shape[::-1]).T.astype(bool)
            if form:
                for polygon in form:
                    points = np.asarray(polygon, np.float64).reshape(-1, 2)
                    cv2.fillPoly(mask, [np.round(points * 16 - 8).astype(np.int32)], 1, shift=4)
                return mask > 0
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(
                f"annotation {self.id} ('{self.name}'): malformed segmentation ({error})"
            ) from None
        x, y, w, h = self.box
        mask[max(0, round(y)) : max(0, round(y + h)), max(0, round(x)) : max(0, round(x + w))] = 1
        return mask > 0


def _decoded(text: str) -> list[int]:
    """COCO's compressed runs: 5 bits a character, each run but the first two less the one two before."""
    runs: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 48
        value |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:
            value -= 1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        value = shift = 0
    return runs


def annotations_of(file: str | None, name: str) -> tuple[Annotation, ...]:
    """What a COCO instances file says of the picture of this name; crowds left out. Raises RecipeError."""
    if file is None:
        return ()
    return _coco(file, _changed(file, "annotations")).get(name, ())


def captions_of(file: str | None, path: Path) -> str:
    """The caption of a picture: from the CSV or JSONL file, else from the .txt beside it; "" when there is none."""
    said = _captions(file, _changed(file, "captions")).get(path.name, "") if file is not None else ""
    beside = path.with_suffix(".txt")
    if not said and beside.is_file():
        said = beside.read_text(errors="replace")
    return " ".join(said.split())


def _changed(file: str, key: str) -> int:
    try:
        return Path(file).stat().st_mtime_ns
    except OSError:
        raise RecipeError(f"source.{key}: no file at {file}") from None


@lru_cache(maxsize=4)
def _coco(file: str, changed: int) -> dict[str, tuple[Annotation, ...]]:
    try:
        data = json.loads(Path(file).read_text())
        names = {row["id"]: str(row["name"]) for row in data["categories"]}
        pictures = {
            row["id"]: (Path(row["file_name"]).name, (row["height"], row["width"])) for row in data["images"]
        }
        found: dict[str, list[Annotation]] = {}
        for row in data["annotations"]:
            if row.get("iscrowd"):
                continue
            name, shape = pictures[row["image_id"]]
            x, y, w, h = row["bbox"]
            note = Annotation(
                f"a{row['id']}", names[row["category_id"]], (x, y, w, h), row.get("segmentation"), shape
            )
            found.setdefault(name, []).append(note)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecipeError(f"source.annotations: {file} is not COCO instances JSON ({error!r})") from None
    return {name: tuple(notes) for name, notes in found.items()}


@lru_cache(maxsize=4)
def _captions(file: str, changed: int) -> dict[str, str]:
    try:
        with Path(file).open(newline="", encoding="utf-8-sig") as lines:
            if Path(file).suffix.lower() in (".jsonl", ".ndjson"):
                rows: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
            else:
                rows = list(csv.DictReader(lines))
    except (OSError, ValueError, csv.Error) as error:
        raise RecipeError(f"source.captions: cannot read {file}: {error}") from None
    if not rows:
        return {}
    file_key = next((key for key in FILE_KEYS if key in rows[0]), None)
    caption_key = next((key for key in CAPTION_KEYS if key in rows[0]), None)
    if file_key is None or caption_key is None:
        raise RecipeError(
            f"source.captions: {file} needs columns of file name ({', '.join(FILE_KEYS)}) "
            f"and caption ({', '.join(CAPTION_KEYS)}); it has {', '.join(rows[0])}"
        )
    return {Path(str(row[file_key])).name: str(row[caption_key] or "") for row in rows if row.get(file_key)}
