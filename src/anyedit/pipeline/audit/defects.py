"""Defects that editing data is known for, planted into exact pairs; and harmless changes that no gate should mind.

Lengths are shares of the longer side, so that a defect looks alike at every size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from anyedit.edits import Outcome
from anyedit.edits.evidence import SEEN, calm_lab
from anyedit.edits.exact import outcome_of
from anyedit.errors import AnyEditError
from anyedit.pipeline.audit import wrong
from anyedit.pipeline.audit.pairs import Pair
from anyedit.records import Pixels, pixels_of
from anyedit.world.render import render

Rng = np.random.Generator
Plant = Callable[[Pair, Rng], Outcome | None]


@dataclass(frozen=True)
class Defect:
    """One way in which an edit goes wrong. plant: the spoilt outcome, or None where it does not apply.

    draws: how often it is planted into one pair, each time elsewhere: what needs no render is cheap.
    """

    name: str
    meaning: str
    plant: Plant
    draws: int = 1


def _painted(pair: Pair, picture: Pixels) -> Outcome:
    """The pair's outcome with another picture; the scene graph still says that all is well."""
    return replace(pair.case.done, picture=picture)


def _made(pair: Pair, made: Outcome) -> Outcome:
    """The outcome of an edit that was not asked for, its scene and frame with it; mask and prompt are the asked ones."""
    return replace(
        pair.case.done, picture=made.picture, influence=made.influence, scene=made.scene, after=made.after
    )


def identity(pair: Pair, rng: Rng) -> Outcome:
    """The source handed back."""
    return _painted(pair, pair.view.picture)


def _with_params(make: Callable[..., Any | None]) -> Plant:
    def plant(pair: Pair, rng: Rng) -> Outcome | None:
        params = wrong.within(pair.kind, pair.case.params, make, pair.view, rng)
        if params is None:
            return None
        outcome = _made(pair, pair.kind.edit_world(pair.view, params))
        return outcome if _seen(outcome.picture, pair.case.done.picture) else None  # else nothing is wrong

    return plant


def partial(pair: Pair, rng: Rng) -> Outcome | None:
    """Half of the edited region is left as it was; of an outpaint, half of the new border is flat."""
    done = pair.case.done
    rows, columns = np.nonzero(done.mask)
    if len(rows) < 30:
        return None
    across = rng.random() < 0.5
    line = float(np.median(columns if across else rows))
    grid = np.indices(done.mask.shape)[1 if across else 0]
    half = (grid > line) if rng.random() < 0.5 else (grid < line)
    left = pair.view.picture
    if pair.kind.name == "outpaint":
        left = np.broadcast_to(done.picture.reshape(-1, 3).mean(0).astype(np.uint8), done.picture.shape)
    return _painted(pair, np.where((half & done.mask)[..., None], left, done.picture))


def leak(pair: Pair, rng: Rng) -> Outcome | None:
    """A tinted disc, 9% of the side in radius, outside of mask and influence."""
    done = pair.case.done
    radius = max(4, round(0.09 * max(done.mask.shape)))
    touched = done.mask if done.influence is None else done.mask | (done.influence > 0)
    far = cv2.distanceTransform((~touched).astype(np.uint8), cv2.DIST_L2, 5)
    far[:radius], far[-radius:], far[:, :radius], far[:, -radius:] = 0, 0, 0, 0
    places = np.argwhere(far > radius + 2)
    if not len(places):
        return None
    y, x = places[int(rng.integers(len(places)))].tolist()
    disc = np.zeros(done.mask.shape, np.float32)
    cv2.circle(disc, (x, y), radius, 1, -1)
    weight = cv2.GaussianBlur(disc, (0, 0), 1)[..., None]
    lab = _lab(done.picture)
    turn = rng.uniform(0, 2 * np.pi)
    lab += weight * np.array([12 * rng.choice([-1, 1]), 28 * np.cos(turn), 28 * np.sin(turn)], np.float32)
    return _painted(pair, _rgb(lab))


def shift(pair: Pair, rng: Rng) -> Outcome:
    """All moved by 1.6 to 4% of the side: 2 to 5 pixels of 128."""
    picture = pair.case.done.picture
    reach = rng.uniform(0.016, 0.04) * max(picture.shape[:2])
    turn = rng.uniform(0, 2 * np.pi)
    return _painted(
        pair, _warped(picture, np.array([[1, 0, reach * np.cos(turn)], [0, 1, reach * np.sin(turn)]]))
    )


def zoom(pair: Pair, rng: Rng) -> Outcome:
    """Cropped and enlarged by 4 to 9%."""
    picture = pair.case.done.picture
    height, width = picture.shape[:2]
    factor = rng.uniform(1.04, 1.09)
    return _painted(pair, _warped(picture, cv2.getRotationMatrix2D((width / 2, height / 2), 0, factor)))


def wrong_colour(pair: Pair, rng: Rng) -> Outcome | None:
    """The hue of what was edited turned by 90 to 180 degrees; where there is colour to turn."""
    done = pair.case.done
    if not done.mask.any():
        return None
    lab = _lab(done.picture)
    if np.median(np.hypot(lab[..., 1], lab[..., 2])[done.mask]) < 15:
        return None
    turn = np.radians(rng.uniform(90, 180) * rng.choice([-1, 1]))
    c, s = np.cos(turn), np.sin(turn)
    turned = lab.copy()
    turned[..., 1], turned[..., 2] = c * lab[..., 1] - s * lab[..., 2], s * lab[..., 1] + c * lab[..., 2]
    return _painted(pair, np.where(done.mask[..., None], _rgb(turned), done.picture))


