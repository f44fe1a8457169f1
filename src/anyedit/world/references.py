"""Expressions that point to exactly one item of a scene, and how items stand in the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from anyedit import language
from anyedit.errors import EditNotPossible
from anyedit.world.colours import linear
from anyedit.world.footprints import footprint, project
from anyedit.world.kinds import kind_of
from anyedit.world.phrases import (
    adjective_of,
    colour_word,
    finish_word,
    material_word,
    pattern_phrase,
    size_word,
    state_words,
    tilt_phrase,
)
from anyedit.world.scene import Item, Scene

MENTIONED = 0.001  # a thing that covers less of the picture cannot be confused with another
ALIKE = 32.0  # distance in CIE Lab below which two colours may be called the same
_SCENERY = {  # what the surroundings show behind the items, so that a noun alone would not do
    "park": ("tree", "bush"),
    "meadow": ("tree", "fence"),
    "forest": ("tree",),
    "snowfield": ("tree",),
    "mountain": ("tree",),
    "playground": ("tree",),
    "farm": ("tree", "barn", "fence"),
    "beach": ("palm tree",),
    "desert": ("cactus",),
    "street": ("house", "tree", "street lamp"),
    "plaza": ("house", "street lamp"),
    "harbour": ("house", "sailboat"),
    "city": ("skyscraper", "street lamp"),
}
_COMPOUNDED = ("ball", "boat", "box", "chair", "house", "pot", "cup")
_OWN_HUES = {"gold": "yellow", "copper": "orange", "brass": "yellow", "cork": "brown", "grass": "green"}


@dataclass(frozen=True)
class Place:
    """An item's middle in the picture: x, y in [0, 1] from the upper left, and metres along the view."""

    x: float
    y: float
    along: float
    on: str | None


def places(scene: Scene) -> dict[str, Place]:
    """Where every item is in the picture."""
    return {item.id: place_of(scene, item) for item in scene.items}


def place_of(scene: Scene, item: Item) -> Place:
    """Where an item of the scene is in the picture."""
    shape = footprint(item)
    centre = shape.outline.centroid
    middle = np.array([[centre.x, centre.y, (shape.low + shape.high) / 2]])
    x, y, along = project(scene.camera, middle)[0].tolist()
    return Place(x, y, along, item.on)


# relation -> (clearly holds, may be said to hold), of a thing to its anchor
Holds = Callable[[Place, Place], bool]
RELATIONS: dict[str, tuple[Holds, Holds]] = {
    "to the left of": (lambda a, b: a.x < b.x - 0.09, lambda a, b: a.x < b.x + 0.02),
    "to the right of": (lambda a, b: a.x > b.x + 0.09, lambda a, b: a.x > b.x - 0.02),
    "in front of": (
        lambda a, b: a.along < 0.93 * b.along and abs(a.x - b.x) < 0.14,
        lambda a, b: a.along < b.along and abs(a.x - b.x) < 0.3,
    ),
    "behind": (
        lambda a, b: a.along > 1.07 * b.along and abs(a.x - b.x) < 0.14,
        lambda a, b: a.along > b.along and abs(a.x - b.x) < 0.3,
    ),
}


def relation(scene: Scene, item_id: str, anchor_id: str) -> str | None:
    """The relation that most clearly holds between two items ("to the left of", "on"), None when none does."""
    if scene.item(item_id).on == anchor_id:
        return "on"
    one, other = (place_of(scene, scene.item(key)) for key in (item_id, anchor_id))
    if one.on != other.on and (one.on is not None or other.on is not None):
        return None  # one on the table and one beside it: depth and side mislead
    for words in ("in front of", "behind", "to the left of", "to the right of"):
        if RELATIONS[words][0](one, other):
            return words
    return None


@dataclass(frozen=True)
class Reference:
    """A referring expression and the ids of all items that may be meant by it."""

    text: str
    meant: tuple[str, ...]


def refer(scene: Scene, item_id: str, visible: Mapping[str, float]) -> str:
    """The shortest expression that means this item and no other that is seen: "the mug behind the chair".

    visible: item id -> share of the picture; a share below 0.001 cannot be confused with anything. Raises
    EditNotPossible when no words tell it from its twins.
    """
    for reference in references(scene, item_id, visible):
        if reference.meant == (item_id,):
            among = scene.item(item_id).kind in _SCENERY.get(scene.environment, ())
            related = any(f" {words} the " in reference.text for words in (*RELATIONS, "on"))
            return f"{reference.text} in the foreground" if among and not related else reference.text
    raise EditNotPossible(
        f"no words tell '{item_id}' from the others of its kind; move it or give it another colour"
    )


def references(scene: Scene, item_id: str, visible: Mapping[str, float]) -> Iterator[Reference]:
    """Expressions that mean this item, simplest first, each with all that it may mean."""
    item = scene.item(item_id)
    seen = [other for other in scene.items if other.id == item_id or visible.get(other.id, 0.0) >= MENTIONED]
    described = list(_described(item))
    for text, fits in described:
        yield Reference(f"the {text}", tuple(other.id for other in seen if fits(other)))
    at = places(scene)
    yield from _related(scene, item, seen, described, at)
    yield from _counted(item, seen, described, at)


Fits = Callable[[Item], bool]


