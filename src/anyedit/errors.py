"""The project's own errors: each says what is wrong, where, and what to do.

A command prints an `AnyEditError` as one message without traceback; any other exception is a bug and
keeps its traceback.
"""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Iterator


class AnyEditError(Exception):
    """A mistake of the user or a fault of the surroundings (not a bug of ours)."""


class RecipeError(AnyEditError):
    """A recipe, or a request on top of one, that cannot be carried out. Raised before any work starts."""


class StoreError(AnyEditError):
    """A dataset folder or shard that cannot be read, written or locked."""


class SourceError(AnyEditError):
    """A source picture or its annotation that cannot be used; the row is quarantined with this reason."""


class EditNotPossible(AnyEditError):
    """An edit type cannot carry out this edit on this source; the row is rejected with this reason."""


class EngineError(AnyEditError):
    """An engine that answered nothing usable for one item, after its retries; the row is rejected with this reason."""


class EngineDown(AnyEditError):
    """An engine that cannot work at all (no server, no key, no weights): the build stops; what is finished is kept."""


class MissingExtra(AnyEditError):
    """A part needs packages that are not installed; the message says the command that installs them."""


LISTED = 40  # names that a message lists before it says how many more there are


def nearest(word: str, known: Iterable[str]) -> str:
    """`"; did you mean 'x'?"` for the nearest known word, else the list of the known ones."""
    options = sorted(known)
    close = difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    shown = ", ".join(options[:LISTED])
    return f"; known: {shown}{f' and {len(options) - LISTED} more' if len(options) > LISTED else ''}"


@contextlib.contextmanager
def require_extra(extra: str) -> Iterator[None]:
    """Around the imports of an optional part: a package that is missing becomes a MissingExtra with the command."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "anyedit":
            raise  # a fault of ours, not a missing package
        raise MissingExtra(f"this needs {error.name}: pip install 'anyedit[{extra}]'") from error
