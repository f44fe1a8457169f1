"""Styles by image processing: `stylised(picture, name)`. No network, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from anyedit.edits.global_ import developed, drawn, painted, printed
from anyedit.edits.global_.brush import Floats
from anyedit.errors import AnyEditError, nearest
from anyedit.records import Pixels
from anyedit.seeds import rng_of

Style = Callable[[Floats, np.random.Generator], Floats]
# The order counts: what a seed draws depends on it.
STYLES: dict[str, Style] = {
    "pencil sketch": drawn.pencil_sketch,
    "charcoal drawing": drawn.charcoal,
    "oil painting": painted.oil_painting,
    "watercolour painting": painted.watercolour,
    "cartoon": printed.cartoon,
    "pixel art": printed.pixel_art,
    "mosaic": printed.mosaic,
    "pointillist painting": painted.pointillism,
    "halftone print": printed.halftone,
    "pop art": printed.pop_art,
    "vintage sepia photograph": developed.sepia,
    "black-and-white film": developed.film,
    "woodcut": drawn.woodcut,
    "blueprint": drawn.blueprint,
    "stained glass": printed.stained_glass,
    "impressionist painting": painted.impressionist,
    "neon glow": developed.neon,
    "coloured pencil drawing": drawn.coloured_pencil,
    "low-poly illustration": printed.low_poly,
}


def stylised(picture: Pixels, name: str) -> Pixels:
    """The picture, uint8 (H, W, 3), in a style of `STYLES`. Raises AnyEditError for an unknown style."""
    if name not in STYLES:
        raise AnyEditError(f"no style is named '{name}'{nearest(name, STYLES)}")
    height, width = picture.shape[:2]
    image = STYLES[name](picture.astype(np.float32) / 255, rng_of("style", name, height, width))
    return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)
