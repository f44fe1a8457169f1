"""A folder claimed for one build: its lock, the recipe it holds, what a killed build left half-written."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anyedit.errors import RecipeError, StoreError
from anyedit.pipeline import shards
from anyedit.recipe import Recipe


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold a folder for one build; the lock goes with the process, however it ends."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = open(out / ".lock", "a")  # noqa: SIM115 (held as long as the build)
    except OSError as error:
        raise StoreError(f"cannot build into {out}: {error.strerror}; choose another --out") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise StoreError(
            f"another build is writing to {out}; wait for it, stop it, or choose another --out"
        ) from None
    try:
        yield
    finally:
        handle.close()


def same_build(out: Path, recipe: Recipe) -> None:
    """Say what a folder was made from; another recipe's results are not mixed in."""
    path = out / "recipe.json"
    mine = recipe.model_dump_json(indent=1)
    try:
        old = path.read_text() if path.exists() else mine
        theirs = Recipe.model_validate_json(old)
    except (OSError, ValueError):
        raise StoreError(
            f"{path} cannot be read, so what {out} holds is not known; choose another --out, or delete {out}"
        ) from None
    if old != mine:
        changed = [key for key in Recipe.model_fields if getattr(theirs, key) != getattr(recipe, key)]
        begun = any(any(shards.existing(out, step)) for step in shards.STEPS)
        if begun and set(changed) - {
            "pairs",
            "types",
            "effort",
            "name",
        }:  # a refused request leaves nothing behind
            raise RecipeError(
                f"{out} holds a build of another recipe (different: {', '.join(changed)}); choose another --out, "
                f"or delete {out} to start anew"
            )
    try:
        write_whole(path, mine)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; choose another --out") from error


def write_whole(path: Path, text: str) -> None:
    """Writes a file that is there whole or not at all, whatever kills the process."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    temporary.write_text(text)
    os.replace(temporary, path)


def clear_partial(out: Path) -> None:
    """Remove what a killed build was writing; nothing reads it, but it takes room."""
    for path in (*out.glob(".*.partial"), *out.glob("*/.*.partial")):
        path.unlink(missing_ok=True)
