"""Edits per second: one mixed batch of 16 against 16 single calls that switch experts, in one run.

    python benchmarks/inference.py --repeats 7

Three ways to serve the same 16 requests (general, global, viewpoint and visual types, shuffled), with the
same weights, steps and noise:

- released: as the published code does: one request at a time, the expert's file read when the expert changes,
  three branches each, extra keys and values projected in every step. Written on the stock diffusers UNet.
- single: `AnySDPipeline`, one call per request, all experts in memory.
- batch: `AnySDPipeline`, one call.

The latents of all three are compared, and a difference above 1e-3 ends the run. The model is random: only
time counts.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from PIL import Image
from torch.nn.functional import scaled_dot_product_attention

from anyedit.models import AnySDPipeline, import_anysd, load_editor
from anyedit.models.experts import AnySDExperts
from anyedit.models.layout import EXPERT_FILES, RESAMPLER, TASK_ROWS, expert_keys
from anyedit.models.resampler import ResamplerBank
from anyedit.models.router import published_table
from anyedit.models.tiny import IMAGE_WIDTH, tiny_image_encoder, write_tiny_base

TYPES = (
    "tone_transfer", "visual_depth", "add", "movement", "visual_reference", "remove", "visual_bbox",
    "style_change", "resize", "visual_sketch", "replace", "background_change", "visual_segment",
    "color_alter", "outpaint", "visual_scribble",
)  # fmt: skip
"""12 requests of eight experts and 4 general ones, in an order in which no two neighbours share an expert."""


def write_model(folder: Path, channels: tuple[int, ...]) -> tuple[Path, Path]:
    """A random model in the published layout and its SD-1.5 parts; the folders of both."""
    torch.manual_seed(0)
    levels = len(channels)
    unet = UNet2DConditionModel(
        sample_size=16,
        in_channels=8,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=channels,
        down_block_types=("CrossAttnDownBlock2D",) * (levels - 1) + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * (levels - 1),
        cross_attention_dim=128,
        attention_head_dim=tuple(
            max(1, c // 16) for c in channels
        ),  # diffusers' name for the number of heads
        norm_num_groups=8,
    )
    published, base = folder / "published", write_tiny_base(folder / "base", unet)
    unet.save_pretrained(published / "unet")
    tiny_image_encoder().save_pretrained(published / "image_encoder")
    (published / "experts").mkdir()
    for name in EXPERT_FILES.values():
        state = AnySDExperts.for_unet(unet, IMAGE_WIDTH, expert_names=["one"], **RESAMPLER).state_dict()
        parts: dict[str, dict[str, torch.Tensor]] = {"image_proj": {}, "ip_adapter": {}}
        for key, ours in expert_keys(unet).items():
            part, inner = key.split(".", 1)
            parts[part][inner] = (state[ours] if inner == "latents" else state[ours][0]).clone()
        torch.save(parts, published / "experts" / f"{name}.bin")
    torch.save(torch.randn(len(TASK_ROWS), 1, 1, 128), published / "experts" / "task_embs.bin")
    return published, base


class ReleasedAttention:
    """Decoupled cross-attention with K' and V' projected anew in every step, as the released code does."""

    def __init__(self, index: int, state: dict) -> None:  # type: ignore[type-arg]
        self.index, self.state = index, state

    def __call__(self, attn, hidden_states, encoder_hidden_states=None, **_):  # type: ignore[no-untyped-def]
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        split = lambda x: x.unflatten(-1, (attn.heads, -1)).transpose(1, 2)  # noqa: E731
        q = split(attn.to_q(hidden_states))
        out = scaled_dot_product_attention(q, split(attn.to_k(context)), split(attn.to_v(context)))
        if encoder_hidden_states is not None and self.state["adapter"] is not None:
            tokens, adapter = self.state["tokens"], self.state["adapter"]
            k = split(tokens @ adapter[f"{self.index}.to_k_ip.weight"].T)
            v = split(tokens @ adapter[f"{self.index}.to_v_ip.weight"].T)
            out = out + 0.8 * scaled_dot_product_attention(q, k, v)
        return attn.to_out[0](out.transpose(1, 2).flatten(2))


class Released:
    """One request at a time; the expert comes from disk when it changes."""

    def __init__(self, pipeline: AnySDPipeline, published: Path) -> None:
        self.pipeline, self.published, self.current, self.reads = pipeline, published, None, 0
        self.unet = UNet2DConditionModel.from_pretrained(published / "unet")
        self.state: dict = {"adapter": None, "tokens": None}  # type: ignore[type-arg]
        self.unet.set_attn_processor(
            {name: ReleasedAttention(n, self.state) for n, name in enumerate(self.unet.attn_processors)}
        )
        self.rows = torch.load(published / "experts" / "task_embs.bin", weights_only=True)
        self.resampler = ResamplerBank(1, IMAGE_WIDTH, 128, *RESAMPLER.values())
        self.keys = {k: v for k, v in expert_keys(self.unet).items() if k.startswith("image_proj")}

    @torch.no_grad()
    def __call__(self, request: dict, latents: torch.Tensor, steps: int) -> torch.Tensor:  # type: ignore[type-arg]
        kind = request["edit_type"]
        expert = published_table().get(kind)
        device = torch.device("cpu")
        text, _, _ = self.pipeline.encode_text([request["instruction"], ""], device)
        source = self.pipeline.encode_pictures([request["image"]], device, torch.float32)
        self.state["adapter"] = None
        s_I, s_T = (3.0, 3.0) if expert is None else (2.0, 1.5)
        if expert is not None:
            if expert != self.current:
                self._read(expert)
            prompts = [] if request["visual_prompt"] is None else [request["visual_prompt"]]
            states = self.pipeline.encode_visual_prompts(prompts)
            tokens = self.resampler(states[None], torch.zeros(1, dtype=torch.long))[0]
            task = self.rows[TASK_ROWS.index(kind)].reshape(1, 1, -1)
            full = torch.cat([task, tokens[-1:]], dim=1)
            null = torch.cat([torch.zeros_like(task), tokens[:1]], dim=1)
            self.state.update(adapter=self.adapter, tokens=torch.cat([full, null, null]))
        text = torch.cat([text[:1], text[1:], text[1:]])
        source = torch.cat([source, source, torch.zeros_like(source)])
        scheduler = self.pipeline.scheduler
        scheduler.set_timesteps(steps)
        for t in scheduler.timesteps:
            sample = torch.cat([scheduler.scale_model_input(torch.cat([latents] * 3), t), source], dim=1)
            full, image, none = self.unet(sample, t, text, return_dict=False)[0].chunk(3)
            noise = none + s_I * (image - none) + s_T * (full - image)
            latents = scheduler.step(noise, t, latents, return_dict=False)[0]
        self.pipeline._decode(latents, "pil")
        return latents

    def _read(self, expert: str) -> None:
        stored = torch.load(self.published / "experts" / f"{EXPERT_FILES[expert]}.bin", weights_only=True)
        state = {
            ours.removeprefix("resampler."): stored["image_proj"][k.split(".", 1)[1]]
            for k, ours in self.keys.items()
        }
        self.resampler.load_state_dict({k: v if k == "latents" else v[None] for k, v in state.items()})
        self.adapter, self.current, self.reads = stored["ip_adapter"], expert, self.reads + 1


def requests(size: int) -> list[dict]:  # type: ignore[type-arg]
    rng = np.random.default_rng(0)
    picture = lambda: Image.fromarray(rng.integers(0, 256, (size, size, 3), dtype=np.uint8))  # noqa: E731
    return [
        {
            "instruction": f"do {number}",
            "image": picture(),
            "visual_prompt": picture() if kind.startswith("visual") else None,
            "edit_type": kind,
        }
        for number, kind in enumerate(TYPES)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--channels", default="64,128,192", help="channels of the UNet's resolutions")
    parser.add_argument("--size", type=int, default=64, help="side of the pictures in pixels")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    with tempfile.TemporaryDirectory() as name:
        published, base = write_model(Path(name), tuple(int(c) for c in options.channels.split(",")))
        pipeline = load_editor(import_anysd(published, Path(name) / "pipe", base=base))
        pipeline.set_progress_bar_config(disable=True)
        released, asked = Released(pipeline, published), requests(options.size)
        side = options.size // 8
        noise = torch.randn(16, 4, side, side, generator=torch.Generator().manual_seed(1))
        steps = {"num_inference_steps": options.steps}

        def as_released() -> torch.Tensor:
            return torch.cat([released(one, noise[n : n + 1], options.steps) for n, one in enumerate(asked)])

        def as_single() -> list[Image.Image]:
            return [
                pipeline(**one, latents=noise[n : n + 1], **steps).images[0] for n, one in enumerate(asked)
            ]

        together = {key: [one[key] for one in asked] for key in asked[0]}

        def as_batch() -> list[Image.Image]:
            return pipeline(**together, latents=noise, **steps).images

        latent = {"output_type": "latent", **steps}
        output = pipeline(**together, latents=noise, **latent)
        alone = torch.cat(
            [pipeline(**one, latents=noise[n : n + 1], **latent).images for n, one in enumerate(asked)]
        )
        gaps = [(output.images - other).abs().max().item() for other in (as_released(), alone)]
        if max(gaps) > 1e-3:
            raise SystemExit(
                f"the three ways disagree: latents differ from batch by {gaps} (released, single)"
            )
        ways: dict[str, Callable[[], object]] = {
            "released": as_released,
            "single": as_single,
            "batch": as_batch,
        }
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(options.repeats):  # in turn, so that a change of load meets all three
            for way, serve in ways.items():
                begin = time.perf_counter()
                serve()
                seconds[way].append(time.perf_counter() - begin)

    parameters = sum(p.numel() for p in pipeline.unet.parameters()) / 1e6
    print(
        f"UNet of {parameters:.1f} M parameters, {options.size} px, {options.steps} steps, "
        f"{options.threads} threads,"
    )
    print(f"16 requests, median of {options.repeats} (smallest to largest)")
    print(f"UNet items per step: released 3 x 16 = 48, batch {output.unet_items_per_step}")
    print(f"largest difference of the latents from batch: released {gaps[0]:.1e}, single {gaps[1]:.1e}")
    medians = {way: statistics.median(values) for way, values in seconds.items()}
    for way, values in seconds.items():
        print(
            f"{way:9} {16 / medians[way]:7.2f} edits/s   {medians[way]:.3f} s"
            f" ({min(values):.3f} to {max(values):.3f})"
        )
    print(f"batch / released {medians['released'] / medians['batch']:.2f} x (to reach: 2.5)")
    print(f"batch / single   {medians['single'] / medians['batch']:.2f} x")


if __name__ == "__main__":
    main()
