"""Counterfactual scenes: a concept that captions seldom name, where it is least expected, captioned and painted.

As published (section 3.1): tail concepts x contexts, a caption of at most twelve words by a language model, a picture
by text-to-image. Here the pools' co-occurrence is measured in the source's own captions, joined with what the world
declares of its kinds, and the report tells the bias with and without the imagined scenes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from anyedit.edits.given import Given
from anyedit.engines.roles import Prompt, Scene
from anyedit.engines.tools import Tools
from anyedit.errors import EngineError
from anyedit.language import indefinite, plural
from anyedit.pipeline.survey import Survey
from anyedit.recipe import PhotoSource
from anyedit.records import Source, png
from anyedit.seeds import rng_of, seed_of
from anyedit.world.concepts import Statistics, bias_report, context_chances, pick
from anyedit.world.environments import ENVIRONMENTS
from anyedit.world.kinds import kinds

MOST_WORDS = 12  # of a caption, as published
DECLARED = 5.0  # captions that the world's declared pairings weigh as much as
LEADING = re.compile(r"^(in|on|at|by|under|inside|near|behind|along)\s+(the|an?)?\s*", re.IGNORECASE)
SCHEMA = {
    "type": "object",
    "properties": {"caption": {"type": "string"}},
    "required": ["caption"],
    "additionalProperties": False,
}
ORIGIN = "imagined"


def pools(spec: PhotoSource) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Concepts (nouns) and contexts ("on a beach"): the recipe's, else the world's kinds and environments."""
    concepts = spec.imagined.concepts or tuple(kinds())
    contexts = spec.imagined.contexts or tuple(place.phrase for place in ENVIRONMENTS.values())
    return concepts, contexts


def meetings(
    captions: Iterable[str], concepts: Sequence[str], contexts: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Concept -> context -> how many captions name both; under "" those that name the concept at all."""
    nouns = {concept: _named((concept, plural(concept))) for concept in concepts}
    places = {context: _named((LEADING.sub("", context),)) for context in contexts}
    met: dict[str, dict[str, int]] = {}
    for caption in captions:
        there = [context for context, pattern in places.items() if pattern.search(caption)]
        for concept, pattern in nouns.items():
            if pattern.search(caption):
                row = met.setdefault(concept, {})
                for context in ("", *there):
                    row[context] = row.get(context, 0) + 1
    return met


def _named(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(word) for word in words)})\b", re.IGNORECASE)


def chances(concept: str, contexts: Sequence[str], survey: Survey) -> dict[str, float]:
    """P(context | concept): what the captions tell, with what the world declares counting as `DECLARED` captions."""
    row = survey.met.get(concept, {})
    told = sum(row.get(context, 0) for context in contexts)
    kind = kinds().get(concept)
    phrases = {place.phrase: name for name, place in ENVIRONMENTS.items()}
    usual = dict.fromkeys(contexts, 1 / len(contexts))
    if kind is not None and all(context in phrases for context in contexts):
        declared = context_chances(kind, [phrases[context] for context in contexts])
        usual = {context: declared[phrases[context]] for context in contexts}
    return {
        context: (row.get(context, 0) + DECLARED * usual[context]) / (told + DECLARED) for context in contexts
    }


def drawn(spec: PhotoSource, survey: Survey, seed: int, key: str) -> tuple[str, str]:
    """A concept of the tail of what captions name, and a context that it is least expected in."""
    concepts, contexts = pools(spec)
    rng = rng_of(seed, key, "imagine")
    named = {concept: float(survey.met.get(concept, {}).get("", 0)) for concept in concepts}
    middle = sorted(named.values())[len(named) // 2]
    tail = {concept: 1.0 for concept, count in named.items() if count <= middle}
    concept = pick(rng, tail)
    return concept, pick(rng, chances(concept, contexts, survey), against=True)


def imagined(spec: PhotoSource, survey: Survey, tools: Tools, seed: int, key: str, split: str) -> Source:
    """A source that no camera took. Raises EngineError when an engine cannot write or paint it."""
    concept, context = drawn(spec, survey, seed, key)
    caption = _caption(concept, context, tools, seed_of(seed, key, "caption"))
    size = (spec.imagined.width, spec.imagined.height)
    (picture,) = tools.generate.generate([Scene(caption, size, seed_of(seed, key, "picture") % 2**32)])
    if isinstance(picture, Exception):
        raise picture
    given = Given(carried={"concept": concept, "context": context, "engine": tools.version("generate")})
    return Source(
        id=key,
        image=png(picture),
        caption=caption,
        origin=ORIGIN,
        licence=spec.licence,
        split=split,
        natural=False,
        extra=given.json_text(),
    )


def _caption(concept: str, context: str, tools: Tools, seed: int) -> str:
    if not tools.has("write"):
        return f"A photograph of {indefinite(concept)} {context}"
    prompt = Prompt(
        f"Write the caption of a photograph that shows {indefinite(concept)} {context}, at most {MOST_WORDS} words. "
        "Say plainly what is seen. Nothing else of note is in it.",
        schema=SCHEMA,
        seed=seed % 2**32,
        most=60,
    )
    (written,) = tools.write.write([prompt])
    if isinstance(written, Exception):
        raise written
    caption = " ".join(str(written.value["caption"]).split())
    wrong = [
        word
        for word in (concept, LEADING.sub("", context))
        if not _named((word, plural(word))).search(caption)
    ]
    if wrong:
        raise EngineError(f"the imagined caption '{caption}' does not name '{wrong[0]}'")
    if len(caption.split()) > MOST_WORDS + 3:
        raise EngineError(f"the imagined caption '{caption}' has more than {MOST_WORDS} words")
    return caption


def bias_of(spec: PhotoSource, rows: Iterable[dict[str, Any]]) -> dict[str, object]:
    """The concept bias of the sources' captions, without and with the imagined ones; rows: caption, natural."""
    concepts, contexts = pools(spec)
    told = list(rows)
    sides = []
    for chosen in ([row for row in told if row["natural"]], told):
        statistics = Statistics(scenes=len(chosen))
        for concept, row in meetings((row["caption"] for row in chosen), concepts, contexts).items():
            for context, count in row.items():
                if context:
                    statistics.pairs["context"][concept, context] += count
        sides.append(statistics)
    return bias_report(sides[0], sides[1], axes=("context",), concepts=concepts, values=contexts)
