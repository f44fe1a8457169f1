"""LaMa (Suvorov et al. 2022), the publication's fill, from an ONNX file: no pickle, and no code of the repository it is from.

No PyPI package carries the weights and diffusers has no pipeline for them; exports to ONNX are published (one is in
OpenCV's model zoo, Apache-2.0). They take `image` (1, 3, S, S) in [0, 1] and `mask` (1, 1, S, S), 1 where to fill.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from anyedit.engines.roles import Mask
from anyedit.errors import EngineDown, require_extra
from anyedit.records import Pixels

MARGIN = 1.0  # of the hole's longer side: so much of its surroundings the network sees, at least


@dataclass(frozen=True)
class LamaFill:
    """See roles.Inpainter. model: the .onnx file. white: what the network says for white (255, or 1 in some exports).

    Where the network has one size, the square around the hole is scaled to it and back; only the hole is taken.
    """

    model: str = ""
    white: float = 255.0

    @property
    def version(self) -> str:
        """Name, and the first digits of the file's SHA-256. Raises EngineDown when there is no such file."""
        return f"LaMa {self._digest[:12]} (onnxruntime)"

    @cached_property
    def _digest(self) -> str:
        if not Path(self.model).is_file():
            raise EngineDown(
                f"engines.inpaint: lama needs 'model', a LaMa network as an .onnx file; there is none at '{self.model}'"
            )
        return hashlib.sha256(Path(self.model).read_bytes()).hexdigest()

    @cached_property
    def _network(self) -> Any:
        with require_extra("small", "LaMa"):
            import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        network = onnxruntime.InferenceSession(self.model, options, providers=["CPUExecutionProvider"])
        taken = {node.name: node.shape for node in network.get_inputs()}
        if set(taken) != {"image", "mask"}:
            raise EngineDown(f"{self.model}: takes {', '.join(taken)}; a LaMa network takes image and mask")
        return network

    @property
    def _side(self) -> int | None:
        """The side that the network works in, or None when it takes any multiple of 8."""
        side = self._network.get_inputs()[0].shape[-1]
        return side if isinstance(side, int) else None

    def fill(self, picture: Pixels, hole: Mask, avoid: Mask | None = None) -> Pixels:
        """See roles.Inpainter. What is to be avoided is filled too, and not taken: the network must not copy it."""
        if not hole.any():
            return picture
        top, left, bottom, right = _window(hole, picture.shape[:2])
        crop, own = picture[top:bottom, left:right], hole[top:bottom, left:right]
        blocked = own if avoid is None else own | avoid[top:bottom, left:right]
        height, width = own.shape
        side = self._side
        size = (side, side) if side else (-(-width // 8) * 8, -(-height // 8) * 8)
        way = cv2.INTER_AREA if size[0] < width else cv2.INTER_CUBIC
        image = cv2.resize(crop, size, interpolation=way).astype(np.float32).transpose(2, 0, 1)[None] / 255
        mask = (cv2.resize(blocked.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0)[None, None]
        (made,) = self._network.run(None, {"image": image, "mask": mask.astype(np.float32)})
        shown = np.clip(made[0].transpose(1, 2, 0) * (255 / self.white) + 0.5, 0, 255).astype(np.uint8)
        back = cv2.resize(
            shown, (width, height), interpolation=cv2.INTER_LINEAR
        )  # cubic overshoots at the hole's border
        result = picture.copy()
        result[top:bottom, left:right] = np.where(own[..., None], back, crop)
        return result


def _window(hole: Mask, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """The square with the hole in its middle and room around it, as far as the picture goes: top, left, bottom, right."""
    rows, columns = np.flatnonzero(hole.any(1)), np.flatnonzero(hole.any(0))
    reach = round((0.5 + MARGIN) * max(len(rows), len(columns))) + 16
    y, x = (int(rows[0]) + int(rows[-1])) // 2, (int(columns[0]) + int(columns[-1])) // 2
    return max(0, y - reach), max(0, x - reach), min(shape[0], y + reach), min(shape[1], x + reach)
