"""A small KL autoencoder, 8 x 8 pixels to one latent of 4 channels, learned from the world's pictures.

Loss: L1 over pixels, L1 over differences of neighbours (edges), and a light KL divergence. After training the
latents are scaled to unit variance inside the network itself, so that `scaling_factor` is 1 and the noisy
latents and the source latents an editor sees have one scale.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from diffusers import AutoencoderKL
from torch.nn.functional import interpolate

from anyedit.seeds import rng_of, seed_of
from anyedit.training.foundation.pairs import read_pairs
from anyedit.training.foundation.progress import LossLog, WithAveraged, averaged, rate, write_json
from anyedit.training.foundation.pyramid import start_as_pyramid
from anyedit.training.foundation.recipe import AutoencoderRecipe

FACTOR = 8
MEASURED = 256  # pictures of a held-out measure during training


def small_autoencoder(channels: list[int], size: int = 128) -> AutoencoderKL:
    """An autoencoder of factor 8 with convolutions only (no attention: it works at any size it is shown)."""
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=tuple(channels),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=size,
        mid_block_add_attention=False,
        scaling_factor=1.0,
    )


def train_autoencoder(recipe: AutoencoderRecipe, out: Path) -> dict[str, float]:
    """Trains on the train split, writes the averaged weights to `out`, returns the test split's measures."""
    pictures = read_pairs(recipe.data, "train", recipe.size).pictures
    held_out = read_pairs(recipe.data, "validation", recipe.size).pictures[:MEASURED]
    torch.manual_seed(seed_of(recipe.seed, "autoencoder") % 2**63)
    if recipe.start is None:
        model = small_autoencoder(recipe.channels, recipe.size)
        start_as_pyramid(model)
        if recipe.freeze_encoder:
            to_unit_variance(model, pictures[:1024])
    else:
        model = AutoencoderKL.from_pretrained(recipe.start)
    if recipe.freeze_encoder:  # what it makes of a picture stays as it starts
        model.encoder.requires_grad_(False)
        model.quant_conv.requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=recipe.lr, weight_decay=1e-4, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate(step, recipe.steps, recipe.warmup)
    )
    ema = averaged(model, recipe.ema)
    log = LossLog(out / "log.jsonl")
    rng = rng_of(recipe.seed, "autoencoder", "batches")
    for step in range(recipe.steps):
        model.train()
        x = crops(pictures, rng, recipe.batch, recipe.crop)
        with torch.set_grad_enabled(not recipe.freeze_encoder):
            posterior = model.encode(x).latent_dist
        restored = model.decode(posterior.sample()).sample
        pixel = (restored - x).abs().mean()
        edge = edge_distance(restored, x)
        kl = posterior.kl().mean() / posterior.mean[0].numel()
        optimizer.zero_grad()
        (pixel + recipe.edges * edge + recipe.kl * kl).backward()
        norm = torch.nn.utils.clip_grad_norm_(trained, 1.0)
        log.add(step, {"pixel": pixel, "edge": edge, "kl": kl, "gradient": norm})
        optimizer.step()
        schedule.step()
        ema.step(trained)
        if (step + 1) % recipe.every == 0 and step + 1 < recipe.steps:
            with WithAveraged(model, ema):
                log.write({"step": step + 1, **measure(model, held_out)})
                save(model, out, held_out, keep_scale=recipe.freeze_encoder)
    ema.copy_to(trained)
    save(model, out, pictures[:1024], keep_scale=recipe.freeze_encoder)
    measures = measure(
        AutoencoderKL.from_pretrained(out), read_pairs(recipe.data, "test", recipe.size).pictures
    )
    write_json(out / "measures.json", measures)
    return measures


