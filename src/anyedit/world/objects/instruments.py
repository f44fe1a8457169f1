"""Musical instruments: guitar on its stand, drum, drum kit, trumpet, upright piano, xylophone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anyedit.world.blocks import both, curve, hull, panel, placed, settled, slab
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Mesh, affine, joined
from anyedit.world.shapes import cylinder, ellipsoid, extrude, lathe, loft, rod, smooth_profile, sweep

BRASS = Surface((0.88, 0.68, 0.3), "gold")
CHROME = Surface((0.82, 0.83, 0.85), "chrome")
DARK = Surface((0.13, 0.08, 0.06), "dark wood")
BLACK = Surface((0.06, 0.06, 0.065), "plastic")
DRUMHEAD = Surface((0.94, 0.92, 0.86), "paper")
STICK = Surface((0.78, 0.6, 0.36), "wood")
IVORY = Surface((0.96, 0.95, 0.9), "ceramic")


def _guitar(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, waist, depth = p["width"] / 2, p["waist"], 0.1
    half = curve([(0.0, 0.0), (w * 0.6, 0.018), (w, 0.14), (w * 0.86, 0.24), (w * waist, 0.305), (w * 0.74, 0.385), (w * 0.72, 0.44), (w * 0.42, 0.49), (0.0, 0.5)], 5)
    outline = [(max(x, 0.0), z) for x, z in half]
    outline = outline + [(-x, z) for x, z in outline[::-1][1:-1]]
    inner = [(x * 0.975, 0.25 + (z - 0.25) * 0.98) for x, z in outline]
    front = -depth / 2
    body = extrude(outline, depth, bevel=0.006)
    top = extrude(inner, 0.004, (0, front - 0.001, 0))

    def disc(radius: float, thick: float, z: float) -> Mesh:
        return cylinder(radius, thick, bevel=0.0005, segments=36).moved(affine((0, front, z), (90, 0, 0)))

    hole = disc(0.05, 0.006, 0.335)
    rosette = lathe([(0.05, 0), (0.06, 0), (0.06, 0.0055), (0.05, 0.0055), (0.05, 0)], 36).moved(affine((0, front, 0.335), (90, 0, 0)))
    bridge = slab((0.16, 0.012, 0.026), (0, front - 0.007, 0.13), 0.004)
    neck = loft([[(-0.026, front + 0.03, z), (-0.026, front - 0.004, z), (0.026, front - 0.004, z), (0.026, front + 0.03, z)] if z < 0.6 else
                 [(-0.022, front + 0.022, z), (-0.022, front - 0.004, z), (0.022, front - 0.004, z), (0.022, front + 0.022, z)] for z in (0.42, 0.56, 0.84)])  # fmt: skip
    board = hull([(s * x, y, z) for s in (-1, 1) for x, z in ((0.028, 0.395), (0.0225, 0.84)) for y in (front - 0.004, front - 0.011)])
    frets = [slab((0.05, 0.002, 0.003), (0, front - 0.0115, 0.84 - 0.43 * (1 - 2 ** (-k / 12)) / (1 - 2 ** (-18 / 12)))) for k in range(1, 17)]
    head = extrude([(-0.024, 0.835), (0.024, 0.835), (0.037, 0.87), (0.036, 0.985), (0.012, 1.0), (-0.012, 1.0), (-0.036, 0.985), (-0.037, 0.87)], 0.016, (0, front + 0.006, 0), bevel=0.002)
    pegs = joined([piece for s in (-1, 1) for z in (0.885, 0.92, 0.955)
                   for piece in (rod((s * 0.03, front + 0.006, z), (s * 0.056, front + 0.006, z), 0.004, 8), ellipsoid((0.009, 0.006, 0.011), (s * 0.06, front + 0.006, z), detail=1))])  # fmt: skip
    strings = joined([rod((x, front - 0.0145, 0.138), (x * 0.8, front - 0.0135, 0.845), 0.0008, 4) for x in np.linspace(-0.02, 0.02, 6)])
    parts = [
        Part("body", body, Surface((0.33, 0.17, 0.08), "wood")),
        Part("top", top),
        Part("sound hole", hole, Surface((0.03, 0.02, 0.02), "wood")),
        Part("rosette", rosette, IVORY),
        Part("bridge", bridge, DARK),
        Part("neck", joined([neck, head]), Surface((0.36, 0.2, 0.1), "wood")),
        Part("fretboard", board, DARK),
        Part("frets", joined(frets), CHROME),
        Part("pegs", pegs, CHROME),
        Part("strings", strings, CHROME),
    ]
    if p["guard"] > 0.4:
        drop = [(0.055 * np.cos(a) + 0.0, 0.335 + 0.055 * np.sin(a)) for a in np.linspace(0.9, -1.5, 10)] + [(0.05, 0.215), (0.1, 0.235), (0.095, 0.3)]
        parts.append(Part("pick guard", extrude(drop, 0.003, (0, front - 0.0035, 0)), DARK))
    parts = placed(parts, (0, 0.02, 0.11), (-9, 0, 0))
    stand = [sweep(curve([(s * 0.17, -0.13, 0.01), (s * 0.1, 0.0, 0.09), (s * 0.02, 0.09, 0.22)], 4), 0.009, 8) for s in (-1, 1)]
    stand += [rod((0, 0.1, 0.2), (0, 0.24, 0.005), 0.009, 8), rod((0, 0.09, 0.2), (0, 0.13, 0.5), 0.009, 8)]
    stand += [rod((s * 0.1, 0.03, 0.09), (s * 0.1, -0.1, 0.095), 0.008, 8) for s in (-1, 1)] + [rod((s * 0.1, -0.1, 0.095), (s * 0.1, -0.11, 0.13), 0.008, 8) for s in (-1, 1)]
    return settled([*parts, Part("stand", joined(stand), BLACK)])


def _shell(radius: float, height: float, z: float) -> tuple[Mesh, Mesh, Mesh]:
    """(shell, hoops, head) of an upright drum with its bottom at z."""
    shell = lathe([(0, 0), (radius, 0), (radius, height), (0, height)], 44, at=(0, 0, z))
    rim = [(radius, 0), (radius * 1.05, 0), (radius * 1.05, height * 0.07 + 0.006), (radius, height * 0.07 + 0.006), (radius, 0)]
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
            lines.append(sweep(np.column_stack([r * 1.02 * np.cos(angle), r * 1.02 * np.sin(angle), h * (0.06 + 0.88 * t)]), 0.004, 6))
    sticks = [rod((s * 0.02 - 0.06, s * 0.05 - 0.02, h + 0.035), (s * 0.04 + r * 1.1, s * 0.11 - 0.1, h + 0.03), (0.0055, 0.0085), 10) for s in (-1, 1)]
    tips = [ellipsoid((0.014, 0.009, 0.009), (s * 0.02 - 0.06, s * 0.05 - 0.02, h + 0.035), detail=1) for s in (-1, 1)]
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
    disc = lathe([(0, 0), (radius, -radius * 0.1), (radius, -radius * 0.1 + 0.003), (radius * 0.25, 0.006), (radius * 0.2, 0.026), (0, 0.034)], 36)
    x, y, z = at
    legs = [rod((x, y, 0.3), (x + 0.24 * np.cos(a), y + 0.24 * np.sin(a), 0.008), 0.009, 6) for a in (0.5, 2.6, 4.7)]
    return [Part("cymbals", disc.moved(affine(at, tilt)), BRASS), Part("stands", joined([rod((x, y, 0.28), (x, y, z + 0.05), 0.011, 8), *legs]), CHROME)]


def _drum_kit(p: Mapping[str, float], state: str | None) -> list[Part]:
    r, d = p["bass"], 0.36
    flat = affine((0, d / 2, r + 0.02), (90, 0, 0))
    bass = lathe([(0, 0), (r, 0), (r, d), (0, d)], 48).moved(flat)
    rim = [(r * 0.97, 0), (r * 1.05, 0), (r * 1.05, 0.045), (r * 0.97, 0.045), (r * 0.97, 0)]
    bass_hoops = joined([lathe(rim, 48, at=(0, 0, z)).moved(flat) for z in (-0.005, d - 0.035)])
    head = lathe([(0, 0), (r * 0.97, 0), (r * 0.965, 0.004), (0, 0.004)], 48, at=(0, 0, d)).moved(flat)
    text = panel(r * 1.45, r * 0.6, (0, -d / 2 - 0.009, r + 0.02))
    shells, hoops, heads = [bass], [bass_hoops], []
    for x, y, z, radius, height, tilt in ((-0.19, -0.02, r * 2 + 0.06, 0.15, 0.2, 14), (0.19, -0.02, r * 2 + 0.06, 0.165, 0.22, 14), (0.52, 0.3, 0.2, 0.2, 0.36, 0),
                                          (-0.46, 0.36, 0.5, 0.18, 0.13, 4)):  # fmt: skip
        for mesh, store in zip(_shell(radius, height, 0), (shells, hoops, heads), strict=True):
            store.append(mesh.moved(affine((x, y, z), (-tilt, 0, 0))))
    metal = [rod((s * 0.06, 0.02, r * 2), (s * 0.1, 0.03, r * 2 + 0.14), 0.014, 8) for s in (-1, 1)]
    metal += [rod((0.52 + 0.2 * np.cos(a), 0.3 + 0.2 * np.sin(a), 0.4), (0.52 + 0.21 * np.cos(a), 0.3 + 0.21 * np.sin(a), 0.0), 0.009, 6) for a in (0.3, 2.4, 4.5)]
    metal += [rod((-0.46, 0.36, 0.5), (-0.46, 0.36, 0.22), 0.014, 8)]
    metal += [rod((-0.46, 0.36, 0.26), (-0.46 + 0.2 * np.cos(a), 0.36 + 0.2 * np.sin(a), 0.005), 0.009, 6) for a in (1.0, 3.1, 5.2)]
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
            Part("stool legs", joined([rod((0, 0.72, 0.43), (0.2 * np.cos(a), 0.72 + 0.2 * np.sin(a), 0.006), 0.014, 8) for a in (0.5, 2.6, 4.7)]), CHROME),
        ]
    )


def _trumpet(p: Mapping[str, float], state: str | None) -> list[Part]:
    length, bell = p["length"], p["bell"]
    half = length / 2
    flare = smooth_profile([(bell, 0), (bell * 0.62, 0.022), (bell * 0.34, 0.07), (bell * 0.2, 0.15), (0.0085, 0.26)], 6)
    wall = [(max(r - 0.0018, 0.001), z + 0.001) for r, z in flare][::-1]
    horn = lathe([*wall, *flare, wall[0]], 40).moved(affine((-half, 0, 0), (0, 90, 0)))
    lip = sweep([(-half + 0.001, bell * np.cos(a), bell * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 40, endpoint=False)], 0.003, 8, closed=True)
    low = -0.075
    upper = curve([(-half + 0.25, 0, 0), (half * 0.35, 0, 0), (half * 0.62, 0, -0.012), (half * 0.68, 0, low / 2), (half * 0.62, 0, low + 0.012), (half * 0.35, 0, low),
                   (-half * 0.32, 0, low), (-half * 0.52, 0, low + 0.01), (-half * 0.58, 0, low / 2 - 0.005)], 6)  # fmt: skip
    lead = curve([(half * 0.86, 0.03, -0.01), (0, 0.03, -0.01), (-half * 0.4, 0.03, -0.012), (-half * 0.55, 0.025, low * 0.55), (-half * 0.4, 0.02, low), (0, 0.018, low)], 5)
    mouth = lathe([(0, 0), (0.006, 0), (0.0065, 0.05), (0.014, 0.07), (0.0145, 0.082), (0.009, 0.082), (0, 0.07)], 24).moved(affine((half * 0.86, 0.03, -0.01), (0, 90, 0)))
    valves, caps = [], []
    for k in range(3):
        x = -0.005 + 0.037 * k - 0.02
        valves.append(cylinder(0.0155, 0.12, (x, 0.014, low - 0.03), segments=24))
        caps += [cylinder(0.0172, 0.012, (x, 0.014, low + z), segments=24) for z in (-0.035, 0.083)]
        caps += [rod((x, 0.014, low + 0.09), (x, 0.014, low + 0.125), 0.004, 8), cylinder(0.0115, 0.006, (x, 0.014, low + 0.124), segments=18)]
    ring = sweep([(0.09, 0.03 + 0.0 * a, low / 2 + 0.055 + 0.014 * np.sin(a)) + np.array([0.014 * np.cos(a), 0, 0]) for a in np.linspace(0, 2 * np.pi, 20, endpoint=False)], 0.003, 6, closed=True)
    parts = [
        Part("tubes", joined([horn, lip, sweep(upper, 0.0085, 12), sweep(lead, 0.007, 12), *valves, ring])),
        Part("valves", joined([*caps, mouth]), CHROME),
    ]
    # On a small stand, bell to the left, so that the whole instrument shows.
    base = [cylinder(0.075, 0.016, (0.0, 0.015, -0.26), segments=32), rod((0.0, 0.015, -0.25), (0.0, 0.015, low - 0.03), 0.007, 10), slab((0.13, 0.05, 0.012), (0.012, 0.015, low - 0.047), 0.004)]
    return settled(placed([*parts, Part("stand", joined(base), DARK)], turn=(0, 0, 12)))


def _piano(p: Mapping[str, float], state: str | None) -> list[Part]:
    w, h, d = p["width"], p["height"], 0.58
    bed = 0.62
    case = [slab((w, 0.3, h - 0.03), (0, 0.14, 0.0), 0.01), slab((w + 0.04, 0.36, 0.035), (0, 0.13, h - 0.035), 0.012)]
    case += [slab((0.05, d, 0.05), (s * (w / 2 - 0.025), 0, 0), 0.01) for s in (-1, 1)]
    case += [hull([(s * w / 2, y, z) for y, z in ((-0.26, bed), (-0.26, bed + 0.12), (0.0, bed + 0.24), (0.0, bed))] + [(s * (w / 2 - 0.05), y, z) for y, z in ((-0.26, bed), (-0.26, bed + 0.12), (0.0, bed + 0.24), (0.0, bed))]) for s in (-1, 1)]
    case += [slab((0.06, 0.06, bed), (s * (w / 2 - 0.04), -0.22, 0), 0.012) for s in (-1, 1)]
    case += [slab((w - 0.04, 0.3, 0.05), (0, -0.13, bed - 0.02), 0.008)]
    frames = [slab((w * 0.42, 0.012, h * 0.2), (s * w * 0.225, -0.012, bed + 0.25), 0.004) for s in (-1, 1)] + [slab((w * 0.8, 0.012, 0.36), (0, -0.012, 0.14), 0.004)]
    whites = 28
    span = (w - 0.14) / whites
    left = -(w - 0.14) / 2
    open_ = state != "lid closed"
    parts = [Part("case", joined(case)), Part("panels", joined(frames))]
    if open_:
        keys = [slab((span * 0.93, 0.15, 0.022), (left + span * (k + 0.5), -0.185, bed + 0.03), 0.002) for k in range(whites)]
        sharps = [slab((span * 0.55, 0.095, 0.022), (left + span * (k + 1), -0.155, bed + 0.047), 0.003) for k in range(whites - 1) if k % 7 in (0, 1, 3, 4, 5)]
        desk = slab((w * 0.5, 0.014, 0.2), (0, -0.04, bed + 0.26), 0.005, turn=(-14, 0, 0))
        sheet = [slab((0.17, 0.004, 0.22), (s * 0.09, -0.052, bed + 0.275), turn=(-14, 0, 0)) for s in (-1, 1)]
        staves = [slab((0.14, 0.002, 0.006), (s * 0.09, -0.0605 + 0.0112 * k, bed + 0.3 + 0.045 * k), turn=(-14, 0, 0)) for s in (-1, 1) for k in range(4)]
        parts += [Part("white keys", joined(keys), IVORY), Part("black keys", joined(sharps), BLACK), Part("lid", slab((w - 0.12, 0.012, 0.16), (0, -0.01, bed + 0.06), 0.004, turn=(-8, 0, 0))),
                  Part("music desk", desk), Part("sheets", joined(sheet), Surface("white", "paper")), Part("staves", joined(staves), BLACK)]  # fmt: skip
    else:
        lid = hull([(s * (w / 2 - 0.055), y, z) for s in (-1, 1) for y, z in ((-0.265, bed + 0.03), (-0.265, bed + 0.065), (-0.2, bed + 0.1), (0.0, bed + 0.13), (0.0, bed + 0.03))])
        parts.append(Part("lid", lid))
    pedals = [slab((0.045, 0.12, 0.014), (x, -0.06, 0.06), 0.005) for x in (-0.1, 0, 0.1)]
    legs = [slab((0.05, 0.05, 0.42), (x, y, 0), 0.01) for x in (-0.27, 0.27) for y in (-0.72, -0.52)]
    return settled([*parts, Part("pedals", joined(pedals), BRASS), Part("bench", joined([slab((0.64, 0.3, 0.05), (0, -0.62, 0.42), 0.012), *legs])),
                    Part("cushion", slab((0.62, 0.28, 0.05), (0, -0.62, 0.465), 0.022), Surface("maroon", "velvet"))])  # fmt: skip


def _xylophone(p: Mapping[str, float], state: str | None) -> list[Part]:
    count, pitch = 8, 0.048
    rainbow = ("red", "orange", "yellow", "lime", "green", "cyan", "blue", "purple")
    first, last = p["long"], p["long"] * 0.58
    frame, parts = [], []
    x0 = -pitch * (count - 1) / 2
    for s in (-1, 1):
        a, b = (x0 - 0.04, s * first * 0.29), (-x0 + 0.04, s * last * 0.29)
        frame.append(hull([(x, y + dy, z) for (x, y) in (a, b) for dy in (-0.014, 0.014) for z in (0.02, 0.055)]))
    frame += [slab((0.028, reach * 0.72, 0.035), (x, 0, 0.02), 0.006) for x, reach in ((x0 - 0.036, first), (-x0 + 0.036, last))]
    feet = [cylinder(0.016, 0.022, (x, y, 0), segments=16) for x, r in ((x0 - 0.03, first), (-x0 + 0.03, last)) for y in (-r * 0.3, r * 0.3)]
    pins = []
    for k, colour in enumerate(rainbow):
        reach = first + (last - first) * k / (count - 1)
        x = x0 + k * pitch
        parts.append(Part("bar", slab((pitch * 0.84, reach, 0.013), (x, 0, 0.055), 0.004), Surface(colour, "plastic")))
        pins += [ellipsoid((0.006, 0.006, 0.005), (x, s * reach * 0.29, 0.069), detail=1) for s in (-1, 1)]
    sticks = [rod((-0.1 + s * 0.02, -0.16, 0.085), (0.13, -0.04 + s * 0.06, 0.079), 0.0045, 8) for s in (-1, 1)]
    knobs = [ellipsoid(0.0135, (0.13, -0.04 + s * 0.06, 0.0815), detail=2) for s in (-1, 1)]
    return settled([Part("frame", joined(frame)), *parts, Part("feet", joined(feet), BLACK), Part("pins", joined(pins), CHROME),
                    Part("mallets", joined(sticks), STICK), Part("mallet heads", joined(knobs), Surface("red", "plastic"))])  # fmt: skip


_MUSIC = ("indoor", "living room", "bedroom", "studio", "stage", "classroom")

register(
    Kind("guitar", "instrument", _guitar, params={"width": (0.37, 0.41), "waist": (0.58, 0.66), "guard": (0, 1)},
         colours=("orange", "red", "beige", "blue", "brown", "black"), materials=("wood", "dark wood", "bamboo", "car paint"), scale="room",
         contexts=(*_MUSIC, "garage", "cafe"), topples=True)
)  # fmt: skip
register(
    Kind("drum", "instrument", _drum, params={"radius": (0.16, 0.2), "height": (0.2, 0.3), "brass": (0, 1)},
         colours=("red", "blue", "green", "white", "purple"), materials=("car paint", "wood", "plastic", "copper"), scale="tabletop",
         contexts=(*_MUSIC, "playground"))
)  # fmt: skip
register(
    Kind("drum kit", "instrument", _drum_kit, params={"bass": (0.27, 0.3), "crash": (1.05, 1.15)},
         colours=("red", "blue", "black", "teal", "orange", "purple"), materials=("car paint", "wood", "plastic"), scale="room",
         contexts=(*_MUSIC, "garage"), text=("JAZZ", "ROCK", "FUNK", "THE CATS", "BEAT", "BLUES"))
)  # fmt: skip
register(
    Kind("trumpet", "instrument", _trumpet, params={"length": (0.46, 0.52), "bell": (0.056, 0.066)},
         colours=("yellow", "gray", "orange"), materials=("gold", "silver", "copper", "chrome"), scale="tabletop", contexts=_MUSIC)
)  # fmt: skip
register(
    Kind("piano", "instrument", _piano, params={"width": (1.36, 1.5), "height": (1.12, 1.25)},
         states=("lid open", "lid closed"), verbs={"lid closed": "close its lid"}, effects={"close": "lid closed"},
         colours=("black", "brown", "white", "maroon"), materials=("car paint", "dark wood", "wood"), scale="room",
         contexts=("indoor", "living room", "studio", "stage", "classroom", "cafe"))
)  # fmt: skip
register(
    Kind("xylophone", "instrument", _xylophone, params={"long": (0.24, 0.3)}, colours=("brown", "white", "beige", "red"),
         materials=("wood", "plastic", "bamboo"), scale="tabletop", contexts=(*_MUSIC, "playground"))
)  # fmt: skip
