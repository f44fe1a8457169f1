"""Things known to be in photographs: COCO instances (polygons, run-length codes, boxes).

Source of the formats: the COCO data format (cocodataset.org) and its run-length code for masks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.errors import RecipeError, SourceError
from anyedit.pipeline.sources.files import read_list

T = TypeVar("T")


@dataclass(frozen=True)
class Annotation:
    """One thing in one picture. box: x, y, width, height; shape: the picture's (H, W), as annotated; (0, 0) where the
    source does not tell: then it is the upright picture's own.
    """

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


@dataclass(frozen=True)
class Known:
    """What a COCO file says of one picture."""

    notes: tuple[Annotation, ...] = ()
    licence: str = ""


def of_name(table: Mapping[str, T], name: str) -> T | None:
    """A table's entry for a picture: by its place in the folder, else by its bare file name."""
    return table[name] if name in table else table.get(name.rpartition("/")[2])


def coco_of(file: str) -> dict[str, Known]:
    """What a COCO instances file says of each picture by its file name; crowds left out. Raises RecipeError."""
    try:
        data = json.loads(read_list(file, "source.annotations"))
        names = {row["id"]: str(row["name"]) for row in data["categories"]}
        licences = {
            row["id"]: str(row.get("name") or row.get("url") or "") for row in data.get("licenses", ())
        }
        pictures = {
            row["id"]: (str(row["file_name"]), (row["height"], row["width"])) for row in data["images"]
        }
        found: dict[str, list[Annotation]] = {name: [] for name, _ in pictures.values()}
        for row in data["annotations"]:
            if row.get("iscrowd"):
                continue
            name, shape = pictures[row["image_id"]]
            x, y, w, h = row["bbox"]
            found[name].append(
                Annotation(
                    f"a{row['id']}", names[row["category_id"]], (x, y, w, h), row.get("segmentation"), shape
                )
            )
        whose = {str(row["file_name"]): licences.get(row.get("license"), "") for row in data["images"]}
    except (ValueError, KeyError, TypeError) as error:
        raise RecipeError(f"source.annotations: {file} is not COCO instances JSON ({error!r})") from None
    return {name: Known(tuple(notes), whose[name]) for name, notes in found.items()}
