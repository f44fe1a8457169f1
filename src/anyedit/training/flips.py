"""Which pairs may be mirrored: a mirrored picture must still be what the instruction says."""

from __future__ import annotations

import re

SIDED = re.compile(
    r"""\b(left\w*|right\w*|east\w*|west\w*|clock-?wise|counter-?clock-?wise|anti-?clock-?wise
    |mirror\w*|flip\w*|turn\w*|rotat\w*|spin\w*|revers\w*)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that a mirror makes untrue: sides, and directions of turning."""
LETTERED = re.compile(
    r"""\b(text\w*|words?|letter\w*|caption\w*|signs?|signboard\w*|logo\w*|label\w*|slogan\w*|title\w*|writ\w*|wrote
    |spell\w*|say(s|ing)?|read(s|ing)?|number\w*|digits?|print\w*|inscri\w*|font\w*|headline\w*)\b|["“”‘«]|(?<!\w)'\w""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words of writing, and quoted words: a mirror makes writing unreadable."""
FIXED_TYPES = frozenset({"textual_change", "rotation_change"})
"""Types that are about writing or direction whatever their words are."""


def may_flip(edit_type: str, sentences: list[str]) -> bool:
    """Whether the pair may be mirrored: no sentence of it mentions sides, turning or writing."""
    if FIXED_TYPES & set(edit_type.split("+")):
        return False
    return not any(SIDED.search(sentence) or LETTERED.search(sentence) for sentence in sentences)
