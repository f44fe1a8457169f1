"""Pictures that cost a second of rendering and depend on nothing but this code: kept for other workers and builds.

They lie in the user's cache folder (XDG_CACHE_HOME), under a name made of all that decides their bytes. A file that
is missing, half written or unreadable is made anew, and a folder that cannot be written costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import cv2

from anyedit.records import Pixels, pixels_of, png

DECIDING = ("mitsuba", "drjit", "pyoidn", "numpy", "scipy", "opencv-python-headless")


def kept(name: str, make: Callable[[], Pixels]) -> Pixels:
    """The picture of this name, uint8 (H, W, 3); what `make` gives must follow from the name and the code alone."""
    path = folder() / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.png"
    try:
        return pixels_of(path.read_bytes())
    except (OSError, ValueError, cv2.error):  # not there yet, or not whole
        picture = make()
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(png(picture))
        os.replace(partial, path)
    except OSError:  # no room or no right to write: the next one makes it, too
        with suppress(OSError):
            partial.unlink()
    return picture


def folder() -> Path:
    """Where the pictures of this code, these libraries and this kind of processor lie."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "anyedit" / "world" / generation()


@cache
def generation() -> str:
    """A digest of what decides the bytes of what the world makes: this code, these libraries, this processor."""
    told = hashlib.sha256()
    world = Path(__file__).parent
    for source in sorted(world.rglob("*.py")):
        told.update(source.relative_to(world).as_posix().encode() + source.read_bytes())
    for package in DECIDING:
        told.update(f"{package} {version(package)}".encode())
    told.update(_processor().encode())
    return told.hexdigest()[:16]


def _processor() -> str:
    """Its kind: vector instructions, which the renderer and the denoiser choose by, may round differently."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return f"{platform.machine()} {told.get('model name') or platform.processor()} {told.get('flags', '')}"
