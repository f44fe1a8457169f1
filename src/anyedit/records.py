"""The rows that flow through a build, step by step. Frozen; each is one row of a Parquet shard.

Pictures are PNG bytes: `image` RGB, `mask` and `influence` 8-bit gray (255 = edited), `parts` 16-bit gray.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class SourceObject:
    """One thing known to be in a source picture.

    box: (x0, y0, x1, y1) in pixels, x1 and y1 exclusive. share: of the picture, in [0, 1]. mask: PNG or None.
    """

    id: str
    name: str  # the noun: "mug", "dog"
    box: tuple[float, float, float, float]
    share: float
    mask: bytes | None = None
    origin: str = "annotation"  # who says so: "exact", "annotation", or the engine's name


@dataclass(frozen=True)
class Source:
    """Step 1: a picture with a caption and what is known of it."""

    id: str
    image: bytes
    caption: str
    origin: str  # "world", or the file it came from
    licence: str
    split: str  # train, validation, test
    objects: tuple[SourceObject, ...] = ()
    scene: str | None = None  # JSON of the world scene
    natural: bool = True  # False: drawn against the concept bias
    turn: int = 1
    parent: str | None = None  # the pair whose edited picture this is
    chain: str = ""  # the chain's id: the first turn's pair id
    extra: str = "{}"  # JSON: safety and licence fields carried through, second views, text boxes


@dataclass(frozen=True)
class Instruction:
    """Step 2: what to do with a source, in words and in typed parameters."""

    id: str
    source: str  # id of the source
    edit_type: str
    params: str  # JSON of the type's Params
    text: str
    edited_caption: str
    edited_object: str
    phrasings: tuple[str, ...] = ()  # other wordings of the same edit
    writer: str = "grammar"  # what wrote the text
    relation: str = "original"  # original, inverse, composition
    made_from: tuple[str, ...] = ()  # ids of the pairs that an inverse or a composition was made from


@dataclass(frozen=True)
class Verdict:
    """What one rule measured. `passed` None: the rule does not apply here (never a silent pass)."""

    rule: str
    value: float | None
    low: float | None
    high: float | None
    passed: bool | None
    note: str = ""

    def __str__(self) -> str:
        limits = " and ".join(
            f"{sign} {bound:g}" for sign, bound in ((">=", self.low), ("<=", self.high)) if bound is not None
        )
        value = "not measured" if self.value is None else f"{self.value:.4g}"
        outcome = {True: "passed", False: "FAILED", None: "not applicable"}[self.passed]
        return f"{self.rule}: {value} (limit {limits or 'none'}) {outcome}{' - ' + self.note if self.note else ''}"


def merit(verdicts: Sequence[Verdict]) -> float:
    """How good a candidate is by its gates, to compare candidates of one item: the mean distance from the limits.

    Each rule gives its distance from its limit over the limit's own size, cut to [-1, 1]; a rule without value none.
    """
    margins = []
    for verdict in verdicts:
        if verdict.value is None or verdict.passed is None:
            if verdict.passed is False:
                margins.append(-1.0)
            continue
        apart = [
            sign * (verdict.value - bound) / max(abs(bound), 1e-6)
            for sign, bound in ((1, verdict.low), (-1, verdict.high))
            if bound is not None
        ]
        margins += [max(-1.0, min(1.0, margin)) for margin in apart]
    return sum(margins) / len(margins) if margins else 0.0


@dataclass(frozen=True)
class Edit:
    """Step 4: the edited picture."""

    id: str  # the instruction's id
    image: bytes
    mask: bytes
    influence: bytes | None
    visual_prompt: bytes | None
    scene: str | None  # JSON of the world scene after the edit
    engines: tuple[str, ...]  # who took part, with versions
    candidate: int = 0
    text: str = ""  # the wording that it was made with, when not the instruction's own


@dataclass(frozen=True)
class Rejected:
    """A row that went no further: at which step, by which rule, with which value."""

    id: str
    step: str
    edit_type: str
    source: str
    instruction: str
    rule: str
    value: float | None
    low: float | None
    high: float | None
    note: str = ""
    image: bytes | None = None  # the edited picture, when there was one
    source_image: bytes | None = None
    scores: tuple[Verdict, ...] = ()  # every verdict that it met
    candidate: int = 0
    instead: bool = False  # it lost against another candidate of the same instruction, which was accepted


@dataclass(frozen=True)
class EditPair:
    """Step 5: an accepted pair with every verdict it met. Its id is its instruction's."""

    source: Source
    instruction: Instruction
    edit: Edit
    scores: tuple[Verdict, ...]


def png(pixels: npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | npt.NDArray[np.bool_]) -> bytes:
    """PNG bytes of uint8 (H, W, 3) RGB, uint8 / uint16 (H, W) gray, or a bool mask (as 0 / 255). Lossless."""
    if pixels.dtype == np.bool_:
        pixels = pixels.astype(np.uint8) * 255
    shown = pixels[..., ::-1] if pixels.ndim == 3 else pixels
    done, data = cv2.imencode(".png", np.ascontiguousarray(shown), [cv2.IMWRITE_PNG_COMPRESSION, 4])
    if not done:
        raise ValueError(f"cannot write a PNG of shape {pixels.shape} and type {pixels.dtype}")
    return data.tobytes()


def pixels_of(data: bytes) -> Pixels:
    """Decode PNG (or JPEG) bytes: uint8 (H, W, 3) RGB, or (H, W) as stored for gray pictures."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise ValueError("not a picture that can be decoded")
    return image if image.ndim == 2 else np.ascontiguousarray(image[..., 2::-1])


def asdict(row: object) -> dict[str, object]:
    """A record as a plain dict, nested records too."""
    return dataclasses.asdict(row)  # type: ignore[call-overload, no-any-return]
