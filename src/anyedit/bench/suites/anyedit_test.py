"""AnyEdit-Test (Yu et al. 2024): 25 types x 50, human-checked, with targets.

Zip layout: a folder per type with `edit_result.json` beside or above the pictures. Hub layout: Parquet with
image_file, edited_file, edit_instruction, edit_type, input, output, visual_input.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from anyedit.bench.items import BytesPicture, CellPicture, FilePicture, Item, Picture, Suite
from anyedit.bench.suites.tables import columns_of, rows, split_files
from anyedit.errors import StoreError
from anyedit.types import GROUP_OF, canonical_type

LICENCE = "CC-BY-4.0"
LIST = "edit_result.json"
SOURCE = ("image_file", "input_image", "source")
EDITED = ("edited_file", "edited_image", "edited")
VISUAL = ("visual_input", "visual_prompt")
PICTURES = (*SOURCE, *EDITED, *VISUAL)
NOTHING = ("", "none", "null", "nan")


def recognises(folder: Path) -> bool:
    """Lists named edit_result.json (in a folder or zip), or the hub's columns."""
    if folder.is_file():
        return zipfile.is_zipfile(folder) and any(
            Path(n).name == LIST for n in zipfile.ZipFile(folder).namelist()
        )
    return any(folder.rglob(LIST)) or {"image_file", "edited_file", "edit_type"} <= columns_of(folder)


def load(folder: Path) -> Suite:
    """The suite from its zip, the unpacked folder, or the hub set."""
    if folder.is_file():
        items = list(_from_zip(folder))
    elif any(folder.rglob(LIST)):
        items = list(_from_folder(folder))
    else:
        items = list(_from_hub(folder))
    return Suite("anyedit-test", tuple(items), LICENCE, str(folder), split="test")


def _item(
    told: Mapping[str, Any], name: str, number: int, source: Picture, target: Picture, visual: Picture | None
) -> Item:
    edit_type = canonical_type(str(told.get("edit_type") or name)) or canonical_type(name)
    if edit_type is None:
        raise StoreError(
            f"AnyEdit-Test: record {number} of {name} has the unknown type '{told.get('edit_type')}'"
        )
    return Item(
        id=f"{edit_type}-{number:04d}",
        instruction=str(_first(told, ("edit", "edit_instruction", "instruction")) or ""),
        source=source,
        target=target,
        source_caption=str(_first(told, ("input",)) or ""),
        caption=str(_first(told, ("output",)) or ""),
        visual_prompt=visual,
        edit_type=edit_type,
        group=GROUP_OF[edit_type],
    )


def _first(told: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    for name in names:
        value = told.get(name)
        if value is not None and not (isinstance(value, str) and value.strip().lower() in NOTHING):
            return value
    return None


def _records(text: str, where: str) -> list[Mapping[str, Any]]:
    try:
        told = json.loads(text)
    except ValueError as error:
        raise StoreError(f"{where} is not JSON ({error})") from error
    return list(told.values()) if isinstance(told, dict) else list(told)


def _from_folder(folder: Path) -> Iterator[Item]:
    for lists in sorted(folder.rglob(LIST)):
        for number, told in enumerate(_records(lists.read_text(encoding="utf-8"), str(lists))):
            found = [_file(lists.parent, folder, _first(told, names)) for names in (SOURCE, EDITED, VISUAL)]
            if found[0] is None or found[1] is None:
                raise StoreError(f"{lists}: record {number} names no source or no target picture")
            yield _item(told, lists.parent.name, number, found[0], found[1], found[2])


def _file(near: Path, top: Path, told: Any) -> FilePicture | None:
    """A picture by the longest tail of its published path that exists beside the list or above it."""
    if told is None:
        return None
    parts = [part for part in Path(str(told)).parts if part not in ("/", ".", "..")]
    for base in dict.fromkeys((near, *near.parents[: len(near.relative_to(top).parts)], top)):
        for start in range(len(parts)):
            place = base.joinpath(*parts[start:])
            if place.is_file():
                return FilePicture(place)
    raise StoreError(f"{near / LIST}: the picture '{told}' is not in {top}")


def _from_zip(path: Path) -> Iterator[Item]:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        for lists in sorted(name for name in names if Path(name).name == LIST):
            parent = Path(lists).parent
            text = archive.read(lists).decode("utf-8")
            for number, told in enumerate(_records(text, f"{path}:{lists}")):
                found = [
                    _member(archive, names, parent, _first(told, keys)) for keys in (SOURCE, EDITED, VISUAL)
                ]
                if found[0] is None or found[1] is None:
                    raise StoreError(f"{path}:{lists}: record {number} names no source or no target picture")
                yield _item(told, parent.name, number, found[0], found[1], found[2])


def _member(archive: zipfile.ZipFile, names: set[str], near: Path, told: Any) -> BytesPicture | None:
    if told is None:
        return None
    parts = [part for part in Path(str(told)).parts if part not in ("/", ".", "..")]
    for base in (near, *near.parents):
        for start in range(len(parts)):
            name = base.joinpath(*parts[start:]).as_posix()
            if name in names:
                return BytesPicture(io.BytesIO(archive.read(name)).getvalue())
    raise StoreError(f"{archive.filename}: the picture '{told}' is not in the archive")


def _from_hub(folder: Path) -> Iterator[Item]:
    files = split_files(folder)
    counts: dict[str, int] = {}
    for row in rows(files.get("test") or [f for group in files.values() for f in group], PICTURES):
        told = row.values
        name = canonical_type(str(told.get("edit_type") or "")) or str(told.get("edit_type"))
        pictures: list[CellPicture | None] = [
            next((p for p in map(row.picture, names) if p), None) for names in (SOURCE, EDITED, VISUAL)
        ]
        if pictures[0] is None or pictures[1] is None:
            raise StoreError(f"{row.file}: row {row.row} has no source or no target picture")
        number = counts.get(name, 0)
        counts[name] = number + 1
        yield _item(told, name, number, pictures[0], pictures[1], pictures[2])
