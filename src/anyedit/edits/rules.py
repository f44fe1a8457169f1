"""The rules that types declare: each measures one number of a case. Limits are the types' (or the recipe's).

World cases are measured on exact evidence (instance ids, both scenes, the edited picture); photographs by the
engines of the case. A measure returns None where it does not apply.
"""

from __future__ import annotations

import re

import numpy as np

from anyedit.edits.alignment import drift, misaligned, sharpness
from anyedit.edits.base import Case, Mask, Measure, Rule
from anyedit.edits.evidence import off_exact, shown, truth, way_everywhere, way_made
from anyedit.edits.exact import changed_items
from anyedit.edits.views import PhotoView, WorldView

GONE = 0.003  # share of the picture up to which a thing that looks as before is noise


def mask_share(case: Case) -> float:
    """Share of the picture that the edit was to change."""
    return float(case.done.mask.mean())


def leak(case: Case) -> float | None:
    """Largest change (8-bit steps) of a pixel that the edit does not influence; exact pairs give 0."""
    influence = case.done.influence
    if influence is None or case.done.picture.shape != case.view.picture.shape:
        return None
    outside = influence == 0
    if not outside.any():
        return None
    step = np.abs(case.done.picture.astype(np.int16) - case.view.picture.astype(np.int16)).max(-1)
    return float(step[outside].max())


def others_seen(case: Case) -> float | None:
    """The least share of a thing that the edit leaves alone and that is still seen, of those seen before (world).

    A new or moved thing may stand before others; one that hides them makes the caption, which names them, false.
    """
    exact = truth(case)
    if exact is None or exact.after is None or not isinstance(case.view, WorldView):
        return None
    before, after = case.view.frame, exact.after
    left_alone = {item.id for item in before.scene.items} - changed_items(before.scene, after.scene)
    shares = [
        float(after.mask(name).sum() / before.mask(name).sum())
        for name in sorted(left_alone)
        if before.mask(name).mean() >= GONE
    ]
    return min(shares, default=None)


def change_inside(case: Case) -> float | None:
    """Mean absolute difference inside the mask, [0, 1]: an edit that changes nothing is no edit."""
    if case.done.picture.shape != case.view.picture.shape or not case.done.mask.any():
        return None
    step = np.abs(case.done.picture.astype(float) - case.view.picture.astype(float)).mean(-1) / 255
    return float(step[case.done.mask].mean())


def instruction_length(case: Case) -> float:
    """Words of the instruction."""
    return float(len(case.text.split()))


def caption_differs(case: Case) -> float:
    """1 when the edited caption says something else than the source's."""
    return float(case.edited_caption != case.view.caption)


def object_named(case: Case) -> float:
    """1 when the head noun of the edited object stands in the instruction or in one of the captions."""
    words = re.findall(r"[a-z]+", case.edited_object.lower())
    said = re.findall(r"[a-z]+", f"{case.text} {case.view.caption} {case.edited_caption}".lower())
    return float(bool(words) and any(word in said for word in words[-3:]))


def aspect(case: Case) -> float:
    """Longer side over shorter side of the source picture."""
    height, width = case.view.picture.shape[:2]
    return float(max(height, width) / min(height, width))


def visible_share(item: str = "target", *, after: bool = False) -> Measure:
    """Share of the picture of the item named by a parameter, before or after the edit.

    Of photographs: before the edit, where the thing is known (by id, or as the only one of its name).

    After: of the pixels that the edited picture shows as the exact edit has them; of an item that goes, those that
    still look as before.
    """

    def measure(case: Case) -> float | None:
        item_id = getattr(case.params, item, None)
        if isinstance(case.view, PhotoView):
            return None if after else _known_share(case.view, item_id, getattr(case.params, "object", ""))
        if item_id is None:
            return None
        if after:
            found = shown(case, item_id)
            return None if found is None else float(found.mean())
        return float(case.view.frame.mask(item_id).mean())

    return measure


def _known_share(view: PhotoView, item_id: str | None, noun: str) -> float | None:
    words = re.findall(r"[a-z]+", noun.lower())
    found = [
        thing
        for thing in view.objects
        if thing.id == item_id or (item_id is None and words and words[-1] == thing.name.lower().split()[-1])
    ]
    return found[0].share if len(found) == 1 else None


def lab_distance(picture: np.ndarray, mask: Mask, colour: tuple[float, float, float]) -> float:
    """Distance in CIE Lab between the median colour inside a mask and an sRGB colour in [0, 1]."""
    import cv2

    lab = cv2.cvtColor(np.ascontiguousarray(picture, np.float32) / 255, cv2.COLOR_RGB2LAB)
    wanted = cv2.cvtColor(np.array([[colour]], np.float32), cv2.COLOR_RGB2LAB)[0, 0]
    return float(np.linalg.norm(np.median(lab[mask], axis=0) - wanted)) if mask.any() else float("nan")


def world_only(measure: Measure) -> Measure:
    """The measure on world cases; not applicable on photographs."""

    def measured(case: Case) -> float | None:
        return measure(case) if isinstance(case.view, WorldView) else None

    return measured


SEEN_BEFORE = "target visible before"  # the name of a check on any route
# What nearly every type asks of its instruction (step 3) and of its result (step 5).
SAID = (
    Rule("aspect ratio", aspect, high=2.0),
    Rule("instruction words", instruction_length, low=2, high=45),
    Rule("edited caption differs", caption_differs, low=1),
    Rule("object named", object_named, low=1),
)
EVERY = (  # see alignment.py and evidence.py; limits from docs/gates.md
    Rule("alignment", misaligned, high=0.01),
    Rule("drift", drift, high=7),
    Rule("sharpness", sharpness, low=0.55),
    Rule("way to the exact edit", way_made, low=0.5),
    Rule("way in every part", way_everywhere, low=0.3),
    Rule("off the exact edit", off_exact, high=4),
)
LOCAL = (
    Rule("mask share", mask_share, low=0.005, high=0.95),
    Rule("change inside mask", change_inside, low=0.015),
    Rule("change outside influence", leak, high=0),
    Rule("others still seen", others_seen, low=0.25),
    *EVERY,
)
