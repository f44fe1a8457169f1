"""What a world scene knows of the right answer: the exact edit, and how near the edited picture comes to it.

Every measure looks at `outcome.picture`, so a picture that someone else made is judged like our own. `S` is the
source picture, `E` the exact edited one (the scene that the parameters ask for, rendered), `P` the one under
judgement. Distances are CIE Lab (1976), pictures calmed by a small blur first. On photographs nobody knows `E`,
and the measures do not apply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.edits.base import Case, EditType, Mask, Measure
from anyedit.edits.views import WorldView
from anyedit.records import Pixels
from anyedit.world.mesh import lengths
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.world.render import Frame

Floats = npt.NDArray[np.float32]
Value = TypeVar("Value")
SEEN = 4.0  # Lab distance of S and E from which the edit is seen in a pixel
CALM = 0.8  # pixels, sigma
LEAST = 12  # pixels of a region that can be judged
BLOCK = 12  # pictures are compared in blocks of this part of their shorter side
UNLIKE = 1.0  # `likeness` from which a region is of another substance
DONE = 0.5  # share of the way to the exact edit from which a picture shows the edited scene


@dataclass(frozen=True)
class Truth:
    """picture: E. mask: what the edit is to change. after: E's frame, or None where no scene is behind it."""

    picture: Pixels
    mask: Mask
    after: Frame | None


@dataclass(frozen=True)
class Distances:
    """Lab distances, float32 (H, W): between source and exact edit, picture and exact edit, picture and source."""

    edit: Floats
    miss: Floats
    change: Floats


def truth(case: Case) -> Truth | None:
    """The exact edit of a world case; None for photographs. Rendered only where the outcome has no such frame."""
    view = case.view
    if not isinstance(view, WorldView):
        return None

    def found() -> Truth:
        kind, params, after = case.kind, case.params, case.done.after
        if type(kind).rewrite is EditType.rewrite:  # no scene looks like this: a style
            exact = kind.edit_world(view, params)
            return Truth(exact.picture, exact.mask, None)
        asked = kind.rewrite(view.scene, params)
        if after is None or not _same(asked, after.scene):
            from anyedit.world.render import render

            after = render(asked, view.settings)
        return Truth(kind.joined(view, after, params), kind.mask_of(view.frame, after, params), after)

    return noted(case, "truth", found, of_picture=False)


def noted(case: Case, name: str, make: Callable[[], Value], *, of_picture: bool = True) -> Value:
    """A measurement that several rules share, made once for each type, parameters and edited picture."""
    key = f"{name} of {case.kind.name} {case.params.model_dump_json()}"
    kept = case.notes.get(key)
    picture = case.done.picture if of_picture else case.view
    if kept is None or kept[0] is not picture:
        kept = (picture, make())
        case.notes[key] = kept
    value: Value = kept[1]
    return value


def distances(case: Case) -> Distances | None:
    """See `Distances`; a picture of another size is brought to the source's."""
    exact = truth(case)
    if exact is None:
        return None

    def found() -> Distances:
        source, edited = calm_lab(case.view.picture), calm_lab(fitted(case.done.picture, exact.picture))
        wanted = calm_lab(exact.picture)
        return Distances(_apart(source, wanted), _apart(edited, wanted), _apart(edited, source))

    return noted(case, "distances", found)


def fitted(picture: Pixels, like: Pixels) -> Pixels:
    """The picture in the size of another one."""
    if picture.shape == like.shape:
        return picture
    size = (like.shape[1], like.shape[0])
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def calm_lab(picture: Pixels) -> Floats:
    """CIE Lab of a slightly blurred picture, float32 (H, W, 3)."""
    soft = cv2.GaussianBlur(picture, (0, 0), CALM).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(soft, cv2.COLOR_RGB2LAB), np.float32)


def region(case: Case) -> Mask | None:
    """bool (H, W): the pixels of the edit's mask where the exact edit is seen; None when they are too few."""
    exact, apart = truth(case), distances(case)
    if exact is None or apart is None:
        return None
    found = exact.mask & (apart.edit > SEEN)
    return found if found.sum() >= LEAST else None


def way_made(case: Case) -> float | None:
    """How much of the way to the exact edit was made: 1 - mean |P - E| / mean |S - E|; 1 there, 0 nothing done."""
    where, apart = region(case), distances(case)
    if where is None or apart is None:
        return None
    return 1 - float(apart.miss[where].mean() / apart.edit[where].mean())


def way_everywhere(case: Case) -> float | None:
    """`way_made` in the worst quarter of the edited region: an edit that was done in part fails here."""
    where, apart = region(case), distances(case)
    if where is None or apart is None:
        return None
    rows, columns = np.nonzero(where)
    right, low = columns > np.median(columns), rows > np.median(rows)
    worst = 1.0
    for part in (right & low, right & ~low, ~right & low, ~right & ~low):
        if part.sum() < max(LEAST, 0.06 * len(rows)):
            continue
        y, x = rows[part], columns[part]
        worst = min(worst, 1 - float(apart.miss[y, x].mean() / apart.edit[y, x].mean()))
    return worst


