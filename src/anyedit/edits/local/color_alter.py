"""color_alter: a named object takes another colour; its shading, shadow and reflections follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from anyedit.edits import covering, hues, photographs
from anyedit.edits.base import Case, EditType, Inverse, Outcome, Params, Rule
from anyedit.edits.rules import LOCAL, SAID, lab_distance, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.world import describe
from anyedit.world.colours import COLOURS, sample_colour
from anyedit.world.kinds import kind_of
from anyedit.world.materials import MATERIALS
from anyedit.world.scene import Item, Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

# Colours that turn a photographed thing believably: white and black would need another shading.
PAINTS = (
    "red",
    "orange",
    "yellow",
    "green",
    "blue",
    "purple",
    "pink",
    "teal",
    "turquoise",
    "magenta",
    "violet",
)
ONE_COLOURED = 0.5  # share of a thing in its main hue from which a new colour is a colour of the thing


class ColorAlterParams(Params):
    """target: id of the object. colour: a name of `anyedit.world.colours`."""

    target: str
    colour: str


def colourable(item: Item) -> bool:
    """Whether a change of the item's colour shows: its material takes colour and nothing covers it."""
    return (
        bool(kind_of(item.kind).colours)
        and MATERIALS[item.material].takes_colour
        and item.finish is None
        and item.pattern is None
    )


def lab_between(one: str, other: str) -> float:
    """CIE Lab distance of two named colours."""
    pixel = np.array([[COLOURS[one]]], np.float32) * 255
    return lab_distance(pixel, np.ones((1, 1), bool), COLOURS[other])


OF_ONE_HUE = 18.0  # distance in the a, b plane of Lab


def nearer_colour(case: Case) -> float | None:
    """How much of the way to the asked colour was made: 1 - distance after / distance before, in Lab chroma and tone.

    Of photographs at most `least_done`: there the exact edit is not known, and half of one shows only so.
    """
    colour = COLOURS.get(getattr(case.params, "colour", ""))
    if colour is None or not case.done.mask.any():
        return None
    before = lab_distance(case.view.picture, changed(case), colour)
    after = lab_distance(case.done.picture, changed(case), colour)
    way = 1 - after / max(before, 1e-6)
    return min(way, least_done(case)) if isinstance(case.view, PhotoView) else way


def least_done(case: Case) -> float:
    """Share of the paint that changed in that quarter of the mask where least of it did.

    Paint: the pixels of the mask that had the hue of those that changed (not a mug's white inside).
    """
    done = changed(case)
    hue = cv2.cvtColor(case.view.picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 1:]
    paint = case.done.mask & (np.linalg.norm(hue - np.median(hue[done], axis=0), axis=-1) <= OF_ONE_HUE)
    rows, columns = np.nonzero(paint)
    if not len(rows):
        return 0.0
    low, right = rows > np.median(rows), columns > np.median(columns)
    parts = (low & right, low & ~right, ~low & right, ~low & ~right)
    shares = [done[rows[p], columns[p]].mean() for p in parts if p.sum() >= max(12, 0.06 * len(rows))]
    return float(min(shares, default=1.0))


def changed(case: Case) -> np.ndarray:
    """Pixels of the mask that the edit really changed (a mug's red body, not its white inside)."""
    step = np.abs(case.done.picture.astype(np.int16) - case.view.picture.astype(np.int16)).max(-1)
    inside = case.done.mask & (step > 8)
    return inside if inside.any() else case.done.mask


