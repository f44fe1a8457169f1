"""Text on things: signs, covers, boxes, bottles, in openly licensed fonts that come from their own packages."""

from __future__ import annotations

import importlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from anyedit.world.colours import COLOURS

# Font name -> (package, name in it). Roboto and Source Serif are wide-spread; Fredoka is round, Amatic narrow.
_PACKAGES: dict[str, tuple[str, str]] = {
    "Roboto": ("font_roboto", "RobotoBold"),
    "Source Serif": ("font_source_serif_pro", "SourceSerifProBold"),
    "Fredoka": ("font_fredoka_one", "FredokaOne"),
    "Amatic": ("font_amatic_sc", "AmaticSCBold"),
}
FONTS: tuple[str, ...] = tuple(_PACKAGES)
WORDS: tuple[str, ...] = (
    "OPEN", "SALE", "COFFEE", "HOTEL", "MUSIC", "GARDEN", "BAKERY", "MARKET", "LEMON", "WINTER", "SUMMER", "OCEAN",
    "TRAVEL", "BOOKS", "FRESH", "HAPPY", "STORY", "ROBOT", "PLANET", "FOREST", "CINEMA", "PARK", "TAXI", "HONEY",
    "SUGAR", "FLOWER", "DREAM", "HOUSE", "RIVER", "CASTLE", "SCHOOL", "PIZZA", "PAPER", "SMILE", "LIGHT", "NORTH",
)  # fmt: skip


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    package, attribute = _PACKAGES[name]
    return ImageFont.truetype(getattr(importlib.import_module(package), attribute), size)


def label_picture(
    text: str,
    font: str | None,
    ink: str | tuple[float, float, float],
    paper: str | tuple[float, float, float],
    width: int,
    height: int,
) -> npt.NDArray[np.uint8]:
    """The text as large as it fits, in lines, uint8 sRGB (height, width, 3). Colours: names or sRGB in [0, 1]."""
    best: tuple[int, str] = (0, text)
    for lines in _breakings(text):
        size = _largest(lines, font or "Roboto", width * 0.84, height * 0.78)
        if size > best[0]:
            best = (size, lines)
    image = Image.new("RGB", (width, height), _bytes(paper))
    draw = ImageDraw.Draw(image)
    draw.multiline_text(
        (width / 2, height / 2), best[1], _bytes(ink), _font(font or "Roboto", max(best[0], 6)), "mm", align="center"
    )
    return np.asarray(image)


def _breakings(text: str) -> list[str]:
    words = text.split()
    return [text] + ["\n".join([" ".join(words[:k]), " ".join(words[k:])]) for k in range(1, len(words))]


def _largest(text: str, font: str, width: float, height: float) -> int:
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    x0, y0, x1, y1 = draw.multiline_textbbox((0, 0), text, _font(font, 100), align="center")
    return int(100 * min(width / max(x1 - x0, 1), height / max(y1 - y0, 1)))


def _bytes(colour: str | tuple[float, float, float]) -> tuple[int, int, int]:
    rgb = COLOURS[colour] if isinstance(colour, str) else colour
    return tuple(round(255 * channel) for channel in rgb)  # type: ignore[return-value]
