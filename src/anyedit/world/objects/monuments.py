"""Old squares: statue and fountain."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import blob, capsule, cylinder, ellipsoid, lathe, smooth_profile, soft, sweep
from anyedit.world.surfaces import STONE, WATER


def _statue(p: Mapping[str, float], state: str | None) -> list[Part]:
    """A draped figure on a pedestal, one arm raised with a ball."""
    t = p["lean"]
    robe = [
        capsule((0, 0, 0.04), (0, 0.01, 0.46), (0.17, 0.115)),
        capsule((0.05, -0.05, 0.02), (0.02, -0.02, 0.5), (0.09, 0.06)),
        blob((0.135, 0.1, 0.13), (0.0, 0.0, 0.58)),
        blob((0.155, 0.1, 0.12), (0.0, 0.0, 0.72)),
        capsule((-0.16, 0, 0.79), (0.16, 0, 0.79), 0.052),
        capsule((0.17, 0, 0.78), (0.22, -0.04, 0.6), (0.05, 0.042)),
        capsule((0.22, -0.04, 0.6), (0.07, -0.13, 0.56), (0.042, 0.034)),
        capsule((-0.17, 0, 0.79), (-0.27 - 0.04 * t, -0.03, 0.9), (0.05, 0.042)),
        capsule((-0.27 - 0.04 * t, -0.03, 0.9), (-0.25, -0.06, 1.12), (0.042, 0.034)),
        blob((0.045, 0.04, 0.05), (-0.25, -0.06, 1.15)),
        capsule((0, 0, 0.8), (0, 0, 0.9), 0.05),
        blob((0.082, 0.09, 0.108), (0, -0.01, 0.975)),
        blob((0.018, 0.03, 0.026), (0, -0.105, 0.965)),
        blob((0.09, 0.08, 0.075), (0, 0.035, 1.02)),
        blob((0.045, 0.045, 0.045), (0, 0.13, 1.02)),
    ]
    folds = [
        capsule((x, -0.13 + 0.35 * abs(x), 0.03), (x * 0.62, -0.085 + 0.2 * abs(x), 0.5), (0.032, 0.012))
        for x in np.linspace(-0.13, 0.13, 5)
    ]
    sash = [
        capsule((-0.14, -0.07, 0.8), (0.0, -0.115, 0.68), 0.03),
        capsule((0.0, -0.115, 0.68), (0.13, -0.08, 0.56), 0.03),
    ]
    figure = soft({"figure": [*robe, *folds, *sash]}, blend=0.03, cell=0.0215)["figure"]
    orb = ellipsoid(0.07, (-0.25, -0.07, 1.245), detail=2)
    w, base = p["base"], p["pedestal"]
    plinth = joined(
        [
            slab((w * 1.3, w * 1.3, 0.09), bevel=0.01),
            slab((w * 1.14, w * 1.14, 0.06), (0, 0, 0.085), 0.02),
            slab((w, w, base - 0.25), (0, 0, 0.14), 0.01),
            slab((w * 1.14, w * 1.14, 0.06), (0, 0, base - 0.12), 0.02),
            slab((w * 1.24, w * 1.24, 0.06), (0, 0, base - 0.065), 0.012),
        ]
    )
    plaque = slab(
        (w * 0.66, 0.014, (base - 0.25) * 0.5), (0, -w / 2 - 0.004, 0.14 + (base - 0.25) * 0.25), 0.004
    )
    lifted = affine((0, 0, base - 0.01))
    return settled(
        [
            Part("figure", figure.moved(lifted)),
            Part("orb", orb.moved(lifted)),
            Part("pedestal", plinth, STONE),
            Part("plaque", plaque, Surface((0.6, 0.42, 0.2), "copper")),
        ],
        centre=False,
    )


def _fountain(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, tall = p["radius"], p["height"]
    wall = 0.42
    basin = lathe(
        [
            (0, 0),
            (r * 1.08, 0),
            (r * 1.08, 0.08),
            (r, 0.12),
            (r * 0.98, wall - 0.08),
            (r * 1.06, wall - 0.04),
            (r * 1.06, wall),
            (r * 0.9, wall),
            (r * 0.88, 0.16),
            (0, 0.16),
        ],
        8,
        crease=20,
    )
    basin = basin.moved(affine(turn=(0, 0, 22.5)))
    pool = cylinder(r * 0.87, 0.02, (0, 0, wall - 0.12), segments=40)
    stem = [(0, 0.1), (0.2, 0.1), (0.2, 0.5), (0.12, 0.58), (0.1, tall * 0.58), (0.16, tall * 0.62)]
    bowl = smooth_profile([(0.16, tall * 0.62), (r * 0.36, tall * 0.66), (r * 0.54, tall * 0.76)], 5)
    upper = [
        (r * 0.55, tall * 0.775),
        (r * 0.5, tall * 0.775),
        (r * 0.3, tall * 0.7),
        (0.09, tall * 0.69),
        (0.06, tall * 0.86),
        (0.1, tall * 0.88),
    ]
    cup = smooth_profile([(0.1, tall * 0.88), (r * 0.2, tall * 0.92), (r * 0.27, tall * 0.98)], 4)
    column = lathe(
        [*stem, *bowl, *upper, *cup, (r * 0.24, tall * 0.98), (r * 0.1, tall * 0.93), (0, tall * 0.93)], 40
    )
    parts = [
        Part("basin", basin),
        Part("column", column),
        Part("pool", pool, WATER if state != "dry" else Surface((0.5, 0.47, 0.42), "sand")),
        Part(
            "upper pool",
            lathe([(0, 0), (r * 0.46, 0), (r * 0.46, 0.012), (0, 0.012)], 32, at=(0, 0, tall * 0.755)),
            WATER if state != "dry" else STONE,
        ),
    ]
    if state == "dry":
        return settled(parts)
    foam = Surface((0.82, 0.92, 0.97), "water")
    jets: list[Mesh] = [
        lathe(
            smooth_profile(
                [(0.035, tall * 0.95), (0.03, tall * 1.12), (0.055, tall * 1.2), (0, tall * 1.25)], 5
            ),
            16,
        )
    ]
    u = np.linspace(0, 1, 12)
    for k in range(10):
        a = k * 2 * np.pi / 10 + 0.3
        reach = r * 0.26 + r * 0.22 * u
        z = tall * 0.985 + 0.06 * np.sin(np.pi * u) - (tall * 0.985 - tall * 0.77) * u**2
        jets.append(sweep(np.column_stack([reach * np.cos(a), reach * np.sin(a), z]), 0.014, 6))
    for k in range(14):
        a = k * 2 * np.pi / 14
        reach = r * 0.54 + r * 0.2 * u
        z = tall * 0.785 + 0.05 * np.sin(np.pi * u) - (tall * 0.785 - wall + 0.11) * u**2
        jets.append(sweep(np.column_stack([reach * np.cos(a), reach * np.sin(a), z]), 0.018, 6))
    return settled([*parts, Part("jets", joined(jets), foam)])


register(
    Kind(
        "statue",
        "outdoor",
        _statue,
        params={"lean": (-1, 1), "base": (0.42, 0.5), "pedestal": (0.6, 0.85)},
        colours=("white", "beige", "gray", "green", "brown"),
        materials=("marble", "stone", "granite", "copper", "gold"),
        scale="outdoor",
        contexts=("outdoor", "park", "plaza", "garden", "street", "studio"),
        wears=0.91,
    )
)
register(
    Kind(
        "fountain",
        "outdoor",
        _fountain,
        params={"radius": (0.85, 1.1), "height": (1.3, 1.6)},
        states=("running", "dry"),
        verbs={"dry": "run dry"},
        effects={"water_missing": "dry"},
        colours=("white", "gray", "beige", "ivory"),
        materials=("marble", "stone", "granite", "concrete"),
        scale="outdoor",
        contexts=("outdoor", "park", "plaza", "garden", "street"),
    )
)
