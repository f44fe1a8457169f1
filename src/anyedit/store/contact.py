"""A contact sheet: one picture with a few pairs of each type side by side, for READMEs and a quick look."""

from __future__ import annotations

import io
import textwrap
from collections import Counter
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from anyedit.errors import StoreError
from anyedit.store.dataset import dataset_files, iter_rows
from anyedit.store.gallery import Row, chosen_pairs
from anyedit.types import EDIT_TYPES

PAPER, INK, SOFT = (255, 255, 255), (27, 31, 39), (98, 107, 122)
GAP, FOOT = 16, 60


def contact_sheet(dir: Path, out: Path, per_type: int = 1, size: int = 192, across: int = 4) -> Path:
    """Write pairs of a build's dataset, `per_type` of each type, as a picture at `out` (.png, .jpg); its path.

    Each pair is `size` pixels high: source, edited, and the visual prompt in the corner of the source where there
    is one. Raises StoreError for a missing dataset and a suffix that is no picture's.
    """
    counts = Counter(row["edit_type"] for row in iter_rows(dir, ["edit_type"]))
    chosen = chosen_pairs(dataset_files(dir), counts, per_type, lambda row: _small(row, size))
    order = [*EDIT_TYPES, *sorted(set(counts) - set(EDIT_TYPES))]
    rows = [row for name in order for row in chosen.get(name, [])]
    width, height = 2 * size + 4, size + FOOT
    lines = -(-len(rows) // across)
    sheet = Image.new("RGB", (across * (width + GAP) + GAP, max(1, lines) * (height + GAP) + GAP), PAPER)
    draw = ImageDraw.Draw(sheet)
    bold, plain = ImageFont.load_default(13), ImageFont.load_default(12)
    for number, row in enumerate(rows):
        x, y = GAP + number % across * (width + GAP), GAP + number // across * (height + GAP)
        for place, name in ((x, "source"), (x + size + 4, "edited")):
            _paste(sheet, row[name], place, y, size)
        if row["visual_prompt"] is not None:
            corner = size // 3
            draw.rectangle((x + 3, y + size - corner - 5, x + corner + 4, y + size - 4), fill=PAPER)
            _paste(sheet, row["visual_prompt"], x + 4, y + size - corner - 4, corner)
        draw.text((x, y + size + 5), row["edit_type"], INK, bold)
        told = textwrap.wrap(row["instruction"], width // 6, max_lines=2, placeholder=" ...")
        draw.multiline_text((x, y + size + 23), "\n".join(told), SOFT, plain)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        sheet.save(out, quality=88, optimize=True)
    except ValueError as error:
        raise StoreError(f"cannot write {out}: its name has to end in .png or .jpg") from error
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror or error}; choose another place") from error
    return out


def _small(row: Row, size: int) -> Row:
    kept: Row = {"edit_type": row["edit_type"], "instruction": row["instruction"]}
    for name in ("source", "edited", "visual_prompt"):
        kept[name] = None
        if row[name] is not None:
            with Image.open(io.BytesIO(row[name]["bytes"])) as opened:
                kept[name] = opened.convert("RGB")
            kept[name].thumbnail((size, size), Image.Resampling.LANCZOS)
    return kept


def _paste(sheet: Image.Image, picture: Image.Image, x: int, y: int, size: int) -> None:
    picture.thumbnail((size, size), Image.Resampling.LANCZOS)
    sheet.paste(picture, (x + (size - picture.width) // 2, y + (size - picture.height) // 2))
