"""One item drawn for a scene: its shape, colours, material, state, text and turn, each from its own stream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anyedit.seeds import rng_of
from anyedit.world import concepts
from anyedit.world.builds import build_of
from anyedit.world.colours import COLOURS
from anyedit.world.kinds import Kind
from anyedit.world.scene import Item

VARIANTS = (
    6  # shapes of a kind under one seed: building one costs more than placing ten, and builds are cached
)
PATTERN_CHANCES = {
    "stripes": 3,
    "dots": 3,
    "checks": 2,
    "stars": 1,
    "zigzag": 1,
    "hearts": 1,
    "plaid": 1,
    "flowers": 1,
}
PATTERNED = (
    "fabric",
    "ceramic",
    "porcelain",
    "paper",
    "cardboard",
    "plastic",
    "wool",
    "matte paint",
    "rubber",
)


@dataclass(frozen=True)
class Drawing:
    """What draws the items of one composition; `key` is the composition's stream key."""

    key: tuple[int, ...]

    def rng(self, *purpose: str | int) -> np.random.Generator:
        """A stream of its own for one decision."""
        return rng_of(*self.key, "layout", *purpose)

    def item(self, kind: Kind, number: int, purpose: str, against: dict[str, bool]) -> Item:
        """An item of the kind with its own shape, colours, material, state and text, nowhere yet."""
        variant = int(self.rng("shape", purpose).integers(VARIANTS))
        state = None
        if kind.states:
            others = self.rng("state", purpose)
            usual = others.random() < 0.75
            state = kind.states[0 if usual else int(others.integers(len(kind.states)))]
        material = concepts.pick(
            self.rng("material", purpose),
            concepts.material_chances(kind, concepts.substances(kind)),
            against["material"],
        )
        colour = concepts.pick(self.rng("colour", purpose), concepts.colour_chances(kind), against["colour"])
        pattern = pattern_colour = None
        marks = self.rng("pattern", purpose)
        if material in PATTERNED and kind.colours and marks.random() < 0.14:
            pattern, pattern_colour = self._pattern(colour, purpose)
        text, font = self._text(kind, purpose)
        return Item(
            id=f"{kind.name.replace(' ', '-')}-{number}",
            kind=kind.name,
            params=kind.sample(self.key[0], "variant", variant),
            state=state,
            colour=colour,
            material=material,
            pattern=pattern,
            pattern_colour=pattern_colour,
            text=text,
            font=font,
            size=round(float(self.rng("size", purpose).uniform(0.93, 1.08)), 3),
        )

    def yaw(self, kind: Kind, purpose: str) -> float:
        """Three quarters towards the camera; long things (cars, dogs) show their side."""
        rng = self.rng("yaw", purpose)
        side = 1 if rng.random() < 0.5 else -1
        shape = build_of(kind.name)
        low, high = (28, 68) if shape.depth > 1.5 * shape.width else (4, 36)
        return round(float(side * rng.uniform(low, high)), 2)

    def _pattern(self, colour: str, purpose: str) -> tuple[str, str]:
        from anyedit.world.references import alike

        pattern = concepts.pick(self.rng("pattern name", purpose), PATTERN_CHANCES)
        usual = ("white", "yellow", "navy", "black", "red", "teal", "ivory", "orange")
        distinct = [name for name in usual if name in COLOURS and not alike(name, colour)]
        return pattern, distinct[int(self.rng("pattern colour", purpose).random() * len(distinct))]

    def _text(self, kind: Kind, purpose: str) -> tuple[str | None, str | None]:
        if not kind.text:
            return None, None
        from anyedit.world import labels

        rng = self.rng("text", purpose)
        own = rng.random() < 0.6
        words = list(kind.text if own else labels.WORDS)
        fonts = sorted(labels.FONTS)
        return words[int(rng.random() * len(words))], fonts[
            int(self.rng("font", purpose).random() * len(fonts))
        ]
