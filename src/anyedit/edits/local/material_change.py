"""material_change: a named object is made of something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anyedit.edits import covering, photographs
from anyedit.edits.base import EditType, Inverse, Outcome, Params, Rule
from anyedit.edits.evidence import UNLIKE, likeness, object_in_truth
from anyedit.edits.exact import caption_of_change
from anyedit.edits.rules import LOCAL, SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.world.materials import MATERIALS
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools

# Materials that an object may be changed to; what only makes sense as ground is left out.
SUBSTANCES = tuple(
    name
    for name in (
        "wood", "dark wood", "bamboo", "ceramic", "porcelain", "glass", "ice", "gold", "silver", "copper", "chrome",
        "brushed metal", "iron", "marble", "stone", "granite", "brick", "concrete", "clay", "leather", "denim", "wool",
        "velvet", "paper", "cardboard", "cork", "wax", "straw", "aluminium foil", "plastic", "rubber",
    )
    if name in MATERIALS
)  # fmt: skip


class MaterialChangeParams(Params):
    """target: id of the object. material: a name of `anyedit.world.materials`."""

    target: str
    material: str


class MaterialChange(EditType):
    """A named object is made of another material; form and place stay."""

    name = "material_change"
    summary = "A named object is made of another material."
    example = "Change the material of kitten like aluminium_foil"
    needs = "an object"
    Params = MaterialChangeParams
    phrases = (
        "Change the material of {object} to {material}",
        "Change the material of {object} like {material}",
        "Make {object} out of {material}",
        "Make {object} look like it is made of {material}",
        "Turn {object} into {material}",
        "Let {object} be made of {material}",
        "Give {object} the look of {material}",
        "Use {material} as the material of {object}",
        "Rebuild {object} in {material}",
        "I want {object} to be made of {material}",
        "Can you make {object} out of {material}?",
        "Could {object} be made of {material}?",
        "What if {object} were made of {material}?",
    )
    checks = (*SAID, Rule("target visible before", visible_share("target"), low=0.005, high=0.95))
    gates = (
        *LOCAL,
        Rule("target visible after", visible_share("target", after=True), low=0.004),
        Rule("material unlike the asked", likeness(object_in_truth()), high=UNLIKE),
        *covering.COVERED,
    )

    def propose(self, view: View, rng: np.random.Generator) -> MaterialChangeParams | None:
        if not isinstance(view, WorldView):
            return self._for_photograph(view, rng)
        targets = [item for item in view.visible if item.finish is None and view.kind(item).colours]
        if not targets:
            return None
        target = targets[int(rng.integers(len(targets)))]
        others = [name for name in SUBSTANCES if name != target.material]
        return MaterialChangeParams(target=target.id, material=str(rng.choice(others)))

    def _for_photograph(self, view: PhotoView, rng: np.random.Generator) -> MaterialChangeParams | None:
        for target in covering.coverable(view, rng):
            return MaterialChangeParams(target=target, material=str(rng.choice(covering.COVERINGS)))
        return None

    def edit(self, view: PhotoView, params: MaterialChangeParams, tools: Tools) -> Outcome:
        """Lay the material's texture over the thing; its shading stays."""
        return covering.covered(view, params.target, params.material, tools)

    def words(self, view: View, params: MaterialChangeParams) -> dict[str, str]:
        if not isinstance(view, WorldView):
            said = photographs.said(view, params.target)
            return {"object": said, "material": MATERIALS[params.material].phrase}
        return {"object": view.refer(params.target), "material": MATERIALS[params.material].phrase}

    def caption_after(self, view: View, params: MaterialChangeParams) -> str:
        if not isinstance(view, WorldView):
            thing = photographs.said(view, params.target)
            return f"{view.caption.rstrip('.')}, with {thing} made of {MATERIALS[params.material].phrase}"
        return caption_of_change(view, self.rewrite(view.scene, params), params.target)

    def rewrite(self, scene: Scene, params: MaterialChangeParams) -> Scene:
        return scene.changed(params.target, material=params.material, pattern=None, pattern_colour=None)

    def inverse(self, view: View, params: MaterialChangeParams, outcome: Outcome) -> Inverse | None:
        if not isinstance(view, WorldView):
            return None
        item = view.scene.item(params.target)
        if item.pattern or item.material not in SUBSTANCES:
            return None
        return self, MaterialChangeParams(target=params.target, material=item.material)