def _described(item: Item) -> Iterator[tuple[str, Fits]]:
    """Noun with ever more of the item's own properties."""
    person = kind_of(item.kind).category == "person"
    noun = item.kind

    def named(other: Item) -> bool:
        return _may_be(noun, other.kind)

    colour, material = colour_word(item), material_word(item)

    def coloured(other: Item) -> bool:
        return alike(item.colour, colour_word(other) or _OWN_HUES.get(other.material, "gray"))

    def made(other: Item) -> bool:
        return adjective_of(other.material) == adjective_of(item.material)

    yield noun, named
    if colour:
        text = f"{noun} in {colour}" if person else f"{colour} {noun}"
        yield text, lambda other: named(other) and coloured(other)
    if material and not person:
        yield f"{material} {noun}", lambda other: named(other) and made(other)
        if colour:
            yield (
                f"{colour} {material} {noun}",
                lambda other: named(other) and coloured(other) and made(other),
            )
    for text, same in _particulars(item):
        yield text.format(noun=noun), lambda other, same=same: named(other) and same(other)  # type: ignore[misc]
        if colour and not person and not text.startswith("{noun} in"):
            words = text.format(noun=f"{colour} {noun}")
            yield words, lambda other, same=same: named(other) and coloured(other) and same(other)  # type: ignore[misc]


def _particulars(item: Item) -> Iterator[tuple[str, Fits]]:
    """Texts with a place for the noun, of what else tells an item apart."""
    before, after = state_words(item)
    if before:
        yield f"{before} {{noun}}", lambda other: state_words(other)[0] == before
    if after:
        yield f"{{noun}} {after}", lambda other: state_words(other)[1] == after
    if item.text:
        yield f'{{noun}} that says "{item.text}"', lambda other: other.text == item.text
    if item.accessory:
        worn = language.indefinite(item.accessory)
        yield f"{{noun}} wearing {worn}", lambda other: other.accessory == item.accessory
    if item.pattern:
        yield (
            f"{{noun}} with {pattern_phrase(item.but(pattern_colour=None))}",
            lambda other: other.pattern == item.pattern,
        )
    if item.finish:
        yield f"{finish_word(item)} {{noun}}", lambda other: other.finish == item.finish
    if size := size_word(item):
        grown = size in ("giant", "large")
        yield f"{size} {{noun}}", lambda other: other.size > 1.1 if grown else other.size < 0.9
    if tilt := tilt_phrase(item):
        yield f"{{noun}} {tilt}", lambda other: tilt_phrase(other) is not None


def _related(
    scene: Scene, item: Item, seen: list[Item], described: list[tuple[str, Fits]], at: Mapping[str, Place]
) -> Iterator[Reference]:
    """Nouns with a relation to another thing that its own words already single out."""
    anchors = []
    for other in seen:
        if other.id == item.id or _may_be(item.kind, other.kind) or _may_be(other.kind, item.kind):
            continue
        for text, fits in list(_described(other))[:3]:
            if [thing.id for thing in seen if fits(thing)] == [other.id]:
                anchors.append((other, text))
                break
    for text, fits in described[:2]:
        rivals = [other for other in seen if fits(other)]
        for anchor, anchor_text in anchors:
            if item.on == anchor.id:
                meant = tuple(other.id for other in rivals if other.on == anchor.id)
                yield Reference(f"the {text} on the {anchor_text}", meant)
            if item.on != anchor.on:
                continue
            for words, (clearly, loosely) in RELATIONS.items():
                if clearly(at[item.id], at[anchor.id]):
                    meant = tuple(other.id for other in rivals if loosely(at[other.id], at[anchor.id]))
                    yield Reference(f"the {text} {words} the {anchor_text}", meant)


def _counted(
    item: Item, seen: list[Item], described: list[tuple[str, Fits]], at: Mapping[str, Place]
) -> Iterator[Reference]:
    """Nouns told apart by their order from left to right, then from near to far."""
    for text, fits in described[:2]:
        rivals = sorted((other.id for other in seen if fits(other)), key=lambda other: at[other].x)
        place = rivals.index(item.id)
        steps = np.diff([at[other].x for other in rivals])
        if len(rivals) == 1 or (steps < 0.03).any():
            continue  # too near to each other to be counted
        if place == 0 or place == len(rivals) - 1:
            side = "left" if place == 0 else "right"
            yield Reference(
                f"the {text} on the {side}" if len(rivals) == 2 else f"the {side}most {text}", (item.id,)
            )
        else:
            yield Reference(f"the {language.ordinal(place + 1)} {text} from the left", (item.id,))
    for text, fits in described[:2]:
        rivals = sorted((other.id for other in seen if fits(other)), key=lambda other: at[other].along)
        distances = [at[other].along for other in rivals]
        if len(rivals) > 1 and rivals[0] == item.id and distances[1] > 1.06 * distances[0]:
            yield Reference(f"the nearest {text}", (item.id,))
        if len(rivals) > 1 and rivals[-1] == item.id and distances[-1] > 1.06 * distances[-2]:
            yield Reference(f"the farthest {text}", (item.id,))


def _may_be(noun: str, kind: str) -> bool:
    """Whether a thing of this kind may be called by the noun: a park bench "bench", a basketball "ball"."""
    return kind == noun or kind.endswith(f" {noun}") or (noun in _COMPOUNDED and kind.endswith(noun))


@lru_cache(maxsize=4096)
def alike(one: str, other: str) -> bool:
    """Whether two named colours may be called by the same name: CIE Lab distance below 32."""
    return one == other or float(np.linalg.norm(_lab(one) - _lab(other))) < ALIKE


@lru_cache(maxsize=64)
def _lab(colour: str) -> np.ndarray:
    """CIE L*a*b* (D65) of a named colour, float (3,)."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    t = to_xyz @ np.array(linear(colour)) / [0.9505, 1.0, 1.089]
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
