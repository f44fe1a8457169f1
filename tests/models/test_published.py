"""Our noise predictions against a plain re-computation of the published equations, one item and branch at a
time.

The re-computation shares no code with `anyedit.models`: it opens the published files itself, writes the
resampler and the attention out as formulas, and runs the stock UNet once per branch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, StableDiffusionInstructPix2PixPipeline, UNet2DConditionModel
from PIL import Image
from transformers import CLIPImageProcessor, CLIPTextModel, CLIPTokenizer, CLIPVisionModelWithProjection

from anyedit.models import load_editor
from anyedit.models.pipeline import AnySDPipeline

EXPERT_FILE = {
    "background_change": ("global", 0), "tone_transfer": ("global", 1), "style_change": ("global", 2),
    "movement": ("viewpoint", 3), "resize": ("viewpoint", 4), "outpaint": ("viewpoint", 5),
    "rotation_change": ("viewpoint", 6), "visual_bbox": ("visual_bbox", 7), "visual_depth": ("visual_dep", 8),
    "visual_material_transfer": ("visual_mat", 9), "visual_reference": ("visual_ref", 10),
    "visual_scribble": ("visual_scr", 11), "visual_segment": ("visual_seg", 12),
    "visual_sketch": ("visual_ske", 13),
}  # fmt: skip
GENERAL = ["add", "implicit_change"]
TYPES = [*EXPERT_FILE, *GENERAL]


def layer_norm(x: torch.Tensor, p: dict[str, torch.Tensor], key: str) -> torch.Tensor:
    centred = x - x.mean(-1, keepdim=True)
    variance = centred.square().mean(-1, keepdim=True)
    return centred / torch.sqrt(variance + 1e-5) * p[f"{key}.weight"] + p[f"{key}.bias"]


def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, heads: int) -> torch.Tensor:
    """softmax(q k^T / sqrt(d)) v, head by head; q (L, H), k and v (S, H)."""
    d = q.shape[-1] // heads
    parts = []
    for h in range(heads):
        s = slice(h * d, (h + 1) * d)
        parts.append(torch.softmax(q[:, s] @ k[:, s].T / math.sqrt(d), dim=-1) @ v[:, s])
    return torch.cat(parts, dim=-1)


def resample(p: dict[str, torch.Tensor], image: torch.Tensor) -> torch.Tensor:
    """CLIP tokens (L, D) -> 16 tokens (AnySD layout, section 2)."""
    x = image @ p["proj_in.weight"].T + p["proj_in.bias"]
    latents = p["latents"][0]
    for d in range(4):
        a = f"layers.{d}.0."
        image_normed, latents_normed = layer_norm(x, p, a + "norm1"), layer_norm(latents, p, a + "norm2")
        kv = torch.cat([image_normed, latents_normed]) @ p[a + "to_kv.weight"].T
        k, v = kv[:, : kv.shape[1] // 2], kv[:, kv.shape[1] // 2 :]
        q = latents_normed @ p[a + "to_q.weight"].T
        latents = latents + attend(q, k, v, q.shape[1] // 64) @ p[a + "to_out.weight"].T
        hidden = layer_norm(latents, p, f"layers.{d}.1.0") @ p[f"layers.{d}.1.1.weight"].T
        hidden = hidden * 0.5 * (1 + torch.erf(hidden / math.sqrt(2)))
        latents = latents + hidden @ p[f"layers.{d}.1.3.weight"].T
    return layer_norm(latents @ p["proj_out.weight"].T + p["proj_out.bias"], p, "norm_out")


class PlainProcessor:
    """out = attn(Q, K, V) + scale attn(Q, K', V') for one item."""

    def __init__(self, index: int, state: dict) -> None:  # type: ignore[type-arg]
        self.index, self.state = index, state

    def __call__(self, attn, hidden_states, encoder_hidden_states=None, **_):  # type: ignore[no-untyped-def]
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        q = hidden_states[0] @ attn.to_q.weight.T
        out = attend(q, context[0] @ attn.to_k.weight.T, context[0] @ attn.to_v.weight.T, attn.heads)
        if encoder_hidden_states is not None and self.state["adapter"] is not None:
            k = self.state["tokens"] @ self.state["adapter"][f"{self.index}.to_k_ip.weight"].T
            v = self.state["tokens"] @ self.state["adapter"][f"{self.index}.to_v_ip.weight"].T
            out = out + self.state["scale"] * attend(q, k, v, attn.heads)
        return attn.to_out[0](out)[None]


class Plain:
    """The published model, one item at a time."""

    def __init__(self, published: Path, base: Path) -> None:
        self.published = published
        self.unet = UNet2DConditionModel.from_pretrained(published / "unet")
        self.state: dict = {"adapter": None, "tokens": None, "scale": 0.0}  # type: ignore[type-arg]
        self.unet.set_attn_processor(
            {name: PlainProcessor(i, self.state) for i, name in enumerate(self.unet.attn_processors)}
        )
        self.vision = CLIPVisionModelWithProjection.from_pretrained(published / "image_encoder")
        self.vae = AutoencoderKL.from_pretrained(base, subfolder="vae")
        self.text = CLIPTextModel.from_pretrained(base, subfolder="text_encoder")
        self.tokenizer = CLIPTokenizer.from_pretrained(base, subfolder="tokenizer")
        self.extractor = CLIPImageProcessor.from_pretrained(base, subfolder="feature_extractor")
        self.task_rows = torch.load(published / "experts" / "task_embs.bin", weights_only=True)

    def read(self, sentence: str) -> torch.Tensor:
        ids = self.tokenizer(
            sentence, padding="max_length", max_length=20, truncation=True, return_tensors="pt"
        )
        return self.text(ids.input_ids)[0]

    def see(self, prompt: Image.Image | None) -> torch.Tensor:
        pixels = torch.zeros(1, 3, 32, 32)
        if prompt is not None:
            pixels = self.extractor(images=prompt.resize((512, 512)), return_tensors="pt").pixel_values
        return self.vision(pixels, output_hidden_states=True).hidden_states[-2][0]

    @torch.no_grad()
    def branches(
        self, kind: str, sentence: str, source: Image.Image, prompt: Image.Image | None, noisy: torch.Tensor,
        t: int, scale: float,
    ) -> list[torch.Tensor]:  # fmt: skip
        """e(0), e(I), e(I,T) and e(I,T,V)."""
        pixels = torch.from_numpy(np.array(source)).float().permute(2, 0, 1)[None] / 127.5 - 1
        latents = self.vae.encode(pixels).latent_dist.mode()
        expert = None
        if kind in EXPERT_FILE:
            file, row = EXPERT_FILE[kind]
            expert = torch.load(self.published / "experts" / f"{file}.bin", weights_only=True)
        out = []
        for picture, text, visual in [(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1)]:
            self.state["adapter"] = None
            if expert is not None:
                task = self.task_rows[row].reshape(1, -1) * visual
                tokens = resample(expert["image_proj"], self.see(prompt if visual else None))
                self.state.update(adapter=expert["ip_adapter"], tokens=torch.cat([task, tokens]), scale=scale)
            sample = torch.cat([noisy[None], latents * picture], dim=1)
            out.append(self.unet(sample, t, self.read(sentence if text else "")).sample[0])
        return out


@pytest.fixture(scope="module")
def plain(published_dir: Path, base_dir: Path) -> Plain:
    return Plain(published_dir, base_dir)


def noise_of_first_step(editor: AnySDPipeline, latents: torch.Tensor, *args: object, **kwargs: object):
    seen = {}

    def keep(
        pipeline: object, step: int, t: torch.Tensor, tensors: dict[str, torch.Tensor]
    ) -> dict[str, torch.Tensor]:
        seen.setdefault("noise", tensors["noise"])
        seen.setdefault("t", t)
        return {}

    output = editor(
        *args, latents=latents, num_inference_steps=2, callback_on_step_end=keep,
        callback_on_step_end_tensor_inputs=["noise"], output_type="latent", **kwargs,
    )  # fmt: skip
    return seen["noise"], int(seen["t"]), output


def published_sum(e: list[torch.Tensor], s_I: float, s_T: float) -> torch.Tensor:
    return e[0] + s_I * (e[1] - e[0]) + s_T * (e[3] - e[1])


@pytest.mark.parametrize("picture_size", [(32, 32), (24, 40)])
def test_every_expert_and_general_in_one_batch(
    editor: AnySDPipeline, plain: Plain, picture: Callable[..., Image.Image], picture_size: tuple[int, int]
) -> None:
    h, w = picture_size
    sentences = [f"do {kind[:12]}" for kind in TYPES]
    sources = [picture(n, h, w) for n in range(len(TYPES))]
    prompts = [
        picture(100 + n, 32, 32) if kind.startswith("visual") else None for n, kind in enumerate(TYPES)
    ]
    noisy = torch.randn(len(TYPES), 4, h // 8, w // 8, generator=torch.Generator().manual_seed(5))
    noise, t, output = noise_of_first_step(editor, noisy, sentences, sources, prompts, TYPES)
    for n, kind in enumerate(TYPES):
        s_I, s_T, s_V = (3.0, 3.0, 0.0) if kind in GENERAL else (2.0, 1.5, 0.8)
        e = plain.branches(kind, sentences[n], sources[n], prompts[n], noisy[n], t, s_V)
        expected = published_sum(e, s_I, s_T)
        torch.testing.assert_close(noise[n], expected, atol=1e-4, rtol=0)
        if kind not in GENERAL:  # the expert matters: a general pass is far from it
            bare = plain.branches("add", sentences[n], sources[n], prompts[n], noisy[n], t, s_V)
            assert (published_sum(bare, s_I, s_T) - expected).abs().max() > 1e-2
    assert output.edit_types == TYPES
    # three branches with an expert; at the released general scales, 3 and 3, e(I) cancels and two remain
    assert output.unet_items_per_step == 3 * len(EXPERT_FILE) + 2 * len(GENERAL)


def test_paper_equation_has_four_terms(
    editor: AnySDPipeline, plain: Plain, picture: Callable[..., Image.Image]
) -> None:
    types = ["visual_sketch", "movement", "add"]
    prompts = [picture(50), None, None]
    noisy = torch.randn(3, 4, 4, 4, generator=torch.Generator().manual_seed(6))
    sources = [picture(n) for n in range(3)]
    s_I, s_T, s_V = [1.7, 2.0, 1.2], [3.0, 2.5, 4.0], [0.6, 1.9, 7.0]
    noise, t, output = noise_of_first_step(
        editor, noisy, "do it", sources, prompts, types, guidance="paper",
        image_guidance_scale=s_I, text_guidance_scale=s_T, visual_guidance_scale=s_V,
    )  # fmt: skip
    for n, kind in enumerate(types):
        e = plain.branches(kind, "do it", sources[n], prompts[n], noisy[n], t, 1.0)
        expected = e[0] + s_I[n] * (e[1] - e[0]) + s_T[n] * (e[2] - e[1]) + s_V[n] * (e[3] - e[2])
        torch.testing.assert_close(noise[n], expected, atol=1e-4, rtol=0)
    assert output.unet_items_per_step == 4 + 4 + 3  # for "add" e(I,T,V) is e(I,T)


def test_general_is_the_stock_instructpix2pix(
    editor: AnySDPipeline, base_dir: Path, picture: Callable[..., Image.Image]
) -> None:
    """Whole runs: the bare model of the import, and the same checkpoint opened without experts, give what
    diffusers' own pipeline gives."""
    stock = StableDiffusionInstructPix2PixPipeline.from_pretrained(base_dir)
    stock.set_progress_bar_config(disable=True)
    noisy = torch.randn(1, 4, 4, 4, generator=torch.Generator().manual_seed(8))
    expected = stock(
        "add a dog", picture(3), num_inference_steps=4, guidance_scale=3.0, image_guidance_scale=3.0,
        latents=noisy.clone(), output_type="latent",
    ).images  # fmt: skip
    control = load_editor(base_dir)
    control.set_progress_bar_config(disable=True)
    for pipeline in (editor, control):
        ours = pipeline(
            "add a dog",
            picture(3),
            edit_type="add",
            num_inference_steps=4,
            latents=noisy,
            output_type="latent",
        ).images
        torch.testing.assert_close(ours, expected, atol=1e-4, rtol=1e-4)
