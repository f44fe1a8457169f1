"""COCO: pictures, instances (boxes and masks, so that nothing need be detected), captions, licences.

Source of the format: cocodataset.org, "Data format".
"""

from __future__ import annotations

from collections.abc import Sequence

from anyedit.errors import RecipeError
from anyedit.pipeline.sources.annotations import coco_of, of_name
from anyedit.pipeline.sources.captions import captions_in
from anyedit.pipeline.sources.catalogue import Photograph, said
from anyedit.pipeline.sources.files import Files
from anyedit.recipe import PhotoSource


class Coco:
    """The pictures that the instances file lists, also those that the folder lacks: they are put aside by name."""

    def __init__(self, spec: PhotoSource) -> None:
        self.files = Files(spec.path)
        self._known = coco_of(str(spec.annotations))
        self.names: Sequence[str] = tuple(sorted(self._known))
        if not self.names:
            raise RecipeError(f"source.annotations: {spec.annotations} lists no pictures")
        self._captions = captions_in(spec.captions) if spec.captions else {}

    def photograph(self, index: int) -> Photograph:
        name = self.names[index]
        known = self._known[name]
        caption = said(of_name(self._captions, name))
        return Photograph(name, self.picture(name), caption, notes=known.notes, licence=known.licence)

    def picture(self, name: str) -> bytes:
        return self.files.read(name)
