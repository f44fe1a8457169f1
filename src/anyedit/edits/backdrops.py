"""Another background for a photographed subject: plain studio backdrops, and places of the world out of focus.

A place is rendered empty from eye level and blurred as a long lens would; a subject that the picture's border cuts
off needs no ground to stand on there. Any other stands on a studio's seamless paper with a soft shadow.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from anyedit.edits import covering
from anyedit.edits.base import Case, Mask, Outcome, Rule
from anyedit.edits.views import PhotoView
from anyedit.engines.roles import Scene as Told
from anyedit.errors import EditNotPossible, EngineError
from anyedit.records import Pixels

if TYPE_CHECKING:
    from anyedit.engines.roles import Floats
    from anyedit.engines.tools import Tools

STUDIOS: dict[str, tuple[float, float, float]] = {  # sRGB of the paper
    "white": (0.93, 0.93, 0.92),
    "light gray": (0.74, 0.75, 0.76),
    "dark gray": (0.27, 0.28, 0.29),
    "pale blue": (0.66, 0.77, 0.87),
    "beige": (0.86, 0.80, 0.70),
    "soft green": (0.66, 0.78, 0.66),
    "pale pink": (0.90, 0.76, 0.77),
}
PLACES = ("park", "meadow", "beach", "desert", "forest", "mountain", "harbour", "street", "plaza", "city")
# Places that a text-to-image engine paints, where the recipe names one.
PAINTED = (
    "a snowy forest", "a sandy beach", "a city street at night", "a green meadow", "a mountain lake", "a desert with dunes",
    "a library", "a flower garden", "a harbor", "an autumn park", "a kitchen", "a waterfall",
)  # fmt: skip
LEAST, MOST = 0.08, 0.72  # share of the picture of a subject
# What has grown or was built where it stands cannot be cut off its ground.
ROOTED = frozenset(
    ("building", "house", "tower", "bridge", "tree", "castle", "church", "pagoda", "barn", "pier", "mountain")
)
SOFT = 4  # pixels on each side of the outline in which it is soft


def studio(name: str) -> str:
    """The environment's name of a studio backdrop."""
    return f"studio: {name}"


def scene(place: str) -> str:
    """The environment's name of a painted place."""
    return f"painted: {place}"


def phrase(environment: str) -> str:
    """ "a plain white studio backdrop", "a beach"."""
    if environment.startswith("painted: "):
        return environment.removeprefix("painted: ")
    if environment.startswith("studio: "):
        return f"a plain {environment.removeprefix('studio: ')} studio backdrop"
    from anyedit.world.environments import ENVIRONMENTS

    said = ENVIRONMENTS[environment].phrase
    return said.split(" ", 2)[-1] if said.startswith("in front of") else said.split(" ", 1)[1]


def caption(view: PhotoView, environment: str) -> str:
    """The caption with the new background said; "before it was there" is not undone in words."""
    return f"{view.caption.rstrip('.')}, with {phrase(environment)} as the background"


def subject(view: PhotoView) -> str | None:
    """Id of the one large thing that may be cut out; None when there is none, or several."""
    things = [thing for thing in view.objects if thing.share >= LEAST and "(cut off)" not in thing.origin]
    large = [thing for thing in things if thing.share <= MOST and thing.name not in ROOTED]
    if not large or len(things) > 1:
        return None
    x0, _, x1, _ = box = large[0].box
    if x0 < 2 and x1 > view.picture.shape[1] - 2 and _stands(box, view.picture):
        return None  # a band from border to border is no thing: lines of text, a horizon
    return large[0].id


def propose(view: PhotoView, rng: np.random.Generator) -> str | None:
    """A background for this photograph, or None."""
    target = subject(view)
    if target is None:
        return None
    if _stands(view.object(target).box, view.picture) or rng.random() < 0.4:
        return studio(str(rng.choice(list(STUDIOS))))
    if "generate" in view.played:
        return scene(str(rng.choice(PAINTED)))
    return str(rng.choice(PLACES))


