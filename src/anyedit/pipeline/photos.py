"""Photographs as sources: read from a folder, turned upright, made RGB, scaled down, captioned and annotated.

Every other photograph is given as a crop of itself that knows the whole (in `Source.extra`), so that outpaint has
a true answer; which ones, is a function of the file's name and the round.
"""

from __future__ import annotations

import base64
import json
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageOps

from anyedit.edits.photographs import CUT
from anyedit.errors import RecipeError, SourceError
from anyedit.pipeline.annotations import Annotation, annotations_of, captions_of
from anyedit.recipe import PhotoSource
from anyedit.records import Pixels, Source, SourceObject, png
from anyedit.seeds import rng_of, seed_of

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".ppm", ".jp2")
MOST_PIXELS = 120_000_000  # a larger picture is taken for a decompression bomb
LEAST_SIDE = 64
CROPPED = "A detail of the scene: "  # not all that the caption tells of is in a crop
ZOOMS = (1.25, 1.4, 1.5)  # how much wider the whole is than the crop


def photo_sources(source: PhotoSource) -> list[Path]:
    """The picture files of the folder, by name. Raises RecipeError when there is no folder or no picture."""
    folder = Path(source.path)
    if not folder.is_dir():
        raise RecipeError(f"source.path: no folder at {folder}; it should hold the photographs")
    found = _listed(str(folder), folder.stat().st_mtime_ns)
    if not found:
        raise RecipeError(f"source.path: no pictures in {folder}; looked for {', '.join(SUFFIXES)}")
    return list(found)


@lru_cache(maxsize=8)
def _listed(folder: str, changed: int) -> tuple[Path, ...]:
    return tuple(sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in SUFFIXES))


def load_source(path: Path, spec: PhotoSource, key: str, split: str) -> Source:
    """One photograph as a source. key: its id, ending in "-ROUND". Raises SourceError saying why it cannot be used."""
    whole, turned = read_picture(path)
    height, width = whole.shape[:2]
    notes = annotations_of(spec.annotations, path.name)
    masks = [(note, _mask(note, path, (height, width), turned)) for note in notes]
    caption = captions_of(spec.captions, path) or _plain_caption(notes)
    turn = seed_of("crop", path.name) + int(key.rpartition("-")[2] or 0) if "-" in key else 0
    extra = "{}"
    scale = min(1.0, spec.longest / max(height, width))
    window = (0, 0, width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    zoom = float(rng_of(key, "crop").choice(ZOOMS))
    cropped = turn % 2 == 1 and min(height, width) / zoom > LEAST_SIDE
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
        extra = json.dumps({"full": base64.b64encode(png(_scaled(whole, size))).decode(), "zoom": zoom})
    if min(size) < LEAST_SIDE:
        raise SourceError(
            f"{path.name}: {size[0]} x {size[1]} pixels are too few; the shorter side needs {LEAST_SIDE}"
        )
    x0, y0, x1, y1 = window
    objects = [_object(note, mask[y0:y1, x0:x1], mask, size) for note, mask in masks]
    return Source(
        id=key,
        image=png(_scaled(whole[y0:y1, x0:x1], size)),
        caption=caption if not cropped else f"{CROPPED}{caption[0].lower()}{caption[1:]}",
        origin=path.name,
        licence=spec.licence,
        split=split,
        objects=tuple(thing for thing in objects if thing is not None),
        extra=extra,
    )


def read_picture(path: Path) -> tuple[Pixels, int]:
    """Upright uint8 (H, W, 3) RGB of a file, transparency on white, and its EXIF orientation (1: as stored).

    Raises SourceError for what is empty, cut short, no picture, or larger than `MOST_PIXELS`.
    """
    try:
        if path.stat().st_size == 0:
            raise SourceError(f"{path.name}: the file is empty (0 bytes)")
        with warnings.catch_warnings():  # our own limit decides, not Pillow's warning
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(path)
        with image:
            if image.width * image.height > MOST_PIXELS:
                raise SourceError(
                    f"{path.name}: {image.width} x {image.height} pixels, more than {MOST_PIXELS:,}"
                )
            image.load()
            orientation = int(image.getexif().get(0x0112, 1))
            upright = ImageOps.exif_transpose(image)
            return _rgb(upright, path.name), orientation
    except SourceError:
        raise
    except Image.DecompressionBombError as error:
        raise SourceError(f"{path.name}: more than {MOST_PIXELS:,} pixels ({error})") from None
    except Image.UnidentifiedImageError:
        raise SourceError(f"{path.name}: not a picture that can be read") from None
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
    ) as error:  # what Pillow's readers raise on broken files
        raise SourceError(f"{path.name}: damaged or cut short ({error})") from None


def _rgb(image: Any, name: str) -> Pixels:
    if image.mode.startswith("I"):  # 16 bits of grey, kept by Pillow in I;16 or I
        deep = np.asarray(image).astype(np.float64)
        if deep.min() < 0 or deep.max() > 65535:
            raise SourceError(f"{name}: grey values beyond 16 bits")
        grey = (deep / (257 if deep.max() > 255 else 1) + 0.5).astype(np.uint8)
        return np.repeat(grey[..., None], 3, -1)
    if image.mode == "F":
        raise SourceError(f"{name}: floating-point pixels have no agreed white; save it with 8 or 16 bits")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, clear)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), np.uint8))


def _scaled(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    smaller = size[0] <= pixels.shape[1] and size[1] <= pixels.shape[0]
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC  # a crop may be a pixel short of its size
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size, interpolation=way), np.uint8)


def _mask(note: Annotation, path: Path, shape: tuple[int, int], orientation: int) -> np.ndarray:
    """The annotation's mask, bool, in the upright picture's pixels."""
    mask = note.mask()
    if (
        mask.shape != shape and orientation > 4 and mask.shape == shape[::-1]
    ):  # drawn on the picture as stored
        stored = Image.fromarray(mask.astype(np.uint8) * 255)
        stored.getexif()[0x0112] = orientation
        mask = np.asarray(ImageOps.exif_transpose(stored)) > 127
    if mask.shape != shape:
        raise SourceError(
            f"{path.name}: annotated as {mask.shape[1]} x {mask.shape[0]} pixels, but it has {shape[1]} x {shape[0]}"
        )
    return mask


def _object(
    note: Annotation, seen: np.ndarray, whole: np.ndarray, size: tuple[int, int]
) -> SourceObject | None:
    """The annotation in the source's pixels, marked when a crop cuts it off; None when only a speck is seen."""
    mask = _scaled(seen.astype(np.uint8) * 255, size) > 127
    if mask.sum() < 16:
        return None
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    origin = "annotation" if seen.sum() >= 0.9 * whole.sum() else f"annotation {CUT}"
    box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
    return SourceObject(note.id, note.name, box, float(mask.mean()), png(mask), origin)


def _plain_caption(notes: tuple[Annotation, ...]) -> str:
    from collections import Counter

    from anyedit.language import counted, indefinite, listed

    counts = Counter(note.name for note in notes)
    said = [indefinite(name) if n == 1 else counted(n, name) for name, n in counts.items()]
    return f"A photograph of {listed(said)}" if said else "A photograph"
