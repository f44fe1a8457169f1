"""What accepted pairs lead to: the next turn of a chain, the inverse edit, two edits in one instruction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

from anyedit.edits import edit_types, type_of
from anyedit.edits.composition import Composition, CompositionParams, apart, composable
from anyedit.edits.views import WorldView
from anyedit.errors import AnyEditError
from anyedit.pipeline.instruct import instruct, place, wordings, write
from anyedit.pipeline.prepare import seen
from anyedit.pipeline.workroom import Workroom, fault
from anyedit.records import EditPair, Instruction, Source
from anyedit.seeds import rng_of
from anyedit.world.scene import Scene


@dataclass(frozen=True)
class Derived:
    """A source of a later pass with what is asked of it."""

    source: Source
    instructions: tuple[Instruction, ...]


def derive(room: Workroom, pairs: Sequence[EditPair], number: int) -> list[Derived]:
    """The work of pass `number` (2 and up), from the accepted pairs of the pass before."""
    derived = []
    originals = [pair for pair in pairs if pair.instruction.relation == "original"]
    for pair in originals:
        if pair.source.scene is None or pair.edit.scene is None:
            if number == 2:  # of photographs only the way back: the picture as taken is the true target
                derived += _guarded(room, pair, "inverse", _inverse)
            continue  # only exact states can be continued
        if number == 2:
            derived += _guarded(room, pair, "inverse", _inverse)
        derived += _guarded(room, pair, "chain", lambda room, pair: _next_turn(room, pair, number))
    if number == 2:
        derived += _compositions(room, originals)
    return derived


def _guarded(
    room: Workroom, pair: EditPair, what: str, make: Callable[[Workroom, EditPair], list[Derived]]
) -> list[Derived]:
    """What can be made of a pair; a bug on one pair is put aside with the place, and the build goes on."""
    try:
        return make(room, pair)
    except Exception as error:
        name = pair.instruction.edit_type
        room.ledger.entered(name, what)
        blank = replace(pair.instruction, id=f"{pair.instruction.id}~{what}")
        room.reject(pair.source, blank, what, fault("error", place(error)))
        return []


def result_of(room: Workroom, pair: EditPair, key: str) -> Source:
    """A pair's edited picture as a source."""
    if pair.edit.scene is None:
        return replace(
            pair.source,
            id=key,
            image=pair.edit.image,
            caption=pair.instruction.edited_caption,
            objects=(),  # which of them are still there as they were, is not known
            extra="{}",
            parent=pair.instruction.id,
        )
    frame = room.frame(Scene.model_validate_json(pair.edit.scene))
    return replace(
        pair.source,
        id=key,
        image=pair.edit.image,
        caption=pair.instruction.edited_caption,
        objects=seen(frame),
        scene=pair.edit.scene,
        parent=pair.instruction.id,
    )


def _inverse(room: Workroom, pair: EditPair) -> list[Derived]:
    seed, key = room.recipe.seed, f"{pair.instruction.id}~"
    if rng_of(seed, key, "inverse").random() >= room.recipe.inverse:
        return []
    kind = type_of(pair.instruction.edit_type)
    params = kind.Params.model_validate_json(pair.instruction.params)
    back = kind.inverse(room.view(pair.source), params, room.outcome(pair.edit))
    if back is None:
        return []
    source = result_of(room, pair, key)
    try:
        instruction = write(room, source, *back, key)
    except AnyEditError:
        return []  # cannot be said truthfully of the edited picture
    caption = pair.source.caption
    return [
        Derived(
            source,
            (
                replace(
                    instruction, edited_caption=caption, relation="inverse", made_from=(pair.instruction.id,)
                ),
            ),
        )
    ]


def _next_turn(room: Workroom, pair: EditPair, number: int) -> list[Derived]:
    chains, seed = room.recipe.chains, room.recipe.seed
    if pair.source.turn != number - 1 or number > chains.turns:
        return []
    chain = pair.source.chain or pair.instruction.id
    if rng_of(seed, chain, "chain").random() >= chains.share:
        return []
    source = replace(result_of(room, pair, f"{pair.instruction.id}.{number}"), turn=number, chain=chain)
    weights = room.recipe.weights(tuple(edit_types()))
    names = [name for name in weights if name != pair.instruction.edit_type]
    order = rng_of(seed, source.id, "type").permutation(len(names))
    for k in order[:4]:
        written = instruct(room, source, (names[k],))
        if written:
            return [Derived(source, tuple(written))]
    return []


def _compositions(room: Workroom, pairs: Sequence[EditPair]) -> list[Derived]:
    derived = []
    by_source: dict[str, list[EditPair]] = {}
    for pair in pairs:
        if pair.source.scene is not None and composable(type_of(pair.instruction.edit_type)):
            by_source.setdefault(pair.source.id, []).append(pair)
    for key, group in by_source.items():
        if rng_of(room.recipe.seed, key, "composition").random() >= room.recipe.composition:
            continue
        for one, two in combinations(group, 2):
            made = _guarded(room, one, "composition", partial(_composed, two=two))
            if made:
                derived += made
                break
    return derived


def _composed(room: Workroom, one: EditPair, two: EditPair) -> list[Derived]:
    view = room.view(one.source)
    assert isinstance(view, WorldView)
    kinds = [type_of(pair.instruction.edit_type) for pair in (one, two)]
    params = [
        kind.Params.model_validate_json(pair.instruction.params)
        for kind, pair in zip(kinds, (one, two), strict=True)
    ]
    kind = Composition(*kinds)
    both = CompositionParams(
        first=params[0].model_dump(mode="json"), second=params[1].model_dump(mode="json")
    )
    try:
        if not apart(view.scene, (kinds[0], params[0]), (kinds[1], params[1])):
            return []
        caption = kind.caption_after(view, both)
    except AnyEditError:
        return []  # the second edit is not possible after the first
    key = f"{one.source.id}-{kind.name}"
    texts = [
        next(
            (
                text
                for text in wordings(k, view, p, rng_of(room.recipe.seed, key, k.name))
                if imperative(text)
            ),
            None,
        )
        for k, p in zip(kinds, params, strict=True)
    ]
    if None in texts:
        return []
    first, second = (str(text).rstrip(".") for text in texts)
    instruction = Instruction(
        id=key,
        source=one.source.id,
        edit_type=kind.name,
        params=both.model_dump_json(),
        text=f"{first} and {second[0].lower()}{second[1:]}",
        edited_caption=caption,
        edited_object=kind.words(view, both)["object"],
        relation="composition",
        made_from=(one.instruction.id, two.instruction.id),
    )
    return [Derived(one.source, (instruction,))]


def imperative(text: str) -> bool:
    """Whether a wording is a plain command, which another can follow with "and"."""
    return (
        "?" not in text
        and not text.startswith(("I ", "Please", "What", "There", "The "))
        and "'d" not in text
    )
