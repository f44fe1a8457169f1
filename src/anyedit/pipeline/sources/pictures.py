"""Picture files of every kind to upright sRGB pixels, where there is one right answer; else the reason why not.

Converted: gray, palette, CMYK (by its profile where it has one), wide colour spaces with a profile, 16 bits, alpha
(on white), EXIF orientation, animations and pages (the first), any suffix. Put aside: empty, cut short, no picture,
more pixels than MOST_PIXELS, floating-point values.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps

from anyedit.errors import SourceError
from anyedit.records import Pixels

MOST_PIXELS = 120_000_000  # a larger picture is taken for a decompression bomb
CLEAR_MODES = ("RGBA", "LA", "PA", "RGBa", "La")


def decode(data: bytes, name: str) -> tuple[Pixels, int]:
    """Upright uint8 (H, W, 3) sRGB of a file's bytes, and its EXIF orientation (1: as stored).

    Raises SourceError, naming the file, for what is empty, cut short, no picture, or larger than MOST_PIXELS.
    """
    if not data:
        raise SourceError(f"{name}: the file is empty (0 bytes)")
    try:
        with warnings.catch_warnings():  # our own limit decides, and a damaged file is told of once
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise SourceError(
                        f"{name}: {image.width} x {image.height} pixels, more than {MOST_PIXELS:,}"
                    )
                image.load()
                orientation = int(image.getexif().get(0x0112, 1))
                return _rgb(ImageOps.exif_transpose(image), name), orientation
    except SourceError:
        raise
    except Image.DecompressionBombError as error:
        raise SourceError(f"{name}: more than {MOST_PIXELS:,} pixels ({error})") from None
    except Image.UnidentifiedImageError:
        raise SourceError(f"{name}: not a picture that can be read") from None
    except (
        Exception
    ) as error:  # Pillow's readers raise nearly anything on damaged files (struct, zlib, Index, Memory)
        raise SourceError(f"{name}: damaged or cut short ({type(error).__name__}: {error})") from None


def _rgb(image: Any, name: str) -> Pixels:
    if image.mode.startswith("I"):  # 16 bits of grey, kept by Pillow in I;16 or I
        deep = np.asarray(image).astype(np.float64)
        if deep.min() < 0 or deep.max() > 65535:
            raise SourceError(f"{name}: grey values beyond 16 bits")
        grey = (deep / (257 if deep.max() > 255 else 1) + 0.5).astype(np.uint8)
        return np.repeat(grey[..., None], 3, -1)
    if image.mode == "F":
        raise SourceError(f"{name}: floating-point pixels have no agreed white; save it with 8 or 16 bits")
    image = _to_srgb(image)
    if image.mode in CLEAR_MODES or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, clear)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), np.uint8))


def _to_srgb(image: Any) -> Any:
    """The picture in sRGB by its embedded profile; as it is when it has none, or a broken one, as viewers do."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        known = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in str(ImageCms.getProfileDescription(known)).lower():
            return image
        target = "RGB" if image.mode == "CMYK" else image.mode
        return ImageCms.profileToProfile(image, known, ImageCms.createProfile("sRGB"), outputMode=target)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
