"""Toys: teddy bear, duck, robot, rocket, train, spinning top, balloon, kite, jack-in-the-box."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, panel, placed, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import (
    Distance, blob, box, capsule, cone, cylinder, ellipsoid, extrude, lathe, loft, rod, rounded_ring, smooth_profile, soft, sweep,
)  # fmt: skip

BLACK = Surface((0.04, 0.04, 0.045), "plastic")
WHITE = Surface("white", "plastic")
STEEL = Surface((0.7, 0.71, 0.73), "brushed metal")
WOOD = Surface((0.76, 0.57, 0.34), "wood")
CORD = Surface((0.9, 0.88, 0.82), "fabric")


def _teddy(p: Mapping[str, float], state: str | None) -> list[Part]:
    belly, head, limb = p["belly"], p["head"], p["limb"]
    neck = 0.135 + belly * 0.55
    top = neck + head * 0.86
    fur: list[Distance] = [
        blob((belly, belly * 0.86, belly * 1.16), (0, 0, 0.105)),
        blob((head * 1.08, head * 0.95, head), (0, -0.006, top)),
    ]
    cream: list[Distance] = [blob((head * 0.46, head * 0.42, head * 0.36), (0, -head * 0.82, top - head * 0.26))]
    for s in (-1, 1):
        fur.append(blob((head * 0.4, head * 0.2, head * 0.4), (s * head * 0.82, 0.004, top + head * 0.76)))
        cream.append(blob((head * 0.26, head * 0.12, head * 0.26), (s * head * 0.82, -head * 0.17, top + head * 0.76)))
        fur.append(capsule((s * belly * 0.6, -0.03, 0.042), (s * 0.085, -0.125, 0.04), (limb * 1.12, limb)))
        cream.append(blob((limb * 0.82, limb * 0.3, limb * 0.95), (s * 0.088, -0.125 - limb * 0.9, 0.045)))
        if state == "waving" and s < 0:
            fur.append(capsule((s * belly * 0.66, -0.005, neck + 0.0), (s * 0.135, -0.025, neck + 0.085), (limb * 0.9, limb * 0.86)))
            cream.append(blob((limb * 0.6, limb * 0.3, limb * 0.6), (s * 0.137, -0.025 - limb * 0.7, neck + 0.095)))
        elif state == "arms up":
            fur.append(capsule((s * belly * 0.66, -0.005, neck), (s * 0.13, -0.03, neck + 0.09), (limb * 0.9, limb * 0.86)))
            cream.append(blob((limb * 0.6, limb * 0.3, limb * 0.6), (s * 0.132, -0.03 - limb * 0.7, neck + 0.1)))
        else:
            fur.append(capsule((s * belly * 0.72, -0.005, neck - 0.012), (s * (belly * 0.92 + 0.012), -0.075, 0.1), (limb * 0.86, limb * 0.82)))
    skins = soft({"fur": fur, "cream": cream}, blend=0.014, cell=0.0076)
    eyes = both(ellipsoid(0.0088, (head * 0.36, -head * 0.86, top + head * 0.14), detail=2))
    nose = ellipsoid((0.0165, 0.009, 0.0115), (0, -head * 1.2, top - head * 0.12), detail=2)
    y = -head * 1.215
    mouth = [sweep([(0, y, top - head * 0.2), (0, y - 0.001, top - head * 0.36)], 0.0022, 6),
             sweep(curve([(-0.016, y + 0.01, top - head * 0.42), (0, y + 0.0, top - head * 0.375), (0.016, y + 0.01, top - head * 0.42)][::1], 4), 0.0022, 6)]  # fmt: skip
    parts = [
        Part("fur", skins["fur"]),
        Part("muzzle and paws", skins["cream"], Surface((0.93, 0.82, 0.63), "fur")),
        Part("eyes", eyes, BLACK),
        Part("nose", joined([nose, *mouth]), BLACK),
    ]
    if p["bow"] > 0.5:
        z, yy = neck - 0.002, -belly * 0.86 - 0.004
        loop = both(ellipsoid((0.024, 0.009, 0.016), (0.022, yy, z), (0, -14, 0), detail=2))
        parts.append(Part("bow", joined([loop, ellipsoid(0.01, (0, yy - 0.004, z), detail=2)]), Surface("red", "fabric")))
    return settled(parts)


def _duck(p: Mapping[str, float], state: str | None) -> list[Part]:
    plump, head = p["plump"], p["head"]
    top = 0.062 + head * 0.7
    skins = soft(
        {
            "body": [
                blob((plump, 0.056, 0.034), (0, 0.006, 0.031)),
                blob((plump * 0.62, 0.03, 0.024), (0, 0.048, 0.044), (38, 0, 0)),
                blob(head, (0, -0.026, top)),
                capsule((0, -0.024, 0.045), (0, -0.026, top - head * 0.5), head * 0.72),
            ]
        },
        blend=0.012,
        cell=0.0034,
    )
    wing = both(ellipsoid((0.008, 0.027, 0.015), (plump * 0.93, 0.012, 0.043), (20, 0, -8), detail=2))
    upper = loft([rounded_ring(w, d, z, 1.0, 20, (0, y)) for w, d, z, y in ((0.012, 0.004, 0.006, 0), (0.021, 0.02, 0.003, -0.006), (0.023, 0.026, 0.0, -0.008), (0.016, 0.02, -0.004, -0.005))])
    lower = ellipsoid((0.0085, 0.0105, 0.003), (0, -0.004, -0.006), (-8, 0, 0), detail=2)
    beak = joined([upper, lower]).moved(affine((0, -0.026 - head * 0.86, top - head * 0.12)))
    eyes = both(ellipsoid(head * 0.17, (head * 0.46, -0.026 - head * 0.78, top + head * 0.32), detail=2))
    whites = both(ellipsoid((head * 0.27, head * 0.12, head * 0.3), (head * 0.45, -0.026 - head * 0.74, top + head * 0.32), (0, 0, 28), detail=2))
    return settled(
        [
            Part("body", skins["body"]),
            Part("wings", wing),
            Part("beak", beak, Surface((0.95, 0.38, 0.05), "rubber")),
            Part("eye whites", whites, WHITE),
            Part("eyes", eyes, BLACK),
        ]
    )


def _robot(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, chest, head = p["chest"], p["torso"], p["head"]
    legs = 0.085
    hip, shoulder = legs + 0.012, legs + chest - 0.02
    z_head = legs + chest + 0.018
    body = [box((w, 0.085, chest), (0, 0, legs), 0.012), box((head * 1.25, 0.075, head), (0, 0, z_head), 0.012)]
    metal = [cylinder(0.02, 0.024, (0, 0, legs + chest - 0.004), segments=20)]
    limbs, dark = [], []
    for s in (-1, 1):
        x = s * w * 0.27
        metal.append(cylinder(0.015, legs - 0.02, (x, 0, 0.02), segments=18))
        dark += [lathe([(0.013, 0), (0.019, 0.004), (0.013, 0.008)], 18, at=(x, 0, z)) for z in (0.032, 0.045, 0.058)]
        limbs.append(box((0.05, 0.085, 0.028), (x, -0.01, 0), 0.01))
        metal.append(rod((s * w * 0.46, 0, shoulder), (s * (w / 2 + 0.016), 0, shoulder), 0.018, 16))
        raised = (state == "waving" and s < 0) or state == "arms up"
        elbow = (s * (w / 2 + 0.03), 0.0, shoulder)
        hand = (s * (w / 2 + 0.055), -0.01, shoulder + 0.085) if raised else (s * (w / 2 + 0.036), -0.018, shoulder - 0.085)
        limbs.append(rod(elbow, hand, (0.016, 0.019), 16))
        limbs.append(ellipsoid(0.021, elbow, detail=2))
        up = 1 if raised else -1
        claw = sweep([(hand[0] + 0.016 * np.sin(a), hand[1], hand[2] + up * (0.018 - 0.016 * np.cos(a))) for a in np.linspace(0.7, 2 * np.pi - 0.7, 12) + np.pi], 0.006, 8)
        metal.append(claw)
    eyes = both(cylinder(0.014, 0.008, segments=24).moved(affine((head * 0.3, -0.036, z_head + head * 0.62), (90, 0, 0))))
    rims = both(lathe([(0.013, 0), (0.018, 0), (0.018, 0.008), (0.013, 0.008), (0.013, 0)], 24).moved(affine((head * 0.3, -0.035, z_head + head * 0.62), (90, 0, 0))))
    mouth = slab((head * 0.66, 0.006, head * 0.16), (0, -0.039, z_head + head * 0.16), 0.002)
    teeth = [slab((0.003, 0.004, head * 0.16), (x, -0.0425, z_head + head * 0.16)) for x in np.linspace(-0.24, 0.24, 5) * head]
    metal.append(joined([rod((0, 0, z_head + head), (0, 0, z_head + head + 0.035), 0.0035, 8), both(cylinder(0.014, 0.012, segments=18).moved(affine((head * 0.62, 0, z_head + head * 0.5), (0, 90, 0))))]))
    lit = state in ("waving", "arms up")
    plate = slab((w * 0.8, 0.008, chest * 0.36), (0, -0.043, legs + chest * 0.5), 0.003)
    knobs = [cylinder(0.009, 0.008, segments=18).moved(affine((x, -0.041, legs + chest * 0.24), (90, 0, 0))) for x in np.array([-0.28, 0, 0.28]) * w]
    colours = ("red", "yellow", "green")
    return settled(
        [
            Part("body", joined(body)),
            Part("limbs", joined(limbs), Surface("gray", "matte paint") if p["grey_limbs"] > 0.5 else None),
            Part("joints", joined([*metal, rims]), STEEL),
            Part("bellows", joined(dark), BLACK),
            Part("eyes", eyes, Surface((0.55, 0.95, 1.0), "plastic", glow=3.0) if lit else Surface((0.95, 0.9, 0.4), "plastic")),
            Part("mouth", mouth, BLACK),
            Part("teeth", joined(teeth), STEEL),
            Part("bulb", ellipsoid(0.009, (0, 0, z_head + head + 0.04), detail=2), Surface("red", "plastic")),
            Part("plate", plate, Surface((0.9, 0.9, 0.86), "plastic")),
            Part("name", panel(w * 0.74, chest * 0.3, (0, -0.0475, legs + chest * 0.68)), Surface((0.9, 0.9, 0.86), "plastic"), label=True),
            *[Part("knob", knob, Surface(colour, "plastic")) for knob, colour in zip(knobs, colours, strict=True)],
        ]
    )


def _rocket(p: Mapping[str, float], state: str | None) -> list[Part]:
    h, r = p["height"], p["radius"]
    lift = 0.16 * h
    outline = smooth_profile([(r * 0.55, lift), (r * 0.86, lift + h * 0.1), (r, h * 0.45), (r * 0.86, h * 0.7)], 6)
    nose = smooth_profile([(r * 0.86, h * 0.7), (r * 0.6, h * 0.86), (r * 0.25, h * 0.965), (0.0, h)], 6)
    body = lathe([(0, lift), *outline, (0, h * 0.7)], 44)
    ring = lathe([(r * 0.8, 0), (r * 0.9, 0), (r * 0.885, 0.02 * h), (r * 0.8, 0.02 * h)], 44, at=(0, 0, h * 0.69))
    fin = extrude(curve([(r * 0.7, h * 0.36), (r * 1.35, h * 0.24), (r * 1.85, h * 0.02), (r * 1.82, 0.0), (r * 1.6, 0.0), (r * 1.2, h * 0.12), (r * 0.6, h * 0.17)], 4), r * 0.16, bevel=r * 0.02)
    fins = joined([fin.moved(affine(turn=(0, 0, a))) for a in (-90, 30, 150)])
    nozzle = lathe([(0, 0), (r * 0.5, 0), (r * 0.36, lift * 0.5), (r * 0.42, lift * 1.05), (0, lift * 1.05)], 32, at=(0, 0, lift * 0.35))
    port_y, port_z = -r * 0.985, h * 0.52
    port = ellipsoid((r * 0.33, r * 0.08, r * 0.33), (0, port_y, port_z), (-3, 0, 0))
    rim = lathe([(r * 0.3, 0), (r * 0.44, 0), (r * 0.42, r * 0.14), (r * 0.32, r * 0.14), (r * 0.3, 0)], 36).moved(affine((0, port_y + r * 0.05, port_z), (90, 0, 0)))
    parts = [
        Part("body", body),
        Part("nose", lathe([(0, h * 0.7), *nose], 44), Surface("red", "plastic") if p["red_nose"] > 0.3 else Surface("navy", "plastic")),
        Part("fins", fins, Surface("red", "plastic") if p["red_nose"] > 0.3 else Surface("navy", "plastic")),
        Part("ring", ring, STEEL),
        Part("nozzle", nozzle, STEEL),
        Part("porthole", port, Surface((0.25, 0.5, 0.68), "car paint")),
        Part("rim", rim, STEEL),
    ]
    if state == "launching":
        flame = lathe(smooth_profile([(0, -h * 0.62), (r * 0.34, -h * 0.36), (r * 0.62, -h * 0.1), (r * 0.42, lift * 0.4)], 6) + [(0, lift * 0.4)], 28)
        core = lathe(smooth_profile([(0, -h * 0.34), (r * 0.22, -h * 0.2), (r * 0.34, -h * 0.06), (r * 0.26, lift * 0.42)], 6) + [(0, lift * 0.42)], 28)
        smoke = [ellipsoid(r * s, (r * x, r * y, -h * 0.62 + r * s * 0.6)) for x, y, s in ((-1.1, -0.2, 0.6), (1.0, 0.1, 0.66), (0.1, 0.9, 0.7), (-0.2, -1.0, 0.55), (0.7, -0.8, 0.42))]
        parts += [Part("flame", flame, Surface((1.0, 0.4, 0.06), "plastic", glow=4.0)), Part("flame core", core, Surface((1.0, 0.85, 0.4), "plastic", glow=8.0)),
                  Part("smoke", joined(smoke), Surface((0.86, 0.85, 0.83), "wool"))]  # fmt: skip
    return settled(parts)


def _train(p: Mapping[str, float], state: str | None) -> list[Part]:
    r = 0.021
    red, yellow, blue = Surface("red", "wood"), Surface("yellow", "wood"), Surface("blue", "wood")
    parts: list[Part] = []

    def axles(x: float, span: float) -> list[Part]:
        """Two pairs of wheels under a car of the train, whose length runs along x."""
        spots = [affine((x + dx, s * 0.037, r), (90, 0, 0)) for dx in (-span / 2, span / 2) for s in (-1, 1)]
        rims = joined([cylinder(r, 0.012, (0, 0, -0.006), segments=22).moved(spot) for spot in spots])
        hubs = joined([cylinder(r * 0.55, 0.015, (0, 0, -0.0075), segments=16).moved(spot) for spot in spots])
        return [Part("wheels", rims, red), Part("hubs", hubs, yellow)]

    loco_x, gap = -0.125, 0.028
    base = slab((0.15, 0.062, 0.022), (loco_x, 0, r), 0.005)
    boiler = cylinder(0.027, 0.09, bevel=0.006).moved(affine((loco_x - 0.07, 0, r + 0.047), (0, 90, 0)))
    cab = slab((0.05, 0.066, 0.075), (loco_x + 0.045, 0, r + 0.018), 0.004)
    roof = slab((0.068, 0.082, 0.013), (loco_x + 0.045, 0, r + 0.093), 0.005)
    funnel = lathe([(0, 0), (0.009, 0), (0.009, 0.028), (0.016, 0.045), (0.016, 0.05), (0, 0.05)], 24, at=(loco_x - 0.045, 0, r + 0.068))
    dome = ellipsoid((0.013, 0.013, 0.015), (loco_x - 0.008, 0, r + 0.074), detail=2)
    windows = slab((0.024, 0.068, 0.026), (loco_x + 0.045, 0, r + 0.056), 0.004)
    face = cylinder(0.019, 0.004, segments=28).moved(affine((loco_x - 0.0725, 0, r + 0.047), (0, 90, 0)))
    parts += [Part("engine", joined([boiler, cab])), Part("base", base, red), Part("roof", roof, red), Part("funnel", funnel, BLACK), Part("dome", dome, yellow),
              Part("windows", windows, Surface((0.97, 0.9, 0.7), "plastic")), Part("face", face, yellow), *axles(loco_x, 0.085)]  # fmt: skip
    x = loco_x + 0.075 + gap
    links = []
    for index in range(round(p["cars"])):
        length = 0.1
        links.append(rod((x - gap - 0.004, 0, r + 0.011), (x + 0.004, 0, r + 0.011), 0.004, 8))
        centre = x + length / 2
        parts.append(Part("wagon base", slab((length, 0.062, 0.018), (centre, 0, r), 0.004), (blue, yellow, red)[index % 3]))
        walls = [slab((length, 0.006, 0.036), (centre, s * 0.028, r + 0.016), 0.002) for s in (-1, 1)] + [slab((0.006, 0.062, 0.036), (centre + s * (length / 2 - 0.003), 0, r + 0.016), 0.002) for s in (-1, 1)]
        if index % 2 == 0:
            parts.append(Part("wagon", joined(walls), (Surface("green", "wood"), blue)[index % 2]))
            cargo = [slab((0.032, 0.032, 0.032), (centre + dx, dy, r + 0.018 + dz), 0.003, turn=(0, 0, a)) for dx, dy, dz, a in ((-0.022, 0, 0, 8), (0.02, 0.003, 0, -14), (0.0, 0, 0.031, 24))]
            parts += [Part("cargo", block, surface) for block, surface in zip(cargo, (red, yellow, blue), strict=True)]
        else:
            tank = cylinder(0.026, length * 0.86, bevel=0.01).moved(affine((centre - length * 0.43, 0, r + 0.043), (0, 90, 0)))
            parts += [Part("tank", tank, Surface("orange", "wood")), Part("cap", cylinder(0.009, 0.012, (centre, 0, r + 0.066), segments=20), red)]
        parts += axles(centre, 0.06)
        x += length + gap
    return settled(placed([*parts, Part("links", joined(links), STEEL)], turn=(0, 0, -12)))


def _top(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, h = p["radius"], p["height"]
    upper = smooth_profile([(r * 0.98, h * 0.5), (r * 0.7, h * 0.62), (r * 0.25, h * 0.68), (r * 0.1, h * 0.74)], 5)
    lower = smooth_profile([(r * 0.05, h * 0.03), (r * 0.3, h * 0.16), (r * 0.78, h * 0.36), (r * 0.98, h * 0.46)], 5)

    def zone(a: float, b: float) -> Mesh:
        radii, heights = np.array(upper[::-1]).T[0], np.array(upper[::-1]).T[1]
        rs = np.linspace(a, b, 6) * r
        zs = np.interp(rs, radii, heights)
        return lathe([(rs[0], zs[0] - 0.002), *[(x, z + 0.0008) for x, z in zip(rs[::-1], zs[::-1], strict=True)], (rs[0], zs[0] - 0.002)], 44)

    parts = [
        Part("body", lathe([(0, h * 0.02), *lower, *upper, (0, h * 0.74)], 48)),
        Part("bands", joined([zone(0.76, 0.9), zone(0.3, 0.46)]), Surface("yellow", "wood")),
        Part("band", zone(0.52, 0.7), Surface("blue", "wood")),
        Part("tip", lathe([(0, 0), (r * 0.06, h * 0.05), (0, h * 0.06)], 16), STEEL),
        Part("stem", joined([cylinder(r * 0.075, h * 0.26, (0, 0, h * 0.72), segments=20), ellipsoid((r * 0.13, r * 0.13, r * 0.12), (0, 0, h * 0.97), detail=2)]), WOOD),
    ]
    lean = p["lean"] if state != "toppled" else 62.0
    return settled(placed(parts, turn=(0, lean, -30)))


def _balloon(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, height = p["radius"], p["string"]
    weight = lathe([(0, 0), (0.045, 0), (0.045, 0.006), (0.03, 0.03), (0.008, 0.05), (0, 0.05)], 28)
    parts = [Part("weight", weight, Surface((0.85, 0.8, 0.3), "gold"))]
    if state == "popped":
        t = np.linspace(0, 1, 40)
        string = np.column_stack([0.14 * t * np.cos(9 * t), -0.22 * t * np.sin(7 * t + 0.4), 0.045 * (1 - t) ** 6 + 0.003])
        scraps = []
        for k, (x, y, s) in enumerate(((0.14, -0.16, 0.06), (-0.12, -0.1, 0.045), (-0.18, 0.1, 0.035), (0.2, 0.06, 0.03))):
            n = 14
            angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
            reach = s * (1 + 0.35 * np.sin(3 * angle + k) + 0.2 * np.sin(5 * angle + 2 * k))
            ring = np.column_stack([x + reach * np.cos(angle), y + reach * 0.7 * np.sin(angle), 0.004 + 0.012 * (1 + np.sin(2 * angle + k)) / 2])
            scraps.append(loft([ring - [0, 0, 0.003], ring, (ring - [x, y, 0]) * [0.5, 0.5, 1.1] + [x, y, 0.004]]))
        return settled([*parts, Part("string", sweep(string, 0.0022, 6), CORD), Part("balloon", joined(scraps))], centre=False)
    z = height + r * 1.2
    outline = smooth_profile([(0.012, -r * 1.24), (r * 0.34, -r * 1.02), (r * 0.82, -r * 0.5), (r, r * 0.1), (r * 0.86, r * 0.6), (r * 0.45, r * 0.94), (0, r * 1.03)], 6)
    skin = lathe([(0, -r * 1.24), *outline], 44, at=(0, 0, z))
    knot = cone(0.02, 0.008, 0.022, (0, 0, z - r * 1.24 - 0.016), 20)
    t = np.linspace(0, 1, 24)
    string = np.column_stack([0.012 * np.sin(7 * t), 0.01 * np.sin(5 * t), 0.045 + t * (z - r * 1.25 - 0.05)])
    return settled([*parts, Part("balloon", joined([skin, knot])), Part("string", sweep(string, 0.0024, 6), CORD)], centre=False)


def _kite(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h = p["width"], p["height"]
    cross = h * 0.64
    corners = {"top": (0.0, h), "left": (-w / 2, cross), "right": (w / 2, cross), "tail": (0.0, 0.0), "middle": (0.0, cross)}

    def panel_of(*names: str) -> Mesh:
        outline = [corners[name] for name in names]
        return extrude(outline, 0.004, bevel=0.0)

    sticks = joined([rod((0, 0.006, 0), (0, 0.006, h), 0.006, 8), rod((-w / 2, 0.006, cross), (w / 2, 0.006, cross), 0.006, 8)])
    t = np.linspace(0, 1, 40)
    tail = np.column_stack([0.1 * np.sin(9 * t) * t, 0.05 * np.sin(6 * t), -0.62 * h * t])
    bows = []
    for k, u in enumerate((0.25, 0.5, 0.75, 0.98)):
        at = (0.1 * np.sin(9 * u) * u, 0.05 * np.sin(6 * u), -0.62 * h * u)
        for s in (-1, 1):
            bow = loft([[(0, -0.004, -0.01), (0, 0.004, -0.01), (0, 0.004, 0.01), (0, -0.004, 0.01)], [(s * 0.075, -0.004, -0.04), (s * 0.075, 0.004, -0.04), (s * 0.075, 0.004, 0.04), (s * 0.075, -0.004, 0.04)]])
            bows.append(bow.moved(affine(at, (0, 20 * (-1) ** k, 0))))
    second = Surface("yellow", "fabric")
    parts = [
        Part("sail", joined([panel_of("top", "left", "middle"), panel_of("right", "tail", "middle")])),
        Part("second cloth", joined([panel_of("top", "middle", "right"), panel_of("left", "tail", "middle")]), second),
        Part("sticks", sticks, WOOD),
        Part("tail", sweep(tail, 0.004, 6), CORD),
        Part("bows", joined(bows)),
    ]
    if state == "flying":
        peg = cone(0.02, 0.004, 0.14, (0, 0, 0), 12)
        # The line runs from the peg in the ground to the kite's cross.
        sail = placed(parts, (0.25, 0.35, 1.35), (-32, 14, 0))
        u = np.linspace(0, 1, 24)
        end = np.array([0.25 + np.sin(np.radians(14)) * cross, 0.35 + np.sin(np.radians(32)) * cross * 0.9, 1.35 + cross * 0.82])
        line = np.array([0, 0, 0.13]) * (1 - u)[:, None] + end * u[:, None] - np.array([0, 0, 0.22]) * (u * (1 - u))[:, None]
        return settled([*sail, Part("peg", peg, WOOD), Part("line", sweep(line, 0.004, 6), CORD)])
    return settled(placed(parts, turn=(-85, 0, 14)))


def _jack(p: Mapping[str, float], state: str | None) -> list[Part]:
    s = p["size"]
    wall = 0.006
    case = [slab((s, wall, s), (0, y * (s - wall) / 2, 0)) for y in (-1, 1)] + [slab((wall, s, s), (x * (s - wall) / 2, 0, 0)) for x in (-1, 1)] + [slab((s, s, wall))]
    trim = [slab((s * 1.03, s * 1.03, 0.008), (0, 0, 0))]
    trim += [slab((0.009, 0.009, s), (x * s / 2, y * s / 2, 0)) for x in (-1, 1) for y in (-1, 1)]
    trim += [slab((s * 1.02, 0.009, 0.009), (0, y * s / 2, s - 0.009)) for y in (-1, 1)] + [slab((0.009, s * 1.02, 0.009), (x * s / 2, 0, s - 0.009)) for x in (-1, 1)]
    t = np.linspace(0, 2 * np.pi, 10, endpoint=False) + np.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, s * 0.3, s * 0.125)
    star = extrude(np.column_stack([reach * np.cos(t), reach * np.sin(t)]), 0.006)
    stars = joined([star.moved(affine((0, -s / 2, s / 2))).moved(affine(turn=(0, 0, a))) for a in (0, 90, -90)])
    crank = joined([rod((s / 2, 0, s * 0.5), (s / 2 + 0.02, 0, s * 0.5), 0.005, 10), rod((s / 2 + 0.02, 0, s * 0.5), (s / 2 + 0.022, -0.03, s * 0.42), 0.004, 10)])
    knob = ellipsoid(0.008, (s / 2 + 0.03, -0.03, s * 0.42), detail=2)
    lid = slab((s * 1.04, s * 1.04, 0.009), (0, 0, 0), 0.003)
    parts = [Part("box", joined(case)), Part("trim", joined(trim), Surface("yellow", "wood")), Part("stars", stars, Surface("yellow", "wood")),
             Part("crank", crank, STEEL), Part("knob", knob, Surface("red", "wood"))]  # fmt: skip
    if state != "open":
        return settled([*parts, Part("lid", lid.moved(affine((0, 0, s))))])
    back = affine((0, s * 0.5, s), (105, 0, 0))
    parts.append(Part("lid", lid.moved(affine((0, s * 0.52, 0))).moved(back)))
    turns, z0, z1 = 5.5, s * 0.25, s * 1.45
    u = np.linspace(0, 1, 90)
    coil = np.column_stack([s * 0.2 * np.cos(2 * np.pi * turns * u), s * 0.2 * np.sin(2 * np.pi * turns * u), z0 + (z1 - z0) * u])
    head_z, r = z1 + s * 0.3, s * 0.26
    face = ellipsoid(r, (0, 0, head_z))
    ruff = lathe([(r * 0.5, -0.008), (r * 1.25, -0.012), (r * 1.3, 0.002), (r * 0.6, 0.012)], 28, at=(0, 0, z1 + 0.006))
    hat = cone(r * 0.8, 0.003, r * 1.5, (0, 0, head_z + r * 0.55), 28)
    pom = ellipsoid(r * 0.22, (0, 0, head_z + r * 2.1), detail=2)
    hair = [ellipsoid(r * 0.34, (x * r * 0.95, 0.0, head_z + r * 0.25), detail=2) for x in (-1, 1)]
    smile = sweep([(r * 0.5 * np.sin(a), -r * np.cos(a * 0.55) * 0.93, head_z - r * 0.28 - r * 0.16 * np.cos(a * 1.4)) for a in np.linspace(-1, 1, 12)], r * 0.06, 8)
    cheeks = both(ellipsoid((r * 0.17, r * 0.07, r * 0.15), (r * 0.5, -r * 0.82, head_z - r * 0.16), (0, 0, 30), detail=2))
    parts += [
        Part("spring", sweep(coil, 0.004, 8), STEEL),
        Part("face", face, Surface((0.98, 0.8, 0.68), "matte paint")),
        Part("ruff", ruff, Surface("white", "fabric")),
        Part("hat", hat, Surface("purple", "fabric")),
        Part("pompom", pom, Surface("yellow", "wool")),
        Part("hair", joined(hair), Surface("orange", "wool")),
        Part("eyes", both(ellipsoid(r * 0.11, (r * 0.36, -r * 0.88, head_z + r * 0.22), detail=2)), BLACK),
        Part("nose", ellipsoid(r * 0.19, (0, -r * 1.04, head_z + r * 0.02), detail=2), Surface("red", "plastic")),
        Part("smile", joined([smile, cheeks]), Surface("crimson", "plastic")),
    ]
    return settled(parts)


_HOME = ("indoor", "living room", "bedroom", "playground", "classroom", "studio")
_BRIGHT = ("red", "blue", "green", "yellow", "orange", "purple")

register(
    Kind("teddy bear", "toy", _teddy, params={"belly": (0.068, 0.08), "head": (0.058, 0.066), "limb": (0.028, 0.033), "bow": (0, 1)},
         states=("sitting", "waving", "arms up"), verbs={"waving": "wave", "arms up": "raise both arms", "sitting": "lower its arms"},
         colours=("brown", "beige", "gray", "pink", "white"), materials=("fur", "wool", "velvet"), scale="tabletop",
         contexts=(*_HOME, "park", "garden"), wears=0.93)
)  # fmt: skip
register(
    Kind("rubber duck", "toy", _duck, params={"plump": (0.041, 0.047), "head": (0.025, 0.029)},
         colours=("yellow", "pink", "blue", "white", "green"), materials=("rubber", "plastic"), scale="tabletop",
         contexts=("indoor", "bathroom", "bedroom", "playground", "studio"), wears=0.93)
)  # fmt: skip
register(
    Kind("toy robot", "toy", _robot, params={"chest": (0.1, 0.125), "torso": (0.095, 0.115), "head": (0.058, 0.07), "grey_limbs": (0, 1)},
         states=("standing", "waving", "arms up"), verbs={"waving": "wave", "arms up": "raise both arms", "standing": "lower its arms"},
         effects={"switch_on": "arms up"}, colours=("red", "blue", "green", "orange", "teal", "yellow"),
         materials=("plastic", "brushed metal", "car paint"), scale="tabletop", contexts=(*_HOME, "office"),
         text=("R2", "BOB", "X-1", "MAX", "HI", "ZED"), topples=True, wears=0.87)
)  # fmt: skip
register(
    Kind("toy rocket", "toy", _rocket, params={"height": (0.34, 0.44), "radius": (0.055, 0.068), "red_nose": (0, 1)},
         states=("standing", "launching"), verbs={"launching": "take off"}, effects={"light": "launching", "take_off": "launching"},
         colours=("white", "yellow", "cyan", "orange", "mint"), materials=("plastic", "car paint", "brushed metal"), scale="tabletop",
         contexts=(*_HOME, "garden", "park"), topples=True)
)  # fmt: skip
register(
    Kind("toy train", "toy", _train, params={"cars": (1, 2.4)}, colours=("green", "blue", "purple", "teal"), materials=("wood", "plastic"),
         scale="tabletop", contexts=_HOME)
)  # fmt: skip
register(
    Kind("spinning top", "toy", _top, params={"radius": (0.04, 0.055), "height": (0.09, 0.11), "lean": (0.0, 9.0)},
         states=("spinning", "toppled"), verbs={"toppled": "topple over"}, effects={"knock": "toppled"},
         colours=("red", "green", "purple", "teal", "orange"), materials=("wood", "plastic"), scale="tabletop", contexts=_HOME)
)  # fmt: skip
register(
    Kind("balloon", "toy", _balloon, params={"radius": (0.125, 0.15), "string": (0.5, 0.8)}, states=("inflated", "popped"),
         verbs={"popped": "pop"}, effects={"pop": "popped", "pierce": "popped"}, colours=("red", "blue", "yellow", "pink", "green", "orange"),
         materials=("rubber", "chrome", "plastic"), scale="room", contexts=(*_HOME, "garden", "park", "stage"))
)  # fmt: skip
register(
    Kind("kite", "toy", _kite, params={"width": (0.75, 0.9), "height": (0.9, 1.1)}, states=("flying", "lying on the ground"),
         verbs={"lying on the ground": "fall to the ground", "flying": "fly"}, effects={"calm": "lying on the ground", "wind": "flying"},
         colours=("red", "blue", "purple", "teal", "orange"), materials=("fabric", "paper"), scale="outdoor",
         contexts=("outdoor", "beach", "meadow", "park"))
)  # fmt: skip
register(
    Kind("jack-in-the-box", "toy", _jack, params={"size": (0.14, 0.17)}, states=("closed", "open"), verbs={"open": "spring open"},
         effects={"open": "open"}, colours=("blue", "red", "green", "purple", "teal"), materials=("wood", "plastic"), scale="tabletop",
         contexts=_HOME, plural="jacks-in-the-box")
)  # fmt: skip
