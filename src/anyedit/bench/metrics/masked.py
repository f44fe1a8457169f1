"""Any metric on a part of the picture: the rest of both pictures is painted grey before it looks.

Networks see rectangles, so a region is measured by hiding what is not in it, in output and reference alike. Inside the
mask that asks how the edited part came out, outside whether the rest was kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

from anyedit.bench.items import Item, Picture, digest_of, image_of
from anyedit.bench.metrics import Column, Featured, Metric, Pair
from anyedit.records import png

if TYPE_CHECKING:
    from anyedit.bench.encoders import Model
    from anyedit.bench.features import Features

GREY = 127


@dataclass(frozen=True)
class Shown:
    """A picture with everything but a region of it painted grey. The mask is brought to its size."""

    picture: Picture
    mask: Picture
    region: Literal["inside", "outside"]

    def data(self) -> bytes:
        """A PNG."""
        pixels = np.array(image_of(self.picture))
        grey = image_of(self.mask).convert("L")
        if grey.size != (pixels.shape[1], pixels.shape[0]):
            grey = grey.resize((pixels.shape[1], pixels.shape[0]), Image.Resampling.NEAREST)
        edited = np.asarray(grey) > 127
        pixels[~edited if self.region == "inside" else edited] = GREY
        return png(pixels)

    @property
    def digest(self) -> str:
        """Follows from the two pictures, so nothing is painted for what is in the cache."""
        told = f"{digest_of(self.picture)} {digest_of(self.mask)} {self.region} {GREY}"
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Masked:
    """Another metric, inside or outside the item's mask; not measured where an item has none."""

    metric: Metric
    region: Literal["inside", "outside"] = "inside"

    @property
    def columns(self) -> tuple[Column, ...]:
        """The other metric's, named for the region."""
        return tuple(
            replace(c, key=f"{c.key}_{self.region}", label=f"{c.label} {self.region} the mask")
            for c in self.metric.columns
        )

    @property
    def model(self) -> Model:
        """The other metric's; AttributeError where that has none."""
        return self.metric.model  # type: ignore[attr-defined,no-any-return]

    def pictures(self, pairs: Sequence[Pair]) -> list[Picture]:
        """What the other metric looks at, of items with a mask."""
        assert isinstance(self.metric, Featured)
        return self.metric.pictures([shown for pair in pairs if (shown := self._shown(pair)) is not None])

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """The other metric's values."""
        shown = [self._shown(pair) for pair in pairs]
        made = iter(self.metric.measure([pair for pair in shown if pair is not None], features, size))
        keys = [(c.key, f"{c.key}_{self.region}") for c in self.metric.columns]
        found: list[dict[str, float | None]] = []
        for pair in shown:
            values = {} if pair is None else next(made)
            found.append({ours: values.get(theirs) for theirs, ours in keys})
        return found

    def _shown(self, pair: Pair) -> Pair | None:
        mask = pair.item.mask
        if mask is None:
            return None

        def part(picture: Picture | None) -> Picture | None:
            return None if picture is None else Shown(picture, mask, self.region)

        item: Item = replace(
            pair.item,
            source=Shown(pair.item.source, mask, self.region),
            target=part(pair.item.target),
            rival=part(pair.item.rival),
        )
        return Pair(item, Shown(pair.output, mask, self.region))
