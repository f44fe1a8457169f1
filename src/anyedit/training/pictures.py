"""One pair's pictures, from their files' bytes to arrays of the size of a batch. Runs in the decoding threads."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.errors import SourceError
from anyedit.training.buckets import Size, nearest_bucket

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Pair:
    """uint8 (H, W, 3) RGB each; `prompt` of that size where it lies over the picture, else of its own, None without
    one."""

    source: Pixels
    edited: Pixels
    prompt: Pixels | None

    @property
    def size(self) -> Size:
        """Height and width of source and edited picture."""
        return self.source.shape[0], self.source.shape[1]


def decode(data: bytes | memoryview | None, what: str) -> Pixels:
    """PNG, JPEG or WebP bytes as uint8 (H, W, 3) RGB. Raises SourceError."""
    if not data:
        raise SourceError(f"{what}: no picture")
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise SourceError(f"{what}: not a picture that can be decoded")
    return pixels


def fit(pixels: Pixels, size: Size) -> Pixels:
    """Scaled until it covers `size`, and the middle cut out. Nothing is done to a picture of that size."""
    height, width = pixels.shape[:2]
    scale = max(size[0] / height, size[1] / width)
    pixels = stretch(pixels, (max(size[0], round(height * scale)), max(size[1], round(width * scale))))
    top, left = (pixels.shape[0] - size[0]) // 2, (pixels.shape[1] - size[1]) // 2
    return pixels[top : top + size[0], left : left + size[1]]


def stretch(pixels: Pixels, size: Size) -> Pixels:
    """Scaled to `size`, whatever its shape. Nothing is done to a picture of that size."""
    height, width = pixels.shape[:2]
    if (height, width) == size:
        return pixels
    kind = cv2.INTER_AREA if max(size[0] / height, size[1] / width) < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, size[::-1], interpolation=kind)


def mirror(pixels: Pixels) -> Pixels:
    """Left and right exchanged."""
    return pixels[:, ::-1]


def read_pair(
    source: bytes | memoryview | None,
    edited: bytes | memoryview | None,
    prompt: bytes | memoryview | None,
    sizes: tuple[Size, ...],
    flip: bool = False,
    aligned: bool = False,
) -> Pair:
    """The pair at the size nearest to the source's shape. Raises SourceError when one cannot be used.

    aligned: whether the prompt lies over the source, pixel on pixel (a box, a depth map): then it is scaled, cut and
    mirrored as the source is; else it is left as it is. An edited picture of another shape than its source is
    refused: there is no telling how they lie over each other.
    """
    before, after = decode(source, "source"), decode(edited, "edited")
    if (
        abs(before.shape[0] * after.shape[1] - before.shape[1] * after.shape[0])
        > 0.02 * before.shape[0] * after.shape[1]
    ):
        raise SourceError(
            f"source is {before.shape[1]}x{before.shape[0]} px, edited {after.shape[1]}x{after.shape[0]}"
        )
    size = nearest_bucket(before.shape[0], before.shape[1], sizes)
    shown = None if prompt is None else decode(prompt, "visual_prompt")
    if shown is not None and aligned:
        shown = fit(stretch(shown, (before.shape[0], before.shape[1])), size)
    before, after = fit(before, size), fit(after, size)
    if flip:
        before, after = mirror(before), mirror(after)
        shown = mirror(shown) if shown is not None and aligned else shown
    return Pair(before, after, shown)
