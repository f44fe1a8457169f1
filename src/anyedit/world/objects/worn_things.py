"""Umbrella and shoe."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import curve, placed, settled, skin
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, joined, shaded
from anyedit.world.shapes import (
    cut,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    rod,
    sweep,
)
from anyedit.world.surfaces import BLACK, STEEL, TIMBER


def _canopy(radius: float, rise: float, top: float, ribs: int, thick: float = 0.004) -> Mesh:
    """An umbrella's cloth: gores that sag between the ribs, scalloped at the rim, closed underneath."""
    n, rows = ribs * 6, 9
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    between = np.abs(np.sin(angle * ribs / 2))  # 0 on a rib, 1 midway
    u = np.linspace(0, 1, rows)[:, None]
    reach = radius * u * (1 - 0.085 * u**2 * between)
    z = top - rise * u**2.1 - 0.02 * u * between * radius
    sheet = np.stack([reach * np.cos(angle), reach * np.sin(angle), z + 0 * angle], -1).reshape(-1, 3)
    points = np.vstack([sheet, sheet - [0, 0, thick]])
    k, j = np.meshgrid(np.arange(rows - 1), np.arange(n), indexing="ij")
    a, b = (k * n + j).ravel(), (k * n + (j + 1) % n).ravel()
    c, d = b + n, a + n
    upper = np.concatenate([np.column_stack([a, c, b]), np.column_stack([a, d, c])])
    upper = upper[:, [0, 2, 1]] if _downward(points, upper) else upper
    lower = upper[:, ::-1] + len(sheet)
    edge = (rows - 1) * n + np.arange(n)
    on = (rows - 1) * n + (np.arange(n) + 1) % n
    rim = np.concatenate(
        [
            np.column_stack([edge, edge + len(sheet), on + len(sheet)]),
            np.column_stack([edge, on + len(sheet), on]),
        ]
    )
    return shaded(points, np.concatenate([upper, lower, rim]), crease=22)


def _downward(points: np.ndarray, faces: np.ndarray) -> bool:
    corner = points[faces]
    return float(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])[:, 2].sum()) < 0