def _stands(box: tuple[float, float, float, float], picture: Pixels) -> bool:
    """Whether the thing's lower end is seen, so that it needs a ground."""
    return box[3] < picture.shape[0] - 3


def before(view: PhotoView, environment: str, tools: Tools) -> Outcome:
    """The subject before the new background: soft outline, its own colours there, nothing else kept."""
    target = subject(view)
    if target is None:
        raise EditNotPossible("there is no single subject to keep")
    mask = view.mask(target)
    engines = [tools.version("refine")]
    if tools.has("salient"):
        found = tools.salient.salient([view.picture])[0] > 0.5
        agreement = (found & mask).sum() / max(1, (found | mask).sum())
        if agreement < 0.75:
            raise EditNotPossible(
                f"what belongs to the subject is not sure (agreement {agreement:.2f} < 0.75)"
            )
        engines.append(tools.version("salient"))
    if view.object(target).origin.startswith("annotation"):
        mask = tools.refine.refine(view.picture, mask)
    mask = _whole(mask)
    alpha = soft_outline(view.picture, mask)
    size = (view.picture.shape[1], view.picture.shape[0])
    if environment.startswith("painted: "):
        ground = _generated(phrase(environment), size, tools).astype(np.float32)
        engines.append(tools.version("generate"))
    else:
        ground = _backdrop(environment, *size).astype(np.float32)
    if environment.startswith("studio: ") and _stands(view.object(target).box, view.picture):
        ground *= _shadow(mask)[..., None]
    own = inner_colours(view.picture, mask)
    mixed = own * alpha[..., None] + ground * (1 - alpha[..., None])
    picture = np.where(alpha[..., None] >= 1, view.picture, np.clip(mixed + 0.5, 0, 255)).astype(np.uint8)
    changed = alpha < 1
    return Outcome(picture, changed, changed.astype(np.uint8) * 255, engines=tuple(engines))


def _whole(mask: Mask) -> Mask:
    """The mask without specks and pinholes."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    return np.asarray(
        cv2.morphologyEx(
            cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel), cv2.MORPH_OPEN, kernel
        )
        > 0
    )


def soft_outline(picture: Pixels, mask: Mask) -> Floats:
    """Alpha, float32 (H, W): 1 inside, 0 outside, following the picture's edges within `SOFT` pixels."""
    from anyedit.engines.classical.tone import guided

    light = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32) / 255
    alpha = np.clip((guided(light, mask.astype(np.float32), SOFT, 1e-4) - 0.1) / 0.8, 0, 1)
    inside = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1, mode="edge"), cv2.DIST_L2, 3)[1:-1, 1:-1]
    outside = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 3)
    alpha[inside > SOFT], alpha[outside > 2] = 1, 0
    return np.asarray(alpha, np.float32)


