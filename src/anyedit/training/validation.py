"""How good the weights are so far: the loss on the validation split with fixed noise, and edits of a fixed set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from diffusers import DDIMScheduler
from diffusers.training_utils import EMAModel
from PIL import Image, ImageDraw, ImageFont
from torch import nn

from anyedit.errors import SourceError
from anyedit.models.noise import AnySDModel
from anyedit.models.pipeline import AnySDPipeline
from anyedit.models.tasks import UNKNOWN
from anyedit.seeds import seed_of
from anyedit.training.batch import Batch, View
from anyedit.training.buckets import Size
from anyedit.training.chance import step_noise
from anyedit.training.loader import RawBatch
from anyedit.training.loss import DiffusionLoss
from anyedit.training.meter import Measured, Meter
from anyedit.training.pairs import TrainingPairs
from anyedit.training.pictures import Pair
from anyedit.training.reading import GroupReader, pair_of
from anyedit.training.recipe import COMPOSITION, TrainingRecipe
from anyedit.training.table import KINDS, PairTable, read_table, served_kinds


@dataclass(frozen=True)
class Shown:
    """One pair of the fixed set."""

    kind: str
    sentence: str
    pair: Pair


class Validator:
    """The fixed pairs of a run, encoded once. `batches` is empty when the split has no rows."""

    def __init__(self, recipe: TrainingRecipe, pairs: TrainingPairs, sizes: tuple[Size, ...]) -> None:
        self.recipe, self.device = recipe, pairs.device
        told = recipe.validation
        table = read_table(recipe.data, recipe.data.validation_split, served_kinds(recipe))
        self.left_out: list[str] = []
        rows = types_in_turn(table.kind, max(told.pairs, told.pictures), recipe.seed)
        seen = list(self._read(table, rows, sizes))
        self.shown = [shown for _, shown in seen[: told.pictures]]
        self.batches: list[Batch] = []
        for size in sizes:
            members = [item for item in seen[: told.pairs] if item[1].pair.size == size]
            for start in range(0, len(members), recipe.batch):
                self.batches.append(_batch(members[start : start + recipe.batch], table, pairs))

    def _read(
        self, table: PairTable, rows: Sequence[int], sizes: tuple[Size, ...]
    ) -> Iterator[tuple[int, Shown]]:
        reader = GroupReader(table, self.recipe.trains_experts)
        cells = reader.rows(rows)
        reader.close()
        for row in rows:
            edit_type = table.edit_type[row].as_py()
            try:
                pair = pair_of(cells[row], edit_type, sizes, False, self.recipe.trains_experts)
            except SourceError as error:
                self.left_out.append(str(error))
                continue
            yield row, Shown(KINDS[int(table.kind[row])], table.sentences(row)[0], pair)

    @torch.no_grad()
    def loss(self, model: AnySDModel, loss_of: DiffusionLoss) -> Measured:
        """The unweighted loss per kind. Noise and timesteps are the same each time; no condition is left out."""
        meter = Meter(0, self.device)
        timesteps = int(loss_of.scheduler.config.num_train_timesteps)
        plain = DiffusionLoss(loss_of.scheduler, loss_of.factor, None, loss_of.nulls)
        for number, batch in enumerate(self.batches):
            key = (self.recipe.seed, "validation", number)
            noise = step_noise(tuple(batch.mean.shape), timesteps, key, None, False, 0.0, self.device)
            meter.add(plain(model, batch, noise).items, batch.kind, None)
        return meter.read()

    def grid(self, pipeline: AnySDPipeline) -> Image.Image | None:
        """The fixed set edited with the released guidance scales: source, edit, truth in each row."""
        if not self.shown:
            return None
        schedule = pipeline.scheduler
        pipeline.scheduler = DDIMScheduler.from_config(schedule.config, clip_sample=False)
        pipeline.set_progress_bar_config(disable=True)
        made: dict[int, Image.Image] = {}
        try:
            for size in {shown.pair.size for shown in self.shown}:
                members = [n for n, shown in enumerate(self.shown) if shown.pair.size == size]
                for start in range(0, len(members), self.recipe.batch):
                    part = members[start : start + self.recipe.batch]
                    made.update(zip(part, self._edits(pipeline, part), strict=True))
        finally:
            pipeline.scheduler = schedule
        return grid_of(self.shown, [made[n] for n in range(len(self.shown))])

    def _edits(self, pipeline: AnySDPipeline, part: list[int]) -> list[Image.Image]:
        items = [self.shown[n] for n in part]
        prompts = [None if s.pair.prompt is None else _image(s.pair.prompt) for s in items]
        seeds = [seed_of(self.recipe.seed, "sample", n) % 2**63 for n in part]
        output = pipeline(
            [s.sentence for s in items],
            [_image(s.pair.source) for s in items],
            visual_prompt=prompts if any(prompt is not None for prompt in prompts) else None,
            edit_type=[UNKNOWN if s.kind == COMPOSITION else s.kind for s in items],
            num_inference_steps=self.recipe.validation.steps,
            generator=[torch.Generator().manual_seed(seed) for seed in seeds],
        )
        return list(output.images)


def types_in_turn(kind: np.ndarray, count: int, seed: int) -> list[int]:
    """`count` rows (fewer when there are not as many), one of each kind in turn, those drawn by the seed."""
    rng = np.random.Generator(np.random.PCG64(seed_of(seed, "validation", "rows")))
    members = [rng.permutation(np.flatnonzero(kind == number)).tolist() for number in range(len(KINDS))]
    rows: list[int] = []
    for turn in range(max((len(m) for m in members), default=0)):
        rows += [m[turn] for m in members if turn < len(m)]
    return rows[:count]


@contextmanager
def averaged(ema: EMAModel | None, parameters: list[nn.Parameter]) -> Iterator[None]:
    """Within: the averaged weights in place of the trained ones."""
    if ema is None:
        yield
        return
    ema.store(parameters)
    ema.copy_to(parameters)
    try:
        yield
    finally:
        ema.restore(parameters)


def grid_of(shown: Sequence[Shown], edits: Sequence[Image.Image]) -> Image.Image:
    """One line per item: source, (visual prompt,) edit, truth, with the instruction below."""
    height, width = (max(s.pair.size[side] for s in shown) for side in (0, 1))
    scale = max(1, round(128 / width))
    height, width, gap, text = height * scale, width * scale, 6, 30
    columns = 2
    sheet = Image.new(
        "RGB",
        (columns * (4 * width + 5 * gap), -(-len(shown) // columns) * (height + text + gap) + gap),
        "white",
    )
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(11)
    for number, (item, edit) in enumerate(zip(shown, edits, strict=True)):
        left = (number % columns) * (4 * width + 5 * gap) + gap
        top = number // columns * (height + text + gap) + gap
        prompt = None if item.pair.prompt is None else _image(item.pair.prompt)
        for place, picture in enumerate((_image(item.pair.source), prompt, edit, _image(item.pair.edited))):
            at = (left + place * (width + gap), top)
            if picture is not None:
                sheet.paste(picture.resize((width, height), Image.Resampling.BICUBIC), at)
        most = 4 * width // 6
        words = item.sentence if len(item.sentence) <= most else item.sentence[: most - 1] + "…"
        draw.text((left, top + height + 1), words, "black", font=font)
        draw.text((left, top + height + 14), f"{item.kind}: source, prompt, edit, truth", "gray", font=font)
    return sheet


def _batch(members: list[tuple[int, Shown]], table: PairTable, pairs: TrainingPairs) -> Batch:
    rows = tuple(row for row, _ in members)
    views = tuple(View(False, shown.sentence) for _, shown in members)
    raw = RawBatch(rows, views, table.kind[list(rows)], tuple(shown.pair for _, shown in members))
    return pairs.finish(raw, cached=False)


def _image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(pixels))
