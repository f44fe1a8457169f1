"""A contact sheet: one picture with a few pairs of each type side by side, for READMEs and a quick look."""

from __future__ import annotations

import io
import textwrap
from collections import Counter
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from anyedit.errors import SourceError, StoreError
from anyedit.store.dataset import dataset_files, iter_rows
from anyedit.store.gallery import Row, chosen_pairs
from anyedit.types import EDIT_TYPES

PAPER, INK, SOFT = (255, 255, 255), (27, 31, 39), (98, 107, 122)
GAP, FOOT = 16, 60


def contact_sheet(dir: Path, out: Path, per_type: int = 1, size: int = 192, across: int = 4) -> Path:
    """Write pairs of a build's dataset, `per_type` of each type, as a picture at `out` (.png, .jpg); its path.

    Pictures have at most `size` pixels a side: source, edited, and the visual prompt in the corner of the source
    where there is one. Columns are as wide as the widest picture, a line as high as its tallest. Raises StoreError
    for a missing dataset, SourceError for a suffix that is no picture's.
    """
    counts = Counter(row["edit_type"] for row in iter_rows(dir, ["edit_type"]))
    chosen = chosen_pairs(dataset_files(dir), counts, per_type, lambda row: _small(row, size))
    order = [*EDIT_TYPES, *sorted(set(counts) - set(EDIT_TYPES))]
    rows = [row for name in order for row in chosen.get(name, [])]
    lines = [rows[start : start + across] for start in range(0, len(rows), across)]
    heights = [max(row[name].height for row in line for name in ("source", "edited")) for line in lines]
    widest = max((row[name].width for row in rows for name in ("source", "edited")), default=size)
    width, tall = 2 * widest + 4, sum(height + FOOT + GAP for height in heights) + GAP
    sheet = Image.new("RGB", (across * (width + GAP) + GAP, tall), PAPER)
    y = GAP
    for line, height in zip(lines, heights, strict=True):
        for number, row in enumerate(line):
            _draw(sheet, row, GAP + number * (width + GAP), y, (widest, height))
        y += height + FOOT + GAP
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        sheet.save(out, quality=88, optimize=True)
    except ValueError as error:
        raise SourceError(f"cannot write {out}: its name has to end in .png or .jpg") from error
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror or error}; choose another place") from error
    return out


def _draw(sheet: Image.Image, row: Row, x: int, y: int, box: tuple[int, int]) -> None:
    """One pair, its left upper corner at (x, y): pictures in the middle of boxes (width, height) px, words below."""
    draw = ImageDraw.Draw(sheet)
    width, height = box
    for left, name in ((x, "source"), (x + width + 4, "edited")):
        picture = row[name]
        sheet.paste(picture, (left + (width - picture.width) // 2, y + (height - picture.height) // 2))
    prompt = row["visual_prompt"]
    if prompt is not None:
        prompt.thumbnail((width // 3, height // 3), Image.Resampling.LANCZOS)
        top = y + height - prompt.height - 4
        draw.rectangle((x + 3, top - 1, x + prompt.width + 4, top + prompt.height), fill=PAPER)
        sheet.paste(prompt, (x + 4, top))
    draw.text((x, y + height + 5), row["edit_type"], INK, ImageFont.load_default(13))
    told = textwrap.wrap(row["instruction"], (2 * width + 4) // 6, max_lines=2, placeholder=" ...")
    draw.multiline_text((x, y + height + 23), "\n".join(told), SOFT, ImageFont.load_default(12))


def _small(row: Row, size: int) -> Row:
    kept: Row = {"edit_type": row["edit_type"], "instruction": row["instruction"]}
    for name in ("source", "edited", "visual_prompt"):
        kept[name] = None
        if row[name] is not None:
            with Image.open(io.BytesIO(row[name]["bytes"])) as opened:
                kept[name] = opened.convert("RGB")
            kept[name].thumbnail((size, size), Image.Resampling.LANCZOS)
    return kept
