"""What a benchmark is made of: pictures that are read when asked for, items, and the suite that holds them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import pyarrow.parquet as pq
from PIL import Image

from anyedit.errors import AnyEditError, StoreError


class BenchError(AnyEditError):
    """A benchmark that cannot be run or scored as asked; the message says what to change."""


class Picture(Protocol):
    """A stored picture."""

    def data(self) -> bytes:
        """The encoded file. Raises StoreError when it cannot be read."""
        ...


@dataclass(frozen=True)
class FilePicture:
    """A picture in a file."""

    path: Path

    def data(self) -> bytes:
        """The file's bytes."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise StoreError(f"cannot read the picture {self.path}: {error.strerror or error}") from error


@dataclass(frozen=True)
class BytesPicture:
    """A picture in memory (encoded)."""

    content: bytes = field(repr=False)

    def data(self) -> bytes:
        """The bytes."""
        return self.content


@dataclass(frozen=True)
class CellPicture:
    """A picture in a Parquet file: suites of thousands of pictures are never in memory as a whole."""

    file: Path
    group: int  # row group
    row: int  # within the group
    column: str

    def data(self) -> bytes:
        """The cell's bytes."""
        cell = _column(str(self.file), self.group, self.column)[self.row].as_py()
        content = cell.get("bytes") if isinstance(cell, dict) else cell
        if not isinstance(content, bytes):
            raise StoreError(
                f"{self.file}: row {self.row} of group {self.group} has no bytes in '{self.column}'"
            )
        return content


@lru_cache(maxsize=4)
def _column(file: str, group: int, column: str) -> Any:
    with pq.ParquetFile(file) as parquet:
        return parquet.read_row_group(group, columns=[column]).column(0).combine_chunks()


def image_of(picture: Picture) -> Image.Image:
    """The decoded picture, RGB. Raises StoreError when it does not decode."""
    try:
        with Image.open(io.BytesIO(picture.data())) as opened:
            return opened.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise StoreError(f"{picture!r:.200} does not decode: {error}") from error


def digest_of(picture: Picture) -> str:
    """SHA-256 of the encoded bytes: what a picture is called in caches and results. One that is made of others may
    have a `digest` of its own, so that it need not be made."""
    own: str | None = getattr(picture, "digest", None)
    return own or hashlib.sha256(picture.data()).hexdigest()


def encoded(image: Image.Image) -> BytesPicture:
    """A PIL image as a PNG in memory."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return BytesPicture(buffer.getvalue())


@dataclass(frozen=True)
class Item:
    """One thing that an editor is asked.

    target: the edited picture that is right (None: the suite has none). rival: another editor's output that
    the suite carries (Emu Edit's own). mask: what was to change, 255 = edited. previous: the item whose *output*
    is this item's source (iterative multi-turn). scored: False for a turn that is made only to be continued. world: JSON of the exact scenes and parameters (World-Test).
    subsets: named subsets that the item belongs to, reported beside the whole.
    """

    id: str
    instruction: str
    source: Picture
    target: Picture | None = None
    source_caption: str = ""
    caption: str = ""  # of the edited picture as a whole
    local_caption: str = ""  # of what was edited (MagicBrush); "" where a suite has only one
    mask: Picture | None = None
    visual_prompt: Picture | None = None
    rival: Picture | None = None
    edit_type: str = ""
    group: str = ""
    session: str = ""  # items of one session share a source or continue one another
    turn: int = 1
    final: bool = True  # the last turn of its session
    previous: str | None = None
    scored: bool = True
    subsets: tuple[str, ...] = ()
    world: str | None = None


PICTURES = ("source", "target", "mask", "visual_prompt", "rival")


def _digest_of(picture: Picture | None, digest: Callable[[Picture], str]) -> str:
    if picture is None:
        return "none"
    try:
        return digest(picture)
    except StoreError:
        return "unreadable"


@dataclass(frozen=True)
class Fault:
    """A known fault of an item, found by rule, and what is done about it."""

    item: str
    rule: str
    action: str


@dataclass(frozen=True)
class Suite:
    """Items with the facts that every result has to carry.

    setting: how turns are asked ("single-turn", "multi-turn-iterative" ...). licence: of the suite's data.
    warnings: what a reader of the numbers must know.
    """

    name: str
    items: tuple[Item, ...]
    licence: str
    where: str
    setting: str = "single-turn"
    split: str = ""
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Items by id."""
        return {item.id: item for item in self.items}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over what is asked in words: ids, instructions, captions, turns (pictures: `pictures`)."""
        told = [
            [i.id, i.instruction, i.source_caption, i.caption, i.local_caption, i.edit_type, i.previous]
            for i in self.items
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def pictures(self, digest: Callable[[Picture], str] = digest_of) -> str:
        """SHA-256 over ids and the digests of all that items show: source, target, mask, visual prompt, rival.

        digest: of one picture. One that cannot be read has none; it fails where it is used.
        """
        told = hashlib.sha256()
        for name in PICTURES:  # one column of a Parquet file after the other
            for item in self.items:
                told.update(f"{item.id} {name} {_digest_of(getattr(item, name), digest)}\n".encode())
        return told.hexdigest()

    def limited(self, limit: int | None) -> Suite:
        """The first `limit` items that are scored, with the earlier turns that they continue."""
        scored = [index for index, item in enumerate(self.items) if item.scored]
        if limit is None or limit >= len(scored):
            return self
        return replace(self, items=self.items[: scored[limit - 1] + 1])
