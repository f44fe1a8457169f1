"""From a recipe to batches on the device: tables, caches, loaders, and the encoders for what is not cached."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator

from anyedit.models.pipeline import AnySDPipeline
from anyedit.training.batch import Batch
from anyedit.training.buckets import Size, bucket_sizes
from anyedit.training.features import FrozenEncoders
from anyedit.training.filling import PictureFiller, Say, TextFeatures
from anyedit.training.loader import Ahead, CachedLoader, RawBatch, StreamLoader, Views, check_enough
from anyedit.training.order import Order, Position
from anyedit.training.recipe import TrainingRecipe
from anyedit.training.table import PairTable, read_table, served_kinds

AHEAD = 4
"""Batches that are ready before they are asked for."""


@dataclass(frozen=True)
class TrainingPairs:
    """The pairs of a training. `batches(start)` yields (batch on the device, position after it), endlessly."""

    table: PairTable
    loader: CachedLoader | StreamLoader
    encoders: FrozenEncoders
    text: TextFeatures
    null_visual: torch.Tensor | None
    null_text: torch.Tensor
    device: torch.device

    def batches(self, start: Position) -> Iterator[tuple[Batch, Position]]:
        """Endlessly, from a position on."""
        ahead = Ahead(self.loader(start), AHEAD)
        try:
            for raw, position in ahead:
                yield self.finish(raw), position
        finally:
            ahead.close()

    def finish(self, raw: RawBatch, cached: bool = True) -> Batch:
        """The batch on the device, its missing parts encoded now. cached: whether its sentences are in the cache."""
        sentences = [view.sentence for view in raw.views]
        known = self.text.cached(sentences) if cached else None
        text = self.encoders.text(sentences) if known is None else torch.from_numpy(known).to(self.device)
        if raw.pairs is not None:
            source = self.encoders.latents([pair.source for pair in raw.pairs])
            edited = self.encoders.latents([pair.edited for pair in raw.pairs])
        else:
            assert raw.source is not None and raw.edited is not None
            source, edited = (torch.from_numpy(x).to(self.device) for x in (raw.source, raw.edited))
        visual, visual_of = self._visual(raw)
        channels = source.shape[1] // 2
        return Batch(
            source[:, :channels], edited[:, :channels], edited[:, channels:], text[:, :-1], text[:, -1],
            torch.from_numpy(raw.kind).to(self.device), visual, visual_of,
        )  # fmt: skip

    def _visual(self, raw: RawBatch) -> tuple[torch.Tensor | None, torch.Tensor | None]:
        if self.null_visual is None:
            return None, None
        if raw.pairs is not None:
            shown = [pair.prompt for pair in raw.pairs if pair.prompt is not None]
            states = [self.encoders.visual(shown)] if shown else []
            has = np.array([pair.prompt is not None for pair in raw.pairs])
            number = np.cumsum(has) * has
        else:
            assert raw.visual is not None and raw.visual_of is not None
            states, number = [torch.from_numpy(raw.visual).to(self.device)], raw.visual_of
        return torch.cat([self.null_visual, *states]), torch.from_numpy(number).to(self.device)


def open_pairs(
    recipe: TrainingRecipe, pipeline: AnySDPipeline, out: Path, accelerator: Accelerator, say: Say
) -> TrainingPairs:
    """Reads the tables, fills the caches that the recipe wants, and makes the loader of this process."""
    table = read_table(recipe.data, recipe.data.train_split, served_kinds(recipe))
    check_enough(table, recipe.data.train_split)
    say(f"{len(table)} pairs: " + ", ".join(f"{count} {name}" for name, count in table.counts().items()))
    for reason, count in table.left_out.most_common():
        say(f"left out: {count} ({reason})")
    encoders = FrozenEncoders(pipeline)
    folder = Path(recipe.cache.folder or out / "cache")
    sizes, rank, world = sizes_of(recipe, pipeline), accelerator.process_index, accelerator.num_processes
    text = TextFeatures(encoders, folder if recipe.cache.text else None, recipe.cache.dtype)
    if text.store is not None:
        every = range(rank, len(table), world)
        sentences = (s for row in every for s in table.sentences(row)[: None if recipe.data.phrasings else 1])
        text.fill(list(dict.fromkeys(sentences)), 4 * recipe.cache.batch, say)
        accelerator.wait_for_everyone()
        text.refresh()
    views = Views(table, recipe.seed, recipe.data.flip, recipe.data.phrasings)
    reject = quarantine(out / f"quarantine-{rank:04d}.jsonl", table)
    cached = recipe.cache.latents
    group = np.arange(len(table)) if cached else table.global_group
    window = max(1, len(table)) if cached else recipe.data.window
    order = Order(table.rate, group, recipe.seed, window, rank, world)
    loader: CachedLoader | StreamLoader
    if cached:
        filler = PictureFiller(
            encoders, folder, sizes, recipe.data.flip > 0, recipe.trains_experts, recipe.cache.dtype,
            recipe.cache.batch, recipe.data.workers,
        )  # fmt: skip
        filler.fill(table, rank, world, say, reject)
        accelerator.wait_for_everyone()
        loader = CachedLoader(table, order, views, filler.open(table), recipe.batch)
    else:
        loader = StreamLoader(
            table, order, views, sizes, recipe.batch, recipe.data.workers, recipe.trains_experts, reject
        )
    null_visual = encoders.null_visual() if recipe.trains_experts else None
    null_text = encoders.text([""])[0, :-1]
    return TrainingPairs(table, loader, encoders, text, null_visual, null_text, accelerator.device)


def sizes_of(recipe: TrainingRecipe, pipeline: AnySDPipeline) -> tuple[Size, ...]:
    """The sizes that batches can have."""
    levels = len(pipeline.unet.config.block_out_channels) - 1
    multiple = pipeline.vae_scale_factor * 2**levels
    return bucket_sizes(recipe.data.resolution, recipe.data.longest_aspect, multiple)


def quarantine(file: Path, table: PairTable) -> Callable[[int, str], None]:
    """A function that notes a row that cannot be used: which, where, why; each once."""
    noted: set[int] = set()

    def reject(row: int, reason: str) -> None:
        if row in noted:
            return
        noted.add(row)
        place = table.files[int(table.file[row])].place
        told = {
            "file": place,
            "row_group": int(table.group[row]),
            "row": int(table.place[row]),
            "reason": reason,
        }
        with open(file, "a") as out:
            out.write(json.dumps(told) + "\n")

    return reject
