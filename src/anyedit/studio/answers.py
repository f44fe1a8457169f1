"""What all answers share: the desk, numbers in addresses, errors as messages."""

from __future__ import annotations

import json
import logging
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from anyedit.errors import AnyEditError
from anyedit.studio.desk import Desk
from anyedit.studio.roots import StudioError


def desk_of(request: Request) -> Desk:
    """The running studio's state."""
    desk: Desk = request.app.state.desk
    return desk


def number(request: Request, name: str, default: int | None = None) -> int:
    """A whole number of the address. Raises StudioError."""
    told = request.query_params.get(name)
    if told is None and default is not None:
        return default
    try:
        return int(told or "")
    except ValueError:
        raise StudioError(f"the address says {name}={told}; a whole number is expected") from None


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent. Raises StudioError."""
    try:
        told = json.loads(await request.body())
    except (ValueError, UnicodeDecodeError):
        raise StudioError("what was sent is not JSON") from None
    if not isinstance(told, dict):
        raise StudioError("what was sent is not a JSON object")
    return told


async def refusal(request: Request, error: Exception) -> Response:
    """One of the project's own errors: its message."""
    assert isinstance(error, AnyEditError)
    return JSONResponse({"error": str(error)}, status_code=400)


async def fault(request: Request, error: Exception) -> Response:
    """A bug of ours: named on the page, with its traceback in the terminal."""
    logging.getLogger("anyedit.studio").error("%s %s", request.method, request.url.path, exc_info=error)
    told = f"{type(error).__name__}: {error} (a fault of the studio; the terminal shows where)"
    return JSONResponse({"error": told}, status_code=500)
