"""What stands around a scene's subject: which kinds come along, how many, and where there is room for them."""

from __future__ import annotations

from dataclasses import dataclass

from anyedit.world import concepts
from anyedit.world.builds import build_of
from anyedit.world.drawing import Drawing
from anyedit.world.environments import Environment
from anyedit.world.footprints import clear, free_spot, top_of, view_of
from anyedit.world.kinds import Kind, kind_of, kinds
from anyedit.world.scene import Item, Scene
from anyedit.world.wishes import Wishes, has

LEAST_SHARE = 0.004  # of the picture, for every item
_LOOK = ("params", "colour", "material", "pattern", "pattern_colour", "state", "text", "font", "size")


def fits(kind: Kind, scale: str, environment: Environment) -> bool:
    """Whether a thing of this kind may stand on the ground of such a scene."""
    if kind.scale == scale:
        return True
    if scale == "outdoor":
        return kind.scale == "room" and not environment.indoor
    return scale == "room" and kind.scale == "tabletop" and build_of(kind.name).stature >= 0.2


@dataclass(frozen=True)
class Company:
    """What furnishes one composition."""

    drawing: Drawing
    wishes: Wishes

    def furnish(
        self, scene: Scene, subject: Item, environment: Environment, scale: str, against: dict[str, bool]
    ) -> Scene:
        """The scene with other items placed, as many as there is room for up to the wished number."""
        least, most = self.wishes.items
        wanted = int(self.drawing.rng("how many").integers(least, most + 1))
        total = len(scene.items)
        for slot, kind in enumerate(self._kinds(subject, environment, scale, wanted)):
            if total >= wanted:
                break
            twins = self._twins(kind, slot, wanted - total)
            first: Item | None = None
            for twin in range(twins):
                number = 1 + sum(item.kind == kind.name for item in scene.items)
                item = self.drawing.item(kind, number, f"{slot}-{twin}", dict.fromkeys(concepts.AXES, False))
                if first is not None and self.drawing.rng("same look", slot).random() < 0.6:
                    item = item.but(**{name: getattr(first, name) for name in _LOOK})
                item = item.but(yaw=self.drawing.yaw(kind, f"{slot}-{twin}"))
                placed = self._placed(scene, item, subject, slot, twin)
                if placed is None:
                    continue
                first = first or placed
                scene, total = scene.with_item(placed), total + 1
        return scene

    def _placed(self, scene: Scene, item: Item, subject: Item, slot: int, twin: int) -> Item | None:
        """The item at a free place: on a support when it fits and the stream says so, else on the ground."""
        rng = self.drawing.rng("spot", slot, twin)
        climbs = rng.random() < 0.6
        for support in scene.items if climbs else ():
            top = top_of(support)
            if top is not None and build_of(item.kind).stature < 0.75 * build_of(support.kind).stature:
                spot = free_spot(scene, item, rng, on=support.id, aspect=self.wishes.aspect)
                if spot is not None:
                    return Item.model_validate(item.but(position=spot, on=support.id))
        if kind_of(item.kind).scale == "tabletop" and scene.surroundings["scale"] == "outdoor":
            return None
        spot = free_spot(scene, item, rng, near=subject.id, aspect=self.wishes.aspect)
        if spot is None:
            return None
        placed = Item.model_validate(item.but(position=spot))
        large = view_of(scene.camera, placed, self.wishes.aspect).area
        return placed if large > 2.5 * LEAST_SHARE and clear(scene, placed) else None

    def _kinds(self, subject: Item, environment: Environment, scale: str, wanted: int) -> list[Kind]:
        """The kinds of the other items, most important first: wished ones, then what is usual there."""
        chosen = [kind_of(name) for name in self.wishes.kinds if name != subject.kind]
        stature = build_of(subject.kind).stature

        def comparable(kind: Kind) -> bool:
            return 0.3 * stature <= build_of(kind.name).stature <= 1.9 * stature

        around = [kind for kind in kinds().values() if fits(kind, scale, environment) and comparable(kind)]
        tops = kind_of(subject.kind).surface_of is not None
        if tops:
            around += [
                kind
                for kind in kinds().values()
                if kind not in around
                and kind.scale == "tabletop"
                and 0.16 * stature <= build_of(kind.name).stature
                and build_of(kind.name).stature <= 0.7 * stature
            ]
        for need in self.wishes.needs[1:]:
            able = {k.name: concepts.affinity(k, environment) for k in around if has(k, need)}
            if able and not any(has(kind, need) for kind in (*chosen, kind_of(subject.kind))):
                chosen.append(kind_of(concepts.pick(self.drawing.rng("need", need), able)))
        if kind_of(subject.kind).repeats and self.drawing.rng("twins of the subject").random() < 0.22:
            chosen.append(kind_of(subject.kind))
        chances = {
            kind.name: concepts.affinity(kind, environment) for kind in around if kind.name != subject.kind
        }
        for slot in range(wanted + 2):
            if not chances:
                break
            name = concepts.pick(self.drawing.rng("company", slot), chances)
            chances.pop(name)
            chosen.append(kind_of(name))
        return chosen

    def _twins(self, kind: Kind, slot: int, room: int) -> int:
        """How many of this kind come together: mostly one, sometimes two or three."""
        draw = self.drawing.rng("twins", slot).random()
        many = 1 if not kind.repeats or draw > 0.25 else 2 if draw > 0.09 else 3
        return min(many, room)
