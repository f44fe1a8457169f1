"""Captions in a table: CSV or JSONL of file name and caption, or COCO captions JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from anyedit.errors import RecipeError
from anyedit.pipeline.sources.files import read_list

FILE_KEYS = ("file_name", "file", "filename", "image", "path", "name")
CAPTION_KEYS = ("caption", "text", "description", "prompt")


def captions_in(url: str) -> dict[str, str]:
    """File name -> caption; the first of several. Raises RecipeError for a table that cannot be read."""
    text = read_list(url, "source.captions").decode("utf-8-sig", errors="replace")
    suffix = url.rpartition(".")[2].lower()
    try:
        if suffix == "json":
            return _coco(json.loads(text))
        if suffix in ("jsonl", "ndjson"):
            rows: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise RecipeError(f"source.captions: cannot read {url}: {error!r}") from None
    if not rows:
        return {}
    file_key = next((key for key in FILE_KEYS if key in rows[0]), None)
    caption_key = next((key for key in CAPTION_KEYS if key in rows[0]), None)
    if file_key is None or caption_key is None:
        raise RecipeError(
            f"source.captions: {url} needs columns of file name ({', '.join(FILE_KEYS)}) "
            f"and caption ({', '.join(CAPTION_KEYS)}); it has {', '.join(map(str, rows[0]))}"
        )
    found: dict[str, str] = {}
    for row in rows:
        if row.get(file_key):
            found.setdefault(str(row[file_key]), str(row.get(caption_key) or ""))
    return found


def _coco(data: Any) -> dict[str, str]:
    names = {row["id"]: str(row["file_name"]) for row in data["images"]}
    found: dict[str, str] = {}
    for row in sorted(data["annotations"], key=lambda row: row["id"]):
        found.setdefault(names[row["image_id"]], str(row["caption"]))
    return found
