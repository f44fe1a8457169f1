"""Laptop and globe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
import trimesh

from anyedit.world.blocks import settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, box_uv, joined
from anyedit.world.objects.habitats import DESK
from anyedit.world.shapes import ellipsoid, lathe, loft, rod, rounded_ring, sweep
from anyedit.world.surfaces import BLACK, BRASS


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
        contexts=(*DESK, "cafe", "kitchen"),
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
        contexts=DESK,
        topples=True,
    )
)
