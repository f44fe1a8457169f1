"""The pictures and words that the small model's parts learn from, held in memory: at 128 px a picture is 48 KiB."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.errors import StoreError
from anyedit.records import pixels_of
from anyedit.store.dataset import iter_rows

COLUMNS = ("source", "edited", "instruction", "phrasings", "source_caption", "edited_caption", "edit_type")


@dataclass(frozen=True)
class CaptionedPairs:
    """P pairs over N distinct pictures. `pictures` uint8 (N, size, size, 3); `source` and `edited` int (P,)
    index it; `wordings` are the ways each pair's instruction is said, the dataset's own first."""

    pictures: npt.NDArray[np.uint8]
    source: npt.NDArray[np.int64]
    edited: npt.NDArray[np.int64]
    source_captions: tuple[str, ...]
    edited_captions: tuple[str, ...]
    wordings: tuple[tuple[str, ...], ...]
    edit_types: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.source)

    def captioned(self) -> list[tuple[int, str]]:
        """(picture, caption) for each distinct caption, the first picture that has it."""
        seen: dict[str, int] = {}
        for picture, caption in (
            *zip(self.source.tolist(), self.source_captions, strict=True),
            *zip(self.edited.tolist(), self.edited_captions, strict=True),
        ):
            seen.setdefault(caption, picture)
        return [(picture, caption) for caption, picture in seen.items()]


def read_pairs(folders: Sequence[str | Path], split: str, size: int = 128) -> CaptionedPairs:
    """Every pair of one split of some datasets (build folders or dataset folders), pictures resized to `size`
    px when they are not. Raises StoreError when a folder holds no dataset or the split is empty in all."""
    pictures: list[npt.NDArray[np.uint8]] = []
    number: dict[bytes, int] = {}
    ends: list[tuple[int, int]] = []
    said: list[tuple[str, str, tuple[str, ...], str]] = []
    for row in rows_of(folders, split, COLUMNS):
        pair = []
        for name in ("source", "edited"):
            data = row[name]["bytes"]
            key = hashlib.blake2b(data, digest_size=16).digest()
            if key not in number:
                number[key] = len(pictures)
                pictures.append(_sized(pixels_of(data), size))
            pair.append(number[key])
        ends.append((pair[0], pair[1]))
        wordings = (row["instruction"], *(row["phrasings"] or ()))
        said.append((row["source_caption"], row["edited_caption"], wordings, row["edit_type"]))
    if not ends:
        raise StoreError(f"{', '.join(map(str, folders))}: no pair in the split '{split}'")
    source, edited = np.array(ends, dtype=np.int64).T
    source_captions, edited_captions, words, types = zip(*said, strict=True)
    return CaptionedPairs(np.stack(pictures), source, edited, source_captions, edited_captions, words, types)


def rows_of(folders: Sequence[str | Path], split: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of one split of several datasets, folder by folder, only the columns asked for."""
    for folder in folders:
        yield from iter_rows(Path(folder), columns, split)


def _sized(pixels: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.uint8]:
    if pixels.shape[:2] == (size, size):
        return pixels
    return np.asarray(cv2.resize(pixels, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
