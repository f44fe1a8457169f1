"""Reading text in pictures with RapidOCR (PP-OCR models, carried by its package: no download)."""

from __future__ import annotations

import difflib
import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from anyedit.errors import require_extra
from anyedit.records import Pixels

LEAST = 320  # pixels: smaller pictures are enlarged before reading
SEEN = 512  # pixels: the least side at which text is looked for; RapidOCR's own 736 takes twice as long for the same


@dataclass(frozen=True)
class TextBox:
    """A line of text. score: the reader's confidence in [0, 1]. box: float (4, 2), corners in pixels."""

    text: str
    score: float
    box: tuple[tuple[float, float], ...]


def read(picture: Pixels) -> list[TextBox]:
    """The lines of text in a picture, uint8 (H, W, 3) RGB, from top to bottom."""
    height, width = picture.shape[:2]
    factor = max(1.0, LEAST / min(height, width))
    enlarged = (
        cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        if factor > 1
        else picture
    )
    found = _engine()(np.ascontiguousarray(enlarged[..., ::-1]), use_cls=False)
    if found.txts is None:
        return []
    return [
        TextBox(str(text), float(score), tuple((float(x) / factor, float(y) / factor) for x, y in box))
        for text, score, box in zip(found.txts, found.scores, found.boxes, strict=True)
    ]


def similarity(read_back: str, wanted: str) -> float:
    """How alike two texts are in [0, 1], without regard to case, spaces and punctuation."""
    one, two = ("".join(c for c in text.lower() if c.isalnum()) for text in (read_back, wanted))
    return difflib.SequenceMatcher(None, one, two).ratio()


@cache
def _engine() -> Any:
    with require_extra("", "reading text"):
        from rapidocr import RapidOCR
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    logging.getLogger("rapidocr").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Det.limit_side_len": SEEN,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


class RapidReader:
    """See roles.Reader."""

    @property
    def version(self) -> str:
        """Name and version."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            return f"RapidOCR {version('rapidocr')}"
        except PackageNotFoundError:
            return "RapidOCR (not installed)"

    def read(self, picture: Pixels) -> list[TextBox]:
        """See roles.Reader."""
        return read(picture)