def wrong_count(pair: Pair, rng: Rng) -> Outcome | None:
    """One more or one less than asked."""
    scene = wrong.another_number(pair.kind, pair.case.params, pair.view, rng)
    if scene is None:
        return None
    outcome = _made(pair, outcome_of(pair.kind, pair.view, scene, pair.case.params))
    return (
        outcome if _apart(outcome.picture, pair.case.done.picture) > 0.3 else None
    )  # hidden: nothing is wrong


def garbled_text(pair: Pair, rng: Rng) -> Outcome | None:
    """The new text with its letters in disorder."""
    if pair.kind.name != "textual_change":
        return None
    text = wrong.garbled(pair.case.params.new, rng)
    if text is None:
        return None
    params = wrong.changed(pair.case.params, new=text)
    return _made(pair, pair.kind.edit_world(pair.view, params))


def blur(pair: Pair, rng: Rng) -> Outcome:
    """Out of focus: a Gaussian of 0.8 to 1.2% of the side."""
    picture = pair.case.done.picture
    sigma = rng.uniform(0.008, 0.012) * max(picture.shape[:2])
    return _painted(pair, np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma)))


def swapped(pair: Pair, rng: Rng) -> Outcome | None:
    """The edited picture of another instruction on the same source."""
    if pair.other is None or _apart(pair.other, pair.case.done.picture) < 0.6:
        return None
    return _painted(pair, pair.other)


def wrong_prompt(pair: Pair, rng: Rng) -> Outcome | None:
    """The visual prompt of another pair of the type."""
    prompt = pair.case.done.visual_prompt
    if prompt is None or pair.other_prompt is None or np.array_equal(prompt, pair.other_prompt):
        return None
    return replace(pair.case.done, visual_prompt=pair.other_prompt)


DEFECTS: tuple[Defect, ...] = (
    Defect("identity", "the source handed back", identity),
    Defect("wrong object", "another object was edited, or put in", _with_params(wrong.another_object)),
    Defect("wrong value", "another material, state, place, angle...", _with_params(wrong.another_value)),
    Defect("wrong colour", "the edited region's hue turned by 90 to 180 degrees", wrong_colour, draws=2),
    Defect("wrong count", "one more or one less than asked", wrong_count),
    Defect("garbled text", "the new text's letters in disorder", garbled_text),
    Defect("partial edit", "half of the region is left as it was", partial, draws=2),
    Defect("leak", "a tinted disc outside the mask", leak, draws=2),
    Defect("shift", "moved by 1.6 to 4% of the side", shift, draws=2),
    Defect("zoom", "enlarged by 4 to 9%", zoom, draws=2),
    Defect("blur", "Gaussian of 0.8 to 1.2% of the side", blur, draws=2),
    Defect("swapped", "the picture of another instruction", swapped),
    Defect("wrong prompt", "the condition picture of another pair", wrong_prompt),
)


def untouched(pair: Pair, rng: Rng) -> Outcome:
    """The pair as it is."""
    return pair.case.done


def jpeg(pair: Pair, rng: Rng) -> Outcome:
    """Compressed to JPEG of quality 90 and back."""
    shown = np.ascontiguousarray(pair.case.done.picture[..., ::-1])
    _, data = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return _painted(pair, pixels_of(data.tobytes()))


def grain(pair: Pair, rng: Rng) -> Outcome:
    """The edited scene rendered with other random numbers; a style, with a grain of 1.5 steps."""
    after, params = pair.case.done.after, pair.case.params
    if after is None:
        noise = rng.normal(0, 1.5, pair.case.done.picture.shape)
        return _painted(pair, np.clip(pair.case.done.picture + noise, 0, 255).astype(np.uint8))
    frame = render(after.scene.but(seed=(after.scene.seed + 1) % 2**31), pair.settings)
    return _painted(pair, pair.kind.joined(pair.view, frame, params))


def brighter(pair: Pair, rng: Rng) -> Outcome:
    """2% brighter or darker."""
    gain = 1 + 0.02 * float(rng.choice([-1, 1]))
    return _painted(pair, np.clip(pair.case.done.picture * gain + 0.5, 0, 255).astype(np.uint8))


HARMLESS: tuple[Defect, ...] = (
    Defect("untouched", "as it is", untouched),
    Defect("jpeg", "JPEG of quality 90", jpeg),
    Defect("grain", "rendered with other random numbers", grain),
    Defect("brightness", "2% brighter or darker", brighter),
)


def planted(defect: Defect, pair: Pair, rng: Rng) -> Outcome | None:
    """The spoilt outcome; None where the defect does not apply, or this scene gives no room for it."""
    try:
        return defect.plant(pair, rng)
    except AnyEditError:
        return None


def _apart(one: Pixels, other: Pixels) -> float:
    """Mean absolute difference, 8-bit steps."""
    if one.shape != other.shape:
        return 255.0
    return float(np.abs(one.astype(np.int16) - other.astype(np.int16)).mean())


def _seen(one: Pixels, other: Pixels) -> bool:
    """Whether two pictures differ to the eye, in something of the size of a small thing that is edited by name."""
    if one.shape != other.shape:
        return True
    apart = np.linalg.norm(calm_lab(one) - calm_lab(other), axis=-1)
    return bool((apart > 2 * SEEN).mean() > 0.004)


def _warped(picture: Pixels, matrix: Any) -> Pixels:
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(
        cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101),
        np.uint8,
    )


def _lab(picture: Pixels) -> Any:
    return cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _rgb(lab: Any) -> Pixels:
    return np.asarray(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1) * 255 + 0.5).astype(np.uint8)
