"""Emu Edit's known caption faults, found by rule: no list of ids is needed, so a mended set loses its marks.

The published test set has items whose source caption equals the target caption, and items that carry the
captions of another item (discussed by the authors of UltraEdit and ICEdit; see docs/bench.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from anyedit.bench.items import Fault, Item

SAME, FOREIGN = "same-caption", "caption-of-another-item"
SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "change",
        "could",
        "edit",
        "for",
        "from",
        "have",
        "has",
        "image",
        "in",
        "into",
        "is",
        "it",
        "its",
        "let",
        "make",
        "of",
        "on",
        "or",
        "photo",
        "picture",
        "put",
        "that",
        "the",
        "this",
        "to",
        "turn",
        "want",
        "we",
        "with",
        "would",
        "you",
        "i",
        "my",
    ]
)


def caption_faults(items: Sequence[Item], pictures: Mapping[str, str]) -> list[Fault]:
    """The faults of all items. pictures: item id -> what identifies its source picture.

    same-caption: the two captions are equal but for case and punctuation. caption-of-another-item: another item
    with another picture has both captions too, and of those items this one's instruction shares no content word
    with the captions while another's does.
    """
    found: list[Fault] = []
    alike: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        before, after = _plain(item.source_caption), _plain(item.caption)
        if not after:
            continue
        if before == after:
            found.append(
                Fault(item.id, SAME, "kept; CLIPdir is not defined; scored apart as 'caption-fault'")
            )
        alike.setdefault((before, after), []).append(item)
    for (before, after), group in alike.items():
        if len({pictures[item.id] for item in group}) < 2:
            continue
        said = set(f"{before} {after}".split()) - SMALL
        shared = {item.id: len(said & (set(_plain(item.instruction).split()) - SMALL)) for item in group}
        if max(shared.values()) == 0:
            continue  # no item of these owns the captions by its words: nothing can be said by rule
        for item in group:
            if shared[item.id] == 0:
                found.append(Fault(item.id, FOREIGN, "kept; scored apart as 'caption-fault'"))
    return found


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
