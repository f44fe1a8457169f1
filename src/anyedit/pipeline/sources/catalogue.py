"""What every reader of photographs gives: the names of what there is, and one photograph at a time.

A catalogue is made anew in each process from the recipe alone. Making it reads lists (captions, annotations,
footers), never pictures; a picture's bytes are fetched when its turn comes, from this machine or from an object store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from anyedit.pipeline.sources.annotations import Annotation

SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".ppm", ".pgm")
    + (
        ".jp2",
        ".avif",
        ".heic",
        ".heif",
    )  # what Pillow has no reader for is put aside by name, not passed over
)
# Fields that speak of safety or quality; they go with the picture into the dataset.
SAFETY = (
    *("nsfw", "punsafe", "unsafe", "safety", "is_nsfw", "nsfw_score", "NSFW", "pwatermark", "watermark"),
    *("faces", "has_face", "toxicity", "aesthetic", "aesthetic_score"),
)
LICENCE = ("licence", "license", "rights", "LICENSE", "usage_terms")


@dataclass(frozen=True)
class Line:
    """A line of text in a picture. quad: its corners in the upright picture's pixels, from top left clockwise."""

    text: str
    quad: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class OtherView:
    """The same scene from elsewhere. angle: degrees by which its camera is further to the right; see multiview.py."""

    name: str
    angle: float


@dataclass(frozen=True)
class Photograph:
    """One picture with what its source says of it. data: the file's bytes, not yet looked at.

    licence: "" where the source tells none. carried: safety fields and alike, JSON values.
    """

    name: str
    data: bytes
    caption: str = ""
    notes: tuple[Annotation, ...] = ()
    licence: str = ""
    carried: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    subject: str = ""  # the noun of what is shown, where the source tells it
    others: tuple[OtherView, ...] = ()


class Catalogue(Protocol):
    """The photographs of a source, in an order that depends on nothing but the source."""

    @property
    def names(self) -> Sequence[str]:
        """A unique name for each photograph."""
        ...

    def photograph(self, index: int) -> Photograph:
        """The photograph of this place in `names`. Raises SourceError for one that cannot be had."""
        ...

    def picture(self, name: str) -> bytes:
        """The bytes of a picture by name, also of another view. Raises SourceError."""
        ...


def said(text: object) -> str:
    """A caption in one line."""
    return " ".join(str(text or "").split())


def carried_fields(row: Mapping[str, Any], chosen: Sequence[str] | None) -> dict[str, Any]:
    """The fields that go with the picture: the chosen ones, or those that speak of safety."""
    return {key: row[key] for key in (SAFETY if chosen is None else chosen) if row.get(key) is not None}


def licence_field(row: Mapping[str, Any], chosen: str | None) -> str:
    """What a row says of its licence, "" for nothing."""
    return next((str(row[key]) for key in ((chosen,) if chosen else LICENCE) if row.get(key)), "")
