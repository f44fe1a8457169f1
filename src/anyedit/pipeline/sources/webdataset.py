"""WebDataset tars: files of one key are one sample, e.g. `000123.jpg`, `000123.txt`, `000123.json`.

The tars' headers are read once; each picture is then one read of its own bytes. Nothing is unpacked to disk, so a
member's name can lead nowhere. Source of the format: the webdataset library's documentation.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from anyedit.errors import RecipeError, SourceError
from anyedit.pipeline.sources.captions import CAPTION_KEYS
from anyedit.pipeline.sources.catalogue import SUFFIXES, Photograph, carried_fields, licence_field, said
from anyedit.pipeline.sources.files import Files
from anyedit.recipe import PhotoSource


@dataclass
class Sample:
    """Where a sample's parts lie: suffix -> (offset, bytes) in the tar."""

    tar: str
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)


class WebDataset:
    """A folder of tars, one tar, or a numbered range as in `data/{000..099}.tar`."""

    def __init__(self, spec: PhotoSource) -> None:
        self.spec = spec
        self.files, tars = _tars(spec.path)
        self._samples: dict[str, Sample] = {}
        for tar in tars:
            self._index(tar)
        self.names: Sequence[str] = tuple(name for name in self._samples if self._picture_of(name))
        if not self.names:
            raise RecipeError(f"source.path: the tars of {spec.path} hold no pictures")

    def photograph(self, index: int) -> Photograph:
        name = self.names[index]
        said_in = self._json(name)
        columns = self.spec.columns
        key = columns.caption or next((key for key in CAPTION_KEYS if said_in.get(key)), None)
        caption = said_in.get(key) if key else None
        if not caption and "txt" in self._samples[name].parts:
            caption = self._part(name, "txt").decode(errors="replace")
        return Photograph(
            name,
            self.picture(name),
            said(caption),
            licence=licence_field(said_in, columns.licence),
            carried=carried_fields(said_in, columns.carry),
        )

    def picture(self, name: str) -> bytes:
        suffix = self._picture_of(name) if name in self._samples else None
        if suffix is None:
            raise SourceError(f"{name}: no picture of this name in {self.spec.path}")
        return self._part(name, suffix)

    def _part(self, name: str, suffix: str) -> bytes:
        sample = self._samples[name]
        start, size = sample.parts[suffix]
        return self.files.read(sample.tar, start, start + size) if size else b""

    def _json(self, name: str) -> dict[str, Any]:
        if "json" not in self._samples[name].parts:
            return {}
        try:
            data = json.loads(self._part(name, "json"))
        except ValueError as error:
            raise SourceError(f"{name}: its .json cannot be read ({error})") from None
        if not isinstance(data, dict):
            raise SourceError(f"{name}: its .json is no mapping of fields")
        return data

    def _picture_of(self, name: str) -> str | None:
        parts = self._samples[name].parts
        wanted = self.spec.columns.image
        if wanted:
            return wanted if wanted in parts else None
        return next((suffix for suffix in parts if f".{suffix}" in SUFFIXES), None)

    def _index(self, tar: str) -> None:
        try:
            with self.files.open(tar) as handle, tarfile.open(fileobj=handle, mode="r:") as members:
                for member in members:
                    if not member.isfile():
                        continue
                    folder, _, last = member.name.rpartition("/")
                    stem, _, suffix = last.partition(".")  # webdataset's rule: up to the first dot
                    key = f"{tar}/{folder}/{stem}" if folder else f"{tar}/{stem}"
                    sample = self._samples.setdefault(key, Sample(tar))
                    sample.parts[suffix.lower()] = (member.offset_data, member.size)
        except (tarfile.TarError, OSError, SourceError) as error:
            raise RecipeError(
                f"source.path: {tar} is not a plain tar ({error}); compressed tars cannot be read in part: unpack the "
                "compression first"
            ) from None


def _tars(path: str) -> tuple[Files, list[str]]:
    folder, _, last = path.rstrip("/").rpartition("/")
    if not last.endswith(".tar"):
        files = Files(path)
        found = [name for name in files.names() if name.endswith(".tar")]
        if not found:
            raise RecipeError(f"source.path: no .tar files in {path}")
        return files, found
    return Files(folder or "."), numbered(last)


def numbered(name: str) -> list[str]:
    """`a{000..002}.tar` -> a000.tar, a001.tar, a002.tar; a name without a range is itself."""
    met = re.search(r"\{(\d+)\.\.(\d+)\}", name)
    if not met:
        return [name]
    low, high = met.groups()
    return [
        f"{name[: met.start()]}{number:0{len(low)}d}{name[met.end() :]}"
        for number in range(int(low), int(high) + 1)
    ]
