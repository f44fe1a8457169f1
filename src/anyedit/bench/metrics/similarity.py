"""Cosines of features: CLIPim, CLIPout, CLIPdir, DINO (AnyEdit App. G.7; CLIPdir: Gal et al. 2021, StyleGAN-NADA)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from anyedit.bench.encoders import Model
from anyedit.bench.metrics import SHOWN, Against, Column, Pair, reference

if TYPE_CHECKING:
    from anyedit.bench.features import Features
    from anyedit.bench.items import Item, Picture

Vector = npt.NDArray[np.float64]
Caption = Literal["local", "global"]


def cosine(a: npt.NDArray[np.floating], b: npt.NDArray[np.floating]) -> float:
    """Cosine of two vectors, in double precision; NaN when one of them is zero."""
    x, y = np.asarray(a, np.float64), np.asarray(b, np.float64)
    length = float(np.linalg.norm(x) * np.linalg.norm(y))
    return float(x @ y) / length if length > 0 else float("nan")


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def caption_of(item: Item, which: Caption) -> str:
    """The caption of the edited picture; local ones where the suite has them."""
    return (item.local_caption or item.caption) if which == "local" else item.caption


@dataclass(frozen=True)
class ImageSimilarity:
    """Cosine of the features of output and reference picture: CLIPim, DINO."""

    key: str
    name: str
    model: Model
    against: Against = "target"

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        about = f"cosine with the {SHOWN[self.against]}"
        return (Column(self.key, f"{self.name} ({self.model.label})", "higher", about),)

    def pictures(self, pairs: Sequence[Pair]) -> list[Picture]:
        """All pictures whose features are needed."""
        others = [reference(pair.item, self.against) for pair in pairs]
        return [pair.output for pair in pairs] + [picture for picture in others if picture is not None]

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One cosine a pair; None where the item has no such reference."""
        known = [
            (i, ref)
            for i, pair in enumerate(pairs)
            if (ref := reference(pair.item, self.against)) is not None
        ]
        outputs = features.image(self.model, [pairs[i].output for i, _ in known], size)
        others = features.image(self.model, [ref for _, ref in known], size)
        found: list[dict[str, float | None]] = [{self.key: None} for _ in pairs]
        for (i, _), out, other in zip(known, outputs, others, strict=True):
            found[i] = {self.key: _known(cosine(out, other))}
        return found


@dataclass(frozen=True)
class TextSimilarity:
    """Cosine of the output's features and its caption's: CLIPout (CLIP-T).

    scores: "output"; "rival" repeats a published script that scores the other picture by mistake.
    """

    key: str
    name: str
    model: Model
    caption: Caption = "local"
    scores: Literal["output", "rival"] = "output"

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        said = "" if self.scores == "output" else "; scores Emu Edit's picture, as the released script does"
        return (
            Column(
                self.key,
                f"{self.name} ({self.model.label})",
                "higher",
                f"cosine with the {self.caption} caption{said}",
            ),
        )

    def pictures(self, pairs: Sequence[Pair]) -> list[Picture]:
        """All pictures whose features are needed."""
        return [picture for pair in pairs if (picture := self._scored(pair)) is not None]

    def _scored(self, pair: Pair) -> Picture | None:
        return pair.output if self.scores == "output" else pair.item.rival

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One cosine a pair; None where there is no caption."""
        known = [
            (i, picture, text)
            for i, pair in enumerate(pairs)
            if (picture := self._scored(pair)) is not None and (text := caption_of(pair.item, self.caption))
        ]
        images = features.image(self.model, [picture for _, picture, _ in known], size)
        texts = features.text(self.model, [text for _, _, text in known])
        found: list[dict[str, float | None]] = [{self.key: None} for _ in pairs]
        for (i, _, _), image, said in zip(known, images, texts, strict=True):
            found[i] = {self.key: _known(cosine(image, said))}
        return found


@dataclass(frozen=True)
class DirectionSimilarity:
    """CLIPdir: cosine of the change of picture (output - source) and the change of caption, of unit features."""

    key: str
    name: str
    model: Model
    caption: Caption = "global"

    @property
    def columns(self) -> tuple[Column, ...]:
        """One column."""
        return (
            Column(
                self.key,
                f"{self.name} ({self.model.label})",
                "higher",
                "cosine of picture and caption change",
            ),
        )

    def pictures(self, pairs: Sequence[Pair]) -> list[Picture]:
        """All pictures whose features are needed."""
        return [picture for pair in pairs for picture in (pair.output, pair.item.source)]

    def measure(
        self, pairs: Sequence[Pair], features: Features, size: int | None
    ) -> list[dict[str, float | None]]:
        """One cosine a pair; None without two captions that differ, 0 for an output that did not change."""
        known = [
            i
            for i, pair in enumerate(pairs)
            if pair.item.source_caption
            and pair.item.caption
            and pair.item.source_caption != pair.item.caption
        ]
        columns = [
            features.image(self.model, [pairs[i].output for i in known], size),
            features.image(self.model, [pairs[i].item.source for i in known], size),
            features.text(self.model, [caption_of(pairs[i].item, self.caption) for i in known]),
            features.text(self.model, [pairs[i].item.source_caption for i in known]),
        ]
        found: list[dict[str, float | None]] = [{self.key: None} for _ in pairs]
        for i, out, source, after, before in zip(known, *columns, strict=True):
            seen, said = _unit(out) - _unit(source), _unit(after) - _unit(before)
            # an unchanged picture points nowhere: no agreement with the caption's change, rather than no value
            found[i] = {self.key: 0.0 if np.linalg.norm(seen) < 1e-9 else _known(cosine(seen, said))}
        return found


def _unit(vector: npt.NDArray[np.floating]) -> Vector:
    whole = np.asarray(vector, np.float64)
    return whole / max(float(np.linalg.norm(whole)), 1e-12)
