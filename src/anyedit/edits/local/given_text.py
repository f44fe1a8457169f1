"""The lines of text that a photograph's source gives: which can be replaced, and by which words."""

from __future__ import annotations

import numpy as np

from anyedit.edits.base import Case, Mask
from anyedit.edits.given import Given, TextLine
from anyedit.edits.views import PhotoView
from anyedit.records import Pixels

LEAST_SHARE = 0.003  # of the picture; smaller lines cannot be read back
LEAST_HEIGHT = 9.0  # pixels of a line that an OCR engine still reads
LETTERS = 3


def lines_of(view: PhotoView) -> dict[str, TextLine]:
    """Every given line by its id."""
    return {f"t{number}": line for number, line in enumerate(Given.of(view.source).lines)}


def line_mask(view: PhotoView, key: str) -> Mask:
    """bool (H, W): the line's box."""
    import cv2

    mask = np.zeros(view.picture.shape[:2], np.uint8)
    corners = np.round(np.asarray(lines_of(view)[key].quad)).astype(np.int32)
    cv2.fillPoly(mask, [corners], 1)
    return mask > 0


def replaceable(view: PhotoView) -> list[str]:
    """Ids of the lines that stand once in the picture, are large enough to read, and hold letters."""
    lines = lines_of(view)
    texts = [line.text.lower() for line in lines.values()]
    height, width = view.picture.shape[:2]
    found = []
    for key, line in lines.items():
        quad = np.asarray(line.quad)
        inside = (quad >= 0).all() and (quad[:, 0] <= width).all() and (quad[:, 1] <= height).all()
        tall = float(np.linalg.norm(quad[3] - quad[0]))
        if (
            inside
            and tall >= LEAST_HEIGHT
            and sum(character.isalpha() for character in line.text) >= LETTERS
            and texts.count(line.text.lower()) == 1
            and line_mask(view, key).mean() >= LEAST_SHARE
        ):
            found.append(key)
    return found


def stroke_ratio(case: Case) -> float | None:
    """Width of the new letters' strokes over that of the old ones' (photographs): a bold word among light ones is over 1.

    Width: ink over the length of its edges, each as far as it is from the paper; the choice of letters cancels out.
    """
    if not isinstance(case.view, PhotoView) or not case.done.mask.any():
        return None
    new, old = (_stroke(picture, case.done.mask) for picture in (case.done.picture, case.view.picture))
    return None if old == 0 else new / old


def _stroke(picture: Pixels, mask: Mask) -> float:
    import cv2

    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    crop = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    light = cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_RGB2GRAY).astype(np.float32)
    paper = np.median(np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]]))
    ink = np.abs(light - paper)
    ink[ink < 0.25 * np.percentile(ink, 99)] = 0  # the paper's grain
    edges = float(np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum())
    return float(ink.sum()) / edges if edges else 0.0


def like(old: str, words: tuple[str, ...]) -> list[str]:
    """The words that may stand in the old one's place: about as long, in the same case."""
    cased = [_cased(word, old) for word in words]
    fits = [word for word in cased if 0.6 * len(old) <= len(word) <= 1.1 * len(old) + 0.5]
    return [
        word
        for word in dict.fromkeys(fits)
        if word.lower() != old.lower() and word.count(" ") <= old.count(" ")  # one word for one word
    ]


def _cased(word: str, like_it: str) -> str:
    if like_it.isupper():
        return word.upper()
    if like_it.islower():
        return word.lower()
    return word.title() if like_it.istitle() or like_it[:1].isupper() else word.lower()
