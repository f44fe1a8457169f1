"""Scenes are composed as wished: reproducible, nothing intersects, everything named is seen."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely

from anyedit.errors import AnyEditError
from anyedit.seeds import rng_of
from anyedit.world import concepts
from anyedit.world.assemble import item_parts
from anyedit.world.draft import Draft
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.footprints import (
    area_of,
    clear,
    footprint,
    free_spot,
    item_matrix,
    overlaps,
    rest,
    top_of,
    view_of,
)
from anyedit.world.kinds import kind_of
from anyedit.world.layout import LEAST_SHARE, SUBJECT_SHARES, sample_scene
from anyedit.world.render import item_shares
from anyedit.world.scene import Camera, Item, Scene
from anyedit.world.wishes import Wishes

WISHES = (
    Wishes(scale="tabletop"),
    Wishes(scale="room", counterfactual=True),
    Wishes(environment="outdoor", scale="outdoor"),
    Wishes(needs=("text",), items=(2, 3)),
    Wishes(needs=("effects", "rolls")),
    Wishes(kinds=("mug", "trophy"), environment="kitchen"),
    Wishes(needs=("surface_of",), items=(2, 5), scale="room"),
)


def middling(name: str, **changes: object) -> Item:
    params = {key: (low + high) / 2 for key, (low, high) in kind_of(name).params.items()}
    return Item(id=f"{name}-1", kind=name, params=params, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def scenes() -> list[tuple[Wishes, Scene]]:
    return [(wishes, sample_scene(11, number, wishes)) for number, wishes in enumerate(WISHES)]


def test_everything_is_seen_and_nothing_intersects(scenes: list[tuple[Wishes, Scene]]) -> None:
    for wishes, scene in scenes:
        shares = item_shares(scene)
        assert min(shares.values()) >= LEAST_SHARE, scene.environment
        assert SUBJECT_SHARES[0] <= shares[scene.items[0].id] <= SUBJECT_SHARES[1]
        assert wishes.items[0] <= len(scene.items) <= wishes.items[1]
        for one, other in itertools.combinations(scene.items, 2):
            assert not overlaps(one, other), (one.id, other.id)
        for item in scene.items:
            assert rest(item, scene) == item
            if item.on is None:
                assert shapely.box(*area_of(scene)).covers(shapely.Point(item.position[:2]))


def test_wishes_come_true(scenes: list[tuple[Wishes, Scene]]) -> None:
    by_wish = dict(scenes)
    assert by_wish[WISHES[0]].surroundings["scale"] == "tabletop"
    assert "outdoor" in ENVIRONMENTS[by_wish[WISHES[2]].environment].tags
    assert kind_of(by_wish[WISHES[3]].items[0].kind).text and by_wish[WISHES[3]].items[0].text
    assert kind_of(by_wish[WISHES[4]].items[0].kind).effects
    assert any(kind_of(item.kind).rolls for item in by_wish[WISHES[4]].items)
    wished = by_wish[WISHES[5]]
    assert wished.items[0].kind == "trophy" and "mug" in {item.kind for item in wished.items}
    assert "kitchen" in {wished.environment, *ENVIRONMENTS[wished.environment].tags}


def test_ids_say_kind_and_number(scenes: list[tuple[Wishes, Scene]]) -> None:
    for _, scene in scenes:
        ids = [item.id for item in scene.items]
        assert len(set(ids)) == len(ids)
        for item in scene.items:
            stem, _, number = item.id.rpartition("-")
            assert stem == item.kind.replace(" ", "-") and number.isdigit()


def test_the_same_key_gives_the_same_scene(scenes: list[tuple[Wishes, Scene]]) -> None:
    again = sample_scene(11, 0, WISHES[0])
    assert again.model_dump_json() == scenes[0][1].model_dump_json()
    assert sample_scene(12, 0, WISHES[0]) != again
    assert Scene.model_validate_json(again.model_dump_json()) == again


def test_counterfactual_goes_against_the_bias() -> None:
    for index in range(5):
        draft = Draft((5, index), Wishes(counterfactual=True))
        scene = draft.compose()
        if scene is None:
            continue
        subject = scene.items[0]
        kind = kind_of(subject.kind)
        odd = (
            concepts.affinity(kind, ENVIRONMENTS[scene.environment]) == concepts.STRANGE,
            subject.colour not in kind.colours,
            subject.material not in kind.materials,
        )
        assert any(odd), subject


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"scale": "tabeltop"}, "did you mean 'tabletop'"),
        ({"needs": ("txt",)}, "did you mean 'text'"),
        ({"environment": "kitchn"}, "did you mean 'kitchen'"),
        ({"items": (0, 3)}, "1 or more"),
        ({"items": (4, 3)}, "no more than the most"),
        ({"kinds": ("mgu",)}, "did you mean 'mug'"),
    ],
)
def test_wrong_wishes_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(AnyEditError, match=message):
        Wishes(**wrong)  # type: ignore[arg-type]


def test_impossible_wishes_end_with_a_reason() -> None:
    with pytest.raises(AnyEditError, match="no environment serves"):
        sample_scene(1, 1, Wishes(kinds=("lighthouse",), scale="tabletop"))


# --- footprints -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tilt", [0, 30, 90, -90, 180])
@pytest.mark.parametrize("name", ["mug", "trophy", "teddy bear"])
def test_tilted_items_rest_on_the_ground(name: str, tilt: float) -> None:
    item = middling(name, tilt=tilt, yaw=40, size=1.3, position=(0.2, 0.1, 0.0))
    bounds = np.stack([part.mesh.moved(item_matrix(item)).bounds for part in item_parts(item)])
    assert bounds[:, 0, 2].min() == pytest.approx(0, abs=1e-7)
    shape = footprint(item)
    assert (shape.low, shape.high) == pytest.approx((0, bounds[:, 1, 2].max()), abs=1e-6)
    x0, y0, x1, y1 = shape.outline.bounds
    assert (x0, y0) == pytest.approx(bounds[:, 0, :2].min(0), abs=4e-3)
    assert (x1, y1) == pytest.approx(bounds[:, 1, :2].max(0), abs=4e-3)


def test_lying_on_its_back_shows_the_front_upward() -> None:
    turned = item_matrix(middling("mug", tilt=90))[:3, :3]
    np.testing.assert_allclose(turned @ [0, -1, 0], [0, 0, 1], atol=1e-12)  # its front, -y, looks up
    np.testing.assert_allclose(turned @ [0, 0, 1], [0, 1, 0], atol=1e-12)  # its top points away


def test_what_stands_on_a_bench_is_clear_of_its_back() -> None:
    bench = middling("park bench", yaw=25)
    camera = Camera(origin=(0, -4, 1.6), target=(0, 0, 0.4), fov=40)
    scene = Scene(seed=1, environment="park", surroundings={"scale": "room"}, camera=camera, items=(bench,))
    top = top_of(bench)
    assert top is not None and 0.3 < top.z < 0.6
    bear = middling("teddy bear")
    spot = free_spot(scene, bear, rng_of("bench"), on=bench.id)
    assert spot is not None and spot[2] == pytest.approx(top.z, abs=1e-4)
    placed = bear.but(position=spot, on=bench.id)
    assert not overlaps(placed, bench)
    assert rest(placed.but(position=(spot[0], spot[1], 9.0)), scene) == placed
    fallen = rest(placed.but(position=(3.0, 0.0, 0.5)), scene)
    assert (fallen.on, fallen.position) == (None, (3.0, 0.0, 0.0))
    assert free_spot(scene, bear, rng_of("bench"), on=bench.id, near=bench.id) is not None
    assert top_of(bear) is None and free_spot(scene.with_item(bear), bench, rng_of(1), on=bear.id) is None


def test_free_spots_avoid_everything_and_stay_in_view() -> None:
    camera = Camera(origin=(0, -1.0, 0.5), target=(0, 0, 0.05), fov=45)
    scene = Scene(
        seed=1, environment="wooden table", surroundings={"scale": "tabletop"}, camera=camera, items=()
    )
    for number in range(5):
        item = middling("mug").but(id=f"mug-{number}")
        spot = free_spot(scene, item, rng_of("spots", number))
        assert spot is not None
        placed = item.but(position=spot)
        assert clear(scene, placed) and view_of(camera, placed).within(0)
        scene = scene.with_item(placed)
    assert free_spot(scene, middling("man"), rng_of("no room")) is None


def test_a_place_that_is_named_is_that_place_and_a_tag_is_any_of_its_places() -> None:
    named = {sample_scene(3, index, Wishes(environment="garage")).environment for index in range(6)}
    tagged = {sample_scene(3, index, Wishes(environment="seasonal")).environment for index in range(8)}
    assert named == {"garage"}  # the street and the workshop carry the word as a tag
    assert len(tagged) > 1
