"""Text on signs, book covers, boxes, mugs and posters: a label's picture, as large as fits and crisp."""

from __future__ import annotations

import itertools
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from anyedit.errors import AnyEditError, nearest
from anyedit.world.colours import COLOURS

Colour = str | tuple[float, float, float]

# All openly licensed (Apache-2.0 or OFL-1.1) and installed from PyPI: name -> package, file, leading.
_FILES = {
    "Roboto": ("font_roboto", "files/Roboto-Bold.ttf", 1.02),
    "Source Serif": ("font_source_serif_pro", "files/SourceSerifPro-Bold.ttf", 1.06),
    "Fredoka": ("font_fredoka_one", "files/FredokaOne-Regular.ttf", 1.04),
    "Amatic": ("font_amatic_sc", "files/AmaticSC-Bold.ttf", 0.96),
    "Manrope": ("font_manrope", "files/Manrope-ExtraBold.ttf", 1.04),
    "Caladea": ("font_caladea", "files/Caladea-Bold.ttf", 1.04),
    "Intuitive": ("font_intuitive", "files/Intuitive.ttf", 1.06),
}


def _path(package: str, file: str) -> Path | None:
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    found = [Path(folder) / file for folder in folders or () if (Path(folder) / file).is_file()]
    return found[0] if found else None


FONTS: dict[str, Path] = {
    name: path for name, (package, file, _) in _FILES.items() if (path := _path(package, file)) is not None
}
USUAL_FONT = "Roboto"

# Usual words by what carries them. Short, common and distinct, so that text that is read back can be told apart.
WORDS_ON: dict[str, tuple[str, ...]] = {
    "sign": (
        "OPEN", "CLOSED", "SALE", "EXIT", "WELCOME", "PARKING", "TICKETS", "COFFEE", "BAKERY", "FLOWERS",
        "LIBRARY", "MUSEUM", "BEACH", "STATION", "NO ENTRY", "WET PAINT", "FOR RENT", "BOOK SHOP", "FRESH FISH",
        "ICE CREAM",
    ),
    "book": (
        "THE SEA", "WINTER TALES", "GARDENS", "ATLAS", "POEMS", "THE LAST TRAIN", "MOUNTAINS", "COOKING",
        "NIGHT SKY", "RIVERS", "THE OLD HOUSE", "HISTORY", "BIRDS", "A LONG WALK", "ISLANDS", "PHYSICS",
    ),
    "poster": (
        "CONCERT TONIGHT", "DREAM BIG", "JAZZ NIGHT", "SUMMER FAIR", "VOTE", "CIRCUS", "STAY CURIOUS", "CINEMA",
        "OPEN AIR", "ART SHOW", "KEEP GOING", "FARMERS MARKET", "THINK", "MARATHON",
    ),
    "box": (
        "FRAGILE", "BOOKS", "KITCHEN", "TOYS", "APPLES", "TOOLS", "THIS SIDE UP", "TEA", "CEREAL", "GIFT",
        "ORANGES", "SHOES", "HANDLE WITH CARE", "CANDLES",
    ),
    "mug": ("HELLO", "COFFEE", "GOOD MORNING", "TEA TIME", "BOSS", "MOM", "DAD", "LOVE", "MONDAY", "HOME", "SMILE"),
}  # fmt: skip
WORDS: tuple[str, ...] = tuple(dict.fromkeys(word for words in WORDS_ON.values() for word in words))


def label_picture(
    text: str, font: str | None, ink: Colour, paper: Colour, width: int, height: int
) -> npt.NDArray[np.uint8]:
    """The text on its paper, uint8 (height, width, 3) sRGB, top row first; lines broken so that it stands largest.

    ink, paper: colour names or sRGB in [0, 1]. font: a name of `FONTS`; None: the usual one. Raises AnyEditError
    for an unknown font.
    """
    return _drawn(text, font or USUAL_FONT, _srgb(ink), _srgb(paper), width, height).copy()


@lru_cache(maxsize=128)
def _drawn(
    text: str, font: str, ink: tuple[int, ...], paper: tuple[int, ...], width: int, height: int
) -> npt.NDArray[np.uint8]:
    picture = Image.new("RGB", (width, height), paper)
    words = text.split()
    if not words:
        return np.asarray(picture)
    margin = 0.07 * min(width, height)
    room = (width - 2 * margin, height - 2 * margin)
    lines = max(_breaks(words), key=lambda lines: _size(lines, font, room))
    size = min(_size(lines, font, room), 0.8 * height)
    face = _face(font, max(6, int(size)))
    step = face.size * _FILES[font][2]
    draw = ImageDraw.Draw(picture)
    boxes = [draw.textbbox((0, step * k), line, font=face) for k, line in enumerate(lines)]
    top, bottom = min(b[1] for b in boxes), max(b[3] for b in boxes)
    for k, (line, box) in enumerate(zip(lines, boxes, strict=True)):
        x = (width - (box[2] - box[0])) / 2 - box[0]
        draw.text((x, (height - (bottom - top)) / 2 - top + step * k), line, fill=ink, font=face)
    return np.asarray(picture)


def _breaks(words: list[str]) -> list[tuple[str, ...]]:
    """Every way to break the words into lines; of long texts only the even ones."""
    if len(words) <= 7:
        cuts = [c for n in range(len(words)) for c in itertools.combinations(range(1, len(words)), n)]
    else:
        cuts = [
            tuple(round(len(words) * k / lines) for k in range(1, lines))
            for lines in range(1, len(words) + 1)
        ]
    return [
        tuple(" ".join(words[a:b]) for a, b in itertools.pairwise((0, *cut, len(words))))
        for cut in dict.fromkeys(cuts)
    ]


def _size(lines: tuple[str, ...], font: str, room: tuple[float, float]) -> float:
    """The font size in pixels at which the lines just fit the room."""
    trial = 100.0
    boxes = [_face(font, int(trial)).getbbox(line) for line in lines]
    wide = max(box[2] - box[0] for box in boxes)
    high = trial * _FILES[font][2] * (len(lines) - 1) + boxes[-1][3] - boxes[0][1]
    return float(trial * min(room[0] / wide, room[1] / high))


@lru_cache(maxsize=64)
def _face(font: str, size: int) -> ImageFont.FreeTypeFont:
    if font not in FONTS:
        if font in _FILES:
            package = _FILES[font][0].replace("_", "-")
            raise AnyEditError(f"the font '{font}' is not installed; run: pip install {package}")
        raise AnyEditError(f"no font is named '{font}'{nearest(font, FONTS)}")
    return ImageFont.truetype(str(FONTS[font]), size, layout_engine=ImageFont.Layout.BASIC)


def _srgb(colour: Colour) -> tuple[int, ...]:
    if isinstance(colour, str) and colour not in COLOURS:
        raise AnyEditError(f"no colour is named '{colour}'{nearest(colour, COLOURS)}")
    rgb = COLOURS[colour] if isinstance(colour, str) else colour
    return tuple(round(255 * channel) for channel in rgb)
