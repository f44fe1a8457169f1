"""Fit the constants of the photometric tones to exact pairs of the world: `python benchmarks/tones.py FOLDER [SCENES [TONE...]]`.

Outdoor scenes by day (seed 70001, never used by `fidelity`) are rendered as they are and in every tone; the pairs stay in
FOLDER. For each tone the constants of `engines/classical/tones.py` are those with the least CIE Lab distance from the
exact picture over the scenes but every fourth, each scene weighing the same; printed beside them is the way to the exact
picture (`edits.evidence.way_made`) on the scenes kept out and, in brackets, on those fitted.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from scipy.optimize import least_squares

from anyedit.edits import type_of
from anyedit.edits.evidence import calm_lab
from anyedit.edits.global_.tone_transfer import ToneParams
from anyedit.edits.views import WorldView
from anyedit.engines.classical import tones
from anyedit.engines.classical.tone import Looked, encoded, toned
from anyedit.engines.classical.tones import Tone
from anyedit.seeds import rng_of
from anyedit.world.layout import sample_scene
from anyedit.world.render import RenderSettings, render
from anyedit.world.wishes import Wishes

TONES = {
    **tones.TONES,
    # Not offered: the light comes out right and the sharp shadows stay (docs/fidelity.md).
    "cloudy": Tone(
        gain=(0.982, 0.947, 0.887), power=0.921, saturation=1.117, haze=(0.047, 0.044), veil=(0.275, 0.270, 0.139),
        low=(0.52, 0.56, 0.62), high=(0.32, 0.35, 0.39), kept=0.25,
    ),
}  # fmt: skip
ASPECTS = {
    **dict.fromkeys(("morning", "golden hour", "sunset", "night"), "time"),
    **dict.fromkeys(("cloudy", "fog"), "weather"),
    **dict.fromkeys(("autumn", "winter"), "season"),
}
SEED, SIDE, PIXELS = 70001, 128, 700
SEEN = 0.05  # share of a picture that a tone must change for its scene to count
# name -> start, low, high of each constant; leaves only for seasons. The sky's are the table's own: three scenes of
# fourteen have any sky, which is too little to fit.
CONSTANTS: dict[str, tuple[tuple[float, ...], float, float]] = {
    "gain": ((0.7, 0.7, 0.7), 0.01, 3),
    "power": ((1.0,), 0.7, 1.5),
    "saturation": ((0.9,), 0.2, 1.1),
    "haze": ((0.05, 0.1), 0, 3),
    "veil": ((0.4, 0.4, 0.4), 0, 1.2),
    "leaves": ((60, 10, 10, 0.6, 5, 0.9), -120, 120),
}


def rendered(folder: Path, scenes: int) -> list[dict[str, np.ndarray]]:
    """Each scene's pictures by tone, "source" the one by day; those in the folder are read."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(scenes):
        path = folder / f"{index:03d}.npz"
        if path.exists():
            continue
        scene = sample_scene(SEED, index, Wishes(environment="outdoor", aspect=1.0)).but(
            time="noon" if index % 3 else "morning",
            weather="clear" if index % 4 else "cloudy",
            season=("spring", "summer")[index % 2],
            exposure=None,
        )
        settings, kind = RenderSettings(SIDE, SIDE), type_of("tone_transfer")
        frame = render(scene, settings)
        view = WorldView(frame, frame.picture, "", settings)
        pictures = {"source": frame.picture}
        for name, aspect in ASPECTS.items():
            if getattr(frame.scene, aspect) != name:
                params = ToneParams(aspect=aspect, value=name)  # type: ignore[arg-type]
                after = render(kind.rewrite(frame.scene, params), settings)
                pictures[name] = kind.joined(view, after, params)
        np.savez(path, **pictures)
    found = [np.load(folder / f"{index:03d}.npz") for index in range(scenes)]
    return [{name: pictures[name] for name in ("source", *ASPECTS) if name in pictures} for pictures in found]


def names_of(tone: str) -> list[str]:
    """The constants that are fitted for a tone."""
    if ASPECTS[tone] == "season":
        return ["gain", "leaves"]
    return [name for name in CONSTANTS if name != "leaves"]


def tone_of(start: Tone, names: list[str], values: np.ndarray, digits: int = 9) -> Tone:
    """The tone with these of its constants replaced, from a flat list."""
    made: dict[str, Any] = {}
    at = 0
    for name in names:
        count = len(CONSTANTS[name][0])
        own = tuple(round(float(v), digits) for v in values[at : at + count])
        made[name], at = (own[0] if count == 1 else own), at + count
    return replace(start, **made)


