"""Which concepts go with which contexts, colours and materials: what is declared, what was drawn, how biased it is.

The declared pairings of the kinds are the bias: natural scenes follow them with weight, counterfactual scenes go
against them. Both draw from declared facts only, never from what other scenes happened to be, so a scene is the
same on any number of workers. `Statistics` measures the outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from anyedit.world.colours import BASIC, COLOURS, RARE
from anyedit.world.environments import ENVIRONMENTS, Environment
from anyedit.world.kinds import Kind, kinds
from anyedit.world.scene import Scene

Axis = Literal["context", "colour", "material"]
AXES: tuple[Axis, ...] = get_args(Axis)

SPECIFIC, BROAD, STRANGE = 1.0, 0.2, 0.01  # named for the kind; only "indoor" or "outdoor" fits; neither
_BROAD_TAGS = {"indoor", "outdoor", "studio"}  # a studio shows anything


def affinity(kind: Kind, environment: Environment) -> float:
    """How usual the kind is there, relative to the most usual place: 1, 0.2, or 0.01."""
    places = {environment.name, *environment.tags}
    if places & set(kind.contexts) - _BROAD_TAGS:
        return SPECIFIC
    return BROAD if places & set(kind.contexts) or "studio" in environment.tags else STRANGE


def context_chances(kind: Kind, environments: Iterable[str]) -> dict[str, float]:
    """P(environment | kind) under the declared bias; sums to 1."""
    return _normalised({name: affinity(kind, ENVIRONMENTS[name]) for name in environments})


def colour_chances(kind: Kind) -> dict[str, float]:
    """P(colour | kind): 90% the kind's own, the first three likelier; the rest 80% basic, 20% rare.

    A kind without colours (the user's textured model) has but one that is never seen: gray.
    """
    if not kind.colours:
        return {"gray": 1.0}
    own = {name: 1.0 if place < 3 else 0.6 for place, name in enumerate(kind.colours)}
    chances = {
        name: 0.1 * (0.8 / len(BASIC) if name in BASIC else 0.2 / len(RARE)) for name in sorted(COLOURS)
    }
    for name, weight in _normalised(own).items():
        chances[name] = chances.get(name, 0.0) + 0.9 * weight
    return _normalised(chances)


def material_chances(kind: Kind, materials: Iterable[str]) -> dict[str, float]:
    """P(material | kind): 97% the kind's own, the first one commonest; always its first where it has no colours."""
    if not kind.colours:
        return {kind.materials[0]: 1.0}
    own = _normalised({name: 1 / (place + 1) for place, name in enumerate(kind.materials)})
    every = sorted(set(materials) | set(own))
    return _normalised({name: 0.97 * own.get(name, 0.0) + 0.03 / max(len(every), 1) for name in every})


def substances(kind: Kind) -> tuple[str, ...]:
    """The materials that a thing of this kind may be thought of in: those that people name; clothes for people."""
    from anyedit.world.materials import MATERIALS

    return tuple(
        name for name in (_CLOTHES if kind.category == "person" else _SUBSTANCES) if name in MATERIALS
    )


_SUBSTANCES = (
    *("wood", "bamboo", "ceramic", "porcelain", "glass", "ice", "gold", "silver", "copper", "chrome", "iron"),
    *(
        "marble",
        "stone",
        "granite",
        "brick",
        "leather",
        "denim",
        "wool",
        "velvet",
        "cardboard",
        "cork",
        "plastic",
    ),
    *("rubber", "grass", "clay", "straw", "wax"),
)
_CLOTHES = ("fabric", "wool", "denim", "velvet", "leather", "gold", "silver", "straw", "paper")


def pick(rng: np.random.Generator, chances: Mapping[str, float], against: bool = False) -> str:
    """A name by its chance; `against` the bias: one of the least expected, each as likely.

    One number is drawn either way. Raises ValueError when there is nothing to pick from.
    """
    if not chances:
        raise ValueError("nothing to pick from")
    if against:
        least = min(chances.values())
        names = [name for name, chance in chances.items() if chance <= least * 1.001]
        return names[int(rng.random() * len(names))]
    names = list(chances)
    cumulative = np.cumsum([chances[name] for name in names])
    return names[
        min(int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right")), len(names) - 1)
    ]


def _normalised(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values()) or 1.0
    return {name: weight / total for name, weight in weights.items()}


@dataclass
class Statistics:
    """Co-occurrence counts over scenes: how often each (concept, value) pair was drawn, per axis.

    An item counts once for its colour and its material; a kind counts once a scene for its context.
    """

    pairs: dict[Axis, Counter[tuple[str, str]]] = field(
        default_factory=lambda: {axis: Counter() for axis in AXES}
    )
    scenes: int = 0

    @classmethod
    def of(cls, scenes: Iterable[Scene]) -> Statistics:
        """The counts of some scenes."""
        statistics = cls()
        for scene in scenes:
            statistics.add(scene)
        return statistics

    def add(self, scene: Scene) -> None:
        """Count one scene."""
        self.scenes += 1
        for kind in sorted({item.kind for item in scene.items}):
            self.pairs["context"][kind, scene.environment] += 1
        for item in scene.items:
            self.pairs["colour"][item.kind, item.colour] += 1
            self.pairs["material"][item.kind, item.material] += 1

    def merge(self, other: Statistics) -> Statistics:
        """The counts of both; neither is changed."""
        return Statistics(
            {axis: self.pairs[axis] + other.pairs[axis] for axis in AXES}, self.scenes + other.scenes
        )

    def count(self, concept: str, value: str, axis: Axis = "context") -> int:
        """How often the two were drawn together."""
        return self.pairs[axis][concept, value]

    def pointwise(self, axis: Axis = "context") -> dict[tuple[str, str], float]:
        """log2 of how much oftener each pair was drawn than if the two were independent, bits (Church & Hanks 1990)."""
        table, concepts, values = self._margins(axis)
        total = sum(table.values())
        return {
            pair: float(np.log2(count * total / (concepts[pair[0]] * values[pair[1]])))
            for pair, count in sorted(table.items())
        }

    def mutual_information(self, concept: str, value: str, axis: Axis = "context") -> float:
        """Bits that "is it this concept?" tells about "is it this value?", plug-in estimate."""
        table, concepts, values = self._margins(axis)
        total = sum(table.values())
        if not total:
            return 0.0
        both, one, other = table[concept, value], concepts[concept], values[value]
        cells = (
            (both, one, other),
            (one - both, one, total - other),
            (other - both, total - one, other),
            (total - one - other + both, total - one, total - other),
        )
        return float(sum(n / total * np.log2(n * total / (a * b)) for n, a, b in cells if n))

    def dependence(self, axis: Axis = "context") -> float:
        """Mutual information of the whole table, bits, with the Miller-Madow correction for few counts; >= 0."""
        table, concepts, values = self._margins(axis)
        total = sum(table.values())
        if not total:
            return 0.0
        pointwise = self.pointwise(axis)
        plug_in = sum(count / total * pointwise[pair] for pair, count in table.items())
        excess = (len(table) - len(concepts) - len(values) + 1) / (2 * total * np.log(2))
        return max(0.0, float(plug_in - excess))

    def coverage(
        self,
        axis: Axis = "context",
        concepts: Sequence[str] | None = None,
        values: Sequence[str] | None = None,
    ) -> float:
        """Share of the cells of the concept x value table that were drawn at least once.

        By default the table of all kinds x all environments (colours, materials) that there are.
        """
        rows = set(kinds() if concepts is None else concepts)
        columns = set(values_of(axis) if values is None else values)
        filled = sum(concept in rows and value in columns for concept, value in self.pairs[axis])
        return filled / max(len(rows) * len(columns), 1)

    def _margins(self, axis: Axis) -> tuple[Counter[tuple[str, str]], Counter[str], Counter[str]]:
        table = Counter({pair: count for pair, count in self.pairs[axis].items() if count})
        concepts: Counter[str] = Counter()
        values: Counter[str] = Counter()
        for (concept, value), count in table.items():
            concepts[concept] += count
            values[value] += count
        return table, concepts, values


def values_of(axis: Axis) -> tuple[str, ...]:
    """All environments, colours or materials there are."""
    if axis == "context":
        return tuple(ENVIRONMENTS)
    if axis == "colour":
        return tuple(COLOURS)
    from anyedit.world.materials import MATERIALS

    return tuple(MATERIALS)


def bias_report(
    natural: Statistics,
    every: Statistics,
    pairs: int = 12,
    *,
    axes: Sequence[Axis] = AXES,
    concepts: Sequence[str] | None = None,
    values: Sequence[str] | None = None,
) -> dict[str, object]:
    """The bias before (natural scenes alone) and after (with the counterfactual share), ready for JSON.

    Per axis: `dependence` (bits), `coverage` (share of the table's cells), `counted`; and under `pairs` the most
    biased natural pairs with their pointwise mutual information (bits) before and after. concepts, values: the
    table that coverage is a share of, see `Statistics.coverage`.
    """
    report: dict[str, object] = {"scenes": {"before": natural.scenes, "after": every.scenes}}
    for axis in axes:
        sides = {
            name: {
                "dependence": round(statistics.dependence(axis), 4),
                "coverage": round(statistics.coverage(axis, concepts, values), 4),
                "counted": sum(statistics.pairs[axis].values()),
            }
            for name, statistics in (("before", natural), ("after", every))
        }
        before, after = natural.pointwise(axis), every.pointwise(axis)
        weight = {pair: natural.pairs[axis][pair] * bits for pair, bits in before.items()}
        strongest = sorted(weight, key=lambda pair: (-weight[pair], pair))[:pairs]
        report[axis] = {
            **sides,
            "pairs": [
                {
                    "concept": concept,
                    "value": value,
                    "before": round(before[concept, value], 3),
                    "after": round(after.get((concept, value), 0.0), 3),
                }
                for concept, value in strongest
            ],
        }
    return report
