"""outpaint: the picture goes on beyond its borders; the same camera sees a wider field."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from pydantic import Field

from anyedit.edits.base import Case, EditType, Mask, Outcome, Params, Rule
from anyedit.edits.evidence import shown, unlike_in_part
from anyedit.edits.exact import rewritten
from anyedit.edits.placing import aspect_of
from anyedit.edits.rules import EVERY, SAID, mask_share
from anyedit.edits.views import NAMED_SHARE, PhotoView, View, WorldView
from anyedit.errors import EditNotPossible
from anyedit.records import Pixels, pixels_of
from anyedit.world import describe
from anyedit.world.render import Frame, item_shares
from anyedit.world.scene import Scene

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools


def window(shape: tuple[int, ...], zoom: float) -> tuple[slice, slice] | None:
    """Rows and columns of the wider picture that show what the source showed; None when nothing fits."""
    edges = [(round((n - n / zoom) / 2), round((n + n / zoom) / 2)) for n in shape[:2]]
    if any(high - low < 8 for low, high in edges):
        return None
    return slice(*edges[0]), slice(*edges[1])


def centre_agrees(case: Case) -> float | None:
    """Correlation of the middle of the edited picture with the reduced source, [-1, 1]."""
    inner = window(case.done.picture.shape, case.params.zoom)
    if inner is None:
        return None
    found = case.done.picture[inner]
    wanted = cv2.resize(case.view.picture, (found.shape[1], found.shape[0]), interpolation=cv2.INTER_AREA)
    a, b = found.astype(float).ravel(), wanted.astype(float).ravel()
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 1e-6 and b.std() > 1e-6 else 0.0


def border_content(case: Case) -> float:
    """Mean local contrast of the new border, 8-bit steps: an empty frame is no continuation."""
    tone = cv2.cvtColor(case.done.picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    deviation = np.abs(tone - cv2.blur(tone, (9, 9)))
    border = cv2.erode(case.done.mask.astype(np.uint8), np.ones((11, 11), np.uint8)) > 0  # away from the seam
    return float(deviation[border].mean()) if border.any() else 0.0


def named_appears(case: Case) -> float | None:
    """Share of the edited picture of the item that was said to appear (world)."""
    found = None if case.params.appears is None else shown(case, case.params.appears)
    return None if found is None else float(found.mean())


class OutpaintParams(Params):
    """zoom: how many times wider the field of view becomes. appears: id of an item that comes into view."""

    zoom: float = Field(gt=1, le=3)
    appears: str | None = None


class Outpaint(EditType):
    """Show more on all sides: a wider field of view of the same camera, in a picture of the same size."""

    name = "outpaint"
    summary = "The picture goes on beyond its borders."
    example = "Outpaint the image as you can"
    needs = "nothing"
    Params = OutpaintParams
    plain = (
        "Outpaint the image as you can",
        "Outpaint the image",
        "Extend the image beyond its borders",
        "Zoom out to show more of the surroundings in the image",
        "Expand the image on all sides",
        "Show a wider view of this image",
        "Fill in what lies around the image",
        "Continue the image outside its frame",
        "Make the image {zoom} times wider in view",
        "Uncrop the image",
        "What lies outside the frame of this image?",
        "Can you extend the image in every direction?",
        "Could you zoom out of the image by a factor of {zoom}?",
    )
    naming = (
        "Outpaint the image so that {appears} comes into view",
        "Extend the image until {appears} can be seen",
        "Zoom out of the image to reveal {appears}",
        "Expand the image to include {appears}",
        "Can you widen the image so that it shows {appears}?",
    )
    phrases = (*plain, *naming)
    checks = SAID
    gates = (
        Rule("new area", mask_share, low=0.2, high=0.9),
        Rule("centre is the source", centre_agrees, low=0.97),
        Rule("border has content", border_content, low=0.1),
        Rule("border unlike the asked", unlike_in_part, high=0.7),
        Rule("named item appears", named_appears, low=0.8 * NAMED_SHARE),
        *EVERY,
    )

    def propose(self, view: View, rng: np.random.Generator) -> OutpaintParams | None:
        if not isinstance(view, WorldView):
            known = json.loads(view.source.extra)
            return OutpaintParams(zoom=known["zoom"]) if "full" in known and view.turn == 1 else None
        zoom = float(rng.choice([1.25, 1.4, 1.5, 1.6, 1.8]))
        if view.scene.camera.fov * zoom > 95:  # beyond it the borders are stretched
            return None
        hidden = [item.id for item in view.scene.items if view.shares[item.id] == 0 and item.on is None]
        appears = None
        if hidden:
            wide = item_shares(
                self.rewrite(view.scene, OutpaintParams(zoom=zoom)), aspect=aspect_of(view.frame)
            )
            seen = [item_id for item_id in hidden if wide[item_id] >= NAMED_SHARE]
            appears = str(rng.choice(seen)) if seen else None
        return OutpaintParams(zoom=zoom, appears=appears)

    def words(self, view: View, params: OutpaintParams) -> dict[str, str]:
        words = {"object": "the image", "zoom": f"{params.zoom:g}"}
        if params.appears is not None and isinstance(view, WorldView):
            words["appears"] = describe.noun_phrase(view.scene.item(params.appears))
            words["object"] = words["appears"]
        return words

    def usable_phrases(self, view: View, params: OutpaintParams) -> tuple[str, ...]:
        return self.naming if params.appears is not None else self.plain

    def caption_after(self, view: View, params: OutpaintParams) -> str:
        if not isinstance(view, WorldView):
            closer = "A detail of the scene: "
            shown = view.caption.removeprefix(closer)
            return f"A wider view: {shown[0].lower()}{shown[1:]}" if shown else "A wider view"
        seen = describe.caption(self.rewrite(view.scene, params))
        return seen if seen != view.caption else f"A wide view of {seen[0].lower()}{seen[1:]}"

    def rewrite(self, scene: Scene, params: OutpaintParams) -> Scene:
        half = np.tan(np.radians(scene.camera.fov) / 2) * params.zoom
        shift = tuple(round(value / params.zoom, 6) for value in scene.camera.shift)
        camera = scene.camera.but(fov=round(float(np.degrees(2 * np.arctan(half))), 5), shift=shift)
        wider: Scene = scene.but(camera=camera)
        return wider

    def edit_world(self, view: WorldView, params: OutpaintParams) -> Outcome:
        """The wider render with the source itself, reduced, in its middle: what was seen stays as it was."""
        outcome = rewritten(self, view, params)
        return replace(outcome, picture=_with_middle(outcome.picture, view.picture, params.zoom))

    def joined(self, view: WorldView, after: Frame, params: OutpaintParams) -> Pixels:
        return _with_middle(after.picture, view.picture, params.zoom)

    def kept(self, view: View, params: OutpaintParams) -> Pixels:
        """The source, reduced, in the middle."""
        return _with_middle(view.picture, view.picture, params.zoom)

    def edit(self, view: PhotoView, params: OutpaintParams, tools: Tools) -> Outcome:
        """The whole photograph of which the source is a crop: what truly lies beyond the frame."""
        known = json.loads(view.source.extra)
        if "full" not in known:
            raise EditNotPossible("outpaint: this photograph is no crop, so what lies around it is not known")
        whole = pixels_of(base64.b64decode(known["full"]))
        mask = np.ones(whole.shape[:2], bool)
        inner = window(whole.shape, params.zoom)
        if inner is None:
            raise EditNotPossible("outpaint: the photograph is too small")
        mask[inner] = False
        return Outcome(picture=whole, mask=mask, engines=("crop of the photograph",))

    def mask_of(self, before: Frame, after: Frame, params: OutpaintParams) -> Mask:
        mask = np.ones(after.parts.shape, bool)
        inner = window(mask.shape, params.zoom)
        if inner:
            mask[inner] = False
        return mask


def _with_middle(wide: Pixels, source: Pixels, zoom: float) -> Pixels:
    """The wider picture with the reduced source in its middle, without a seam: two renders differ by their noise."""
    inner = window(wide.shape, zoom)
    if inner is None:
        return wide
    rows, columns = inner
    size = (columns.stop - columns.start, rows.stop - rows.start)
    reduced = cv2.resize(source, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    weight = np.zeros((size[1], size[0]), np.float32)
    weight[2:-2, 2:-2] = 1
    weight = cv2.blur(weight, (5, 5))[..., None]
    picture = wide.copy()
    picture[rows, columns] = (
        picture[rows, columns] + (reduced - picture[rows, columns]) * weight + 0.5
    ).astype(np.uint8)
    return picture
