"""`fidelity`: the pixel pipelines on world pictures with exact masks, held against the exact edit of the same scene.

Nothing else can say how near an inpainted hole is to what truly stood behind. Every engine of every role that a
type's pipeline asks for is tried in turn, the other roles kept as the recipe has them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from anyedit.edits import Case, EditType, Outcome, edit_types, type_of
from anyedit.edits.covering import COVERINGS
from anyedit.edits.evidence import way_made
from anyedit.edits.global_.tone_transfer import possible_tones
from anyedit.edits.implicit.implicit_change import TONE_AFTER
from anyedit.edits.placing import centroid
from anyedit.edits.views import PhotoView, WorldView
from anyedit.engines.toolbox import ENGINES, tools
from anyedit.errors import AnyEditError, RecipeError, nearest
from anyedit.pipeline import shards
from anyedit.pipeline.audit.wrong import changed
from anyedit.pipeline.instruct import place
from anyedit.pipeline.plan import Draw
from anyedit.pipeline.prepare import wishes_of
from anyedit.recipe import Recipe, WorldSource, digest, load_recipe
from anyedit.records import Pixels, Source, SourceObject, png
from anyedit.seeds import rng_of
from anyedit.world import describe
from anyedit.world.render import RenderSettings, render

VERSION = "2"
NOTHING = "nothing done"  # the source handed back: what an engine must beat
ELSEWHERE = (
    "huggingface",
    "openai",
    "lama",
)  # engines that need a model of the user's choice: named, not tried by default
TRIES = 8  # scenes drawn for each one that a type can use
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Tried:
    """One scene edited by one choice of engines.

    l1: mean absolute difference from the exact edit, 8-bit steps; ssim: structural similarity with it; inside and
    outside the exact mask (None: nothing there). way: share of the way to the exact edit. passed: by the type's gates
    as a photograph, and by those that know the exact edit. note: why there is no picture.
    """

    edit_type: str
    scene: int
    role: str
    engine: str
    l1_inside: float | None = None
    l1_outside: float | None = None
    ssim_inside: float | None = None
    ssim_outside: float | None = None
    way: float | None = None
    seconds: float | None = None
    passed: bool | None = None
    passed_exactly: bool | None = None
    note: str = ""


# How a scene's parameters are said to the pixel pipeline; None: this scene has no such edit of a photograph.
Said = Callable[[Any, WorldView, Outcome], Any | None]


def _same(params: Any, view: WorldView, exact: Outcome) -> Any:
    return params


def _only(**wanted: Any) -> Said:
    def said(params: Any, view: WorldView, exact: Outcome) -> Any | None:
        return params if all(getattr(params, key) in values for key, values in wanted.items()) else None

    return said


def _fewer(params: Any, view: WorldView, exact: Outcome) -> Any | None:
    return params if params.gone else None


def _shifted(params: Any, view: WorldView, exact: Outcome) -> Any | None:
    """The move of the visible middle, in shares of the picture."""
    if exact.after is None:
        return None
    old, new = centroid(view.frame, params.target), centroid(exact.after, params.target)
    if old is None or new is None or any(item.on == params.target for item in view.scene.items):
        return None
    return changed(params, position=(new[0] - old[0], new[1] - old[1], 0.0), on=None)


def _offered(params: Any, view: WorldView, exact: Outcome) -> Any | None:
    """The tone, where one would be offered of this picture as a photograph: by day, outdoors."""
    value = getattr(params, "value", None) or TONE_AFTER.get(getattr(params, "cause", ""), "")
    return params if value in {tone for _, tone in possible_tones(as_photograph(view, "seen"))} else None


COMPARED: dict[str, Said] = {
    "remove": _same,
    "color_alter": _same,
    "material_change": _only(material=COVERINGS),  # what the pixel pipeline offers
    "appearance_alter": _only(what=("pattern",)),
    "counting": _fewer,
    "movement": _shifted,
    "resize": _same,
    "relation": _shifted,
    "tone_transfer": _offered,
    "implicit_change": _offered,
}
LEFT_OUT: dict[str, str] = {
    "style_change": "the same code draws both: nothing to compare",
    "outpaint": "the pixel pipeline shows the photograph that the source was cut from: nothing is made up",
    "rotation_change": "the pixel pipeline takes the capture's second view: nothing is made up",
    "background_change": "the pixel pipeline's backdrops are no places of the world",
    "textual_change": "needs text boxes, which world pictures do not carry",
    "visual_material_transfer": "its pixels are material_change's",
    **dict.fromkeys(
        ("add", "replace", "visual_reference", "action_change"),
        "a learned engine makes up what comes: the world's thing is another one",
    ),
    **dict.fromkeys(
        ("visual_bbox", "visual_segment", "visual_scribble", "visual_sketch", "visual_depth"),
        "its pixels are those of its inner edit, measured as that type",
    ),
}


def fidelity(
    recipe: str | Path | Mapping[str, Any] | Recipe,
    *,
    out: str | Path,
    scenes: int = 40,
    types: Sequence[str] | None = None,
    engines: Mapping[str, Sequence[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Tried]:
    """Try the recipe's engines, and their alternatives, on `scenes` scenes a type; writes `out`/fidelity.md and .json.

    engines: role -> names to compare (default: all that need no model of the user's). A recipe of photographs is
    tried on world scenes of the default size. Scenes that are measured already are read, not made again. Raises
    RecipeError for unknown roles, engines and types that cannot be compared.
    """
    from anyedit.pipeline.fidelity_report import write

    loaded = load_recipe(recipe, settings)
    known = {name for name in edit_types() if name in COMPARED}
    asked = [type_of(name).name for name in types] if types else sorted(known & set(loaded.types or known))
    for name in asked:
        if name not in COMPARED:
            raise RecipeError(
                f"fidelity: {name} is not compared: {LEFT_OUT.get(name, 'it has no pixel pipeline')}"
            )
    choices = {role: tuple(names) for role, names in (engines or {}).items()}
    for role, names in choices.items():
        tools({role: names[0]})  # raises for an unknown role or engine
        for name in names:
            if name not in ENGINES[role]:
                raise RecipeError(
                    f"engines.{role}: no engine is named '{name}'{nearest(name, ENGINES[role])}"
                )
    target = Path(out)
    found: list[Tried] = []
    for number, name in enumerate(asked):
        key = digest(
            repr((VERSION, loaded.source, loaded.engines, loaded.seed, scenes, sorted(choices.items())))
        )
        path = target / "tried" / f"{name}-{key}.parquet"
        if not path.exists():
            shards.write_rows(path, list(_type_tried(loaded, name, scenes, choices)), Tried)
        found += shards.read_rows(path, Tried)
        if progress is not None:
            progress(number + 1, len(asked))
    write(target, found)
    return found


def _type_tried(
    recipe: Recipe, name: str, scenes: int, choices: Mapping[str, Sequence[str]]
) -> Iterator[Tried]:
    done = 0
    for index in range(scenes * TRIES):
        if done == scenes:
            return
        rows = list(scene_tried(recipe, type_of(name), index, choices))
        yield from rows
        done += bool(rows)


def scene_tried(
    recipe: Recipe, kind: EditType, index: int, choices: Mapping[str, Sequence[str]]
) -> Iterator[Tried]:
    """Every engine on one scene; nothing when the type finds nothing to do there."""
    from anyedit.world.layout import sample_scene

    source = recipe.source if isinstance(recipe.source, WorldSource) else WorldSource()
    settings = RenderSettings(source.width, source.height, source.samples, source.depth, source.variant)
    frame = render(sample_scene(recipe.seed, index, wishes_of(Draw(index, (kind.name,)), settings)), settings)
    view = WorldView(frame, frame.picture, describe.caption(frame.scene), settings)
    params = kind.propose(view, rng_of(recipe.seed, index, kind.name, "fidelity"))
    if params is None:
        return
    exact = kind.edit_world(view, params)
    said = COMPARED[kind.name](params, view, exact)
    if said is None:
        return
    photo = as_photograph(view, f"f{index:06d}")
    base = tools(recipe.engines)
    first = _tried(kind, photo, said, view, params, exact, base, index, ("all", "recipe"))
    if first.note and not first.note.startswith("error"):
        return  # this pipeline does not serve this scene, whatever the engine
    yield replace(
        _measured(view.picture, exact), edit_type=kind.name, scene=index, role="all", engine=NOTHING
    )
    yield first
    for role in base.running():
        names = choices.get(role, tuple(n for n in ENGINES[role] if n not in ELSEWHERE))
        for name in names:
            chosen = tools({**recipe.engines, role: name})
            yield _tried(kind, photo, said, view, params, exact, chosen, index, (role, name))


def as_photograph(view: WorldView, key: str) -> PhotoView:
    """A world view as the pixel pipelines see it: the picture, and exact masks instead of a scene."""
    objects = []
    for item in view.visible:
        mask = view.frame.mask(item.id)
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
        objects.append(
            SourceObject(item.id, view.kind(item).name, box, float(mask.mean()), png(mask), "exact")
        )
    return PhotoView(Source(key, png(view.picture), view.caption, "world", "CC0-1.0", "test", tuple(objects)))


def _tried(
    kind: EditType,
    photo: PhotoView,
    said: Any,
    view: WorldView,
    params: Any,
    exact: Outcome,
    chosen: Any,
    index: int,
    who: tuple[str, str],
) -> Tried:
    blank = Tried(kind.name, index, *who)
    began = time.perf_counter()
    try:
        outcome = kind.edit(photo, said, chosen)
        seconds = time.perf_counter() - began
    except AnyEditError as error:
        return replace(blank, note=str(error))
    except Exception as error:  # one engine's bug is a line of the table, not the end of it
        return replace(blank, note=f"error: {place(error)}")
    alone = replace(exact, picture=outcome.picture, influence=None, scene=None, after=None)
    known = _case(kind, view, params, replace(exact, picture=exact.picture), chosen)
    kind_rules = kind.gates
    way_made(known)  # the truth is kept in the notes: rendered once for all that follows
    judged = replace(known, outcome=alone)
    return replace(
        _measured(outcome.picture, exact),
        edit_type=kind.name,
        scene=index,
        role=who[0],
        engine=who[1],
        way=way_made(judged),
        seconds=seconds,
        passed=all(
            rule.judge(_case(kind, photo, said, outcome, chosen)).passed is not False for rule in kind_rules
        ),
        passed_exactly=all(rule.judge(judged).passed is not False for rule in kind_rules),
    )


def _case(kind: EditType, view: Any, params: Any, outcome: Outcome, chosen: Any) -> Case:
    return Case(kind, view, params, "", view.caption, "", outcome, chosen)


def _measured(picture: Pixels, exact: Outcome) -> Tried:
    off = np.abs(picture.astype(np.float32) - exact.picture.astype(np.float32)).mean(-1)
    alike = ssim_map(picture, exact.picture)
    inside, outside = exact.mask, ~exact.mask

    def mean(values: Floats, where: npt.NDArray[np.bool_]) -> float | None:
        return float(values[where].mean()) if where.any() else None

    return Tried(
        "", 0, "", "", mean(off, inside), mean(off, outside), mean(alike, inside), mean(alike, outside)
    )


def ssim_map(one: Pixels, other: Pixels) -> Floats:
    """Structural similarity of the grey pictures, float32 (H, W) in [-1, 1] (Wang et al. 2004, equation 13).

    Gaussian windows of sigma 1.5; K1 0.01, K2 0.03, L 255.
    """
    a, b = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) for picture in (one, other))

    def window(values: Any) -> Any:
        return cv2.GaussianBlur(values, (11, 11), 1.5)

    mean_a, mean_b = window(a), window(b)
    var_a, var_b = window(a * a) - mean_a**2, window(b * b) - mean_b**2
    both = window(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    return np.asarray(top / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)), np.float32)
