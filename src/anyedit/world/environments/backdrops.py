"""What closes the horizon: hills, mountains, tree lines, house rows, skylines, sea."""

from __future__ import annotations

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world.environments.base import Parts, Setting
from anyedit.world.environments.forms import block, disc, faceted, grid, quad, slab
from anyedit.world.environments.plants import GRASS, LEAVES, NEEDLES, SNOW, SRGB
from anyedit.world.kinds import Surface
from anyedit.world.mesh import Mesh

Upright = tuple[tuple[float, float, float], ...]
FAR = 2500.0  # metres: edge of the ground
LIT = Surface((1.0, 0.80, 0.48), "matte paint", glow=0.55)  # windows and lamps at night: one emitter


def plain(parts: Parts, surface: Surface, z: float = 0.0) -> None:
    """The ground to the horizon."""
    parts.add("ground", surface, disc(FAR, (0, 0, z), 64))


def grass_surface(setting: Setting) -> Surface:
    """Lawn and meadow by season and weather."""
    if setting.white:
        return SNOW
    colour = GRASS[setting.season]
    return Surface(tuple(c * 0.86 for c in colour) if setting.wet else colour, "grass")  # type: ignore[arg-type]


def hazed(colour: SRGB, share: float, air: SRGB = (0.66, 0.74, 0.84)) -> SRGB:
    """A colour seen through air: aerial perspective."""
    r, g, b = (c * (1 - share) + a * share for c, a in zip(colour, air, strict=True))
    return r, g, b


def ridge(
    key: str, distance: float, height: float, roughness: float = 0.5, n: int = 72, wide: float = 2.3
) -> Mesh:
    """A chain of hills across the far half of the horizon; `roughness` 0 rolling, 1 jagged."""
    rng = rng_of("ridge", key)
    angle = np.linspace(-wide, wide, n)  # from +y, radians: well past the view to either side
    profile = np.zeros(n)
    for k, share in (
        (2.1, 1.0),
        (4.7, 0.35 + 0.45 * roughness),
        (9.3, 0.3 * roughness + 0.1),
        (19.0, 0.28 * roughness),
        (33.0, 0.16 * roughness),
    ):
        wave = np.sin(k * angle + rng.uniform(0, 6.3))
        profile += share * ((1 - 2 * np.abs(wave)) if roughness > 0.7 else wave)
    base = 0.22 if roughness > 0.7 else 0.45  # peaks stand apart, hills in one chain
    profile = height * (base + (1 - base) * (profile - profile.min()) / (np.ptp(profile) + 1e-9))
    rows = []
    depth = height * 2.2
    for t, lift in ((0.0, -0.02), (0.35, 0.34), (0.72, 0.80), (1.0, 1.0)):
        wobble = 1 + 0.05 * roughness * rng.standard_normal(n) * (0 < t < 1)
        radius = distance + depth * t * wobble
        rows.append(
            np.column_stack([np.sin(angle) * radius, np.cos(angle) * radius, profile * lift * wobble])
        )
    return grid(np.stack(rows)[::-1], smooth=True)


def hills(parts: Parts, setting: Setting, key: str, colour: SRGB | None = None) -> None:
    """Two chains of rolling hills, the farther one bluer."""
    if setting.white:
        near, far = (0.86, 0.89, 0.93), (0.78, 0.84, 0.91)
    else:
        base = colour or {"autumn": (0.55, 0.42, 0.20), "spring": (0.42, 0.56, 0.26)}.get(
            setting.season, (0.26, 0.42, 0.20)
        )
        near, far = hazed(base, 0.12), hazed(base, 0.5)
    parts.add("near hills", Surface(near, "matte paint"), ridge(key + " near", 150, 13, 0.25))
    parts.add("far hills", Surface(far, "matte paint"), ridge(key + " far", 330, 42, 0.35))


def mountains(parts: Parts, setting: Setting, key: str, distance: float = 420, height: float = 150) -> None:
    """Jagged peaks with snow on their heads."""
    rock = ridge(key, distance, height, 0.85, n=110)
    limit = height * (0.35 if setting.white else 0.66)
    triangles = rock.vertices.reshape(-1, 3, 3)
    high = triangles[..., 2].mean(1) > limit + height * 0.05 * np.sin(triangles[..., 0].mean(1) * 0.21)
    for name, chosen, colour in (("rock", ~high, (0.45, 0.48, 0.55)), ("peaks", high, (0.93, 0.95, 0.99))):
        at = np.repeat(chosen, 3)
        if at.any():
            mesh = Mesh(rock.vertices[at], np.arange(at.sum()).reshape(-1, 3), rock.normals[at], rock.uv[at])
            parts.add(name, Surface(colour, "matte paint"), mesh)


