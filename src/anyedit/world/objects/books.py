"""Books, closed and open."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, panel, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.habitats import DESK
from anyedit.world.objects.paper_shapes import PAPER
from anyedit.world.shapes import box, lathe, loft, sweep

_PAGES = Surface((0.95, 0.92, 0.83), "paper")


def _book(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h, t = p["width"], p["height"], p["thick"]
    if state == "open":
        return _open_book(w, h, t)
    cover = 0.0035
    boards = [slab((w, cover, h), (0, s * (t - cover) / 2, 0), 0.001) for s in (-1, 1)]
    a = np.linspace(np.pi / 2, 3 * np.pi / 2, 11)
    outer = np.column_stack([-w / 2 + 0.004 + 0.009 * np.cos(a), t / 2 * np.sin(a)])
    inner = np.column_stack([-w / 2 + 0.006 + 0.006 * np.cos(a), (t / 2 - cover) * np.sin(a)])
    ring = np.vstack([outer, inner[::-1]])
    spine = loft([[(x, y, z) for x, y in ring] for z in (0.0, h)], crease=40)
    pages = slab((w - 0.01, t - 2 * cover, h - 0.012), (-0.003, 0, 0.006), 0.0008)
    bands = [
        loft([[(x * 1.0 - 0.0012, y * 1.03, z) for x, y in outer] for z in (z0, z0 + 0.007)], crease=40)
        for z0 in (h * 0.14, h * 0.8)
    ]
    y = -t / 2
    rule = [slab((w * 0.82, 0.0012, 0.003), (0.004, y, z)) for z in (h * 0.09, h * 0.9)]
    rule += [slab((0.003, 0.0012, h * 0.81), (0.004 + s * w * 0.41, y, h * 0.09)) for s in (-1, 1)]
    emblem = lathe([(0, 0), (w * 0.13, 0), (w * 0.13, 0.0012), (w * 0.1, 0.0014), (0, 0.0014)], 6, crease=10)
    emblem = emblem.moved(affine((0.004, y + 0.0002, h * 0.27), (90, 0, 0)))
    label = panel(w * 0.74, h * 0.34, (0.004, y - 0.0008, h * 0.63))
    return settled(
        [
            Part("cover", joined([*boards, spine])),
            Part("pages", pages, _PAGES),
            Part("gilding", joined([*bands, *rule, emblem]), Surface((0.88, 0.68, 0.28), "gold")),
            Part("label", label, PAPER, label=True),
        ]
    )


def _open_book(w: float, h: float, t: float) -> list[Part]:
    """Lying open, both halves of its pages curving down to the fold; the title on the right page."""
    x = np.linspace(0, 1, 22)
    top = 0.006 + t * 0.42 * (1 - (1 - np.minimum(x / 0.24, 1)) ** 2)
    outline = np.column_stack([x * (w - 0.006) + 0.0005, top])
    ring = np.vstack([outline, [[w - 0.006, 0.004], [0.0005, 0.004]]])
    half = loft([[(a, y, z) for a, z in ring] for y in (-h / 2 + 0.006, h / 2 - 0.006)], crease=40)
    cover = box((2 * w + 0.012, h, 0.0045), (0, 0, 0), 0.0018)
    lines = []
    for row in range(11):  # print on the left page
        y = h * 0.33 - row * h * 0.066
        length = (0.78, 0.7, 0.76, 0.5)[row % 4]
        span = np.linspace(0.13, 0.13 + length * 0.95, 9)
        path = np.column_stack([-span[::-1] * w, np.full(9, y), np.interp(span[::-1], x, top) + 0.0003])
        lines.append(sweep(path, 0.0016, 6, flat=0.3))
    u = np.linspace(0.25, 0.95, 14)  # where the page is level and the text reads straight
    z = np.interp(u, x, top) + 0.001
    points = np.vstack([np.column_stack([u * (w - 0.006), np.full(14, y), z]) for y in (-h * 0.02, h * 0.38)])
    k = np.arange(13)
    faces = np.concatenate([np.column_stack([k, k + 1, k + 15]), np.column_stack([k, k + 15, k + 14])])
    share = (u - u[0]) / (u[-1] - u[0])
    uv = np.vstack([np.column_stack([share, np.full(14, v)]) for v in (0.0, 1.0)])
    label = Mesh(points, faces, np.tile([0.0, 0.0, 1.0], (28, 1)), uv)
    ribbon = sweep(
        curve(
            [
                (0.004, h * 0.48, 0.006 + t * 0.1),
                (0.006, 0, 0.007 + t * 0.12),
                (0.012, -h * 0.5, 0.008),
                (0.02, -h * 0.58, 0.002),
            ],
            5,
        ),
        0.003,
        8,
        flat=0.25,
    )
    return settled(
        [
            Part("cover", cover),
            Part("pages", both(half), _PAGES),
            Part("print", joined(lines), Surface((0.25, 0.24, 0.23), "paper")),
            Part("ribbon", ribbon, Surface("crimson", "fabric")),
            Part("label", label, PAPER, label=True),
        ]
    )


register(
    Kind(
        "book",
        "household",
        _book,
        params={"width": (0.15, 0.18), "height": (0.21, 0.25), "thick": (0.026, 0.045)},
        states=("closed", "open"),
        verbs={"open": "open", "closed": "close"},
        effects={"open": "open", "close": "closed"},
        colours=("red", "blue", "green", "navy", "teal", "purple", "orange"),
        materials=("leather", "fabric", "paper"),
        contexts=(*DESK, "cafe"),
        text=("STORY", "OCEAN", "ROBOT", "TRAVEL", "POEMS", "ATLAS", "MAGIC"),
        topples=True,
    )
)
