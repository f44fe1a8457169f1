"""What stands before every request: who may ask, how much may be sent, what a page may load.

The web's own rules for a local server: the Host header must be ours (against DNS rebinding), what changes something
must come from our page (an Origin that is ours and a header that other sites cannot send without being asked), and on
any address but loopback every request carries the token.
"""

from __future__ import annotations

import hmac
import ipaddress
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "anyedit-studio"
MOST_BYTES = 24 << 20  # of one request: a photograph, or a picture and what was drawn on it
OURS = b"x-anyedit"
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware. token: asked for on every request; "": only names of loopback are served."""

    def __init__(self, app: ASGIApp, token: str = "") -> None:
        self.app, self.token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on with limits and headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        answer = self._refused(scope, headers)

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = {name.encode(): value.encode() for name, value in HEADERS.items()}
                message["headers"] = [*message["headers"], *told.items()]
            await send(message)

        if answer is not None:
            await answer(scope, receive, answering)
            return
        data = b""
        while scope["method"] == "POST":
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            data += message.get("body", b"")
            if len(data) > MOST_BYTES:
                await _told(413, f"more than {MOST_BYTES >> 20} MB were sent")(scope, receive, answering)
                return
            if not message.get("more_body"):
                break
        given = iter((data,))

        async def received() -> Message:
            body = next(given, None)
            if body is None:
                return await receive()
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, received if scope["method"] == "POST" else receive, answering)

    def _refused(self, scope: Scope, headers: dict[bytes, bytes]) -> Response | None:
        host = headers.get(b"host", b"").decode("latin-1")
        if self.token:
            answer = self._let_in(scope, headers)
            if answer is not None:
                return answer
        elif not is_loopback(urlsplit(f"//{host}").hostname or ""):
            return _told(403, f"this studio serves this machine only, not the host '{host}'")
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return _told(405, "only GET and POST are answered")
        if scope["method"] == "POST":
            origin = headers.get(b"origin", b"").decode("latin-1")
            if OURS not in headers or (origin and urlsplit(origin).netloc != host):
                return _told(403, "only the studio's own page may change something")
            length = headers.get(b"content-length", b"0")
            if not length.isdigit() or int(length) > MOST_BYTES:
                return _told(413, f"more than {MOST_BYTES >> 20} MB were sent")
        return None

    def _let_in(self, scope: Scope, headers: dict[bytes, bytes]) -> Response | None:
        """None when the token is there; one in the address is moved into a cookie, out of sight and of histories."""
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if self._is_token(asked.pop("token", "")):
            rest = f"?{urlencode(asked)}" if asked else ""
            moved = RedirectResponse(scope["path"] + rest, status_code=303)
            moved.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
            return moved
        cookie: SimpleCookie = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
        bearer = headers.get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ")
        if self._is_token(cookie[COOKIE].value if COOKIE in cookie else "") or self._is_token(bearer):
            return None
        return _told(401, "this studio asks for its token: open the address that `anyedit studio` printed")

    def _is_token(self, told: str) -> bool:
        return bool(told) and hmac.compare_digest(told.encode(), self.token.encode())


def _told(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status_code=status)
