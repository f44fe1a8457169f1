"""What edits of photographs share: naming a thing, judging its surroundings, which things may go, captions without them."""

from __future__ import annotations

import re

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.edits.base import Mask
from anyedit.edits.views import PhotoView
from anyedit.language import indefinite, plural, spelled
from anyedit.records import Pixels, SourceObject

# Nobody takes these off a body or sets them elsewhere.
PARTS = frozenset(
    [
        "eye",
        "nose",
        "mouth",
        "ear",
        "head",
        "face",
        "hand",
        "arm",
        "leg",
        "foot",
        "hair",
        "tail",
        "wing",
        "skin",
        "neck",
        "paw",
    ]
)
SMALL, LARGE = 0.005, 0.06  # share of the picture of things that a fill can replace
UNNAMED = frozenset(
    ("subject", "object")
)  # found, but not known: perhaps a part (an eye), which may not leave its place
CUT = "(cut off)"  # how a thing's origin ends when most of it lies outside the picture
THING = r"an? (?:[\w-]+ ){{0,2}}{}\b"  # "a mug", "a large red mug"; to be filled in with the noun
EVEN = 14.0  # deviation in Lab around a thing up to which one texture can stand for all of it


def refer(view: PhotoView, object_id: str) -> str | None:
    """ "the bud", "the leftmost coin", "the coin in the top left corner"; None when no short phrase is unambiguous."""
    thing = view.object(object_id)
    alike = [other for other in view.objects if other.name == thing.name]  # also those that a crop cuts off
    if len(alike) == 1:
        return f"the {thing.name}"
    height, width = view.picture.shape[:2]
    x = {other.id: (other.box[0] + other.box[2]) / 2 / width for other in alike}
    y = {other.id: (other.box[1] + other.box[3]) / 2 / height for other in alike}
    size = {other.id: float(np.log(max(other.share, 1e-6))) / 5 for other in alike}  # 0.03: 16% larger
    orders = [
        (x, 1, "the leftmost {}"),
        (x, -1, "the rightmost {}"),
        (y, 1, "the topmost {}"),
        (y, -1, "the lowest {}"),
    ]
    orders += [(size, -1, "the largest {}"), (size, 1, "the smallest {}")]
    for sx, across in ((1, "left"), (-1, "right")):
        for sy, up in ((1, "top"), (-1, "bottom")):
            corner = {key: sx * x[key] + sy * y[key] for key in x}
            orders.append((corner, 1, f"the {{}} in the {up} {across} corner"))
    if len(alike) == 2:
        orders = [(x, 1, "the {} on the left"), (x, -1, "the {} on the right"), *orders]
    for order, sign, phrase in orders:
        others = [sign * value for key, value in order.items() if key != thing.id]
        if min(others) - sign * order[thing.id] >= 0.03:
            return phrase.format(thing.name)
    return None


def said(view: PhotoView, object_id: str) -> str:
    """`refer`, or the plain noun where no phrase is unambiguous."""
    return refer(view, object_id) or f"the {view.object(object_id).name}"


def around(view: PhotoView, mask: Mask, width: int) -> Mask:
    """bool (H, W): a ring outside the mask, without the other known things."""
    from anyedit.engines.classical import dilated

    ring = dilated(mask, width + 4) & ~dilated(mask, 3)
    return ring & ~others(view, mask)


def others(view: PhotoView, mask: Mask, grown: int = 3) -> Mask:
    """bool (H, W): every known thing that is mostly outside the mask."""
    from anyedit.engines.classical import dilated

    found = np.zeros(mask.shape, bool)
    for thing in view.objects:
        own = view.mask(thing.id)
        if (own & mask).sum() < 0.5 * own.sum() and own.mean() < 0.5 and not (own & mask).any():
            found |= own
    return dilated(found, grown)


def unevenness(view: PhotoView, mask: Mask) -> float:
    """Deviation in CIE Lab of the calmed picture in a ring around the mask; 100 when there is no ring."""
    ring = around(view, mask, max(6, round(0.25 * float(np.sqrt(mask.sum())))))
    if ring.sum() < 30:
        return 100.0
    return float(np.sqrt(calm_lab_of(view.picture, 1.5)[ring].var(axis=0).sum()))


def replaceable(view: PhotoView, *, largest: float = LARGE, whole: bool = False) -> list[SourceObject]:
    """The things that can be named, are small and stand before one even texture.

    whole: only those that the picture's border does not cut off, which may move and be scaled.
    """
    height, width = view.picture.shape[:2]
    found = []
    for thing in view.objects:
        if (
            thing.origin.endswith(CUT)
            or not SMALL <= thing.share <= largest
            or PARTS & set(thing.name.lower().split())
            or thing.name in UNNAMED
        ):
            continue
        x0, y0, x1, y1 = thing.box
        if whole and (min(x0, y0) < 2 or x1 > width - 2 or y1 > height - 2):
            continue
        if refer(view, thing.id) is not None and unevenness(view, view.mask(thing.id)) <= EVEN:
            found.append(thing)
    return found


def without(view: PhotoView, object_id: str) -> str:
    """The caption with a thing left out where grammar allows, else with its absence said."""
    caption, name = view.caption, view.object(object_id).name
    said = refer(view, object_id) or f"the {name}"
    fewer = one_fewer(caption, sum(other.name == name for other in view.objects), name)
    if fewer:
        return fewer
    if said == f"the {name}":
        shorter = left_out(caption, name)
        if shorter:
            return shorter
        thing = THING.format(re.escape(name))
        subject = re.match(rf"{thing} (?:on|in|at) (?:its|his|her|the|an?) (.+)", caption, re.IGNORECASE)
        if subject:
            place = indefinite(subject.group(1))
            return f"{place[0].upper()}{place[1:].rstrip('.')}, without {said}"
    return f"{caption.rstrip('.')}, with {said} gone"


def left_out(caption: str, name: str) -> str | None:
    """The caption without "and a NAME", "a NAME and" or ", a NAME"; None where it does not tell of one like that."""
    thing = THING.format(re.escape(name))
    for pattern in (rf" and {thing}(?! of)", rf"(?<=with ){thing} and ", rf", {thing}(?=[,.])"):
        met = re.search(pattern, caption, re.IGNORECASE)
        if met and not (pattern.startswith(" and") and re.search(r", an? [^,]*$", caption[: met.start()])):
            return caption[: met.start()] + caption[met.end() :]
    return None


def one_fewer(caption: str, number: int, name: str) -> str | None:
    """The caption with its number of these things lowered by one; None when it does not say that there are so many."""
    if number < 2:
        return None
    things = rf"((?:[\w-]+ ){{0,3}}?){re.escape(plural(name))}\b"
    for spell in (spelled, str):
        met = re.search(rf"(?<![\w-]){spell(number)} {things}", caption, re.IGNORECASE)
        if met is None:
            continue
        left = (
            indefinite(f"{met[1]}{name}")
            if number == 2
            else met[0].replace(met[0].split()[0], spell(number - 1), 1)
        )
        if met[0][0].isupper():
            left = left[0].upper() + left[1:]
        return caption[: met.start()] + left + caption[met.end() :]
    return None


def calm_lab_of(picture: Pixels, calm: float) -> npt.NDArray[np.float32]:
    """float32 (H, W, 3) Lab of a picture blurred by `calm` px: its colours without texture and noise."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), calm), np.float32)
