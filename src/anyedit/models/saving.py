"""Writing an edited picture: what would fail at the end is found before the edit, and the file appears whole."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from anyedit.errors import SourceError, StoreError


@contextmanager
def picture_file(out: Path) -> Iterator[Callable[[Image.Image], None]]:
    """Within: a function that writes an RGB picture to `out`, in place of what is there.

    On entering, a name that no picture can be written under raises SourceError, and a place where no file can be
    written StoreError; so does the writing itself (a full disk), which then leaves what was there.
    """
    check_format(out)
    if not out.parent.is_dir():
        raise SourceError(f"{out}: the folder {out.parent} does not exist")
    partial = out.with_name(f".{os.getpid()}-partial-{out.name}")  # its suffix says the format

    def write(picture: Image.Image) -> None:
        try:
            picture.save(partial)
            partial.replace(out)
        except OSError as error:
            raise _cannot_write(out, error) from error

    try:
        if out.is_dir():
            raise IsADirectoryError(f"{out} is a folder")
        partial.touch()
    except OSError as error:
        raise _cannot_write(out, error) from error
    try:
        yield write
    finally:
        partial.unlink(missing_ok=True)


def check_format(out: Path) -> None:
    """Raises SourceError when PIL cannot write a colour picture as the name's ending says: some it only reads, or
    only in black and white."""
    name = Image.registered_extensions().get(out.suffix.lower())
    try:
        if name is None:
            raise KeyError(out.suffix)
        Image.new("RGB", (8, 8)).save(io.BytesIO(), name)
    except (KeyError, ValueError, OSError):
        raise SourceError(
            f"{out}: its name has to end as a picture's does that can be written, e.g. {out.stem or 'out'}.png"
        ) from None


def _cannot_write(out: Path, error: OSError) -> StoreError:
    return StoreError(f"{out}: cannot be written: {error.strerror or error}")
