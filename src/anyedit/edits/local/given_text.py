"""The lines of text that a photograph's source gives: which can be replaced, and by which words."""

from __future__ import annotations

import numpy as np

from anyedit.edits.base import Mask
from anyedit.edits.given import Given, TextLine
from anyedit.edits.views import PhotoView

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
