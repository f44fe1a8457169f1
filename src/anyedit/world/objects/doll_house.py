"""The doll house."""

from __future__ import annotations

from collections.abc import Mapping

from anyedit.world.blocks import hull, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import joined
from anyedit.world.objects.habitats import PLAYROOM
from anyedit.world.shapes import cylinder, extrude, lathe
from anyedit.world.surfaces import BLACK


def _doll_house(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, d, floor, wall = p["width"], p["depth"], p["floor"], 0.012
    tall, ridge = 2 * floor, 2 * floor + p["roof"]
    shell = [slab((w, wall, tall), (0, d / 2 - wall / 2, 0), 0.002)]
    shell += [slab((wall, d, tall), (sx * (w / 2 - wall / 2), 0, 0), 0.002) for sx in (-1, 1)]
    shell.append(extrude([(-w / 2, tall), (w / 2, tall), (0, ridge)], wall, (0, d / 2 - wall / 2, 0)))
    boards = [slab((w - 0.004, d, wall), (0, 0, z), 0.002) for z in (0.0, floor, tall - wall)]
    boards.append(slab((wall, d - 0.004, floor), (w * 0.06, 0, wall), 0.001))
    slope = (ridge - tall) / (w / 2)
    over = 0.03
    roof = extrude(
        [
            (-w / 2 - over, tall - over * slope),
            (0, ridge),
            (w / 2 + over, tall - over * slope),
            (w / 2 + over, tall - over * slope + 0.016),
            (0, ridge + 0.02),
            (-w / 2 - over, tall - over * slope + 0.016),
        ],
        d + 0.04,
    )
    chimney = slab((0.05, 0.05, 0.12), (w * 0.28, d * 0.1, tall + (ridge - tall) * 0.45))
    y = d * 0.1
    bed = [
        slab((0.13, 0.1, 0.03), (-w * 0.28, y, floor + wall), 0.006),
        slab((0.012, 0.1, 0.07), (-w * 0.28 - 0.066, y, floor + wall), 0.004),
    ]
    blanket = slab((0.09, 0.104, 0.022), (-w * 0.28 + 0.02, y, floor + wall + 0.022), 0.008)
    table = [
        cylinder(0.045, 0.008, (w * 0.28, y - 0.01, wall + 0.05), segments=24),
        cylinder(0.008, 0.05, (w * 0.28, y - 0.01, wall), segments=12),
        cylinder(0.025, 0.006, (w * 0.28, y - 0.01, wall), segments=18),
    ]
    sofa = [
        slab((0.13, 0.06, 0.035), (-w * 0.2, y + 0.03, wall), 0.01),
        slab((0.13, 0.022, 0.075), (-w * 0.2, y + 0.055, wall), 0.009),
    ] + [slab((0.022, 0.065, 0.055), (-w * 0.2 + sx * 0.06, y + 0.03, wall), 0.009) for sx in (-1, 1)]
    lamp = joined(
        [
            cylinder(0.004, 0.09, (w * 0.36, y + 0.03, floor + wall), segments=10),
            cylinder(0.02, 0.006, (w * 0.36, y + 0.03, floor + wall), segments=16),
        ]
    )
    shade = lathe(
        [(0.016, 0), (0.03, 0), (0.02, 0.035), (0.016, 0.035), (0.016, 0)],
        20,
        at=(w * 0.36, y + 0.03, floor + wall + 0.075),
    )
    attic = hull(
        [
            (sx * x, d / 2 - 0.02 + dy, z)
            for sx in (-1, 1)
            for x, z in ((0.03, tall + 0.03), (0.03, tall + 0.09))
            for dy in (0, 0.006)
        ]
    )
    lit = state == "lights on"
    parts = [
        Part("walls", joined(shell)),
        Part("floors", joined(boards), Surface((0.78, 0.6, 0.38), "wood")),
        Part("roof", roof, Surface("red", "wood") if p["red_roof"] > 0.4 else Surface("teal", "wood")),
        Part("chimney", chimney, Surface((0.6, 0.32, 0.22), "brick")),
        Part("bed", joined(bed), Surface("white", "wood")),
        Part("blanket", blanket, Surface("blue", "fabric")),
        Part("table", joined(table), Surface((0.62, 0.4, 0.2), "wood")),
        Part("sofa", joined(sofa), Surface("orange", "fabric")),
        Part("lamp", lamp, BLACK),
        Part(
            "shade",
            shade,
            Surface((1.0, 0.85, 0.55), "plastic", glow=5.0) if lit else Surface((0.95, 0.85, 0.6), "fabric"),
        ),
        Part("attic window", attic, Surface((0.6, 0.8, 0.9), "plastic")),
    ]
    return settled(parts)


register(
    Kind(
        "doll house",
        "toy",
        _doll_house,
        params={
            "width": (0.46, 0.56),
            "depth": (0.2, 0.26),
            "floor": (0.17, 0.2),
            "roof": (0.15, 0.2),
            "red_roof": (0, 1),
        },
        states=("lights off", "lights on"),
        verbs={"lights on": "switch on its lamp"},
        effects={"switch_on": "lights on"},
        colours=("pink", "white", "yellow", "mint", "lavender", "blue"),
        materials=("wood", "cardboard", "plastic"),
        scale="room",
        contexts=PLAYROOM,
    )
)
