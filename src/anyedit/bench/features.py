"""Features, computed once for every distinct picture and text, in batches, and kept on disk by content and model.

A picture is known by the SHA-256 of its encoded bytes and the size that it is brought to, a model by its id,
preprocessing and weights: the same picture in ten metrics or ten runs is decoded and encoded once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.cache import Array, Cache, key_of
from anyedit.bench.encoders import Encoder, Floats, Model, prepared
from anyedit.bench.items import Picture, digest_of, image_of

BATCH = 32
FEATURES = ".features.sqlite"  # beside runs, and hidden: `runs/*` names runs only


@dataclass
class Journal:
    """What metrics have to tell of a whole scoring. notes: shown under the table. facts: kept in the result.
    answers: a judge's raw answers, one by one."""

    notes: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)


Part = TypeVar("Part")


class Features:
    """Gives features and cached numbers to the metrics; one for a scoring run."""

    def __init__(
        self,
        cache: Path | None = None,
        *,
        weights: Mapping[str, str] | None = None,
        device: str = "cpu",
        batch: int = BATCH,
        encoder: Callable[[Model, str], Encoder] = Encoder,
    ) -> None:
        """cache: an SQLite file. weights: model id -> folder with its weights. batch: pictures at once."""
        self.cache = Cache(cache)
        self.journal = Journal()
        self.device, self.batch = device, batch
        self._weights = dict(weights or {})
        self._make = encoder
        self._encoders: dict[Model, Encoder] = {}
        self._digests: dict[int, tuple[Picture, str]] = {}

    def encoder(self, model: Model) -> Encoder:
        """The opened model, from the place that `weights` names."""
        if model not in self._encoders:
            placed = model.at(self._weights.get(model.id, model.id))
            self._encoders[model] = self._make(placed, self.device)
        return self._encoders[model]

    def place(self, name: str) -> str | None:
        """Where `weights` says that something is; None when it does not."""
        return self._weights.get(name)

    def used(self) -> dict[str, str]:
        """Model id -> weights, of every model that was asked: what results have to record."""
        return {model.id: encoder.weights for model, encoder in self._encoders.items()}

    def honest(self, label: str) -> str:
        """A column's label; where the weights in use are not of the model that it names, it says theirs."""
        for model, encoder in self._encoders.items():
            if model.label in label and not encoder.genuine:
                return label.replace(model.label, f"{Path(encoder.model.id).name}, not {model.label}")
        return label

    def digest(self, picture: Picture) -> str:
        """SHA-256 of a picture's bytes, read once in a run."""
        known = self._digests.get(id(picture))
        if known is None:  # the picture is kept too, so that its id stays its own
            known = self._digests[id(picture)] = (picture, digest_of(picture))
        return known[1]

    def images(self, models: Sequence[Model], pictures: Sequence[Picture], size: int | None = None) -> None:
        """Compute what is missing for all models in one pass, so that every picture is decoded once."""
        wanted: dict[str, Picture] = {}
        missing: dict[str, list[Model]] = {}
        for model in models:
            stem = self._stem(model, size)
            keys = {key_of(*stem, self.digest(p)): p for p in pictures}
            known = self.cache.get(keys)
            for key, picture in keys.items():
                if key not in known:
                    name = self.digest(picture)
                    wanted[name] = picture
                    missing.setdefault(name, [])
                    if model not in missing[name]:
                        missing[name].append(model)
        self._encode(wanted, missing, size)

    def image(self, model: Model, pictures: Sequence[Picture], size: int | None = None) -> list[Array]:
        """One vector for every picture, in order. size: both sides in pixels before the model's own preprocessing."""
        self.images([model], pictures, size)
        stem = self._stem(model, size)
        keys = [key_of(*stem, self.digest(p)) for p in pictures]
        known = self.cache.get(keys)
        return [known[key] for key in keys]

    def text(self, model: Model, texts: Sequence[str]) -> list[Array]:
        """One vector for every text, in order."""
        encoder = self.encoder(model)
        stem = ("text", encoder.model.family, encoder.weights)
        keys = {text: key_of(*stem, text) for text in texts}
        known = self.cache.get(keys.values())
        new = [text for text, key in keys.items() if key not in known]
        for part in _parts(new, self.batch):
            self.cache.put({keys[t]: vector for t, vector in zip(part, encoder.texts(part), strict=True)})
        known = self.cache.get(keys.values())
        return [known[keys[text]] for text in texts]

    def numbers(
        self,
        key: Sequence[object],
        groups: Sequence[tuple[Picture, ...]],
        measure: Callable[..., npt.NDArray[np.float64]],
    ) -> list[Array]:
        """`measure(*pictures)` (decoded, RGB) for every group of pictures, remembered under `key` and their contents."""
        keys = [key_of("numbers", *key, *(self.digest(p) for p in group)) for group in groups]
        known = self.cache.get(keys)
        new = {k: group for k, group in zip(keys, groups, strict=True) if k not in known}
        with ThreadPoolExecutor(_threads()) as pool:
            for part in _parts(list(new.items()), 4 * self.batch):
                made = pool.map(lambda entry: measure(*(image_of(p) for p in entry[1])), part)
                self.cache.put({k: value for (k, _), value in zip(part, made, strict=True)})
        known = self.cache.get(keys)
        return [known[k] for k in keys]

    def _stem(self, model: Model, size: int | None) -> tuple[object, ...]:
        encoder = self.encoder(model)
        told = encoder.model
        return (
            "image",
            told.family,
            encoder.weights,
            told.resize,
            told.crop,
            told.resample,
            told.mean,
            told.std,
            size,
        )

    def _encode(
        self, wanted: Mapping[str, Picture], missing: Mapping[str, list[Model]], size: int | None
    ) -> None:
        waiting: dict[Model, list[tuple[str, Floats]]] = {}

        def make(name: str) -> list[tuple[Model, Floats]]:
            image = image_of(wanted[name])
            if size is not None and image.size != (size, size):
                image = image.resize((size, size), Image.Resampling.BICUBIC)
            return [(model, prepared(image, self.encoder(model).model)) for model in missing[name]]

        # decoding and resizing release the interpreter's lock, so threads overlap them with the network
        with ThreadPoolExecutor(_threads()) as pool:
            for part in _parts(list(wanted), self.batch):
                for name, made in zip(part, pool.map(make, part), strict=True):
                    for model, pixels in made:
                        waiting.setdefault(model, []).append((name, pixels))
                for model, rows in waiting.items():
                    if len(rows) >= self.batch:
                        self._flush(model, rows, size)
            for model, rows in waiting.items():
                self._flush(model, rows, size)

    def _flush(self, model: Model, rows: list[tuple[str, Floats]], size: int | None) -> None:
        stem = self._stem(model, size)
        for part in _parts(rows, self.batch):
            vectors = self.encoder(model).images(np.stack([pixels for _, pixels in part]))
            self.cache.put({key_of(*stem, name): v for (name, _), v in zip(part, vectors, strict=True)})
        rows.clear()


def _parts(rows: Sequence[Part], size: int) -> Iterator[list[Part]]:
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])


@lru_cache(maxsize=1)
def _threads() -> int:
    return max(1, min(8, len(os.sched_getaffinity(0))))
