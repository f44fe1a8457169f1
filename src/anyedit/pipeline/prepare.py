"""Step 1: sources. World scenes are drawn and rendered; photographs are read; derived sources are earlier results."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from anyedit.edits import type_of
from anyedit.errors import AnyEditError, EngineDown, SourceError
from anyedit.pipeline.instruct import place
from anyedit.pipeline.plan import Draw
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.recipe import PhotoSource, Recipe, Splits
from anyedit.records import Instruction, Pixels, Source, SourceObject, Verdict, png
from anyedit.seeds import seed_of
from anyedit.world.render import Frame, RenderSettings

if TYPE_CHECKING:
    from anyedit.engines.tools import Tools
    from anyedit.world.wishes import Wishes

WORLD_LICENCE = "CC0-1.0"  # nobody's rights are in a rendered scene of ours


def source_id(recipe: Recipe, draw: Draw) -> str:
    """A source's id: the draw's number in the world and in what is imagined, name and number of a photograph."""
    if isinstance(recipe.source, PhotoSource):
        from anyedit.pipeline.photos import photo_names

        if not draw.natural:
            return f"i{draw.index:06d}"
        names = photo_names(recipe.source)
        name = names[draw.index % len(names)].encode(errors="surrogateescape")
        return f"p{hashlib.sha256(name).hexdigest()[:16]}-{draw.index // len(names)}"
    return f"w{draw.index:06d}"


def prepare(room: Workroom, draws: Iterable[Draw]) -> list[Source]:
    """The sources of these draws; what cannot be prepared is put aside with its reason."""
    sources = []
    for draw in draws:
        key = source_id(room.recipe, draw)
        try:
            with room.ledger.spent(draw.types[0], "prepare"):
                sources.append(
                    _photo(room, draw, key)
                    if room.recipe.source.kind == "photos"
                    else _scene(room, draw, key)
                )
        except EngineDown:
            raise  # no fault of this source: the build stops
        except AnyEditError as error:
            _put_aside(room, draw, key, fault("source", error))
        except Exception as error:  # one source's bug must not lose the build: quarantined, with the place
            _put_aside(room, draw, key, fault("error", place(error)))
    return sources


def _put_aside(room: Workroom, draw: Draw, key: str, verdict: Verdict) -> None:
    nobody = Source(key, b"", "", "", "", "train")
    for name in draw.types:
        room.ledger.entered(name, "prepare")
        blank = Instruction(f"{key}-{name}", key, name, "{}", "", "", "")
        room.reject(nobody, blank, "prepare", verdict)


def _scene(room: Workroom, draw: Draw, key: str) -> Source:
    from anyedit.world import describe, layout

    scene = layout.sample_scene(room.recipe.seed, draw.index, wishes_of(draw, room.settings))
    frame = room.frame(scene)
    return Source(
        id=key,
        image=png(frame.picture),
        caption=describe.caption(frame.scene),
        origin="world",
        licence=WORLD_LICENCE,
        split=split_of(key, room.recipe.seed, room.recipe.splits),
        objects=seen(frame),
        scene=frame.scene.model_dump_json(),
        natural=draw.natural,
    )


def wishes_of(draw: Draw, settings: RenderSettings) -> Wishes:
    """What the asked types wish of a scene, together: every need, and the first environment, scale and item range."""
    from anyedit.world.wishes import Wishes

    asked = [type_of(name).wishes for name in draw.types]
    needs = dict.fromkeys(need for wishes in asked for need in wishes.get("needs", ()))
    kinds = dict.fromkeys(kind for wishes in asked for kind in wishes.get("kinds", ()))
    single = {
        key: wishes[key]
        for wishes in reversed(asked)
        for key in ("environment", "scale", "items")
        if key in wishes
    }
    return Wishes(
        needs=tuple(sorted(needs, key=lambda need: need != "text"))[:2],  # text must be large: the subject
        kinds=tuple(kinds)[:2],
        counterfactual=not draw.natural,
        aspect=settings.width / settings.height,
        **single,
    )


def _photo(room: Workroom, draw: Draw, key: str) -> Source:
    from anyedit.pipeline import photos
    from anyedit.pipeline.finding import completed

    assert isinstance(room.recipe.source, PhotoSource)
    spec, recipe = room.recipe.source, room.recipe
    if not draw.natural:
        from anyedit.pipeline.imagine import imagined

        split = split_of(key, recipe.seed, recipe.splits)
        source = imagined(spec, room.survey, room.tools, recipe.seed, key, split)
        return completed(source, room.tools, (*draw.types, *draw.spare))
    names = photos.photo_names(spec)
    at = draw.index % len(names)
    if spec.distinct is not None and names[at] in room.survey.duplicates:
        first, apart = room.survey.duplicates[names[at]]
        raise SourceError(f"{names[at]}: looks like {first} (perceptual hashes {apart} of 64 bits apart)")
    split = split_of(names[at], recipe.seed, recipe.splits)
    source = photos.load_source(at, spec, key, split, lambda picture: described(picture, room.tools))
    return completed(source, room.tools, (*draw.types, *draw.spare))


def described(picture: Pixels, tools: Tools) -> str:
    """A caption by the recipe's engine. Raises what the engine says when it cannot."""
    (said,) = tools.describe.caption([picture])
    if isinstance(said, Exception):
        raise said
    return " ".join(said.split())


def seen(frame: Frame) -> tuple[SourceObject, ...]:
    """The items of a frame with their boxes (the masks are the frame's own)."""
    objects = []
    for item in frame.scene.items:
        mask = frame.mask(item.id)
        if mask.any():
            rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
            box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
            objects.append(SourceObject(item.id, item.kind, box, float(mask.mean()), origin="exact"))
    return tuple(objects)


def split_of(key: str, seed: int, splits: Splits) -> str:
    """The split of a source, by its own id: no source is in two."""
    shares = {"train": splits.train, "validation": splits.validation, "test": splits.test}
    at = seed_of(seed, key, "split") / 2**64 * sum(shares.values())
    for name, share in shares.items():
        if at < share:
            return name
        at -= share
    return "train"
