"""A server on this machine that speaks the OpenAI interface and misbehaves as it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, Any]  # status, and what to say: a dict as JSON, a str as it is


@dataclass
class Seen:
    """One request as it came: path, headers (lower case), body (JSON where it is JSON)."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class BadServer:
    """`plan` is asked for every request (with its number from 0); what came is in `seen`."""

    plan: Callable[[int, Seen], Reply]
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    busiest: int = 0
    now: int = 0
    lock: Any = field(default_factory=threading.Lock)


def said(text: str, tokens: tuple[int, int] = (10, 5)) -> Reply:
    """A chat completion."""
    return 200, {
        "choices": [{"message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]},
    }


@contextmanager
def serving(plan: Callable[[int, Seen], Reply], *, slow: float = 0.0) -> Iterator[BadServer]:
    """A server for the time of a test. slow: seconds before each answer."""
    server = BadServer(plan)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            body: Any = raw
            if "json" in self.headers["content-type"]:
                body = json.loads(raw)
            with server.lock:
                number = len(server.seen)
                server.seen.append(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                server.now += 1
                server.busiest = max(server.busiest, server.now)
            try:
                if slow:
                    time.sleep(slow)
                status, words = plan(number, server.seen[number])
                data = (words if isinstance(words, str) else json.dumps(words)).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(data)))
                self.send_header("content-type", "application/json")
                if status == 429:
                    self.send_header("retry-after", "0")
                with server.lock:
                    server.now -= 1
                self.end_headers()
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client did not wait

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
