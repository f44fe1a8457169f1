"""visual_reference: a named object is replaced by the very thing that a picture shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anyedit.edits import painting, photographs
from anyedit.edits.base import Case, EditType, Outcome, Params, Rule
from anyedit.edits.evidence import calm_lab, fitted, shown
from anyedit.edits.placing import aspect_of, carried, clear, extent, ground_axes
from anyedit.edits.rules import GONE, LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.engines.roles import Scene as Told
from anyedit.errors import EditNotPossible, EngineError
from anyedit.language import indefinite
from anyedit.records import Pixels
from anyedit.world import describe
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.footprints import view_of
from anyedit.world.kinds import Kind, kinds
from anyedit.world.render import Frame, RenderSettings, render
from anyedit.world.scene import Camera, Item, Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

BACKDROP = "studio"
PORTRAIT = 256  # pixels of a photograph's reference picture
SMALL = 64  # pixels of the portrait that a prompt is compared with
TURN = 40.0  # degrees between the reference picture's view of the thing and the edited picture's


class ReferenceParams(Params):
    """target: id of the object that goes. thing: what comes in its place, as the reference shows it."""

    target: str
    thing: Item

    @property
    def noun(self) -> str:
        """What comes, in a word, for those who look for it in a photograph."""
        return self.thing.kind


def prompt_off(case: Case) -> float | None:
    """Mean Lab distance of the prompt from the thing's portrait, made again at 64 pixels (world); 100 without one."""
    prompt = case.done.visual_prompt
    if not isinstance(case.view, WorldView):
        return None
    if prompt is None:
        return 100.0
    wanted = portrait(case.params.thing, case.view.settings, SMALL, float(_bearing(case.view.scene)))
    found = calm_lab(fitted(prompt, wanted)) - calm_lab(wanted)
    return float(np.linalg.norm(found, axis=-1).mean())


def thing_seen(case: Case) -> float | None:
    """Share of the picture of the thing that came, as the exact edit has it (world)."""
    found = shown(case, case.params.thing.id)
    return None if found is None else float(found.mean())


class VisualReference(EditType):
    """Replace a named object by the one in the picture [v*]: the same thing, seen from another side there."""

    name = "visual_reference"
    summary = "A named object is replaced by the thing that a picture shows."
    example = "Replace the elephants to [v*]"
    needs = "an object that may be replaced"
    asks = ("paint_like",)
    Params = ReferenceParams
    phrases = (
        "Replace {object} to [v*]",
        "Replace {object} with [v*]",
        "Swap {object} for [v*]",
        "Change {object} into [v*]",
        "Substitute [v*] for {object}",
        "Turn {object} into [v*]",
        "Put [v*] in place of {object}",
        "Exchange {object} for the {new} in [v*]",
        "Replace {object} with the {new} shown in [v*]",
        "Take out {object} and put [v*] there instead",
        "I want [v*] instead of {object}",
        "Can you replace {object} with [v*]?",
        "Could you put the {new} of [v*] where {object} is?",
        "What would it look like with [v*] instead of {object}?",
    )
    checks = (*SAID, Rule("target visible before", visible_share("target"), low=0.008, high=0.8))
    gates = (
        *LOCAL,
        Rule("target gone", visible_share("target", after=True), high=GONE),
        Rule("new thing visible", thing_seen, low=0.006),
        Rule("prompt off the thing", prompt_off, high=6),
        *painting.PAINTED,
        *painting.AFTER_A_PICTURE,
    )

    def propose(self, view: View, rng: np.random.Generator) -> ReferenceParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        scene = view.scene
        items = [
            item
            for item in view.visible
            if view.shares[item.id] >= 0.012 and len(carried(scene, item.id)) == 1
        ]
        present = {item.kind for item in scene.items}
        for index in rng.permutation(len(items))[:4]:
            item = items[index]
            scale = view.kind(item).scale
            options = [
                k
                for k in kinds().values()
                if k.scale == scale and k.name not in present and k.category != "person"
            ]
            for choice in rng.permutation(len(options))[:12]:
                thing = _thing(scene, item, options[choice], rng)
                old, new = (np.subtract(*extent(one)[::-1]) for one in (item, thing))
                ratio = float(np.prod(new) / np.prod(old)) ** (1 / 3)
                params = ReferenceParams(target=item.id, thing=thing)
                if (
                    0.55 <= ratio <= 1.5
                    and _in_picture(view, thing)
                    and clear(self.rewrite(scene, params), thing.id)
                ):
                    return params
        return None

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> ReferenceParams | None:
        """Another thing of the same sort and size, with its colour and material."""
        targets = painting.replaceable(view)
        if "paint_like" not in view.played or not targets:
            return None
        target = str(rng.choice(targets))
        options = painting.kin(view.object(target).name)
        kind = options[int(rng.integers(len(options)))]
        return ReferenceParams(target=target, thing=_drawn(kind, f"{kind.name.replace(' ', '-')}-1", rng))

    def edit(self, view: PhotoView, params: ReferenceParams, tools: Tools) -> Outcome:
        """Paint the place of the thing after a picture of the other one."""
        reference = self._reference(params, tools)
        caption = f"{indefinite(params.thing.kind)}. {self.caption_after(view, params)}"
        place = painting.place_of(view, params.target)
        outcome = painting.painted_like(view, place, reference, caption, tools)
        made_by = (tools.version("generate"),) if tools.has("generate") else ()
        return replace(outcome, visual_prompt=reference, engines=(*outcome.engines, *made_by))

    def _reference(self, params: ReferenceParams, tools: Tools) -> Pixels:
        """A picture of the thing alone: by text to image where an engine plays that role, else rendered."""
        if not tools.has("generate"):
            return portrait(
                params.thing, RenderSettings(PORTRAIT, PORTRAIT, 16, 6, "scalar_rgb"), PORTRAIT, 0.0
            )
        words = (
            f"{indefinite(describe.noun_phrase(params.thing).split(' ', 1)[1])}, alone on a plain backdrop"
        )
        (made,) = tools.generate.generate([Told(words, (PORTRAIT, PORTRAIT))])
        if isinstance(made, EngineError):
            raise EditNotPossible(f"engines.generate made no reference picture: {made}")
        return made

    def words(self, view: View, params: ReferenceParams) -> dict[str, str]:
        thing = (
            view.refer(params.target)
            if isinstance(view, WorldView)
            else photographs.said(view, params.target)
        )
        return {"object": thing, "new": params.thing.kind}

    def caption_after(self, view: View, params: ReferenceParams) -> str:
        if isinstance(view, WorldView):
            return describe.caption(self.rewrite(view.scene, params))
        return painting.named_instead(view, params.target, params.thing.kind)

    def rewrite(self, scene: Scene, params: ReferenceParams) -> Scene:
        """In the target's place of the list, so that the wording of captions keeps its order."""
        items = tuple(params.thing if item.id == params.target else item for item in scene.items)
        changed: Scene = scene.but(items=items)
        return changed

    def mask_of(self, before: Frame, after: Frame, params: ReferenceParams) -> np.ndarray:
        return before.mask(params.target) | after.mask(params.thing.id)

    def visual_prompt(self, view: WorldView, outcome: Outcome, params: ReferenceParams) -> Pixels:
        size = min(view.settings.width, view.settings.height)
        return portrait(params.thing, view.settings, size, float(_bearing(view.scene)))


