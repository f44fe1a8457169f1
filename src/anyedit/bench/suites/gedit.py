"""GEdit-Bench (Step1X-Edit, Liu et al. 2025): real users' requests in 11 tasks, English and Chinese; no targets.

Hub layout: Parquet with task_type, key, instruction, instruction_language, input_image, input_image_raw,
Intersection_exist. Folder layout (how its outputs and sources are exchanged): `fullset/<task>/<language>/
<key>_SRCIMG.png`, with the requests in `metadata.jsonl` of the same columns. Judged by a VLM (`gedit-2025`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anyedit.bench.items import BenchError, FilePicture, Item, Picture, Suite
from anyedit.bench.suites.tables import columns_of, rows, split_files
from anyedit.errors import StoreError

LICENCE = "Apache-2.0 (code); pictures: see the card of stepfun-ai/GEdit-Bench"
PICTURES = ("input_image", "input_image_raw")
LANGUAGES = ("en", "cn")


def recognises(folder: Path) -> bool:
    """The hub's columns, or the folder layout with its list."""
    return {"task_type", "key", "instruction_language"} <= columns_of(folder) or (
        (folder / "fullset").is_dir() and (folder / "metadata.jsonl").is_file()
    )


def load(folder: Path, language: str = "en") -> Suite:
    """The requests of one language ("en", "cn") or of "all"."""
    if language not in (*LANGUAGES, "all"):
        raise BenchError(f"GEdit-Bench has no language '{language}'; known: en, cn, all")
    told = _from_folder(folder) if (folder / "fullset").is_dir() else _from_hub(folder)
    items = [item for spoken, item in told if language in ("all", spoken)]
    return Suite(
        "gedit-bench",
        tuple(items),
        LICENCE,
        str(folder),
        split=language,
        warnings=("no targets: only judged metrics and comparison with the source are defined",),
    )


def _item(told: dict[str, Any], source: Picture) -> tuple[str, Item]:
    spoken = str(told["instruction_language"])
    subset = ("intersection",) if told.get("Intersection_exist") else ()
    item = Item(
        id=f"{told['task_type']}-{spoken}-{told['key']}",
        instruction=str(told["instruction"]),
        source=source,
        edit_type=str(told["task_type"]),
        session=str(told["key"]),
        subsets=subset,
    )
    return spoken, item


def _from_hub(folder: Path) -> Iterator[tuple[str, Item]]:
    files = [file for group in split_files(folder).values() for file in group]
    for row in rows(files, PICTURES):
        source = row.picture("input_image_raw") or row.picture("input_image")
        if source is None:
            raise StoreError(f"{row.file}: row {row.row} has no input picture")
        yield _item(row.values, source)


def _from_folder(folder: Path) -> Iterator[tuple[str, Item]]:
    for number, line in enumerate((folder / "metadata.jsonl").read_text(encoding="utf-8").splitlines()):
        try:
            told = json.loads(line)
            place = (
                folder
                / "fullset"
                / told["task_type"]
                / told["instruction_language"]
                / f"{told['key']}_SRCIMG.png"
            )
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"{folder / 'metadata.jsonl'}: line {number + 1} is no request ({error!r})"
            ) from error
        if not place.is_file():
            raise StoreError(f"{place} is named in {folder / 'metadata.jsonl'} but is not there")
        yield _item(told, FilePicture(place))
