"""What nobody annotated: the things in a photograph, their names, a caption from them, lines of text.

Things come from the first that has any: the source's own annotations; a detector (role "ground") with masks for its
boxes (role "segment"); the subject (role "salient"), divided into its separate pieces and named by a classifier
(role "classify"). What nothing names well stays "subject" or "object": a wrong noun would spoil the instruction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from anyedit.edits.given import Given, TextLine
from anyedit.edits.photographs import CUT
from anyedit.engines.roles import Mask
from anyedit.engines.tools import Tools
from anyedit.pipeline.photos import CROPPED, PLAIN, plain_caption
from anyedit.pipeline.word_boxes import words_of
from anyedit.records import Pixels, Source, SourceObject, pixels_of, png

LEAST, MOST = 0.004, 0.9  # share of the picture of a thing
PIECES = 30  # more separate pieces are no things but texture
SURE = 0.45  # share of the subject's pixels that the network may be unsure of
NAMED = 0.5  # least probability, over three looks at it, with which a name is believed
COMMON = 0.5  # intersection over union from which two finds are one thing
READ = 0.9  # OCR score from which a line is believed
UNNAMED = ("subject", "object")
# ImageNet has no people: what they wear and hold is named, but the piece is then a person with it.
HELD = frozenset(
    (  # noqa: SIM905
        "abaya, academic gown, apron, backpack, bathing cap, bikini, binoculars, bobsled, bow tie, "
        "breastplate, bulletproof vest, cardigan, cloak, cowboy hat, crutch, cuirass, fur coat, gasmask, "
        "glasses, go-kart, gown, guitar, gun, hat, helmet, jersey, jinrikisha, kimono, lab coat, mask, "
        "microphone, military uniform, miniskirt, neck brace, oxygen mask, pajama, poncho, racket, sarong, "
        "scuba diver, ski, ski mask, snorkel, stole, suit, sweatshirt, swimming trunks, trench coat, tripod, "
        "umbrella, vestment, violin, wig"
    ).split(", ")
)


def completed(source: Source, tools: Tools, types: Sequence[str]) -> Source:
    """The source with things, caption and lines of text where it came without them."""
    picture = pixels_of(source.image)
    given = Given.of(source)
    cropped = given.full is not None
    if not source.objects:
        things = detected(picture, tools, cropped) or salient(picture, tools, cropped)
        source = replace(source, objects=tuple(things), caption=_caption(source.caption, things))
    if not given.lines and not cropped and "textual_change" in types and tools.has("ocr"):
        lines = read(picture, tools)
        if lines:
            source = replace(source, extra=given.model_copy(update={"lines": lines}).json_text())
    return source


def detected(picture: Pixels, tools: Tools, cropped: bool) -> list[SourceObject]:
    """What a detector of a closed set finds, with masks; boxes without a mask and doubles are left out."""
    if not tools.has("ground") or not tools.ground.names:
        return []
    found = tools.ground.find([picture], [()])[0]
    masks = tools.segment.segment(picture, [thing.box for thing in found]) if found else []
    origin = f"{tools.version('ground')}, {tools.version('segment')}"
    things: list[SourceObject] = []
    kept: list[Mask] = []
    for thing, mask in zip(found, masks, strict=True):
        if isinstance(mask, Exception) or not LEAST <= mask.mean() <= MOST:
            continue
        if any((mask & other).sum() > COMMON * min(mask.sum(), other.sum()) for other in kept):
            continue  # a table found through the cup that stands on it
        kept.append(mask)
        things.append(_thing(len(things), thing.name, mask, origin, cropped))
    return things


def salient(picture: Pixels, tools: Tools, cropped: bool) -> list[SourceObject]:
    """The pieces of the subject, named where the classifier is sure; none when the network is not sure of them."""
    if not tools.has("salient"):
        return []
    likely = tools.salient.salient([picture])[0]
    whole = likely > 0.5
    if not LEAST <= whole.mean() <= MOST or ((likely > 0.15) & (likely < 0.85)).sum() > SURE * whole.sum():
        return []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(whole.astype(np.uint8), connectivity=8)
    pieces = [k for k in range(1, count) if stats[k][cv2.CC_STAT_AREA] >= LEAST * whole.size]
    if not pieces or len(pieces) > PIECES:
        return []
    masks = [np.asarray(labels == k) for k in sorted(pieces, key=lambda k: -stats[k][cv2.CC_STAT_AREA])]
    names = _names(picture, masks, tools)
    version = tools.version("salient") + (f", {tools.version('classify')}" if tools.has("classify") else "")
    return [
        _thing(number, name, mask, version, cropped)
        for number, (name, mask) in enumerate(zip(names, masks, strict=True))
    ]


def _names(picture: Pixels, masks: list[Mask], tools: Tools) -> list[str]:
    """The classifier's noun for each piece, seen with its surroundings and without, where it is sure."""
    unnamed = UNNAMED[0] if len(masks) == 1 else UNNAMED[1]
    if not tools.has("classify"):
        return [unnamed] * len(masks)
    looks = [look for mask in masks for look in _looks(picture, mask)]
    chances = tools.classify.probabilities(looks).reshape(len(masks), 3, -1).min(1)
    best = [(tools.classify.classes[row.argmax()], float(row.max())) for row in chances]
    return [name if sure >= NAMED and name not in HELD else unnamed for name, sure in best]


def _looks(picture: Pixels, mask: Mask) -> list[Pixels]:
    """The piece closely cropped, with its surroundings, and alone on an even ground."""
    ground = picture[~mask].mean(0) if not mask.all() else np.full(3, 128.0)
    alone = np.where(mask[..., None], picture, ground).astype(np.uint8)
    return [_crop(picture, mask, 0.1), _crop(picture, mask, 0.35), _crop(alone, mask, 0.1)]


def _crop(picture: Pixels, mask: Mask, margin: float) -> Pixels:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    pad = round(margin * max(len(rows), len(columns)))
    return np.ascontiguousarray(
        picture[max(0, rows[0] - pad) : rows[-1] + 1 + pad, max(0, columns[0] - pad) : columns[-1] + 1 + pad]
    )


def _thing(number: int, name: str, mask: Mask, origin: str, cropped: bool) -> SourceObject:
    """A found thing; one that meets the border of a crop is marked as cut off."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
    height, width = mask.shape
    cut = cropped and (box[0] < 2 or box[1] < 2 or box[2] > width - 2 or box[3] > height - 2)
    said = f"{origin} {CUT}" if cut else origin
    return SourceObject(f"f{number}", name, box, float(mask.mean()), png(mask), said)


def _caption(caption: str, things: Sequence[SourceObject]) -> str:
    """A caption from the things' names where there was none."""
    bare = caption.removeprefix(CROPPED)
    if bare.lower() != PLAIN.lower() or not things:
        return caption
    return plain_caption([thing.name for thing in things if thing.name != UNNAMED[0]])


def read(picture: Pixels, tools: Tools) -> tuple[TextLine, ...]:
    """The words of the lines that OCR is sure of, those of four letters and more."""
    lines = [
        TextLine(text=line.text, quad=line.box) for line in tools.ocr.read(picture) if line.score >= READ
    ]
    words = [word for line in lines for word in words_of(picture, line)]
    return tuple(word for word in words if len(word.text) >= 4 and word.text.isalpha())
