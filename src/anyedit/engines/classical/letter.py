"""Replacing words by a font: the face, size, colour and softness of the old letters are measured, then used.

The old words are drawn in every known face; the face whose ink lies best on the old ink is taken. Works on level
text on even ground; anything else is refused rather than botched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from anyedit.engines.classical.masks import OPENCV, dilated
from anyedit.engines.roles import Floats, Lettering, Mask
from anyedit.errors import EditNotPossible
from anyedit.records import Pixels

# The faces that the base packages carry: (package, file inside it).
FACES: tuple[tuple[str, str], ...] = (
    ("font_roboto", "files/Roboto-Regular.ttf"),
    ("font_roboto", "files/Roboto-Medium.ttf"),
    ("font_roboto", "files/Roboto-Bold.ttf"),
    ("font_source_serif_pro", "files/SourceSerifPro-Regular.ttf"),
    ("font_source_serif_pro", "files/SourceSerifPro-Bold.ttf"),
    ("font_manrope", "files/Manrope-Regular.ttf"),
    ("font_manrope", "files/Manrope-ExtraBold.ttf"),
    ("font_caladea", "files/Caladea-Regular.ttf"),
    ("font_caladea", "files/Caladea-Bold.ttf"),
    ("font_fredoka_one", "files/FredokaOne-Regular.ttf"),
    ("font_amatic_sc", "files/AmaticSC-Bold.ttf"),
)
GRAIN = 0.3  # ink up to which it is the paper's grain or a letter's soft border: not weighed
LARGE = 160  # pixels of the drawing that is scaled down


@lru_cache(maxsize=1)
def faces() -> tuple[str, ...]:
    """Paths of the installed faces."""
    found = []
    for package, file in FACES:
        spec = find_spec(package)
        path = Path(spec.origin).parent / file if spec and spec.origin else None
        if path is not None and path.is_file():
            found.append(str(path))
    return tuple(found)


@lru_cache(maxsize=256)
def _drawn(text: str, face: str) -> tuple[Floats, int]:
    """Ink of the text at a size of `LARGE`, float32 (h, w) cut at the ink, and the ink's top below the ascender."""
    font = ImageFont.truetype(face, LARGE, layout_engine=ImageFont.Layout.BASIC)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8))
    ImageDraw.Draw(image).text((4 - left, 4 - top), text, fill=255, font=font)
    ink = np.asarray(image, np.float32) / 255
    rows, columns = np.flatnonzero(ink.max(1) > 0.5), np.flatnonzero(ink.max(0) > 0.5)
    if not len(rows):
        raise EditNotPossible(f"the text '{text}' has no ink")
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.ascontiguousarray(cut), int(top) - 4 + int(rows[0])


