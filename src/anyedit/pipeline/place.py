"""Where a build lies: a folder of this machine, or an object store with a folder here in which the work is done.

An object appears in a store when its upload has ended, whole, and nothing there can be renamed; so every file is
finished here first and then uploaded under its final name, a shard's last file (its pairs) after all others. What is
there is done, on whatever machine the build goes on.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyedit.errors import StoreError
from anyedit.recipe import digest

SMALL = 64 << 20  # bytes; larger files are uploaded as a stream


@dataclass(frozen=True)
class Place:
    """folder: where the work is done. url: the object store that keeps it, or "" for the folder alone."""

    folder: Path
    url: str = ""

    @classmethod
    def of(cls, out: str | Path | Place) -> Place:
        """The place of an `--out`; a URL's folder is one of the cache (XDG_CACHE_HOME), the same for the same URL."""
        if isinstance(out, Place):
            return out
        text = str(out)
        if text.startswith("file://"):
            return cls(Path(text.removeprefix("file://")))
        if "://" not in text:
            return cls(Path(out))
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cls(cache / "anyedit" / "builds" / digest(text), text.rstrip("/"))

    def stored(self, path: Path) -> bool:
        """Whether the build's keeper has this file: the store, or the folder when there is none."""
        return (
            path.exists() if not self.url else bool(self._do("look for", path, lambda fs, at: fs.exists(at)))
        )

    def pull(self, paths: Iterable[Path], again: bool = False) -> None:
        """Fetch the files that are not here (`again`: all); what the store does not have stays as it is here."""
        if not self.url:
            return
        for path in paths:
            if path.exists() and not again:
                continue
            try:
                data = self._do("fetch", path, lambda fs, at: fs.cat_file(at))
            except FileNotFoundError:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
            temporary.write_bytes(data)
            os.replace(temporary, path)

    def push(self, paths: Iterable[Path]) -> None:
        """Upload finished files under their final names, in this order; nothing half uploaded is ever seen."""
        if not self.url:
            return
        for path in paths:
            if path.stat().st_size <= SMALL:
                data = path.read_bytes()
                self._do("upload", path, lambda fs, at, data=data: fs.pipe_file(at, data))
            else:
                self._do("upload", path, lambda fs, at, path=path: fs.put_file(str(path), at))

    def push_folder(self, folder: Path, last: str) -> None:
        """Upload a folder, `last` as its last file, and remove from the store what the folder no longer has."""
        if not self.url:
            return
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        files.sort(key=lambda path: path.name == last)
        self.push(files)

        def forget(fs: Any, at: str) -> None:
            kept = {self._at(fs, path) for path in files}
            for stale in set(fs.find(at)) - kept:
                fs.rm_file(stale)

        self._do("tidy", folder, forget)

    def _do(self, what: str, path: Path, act: Any) -> Any:
        import fsspec

        from anyedit.pipeline.sources.files import filesystem

        fs, _ = filesystem(self.url, "--out")
        try:
            return act(fs, self._at(fs, path))
        except FileNotFoundError:
            raise
        except (OSError, ValueError, fsspec.exceptions.FSTimeoutError) as error:
            raise StoreError(
                f"cannot {what} {self.url}/{path.relative_to(self.folder)}: {error}; what is finished is kept: run the "
                "same command again to continue"
            ) from error

    def _at(self, fs: Any, path: Path) -> str:
        return str(fs._strip_protocol(f"{self.url}/{path.relative_to(self.folder).as_posix()}"))
