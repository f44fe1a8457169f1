"""Photographs as sources: turned upright, made RGB, scaled down, captioned and annotated.

Every other photograph is given as a crop of itself that knows the whole (in `Source.extra`), so that outpaint has
a true answer; which ones, is a function of the file's name and the round. One that has a second view (for
rotation_change) or lines of text (for textual_change) is never cropped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from anyedit.edits.given import Given, SecondView, TextLine, packed
from anyedit.edits.photographs import CUT
from anyedit.errors import RecipeError, SourceError
from anyedit.pipeline.sources import Catalogue, Photograph, catalogue_of
from anyedit.pipeline.sources.annotations import Annotation
from anyedit.pipeline.sources.pictures import decode
from anyedit.recipe import PhotoSource
from anyedit.records import Pixels, Source, SourceObject, png
from anyedit.seeds import rng_of, seed_of

LEAST_SIDE = 64
CROPPED = "A detail of the scene: "  # not all that the caption tells of is in a crop
ZOOMS = (1.25, 1.4, 1.5)  # how much wider the whole is than the crop
PLAIN = "A photograph"  # the caption of what nothing is known of


def photo_names(source: PhotoSource) -> Sequence[str]:
    """The names of the source's photographs, in order. Raises RecipeError when there are none."""
    return catalogue_of(source).names


Describe = Callable[[Pixels], str]


