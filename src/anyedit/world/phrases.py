"""Noun phrases for the items of a scene: "a red ceramic mug", "the lit candle", "a man in denim clothes"."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from anyedit import language
from anyedit.world.colours import COLOURS
from anyedit.world.kinds import Kind, kind_of
from anyedit.world.scene import Item

Article = Literal["a", "the"] | None

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
_POSTURES = ("upside down", "knocked over", "burnt out", "half turned")
_PLACES = ("at", "on", "in", "under", "with")  # a state that starts so stands as it is: "at half-mast"
_SWITCHED = {"on": "switched on", "off": "switched off"}


def noun_phrase(item: Item, article: Article = "a") -> str:
    """Everything that shows on the item: "a red ceramic mug", "a dog sitting", "the lit candle"."""
    before, after = modifiers(item)
    phrase = " ".join((*before, item.kind, *after))
    return with_article(phrase, article)


def short_phrase(item: Item, article: Article = "a") -> str:
    """Colour and noun: "a red mug"; people are "a man in red"."""
    if kind_of(item.kind).category == "person":
        return with_article(f"{item.kind} in {colour_word(item) or adjective_of(item.material)}", article)
    word = colour_word(item) or material_word(item)
    return with_article(f"{word} {item.kind}" if word else item.kind, article)


def colour_word(item: Item) -> str | None:
    """The colour seen on it; None where the material (gold) or the kind (a textured model) has its own."""
    return item.colour if kind_of(item.kind).colours and _takes_colour(item.material) else None


def material_word(item: Item) -> str | None:
    """The material as an adjective ("wooden") where it is worth saying, else None."""
    usual = kind_of(item.kind).materials
    word = adjective_of(item.material)
    if item.material in usual and (item.material in _UNSAID or len(usual) == 1):
        return None
    if (item.material == usual[0] and item.material in _UNSAID_FIRST) or word in item.kind.split():
        return None  # a plastic toy, a rubber duck
    return word


def state_words(item: Item) -> tuple[str | None, str | None]:
    """(before, after) the noun: ("lit", None), (None, "with its lid open"); (None, None) for the usual state."""
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


def modifiers(item: Item) -> tuple[list[str], list[str]]:
    """Words before the noun (size, finish, state, colour, material) and phrases after it (pattern, text, pose)."""
    kind = kind_of(item.kind)
    state_before, state_after = state_words(item)
    material, colour = material_word(item), colour_word(item)
    before = [word for word in (size_word(item), finish_word(item), state_before) if word]
    after: list[str] = []
    if kind.category == "person":
        clothes = " ".join(
            word for word in (colour, adjective_of(item.material) if material else None) if word
        )
        clothes = f"in {clothes} clothes" if material else f"in {clothes}"
        after.append(clothes)
    else:
        before += [word for word in (colour, material) if word]
    if item.pattern:
        after.append(f"with {pattern_phrase(item)}")
    if item.text:
        after.append(f'that says "{item.text}"')
    if item.accessory:
        after.append(f"wearing {language.indefinite(item.accessory)}")
    after += [phrase for phrase in (state_after, tilt_phrase(item)) if phrase]
    return before, after


def pattern_phrase(item: Item) -> str:
    """ "red stripes", "a blue checked pattern"."""
    shown = " ".join(word for word in (item.pattern_colour, item.pattern) if word)
    return shown if shown.endswith("s") else language.indefinite(f"{shown} pattern")


def size_word(item: Item) -> str | None:
    """What is said of a size factor that stands out; None near 1."""
    for word, limit in (("giant", 2.4), ("large", 1.35)):
        if item.size >= limit:
            return word
    for word, limit in (("tiny", 0.45), ("small", 0.74)):
        if item.size <= limit:
            return word
    return None


def finish_word(item: Item) -> str | None:
    """The adjective of a finish such as rust; None without one."""
    from anyedit.world.finishes import FINISHES

    if item.finish is None:
        return None
    return FINISHES[item.finish].adjective if item.finish in FINISHES else f"{item.finish}-covered"


def tilt_phrase(item: Item) -> str | None:
    """How a toppled or tilted thing lies; None below 20 degrees."""
    tilt = abs((item.tilt + 180) % 360 - 180)
    if tilt < 20:
        return None
    if tilt < 60:
        return "tilted to one side"
    if tilt > 150:
        return "upside down"
    return "lying on its back" if (item.tilt + 180) % 360 - 180 > 0 else "lying on its front"


def with_article(phrase: str, article: Article) -> str:
    """A phrase with the article asked for; a or an by its sound."""
    return language.indefinite(phrase) if article == "a" else f"the {phrase}" if article == "the" else phrase


@lru_cache(maxsize=256)
def _takes_colour(material: str) -> bool:
    from anyedit.world.materials import MATERIALS

    return bool(MATERIALS[material].takes_colour) if material in MATERIALS else True


@lru_cache(maxsize=256)
def adjective_of(material: str) -> str:
    """A material before a noun: "wooden", "gold"."""
    from anyedit.world.materials import MATERIALS

    return str(MATERIALS[material].adjective) if material in MATERIALS else material


def plural_of(kind: Kind) -> str:
    """The kind's plural: its own, else the language's."""
    return kind.plural or language.plural(kind.name)
