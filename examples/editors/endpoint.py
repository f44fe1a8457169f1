"""An endpoint that speaks the OpenAI interface for image edits, in the standard library and Pillow: what to put before
a model of your own. It answers POST /v1/images/edits with the picture in sepia.

python examples/editors/endpoint.py 8000
OPENAI_API_KEY=none anyedit bench run --suite demo --editor openai:sepia --set base_url=http://127.0.0.1:8000/v1 \
    --out runs/sepia -p pixels
"""

import base64
import io
import json
import sys
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image, ImageOps


def model(picture: Image.Image, instruction: str) -> Image.Image:
    """Yours goes here."""
    return ImageOps.colorize(ImageOps.grayscale(picture), "#2b1a0e", "#fff1d6")


class Endpoint(BaseHTTPRequestHandler):
    """POST /v1/images/edits: multipart form with `image` and `prompt`; answers {"data": [{"b64_json": PNG}]}."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != "/v1/images/edits":
            return self.answer(404, {"error": {"message": f"no such address: {self.path}"}})
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        form = {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in message_from_bytes(head + body).get_payload()
        }
        picture = next((data for name, data in form.items() if str(name).startswith("image")), None)
        if picture is None or "prompt" not in form:
            return self.answer(400, {"error": {"message": "send an image and a prompt"}})
        edited = io.BytesIO()
        model(Image.open(io.BytesIO(picture)).convert("RGB"), form["prompt"].decode()).save(edited, "PNG")
        self.answer(200, {"data": [{"b64_json": base64.b64encode(edited.getvalue()).decode()}]})

    def answer(self, status: int, told: dict) -> None:
        data = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000), Endpoint)
    print(f"http://127.0.0.1:{server.server_address[1]}/v1", flush=True)
    server.serve_forever()
