"""The command `anyedit`. Every verb is a thin shell over a Python function of the same name (`types`: `list_types`).

Exit codes: 0 done; 1 done, but short of what was asked (a type missed its quota, a pair differs); 2 a mistake in
the request or recipe; 3 the disk or a file failed; 130 interrupted (run again to continue).
"""

from __future__ import annotations

import sys

from anyedit.cli import benching as benching  # each module of verbs registers its own
from anyedit.cli import datasets as datasets
from anyedit.cli import editing as editing
from anyedit.cli import gates as gates
from anyedit.cli import studio as studio
from anyedit.cli import training as training
from anyedit.cli.app import app


def main() -> None:
    """Run the command; the project's own errors are one message, everything else keeps its traceback."""
    from anyedit.errors import AnyEditError, StoreError

    try:
        app()
    except StoreError as error:
        _fail(str(error), 3)
    except AnyEditError as error:
        _fail(str(error), 2)
    except SystemExit as end:
        if end.code == 130:  # Typer has turned Ctrl-C into an exit without a word
            _fail("interrupted; what is finished is kept: run the same command again to continue", 130)
        raise


def _fail(message: str, code: int) -> None:
    print(f"anyedit: {message}", file=sys.stderr)
    sys.exit(code)