def inner_colours(picture: Pixels, mask: Mask) -> Floats:
    """The picture with the subject's own colours carried out over its border, so that no old background shines."""
    core = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=3, borderValue=1)
    if not core.any():
        return picture.astype(np.float32)
    _, labels = cv2.distanceTransformWithLabels(1 - core, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    colours = np.zeros((labels.max() + 1, 3), np.float32)
    colours[labels[core > 0]] = picture[core > 0]
    spread = cv2.GaussianBlur(colours[labels], (0, 0), 1.0)
    return np.where(core[..., None] > 0, picture, spread).astype(np.float32)


def _shadow(mask: Mask) -> Floats:
    """How much light is left on the paper, float32 (H, W): darker close under the subject."""
    rows = np.flatnonzero(mask.any(1))
    tall, broad = mask.shape[0], mask.shape[1]
    low = np.zeros((tall, broad), np.float32)
    foot = rows[-1] - max(3, len(rows) // 10)
    low[foot:] = mask[foot:]
    size = 0.04 * float(np.sqrt(mask.sum()))
    drop = round(0.5 * size)
    moved = np.pad(low, ((drop, 0), (0, 0)))[:tall]
    dark = cv2.GaussianBlur(moved, (0, 0), max(2.0, size), sigmaY=max(1.5, 0.5 * size))
    return np.asarray(1 - 0.55 * np.clip(dark, 0, 1), np.float32)


def _generated(place: str, size: tuple[int, int], tools: Tools) -> Pixels:
    """A picture of an empty place by text to image, out of focus as a long lens shows it."""
    (made,) = tools.generate.generate([Told(f"{place}, nobody there, out of focus, photograph", size)])
    if isinstance(made, EngineError):
        raise EditNotPossible(f"engines.generate made no background: {made}")
    return np.asarray(cv2.GaussianBlur(made, (0, 0), 0.004 * max(size)), np.uint8)


@lru_cache(maxsize=16)
def _backdrop(environment: str, width: int, height: int) -> Pixels:
    """The background, uint8 (height, width, 3)."""
    if environment.startswith("studio: "):
        colour = np.array(STUDIOS[environment.removeprefix("studio: ")], np.float32)
        y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        x = np.linspace(0, 1, width, dtype=np.float32)[None]
        # Light falls from above the middle; the paper bends where the floor begins.
        light = 1.04 - 0.22 * ((x - 0.5) ** 2 + 0.8 * (y - 0.35) ** 2) - 0.05 / (1 + np.exp(-(y - 0.8) * 18))
        return np.asarray(np.clip(light[..., None] * colour, 0, 1) * 255 + 0.5, np.uint8)
    from anyedit.world.environments import ENVIRONMENTS
    from anyedit.world.render import RenderSettings, render
    from anyedit.world.scene import Camera, Scene

    place = ENVIRONMENTS[environment]
    scene = Scene(
        seed=7,
        environment=environment,
        surroundings=place.sample("backdrop", scale="outdoor"),
        camera=Camera(origin=(0, -7.0, 1.5), target=(0, 0, 1.4), fov=45),
        items=(),
    )
    small = render(
        scene, RenderSettings(max(32, width // 2), max(32, height // 2), 4, 6, "scalar_rgb")
    ).picture
    far = cv2.GaussianBlur(small, (0, 0), 0.011 * max(small.shape[:2]))
    return np.asarray(cv2.resize(far, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def rim_left(case: Case) -> float | None:
    """How much of the old background shines in the subject's border (photographs), in [0, 1].

    In a band of four pixels inside the outline: share of pixels that are much nearer to the old background beside
    them than to the subject further in.
    """
    view = case.view
    if not isinstance(view, PhotoView) or (target := subject(view)) is None:
        return None
    keep = ~case.done.mask
    mask = view.mask(target)
    if keep.sum() < 200 or (~mask).sum() < 200:
        return None
    band = mask & ~cv2.erode(
        mask.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=3, borderValue=1
    ).astype(bool)
    made = cv2.cvtColor(case.done.picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    inner = cv2.cvtColor((inner_colours(view.picture, mask) / 255).astype(np.float32), cv2.COLOR_RGB2LAB)
    outer = cv2.cvtColor((inner_colours(view.picture, ~mask) / 255).astype(np.float32), cv2.COLOR_RGB2LAB)
    to_inner, to_outer = (np.linalg.norm(made - other, axis=-1)[band] for other in (inner, outer))
    apart = np.linalg.norm(inner - outer, axis=-1)[band] > 15
    return float(((to_outer < 0.5 * to_inner) & apart).mean()) if band.any() else None


def outline_sure(case: Case) -> float | None:
    """See `covering.mask_sure`, of the subject's outline."""
    view = case.view
    if not isinstance(view, PhotoView) or (target := subject(view)) is None:
        return None
    return covering.on_edges(view, view.mask(target))


IN_FRONT = (
    Rule("outline of the subject on edges", outline_sure, low=0.8),
    Rule("old background in the rim", rim_left, high=0.12),
)
