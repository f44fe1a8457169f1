"""A folder of pictures, with captions in a table or beside them, and COCO instances where there are any."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from anyedit.errors import RecipeError
from anyedit.pipeline.sources.annotations import coco_of, of_name
from anyedit.pipeline.sources.captions import captions_in
from anyedit.pipeline.sources.catalogue import SUFFIXES, Photograph, said
from anyedit.pipeline.sources.files import Files
from anyedit.recipe import PhotoSource

OTHER_SUFFIXES = frozenset(
    (".txt", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".md", ".rst", ".html", ".xml")
    + (".py", ".sh", ".log", ".npz", ".npy", ".pkl", ".tar", ".gz", ".zip", ".parquet", ".arrow", ".pdf")
    + (".mp4", ".mov", ".avi", ".mp3", ".wav", ".lock", ".partial", ".db", ".ini")
)
MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*", b"BM")


class Folder:
    """Pictures by their place in the folder, those in folders inside it too."""

    def __init__(self, spec: PhotoSource) -> None:
        self.files = Files(spec.path)
        every = self.files.names()
        self.names: Sequence[str] = tuple(name for name in every if self._is_picture(name))
        if not self.names:
            raise RecipeError(
                f"source.path: no pictures in {spec.path}; looked for {', '.join(sorted(SUFFIXES))}"
            )
        self._beside = frozenset(name for name in every if name.endswith(".txt"))
        self._captions = captions_in(spec.captions) if spec.captions else {}
        self._coco = coco_of(spec.annotations) if spec.annotations else {}

    def photograph(self, index: int) -> Photograph:
        name = self.names[index]
        caption = of_name(self._captions, name) or ""
        beside = posixpath.splitext(name)[0] + ".txt"
        if not caption and beside in self._beside:
            caption = self.files.read(beside).decode(errors="replace")
        known = of_name(self._coco, name)
        return Photograph(
            name,
            self.picture(name),
            said(caption),
            notes=known.notes if known else (),
            licence=known.licence if known else "",
        )

    def picture(self, name: str) -> bytes:
        return self.files.read(name)

    def _is_picture(self, name: str) -> bool:
        suffix = posixpath.splitext(name)[1].lower()
        if suffix in SUFFIXES:
            return True
        # A picture under another suffix, or none: known by its first bytes.
        return suffix not in OTHER_SUFFIXES and self.files.read(name, 0, 8).startswith(MAGIC)
