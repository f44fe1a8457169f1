"""What exactly a number means: a frozen object that a result carries in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from anyedit.bench.encoders import Encoder, Model
from anyedit.bench.items import BenchError, Item
from anyedit.bench.metrics import Against, Column, Metric
from anyedit.bench.metrics.sets import SetDistance
from anyedit.bench.suites.captions import FOREIGN, SAME
from anyedit.errors import nearest

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
    reference: what outputs are compared with as a whole: the source picture, the ground truth ("target"), Emu Edit's
    own output ("rival"), or the target where an item has one; None: the metrics differ in it.
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
    reference: Against | None = None

    def __post_init__(self) -> None:
        """Raises BenchError when a metric compares with something else than `reference`."""
        whole: list[Any] = [metric for metric in self.metrics if _whole(metric)]
        for metric in (*whole, *self.sets) if self.reference is not None else ():
            if metric.against != self.reference:
                raise BenchError(
                    f"protocol {self.name}: reference is {self.reference}, but {type(metric).__name__} compares with "
                    f"{metric.against}"
                )

    def compared_with(self, reference: Against) -> Protocol:
        """The same protocol with another reference picture, under the name NAME+REFERENCE.

        It takes the place of the target: in metrics of whole pictures, inside the mask, of sets. What lies outside the
        mask stays compared with the source, since that is what keeping means. Raises BenchError where nothing is compared
        with a picture that could be changed.
        """
        if reference not in get_args(Against):
            raise BenchError(f"no reference is named '{reference}'{nearest(reference, get_args(Against))}")
        if not self.sets and not any(_comparing(metric) for metric in self.metrics):
            raise BenchError(
                f"protocol {self.name} compares outputs with no reference picture, so there is none to change; leave out "
                "--reference"
            )
        return replace(
            self,
            name=f"{self.name}+{reference}",
            metrics=tuple(_against(metric, reference) for metric in self.metrics),
            sets=tuple(replace(one, against=reference) for one in self.sets),
            reference=reference,
        )

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

    def ready(self, weights: Mapping[str, str] | None = None) -> None:
        """Raises MissingExtra, before any work, where a metric lacks what it is measured with.

        weights: model id -> folder; when told, the networks are opened, too: BenchError for one that is not here.
        """
        for metric in self.metrics:
            if hasattr(metric, "ready"):
                metric.ready()
        for model in self.models if weights is not None else ():
            _ = Encoder(model.at(weights.get(model.id, model.id))).network  # type: ignore[union-attr]

    def drops(self, item: Item, faults: Sequence[str]) -> bool:
        """Whether an item is left out for its captions. faults: the rules that the item breaks."""
        if self.captions == "drop-same":
            return SAME in faults
        return self.captions == "drop-faulty" and bool({SAME, FOREIGN} & set(faults))

    def settings(self) -> dict[str, Any]:
        """The whole protocol as plain data, for results and for `anyedit bench protocols`."""
        told = asdict(self)
        told["sets"] = [asdict(one) for one in self.sets]
        told["metrics"] = [_told(m) for m in self.metrics]
        return told


def _told(metric: Any) -> dict[str, Any]:
    told = {**asdict(metric), "metric": type(metric).__name__}
    if hasattr(metric, "metric"):  # one that is made of another
        told["of"] = _told(metric.metric)
    return told


def _comparing(metric: Any) -> bool:
    """Whether a metric, or the one that it is made of, measures an edit by a reference picture."""
    if getattr(metric, "region", "whole") == "outside":  # what was kept, of the source
        return False
    return hasattr(getattr(metric, "metric", metric), "against")


def _against(metric: Any, reference: Against) -> Any:
    """The metric with another reference; unchanged where it has none."""
    if not _comparing(metric):
        return metric
    if hasattr(metric, "metric"):
        return replace(metric, metric=replace(metric.metric, against=reference))
    return replace(metric, against=reference)


def _whole(metric: Any) -> bool:
    """Whether a metric compares whole pictures with a reference; what lies in or out of a mask has its own."""
    return hasattr(metric, "against") and getattr(metric, "region", "whole") == "whole"
