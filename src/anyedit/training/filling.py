"""Filling the caches before training: every picture, visual prompt and sentence through its frozen encoder, once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anyedit.errors import SourceError, StoreError
from anyedit.models.tasks import is_aligned
from anyedit.training.buckets import Size
from anyedit.training.features import FrozenEncoders
from anyedit.training.flips import may_flip
from anyedit.training.pictures import Pair, mirror
from anyedit.training.reading import GroupReader, RowBytes, mapped, pair_of
from anyedit.training.store import KEY, FeatureStore, key_of
from anyedit.training.table import PairTable

Array = npt.NDArray[np.float32]
SOURCE, EDITED, PROMPT = 0, 1, 2
NONE = b"\0" * KEY
PREPARED = 2
"""Raised when rows are prepared in another way: indexes of before are then made anew. 2: aligned prompts are cut as the
source is."""
Say = Callable[[str], None]


class CachedPictures:
    """Latents and visual prompts of a table's rows, from their stores.

    keys: uint8 (N, 2, 3, 16): by row, mirrored or not, and source / edited / prompt; zeros where there is none.
    sizes: (N, 2) height and width in pixels, zeros for a row that cannot be used.
    """

    def __init__(
        self,
        keys: npt.NDArray[np.uint8],
        sizes: npt.NDArray[np.int32],
        latents: dict[Size, FeatureStore],
        prompts: FeatureStore | None,
    ) -> None:
        self.keys, self.sizes, self.latents, self.prompts = keys, sizes, latents, prompts

    def size(self, row: int) -> Size | None:
        """The row's size; None when it cannot be used."""
        height, width = self.sizes[row].tolist()
        return (height, width) if height else None

    def read(
        self, rows: Sequence[int], flips: Sequence[bool]
    ) -> tuple[Array, Array, Array | None, npt.NDArray[np.int64] | None]:
        """Source and edited (B, 8, h, w); the distinct prompts (V, L, width) and which one each row has (0: none)."""
        keys = self.keys[list(rows), np.array(flips, int)]  # (B, 3, 16)
        store = self.latents[self.size(rows[0]) or (0, 0)]
        source, edited = (store.read([key.tobytes() for key in keys[:, what]]) for what in (SOURCE, EDITED))
        if self.prompts is None:
            return source, edited, None, None
        shown = [key.tobytes() for key in keys[:, PROMPT]]
        distinct = list(dict.fromkeys(key for key in shown if key != NONE))
        number = {NONE: 0} | {key: place for place, key in enumerate(distinct, 1)}
        return source, edited, self.prompts.read(distinct), np.array([number[key] for key in shown])


