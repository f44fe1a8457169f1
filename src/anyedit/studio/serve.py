"""Opening the studio: the address it listens on, its token, the server."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from anyedit.errors import require_extra
from anyedit.studio.roots import StudioError

PORT = 7860


def open_studio(
    folders: Sequence[str | Path] = (),
    *,
    host: str = "127.0.0.1",
    port: int = PORT,
    token: str = "",
    editors: Sequence[str] = (),
    cache: str | Path | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the studio until it is interrupted; the Python twin of `anyedit studio`.

    folders: builds, datasets, trainings, bench runs, or folders of them (default: this one). host: any address but
    loopback needs a token ("new": one is made). port: 0 for a free one. editors: as `anyedit bench run --editor`
    names them, besides the small one of the package and those in the folders. ready: told the address to open.
    Raises StudioError before anything is served.
    """
    with require_extra("studio"):
        import uvicorn

        from anyedit.studio.application import create_app
        from anyedit.studio.desk import Desk
        from anyedit.studio.guard import is_loopback

    if token == "new":
        token = secrets.token_urlsafe(18)
    if not token and not is_loopback(host):
        raise StudioError(
            f"--host {host} can be reached from other machines: give a token (--token WORD, or --token new)"
        )
    desk = Desk(folders, cache, editors)
    listening = _listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    app = create_app(desk, token)
    (ready or _print)(f"{address}?token={token}" if token else address)
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, date_header=False, access_log=False
    )
    uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)  # who comes before the server has started waits, and is not refused
    except OSError as error:
        made.close()
        raise StudioError(
            f"cannot listen on {host}:{port} ({error.strerror}); choose another --port"
        ) from None
    return made


def _print(address: str) -> None:
    print(f"studio  {address}   (Ctrl-C ends it)", flush=True)
