"""Built shapes on disk, for the other workers of a build and for one that goes on after a kill.

A recipe's seed gives each kind a handful of shapes; whoever builds one first (tens of milliseconds) puts it there, the
others read its file (less than one). A file: the length of a JSON head, the head, then float32 and int32 arrays. Files are written whole or not at all; what cannot be read or written is built.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from anyedit.world.kinds import Part, Surface
from anyedit.world.mesh import Mesh

WIDTHS = {"vertices": 3, "normals": 3, "uv": 2, "faces": 3}
_place: list[Path] = []  # none: nothing is kept


def use(folder: Path | None) -> None:
    """From now on keep shapes in this folder; None: keep none."""
    _place[:] = [] if folder is None else [folder]


def read(key: str) -> tuple[Part, ...] | None:
    """The parts kept under a key; None when there are none that are whole."""
    if not _place:
        return None
    try:
        held = _path(key).read_bytes()  # not mapped: each map would hold a file open, hundreds of them
        start = 8 + int.from_bytes(held[:8], "little")
        head = json.loads(held[8:start])
        return tuple(_parts(held, start, head)) if head["size"] == len(held) - start else None
    except (OSError, ValueError):
        return None


def write(key: str, parts: tuple[Part, ...]) -> None:
    """Keep packed parts under a key."""
    if not _place:
        return
    arrays = [[np.ascontiguousarray(getattr(part.mesh, name)) for name in WIDTHS] for part in parts]
    told = [
        {
            "name": part.name,
            "label": part.label,
            "surface": None if part.surface is None else asdict(part.surface),
            "rows": [len(array) for array in own],
        }
        for part, own in zip(parts, arrays, strict=True)
    ]
    size = sum(array.nbytes for own in arrays for array in own)
    head = json.dumps({"parts": told, "size": size}).encode()
    head += b" " * (-len(head) % 8)
    path = _path(key)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(len(head).to_bytes(8, "little") + head)
            for own in arrays:
                file.writelines(array.data for array in own)
        os.replace(partial, path)
    except OSError:  # no room: the next one builds it, too
        with suppress(OSError):
            partial.unlink()


def _path(key: str) -> Path:
    from anyedit.world.kept import generation

    return _place[0] / hashlib.sha256(f"{generation()} {key}".encode()).hexdigest()[:32]


def _parts(held: bytes, at: int, head: dict[str, Any]) -> Iterator[Part]:
    for told in head["parts"]:
        arrays: dict[str, Any] = {}
        for (name, width), rows in zip(WIDTHS.items(), told["rows"], strict=True):
            kind = np.int32 if name == "faces" else np.float32
            arrays[name] = np.frombuffer(held, kind, rows * width, at).reshape(rows, width)
            at += rows * width * 4
        yield Part(told["name"], Mesh(**arrays), _surface(told["surface"]), told["label"])


def _surface(told: dict[str, Any] | None) -> Surface | None:
    if told is None:
        return None
    fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}
    return Surface(**fields)
