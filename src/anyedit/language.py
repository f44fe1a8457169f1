"""English as captions and instructions need it: articles, plurals, numbers, ordinals, verb forms, lists.

Inflected forms are those of the package `lemminflect`, imported on first use (0.2 s; `inflect` takes 2 s).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_SMALL = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


# Words whose first letter and first sound disagree, and the first choices of everyday English.
_AN = re.compile(r"(hour|heir|honest|honou?r|[fhlmnrsxFHLMNRSX]-|[AEFHILMNORSX][A-Z0-9]|8|11\b|18\b)")
_A = re.compile(r"[eE]u|ewe|one\b|one-|once|uni[cfqtvso]|us[aeu]|ut[eo]|uku|ubi|ufo|u-|U[A-Z]")
_PLURALS = {"die": "dice", "fish": "fish", "goldfish": "goldfish", "cactus": "cacti", "skis": "skis"}


@lru_cache(maxsize=4096)
def article(phrase: str) -> str:
    """ "a" or "an", as the phrase's first word sounds: "an hour", "a unicorn"."""
    word = phrase.split()[0]
    if _AN.match(word):
        return "an"
    return "a" if _A.match(word) or word[0].lower() not in "aeiou" else "an"


def indefinite(phrase: str) -> str:
    """The phrase with "a" or "an" before it."""
    return f"{article(phrase)} {phrase}"


@lru_cache(maxsize=4096)
def plural(noun: str) -> str:
    """The plural of a singular noun, compound nouns included: "loaf of bread" -> "loaves of bread"."""
    head, preposition, rest = _head(noun)
    first, space, last = head.rpartition(" ")
    if last not in _PLURALS:
        from lemminflect import getInflection

        forms = getInflection(last, "NNS")
    else:
        forms = (_PLURALS[last],)
    return f"{first}{space}{forms[0] if forms else last + 's'}{preposition}{rest}"


def _head(noun: str) -> tuple[str, str, str]:
    for preposition in (" of ", " in ", " with ", "-in-", "-of-"):
        if preposition in noun:
            return noun.partition(preposition)
    return noun, "", ""


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """ "one mug", "three mugs"; `nouns`: the plural when it is known."""
    return f"{number_word(number)} {noun if number == 1 else nouns or plural(noun)}"


def number_word(number: int) -> str:
    """A number in words up to twelve, in digits above."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else str(number)


def spelled(number: int) -> str:
    """A number in words as prose has it, up to ninety-nine; in digits above."""
    if not len(_SMALL) <= number < 100:
        return number_word(number)
    if number < 20:
        return _TEENS[number - len(_SMALL)]
    return _TENS[number // 10] + (f"-{number_word(number % 10)}" if number % 10 else "")


def ordinal(number: int) -> str:
    """ "first", "second", ... in words up to the tenth, then "11th". Raises ValueError below 1."""
    if number < 1:
        raise ValueError(f"no ordinal of {number}; the first is 1")
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def listed(phrases: Sequence[str], conjunction: str = "and") -> str:
    """ "a mug", "a mug and a plate", "a mug, a plate and a lamp"."""
    if len(phrases) < 2:
        return "".join(phrases)
    return f"{', '.join(phrases[:-1])} {conjunction} {phrases[-1]}"


@lru_cache(maxsize=1024)
def gerund(phrase: str) -> str:
    """A verb phrase in its -ing form: "sit down" -> "sitting down"."""
    from lemminflect import getInflection

    verb, _, rest = phrase.partition(" ")
    forms = getInflection(verb, "VBG")
    return f"{forms[0] if forms else verb} {rest}".strip()


def sentence(text: str) -> str:
    """The text with a capital letter and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
