"""What holds things outdoors: barrel, treasure chest, mailbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from anyedit.world.blocks import both, hull, placed, settled, slab, wrapped_panel
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import cylinder, ellipsoid, extrude, lathe, loft, sweep
from anyedit.world.surfaces import GILT, IRON


def _barrel(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h, waist = p["radius"], p["height"], p["belly"]

    def bulge(z: float) -> float:
        return r * (1 + (waist - 1) * (1 - (2 * z / h - 1) ** 2))

    staves = 18
    n = staves * 6
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    groove = np.where(np.arange(n) % 6 == 0, 0.965, 1.0)
    rings = [
        np.column_stack([bulge(z) * groove * np.cos(angle), bulge(z) * groove * np.sin(angle), np.full(n, z)])
        for z in np.linspace(0, h, 11)
    ]
    body = loft(rings, crease=30)
    rim = lathe(
        [(r * 0.86, 0), (r * 1.0, 0), (r * 1.0, 0.03), (r * 0.86, 0.03), (r * 0.86, 0)], 44, at=(0, 0, h)
    )
    hoops = []
    for a, b in ((0.05, 0.11), (0.2, 0.25), (0.75, 0.8), (0.89, 0.95)):
        z0, z1 = a * h, b * h
        hoops.append(
            lathe(
                [
                    (bulge(z0) * 0.97, z0),
                    (bulge(z0) * 1.015, z0),
                    (bulge(z1) * 1.015, z1),
                    (bulge(z1) * 0.97, z1),
                ],
                44,
            )
        )
    label = wrapped_panel(bulge(h * 0.36) * 1.012, 84, h * 0.36, h * 0.64, bulge(h * 0.64) * 1.012)
    label = _bowed(label, bulge, 1.008)
    bung = cylinder(0.028, 0.02, (0, 0, h), segments=16)
    parts = [
        Part("staves", joined([body, rim])),
        Part("hoops", joined(hoops), IRON),
        Part("bung", bung, Surface((0.7, 0.52, 0.33), "cork")),
        Part("label", label, Surface((0.82, 0.68, 0.45), "wood", second=(0.1, 0.06, 0.04)), label=True),
    ]
    if state == "lying on its side":
        parts = placed(parts, turn=(0, 0, 180))
        parts = placed(parts, turn=(-90, 0, 38))
    return settled(parts)


def _bowed(label: Mesh, radius: Callable[[float], float], lift: float) -> Mesh:
    """The label over a belly: rows added between its rims, each at the belly's radius."""
    n = len(label.vertices) // 2
    low, high = label.vertices[0, 2], label.vertices[-1, 2]
    angle = np.arctan2(label.vertices[:n, 1], label.vertices[:n, 0])
    rows = 7
    points, normals, uv = [], [], []
    for k in range(rows):
        v = k / (rows - 1)
        z = low + (high - low) * v
        r = radius(z) * lift
        points.append(np.column_stack([r * np.cos(angle), r * np.sin(angle), np.full(n, z)]))
        normals.append(label.normals[:n])
        uv.append(np.column_stack([label.uv[:n, 0], np.full(n, v)]))
    grid = np.arange(rows * n).reshape(rows, n)
    a, b, c, d = grid[:-1, :-1].ravel(), grid[:-1, 1:].ravel(), grid[1:, 1:].ravel(), grid[1:, :-1].ravel()
    faces = np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
    return Mesh(np.vstack(points), faces, np.vstack(normals), np.vstack(uv))


