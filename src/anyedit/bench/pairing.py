"""Which output an item is scored with, and what becomes of black, missing and badly captioned ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.features import Features
from anyedit.bench.items import BenchError, Item, Picture, Suite, encoded, image_of
from anyedit.bench.metrics import Pair
from anyedit.bench.protocol import Protocol
from anyedit.bench.runs import Run

STATES = ("scored", "black", "missing", "failed", "dropped-caption", "earlier-turn")


def paired(
    run: Run, suite: Suite, protocol: Protocol, features: Features, broken: Mapping[str, Sequence[str]]
) -> tuple[list[Pair], dict[str, tuple[str, str]]]:
    """What is scored, and every item's state with a note."""
    outputs = _matched(run, suite, protocol)
    there = [(item, picture) for item in suite.items if (picture := outputs[item.id]) is not None]
    dark = features.numbers(("black",), [(picture,) for _, picture in there], _black)
    black = {item.id for (item, _), value in zip(there, dark, strict=True) if value[0]}
    asked = _asked(suite, protocol)
    pairs: list[Pair] = []
    states: dict[str, tuple[str, str]] = {}
    for item in suite.items:
        picture = outputs[item.id]
        if not item.scored:
            states[item.id] = ("earlier-turn", "made to be continued; the session's last picture is scored")
        elif protocol.drops(item, broken.get(item.id, ())):
            states[item.id] = ("dropped-caption", ", ".join(broken[item.id]))
        elif picture is None:
            reason = run.failure(item)
            states[item.id] = ("missing" if reason is None else "failed", reason or "no output")
            _refuse(protocol.missing, protocol, item, states[item.id][1])
            if protocol.missing == "keep":
                pairs.append(Pair(asked[item.id], _blank(item)))
        elif item.id in black:
            states[item.id] = ("black", "every pixel is 0")
            _refuse(protocol.black, protocol, item, "its output is black")
            if protocol.black == "keep":
                pairs.append(Pair(asked[item.id], picture))
        else:
            states[item.id] = ("scored", "")
            pairs.append(Pair(asked[item.id], picture))
    return pairs, states


def _asked(suite: Suite, protocol: Protocol) -> dict[str, Item]:
    """The items as the protocol reads them: without captions where it takes none of their type."""
    if protocol.captioned == "each":
        return suite.by_id
    first: dict[str, Item] = {}
    for item in suite.items:
        first.setdefault(item.edit_type, item)
    return {
        item.id: item if first[item.edit_type].caption else replace(item, caption="", local_caption="")
        for item in suite.items
    }


def _refuse(policy: str, protocol: Protocol, item: Item, reason: str) -> None:
    if policy == "fail":
        raise BenchError(
            f"protocol {protocol.name} takes no run with gaps, and item {item.id} is one ({reason}); "
            "run it again, or choose a protocol that counts gaps"
        )


def _matched(run: Run, suite: Suite, protocol: Protocol) -> dict[str, Picture | None]:
    """The output that an item is scored with: its own, or (unordered matching) one of its session."""
    own: dict[str, Picture | None] = {item.id: run.output(item) for item in suite.items}
    if protocol.matching == "id":
        return own
    sessions: dict[str, list[Item]] = {}
    for item in suite.items:
        sessions.setdefault(item.session, []).append(item)
    found: dict[str, Picture | None] = {}
    for of in sessions.values():
        # a directory's order is the file system's; a hash of the name stands for it, the same on every machine
        listed = sorted(of, key=lambda item: hashlib.sha256(item.id.encode()).hexdigest())
        for item, other in zip(of, listed, strict=True):
            found[item.id] = own[other.id]
    return found


def _black(image: Image.Image) -> npt.NDArray[np.float64]:
    return np.array([float(not np.asarray(image).any())])


def _blank(item: Item) -> Picture:
    """What a missing output is scored as: black, in the source's size."""
    return encoded(Image.new("RGB", image_of(item.source).size))
