"""What a scene looks like in English: noun phrases, a caption, and expressions that point to exactly one thing.

Left and right are those of the picture; only what the scene holds is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from anyedit import language
from anyedit.errors import EditNotPossible
from anyedit.world import light
from anyedit.world.colours import COLOURS, linear
from anyedit.world.environments import environment_of
from anyedit.world.footprints import footprint, project
from anyedit.world.kinds import Kind, kind_of
from anyedit.world.scene import Item, Scene

MENTIONED = 0.001  # a thing that covers less of the picture cannot be confused with another
ALIKE = 32.0  # distance in CIE Lab below which two colours may be called the same
LONGEST = 35  # words of a caption

Article = Literal["a", "the"] | None
Detail = Literal["full", "short", "bare"]  # all that shows, colour and noun, the noun alone

# Materials that go without saying on the kinds that are usually, or mostly, made of them.
_UNSAID = {
    "car paint",
    "matte paint",
    "skin",
    "fur",
    "feathers",
    "foliage",
    "grass",
    "plaster",
    "water",
    "sand",
}
_UNSAID_FIRST = {"plastic", "rubber", "fabric", "paper", "wax"}
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
_PRONOUNS = {"man": "him", "woman": "her", "boy": "him", "girl": "her", "child": "them"}
_POSTURES = ("upside down", "knocked over", "burnt out", "half turned")
_PLACES = ("at", "on", "in", "under", "with")  # a state that starts so stands as it is: "at half-mast"
_COMPOUNDED = ("ball", "boat", "box", "chair", "house", "pot", "cup")
_OWN_HUES = {"gold": "yellow", "copper": "orange", "brass": "yellow", "cork": "brown", "grass": "green"}
_SWITCHED = {"on": "switched on", "off": "switched off"}


# --- noun phrases ---------------------------------------------------------------------------------------------


def noun_phrase(item: Item, article: Article = "a") -> str:
    """Everything that shows on the item: "a red ceramic mug", "a dog sitting", "the lit candle"."""
    before, after = _modifiers(item)
    phrase = " ".join((*before, item.kind, *after))
    return _with_article(phrase, article)


def short_phrase(item: Item, article: Article = "a") -> str:
    """Colour and noun: "a red mug"; people are "a man in red"."""
    if kind_of(item.kind).category == "person":
        return _with_article(f"{item.kind} in {colour_word(item) or _adjective(item.material)}", article)
    word = colour_word(item) or material_word(item)
    return _with_article(f"{word} {item.kind}" if word else item.kind, article)


def colour_word(item: Item) -> str | None:
    """The colour that is seen on it; None where the material (gold) or the kind (a textured model) has its own."""
    return item.colour if kind_of(item.kind).colours and _takes_colour(item.material) else None


def material_word(item: Item) -> str | None:
    """The material as an adjective ("wooden") where it is worth saying, else None."""
    usual = kind_of(item.kind).materials
    word = _adjective(item.material)
    if item.material in usual and (item.material in _UNSAID or len(usual) == 1):
        return None
    if (item.material == usual[0] and item.material in _UNSAID_FIRST) or word in item.kind.split():
        return None  # a plastic toy, a rubber duck
    return word


def state_words(item: Item) -> tuple[str | None, str | None]:
    """(before, after) the noun: ("lit", None), (None, "sitting"), (None, "with its lid open"); usual states: none."""
    states = kind_of(item.kind).states
    if item.state is None or (states and item.state == states[0]):
        return None, None
    verb = kind_of(item.kind).verbs.get(item.state, "")
    if verb.startswith(f"be {item.state} "):  # "hit", whose verb is "be hit by an arrow"
        return None, verb.removeprefix("be ")
    return _state(item.state)


@lru_cache(maxsize=512)
def _state(state: str) -> tuple[str | None, str | None]:
    first, _, rest = state.partition(" ")
    if not rest:
        if state in COLOURS:
            return None, f"showing {state}"
        if state in _SWITCHED:
            return None, _SWITCHED[state]
        if state == "lying":
            return None, "lying down"
        return (None, state) if state.endswith("ing") else (state, None)
    if first.endswith("ing") or state in _POSTURES or first in _PLACES or first.endswith("ed"):
        return None, state
    return None, f"with its {state}"


def _modifiers(item: Item) -> tuple[list[str], list[str]]:
    kind = kind_of(item.kind)
    state_before, state_after = state_words(item)
    material, colour = material_word(item), colour_word(item)
    before = [word for word in (_size_word(item), _finish_word(item), state_before) if word]
    after: list[str] = []
    if kind.category == "person":
        clothes = " ".join(word for word in (colour, _adjective(item.material) if material else None) if word)
        clothes = f"in {clothes} clothes" if material else f"in {clothes}"
        after.append(clothes)
    else:
        before += [word for word in (colour, material) if word]
    if item.pattern:
        after.append(f"with {_pattern_phrase(item)}")
    if item.text:
        after.append(f'that says "{item.text}"')
    if item.accessory:
        after.append(f"wearing {language.indefinite(item.accessory)}")
    after += [phrase for phrase in (state_after, _tilt_phrase(item)) if phrase]
    return before, after


def _pattern_phrase(item: Item) -> str:
    shown = " ".join(word for word in (item.pattern_colour, item.pattern) if word)
    return shown if shown.endswith("s") else language.indefinite(f"{shown} pattern")


def _size_word(item: Item) -> str | None:
    for word, limit in (("giant", 2.4), ("large", 1.35)):
        if item.size >= limit:
            return word
    for word, limit in (("tiny", 0.45), ("small", 0.74)):
        if item.size <= limit:
            return word
    return None


def _finish_word(item: Item) -> str | None:
    from anyedit.world.finishes import FINISHES

    if item.finish is None:
        return None
    return FINISHES[item.finish].adjective if item.finish in FINISHES else f"{item.finish}-covered"


def _tilt_phrase(item: Item) -> str | None:
    tilt = abs((item.tilt + 180) % 360 - 180)
    if tilt < 20:
        return None
    if tilt < 60:
        return "tilted to one side"
    if tilt > 150:
        return "upside down"
    return "lying on its back" if (item.tilt + 180) % 360 - 180 > 0 else "lying on its front"


def _with_article(phrase: str, article: Article) -> str:
    return language.indefinite(phrase) if article == "a" else f"the {phrase}" if article == "the" else phrase


@lru_cache(maxsize=256)
def _takes_colour(material: str) -> bool:
    from anyedit.world.materials import MATERIALS

    return bool(MATERIALS[material].takes_colour) if material in MATERIALS else True


@lru_cache(maxsize=256)
def _adjective(material: str) -> str:
    from anyedit.world.materials import MATERIALS

    return str(MATERIALS[material].adjective) if material in MATERIALS else material


# --- where things are in the picture --------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """An item's middle in the picture: x, y in [0, 1] from the upper left, and metres along the view."""

    x: float
    y: float
    along: float
    on: str | None