def _umbrella(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, length, ribs = p["radius"], p["length"], 8
    hook = [
        (0, 0, 0.1),
        (0, 0, 0.045),
        (0.008, 0, 0.012),
        (0.036, 0, -0.004),
        (0.066, 0, 0.012),
        (0.072, 0, 0.042),
    ]
    grip = sweep(curve(hook, 5), 0.012, 16)
    shaft = rod((0, 0, 0.08), (0, 0, length), 0.0055, 12)
    tip = rod((0, 0, length - 0.01), (0, 0, length + 0.05), (0.007, 0.004), 12)
    if state == "open":
        rise = r * p["dome"]
        cloth = _canopy(r, rise, length, ribs)
        spokes = []
        for a in np.arange(ribs) * 2 * np.pi / ribs:
            out = np.array([np.cos(a), np.sin(a), 0])
            rib = [out * r * u + [0, 0, length - rise * u**2.1 - 0.009] for u in np.linspace(0.02, 0.99, 7)]
            spokes.append(sweep(rib, 0.003, 6))
            spokes.append(
                rod(
                    (0, 0, length - rise * 1.25),
                    tuple(out * r * 0.52 + [0, 0, length - rise * 0.52**2.1 - 0.012]),
                    0.0025,
                    6,
                )
            )
            spokes.append(ellipsoid(0.007, tuple(out * r + [0, 0, length - rise - 0.004]), detail=1))
        runner = cylinder(0.011, 0.04, (0, 0, length - rise * 1.25 - 0.03), segments=20)
        parts = [
            Part("canopy", cloth),
            Part("ribs", joined([*spokes, shaft, tip, runner]), STEEL),
            Part("handle", grip, TIMBER),
        ]
        return settled(parts)
    rings = []
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    for u in np.linspace(0, 1, 12):  # furled cloth: eight pleats, swelling towards the handle, twisted
        z = 0.16 + (length - 0.17) * u
        width = 0.012 + 0.036 * (1 - u) ** 0.8 * (0.35 + 0.65 * min(1.0, u / 0.12))
        wave = 1 + 0.3 * np.cos(ribs * angle - 2.2 * u) * (1 - 0.7 * u)
        rings.append(
            np.column_stack([width * wave * np.cos(angle), width * wave * np.sin(angle), np.full(64, z)])
        )
    strap = lathe(
        [(0.036, 0), (0.042, 0.002), (0.042, 0.024), (0.036, 0.026)], 32, at=(0, 0, 0.16 + length * 0.33)
    )
    parts = [
        Part("canopy", loft(rings, crease=50)),
        Part("ribs", joined([shaft, tip]), STEEL),
        Part("strap", strap, BLACK),
        Part("handle", grip, TIMBER),
    ]
    return settled(placed(parts, turn=(86.5, 0, 52)))  # it lies on the floor


def _shoe(p: Mapping[str, float], state: str | None) -> list[Part]:
    """A laced trainer seen in profile, its toe to the left (-x)."""
    sole, ankle = p["sole"], p["ankle"]
    stations = np.array([
        (-0.140, 0.012, 0.030, 0.034), (-0.136, 0.044, 0.018, 0.048), (-0.120, 0.076, 0.012, 0.060),
        (-0.085, 0.098, 0.012, 0.068), (-0.040, 0.100, 0.012, 0.080), (0.000, 0.090, 0.012, 0.103),
        (0.035, 0.080, 0.012, ankle), (0.080, 0.076, 0.012, ankle + 0.004), (0.118, 0.070, 0.012, ankle + 0.014),
        (0.136, 0.046, 0.014, ankle + 0.010), (0.141, 0.012, 0.030, ankle - 0.02),
    ])  # fmt: skip
    table = np.column_stack([stations, np.full(len(stations), 0.82)])
    upper = skin(table.tolist(), 5, 40, 50)
    hollow = ellipsoid((0.03, 0.056, 0.075), (0, 0.074, ankle + 0.022))
    upper = cut(upper, hollow, crease=45)
    lining = ellipsoid((0.0255, 0.049, 0.004), (0, 0.074, ankle - 0.018))
    fine = curve(stations, 6)

    def over(x: float, y: float) -> float:
        """Height of the upper's skin at (x, y)."""
        width, low, high = (float(np.interp(y, fine[:, 0], fine[:, k])) for k in (1, 2, 3))
        power = 0.16 + 0.84 * 0.82
        c = min(abs(2 * x / width), 1.0) ** (1 / power)
        return (low + high) / 2 + float(np.sqrt(1 - c * c)) ** power * (high - low) / 2

    laces = []
    for k in range(5):
        y = -0.062 + 0.0165 * k
        for s in (-1, 1) if k < 4 else (1,):
            x = np.linspace(-0.021, 0.021, 9)
            run = y + s * x / 0.042 * (0.0165 if k < 4 else 0.002)
            path = [(a, b, over(float(a), float(b)) + 0.0012) for a, b in zip(x, run, strict=True)]
            laces.append(sweep(path, 0.0031, 8, flat=0.6))
    for s in (-1, 1):  # the bow
        loop = curve([(0, 0.006, 0.0), (s * 0.018, -0.006, 0.008), (s * 0.034, -0.006, 0.0), (s * 0.03, 0.008, -0.004),
                      (s * 0.012, 0.008, 0.004), (0, 0.006, 0.002)], 5)  # fmt: skip
        laces.append(sweep(loop + np.array([0, 0, over(0, 0.004) + 0.006]), 0.0026, 8))

    t = np.linspace(0, np.pi, 26)
    ys = -0.146 * np.cos(t)
    half = np.interp(ys, np.append(fine[:, 0], 0.2), np.append(fine[:, 1], 0.0)) * 0.5
    half = np.minimum(half * 1.05 + 0.004, 0.054 * np.sin(t) ** 0.55)
    plan = np.vstack([np.column_stack([half, ys]), np.column_stack([-half, ys])[-2:0:-1]])
    spring = 0.02 * np.clip((-plan[:, 1] - 0.07) / 0.075, 0, 1) ** 2

    def tread(z: float, grow: float) -> np.ndarray:
        return np.column_stack([plan * grow, z + spring * (1.0 if z < sole else 0.6)])

    rubber = loft([tread(0, 0.95), tread(0.004, 0.99), tread(sole * 0.6, 1.0), tread(sole, 0.985)], crease=50)
    stripe = loft([tread(sole * 0.42, 1.008), tread(sole * 0.58, 1.01)], crease=40)
    front = curve(table, 8)
    cap = [
        (y, width * 1.03, low - 0.001, high + 0.0016, r)
        for y, width, low, high, r in front[front[:, 0] < -0.096]
    ]
    toe = skin(cap, 1, 40, 60)
    parts = [
        Part("upper", upper),
        Part("sole", joined([rubber, toe]), Surface((0.93, 0.92, 0.88), "rubber")),
        Part("stripe", stripe, Surface("body", "rubber")),
        Part("laces", joined(laces), Surface((0.96, 0.96, 0.94), "fabric")),
        Part("lining", lining, Surface((0.12, 0.12, 0.13), "fabric")),
    ]
    return settled(placed(parts, turn=(0, 0, -90), scale=p["length"] / 0.29))


register(
    Kind(
        "umbrella",
        "household",
        _umbrella,
        params={"radius": (0.46, 0.56), "length": (0.82, 0.92), "dome": (0.4, 0.55)},
        states=("open", "closed"),
        verbs={"closed": "close", "open": "open"},
        effects={"close": "closed", "open": "open"},
        colours=("red", "yellow", "blue", "teal", "pink", "black", "green"),
        materials=("fabric",),
        scale="room",
        contexts=("outdoor", "beach", "street", "park", "garden", "studio", "plaza", "stage"),
    )
)
register(
    Kind(
        "shoe",
        "household",
        _shoe,
        params={"length": (0.26, 0.31), "sole": (0.024, 0.034), "ankle": (0.098, 0.112)},
        colours=("red", "blue", "green", "yellow", "black", "pink", "orange"),
        materials=("fabric", "leather", "denim", "velvet"),
        contexts=("indoor", "bedroom", "street", "park", "playground", "studio"),
    )
)