def crops(pictures: npt.NDArray[np.uint8], rng: np.random.Generator, batch: int, crop: int) -> torch.Tensor:
    """`batch` random squares of random pictures, half of them mirrored: float (batch, 3, crop, crop) in [-1, 1]."""
    size = pictures.shape[1]
    cut = np.empty((batch, crop, crop, 3), np.uint8)
    for row in range(batch):
        y, x = rng.integers(0, size - crop + 1, 2)
        piece = pictures[rng.integers(len(pictures)), y : y + crop, x : x + crop]
        cut[row] = piece[:, ::-1] if rng.random() < 0.5 else piece
    return tensor_of(cut)


def tensor_of(pictures: npt.NDArray[np.uint8]) -> torch.Tensor:
    """uint8 (N, H, W, 3) -> float (N, 3, H, W) in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1.0


def edge_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Mean L1 distance of the differences between neighbouring pixels, over rows and columns."""
    d = a - b
    return (d[..., 1:, :] - d[..., :-1, :]).abs().mean() + (d[..., 1:] - d[..., :-1]).abs().mean()


@torch.no_grad()
def measure(model: AutoencoderKL, pictures: npt.NDArray[np.uint8]) -> dict[str, float]:
    """Mean PSNR in dB of restored pictures, and of the trivial baseline: down by 8 (area), up again (bicubic)."""
    model.eval()
    ours, trivial = [], []
    for start in range(0, len(pictures), 16):
        x = tensor_of(pictures[start : start + 16])
        restored = model.decode(model.encode(x).latent_dist.mode()).sample
        small = interpolate(x, scale_factor=1 / FACTOR, mode="area")
        up = interpolate(small, size=x.shape[-2:], mode="bicubic", align_corners=False)
        ours += psnr(restored, x)
        trivial += psnr(up, x)
    return {"psnr": float(np.mean(ours)), "psnr_trivial": float(np.mean(trivial)), "pictures": len(pictures)}


def psnr(a: torch.Tensor, b: torch.Tensor) -> list[float]:
    """PSNR in dB of each picture of a batch in [-1, 1] (the peak is 2), after clipping and 8-bit rounding."""
    quantised = ((a.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1
    mse = (quantised - b).square().flatten(1).mean(1)
    return [float(value) for value in 10 * torch.log10(4.0 / mse.clamp(min=1e-10))]


@torch.no_grad()
def save(model: AutoencoderKL, out: Path, pictures: npt.NDArray[np.uint8], keep_scale: bool = False) -> None:
    """Writes a copy whose latents have unit variance per channel and mean 0 over `pictures`."""
    copy = AutoencoderKL.from_config(model.config)
    copy.load_state_dict(model.state_dict())
    if not keep_scale:
        to_unit_variance(copy, pictures)
    copy.save_pretrained(out)


@torch.no_grad()
def to_unit_variance(model: AutoencoderKL, pictures: npt.NDArray[np.uint8]) -> None:
    """Rescales the latents in place, so that over these pictures each channel has mean 0 and variance 1."""
    model.eval()
    latents = torch.cat(
        [
            model.encode(tensor_of(pictures[i : i + 16])).latent_dist.mode()
            for i in range(0, len(pictures), 16)
        ]
    )
    normalise(model, latents.mean((0, 2, 3)), latents.std((0, 2, 3)))


@torch.no_grad()
def normalise(model: AutoencoderKL, mean: torch.Tensor, std: torch.Tensor) -> None:
    """Puts z -> (z - mean) / std into the last layer of the encoder and its inverse into the decoder's first.

    mean, std float (4,). What `decode(encode(x))` gives is unchanged up to rounding.
    """
    quant, post = model.quant_conv, model.post_quant_conv
    channels = len(mean)
    quant.weight[:channels] /= std[:, None, None, None]
    quant.bias[:channels] = (quant.bias[:channels] - mean) / std
    quant.bias[channels:] -= 2 * std.log()  # the log variance of the scaled latent
    post.bias += (post.weight[:, :, 0, 0] * mean).sum(1)
    post.weight *= std[None, :, None, None]
