"""visual_material_transfer: a named object takes the material that a picture shows."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from anyedit.edits import covering, photographs
from anyedit.edits.base import Case, EditType, Outcome, Params, Rule
from anyedit.edits.evidence import UNLIKE, calm_lab, fitted, likeness, object_in_truth
from anyedit.edits.global_.likeness import lab
from anyedit.edits.rules import LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.records import Pixels
from anyedit.world import describe
from anyedit.world.materials import MATERIALS, swatch
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


class MaterialParams(Params):
    """target: id of the object. material: a name of `MATERIALS`."""

    target: str
    material: str


def changed_in_lab(case: Case) -> float | None:
    """Mean distance in CIE Lab inside the mask."""
    if case.done.picture.shape != case.view.picture.shape or not case.done.mask.any():
        return None
    distance = np.linalg.norm(lab(case.done.picture) - lab(case.view.picture), axis=-1)
    return float(distance[case.done.mask].mean())


def prompt_off(case: Case) -> float:
    """Mean Lab distance of the prompt from the sample of the asked material; 100 without a prompt."""
    prompt = case.done.visual_prompt
    if prompt is None:
        return 100.0
    wanted = sample_of(case.params.material)
    return float(np.linalg.norm(calm_lab(fitted(prompt, wanted)) - calm_lab(wanted), axis=-1).mean())


@lru_cache(maxsize=64)
def sample_of(material: str) -> Pixels:
    """The material's sample picture, uint8 (h, w, 3)."""
    return np.asarray(swatch(material), np.uint8)


class VisualMaterialTransfer(EditType):
    """Give a named object the material of the picture [v*]."""

    name = "visual_material_transfer"
    summary = "A named object takes the material that a picture shows."
    example = "Change the material of monument like linen"
    needs = "an object with a visible body"
    Params = MaterialParams
    phrases = (
        "Change the material of {object} like {material}",
        "Change the material of {object} to [v*]",
        "Make {object} of the material in [v*]",
        "Transfer the material of [v*] to {object}",
        "Give {object} the material shown in [v*]",
        "Apply the {material} of [v*] to {object}",
        "Let {object} look as if it were made of [v*]",
        "Cover {object} with the material [v*]",
        "Turn the material of {object} into the {material} of [v*]",
        "Use [v*] as the material of {object}",
        "I want {object} made of [v*]",
        "Can you make {object} out of the material [v*]?",
        "Could {object} have the same material as [v*]?",
        "What would {object} look like in the material of [v*]?",
    )
    checks = (*SAID, Rule("target visible before", visible_share("target"), low=0.01, high=0.95))
    gates = (
        *LOCAL,
        Rule("changed in Lab", changed_in_lab, low=4),
        Rule("target visible after", visible_share("target", after=True), low=0.008),
        Rule("material unlike the asked", likeness(object_in_truth()), high=UNLIKE),
        Rule("prompt off the material", prompt_off, high=6),
        *covering.COVERED,
    )

    def propose(self, view: View, rng: np.random.Generator) -> MaterialParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        items = [item for item in view.visible if view.shares[item.id] >= 0.015]
        if not items:
            return None
        item = items[int(rng.integers(len(items)))]
        materials = [name for name in MATERIALS if name not in (item.material, "water", "skin")]
        return MaterialParams(target=item.id, material=str(rng.choice(materials)))

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> MaterialParams | None:
        for target in covering.coverable(view, rng):
            return MaterialParams(target=target, material=str(rng.choice(covering.COVERINGS)))
        return None

    def edit(self, view: PhotoView, params: MaterialParams, tools: Tools) -> Outcome:
        """Lay the material's texture over the thing; the prompt is the material's sample."""
        outcome = covering.covered(view, params.target, params.material, tools)
        return replace(outcome, visual_prompt=sample_of(params.material))

    def words(self, view: View, params: MaterialParams) -> dict[str, str]:
        thing = (
            view.refer(params.target)
            if isinstance(view, WorldView)
            else photographs.said(view, params.target)
        )
        return {"object": thing, "material": params.material}

    def caption_after(self, view: View, params: MaterialParams) -> str:
        if not isinstance(view, WorldView):
            thing = photographs.said(view, params.target)
            return f"{view.caption.rstrip('.')}, with {thing} made of {params.material}"
        caption = describe.caption(self.rewrite(view.scene, params))
        stated = f"{view.refer(params.target)} is made of {params.material}"
        return caption if caption != view.caption else f"{caption.rstrip('.')}; {stated}."

    def rewrite(self, scene: Scene, params: MaterialParams) -> Scene:
        return scene.changed(params.target, material=params.material, pattern=None, pattern_colour=None)

    def visual_prompt(self, view: WorldView, outcome: Outcome, params: MaterialParams) -> Pixels:
        return sample_of(params.material)
