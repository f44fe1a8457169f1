"""Cheese and eggs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anyedit.world.blocks import placed, prism, settled
from anyedit.world.kinds import Kind, Part, Surface
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.objects.food_shapes import TABLE, food
from anyedit.world.shapes import (
    blob,
    cut,
    ellipsoid,
    lathe,
    loft,
    smooth_profile,
    soft,
)  # fmt: skip


def _cheese(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, angle = p["radius"], p["height"], p["angle"]
    a = np.radians(np.linspace(-angle / 2, angle / 2, 12))
    outline = [(0.0, 0.0), *[(r * np.cos(v), r * np.sin(v)) for v in a]]
    body = prism(outline, h, bevel=h * 0.03)
    n1 = np.array([np.sin(a[0]), -np.cos(a[0])])  # outward across the near cut face
    along = np.array([np.cos(a[0]), np.sin(a[0])])
    holes = []
    for d, z, s in (
        (0.34, 0.62, 0.14),
        (0.55, 0.28, 0.19),
        (0.76, 0.7, 0.17),
        (0.88, 0.3, 0.1),
        (0.62, 0.84, 0.08),
        (0.3, 0.24, 0.08),
    ):
        at = along * d * r + n1 * h * s * 0.25
        holes.append(ellipsoid(h * s * 1.25, (at[0], at[1], z * h), detail=2))
    for d, w, s in ((0.5, 0.1, 0.16), (0.78, -0.4, 0.2), (0.8, 0.42, 0.14), (0.32, -0.1, 0.1)):
        v = w * np.radians(angle)
        holes.append(ellipsoid(h * s, (d * r * np.cos(v), d * r * np.sin(v), h * 1.02), detail=2))
    body = cut(body, *holes, crease=35)
    rind = prism(
        [
            *[(r * 1.035 * np.cos(v), r * 1.035 * np.sin(v)) for v in a],
            *[(r * 0.985 * np.cos(v), r * 0.985 * np.sin(v)) for v in a[::-1]],
        ],
        h * 1.006,
        bevel=h * 0.012,
    )
    parts = [Part("cheese", body), Part("rind", rind, Surface((0.78, 0.30, 0.10), "wax"))]
    return settled(placed(parts, turn=(0, 0, 12)))


def _egg(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["radius"] * 2.62
    outline = smooth_profile(
        [
            (0.0, 0.0),
            (r * 0.52, h * 0.05),
            (r * 0.9, h * 0.22),
            (r, h * 0.42),
            (r * 0.86, h * 0.68),
            (r * 0.5, h * 0.92),
            (0.0, h),
        ],
        7,
    )
    if state != "cracked":
        return settled(placed([Part("shell", lathe(outline, 40, crease=80))], turn=(0, 72, 30)))
    u = np.linspace(0, 2 * np.pi, 44, endpoint=False)
    jag = h * (0.46 + 0.05 * np.where(np.arange(44) % 4 < 2, 1.0, -1.0) * (0.6 + 0.4 * np.sin(3 * u)))
    radii, heights = np.array(outline).T

    def half(lower: bool) -> Mesh:
        levels = np.linspace(0.02, 1, 9)
        outer, inner = [], []
        for t in levels:
            z = jag * t if lower else h - (h - jag) * t
            rr = np.interp(z, heights, radii)
            outer.append(np.column_stack([rr * np.cos(u), rr * np.sin(u), z]))
            inner.append(
                np.column_stack(
                    [
                        rr * 0.95 * np.cos(u),
                        rr * 0.95 * np.sin(u),
                        z + (0.03 * r if lower else -0.03 * r) * (1 - t),
                    ]
                )
            )
        return loft([*outer, *inner[::-1]], crease=50)

    shells = [
        half(True).moved(affine((-r * 2.1, r * 0.7, 0), (24, -50, 0))),
        half(False).moved(affine((r * 2.0, r * 1.1, -h * 0.4), (-20, 30, 0))),
    ]
    shells = [mesh.moved(affine((0, 0, -float(mesh.vertices[:, 2].min())))) for mesh in shells]
    white = soft(
        {
            "w": [
                blob((r * 1.9, r * 1.5, r * 0.2), (0, -r * 0.4, 0.0)),
                blob((r * 0.9, r * 0.8, r * 0.16), (r * 1.4, -r * 0.9, 0.0)),
                blob((r * 0.8, r * 0.9, r * 0.16), (-r * 1.3, -r * 0.9, 0.0)),
            ]
        },
        r * 0.4,
        r * 0.13,
    )["w"]
    white = replace(white, vertices=np.maximum(white.vertices, [-np.inf, -np.inf, 0.0]))
    yolk = ellipsoid((r * 0.72, r * 0.72, r * 0.46), (0.1 * r, -r * 0.5, r * 0.24), detail=3)
    return settled(
        [
            Part("shell", joined(shells)),
            Part("egg white", white, Surface((0.97, 0.96, 0.92), "wax")),
            Part("yolk", yolk, Surface((0.98, 0.68, 0.08), "plastic")),
        ]
    )


food(
    Kind(
        "cheese wedge",
        "food",
        _cheese,
        params={"radius": (0.12, 0.15), "height": (0.055, 0.075), "angle": (42, 58)},
        colours=("yellow", "orange", "ivory", "beige"),
        materials=("wax",),
        contexts=TABLE,
    )
)
food(
    Kind(
        "egg",
        "food",
        _egg,
        params={"radius": (0.021, 0.025)},
        states=("whole", "cracked"),
        verbs={"cracked": "crack open"},
        effects={"drop": "cracked", "break": "cracked"},
        colours=("white", "beige", "peach", "brown"),
        materials=("ceramic", "matte paint"),
        contexts=(*TABLE, "farm"),
        rolls=True,
    )
)
