"""focus_change: everything but a named object goes out of focus. A 26th edit type, in a package of its own."""

from __future__ import annotations

import cv2
import numpy as np

from anyedit.edits.base import Case, EditType, Mask, Measure, Outcome, Params, Rule
from anyedit.edits.rules import SAID, visible_share
from anyedit.edits.views import PhotoView, View, WorldView
from anyedit.engines.tools import Tools
from anyedit.world.footprints import footprint
from anyedit.world.render import Frame
from anyedit.world.scene import Scene

BLUR = 0.012  # standard deviation of the blur of a photograph's background, share of its longer side


class FocusParams(Params):
    """target: id of the object that stays sharp. aperture: lens radius, share of the distance to it."""

    target: str
    aperture: float


def detail(picture: np.ndarray, where: Mask) -> float:
    """Mean absolute Laplacian of the luma inside a mask, [0, 255]: how sharp it looks."""
    luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float(np.abs(cv2.Laplacian(luma, cv2.CV_32F))[where].mean()) if where.any() else 0.0


# --8<-- [start:rule]
def detail_kept(*, inside: bool) -> Measure:
    """A measure: detail after over before, on the target or away from it (the rim of the target left out)."""

    def measure(case: Case) -> float | None:
        changed = case.done.mask  # everything but the target
        rim = cv2.dilate((~changed).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        where = ~changed if inside else ~rim
        before = detail(case.view.picture, where)
        return detail(case.done.picture, where) / before if before > 0.5 else None

    return measure


# --8<-- [end:rule]


class FocusChange(EditType):
    """Only a named object stays in focus: the lens opens and is focused on it."""

    name = "focus_change"
    of_group = "camera"
    summary = "Only a named object stays in focus."
    example = "Focus on the dog and blur everything else"
    needs = "an object in front of something"
    Params = FocusParams
    phrases = (
        "Focus on {object} and blur everything else",
        "Focus on {object}",
        "Keep only {object} in focus",
        "Blur whatever is not {object}",
        "Put everything but {object} out of focus",
        "Give the picture a shallow depth of field with {object} sharp",
        "Open the aperture and focus on {object}",
        "Let everything around {object} blur",
        "Make {object} stand out by blurring the rest",
        "I want only {object} to be sharp",
        "Can you blur everything except {object}?",
        "What if only {object} were in focus?",
    )
    checks = (*SAID, Rule("target visible before", visible_share("target"), low=0.01, high=0.6))
    gates = (
        Rule("rest loses detail", detail_kept(inside=False), high=0.8),
        Rule("target keeps detail", detail_kept(inside=True), low=0.6),
    )

    def propose(self, view: View, rng: np.random.Generator) -> FocusParams | None:
        if isinstance(view, WorldView):
            names = (
                [] if view.scene.camera.aperture else [i.id for i in view.visible if view.shares[i.id] > 0.01]
            )
        else:
            names = [o.id for o in view.objects if o.mask is not None and 0.01 < o.share < 0.6]
        return FocusParams(target=str(rng.choice(names)), aperture=0.035) if names else None

    def words(self, view: View, params: FocusParams) -> dict[str, str]:
        if isinstance(view, WorldView):
            return {"object": view.refer(params.target)}
        return {"object": f"the {view.object(params.target).name}"}

    def caption_after(self, view: View, params: FocusParams) -> str:
        return f"{view.caption.rstrip('.')}, with only {self.words(view, params)['object']} in focus."

    def rewrite(self, scene: Scene, params: FocusParams) -> Scene:
        stands = footprint(scene.item(params.target))
        middle = np.array([*stands.outline.centroid.coords[0], (stands.low + stands.high) / 2])
        eye = np.asarray(scene.camera.origin)
        sight = np.asarray(scene.camera.target) - eye
        depth = float(
            (middle - eye) @ sight / (sight @ sight)
        )  # the lens is focused on a plane: keep looking ahead
        ahead = tuple(float(v) for v in eye + depth * sight)
        aperture = params.aperture * float(np.linalg.norm(depth * sight))
        return scene.but(camera=scene.camera.but(target=ahead, aperture=aperture))

    def mask_of(self, before: Frame, after: Frame, params: FocusParams) -> Mask:
        return ~before.mask(params.target)

    def edit(self, view: PhotoView, params: FocusParams, tools: Tools) -> Outcome:
        """Blur what is not the target; its own colours are taken out first, so that it casts no halo."""
        sharp = view.mask(params.target)
        sigma = BLUR * max(view.picture.shape[:2])
        rest = (~sharp).astype(np.float32)
        weight = cv2.GaussianBlur(rest, (0, 0), sigma)[..., None]
        blurred = cv2.GaussianBlur(view.picture * rest[..., None], (0, 0), sigma) / np.maximum(weight, 1e-3)
        edge = cv2.GaussianBlur(rest, (0, 0), 0.8)[..., None]
        picture = np.clip(edge * blurred + (1 - edge) * view.picture, 0, 255).round().astype(np.uint8)
        return Outcome(picture=picture, mask=~sharp, engines=("OpenCV",))
