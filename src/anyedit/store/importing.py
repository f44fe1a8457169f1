"""Published AnyEdit data (JSON folders, hub Parquet) read into our schema; rows that cannot be read are kept aside."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from anyedit.errors import RecipeError, SourceError, StoreError, nearest
from anyedit.store.card import card
from anyedit.store.dataset import DatasetWriter
from anyedit.store.export import make_new_folder
from anyedit.store.schema import COLUMNS, SPLITS, image
from anyedit.types import EDIT_TYPES, GROUP_OF, canonical_type

Layout = Literal["auto", "anyedit", "parquet"]
FIELDS: dict[str, tuple[str, ...]] = {  # our name <- the names met in the publications
    "source": ("image_file", "source", "original_image", "input_image"),
    "edited": ("edited_file", "edited", "edited_image", "output_image"),
    "visual_prompt": ("visual_input", "visual_prompt"),
    "instruction": ("edit_instruction", "edit", "instruction", "edit_prompt"),
    "edit_type": ("edit_type",),
    "edited_object": ("edited object", "edit_object", "edited_object"),
    "source_caption": ("input", "source_caption"),
    "edited_caption": ("output", "edited_caption"),
    "id": ("image_id", "id"),
}
NOTHING = ("", "none", "null", "nan")
READ_ROWS = 16
REJECTED = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "step", "edit_type", "source", "instruction", "rule")),
        *((name, pa.float64()) for name in ("value", "low", "high")),
        ("note", pa.string()),
        ("image", pa.binary()),
        ("source_image", pa.binary()),
    ]
)


@dataclass(frozen=True)
class Imported:
    """What an import made: pairs by type, and rows set aside by reason."""

    accepted: dict[str, int]
    rejected: dict[str, int]
    dataset: Path


@dataclass(frozen=True)
class _Raw:
    """One published row and where it stands."""

    fields: Mapping[str, Any]
    file: Path
    number: int
    split: str


def import_published(path: Path, out: Path, layout: str = "auto", licence: str = "unknown") -> Imported:
    """Read published data into `out/dataset`; rows that cannot be read go to `out/rejected` with the reason.

    layout: "anyedit" (folders with edit_result.json), "parquet" (the hub's columns), "auto" (by the files there).
    Masks and scores are not published, so they are null and empty; a split is taken from the file names, else
    train. Raises RecipeError for an unknown layout, StoreError for nothing to read and an `out` that holds something.
    """
    if layout not in get_args(Layout):
        raise RecipeError(f"no layout is named '{layout}'{nearest(layout, get_args(Layout))}")
    files = _files(path, layout)
    make_new_folder(out)
    accepted: Counter[str] = Counter()
    seen: dict[str, str] = {}  # id -> what the pair consists of
    rejected = _Quarantine(out / "rejected" / "import.parquet")
    with rejected, DatasetWriter(out) as writer:
        for raw in _rows(files):
            try:
                row, content = _pair(raw, licence)
                if seen.get(row["id"], content) != content:  # several edits of a picture may share its id
                    row = _named(row, f"{row['id']}-{content}")
                if row["id"] in seen:
                    raise SourceError(f"duplicate: the pair {row['id']} was met before")
            except SourceError as error:
                rejected.add(raw, str(error))
                continue
            seen[row["id"]] = content
            accepted[row["edit_type"]] += 1
            writer.add(raw.split, pa.Table.from_pylist([row], schema=pa.schema(list(COLUMNS.items()))))
        total = sum(accepted.values())
        told = {"name": path.name, "total": total, "accepted": dict(accepted.most_common())}
        writer.finish(lambda contents: card({**told, **contents}))
    return Imported(dict(accepted), dict(rejected.reasons), out / "dataset")


def _files(path: Path, layout: str) -> list[Path]:
    if not path.exists():
        raise StoreError(f"nothing at {path}; name a file or folder of published AnyEdit data")
    found = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    lists = [file for file in found if file.suffix in (".json", ".jsonl")]
    results = [file for file in lists if file.name == "edit_result.json"]
    tables = [file for file in found if file.suffix == ".parquet"]
    if layout == "auto":
        layout = "parquet" if tables and not results else "anyedit"
    chosen = tables if layout == "parquet" else results or lists
    if not chosen:
        wanted = "*.parquet" if layout == "parquet" else "edit_result.json or other *.json"
        raise StoreError(
            f"{path} holds no {wanted}; is it the folder that was downloaded, or another --layout?"
        )
    return chosen


def _rows(files: list[Path]) -> Iterator[_Raw]:
    for file in files:
        rows = _table_rows(file) if file.suffix == ".parquet" else _list_rows(file)
        for number, fields in enumerate(rows):
            yield _Raw(fields, file, number, _split(file))


def _split(file: Path) -> str:
    # hub files are train-00000-of-00100.parquet, validation.json, AnyEdit-Test/...: the nearest name counts
    for part in reversed(file.parts[-4:]):
        words = part.lower().replace(".", "-").replace("_", "-").split("-")
        for split in SPLITS:
            if split in words or (split == "validation" and {"val", "valid"} & set(words)):
                return split
    return "train"


def _table_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(READ_ROWS):
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        yield {"_unreadable": f"the file cannot be read from here on ({error})"}


def _list_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".jsonl":
            data: Any = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            data = json.loads(text)
    except (OSError, ValueError) as error:
        yield {"_unreadable": f"the file is not JSON ({error})"}
        return
    if isinstance(data, dict):  # some lists are kept under a key, or as id -> record
        nested = next((value for value in data.values() if isinstance(value, list)), None)
        data = (
            nested
            if nested is not None
            else [{"id": key, **v} for key, v in data.items() if isinstance(v, dict)]
        )
    for row in data if isinstance(data, list) else [data]:
        yield (
            row
            if isinstance(row, Mapping)
            else {"_unreadable": f"a record is {type(row).__name__}, not an object"}
        )


def _named(row: dict[str, Any], name: str) -> dict[str, Any]:
    """The row under another id."""
    return {**row, "id": name, "chain_id": name}


def _pair(raw: _Raw, licence: str) -> tuple[dict[str, Any], str]:
    """A published row in our schema, and the hash of what it consists of."""
    if "_unreadable" in raw.fields:
        raise SourceError(f"unreadable_file: {raw.fields['_unreadable']}")
    told = str(_field(raw, "edit_type") or "")
    edit_type = _type(told)
    instruction = str(_field(raw, "instruction") or "").strip()
    if not instruction:
        raise SourceError(f"no_instruction: none of {', '.join(FIELDS['instruction'])} says anything")
    source, edited = _picture(raw, "source"), _picture(raw, "edited")
    if source is None or edited is None:
        raise SourceError(f"no_picture: {'image_file' if source is None else 'edited_file'} is empty")
    visual = _picture(raw, "visual_prompt")
    of_source = hashlib.sha256(source).hexdigest()[:16]
    content = hashlib.sha256(b"\0".join([source, edited, visual or b"", instruction.encode()])).hexdigest()[
        :16
    ]
    name = str(_field(raw, "id") or f"{edit_type.replace('+', '-')}-{content}")
    came_from = {"imported_from": raw.file.name, "row": raw.number, "edit_type_as_published": told}
    row: dict[str, Any] = {
        "id": name,
        "source": image(source, f"{name}-source{_suffix(source)}"),
        "edited": image(edited, f"{name}-edited{_suffix(edited)}"),
        "instruction": instruction,
        "edit_type": edit_type,
        "group": GROUP_OF[edit_type.split("+")[0]],
        "source_caption": str(_field(raw, "source_caption") or ""),
        "edited_caption": str(_field(raw, "edited_caption") or ""),
        "edited_object": str(_field(raw, "edited_object") or ""),
        "params": "{}",
        "mask": None,
        "influence": None,
        "visual_prompt": image(visual, f"{name}-visual{_suffix(visual or b'')}"),
        "turn": 1,
        "chain_id": name,
        "relation": "composition" if "+" in edit_type else "original",
        "made_from": [],
        "phrasings": [],
        "source_id": of_source,
        "origin": raw.file.name,
        "licence": licence,
        "natural": True,
        "scores": [],
        "provenance": json.dumps(came_from, sort_keys=True),
    }
    return row, content


def _field(raw: _Raw, name: str) -> Any:
    for spelling in FIELDS[name]:
        value = raw.fields.get(spelling)
        if value is not None and not (isinstance(value, str) and value.strip().lower() in NOTHING):
            return value
    return None


def _type(told: str) -> str:
    names = [canonical_type(part) for part in told.split("+")]
    if None in names:
        raise SourceError(f"unknown_type: no edit type is named '{told}'{nearest(told, EDIT_TYPES)}")
    return "+".join(name for name in names if name)


def _picture(raw: _Raw, name: str) -> bytes | None:
    """The bytes of a picture that decodes whole, as published; None when the row names none."""
    value = _field(raw, name)
    if value is None:
        return None
    data = value.get("bytes") if isinstance(value, Mapping) else value
    if data is None:
        data = value.get("path")
    if data is None:
        return None
    if isinstance(data, str):
        data = _read(data, raw.file.parent)
    if not isinstance(data, bytes):
        raise SourceError(f"unreadable_picture: {name} is {type(data).__name__}, neither bytes nor a path")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise SourceError(f"unreadable_picture: {name} does not decode ({error})") from error
    return data


def _read(told: str, folder: Path) -> bytes:
    """A picture named by a path: from the list's folder, one of its parents, or by its last parts there."""
    path = Path(told)
    tails = [Path(*path.parts[n:]) for n in range(len(path.parts)) if path.parts[n] not in ("/", "..", ".")]
    inside = folder.resolve().parents[1] if len(folder.resolve().parents) > 1 else folder.resolve()
    for base in (folder, folder.parent, folder.parent.parent):
        for tail in tails:
            place = (base / tail).resolve()
            if (
                place.is_relative_to(inside) and place.is_file()
            ):  # data never reads files outside its own folder
                try:
                    return place.read_bytes()
                except OSError as error:
                    raise SourceError(f"unreadable_picture: {place}: {error.strerror or error}") from error
    raise SourceError(f"missing_picture: '{told}' is not in {folder} nor above it")


def _suffix(data: bytes) -> str:
    return ".jpg" if data[:2] == b"\xff\xd8" else ".png"


class _Quarantine:
    """Rows set aside, as records.Rejected, written as they come; no file when there are none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: Counter[str] = Counter()
        self._writer: pq.ParquetWriter | None = None
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> _Quarantine:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        if self._writer is not None:
            self._writer.close()

    def add(self, raw: _Raw, reason: str) -> None:
        rule, _, note = reason.partition(": ")
        self.reasons[rule] += 1
        told = "" if "_unreadable" in raw.fields else str(_field(raw, "edit_type") or "")
        words = "" if "_unreadable" in raw.fields else str(_field(raw, "instruction") or "")
        self._rows.append(
            {
                "id": f"{raw.file.stem}-{raw.number}",
                "step": "import",
                "edit_type": canonical_type(told) or told,
                "source": str(raw.file),
                "instruction": words,
                "rule": rule,
                "note": note,
            }
        )
        if len(self._rows) >= READ_ROWS * 16:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self.path, REJECTED, compression="zstd")
        self._writer.write_table(pa.Table.from_pylist(self._rows, schema=REJECTED))
        self._rows = []
