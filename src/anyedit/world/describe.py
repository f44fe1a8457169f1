"""What a scene looks like in English: its caption, and the words for the things in it.

Left and right are those of the picture; only what the scene holds is said.
"""

from __future__ import annotations

from typing import Literal

from anyedit import language
from anyedit.world import light
from anyedit.world.environments import environment_of
from anyedit.world.kinds import kind_of
from anyedit.world.phrases import (
    adjective_of,
    colour_word,
    material_word,
    modifiers,
    noun_phrase,
    plural_of,
    short_phrase,
    state_words,
)
from anyedit.world.references import alike, places, refer, references, relation
from anyedit.world.scene import Item, Scene

__all__ = [
    "alike",
    "caption",
    "colour_word",
    "material_word",
    "modifiers",
    "noun_phrase",
    "places",
    "plural_of",
    "refer",
    "references",
    "relation",
    "short_phrase",
    "state_words",
]

LONGEST = 35  # words of a caption

Detail = Literal["full", "short", "bare"]  # all that shows, colour and noun, the noun alone
_PRONOUNS = {"man": "him", "woman": "her", "boy": "him", "girl": "her", "child": "them"}


def caption(scene: Scene) -> str:
    """One sentence of at most 35 words: the first item is the subject, the others follow.

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
    """The words after the group's phrase: "on the bench", "to the left of it"; None: nothing to say."""
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

    The subject is always described in full; what is the same in every detail is counted with it, and what would be
    told in the same words.
    """
    subject = noun_phrase(scene.items[0], None)
    groups: dict[tuple[str, str | None], list[Item]] = {}
    for item in scene.items:
        whole = noun_phrase(item, None)
        if detail != "full" and whole != subject:
            short = item.kind if detail == "bare" else short_phrase(item, None)
            whole = subject if short == subject else f"{detail} {short}"
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
        before, after = modifiers(item)
    elif detail == "short" and kind_of(item.kind).category == "person":
        after = [f"in {colour_word(item) or adjective_of(item.material)}"]
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
