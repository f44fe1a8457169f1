"""Image-text score without CLIP: ConSE (Norouzi et al. 2014), EfficientNet's classes in MiniLM's space.

The picture becomes the mean of its likeliest class names' sentence features, weighted by their probabilities; the
score is its cosine with the text. It ranks nouns sensibly and knows no colours, counts or relations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from anyedit.engines.roles import Floats
from anyedit.engines.small.efficientnet import EfficientNetClasses
from anyedit.engines.small.minilm import MiniLM
from anyedit.records import Pixels


@dataclass(frozen=True)
class Conse:
    """See roles.ImageTextScorer. likeliest: classes that a picture is made of."""

    likeliest: int = 10
    stands_in_for: str = "CLIP"

    @property
    def version(self) -> str:
        """Name and version."""
        return f"conse ({self._classifier.version}, {self._sentences.version})"

    @cached_property
    def _classifier(self) -> EfficientNetClasses:
        return EfficientNetClasses()

    @cached_property
    def _sentences(self) -> MiniLM:
        return MiniLM()

    @cached_property
    def _names(self) -> Floats:
        return self._sentences.sentences([f"a photo of a {name}" for name in self._classifier.classes])

    def image_text(self, pictures: Sequence[Pixels], texts: Sequence[str]) -> Floats:
        """See roles.ImageTextScorer."""
        likely = self._classifier.probabilities(pictures)
        order = np.argsort(-likely, axis=1)[:, : self.likeliest]
        share = np.take_along_axis(likely, order, 1)
        seen = (self._names[order] * (share / share.sum(1, keepdims=True))[..., None]).sum(1)
        seen /= np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9)
        return np.asarray((seen * self._sentences.sentences(list(texts))).sum(1), np.float32)