def forest_edge(
    parts: Parts, setting: Setting, key: str, distance: float, height: float, conifer: bool = False
) -> None:
    """A far wall of tree tops along the horizon, in two tints."""
    rng = rng_of("forest edge", key)
    for layer in range(2):
        n = 150
        angle = np.linspace(-2.2, 2.2, n)
        steps = rng.uniform(0.62, 1.0, n)
        if conifer:
            steps = np.where(np.arange(n) % 2, steps, steps * 0.62)
        radius = distance * (1 + 0.10 * layer) * rng.uniform(0.985, 1.015, n)
        top = height * (1 + 0.25 * layer) * steps
        low, high = (
            np.column_stack([np.sin(angle) * radius, np.cos(angle) * radius, z]) for z in (0 * top - 0.1, top)
        )
        middle = np.column_stack([np.sin(angle) * radius, np.cos(angle) * radius, top * 0.6]) * [
            0.985,
            0.985,
            1,
        ]
        parts.add(
            f"forest edge {layer}",
            Surface(hazed(_leaf(setting, conifer, layer), 0.12 + 0.2 * layer), "matte paint"),
            grid(np.stack([high, middle, low])),
        )


def _leaf(setting: Setting, conifer: bool, layer: int) -> SRGB:
    if setting.snowy:
        return (0.70, 0.75, 0.78)
    if conifer:
        return NEEDLES if not setting.white else (0.42, 0.50, 0.50)
    if setting.season == "winter":
        return (0.46, 0.41, 0.38)
    return LEAVES[setting.season][layer]


def house(
    parts: Parts,
    key: str,
    at: tuple[float, float],
    size: tuple[float, float, float],
    dark: bool,
    roof_snow: bool = False,
    flat: bool = False,
) -> None:
    """A house seen from -y: plastered or brick front, windows, door, gabled or flat roof."""
    rng = rng_of("house", key)
    (x, y), (w, d, h) = at, size
    fronts = [
        (0.90, 0.84, 0.72),
        (0.80, 0.58, 0.46),
        (0.93, 0.91, 0.87),
        (0.66, 0.74, 0.78),
        (0.86, 0.72, 0.50),
        (0.72, 0.42, 0.34),
    ]
    pick = int(rng.integers(len(fronts)))
    brick = pick in (1, 5)
    parts.add(
        f"front {pick}",
        Surface(fronts[pick], "brick" if brick else "plaster"),
        block((w, d, h), (x, y + d / 2, 0)),
    )
    columns, floors = max(2, round(w / 2.4)), max(1, round(h / 3.0))
    step, storey = w / columns, h / floors
    door = int(rng.integers(columns))
    for floor in range(floors):
        for column in range(columns):
            cx = x - w / 2 + (column + 0.5) * step
            if floor == 0 and column == door:
                tone = [(0.34, 0.20, 0.12), (0.16, 0.28, 0.36), (0.45, 0.12, 0.10)][int(rng.integers(3))]
                parts.add(
                    f"doors {tone[0]}",
                    Surface(tone, "matte paint"),
                    block((1.1, 0.1, 2.15), (cx, y - 0.03, 0)),
                )
                continue
            z = floor * storey + storey * 0.33
            lit = dark and rng.random() < 0.6
            pane = quad(*_upright(cx, y - 0.045, z, 1.05, storey * 0.44))
            if lit:
                parts.add("lit", LIT, pane)
            else:
                parts.add("windows", Surface((0.20, 0.26, 0.32), "plastic"), pane)
            parts.add(
                "window frames",
                Surface((0.93, 0.92, 0.89), "matte paint"),
                block((1.3, 0.06, storey * 0.44 + 0.24), (cx, y, z - 0.12)),
            )
    snow = Surface((0.93, 0.95, 0.98), "snow")
    if flat:
        parts.add(
            "cornices",
            Surface((0.86, 0.84, 0.80), "plaster"),
            block((w + 0.3, d + 0.3, 0.35), (x, y + d / 2, h)),
        )
        if roof_snow:
            parts.add("snow on roofs", snow, block((w + 0.2, d + 0.2, 0.12), (x, y + d / 2, h + 0.35)))
        return
    rise, over = w * 0.30, 0.35
    tone = [(0.55, 0.25, 0.18), (0.30, 0.30, 0.33), (0.46, 0.30, 0.22)][int(rng.integers(3))]
    roof = gable(w + 2 * over, d + 2 * over, rise * (1 + over / w), (x, y + d / 2, h - 0.02))
    parts.add(
        "snow on roofs" if roof_snow else f"roofs {tone[0]}",
        snow if roof_snow else Surface(tone, "brick"),
        roof,
    )


def gable(w: float, d: float, rise: float, at: tuple[float, float, float]) -> Mesh:
    """A roof whose ridge runs along y (its triangle faces the camera)."""
    a, b = w / 2, d / 2
    v = np.array([[-a, -b, 0], [a, -b, 0], [0, -b, rise], [-a, b, 0], [a, b, 0], [0, b, rise]]) + np.asarray(
        at
    )
    return faceted(
        v, np.array([[0, 1, 2], [3, 5, 4], [1, 4, 5], [1, 5, 2], [0, 2, 5], [0, 5, 3], [0, 4, 1], [0, 3, 4]])
    )