class PictureFiller:
    """Fills the stores of latents and visual prompts."""

    def __init__(
        self,
        encoders: FrozenEncoders,
        folder: Path,
        sizes: tuple[Size, ...],
        flips: bool,
        prompts: bool,
        dtype: str,
        batch: int,
        workers: int,
    ) -> None:
        self.encoders, self.folder, self.sizes, self.flips = encoders, folder, sizes, flips
        self.batch, self.workers, self.dtype, self.with_prompts = batch, workers, dtype, prompts
        pipeline = encoders.pipeline
        self.vae_print = encoders.fingerprint("vae")
        factor, channels = pipeline.vae_scale_factor, int(pipeline.vae.config.latent_channels)
        self.latents = {
            size: FeatureStore(
                folder / f"latents-{self.vae_print}",
                (2 * channels, size[0] // factor, size[1] // factor),
                dtype,
            )
            for size in sizes
        }
        self.prompts: FeatureStore | None = None
        self.clip_print = ""
        if prompts:
            self.clip_print = encoders.fingerprint("image_encoder")
            config = pipeline.image_encoder.config
            tokens = (config.image_size // config.patch_size) ** 2 + 1
            self.prompts = FeatureStore(
                folder / f"visual-{self.clip_print}", (tokens, config.hidden_size), dtype
            )

    def fill(
        self, table: PairTable, rank: int, world: int, say: Say, reject: Callable[[int, str], None]
    ) -> None:
        """Encode what is missing of this process's share of the files, and write down which row has which keys."""
        first = np.searchsorted(table.file, np.arange(len(table.files) + 1))
        for number in range(rank, len(table.files), world):
            rows = range(int(first[number]), int(first[number + 1]))
            if len(rows) and not self._index_file(table, number, rows).exists():
                self._fill_file(table, number, rows, say, reject)
        for store in self._stores():
            store.close()

    def open(self, table: PairTable) -> CachedPictures:
        """The pictures of the table, once all processes have filled."""
        for store in self._stores():
            store.refresh()
        keys, sizes = [np.zeros((0, 2, 3, KEY), np.uint8)], [np.zeros((0, 2), np.int32)]
        first = np.searchsorted(table.file, np.arange(len(table.files) + 1))
        for number in range(len(table.files)):
            rows = range(int(first[number]), int(first[number + 1]))
            if len(rows):
                file = self._index_file(table, number, rows)
                try:
                    with np.load(file, allow_pickle=False) as index:
                        keys.append(index["keys"])
                        sizes.append(index["sizes"])
                except (OSError, ValueError, KeyError) as error:
                    raise StoreError(
                        f"{file} cannot be read ({error}); delete it: it is made anew"
                    ) from error
        return CachedPictures(np.concatenate(keys), np.concatenate(sizes), self.latents, self.prompts)

    def _fill_file(
        self, table: PairTable, number: int, rows: range, say: Say, reject: Callable[[int, str], None]
    ) -> None:
        keys = np.zeros((len(rows), 2, 3, KEY), np.uint8)
        sizes = np.zeros((len(rows), 2), np.int32)
        reader = GroupReader(table, self.with_prompts)
        with ThreadPoolExecutor(self.workers) as pool:
            for group in np.unique(table.group[rows.start : rows.stop]).tolist():
                cells = reader.group(number, group)
                members = [row for row in rows if table.group[row] == group]

                def work(row: int, cells: list[RowBytes] = cells) -> _Seen | SourceError:
                    return self._seen(table, row, cells[int(table.place[row])])

                waiting: dict[tuple[bytes, Any], Any] = {}
                for row, seen in zip(members, mapped(pool, work, members, 1000), strict=True):
                    if isinstance(seen, SourceError):
                        reject(row, str(seen))
                        continue
                    keys[row - rows.start], sizes[row - rows.start] = seen.keys, seen.size
                    waiting.update(seen.pictures)
                self._encode(waiting)
                say(
                    f"encoding {Path(table.files[number].place).name}: {members[-1] - rows.start + 1} of {len(rows)}"
                )
        reader.close()
        file = self._index_file(table, number, rows)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        with open(partial, "wb") as out:
            np.savez(out, keys=keys, sizes=sizes)
        partial.rename(file)

    def _seen(self, table: PairTable, row: int, cells: RowBytes) -> _Seen | SourceError:
        edit_type = table.edit_type[row].as_py()
        try:
            pair = pair_of(cells, edit_type, self.sizes, False, self.with_prompts)
        except SourceError as error:
            return error
        ways = [False, True] if self.flips and may_flip(edit_type, table.sentences(row)) else [False]
        return _Seen(pair, cells, ways, is_aligned(edit_type))

    def _encode(self, waiting: dict[tuple[bytes, Any], Any]) -> None:
        by_store: dict[int, tuple[FeatureStore, Any, list[tuple[bytes, Any]]]] = {}
        for (key, size), pixels in waiting.items():
            store = self.prompts if size is None else self.latents[size]
            assert store is not None
            encode = self.encoders.visual if size is None else self.encoders.latents
            if key not in store:
                by_store.setdefault(id(store), (store, encode, []))[2].append((key, pixels))
        for store, encode, items in by_store.values():
            for start in range(0, len(items), self.batch):
                part = items[start : start + self.batch]
                store.append([key for key, _ in part], encode([pixels for _, pixels in part]).cpu().numpy())

    def _index_file(self, table: PairTable, number: int, rows: range) -> Path:
        told = hashlib.blake2b(digest_size=10)
        settings = [PREPARED, self.sizes, self.flips, self.with_prompts]
        settings += [self.vae_print, self.clip_print, self.dtype]
        told.update(json.dumps([table.files[number].identity, settings]).encode())
        for array in (table.group, table.place):
            told.update(np.ascontiguousarray(array[rows.start : rows.stop]).tobytes())
        return self.folder / "rows" / f"{told.hexdigest()}.npz"

    def _stores(self) -> list[FeatureStore]:
        return [*self.latents.values(), *([] if self.prompts is None else [self.prompts])]


class _Seen:
    """What one row brings: its keys (2, 3, 16), its size, and its pictures by (key, size; None for a prompt)."""

    def __init__(self, pair: Pair, cells: RowBytes, ways: list[bool], aligned: bool) -> None:
        self.size = pair.size
        self.keys = np.zeros((2, 3, KEY), np.uint8)
        self.pictures: dict[tuple[bytes, Size | None], npt.NDArray[np.uint8]] = {}
        told = f"{pair.size[0]}x{pair.size[1]}"
        for flip in ways:
            for what, data, pixels in (
                (SOURCE, cells.source, pair.source),
                (EDITED, cells.edited, pair.edited),
            ):
                key = key_of(data or b"", told, "mirrored" if flip else "")
                self.pictures[key, pair.size] = mirror(pixels) if flip else pixels
                self.keys[int(flip), what] = np.frombuffer(key, np.uint8)
            if pair.prompt is not None:
                shown = mirror(pair.prompt) if flip and aligned else pair.prompt
                key = key_of(str(shown.shape), shown.tobytes())
                self.pictures[key, None] = shown
                self.keys[int(flip), PROMPT] = np.frombuffer(key, np.uint8)


class TextFeatures:
    """Text features of sentences, from the cache when there is one, else encoded."""

    def __init__(self, encoders: FrozenEncoders, folder: Path | None, dtype: str) -> None:
        self.encoders = encoders
        self.store: FeatureStore | None = None
        pipeline = encoders.pipeline
        if folder is not None:
            shape = (pipeline.tokenizer.model_max_length + 1, pipeline.text_encoder.config.hidden_size)
            self.store = FeatureStore(folder / f"text-{encoders.fingerprint('text_encoder')}", shape, dtype)

    def fill(self, sentences: Sequence[str], batch: int, say: Say) -> None:
        """Encode the sentences that are not in the cache yet."""
        if self.store is None:
            return
        by_key = {key_of(sentence): sentence for sentence in sentences}
        missing = self.store.missing(by_key)
        for start in range(0, len(missing), batch):
            part = missing[start : start + batch]
            self.store.append(part, self.encoders.text([by_key[key] for key in part]).cpu().numpy())
            if start // batch % 20 == 0:
                say(f"encoding sentences: {start + len(part)} of {len(missing)}")
        self.store.close()

    def refresh(self) -> None:
        """See what other processes have filled."""
        if self.store is not None:
            self.store.refresh()

    def cached(self, sentences: Sequence[str]) -> Array | None:
        """(B, L + 1, width) as `FrozenEncoders.text`; None without a cache."""
        return None if self.store is None else self.store.read([key_of(sentence) for sentence in sentences])
