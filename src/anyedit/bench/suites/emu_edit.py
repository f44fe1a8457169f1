"""Emu Edit test set (Sheynin et al. 2023): hub sets of Meta, with or without Emu Edit's own outputs; no targets.

Columns: instruction, image, task, split, idx, hash, input_caption, output_caption, and in the "generations" set
edited_image. 3,589 test and 2,022 validation items; in the generations set the two split names are swapped, and
published figures (AnyEdit, UltraEdit) are on what it calls `validation`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from anyedit.bench.items import BenchError, Fault, Item, Suite
from anyedit.bench.suites.captions import caption_faults
from anyedit.bench.suites.tables import columns_of, rows, split_files
from anyedit.errors import StoreError, nearest

LICENCE = "CC-BY-NC-4.0"
SWAPPED = "swapped-split-names"
PICTURES = ("image", "edited_image")


def recognises(folder: Path) -> bool:
    """The hub's columns."""
    return {"instruction", "image", "input_caption", "output_caption"} <= columns_of(folder)


def load(folder: Path, split: str = "") -> Suite:
    """One split, under the name that the files give it; default: `validation`, as published figures have it
    (of the set without generations: `test`)."""
    files = split_files(folder)
    generations = "edited_image" in columns_of(folder)
    split = split or ("validation" if generations and "validation" in files else "test")
    if split not in files:
        raise BenchError(f"{folder} has no split '{split}'{nearest(split, files)}")
    items: list[Item] = []
    pictures: dict[str, str] = {}
    for number, row in enumerate(rows(files[split], PICTURES)):
        source = row.picture("image")
        if source is None:
            raise StoreError(f"{row.file}: row {row.row} has no image")
        told = row.values
        index = told.get("idx")
        item = Item(
            id=f"{split}-{number:05d}" if index is None else f"{split}-{int(index):05d}",
            instruction=str(told["instruction"]),
            source=source,
            source_caption=str(told.get("input_caption") or ""),
            caption=str(told.get("output_caption") or ""),
            rival=row.picture("edited_image"),
            edit_type=str(told.get("task") or ""),
            session=str(told.get("hash") or number),
        )
        pictures[item.id] = str(told.get("hash") or number)
        items.append(item)
    if len({item.id for item in items}) != len(items):  # idx counts within a task in some copies
        renamed = [replace(item, id=f"{split}-{number:05d}") for number, item in enumerate(items)]
        pictures = {new.id: pictures[old.id] for new, old in zip(renamed, items, strict=True)}
        items = renamed
    faults = caption_faults(items, pictures)
    broken = {fault.item for fault in faults}
    items = [
        replace(item, subsets=("caption-fault",) if item.id in broken else ("caption-sound",))
        for item in items
    ]
    warnings = [
        "Emu Edit has no target pictures: say what an output is compared with (source, or Emu Edit's output)"
    ]
    swapped = generations and _swapped(files, split, len(items))
    if swapped:
        true = "test" if split == "validation" else "validation"
        warnings.append(
            f"the split names of the generations set are swapped: '{split}' holds the {true} items; it is kept under "
            "the name that the files give it"
        )
        faults.append(Fault("*", SWAPPED, warnings[-1]))
    return Suite(
        "emu-edit-test",
        tuple(items),
        LICENCE,
        str(folder),
        "single-turn",
        split,
        tuple(faults),
        tuple(warnings),
    )


def _swapped(files: dict[str, list[Path]], split: str, count: int) -> bool:
    """By size: test is the larger one (3,589 against 2,022)."""
    import pyarrow.parquet as pq

    if {"test", "validation"} <= set(files):
        size = {
            name: sum(pq.read_metadata(file).num_rows for file in files[name])
            for name in ("test", "validation")
        }
        return size["validation"] > size["test"]
    return (split, count) in (("validation", 3589), ("test", 2022))