def _thing(scene: Scene, item: Item, kind: Kind, rng: np.random.Generator) -> Item:
    """A new thing of this kind where the item stands, turned as it is."""
    taken = {other.id for other in scene.items}
    number = next(n for n in range(1, 99) if f"{kind.name.replace(' ', '-')}-{n}" not in taken)
    thing = _drawn(kind, f"{kind.name.replace(' ', '-')}-{number}", rng)
    return thing.but(position=item.position, yaw=item.yaw, on=item.on)


def _drawn(kind: Kind, item_id: str, rng: np.random.Generator) -> Item:
    """A thing of this kind, its looks drawn."""
    key = int(rng.integers(2**62))
    return Item(
        id=item_id,
        kind=kind.name,
        params=kind.sample(key),
        state=kind.states[0] if kind.states else None,
        colour=str(rng.choice(kind.colours)),
        material=str(rng.choice(kind.materials)),
        text=str(rng.choice(kind.text)) if kind.text else None,
        position=(0.0, 0.0, 0.0),
    )


def _in_picture(view: WorldView, thing: Item) -> bool:
    """Whether the thing's top and bottom are inside the picture."""
    box = view_of(view.scene.camera, thing, aspect_of(view.frame))
    return box.near > 0 and box.y0 > 0 and box.y1 < 1 and 0.1 < (box.x0 + box.x1) / 2 < 0.9


def _bearing(scene: Scene) -> float:
    """Degrees of the camera's bearing: 0 when it looks towards +y."""
    _, away = ground_axes(scene.camera)
    return float(np.degrees(np.arctan2(-away[0], away[1])))


def portrait(thing: Item, settings: RenderSettings, size: int, bearing: float) -> Pixels:
    """The thing alone on a plain backdrop, `TURN` degrees further round; uint8 (size, size, 3)."""
    alone = thing.but(position=(0, 0, 0), on=None, yaw=(thing.yaw - bearing + TURN) % 360)
    low, high = extent(alone)
    middle, reach = (low + high) / 2, float(np.linalg.norm(high - low)) / 2
    distance = 1.25 * reach / np.sin(np.radians(15))
    x, y, z = np.round(
        middle + distance * np.array([0.0, -np.cos(np.radians(18)), np.sin(np.radians(18))]), 4
    ).tolist()
    tx, ty, tz = np.round(middle, 4).tolist()
    place = ENVIRONMENTS[BACKDROP]
    scale = "tabletop" if reach < 0.35 else "room" if reach < 1.6 else "outdoor"
    scene = Scene(
        seed=7,
        environment=BACKDROP,
        surroundings=place.sample("reference", scale=scale if scale in place.scales else place.scales[-1]),
        camera=Camera(origin=(x, y, z), target=(tx, ty, tz), fov=30),
        items=(alone,),
    )
    return render(
        scene, RenderSettings(size, size, settings.samples, settings.depth, settings.variant)
    ).picture
