"""Train an editor on an export with diffusers and datasets alone, no code of anyedit's.

anyedit export demo --layout instructpix2pix --out export
python examples/train_instruct_pix2pix.py export --base stable-diffusion-v1-5/stable-diffusion-v1-5 --out editor

The recipe is that of diffusers' examples/instruct_pix2pix/train_instruct_pix2pix.py, written anew: the UNet sees the noisy
latents of the edited picture beside the latents of the source, and learns the noise. That script itself takes the same
export: --dataset_name export --original_image_column original_image --edit_prompt_column edit_prompt
--edited_image_column edited_image.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from datasets import Dataset, load_dataset
from diffusers import DDPMScheduler, StableDiffusionInstructPix2PixPipeline, UNet2DConditionModel
from diffusers.optimization import get_scheduler
from diffusers.training_utils import EMAModel
from PIL import Image
from torch.nn import functional
from transformers import CLIPTokenizer

COLUMNS = ("original_image", "edit_prompt", "edited_image")


def pixels(picture: Image.Image, side: int, mirrored: bool) -> torch.Tensor:
    """float (3, side, side) in [-1, 1]."""
    array = np.asarray(picture.convert("RGB").resize((side, side), Image.Resampling.BILINEAR), np.float32)
    array = array[:, ::-1] if mirrored else array
    return torch.from_numpy(array.copy()).permute(2, 0, 1) / 127.5 - 1


def batches(pairs: Dataset, tokenizer: CLIPTokenizer, asked: argparse.Namespace):
    """Endless batches in a new order each time through; both pictures of a pair are mirrored together."""
    rng = np.random.default_rng(asked.seed)
    while True:
        order = rng.permutation(len(pairs))
        for start in range(0, len(order), asked.batch):
            rows = [pairs[int(index)] for index in order[start : start + asked.batch]]
            mirrored = [asked.flip and rng.random() < 0.5 for _ in rows]
            source, edited = (
                torch.stack(
                    [
                        pixels(row[name], asked.resolution, flip)
                        for row, flip in zip(rows, mirrored, strict=True)
                    ]
                )
                for name in ("original_image", "edited_image")
            )
            yield source, edited, words(tokenizer, [row["edit_prompt"] for row in rows])


def words(tokenizer: CLIPTokenizer, sentences: list[str]) -> torch.Tensor:
    """Token ids, (B, the tokenizer's length)."""
    kept = dict(padding="max_length", truncation=True, max_length=tokenizer.model_max_length)
    return tokenizer(sentences, return_tensors="pt", **kept).input_ids


def with_source_channels(unet: UNet2DConditionModel) -> UNet2DConditionModel:
    """A text-to-image UNet with as many input channels again, at zero: an editor that does not look yet."""
    old = unet.conv_in
    if old.in_channels == 2 * unet.config.out_channels:
        return unet
    new = torch.nn.Conv2d(2 * old.in_channels, old.out_channels, old.kernel_size, old.stride, old.padding)
    torch.nn.init.zeros_(new.weight)
    with torch.no_grad():
        new.weight[:, : old.in_channels] = old.weight
        new.bias.copy_(old.bias)
    unet.conv_in = new
    unet.register_to_config(in_channels=new.in_channels)
    return unet


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", help="folder that `anyedit export --layout instructpix2pix` wrote")
    parser.add_argument(
        "--base", required=True, help="checkpoint in Stable Diffusion's layout: folder or hub id"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--resolution", type=int, default=256)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument(
        "--dropout", type=float, default=0.05, help="share of rows without text, picture, both"
    )
    parser.add_argument(
        "--flip", action="store_true", help="mirror half of the pairs; not for 'left' and 'right'"
    )
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"

    pairs = load_dataset(asked.data, split="train")
    lacking = [name for name in COLUMNS if name not in pairs.column_names]
    if lacking:
        raise SystemExit(
            f"{asked.data} has no column {', '.join(lacking)}; it has {', '.join(pairs.column_names)}"
        )
    editor = StableDiffusionInstructPix2PixPipeline.from_pretrained(asked.base, safety_checker=None).to(
        device
    )
    unet = with_source_channels(editor.unet).to(device).train()
    for frozen in (editor.vae, editor.text_encoder):
        frozen.requires_grad_(False)
    noising = DDPMScheduler.from_config(editor.scheduler.config)
    optimizer = torch.optim.AdamW(unet.parameters(), lr=asked.rate, weight_decay=1e-2)
    rate = get_scheduler("constant_with_warmup", optimizer, num_warmup_steps=min(500, asked.steps // 10))
    average = EMAModel(unet.parameters())
    nothing = editor.text_encoder(words(editor.tokenizer, [""]).to(device))[0]

    asked.out.mkdir(parents=True, exist_ok=True)
    with (asked.out / "log.jsonl").open("w") as log:
        for step, (source, edited, ids) in zip(
            range(1, asked.steps + 1), batches(pairs, editor.tokenizer, asked), strict=False
        ):
            with torch.no_grad():
                latents = (
                    editor.vae.encode(edited.to(device)).latent_dist.sample()
                    * editor.vae.config.scaling_factor
                )
                seen = editor.vae.encode(
                    source.to(device)
                ).latent_dist.mode()  # not scaled: so the pipeline gives it
                text = editor.text_encoder(ids.to(device))[0]
            noise = torch.randn_like(latents)
            times = torch.randint(noising.config.num_train_timesteps, (len(latents),), device=device)
            # one draw a row leaves out text (below p), text and picture (p to 2p), picture (2p to 3p)
            draw = torch.rand(len(latents), device=device)
            text = torch.where((draw < 2 * asked.dropout)[:, None, None], nothing, text)
            blind = (draw >= asked.dropout) & (draw < 3 * asked.dropout)
            seen = torch.where(blind[:, None, None, None], torch.zeros_like(seen), seen)
            noisy = noising.add_noise(latents, noise, times)
            made = unet(torch.cat([noisy, seen], 1), times, text).sample
            velocity = noising.config.prediction_type == "v_prediction"
            loss = functional.mse_loss(
                made, noising.get_velocity(latents, noise, times) if velocity else noise
            )
            loss.backward()
            torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
            optimizer.step()
            rate.step()
            optimizer.zero_grad()
            average.step(unet.parameters())
            log.write(json.dumps({"step": step, "loss": loss.item()}) + "\n")
            if step % 50 == 0 or step == asked.steps:
                print(f"step {step}: loss {loss.item():.4f}", flush=True)
    average.copy_to(unet.parameters())
    editor.unet = unet.eval()
    editor.save_pretrained(asked.out)
    print(f"editor: {asked.out}")


if __name__ == "__main__":
    main()
