"""Plants in pots."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.blocks import curve, settled
from anyedit.world.bodies import aimed, option
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Array, Mesh, affine, joined
from anyedit.world.objects.plant_shapes import DRY, SOIL, STEM, WILTED, blade, leaves
from anyedit.world.shapes import lathe, loft, smooth_profile, sweep

LEAF = Surface((0.16, 0.42, 0.12), "foliage")


def _pot(r: float, h: float) -> tuple[Mesh, Mesh]:
    profile = [
        (0, 0),
        (r * 0.66, 0),
        (r * 0.7, h * 0.02),
        (r * 0.9, h * 0.76),
        (r * 1.04, h * 0.78),
        (r * 1.06, h * 0.98),
        (r * 1.03, h),
        (r * 0.94, h),
        (r * 0.88, h * 0.84),
        (0, h * 0.84),
    ]
    soil = lathe(
        [(0, h * 0.8), (r * 0.9, h * 0.8), (r * 0.86, h * 0.87), (r * 0.4, h * 0.9), (0, h * 0.9)], 30
    )
    return lathe(profile, 44), soil


def _potted_plant(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, count, reach = p["pot"], p["pot"] * 1.75, round(p["leaves"]), p["reach"]
    wilted = state == "wilted"
    pot, soil = _pot(r, h)
    rng = rng_of("potted plant", round(reach * 1e4), "leaves")
    blades, stems = [], []
    base = np.array([0, 0, h * 0.88])
    for k in range(count):
        a = k * 2.39996
        t = k / (count - 1)
        out = np.array([np.cos(a), np.sin(a), 0.0])
        size = reach * rng.uniform(0.85, 1.1)
        tall = size * (1.35 - 1.0 * t)
        if wilted:
            root = base + out * size * 0.2 + [0, 0, tall * rng.uniform(0.3, 0.52)]
            hang = rng.uniform(0.3, 0.62)
            path = [
                root,
                root + out * size * 0.14 + [0, 0, size * 0.05],
                root + out * size * 0.3 + [0, 0, -size * hang * 0.35],
                root + out * size * 0.3 + [0, 0, -size * hang],
            ]
            stems.append(
                sweep(
                    curve([base + out * r * 0.16, base + out * size * 0.12 + [0, 0, tall * 0.26], root], 3),
                    r * 0.045,
                    8,
                )
            )
        else:
            root = base + out * size * 0.2 + [0, 0, tall * 0.62]
            path = [
                root,
                root + out * size * 0.24 + [0, 0, size * 0.26],
                root + out * size * 0.58 + [0, 0, size * 0.34],
                root + out * size * 0.92 + [0, 0, size * 0.16],
            ]
            stems.append(
                sweep(
                    curve([base + out * r * 0.16, base + out * size * 0.08 + [0, 0, tall * 0.3], root], 3),
                    r * 0.045,
                    8,
                )
            )
        blades.append(blade(path, size * (0.2 if not wilted else 0.1)))
    fallen = []
    if wilted:
        for a in (-2.0, -0.7):
            x, y = np.cos(a) * r * 1.7, np.sin(a) * r * 1.6
            fallen.append(
                blade([(x, y, 0.008), (x + 0.03, y + 0.01, 0.02), (x + 0.08, y + 0.03, 0.008)], 0.022)
            )
    tone = (
        WILTED
        if wilted
        else option(
            (LEAF, Surface((0.25, 0.52, 0.16), "foliage"), Surface((0.10, 0.34, 0.16), "foliage")), p["tone"]
        )
    )
    return settled(
        [
            Part("pot", pot),
            Part("soil", soil, SOIL),
            Part("leaves", joined(blades + fallen), tone),
            Part("stems", joined(stems), WILTED if wilted else STEM),
        ],
        centre=False,
    )


def _ribbed(path: Array, radius: Array, ribs: int) -> Mesh:
    """A round-ended column with deep ribs along a path in a plane y = constant."""
    n = ribs * 6
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    wave = 1 + 0.12 * np.cos(ribs * angle)
    ahead = np.gradient(path, axis=0)
    rings = []
    for point, along, r in zip(path, ahead, radius, strict=True):
        frame = aimed(point, along)
        rings.append(
            np.column_stack([r * wave * np.cos(angle), r * wave * np.sin(angle), np.zeros(n)])
            @ frame[:3, :3].T
            + point
        )
    return loft(rings, crease=50)


def _rounded(count: int, radius: float, start: float = 1.0) -> Array:
    t = np.linspace(0, 1, count)
    body = np.sqrt(np.maximum(1 - np.maximum((t - 0.86) / 0.14, 0) ** 2, 0.0)) * radius
    return np.asarray(np.maximum(body * (start + (1 - start) * np.minimum(t / 0.2, 1)), radius * 0.04))


def _cactus(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["radius"]
    t = np.linspace(0, 1, 28)
    t = np.sort(np.concatenate([t, [0.97, 0.985, 0.995]]))
    columns = [
        _ribbed(
            np.column_stack([0 * t, 0 * t, t * h]),
            np.interp(t, np.linspace(0, 1, 200), _rounded(200, r, 0.86)),
            12,
        )
    ]
    lines = [np.column_stack([0 * t, 0 * t, t * h])]
    for side, low, tip in ((1, p["arm"], p["arm"] + 0.36), (-1, p["arm"] - 0.1, p["arm"] + 0.2)):
        path = curve(
            [
                (side * r * 0.4, 0, low * h),
                (side * r * 1.9, 0, low * h),
                (side * r * 2.6, 0, low * h + r * 0.9),
                (side * r * 2.65, 0, tip * h),
            ],
            7,
        )
        s = np.linspace(0, 1, len(path))
        columns.append(_ribbed(path, np.interp(s, np.linspace(0, 1, 200), _rounded(200, r * 0.62)), 9))
        lines.append(path)
    spines = []
    rng = rng_of("cactus", round(h * 1e4), "spines")
    for line, radius, count in zip(lines, (r, r * 0.62, r * 0.62), (150, 60, 60), strict=True):
        at = line[rng.integers(2, len(line) - 3, count)] + rng.uniform(-0.01, 0.01, (count, 1)) * [0, 0, 1]
        a = rng.integers(0, 12, count) * 2 * np.pi / 12
        out = np.column_stack([np.cos(a), np.sin(a), np.zeros(count)])
        spines.append(leaves(at + out * radius * 1.08, out + rng.normal(0, 0.3, (count, 3)), r * 0.24, 0.06))
    petals = [
        blade(
            [
                (0, 0, 0),
                (np.cos(a) * r * 0.2, np.sin(a) * r * 0.2, r * 0.24),
                (np.cos(a) * r * 0.46, np.sin(a) * r * 0.46, r * 0.34),
            ],
            r * 0.13,
            0.25,
        )
        for a in np.arange(8) * np.pi / 4
    ]
    flower = joined(petals).moved(affine((0, 0, h * 0.99)))
    mound = lathe(
        smooth_profile([(r * 3.0, 0), (r * 2.0, r * 0.12), (r * 0.9, r * 0.3), (0, r * 0.34)], 4), 32
    )
    return settled(
        [
            Part("stem", joined(columns)),
            Part("spines", joined(spines), Surface((0.95, 0.92, 0.78), "wood")),
            Part("flower", flower, Surface("pink", "foliage")),
            Part("sand", mound, Surface((0.80, 0.66, 0.44), "sand")),
        ]
    )


register(
    Kind("potted plant", "plant", _potted_plant, params={"pot": (0.085, 0.12), "leaves": (12, 18), "reach": (0.2, 0.27), "tone": (0, 1)}, states=("healthy", "wilted"), verbs={"wilted": "wilt", "healthy": "recover"},
         effects=DRY, colours=("orange", "white", "blue", "teal", "yellow", "gray"), materials=("clay", "ceramic", "plastic", "concrete"), scale="tabletop",
         contexts=("indoor", "living room", "bedroom", "office", "kitchen", "cafe", "garden", "studio"), topples=True)
)  # fmt: skip
register(
    Kind("cactus", "plant", _cactus, params={"height": (1.1, 1.8), "radius": (0.11, 0.15), "arm": (0.38, 0.48)}, colours=("green", "olive", "teal"), materials=("foliage", "matte paint"), scale="outdoor",
         contexts=("outdoor", "desert"), plural="cacti", wears=0.98)
)  # fmt: skip
