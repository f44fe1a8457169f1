"""Sizes that pictures are brought to: one batch has one size, and a picture goes to the size nearest its shape."""

from __future__ import annotations

import math

Size = tuple[int, int]
"""Height and width in pixels."""


def bucket_sizes(resolution: int, longest_aspect: float, multiple: int) -> tuple[Size, ...]:
    """The sizes of about resolution² pixels with sides divisible by `multiple` (pixels), squarest first.

    multiple: the VAE's factor times the UNet's, so that latents halve evenly at every level. longest_aspect 1
    gives the square alone.
    """
    side = max(multiple, round(resolution / multiple) * multiple)
    sizes = {(side, side)}
    for width in range(multiple, int(side * math.sqrt(longest_aspect)) + multiple, multiple):
        height = max(multiple, round(side * side / width / multiple) * multiple)
        if max(width / height, height / width) <= longest_aspect * 1.001:
            sizes |= {(height, width), (width, height)}
    return tuple(sorted(sizes, key=lambda size: (abs(math.log(size[0] / size[1])), size)))


def nearest_bucket(height: int, width: int, sizes: tuple[Size, ...]) -> Size:
    """The size whose aspect ratio is nearest, by its logarithm (so that tall and wide are treated alike)."""
    aspect = math.log(height / width)
    return min(sizes, key=lambda size: abs(math.log(size[0] / size[1]) - aspect))