def nearest_name(case: Case) -> float | None:
    """How much nearer (Lab hue plane) the changed pixels are to another named colour than to the asked one."""
    wanted = getattr(case.params, "colour", "")
    if wanted not in COLOURS or not case.done.mask.any():
        return None
    lab = cv2.cvtColor(case.done.picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    seen = np.median(lab[changed(case)], axis=0)
    named = cv2.cvtColor(np.array([list(COLOURS.values())], np.float32), cv2.COLOR_RGB2LAB)[0]
    weight = np.array([0.45, 1.0, 1.0])  # lightness depends on the light more than on the paint
    distance = np.linalg.norm((named - seen) * weight, axis=1)
    return float(distance[list(COLOURS).index(wanted)] - distance.min())


class ColorAlter(EditType):
    """A named object takes another colour."""

    name = "color_alter"
    summary = "A named object takes another colour."
    example = "Alter the color of frame to orange"
    needs = "an object whose material takes colour"
    Params = ColorAlterParams
    phrases = (
        "Alter the color of {object} to {colour}",
        "Change the color of {object} to {colour}",
        "Make {object} {colour}",
        "Turn {object} {colour}",
        "Paint {object} {colour}",
        "Recolor {object} in {colour}",
        "Give {object} a {colour} color",
        "Color {object} {colour}",
        "Let {object} be {colour}",
        "I would like {object} to be {colour}",
        "Can you make {object} {colour}?",
        "Could you change the color of {object} to {colour}?",
        "How would {object} look in {colour}?",
    )
    checks = (*SAID, Rule("target visible before", visible_share("target"), low=0.005, high=0.95))
    gates = (
        *LOCAL,
        Rule("way to the colour", nearer_colour, low=0.3),
        Rule("behind the nearest color name", nearest_name, high=22),
    )

    def propose(self, view: View, rng: np.random.Generator) -> ColorAlterParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        targets = [item for item in view.visible if colourable(item)]
        if not targets:
            return None
        target = targets[int(rng.integers(len(targets)))]
        for _ in range(12):
            colour = sample_colour(rng)
            if lab_between(target.colour, colour) > 35:
                return ColorAlterParams(target=target.id, colour=colour)
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> ColorAlterParams | None:
        """A thing of one main hue, and a colour far from it."""
        things = [thing for thing in view.objects if 0.006 <= thing.share <= 0.6]
        for index in rng.permutation(len(things)):
            thing = things[index]
            if covering.PEOPLE & set(thing.name.lower().split()):
                continue
            if thing.origin.endswith(photographs.CUT) or photographs.refer(view, thing.id) is None:
                continue
            mask = view.mask(thing.id)
            share, now = hues.main_colour(view.picture, mask)
            if share < ONE_COLOURED or not hues.painted(view.picture, mask):
                continue
            pixel = np.array([[now]], np.float32) * 255
            far = [c for c in PAINTS if lab_distance(pixel, np.ones((1, 1), bool), COLOURS[c]) > 45]
            far = [colour for colour in far if self._tells(view, thing.id, colour)]
            if far:
                return ColorAlterParams(target=thing.id, colour=str(rng.choice(far)))
        return None

    def _tells(self, view: PhotoView, target: str, colour: str) -> bool:
        """Whether the caption does not already say this colour of the thing."""
        return hues.recoloured_caption(view, target, colour, tuple(COLOURS)) != view.caption

    def edit(self, view: PhotoView, params: ColorAlterParams, tools: Tools) -> Outcome:
        """Follow the thing's outline, then turn its main hue."""
        mask = tools.refine.refine(view.picture, view.mask(params.target)) & ~covering.on_top(
            view, params.target
        )
        return Outcome(
            picture=tools.recolour.recolour(view.picture, mask, COLOURS[params.colour]),
            mask=mask,
            influence=mask.astype(np.uint8) * 255,
            engines=(tools.refine.version, tools.recolour.version),
        )

    def words(self, view: View, params: ColorAlterParams) -> dict[str, str]:
        if not isinstance(view, WorldView):
            said = photographs.refer(view, params.target) or f"the {view.object(params.target).name}"
            return {"object": said, "colour": params.colour}
        return {"object": view.refer(params.target), "colour": params.colour}

    def caption_after(self, view: View, params: ColorAlterParams) -> str:
        if not isinstance(view, WorldView):
            return hues.recoloured_caption(view, params.target, params.colour, tuple(COLOURS))
        return describe.caption(self.rewrite(view.scene, params))

    def rewrite(self, scene: Scene, params: ColorAlterParams) -> Scene:
        return scene.changed(params.target, colour=params.colour)

    def inverse(self, view: View, params: ColorAlterParams, outcome: Outcome) -> Inverse | None:
        if not isinstance(view, WorldView):
            return None
        return self, ColorAlterParams(target=params.target, colour=view.scene.item(params.target).colour)
