"""Pictures out of Parquet files: a row group's column at a time, few of them in memory, thumbnails kept on disk."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from anyedit.errors import StoreError
from anyedit.studio.index import Cell
from anyedit.studio.roots import StudioError

COLUMNS = ("source", "edited", "mask", "influence", "visual_prompt")
LOST = {"source": "source_image", "edited": "image"}  # what rejected rows call theirs
SIZES = (96, 192, 384)  # pixels of a thumbnail's longer side
HELD = 192 << 20  # bytes of encoded pictures in memory
KEPT = 512 << 20  # bytes of thumbnails on disk


class Pictures:
    """Cells and thumbnails of all places. cache: where thumbnails are kept."""

    def __init__(self) -> None:
        self._columns: OrderedDict[tuple[str, int, int, str], pa.Array] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def cell(self, cell: Cell, column: str) -> bytes | None:
        """The encoded picture; None when the item has none. Raises StudioError, StoreError."""
        if column not in COLUMNS:
            raise StudioError(f"no picture is named '{column}'; {', '.join(COLUMNS)} are")
        name = LOST.get(column) if cell.lost else column
        if name is None:
            return None
        with self._lock:
            found = self._column(cell, name)
        if found is None:
            return None
        value: Any = found[cell.row].as_py()
        return value["bytes"] if isinstance(value, dict) else value

    def _column(self, cell: Cell, name: str) -> pa.Array | None:
        try:
            key = (str(cell.file), cell.file.stat().st_mtime_ns, cell.row_group, name)
            if key in self._columns:
                self._columns.move_to_end(key)
                return self._columns[key]
            with pq.ParquetFile(cell.file) as parquet:
                if name not in parquet.schema_arrow.names:
                    return None
                column = parquet.read_row_group(cell.row_group, columns=[name]).column(0).combine_chunks()
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{cell.file} cannot be read ({error})") from error
        self._columns[key] = column
        self._bytes += column.nbytes
        while self._bytes > HELD and len(self._columns) > 1:
            self._bytes -= self._columns.popitem(last=False)[1].nbytes
        return column

    def thumbnail(self, cell: Cell, column: str, size: int, cache: Path) -> bytes | None:
        """WebP of at most `size` pixels a side. Raises StudioError for a size that is not kept or a broken picture."""
        if size not in SIZES:
            raise StudioError(f"thumbnails have {', '.join(map(str, SIZES))} pixels, not {size}")
        facts = cell.file.stat()
        key = f"{cell.file}|{facts.st_size}|{facts.st_mtime_ns}|{cell.row_group}|{cell.row}|{column}|{size}"
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        path = cache / "thumbnails" / name[:2] / f"{name}.webp"
        if path.exists():
            return path.read_bytes()
        data = self.cell(cell, column)
        if data is None:
            return None
        made = _small(data, size, column in ("mask", "influence"))
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{name}.{os.getpid()}.{threading.get_ident()}.partial")
        partial.write_bytes(made)
        os.replace(partial, path)
        return made


def _small(data: bytes, size: int, sharp: bool) -> bytes:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("L" if sharp else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise StudioError(f"the picture cannot be decoded ({error})") from None
    picture.thumbnail((size, size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=86, method=2)
    return out.getvalue()


def prune(cache: Path, most: int = KEPT) -> None:
    """Remove the thumbnails that were made longest ago, until `most` bytes are left."""
    files = [
        (path.stat().st_mtime_ns, path.stat().st_size, path) for path in cache.glob("thumbnails/*/*.webp")
    ]
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= most:
            return
        path.unlink(missing_ok=True)
        total -= size


def media_type(data: bytes) -> str:
    """What a picture's bytes are, by their first ones."""
    for start, kind in ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif")):
        if data.startswith(start):
            return kind
    return "image/webp" if data[8:12] == b"WEBP" else "application/octet-stream"
