"""What edits of photographs share: naming a thing, judging its surroundings, taking it out, and rules on the fill."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.edits.base import Case, Mask, Measure, Rule
from anyedit.edits.views import PhotoView
from anyedit.language import indefinite
from anyedit.records import Pixels, SourceObject

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

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
    return float(np.sqrt(_lab(view.picture, 1.5)[ring].var(axis=0).sum()))


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


def hole_of(mask: Mask) -> Mask:
    """The mask grown by what belongs to the thing too: its soft border and a thin shadow."""
    from anyedit.engines.classical import dilated

    return dilated(mask, max(3, round(0.07 * float(np.sqrt(mask.sum())))))


def taken_out(view: PhotoView, hole: Mask, tools: Tools) -> Pixels:
    """The photograph without what is in the hole, filled from places where nothing known stands."""
    return tools.inpaint.fill(view.picture, hole, others(view, hole))


def without(view: PhotoView, object_id: str) -> str:
    """The caption with a thing left out where grammar allows, else with its absence said."""
    caption, name = view.caption, view.object(object_id).name
    said = refer(view, object_id) or f"the {name}"
    if said == f"the {name}":
        thing = rf"an? (?:[\w-]+ ){{0,2}}{re.escape(name)}\b"
        for pattern in (rf" and {thing}(?! of)", rf"(?<=with ){thing} and ", rf", {thing}(?=[,.])"):
            met = re.search(pattern, caption, re.IGNORECASE)
            if met and not (
                pattern.startswith(" and") and re.search(r", an? [^,]*$", caption[: met.start()])
            ):
                return caption[: met.start()] + caption[met.end() :]
        subject = re.match(rf"{thing} (?:on|in|at) (?:its|his|her|the|an?) (.+)", caption, re.IGNORECASE)
        if subject:
            place = indefinite(subject.group(1))
            return f"{place[0].upper()}{place[1:].rstrip('.')}, without {said}"
    return f"{caption.rstrip('.')}, with {said} gone"


def _lab(picture: Pixels, calm: float) -> npt.NDArray[np.float32]:
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), calm), np.float32)


def _filled(case: Case) -> tuple[Mask, Mask] | None:
    """The filled region and the ring that it should look like; None when nothing was filled."""
    view = case.view
    target = getattr(case.params, "target", None) or next(iter(getattr(case.params, "gone", ())), None)
    if not isinstance(view, PhotoView) or target is None:
        return None
    placed = getattr(case.kind, "placed", None)
    new = placed(view, case.params) if placed is not None else None
    hole = hole_of(view.mask(target))
    filled = hole & case.done.mask
    if new is not None:
        from anyedit.engines.classical import dilated

        filled &= ~dilated(new, 4)  # the thing's own border is no seam
    if filled.sum() < 20:
        return None
    ring = around(view, hole, max(6, round(0.3 * float(np.sqrt(hole.sum())))))
    if new is not None:
        ring &= ~dilated(new, 4)
    return (filled, ring) if ring.sum() >= 20 else None


def odd_in_fill(case: Case) -> float | None:
    """How far in Lab the fill's oddest twentieth is from the nearest colour around: what is left of a thing."""
    found = _filled(case)
    if found is None:
        return None
    lab = _lab(case.done.picture, 1.2)
    inside, ring = lab[found[0]], lab[found[1]]
    inside, ring = inside[:: max(1, len(inside) // 800)], ring[:: max(1, len(ring) // 400)]
    distance = np.linalg.norm(inside[:, None] - ring[None], axis=-1).min(1)
    return float(np.percentile(distance, 95))


def odd_for_its_place(case: Case) -> float | None:
    """`odd_in_fill` over the deviation around: a faint smudge shows on calm ground, not on a busy one."""
    odd, found = odd_in_fill(case), _filled(case)
    if odd is None or found is None:
        return None
    around_it = float(np.sqrt(_lab(case.done.picture, 1.5)[found[1]].var(axis=0).sum()))
    return odd / max(around_it, 3.0)


def texture_of_fill(case: Case) -> float | None:
    """Fine contrast inside the fill over that around it: under 1 it is smeared, over 1 something is left."""
    found = _filled(case)
    if found is None:
        return None
    light = cv2.cvtColor(case.done.picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = np.abs(light - cv2.GaussianBlur(light, (0, 0), 2))
    return float((fine[found[0]].mean() + 0.6) / (fine[found[1]].mean() + 0.6))  # half a step is noise


def seam(case: Case) -> float | None:
    """Slope at the border of the fill over the slope around it; a visible border is above."""
    found = _filled(case)
    if found is None:
        return None
    light = cv2.GaussianBlur(
        cv2.cvtColor(case.done.picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1
    )
    slope = np.hypot(cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1))
    filled = found[0].astype(np.uint8)
    border = (cv2.dilate(filled, np.ones((3, 3), np.uint8)) > 0) & ~(
        cv2.erode(filled, np.ones((3, 3), np.uint8)) > 0
    )
    border &= found[0] | found[1]
    if border.sum() < 10:
        return None
    return float((slope[border].mean() + 3) / (slope[found[1]].mean() + 3))


def photo_only(measure: Measure) -> Measure:
    """The measure on photographs; not applicable on world cases."""

    def measured(case: Case) -> float | None:
        return measure(case) if isinstance(case.view, PhotoView) else None

    return measured


def surroundings(case: Case) -> float | None:
    """See `unevenness`, of the target of a photograph's edit."""
    view = case.view
    if not isinstance(view, PhotoView):
        return None
    return unevenness(view, view.mask(case.params.target))


BEFORE_FILL = (Rule("surroundings even", surroundings, high=EVEN),)
FILLED = (
    Rule("fill like its surroundings", odd_in_fill, high=7),
    Rule("fill calm as its surroundings", odd_for_its_place, high=0.56),
    Rule("texture of the fill", texture_of_fill, low=0.45, high=1.7),
    Rule("seam of the fill", seam, high=1.7),
)


def shifted(
    view: PhotoView, object_id: str, move: tuple[float, float], factor: float = 1.0
) -> tuple[Pixels, Mask]:
    """The thing at another place and size, aligned with the photograph: its pixels and its mask.

    move: (right, down) in pixels of its middle; factor: of its size, about the middle of its lower edge.
    """
    thing, mask = view.object(object_id), view.mask(object_id)
    x, y = (thing.box[0] + thing.box[2]) / 2, thing.box[3]
    matrix = np.array([[factor, 0, x - factor * x + move[0]], [0, factor, y - factor * y + move[1]]])
    size = (mask.shape[1], mask.shape[0])
    way = cv2.INTER_LINEAR if factor != 1 else cv2.INTER_NEAREST
    calm = cv2.GaussianBlur(view.picture, (0, 0), 0.35 / factor) if factor < 0.8 else view.picture
    pixels = cv2.warpAffine(calm, matrix, size, flags=way, borderMode=cv2.BORDER_REPLICATE)
    moved = cv2.warpAffine(mask.astype(np.float32), matrix, size, flags=way)
    return np.asarray(pixels, np.uint8), np.asarray(moved > 0.5)


def fits(view: PhotoView, object_id: str, new: Mask) -> bool:
    """Whether the thing may stand there: wholly in the picture, clear of other things, on ground like its own."""
    old = view.mask(object_id)
    border = np.ones(new.shape, bool)
    border[3:-3, 3:-3] = False
    if (new & border).any() or not new.any() or (new & others(view, old, 4)).any():
        return False
    from anyedit.engines.classical import dilated

    ground = dilated(new, 5) & ~dilated(old, 3)
    ring = around(view, old, max(6, round(0.25 * float(np.sqrt(old.sum())))))
    if ground.sum() < 30 or ring.sum() < 30:
        return ground.sum() < 30 and bool(ring.sum())  # smaller at its own place
    lab = _lab(view.picture, 1.5)
    there, here = lab[ground], lab[ring]
    near = float(np.linalg.norm(there.mean(0) - here.mean(0)))
    return near < 9 and float(np.sqrt(there.var(0).sum())) < EVEN


def set_down(view: PhotoView, object_id: str, cutout: Pixels, new: Mask, tools: Tools) -> tuple[Pixels, Mask]:
    """The photograph with the thing taken from its place and set down at the new one, and the mask of both."""
    hole = hole_of(view.mask(object_id))
    picture = tools.paste.paste(taken_out(view, hole, tools), cutout, new)
    return picture, hole | new


def main_colour(picture: Pixels, mask: Mask) -> tuple[float, tuple[float, float, float]]:
    """Share of the mask in its main hue, and that hue's median colour (sRGB in [0, 1])."""
    lab = _lab(picture, 0.8)[mask]
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    vivid = chroma > 12
    if not vivid.any():
        return 0.0, (0.5, 0.5, 0.5)
    a, b = lab[vivid, 1].mean(), lab[vivid, 2].mean()
    turn = (lab[:, 1] * a + lab[:, 2] * b) / np.maximum(chroma * np.hypot(a, b), 1e-6)
    main = vivid & (turn > 0.8)
    if not main.any():
        return 0.0, (0.5, 0.5, 0.5)
    middle = cv2.cvtColor(np.median(lab[main], axis=0).astype(np.float32)[None, None], cv2.COLOR_LAB2RGB)[
        0, 0
    ]
    return float(main.mean()), (float(middle[0]), float(middle[1]), float(middle[2]))


def painted(picture: Pixels, mask: Mask) -> bool:
    """Whether a thing has a colour of its own: vivid, and not a mirror of its surroundings as metal is."""
    lab = _lab(picture, 0.8)[mask]
    vivid = float(np.hypot(np.median(lab[:, 1]), np.median(lab[:, 2]))) >= 20
    light = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[..., 0][mask].astype(float) * 100 / 255
    return vivid and float(light.std()) <= 24


def recoloured_caption(view: PhotoView, object_id: str, colour: str, names: tuple[str, ...]) -> str:
    """The caption with the thing's colour word changed, or its new colour said."""
    caption, name = view.caption, view.object(object_id).name
    old = rf"\b(an? )?({'|'.join(names)}) ((?:[\w-]+ ){{0,1}}{re.escape(name)}\b)"
    met = re.search(old, caption, re.IGNORECASE)
    if met is None:
        said = refer(view, object_id) or f"the {name}"
        return f"{caption.rstrip('.')}, with {said} in {colour}"
    new = f"{colour} {met.group(3)}"
    if met.group(1):
        new = indefinite(new)
    if met.group(0)[0].isupper():
        new = new[0].upper() + new[1:]
    return caption[: met.start()] + new + caption[met.end() :]


_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number_said(caption: str, number: int) -> str | None:
    """The caption with the number that it opens with lowered by one; None when it does not open with this number."""
    for spell in (_spelled, str):
        if caption.lower().startswith(f"{spell(number)} "):
            less = spell(number - 1)
            return less[0].upper() + less[1:] + caption[len(spell(number)) :]
    return None


def _spelled(number: int) -> str:
    from anyedit.language import number_word

    if number < 20 or number > 99:
        return number_word(number)
    return _TENS[number // 10] + (f"-{number_word(number % 10)}" if number % 10 else "")
