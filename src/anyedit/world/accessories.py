"""What people, animals and toys may wear: hats, scarves, bows, wreaths, sized by the head that they sit on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from anyedit.world.kinds import Part, Surface, kind_of
from anyedit.world.mesh import affine
from anyedit.world.scene import Item
from anyedit.world.shapes import cone, cut, cylinder, ellipsoid, lathe, sweep

RED, GOLD, BLACK, GREEN = (
    Surface("red", "fabric"),
    Surface("yellow", "gold"),
    Surface("black", "fabric"),
    Surface("green", "foliage"),
)


def _ring(radius: float, tube: float, at: float, count: int = 40) -> list[tuple[float, float, float]]:
    t = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return [(radius * float(np.cos(a)), radius * float(np.sin(a)), at) for a in t]


def _party_hat(r: float) -> list[Part]:
    hat = cone(r * 0.8, r * 0.05, r * 2.0, (0, 0, -r * 0.15))
    striped = Surface("magenta", "paper", "stripes", "yellow")
    return [
        Part("party hat", hat, striped),
        Part("pompom", ellipsoid(r * 0.22, (0, 0, r * 1.9)), Surface("yellow", "wool")),
    ]


def _top_hat(r: float) -> list[Part]:
    profile = [
        (0, 0),
        (r * 1.5, 0),
        (r * 1.55, r * 0.08),
        (r * 0.92, r * 0.12),
        (r * 0.86, r * 0.8),
        (r * 0.98, r * 1.5),
        (0, r * 1.5),
    ]
    band = lathe([(r * 0.94, r * 0.14), (r * 0.95, r * 0.4), (r * 0.88, r * 0.42)], 40)
    return [Part("top hat", lathe(profile, 44), BLACK), Part("hat band", band, RED)]


def _crown(r: float) -> list[Part]:
    body = cut(cylinder(r * 0.98, r * 0.9, (0, 0, -r * 0.1)), cylinder(r * 0.86, r * 2, (0, 0, -r * 0.5)))
    notches = [
        cone(
            r * 0.02,
            r * 0.34,
            r * 0.6,
            (r * 0.92 * float(np.cos(a)), r * 0.92 * float(np.sin(a)), r * 0.3),
            8,
        )
        for a in np.linspace(0, 2 * np.pi, 8, endpoint=False)
    ]
    return [Part("crown", cut(body, *notches), GOLD)]


def _scarf(r: float) -> list[Part]:
    ring = sweep(_ring(r * 1.02, r * 0.28, 0), r * 0.27, closed=True)
    end = sweep(
        [(r * 0.3, -r * 1.1, 0), (r * 0.38, -r * 1.3, -r * 0.6), (r * 0.4, -r * 1.28, -r * 1.3)],
        r * 0.26,
        flat=0.4,
    )
    knit = Surface("red", "wool", "stripes", "white")
    return [Part("scarf", ring, knit), Part("scarf end", end, knit)]


def _bow(r: float) -> list[Part]:
    wings = [
        Part(
            "bow",
            ellipsoid((r * 0.42, r * 0.18, r * 0.3), (s * r * 0.42, -r * 0.55, r * 0.1), (0, s * 18, 0)),
            Surface("pink", "fabric"),
        )
        for s in (-1, 1)
    ]
    return [
        *wings,
        Part("bow knot", ellipsoid(r * 0.17, (0, -r * 0.6, r * 0.1)), Surface("magenta", "fabric")),
    ]


def _wreath(r: float) -> list[Part]:
    parts = [Part("wreath", sweep(_ring(r * 0.98, 0, 0), r * 0.12, closed=True), GREEN)]
    colours = ("yellow", "pink", "white", "red", "violet")
    for k, a in enumerate(np.linspace(0, 2 * np.pi, 10, endpoint=False)):
        at = (r * 1.02 * float(np.cos(a)), r * 1.02 * float(np.sin(a)), r * 0.08)
        parts.append(
            Part(
                "flower",
                ellipsoid((r * 0.22, r * 0.22, r * 0.15), at, detail=2),
                Surface(colours[k % 5], "fabric"),
            )
        )
    return parts


# name -> (builder for a head of radius r about the origin, how far below the top it sits as a share of r)
ACCESSORIES: dict[str, tuple[Callable[[float], list[Part]], float]] = {
    "party hat": (_party_hat, 0.25),
    "top hat": (_top_hat, 0.3),
    "golden crown": (_crown, 0.35),
    "red scarf": (_scarf, 2.1),
    "pink bow": (_bow, 0.25),
    "flower wreath": (_wreath, 0.45),
}


def worn(item: Item, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The item's accessory placed on its head, in the item's own frame; parts: the item without it."""
    share = kind_of(item.kind).wears
    if share is None or item.accessory is None:
        return ()
    points = np.concatenate([part.mesh.vertices for part in parts])
    top, low = float(points[:, 2].max()), float(points[:, 2].min())
    height = top - low
    level = low + share * height
    # The head: what lies about the named height, near the highest points there.
    band = points[np.abs(points[:, 2] - level) < 0.05 * height]
    band = band if len(band) >= 8 else points[points[:, 2] > top - 0.1 * height]
    centre = (band.min(0) + band.max(0)) / 2
    radius = float(
        np.clip(
            np.quantile(np.linalg.norm(band[:, :2] - centre[:2], axis=1), 0.8), 0.03 * height, 0.22 * height
        )
    )
    build, below = ACCESSORIES[item.accessory]
    at = (float(centre[0]), float(centre[1]), level - (below - 0.25) * radius)
    return tuple(Part(part.name, part.mesh.moved(affine(at)), part.surface) for part in build(radius))
