"""Pictures by the images interface: text to image, and editing to an instruction (with a mask where there is one).

Hosted models make pictures of a few sizes only. A picture is fitted into the nearest of them with its edges
repeated, sent, and cut out of the answer again, so that source and edited picture stay aligned.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

from anyedit.engines.openai.client import Server
from anyedit.engines.roles import Instructed, Or, Scene
from anyedit.errors import EngineError
from anyedit.records import Pixels, pixels_of, png

SIZES = ("1024x1024", "1536x1024", "1024x1536")


@dataclass(frozen=True)
class Pictures(Server):
    """Roles generate and follow.

    sizes: what the server can make, "WIDTHxHEIGHT"; the nearest in shape is asked for. extra: further fields of
    the request ("quality", "response_format", ...), passed on as they are.
    """

    sizes: tuple[str, ...] = SIZES
    extra: Mapping[str, Any] = field(default_factory=dict)

    def generate(self, scenes: Sequence[Scene]) -> list[Or[Pixels]]:
        """See roles.PictureMaker."""
        return self.each(self._scene, scenes)

    def follow(self, jobs: Sequence[Instructed]) -> list[Or[Pixels]]:
        """See roles.InstructionEditor. A mask goes along as the picture's transparent part, as the interface has it."""
        return self.each(self._edit, jobs)

    def _scene(self, scene: Scene) -> Or[Pixels]:
        size = self._size(scene.size)
        prompt = scene.caption + (f"\nAvoid: {scene.avoid}" if scene.avoid else "")
        body = {
            "model": self.model,
            "prompt": prompt,
            "n": 1,
            "size": f"{size[0]}x{size[1]}",
            **dict(self.extra),
        }
        try:
            made = self._picture(self.post("images/generations", body))
        except EngineError as error:
            return error
        return _covering(made, scene.size)

    def _edit(self, job: Instructed) -> Or[Pixels]:
        height, width = job.picture.shape[:2]
        frame = _Frame.of((width, height), self._size((width, height)))
        files = [("image", ("image.png", png(frame.put(job.picture)), "image/png"))]
        if job.mask is not None:
            clear = frame.put(np.where(job.mask, 0, 255).astype(np.uint8))
            done, data = cv2.imencode(".png", np.dstack([frame.put(job.picture)[..., ::-1], clear]))
            assert done
            files.append(("mask", ("mask.png", data.tobytes(), "image/png")))
        size = f"{frame.size[0]}x{frame.size[1]}"
        body = {"model": self.model, "prompt": job.instruction, "n": "1", "size": size, **dict(self.extra)}
        try:
            made = self._picture(self.post("images/edits", body, files))
        except EngineError as error:
            return error
        return frame.cut(made)

    def _size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The server's size of the nearest shape."""
        known = [(int(w), int(h)) for w, _, h in (text.partition("x") for text in self.sizes)]
        return min(known, key=lambda wh: abs(np.log(wh[0] / wh[1]) - np.log(size[0] / size[1])))

    def _picture(self, answer: dict[str, Any]) -> Pixels:
        """The picture of an answer, RGB. Addresses are not followed: nothing but the named server is asked."""
        try:
            data = base64.b64decode(answer["data"][0]["b64_json"], validate=True)
            made = pixels_of(data)
        except (KeyError, IndexError, TypeError, ValueError, binascii.Error, cv2.error) as error:
            raise EngineError(
                f"{self.version}: the answer holds no picture ({type(error).__name__}); servers that answer with "
                "an address need extra: {response_format: b64_json}"
            ) from None
        return made if made.ndim == 3 else np.repeat(made[..., None], 3, -1)


@dataclass(frozen=True)
class _Frame:
    """Where a picture lies in a larger one of another shape. inner: (x, y, width, height)."""

    size: tuple[int, int]
    inner: tuple[int, int, int, int]
    original: tuple[int, int]

    @classmethod
    def of(cls, picture: tuple[int, int], size: tuple[int, int]) -> _Frame:
        scale = min(size[0] / picture[0], size[1] / picture[1])
        width, height = (max(1, round(n * scale)) for n in picture)
        return cls(size, ((size[0] - width) // 2, (size[1] - height) // 2, width, height), picture)

    def put(self, pixels: Pixels) -> Pixels:
        x, y, width, height = self.inner
        inside = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_CUBIC)
        right, below = self.size[0] - width - x, self.size[1] - height - y
        return np.asarray(cv2.copyMakeBorder(inside, y, below, x, right, cv2.BORDER_REPLICATE), np.uint8)

    def cut(self, made: Pixels) -> Pixels:
        across, down = made.shape[1] / self.size[0], made.shape[0] / self.size[1]
        x, y, width, height = self.inner
        x0, x1 = round(x * across), round((x + width) * across)
        y0, y1 = round(y * down), round((y + height) * down)
        inside = np.ascontiguousarray(made[y0:y1, x0:x1])
        return np.asarray(cv2.resize(inside, self.original, interpolation=cv2.INTER_AREA), np.uint8)


def _covering(made: Pixels, size: tuple[int, int]) -> Pixels:
    """The middle of a picture that has the asked shape, at the asked size."""
    height, width = made.shape[:2]
    scale = min(width / size[0], height / size[1])
    w, h = round(size[0] * scale), round(size[1] * scale)
    x, y = (width - w) // 2, (height - h) // 2
    inside = np.ascontiguousarray(made[y : y + h, x : x + w])
    return np.asarray(cv2.resize(inside, size, interpolation=cv2.INTER_AREA), np.uint8)
