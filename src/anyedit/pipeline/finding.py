"""What nobody annotated: the things in a photograph, their names, a caption from them, lines of text.

Things come from the first that has any: the source's own annotations; a detector (role "ground") with masks for its
boxes (role "segment"); the subject (role "salient"), divided into its separate pieces and named by a classifier
(role "classify"). What nothing names well stays "subject" or "object": a wrong noun would spoil the instruction.

A piece of the subject is no thing when it is a part of one (a cat's eye in a crop of its face), or a block of text.
One with a person's face is a person; what wears what people wear is a "figure"; many pieces of one size are a set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from anyedit.edits.given import Given, TextLine
from anyedit.edits.photographs import CUT
from anyedit.engines.roles import Mask
from anyedit.engines.small.faces import faces, version_of_faces
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
PERSON, FIGURE, ITEM = "person", "figure", "item"  # seen by a face; by clothes and gear; one of a set
WORN = 0.4  # probability of clothes and gear, all together, from which a piece is the one who has them on
PART, WHOLE = (
    0.1,
    0.5,
)  # a piece that is surely a cat with its surroundings, and none without them, is a part of it
SET, ALIKE = 5, 2.5  # so many pieces within this factor of the middle size are things of one kind
LETTERED = 0.3  # share of a piece under lines of text from which it is text
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
    named = [(name, mask) for name, mask in zip(_names(picture, masks, tools), masks, strict=True) if name]
    text = _text(picture, tools) if any(name in UNNAMED for name, _ in named) else None
    if text is not None:
        named = [(n, m) for n, m in named if n not in UNNAMED or (m & text).sum() < LETTERED * m.sum()]
    engines = [tools.version(role) for role in ("salient", "classify") if tools.has(role)]
    version = ", ".join([*engines, *([version_of_faces()] if any(n == PERSON for n, _ in named) else [])])
    return [_thing(number, name, mask, version, cropped) for number, (name, mask) in enumerate(named)]


def _names(picture: Pixels, masks: list[Mask], tools: Tools) -> list[str]:
    """A noun for each piece: a person's where a face is seen, else the classifier's where it is sure; "" for a part."""
    unnamed = UNNAMED[0] if len(masks) == 1 else UNNAMED[1]
    looked = [_name(looks, tools) for looks in (_looks(picture, mask) for mask in masks)]
    names = [unnamed if name is None else name for name in looked]
    if _is_set(masks):
        common, times = Counter(names).most_common(1)[0]
        sure = times > len(names) / 2 and common and common not in UNNAMED
        return [common if sure else ITEM] * len(names)
    for x0, y0, x1, y1 in faces(picture) if any(name in (*UNNAMED, FIGURE) for name in names) else ():
        middle = (round((y0 + y1) / 2), round((x0 + x1) / 2))
        names = [
            PERSON if mask[middle] and n in (*UNNAMED, FIGURE) else n
            for n, mask in zip(names, masks, strict=True)
        ]
    return names


def _name(looks: list[Pixels], tools: Tools) -> str | None:
    """The classifier's noun in all three looks; "figure" by what is worn, "" for a part, None where it is not sure."""
    if not tools.has("classify"):
        return None
    chances, classes = tools.classify.probabilities(looks), tools.classify.classes
    likely = chances.min(0)
    best = int(likely.argmax())
    if likely[best] >= NAMED and classes[best] not in HELD:
        return classes[best]
    if chances[:, [name in HELD for name in classes]].sum(1).mean() >= WORN:
        return FIGURE
    close, wide, alone = chances
    around = int(wide.argmax())
    part = wide[around] >= WHOLE and max(close[around], alone[around]) < PART
    return "" if part else None


def _is_set(masks: list[Mask]) -> bool:
    """Whether most of the pieces, and many, are of one size: coins on a board are no parts of one another."""
    sizes = np.array([mask.sum() for mask in masks], float)
    near = np.abs(np.log(sizes / np.median(sizes))) <= np.log(ALIKE)
    return len(sizes) >= SET and bool(near.mean() >= 0.8)


def _text(picture: Pixels, tools: Tools) -> Mask | None:
    """bool (H, W): the lines of text, with the room between them; None where nothing reads."""
    if not tools.has("ocr"):
        return None
    found = np.zeros(picture.shape[:2], np.uint8)
    for line in tools.ocr.read(picture):
        if line.score < READ or len(line.text) < 2:
            continue  # a ball is read as an "O"
        cv2.fillPoly(found, [np.round(np.asarray(line.box)).astype(np.int32)], 1)
    return np.asarray(found > 0)


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
