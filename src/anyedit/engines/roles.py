"""The roles that edit types and rules ask for, and `Tools`, which holds one engine for each.

An engine is cheap to make (weights load on first use) and says its `version`: name and version, as provenance
keeps it. Pictures are uint8 (H, W, 3) RGB, masks bool (H, W).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from anyedit.records import Pixels

if TYPE_CHECKING:
    from anyedit.engines.ocr import TextBox

Mask = npt.NDArray[np.bool_]
Colour = tuple[float, float, float]  # sRGB in [0, 1]


class Engine(Protocol):
    """What every engine says of itself."""

    @property
    def version(self) -> str:
        """Name and version: "patch fill (OpenCV 5.0.0)"."""
        ...


class Inpainter(Engine, Protocol):
    """Fills a hole with what could be behind it."""

    def fill(self, picture: Pixels, hole: Mask, avoid: Mask | None = None) -> Pixels:
        """The picture with `hole` filled; outside it bit-identical. Nothing is taken from `avoid`."""
        ...


class Recolourer(Engine, Protocol):
    """Gives a thing another colour; its shading and highlights stay."""

    def recolour(self, picture: Pixels, mask: Mask, colour: Colour) -> Pixels:
        """The picture with the masked thing in `colour`; outside the mask bit-identical."""
        ...


class Toner(Engine, Protocol):
    """Changes the light, weather or season of a whole photograph."""

    @property
    def tones(self) -> tuple[str, ...]:
        """The tones that it can give."""
        ...

    def tone(self, picture: Pixels, tone: str) -> Pixels:
        """The picture in another tone; things stay where they are. Raises EditNotPossible for an unknown one."""
        ...


class Paster(Engine, Protocol):
    """Puts a cut-out thing into a picture so that its border does not show."""

    def paste(self, picture: Pixels, cutout: Pixels, mask: Mask) -> Pixels:
        """`cutout` where `mask` holds (both aligned with the picture), the picture elsewhere, a soft border."""
        ...


class Refiner(Engine, Protocol):
    """Makes a coarse mask (a box, a rough outline) follow the thing."""

    def refine(self, picture: Pixels, mask: Mask) -> Mask:
        """A mask within the coarse one's neighbourhood; the coarse one when nothing better is found."""
        ...


class Reader(Engine, Protocol):
    """Reads text."""

    def read(self, picture: Pixels) -> list[TextBox]:
        """The lines of text found, with score and box."""
        ...


ROLES: tuple[str, ...] = ("inpaint", "recolour", "tone", "paste", "refine", "ocr")


class Tools:
    """One engine for each role, made when first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Any]]) -> None:
        self._makers = dict(makers)

    @cached_property
    def inpaint(self) -> Inpainter:
        """Fills holes."""
        return cast(Inpainter, self._makers["inpaint"]())

    @cached_property
    def recolour(self) -> Recolourer:
        """Gives things other colours."""
        return cast(Recolourer, self._makers["recolour"]())

    @cached_property
    def tone(self) -> Toner:
        """Changes light, weather and season."""
        return cast(Toner, self._makers["tone"]())

    @cached_property
    def paste(self) -> Paster:
        """Puts cut-outs into pictures."""
        return cast(Paster, self._makers["paste"]())

    @cached_property
    def refine(self) -> Refiner:
        """Makes masks follow things."""
        return cast(Refiner, self._makers["refine"]())

    @cached_property
    def ocr(self) -> Reader:
        """Reads text."""
        return cast(Reader, self._makers["ocr"]())

    def versions(self) -> tuple[str, ...]:
        """Every engine's name and version, sorted: the same whichever were used so far."""
        return tuple(sorted({cast(Engine, getattr(self, role)).version for role in ROLES}))
