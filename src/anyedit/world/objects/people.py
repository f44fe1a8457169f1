"""People: man, woman and child, posed by the directions of their limbs, dressed in the body's colour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from anyedit.world.blocks import curve, settled
from anyedit.world.bodies import chain, limb, option
from anyedit.world.kinds import Kind, Part, Surface, register
from anyedit.world.mesh import Array, Mesh, affine, joined
from anyedit.world.objects.heads import head_parts, long_hair, mixed_tone, short_hair, young_hair
from anyedit.world.shapes import Distance, blob, loft, soft

SKINS = ((0.98, 0.80, 0.68), (0.92, 0.70, 0.55), (0.80, 0.57, 0.41), (0.62, 0.41, 0.28), (0.42, 0.27, 0.19))

TROUSERS = (
    (0.16, 0.22, 0.36),
    (0.20, 0.20, 0.22),
    (0.55, 0.46, 0.34),
    (0.30, 0.33, 0.26),
    (0.38, 0.30, 0.26),
)

SHOES = ((0.12, 0.10, 0.09), (0.85, 0.84, 0.80), (0.36, 0.20, 0.11), (0.55, 0.12, 0.10))

Limb = tuple[
    tuple[float, float], tuple[float, float]
]  # (forward, outward) degrees of its upper and lower bone


@dataclass(frozen=True)
class Pose:
    """Where the limbs point: each bone hangs down at (0, 0), points ahead at (90, 0), aside at (0, 90)."""

    left_arm: Limb = ((2, 11), (14, 5))  # the person's own left, at +x
    right_arm: Limb = ((2, 11), (14, 5))
    left_leg: Limb = ((1, 4), (-2, 2))
    right_leg: Limb = ((1, 4), (-2, 2))
    lean: float = 0  # of the trunk, forward
    feet: tuple[float, float] | None = None  # forward angles of the feet; None: square to the shins


POSES: dict[str, Pose] = {
    "standing": Pose(),
    "waving": Pose(right_arm=((8, 82), (6, 166))),
    "sitting": Pose(
        left_arm=((24, 16), (62, -10)),
        right_arm=((24, 16), (62, -10)),
        left_leg=((100, 15), (58, 8)),
        right_leg=((100, 15), (58, 8)),
        lean=-6,
    ),
    "running": Pose(
        left_arm=((-52, 10), (48, 4)),
        right_arm=((38, 8), (128, -14)),
        left_leg=((68, 3), (-12, 2)),
        right_leg=((-24, 4), (-62, 2)),
        lean=13,
    ),
    "raising both arms": Pose(left_arm=((4, 146), (0, 166)), right_arm=((4, 146), (0, 166))),
}


@dataclass(frozen=True)
class Figure:
    """Proportions, as shares of the height unless said otherwise."""

    head: float  # radius
    shoulder: float  # half width
    hip: float  # half width
    leg: float  # thigh and shin together
    trunk: float  # hip to shoulder
    girth: float  # 1 = slim adult
    waist: float  # width of the waist as a share of the hips


def _toward(angles: tuple[float, float], side: int) -> Array:
    forward, outward = np.radians(angles)
    return np.array(
        [side * np.sin(outward), -np.sin(forward) * np.cos(outward), -np.cos(forward) * np.cos(outward)]
    )


def _person(
    figure: Figure, hair: Callable[[Mapping[str, float], float], Mesh], dressed: bool
) -> Callable[[Mapping[str, float], str | None], list[Part]]:
    """A builder for one figure and one way of wearing hair; `dressed`: a parameter may ask for a dress."""

    def build(p: Mapping[str, float], state: str | None) -> list[Part]:
        return settled(_figure(p, POSES[state or "standing"], figure, hair, dressed and p["dress"] > 0.5))

    return build


def _figure(
    p: Mapping[str, float],
    pose: Pose,
    f: Figure,
    hair: Callable[[Mapping[str, float], float], Mesh],
    dress: bool,
) -> list[Part]:
    h = p["height"]
    g = f.girth * p["girth"] * h
    skin = Surface(tuple(float(v) for v in mixed_tone(SKINS, p["skin"])), "skin")  # type: ignore[arg-type]
    lean = affine(turn=(pose.lean, 0, 0))[:3, :3]

    def up(x: float, y: float, z: float) -> Array:
        """A point of the trunk, from the pelvis, in shares of the height."""
        return np.asarray(lean @ (np.array([x, y, z]) * h))

    shirt: list[Distance] = [
        blob(
            (g * 0.06 + f.shoulder * h * 0.3, g * 0.064, f.trunk * h * 0.32),
            up(0, 0, f.trunk * 0.68),
            (pose.lean, 0, 0),
        ),
        blob(
            (g * 0.046 + f.hip * h * f.waist, g * 0.063, f.trunk * h * 0.4),
            up(0, 0, f.trunk * 0.26),
            (pose.lean, 0, 0),
        ),
        *chain(
            [
                up(-f.shoulder * 0.86, 0, f.trunk * 0.9),
                up(0, 0, f.trunk * 1.0),
                up(f.shoulder * 0.86, 0, f.trunk * 0.9),
            ],
            [g * 0.036, g * 0.038, g * 0.036],
        ),
    ]
    trousers: list[Distance] = [
        blob((f.hip * h + g * 0.046, g * 0.068, f.trunk * h * 0.24), (0, 0, 0.01 * h))
    ]
    legs: list[Distance] = []
    bare, shoes, knees = [], [], []
    for side, arm, leg, tip in (
        (1, pose.left_arm, pose.left_leg, 0),
        (-1, pose.right_arm, pose.right_leg, 1),
    ):
        shoulder = up(side * f.shoulder, 0, f.trunk * 0.885)
        reach = f.leg * h * 0.34
        elbow = shoulder + _toward(arm[0], side) * reach
        forearm = _toward(arm[1], side)
        wrist = elbow + forearm * reach * 0.86
        cuff = wrist if p["sleeves"] > 0.5 else shoulder + (elbow - shoulder) * 0.72
        shirt += (
            chain([shoulder, elbow, wrist - forearm * 0.01 * h], [g * 0.037, g * 0.033, g * 0.029])
            if p["sleeves"] > 0.5
            else chain([shoulder, cuff], [g * 0.038, g * 0.04])
        )
        bare += [limb(shoulder, elbow, (g * 0.032, g * 0.027)), limb(elbow, wrist, (g * 0.027, g * 0.021))]
        bare += _hand(wrist, forearm, side, h)
        hip = np.array([side * f.hip * h, 0, 0])
        knee = hip + _toward(leg[0], side) * f.leg * h * 0.51
        shin = _toward(leg[1], side)
        ankle = knee + shin * f.leg * h * 0.49
        legs += chain([hip, knee, ankle], [g * 0.058, g * 0.042, g * 0.034])
        knees.append(knee)
        if dress:
            bare += [limb(hip, knee, (g * 0.05, g * 0.036)), limb(knee, ankle, (g * 0.036, g * 0.024))]
        pitch = leg[1][0] + 90 if pose.feet is None else pose.feet[tip]
        toe = _toward((min(max(pitch, 12), 150), 8), side)
        heel = ankle + shin * 0.008 * h
        shoes += chain(
            [heel - toe * 0.012 * h, heel + toe * 0.074 * h + shin * 0.006 * h], [0.03 * h, 0.025 * h]
        )
    cell = 0.02 * h
    if dress:
        top = soft({"top": shirt}, 0.034 * h, cell)["top"]
        cloth = [Part("dress", joined([top, _skirt(knees, f, g, h)]))]
    else:
        cloth = [
            Part("shirt", soft({"shirt": shirt}, 0.034 * h, cell)["shirt"]),
            Part(
                "trousers",
                soft({"trousers": trousers + legs}, 0.022 * h, cell)["trousers"],
                Surface(option(TROUSERS, p["trousers"]), "denim"),
            ),
        ]
    neck = up(0, 0, f.trunk + 0.005)
    # The head stays upright whatever the trunk does.
    centre = neck + lean @ np.array([0, 0, f.head * h * 1.26])
    bare.append(limb(neck - lean @ np.array([0, 0, 0.03 * h]), centre, (g * 0.034, f.head * h * 0.5)))
    parts = [
        *cloth,
        Part("skin", joined(bare), skin),
        Part(
            "shoes",
            soft({"shoes": shoes}, 0.01 * h, 0.015 * h)["shoes"],
            Surface(option(SHOES, p["shoes"]), "leather"),
        ),
        *head_parts(p, f.head * h, centre, skin, hair),
    ]
    return parts


def _skirt(knees: list[Array], f: Figure, g: float, h: float) -> Mesh:
    """A flared skirt from the waist to just below the knees, wide enough for both of them."""
    middle = (knees[0] + knees[1]) / 2
    spread = np.abs(knees[0] - knees[1]) / 2
    waist = np.array([0, 0, f.trunk * h * 0.3])
    path = curve([waist, waist * 0.1 + middle * 0.08, middle * 0.6, middle * 1.12], 4)
    ahead = np.gradient(path, axis=0)
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    fold = 1 + 0.05 * np.cos(8 * angle)
    rings = []
    for t, point, along in zip(np.linspace(0, 1, len(path)), path, ahead, strict=True):
        depth = np.cross(along / np.linalg.norm(along), [1.0, 0.0, 0.0])
        wide = g * 0.046 + f.hip * h * f.waist + t**0.8 * (g * 0.05 + spread[0] * 0.6)
        deep = g * 0.066 + t**0.8 * (g * 0.045 + float(np.abs(depth) @ spread) * 1.1)
        swell = 1 + (fold - 1) * t
        rings.append(
            point
            + (np.cos(angle) * swell)[:, None] * [wide, 0, 0]
            + (np.sin(angle) * swell)[:, None] * depth * deep
        )
    return loft(rings)


def _hand(wrist: Array, along: Array, side: int, h: float) -> list[Mesh]:
    palm = wrist + along * 0.026 * h
    inward = np.array([-side, -0.6, 0.0]) if abs(along[2]) > 0.5 else np.array([-side * 0.4, 0, 1.0])
    inward -= along * (inward @ along)
    inward /= max(float(np.linalg.norm(inward)), 1e-9)
    return [
        limb(wrist - along * 0.01 * h, palm, (0.016 * h, 0.021 * h)),
        limb(palm, palm + along * 0.028 * h, (0.021 * h, 0.014 * h)),
        limb(
            palm - along * 0.01 * h, palm + along * 0.014 * h + inward * 0.028 * h, (0.011 * h, 0.008 * h), 10
        ),
    ]


_VERBS = {
    "standing": "stand still",
    "waving": "wave",
    "sitting": "sit down",
    "running": "run",
    "raising both arms": "raise both arms",
}

_PLACES = (
    "outdoor",
    "park",
    "street",
    "garden",
    "beach",
    "meadow",
    "plaza",
    "playground",
    "indoor",
    "living room",
    "stage",
    "studio",
)

_SHARES = {
    "skin": (0.0, 1.0),
    "hair": (0.0, 1.0),
    "style": (0.0, 1.0),
    "sleeves": (0.0, 1.0),
    "trousers": (0.0, 1.0),
    "shoes": (0.0, 1.0),
    "girth": (0.92, 1.14),
}

_SHIRTS = ("red", "blue", "green", "yellow", "white", "orange", "purple", "pink", "teal", "navy")

_MAN = Figure(head=0.08, shoulder=0.112, hip=0.048, leg=0.47, trunk=0.295, girth=1.08, waist=1.02)

_WOMAN = Figure(head=0.082, shoulder=0.094, hip=0.052, leg=0.475, trunk=0.285, girth=0.96, waist=0.62)

_CHILD = Figure(head=0.108, shoulder=0.1, hip=0.046, leg=0.41, trunk=0.27, girth=1.1, waist=1.1)

register(
    Kind("man", "person", _person(_MAN, short_hair, False), params={"height": (1.68, 1.88), **_SHARES}, states=tuple(POSES), verbs=_VERBS,
         colours=_SHIRTS, materials=("fabric", "wool", "denim"), scale="room", contexts=_PLACES, plural="men", wears=0.95)
)  # fmt: skip

register(
    Kind("woman", "person", _person(_WOMAN, long_hair, True), params={"height": (1.58, 1.76), "dress": (0.0, 1.0), **_SHARES}, states=tuple(POSES),
         verbs=_VERBS, colours=("pink", *_SHIRTS), materials=("fabric", "wool", "denim", "velvet"), scale="room", contexts=_PLACES, plural="women", wears=0.95)
)  # fmt: skip

register(
    Kind("child", "person", _person(_CHILD, young_hair, False), params={"height": (1.02, 1.28), **_SHARES}, states=tuple(POSES), verbs=_VERBS,
         colours=("yellow", *_SHIRTS), materials=("fabric", "wool", "denim"), scale="room", contexts=(*_PLACES, "classroom", "bedroom"), plural="children", wears=0.94)
)  # fmt: skip
