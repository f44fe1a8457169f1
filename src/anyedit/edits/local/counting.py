"""counting: the number of objects of one kind goes up or down to a named number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anyedit.edits import filling, photographs
from anyedit.edits.base import Case, EditType, Inverse, Outcome, Params, Rule
from anyedit.edits.evidence import shown, truth
from anyedit.edits.local.add import new_id
from anyedit.edits.rules import LOCAL, SAID
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.language import number_word, plural
from anyedit.world import describe
from anyedit.world.footprints import free_spot
from anyedit.world.kinds import kind_of
from anyedit.world.scene import Item, Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

MOST = 6


class CountingParams(Params):
    """kind: what is counted. before, number: how many there are and shall be. gone: ids. new: placed items."""

    kind: str
    before: int
    number: int
    gone: tuple[str, ...] = ()
    new: tuple[Item, ...] = ()


def off_by(case: Case) -> float | None:
    """Difference between the instances that the picture shows and the asked number (world).

    One that nobody placed there is not counted: `drift` and `off the exact edit` see it.
    """
    exact = truth(case)
    if exact is None or exact.after is None or not isinstance(case.view, WorldView):
        return None
    frames = (case.view.frame, exact.after)
    seen = 0
    for item_id in {item.id for f in frames for item in f.scene.items if item.kind == case.params.kind}:
        stays = any(item.id == item_id for item in exact.after.scene.items)
        there, found = frames[stays].mask(item_id), shown(case, item_id)
        if found is not None and there.mean() >= 0.003:
            seen += bool(found.sum() >= (0.5 if stays else 0.4) * there.sum())
    return float(abs(seen - case.params.number))


class Counting(EditType):
    """The number of objects of one kind goes up or down."""

    name = "counting"
    summary = "The number of objects of one kind goes up or down to a named number."
    example = "The number of camels increases to two"
    needs = "an object that may appear several times"
    wishes = {"needs": ("repeats",)}
    Params = CountingParams
    _both = (
        "Change the number of {objects} to {number}",
        "There should be {number_of} in the picture",
        "Make it {number_of}",
        "I want to see {number_of}",
        "Show {number_of} instead of {before}",
        "Can you make it {number_of}?",
        "Could there be {number_of} instead of {before}?",
        "What if there {were} {number_of}?",
    )
    _up = (
        "The number of {objects} increases to {number}",
        "Add {objects} until there are {number}",
        "Increase the number of {objects} to {number}",
        "Let there be more {objects}: {number} in all",
    )
    _down = (
        "The number of {objects} decreases to {number}",
        "Take {objects} away until {number_are} left",
        "Reduce the number of {objects} to {number}",
        "Leave only {number_of}",
    )
    phrases = (*_both, *_up, *_down)
    checks = SAID
    gates = (*LOCAL, Rule("count off by", off_by, high=0), *filling.FILLED)

    def usable_phrases(self, view: View, params: CountingParams) -> tuple[str, ...]:
        return (*self._both, *(self._up if params.number > params.before else self._down))

    def propose(self, view: View, rng: np.random.Generator) -> CountingParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        supports = {item.on for item in view.scene.items}
        groups: dict[str, list[Item]] = {}
        for item in view.scene.items:
            groups.setdefault(item.kind, []).append(item)
        groups = {
            kind: group
            for kind, group in groups.items()
            if kind_of(kind).repeats and all(item in view.visible for item in group)
        }
        if not groups:
            return None
        kind = str(rng.choice(sorted(groups)))
        group = groups[kind]
        loose = [item for item in group if item.id not in supports]
        if len(group) > 1 and loose and rng.random() < 0.5:
            less = int(rng.integers(1, min(len(loose), len(group) - 1) + 1))
            gone = tuple(item.id for item in loose[-less:])
            return CountingParams(kind=kind, before=len(group), number=len(group) - less, gone=gone)
        return self._more(view, kind, group, rng)

    def _more(
        self, view: WorldView, kind: str, group: list[Item], rng: np.random.Generator
    ) -> CountingParams | None:
        scene = view.scene
        new: list[Item] = []
        for _ in range(int(rng.integers(1, 4))):
            if len(group) + len(new) >= MOST:
                break
            yaw = round(float(group[0].yaw + rng.uniform(-40, 40)), 1)
            item = group[0].but(id=new_id(scene, kind), yaw=yaw)
            spot = free_spot(scene, item, rng, near=group[0].id, on=group[0].on)
            if spot is None:
                break
            new.append(item.but(position=spot))
            scene = scene.with_item(new[-1])
        if not new:
            return None
        return CountingParams(kind=kind, before=len(group), number=len(group) + len(new), new=tuple(new))

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> CountingParams | None:
        """One less of several things, where the caption says how many there are and so all are known."""
        things = photographs.replaceable(view)
        for index in rng.permutation(len(things)):
            thing = things[index]
            before = sum(other.name == thing.name for other in view.objects)
            cut = any(other.origin.endswith(photographs.CUT) for other in view.objects)
            if before >= 3 and not cut and photographs.one_fewer(view.caption, before, thing.name):
                return CountingParams(kind=thing.name, before=before, number=before - 1, gone=(thing.id,))
        return None

    def edit(self, view: PhotoView, params: CountingParams, tools: Tools) -> Outcome:
        """Take the things that go out of the photograph."""
        hole = np.zeros(view.picture.shape[:2], bool)
        for object_id in params.gone:
            hole |= filling.hole_of(view.mask(object_id))
        return filling.emptied(view, hole, tools)

    def words(self, view: View, params: CountingParams) -> dict[str, str]:
        if isinstance(view, WorldView):
            name, many = kind_of(params.kind).name, describe.plural_of(kind_of(params.kind))
        else:
            name, many = params.kind, plural(params.kind)
        one = params.number == 1
        said = number_word(params.number)
        return {
            "object": f"the {many if params.before > 1 else name}",
            "objects": many,
            "number": said,
            "number_of": f"{said} {name if one else many}",
            "number_are": f"{said} {'is' if one else 'are'}",
            "were": "was only" if one else "were",
            "before": number_word(params.before),
        }

    def caption_after(self, view: View, params: CountingParams) -> str:
        if not isinstance(view, WorldView):
            return photographs.one_fewer(view.caption, params.before, params.kind) or view.caption
        return describe.caption(self.rewrite(view.scene, params))

    def rewrite(self, scene: Scene, params: CountingParams) -> Scene:
        scene = scene.without(*params.gone) if params.gone else scene
        for item in params.new:
            scene = scene.with_item(item)
        return scene

    def inverse(self, view: View, params: CountingParams, outcome: Outcome) -> Inverse | None:
        if not isinstance(view, WorldView):
            return None
        back = CountingParams(
            kind=params.kind,
            before=params.number,
            number=params.before,
            gone=tuple(item.id for item in params.new),
            new=tuple(view.scene.item(item_id) for item_id in params.gone),
        )
        return self, back
