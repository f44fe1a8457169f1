"""Instruments that are struck: drum, drum kit, xylophone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import hull, panel, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import cylinder, ellipsoid, lathe, rod, sweep
from anyedit.world.surfaces import BLACK, BRASS, CHROME, DRUMHEAD, STICK

_MUSIC = ("indoor", "living room", "bedroom", "studio", "stage", "classroom")


def _shell(radius: float, height: float, z: float) -> tuple[Mesh, Mesh, Mesh]:
    """(shell, hoops, head) of an upright drum with its bottom at z."""
    shell = lathe([(0, 0), (radius, 0), (radius, height), (0, height)], 44, at=(0, 0, z))
    rim = [
        (radius, 0),
        (radius * 1.05, 0),
        (radius * 1.05, height * 0.07 + 0.006),
        (radius, height * 0.07 + 0.006),
        (radius, 0),
    ]
    hoop = lathe(rim, 44)
    hoops = joined([hoop.moved(affine((0, 0, z + h))) for h in (0.0, height * 0.93)])
    head = lathe([(0, 0), (radius * 0.995, 0), (radius * 0.98, 0.004), (0, 0.006)], 44, at=(0, 0, z + height))
    return shell, hoops, head


def _drum(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    shell, hoops, head = _shell(r, h, 0)
    lines = []
    count = 10
    for k in range(count):
        a, b, c = ((k + s) * 2 * np.pi / count for s in (0, 0.5, 1))
        for first, second in ((a, b), (c, b)):
            t = np.linspace(0, 1, 5)
            angle = first + (second - first) * t
            lines.append(
                sweep(
                    np.column_stack(
                        [r * 1.02 * np.cos(angle), r * 1.02 * np.sin(angle), h * (0.06 + 0.88 * t)]
                    ),
                    0.004,
                    6,
                )
            )
    sticks = [
        rod(
            (s * 0.02 - 0.06, s * 0.05 - 0.02, h + 0.035),
            (s * 0.04 + r * 1.1, s * 0.11 - 0.1, h + 0.03),
            (0.0055, 0.0085),
            10,
        )
        for s in (-1, 1)
    ]
    tips = [
        ellipsoid((0.014, 0.009, 0.009), (s * 0.02 - 0.06, s * 0.05 - 0.02, h + 0.035), detail=1)
        for s in (-1, 1)
    ]
    lowered = [mesh.moved(affine((0, 0, -0.016))) for mesh in (*sticks, *tips)]
    return settled(
        [
            Part("shell", shell),
            Part("hoops", hoops, BRASS if p["brass"] > 0.5 else Surface("white", "wood")),
            Part("head", head, DRUMHEAD),
            Part("cords", joined(lines), Surface((0.93, 0.9, 0.82), "fabric")),
            Part("sticks", joined(lowered), STICK),
        ]
    )


def _cymbal(radius: float, at: tuple[float, float, float], tilt: tuple[float, float, float]) -> list[Part]:
    disc = lathe(
        [
            (0, 0),
            (radius, -radius * 0.1),
            (radius, -radius * 0.1 + 0.003),
            (radius * 0.25, 0.006),
            (radius * 0.2, 0.026),
            (0, 0.034),
        ],
        36,
    )
    x, y, z = at
    legs = [
        rod((x, y, 0.3), (x + 0.24 * np.cos(a), y + 0.24 * np.sin(a), 0.008), 0.009, 6)
        for a in (0.5, 2.6, 4.7)
    ]
    return [
        Part("cymbals", disc.moved(affine(at, tilt)), BRASS),
        Part("stands", joined([rod((x, y, 0.28), (x, y, z + 0.05), 0.011, 8), *legs]), CHROME),
    ]


def _drum_kit(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, d = p["bass"], 0.36
    flat = affine((0, d / 2, r + 0.02), (90, 0, 0))
    bass = lathe([(0, 0), (r, 0), (r, d), (0, d)], 48).moved(flat)
    rim = [(r * 0.97, 0), (r * 1.05, 0), (r * 1.05, 0.045), (r * 0.97, 0.045), (r * 0.97, 0)]
    bass_hoops = joined([lathe(rim, 48, at=(0, 0, z)).moved(flat) for z in (-0.005, d - 0.035)])
    head = lathe([(0, 0), (r * 0.97, 0), (r * 0.965, 0.004), (0, 0.004)], 48, at=(0, 0, d)).moved(flat)
    text = panel(r * 1.45, r * 0.6, (0, -d / 2 - 0.009, r + 0.02))
    shells, hoops = [bass], [bass_hoops]
    heads: list[Mesh] = []
    for x, y, z, radius, height, tilt in (
        (-0.19, -0.02, r * 2 + 0.06, 0.15, 0.2, 14),
        (0.19, -0.02, r * 2 + 0.06, 0.165, 0.22, 14),
        (0.52, 0.3, 0.2, 0.2, 0.36, 0),
        (-0.46, 0.36, 0.5, 0.18, 0.13, 4),
    ):
        for mesh, store in zip(_shell(radius, height, 0), (shells, hoops, heads), strict=True):
            store.append(mesh.moved(affine((x, y, z), (-tilt, 0, 0))))
    metal = [rod((s * 0.06, 0.02, r * 2), (s * 0.1, 0.03, r * 2 + 0.14), 0.014, 8) for s in (-1, 1)]
    metal += [
        rod(
            (0.52 + 0.2 * np.cos(a), 0.3 + 0.2 * np.sin(a), 0.4),
            (0.52 + 0.21 * np.cos(a), 0.3 + 0.21 * np.sin(a), 0.0),
            0.009,
            6,
        )
        for a in (0.3, 2.4, 4.5)
    ]
    metal += [rod((-0.46, 0.36, 0.5), (-0.46, 0.36, 0.22), 0.014, 8)]
    metal += [
        rod((-0.46, 0.36, 0.26), (-0.46 + 0.2 * np.cos(a), 0.36 + 0.2 * np.sin(a), 0.005), 0.009, 6)
        for a in (1.0, 3.1, 5.2)
    ]
    metal += [rod((s * r * 0.9, -0.04, r * 0.6), (s * r * 1.25, -0.16, 0.006), 0.01, 6) for s in (-1, 1)]
    return settled(
        [
            Part("shells", joined(shells)),
            Part("hoops", joined(hoops), CHROME),
            Part("heads", joined(heads), DRUMHEAD),
            Part("bass head", head, DRUMHEAD),
            Part("logo", text, Surface((0.94, 0.92, 0.86), "paper"), label=True),
            Part("hardware", joined(metal), CHROME),
            *_cymbal(0.23, (-0.62, 0.02, p["crash"]), (16, 10, 0)),
            *_cymbal(0.26, (0.66, -0.05, p["crash"] - 0.1), (16, -10, 0)),
            *_cymbal(0.17, (-0.74, 0.42, 0.78), (2, 0, 0)),
            Part("stool", joined([cylinder(0.16, 0.08, (0, 0.72, 0.42), segments=28)]), BLACK),
            Part(
                "stool legs",
                joined(
                    [
                        rod((0, 0.72, 0.43), (0.2 * np.cos(a), 0.72 + 0.2 * np.sin(a), 0.006), 0.014, 8)
                        for a in (0.5, 2.6, 4.7)
                    ]
                ),
                CHROME,
            ),
        ]
    )


def _xylophone(p: Mapping[str, float], state: str | None) -> list[Part]:
    count, pitch = 8, 0.048
    rainbow = ("red", "orange", "yellow", "lime", "green", "cyan", "blue", "purple")
    first, last = p["long"], p["long"] * 0.58
    frame, parts = [], []
    x0 = -pitch * (count - 1) / 2
    for s in (-1, 1):
        a, b = (x0 - 0.04, s * first * 0.29), (-x0 + 0.04, s * last * 0.29)
        frame.append(
            hull([(x, y + dy, z) for (x, y) in (a, b) for dy in (-0.014, 0.014) for z in (0.02, 0.055)])
        )
    frame += [
        slab((0.028, reach * 0.72, 0.035), (x, 0, 0.02), 0.006)
        for x, reach in ((x0 - 0.036, first), (-x0 + 0.036, last))
    ]
    feet = [
        cylinder(0.016, 0.022, (x, y, 0), segments=16)
        for x, r in ((x0 - 0.03, first), (-x0 + 0.03, last))
        for y in (-r * 0.3, r * 0.3)
    ]
    pins = []
    for k, colour in enumerate(rainbow):
        reach = first + (last - first) * k / (count - 1)
        x = x0 + k * pitch
        parts.append(
            Part("bar", slab((pitch * 0.84, reach, 0.013), (x, 0, 0.055), 0.004), Surface(colour, "plastic"))
        )
        pins += [ellipsoid((0.006, 0.006, 0.005), (x, s * reach * 0.29, 0.069), detail=1) for s in (-1, 1)]
    sticks = [
        rod((-0.1 + s * 0.02, -0.16, 0.085), (0.13, -0.04 + s * 0.06, 0.079), 0.0045, 8) for s in (-1, 1)
    ]
    knobs = [ellipsoid(0.0135, (0.13, -0.04 + s * 0.06, 0.0815), detail=2) for s in (-1, 1)]
    return settled(
        [
            Part("frame", joined(frame)),
            *parts,
            Part("feet", joined(feet), BLACK),
            Part("pins", joined(pins), CHROME),
            Part("mallets", joined(sticks), STICK),
            Part("mallet heads", joined(knobs), Surface("red", "plastic")),
        ]
    )


register(
    Kind(
        "drum",
        "instrument",
        _drum,
        params={"radius": (0.16, 0.2), "height": (0.2, 0.3), "brass": (0, 1)},
        colours=("red", "blue", "green", "white", "purple"),
        materials=("car paint", "wood", "plastic", "copper"),
        scale="tabletop",
        contexts=(*_MUSIC, "playground"),
    )
)
register(
    Kind(
        "drum kit",
        "instrument",
        _drum_kit,
        params={"bass": (0.27, 0.3), "crash": (1.05, 1.15)},
        colours=("red", "blue", "black", "teal", "orange", "purple"),
        materials=("car paint", "wood", "plastic"),
        scale="room",
        contexts=(*_MUSIC, "garage"),
        text=("JAZZ", "ROCK", "FUNK", "THE CATS", "BEAT", "BLUES"),
    )
)
register(
    Kind(
        "xylophone",
        "instrument",
        _xylophone,
        params={"long": (0.24, 0.3)},
        colours=("brown", "white", "beige", "red"),
        materials=("wood", "plastic", "bamboo"),
        scale="tabletop",
        contexts=(*_MUSIC, "playground"),
    )
)
