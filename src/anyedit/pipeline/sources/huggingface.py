"""A Hugging Face dataset, row by row: Parquet on the Hub, in an object store or in a folder, or a saved dataset.

Only the lists of files and their footers are read at first; a picture costs one read of its row group. Read with
pyarrow and fsspec rather than `datasets`: that gives random access to a remote dataset, which a stream does not, so
that any worker can fetch any row. A dataset with no Parquet of its own is read from the Hub's conversion (`~parquet`).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from anyedit.errors import RecipeError, SourceError
from anyedit.pipeline.sources.annotations import Annotation
from anyedit.pipeline.sources.catalogue import Photograph, carried_fields, licence_field, said
from anyedit.pipeline.sources.files import Files
from anyedit.recipe import PhotoSource

IMAGES = ("image", "img", "picture", "photo", "jpg", "png", "webp", "source", "input_image", "pixel_values")
CAPTIONS = (
    "caption",
    "captions",
    "text",
    "txt",
    "description",
    "prompt",
    "sentence",
    "sentences",
    "source_caption",
)
SPLITS = ("train", "validation", "valid", "val", "dev", "test")


class HuggingFace:
    """One split of a dataset. Names are `file#row`."""

    def __init__(self, spec: PhotoSource) -> None:
        self.spec = spec
        self.files, found = _files(spec)
        self._parts = [(name, *self._groups(name)) for name in found]
        self._starts: list[int] = []
        names: list[str] = []
        for name, groups, _ in self._parts:
            self._starts.append(len(names))
            names += [f"{name}#{row}" for row in range(sum(groups))]
        self.names: Sequence[str] = tuple(names)
        if not names:
            raise RecipeError(f"source.path: {spec.path} has no rows in its split '{spec.split}'")
        schema = self._parts[0][2]
        self._image = _column(schema, spec.columns.image, IMAGES, "image")
        self._caption = _column(schema, spec.columns.caption, CAPTIONS, "caption", needed=False)
        self._objects = _column(schema, spec.columns.objects, ("objects",), "objects", needed=False)
        self._classes = _classes(schema, self._objects)
        self._group = lru_cache(maxsize=2)(self._read_group)

    def photograph(self, index: int) -> Photograph:
        row = self._row(index)
        name = self.names[index]
        caption = row.get(self._caption) if self._caption else ""
        if isinstance(caption, list):
            caption = next(iter(caption), "")
        if isinstance(caption, dict):
            caption = next((v for key in CAPTIONS for v in [caption.get(key)] if v), "")
        columns = self.spec.columns
        return Photograph(
            name,
            _bytes(row.get(str(self._image)), name, self.files),
            said(caption),
            notes=self._notes(row, index),
            licence=licence_field(row, columns.licence),
            carried=carried_fields(row, columns.carry),
        )

    def picture(self, name: str) -> bytes:
        return self.photograph(self.names.index(name)).data

    def _row(self, index: int) -> dict[str, Any]:
        part = bisect_right(self._starts, index) - 1
        name, groups, _ = self._parts[part]
        at = index - self._starts[part]
        for number, rows in enumerate(groups):
            if at < rows:
                try:
                    found: dict[str, Any] = self._group(name, number).slice(at, 1).to_pylist()[0]
                except (OSError, pa.ArrowException) as error:
                    raise SourceError(f"{self.names[index]}: cannot be read ({error})") from None
                return found
            at -= rows
        raise SourceError(f"{self.names[index]}: the file has fewer rows than it said")

    def _groups(self, name: str) -> tuple[list[int], pa.Schema]:
        try:
            if name.endswith(".arrow"):
                table = _arrow(self.files, name)
                return [table.num_rows], table.schema
            with self.files.open(name) as handle:
                parquet = pq.ParquetFile(handle)
                rows = [parquet.metadata.row_group(k).num_rows for k in range(parquet.num_row_groups)]
                return rows, parquet.schema_arrow
        except (OSError, pa.ArrowException, SourceError) as error:
            raise RecipeError(f"source.path: {name} in {self.files.url} cannot be read ({error})") from None

    def _read_group(self, name: str, number: int) -> pa.Table:
        if name.endswith(".arrow"):
            return _arrow(self.files, name)
        with self.files.open(name) as handle:
            return pq.ParquetFile(handle).read_row_group(number)

    def _notes(self, row: Mapping[str, Any], index: int) -> tuple[Annotation, ...]:
        things = row.get(self._objects) if self._objects else None
        if not things:
            return ()
        rows = (
            [dict(zip(things, values, strict=True)) for values in zip(*things.values(), strict=True)]
            if isinstance(things, dict)
            else list(things)
        )
        shape = (int(row.get("height") or 0), int(row.get("width") or 0))
        notes = []
        for number, thing in enumerate(rows):
            kind = thing.get("category", thing.get("label", thing.get("name")))
            box = thing.get("bbox")
            if kind is None or box is None or len(box) != 4:
                raise SourceError(
                    f"{self.names[index]}: its objects have no category or no bbox of four numbers"
                )
            label = self._classes[kind] if isinstance(kind, int) and kind < len(self._classes) else str(kind)
            x, y, w, h = (float(value) for value in box)
            notes.append(Annotation(f"a{number}", label, (x, y, w, h), None, shape))
        return tuple(notes)


def _files(spec: PhotoSource) -> tuple[Files, list[str]]:
    if "://" in spec.path or Path(spec.path).exists():
        places = [spec.path]
    elif re.fullmatch(r"[\w.-]+/[\w.-]+", spec.path):
        places = [f"hf://datasets/{spec.path}", f"hf://datasets/{spec.path}@~parquet"]
    else:
        raise RecipeError(
            f"source.path: no folder at {spec.path}, and no name on the Hub ('owner/name') either"
        )
    known: list[str] = []
    for place in places:
        files = Files(place)
        known = [name for name in files.names() if name.endswith((".parquet", ".arrow"))]
        if spec.subset:
            known = [name for name in known if spec.subset in name.split("/")]
        parts = {name: set(re.split(r"[/_.-]", name)) for name in known}
        found = [name for name in known if spec.split in parts[name]]
        if not found and not any(parts[name] & set(SPLITS) for name in known):
            found = known  # files that name no split: the whole is the split
        if found:
            return files, found
    subset = f" and subset '{spec.subset}'" if spec.subset else ""
    there = f"; there are {', '.join(known[:8])}" if known else ""
    raise RecipeError(
        f"source.path: {spec.path} holds no Parquet or Arrow files of split '{spec.split}'{subset}{there}"
    )


def _column(
    schema: pa.Schema, chosen: str | None, usual: Sequence[str], what: str, needed: bool = True
) -> str | None:
    if chosen is not None and chosen not in schema.names:
        raise RecipeError(f"source.columns.{what}: no column '{chosen}'; there are {', '.join(schema.names)}")
    found = chosen or next((name for name in usual if name in schema.names), None)
    if found is None and needed:
        raise RecipeError(
            f"source.columns.{what}: none of {', '.join(usual)}; there are {', '.join(schema.names)}: name one"
        )
    return found


def _classes(schema: pa.Schema, objects: str | None) -> list[str]:
    """The names of the objects' categories, from the metadata that `datasets` writes."""
    try:
        info = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"][objects]
    except (KeyError, ValueError, TypeError):
        return []
    waiting = [info]
    while waiting:
        at = waiting.pop()
        if isinstance(at, dict):
            if at.get("_type") == "ClassLabel":
                return [str(name) for name in at.get("names", ())]
            waiting += list(at.values())
        elif isinstance(at, list):
            waiting += at
    return []


def _bytes(cell: Any, name: str, files: Files) -> bytes:
    if isinstance(cell, bytes):
        return cell
    if isinstance(cell, dict) and cell.get("bytes"):
        return bytes(cell["bytes"])
    if isinstance(cell, dict) and cell.get("path"):
        return files.read(str(cell["path"]))
    raise SourceError(f"{name}: the row holds no picture")


def _arrow(files: Files, name: str) -> pa.Table:
    """A file of `Dataset.save_to_disk`: Arrow's stream format, mapped into memory where it lies on this machine."""
    if "://" in files.url:
        return pa.ipc.open_stream(files.open(name)).read_all()
    return pa.ipc.open_stream(pa.memory_map(str(Path(files.root) / name))).read_all()