@dataclass(frozen=True)
class FontLetterer:
    """See roles.Letterer. least: how well the best face's ink must lie on the old ink, in [0, 1].

    widest: how many times as wide as the old words the new ones may be. tilt: degrees beyond which text is refused.
    """

    least: float = 0.35
    widest: float = 1.04
    tilt: float = 4.0

    @property
    def version(self) -> str:
        """Name and version."""
        return f"lettering by fonts ({OPENCV})"

    def letter(self, picture: Pixels, line: Lettering) -> tuple[Pixels, Mask]:
        """See roles.Letterer."""
        top, bottom, left, right = self._window(line, picture.shape[:2])
        crop = picture[top:bottom, left:right]
        every, ground, colour = self._ink(crop)
        ink = _of_the_words(every, np.asarray(line.quad) - (left, top))
        rows, columns = np.flatnonzero((ink > 0.5).any(1)), np.flatnonzero((ink > 0.5).any(0))
        if len(rows) < 5 or len(columns) < 5:
            raise EditNotPossible(f"no ink was found where '{line.old}' is said to stand")
        y0, y1, x0, x1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        plain = np.where(ink < GRAIN, 0, ink).astype(np.float32)
        face, fit = max(
            ((face, _overlap(_drawn(line.old, face)[0], plain[y0:y1, x0:x1])) for face in faces()),
            key=lambda pair: pair[1],
        )
        if fit < self.least:
            raise EditNotPossible(
                f"no known face fits the letters of '{line.old}' (best {fit:.2f} < {self.least})"
            )
        old, old_top = _drawn(line.old, face)
        new, new_top = _drawn(line.text, face)
        across, down = (x1 - x0) / old.shape[1], (y1 - y0) / old.shape[0]
        wide, high = round(new.shape[1] * across), round(new.shape[0] * down)
        if wide > self.widest * (x1 - x0):
            if wide > 1.5 * (x1 - x0):
                raise EditNotPossible(f"'{line.text}' is too wide for the place of '{line.old}'")
            wide = round(self.widest * (x1 - x0))
        at_y = y0 + round((new_top - old_top) * down)
        at_x = x0  # a gap before the next word is seen less than two
        tall, broad = crop.shape[0], crop.shape[1]
        fresh = np.zeros((tall, broad), np.float32)
        if at_y < 0 or at_y + high > tall or at_x + wide > broad:
            raise EditNotPossible(f"'{line.text}' does not fit the place of '{line.old}'")
        thin, sigma = _weight(plain, old, (y0, y1, x0, x1))
        fresh[at_y : at_y + high, at_x : at_x + wide] = cv2.resize(
            _thinned(new, thin), (wide, high), interpolation=cv2.INTER_AREA
        )
        fresh = np.clip(_soft(fresh, sigma) * float(np.percentile(ink[ink > 0.3], 90)), 0, 1)
        cleared = self._cleared(crop, ink, ground, dilated(every > 0.1, 1))
        made = cleared + (colour - cleared) * fresh[..., None]
        changed = dilated(ink > 0.25, 2) | (fresh > 0.02)
        result, mask = picture.copy(), np.zeros(picture.shape[:2], bool)
        window = np.where(changed[..., None], np.clip(made + 0.5, 0, 255), crop)
        result[top:bottom, left:right] = window.astype(np.uint8)
        rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
        mask[top + rows[0] : top + rows[-1] + 1, left + columns[0] : left + columns[-1] + 1] = True
        return result, mask

    def _window(self, line: Lettering, shape: tuple[int, int]) -> tuple[int, int, int, int]:
        quad = np.asarray(line.quad, np.float64)
        along = quad[1] - quad[0]
        if abs(np.degrees(np.arctan2(along[1], along[0]))) > self.tilt:
            raise EditNotPossible(f"'{line.old}' is tilted; only level text is replaced")
        high = quad[:, 1].max() - quad[:, 1].min()
        if high < 9:
            raise EditNotPossible(f"'{line.old}' is only {high:.0f} pixels high")
        pad = 0.12 * high
        return (
            max(0, int(quad[:, 1].min() - pad)),
            min(shape[0], int(quad[:, 1].max() + pad) + 1),
            max(0, int(quad[:, 0].min() - pad)),
            min(shape[1], int(quad[:, 0].max() + pad) + 1),
        )

    def _ink(self, crop: Pixels) -> tuple[Floats, Floats, Floats]:
        """How much ink each pixel has, float32 (h, w) in [0, 1]; the ground without it (h, w, 3); the ink's colour."""
        lab = cv2.cvtColor(crop.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        light = lab[..., 0]
        border = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
        dark = float(np.median(border)) > float(np.percentile(light, 50 if light.std() < 1 else 2)) + 12
        side = 2 * (crop.shape[0] // 3) + 1
        kernel = np.ones((side, side), np.uint8)
        way = cv2.MORPH_CLOSE if dark else cv2.MORPH_OPEN
        ground = np.stack([cv2.morphologyEx(crop[..., k], way, kernel) for k in range(3)], -1)
        ground = cv2.GaussianBlur(ground, (0, 0), max(1.0, crop.shape[0] / 6)).astype(np.float32)
        away = np.linalg.norm(crop.astype(np.float32) - ground, axis=-1)
        strong = float(np.percentile(away, 97))
        if strong < 45:
            raise EditNotPossible("the letters hardly differ from their ground")
        colour = np.median(crop[away >= 0.85 * strong].astype(np.float32), axis=0)
        span = colour - ground
        ink = ((crop - ground) * span).sum(-1) / np.maximum((span**2).sum(-1), 1.0)
        rest = float(away[ink < 0.1].std()) if (ink < 0.1).any() else 0.0
        if rest > 14:
            raise EditNotPossible("the ground of the letters is too uneven")
        return np.asarray(np.clip(ink, 0, 1), np.float32), ground, np.asarray(colour, np.float32)

    def _cleared(self, crop: Pixels, ink: Floats, ground: Floats, letters: Mask) -> Floats:
        """The crop without its letters: the ground with the grain of the paper. letters: of other lines too."""
        hole = dilated(ink > 0.15, 2)
        filled = cv2.inpaint(crop, hole.astype(np.uint8) * 255, 3, cv2.INPAINT_TELEA).astype(np.float32)
        paper = ~(hole | letters)
        bare = crop.astype(np.float32)[paper] - ground[paper] if paper.any() else np.zeros((1, 3), np.float32)
        grain = np.zeros_like(ground)
        steps = (np.arange(int(hole.sum())) * 7919) % max(
            len(bare), 1
        )  # real grain, strewn by a fixed stride
        grain[hole] = bare[steps] - bare.mean(0)
        return np.where(hole[..., None], filled + 0.7 * grain, crop).astype(np.float32)


def _of_the_words(ink: Floats, quad: npt.NDArray[np.float64]) -> Floats:
    """The ink whose middle lies inside the quad: lines above and below reach into the window."""
    count, labels, _, middles = cv2.connectedComponentsWithStats((ink > 0.3).astype(np.uint8), connectivity=8)
    (x0, y0), (x1, y1) = quad.min(0), quad.max(0)
    pad = 0.12 * (y1 - y0)
    own = [
        k
        for k in range(1, count)
        if x0 - 1 <= middles[k][0] <= x1 + 1 and y0 + pad <= middles[k][1] <= y1 - pad
    ]
    near = dilated(np.isin(labels, own), 2)
    return np.where(near, ink, 0).astype(np.float32)


def _overlap(drawn: Floats, ink: Floats) -> float:
    """Intersection over union of the drawn ink, scaled to the old ink's box, and the old ink; both a little soft."""
    scaled = cv2.GaussianBlur(cv2.resize(drawn, ink.shape[::-1], interpolation=cv2.INTER_AREA), (0, 0), 0.7)
    aspect = (drawn.shape[1] / drawn.shape[0]) / (ink.shape[1] / ink.shape[0])
    both, either = np.minimum(scaled, ink).sum(), np.maximum(scaled, ink).sum()
    weight = float(
        scaled.sum() / max(float(ink.sum()), 1e-6)
    )  # a bold face covers thin letters well, too well
    return float(both / max(either, 1e-6) * min(aspect, 1 / aspect) ** 0.5 * min(weight, 1 / weight))


def _soft(values: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32) if sigma else values


def _thinned(drawn: Floats, thin: int) -> Floats:
    """The large drawing with its strokes thinner by `thin` pixels on each side."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * thin + 1, 2 * thin + 1))
    padded = cv2.copyMakeBorder(drawn, thin, thin, thin, thin, cv2.BORDER_CONSTANT, value=0.0)
    return np.asarray(cv2.erode(padded, disc)[thin : -thin or None, thin : -thin or None], np.float32)


def _weight(ink: Floats, old: Floats, box: tuple[int, int, int, int]) -> tuple[int, float]:
    """How thin and how soft the drawn old words come nearest to the old ink: (pixels of the large drawing, sigma).

    Compared are the amount of ink and its mean slope, which do not mind letters that lie a pixel off.
    """
    y0, y1, x0, x1 = box
    strong = float(np.percentile(ink[ink > 0.3], 90))

    def looks(values: Floats) -> tuple[float, float]:
        values = np.where(values < GRAIN, 0, values).astype(np.float32)
        total = max(float(values.sum()), 1e-6)
        return float(np.log(total)), float(np.log(max(np.hypot(*np.gradient(values)).sum() / total, 1e-6)))

    wanted = looks(ink)
    found: list[tuple[float, int, float]] = []
    for thin in (0, 1, 2, 3, 4, 5, 6):
        drawn = np.zeros(ink.shape, np.float32)
        size = (x1 - x0, y1 - y0)
        drawn[y0:y1, x0:x1] = cv2.resize(_thinned(old, thin), size, interpolation=cv2.INTER_AREA)
        for sigma in (0.0, 0.4, 0.6, 0.8, 1.0, 1.3, 1.7):
            seen = looks(np.asarray(np.clip(_soft(drawn, sigma) * strong, 0, 1), np.float32))
            found.append((abs(seen[0] - wanted[0]) + abs(seen[1] - wanted[1]), thin, sigma))
    _, thin, sigma = min(found)
    return thin, sigma
