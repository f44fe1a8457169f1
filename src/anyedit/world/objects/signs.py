"""What is read: sign and poster."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import panel, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.paper_shapes import PAPER
from anyedit.world.shapes import box, ellipsoid, lathe, loft, rod, rounded_ring
from anyedit.world.surfaces import BRASS, TIMBER, WOOD


def _sign(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h, post, top = p["width"], p["height"], 0.075, p["post"]
    z = top - h - 0.06
    pole = loft([rounded_ring(post, post, a, 0.06, 20, (0, 0.05)) for a in (0, top - 0.03)], 30)
    tip = loft(
        [
            rounded_ring(post * s, post * s, a, 0.06, 20, (0, 0.05))
            for a, s in ((top - 0.03, 1.25), (top - 0.015, 1.25), (top + 0.02, 0.05))
        ],
        30,
    )
    board = box((w, 0.03, h), (0, 0, z), 0.008)
    rim = [slab((w, 0.02, 0.03), (0, -0.014, a)) for a in (z, z + h - 0.03)]
    rim += [slab((0.03, 0.02, h), (s * (w / 2 - 0.015), -0.014, z)) for s in (-1, 1)]
    bolts = [
        ellipsoid((0.011, 0.006, 0.011), (x * (w / 2 - 0.015), -0.025, a), detail=2)
        for x in (-1, 1)
        for a in (z + 0.015, z + h - 0.015)
    ]
    foot = box((0.34, 0.34, 0.05), (0, 0.05, 0), 0.012)
    label = panel(w - 0.066, h - 0.066, (0, -0.0168, z + h / 2))
    return settled(
        [
            Part("board", joined([board, *rim])),
            Part("post", joined([pole, tip, foot]), TIMBER),
            Part("bolts", joined(bolts), BRASS),
            Part("label", label, PAPER, label=True),
        ]
    )


def _poster(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h, low, lean = p["width"], p["height"], p["ledge"], 10.0
    tall = low + h + 0.22
    back = affine((0, -0.1, 0), (-lean, 0, 0))
    front = [rod((s * (w * 0.5), 0, 0), (s * 0.05, 0, tall), 0.017, 12) for s in (-1, 1)]
    front.append(slab((0.16, 0.045, 0.05), (0, 0, tall - 0.07), 0.006))
    front.append(slab((w * 0.94, 0.03, 0.04), (0, 0.0, low * 0.45), 0.005))
    ledge = slab((w * 1.08, 0.09, 0.03), (0, -0.03, low - 0.03), 0.005)
    up = np.radians(lean)
    crown = np.array([0, np.sin(up) * (tall - 0.05) - 0.1, np.cos(up) * (tall - 0.05)])
    prop = rod((0, crown[1] + 0.52, 0), tuple(crown), 0.017, 12)
    board = box((w, 0.016, h), (0, -0.03, low), 0.004)
    label = panel(w * 0.9, h * 0.56, (0, -0.0395, low + h * 0.66))
    strip = [slab((w * 0.9, 0.003, h * 0.025), (0, -0.0395, low + h * a)) for a in (0.31,)]
    dots = []
    for k, (x, size) in enumerate(((-0.27, 0.11), (0.0, 0.11), (0.27, 0.11))):
        corners = (40, 3, 4)[k]
        shape = lathe([(0, 0), (size * w, 0), (size * w, 0.003), (0, 0.003)], corners, crease=20)
        dots.append(
            shape.moved(
                affine((x * w, -0.038, low + h * 0.165))
                @ affine(turn=(90, 0, 0))
                @ affine(turn=(0, 0, (0, 90, 45)[k]))
            )
        )
    return settled(
        [
            Part("board", board.moved(back)),
            Part("easel", joined([*(m.moved(back) for m in (*front, ledge)), prop]), WOOD),
            Part("drawing", joined([*strip, *dots]).moved(back), Surface((0.98, 0.95, 0.88), "paper")),
            Part("label", label.moved(back), PAPER, label=True),
        ]
    )


register(
    Kind(
        "sign",
        "outdoor",
        _sign,
        params={"width": (0.7, 0.95), "height": (0.36, 0.5), "post": (1.05, 1.4)},
        colours=("brown", "red", "blue", "green", "teal", "yellow", "white"),
        materials=("wood", "matte paint", "dark wood", "steel"),
        scale="room",
        contexts=(
            "outdoor",
            "street",
            "park",
            "garden",
            "meadow",
            "beach",
            "farm",
            "harbour",
            "plaza",
            "forest",
        ),
        text=("OPEN", "BEACH", "MARKET", "WELCOME", "FOR SALE", "PARK", "FARM SHOP", "NO ENTRY"),
        topples=True,
    )
)
register(
    Kind(
        "poster",
        "household",
        _poster,
        params={"width": (0.55, 0.7), "height": (0.75, 0.95), "ledge": (0.5, 0.65)},
        colours=("red", "blue", "teal", "purple", "orange", "green", "navy"),
        materials=("paper", "cardboard", "matte paint"),
        scale="room",
        contexts=("indoor", "studio", "classroom", "office", "cafe", "stage", "plaza", "street"),
        text=("CINEMA", "JAZZ NIGHT", "SUMMER", "BIG SALE", "CIRCUS", "ART SHOW", "MUSIC"),
        topples=True,
    )
)
