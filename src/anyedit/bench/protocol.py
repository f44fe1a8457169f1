"""What exactly a number means: a frozen object that a result carries in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from anyedit.bench.encoders import Model
from anyedit.bench.items import BenchError, Item
from anyedit.bench.metrics import Column, Metric
from anyedit.bench.metrics.sets import SetDistance
from anyedit.bench.suites.captions import FOREIGN, SAME

Policy = Literal["keep", "drop", "fail"]


@dataclass(frozen=True)
class Protocol:
    """How outputs become numbers.

    size: pixels that both pictures are squashed to first (None: as they are). black, missing: `keep` scores a
    black output as it is and a missing one as black; `drop` leaves it out of the means; `fail` stops. The counts
    are always in the table. captions: items with faulty captions kept, or those with equal captions dropped, or all
    faulty ones. matching: "id"; "unordered" pairs the outputs and targets of a session in an order that is none,
    as a script does that lists directories. captioned: "first-of-type" takes no caption of a type whose first item in
    the suite has none, as a script does that looks at the first record only. split: what the publication used (said, not enforced).
    """

    name: str
    about: str
    metrics: tuple[Metric, ...]
    size: int | None = None
    black: Policy = "keep"
    missing: Policy = "keep"
    captions: Literal["keep", "drop-same", "drop-faulty"] = "keep"
    matching: Literal["id", "unordered"] = "id"
    captioned: Literal["each", "first-of-type"] = "each"
    sets: tuple[SetDistance, ...] = ()
    split: str = ""
    source: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of all metrics. Raises BenchError when two have one key."""
        found = tuple(column for metric in self.metrics for column in metric.columns)
        found += tuple(one.column for one in self.sets)
        if len({column.key for column in found}) != len(found):
            raise BenchError(
                f"protocol {self.name}: two metrics have a column of one name; set `prefix` or `key`"
            )
        return found

    @property
    def models(self) -> tuple[Model, ...]:
        """The networks that it needs."""
        return tuple(
            dict.fromkeys(
                model for m in self.metrics if isinstance(model := getattr(m, "model", None), Model)
            )
        )

    def drops(self, item: Item, faults: Sequence[str]) -> bool:
        """Whether an item is left out for its captions. faults: the rules that the item breaks."""
        if self.captions == "drop-same":
            return SAME in faults
        return self.captions == "drop-faulty" and bool({SAME, FOREIGN} & set(faults))

    def settings(self) -> dict[str, Any]:
        """The whole protocol as plain data, for results and for `anyedit bench protocols`."""
        told = asdict(self)
        told["sets"] = [asdict(one) for one in self.sets]
        told["metrics"] = [{"metric": type(m).__name__, **asdict(m)} for m in self.metrics]  # type: ignore[call-overload]
        return told