def off_exact(case: Case) -> float | None:
    """Largest mean Lab distance to the exact edit over a block of a twelfth of the picture.

    Only of pictures that claim to be exact (their influence is known), as ours do: what another editor makes of
    "a red mug" is not this red.
    """
    apart = distances(case)
    if apart is None or case.done.influence is None:
        return None
    side = max(5, min(apart.miss.shape) // BLOCK)
    return float(cv2.blur(apart.miss, (side, side)).max())


def shown(case: Case, item_id: str) -> Mask | None:
    """bool (H, W): the pixels of an item that the picture shows; None when the edit's scene is not known.

    Where the edit keeps or brings the item: the pixels of E's that P agrees with. Where it goes: those of S's that
    P still shows.
    """
    exact, apart = truth(case), distances(case)
    if exact is None or exact.after is None or apart is None or not isinstance(case.view, WorldView):
        return None
    if any(item.id == item_id for item in exact.after.scene.items):
        agrees = apart.miss <= np.maximum(10, 0.5 * apart.edit)
        return np.asarray(exact.after.mask(item_id) & agrees)
    stays = (apart.change < apart.miss) & (apart.edit > 2 * SEEN)
    return np.asarray(case.view.frame.mask(item_id) & stays)


def frame_shown(case: Case, item_id: str) -> Frame | None:
    """The frame that is true of an item in the picture: E's where P shows it there, else the source's."""
    exact, found = truth(case), shown(case, item_id)
    if exact is None or exact.after is None or found is None or not isinstance(case.view, WorldView):
        return None
    there = exact.after.mask(item_id)
    if there.any() and found.sum() >= 0.5 * there.sum() and scene_shown(case) is exact.after:
        return exact.after
    return case.view.frame


def scene_shown(case: Case) -> Frame | None:
    """The frame that is true of the picture as a whole: E's where most of the way to it was made, else the source's."""
    exact, done = truth(case), way_made(case)
    if exact is None or exact.after is None or not isinstance(case.view, WorldView):
        return None
    return exact.after if done is None or done >= DONE else case.view.frame


def object_in_truth(item: str = "target") -> Callable[[Case], Mask | None]:
    """A region: where the exact edit shows the item that a parameter names."""

    def of(case: Case) -> Mask | None:
        exact, item_id = truth(case), getattr(case.params, item, None)
        return None if exact is None or exact.after is None or item_id is None else exact.after.mask(item_id)

    return of


def edited_part(case: Case) -> Mask | None:
    """A region: the mask of the exact edit."""
    exact = truth(case)
    return None if exact is None else exact.mask


def likeness(of: Callable[[Case], Mask | None]) -> Measure:
    """A measure: how unlike the exact edit a region is in colour and texture, apart from where each pixel lies.

    Root of the summed squares of: the distance of the mean colours / 12, of the deviations in Lab / 8, and the
    log2 ratio of the fine contrasts / 1.2. 0: alike; from 1 another substance. World only.
    """

    def measure(case: Case) -> float | None:
        exact = truth(case)
        where = None if exact is None else of(case)
        if exact is None or where is None or where.sum() < LEAST:
            return None
        found, wanted = fitted(case.done.picture, exact.picture), exact.picture
        a, b = calm_lab(found)[where], calm_lab(wanted)[where]
        colour = float(np.linalg.norm(a.mean(0) - b.mean(0))) / 12
        spread = float(np.linalg.norm(a.std(0) - b.std(0))) / 8
        fine = abs(np.log2((contrast(found)[where].mean() + 0.7) / (contrast(wanted)[where].mean() + 0.7)))
        return float(np.sqrt(colour**2 + spread**2 + (float(fine) / 1.2) ** 2))

    return measure


def unlike_in_part(case: Case) -> float | None:
    """`likeness` of the edit's region in the worst of its quarters (of the picture): half of it left out fails here."""
    exact = truth(case)
    if exact is None:
        return None
    rows, columns = np.indices(exact.mask.shape)
    low, right = rows >= exact.mask.shape[0] // 2, columns >= exact.mask.shape[1] // 2
    quarters = [exact.mask & a & b for a in (low, ~low) for b in (right, ~right)]
    found = [likeness(lambda _, quarter=quarter: quarter)(case) for quarter in quarters]  # type: ignore[misc]
    return max((value for value in found if value is not None), default=None)


def contrast(picture: Pixels, sigma: float = 1.0) -> Floats:
    """Fine contrast, float32 (H, W), 8-bit steps: distance of each pixel's grey from its calmed surroundings."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(np.abs(grey - cv2.GaussianBlur(grey, (0, 0), sigma)), np.float32)


def _apart(one: Floats, other: Floats) -> Floats:
    return np.asarray(lengths(one - other), np.float32)


def _same(asked: Scene, made: Scene) -> bool:
    """Whether a frame's scene is the asked one; an exposure that is still to be measured may be any."""
    return bool(asked == made or (asked.exposure is None and asked == made.but(exposure=None)))
