"""Small randomly initialised checkpoints in SD-1.5's layout, for tests, benchmarks and first tries.

They are made with the libraries' own classes and saved as the real ones are, so whatever opens these opens
those. They have learned nothing: an edit made with them is noise.
"""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    StableDiffusionInstructPix2PixPipeline,
    UNet2DConditionModel,
)
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)

TEXT_WIDTH = 128
"""Two heads of the published resampler's 64."""
IMAGE_WIDTH = 32


def tiny_unet(
    seed: int = 0,
    in_channels: int = 8,
    channels: tuple[int, int] = (8, 16),
    layers: int = 1,
    text_width: int = TEXT_WIDTH,
) -> UNet2DConditionModel:
    """A UNet of two resolutions with cross-attention at the finer one and in the middle; 8 input channels: an
    editor."""
    torch.manual_seed(seed)
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=in_channels,
        out_channels=4,
        layers_per_block=layers,
        block_out_channels=channels,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=text_width,
        attention_head_dim=2,
        norm_num_groups=4,
    )


def tiny_image_encoder(seed: int = 1) -> CLIPVisionModelWithProjection:
    """A CLIP vision tower for 32 px pictures: 17 tokens of width 32."""
    torch.manual_seed(seed)
    return CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=IMAGE_WIDTH,
            intermediate_size=48,
            num_hidden_layers=3,
            num_attention_heads=2,
            image_size=32,
            patch_size=8,
            projection_dim=16,
        )
    )


def tiny_tokenizer() -> CLIPTokenizer:
    """CLIP's tokenizer with the printable ASCII letters as its whole vocabulary, 20 tokens long."""
    letters = [chr(c) for c in range(33, 127)]
    vocab = ["<|startoftext|>", *letters, *(letter + "</w>" for letter in letters), "<|endoftext|>"]
    return CLIPTokenizer({token: number for number, token in enumerate(vocab)}, [], model_max_length=20)


def tiny_text_encoder(tokenizer: CLIPTokenizer, seed: int = 2, text_width: int = TEXT_WIDTH) -> CLIPTextModel:
    """A CLIP text tower for `tiny_tokenizer`."""
    torch.manual_seed(seed)
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=text_width,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=20,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def tiny_vae(seed: int = 3) -> AutoencoderKL:
    """A KL autoencoder with SD-1.5's factor of 8 and 4 latent channels."""
    torch.manual_seed(seed)
    blocks = 4
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * blocks,
        up_block_types=("UpDecoderBlock2D",) * blocks,
        block_out_channels=(4,) * blocks,
        norm_num_groups=2,
        latent_channels=4,
        sample_size=32,
    )


def tiny_safety_checker(seed: int = 4) -> StableDiffusionSafetyChecker:
    """SD-1.5's safety checker in small, for 32 px pictures."""
    torch.manual_seed(seed)
    vision = dict(
        hidden_size=8,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        image_size=32,
        patch_size=16,
    )
    return StableDiffusionSafetyChecker(CLIPConfig(vision_config=vision, projection_dim=8))


def write_tiny_base(folder: Path, unet: UNet2DConditionModel | None = None) -> Path:
    """Writes a tiny InstructPix2Pix checkpoint in SD-1.5's layout; `unet` instead of the default one."""
    tokenizer = tiny_tokenizer()
    unet = tiny_unet() if unet is None else unet
    size = {"height": 32, "width": 32}
    StableDiffusionInstructPix2PixPipeline(
        vae=tiny_vae(),
        text_encoder=tiny_text_encoder(tokenizer, text_width=unet.config.cross_attention_dim),
        tokenizer=tokenizer,
        unet=unet,
        scheduler=DDIMScheduler(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False
        ),
        safety_checker=None,
        feature_extractor=CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=size),
        requires_safety_checker=False,
    ).save_pretrained(folder)
    return folder
