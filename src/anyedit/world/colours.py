"""Named colours: the 13 basic ones and 17 rare ones of the publication's colour edits (80% / 20%)."""

from __future__ import annotations

import numpy as np

BASIC: dict[str, tuple[float, float, float]] = {
    "red": (0.78, 0.07, 0.06),
    "orange": (0.95, 0.45, 0.05),
    "yellow": (0.96, 0.80, 0.10),
    "green": (0.12, 0.55, 0.16),
    "blue": (0.08, 0.25, 0.75),
    "purple": (0.42, 0.14, 0.60),
    "pink": (0.95, 0.50, 0.65),
    "brown": (0.38, 0.21, 0.10),
    "black": (0.05, 0.05, 0.055),
    "white": (0.92, 0.92, 0.90),
    "gray": (0.48, 0.48, 0.50),
    "cyan": (0.10, 0.75, 0.82),
    "beige": (0.86, 0.76, 0.60),
}
RARE: dict[str, tuple[float, float, float]] = {
    "crimson": (0.66, 0.04, 0.16),
    "maroon": (0.40, 0.03, 0.08),
    "coral": (0.98, 0.45, 0.36),
    "salmon": (0.97, 0.58, 0.50),
    "peach": (0.99, 0.75, 0.58),
    "olive": (0.42, 0.42, 0.08),
    "lime": (0.55, 0.85, 0.10),
    "mint": (0.60, 0.92, 0.74),
    "teal": (0.02, 0.45, 0.45),
    "turquoise": (0.18, 0.78, 0.70),
    "navy": (0.04, 0.07, 0.30),
    "indigo": (0.24, 0.10, 0.50),
    "violet": (0.58, 0.34, 0.85),
    "lavender": (0.76, 0.68, 0.92),
    "magenta": (0.85, 0.10, 0.60),
    "ivory": (0.97, 0.94, 0.84),
    "charcoal": (0.16, 0.17, 0.19),
}
COLOURS = BASIC | RARE


def sample_colour(rng: np.random.Generator, rare_share: float = 0.2) -> str:
    """A colour name; with probability `rare_share` a rare one (the publication's 80 / 20)."""
    names = list(RARE if rng.random() < rare_share else BASIC)
    return names[rng.integers(len(names))]


def linear(name_or_rgb: str | tuple[float, float, float]) -> tuple[float, float, float]:
    """Linear reflectance of a named or given sRGB colour in [0, 1]."""
    rgb = COLOURS[name_or_rgb] if isinstance(name_or_rgb, str) else name_or_rgb
    srgb = np.asarray(rgb, float)
    value = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return float(value[0]), float(value[1]), float(value[2])
