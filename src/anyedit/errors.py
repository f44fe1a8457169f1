"""The project's own errors: each says what is wrong, where, and what to do.

A command prints an `AnyEditError` as one message without traceback; any other exception is a bug and
keeps its traceback.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path


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
    import difflib

    options = sorted(known)
    if not options:
        return "; there are none"
    close = difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    shown = ", ".join(options[:LISTED])
    return f"; known: {shown}{f' and {len(options) - LISTED} more' if len(options) > LISTED else ''}"


@contextlib.contextmanager
def require_extra(extra: str, what: str = "") -> Iterator[None]:
    """Around the imports of an optional part: a package that is missing becomes a MissingExtra with the command."""
    try:
        yield
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "anyedit":
            raise  # a fault of ours, not a missing package
        problem = f"{error.name} is not installed" if isinstance(error, ModuleNotFoundError) else str(error)
        raise MissingExtra(f"{problem}{f'; for {what}' if what else ''}: {pip_install(extra)}") from error


def pip_install(extra: str = "") -> str:
    """The command that installs the package with an extra in this environment: from the checkout it came from, if any."""
    import shlex

    wanted = f"[{extra}]" if extra else ""
    pip = f"{shlex.quote(_near(Path(sys.executable)))} -m pip install"
    checkout = _checkout()
    if checkout is None:
        return f"{pip} 'anyedit{wanted}'"
    pins = checkout / "constraints.txt"
    pinned = f" -c {shlex.quote(_near(pins))}" if pins.exists() else ""
    return f"{pip}{pinned} -e '{_near(checkout)}{wanted}'"


def _checkout() -> Path | None:
    """The folder that the package was installed from with `pip install -e`; None for any other way."""
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import unquote, urlsplit

    try:
        told = json.loads(distribution("anyedit").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return None
    editable = told.get("dir_info", {}).get("editable", False)
    return Path(unquote(urlsplit(told["url"]).path)) if editable else None


def _near(path: Path) -> str:
    """A path as it is typed here: relative where it lies in the current folder."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
