"""What is read, written and packed: book, laptop, globe, boxes, sign, poster on an easel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
import trimesh

from anyedit.world.blocks import both, curve, panel, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, box_uv, joined
from anyedit.world.shapes import box, ellipsoid, lathe, loft, rod, rounded_ring, sweep
from anyedit.world.surfaces import BLACK, BRASS, TIMBER, WOOD

_PAGES = Surface((0.95, 0.92, 0.83), "paper")
_PAPER = Surface((0.97, 0.95, 0.9), "paper", second=(0.08, 0.08, 0.1))


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
            Part("label", label, _PAPER, label=True),
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
            Part("label", label, _PAPER, label=True),
        ]
    )


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
        Part("label", label, _PAPER, label=True),
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
            Part("label", label, _PAPER, label=True),
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
            Part("label", label.moved(back), _PAPER, label=True),
        ]
    )


def _laptop(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, t = p["width"], p["width"] * 0.68, 0.015

    def plate(thick: float, at: float) -> Mesh:
        heights = ((0, 0.985), (thick * 0.3, 1), (thick * 0.7, 1), (thick, 0.985))
        return loft([rounded_ring(w * s, d * s, at + z, 0.07, 44) for z, s in heights], 40)

    base = plate(t, 0.0)
    step = w * 0.84 / 13
    key = slab((step * 0.86, step * 0.82, 0.0022), (0, 0, t - 0.0006), 0.0006)
    keys = [slab((step * 6.8, step * 0.82, 0.0022), (0, d * 0.34 - 4 * step, t - 0.0006), 0.0006)]
    for row in range(5):
        columns = range(13) if row < 4 else (0, 1, 2, 10, 11, 12)  # the space bar takes the last row's middle
        keys += [key.moved(affine((-w * 0.42 + step * (k + 0.5), d * 0.34 - row * step, 0))) for k in columns]
    pad = slab((w * 0.34, d * 0.25, 0.0012), (0, -d * 0.31, t - 0.0004), 0.0004)
    lid = plate(0.008, 0.0)  # lies on z = 0, its back edge at y = d / 2; the screen looks down
    dark = slab((w * 0.97, d * 0.94, 0.0016), (0, 0, -0.0012), 0.0004)
    shown = slab((w * 0.92, d * 0.86, 0.0016), (0, 0.002, -0.0018), 0.0003)
    tiles = []
    for x, y, sx, sy in ((-0.3, -0.06, 0.24, 0.5), (0.14, -0.2, 0.54, 0.22), (0.14, 0.14, 0.54, 0.34)):
        tiles.append(slab((w * sx, d * sy, 0.0012), (w * x, d * y, -0.0026), 0.0003))
    badge = lathe([(0, 0), (0.016, 0), (0.016, 0.0008), (0, 0.0008)], 36, at=(0, 0, 0.008))
    swing = -p["swing"] if state == "open" else 0.0
    hinge = affine((0, d / 2, t + 0.0035)) @ affine(turn=(swing, 0, 0)) @ affine((0, -d / 2, 0))
    barrel = rod((-w * 0.4, d / 2 - 0.002, t + 0.001), (w * 0.4, d / 2 - 0.002, t + 0.001), 0.0055, 16)
    on = state == "open"
    parts = [
        Part("base", base),
        Part("lid", lid.moved(hinge)),
        Part("keys", joined(keys), BLACK),
        Part("pad", joined([pad, barrel]), Surface((0.42, 0.43, 0.45), "plastic")),
        Part("bezel", dark.moved(hinge), BLACK),
        Part("screen", shown.moved(hinge), Surface((0.16, 0.42, 0.72), "plastic", glow=1.1 if on else 0.0)),
        Part(
            "windows",
            joined(tiles).moved(hinge),
            Surface((0.9, 0.95, 1.0), "plastic", glow=1.3 if on else 0.0),
        ),
        Part("badge", badge.moved(hinge), Surface((0.9, 0.91, 0.92), "chrome")),
    ]
    return settled(parts)


# Rough outlines of the continents, (longitude, latitude) in degrees, drawn for this globe.
_LANDS: tuple[tuple[tuple[float, float], ...], ...] = (
    ((-166, 66), (-140, 70), (-110, 72), (-82, 70), (-64, 58), (-56, 50), (-70, 43), (-80, 31), (-82, 25), (-96, 28),
     (-98, 19), (-86, 14), (-78, 8), (-94, 15), (-106, 22), (-114, 31), (-124, 42), (-132, 56), (-152, 60)),
    ((-78, 9), (-62, 10), (-50, 0), (-35, -7), (-40, -22), (-50, -30), (-58, -38), (-66, -48), (-70, -55), (-75, -48),
     (-71, -30), (-71, -18), (-81, -5)),
    ((-17, 15), (-9, 32), (0, 36), (11, 37), (22, 32), (33, 31), (38, 20), (44, 11), (51, 11), (40, -4), (40, -16),
     (33, -27), (26, -34), (18, -34), (13, -18), (9, 3), (-7, 5)),
    ((-9, 38), (-2, 44), (-4, 48), (6, 53), (10, 57), (6, 62), (16, 69), (30, 70), (44, 67), (70, 72), (100, 77),
     (130, 72), (160, 70), (178, 66), (162, 58), (142, 58), (138, 50), (128, 38), (121, 30), (110, 20), (104, 10),
     (98, 16), (88, 22), (78, 8), (72, 20), (60, 25), (54, 17), (44, 13), (36, 28), (28, 37), (22, 38), (14, 42), (2, 40)),
    ((114, -22), (122, -16), (132, -11), (142, -12), (147, -20), (153, -28), (147, -38), (137, -34), (116, -34)),
    ((-50, 61), (-42, 60), (-22, 70), (-18, 80), (-40, 83), (-62, 80), (-54, 70)),
    ((44, -16), (50, -16), (47, -25), (44, -24)),
)  # fmt: skip


def _land(outline: Sequence[tuple[float, float]], radius: float) -> Mesh:
    """One continent laid on the sphere, its rim rounded, its triangles small enough to follow the curve."""
    area = shapely.Polygon(outline).buffer(3, quad_segs=3).buffer(-3, quad_segs=3).buffer(1.5, quad_segs=3)
    flat, faces = trimesh.creation.triangulate_polygon(area)
    flat3 = np.column_stack([flat, np.zeros(len(flat))])
    points, faces = trimesh.remesh.subdivide_to_size(flat3, faces, 13.0, max_iter=12)
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    unit = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    corner = unit[faces]
    outward = np.einsum(
        "ij,ij->i", np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), corner[:, 0]
    )
    faces = np.where((outward > 0)[:, None], faces, faces[:, ::-1])
    return Mesh(unit * radius, np.asarray(faces, np.int64), unit, box_uv(unit * radius, unit))


def _globe(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, lift = p["radius"], p["lift"]
    ball = ellipsoid(r, (0, 0, 0), detail=4)
    lands = joined([_land(outline, r * 1.006) for outline in _LANDS])
    centre = affine((0, 0, lift + r * 1.18), (0, 23.4, 0)) @ affine(turn=(0, 0, p["turn"]))
    a = np.radians(np.linspace(90, 270, 33))
    arc = np.column_stack([r * 1.11 * np.cos(a), 0 * a, r * 1.11 * np.sin(a)])
    tilt = affine((0, 0, lift + r * 1.18), (0, 23.4, 0))
    meridian = sweep(arc, r * 0.038, 12, flat=1.5).moved(tilt)
    pins = joined([rod((0, 0, s * r * 0.98), (0, 0, s * r * 1.16), r * 0.022, 12) for s in (-1, 1)]).moved(
        tilt
    )
    caps = joined([ellipsoid(r * 0.05, (0, 0, s * r * 1.16), detail=2) for s in (-1, 1)]).moved(tilt)
    foot = lathe(
        [(0, 0), (r * 0.68, 0), (r * 0.68, 0.008), (r * 0.6, 0.018), (r * 0.22, 0.026), (r * 0.09, 0.045),
         (r * 0.075, lift + r * 0.05), (0, lift + r * 0.1)], 48, at=(-r * 0.12, 0, 0))  # fmt: skip
    return settled(
        [
            Part("ocean", ball.moved(centre)),
            Part("land", lands.moved(centre), Surface((0.55, 0.7, 0.32), "plastic")),
            Part("meridian", joined([meridian, pins, caps]), BRASS),
            Part("foot", foot, Surface((0.3, 0.18, 0.1), "dark wood")),
        ]
    )


_DESK = ("indoor", "office", "classroom", "living room", "bedroom", "studio")

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
        contexts=(*_DESK, "cafe"),
        text=("STORY", "OCEAN", "ROBOT", "TRAVEL", "POEMS", "ATLAS", "MAGIC"),
        topples=True,
    )
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
register(
    Kind(
        "laptop",
        "household",
        _laptop,
        params={"width": (0.31, 0.37), "swing": (104, 118)},
        states=("open", "closed"),
        verbs={"closed": "close", "open": "open"},
        effects={"close": "closed", "open": "open"},
        colours=("gray", "charcoal", "white", "blue", "pink", "teal"),
        materials=("brushed metal", "plastic"),
        contexts=(*_DESK, "cafe", "kitchen"),
    )
)
register(
    Kind(
        "globe",
        "household",
        _globe,
        params={"radius": (0.12, 0.15), "lift": (0.07, 0.1), "turn": (-180, 180)},
        colours=("blue", "teal", "navy", "turquoise", "beige", "cyan"),
        materials=("plastic", "paper", "ceramic"),
        contexts=_DESK,
        topples=True,
    )
)
