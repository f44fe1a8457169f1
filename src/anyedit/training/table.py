"""The pairs of all datasets of a training as one table: where each row lies, what it says, how often it is drawn.

Only the words are read here; pictures stay in their Parquet files, local or remote (fsspec, `hf://` for the hub).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from anyedit.errors import RecipeError, StoreError
from anyedit.models.router import published_table
from anyedit.store.dataset import dataset_folder, split_of
from anyedit.training.recipe import COMPOSITION, Data, TrainingRecipe
from anyedit.types import EDIT_TYPES, GROUP_OF, canonical_type

KINDS: tuple[str, ...] = (*EDIT_TYPES, COMPOSITION)
"""What a row's kind can be, in the order of the model's tasks: a composition is task "unknown"."""
Count = npt.NDArray[np.int64]
NEEDED = ("source", "edited", "instruction", "edit_type")


@dataclass(frozen=True)
class PairFile:
    """One Parquet file: its URL or path, and its number of rows in each row group."""

    place: str
    source: int
    groups: tuple[int, ...]
    has_prompts: bool

    def open(self) -> pq.ParquetFile:
        """The file, read as it is needed; the caller closes it. Raises StoreError."""
        try:
            return pq.ParquetFile(fsspec.open(self.place, "rb").open(), pre_buffer=False)
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{self.place} cannot be read: {error}") from error

    @cached_property
    def identity(self) -> str:
        """Changes when the file does: its place, size and time of change."""
        system, path = fsspec.core.url_to_fs(self.place)
        told = system.info(path)
        return "|".join(
            str(part) for part in (self.place, told.get("size"), told.get("mtime"), told.get("ETag"))
        )


@dataclass(frozen=True)
class PairTable:
    """N rows that a stage trains on. All arrays are (N,).

    file, group (of its file), place (in its group): where a row lies. kind: number in `KINDS`. rate: how often
    the row is drawn in an epoch, on average; the mean is 1. left_out: rows not in the table, by reason.
    """

    files: tuple[PairFile, ...]
    file: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    rate: npt.NDArray[np.float64]
    edit_type: pa.ChunkedArray
    instruction: pa.ChunkedArray
    phrasings: pa.ChunkedArray
    left_out: Counter[str]

    def __len__(self) -> int:
        return len(self.file)

    def sentences(self, row: int) -> list[str]:
        """The row's instruction, then its other wordings."""
        others = self.phrasings[row].as_py() or []
        return [self.instruction[row].as_py(), *(text for text in others if text and text.strip())]

    @cached_property
    def global_group(self) -> npt.NDArray[np.int64]:
        """Row group numbers counted over all files, (N,)."""
        first = np.cumsum([0, *(len(file.groups) for file in self.files)], dtype=np.int64)
        return np.asarray(first[self.file] + self.group, np.int64)

    def counts(self) -> dict[str, int]:
        """Rows of each kind."""
        return {KINDS[number]: count for number, count in sorted(Counter(self.kind.tolist()).items())}


def served_kinds(recipe: TrainingRecipe) -> set[str]:
    """The kinds of rows that a stage learns from.

    Stage 1: those without a visual prompt. Stage 2: those that an expert serves (all, with learned routing). Joint:
    all, since the UNet learns too.
    """
    if recipe.stage == 1:
        return {name for name in KINDS if GROUP_OF.get(name) != "visual"}
    if recipe.stage == 2 and recipe.experts.routing == "table":
        return set(recipe.experts.table or published_table())
    return set(KINDS)


def read_table(data: Data, split: str, kinds: set[str]) -> PairTable:
    """The table of a split: rows of those `kinds`. A split without files gives an empty table.

    Raises RecipeError for a dataset without a needed column, StoreError for one that cannot be read.
    """
    files: list[PairFile] = []
    parts: list[dict[str, Any]] = []
    left_out: Counter[str] = Counter()
    for source, told in enumerate(data.sources):
        for place in dataset_places(told.path, split):
            file, words = _read_words(place, source)
            parts.append(_kept(words, file, len(files), kinds, data, left_out))
            files.append(file)
    whole = {
        name: np.concatenate([part[name] for part in parts]).astype(np.int64)
        if parts
        else np.zeros(0, np.int64)
        for name in ("file", "group", "place", "kind", "source")
    }

    def texts(name: str, kind: pa.DataType) -> pa.ChunkedArray:
        return pa.chunked_array([part[name].combine_chunks() for part in parts], type=kind)

    return PairTable(
        files=tuple(files),
        file=whole["file"],
        group=whole["group"],
        place=whole["place"],
        kind=whole["kind"],
        rate=_rates(data, whole["source"], whole["kind"]),
        edit_type=texts("edit_type", pa.string()),
        instruction=texts("instruction", pa.string()),
        phrasings=texts("phrasings", pa.list_(pa.string())),
        left_out=left_out,
    )


