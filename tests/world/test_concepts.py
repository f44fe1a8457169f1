"""The declared bias, drawing with it and against it, and how it is measured."""

from __future__ import annotations

import numpy as np
import pytest

from anyedit.seeds import rng_of
from anyedit.world import concepts
from anyedit.world.concepts import Statistics, bias_report, pick
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.kinds import kind_of, kinds
from anyedit.world.scene import Camera, Item, Scene


def scene(environment: str, *items: tuple[str, str, str]) -> Scene:
    return Scene(
        seed=0,
        environment=environment,
        camera=Camera(origin=(0, -1, 1), target=(0, 0, 0)),
        items=tuple(
            Item(id=f"i-{n}", kind=kind, colour=colour, material=material)
            for n, (kind, colour, material) in enumerate(items)
        ),
    )


def test_affinity_follows_the_declared_contexts() -> None:
    mug, car = kind_of("mug"), kind_of("car")
    assert concepts.affinity(mug, ENVIRONMENTS["kitchen"]) == 1
    assert concepts.affinity(mug, ENVIRONMENTS["desert"]) == concepts.STRANGE
    assert concepts.affinity(car, ENVIRONMENTS["street"]) == 1
    assert concepts.affinity(car, ENVIRONMENTS["studio"]) == concepts.BROAD
    assert concepts.affinity(car, ENVIRONMENTS["bedroom"]) == concepts.STRANGE


@pytest.mark.parametrize("name", ["mug", "car", "man", "trophy", "teddy bear"])
def test_chances_sum_to_one_and_prefer_the_usual(name: str) -> None:
    kind = kind_of(name)
    contexts = concepts.context_chances(kind, ENVIRONMENTS)
    colours = concepts.colour_chances(kind)
    materials = concepts.material_chances(kind, concepts.substances(kind))
    for chances in (contexts, colours, materials):
        assert sum(chances.values()) == pytest.approx(1)
        assert min(chances.values()) > 0
    assert sum(colours[colour] for colour in kind.colours) > 0.88
    assert max(materials, key=lambda m: materials[m]) == kind.materials[0]


def test_pick_follows_chances_or_goes_against_them() -> None:
    chances = {"usual": 0.7, "seldom": 0.2, "odd": 0.05, "rare": 0.05}
    natural = [pick(rng_of(n, "test"), chances) for n in range(2000)]
    assert natural.count("usual") / 2000 == pytest.approx(0.7, abs=0.04)
    against = [pick(rng_of(n, "test"), chances, against=True) for n in range(400)]
    assert set(against) == {"odd", "rare"}
    assert against.count("odd") / 400 == pytest.approx(0.5, abs=0.1)
    with pytest.raises(ValueError, match="nothing"):
        pick(rng_of("x"), {})


def test_counts_and_merge() -> None:
    one = Statistics.of([scene("kitchen", ("mug", "red", "ceramic"), ("mug", "blue", "ceramic"))])
    other = Statistics.of(
        [scene("kitchen", ("mug", "red", "gold")), scene("beach", ("mug", "red", "ceramic"))]
    )
    both = one.merge(other)
    assert (one.scenes, other.scenes, both.scenes) == (1, 2, 3)
    assert both.count("mug", "kitchen") == 2  # once a scene
    assert both.count("mug", "red", "colour") == 3
    assert both.count("mug", "gold", "material") == 1
    assert one.count("mug", "beach") == 0


def test_mutual_information_of_extremes() -> None:
    bound = Statistics.of(
        [scene("kitchen", ("mug", "red", "ceramic"))] * 8
        + [scene("beach", ("football", "red", "leather"))] * 8
    )
    assert bound.mutual_information("mug", "kitchen") == pytest.approx(1)  # one bit: each tells the other
    assert bound.pointwise()["mug", "kitchen"] == pytest.approx(1)
    assert bound.dependence() == pytest.approx(1 - (2 - 2 - 2 + 1) / (2 * 16 * np.log(2)))
    free = Statistics.of(
        [
            scene(place, (kind, "red", "ceramic"))
            for place in ("kitchen", "beach")
            for kind in ("mug", "football")
        ]
        * 8
    )
    assert free.mutual_information("mug", "kitchen") == pytest.approx(0)
    assert free.dependence() == 0
    assert free.pointwise()["mug", "beach"] == pytest.approx(0)
    assert Statistics().dependence() == 0 and Statistics().mutual_information("mug", "kitchen") == 0


def test_coverage() -> None:
    statistics = Statistics.of(
        [scene("kitchen", ("mug", "red", "ceramic")), scene("beach", ("mug", "red", "ceramic"))]
    )
    assert (
        statistics.coverage(concepts=["mug", "car"], values=["kitchen", "beach", "desert", "park"]) == 2 / 8
    )
    assert statistics.coverage() == 2 / (len(kinds()) * len(ENVIRONMENTS))


def test_counterfactual_draws_lower_the_bias() -> None:
    """The report on scenes drawn with, then also against, the declared bias."""
    names = ["mug", "car", "teddy bear", "cow", "trophy", "street lamp"]

    def drawn(number: int, against: bool) -> Scene:
        place = pick(rng_of(number, "place"), dict.fromkeys(ENVIRONMENTS, 1.0))
        chances = {name: concepts.affinity(kind_of(name), ENVIRONMENTS[place]) for name in names}
        kind = kind_of(pick(rng_of(number, "kind"), chances, against))
        colour = pick(rng_of(number, "colour"), concepts.colour_chances(kind), against)
        material = pick(
            rng_of(number, "m"), concepts.material_chances(kind, concepts.substances(kind)), against
        )
        return scene(place, (kind.name, colour, material))

    natural = Statistics.of(drawn(n, False) for n in range(500))
    every = natural.merge(Statistics.of(drawn(n, True) for n in range(500, 750)))
    report = bias_report(natural, every)
    assert report["scenes"] == {"before": 500, "after": 750}
    for axis in concepts.AXES:
        table = report[axis]
        assert isinstance(table, dict)
        assert table["after"]["dependence"] < table["before"]["dependence"]
        assert table["after"]["coverage"] > table["before"]["coverage"]
        assert len(table["pairs"]) == 12
        assert all(pair["before"] > 0 for pair in table["pairs"])
