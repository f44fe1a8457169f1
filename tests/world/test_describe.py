"""Captions say what is there; referring expressions point to exactly one thing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyedit.errors import EditNotPossible
from anyedit.world import describe
from anyedit.world.colours import COLOURS
from anyedit.world.kinds import kind_of
from anyedit.world.scene import Camera, Item, Scene

CAMERA = Camera(origin=(0, -1.2, 0.5), target=(0, 0, 0.05), fov=45)


def thing(name: str, number: int = 1, x: float = 0, y: float = 0, **changes: Any) -> Item:
    """An item of middling shape at (x, y)."""
    kind = kind_of(name)
    params = {key: (low + high) / 2 for key, (low, high) in kind.params.items()}
    defaults = {
        "colour": "red",
        "material": kind.materials[0],
        "state": kind.states[0] if kind.states else None,
    }
    place = (x, y, 0.0)
    return Item(id=f"{name}-{number}", kind=name, params=params, position=place, **{**defaults, **changes})


def scene_of(*items: Item, environment: str = "wooden table", **changes: Any) -> Scene:
    return Scene(seed=1, environment=environment, camera=CAMERA, items=items, **changes)


def seen(scene: Scene) -> dict[str, float]:
    return {item.id: 0.02 for item in scene.items}


@pytest.mark.parametrize(
    ("item", "phrase"),
    [
        (thing("mug"), "a red ceramic mug"),
        (thing("mug", colour="orange"), "an orange ceramic mug"),
        (thing("mug", material="gold"), "a golden mug"),
        (thing("mug", pattern="stripes", pattern_colour="white"), "a red ceramic mug with white stripes"),
        (thing("mug", pattern="plaid", pattern_colour="white"), "a red ceramic mug with a white plaid pattern"),
        (thing("mug", finish="snow"), "a snow-covered red ceramic mug"),
        (thing("mug", size=1.5), "a large red ceramic mug"),
        (thing("mug", tilt=90), "a red ceramic mug lying on its back"),
        (thing("rubber duck", material="rubber", colour="yellow"), "a yellow rubber duck"),
        (thing("teddy bear", accessory="party hat"), "a red teddy bear wearing a party hat"),
        (thing("car"), "a red car"),
        (thing("car", state="headlights on"), "a red car with its headlights on"),
        (thing("treasure chest", material="leather", state="open"), "an open red leather treasure chest"),
        (thing("man", state="waving"), "a man in red waving"),
        (thing("woman", material="denim"), "a woman in denim clothes"),
        (thing("archery target", material="paper", state="hit"), "a red archery target hit by an arrow"),
        (thing("pig", colour="pink", state="lying"), "a pink pig lying down"),
        (thing("barrel", text="RUM", material="wood"), 'a wooden barrel that says "RUM"'),
        (thing("street lamp", material="iron", state="on"), "an iron street lamp switched on"),
        (thing("traffic light", colour="black", material="matte paint", state="green"), "a black traffic light showing green"),
    ],
)  # fmt: skip
def test_noun_phrases(item: Item, phrase: str) -> None:
    said = describe.noun_phrase(item)
    assert said == phrase
    assert describe.noun_phrase(item, "the") == "the " + phrase.split(" ", 1)[1]
    assert describe.noun_phrase(item, None) == phrase.split(" ", 1)[1]


def test_caption_names_subject_relations_and_setting() -> None:
    scene = scene_of(
        thing("mug"), thing("rubber duck", x=0.2, colour="yellow"), thing("die", x=-0.25, colour="blue")
    )
    assert describe.caption(scene) == (
        "A red ceramic mug with a yellow rubber duck to the right of it and a blue die to the left of it, "
        "on a wooden table."
    )


def test_caption_counts_alike_things_together() -> None:
    mugs = [thing("mug", n, x=0.12 * n) for n in (1, 2, 3)]
    assert (
        describe.caption(scene_of(*mugs, time="night"))
        == "Three red ceramic mugs on a wooden table at night."
    )
    mixed = [thing("mug", 1), thing("mug", 2, x=0.2, colour="blue"), thing("mug", 3, x=0.3, colour="blue")]
    said = describe.caption(scene_of(*mixed))
    assert "two blue ceramic mugs to the right of it" in said


def test_caption_outdoors_and_support() -> None:
    bench = thing("park bench", colour="green", material="matte paint")
    bear = thing("teddy bear", colour="brown", on="park bench-1")
    scene = scene_of(bench, bear, environment="park", time="golden hour", weather="fog", season="autumn")
    said = describe.caption(scene)
    assert said.startswith("A green park bench with a brown teddy bear on it, in a park ")
    assert "foggy autumn" in said and "golden hour" in said
    lone = describe.caption(scene_of(bear, bench, environment="park"))
    assert lone.startswith("A brown teddy bear")


def test_long_captions_lose_details_but_no_item() -> None:
    names = ("mug", "rubber duck", "teddy bear", "toy robot", "trophy", "xylophone", "basketball", "football")
    items = [
        thing(name, x=0.1 * n - 0.4, pattern="stripes", pattern_colour="white")
        for n, name in enumerate(names)
    ]
    said = describe.caption(scene_of(*items))
    assert len(said.split()) <= describe.LONGEST
    for name in names:
        assert name in said


@pytest.mark.parametrize(
    ("items", "target", "said"),
    [
        ([thing("mug")], "mug-1", "the mug"),
        ([thing("mug"), thing("mug", 2, x=0.2, colour="blue")], "mug-1", "the red mug"),
        ([thing("mug"), thing("mug", 2, x=0.2, material="gold")], "mug-2", "the golden mug"),
        ([thing("mug"), thing("mug", 2, x=0.2)], "mug-2", "the mug on the right"),
        ([thing("mug", n, x=0.15 * n - 0.3) for n in (1, 2, 3)], "mug-2", "the second mug from the left"),
        ([thing("mug", n, x=0.15 * n - 0.3) for n in (1, 2, 3)], "mug-1", "the leftmost mug"),
        ([thing("mug", 1, y=-0.3), thing("mug", 2, y=0.3)], "mug-1", "the nearest mug"),
        (
            [thing("mug"), thing("mug", 2, x=0.3), thing("die", x=0.15)],
            "mug-1",
            "the mug to the left of the die",
        ),
        ([thing("man"), thing("man", 2, x=0.6, state="waving")], "man-2", "the man waving"),
        ([thing("man"), thing("man", 2, x=0.6, colour="green")], "man-2", "the man in green"),
    ],
)
def test_referring(items: list[Item], target: str, said: str) -> None:
    scene = scene_of(*items)
    assert describe.refer(scene, target, seen(scene)) == said


def test_near_colours_are_not_told_apart_by_name() -> None:
    scene = scene_of(thing("mug"), thing("mug", 2, x=0.2, colour="crimson"))
    assert describe.refer(scene, "mug-1", seen(scene)) == "the mug on the left"


def test_things_among_their_like_in_the_scenery() -> None:
    scene = scene_of(thing("cactus", colour="green"), thing("mug", x=0.5), environment="desert")
    assert describe.refer(scene, "cactus-1", seen(scene)) == "the cactus in the foreground"
    assert describe.refer(scene, "mug-1", seen(scene)) == "the mug"


def test_hidden_things_do_not_confuse() -> None:
    scene = scene_of(thing("mug"), thing("mug", 2, x=0.2))
    assert describe.refer(scene, "mug-1", {"mug-1": 0.1, "mug-2": 0.0}) == "the mug"


def test_indistinguishable_things_are_refused() -> None:
    scene = scene_of(thing("mug"), thing("mug", 2))
    with pytest.raises(EditNotPossible, match="mug-1"):
        describe.refer(scene, "mug-1", seen(scene))


PLACES = st.tuples(st.integers(-4, 4), st.integers(-3, 3))
LOOKS = st.tuples(
    st.sampled_from(["mug", "rubber duck", "football", "trophy"]),
    st.sampled_from(["red", "crimson", "blue", "white", "yellow"]),
    st.sampled_from(["ceramic", "plastic", "gold"]),
    st.sampled_from([None, "dots"]),
)


def understood(text: str, scene: Scene) -> set[str]:
    """The ids that a listener takes an expression to mean: written apart from `describe`, on words alone."""
    at = describe.places(scene)
    words = text.removeprefix("the ")
    for relation in ("to the left of", "to the right of", "in front of", "behind"):
        if f" {relation} the " in words:
            words, _, anchor = words.partition(f" {relation} the ")
            (anchor_id,) = understood(f"the {anchor}", scene)
            group = understood(f"the {words}", scene)
            side = {
                "to the left of": lambda a, b: a.x < b.x,
                "to the right of": lambda a, b: a.x > b.x,
                "in front of": lambda a, b: a.along < b.along and abs(a.x - b.x) < 0.25,
                "behind": lambda a, b: a.along > b.along and abs(a.x - b.x) < 0.25,
            }[relation]
            return {i for i in group if side(at[i], at[anchor_id])}
    ordinals = {"second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5}
    order = lambda ids: sorted(ids, key=lambda i: at[i].x)  # noqa: E731
    depth = lambda ids: sorted(ids, key=lambda i: at[i].along)  # noqa: E731
    first, _, rest = words.partition(" ")
    if words.endswith((" on the left", " on the right")):
        group = order(understood("the " + words.rpartition(" on the ")[0], scene))
        return {group[0 if words.endswith("left") else -1]}
    if first in ("leftmost", "rightmost"):
        return {order(understood(f"the {rest}", scene))[0 if first == "leftmost" else -1]}
    if first in ("nearest", "farthest"):
        return {depth(understood(f"the {rest}", scene))[0 if first == "nearest" else -1]}
    if words.endswith(" from the left"):
        return {order(understood("the " + rest.removesuffix(" from the left"), scene))[ordinals[first]]}
    dotted = words.endswith(" with dots")
    words = words.removesuffix(" with dots")
    return {
        item.id
        for item in scene.items
        if words.endswith(item.kind)
        and (not dotted or item.pattern == "dots")
        and all(fits(word, item) for word in words.removesuffix(item.kind).split())
    }


def fits(word: str, item: Item) -> bool:
    if word in COLOURS:
        return item.material != "gold" and word == item.colour
    return word == {"ceramic": "ceramic", "plastic": "plastic", "gold": "golden"}[item.material]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(PLACES, LOOKS, min_size=1, max_size=6))
def test_expressions_mean_one_thing(found: dict[tuple[int, int], tuple[str, str, str, str | None]]) -> None:
    items = [
        thing(kind, number, x=0.09 * x, y=0.09 * y, colour=colour, material=material, pattern=pattern)
        for number, ((x, y), (kind, colour, material, pattern)) in enumerate(found.items())
    ]
    scene = scene_of(*items)
    said = set()
    for item in items:
        try:
            text = describe.refer(scene, item.id, seen(scene))
        except EditNotPossible:
            continue
        assert understood(text, scene) == {item.id}, text
        assert text not in said
        said.add(text)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(PLACES, LOOKS, min_size=1, max_size=6))
def test_captions_name_every_thing(found: dict[tuple[int, int], tuple[str, str, str, str | None]]) -> None:
    items = [
        thing(kind, number, x=0.09 * x, y=0.09 * y, colour=colour, material=material, pattern=pattern)
        for number, ((x, y), (kind, colour, material, pattern)) in enumerate(found.items())
    ]
    said = describe.caption(scene_of(*items)).lower()
    assert len(said.split()) <= describe.LONGEST
    for item in items:
        assert item.kind in said or describe.plural_of(kind_of(item.kind)) in said
