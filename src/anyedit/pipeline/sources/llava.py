"""LLaVA-style JSON: a list of {image, conversations}, where the first answer is the caption; or {image, caption}."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from anyedit.errors import RecipeError
from anyedit.pipeline.sources.catalogue import Photograph, carried_fields, licence_field, said
from anyedit.pipeline.sources.files import Files, read_list
from anyedit.recipe import PhotoSource

CAPTIONS = ("caption", "blip_caption", "text")


class Llava:
    """The pictures that the JSON names, once each: of several conversations about one, the first counts."""

    def __init__(self, spec: PhotoSource) -> None:
        self.files = Files(spec.path)
        self._rows: dict[str, Mapping[str, Any]] = {}
        try:
            rows = json.loads(read_list(str(spec.annotations), "source.annotations"))
            for row in rows:
                if row.get("image"):  # some turns speak of no picture
                    self._rows.setdefault(str(row["image"]), row)
        except (ValueError, TypeError, AttributeError) as error:
            raise RecipeError(
                f"source.annotations: {spec.annotations} is not LLaVA JSON ({error!r})"
            ) from None
        self.names: Sequence[str] = tuple(sorted(self._rows))
        if not self.names:
            raise RecipeError(f"source.annotations: {spec.annotations} names no pictures")

    def photograph(self, index: int) -> Photograph:
        name = self.names[index]
        row = self._rows[name]
        return Photograph(
            name,
            self.picture(name),
            _caption(row),
            licence=licence_field(row, None),
            carried=carried_fields(row, None),
        )

    def picture(self, name: str) -> bytes:
        return self.files.read(name)


def _caption(row: Mapping[str, Any]) -> str:
    for turn in row.get("conversations") or ():
        if turn.get("from") in ("gpt", "assistant") and turn.get("value"):
            return said(turn["value"])
    return said(next((row[key] for key in CAPTIONS if row.get(key)), ""))
