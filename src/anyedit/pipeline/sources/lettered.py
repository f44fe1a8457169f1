"""Text images with boxes, AnyWord-style: {data_list: [{img_name, caption, annotations: [{polygon, text, valid}]}]}.

Source of the format: AnyWord-3M (AnyText, arXiv 2311.03054).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from anyedit.errors import RecipeError, SourceError
from anyedit.pipeline.sources.catalogue import Line, Photograph, carried_fields, licence_field, said
from anyedit.pipeline.sources.files import Files, read_list
from anyedit.recipe import PhotoSource


class Lettered:
    """Pictures with the lines of text in them; lines that are marked as not valid are left out."""

    def __init__(self, spec: PhotoSource) -> None:
        self.files = Files(spec.path)
        try:
            data = json.loads(read_list(str(spec.annotations), "source.annotations"))
            rows = data["data_list"] if isinstance(data, dict) else data
            self._rows: dict[str, Mapping[str, Any]] = {str(row["img_name"]): row for row in rows}
        except (ValueError, TypeError, KeyError) as error:
            raise RecipeError(
                f"source.annotations: {spec.annotations} is not AnyWord JSON ({error!r})"
            ) from None
        self.names: Sequence[str] = tuple(sorted(self._rows))
        if not self.names:
            raise RecipeError(f"source.annotations: {spec.annotations} names no pictures")

    def photograph(self, index: int) -> Photograph:
        name = self.names[index]
        row = self._rows[name]
        try:
            lines = tuple(
                Line(str(note["text"]), quad_of(note["polygon"]))
                for note in row.get("annotations") or ()
                if note.get("valid", True) and note.get("text")
            )
        except (KeyError, TypeError, ValueError) as error:
            raise SourceError(f"{name}: malformed text box ({error!r})") from None
        return Photograph(
            name,
            self.picture(name),
            said(row.get("caption")),
            licence=licence_field(row, None),
            carried=carried_fields(row, None),
            lines=lines,
        )

    def picture(self, name: str) -> bytes:
        return self.files.read(name)


def quad_of(polygon: Any) -> tuple[tuple[float, float], ...]:
    """Four corners from top left clockwise: the polygon's own when it has four, else of its smallest rectangle."""
    points = np.asarray(polygon, np.float32).reshape(-1, 2)
    if len(points) < 3 or not np.isfinite(points).all():
        raise ValueError(f"a polygon of {len(points)} points")
    if len(points) != 4:
        points = cv2.boxPoints(cv2.minAreaRect(points))
    if _turn(points) < 0:
        points = points[::-1]
    start = int(np.argmin(points.sum(1)))
    return tuple((float(x), float(y)) for x, y in np.roll(points, -start, axis=0))


def _turn(points: Any) -> float:
    """Twice the signed area: positive for clockwise on the screen, where y goes down."""
    x, y = points[:, 0], points[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