def places(scene: Scene) -> dict[str, Place]:
    """Where every item is in the picture."""
    found = {}
    for item in scene.items:
        shape = footprint(item)
        centre = shape.outline.centroid
        middle = np.array([[centre.x, centre.y, (shape.low + shape.high) / 2]])
        x, y, along = project(scene.camera, middle)[0].tolist()
        found[item.id] = Place(x, y, along, item.on)
    return found


# relation -> (clearly holds, may be said to hold), of a thing to its anchor
Holds = Callable[[Place, Place], bool]
_RELATIONS: dict[str, tuple[Holds, Holds]] = {
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
    """The relation that most clearly holds between two items ("to the left of", "on", ...), None when none does."""
    if scene.item(item_id).on == anchor_id:
        return "on"
    at = places(scene)
    one, other = at[item_id], at[anchor_id]
    if one.on != other.on and (one.on is not None or other.on is not None):
        return None  # one on the table and one beside it: depth and side mislead
    for words in ("in front of", "behind", "to the left of", "to the right of"):
        if _RELATIONS[words][0](one, other):
            return words
    return None


# --- the caption ----------------------------------------------------------------------------------------------


def caption(scene: Scene) -> str:
    """One sentence of at most 35 words: the first item is the subject, the others follow with their relations.

    Alike things are counted together. Where the sentence grows too long the others lose first their details,
    then their relations; no item is left out.
    """
    setting = _setting(scene)
    if not scene.items:
        return language.sentence(f"an empty scene {setting}".strip())
    levels: tuple[tuple[Detail, bool], ...] = (
        ("full", True),
        ("short", True),
        ("short", False),
        ("bare", False),
    )
    for detail, related in levels:
        said = language.sentence(f"{_things(scene, detail, related)} {setting}".strip())
        if len(said.split()) <= LONGEST:
            break
    return said


def _setting(scene: Scene) -> str:
    environment = environment_of(scene.environment)
    when = light.phrase(scene)
    if environment.indoor and when == "at noon":
        when = ""
    return f"{environment.phrase} {when}".strip()


def _things(scene: Scene, detail: Detail, related: bool) -> str:
    subject, *others = _groups(scene, detail)
    said = _group_phrase(subject, "short" if detail == "bare" else "full")
    beside: dict[str, list[str]] = {}  # relation -> what stands so to the subject
    loose = []
    for group in others:
        phrase = _group_phrase(group, detail)
        words = _relation_of(scene, group, subject) if related else None
        if words is None or (words not in beside and len(beside) == 3):
            loose.append(phrase)
        else:
            beside.setdefault(words, []).append(phrase)
    support = subject[0].on
    if support is not None and all(item.id != support for group in others for item in group):
        said = f"{said} on {language.indefinite(scene.item(support).kind)}"
    clauses = [f"{language.listed(phrases)} {words}" for words, phrases in beside.items()]
    if not clauses:
        return language.listed([said, *loose])
    said = f"{said} with {language.listed(clauses)},"
    return f"{said} and {language.listed(loose)} nearby," if loose else said


def _relation_of(scene: Scene, group: list[Item], subject: list[Item]) -> str | None:
    """The words after the group's phrase: "on the bench", "to the left of it"; None when there is nothing to say."""
    if len({item.on for item in group}) > 1:
        return None
    support = group[0].on
    pronoun = _PRONOUNS.get(subject[0].kind, "it") if len(subject) == 1 else "them"
    if support is not None:
        return f"on {pronoun}" if support == subject[0].id else f"on the {scene.item(support).kind}"
    found = {relation(scene, item.id, other.id) for item in group for other in subject}
    words = found.pop()
    return None if found or words is None else f"{words} {pronoun}"


def _groups(scene: Scene, detail: Detail) -> list[list[Item]]:
    """Items that are described by the same words and rest on the same thing; the subject's group comes first.

    The subject is always described in full, so only what is the same in every detail is counted with it.
    """
    subject = noun_phrase(scene.items[0], None)
    groups: dict[tuple[str, str | None], list[Item]] = {}
    for item in scene.items:
        whole = noun_phrase(item, None)
        if detail != "full" and whole != subject:
            whole = f"{detail} {item.kind if detail == 'bare' else short_phrase(item, None)}"
        groups.setdefault((whole, item.on), []).append(item)
    return list(groups.values())


def _group_phrase(group: list[Item], detail: Detail) -> str:
    item = group[0]
    if len(group) == 1:
        phrases = {"full": noun_phrase, "short": short_phrase}
        return phrases[detail](item) if detail in phrases else language.indefinite(item.kind)
    nouns = plural_of(kind_of(item.kind))
    before: list[str] = []
    after: list[str] = []
    if detail == "full":
        before, after = _modifiers(item)
    elif detail == "short" and kind_of(item.kind).category == "person":
        after = [f"in {colour_word(item) or _adjective(item.material)}"]
    elif detail == "short":
        before = [word for word in (colour_word(item) or material_word(item),) if word]
    after = [_of_many(words) for words in after]
    return " ".join((language.number_word(len(group)), *before, nouns, *after))


def _of_many(words: str) -> str:
    for one, many in (("with its", "with their"), ("that says", "that say"), ("on its", "on their")):
        words = words.replace(one, many)
    if words.startswith("wearing a"):
        return "wearing " + language.plural(words.split(" ", 2)[2])
    return words


def plural_of(kind: Kind) -> str:
    """The kind's plural: its own, else the language's."""
    return kind.plural or language.plural(kind.name)


# --- referring expressions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """A referring expression and the ids of all items that may be meant by it."""

    text: str
    meant: tuple[str, ...]


def refer(scene: Scene, item_id: str, visible: Mapping[str, float]) -> str:
    """The shortest expression that means this item and no other that is seen: "the red mug left of the chair".

    visible: item id -> share of the picture; a share below 0.001 cannot be confused with anything. Raises
    EditNotPossible when no words tell it from its twins.
    """
    for reference in references(scene, item_id, visible):
        if reference.meant == (item_id,):
            among = scene.item(item_id).kind in _SCENERY.get(scene.environment, ())
            related = any(f" {words} the " in reference.text for words in (*_RELATIONS, "on"))
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
        return _adjective(other.material) == _adjective(item.material)

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
            f"{{noun}} with {_pattern_phrase(item.but(pattern_colour=None))}",
            lambda other: other.pattern == item.pattern,
        )
    if item.finish:
        yield f"{_finish_word(item)} {{noun}}", lambda other: other.finish == item.finish
    if size := _size_word(item):
        grown = size in ("giant", "large")
        yield f"{size} {{noun}}", lambda other: other.size > 1.1 if grown else other.size < 0.9
    if tilt := _tilt_phrase(item):
        yield f"{{noun}} {tilt}", lambda other: _tilt_phrase(other) is not None


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
            for words, (clearly, loosely) in _RELATIONS.items():
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
