"""Cardboard and gift boxes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import curve, panel, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import affine, joined
from anyedit.world.objects.paper_shapes import PAPER
from anyedit.world.shapes import box, ellipsoid, loft, sweep


def _cardboard_box(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, t = p["width"], p["depth"], p["height"], 0.005
    walls = [slab((w, t, h), (0, s * (d - t) / 2, 0), 0.001) for s in (-1, 1)]
    walls += [slab((t, d - 2 * t, h), (s * (w - t) / 2, 0, 0), 0.001) for s in (-1, 1)]
    walls.append(slab((w - t, d - t, t), (0, 0, 0), 0.001))
    wide, short = [], []
    for s, turn in ((-1, 128), (1, 122)):
        leaf = slab((w - 0.003, d / 2 - 0.002, t), (0, -s * (d / 4), 0), 0.001)  # hinge on the x axis
        wide.append(leaf.moved(affine((0, s * d / 2, h), (s * -turn if state == "open" else 0, 0, 0))))
    for s, turn in ((-1, 136), (1, 118)):
        leaf = slab((d / 2, d - 0.006, t), (-s * (d / 4), 0, 0), 0.001)
        short.append(
            leaf.moved(
                affine(
                    (s * w / 2, 0, h - 0.006 if state != "open" else h),
                    (0, s * turn if state == "open" else 0, 0),
                )
            )
        )
    label = panel(w * 0.62, h * 0.4, (0, -d / 2 - 0.0015, h * 0.46))
    parts = [
        Part("box", joined(walls)),
        Part("flaps", joined([*wide, *short])),
        Part("label", label, PAPER, label=True),
    ]
    tape = Surface((0.66, 0.5, 0.3), "paper")
    if state != "open":
        strip = [
            slab((w + 0.002, 0.05, 0.0015), (0, 0, h + t)),
            *[slab((0.0015, 0.05, h * 0.26), (s * (w / 2 + 0.0008), 0, h * 0.74 + t)) for s in (-1, 1)],
        ]
        parts.append(Part("tape", joined(strip), tape))
    return settled(parts)


def _gift_box(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h, band = p["width"], p["width"] * p["depth"], p["height"], p["band"]
    body = box((w, d, h), bevel=0.003)
    lid = box((w + 0.012, d + 0.012, h * 0.26), (0, 0, h * 0.8), 0.003)
    top = h * 1.06
    ribbon = [slab((band, d + 0.004, h * 0.81)), slab((w + 0.004, band, h * 0.81))]
    ribbon += [
        slab((band, d + 0.016, h * 0.26 + 0.004), (0, 0, h * 0.8)),
        slab((w + 0.016, band, h * 0.26 + 0.004), (0, 0, h * 0.8)),
    ]
    loops = []
    size = min(w, d) * 0.36
    for turn, rise, grow in (
        (20, 26, 1.0),
        (-20, 26, 1.0),
        (160, 26, 1.0),
        (200, 26, 1.0),
        (90, 56, 0.72),
        (-90, 56, 0.72),
    ):
        a = np.linspace(-0.42 * np.pi, 0.42 * np.pi, 20)
        out = size * grow * np.cos(a) ** 1.2 * 1.25
        path = np.column_stack([out, 0 * a, size * grow * 0.42 * np.sin(2 * a) * 0.9])
        half_wide = band * 0.52 * (0.55 + 0.45 * np.cos(a))
        rings = [
            [(x, -b, z - 0.0012), (x, b, z - 0.0012), (x, b, z + 0.0012), (x, -b, z + 0.0012)]
            for (x, _, z), b in zip(path, half_wide, strict=True)
        ]
        loops.append(
            loft(rings, crease=50).moved(
                affine((0, 0, top + 0.012), (0, 0, turn)) @ affine(turn=(0, -rise, 0))
            )
        )
    tails = []
    for s in (-1, 1):
        path = curve(
            [
                (0, 0, top + 0.012),
                (s * size * 0.5, -size * 0.5, top + 0.014),
                (s * size * 0.8, -size * 1.0, top + 0.004),
            ],
            5,
        )
        tails.append(sweep(path, band * 0.46, 10, flat=0.1))
    knot = ellipsoid((band * 0.6, band * 0.6, band * 0.45), (0, 0, top + 0.014), detail=3)
    light = (
        Surface("white", "fabric")
        if p["bow"] < 0.35
        else Surface((0.9, 0.7, 0.25), "fabric")
        if p["bow"] < 0.7
        else Surface("crimson", "fabric")
    )
    return settled(
        [Part("box", body), Part("lid", lid), Part("ribbon", joined([*ribbon, *loops, *tails, knot]), light)]
    )


register(
    Kind(
        "cardboard box",
        "household",
        _cardboard_box,
        params={"width": (0.34, 0.46), "depth": (0.26, 0.34), "height": (0.22, 0.32)},
        states=("closed", "open"),
        verbs={"open": "open its flaps", "closed": "close"},
        effects={"open": "open", "close": "closed"},
        colours=("beige", "brown", "white", "orange"),
        materials=("cardboard",),
        contexts=("indoor", "outdoor", "garage", "workshop", "office", "living room", "street", "studio"),
        plural="cardboard boxes",
        text=("FRAGILE", "BOOKS", "TOYS", "KITCHEN", "THIS SIDE UP", "LEMONS"),
    )
)
register(
    Kind(
        "gift box",
        "household",
        _gift_box,
        params={
            "width": (0.2, 0.28),
            "depth": (0.75, 1.0),
            "height": (0.13, 0.22),
            "band": (0.024, 0.034),
            "bow": (0, 0.69),
        },
        colours=("red", "blue", "green", "purple", "pink", "teal", "yellow"),
        materials=("paper", "cardboard"),
        contexts=("indoor", "living room", "bedroom", "studio", "stage", "cafe"),
        plural="gift boxes",
    )
)