def _chest(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, h = p["width"], p["depth"], p["height"]
    wall = 0.025
    boards = [
        slab((w, wall, h / 3 * 0.99), (0, s * (d - wall) / 2, k * h / 3), 0.004)
        for s in (-1, 1)
        for k in range(3)
    ]
    boards += [
        slab((wall, d - wall, h / 3 * 0.99), (s * (w - wall) / 2, 0, k * h / 3), 0.004)
        for s in (-1, 1)
        for k in range(3)
    ]
    boards.append(slab((w - 0.01, d - 0.01, wall), (0, 0, 0)))
    t = np.linspace(0, np.pi, 15)
    arch = np.column_stack([d / 2 * np.cos(t), 0.42 * d * np.sin(t)])

    def lid_strip(x0: float, x1: float, grow: float, thick: float = 0.025) -> Mesh:
        """A curved shell over the chest between two x stations; hollow below."""
        outer, inner = arch * (1 + grow), arch * (1 + grow) - np.column_stack([np.cos(t), np.sin(t)]) * thick
        ring = np.vstack([outer, inner[::-1]])
        return loft([[(x, y, z) for y, z in ring] for x in (x0, x1)], crease=30)

    planks = lid_strip(-w / 2, w / 2, 0.0)
    cheeks = [
        extrude([(y, z) for y, z in arch * 0.985], wall).moved(
            affine((s * (w / 2 - wall / 2), 0, 0), (0, 0, 90))
        )
        for s in (-1, 1)
    ]
    straps = [lid_strip(x - 0.022, x + 0.022, 0.028) for x in (-w * 0.46, -w * 0.22, w * 0.22, w * 0.46)]
    lid_rim = [slab((w + 0.012, 0.016, 0.035), (0, s * d / 2, -0.002)) for s in (-1, 1)] + [
        slab((0.016, d, 0.035), (s * w / 2, 0, -0.002)) for s in (-1, 1)
    ]
    metal = [
        slab((0.044, 0.012, h), (x, s * (d / 2 + 0.002), 0))
        for x in (-w * 0.46, -w * 0.22, w * 0.22, w * 0.46)
        for s in (-1, 1)
    ]
    metal += [
        slab((0.012, 0.05, h), (s * (w / 2 + 0.002), y, 0)) for s in (-1, 1) for y in (-d * 0.42, d * 0.42)
    ]
    metal += [slab((w + 0.014, d + 0.014, 0.03), (0, 0, z)) for z in (0.0,)] + [
        slab((w + 0.012, 0.014, 0.03), (0, s * d / 2, h - 0.03)) for s in (-1, 1)
    ]
    plate = extrude(
        [(-0.045, -0.09), (0.045, -0.09), (0.055, 0.0), (0.045, 0.05), (-0.045, 0.05), (-0.055, 0.0)],
        0.016,
        (0, -d / 2 - 0.01, h),
    )
    keyhole = joined(
        [
            cylinder(0.012, 0.022, segments=14).moved(affine((0, -d / 2 - 0.004, h - 0.025), (90, 0, 0))),
            slab((0.012, 0.01, 0.035), (0, -d / 2 - 0.021, h - 0.062)),
        ]
    )
    rings = both(
        sweep(
            [
                (w / 2 + 0.012, 0.05 * np.cos(a), h * 0.6 + 0.045 * np.sin(a))
                for a in np.linspace(0, 2 * np.pi, 20, endpoint=False)
            ],
            0.008,
            8,
            closed=True,
        )
    )
    swing = affine(turn=(-72 if state == "open" else 0, 0, 0))
    hinge = affine((0, d / 2, h)) @ swing @ affine((0, -d / 2, 0))
    parts = [
        Part("chest", joined(boards)),
        Part("lid", joined([planks, *cheeks]).moved(hinge)),
        Part("straps", joined([*straps, *lid_rim]).moved(hinge), GILT if p["gilded"] > 0.45 else IRON),
        Part("bands", joined([*metal, rings]), GILT if p["gilded"] > 0.45 else IRON),
        Part("lock", plate, Surface((0.86, 0.7, 0.3), "gold") if p["gilded"] <= 0.45 else IRON),
        Part("keyhole", keyhole, Surface((0.03, 0.03, 0.03), "iron")),
    ]
    if state == "open":
        heap = ellipsoid((w * 0.46, d * 0.44, h * 0.26), (0, 0, h * 0.86), detail=3)
        coins = []
        for k in range(46):
            a, s = k * 2.39996, np.sqrt((k + 0.5) / 46)
            x, y = w * 0.43 * s * np.cos(a), d * 0.41 * s * np.sin(a)
            z = h * 0.86 + h * 0.26 * np.sqrt(max(0.0, 1 - (x / (w * 0.46)) ** 2 - (y / (d * 0.44)) ** 2))
            coin = lathe([(0, 0), (0.026, 0), (0.026, 0.006), (0, 0.006)], 14)
            coins.append(
                coin.moved(affine((x, y, z - 0.002), (28 * np.sin(k * 1.7), 28 * np.cos(k * 2.3), 0)))
            )
        gems = [
            ellipsoid((0.032, 0.032, 0.026), (x, y, h * 1.13), detail=1)
            for x, y in ((-0.09, -0.05), (0.12, 0.02), (0.01, -0.1))
        ]
        parts += [
            Part("gold", joined([heap, *coins]), GILT),
            *[
                Part("gem", gem, Surface(colour, "glass"))
                for gem, colour in zip(gems, ("red", "green", "blue"), strict=True)
            ],
        ]
    return settled(parts)


def _mailbox(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, length, h, post = 0.25, p["length"], 0.28, p["post"]
    t = np.linspace(0, np.pi, 13)
    shape = [(-w / 2, 0), (w / 2, 0), *[(w / 2 * np.cos(a), h - w / 2 + w / 2 * np.sin(a)) for a in t]]
    body = extrude(shape, length, (0, 0, post))
    rim = extrude([(x * 1.06, z * 1.03) for x, z in shape], 0.02, (0, -length / 2 - 0.006, post - 0.003))
    door = extrude(shape, 0.012, (0, -length / 2 - 0.012, post))
    knob = ellipsoid((0.014, 0.016, 0.014), (0, -length / 2 - 0.03, post + h * 0.86), detail=2)
    pole = slab((0.09, 0.09, post), (0, 0.02, 0), 0.01)
    brace = hull(
        [
            (x, y, z)
            for x in (-0.03, 0.03)
            for y, z in (
                (-0.02, post - 0.24),
                (-0.02, post - 0.2),
                (-length * 0.36, post - 0.02),
                (-length * 0.44, post - 0.02),
            )
        ]
    )
    board = slab((w * 0.9, length * 0.9, 0.025), (0, 0, post - 0.024), 0.004)
    flag = joined([slab((0.014, 0.028, 0.26)), slab((0.014, 0.12, 0.09), (0, 0.05, 0.18), 0.004)])
    up = state == "flag up"
    flag = flag.moved(
        affine((-w / 2 - 0.01, -length * 0.12, post + h * 0.42), (0, 0, 0) if up else (-90, 0, 0))
    )
    parts = [
        Part("box", body),
        Part("door", joined([rim, door])),
        Part("knob", knob, IRON),
        Part("post", joined([pole, brace, board]), Surface((0.5, 0.35, 0.2), "wood")),
        Part("signal", flag, Surface("yellow", "matte paint")),
    ]
    return settled(parts)


register(
    Kind(
        "barrel",
        "outdoor",
        _barrel,
        params={"radius": (0.24, 0.3), "height": (0.75, 0.92), "belly": (1.14, 1.24)},
        states=("upright", "lying on its side"),
        verbs={"lying on its side": "fall over"},
        effects={"knock": "lying on its side"},
        colours=("brown", "orange", "beige", "red", "gray"),
        materials=("wood", "dark wood"),
        scale="room",
        contexts=("outdoor", "farm", "harbour", "garden", "street", "workshop", "garage", "beach"),
        text=("RUM", "CIDER", "FISH", "WINE", "APPLES", "OIL"),
        topples=True,
    )
)
register(
    Kind(
        "treasure chest",
        "outdoor",
        _chest,
        params={"width": (0.56, 0.68), "depth": (0.36, 0.42), "height": (0.26, 0.32), "gilded": (0, 1)},
        states=("closed", "open"),
        verbs={"open": "open its lid"},
        effects={"open": "open"},
        colours=("brown", "red", "maroon", "navy", "green"),
        materials=("wood", "dark wood", "leather"),
        scale="room",
        contexts=("beach", "harbour", "indoor", "bedroom", "studio", "outdoor", "forest", "stage"),
        plural="treasure chests",
    )
)
register(
    Kind(
        "mailbox",
        "outdoor",
        _mailbox,
        params={"length": (0.42, 0.5), "post": (0.6, 0.8)},
        states=("flag down", "flag up"),
        verbs={"flag up": "raise its flag"},
        effects={"mail": "flag up"},
        colours=("red", "blue", "white", "gray", "green", "black"),
        materials=("car paint", "matte paint", "steel"),
        scale="room",
        contexts=("outdoor", "garden", "street", "meadow", "farm"),
        plural="mailboxes",
    )
)
