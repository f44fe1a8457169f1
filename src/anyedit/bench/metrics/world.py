"""Exact judgement on world scenes: the type's own gates on the *edited* picture, and how far the edit went.

The scenes of an item are rendered again, so the instance ids before and after are known to the pixel; an
editor's picture takes the place of the exact one and the edit type's gates measure it. A gate counts as evidence
only where the exact target passes it and the unchanged source does not: gates that look at the scene instead of
the picture, and gates that any picture passes, say nothing of an editor.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.metrics import Column, Pair

if TYPE_CHECKING:
    from anyedit.bench.features import Features
    from anyedit.bench.items import Picture
    from anyedit.edits.base import Case

PRESERVATION = (
    "change outside influence"  # bit-equality: measured by its own columns, no editor with a VAE has it
)
REACHED = 0.5  # an instance is as asked when its pixels are nearer to the target's than to the source's
VERSION = 2  # of this measurement, for the cache


@dataclass(frozen=True)
class WorldCorrectness:
    """correct: 1 when the type's own gates pass; gates: when all that are evidence do. progress: 1 - |out - target| / |source - target| in the
    mask (0: nothing done, 1: exact). instances: share of the changed instances that are as asked."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Four columns."""
        return (
            Column("correct", "edit correct", "higher", "the type's own gates pass on the edited picture"),
            Column("gates", "all gates", "higher", "every gate that is evidence passes"),
            Column(
                "instances",
                "instances right",
                "higher",
                "changed instances nearer to the target than the source",
            ),
            Column(
                "progress", "progress", "higher", "1 - |out - target| / |source - target| inside the mask"
            ),
        )

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """None for items that are not of the world."""
        found: list[dict[str, float | None]] = []
        for pair in pairs:
            item = pair.item
            if item.world is None or item.target is None or item.mask is None:
                found.append({column.key: None for column in self.columns})
                continue
            group: tuple[Picture, ...] = (pair.output, item.source, item.target, item.mask)
            if item.visual_prompt is not None:
                group = (*group, item.visual_prompt)
            told = (item.world, item.instruction, item.source_caption, item.caption)
            values = features.numbers(
                ("world", VERSION, *told), [group], lambda *images, told=told: _judged(told, *images)
            )[0]
            found.append(
                {c.key: None if np.isnan(v) else float(v) for c, v in zip(self.columns, values, strict=True)}
            )
        return found


WORLD = WorldCorrectness()


@lru_cache(maxsize=8)
def _case(told: tuple[str, str, str, str]) -> Any:
    """The exact case of an item: both scenes rendered, the outcome still without its picture."""
    from anyedit.edits.base import Case, Outcome, type_of
    from anyedit.edits.views import WorldView
    from anyedit.world.render import RenderSettings, render
    from anyedit.world.scene import Scene

    world, text, before, after_caption = told
    facts = json.loads(world)
    settings = RenderSettings(**facts["render"])
    frame = render(Scene.model_validate(facts["source_scene"]), settings)
    edited = facts["edited_scene"]
    after = None if edited is None else render(Scene.model_validate(edited), settings)
    kind = type_of(facts["edit_type"])
    blank = np.zeros(frame.picture.shape[:2], bool)
    return Case(
        kind=kind,
        view=WorldView(frame, frame.picture, before, settings, facts["turn"]),
        params=kind.Params.model_validate_json(facts["params"]),
        text=text,
        edited_caption=after_caption,
        edited_object=facts["edited_object"],
        outcome=Outcome(frame.picture, blank, scene=after.scene if after else None, after=after),
    )


def _judged(
    told: tuple[str, str, str, str],
    output: Image.Image,
    source: Image.Image,
    target: Image.Image,
    mask: Image.Image,
    visual: Image.Image | None = None,
) -> npt.NDArray[np.float64]:
    case = _case(told)
    out, before, wanted = (_fitted(image, target.size) for image in (output, source, target))
    edited = np.asarray(mask.convert("L")) > 127
    case = replace(
        case,
        view=replace(case.view, picture=before),
        outcome=replace(
            case.outcome, mask=edited, visual_prompt=None if visual is None else np.asarray(visual)
        ),
    )
    values = (
        *correct(case, out, before, wanted),
        instances(case, out, before, wanted),
        progress(out, before, wanted, edited),
    )
    return np.array(values, np.float64)


def _fitted(image: Image.Image, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    return np.asarray(image if image.size == size else image.resize(size, Image.Resampling.BICUBIC))


def correct(
    case: Case, out: npt.NDArray[np.uint8], before: npt.NDArray[np.uint8], wanted: npt.NDArray[np.uint8]
) -> tuple[float, float]:
    """Whether the type's own gates pass, and whether all do: 1, 0, or NaN where none is evidence.

    Own: colour reached, object gone, text read back, count ...; where a type has no such evidence, all gates.
    """
    from anyedit.edits.rules import LOCAL

    exact, unchanged, made = (_verdicts(case, picture) for picture in (wanted, before, out))
    evidence = [
        name for name in exact if exact[name] and unchanged[name] is False and not name.endswith(PRESERVATION)
    ]
    if not evidence:
        return float("nan"), float("nan")
    common = {rule.name for rule in LOCAL} | {"change of the picture"}
    own = [name for name in evidence if name.removeprefix("inner: ") not in common] or evidence
    return float(all(made[name] for name in own)), float(all(made[name] for name in evidence))


def _verdicts(case: Case, picture: npt.NDArray[np.uint8]) -> dict[str, bool | None]:
    """Every gate's verdict on a picture; the case's notes are this picture's own."""
    shown = replace(case, outcome=replace(case.done, picture=picture), notes={})
    return {rule.name: rule.judge(shown).passed for rule in case.kind.gates}


def instances(
    case: Case, out: npt.NDArray[np.uint8], before: npt.NDArray[np.uint8], wanted: npt.NDArray[np.uint8]
) -> float:
    """Share of the items added, removed or changed whose pixels are as asked; counts are judged so. NaN: none."""
    from anyedit.edits.exact import changed_items

    frame, after = case.view.frame, case.done.after  # type: ignore[union-attr]
    if after is None:
        return float("nan")
    right = []
    for name in sorted(changed_items(frame.scene, after.scene)):
        where = frame.mask(name) | after.mask(name)
        value = progress(out, before, wanted, where)
        if not np.isnan(value):
            right.append(value > REACHED)
    return float(np.mean(right)) if right else float("nan")


def progress(
    out: npt.NDArray[np.uint8],
    before: npt.NDArray[np.uint8],
    wanted: npt.NDArray[np.uint8],
    where: npt.NDArray[np.bool_],
) -> float:
    """1 - |out - target| / |source - target| over `where`; NaN where source and target are equal there."""
    if not where.any():
        return float("nan")
    a, b, c = (image[where].astype(np.float64) for image in (out, before, wanted))
    whole = np.abs(b - c).mean()
    return float(1 - np.abs(a - c).mean() / whole) if whole > 0 else float("nan")
