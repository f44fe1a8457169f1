"""Memory that is free goes back to the machine: between tasks, so that a worker's size is what it holds."""

from __future__ import annotations

import ctypes
import gc
import sys
from functools import cache
from typing import Any


@cache
def _libc() -> Any:
    """The C library where it can give pages back (glibc), else None."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None


def give_back() -> None:
    """Collect what nobody holds, and return freed pages: glibc keeps them, hundreds of MB after a few scenes."""
    gc.collect()
    gc.freeze()  # libraries and caches stay; the next collections look only at what is new
    library = _libc()
    if library is not None:
        library.malloc_trim(0)
