"""Planted cases for judges: painted pictures whose right edit is known, beside three results that are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

Kind = Literal["target", "identity", "blank", "wrong instruction"]
SIZE = 256


@dataclass(frozen=True)
class Planted:
    """A case whose place in the order is known."""

    name: str
    kind: Kind
    instruction: str
    source: Image.Image
    output: Image.Image


def _scene(square: str | None, circle: str | None, ground: str = "#e8e2d4") -> Image.Image:
    image = Image.new("RGB", (SIZE, SIZE), ground)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 190, SIZE, SIZE), fill="#b9a58c")
    if square:
        draw.rectangle((40, 110, 120, 200), fill=square, outline="black", width=2)
    if circle:
        draw.ellipse((150, 120, 230, 200), fill=circle, outline="black", width=2)
    return image


def planted() -> tuple[tuple[Planted, ...], ...]:
    """Groups of four: the target first, then identity, a blank picture, and the target of another instruction."""
    told = (
        (
            "colour",
            "Make the square blue",
            "Make the circle yellow",
            _scene("red", "green"),
            _scene("blue", "green"),
        ),
        ("remove", "Remove the circle", "Remove the square", _scene("red", "green"), _scene("red", None)),
        (
            "add",
            "Add a purple circle on the right",
            "Paint the square white",
            _scene("red", None),
            _scene("red", "purple"),
        ),
        (
            "background",
            "Change the wall to dark blue",
            "Remove the square",
            _scene("orange", "green"),
            _scene("orange", "green", "#1b2a66"),
        ),
    )
    grey = Image.new("RGB", (SIZE, SIZE), (127, 127, 127))
    return tuple(
        (
            Planted(f"{name} target", "target", words, source, target),
            Planted(f"{name} identity", "identity", words, source, source),
            Planted(f"{name} blank", "blank", words, source, grey),
            Planted(f"{name} wrong", "wrong instruction", other, source, target),
        )
        for name, words, other, source, target in told
    )
