"""The metrics: each is a frozen object that says its columns and measures pairs. A protocol is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from anyedit.bench.items import Item, Picture

if TYPE_CHECKING:
    from anyedit.bench.encoders import Model
    from anyedit.bench.features import Features

Against = Literal["target", "source", "rival", "target-else-source"]
Direction = Literal["higher", "lower", "none"]


@dataclass(frozen=True)
class Column:
    """A column of scores. key: its name in files. label: as tables show it, with the model that it comes from."""

    key: str
    label: str
    better: Direction
    about: str = ""


@dataclass(frozen=True)
class Pair:
    """An item and what an editor made of it."""

    item: Item
    output: Picture


class Metric(Protocol):
    """Measures pairs: one value (or None, not measurable) for each column."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """What is measured."""
        ...

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """The values of every pair, in order."""
        ...


@runtime_checkable
class Featured(Protocol):
    """A metric that needs features of pictures: what is prefetched together, so that each is decoded once."""

    @property
    def model(self) -> Model:
        """Whose features."""
        ...

    def pictures(self, pairs: Sequence[Pair]) -> list[Picture]:
        """All pictures whose features are needed."""
        ...


def reference(item: Item, against: Against) -> Picture | None:
    """The picture that an output is compared with; None when the item has none."""
    if against == "target-else-source":
        return item.target if item.target is not None else item.source
    return {"target": item.target, "source": item.source, "rival": item.rival}[against]


SHOWN = {
    "target": "target",
    "source": "source",
    "rival": "Emu Edit's output",
    "target-else-source": "target, else source",
}
