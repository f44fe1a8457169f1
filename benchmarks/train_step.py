"""Seconds per training step: ours, without caches and with, against the step of diffusers' InstructPix2Pix example.

    python benchmarks/train_step.py --repeats 7

The example's step (examples/instruct_pix2pix/train_instruct_pix2pix.py) is written here as that script does it: the
autoencoder encodes both pictures and the text encoder both the sentences and the empty one in every step, stock
attention, AdamW, EMA. Same UNet, batch, precision and pictures, which are in memory for all three; the steps take
turns, so that what else the machine does meets all alike. Random weights: only time counts. Prints wall-clock and CPU
seconds.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
from diffusers.optimization import get_scheduler
from diffusers.training_utils import EMAModel
from torch.nn import functional

from anyedit.models.noise import AnySDModel
from anyedit.models.pipeline import AnySDPipeline
from anyedit.models.tiny import tiny_text_encoder, tiny_tokenizer
from anyedit.seeds import rng_of
from anyedit.training.batch import View
from anyedit.training.chance import step_noise
from anyedit.training.features import FrozenEncoders
from anyedit.training.filling import TextFeatures
from anyedit.training.loader import RawBatch
from anyedit.training.loss import DiffusionLoss, Nulls
from anyedit.training.optimizing import make_optimizer
from anyedit.training.pairs import TrainingPairs
from anyedit.training.pictures import Pair
from anyedit.training.recipe import Dropout, Optimizer

WIDTH = 128
DROPOUT = 0.05
Step = Callable[[], float]


def models(size: int) -> tuple[AutoencoderKL, UNet2DConditionModel]:
    """An autoencoder of 1.4 M and a UNet of 11 M parameters, as the miniature's."""
    torch.manual_seed(0)
    blocks = 4
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * blocks,
        up_block_types=("UpDecoderBlock2D",) * blocks,
        block_out_channels=(16, 32, 64, 64),
        layers_per_block=1,
        norm_num_groups=8,
        latent_channels=4,
        sample_size=size,
    )
    unet = UNet2DConditionModel(
        sample_size=size // 8,
        in_channels=8,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=(64, 128, 192),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=4,
        norm_num_groups=8,
    )
    return vae, unet


def example_step(
    vae: AutoencoderKL, unet: UNet2DConditionModel, pairs: list[Pair], sentences: list[str]
) -> Step:
    """The step of the example."""
    accelerator = Accelerator()
    tokenizer = tiny_tokenizer()
    text_encoder = tiny_text_encoder(tokenizer, text_width=WIDTH)
    vae.requires_grad_(False)
    text_encoder.requires_grad_(False)
    scheduler = DDPMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
    optimizer = torch.optim.AdamW(unet.parameters(), lr=1e-4, weight_decay=1e-2)
    rate = get_scheduler("constant", optimizer=optimizer, num_warmup_steps=0, num_training_steps=1000)
    ema = EMAModel(unet.parameters())
    unet, optimizer, rate = accelerator.prepare(unet, optimizer, rate)

    def tokenize(captions: list[str]) -> torch.Tensor:
        return tokenizer(
            captions,
            max_length=tokenizer.model_max_length,
            padding="max_length",
            truncation=True,
            return_tensors="pt",
        ).input_ids

    def pixels(name: str) -> torch.Tensor:
        stacked = torch.from_numpy(np.stack([getattr(pair, name) for pair in pairs])).permute(0, 3, 1, 2)
        return (2 * (stacked / 255) - 1).contiguous()

    original, edited, ids = pixels("source"), pixels("edited"), tokenize(sentences)

    def step() -> float:
        latents = vae.encode(edited).latent_dist.sample() * vae.config.scaling_factor
        noise = torch.randn_like(latents)
        count = latents.shape[0]
        timesteps = torch.randint(0, scheduler.config.num_train_timesteps, (count,)).long()
        noisy = scheduler.add_noise(latents, noise, timesteps)
        states = text_encoder(ids)[0]
        source = vae.encode(original).latent_dist.mode()
        chance = torch.rand(count)
        no_text = (chance < 2 * DROPOUT).reshape(count, 1, 1)
        states = torch.where(no_text, text_encoder(tokenize([""]))[0], states)
        kept = 1 - ((chance >= DROPOUT) & (chance < 3 * DROPOUT)).to(source.dtype)
        source = kept.reshape(count, 1, 1, 1) * source
        predicted = unet(torch.cat([noisy, source], dim=1), timesteps, states, return_dict=False)[0]
        loss = functional.mse_loss(predicted.float(), noise.float(), reduction="mean")
        gathered = accelerator.gather(loss.repeat(count)).mean()
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        rate.step()
        optimizer.zero_grad()
        ema.step(unet.parameters())
        return float(gathered.item())

    return step


