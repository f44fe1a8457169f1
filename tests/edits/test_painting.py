"""What learned engines paint into photographs: proposed only where an engine is at hand, kept inside its mask, judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from anyedit.edits import Case, Outcome, backdrops, painting, type_of
from anyedit.edits.instructed import Instructable
from anyedit.edits.views import PhotoView
from anyedit.engines.roles import Instructed, Painting, Referring, Scene
from anyedit.engines.toolbox import tools
from anyedit.engines.tools import Tools
from anyedit.errors import EditNotPossible, EngineError, RecipeError
from anyedit.pipeline.asked import possible_types
from anyedit.pipeline.build import build
from anyedit.recipe import load_recipe
from anyedit.records import Source, SourceObject, png
from anyedit.seeds import rng_of

H, W = 120, 160
NEW = (40, 90, 200)


def disc(x: int, y: int, radius: int) -> np.ndarray:
    rows, columns = np.mgrid[:H, :W]
    return (rows - y) ** 2 + (columns - x) ** 2 <= radius**2


def photo(*things: tuple[str, np.ndarray], caption: str, played: Sequence[str] = ()) -> PhotoView:
    picture = np.clip(130 + rng_of("ground").normal(0, 5, (H, W, 3)), 0, 255)
    objects = []
    for number, (name, mask) in enumerate(things):
        picture[mask] = (200, 60, 50)
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
        objects.append(SourceObject(f"o{number}", name, box, float(mask.mean()), png(mask), "planted"))
    source = Source(
        "p-0", png(picture.astype(np.uint8)), caption, "a", "CC0", "train", objects=tuple(objects)
    )
    return PhotoView(source, frozenset(played))


class Artist:
    """Planted engine of every role here: paints one colour over everything, and remembers what it was told."""

    version = "planted artist"

    def __init__(self, fails: bool = False) -> None:
        self.told: list[Any] = []
        self.fails = fails

    def _made(self, jobs: Sequence[Any]) -> list[Any]:
        self.told.extend(jobs)
        if self.fails:
            return [EngineError("out of paint") for _ in jobs]
        shapes = [job.picture.shape if hasattr(job, "picture") else (*job.size[::-1], 3) for job in jobs]
        return [np.full(shape, NEW, np.uint8) for shape in shapes]

    def paint(self, jobs: Sequence[Painting]) -> list[Any]:
        return self._made(jobs)

    def paint_like(self, jobs: Sequence[Referring]) -> list[Any]:
        return self._made(jobs)

    def generate(self, jobs: Sequence[Scene]) -> list[Any]:
        return self._made(jobs)

    def follow(self, jobs: Sequence[Instructed]) -> list[Any]:
        self.told.extend(jobs)
        made = [job.picture.copy() for job in jobs]
        for picture in made:
            cv2.circle(picture, (80, 60), 26, NEW, -1)
        return made

    def depth(self, pictures: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [np.linspace(0, 1, H, dtype=np.float32)[:, None].repeat(W, 1) for _ in pictures]

    def image_text(self, pictures: Sequence[np.ndarray], texts: Sequence[str]) -> np.ndarray:
        """Knows one thing: what is blue is no cat, and not nothing."""
        blue = [float(np.abs(picture.reshape(-1, 3).mean(0) - NEW).max()) < 60 for picture in pictures]
        return np.array(
            [0.3 if b != ("cat" in t or "empty" in t) else 0.1 for b, t in zip(blue, texts, strict=True)],
            np.float32,
        )

    def features(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        rows = np.array([picture.reshape(-1, 3).mean(0) for picture in pictures], np.float32) - 110
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def with_roles(artist: Artist, *roles: str) -> Tools:
    return Tools({**tools()._makers, **{role: lambda: artist for role in roles}})


def case_of(name: str, view: PhotoView, params: Any, outcome: Outcome, engines: Tools) -> Case:
    kind = type_of(name)
    words = kind.words(view, params)
    text = kind.phrases[0].format(**words)
    return Case(kind, view, params, text, kind.caption_after(view, params), words["object"], outcome, engines)


def failed(case: Case) -> set[str]:
    return {rule.name for rule in case.kind.gates if rule.judge(case).passed is False}


CAT = ("cat", disc(80, 60, 24))
ASKED = {
    "replace": "paint",
    "add": "paint",
    "visual_reference": "paint_like",
    "action_change": "follow",
    "visual_depth": "depth",
}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_without_its_engine_a_type_is_not_offered_and_says_so(name: str) -> None:
    kind, role = type_of(name), ASKED[name]
    bare = photo(CAT, caption="A cat on a rug")
    if name != "visual_depth":  # which has inner edits that need no engine of their own
        assert kind.propose(bare, rng_of(1)) is None
    there = replace(bare, played=frozenset((role,)))
    params = kind.propose(there, rng_of(1))
    assert params is not None
    with pytest.raises(EditNotPossible, match=rf"'{role}'.*engines\.{role}"):
        kind.edit(there, params, tools())
    recipe = {"source": {"kind": "photos", "path": "x"}}
    assert name not in possible_types(load_recipe(recipe))
    chosen = {**recipe, "engines": {role: {"engine": "huggingface", "model": "m"}}}
    assert name in possible_types(load_recipe(chosen))


def test_a_recipe_that_asks_for_what_no_engine_plays_stops_before_any_work(tmp_path: Any) -> None:
    recipe = {"name": "r", "types": ["replace"], "source": {"kind": "photos", "path": str(tmp_path)}}
    with pytest.raises(
        RecipeError, match=r"replace of photographs needs engines\.paint \(inpainting to a caption\)"
    ):
        build(recipe, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_thing_gives_way_to_one_of_its_kin() -> None:
    artist, kind = Artist(), type_of("replace")
    engines = with_roles(artist, "paint", "image_text")
    view = photo(CAT, caption="A cat on a rug", played=("paint",))
    params = kind.propose(view, rng_of(1))
    assert (
        params is not None and params.thing in {k.name for k in painting.kin("cat")} and params.thing != "cat"
    )
    outcome = kind.edit(view, params, engines)
    assert np.array_equal(outcome.picture[~outcome.mask], view.picture[~outcome.mask])
    assert (outcome.picture[disc(80, 60, 18)] == NEW).all() and view.mask("o0")[outcome.mask].sum() == CAT[
        1
    ].sum()
    assert kind.caption_after(view, params).lower().endswith(f"{params.thing} on a rug")
    assert artist.told[0].caption.startswith(("a ", "an ")) and params.thing in artist.told[0].caption
    case = case_of("replace", view, params, outcome, engines)
    assert not failed(case)
    assert all(rule.judge(case).passed is not False for rule in kind.checks)
    same = replace(case, outcome=replace(outcome, picture=view.picture), notes={})
    assert {"nearer to the new thing's name", "change inside mask"} <= failed(same)
    person = replace(case, params=params.model_copy(update={"thing": "old man"}))
    assert any(rule.judge(person).passed is False for rule in kind.checks if "person" in rule.name)
    with pytest.raises(EditNotPossible, match=r"engines\.paint painted nothing: out of paint"):
        kind.edit(view, params, with_roles(Artist(fails=True), "paint"))


def test_people_and_the_unknown_give_way_to_nothing() -> None:
    for name in ("woman", "thingamajig"):
        view = photo((name, CAT[1]), caption="Somebody", played=("paint", "paint_like"))
        assert (
            type_of("replace").propose(view, rng_of(1))
            is type_of("visual_reference").propose(view, rng_of(1))
            is None
        )


def test_something_is_added_where_nothing_stands() -> None:
    artist, kind = Artist(), type_of("add")
    engines = with_roles(artist, "paint", "image_text")
    view = photo(CAT, caption="A cat on a rug", played=("paint",))
    params = kind.propose(view, rng_of(2))
    assert params is not None and params.box is not None
    outcome = kind.edit(view, params, engines)
    assert not (outcome.mask & CAT[1]).any()
    assert np.array_equal(outcome.picture[~outcome.mask], view.picture[~outcome.mask])
    assert not failed(case_of("add", view, params, outcome, engines))
    assert kind.inverse(view, params, outcome) is None
    assert kind.caption_after(view, params) == f"A cat on a rug, with {params.thing} {params.place}"


def test_a_reference_picture_is_followed_and_kept_as_the_prompt() -> None:
    artist, kind = Artist(), type_of("visual_reference")
    engines = with_roles(artist, "paint_like", "generate", "features")
    view = photo(CAT, caption="A cat on a rug", played=("paint_like",))
    params = kind.propose(view, rng_of(3))
    outcome = kind.edit(view, params, engines)
    scene, job = artist.told
    assert params.thing.kind in scene.caption and np.array_equal(job.reference, outcome.visual_prompt)
    assert np.array_equal(outcome.picture[~outcome.mask], view.picture[~outcome.mask])
    case = case_of("visual_reference", view, params, outcome, engines)
    assert not failed(case)
    other = replace(case, outcome=replace(outcome, picture=view.picture), notes={})
    assert "nearer to the reference" in failed(other)


def test_an_action_is_told_to_the_editor_and_leaks_are_caught() -> None:
    artist, kind = Artist(), type_of("action_change")
    engines = with_roles(artist, "follow")
    view = photo(CAT, caption="A cat on a rug", played=("follow",))
    params = kind.propose(view, rng_of(4))
    outcome = kind.edit(view, params, engines)
    verb = kind.words(view, params)["verb"]
    assert artist.told[0].instruction == f"Make the cat {verb}" and outcome.mask[60, 80]
    assert not failed(case_of("action_change", view, params, outcome, engines))
    shifted = np.roll(outcome.picture, 5, 1)
    moved = case_of("action_change", view, params, replace(outcome, picture=shifted), engines)
    assert failed(moved)
    assert kind.propose(photo(CAT, caption="A cat", played=()), rng_of(4)) is None
    told = Instructable(kind).propose(photo(CAT, caption="A cat"), rng_of(4))
    assert told is not None and "cat" in told.instruction  # by way of an editor any type is proposed


def test_depth_is_drawn_from_the_target() -> None:
    kind, ball = type_of("visual_depth"), ("ball", disc(50, 60, 10))
    view = photo(ball, caption="A ball", played=("depth",))
    params = kind.Params(inner="remove", params={"target": "o0"})
    outcome = kind.edit(view, params, with_roles(Artist(), "depth"))
    prompt = outcome.visual_prompt
    assert (
        prompt is not None and prompt[0].max() == 0 and prompt[-1].min() == 255 and prompt.shape == (H, W, 3)
    )


def test_a_background_is_painted_where_an_engine_makes_pictures() -> None:
    artist, kind = Artist(), type_of("background_change")
    body = np.zeros((H, W), bool)
    body[30:, 40:120] = True
    view = photo(("dog", body), caption="A dog", played=("generate",))
    found = [kind.propose(view, rng_of(k)) for k in range(6)]
    params = next(p for p in found if p is not None and p.environment.startswith("painted: "))
    outcome = kind.edit(view, params, with_roles(artist, "generate"))
    place = params.environment.removeprefix("painted: ")
    assert (
        place in backdrops.PAINTED
        and artist.told[0].caption.startswith(place)
        and place in kind.caption_after(view, params)
    )
    assert np.abs(outcome.picture[:10].reshape(-1, 3).mean(0) - NEW).max() < 3
    assert np.array_equal(outcome.picture[80, 80], view.picture[80, 80])
