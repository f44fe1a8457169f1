"""A server on this machine in the place of a judge: it answers as a plan says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Plan = Callable[[str, list[str], int], str]  # words, pictures (data addresses), seed -> answer


@contextmanager
def judging(plan: Plan) -> Iterator[tuple[str, list[str]]]:
    """The server's address, and the words of every request that came."""
    seen: list[str] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["content-length"])))
            parts = body["messages"][-1]["content"]
            words = next(part["text"] for part in parts if part["type"] == "text")
            pictures = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
            with lock:
                seen.append(words)
            answer = {
                "choices": [{"message": {"content": plan(words, pictures, body["seed"])}}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 10},
            }
            data = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{http.server_address[1]}/v1", seen
    finally:
        http.shutdown()
        http.server_close()
