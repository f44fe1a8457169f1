"""A picture of unselected results: for each type its first held-out pairs, as source, prompt, edit, target."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from anyedit.training.heldout import HeldOutPair

Pixels = npt.NDArray[np.uint8]
CELL, GAP, WORDS = 96, 4, 26


def results_grid(pairs: Sequence[HeldOutPair], edits: Sequence[Pixels], per_row: int = 3) -> Image.Image:
    """One row per type: `per_row` times (source, visual prompt if any, edit, target) over the instruction."""
    types = list(dict.fromkeys(pair.edit_type for pair in pairs))
    own = {name: [n for n, pair in enumerate(pairs) if pair.edit_type == name][:per_row] for name in types}
    width = 110 + per_row * (4 * (CELL + 2) + 10)
    row_height = CELL + WORDS + GAP
    sheet = Image.new("RGB", (width, 18 + row_height * len(types)), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(11)
    for column in range(per_row):
        for place, title in enumerate(("source", "prompt", "edit", "target")):
            draw.text((110 + column * (4 * (CELL + 2) + 10) + place * (CELL + 2), 2), title, "black", font)
    for row, name in enumerate(types):
        y = 18 + row * row_height
        draw.text((2, y + 4), "\n".join(name.split("_")), "black", font)
        for column, number in enumerate(own[name]):
            x = 110 + column * (4 * (CELL + 2) + 10)
            pair = pairs[number]
            for place, picture in enumerate((pair.source, pair.prompt, edits[number], pair.target)):
                if picture is not None:
                    shown = Image.fromarray(picture).resize((CELL, CELL), Image.Resampling.BICUBIC)
                    sheet.paste(shown, (x + place * (CELL + 2), y))
            lines = textwrap.wrap(pair.instruction, 66)[:2]
            draw.text((x, y + CELL), "\n".join(lines), "black", font, spacing=0)
    return sheet