def _upright(x: float, y: float, z: float, w: float, h: float) -> Upright:
    """Corners of an upright rectangle facing -y; (x, z) is its bottom centre."""
    return (x - w / 2, y, z), (x + w / 2, y, z), (x + w / 2, y, z + h), (x - w / 2, y, z + h)


def _panes(corners: list[Upright]) -> Mesh:
    """Many upright rectangles as one mesh."""
    first = np.arange(len(corners))[:, None] * 4
    return faceted(np.reshape(corners, (-1, 3)), np.concatenate([first + [0, 1, 2], first + [0, 2, 3]]))


def skyline(
    parts: Parts, setting: Setting, key: str, distance: float, count: int = 16, tall: float = 26
) -> None:
    """Towers with rows of windows, lit at night."""
    rng = rng_of("skyline", key)
    tones = [(0.52, 0.55, 0.60), (0.62, 0.58, 0.54), (0.42, 0.47, 0.55)]
    panes: list[Upright] = []
    dim: list[Upright] = []
    for k in range(count):
        angle = (k + 0.5) / count * 2.4 - 1.2
        radius = distance * rng.uniform(0.9, 1.4)
        w, h = (
            distance * 0.10 * rng.uniform(0.7, 1.3),
            tall * rng.uniform(0.3, 1.0) * (1 + 0.4 * np.cos(angle)),
        )
        x, y = np.sin(angle) * radius, np.cos(angle) * radius
        tone = int(rng.integers(3))
        colour = tuple(c * 0.55 for c in tones[tone]) if setting.dark else hazed(tones[tone], 0.25)
        parts.add(f"towers {tone}", Surface(colour, "matte paint"), block((w, w, h), (x, y + w / 2, 0)))  # type: ignore[arg-type]
        columns, rows = 4, max(3, int(h / (w * 0.30)))
        for row in range(rows):
            for column in range(columns):
                z, cx = h * (row + 0.45) / rows, x - w / 2 + w * (column + 0.5) / columns
                pane = _upright(cx, y - w * 0.01, z, w * 0.15, h / rows * 0.5)
                (panes if rng.random() < 0.5 else dim).append(pane)
    if setting.dark:
        parts.add("lit", LIT, _panes(panes))
    else:
        dim = dim + panes
    parts.add(
        "dim windows",
        Surface((0.10, 0.12, 0.16) if setting.dark else (0.34, 0.42, 0.50), "plastic"),
        _panes(dim),
    )


def sea(parts: Parts, setting: Setting, shore: float, key: str, waves: bool = True) -> None:
    """Water from `shore` (y of its edge at x = 0) to the horizon, slightly below the ground, with a foam line."""
    n = 60
    x = np.concatenate([np.linspace(-FAR, -60, 6)[:-1], np.linspace(-60, 60, n), np.linspace(60, FAR, 6)[1:]])
    edge = shore + 0.5 * np.sin(x * 0.21 + 1) + 0.22 * np.sin(x * 0.63)
    z = np.full_like(x, 0.006)
    rows = [np.column_stack([x, 0 * x + FAR, z]), np.column_stack([x, edge, z])]
    colour = (0.16, 0.28, 0.34) if setting.wet or setting.snowy else (0.10, 0.34, 0.42)
    parts.add("sea", Surface(colour, "water"), grid(np.stack(rows), smooth=False))
    if waves:
        foam = []
        for k, (offset, wide) in enumerate(((0.0, 0.28), (2.6, 0.16), (6.5, 0.22))):
            line = edge + offset + 0.25 * np.sin(x * 0.4 + k * 2) * (k > 0)
            rim = wide * (0.65 + 0.35 * np.sin(x * 1.1 + k))
            foam.append(
                grid(
                    np.stack(
                        [
                            np.column_stack([x, line + rim, z + 0.008]),
                            np.column_stack([x, line - rim * 0.4, z + 0.008]),
                        ]
                    ),
                    smooth=False,
                )
            )
        parts.add("foam", Surface((0.93, 0.95, 0.96), "matte paint"), *foam)


def islands(parts: Parts, setting: Setting, key: str, distance: float = 700, height: float = 40) -> None:
    """A far coast across the water."""
    parts.add(
        "far coast",
        Surface(hazed((0.38, 0.46, 0.44), 0.45), "matte paint"),
        ridge(key, distance, height, 0.4, wide=0.9),
    )


def fence(parts: Parts, surface: Surface, x0: float, x1: float, y: float, height: float = 1.0) -> None:
    """A post-and-rail fence along x."""
    count = max(2, round((x1 - x0) / 1.6) + 1)
    posts = [block((0.11, 0.11, height), (float(x), y, -0.02)) for x in np.linspace(x0, x1, count)]
    rails = [slab((x0, y - 0.03, height * t - 0.05), (x1, y + 0.03, height * t + 0.05)) for t in (0.45, 0.85)]
    parts.add("fence", surface, *posts, *rails)
