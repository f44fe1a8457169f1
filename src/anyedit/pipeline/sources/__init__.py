"""Readers of photographs, one layout a file. `catalogue_of` makes the one that a recipe names."""

from __future__ import annotations

import importlib
from functools import lru_cache

from anyedit.pipeline.sources.catalogue import Catalogue, Line, OtherView, Photograph
from anyedit.pipeline.sources.files import Files
from anyedit.recipe import PhotoSource

__all__ = ["Catalogue", "Line", "OtherView", "Photograph", "catalogue_of"]

READERS = {
    "folder": "anyedit.pipeline.sources.folder:Folder",
    "coco": "anyedit.pipeline.sources.coco:Coco",
    "huggingface": "anyedit.pipeline.sources.huggingface:HuggingFace",
    "webdataset": "anyedit.pipeline.sources.webdataset:WebDataset",
    "llava": "anyedit.pipeline.sources.llava:Llava",
    "multiview": "anyedit.pipeline.sources.multiview:Multiview",
    "lettered": "anyedit.pipeline.sources.lettered:Lettered",
}


def catalogue_of(spec: PhotoSource) -> Catalogue:
    """The catalogue of a source, made once a process. Raises RecipeError for lists that are missing or malformed."""
    return _made(spec.model_dump_json(), Files(spec.path).changed())


@lru_cache(maxsize=8)
def _made(spec: str, changed: object) -> Catalogue:
    source = PhotoSource.model_validate_json(spec)
    module, name = READERS[source.layout].split(":")
    catalogue: Catalogue = getattr(importlib.import_module(module), name)(source)
    return catalogue