def our_step(
    vae: AutoencoderKL,
    unet: UNet2DConditionModel,
    pairs: list[Pair],
    sentences: list[str],
    cache: Path | None,
) -> Step:
    """The step of `anyedit.training.loop`, with its own parts: from what the loader hands over to the new weights."""
    accelerator = Accelerator()
    tokenizer = tiny_tokenizer()
    scheduler = DDPMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
    pipeline = AnySDPipeline(vae, tiny_text_encoder(tokenizer, text_width=WIDTH), tokenizer, unet, scheduler)
    encoders = FrozenEncoders(pipeline)
    text = TextFeatures(encoders, cache, "float16")
    text.fill([*sentences, ""], 16, lambda _: None)
    text.refresh()
    null = encoders.text([""])[0, :-1]
    source = TrainingPairs(None, None, encoders, text, None, null, torch.device("cpu"))  # type: ignore[arg-type]
    views = tuple(View(False, sentence) for sentence in sentences)
    kind = np.zeros(len(pairs), np.int64)
    raw = RawBatch(tuple(range(len(pairs))), views, kind, tuple(pairs))
    if cache is not None:
        latents = [
            encoders.latents([getattr(p, name) for p in pairs]).numpy() for name in ("source", "edited")
        ]
        raw = RawBatch(raw.rows, views, kind, None, *latents)
    model = AnySDModel(unet)
    parameters = list(model.parameters())
    optimizer = make_optimizer(parameters, Optimizer())
    ema = EMAModel(parameters, 0.9999, foreach=True)
    model, optimizer = accelerator.prepare(model, optimizer)
    loss_of = DiffusionLoss(scheduler, float(vae.config.scaling_factor), None, Nulls(null))
    number = 0

    def step() -> float:
        nonlocal number
        number += 1
        batch = source.finish(raw)
        noise = step_noise(
            tuple(batch.mean.shape), 1000, (0, number, "noise"), Dropout(), False, 0.0, torch.device("cpu")
        )
        loss = loss_of(model, batch, noise).items.mean()
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        ema.step(parameters)
        return float(loss.item())

    return step


def main() -> None:
    """Run it and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=128, help="pixels")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    told = parser.parse_args()
    torch.set_num_threads(told.threads)
    vae, unet = models(told.size)
    rng = rng_of("train_step")
    pairs = [
        Pair(*(rng.integers(0, 256, (told.size, told.size, 3), dtype=np.uint8) for _ in range(2)), None)
        for _ in range(told.batch)
    ]
    sentences = [f"make number {n} red" for n in range(told.batch)]
    count = sum(p.numel() for p in unet.parameters()) / 1e6
    with tempfile.TemporaryDirectory() as name:
        steps = {
            "example": example_step(vae, copy.deepcopy(unet), pairs, sentences),
            "anyedit, no caches": our_step(vae, copy.deepcopy(unet), pairs, sentences, None),
            "anyedit, caches": our_step(vae, copy.deepcopy(unet), pairs, sentences, Path(name)),
        }
        wall: dict[str, list[float]] = {name: [] for name in steps}
        cpu: dict[str, list[float]] = {name: [] for name in steps}
        for step in steps.values():
            step()
        for _ in range(told.repeats):
            for name, step in steps.items():
                start, used = time.perf_counter(), time.process_time()
                step()
                wall[name].append(time.perf_counter() - start)
                cpu[name].append(time.process_time() - used)
    print(
        f"UNet {count:.1f} M, {told.size} px, batch {told.batch}, float32, {told.threads} threads, median of {told.repeats}"
    )
    print(f"{'':20s} seconds   times   CPU seconds   times")
    base, base_cpu = statistics.median(wall["example"]), statistics.median(cpu["example"])
    for name in steps:
        w, c = statistics.median(wall[name]), statistics.median(cpu[name])
        print(f"{name:20s} {w:7.3f} {w / base:7.2f} {c:13.3f} {c / base_cpu:7.2f}")


if __name__ == "__main__":
    main()
