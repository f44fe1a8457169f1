"""Files of a source, on this machine or anywhere that fsspec reaches: listed, and read whole or in part."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any

from anyedit.errors import MissingExtra, RecipeError, SourceError

PROTOCOL_PACKAGES = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}


class Files:
    """A folder (or one file) and what lies in it. Names are relative to it, with "/" between their parts."""

    def __init__(self, url: str, key: str = "source.path") -> None:
        self.url, self.key = url, key
        self.fs, self.root = filesystem(url, key)

    def names(self) -> list[str]:
        """Every file under the folder, sorted; hidden ones left out. Raises RecipeError when there is no folder."""
        try:
            if not self.fs.isdir(self.root):
                raise RecipeError(f"{self.key}: no folder at {self.url}; it should hold the photographs")
            found = self.fs.find(self.root)
        except (OSError, ValueError) as error:
            raise RecipeError(f"{self.key}: cannot list {self.url}: {error}") from None
        start = len(self.root.rstrip("/")) + 1
        names = (path[start:] for path in found)
        return sorted(name for name in names if not any(part.startswith(".") for part in name.split("/")))

    def read(self, name: str, start: int | None = None, end: int | None = None) -> bytes:
        """A file's bytes. Raises SourceError for one that is not there, or lies outside the folder."""
        try:
            return bytes(self.fs.cat_file(self._inside(name), start=start, end=end))
        except (OSError, ValueError) as error:
            told = "no such file" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
            raise SourceError(f"{name}: {told} in {self.url}") from None

    def open(self, name: str) -> Any:
        """A file opened for reading with seeks. Raises SourceError as `read` does."""
        try:
            return self.fs.open(self._inside(name), "rb")
        except (OSError, ValueError) as error:
            raise SourceError(f"{name}: cannot be opened in {self.url}: {error}") from None

    def changed(self) -> object:
        """Something that differs after the folder itself was changed, where this machine can tell."""
        try:
            return Path(self.root).stat().st_mtime_ns if "://" not in self.url else None
        except OSError:
            return None

    def _inside(self, name: str) -> str:
        # a list that others wrote may say "../../etc/passwd"
        if posixpath.isabs(name) or ".." in name.replace("\\", "/").split("/"):
            raise SourceError(
                f"{name}: lies outside {self.url}; a source reads nothing beyond its own folder"
            )
        return posixpath.join(self.root, name) if name else self.root


def filesystem(url: str, key: str) -> tuple[Any, str]:
    """The file system of a path or URL, and the path in it. Raises RecipeError or MissingExtra."""
    import fsspec

    try:
        if "://" not in url:
            from fsspec.implementations.local import LocalFileSystem

            return LocalFileSystem(), str(Path(url).absolute())
        return fsspec.core.url_to_fs(url)  # type: ignore[no-any-return]
    except ImportError as error:
        package = PROTOCOL_PACKAGES.get(url.partition("://")[0], "the package named above")
        raise MissingExtra(f"{key}: {url}: {error}; pip install {package}") from None
    except (ValueError, OSError) as error:
        raise RecipeError(f"{key}: cannot open {url}: {error}") from None


def read_list(url: str, key: str) -> bytes:
    """The bytes of a list that a recipe names (captions, annotations). Raises RecipeError naming the key."""
    fs, path = filesystem(url, key)
    try:
        return bytes(fs.cat_file(path))
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise RecipeError(f"{key}: no file at {url}") from None
        raise RecipeError(f"{key}: cannot read {url}: {error}") from None