def _lab(light: np.ndarray) -> np.ndarray:
    shown = encoded_softly(light)
    return cv2.cvtColor(shown.reshape(-1, 1, 3).astype(np.float32), cv2.COLOR_RGB2LAB)[:, 0]


def encoded_softly(light: np.ndarray) -> np.ndarray:
    """sRGB in [0, 1] without rounding, so that the fit feels small steps."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-8) ** (1 / 2.4) - 0.055)


def picked(seen: Looked, at: np.ndarray) -> Looked:
    """Some pixels of what was looked at."""
    flat = {name: getattr(seen, name).reshape(-1, *getattr(seen, name).shape[2:])[at] for name in vars(seen)}
    return Looked(**flat)


def fitted(tone: str, scenes: list[dict[str, np.ndarray]]) -> Tone:
    """The constants with the least robust Lab distance over the scenes."""
    samples: list[tuple[Looked, np.ndarray, float]] = []
    for number, pictures in enumerate(scenes):
        if tone not in pictures:
            continue
        source, wanted = calm_lab(pictures["source"]), calm_lab(pictures[tone])
        apart = np.linalg.norm(source - wanted, axis=-1).ravel()
        at = np.flatnonzero(apart > 4)
        if len(at) < SEEN * len(apart):
            continue
        at = rng_of("fit", tone, number).choice(at, min(PIXELS, len(at)), replace=False)
        # Looked at calmed, as the distance is taken: what noise does is no tone's affair.
        seen = picked(Looked.at(cv2.GaussianBlur(pictures["source"], (0, 0), 0.8)), at)
        samples.append((seen, wanted.reshape(-1, 3)[at], 1 / float(apart[at].mean())))
    names = names_of(tone)
    start = np.concatenate([np.array(CONSTANTS[name][0], float) for name in names])
    low = np.concatenate([np.full(len(CONSTANTS[name][0]), CONSTANTS[name][1], float) for name in names])
    high = np.concatenate([np.full(len(CONSTANTS[name][0]), CONSTANTS[name][2], float) for name in names])

    def misses(values: np.ndarray) -> np.ndarray:
        made = tone_of(TONES[tone], names, values)
        off = [
            (np.linalg.norm(_lab(toned(seen, made)) - wanted, axis=-1) * weight)
            for seen, wanted, weight in samples
        ]
        # Square roots: the sum of their squares is the mean distance itself, not that of its squares.
        return np.concatenate([np.sqrt(one + 1e-3) / np.sqrt(len(one)) for one in off])

    scale = np.maximum(np.abs(start), 0.1)
    found = least_squares(misses, start, bounds=(low, high), x_scale=scale, diff_step=1e-3, max_nfev=60)
    return tone_of(TONES[tone], names, found.x, 3)


def way(tone: Tone, source: np.ndarray, exact: np.ndarray) -> float | None:
    """Share of the way from the source to the exact picture, where that is seen: 1 there, 0 nothing done.

    None where next to nothing is seen of it: autumn on a plaza.
    """
    a, b = calm_lab(source), calm_lab(exact)
    made = calm_lab(encoded(toned(Looked.at(source), tone)))
    edit, miss = np.linalg.norm(a - b, axis=-1), np.linalg.norm(made - b, axis=-1)
    if (edit > 4).mean() < SEEN:
        return None
    return 1 - float(miss[edit > 4].mean() / edit[edit > 4].mean())


def _mean(tone: Tone, name: str, scenes: list[dict[str, np.ndarray]]) -> str:
    ways = [way(tone, scene["source"], scene[name]) for scene in scenes if name in scene]
    seen = [value for value in ways if value is not None]
    return f"{np.mean(seen):.2f} of {len(seen)}" if seen else "-"


if __name__ == "__main__":
    pairs = rendered(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 14)
    used = [pair for index, pair in enumerate(pairs) if index % 4 != 3]
    for name in ASPECTS:
        if len(sys.argv) > 3 and name not in sys.argv[3:]:
            continue
        own = fitted(name, used)
        print(
            f'    "{name}": {own},  # way {_mean(own, name, pairs[3::4])} ({_mean(own, name, used)})',
            flush=True,
        )
