"""What a photograph's source gives beyond picture, caption and objects; kept as JSON in `Source.extra`."""

from __future__ import annotations

import base64
from typing import Any

from pydantic import BaseModel, ConfigDict

from anyedit.records import Pixels, Source, pixels_of, png


class TextLine(BaseModel):
    """A line of text in the picture. quad: its corners in pixels, from top left clockwise."""

    model_config = ConfigDict(frozen=True)
    text: str
    quad: tuple[tuple[float, float], ...]


class SecondView(BaseModel):
    """The same scene photographed from elsewhere. angle: degrees by which that camera is further to the right."""

    model_config = ConfigDict(frozen=True)
    name: str
    angle: float
    picture: str  # base64 of a PNG of the source's size

    def pixels(self) -> Pixels:
        """uint8 (H, W, 3) RGB."""
        return pixels_of(base64.b64decode(self.picture))


class Given(BaseModel):
    """All of it; each part is there only where the source has it.

    full, zoom: the whole of which the source is a crop (outpaint). carried: safety and licence fields.
    """

    model_config = ConfigDict(frozen=True)
    full: str | None = None  # base64 of a PNG
    zoom: float | None = None
    lines: tuple[TextLine, ...] = ()
    second: SecondView | None = None
    subject: str = ""
    carried: dict[str, Any] = {}

    @classmethod
    def of(cls, source: Source) -> Given:
        """What is given with a source."""
        return cls.model_validate_json(source.extra)

    def json_text(self) -> str:
        """As `Source.extra` keeps it: "{}" for nothing."""
        return self.model_dump_json(exclude_defaults=True)


def packed(pixels: Pixels) -> str:
    """A picture as text: base64 of its PNG."""
    return base64.b64encode(png(pixels)).decode()
