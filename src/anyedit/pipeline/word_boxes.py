"""Where each word of a line of text stands: an OCR engine gives lines, an instruction replaces a word."""

from __future__ import annotations

import cv2
import numpy as np

from anyedit.edits.given import TextLine
from anyedit.records import Pixels

LEAST_HEIGHT = 12.0  # pixels of a line whose words can be told apart


def words_of(picture: Pixels, line: TextLine) -> tuple[TextLine, ...]:
    """The words of a level line with their corners, by the widest gaps in its ink; none when the gaps do not tell the words."""
    words = line.text.split()
    quad = np.asarray(line.quad, np.float64)
    left, right = quad[:, 0].min(), quad[:, 0].max()
    slope = (quad[1, 1] - quad[0, 1]) / max(quad[1, 0] - quad[0, 0], 1.0)
    high = float(np.linalg.norm(quad[3] - quad[0]))
    if high < LEAST_HEIGHT or abs(slope) > 0.06 or not words:
        return ()
    if len(words) == 1:
        return (line,)
    # The line turned level, then the ink in every column.
    wide = round(right - left)
    goal = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    turn = cv2.getPerspectiveTransform(quad.astype(np.float32), goal)
    level = cv2.warpPerspective(picture, turn, (wide, round(high)), borderMode=cv2.BORDER_REPLICATE)
    light = cv2.cvtColor(level, cv2.COLOR_RGB2GRAY).astype(np.float32)
    ink = np.abs(light - np.median(light, 0, keepdims=True).clip(np.percentile(light, 60), None))
    column = ink[round(0.15 * high) : round(0.85 * high)].max(0) > 0.35 * float(np.percentile(ink, 99))
    inked = np.flatnonzero(column)
    if len(inked) < 2:
        return ()
    steps = np.diff(inked)
    count = len(words) - 1
    order = np.argsort(-steps, kind="stable")
    if len(order) < count or (len(order) > count and steps[order[count]] > 0.8 * steps[order[count - 1]]):
        return ()  # a gap inside a word is as wide as one between words
    cuts = sorted(int(k) for k in order[:count])
    starts, ends = [inked[0], *(inked[k + 1] for k in cuts)], [*(inked[k] for k in cuts), inked[-1]]
    back = np.linalg.inv(turn)
    found: list[TextLine] = []
    for word, x0, x1 in zip(words, starts, ends, strict=True):
        corners = np.array([[x0 - 1, 0], [x1 + 2, 0], [x1 + 2, high], [x0 - 1, high]], np.float32)[None]
        points = cv2.perspectiveTransform(corners, back.astype(np.float32))[0]
        found.append(TextLine(text=word, quad=tuple((float(x), float(y)) for x, y in points)))
    widths = np.array([end - start for start, end in zip(starts, ends, strict=True)], float)
    share = widths / widths.sum() / (np.array([len(word) for word in words]) / sum(map(len, words)))
    return tuple(found) if share.min() > 0.5 and share.max() < 2.0 else ()