def load_source(
    index: int, spec: PhotoSource, key: str, split: str, describe: Describe | None = None
) -> Source:
    """One photograph as a source. key: its id, ending in "-ROUND". Raises SourceError saying why it cannot be used.

    describe: captions what is shown, where the recipe's `recaption` asks for it.
    """
    catalogue = catalogue_of(spec)
    photograph = catalogue.photograph(index)
    whole, turned = decode(photograph.data, photograph.name)
    height, width = whole.shape[:2]
    notes = photograph.notes
    masks = [(note, _mask(note, photograph.name, (height, width), turned)) for note in notes]
    caption = photograph.caption or plain_caption([note.name for note in notes])
    scale = min(1.0, spec.longest / max(height, width))
    window = (0, 0, width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    zoom = float(rng_of(key, "crop").choice(ZOOMS))
    turn = seed_of("crop", photograph.name) + int(key.rpartition("-")[2] or 0) if "-" in key else 0
    cropped = turn % 2 == 1 and min(height, width) / zoom > LEAST_SIDE
    cropped &= not (photograph.lines or photograph.others)
    given = Given(subject=photograph.subject, carried=dict(photograph.carried))
    if cropped:
        scale = min(1 / zoom, scale)  # neither the crop nor the whole is ever scaled up
        size = (round(width * scale), round(height * scale))
        # The same rounding as outpaint's window, carried over to the full size.
        edges = [(round((n - n / zoom) / 2) / n, round((n + n / zoom) / 2) / n) for n in size]
        window = (
            round(edges[0][0] * width),
            round(edges[1][0] * height),
            round(edges[0][1] * width),
            round(edges[1][1] * height),
        )
        given = given.model_copy(update={"full": packed(scaled(whole, size)), "zoom": zoom})
    if min(size) < LEAST_SIDE:
        raise SourceError(
            f"{photograph.name}: {size[0]} x {size[1]} pixels are too few; the shorter side needs {LEAST_SIDE}"
        )
    given = given.model_copy(
        update={
            "lines": _lines(photograph, size[0] / width, size[1] / height),
            "second": _second(catalogue, photograph, size, key),
        }
    )
    x0, y0, x1, y1 = window
    shown = scaled(whole[y0:y1, x0:x1], size)
    objects = [_object(note, mask[y0:y1, x0:x1], mask, size) for note, mask in masks]
    things = tuple(thing for thing in objects if thing is not None)
    if cropped:
        caption = _of_crop(caption, [note.name for note in notes], [thing.name for thing in things])
        caption = f"{CROPPED}{caption[0].lower()}{caption[1:]}"
    if spec.recaption == "always" or (spec.recaption == "missing" and not photograph.caption):
        if describe is None:
            raise RecipeError("source.recaption needs an engine that captions: name one in engines.describe")
        caption = describe(shown)
    return Source(
        id=key,
        image=png(shown),
        caption=caption,
        origin=photograph.name,
        licence=photograph.licence or spec.licence,
        split=split,
        objects=things,
        extra=given.json_text(),
    )


def read_picture(path: Path) -> tuple[Pixels, int]:
    """Upright uint8 (H, W, 3) RGB of a file, transparency on white, and its EXIF orientation; see `pictures.decode`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name}: cannot be read ({error.strerror})") from None
    return decode(data, path.name)


def scaled(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The picture or mask at (width, height)."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    smaller = size[0] <= pixels.shape[1] and size[1] <= pixels.shape[0]
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC  # a crop may be a pixel short of its size
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size, interpolation=way), np.uint8)


def plain_caption(names: Sequence[str]) -> str:
    """A caption that says no more than what things there are."""
    from anyedit.language import counted, indefinite, listed

    said = [indefinite(name) if n == 1 else counted(n, name) for name, n in Counter(names).items()]
    return f"{PLAIN} of {listed(said)}" if said else PLAIN


def _of_crop(caption: str, before: Sequence[str], after: Sequence[str]) -> str:
    """The caption without the kinds of things of which a crop shows none; what is seen alone where grammar or a number
    of things does not allow that. before, after: names of the things in the whole and in the crop."""
    from anyedit.edits.photographs import left_out, one_fewer
    from anyedit.language import plural

    for name in dict.fromkeys(before):
        number, left = before.count(name), after.count(name)
        named = rf"\b(?:{re.escape(name)}|{re.escape(plural(name))})\b"
        if left < number and one_fewer(caption, number, name):
            return plain_caption(after)
        if not left and re.search(named, caption, re.IGNORECASE):
            shorter = left_out(caption, name)
            if shorter is None or re.search(named, shorter, re.IGNORECASE):
                return plain_caption(after)
            caption = shorter
    return caption


def _lines(photograph: Photograph, across: float, down: float) -> tuple[TextLine, ...]:
    return tuple(
        TextLine(text=line.text, quad=tuple((x * across, y * down) for x, y in line.quad))
        for line in photograph.lines
    )


def _second(
    catalogue: Catalogue, photograph: Photograph, size: tuple[int, int], key: str
) -> SecondView | None:
    """Another view, drawn by the source's id, at the source's size."""
    if not photograph.others:
        return None
    chosen = photograph.others[int(rng_of(key, "second view").integers(len(photograph.others)))]
    picture, _ = decode(catalogue.picture(chosen.name), chosen.name)
    ratio = (picture.shape[1] / picture.shape[0]) / (size[0] / size[1])
    if abs(ratio - 1) > 0.02:
        raise SourceError(
            f"{photograph.name}: its second view {chosen.name} has another aspect "
            f"({picture.shape[1]} x {picture.shape[0]} pixels)"
        )
    return SecondView(name=chosen.name, angle=chosen.angle, picture=packed(scaled(picture, size)))


def _mask(note: Annotation, name: str, shape: tuple[int, int], orientation: int) -> np.ndarray:
    """The annotation's mask, bool, in the upright picture's pixels."""
    mask = (note if any(note.shape) else replace(note, shape=shape)).mask()
    if (
        mask.shape != shape and orientation > 4 and mask.shape == shape[::-1]
    ):  # drawn on the picture as stored
        stored = Image.fromarray(mask.astype(np.uint8) * 255)
        stored.getexif()[0x0112] = orientation
        mask = np.asarray(ImageOps.exif_transpose(stored)) > 127
    if mask.shape != shape:
        raise SourceError(
            f"{name}: annotated as {mask.shape[1]} x {mask.shape[0]} pixels, but it has {shape[1]} x {shape[0]}"
        )
    return mask


def _object(
    note: Annotation, seen: np.ndarray, whole: np.ndarray, size: tuple[int, int]
) -> SourceObject | None:
    """The annotation in the source's pixels, marked when a crop cuts it off; None when only a speck is seen."""
    mask = scaled(seen.astype(np.uint8) * 255, size) > 127
    if mask.sum() < 16:
        return None
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    origin = "annotation" if seen.sum() >= 0.9 * whole.sum() else f"annotation {CUT}"
    box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
    return SourceObject(note.id, note.name, box, float(mask.mean()), png(mask), origin)
