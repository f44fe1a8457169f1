"""What covers a thing whatever it is made of: snow, rust, moss, dust, frost, mud, splashes of paint, gold leaf.

A cover is blended over the body by its lie (the mesh's "vertex_cover": 1 where it faces up), by patches of
noise, or by both, one blend within the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from anyedit.errors import AnyEditError, nearest
from anyedit.world.kinds import Surface
from anyedit.world.textures import Map, cells, noise, step

SIDE = 256


@dataclass(frozen=True)
class Layer:
    """A cover over the body.

    lying: its share where the mesh faces up, falling to 0 elsewhere; above 1 it stays whole on slopes. patches:
    the name in `PATCHES` of its share anywhere, or only where it lies when both are given; one tile of them
    spans `tile` shares of the object's size.
    """

    surface: Surface
    lying: float = 0.0
    patches: str | None = None
    tile: float = 0.8


@dataclass(frozen=True)
class Finish:
    """One finish: said as "a {adjective} car" or "a car {phrase}"."""

    name: str
    adjective: str
    phrase: str
    layers: tuple[Layer, ...]


def _rust() -> Map:
    field = noise(SIDE, "rust", 2, 60, 1.25) + 0.25 * noise(SIDE, "rust fine", 20, 100, 0.4)
    return step(-0.75, 0.35, field) * 0.96


def _moss() -> Map:
    return (
        step(-0.05, 0.5, noise(SIDE, "moss", 2, 40, 1.1) + 0.3 * noise(SIDE, "moss fine", 16, 80, 0.3)) * 0.97
    )


def _dust() -> Map:
    return 0.36 + 0.09 * np.clip(noise(SIDE, "dust", 2, 60, 0.9), -2.5, 2.5).astype(np.float32)


def _frost() -> Map:
    feather = np.exp(-np.abs(noise(SIDE, "frost feather", 3, 40, 1.0)) * 3.5)
    return np.clip(0.30 + 0.62 * feather * step(-1.2, 0.6, noise(SIDE, "frost", 1, 10, 1.2)), 0, 0.95)


def _mud() -> Map:
    first, _, tone = cells(SIDE, 12, "mud", 1.0, 0.22)
    splat = step(0.42, 0.36, first / (0.35 + tone))
    return (
        np.maximum(step(0.25, 0.45, noise(SIDE, "mud", 2, 24, 1.3)), splat * (tone > 0.4)).astype(np.float32)
        * 0.98
    )


def _splashes(key: str) -> Callable[[], Map]:
    def draw() -> Map:
        big, _, keep = cells(SIDE, 4, key, 1.0, 0.10)
        small, _, few = cells(SIDE, 13, key + " drops", 1.0, 0.03)
        drops = step(0.30, 0.25, small / (0.3 + few)) * (few > 0.72)
        return np.maximum(step(0.36, 0.33, big / (0.45 + 0.8 * keep)) * (keep > 0.35), drops).astype(
            np.float32
        )

    return draw


def _leaf() -> Map:
    torn = noise(SIDE, "gold leaf", 2, 50, 1.2)
    crack = step(0.02, 0.10, np.abs(noise(SIDE, "gold crack", 2, 16, 1.2)))
    return step(-1.05, -0.85, torn) * (0.15 + 0.85 * crack)


def _drift() -> Map:
    return step(-0.35, 0.05, noise(SIDE, "drift", 3, 40, 1.0))


def _lying(surface: Surface, edge: str) -> tuple[Layer, Layer]:
    """A cover that is whole on top and ends raggedly down the sides."""
    return Layer(surface, lying=3.0, patches=edge, tile=0.6), Layer(surface, lying=1.5)


PATCHES: dict[str, Callable[[], Map]] = {
    "drift": _drift,
    "rust": _rust,
    "moss": _moss,
    "dust": _dust,
    "frost": _frost,
    "mud": _mud,
    "red splashes": _splashes("red splashes"),
    "yellow splashes": _splashes("yellow splashes"),
    "blue splashes": _splashes("blue splashes"),
    "gold leaf": _leaf,
}
SNOW = Surface((0.96, 0.97, 0.99), "snow")
RIME = Surface((0.88, 0.94, 0.99), "snow")
RUST = Surface((0.50, 0.24, 0.10), "soil")
MOSS = Surface((0.29, 0.37, 0.14), "grass")
DUST = Surface((0.64, 0.59, 0.52), "matte paint")
MUD = Surface((0.29, 0.21, 0.14), "soil")
SAND = Surface((0.84, 0.72, 0.53), "sand")
LEAVES = Surface((0.72, 0.33, 0.08), "foliage")

FINISHES: dict[str, Finish] = {
    finish.name: finish
    for finish in (
        Finish("snow", "snow-covered", "covered in snow", _lying(SNOW, "drift")),
        Finish(
            "frost", "frosted", "covered in frost", (Layer(RIME, lying=0.6), Layer(RIME, patches="frost"))
        ),
        Finish("rust", "rusty", "covered in rust", (Layer(RUST, patches="rust"),)),
        Finish("moss", "mossy", "covered in moss", (*_lying(MOSS, "drift"), Layer(MOSS, patches="moss"))),
        Finish("dust", "dusty", "covered in dust", (Layer(DUST, lying=0.75), Layer(DUST, patches="dust"))),
        Finish("mud", "muddy", "spattered with mud", (Layer(MUD, patches="mud", tile=0.7),)),
        Finish(
            "paint",
            "paint-splashed",
            "splashed with paint",
            tuple(
                Layer(Surface(colour, "plastic"), patches=f"{colour} splashes", tile=0.75)
                for colour in ("red", "yellow", "blue")
            ),
        ),
        Finish(
            "gold leaf",
            "gilded",
            "covered in gold leaf",
            (Layer(Surface("yellow", "gold"), patches="gold leaf"),),
        ),
        Finish("sand", "sandy", "covered in sand", _lying(SAND, "drift")),
        Finish("leaves", "leaf-strewn", "strewn with autumn leaves", _lying(LEAVES, "drift")),
    )
}


def finish_of(name: str) -> Finish:
    """The finish of this name; an unknown one names the nearest."""
    if name not in FINISHES:
        raise AnyEditError(f"no finish is named '{name}'{nearest(name, FINISHES)}")
    return FINISHES[name]


@lru_cache(maxsize=16)
def patches(name: str) -> Map:
    """The cover's share where patches of this name lie, float32 (256, 256) in [0, 1]."""
    return np.clip(PATCHES[name](), 0, 1).astype(np.float32)