def dataset_places(path: str, split: str) -> list[str]:
    """The Parquet files of a split: in a local build or dataset folder, on the hub (`owner/name`), or at a URL."""
    if "://" not in path and Path(path).exists():
        data = dataset_folder(Path(path)) / "data"
        return [str(file) for file in sorted(data.glob("*.parquet")) if split_of(file) == split]
    if "://" not in path and not re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", path):
        raise RecipeError(f"data.sources: no folder at {path} (nor a hub id like owner/name, nor a URL)")
    url = path if "://" in path else f"hf://datasets/{path}"
    try:
        system, root = fsspec.core.url_to_fs(url)
        for pattern in (f"{root}/data/{split}-*.parquet", f"{root}/**/{split}-*.parquet"):
            if found := sorted(system.glob(pattern)):
                return [system.unstrip_protocol(name) for name in found]
        if not system.exists(root):
            raise RecipeError(f"data.sources: nothing at {url}")
    except (OSError, ValueError, ImportError) as error:
        raise RecipeError(f"data.sources: {url} cannot be listed: {error}") from error
    return []


def _read_words(place: str, source: int) -> tuple[PairFile, pa.Table]:
    bare = PairFile(place, source, (), False)
    with bare.open() as parquet:
        names = parquet.schema_arrow.names
        for name in NEEDED:
            if name not in names:
                raise RecipeError(
                    f"{place}: has no column '{name}'; a dataset to train on has {', '.join(NEEDED)}"
                    f" (and visual_prompt, phrasings); this one has {', '.join(names)}."
                    " 'anyedit import' reads published layouts"
                )
        groups = tuple(parquet.metadata.row_group(n).num_rows for n in range(parquet.num_row_groups))
        wanted = [name for name in ("instruction", "edit_type", "phrasings") if name in names]
        words = parquet.read(columns=wanted)
    return PairFile(place, source, groups, "visual_prompt" in names), words


def _kept(
    words: pa.Table, file: PairFile, number: int, kinds: set[str], data: Data, left_out: Counter[str]
) -> dict[str, Any]:
    """The rows of one file that are trained on, and for the others the reason."""
    total = words.num_rows
    kind = np.full(total, -1, np.int64)
    types: list[str] = []
    for row, (name, sentence) in enumerate(
        zip(words["edit_type"].to_pylist(), words["instruction"].to_pylist(), strict=True)
    ):
        known = [canonical_type(part) for part in str(name or "").split("+")]
        spelled = "+".join(part or "?" for part in known)
        called = COMPOSITION if len(known) > 1 else spelled
        types.append(spelled)
        if None in known:
            left_out[f"edit_type '{name}' is not known"] += 1
        elif not sentence or not sentence.strip():
            left_out["empty instruction"] += 1
        elif called not in kinds or (len(known) > 1 and not all(p in kinds or p is None for p in known)):
            left_out[f"{called}: not a type of this stage"] += 1
        elif data.types.get(called, 1.0) <= 0:
            left_out[f"{called}: weight 0"] += 1
        else:
            kind[row] = KINDS.index(called)
    keep = np.flatnonzero(kind >= 0)
    group = np.repeat(np.arange(len(file.groups)), file.groups)
    place = np.concatenate([np.arange(count) for count in file.groups] or [np.zeros(0, np.int64)])
    empty = pa.nulls(total, pa.list_(pa.string()))
    phrasings = words["phrasings"] if "phrasings" in words.column_names else pa.chunked_array([empty])
    return {
        "file": np.full(len(keep), number),
        "group": group[keep],
        "place": place[keep],
        "kind": kind[keep],
        "source": np.full(len(keep), file.source),
        "edit_type": pa.chunked_array([pa.array(types, pa.string())]).take(pa.array(keep)),
        "instruction": words["instruction"].cast(pa.string()).take(pa.array(keep)),
        "phrasings": phrasings.cast(pa.list_(pa.string())).take(pa.array(keep)),
    }


def _rates(data: Data, source: Count, kind: Count) -> npt.NDArray[np.float64]:
    """source weight x type weight x (rows of the type) ** -balance, scaled to a mean of 1."""
    if len(kind) == 0:
        return np.zeros(0)
    by_source = np.array([told.weight for told in data.sources])
    by_kind = np.array([data.types.get(name, 1.0) for name in KINDS])
    rows = np.bincount(kind, minlength=len(KINDS)).astype(np.float64)
    rate = by_source[source] * by_kind[kind] * rows[kind] ** -data.balance
    return rate / rate.mean()
